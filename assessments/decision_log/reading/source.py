"""The file or table that figures come from and what became of its rows: Source, EngineTable, Bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Bad:
    """A row that was not counted, for lists."""

    line: int
    fault: str
    column: str
    other_line: int
    sheet: str = ""
    """Of a workbook whose sheets were read together."""


@dataclass(frozen=True)
class EngineTable:
    """Where a log was counted that lies in an engine. There is no file whose digest could be stated."""

    engine: str
    """With its version."""
    where: str
    """The address, without what is secret in it."""
    table: str
    at: datetime
    """The moment at which counting began."""
    rows: int
    """How many rows the table had."""
    statements_sha256: str
    """Of the statements by which the engine counted, without the salt of names."""


@dataclass(frozen=True)
class Source:
    """The file and what became of its rows."""

    name: str
    sha256: str
    size: int
    kind: str
    encoding: str
    delimiter: str
    is_made: bool
    """Made by `haetae log make`: shows nothing about any organisation."""
    columns: Mapping[str, str]
    total: int
    used: int
    bad: Mapping[str, int]
    first_bad: tuple[Bad, ...]
    """Empty where a table was counted, whose rows have no place."""
    origin: EngineTable | None = None
    """None: it is a file; else `sha256` is the digest of this statement, and `size` is 0."""

    @property
    def set_aside(self) -> int:
        return self.total - self.used

    @property
    def used_share(self) -> float:
        return self.used / self.total if self.total else 0.0
