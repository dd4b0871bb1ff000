"""The columns of the table of verified reports: columns, finding_columns, Column, Kind. Their titles and words stand in columns.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from exports.words.labels import labels
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Text

Value = str | int | float | bool | date | datetime | None
"""None: nothing is stated, or it is left out."""
Row = dict[str, Value]
"""Id of a column → value."""
FILE = Path(__file__).with_name("columns.yaml")


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    id: str
    kind: Kind
    title: Text
    words: dict[str, Text]
    """Code → how it reads. Empty: the values are texts of their own."""
    stands_always: bool
    """False: it is left out of a report that failed, for nobody is to rely on it."""

    def reading(self, value: Value, language: str) -> Value:
        """A code in words; everything else as it is."""
        return self.words[value][language] if isinstance(value, str) and value in self.words else value


@cache
def columns() -> tuple[Column, ...]:
    """Of the reports."""
    return tuple(_column(stated) for stated in _file()["columns"])


@cache
def finding_columns() -> tuple[Column, ...]:
    """Of what is found across the set."""
    return tuple(_column(stated) for stated in _file()["findings"])


@cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = parse(FILE.read_bytes(), FILE.name).data
    return data


@cache
def by_id() -> dict[str, Column]:
    return {column.id: column for column in columns()}


def _column(stated: dict[str, Any]) -> Column:
    words = {code: Text(**text) for code, text in stated.get("words", {}).items()}
    if "named" in stated:
        words = {code: labels()[f"{stated['named']}_{code}"] for code in stated["codes"]}
    title = Text(ko=stated["ko"], en=stated["en"])
    return Column(stated["id"], Kind(stated["type"]), title, words, stated["stands"] == "always")
