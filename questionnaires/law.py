"""What no text settles, numbers of Act and Decree, files of the guidelines, as data: law, OpenQuestion, OfficialFile, Promulgated."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Text

FILE = Path(__file__).with_name("law.yaml")
_Begins = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


class OpenQuestion(Model):
    """Something that no text read so far settles."""

    id: Id
    kind: Literal["not_found", "draft_only", "sources_differ", "not_defined"]
    title: Text
    text: Text
    """What is open, and what this tool does about it."""
    source: Text
    domains: tuple[Id, ...] = ()
    """The domains whose assessments it concerns. Empty: all of them."""
    looked_for_on: date | None = None
    """The last day on which it was looked for. None: nothing is missing, the texts leave it open."""

    @model_validator(mode="after")
    def _is_dated_where_it_was_looked_for(self) -> OpenQuestion:
        if self.kind in ("not_found", "draft_only") and self.looked_for_on is None:
            raise ValueError("what was not found says when it was looked for: `looked_for_on`")
        return self


class OfficialFile(Model):
    """A guideline's official file, and the copy that was read."""

    id: Id
    title: Text
    edition: date
    pages: Annotated[int, Field(strict=True, ge=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    sha256_begins: _Begins | None = None
    """Where no more of it is known."""
    copy_begins: _Begins | None = None
    """Of the copy that was read. None: a text was read, and no file."""
    note: Text
    is_used: bool = True
    """False: nothing in this tool rests on it."""

    @model_validator(mode="after")
    def _has_one_fingerprint(self) -> OfficialFile:
        if (self.sha256 is None) == (self.sha256_begins is None):
            raise ValueError("has either `sha256` or, where no more is known, `sha256_begins`")
        return self

    @property
    def fingerprint(self) -> str:
        return self.sha256 or f"{self.sha256_begins}…"


class Promulgated(Model):
    """A law of Korea as promulgated, with its number."""

    url: Annotated[str, Field(pattern=r"^https://www\.law\.go\.kr/\S+$")]
    """Of its text, as the questionnaires name it; another edition has another."""
    edition: date
    name: Text | None = None
    """In full. None: as it is called everywhere."""
    number: Text


class Law(Model):
    as_of: date
    promulgated: tuple[Promulgated, ...]
    open: Annotated[tuple[OpenQuestion, ...], Field(min_length=1)]
    files: Annotated[tuple[OfficialFile, ...], Field(min_length=1)]
    files_told_by: Text
    """Where the fingerprints come from."""

    def promulgated_at(self, url: str | None, edition: date) -> Promulgated | None:
        """The law whose text stands there in this edition. None: its number is not stated here."""
        return next((law for law in self.promulgated if (law.url, law.edition) == (url, edition)), None)


@cache
def law() -> Law:
    """Raises: InvalidFileError."""
    return shaped(parse(FILE.read_bytes(), FILE.name), Law)
