"""Deeds of a committee that votes, and of a signing officer who does not sign; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from assessments import authority, editions
from assessments.content.answers import clean_text
from assessments.content.canonical import condition_json
from assessments.deeds import steps
from assessments.errors import InvalidAnswerError, StaleAssessmentError
from assessments.model import (
    OF_ONE,
    Actor,
    Assessment,
    Ballot,
    Committee,
    Condition,
    RefusalGoal,
    ReturnPoint,
    Role,
    Status,
    Vote,
)
from assessments.rules import voting, workflow
from assessments.storage import committee, following, history, projection, reader, submissions, units, wording, writer
from assessments.storage.database import Session
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
MOST_VOTES = 50


def set_committee(session: Session, unit: int, settings: Committee | None, actor: Actor, at: datetime) -> None:
    """How the committee of this unit and of those below decides; what is being voted on follows at once.

    settings: None: as the unit above has them. Raises: NotFoundError, NotAllowedError, InvalidAnswerError.
    """
    actor = authority.over(session, unit, "set_committee", actor)
    if settings is not None and not 1 <= settings.quorum <= MOST_VOTES:
        raise InvalidAnswerError(TEXTS.told("quorum_out_of_range", most=MOST_VOTES))
    before = units.tree(session).units[unit].committee
    if settings == before:
        return
    committee.set_committee(session, unit, settings)
    values = {
        "unit": unit,
        "old": asdict(before) if before else None,
        "committee": asdict(settings) if settings else None,
    }
    history.add_event(session, "set_committee", actor, at, values=values)


def cast_vote(
    session: Session,
    assessment_id: int,
    ballot: Ballot,
    reason: str,
    content_sha256: str,
    actor: Actor,
    at: datetime,
    *,
    conditions: Sequence[Condition] = (),
    points: Sequence[ReturnPoint] = (),
) -> None:
    """On exactly the content the member saw; in the place of their earlier vote, until the chair closes. Who is recused stays so.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "cast_vote", actor)
    before = reader.get_assessment(session, assessment_id)
    named = steps.owned(session, assessment_id, conditions)
    steps.check_terms(named, seoul_day(at))
    vote = Vote(
        actor.person,
        Ballot(ballot),
        clean_text(reason, "reason"),
        at,
        content_sha256,
        Role.CHAIR in actor.roles,
        steps.cleaned(named),
        tuple(steps.checked_points(points, editions.questionnaires(before))),
    )
    workflow.vote(before, actor, vote)
    steps.check_content(session, before, content_sha256)
    values = {
        "ballot": vote.ballot.value,
        "reason": vote.reason,
        "content_sha256": content_sha256,
        "as_chair": vote.as_chair,
        "conditions": list(map(condition_json, vote.conditions)),
        "points": [asdict(point) for point in vote.points],
    }
    event = history.add_event(session, "cast_vote", actor, at, assessment_id, before.revision, values)
    committee.add_vote(session, before, replace(vote, seq=event.seq))


def close_vote(
    session: Session, assessment_id: int, reason: str, content_sha256: str, seen: int, actor: Actor, at: datetime
) -> Status:
    """Decides or returns, as the votes have it, and tells which. seen: number of the newest vote that the chair saw.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "close_vote", actor)
    before = reader.get_assessment(session, assessment_id)
    reason = clean_text(reason, "reason")
    after = workflow.close(before, actor, at, reason)
    steps.check_content(session, before, content_sha256)
    if max((vote.seq for vote in before.votes), default=0) != seen:
        raise StaleAssessmentError(TEXTS.told("votes_changed"))
    votes = [vote.seq for vote in before.votes]
    if after.status is Status.RETURNED:
        points = voting.points(before.votes, before.committee or OF_ONE, actor.id)
        steps.returned(session, before, after, actor, at, reason, points, votes=votes)
    else:
        steps.decided(session, before, after, actor, at, votes=votes)
    return after.status


def refuse_sign_off(
    session: Session,
    assessment_id: int,
    reason: str,
    goal: RefusalGoal,
    content_sha256: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Ends the revision unsigned. A decision is never taken back: for author or committee another revision begins.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, StaleAssessmentError.
    """
    actor = authority.over(session, assessment_id, "refuse_sign_off", actor)
    before = reader.get_assessment(session, assessment_id)
    refused = workflow.refuse(before, actor, at, clean_text(reason, "reason"), RefusalGoal(goal))
    steps.check_content(session, before, content_sha256)
    writer.set_state(session, before, refused, actor.person, at)
    values = {"reason": refused.refusal.reason if refused.refusal else "", "goal": RefusalGoal(goal).value}
    history.add_event(session, "refuse_sign_off", actor, at, assessment_id, before.revision, values)
    after = workflow.follows_refusal(refused)
    if after is None:
        projection.set_status(session, refused, at)
        following.refresh(session, assessment_id)
        return
    is_for_author = after.status is Status.DRAFT
    changers = wording.changers(session, before) if is_for_author else ()
    authors = tuple(dict.fromkeys((*after.authors, *changers)))
    draft = replace(after, status=Status.DRAFT, content_sha256=None, authors=authors)
    writer.add_revision(session, draft, actor.person, at)
    writer.copy_content(session, before, draft)
    history.add_event(session, "revise", actor, at, assessment_id, draft.revision, {"from": before.revision})
    if not is_for_author:
        _submit_again(session, before, after, actor, at)
    projection.save(session, reader.get_assessment(session, assessment_id), at)
    following.refresh(session, assessment_id)


def _submit_again(session: Session, refused: Assessment, following: Assessment, actor: Actor, at: datetime) -> None:
    """The next revision with the very words that the refused one was submitted with, for a new vote."""
    draft, sha256 = reader.get_assessment(session, following.id or 0), refused.content_sha256 or ""
    values = {"content_sha256": sha256, "from": refused.revision}
    event = history.add_event(session, "submit_again", actor, at, following.id, following.revision, values)
    after = replace(
        draft,
        system=refused.system,
        operator=refused.operator,
        status=Status.SUBMITTED,
        content_sha256=sha256,
        submitted_by=following.submitted_by,
        submitted_at=following.submitted_at,
        submission=event.seq,
    )
    submissions.add(session, after, sha256, refused.submitted_by or actor.person, at)
    writer.set_state(session, draft, after, actor.person, at)
