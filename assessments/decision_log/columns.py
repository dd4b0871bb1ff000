"""Which column of a decision log means what: Column, LogMapping, read_mapping, suggest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assessments.decision_log.shape_problems import read_shape
from questionnaires import strict_yaml
from questionnaires.vocabulary import Text


class Column(StrEnum):
    """What a column can mean; group columns (sex, age band …) have names of their own."""

    CASE = "case"
    SHOWN = "shown_at"
    DECIDED = "decided_at"
    SECONDS = "review_seconds"
    MINUTES = "review_minutes"
    REVIEWER = "reviewer"
    OUTPUT = "ai_output"
    DECISION = "decision"
    REASON = "reason"
    STAGE = "stage"
    AUTOMATIC = "automatic"


REQUIRED = (Column.CASE, Column.OUTPUT, Column.DECISION)
"""Without these nothing can be said; every other column that is missing only leaves figures out, which is said."""

COLUMN_TITLES: Mapping[Column, Text] = {
    Column.CASE: Text(ko="건 번호", en="case id"),
    Column.SHOWN: Text(ko="제시 시각", en="time shown"),
    Column.DECIDED: Text(ko="결정 시각", en="time decided"),
    Column.SECONDS: Text(ko="검토 시간(초)", en="review time in seconds"),
    Column.MINUTES: Text(ko="검토 시간(분)", en="review time in minutes"),
    Column.REVIEWER: Text(ko="검토자", en="reviewer"),
    Column.OUTPUT: Text(ko="인공지능 결과", en="AI output"),
    Column.DECISION: Text(ko="최종 결정", en="final decision"),
    Column.REASON: Text(ko="사유", en="reason"),
    Column.STAGE: Text(ko="단계", en="stage"),
    Column.AUTOMATIC: Text(ko="자동 처리 여부", en="automatic path"),
}

_Name = Annotated[str, Field(min_length=1, max_length=200)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cutoff(_Shape):
    """Turns an AI output that is a number into one of two labels."""

    at_least: str
    """A decimal number, in quotes if it has a point."""
    then: _Name
    otherwise: _Name

    @field_validator("at_least", mode="before")
    @classmethod
    def _is_a_number(cls, value: Any) -> str:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError("at_least must be a number") from None
        if not number.is_finite():
            raise ValueError("at_least must be a number")
        return str(value)


class LogMapping(_Shape):
    """Which column is which, what values mean, and how times are read."""

    columns: dict[Column, _Name]
    groups: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], _Name] = {}
    """Name of a group → its column."""
    values: dict[_Name, list[_Name]] = {}
    """Label → the values in AI output and final decision that mean it. Values not listed are their own label."""
    cutoff: Cutoff | None = None
    """For an AI output that is a number. None: the output is a label already."""
    favourable: list[_Name] | None = None
    """Labels that are good for the person concerned. None: suggested from the words used; empty: there are none."""
    automatic_values: list[_Name] = []
    """Values of the column `automatic` that mean yes. Empty: the usual words."""
    automatic_reviewers: list[str] = []
    """Reviewers that are no person. Empty: the usual words (system, auto …); "" stands for no reviewer at all."""
    time_zone: str = "Asia/Seoul"
    """Of times written without a zone, and of the days and months that figures are given by."""
    date_order: Literal["dmy", "mdy"] | None = None
    """For dates such as 02/04/2026. None: such dates are refused, for they cannot be told apart."""

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value} is no time zone; write Asia/Seoul, for example") from None
        return value


def read_mapping(path: Path) -> LogMapping:
    """A mapping file (YAML). Raises: InvalidFileError with every problem and its line; OSError."""
    return read_shape(LogMapping, path)


@dataclass(frozen=True)
class Suggestion:
    """A mapping guessed from headers alone, for a person to confirm."""

    columns: Mapping[Column, str]
    groups: Mapping[str, str]

    @property
    def missing(self) -> tuple[Column, ...]:
        """Required columns for which no header was recognised."""
        return tuple(column for column in REQUIRED if column not in self.columns)

    def mapping(self) -> LogMapping:
        return LogMapping(columns=dict(self.columns), groups=dict(self.groups))


def suggest(headers: Sequence[str]) -> Suggestion:
    """Equal headers first, then headers that contain a known word of three signs or more; each header once."""
    known = words()
    left = {header: plain(header) for header in headers if plain(header)}
    columns: dict[Column, str] = {}
    groups: dict[str, str] = {}
    for match in (_equals, _contains):
        for column in Column:
            header = next((one for one, name in left.items() if match(name, known["fields"][column.value])), None)
            if column not in columns and header is not None:
                columns[column] = header
                del left[header]
        for group, names in known["groups"].items():
            header = next((one for one, name in left.items() if match(name, names)), None)
            if group not in groups and header is not None:
                groups[group] = header
                del left[header]
    if Column.SHOWN in columns and Column.DECIDED in columns:
        columns.pop(Column.SECONDS, None)
    if Column.SECONDS in columns or Column.SHOWN in columns:
        columns.pop(Column.MINUTES, None)
    return Suggestion(columns, groups)


@cache
def words() -> dict[str, Any]:
    """headers.yaml: fields, groups, outcomes, automatic_values, automatic_reviewers; all plain()."""
    file = Path(__file__).with_name("headers.yaml")
    return {key: _plain_all(value) for key, value in strict_yaml.parse(file.read_bytes(), file.name).data.items()}


def plain(text: str) -> str:
    """Without case, blanks, underscores, hyphens, dots and brackets; NFKC."""
    return re.sub(r"[\s_\-.()\[\]/]", "", unicodedata.normalize("NFKC", text)).casefold()


def _plain_all(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_all(one) for key, one in value.items()}
    return [plain(str(one)) for one in value]


def _equals(name: str, known: Sequence[str]) -> bool:
    return name in known


def _contains(name: str, known: Sequence[str]) -> bool:
    return any(len(word) > 2 and word in name for word in known)
