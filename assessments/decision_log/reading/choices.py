"""The decisions made while reading a file, made visible: Reading and its parts, frozen and JSON-serialisable.

Each of them can be set in a mapping (`columns.LogMapping`). `account.sentences` puts them into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class How(StrEnum):
    """How the meaning of a column was determined."""

    SAID = "said"
    """Named in a mapping."""
    GUESSED = "guessed"
    """Inferred: the whole header is a known word."""


@dataclass(frozen=True)
class ColumnReading:
    """The meaning assigned to one column."""

    meaning: str
    """A Column value, or the name of a group."""
    header: str
    how: How
    word: str = ""
    """The known word the header matched. Empty: named in a mapping."""
    others: tuple[str, ...] = ()
    """Other headers that could have had the same meaning."""


class SheetState(StrEnum):
    """How a worksheet was treated."""

    READ = "read"
    NOT_CHOSEN = "not_chosen"
    """The mapping names other sheets."""
    HIDDEN = "hidden"
    NO_TABLE = "no_table"
    """No row in it names the required columns."""


@dataclass(frozen=True)
class SheetReading:
    name: str
    state: SheetState
    rows: int = 0
    """Number of rows below the header."""
    header_line: int = 0
    """0: it was not read."""


@dataclass(frozen=True)
class Variant:
    """One spelling of a label."""

    text: str
    """Invisible blanks are shown as `␣`, other invisible characters by code point."""
    count: int
    """Number of cells, whether or not their row is counted."""


@dataclass(frozen=True)
class Joined:
    """Spellings counted as one label, because they differ only in case, width, blanks or invisible characters."""

    column: str
    """`outcome` for AI output and final decision together, else a Column value or the name of a group."""
    label: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class MissingWord:
    """A word read as a missing value."""

    column: str
    word: str
    count: int


@dataclass(frozen=True)
class Aside:
    """Rows not counted for one reason."""

    fault: str
    count: int
    examples: tuple[str, ...]
    """Places of the first of them: `32`, or `sheet!32`."""


@dataclass(frozen=True)
class Remark:
    """One assumption, missing figure or open question."""

    key: str
    """Key of its sentence in `texts.yaml`."""
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How one file was read."""

    encoding: str = ""
    delimiter: str = ""
    header_line: int = 1
    """Rows of a text file; those of worksheets are given per sheet."""
    sheets: tuple[SheetReading, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    joined: tuple[Joined, ...] = ()
    missing: tuple[MissingWord, ...] = ()
    aside: tuple[Aside, ...] = ()
    assumed: tuple[Remark, ...] = ()
    not_computed: tuple[Remark, ...] = ()
    asked: tuple[Remark, ...] = ()
    """Questions only a person can answer; until then nothing is assumed."""
    blank_rows: int = 0
    """Number of rows that are empty in every column read; they do not count as rows."""

    def is_asked(self, key: str) -> bool:
        return any(remark.key == key for remark in self.asked)
