"""What is seen of a log before anything is counted: Seen and its parts, frozen and JSON-able. `preview` finds it.

Names of reviewers stand in it as they stand in the file: it is for whoever handed the file in, and is never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.decision_log.reading.choices import ColumnReading, How, Reading
from assessments.decision_log.reading.columns import REQUIRED, Column, LogMapping
from questionnaires.vocabulary import Text


@dataclass(frozen=True)
class SeenValue:
    """One way of writing in one column."""

    text: str
    count: int


@dataclass(frozen=True)
class Place:
    """Where the table stands in the file."""

    lines: tuple[str, ...] = ()
    """The first, as they are; of a workbook those of one sheet."""
    sheet: str = ""
    """Whose lines they are. Empty: it is no workbook."""
    sheets: tuple[str, ...] = ()
    """All of a workbook, in its order."""


@dataclass(frozen=True)
class Guesses:
    """What nobody said and what decides figures, as a mapping would say it. None: it is said, or not needed."""

    favourable: tuple[str, ...] | None = None
    automatic_values: tuple[str, ...] | None = None
    automatic_reviewers: tuple[str, ...] | None = None
    machines: tuple[str, ...] = ()
    """Reviewers whose names look like a machine's. Whether they are people is for a person to say."""
    unknown: tuple[str, ...] = ()
    """Outcomes of which it is not known whether they are good for the person concerned."""

    @property
    def wait_for_a_yes(self) -> bool:
        return any(answer is not None for answer in (self.favourable, self.automatic_values, self.automatic_reviewers))


@dataclass(frozen=True)
class ReadThrough:
    """A file whose rows were all read and none counted."""

    values: Mapping[str, tuple[SeenValue, ...]] = field(default_factory=dict)
    """Column or group → its most frequent values."""
    reading: Reading | None = None
    """None: the rows cannot be used as they are mapped; `problem` says why."""
    total: int = 0
    used: int = 0
    outcomes: tuple[str, ...] = ()
    guesses: Guesses = Guesses()
    problem: Text | None = None


@dataclass(frozen=True)
class Seen:
    """A file at one look."""

    mapping: LogMapping = field(default_factory=LogMapping)
    """What was said before this look."""
    place: Place = Place()
    problem: Text | None = None
    """Why its rows cannot be read as it was said. None: nothing is in the way."""
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """The first rows, as text."""
    columns: Mapping[Column, str] = field(default_factory=dict)
    """As the headers suggest, and so are the groups."""
    groups: Mapping[str, str] = field(default_factory=dict)
    is_made: bool = False
    kind: str = ""
    size: int = 0
    """Bytes."""
    top: Reading | None = None
    """As far as it is known before rows are read."""
    through: ReadThrough | None = None
    """None: the rows were not read yet, or cannot be."""

    @property
    def reading(self) -> Reading | None:
        """All that is known."""
        return self.through.reading if self.through and self.through.reading else self.top

    @property
    def hindrance(self) -> Text | None:
        """Why nothing can be counted. None: nothing is in the way."""
        return self.problem or (self.through.problem if self.through else None)

    @property
    def used_columns(self) -> tuple[ColumnReading, ...]:
        """What each column was taken for."""
        if self.reading is not None:
            return self.reading.columns
        named = {**{column.value: header for column, header in self.mapping.columns.items()}, **self.mapping.groups}
        return tuple(ColumnReading(meaning, header, How.SAID) for meaning, header in named.items())

    @property
    def missing_columns(self) -> tuple[Column, ...]:
        """Those that are needed and not known."""
        known = {column_reading.meaning for column_reading in self.used_columns}
        return tuple(column for column in REQUIRED if column.value not in known)

    def as_used(self) -> LogMapping:
        """What was said, with the columns and groups that were taken."""
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
