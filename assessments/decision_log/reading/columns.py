"""Which column of a decision log means what: Column, LogMapping, read_mapping, suggest, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, field_validator, model_serializer
from pydantic_core import PydanticCustomError

from assessments.decision_log.reading.shape_problems import read_shape
from assessments.decision_log.reading.spelling import key_of
from assessments.decision_log.texts import TEXTS
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
    POSITION = "position"
    SHIFT_HOUR = "shift_hour"
    DAY_CASES = "cases_that_day"
    OPEN_CASES = "open_cases"
    LATER = "later_outcome"


NUMBERS = (Column.POSITION, Column.SHIFT_HOUR, Column.DAY_CASES, Column.OPEN_CASES)
"""What goes with a decision as a number; departures are counted by it where a file has it."""
FEW_VALUES = (
    Column.REVIEWER,
    Column.OUTPUT,
    Column.DECISION,
    Column.REASON,
    Column.STAGE,
    Column.AUTOMATIC,
    Column.LATER,
)
"""Columns whose values repeat."""
REQUIRED = (Column.CASE, Column.OUTPUT, Column.DECISION)
"""Without these nothing can be said; every other column that is missing only leaves figures out, which is said."""

COLUMN_TITLES: Mapping[Column, Text] = {column: TEXTS.text(f"column_{column.name.lower()}") for column in Column}

_SHORT = 6
"""Latin words up to so many letters occur inside others by chance."""
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
            raise PydanticCustomError("cutoff_number", "at_least must be a number") from None
        if not number.is_finite():
            raise PydanticCustomError("cutoff_number", "at_least must be a number")
        return str(value)


_BY_KEY = ("missing", "absent", "totals", "units", "unit_marks")
_LATER = (
    "encoding",
    "delimiter",
    "sheets",
    "header_line",
    "missing",
    "names",
    "not_favourable",
    "undecided",
    "human_reviewers",
    "totals",
)


class LogMapping(_Shape):
    """Which column is which, what values mean, and how times are read."""

    columns: dict[Column, _Name] = {}
    """What it means → header. Empty: guessed from the headers, and so are the groups if none is named."""
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
    encoding: Literal["utf-8", "cp949", "utf-16-le", "utf-16-be"] | None = None
    """Of a text file. None: judged by its bytes."""
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    """Of a text file. None: the one that parts the header best."""
    sheets: list[_Name] | None = None
    """Of a workbook, in any order. None: all that can be seen and hold a log."""
    header_line: Annotated[int, Field(ge=1)] | None = None
    """Line that names the columns, in every sheet that is read; 1 is the first. None: looked for."""
    missing: list[_Name] | None = None
    """Values that stand for none, beside the empty cell. None: the usual words (NULL, N/A …)."""
    names: dict[_Name, dict[_Name, list[_Name]]] = {}
    """reviewer, stage or the name of a group → label → the values that mean it."""
    not_favourable: list[_Name] = []
    """Outcomes that are neither a yes nor a no and count as not favourable (on hold, waitlist)."""
    undecided: list[_Name] = []
    """Final decisions that are none yet; their rows are set aside."""
    human_reviewers: list[_Name] = []
    """Reviewers that are people, whatever their names look like."""
    totals: list[_Name] | None = None
    """Words that mark a line of totals. None: the usual words (total, sum …)."""

    @model_serializer(mode="wrap")
    def _without_unset(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What came later is there only where it is said, so that earlier mappings keep their digest."""
        usual = {name: self.__class__.model_fields[name].get_default() for name in _LATER}
        return {name: value for name, value in dump(self).items() if name not in usual or value != usual[name]}

    def without_people(self) -> LogMapping:
        """As it is kept with figures, which name no reviewer."""
        names = {column: labels for column, labels in self.names.items() if column != Column.REVIEWER}
        return self.model_copy(update={"human_reviewers": [], "names": names})

    def to_yaml(self) -> str:
        """What is said in it, as a mapping file that `read_mapping` reads."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False)) if data else "{}\n"

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise PydanticCustomError(
                "time_zone", "{zone} is no time zone; write Asia/Seoul, for example", {"zone": value}
            ) from None
        return value


def read_mapping(path: Path) -> LogMapping:
    """A mapping file (YAML). Raises: InvalidFileError with every problem and its line; OSError."""
    return mapping_of(path.read_bytes(), path.name)


def mapping_of(content: bytes, name: str) -> LogMapping:
    """The content of a mapping file. Raises: InvalidFileError with every problem and its line."""
    return read_shape(LogMapping, content, name)


@dataclass(frozen=True)
class Suggestion:
    """A mapping guessed from headers alone, for a person to confirm."""

    columns: Mapping[Column, str]
    groups: Mapping[str, str]
    known: Mapping[str, str] = field(default_factory=dict)
    """Header → the known word that it is."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column or group → headers that could mean the same and are not used."""
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column or group → headers that are the same known word, so that none is used."""

    @property
    def missing(self) -> tuple[Column, ...]:
        """Required columns for which no header was recognised."""
        return tuple(column for column in REQUIRED if column not in self.columns)

    def mapping(self) -> LogMapping:
        return LogMapping(columns=dict(self.columns), groups=dict(self.groups))


def suggest(headers: Sequence[str]) -> Suggestion:
    """A header is taken for what it means if all of it is a known word; of several the one whose word comes first."""
    known = words()
    fields = {column.value: [*known["fields"][column.value], *_with_unit(column)] for column in Column}
    meanings = [*fields.items(), *known["groups"].items()]
    spellings = {header: _spellings(header) for header in headers}
    chosen: dict[str, str] = {}
    known_words: dict[str, str] = {}
    others: dict[str, tuple[str, ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for meaning, names in meanings:
        places = {header: rank for header in headers if (rank := _rank(spellings[header], names)) is not None}
        if not places:
            continue
        best = min(places.values())
        first = [header for header in headers if places.get(header) == best]
        if len(set(first)) > 1 or (len(first) > 1 and meaning not in REQUIRED):
            ambiguous[meaning] = tuple(first)
            continue
        chosen[meaning], known_words[first[0]] = first[0], names[best]
        rest = tuple(dict.fromkeys(header for header in places if header != first[0]))
        if rest:
            others[meaning] = rest
    if Column.SHOWN in chosen and Column.DECIDED in chosen:
        chosen.pop(Column.SECONDS, None)
    if Column.SECONDS in chosen or Column.SHOWN in chosen:
        chosen.pop(Column.MINUTES, None)
    columns = {column: chosen[column.value] for column in Column if column.value in chosen}
    groups = {name: chosen[name] for name in known["groups"] if name in chosen}
    return Suggestion(columns, groups, known_words, others, ambiguous)


def _with_unit(column: Column) -> list[str]:
    """Words for durations that state the column's unit: `review time (min)`, `elapsed_seconds`."""
    units = words()["duration_units"].get(column.value, ())
    return [word + unit for word in words()["durations"] for unit in units]


def is_duration(header: str) -> bool:
    """Whether a header names a review time, whatever unit it states."""
    return _rank(_spellings(header), words()["durations"]) is not None


def says_header(text: str, mapping: LogMapping, column: Column) -> bool:
    """Whether a cell holds the column's header, or a word that such a column is called by."""
    return (
        key_of(text) == key_of(mapping.columns[column]) or without_punctuation(text) in words()["fields"][column.value]
    )


def similar(headers: Sequence[str], meaning: str) -> tuple[str, ...]:
    """Headers that hold a known word of a Column or group as a part of theirs: to be offered, never to be used.

    A Latin word must be a word of the header too, so that no age is found in a mortgage.
    """
    names = words()["groups"].get(meaning) or words()["fields"][meaning]
    return tuple(header for header in headers if any(_holds(header, word) for word in names))


def _holds(header: str, word: str) -> bool:
    if not word.isascii():
        return len(word) > 1 and word in without_punctuation(header)
    parts = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", header)
    return word in map(without_punctuation, parts) or (len(word) > _SHORT and word in without_punctuation(header))


@cache
def words() -> dict[str, Any]:
    """headers.yaml. Headers and outcomes are without_punctuation(); missing, totals and units are keys of `spelling.key_of`."""
    file = Path(__file__).with_name("headers.yaml")
    data = strict_yaml.parse(file.read_bytes(), file.name).data
    return {key: _all(value, key_of if key in _BY_KEY else without_punctuation) for key, value in data.items()}


def marks() -> dict[str, str]:
    """Korean marks in times, durations and totals, for patterns; of several one of them."""
    characters_by_name: dict[str, list[str]] = words()["marks"]
    return {
        name: characters[0] if len(characters) == 1 else f"(?:{'|'.join(characters)})"
        for name, characters in characters_by_name.items()
    }


def without_punctuation(text: str) -> str:
    """Without case, width, blanks, unseen characters, underscores, hyphens, dots, colons, stars and brackets."""
    return re.sub(r"[_\-.,:;*#'\"()\[\]{}<>/|\u2010-\u2015\u30fb\u00b7]", "", key_of(text))


def _all(value: Any, made: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {
            key if made is without_punctuation else made(str(key)): _all(member, made) for key, member in value.items()
        }
    return [_all(element, made) if isinstance(element, list) else made(str(element)) for element in value]


def _spellings(header: str) -> tuple[str, ...]:
    """The header without_punctuation(), and without a remark in brackets at its end."""
    bare = re.sub(r"[(\[\uff08\uff3b][^()\[\]\uff08\uff09]*[)\]\uff09\uff3d]\s*$", "", header)
    return tuple(text for text in dict.fromkeys((without_punctuation(header), without_punctuation(bare))) if text)


def _rank(spellings: Sequence[str], names: Sequence[str]) -> int | None:
    """Place of the known word that one of the spellings is. None: it is none."""
    return next((names.index(text) for text in spellings if text in names), None)
