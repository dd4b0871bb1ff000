"""Audit findings and their wording: Finding, a Thing and the Harm done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.model import Text
from assessments.storage.history import Fault, HistoryFault
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


class Thing(StrEnum):
    """Kinds of stored objects."""

    EVENT = "event"
    VALUE = "value"
    CHECKPOINT = "checkpoint"
    EVIDENCE = "evidence"
    REPORT = "sealed_report"
    RECORD = "record"
    REVISION = "revision"
    SUBMISSION = "submission"
    STEPS = "steps"
    VOTE = "vote"
    CONDITION = "condition"
    FOLLOWING = "following"
    """What was stored after a decision."""
    INCIDENT = "incident"
    MEETING = "meeting"
    DOCUMENT = "document"
    """A sealed document of a meeting."""
    REQUEST = "request"
    """Of somebody concerned by a decision."""
    OFFICIAL = "official"
    """A sealed official document of an assessment."""


class Harm(StrEnum):
    """Kinds of damage."""

    ALTERED = "altered"
    MISSING = "missing"
    SWAPPED = "swapped"
    ADDED = "added"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"


_OF_HISTORY: Mapping[Fault, tuple[Thing, Harm]] = {
    Fault.MISSING: (Thing.EVENT, Harm.MISSING),
    Fault.ALTERED: (Thing.EVENT, Harm.ALTERED),
    Fault.VALUE_ALTERED: (Thing.VALUE, Harm.ALTERED),
    Fault.VALUE_MISSING: (Thing.VALUE, Harm.MISSING),
    Fault.STRAY_VALUE: (Thing.VALUE, Harm.ADDED),
    Fault.CHECKPOINT: (Thing.CHECKPOINT, Harm.CUT_OFF),
}


@dataclass(frozen=True)
class Finding:
    """One stored object that is no longer what was stored."""

    thing: Thing
    harm: Harm
    which: str
    """Number of the event with the name of its value; id of the evidence; number of the register entry; assessment and revision."""
    text: Text

    @property
    def words(self) -> Text:
        """The object, its id, and what happened to it, in words."""
        return TEXTS.text("finding", thing=TEXTS[f"thing_{self.thing}"], which=self.which, harm=self.text)

    def sentence(self, language: str) -> str:
        return self.words[language]


def finding(thing: Thing, harm: Harm, which: object) -> Finding:
    """Of a file, a register entry or a revision."""
    return Finding(thing, harm, str(which), TEXTS[f"harm_{thing}_{harm}"])


def of_history(fault: HistoryFault) -> Finding:
    """Of the chain of events."""
    thing, harm = _OF_HISTORY[fault.fault]
    return Finding(thing, harm, f"{fault.seq}{' ' + fault.name if fault.name else ''}", fault.text)
