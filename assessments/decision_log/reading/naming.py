"""Groups and values of a log as readers call them: group_title, outcome_title, member_title.

What names.yaml knows is told in the reader's language with the log's own word behind it; all else keeps that word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.decision_log.reading.spelling import key_of
from questionnaires.texts import filled
from questionnaires.vocabulary import Text

_AGES = (
    ("up_to", re.compile(r"[-~–]\s*(?P<last>\d{1,3})")),
    ("between", re.compile(r"(?P<first>\d{1,3})\s*[-~–]\s*(?P<last>\d{1,3})")),
    ("from", re.compile(r"(?P<first>\d{1,3})\s*(?:\+|[-~–])")),
)


def group_title(name: str, header: str = "") -> Text:
    """Of a group of people. header: of its column, which names a group that is not known."""
    known = _names()["groups"].get(name)
    return Text(**known) if known else Text(ko=header or name, en=header or name)


def outcome_title(value: str) -> Text:
    """Of an output of the AI or a decision."""
    return _title(value, "outcomes")


def member_title(value: str, group: str) -> Text:
    """Of a value of a group's column."""
    if group == "age_band":
        for kind, pattern in _AGES:
            if match := pattern.fullmatch(value.strip()):
                return filled(Text(**_names()["ages"][kind]), **match.groupdict())
    return _title(value, group)


def _title(value: str, kind: str) -> Text:
    if not value:
        return Text(**_names()["not_stated"])
    known = _known(kind).get(key_of(value))
    if known is None:
        return Text(ko=value, en=value)
    ko, en = (text if key_of(text) == key_of(value) else f"{text} ({value})" for text in (known.ko, known.en))
    return Text(ko=ko, en=en)


@cache
def _known(kind: str) -> Mapping[str, Text]:
    """How a log writes it → what it is called."""
    titles: dict[str, Text] = {}
    for entry in _names().get(kind, ()) if kind not in ("groups", "ages") else ():
        text = Text(ko=entry["ko"], en=entry["en"])
        titles |= {key_of(word): text for word in (entry["ko"], entry["en"], *entry["written"])}
    return titles


@cache
def _names() -> Mapping[str, Any]:
    names: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_bytes())
    return names
