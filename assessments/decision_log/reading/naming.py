"""Groups and values of a log as readers call them: group_title, outcome_title, member_title; which are called alike.

What names.yaml knows is told in the reader's language with the log's own word behind it; all else keeps that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.decision_log.reading.spelling import as_label, key_of
from questionnaires.texts import filled
from questionnaires.vocabulary import Text

_AGES = (
    ("up_to", re.compile(r"[-~–]\s*(?P<last>\d{1,3})")),
    ("between", re.compile(r"(?P<first>\d{1,3})\s*[-~–]\s*(?P<last>\d{1,3})")),
    ("from", re.compile(r"(?P<first>\d{1,3})\s*(?:\+|[-~–])")),
)

_OTHERS = frozenset({"groups", "ages", "not_stated", "decade", "titles"})
"""What names.yaml holds beside the values of groups."""
_DECADE = re.compile(r"(?P<first>[1-9]0)(?:[-~–](?P<last>\d9))?")
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]\s*$")


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


def alike_members(labels: Sequence[str], group: str) -> tuple[tuple[str, ...], ...]:
    """Labels of a group that are called the same, such as F and women, or 20s and 20-29: each more than one."""
    return _alike((_member_key(label, group), label) for label in labels)


def alike_people(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Names that only a title, a remark in brackets or leading zeros tell apart: each more than one."""
    return _alike((_person_key(name), name) for name in names)


def _alike(keyed: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    labels: dict[str, list[str]] = {}
    for key, label in keyed:
        labels.setdefault(key, []).append(label)
    return tuple(tuple(alike) for key, alike in sorted(labels.items()) if key and len(alike) > 1)


def _member_key(label: str, group: str) -> str:
    known = _known(group).get(key_of(label))
    key = key_of(known.ko if known else label)
    if group == "age_band" and (match := _DECADE.fullmatch(key.removesuffix(_names()["decade"]))):
        return f"{match['first']}-{match['last'] or int(match['first']) + 9}"
    return key.lstrip("0") or key if key.isdigit() else key


def _person_key(name: str) -> str:
    key = key_of(_REMARK.sub("", as_label(name)))
    while title := next((title for title in _titles() if key.endswith(title) and len(key) > len(title)), ""):
        key = key.removesuffix(title)
    return key.lstrip("0") or key if key.isdigit() else key


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
    for entry in _names().get(kind, ()) if kind not in _OTHERS else ():
        text = Text(ko=entry["ko"], en=entry["en"])
        titles |= {key_of(word): text for word in (entry["ko"], entry["en"], *entry["written"])}
    return titles


@cache
def _titles() -> tuple[str, ...]:
    return tuple(key_of(title) for title in _names()["titles"])


@cache
def _names() -> Mapping[str, Any]:
    names: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_bytes())
    return names
