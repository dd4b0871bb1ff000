"""What can be wrong with one row or with the whole file: Fault, BadRow, LogRefusedError, refused, ImportCancelledError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.decision_log.texts import TEXTS
from assessments.errors import AssessmentError
from questionnaires.vocabulary import Text


class LogRefusedError(AssessmentError):
    """The file as a whole cannot be used; the text says why and what to do."""

    is_mendable = False
    """A mapping can say what was missing, so that the same file can be read."""


class ImportCancelledError(AssessmentError):
    """Whoever started the import stopped it; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(TEXTS.told("stopped"))


class Fault(StrEnum):
    """Why one row is set aside, in the order in which it is looked for."""

    REPEATED_HEADER = "repeated_header"
    TOTAL_LINE = "total_line"
    UNIT_LINE = "unit_line"
    COLUMN_COUNT = "column_count"
    FORMULA = "formula"
    ROUNDED_ID = "rounded_id"
    MISSING = "missing"
    UNDECIDED = "undecided"
    NOT_A_TIME = "not_a_time"
    DAY_OR_MONTH = "day_or_month"
    NOT_A_NUMBER = "not_a_number"
    IMPLAUSIBLE_TIME = "implausible_time"
    BEFORE_SHOWN = "before_shown"
    DUPLICATE = "duplicate"
    REPLACED = "replaced"


NO_DECISIONS = frozenset({Fault.REPEATED_HEADER, Fault.TOTAL_LINE, Fault.UNIT_LINE})
"""Rows that are no decisions, so that nothing is lost with them."""


@dataclass(frozen=True)
class BadRow:
    """One row that is not counted."""

    line: int
    """In the file; 1 is the first line. In Parquet: 1 is the first row."""
    fault: Fault
    column: str = ""
    """What the column means (Column or group). Empty: the row as a whole."""
    other_line: int = 0
    """Of a duplicate or replaced row: the row that is counted instead. 0: none."""
    sheet: str = ""
    """Of a workbook whose sheets are read together. Empty: there is only one."""


WHAT: Mapping[Fault, Text] = {fault: TEXTS.text(f"what_{fault.value}") for fault in Fault}
REMEDY: Mapping[Fault, Text] = {fault: TEXTS.text(f"remedy_{fault.value}") for fault in Fault}
_MENDABLE = frozenset(
    {"encoding_said", "header_line_beyond", "only_hidden", "sheet_unknown", "sheets_differ", "sheets_no_log"}
)


def refused(key: str, **values: str | int | Text) -> LogRefusedError:
    """A refusal that stands in texts.yaml: what is wrong and what to do."""
    error = LogRefusedError(TEXTS.told(key, **values))
    error.is_mendable = key in _MENDABLE
    return error
