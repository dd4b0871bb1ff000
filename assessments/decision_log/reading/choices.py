"""What was decided while a file was read, so that nobody has to guess it: Reading and its parts, frozen and JSON-able.

Everything in it can be set in a mapping (`columns.LogMapping`). `told.sentences` says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class How(StrEnum):
    """Where the meaning of a column comes from."""

    SAID = "said"
    """A mapping names it."""
    GUESSED = "guessed"
    """The whole header is a known word."""


@dataclass(frozen=True)
class ColumnReading:
    """What one column was taken for."""

    meaning: str
    """A Column, or the name of a group."""
    header: str
    how: How
    word: str = ""
    """The known word that the header is. Empty: it was said."""
    others: tuple[str, ...] = ()
    """Headers that could have meant the same and were not used."""


class SheetState(StrEnum):
    """What became of a sheet of a workbook."""

    READ = "read"
    NOT_CHOSEN = "not_chosen"
    """The mapping names others."""
    HIDDEN = "hidden"
    NO_TABLE = "no_table"
    """No line in it names the columns that are needed."""


@dataclass(frozen=True)
class SheetReading:
    name: str
    state: SheetState
    rows: int = 0
    """Below the header."""
    header_line: int = 0
    """0: it was not read."""


@dataclass(frozen=True)
class Variant:
    """One way in which a label is written."""

    text: str
    """Blanks that cannot be seen stand as `␣`, other characters that cannot be seen as their number."""
    count: int
    """Cells, whether or not their row is counted."""


@dataclass(frozen=True)
class Joined:
    """Ways of writing that differ only in case, width, blanks or characters that cannot be seen, counted as one label."""

    column: str
    """`outcome` for AI output and final decision together, else a Column or the name of a group."""
    label: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class MissingWord:
    """A word that stands for no value."""

    column: str
    word: str
    count: int


@dataclass(frozen=True)
class Aside:
    """Rows that are not counted, for one reason."""

    fault: str
    count: int
    examples: tuple[str, ...]
    """Places of the first: `32`, or `sheet!32`."""


@dataclass(frozen=True)
class Remark:
    """One thing that was assumed, could not be computed, or is asked."""

    key: str
    """Of its sentence in `texts.yaml`."""
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How one file was read."""

    encoding: str = ""
    delimiter: str = ""
    header_line: int = 1
    """Of a text file; those of sheets stand with them."""
    sheets: tuple[SheetReading, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    joined: tuple[Joined, ...] = ()
    missing: tuple[MissingWord, ...] = ()
    aside: tuple[Aside, ...] = ()
    assumed: tuple[Remark, ...] = ()
    not_computed: tuple[Remark, ...] = ()
    asked: tuple[Remark, ...] = ()
    """Questions that only a person can answer; until then nothing is taken for granted."""
    blank_rows: int = 0
    """Rows that hold nothing in any column that is read; they are no rows."""

    def is_asked(self, key: str) -> bool:
        return any(remark.key == key for remark in self.asked)
