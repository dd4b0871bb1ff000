"""Reports of signed-off assessments, printed, sealed and registered: seal; and the record that they are made from: record_of."""

from __future__ import annotations

from datetime import UTC, datetime

from assessments import actions, editions, viewing
from assessments.deeds import reports
from assessments.home import home
from assessments.keeping import auditing, sealed_files
from assessments.model import Actor, Assessment
from assessments.storage import database
from assessments.storage.entries import SealedReport
from exports.issuing import sealing
from exports.printing import pdf
from exports.record import appearance, record, redaction
from exports.record.record import Record
from jobs import own_key
from jobs.documents import as_result
from jobs.kinds import SealReport
from jobs.work import Work


def document_id(assessment: Assessment) -> str:
    """The number printed on the report: assessment and revision of this installation."""
    return f"HT-{assessment.id:05d}-{assessment.revision}"


def record_of(assessment_id: int, actor: Actor, at: datetime) -> Record:
    """The record as it stands now, with the history's checkpoint where it is signed off.

    Raises: AssessmentError; InvalidFileError where report.yaml is not what it should be.
    """
    with database.reading(actor.reach) as session:
        assessment = viewing.assessment(session, actor, assessment_id)
        checkpoint = viewing.checkpoint(session, actor, assessment)
        reassess_on = viewing.reassess_on(session, actor, assessment)
    pinned = editions.for_assessment(assessment)
    return record.build(
        assessment,
        pinned,
        at=at,
        checkpoint=checkpoint,
        document_id=document_id(assessment),
        appearance=appearance.read(home()),
        reassess_on=reassess_on,
    )


def newest_sealed(assessment_id: int, actor: Actor) -> SealedReport | None:
    """The full sealed report of the newest revision. None: it is not sealed. Raises: NotFoundError."""
    with database.reading(actor.reach) as session:
        assessment = viewing.assessment(session, actor, assessment_id)
        known = viewing.sealed_reports(session, actor, assessment_id)
    return next(
        (
            sealed_report
            for sealed_report in known
            if sealed_report.revision == assessment.revision and sealed_report.redacts is None
        ),
        None,
    )


def record_in(sealed: SealedReport) -> Record:
    """The record that was sealed. Raises: AssessmentError if it has changed since."""
    return record.read(sealed_files.record_of(sealed))


def seal(work: Work, request: SealReport) -> None:
    """Raises: AssessmentError, InvalidFileError."""
    built = _redacted(work, request) if request.is_redacted else _full(work, request)
    own_key.settle(record.organisation(built))
    built = sealing.prepare(built, home())
    work.tell("pages")
    pages = pdf.render(built, request.languages)
    work.tell("seal", 0.6)
    sealed = sealing.seal(pages, built, home())
    work.tell("register", 0.9)
    with work.ending(lambda: as_result(sealing.remark(sealed))) as session:
        actions.keep_report(
            session,
            request.assessment_id,
            sealed.pdf,
            built.sha256,
            work.person,
            datetime.now(UTC),
            languages=request.languages,
            certificate_sha256=sealed.certificate,
            seal_level=sealed.level.value,
        )


def _full(work: Work, request: SealReport) -> Record:
    with database.reading(work.person.reach) as session:
        viewing.checked(session, work.person, request.assessment_id, "keep_report")
        auditing.check_history(session)
        reports.check_unsealed(session, request.assessment_id)
    return record_of(request.assessment_id, work.person, datetime.now(UTC))


def _redacted(work: Work, request: SealReport) -> Record:
    with database.reading(work.person.reach) as session:
        viewing.checked(session, work.person, request.assessment_id, "keep_report")
    sealed = newest_sealed(request.assessment_id, work.person)
    if sealed is None:
        raise sealing.not_own()
    sealing.check_own(sealed_files.file_of(sealed), home(), datetime.now(UTC))
    full = record_in(sealed)
    return redaction.redact(full, record.questionnaires_of(full))
