"""What somebody types to find something, as SQL: Search. Case, spaces and the way Hangul is composed make no difference."""

from __future__ import annotations

import functools
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

FUNCTION = "haetae_folded"
MOST_CHARACTERS = 200
NUL = "\0"
"""No text that is kept holds it, and PostgreSQL does not even compare with it."""
_MOST_DIGITS = 15
_NUMBER = re.compile(r"(?:HT-|#)?0*([0-9]+)(?:-[0-9]+)?", re.IGNORECASE)
"""An assessment's number, alone or as reports print it: 12, #12, HT-00012-1."""


@dataclass(frozen=True)
class Search:
    """Words that must all be there; no word finds everything."""

    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(folded(word) for word in self.text[:MOST_CHARACTERS].replace(NUL, " ").split())

    def __bool__(self) -> bool:
        return bool(self.words)

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """Each word as it is compared, and the assessment's number that it can mean."""
        return zip(self.words, self._digits(), strict=True)

    def _digits(self) -> Iterator[int | None]:
        for word in self.words:
            match = _NUMBER.fullmatch(word)
            yield int(match[1]) if match and len(match[1]) <= _MOST_DIGITS else None


def comparable(word: str) -> str:
    """A word of an address as rows are compared with it: empty where it cannot be that of any."""
    return "" if NUL in word else word


@functools.lru_cache(maxsize=50_000)  # every row is asked again with every search
def folded(text: str) -> str:
    """For comparing: compatible characters composed alike, no case, no spaces inside a line."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "\n".join("".join(line.split()) for line in plain.split("\n"))


def register(connection: sqlite3.Connection) -> None:
    """Makes `folded` known to SQLite."""
    connection.create_function(FUNCTION, 1, lambda text: folded(text or ""), deterministic=True)
