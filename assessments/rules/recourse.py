"""Requests of people concerned by a decision: what one is, whether it is overdue, and the figures of many. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from assessments.model import Person


class State(StrEnum):
    """Of a request."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By whoever made it, or because it was entered by mistake."""


@dataclass(frozen=True)
class Stated:
    """A request as it is entered."""

    kind: str
    received: date
    reference: str
    """The operator's own; it names nobody."""
    asked: str
    channel: str
    owner_id: str
    """Who sees to it."""
    decision_on: date | None = None
    """Day of the decision that it is about. None: not stated."""
    decision: str = ""
    """The operator's reference of that decision."""
    due: date | None = None
    """A day of the operator's own, where no text sets a period."""


@dataclass(frozen=True)
class Answer:
    """How a request was answered."""

    on: date
    outcome: str
    text: str
    """The words that were sent."""
    changed: bool | None = None
    """Whether the decision was changed. None: nobody looked at it again."""
    reviewer: str = ""
    """Who looked at it again, as against whoever decided first."""
    reviewed_by: str = ""
    """By office or name, in the operator's own words."""


@dataclass(frozen=True)
class Extension:
    """A later due day, with the reason that the person was told."""

    until: date
    told_on: date
    reason: str
    """Empty: erased."""
    by: Person | None
    """None: erased."""
    at: datetime


@dataclass(frozen=True)
class Closing:
    """What became of a request."""

    state: State
    on: date
    outcome: str
    """Of an answer its outcome, of a refusal its ground. Empty: withdrawn."""
    changed: bool | None
    reviewer: str
    reviewed_by: str
    text: str
    """What was sent, or why it was refused or withdrawn. Empty: erased."""
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class Request:
    """What somebody asked, as the history tells of it; words that were erased are empty."""

    number: int
    """Of the event that stated it."""
    system_id: int
    kind: str
    received: date
    due: date | None
    """As it stands, extensions included. None: no day is set."""
    state: State
    reference: str
    asked: str
    channel: str
    decision_on: date | None
    decision: str
    owner: Person | None
    by: Person | None
    """Who entered it. None: erased."""
    at: datetime
    first_due: date | None = None
    """Before it was extended."""
    extensions: tuple[Extension, ...] = ()
    closing: Closing | None = None
    """None: it is open."""
    seen: int = 0
    """Number of the newest event about it."""

    def is_overdue(self, today: date) -> bool:
        return is_overdue(self.state, self.due, today)

    @property
    def was_late(self) -> bool:
        """Answered or refused after its due day."""
        return (
            self.closing is not None
            and self.closing.state is not State.WITHDRAWN
            and self.due is not None
            and self.closing.on > self.due
        )


def is_overdue(state: State, due: date | None, today: date) -> bool:
    """The due day itself is still in time."""
    return state is State.OPEN and due is not None and due < today


@dataclass(frozen=True)
class Figures:
    """Of the requests of one system, or of many."""

    requests: int = 0
    """Those that were withdrawn are not counted."""
    still_open: int = 0
    overdue: int = 0
    late: int = 0
    """Answered or refused after their due day."""
    refused: int = 0
    reviewed: int = 0
    """A person looked at the decision again."""
    changed: int = 0
    """And it was changed."""
    median_days: Fraction | None = None
    """From receipt to answer or refusal. None: none is closed yet."""

    @property
    def changed_share(self) -> Fraction | None:
        """None: not measured, for none was reviewed."""
        return Fraction(self.changed, self.reviewed) if self.reviewed else None


def median(counts: Mapping[int, int]) -> Fraction | None:
    """Of values with how often each occurs. None: there is none."""
    total = sum(counts.values())
    if not total:
        return None
    low, high = (total - 1) // 2, total // 2
    passed, middle = 0, []
    for value in sorted(counts):
        middle += [value for place in {low, high} if passed <= place < passed + counts[value]]
        passed += counts[value]
    return Fraction(sum(middle), len(middle))
