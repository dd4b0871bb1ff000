"""What each role looks after, as figures that open their lists: figures, for home. Whoever holds several roles sees no list twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from assessments import viewing
from assessments.model import Actor, Role, Status
from assessments.rights import may
from assessments.rules.workflow import COMMITTEE
from assessments.storage.review_queue import NOBODY, Choice
from assessments.viewing import Concern, Facets, MeetingEntry
from pages._frame import enum_names, markup, shared
from pages._frame.database import Session
from pages._frame.shared import _
from pages._parts import meetings
from pages._server import portfolio_tables
from questionnaires import wording

_WRITTEN = (
    Facets(status=Status.DRAFT.value),
    Facets(status=Status.RETURNED.value),
    Facets(concern=Concern.STILL.value),
    Facets(status=Status.SUBMITTED.value),
    Facets(status=Status.DECIDED.value),
    Facets(concern=Concern.CONDITION.value),
    Facets(concern=Concern.EXPIRED.value),
    Facets(concern=Concern.LOG.value),
    Facets(concern=Concern.NO_OWNER.value),
)
_REVIEWED = (
    Facets(status=Status.SUBMITTED.value),
    Facets(concern=Concern.MOVED.value),
    Facets(concern=Concern.VOIDED.value),
    Facets(concern=Concern.LOG.value),
)
_SIGNED = (
    Facets(status=Status.DECIDED.value),
    Facets(concern=Concern.REFUSED.value),
    Facets(concern=Concern.CONDITION.value),
    Facets(concern=Concern.ACCEPTED.value),
    Facets(concern=Concern.EXPIRED.value),
)
_OF = {Role.PRODUCT_MANAGER: _WRITTEN, Role.COMMITTEE_MEMBER: _REVIEWED, Role.SIGNING_OFFICER: _SIGNED}
"""In this order on the screen; a chair sees what a member sees."""


@dataclass(frozen=True)
class Figures:
    """What is drawn of it."""

    actor: Actor
    totals: Mapping[Role, Mapping[Facets, int]]
    own_reviews: int
    nobodys: int
    next_meeting: MeetingEntry | None


def read(session: Session, actor: Actor, today: date) -> Figures:
    """Nothing of roles that the actor does not hold."""
    roles = [role for role in _OF if role in actor.roles or (role is Role.COMMITTEE_MEMBER and actor.roles & COMMITTEE)]
    wanted: dict[Role, Sequence[Facets]] = {}
    for role in roles:
        before = {facets for others in wanted.values() for facets in others}
        wanted[role] = [facets for facets in _OF[role] if facets not in before]
    totals = iter(viewing.totals(session, actor, [facets for every in wanted.values() for facets in every], today))
    counted = {role: {facets: next(totals) for facets in every} for role, every in wanted.items()}
    is_reviewer = Role.COMMITTEE_MEMBER in wanted
    return Figures(
        actor,
        counted,
        viewing.queue(session, actor, _reviews(actor.id), limit=0).total if is_reviewer else 0,
        viewing.queue(session, actor, _reviews(NOBODY), limit=0).total if is_reviewer else 0,
        viewing.next_meeting(session, actor, today) if may(actor, "read_meeting") else None,
    )


def _reviews(person_id: str) -> Choice:
    return Choice(Facets(status=Status.SUBMITTED.value), person_id)


def show(made: Figures) -> None:
    for role, totals in made.totals.items():
        rows = [(_title(facets), figure(number, _address(facets))) for facets, number in totals.items()]
        if role is Role.COMMITTEE_MEMBER:
            rows += _of_committee(made)
        if rows:
            markup.show(markup.h2(_part(role)) + markup.definitions(rows, "h-answers h-tight h-roles"))
    if made.totals:
        markup.show(markup.paragraph(markup.link(shared.address("portfolio"), _("The whole portfolio"))))


def figure(number: int, address: str) -> Markup:
    """A link to those that it counts; of none there is no list."""
    return markup.link(address, f"{number:,}") if number else markup.aside("0")


def _of_committee(made: Figures) -> list[tuple[str, Markup]]:
    submitted, own = Status.SUBMITTED.value, made.actor.id
    rows = [
        (
            _("Assigned to me for review"),
            figure(made.own_reviews, shared.address("queue", status=submitted, reviewer=own)),
        ),
        (
            _("Assigned to nobody yet"),
            figure(made.nobodys, shared.address("queue", status=submitted, reviewer=NOBODY)),
        ),
    ]
    entry = made.next_meeting
    ahead = markup.link(shared.address("meetings"), _("none convened"))
    if entry is not None:
        named = markup.link(shared.address("meeting", meeting=entry.id), wording.day(entry.on, shared.language()))
        ahead = markup.joined((named, meetings.title(entry.number)), " · ")
    return [*rows, (_("Next meeting"), ahead)]


def _part(role: Role) -> str:
    return {
        Role.PRODUCT_MANAGER: _("Assessments at work and afterwards"),
        Role.COMMITTEE_MEMBER: _("For the committee"),
        Role.SIGNING_OFFICER: _("For signature and afterwards"),
    }[role]


def _title(facets: Facets) -> str:
    language = shared.language()
    if facets.concern:
        return portfolio_tables.concern_title(Concern(facets.concern), language)
    if facets.status == Status.SUBMITTED:
        return _("Waits for the committee")
    if facets.status == Status.DECIDED:
        return _("Waits for the sign-off")
    return enum_names.status(facets.status, language)


def _address(facets: Facets) -> str:
    """What waits is listed longest waiting first, everything else as the portfolio lists it."""
    if facets.status in (Status.SUBMITTED, Status.DECIDED):
        return shared.address("queue", status=facets.status)
    named = {"status": facets.status} if facets.status else {"concern": facets.concern}
    return shared.address("portfolio", "list", **named)
