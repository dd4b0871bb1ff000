"""Columns of the requests as a table: names, title, column_of, cells; and words of its cells read back: read_back, word_of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.register_file.columns import plain
from assessments.rules.recourse import Request
from questionnaires.recourse import recourse
from questionnaires.vocabulary import Text

REQUIRED: tuple[str, ...] = ("reference",)
DAYS: tuple[str, ...] = ("received", "decision_on", "due", "closed_on")
NO_HEADINGS = "no_headings_of_requests"


@cache
def _read() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    read: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return read


def names() -> tuple[str, ...]:
    """Of the columns, in their order."""
    return tuple(_read()["columns"])


def title(column: str) -> Text:
    return Text.model_validate(_read()["columns"][column])


def column_of(heading: str) -> str | None:
    """None: it names no column of the requests."""
    return _headings().get(plain(heading))


def read_back(entries: Iterable[Any], text: str) -> str | None:
    """Id of the entry of the data on kinds that is called so, in either language or by its id. None: none is."""
    called = plain(text)
    return next(
        (entry.id for entry in entries if called in map(plain, (entry.id, entry.title.ko, entry.title.en))), None
    )


def word_of(text: str, names: Iterable[str]) -> str | None:
    """Which of these words is meant. None: none of them."""
    called = plain(text)
    return next((name for name in names if called in map(plain, (name, word(name).ko, word(name).en))), None)


@cache
def _headings() -> Mapping[str, str]:
    return {plain(heading): name for name in names() for heading in (name, title(name).ko, title(name).en)}


def word(name: str) -> Text:
    return Text.model_validate(_read()["words"][name])


def cells(request: Request, system: str, language: str) -> Mapping[str, str | int]:
    """Column → cell. What was erased is empty."""
    texts, closing = recourse(), request.closing
    kind = texts.by_id.get(request.kind)
    closed: dict[str, str | int] = {}
    if closing is not None:
        entries: Sequence[Any] = (*texts.outcomes, *texts.grounds)
        changed = {True: "changed", False: "kept"}.get(closing.changed) if closing.changed is not None else None
        closed = {
            "closed_on": closing.on.isoformat(),
            "outcome": _named(entries, closing.outcome, language),
            "changed": word(changed)[language] if changed else "",
            "reviewer": _named(texts.reviewers, closing.reviewer, language),
            "reviewed_by": closing.reviewed_by,
            "text": closing.text,
            "days": (closing.on - request.received).days,
        }
    return {
        "number": request.number,
        "reference": request.reference,
        "system": system,
        "system_number": request.system_id,
        "kind": kind.title[language] if kind else request.kind,
        "received": request.received.isoformat(),
        "channel": _named(texts.channels, request.channel, language),
        "asked": request.asked,
        "decision_on": request.decision_on.isoformat() if request.decision_on else "",
        "decision": request.decision,
        "owner": request.owner.name if request.owner else "",
        "due": request.due.isoformat() if request.due else "",
        "extensions": len(request.extensions),
        "state": word(request.state.value)[language],
        **closed,
    }


def _named(entries: Sequence[Any], name: str, language: str) -> str:
    return next((str(entry.title[language]) for entry in entries if entry.id == name), name)
