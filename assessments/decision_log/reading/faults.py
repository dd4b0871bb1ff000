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
        super().__init__("The import was stopped; nothing was kept.", "가져오기를 중단하였습니다. 남긴 것은 없습니다.")


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
_LATER = (*sorted(NO_DECISIONS), Fault.ROUNDED_ID, Fault.UNDECIDED)


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


WHAT: Mapping[Fault, Text] = {
    Fault.COLUMN_COUNT: Text(ko="열의 수가 머리글과 다릅니다", en="it has more or fewer columns than the header"),
    Fault.FORMULA: Text(ko="값이 아니라 수식이 들어 있습니다", en="it holds a formula instead of a value"),
    Fault.MISSING: Text(ko="값이 비어 있습니다", en="a value is missing"),
    Fault.NOT_A_TIME: Text(ko="날짜와 시각으로 읽을 수 없습니다", en="this is no date and time"),
    Fault.DAY_OR_MONTH: Text(ko="일과 월을 구별할 수 없습니다", en="day and month cannot be told apart"),
    Fault.NOT_A_NUMBER: Text(ko="숫자가 아닙니다", en="this is no number"),
    Fault.IMPLAUSIBLE_TIME: Text(
        ko="시각이 1990년 이전이거나 가져온 날보다 뒤입니다", en="the time is before 1990 or later than the import"
    ),
    Fault.BEFORE_SHOWN: Text(ko="제시되기 전에 결정되었습니다", en="it was decided before it was shown"),
    Fault.DUPLICATE: Text(ko="다른 행과 같습니다", en="it repeats another row"),
    Fault.REPLACED: Text(
        ko="같은 사람이 같은 건을 나중에 다시 결정하였습니다", en="the same person decided the same case again later"
    ),
} | {fault: TEXTS.text(f"what_{fault.value}") for fault in _LATER}

REMEDY: Mapping[Fault, Text] = {
    Fault.COLUMN_COUNT: Text(
        ko="구분자나 줄바꿈이 든 값을 큰따옴표로 묶어 다시 내보내십시오.",
        en="Export again with quotes around values that hold delimiters or line breaks.",
    ),
    Fault.FORMULA: Text(ko="수식 대신 값으로 저장하십시오.", en="Save values instead of formulas."),
    Fault.MISSING: Text(
        ko="원래 기록에서 값을 채우십시오. 사람이 결정하지 않은 건이면 그렇게 대응시키십시오.",
        en="Fill it in from the original; if no person decided, say so in the mapping (automatic_reviewers).",
    ),
    Fault.NOT_A_TIME: Text(ko="2026-04-02 09:35:00처럼 적으십시오.", en="Write it as 2026-04-02 09:35:00."),
    Fault.DAY_OR_MONTH: Text(
        ko="대응표에 date_order를 dmy 또는 mdy로 정하십시오.", en="Set date_order to dmy or mdy in the mapping."
    ),
    Fault.NOT_A_NUMBER: Text(ko="단위 없이 숫자만 적으십시오.", en="Write the number alone, without a unit."),
    Fault.IMPLAUSIBLE_TIME: Text(ko="시각과 시간대를 확인하십시오.", en="Check time and time zone."),
    Fault.BEFORE_SHOWN: Text(
        ko="두 열이 바뀌지 않았는지, 같은 시계를 쓰는지 확인하십시오.",
        en="Check that the two columns are not swapped and use the same clock.",
    ),
    Fault.DUPLICATE: Text(ko="한 번만 세었습니다. 중복을 지우십시오.", en="It is counted once. Remove the repetition."),
    Fault.REPLACED: Text(
        ko="마지막 결정만 세었습니다. 단계가 다르면 단계 열을 대응시키십시오.",
        en="Only the last decision is counted. If they are stages, map the stage column.",
    ),
} | {fault: TEXTS.text(f"remedy_{fault.value}") for fault in _LATER}


_MENDABLE = frozenset(
    {"encoding_said", "header_line_beyond", "only_hidden", "sheet_unknown", "sheets_differ", "sheets_no_log"}
)


def refused(key: str, **values: str | int | Text) -> LogRefusedError:
    """A refusal that stands in texts.yaml: what is wrong and what to do."""
    error = LogRefusedError(TEXTS.told(key, **values))
    error.is_mendable = key in _MENDABLE
    return error
