"""What verification tells a reader: Verdict, State, Fact. The words stand in verification.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessments.model import Json
from exports.words.labels import labels
from questionnaires.legible import MOST, legible
from questionnaires.schema import Text


class Verdict(StrEnum):
    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"

    @property
    def text(self) -> Text:
        return labels("verification.yaml")[f"verdict_{self.value}"]

    @property
    def meaning(self) -> Text:
        """What a reader may conclude, as a sentence."""
        return labels("verification.yaml")[f"means_{self.value}"]

    @property
    def exit_code(self) -> int:
        return {"passed": 0, "failed": 1, "indeterminate": 3}[self.value]


class State(StrEnum):
    """Of one fact: fine, wrong, not to be settled, or worth knowing without bearing on the verdict."""

    OK = "ok"
    BAD = "bad"
    OPEN = "open"
    NOTE = "note"

    @classmethod
    def of(cls, is_so: bool | None) -> State:
        """State of a yes-or-no fact. None, not examined, counts as wrong: nothing passes unexamined."""
        return cls.OK if is_so else cls.BAD


@dataclass(frozen=True)
class Fact:
    """One thing that was examined."""

    id: str
    state: State
    text: Text

    def to_json(self) -> Json:
        return {"id": self.id, "state": self.state.value, "text": self.text.model_dump()}


def fact(name: str, state: State, *, key: str = "", about: str | Sequence[Text] = "") -> Fact:
    """The fact with its words. about: what it is said of, in brackets after the words."""
    text = labels("verification.yaml")[key or f"{name}_{state.value}"]
    if about:
        # names out of the file, one or several
        ko, en = (about if isinstance(about, str) else "; ".join(text[to] for text in about) for to in ("ko", "en"))
        text = Text(ko=f"{text.ko} ({legible(ko, 2 * MOST)}).", en=f"{text.en} ({legible(en, 2 * MOST)}).")
    return Fact(name, state, text)
