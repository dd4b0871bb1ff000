"""Who has an assessment open now, and what others changed in it: look, note. Looking writes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, not_, or_, select, update
from sqlmodel import Session

from assessments.storage import comments
from assessments.storage.account_tables import AccountRow
from assessments.storage.entries import AnswerSeen, Look
from assessments.storage.expressions import JsonField
from assessments.storage.tables import EventRow, EventValueRow, ResponseRow, RevisionRow, table_of
from assessments.storage.work_tables import PresenceRow

NOTED_EVERY = timedelta(seconds=30)
GONE_AFTER = timedelta(seconds=75)
"""Two notes may be late before somebody counts as gone."""
FORGOTTEN_AFTER = timedelta(days=1)
MOST_ANSWERS = 50
_UNSEEN = ("record_response", "see_mention")
"""Changes nothing that others see; what is answered is told by the answers themselves."""
_PRESENCE, _ACCOUNT, _EVENT = table_of(PresenceRow), table_of(AccountRow), table_of(EventRow)
_VALUE = table_of(EventValueRow)
_RESPONSE, _REVISION = table_of(ResponseRow), table_of(RevisionRow)


def look(
    session: Session,
    assessment_id: int,
    revision: int,
    questionnaire: str,
    person_id: str,
    since: datetime,
    at: datetime,
) -> Look:
    """questionnaire: whose answers are shown; empty: none are. since: when the page was opened."""
    connection = session.connection()
    rows = connection.execute(
        select(_PRESENCE.c.person_id, _PRESENCE.c.at, _ACCOUNT.c.name)
        .join(_ACCOUNT, _ACCOUNT.c.id == _PRESENCE.c.person_id)
        .where(_PRESENCE.c.assessment_id == assessment_id, _PRESENCE.c.at > at - GONE_AFTER)
        .order_by(_ACCOUNT.c.name, _ACCOUNT.c.id)
    ).all()
    noted = next((row.at for row in rows if row.person_id == person_id), None)
    answers = connection.execute(
        select(_RESPONSE.c.question, _RESPONSE.c.by_name, _RESPONSE.c.at)
        .join(_REVISION, _REVISION.c.id == _RESPONSE.c.revision_id)
        .where(
            _REVISION.c.assessment_id == assessment_id,
            _REVISION.c.number == revision,
            _RESPONSE.c.questionnaire == questionnaire,
            _RESPONSE.c.by_id != person_id,
            _RESPONSE.c.at > since,
        )
        .order_by(_RESPONSE.c.at.desc())
        .limit(MOST_ANSWERS)
    ).all()
    own = select(_VALUE.c.seq).where(
        _VALUE.c.seq == _EVENT.c.seq, _VALUE.c.name == "actor", JsonField(_VALUE.c.value, "id") == person_id
    )
    newest = (
        select(_EVENT.c.seq)
        .where(_EVENT.c.assessment_id == assessment_id, _EVENT.c.kind.not_in(_UNSEEN))
        .where(or_(_EVENT.c.kind.in_(comments.KINDS), not_(own.exists())))
        .order_by(_EVENT.c.seq.desc())
        .limit(1)
    )
    return Look(
        tuple(row.name for row in rows if row.person_id != person_id),
        noted is None or at - noted >= NOTED_EVERY,
        tuple(AnswerSeen(row.question, row.by_name, row.at) for row in reversed(answers)),
        connection.execute(newest).scalar() or 0,
    )


def note(session: Session, assessment_id: int, person_id: str, at: datetime) -> None:
    """This person has it open now; notes that tell nothing any more go."""
    connection = session.connection()
    connection.execute(delete(_PRESENCE).where(_PRESENCE.c.at < at - FORGOTTEN_AFTER))
    here = (_PRESENCE.c.assessment_id == assessment_id, _PRESENCE.c.person_id == person_id)
    if connection.execute(update(_PRESENCE).where(*here).values(at=at)).rowcount == 0:
        connection.execute(insert(_PRESENCE).values(assessment_id=assessment_id, person_id=person_id, at=at))
