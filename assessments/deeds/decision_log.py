"""Deeds on the decision log of a draft: keep its figures, set its triggers, withdraw it; re-exported by `actions`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from assessments import authority
from assessments.content.answers import clean_text
from assessments.decision_log.judging import stored_log
from assessments.decision_log.kept_log import KeptLog, Withdrawal
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.triggers import Triggers
from assessments.deeds.holding import check_not_held
from assessments.errors import IncompleteError, InvalidAnswerError, NotFoundError, StaleAssessmentError
from assessments.model import Actor, Assessment
from assessments.rules import workflow
from assessments.storage import history, projection, reader, writer
from assessments.storage.database import Session
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def set_log(session: Session, assessment_id: int, log: KeptLog, actor: Actor, at: datetime) -> None:
    """Stores a log's figures, replacing any earlier log; triggers already set stay unless the new log brings its own.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, LogRefusedError if it may not take the
    place of the one before.
    """
    assessment, actor = _editable(session, assessment_id, "set_log", actor)
    if assessment.log is not None:
        _check_may_go(session, assessment)
    _check_place(assessment, log)
    if assessment.log is not None and not log.triggers.triggers:
        log = replace(log, triggers=assessment.log.triggers)
    log = replace(log, triggers=_cleaned(log.triggers))
    check_triggers(log.triggers, seoul_day(at), assessment.log.triggers if assessment.log else None)
    source = log.analysis.source
    values = {
        "file_name": source.name,
        "sha256": source.sha256,
        "rows": source.total,
        "rows_used": source.used,
        "replaces": assessment.log.analysis.source.sha256 if assessment.log else None,
    }
    _keep(session, assessment, log, "set_log", values, actor, at)


def set_log_triggers(
    session: Session,
    assessment_id: int,
    triggers: Triggers,
    actor: Actor,
    at: datetime,
    *,
    seen: Triggers | None = None,
) -> None:
    """Replaces the organisation's own triggers.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, StaleAssessmentError.
    """
    assessment, actor = _editable(session, assessment_id, "set_log_triggers", actor)
    log = _log(assessment)
    if seen is not None and seen != log.triggers:
        change = reader.last_change(session, assessment)
        raise StaleAssessmentError(TEXTS.told("triggers_changed", change=change))
    cleaned = _cleaned(triggers)
    check_triggers(cleaned, seoul_day(at), log.triggers)
    values = {"old": _as_json(log.triggers), "new": _as_json(cleaned)}
    _keep(session, assessment, replace(log, triggers=cleaned), "set_log_triggers", values, actor, at)


def remove_log(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraws the log: it no longer supports the claim, but what contradicts the claim stays. A made log is deleted.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError without a reason.
    """
    assessment, actor = _editable(session, assessment_id, "remove_log", actor)
    _check_may_go(session, assessment)
    log = _log(assessment)
    source, why = log.analysis.source, clean_text(reason, "reason")
    if not why:
        raise IncompleteError(TEXTS.told("log_withdrawn_without_reason"))
    values = {"file_name": source.name, "sha256": source.sha256, "reason": why}
    left = replace(log, withdrawn=Withdrawal(seoul_day(at), why)) if _counts(assessment, log) else None
    _keep(session, assessment, left, "remove_log", values, actor, at)


# --- parts ---------------------------------------------------------------------------------------------------


def _editable(session: Session, assessment_id: int, deed: str, actor: Actor) -> tuple[Assessment, Actor]:
    actor = authority.over(session, assessment_id, deed, actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    return assessment, actor


def _check_place(assessment: Assessment, new: KeptLog) -> None:
    """Raises: LogRefusedError unless the new log is longer or later than the one it replaces."""
    old = assessment.log
    if old is None or not _counts(assessment, old):
        return
    if _counts(assessment, new) and stored_log.may_replace(new.analysis, old.analysis):
        return
    name, until = new.analysis.source.name, stored_log.needed(old.analysis)
    raise LogRefusedError(TEXTS.told("log_replaces_none", name=name, until=until, old=old.analysis.source.name))


def _check_may_go(session: Session, assessment: Assessment) -> None:
    """Under a legal hold no figures go of which no other revision holds the same. Raises: WrongStatusError."""
    if not reader.is_log_elsewhere(session, assessment):
        check_not_held(session, assessment.id or 0)


def _counts(assessment: Assessment, log: KeptLog) -> bool:
    return stored_log.counts(log, is_example=assessment.operator.is_example)


def _log(assessment: Assessment) -> KeptLog:
    if assessment.log is None:
        raise NotFoundError(TEXTS.told("no_log", id=assessment.id))
    return assessment.log


def _keep(
    session: Session,
    assessment: Assessment,
    log: KeptLog | None,
    deed: str,
    values: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    writer.set_log(session, assessment, log, actor.person, at)
    authors = writer.add_author(session, assessment, actor.person)
    history.add_event(session, deed, actor, at, assessment.id, assessment.revision, values)
    projection.save(session, replace(assessment, log=log, authors=authors), at)


def _cleaned(triggers: Triggers) -> Triggers:
    """The triggers with cleaned texts. Raises: InvalidAnswerError."""
    return Triggers(
        triggers=tuple(
            trigger.model_copy(
                update={
                    "reason": clean_text(trigger.reason, f"triggers.{trigger.figure}.reason"),
                    "by": clean_text(trigger.by, f"triggers.{trigger.figure}.by"),
                }
            )
            for trigger in triggers.triggers
        )
    )


def check_triggers(triggers: Triggers, today: date, former: Triggers | None = None) -> None:
    """former: those that were kept before, which stay. Raises: InvalidAnswerError if a day lies ahead, or no log could miss a mark."""
    for trigger in triggers.triggers:
        if former is not None and trigger in former.triggers:
            continue
        if trigger.on > today:
            raise InvalidAnswerError(TEXTS.told("trigger_day_ahead", today=today, day=trigger.on))
        if trigger.is_never_missed:
            raise InvalidAnswerError(TEXTS.told("trigger_never_missed", mark=str(trigger.mark)))


def _as_json(triggers: Triggers) -> list[dict[str, Any]]:
    return [trigger.model_dump(mode="json") for trigger in triggers.triggers]
