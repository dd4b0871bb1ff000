"""What a committee looks for among assessments, true of each or not, as conditions on the projection: Concern, condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
    true,
    union_all,
)

from assessments import editions, periods
from assessments.model import Level, Ruling, Status
from assessments.rules.lifecycle import Cause
from assessments.storage import following
from assessments.storage.expressions import Literally, Unindexed
from assessments.storage.life_tables import CarriedRow, DutyRow
from assessments.storage.tables import ProjectionRow, RevisionRow, table_of
from assessments.storage.work_tables import SignedResultRow
from questionnaires.wording import seoul_midnight

_RESULT, _REVISION, _SIGNED = table_of(ProjectionRow), table_of(RevisionRow), table_of(SignedResultRow)
_DUTY, _CARRIED = table_of(DutyRow), table_of(CarriedRow)
_NEWEST, _BEFORE = _REVISION.alias("newest"), _REVISION.alias("before")
_REFUSED, _LATER = _REVISION.alias("refused"), _REVISION.alias("later")
_SIGNED_LATER = _SIGNED.alias("signed_later")
MOST_KINDS = 1_000_000
BORNE = (Level.HIGH, Level.VERY_HIGH)
"""Levels of residual risk that an approval accepts in so many words."""
_APPROVED = (Ruling.APPROVED.value, Ruling.APPROVED_WITH_CONDITIONS.value)
_AT_WORK = tuple(
    status.value for status in Status if status.is_editable or status in (Status.SUBMITTED, Status.DECIDED)
)
_HANDED_IN = (Status.SUBMITTED.value, Status.DECIDED.value, Status.SIGNED_OFF.value)
_LIVE = (*_AT_WORK, Status.SIGNED_OFF.value)
_REVISED = Literally("projection.revision > 1")
_UNPROVEN = Literally("projection.evidence = 0")
CONDITIONAL = Literally("projection.conditions > 0")
_WAS_REFUSED = Literally("refused.status = 'refused'")
"""All in so many words, as the indices of the few that are say it."""


class Concern(StrEnum):
    """Something that a committee looks for, true of an assessment or not."""

    MOVED = "moved"
    """The revision at work comes to something else than what was signed off."""
    VOIDED = "voided"
    """Its approval went with a new revision, which nobody has decided on."""
    LOG = "log"
    """A later decision log lies beyond the organisation's own trigger."""
    EDITION = "edition"
    """It answers an edition in place of which a newer one is in force."""
    ACCEPTED = "accepted"
    """Approved with a high or very high residual risk, which the organisation bears."""
    CONDITION = "condition"
    """A condition of its approval is open."""
    NO_OWNER = "no_owner"
    STILL = "still"
    """Begun or returned, and nobody has changed it for long."""
    EXPIRED = "expired"
    """Its day of reassessment has come, or evidence no longer counts."""
    NO_EVIDENCE = "no_evidence"
    """Handed in without a single file."""
    REFUSED = "refused"
    """The signing officer did not sign a revision, and nothing has been signed off since."""


CHANGES = (Concern.MOVED, Concern.VOIDED, Concern.LOG, Concern.EDITION)
"""What can have come since a day."""
NEGLECTED = (Concern.NO_OWNER, Concern.STILL, Concern.EXPIRED, Concern.NO_EVIDENCE)

OF_SETTINGS = (Concern.EDITION, Concern.STILL)
"""Which of them hold follows from editions or from periods that an installation sets too."""
RARE = (Concern.MOVED, Concern.VOIDED, Concern.LOG, Concern.REFUSED)
"""To which an index of its own always leads first."""


def condition(concern: Concern, today: date, since: date | None = None, *, leads: bool = True) -> ColumnElement[bool]:
    """since: only what came on this day or later, of CHANGES; None: whenever it came. leads: as of `Facets.condition`."""
    if not leads and concern in _WALKED:
        return _WALKED[concern](today, since if concern in CHANGES else None)
    return _CONDITIONS[concern](today, since if concern in CHANGES else None)


def parts(concern: Concern, today: date, since: date | None = None) -> tuple[ColumnElement[bool], ...]:
    """The same as conditions of which at most one is true of each: each by its own index."""
    if concern is Concern.EXPIRED:
        later = or_(_RESULT.c.reassess_on.is_(None), _RESULT.c.reassess_on > today)
        return _RESULT.c.reassess_on <= today, and_(_gone(today), later)
    if concern is Concern.REFUSED:
        return _RESULT.c.status == Status.REFUSED.value, _refused_before()
    return (condition(concern, today, since),)


@cache
def plain(column: str) -> ColumnElement[Any]:
    """So that SQLite does not take its index, which means looking up every row: reading them all costs a tenth."""
    return Unindexed(_RESULT.c[column])


def _moved(_today: date, since: date | None) -> ColumnElement[bool]:
    """A level counts once it can be told: while required answers are missing it says nothing."""
    same = _SIGNED_LATER.c.assessment_id == _SIGNED.c.assessment_id
    newer = exists().where(same, _SIGNED_LATER.c.revision > _SIGNED.c.revision)
    differs = or_(
        _RESULT.c.outcome != _SIGNED.c.outcome,
        _RESULT.c.contested != _SIGNED.c.contested,
        and_(_RESULT.c.open_required == 0, _RESULT.c.level != _SIGNED.c.level),
    )
    signed = exists().where(
        _SIGNED.c.assessment_id == _RESULT.c.assessment_id,
        _RESULT.c.revision > _SIGNED.c.revision,
        not_(newer),
        differs,
    )
    came = true() if since is None else _RESULT.c.result_at >= seoul_midnight(since)
    return and_(_REVISED, _RESULT.c.status.in_(_AT_WORK), signed, came)


def _voided(_today: date, since: date | None) -> ColumnElement[bool]:
    """By a correction: a reassessment leaves what was decided in force until it is signed off itself."""
    approved = exists().where(
        _BEFORE.c.assessment_id == _RESULT.c.assessment_id,
        _BEFORE.c.number < _RESULT.c.revision,
        _BEFORE.c.status == Status.SUPERSEDED.value,
        _BEFORE.c.ruling.in_(_APPROVED),
    )
    correction = exists().where(
        _NEWEST.c.assessment_id == _RESULT.c.assessment_id,
        _NEWEST.c.number == _RESULT.c.revision,
        true() if since is None else _NEWEST.c.created_at >= seoul_midnight(since),
        not_(exists().where(_CARRIED.c.revision_id == _NEWEST.c.id)),
    )
    undecided = [status for status in _AT_WORK if status != Status.DECIDED.value]
    return and_(_REVISED, _RESULT.c.status.in_(undecided), approved, correction)


def _log(_today: date, since: date | None) -> ColumnElement[bool]:
    came = true() if since is None else _DUTY.c.on_day >= since
    return _RESULT.c.assessment_id.in_(select(_DUTY.c.assessment_id).where(_DUTY.c.cause == Cause.LOG.value, came))


def _edition(today: date, since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    """Which combinations of editions are behind is found among those that occur, which are few."""
    every = select(_RESULT.c.domain, _RESULT.c.pinned).distinct()
    kinds = every.limit(MOST_KINDS).subquery("kinds")  # the limit keeps SQLite from looking into each row instead
    behind: list[ColumnElement[bool]] = [false()]
    for domain in editions.domains():
        for name, edition in following.in_force(domain, today).items():
            if since is None or edition.since >= since:
                pins = kinds.c.pinned.contains(f" {name}=", autoescape=True)
                own = kinds.c.pinned.contains(f" {name}={edition.version} ", autoescape=True)
                behind.append(and_(kinds.c.domain == domain, pins, not_(own)))
    if len(behind) == 1:
        return false()
    pinned = select(kinds.c.pinned).where(or_(*behind))
    status, editions_of = (_RESULT.c.status, _RESULT.c.pinned) if leads else (plain("status"), plain("pinned"))
    return and_(status.in_(_LIVE), editions_of.in_(pinned))


def _accepted(_today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    """As long as a day of reassessment stands, which ends with the system or with another decision."""
    levels = [level.value for level in BORNE]
    status, level = (_RESULT.c.status, _RESULT.c.level) if leads else (plain("status"), plain("level"))
    decided = status.in_((Status.DECIDED.value, Status.SIGNED_OFF.value))
    return and_(decided, level.in_(levels), _RESULT.c.reassess_on.is_not(None))


def _condition(_today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    return CONDITIONAL if leads else plain("conditions") > 0


def _no_owner(_today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    owner, status = (_RESULT.c.owner_id, _RESULT.c.status) if leads else (plain("owner_id"), plain("status"))
    return and_(owner == "", status.in_(_LIVE))


def _still(today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    editable = [status.value for status in Status if status.is_editable]
    last = seoul_midnight(today - timedelta(days=min(periods.current().still_days, (today - date.min).days)))
    status = _RESULT.c.status if leads else plain("status")
    return and_(status.in_(editable), _RESULT.c.updated_at < last)


def _expired(today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    """Evidence counts to the end of its day, a day of reassessment has come with its morning."""
    reassess_on = _RESULT.c.reassess_on if leads else plain("reassess_on")
    return or_(reassess_on <= today, _gone(today))


def _gone(today: date) -> ColumnElement[bool]:
    gone = select(_DUTY.c.assessment_id).where(_DUTY.c.cause == Cause.EVIDENCE.value, _DUTY.c.on_day < today)
    return _RESULT.c.assessment_id.in_(gone)


def _no_evidence(_today: date, _since: date | None, *, leads: bool = True) -> ColumnElement[bool]:
    if leads:
        return and_(_UNPROVEN, _RESULT.c.status.in_(_HANDED_IN))
    return and_(plain("evidence") == 0, plain("status").in_(_HANDED_IN))


def _refused(_today: date, _since: date | None) -> ColumnElement[bool]:
    standing = select(_RESULT.c.assessment_id).where(_RESULT.c.status == Status.REFUSED.value).correlate(None)
    followed = select(_RESULT.c.assessment_id).where(_refused_before()).correlate(None)
    return _RESULT.c.assessment_id.in_(union_all(standing, followed))  # each by its own index


def _refused_before() -> ColumnElement[bool]:
    """A refused revision stays one when another follows it; withdrawing ends the matter."""
    signed = exists().where(
        _LATER.c.assessment_id == _REFUSED.c.assessment_id,
        _LATER.c.number > _REFUSED.c.number,
        _LATER.c.signed_sha256.is_not(None),
    )
    before = exists().where(
        _REFUSED.c.assessment_id == _RESULT.c.assessment_id,
        _REFUSED.c.number < _RESULT.c.revision,
        _WAS_REFUSED,
        not_(signed),
    )
    return and_(_REVISED, _RESULT.c.status.in_(_AT_WORK), before)


_CONDITIONS: Mapping[Concern, Callable[[date, date | None], ColumnElement[bool]]] = {
    Concern.MOVED: _moved,
    Concern.VOIDED: _voided,
    Concern.LOG: _log,
    Concern.EDITION: _edition,
    Concern.ACCEPTED: _accepted,
    Concern.CONDITION: _condition,
    Concern.NO_OWNER: _no_owner,
    Concern.STILL: _still,
    Concern.EXPIRED: _expired,
    Concern.NO_EVIDENCE: _no_evidence,
    Concern.REFUSED: _refused,
}

_WALKED: Mapping[Concern, Callable[[date, date | None], ColumnElement[bool]]] = {
    Concern.CONDITION: partial(_condition, leads=False),
    Concern.EDITION: partial(_edition, leads=False),
    Concern.ACCEPTED: partial(_accepted, leads=False),
    Concern.NO_OWNER: partial(_no_owner, leads=False),
    Concern.NO_EVIDENCE: partial(_no_evidence, leads=False),
    Concern.STILL: partial(_still, leads=False),
    Concern.EXPIRED: partial(_expired, leads=False),
}
"""The same of those to which an index leads, for walking along an order."""
