"""An engine as the counting knows it: Place, Engine, Narrow, Words, functions, table_of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.decision_log.reading.faults import refused

_NAME = re.compile(r'"(?:[^"]|"")+"|[^."]+')
"""A part of a table's name; in quotation marks it may hold a point."""
_MOST_NAMES = 3
FAR = 900_000_000_000.0
"""Seconds from 1970; what is later, or infinite, is no time of a decision either, and its microseconds are no number."""


@dataclass(frozen=True)
class Place:
    """Where a log lies, as it was said."""

    kind: str
    address: str
    """What stands behind the kind."""
    table: str

    @property
    def shown(self) -> str:
        """Without a user's name or anything behind a question mark, in which secrets stand."""
        plain = re.split("[?#]", self.address.removeprefix("//"), maxsplit=1)[0]
        if self.kind == "duckdb":
            return f"duckdb:{Path(plain).name}"
        where, slash, rest = plain.partition("/")
        return f"{self.kind}:{where.rpartition('@')[2]}{slash}{rest}"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the table, with what stands above it. Raises: LogRefusedError where it is no name."""
        parts = _NAME.findall(self.table)
        if ".".join(parts) != self.table or not 1 <= len(parts) <= _MOST_NAMES:
            raise refused("engine_table_name", table=self.table[:80])
        return tuple(part[1:-1].replace('""', '"') if part[0] == '"' else part for part in parts)


@dataclass(frozen=True)
class Words:
    """What the engines call differently, as functions of Ibis columns."""

    micros: Callable[[Any], Any]
    """Microseconds since 1970 of a timestamp."""
    sha256: Callable[[Any], Any]
    """Of a text, as hexadecimal signs."""
    composed: Callable[[Any], Any]
    """NFC, where the engine knows it; else the text as it is."""
    parted: str
    """Two groups of a regular expression with a blank between, as a replacement."""
    first: str
    """The first group of a regular expression, as a replacement."""
    short: Callable[..., Any] | None = None
    """One whole number of 64 bits for several columns. None: the columns themselves are compared."""
    is_usual: Callable[[Any], Any] | None = None
    """Whether a case id is of plain signs and ends in a digit, told without a regular expression. May miss some."""
    end: str = "$"
    """The very end of a text, in a regular expression."""
    number_text: Callable[[Any], Any] = lambda number: number.cast("string")
    """Of a number with a fraction, in as few figures as tell it apart."""


@dataclass(frozen=True)
class Narrow:
    """What an engine can do with rows that it stores: found there is what stands in them twice, without reading the table again."""

    repeated: Callable[[Any, str], Any | None]
    """Of stored rows: which whole numbers of 64 bits in this column stand there more than once, as a table. None: none."""
    replace: Callable[[Any, Any, str, Any], None]
    """In stored rows those whose column holds one of these numbers, by other rows."""


@dataclass(frozen=True)
class Engine:
    """Open for reading."""

    place: Place
    version: str
    table: Any
    """An Ibis table."""
    words: Words
    keep: Callable[[Any], Any]
    """A small result, so that it is not reckoned again with every question; as it is where nothing may be kept."""
    hold: Callable[[Any], Any]
    """The same rows, into whose making no later condition is put, which would write it out for each condition anew."""
    store: Callable[[Any], Any] = lambda rows: rows
    """Rows that many questions go through, ready made for as long as the engine is open, where it can hold as many."""
    is_ready_made: bool = False
    """Whether held rows are ready made, so that making them anew would cost more than it saves."""
    answer: Callable[[Any], Any] = lambda question: question.to_pyarrow()
    """What an Ibis table holds, as a table of Arrow."""
    stamp: Callable[[], object] = lambda: None
    """Of the files in which the table lies: another one after they were written to. None: nothing is known of files."""
    stamped: object = None
    """The stamp before the table was opened."""
    narrow: Narrow | None = None
    """Where rows can be stored narrow and changed afterwards. None: rows that are repeated are looked for by grouping."""

    def whole_number(self, scalar: Any) -> int:
        """The answer to a question for one number; none counts as 0."""
        return int(self.answer(scalar.as_table()).column(0)[0].as_py() or 0)


def table_of(backend: Any, place: Place) -> Any:
    """As an Ibis table."""
    *above, name = place.names
    if not above:
        return backend.table(name)
    return backend.table(name, database=tuple(above) if len(above) > 1 else above[0])


def _one(a: Any) -> Any: ...


def _two(a: Any, b: Any) -> Any: ...


def _four(a: Any, b: Any, c: Any, d: Any) -> Any: ...


_STUBS: dict[int, Any] = {1: _one, 2: _two, 4: _four}


def functions(ibis: Any, signatures: dict[str, tuple[list[str], str]]) -> dict[str, Any]:
    """Functions that an engine has and Ibis has no name for."""
    made = {}
    for name, (takes, gives) in signatures.items():
        stub = _STUBS[len(takes)]
        stub.__name__ = name
        made[name] = ibis.udf.scalar.builtin(stub, name=name, signature=(tuple(takes), gives))
    return made
