"""Columns of the requests as a table: names, title, cells. A row holds what the register holds, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessments.rules.recourse import Request
from questionnaires.recourse import recourse
from questionnaires.vocabulary import Text


@cache
def _read() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    read: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return read


def names() -> tuple[str, ...]:
    """Of the columns, in their order."""
    return tuple(_read()["columns"])


def title(column: str) -> Text:
    return Text.model_validate(_read()["columns"][column])


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
