"""How committees decide, and what they leave: of_unit, set_committee, votes, add_vote, add_conditions, conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session

from assessments.content.canonical import condition_json
from assessments.model import OF_ONE, Assessment, Committee, Condition, Vote
from assessments.storage import mapping
from assessments.storage.committee_tables import CommitteeRow, ConditionRow, VoteRow
from assessments.storage.tables import table_of
from assessments.storage.writer import revision_of

_COMMITTEE, _VOTE, _CONDITION = table_of(CommitteeRow), table_of(VoteRow), table_of(ConditionRow)
_VOTES = (
    select(_VOTE)
    .where(_VOTE.c.revision_id == bindparam("revision"), _VOTE.c.submission == bindparam("submission"))
    .order_by(_VOTE.c.seq)
)
_VOTES_OF_SOME = (
    select(_VOTE).where(_VOTE.c.revision_id.in_(bindparam("revisions", expanding=True))).order_by(_VOTE.c.seq)
)


# --- settings ---------------------------------------------------------------------------------------------------


def of_unit(session: Session, path: Sequence[int]) -> Committee:
    """The settings of the unit or of the nearest above it that has any. path: the unit and all above it."""
    rows = session.connection().execute(select(_COMMITTEE).where(_COMMITTEE.c.unit_id.in_(path)))
    settings = {row.unit_id: mapping.committee(row) for row in rows}
    return next((settings[unit] for unit in path if unit in settings), OF_ONE)


def set_committee(session: Session, unit_id: int, settings: Committee | None) -> None:
    """None: as the unit above it has them."""
    connection = session.connection()
    connection.execute(delete(_COMMITTEE).where(_COMMITTEE.c.unit_id == unit_id))
    if settings is not None:
        connection.execute(insert(_COMMITTEE), {"unit_id": unit_id, **asdict(settings)})


# --- votes ------------------------------------------------------------------------------------------------------


def votes(session: Session, revision_id: int, submission: int | None) -> tuple[Vote, ...]:
    """The last vote of each person on what was submitted last, in the order of the votes."""
    if submission is None:
        return ()
    rows = session.connection().execute(_VOTES, {"revision": revision_id, "submission": submission})
    return standing(mapping.vote(row) for row in rows)


def standing(cast: Iterable[Vote]) -> tuple[Vote, ...]:
    """The last of each person, of votes in their order."""
    last = {vote.by.id: vote for vote in cast}
    return tuple(sorted(last.values(), key=lambda vote: vote.seq))


def votes_of(session: Session, submissions: Collection[tuple[int, int]]) -> Mapping[int, tuple[Vote, ...]]:
    """Those that stand, by the id of the revision. submissions: id of a revision and the one that is meant."""
    if not submissions:
        return {}
    wanted = dict(submissions)
    cast: dict[int, list[Vote]] = {}
    for row in session.connection().execute(_VOTES_OF_SOME, {"revisions": list(wanted)}):
        if wanted[row.revision_id] == row.submission:
            cast.setdefault(row.revision_id, []).append(mapping.vote(row))
    return {revision_id: standing(some) for revision_id, some in cast.items()}


def add_vote(session: Session, assessment: Assessment, vote: Vote) -> None:
    columns = {
        "seq": vote.seq,
        "revision_id": revision_of(session, assessment).id,
        "submission": assessment.submission,
        "content_sha256": vote.content_sha256,
        "person_id": vote.by.id,
        "person_name": vote.by.name,
        "person_position": vote.by.position,
        "as_chair": vote.as_chair,
        "ballot": vote.ballot.value,
        "reason": vote.reason,
        "conditions": list(map(condition_json, vote.conditions)),
        "points": [asdict(point) for point in vote.points],
        "at": vote.at,
    }
    session.connection().execute(insert(_VOTE), columns)


# --- conditions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AgreedCondition:
    """A condition with the number by which what was done about it refers to it."""

    id: int
    assessment_id: int
    revision: int
    number: int
    """Its place in the decision, from 1."""
    condition: Condition


def add_conditions(session: Session, assessment: Assessment) -> None:
    """Those of its decision, for whoever sees to them."""
    decision = assessment.decision
    if decision is None or not decision.conditions:
        return
    rows = [
        {
            "assessment_id": assessment.id,
            "revision": assessment.revision,
            "number": number,
            "text": condition.text,
            "owner_id": condition.owner_id,
            "owner": condition.owner,
            "due": condition.due,
        }
        for number, condition in enumerate(decision.conditions, start=1)
    ]
    session.connection().execute(insert(_CONDITION), rows)


def conditions(session: Session, assessment_id: int) -> tuple[AgreedCondition, ...]:
    """Of all revisions of an assessment, in their order."""
    query = select(_CONDITION).where(_CONDITION.c.assessment_id == assessment_id)
    return tuple(
        AgreedCondition(
            row.id, row.assessment_id, row.revision, row.number, Condition(row.text, row.owner, row.due, row.owner_id)
        )
        for row in session.connection().execute(query.order_by(_CONDITION.c.revision, _CONDITION.c.number))
    )
