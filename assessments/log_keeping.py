"""Deeds on the decision log of a draft: keeping its figures, its triggers, taking it out; `actions` offers them too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from assessments import rights
from assessments.answers import clean_text
from assessments.decision_log.kept import KeptLog
from assessments.decision_log.triggers import Triggers
from assessments.errors import NotFoundError, StaleAssessmentError
from assessments.model import Actor, Assessment
from assessments.rules import workflow
from assessments.storage import history, projection, reader, writer
from assessments.storage.database import Session


def set_log(session: Session, assessment_id: int, log: KeptLog, actor: Actor, at: datetime) -> None:
    """Keeps the figures of a log in place of any before; the triggers that were set stay unless this one brings its own.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError.
    """
    assessment = _editable(session, assessment_id, "set_log", actor)
    if assessment.log is not None and not log.triggers.triggers:
        log = replace(log, triggers=assessment.log.triggers)
    log = replace(log, triggers=_cleaned(log.triggers))
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
    """Replaces the organisation's own marks.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, InvalidAnswerError, StaleAssessmentError.
    """
    assessment = _editable(session, assessment_id, "set_log_triggers", actor)
    log = _log(assessment)
    if seen is not None and seen != log.triggers:
        change = reader.last_change(session, assessment)
        raise StaleAssessmentError(
            f"Somebody changed the triggers in the meantime (last change: {change}). Nothing was written; reload and look again.",
            f"그 사이에 다른 사람이 내부 기준을 변경했습니다(마지막 변경: {change}). 저장하지 않았습니다. 새로 고친 뒤 다시 확인하십시오.",
        )
    kept = _cleaned(triggers)
    values = {"old": _plain(log.triggers), "new": _plain(kept)}
    _keep(session, assessment, replace(log, triggers=kept), "set_log_triggers", values, actor, at)


def remove_log(session: Session, assessment_id: int, actor: Actor, at: datetime) -> None:
    """Takes the figures out of this revision. Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    assessment = _editable(session, assessment_id, "remove_log", actor)
    source = _log(assessment).analysis.source
    values = {"file_name": source.name, "sha256": source.sha256}
    _keep(session, assessment, None, "remove_log", values, actor, at)


# --- parts ---------------------------------------------------------------------------------------------------


def _editable(session: Session, assessment_id: int, deed: str, actor: Actor) -> Assessment:
    rights.check(actor, deed)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    return assessment


def _log(assessment: Assessment) -> KeptLog:
    if assessment.log is None:
        raise NotFoundError(
            f"Assessment {assessment.id} has no decision log. Reload the page.",
            f"평가 {assessment.id}번에 결정 기록이 없습니다. 화면을 새로 고치십시오.",
        )
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
    """Their texts cleaned. Raises: InvalidAnswerError."""
    return Triggers(
        triggers=tuple(
            one.model_copy(
                update={
                    "reason": clean_text(one.reason, f"triggers.{one.figure}.reason"),
                    "by": clean_text(one.by, f"triggers.{one.figure}.by"),
                }
            )
            for one in triggers.triggers
        )
    )


def _plain(triggers: Triggers) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in triggers.triggers]
