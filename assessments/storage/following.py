"""What was stored about an assessment after its decision: decided, of_assessment, holds, and its small writers; duties for lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from assessments import editions, periods
from assessments.decision_log import kept_log
from assessments.decision_log.judging import findings as log_findings
from assessments.decision_log.judging import stored_log
from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.errors import NotFoundError, QuestionnaireChangedError
from assessments.model import Assessment, Person, Status
from assessments.rules import lifecycle, operators
from assessments.rules.findings import CLAIM, derive
from assessments.rules.lifecycle import (
    Cause,
    ChangeKind,
    ConditionOfApproval,
    Duty,
    Following,
    FollowUp,
    InForce,
    Keeping,
    MaterialChange,
    Retirement,
    WatchedLog,
)
from assessments.storage import committee, reader
from assessments.storage.entries import Archived, Hold, Proof, ReassessmentLine, Release
from assessments.storage.life_tables import (
    ArchivedRow,
    DutyRow,
    FollowUpRow,
    LegalHoldRow,
    MaterialChangeRow,
    ProofRow,
    ReassessmentRow,
    RetiredRow,
    WatchedLogRow,
)
from assessments.storage.tables import ProjectionRow, RevisionRow, Table, table_of
from questionnaires import load
from questionnaires.wording import seoul_day

_DUTY, _RESULT = table_of(DutyRow), table_of(ProjectionRow)


# --- reading ------------------------------------------------------------------------------------------------


def decided(session: Session, assessment_id: int) -> Assessment | None:
    """The newest revision with a decision, whatever became of it since, but for one that was refused. None: there is none."""
    query = select(func.max(RevisionRow.number)).where(
        RevisionRow.assessment_id == assessment_id,
        col(RevisionRow.ruling).is_not(None),
        RevisionRow.status != Status.REFUSED.value,
    )
    number = session.scalar(query)
    return None if number is None else reader.get_assessment(session, assessment_id, number)


def of_assessment(session: Session, of: Assessment) -> Following:
    """What followed the decision on this revision."""
    number = of.id or 0
    changes = session.exec(_lines(MaterialChangeRow, number))
    follow_ups = session.exec(_lines(FollowUpRow, number))
    reassessment = session.exec(
        select(ReassessmentRow)
        .where(ReassessmentRow.assessment_id == number)
        .order_by(col(ReassessmentRow.id).desc())
        .limit(1)
    ).first()
    retired = session.get(RetiredRow, number)
    return Following(
        reassess_on=reassessment.on_day if reassessment and _is_of(reassessment.at, of) else None,
        changes=tuple(_change(row) for row in changes),
        conditions=tuple(
            ConditionOfApproval(
                str(agreed.id),
                agreed.condition.text,
                agreed.condition.owner,
                agreed.condition.due,
                agreed.condition.owner_id,
            )
            for agreed in committee.conditions(session, number)
            if agreed.revision == of.revision
        ),
        follow_ups=tuple(_follow_up(row) for row in follow_ups),
        logs=tuple(_watched(session, of)),
        retirement=_retirement(retired) if retired else None,
        newest=_newest_status(session, number),
    )


def reassessment_line(session: Session, of: Assessment) -> ReassessmentLine | None:
    """Who set the day of reassessment, and why. None: it follows from the decision."""
    rows = [row for row in session.exec(_lines(ReassessmentRow, of.id or 0)) if _is_of(row.at, of)]
    if not rows:
        return None
    return ReassessmentLine(rows[-1].on_day, rows[-1].reason, Person(rows[-1].by_id, rows[-1].by_name), rows[-1].at)


def holds(session: Session, assessment_id: int) -> tuple[Hold, ...]:
    """All that were ever placed, oldest first."""
    return tuple(_hold(row) for row in session.exec(_lines(LegalHoldRow, assessment_id)))


def standing_hold(session: Session, assessment_id: int) -> Hold | None:
    """The oldest that is not released. None: nothing is held."""
    return next((hold for hold in holds(session, assessment_id) if hold.stands), None)


def is_anything_held(session: Session) -> bool:
    """Whether a hold stands on any assessment of this installation."""
    query = select(LegalHoldRow.id).where(col(LegalHoldRow.second_at).is_(None)).limit(1)
    return session.exec(query).first() is not None


def keeping(session: Session, assessment_id: int) -> Keeping | None:
    """Until when the record is kept, by what was signed off last. None: nothing was. Raises: QuestionnaireChangedError."""
    query = select(func.max(RevisionRow.number)).where(
        RevisionRow.assessment_id == assessment_id, col(RevisionRow.signed_sha256).is_not(None)
    )
    number = session.scalar(query)
    if number is None:
        return None
    signed = reader.get_assessment(session, assessment_id, number)
    questionnaires = editions.questionnaires(signed)
    results = derive(questionnaires, signed)
    retired = session.get(RetiredRow, assessment_id)
    at = signed.sign_off.at if signed.sign_off else None
    return lifecycle.keeping(
        seoul_day(at) if at else None,
        results.determination.with_claim.outcome,
        operators.is_operator(results.role, questionnaires),
        operators.keep_years(questionnaires),
        periods.current().keep_years,
        _retirement(retired) if retired else None,
    )


def is_ended(session: Session, newest: Assessment) -> bool:
    """Whether nothing more is to come of it: withdrawn, rejected, refused or retired, with no revision at work."""
    last = decided(session, newest.id or 0)
    if newest.status.is_editable or newest.status is Status.SUBMITTED:
        return False
    if last is None:
        return newest.status in (Status.WITHDRAWN, Status.REFUSED)
    return not lifecycle.is_alive(last, of_assessment(session, last))


def in_force(domain: str, today: date) -> Mapping[str, InForce]:
    """Questionnaire id → its edition in force on a day, of all that an assessment in this domain answers; empty where there is none."""
    return _in_force(domain, today, load.seen())


@lru_cache(maxsize=256)
def _in_force(domain: str, today: date, _seen: load.Seen) -> Mapping[str, InForce]:
    try:
        pinned = editions.of_pinned(editions.pinned_for(domain, today))
    except (NotFoundError, QuestionnaireChangedError):
        return {}
    return {name: InForce(edition.version, edition.questionnaire.in_force_from) for name, edition in pinned.items()}


def archived(session: Session, assessment_id: int) -> Archived | None:
    """None: it stands in the lists."""
    row = session.get(ArchivedRow, assessment_id)
    return Archived(row.reason, Person(row.by_id, row.by_name), row.at) if row else None


def proofs(session: Session, assessment_id: int) -> tuple[Proof, ...]:
    """Files attached after the decision, oldest first."""
    query = select(ProofRow).where(ProofRow.assessment_id == assessment_id).order_by(col(ProofRow.at), col(ProofRow.id))
    return tuple(_proof(row) for row in session.exec(query))


def proof(session: Session, proof_id: str) -> Proof | None:
    row = session.get(ProofRow, proof_id)
    return _proof(row) if row else None


# --- writing ------------------------------------------------------------------------------------------------


def set_reassessment(session: Session, assessment_id: int, on: date, reason: str, by: Person, at: datetime) -> None:
    _add(session, ReassessmentRow(assessment_id=assessment_id, on_day=on, reason=reason, **_who(by, at)))


def add_change(
    session: Session, of: Assessment, kind: ChangeKind, text: str, on: date, by: Person, at: datetime
) -> int:
    """of: the newest revision, which knows of the change only while it is being written. Returns the change's id."""
    row = MaterialChangeRow(
        assessment_id=of.id or 0,
        answered_after=of.revision - 1 if of.status.is_editable else of.revision,
        kind=kind.value,
        text=text,
        on_day=on,
        **_who(by, at),
    )
    return _added(session, row)


def add_follow_up(session: Session, assessment_id: int, line: FollowUp) -> None:
    row = FollowUpRow(
        assessment_id=assessment_id,
        cause=line.cause.value,
        which=line.which,
        about=line.about,
        is_done=line.is_done,
        on_day=line.on,
        text=line.text,
        evidence=line.evidence,
        **_who(line.by, line.at),
    )
    _add(session, row)


def add_proof(session: Session, proof: Proof) -> None:
    row = ProofRow(
        id=proof.id,
        assessment_id=proof.assessment_id,
        title=proof.title,
        file_name=proof.file_name,
        stored_name=proof.stored_name,
        sha256=proof.sha256,
        size=proof.size,
        media_type=proof.media_type,
        **_who(proof.by, proof.at),
    )
    _add(session, row)


def add_log(session: Session, of: Assessment, log: KeptLog, by: Person, at: datetime) -> int:
    """of: the decided revision whose triggers it is held against. Returns the log's id."""
    row = WatchedLogRow(
        revision_id=_revision_id(session, of),
        sha256=log.analysis.source.sha256,
        kept=kept_log.to_json(log),
        **_who(by, at),
    )
    return _added(session, row)


def retire(session: Session, assessment_id: int, retirement: Retirement) -> None:
    row = RetiredRow(
        assessment_id=assessment_id,
        on_day=retirement.on,
        reason=retirement.reason,
        **_who(retirement.by, retirement.at),
    )
    _add(session, row)


def resume(session: Session, assessment_id: int) -> None:
    _remove(session, RetiredRow, assessment_id)


def archive(session: Session, assessment_id: int, reason: str, by: Person, at: datetime) -> None:
    _add(session, ArchivedRow(assessment_id=assessment_id, reason=reason, **_who(by, at)))


def unarchive(session: Session, assessment_id: int) -> None:
    _remove(session, ArchivedRow, assessment_id)


def place_hold(session: Session, assessment_id: int, reason: str, by: Person, at: datetime) -> int:
    """Returns the hold's id."""
    return _added(session, LegalHoldRow(assessment_id=assessment_id, reason=reason, **_who(by, at)))


def release_hold(session: Session, hold: Hold, reason: str, by: Person, at: datetime) -> None:
    """As the first or, where somebody has released it already, as the second."""
    row = session.get_one(LegalHoldRow, hold.id)
    side = "first" if hold.first is None else "second"
    row.sqlmodel_update(
        {f"{side}_by_id": by.id, f"{side}_by_name": by.name, f"{side}_reason": reason, f"{side}_at": at}
    )
    session.add(row)
    session.flush()


def refresh(session: Session, assessment_id: int) -> tuple[Duty, ...]:
    """Derives anew what is open of an assessment; belongs into the transaction of every deed that can change it."""
    session.flush()
    connection = session.connection()
    connection.execute(delete(_DUTY).where(_DUTY.c.assessment_id == assessment_id))
    of = decided(session, assessment_id)
    months = periods.current().reassess_months
    open_duties = lifecycle.duties(of, of_assessment(session, of), months) if of else ()
    again = next((duty.on for duty in open_duties if duty.cause is Cause.REASSESSMENT), None)
    connection.execute(update(_RESULT).where(_RESULT.c.assessment_id == assessment_id).values(reassess_on=again))
    if of is None:
        return ()
    if open_duties:
        rows = [
            {
                "assessment_id": assessment_id,
                "cause": duty.cause.value,
                "which": duty.which,
                "revision": of.revision,
                "on_day": duty.on,
                "text": duty.text,
                "owner": duty.owner,
                "owner_id": duty.owner_id,
            }
            for duty in open_duties
        ]
        connection.execute(insert(_DUTY), rows)
    return open_duties


def rebuild(session: Session) -> int:
    """Derives the duties of every assessment with a decision anew. How many those are."""
    query = select(RevisionRow.assessment_id).where(col(RevisionRow.ruling).is_not(None)).distinct()
    numbers = session.exec(query).all()
    for number in numbers:
        refresh(session, number)
    return len(numbers)


def is_unbuilt(session: Session) -> bool:
    """Whether something was decided here by a program that knew no duties yet."""
    if session.exec(select(DutyRow.assessment_id).limit(1)).first() is not None:
        return False
    query = select(RevisionRow.id).where(
        col(RevisionRow.ruling).in_(("approved", "approved_with_conditions")),
        col(RevisionRow.status).in_((Status.DECIDED.value, Status.SIGNED_OFF.value)),
    )
    return session.exec(query.limit(1)).first() is not None


# --- parts --------------------------------------------------------------------------------------------------


def _lines(row_class: Any, assessment_id: int) -> Any:
    """Oldest first."""
    return select(row_class).where(row_class.assessment_id == assessment_id).order_by(col(row_class.id))


def _who(by: Person, at: datetime) -> dict[str, Any]:
    return {"by_id": by.id, "by_name": by.name, "at": at}


def _add(session: Session, row: Table) -> None:
    session.add(row)
    session.flush()


def _added(session: Session, row: Any) -> int:
    _add(session, row)
    return int(row.id)


def _remove(session: Session, row_class: Any, assessment_id: int) -> None:
    table = table_of(row_class)
    session.connection().execute(delete(table).where(table.c.assessment_id == assessment_id))


def _revision_id(session: Session, of: Assessment) -> int:
    query = select(RevisionRow.id).where(RevisionRow.assessment_id == of.id, RevisionRow.number == of.revision)
    return session.exec(query).one() or 0


def _newest_status(session: Session, assessment_id: int) -> Status:
    query = select(RevisionRow.status).where(RevisionRow.assessment_id == assessment_id)
    return Status(session.exec(query.order_by(col(RevisionRow.number).desc()).limit(1)).one())


def _is_of(at: datetime, of: Assessment) -> bool:
    """A day that was set before the decision on this revision was about an earlier one."""
    return of.decision is None or of.decision.at is None or at >= of.decision.at


def _change(row: MaterialChangeRow) -> MaterialChange:
    return MaterialChange(
        row.id or 0,
        ChangeKind(row.kind),
        row.text,
        row.on_day,
        Person(row.by_id, row.by_name),
        row.at,
        row.answered_after,
    )


def _follow_up(row: FollowUpRow) -> FollowUp:
    return FollowUp(
        Cause(row.cause),
        row.which,
        row.about,
        row.is_done,
        row.on_day,
        row.text,
        Person(row.by_id, row.by_name),
        row.at,
        row.evidence,
    )


def _retirement(row: RetiredRow) -> Retirement:
    return Retirement(row.on_day, row.reason, Person(row.by_id, row.by_name), row.at)


def _watched(session: Session, of: Assessment) -> Iterable[WatchedLog]:
    query = select(WatchedLogRow).where(WatchedLogRow.revision_id == _revision_id(session, of))
    for row in session.exec(query.order_by(col(WatchedLogRow.id))):
        log = kept_log.from_json(row.kept)
        yield WatchedLog(
            row.id or 0,
            of.revision,
            log.analysis.source.name,
            seoul_day(row.at),
            Person(row.by_id, row.by_name),
            row.at,
            beyond(of, log),
        )


def beyond(of: Assessment, log: KeptLog) -> tuple[str, ...]:
    """Figures of the log that lie wholly beyond the triggers of the decided revision; where it set none, beyond its own."""
    triggers = of.log.triggers if of.log and of.log.triggers.triggers else log.triggers
    if not stored_log.counts(log, is_example=of.operator.is_example):
        return ()
    figures = log_findings.beyond(log.analysis, read_claimed(of.answers(CLAIM)), triggers)
    return tuple(figure.value for figure in figures)


def _hold(row: LegalHoldRow) -> Hold:
    return Hold(
        row.id or 0,
        row.reason,
        Person(row.by_id, row.by_name),
        row.at,
        _release(row.first_by_id, row.first_by_name, row.first_reason, row.first_at),
        _release(row.second_by_id, row.second_by_name, row.second_reason, row.second_at),
    )


def _release(by_id: str | None, by_name: str | None, reason: str | None, at: datetime | None) -> Release | None:
    return Release(Person(by_id, by_name or ""), reason or "", at) if by_id and at else None


def _proof(row: ProofRow) -> Proof:
    return Proof(
        row.id,
        row.assessment_id,
        row.title,
        row.file_name,
        row.stored_name,
        row.sha256,
        row.size,
        row.media_type,
        Person(row.by_id, row.by_name),
        row.at,
    )
