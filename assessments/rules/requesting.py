"""Where a request under Act Art. 33 stands, and what comes by when: standing, possible, Step, RequestStanding. Pure.

A day on which something arrives is not counted: a period of 30 days that begins with the 1st ends on the 31st. Holidays are not
looked up; where the last day is one, the law has it end on the next working day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assessments.model import Person, Text
from questionnaires.confirmation import Periods
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


class StepKind(StrEnum):
    """What happened to the request."""

    SENT = "sent"
    EXTENDED = "extended"
    """The Ministry needs longer, and said so in writing with reasons."""
    REPLIED = "replied"
    SENT_AGAIN = "sent_again"
    """Re-confirmation was requested."""
    REPLIED_AGAIN = "replied_again"
    STRUCK = "struck"
    """The last entry was a mistake and does not count."""


STEPS: Mapping[StepKind, Text] = {kind: TEXTS.text(f"request_{kind}") for kind in StepKind}
"""Names shown on screens and in the history."""


class Waiting(StrEnum):
    """Who is to do something next."""

    MINISTRY = "ministry"
    OPERATOR = "operator"
    """May ask for re-confirmation until the day."""
    NOBODY = "nobody"


@dataclass(frozen=True)
class Step:
    """One entry of the register of a request."""

    number: int
    """Of its event."""
    kind: StepKind
    on: date
    by: Person | None
    """None: erased."""
    at: datetime
    until: date | None = None
    """Of an extension: the day until which the reply is put off."""
    outcome: str = ""
    """Of a reply: high_impact, not_high_impact or cannot_determine."""
    text: str = ""


@dataclass(frozen=True)
class RequestStanding:
    """The entries that count, whose turn it is and until when."""

    steps: tuple[Step, ...]
    waiting: Waiting
    until: date | None
    """None: nothing is waited for."""
    period: str = ""
    """Name of the period that runs: reply, extension, objection or second_reply. Empty: none."""

    @property
    def last(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    def is_late(self, today: date) -> bool:
        return self.until is not None and today > self.until

    def is_over(self, today: date) -> bool:
        """The last day on which the operator could do something has passed."""
        return self.waiting is Waiting.OPERATOR and self.is_late(today)

    def calls_for_action(self, today: date) -> bool:
        """The operator can still ask for re-confirmation, or the Ministry owes a reply since before today."""
        return self.until is not None and (self.waiting is Waiting.OPERATOR) is not self.is_late(today)


_NEXT: Mapping[StepKind | None, tuple[StepKind, ...]] = {
    None: (StepKind.SENT,),
    StepKind.SENT: (StepKind.REPLIED, StepKind.EXTENDED, StepKind.STRUCK),
    StepKind.EXTENDED: (StepKind.REPLIED, StepKind.STRUCK),
    StepKind.REPLIED: (StepKind.SENT_AGAIN, StepKind.SENT, StepKind.STRUCK),
    StepKind.SENT_AGAIN: (StepKind.REPLIED_AGAIN, StepKind.STRUCK),
    StepKind.REPLIED_AGAIN: (StepKind.SENT, StepKind.STRUCK),
}
REPLIES = (StepKind.REPLIED, StepKind.REPLIED_AGAIN)


def possible(steps: Sequence[Step]) -> tuple[StepKind, ...]:
    """What can have happened next, the likeliest first."""
    counted = _counted(steps)
    return _NEXT[counted[-1].kind if counted else None]


def standing(steps: Sequence[Step], periods: Periods) -> RequestStanding:
    """steps: as they were entered, oldest first."""
    counted = _counted(steps)
    if not counted:
        return RequestStanding((), Waiting.NOBODY, None)
    last = counted[-1]
    match last.kind:
        case StepKind.SENT:
            return RequestStanding(counted, Waiting.MINISTRY, after(last.on, periods.reply.days), "reply")
        case StepKind.EXTENDED:
            until = last.until or latest_extension(counted, periods)
            return RequestStanding(counted, Waiting.MINISTRY, until, "extension")
        case StepKind.REPLIED:
            return RequestStanding(counted, Waiting.OPERATOR, after(last.on, periods.objection.days), "objection")
        case StepKind.SENT_AGAIN:
            return RequestStanding(counted, Waiting.MINISTRY, after(last.on, periods.second_reply.days), "second_reply")
    return RequestStanding(counted, Waiting.NOBODY, None)


def latest_extension(steps: Sequence[Step], periods: Periods) -> date:
    """The last day to which a reply can be put off; steps: that count, of which at least one says that it was sent."""
    sent = [step.on for step in steps if step.kind is StepKind.SENT][-1]
    return after(sent, periods.reply.days + periods.extension.days)


def after(day: date, days: int) -> date:
    """So many days later; at the end of the calendar its last day."""
    return day + timedelta(days=days) if (date.max - day).days >= days else date.max


def _counted(steps: Sequence[Step]) -> tuple[Step, ...]:
    counted: list[Step] = []
    for step in steps:
        if step.kind is not StepKind.STRUCK:
            counted.append(step)
        elif counted:
            counted.pop()
    return tuple(counted)
