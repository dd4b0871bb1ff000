"""Deeds on a decided assessment: its day of reassessment, changes, follow-ups, later logs, its end; re-exported by `actions`."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from assessments import authority, periods
from assessments.content import uploads
from assessments.content.answers import clean_text
from assessments.content.canonical import digest
from assessments.content.uploads import Upload
from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.deeds.holding import check_not_held
from assessments.errors import (
    AlreadyDoneError,
    EvidenceRefusedError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    WrongStatusError,
)
from assessments.model import Actor, Assessment
from assessments.rules import lifecycle, workflow
from assessments.rules.lifecycle import Cause, ChangeKind, Following, FollowUp, Retirement
from assessments.storage import evidence_files, following, history, reader
from assessments.storage.database import Session
from assessments.storage.entries import Proof
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def set_reassessment(session: Session, assessment_id: int, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Sets the day by which it is to be assessed again. Only the committee puts it off.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "set_reassessment", actor)
    decided, followed = _alive(session, assessment_id)
    reason = _reason(reason)
    if on <= seoul_day(at):
        raise InvalidAnswerError(TEXTS.told("reassessment_day_past", day=on))
    before = lifecycle.reassessment_day(decided, followed, periods.current().reassess_months)
    if before is not None and on > before and not actor.roles & workflow.COMMITTEE:
        raise NotAllowedError(TEXTS.told("only_committee_puts_off", day=before))
    following.set_reassessment(session, assessment_id, on, reason, actor.person, at)
    values = {"old": before.isoformat() if before else None, "new": on.isoformat(), "reason": reason}
    _note(session, "set_reassessment", decided, values, actor, at)


def state_change(
    session: Session, assessment_id: int, kind: ChangeKind, text: str, on: date, actor: Actor, at: datetime
) -> int:
    """States a material change of the system, which calls for a reassessment. Returns its number.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "state_change", actor)
    decided, _followed = _alive(session, assessment_id)
    text = clean_text(text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("change_without_text"))
    _check_not_ahead(on, at)
    newest = reader.get_assessment(session, assessment_id)
    number = following.add_change(session, newest, ChangeKind(kind), text, on, actor.person, at)
    values = {"change": number, "kind": ChangeKind(kind).value, "text": text, "on": on.isoformat()}
    _note(session, "state_change", decided, values, actor, at)
    return number


def follow_up(
    session: Session,
    assessment_id: int,
    cause: Cause,
    which: str,
    on: date,
    text: str,
    shown_by: Upload | str,
    actor: Actor,
    at: datetime,
) -> None:
    """States that a planned measure or a condition is done. shown_by: a new file, or the id of one that is there already.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError, EvidenceRefusedError.
    """
    actor = authority.over(session, assessment_id, "follow_up", actor)
    decided, followed = _alive(session, assessment_id)
    about = _about(decided, followed, cause, which)
    last = lifecycle.state_of(cause, which, about, followed.follow_ups)
    if last is not None and last.is_done:
        raise AlreadyDoneError(TEXTS.told("done_already", name=last.by.name, day=last.on))
    text = clean_text(text, "text")
    if not text:
        raise IncompleteError(TEXTS.told("done_without_text"))
    _check_not_ahead(on, at)
    evidence = _shown(session, decided, shown_by, actor, at)
    line = FollowUp(cause, which, about, True, on, text, actor.person, at, evidence)
    following.add_follow_up(session, assessment_id, line)
    _note(session, "follow_up", decided, _told(line), actor, at)


def reopen_follow_up(
    session: Session, assessment_id: int, cause: Cause, which: str, reason: str, actor: Actor, at: datetime
) -> None:
    """What was said to be done is open again after all.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "reopen_follow_up", actor)
    decided, followed = _alive(session, assessment_id)
    about = _about(decided, followed, cause, which)
    last = lifecycle.state_of(cause, which, about, followed.follow_ups)
    if last is None or not last.is_done:
        raise WrongStatusError(TEXTS.told("not_done_yet"))
    line = FollowUp(cause, which, about, False, seoul_day(at), _reason(reason), actor.person, at)
    following.add_follow_up(session, assessment_id, line)
    _note(session, "reopen_follow_up", decided, _told(line), actor, at)


def watch_log(session: Session, assessment_id: int, log: KeptLog, actor: Actor, at: datetime) -> int:
    """Keeps the figures of a log that was counted after the decision, held against the triggers of what was decided.

    It is no part of what was decided and changes nothing of it. Returns its number.

    Raises: NotAllowedError, NotFoundError, WrongStatusError.
    """
    actor = authority.over(session, assessment_id, "watch_log", actor)
    decided, _followed = _alive(session, assessment_id)
    number = following.add_log(session, decided, log, actor.person, at)
    source = log.analysis.source
    values = {
        "watched": number,
        "file_name": source.name,
        "sha256": source.sha256,
        "kept_sha256": digest(kept_log.to_json(log)),
        "rows": source.total,
        "rows_used": source.used,
        "figures": list(following.beyond(decided, log)),
    }
    _note(session, "watch_log", decided, values, actor, at)
    return number


def retire(session: Session, assessment_id: int, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """The system is no longer offered or used: nothing is due any more. What was decided stays as it is.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "retire", actor)
    decided, _followed = _alive(session, assessment_id)
    _check_not_ahead(on, at)
    retirement = Retirement(on, _reason(reason), actor.person, at)
    following.retire(session, assessment_id, retirement)
    _note(session, "retire", decided, {"on": on.isoformat(), "reason": retirement.reason}, actor, at)


def resume(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """The system is used after all.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "resume", actor)
    decided = following.decided(session, assessment_id)
    if decided is None or following.of_assessment(session, decided).retirement is None:
        raise WrongStatusError(TEXTS.told("not_retired", id=assessment_id))
    if following.archived(session, assessment_id) is not None:
        raise WrongStatusError(TEXTS.told("archived_already", id=assessment_id))
    reason = _reason(reason)
    following.resume(session, assessment_id)
    _note(session, "resume", decided, {"reason": reason}, actor, at)


def archive(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Takes it out of the lists; it can be read as before. Only what is at its end, and on which no legal hold stands.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "archive", actor)
    newest = reader.get_assessment(session, assessment_id)
    reason = _reason(reason)
    if following.archived(session, assessment_id) is not None:
        raise AlreadyDoneError(TEXTS.told("archived_already", id=assessment_id))
    check_not_held(session, assessment_id)
    if not following.is_ended(session, newest):
        raise WrongStatusError(TEXTS.told("not_at_its_end", id=assessment_id))
    following.archive(session, assessment_id, reason, actor.person, at)
    _note(session, "archive", newest, {"reason": reason}, actor, at)


def unarchive(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Puts it back into the lists. Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError."""
    actor = authority.over(session, assessment_id, "unarchive", actor)
    newest = reader.get_assessment(session, assessment_id)
    if following.archived(session, assessment_id) is None:
        raise WrongStatusError(TEXTS.told("not_archived", id=assessment_id))
    reason = _reason(reason)
    following.unarchive(session, assessment_id)
    _note(session, "unarchive", newest, {"reason": reason}, actor, at)


# --- parts ---------------------------------------------------------------------------------------------------


def _alive(session: Session, assessment_id: int) -> tuple[Assessment, Following]:
    """The decided revision and what followed. Raises: WrongStatusError unless an approval stands of a system in use."""
    decided = following.decided(session, assessment_id)
    followed = following.of_assessment(session, decided) if decided else Following()
    if decided is None or not lifecycle.is_alive(decided, followed):
        raise WrongStatusError(TEXTS.told("nothing_follows", id=assessment_id))
    return decided, followed


def _reason(text: str) -> str:
    """Raises: IncompleteError."""
    reason = clean_text(text, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("deed_without_reason"))
    return reason


def _check_not_ahead(on: date, at: datetime) -> None:
    today = seoul_day(at)
    if on > today:
        raise InvalidAnswerError(TEXTS.told("day_ahead", today=today, day=on))


def _about(decided: Assessment, followed: Following, cause: Cause, which: str) -> str:
    """The text of the measure or condition. Raises: NotFoundError."""
    texts = {(Cause.MEASURE, measure.id): measure.text for measure in decided.measures if not measure.is_in_place}
    texts |= {(Cause.CONDITION, condition.id): condition.text for condition in followed.conditions}
    if (cause, which) not in texts:
        raise NotFoundError(TEXTS.told("nothing_to_follow_up", id=decided.id, which=which))
    return texts[cause, which]


def _shown(session: Session, decided: Assessment, shown_by: Upload | str, actor: Actor, at: datetime) -> str:
    """The id of the file that shows it. Raises: NotFoundError, IncompleteError, EvidenceRefusedError."""
    number = decided.id or 0
    if isinstance(shown_by, str):
        there = {evidence.id for evidence in decided.evidence}
        there |= {proof.id for proof in following.proofs(session, number)}
        if not shown_by:
            raise IncompleteError(TEXTS.told("done_without_evidence"))
        if shown_by not in there:
            raise NotFoundError(TEXTS.told("no_such_evidence", id=number, evidence=shown_by))
        return shown_by
    media_type = uploads.examine(shown_by)
    stored_bytes = reader.evidence_bytes(session, number)
    if stored_bytes + len(shown_by.content) > uploads.MAX_BYTES_OF_ASSESSMENT:
        limit = uploads.MAX_BYTES_OF_ASSESSMENT // 2**20
        raise EvidenceRefusedError(TEXTS.told("over_quota", limit=limit, kept=stored_bytes / 2**20))
    name = uploads.clean_file_name(shown_by.file_name)
    stored = evidence_files.keep(
        session.info, evidence_files.EVIDENCE, shown_by.content, uploads.EXTENSIONS[media_type][0]
    )
    proof = Proof(
        f"pr-{secrets.token_hex(8)}",
        number,
        clean_text(shown_by.title, "title") or name,
        name,
        stored,
        hashlib.sha256(shown_by.content).hexdigest(),
        len(shown_by.content),
        media_type,
        actor.person,
        at,
    )
    following.add_proof(session, proof)
    values = {name: value for name, value in asdict(proof).items() if name not in ("by", "at", "assessment_id")}
    history.add_event(session, "add_proof", actor, at, number, decided.revision, {"proof": values})
    return proof.id


def _told(line: FollowUp) -> dict[str, Any]:
    return {
        "cause": line.cause.value,
        "which": line.which,
        "about": line.about,
        "on": line.on.isoformat(),
        "text": line.text,
        "shown_by": line.evidence,
    }


def _note(session: Session, deed: str, of: Assessment, values: dict[str, Any], actor: Actor, at: datetime) -> None:
    """The event of a deed, and what is due now."""
    history.add_event(session, deed, actor, at, of.id, of.revision, values)
    following.refresh(session, of.id or 0)
