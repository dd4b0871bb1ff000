"""What waits for a unit's committee, as items of an agenda: waiting. Read by the rights of whoever sets the agenda up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from assessments import viewing
from assessments.model import Actor, Status
from assessments.rules.lifecycle import Cause
from assessments.rules.meetings import Item, Subject
from assessments.storage import meetings
from assessments.storage.database import Session
from assessments.storage.review_queue import Choice
from assessments.viewing import Concern, Facets

MOST_DECISIONS, MOST_OTHERS = 40, 8
"""A meeting deals with what was due first; what follows comes on once that is done. Of others: of each kind."""
_MOST_LOOKED_AT = 200
_MOVED = (Concern.MOVED, Concern.VOIDED, Concern.LOG)
_AGAIN = (Cause.REASSESSMENT, Cause.CHANGE)


def waiting(
    session: Session, actor: Actor, unit: int, today: date, besides: Collection[tuple[Subject, int | None, str]] = ()
) -> tuple[Item, ...]:
    """Decisions, the longest waiting first; requests under Act Art. 33 in which something can be done; overdue conditions; what changed
    since the last meeting; reassessments that are due.

    Numbered from 1. today: in Korea. besides: matters that are on the agenda or were struck, in place of which the next ones come.
    """

    def first(matters: Iterable[_Matter], most: int = MOST_OTHERS) -> Iterator[_Matter]:
        return islice((matter for matter in matters if matter not in besides), most)

    known = len(besides)
    decisions = tuple(_decisions(session, actor, unit, MOST_DECISIONS + known))
    decided_on = {assessment for _subject, assessment, _which in decisions}
    changes = _changes(session, actor, unit, today, MOST_OTHERS + known)
    matters = (
        *first(decisions, MOST_DECISIONS),
        *first(_requests(session, actor, unit, today)),
        *first(_due(session, actor, unit, today, Subject.CONDITION, _MOST_LOOKED_AT + known)),
        *first(matter for matter in changes if matter[1] not in decided_on),
        *first(_due(session, actor, unit, today, Subject.REASSESSMENT, _MOST_LOOKED_AT + known)),
    )
    return tuple(
        Item(number, subject, assessment, which)
        for number, (subject, assessment, which) in enumerate(dict.fromkeys(matters), start=1)
    )


_Matter = tuple[Subject, int, str]


def _decisions(session: Session, actor: Actor, unit: int, most: int) -> Iterator[_Matter]:
    choice = Choice(Facets(unit=unit, status=Status.SUBMITTED.value))
    queue = viewing.queue(session, actor, choice, limit=most)
    numbers = meetings.submissions(session, [entry.assessment.id for entry in queue.entries])
    for entry in queue.entries:
        if entry.assessment.id in numbers:
            yield Subject.DECISION, entry.assessment.id, str(numbers[entry.assessment.id])


def _requests(session: Session, actor: Actor, unit: int, today: date) -> Iterator[_Matter]:
    for request in viewing.requests_under_way(session, actor, Facets(unit=unit), today=today):
        standing = request.standing
        if standing.until is not None and standing.calls_for_action(today):
            yield Subject.CONFIRMATION, request.assessment, f"{standing.period} {standing.until.isoformat()}"


def _due(session: Session, actor: Actor, unit: int, today: date, subject: Subject, most: int) -> Iterator[_Matter]:
    causes = (Cause.CONDITION,) if subject is Subject.CONDITION else _AGAIN
    portfolio = viewing.portfolio(session, actor, Facets(unit=unit), today, most)
    due = portfolio.conditions if subject is Subject.CONDITION else portfolio.due
    for entry in due.entries:
        duty = entry.duty
        if duty.cause in causes and duty.reached_on <= today:
            yield subject, entry.assessment_id, duty.which if subject is Subject.CONDITION else duty.cause.value


def _changes(session: Session, actor: Actor, unit: int, today: date, most: int) -> Iterator[_Matter]:
    """Each assessment once. Newer editions concern many at a time and are told in the committee's paper."""
    since = viewing.last_meeting(session, actor, unit)
    seen: set[int] = set()
    for noted in viewing.changed_since(session, actor, Facets(unit=unit), since, today, most):
        if noted.concern in _MOVED:
            for entry in noted.page.entries:
                if entry.id not in seen:
                    seen.add(entry.id)
                    yield Subject.CHANGE, entry.id, f"{noted.concern} {entry.revision}"
