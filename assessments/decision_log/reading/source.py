"""The file that figures come from and what became of its rows: Source, Bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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

    @property
    def set_aside(self) -> int:
        return self.total - self.used

    @property
    def used_share(self) -> float:
        return self.used / self.total if self.total else 0.0
