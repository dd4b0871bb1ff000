"""What the browser sends of an answer: Letter. It says all that is needed to save it, whichever session receives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from questionnaires.schema import Text

Raw = str | Sequence[Any]
"""An answer as its field holds it: words, option values, or entries of column → words or option values."""


@dataclass(frozen=True)
class Words:
    """Answer and note as the field holds them."""

    answer: Raw = ""
    note: str = ""

    @classmethod
    def of(cls, content: object) -> Words:
        """From JSON; whatever has another shape counts as empty, because only our own script writes it."""
        parts = content if isinstance(content, Mapping) else {}
        answer, note = parts.get("answer"), parts.get("note")
        return cls(answer if isinstance(answer, str | list) else "", note if isinstance(note, str) else "")

    @property
    def json(self) -> dict[str, Raw]:
        return {"answer": self.answer, "note": self.note}


@dataclass(frozen=True)
class Letter:
    """One state of a field, numbered by a nonce."""

    nonce: str
    token: str
    words: Words
    base: int
    """Lock version that the words were written upon."""
    seen: Words
    """What was saved when they were begun."""
    sent: tuple[Words, ...]
    """What was sent since and may have been saved without the browser hearing of it."""
    is_dropped: bool = False
    """The reader gave the words up."""

    @classmethod
    def of(cls, content: object) -> Letter | None:
        """From JSON. None: it is no letter."""
        if not isinstance(content, Mapping):
            return None
        nonce, token, base, sent = (content.get(name) for name in ("nonce", "token", "base", "sent"))
        if not isinstance(nonce, str) or not isinstance(token, str):
            return None
        return cls(
            nonce,
            token,
            Words.of(content.get("value")),
            base if isinstance(base, int) else 0,
            Words.of(content.get("seen")),
            tuple(map(Words.of, sent)) if isinstance(sent, list) else (),
            content.get("dropped") is True,
        )


@dataclass(frozen=True)
class Verdict:
    """What became of a letter."""

    nonce: str
    kind: str
    """saved, dropped, refused (the words cannot be an answer), failed (they could not be written), conflict."""
    text: Text | None = None
    cells: Mapping[str, Text] = field(default_factory=dict)
    """Place in a group, `row/column` → why it is refused."""

    @property
    def is_final(self) -> bool:
        """Whether the same letter need not be looked at again."""
        return self.kind not in ("conflict", "failed")

    def json(self, language: str) -> dict[str, object]:
        return {
            "nonce": self.nonce,
            "kind": self.kind,
            "text": self.text[language] if self.text else "",
            "cells": {place: text[language] for place, text in self.cells.items()},
        }
