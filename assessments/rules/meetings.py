"""A committee's meeting as frozen classes, and what follows from them: Meeting, Item, Attendance; filled_up, ordered, missing. Pure.

What is decided is decided by votes, elsewhere; a meeting refers to them and repeats none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from assessments.model import Person


class Form(StrEnum):
    """How a committee meets."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    IN_WRITING = "in_writing"


class State(StrEnum):
    OPEN = "open"
    """Convened; agenda, attendance and minutes are still written."""
    CLOSED = "closed"
    """The chair has closed its minutes; nothing but addenda follows."""
    CANCELLED = "cancelled"


class Presence(StrEnum):
    PRESENT = "present"
    REMOTE = "remote"
    IN_WRITING = "in_writing"
    ABSENT = "absent"


PRESENCES: Mapping[Form, tuple[Presence, ...]] = {
    Form.IN_PERSON: (Presence.PRESENT, Presence.REMOTE, Presence.ABSENT),
    Form.REMOTE: (Presence.REMOTE, Presence.ABSENT),
    Form.IN_WRITING: (Presence.IN_WRITING, Presence.ABSENT),
}
"""How somebody can have taken part in a meeting of that form."""


class Subject(StrEnum):
    """Why something is on the agenda."""

    DECISION = "decision"
    """It waits for the committee's votes."""
    CONDITION = "condition"
    """A condition of an approval is overdue."""
    CHANGE = "change"
    """It came to something else since the last meeting."""
    REASSESSMENT = "reassessment"
    """It is due to be assessed again."""
    CONFIRMATION = "confirmation"
    """A request under Act Art. 33: the Ministry owes a reply, or re-confirmation can still be requested."""
    OWN = "own"
    """The chair's own item."""


@dataclass(frozen=True)
class Item:
    """Of an agenda."""

    number: int
    """Within its meeting, never given anew; the order of an agenda is another matter."""
    subject: Subject
    assessment: int | None = None
    """None: an item of the chair's own."""
    which: str = ""
    """Of a decision the event that submitted it, of a condition its number, of a change or a reassessment its kind, of a
    request under Act Art. 33 the period and its last day."""
    text: str = ""
    """Of the chair's own items. Empty elsewhere, or erased."""
    is_struck: bool = False

    @property
    def cause(self) -> tuple[Subject, int | None, str]:
        """Two items of the same cause are the same matter."""
        return self.subject, self.assessment, self.which


@dataclass(frozen=True)
class Attendance:
    """That of one member."""

    person: Person
    presence: Presence
    left: str = ""
    """When or before which item they left. Empty: they stayed to the end."""


@dataclass(frozen=True)
class Minute:
    """What was said on one item, in the words of whoever keeps the minutes."""

    discussion: str = ""
    resolution: str = ""


@dataclass(frozen=True)
class Meeting:
    """One meeting of a unit's committee, as the history tells of it."""

    id: int
    unit: int
    number: int
    """Of the unit's meetings, from 1."""
    on: date
    form: Form
    place: str
    """A room, the name of a call, or by when to answer in writing."""
    state: State
    convened_by: Person | None
    """None: erased."""
    convened_at: datetime
    items: tuple[Item, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    guests: str = ""
    """Who else was there."""
    minutes: Mapping[int, Minute] = field(default_factory=dict)
    """By the number of the item."""
    seen: int = 0
    """Number of the newest event about it."""

    @property
    def on_agenda(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.is_struck)


def filled_up(items: Sequence[Item], waiting: Sequence[Item]) -> tuple[Item, ...]:
    """With what waits and is not on the agenda yet, at its end; what was struck stays struck."""
    known = {item.cause for item in items}
    following = max((item.number for item in items), default=0) + 1
    new = [item for item in waiting if item.cause not in known]
    return (*items, *(replace(item, number=following + place) for place, item in enumerate(new)))


def moved(items: Sequence[Item], number: int, *, up: bool) -> tuple[Item, ...]:
    """With this item before the one that stands before it on the agenda, or behind the one that follows. Struck ones are passed over."""
    listed = [item for item in items if not item.is_struck]
    place = next((place for place, item in enumerate(listed) if item.number == number), None)
    other = -1 if place is None else place + (-1 if up else 1)
    if place is None or not 0 <= other < len(listed):
        return tuple(items)
    listed[place], listed[other] = listed[other], listed[place]
    return (*listed, *(item for item in items if item.is_struck))


def missing(members: Collection[Person], attendance: Collection[Attendance]) -> tuple[Person, ...]:
    """Members of whom is not said yet whether they took part."""
    stated = {each.person.id for each in attendance}
    return tuple(member for member in members if member.id not in stated)


def taking_part(attendance: Collection[Attendance]) -> int:
    return sum(each.presence is not Presence.ABSENT for each in attendance)
