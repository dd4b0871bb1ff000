"""What a log shows before anything is counted: LogPreview and its parts, frozen and JSON-serialisable. `preview` makes it.

It holds names of reviewers as they are in the file: only whoever handed the file in sees it, and it is never stored with the assessment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.decision_log.reading.choices import ColumnReading, How, Reading
from assessments.decision_log.reading.columns import REQUIRED, Column, LogMapping
from questionnaires.vocabulary import Text


@dataclass(frozen=True)
class ValueCount:
    """A value of a column and the number of rows that have it."""

    text: str
    count: int


@dataclass(frozen=True)
class Place:
    """Where the table begins in the file."""

    lines: tuple[str, ...] = ()
    """The first lines, unchanged; of a workbook, those of one sheet."""
    sheet: str = ""
    """Name of that sheet. Empty: the file is no workbook."""
    sheets: tuple[str, ...] = ()
    """Names of all sheets, in the order of the workbook."""


@dataclass(frozen=True)
class Guesses:
    """Assumptions that figures depend on and nobody has confirmed, in the form of a mapping. None: stated, or not needed."""

    favourable: tuple[str, ...] | None = None
    automatic_values: tuple[str, ...] | None = None
    automatic_reviewers: tuple[str, ...] | None = None
    machines: tuple[str, ...] = ()
    """Reviewers whose names look like a machine's; a person decides whether they are."""
    unknown: tuple[str, ...] = ()
    """Outcomes that may or may not favour the person concerned."""

    @property
    def wait_for_a_yes(self) -> bool:
        return any(answer is not None for answer in (self.favourable, self.automatic_values, self.automatic_reviewers))


@dataclass(frozen=True)
class ReadThrough:
    """The result of reading every row without counting any."""

    values: Mapping[str, tuple[ValueCount, ...]] = field(default_factory=dict)
    """Column or group → its most frequent values, most frequent first."""
    reading: Reading | None = None
    """None: the rows cannot be used with this mapping; `problem` says why."""
    total: int = 0
    used: int = 0
    outcomes: tuple[str, ...] = ()
    guesses: Guesses = Guesses()
    problem: Text | None = None


@dataclass(frozen=True)
class LogPreview:
    """A file before counting: its headers, its first rows and how they would be read."""

    mapping: LogMapping = field(default_factory=LogMapping)
    """The mapping the preview was made with."""
    place: Place = Place()
    problem: Text | None = None
    """Why its rows cannot be read with that mapping. None: they can."""
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first rows as text, cells in the order of the headers."""
    columns: Mapping[Column, str] = field(default_factory=dict)
    """Meaning → header, as the headers suggest; groups likewise."""
    groups: Mapping[str, str] = field(default_factory=dict)
    is_made: bool = False
    kind: str = ""
    size: int = 0
    """Bytes."""
    top: Reading | None = None
    """The reading as far as it is known from the top of the file."""
    through: ReadThrough | None = None
    """None: not all rows were read yet, or they cannot be."""

    @property
    def reading(self) -> Reading | None:
        """The reading of all rows if there is one, otherwise that of the top."""
        return self.through.reading if self.through and self.through.reading else self.top

    @property
    def hindrance(self) -> Text | None:
        """Why nothing can be counted. None: it can."""
        return self.problem or (self.through.problem if self.through else None)

    @property
    def used_columns(self) -> tuple[ColumnReading, ...]:
        """The meaning each column was read with."""
        if self.reading is not None:
            return self.reading.columns
        named = {**{column.value: header for column, header in self.mapping.columns.items()}, **self.mapping.groups}
        return tuple(ColumnReading(meaning, header, How.SAID) for meaning, header in named.items())

    @property
    def missing_columns(self) -> tuple[Column, ...]:
        """Required columns that no header was found for."""
        known = {column_reading.meaning for column_reading in self.used_columns}
        return tuple(column for column in REQUIRED if column.value not in known)

    def as_used(self) -> LogMapping:
        """The mapping, completed by the columns and groups that were used."""
        columns = {
            Column(column_reading.meaning): column_reading.header
            for column_reading in self.used_columns
            if column_reading.meaning in set(Column)
        }
        groups = {
            column_reading.meaning: column_reading.header
            for column_reading in self.used_columns
            if column_reading.meaning not in set(Column)
        }
        return self.mapping.model_copy(update={"columns": columns, "groups": groups})
