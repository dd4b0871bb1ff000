"""What the register says of a sealed file, a report or another document: look_up for people here, look_up_for_strangers; has_entries."""

from __future__ import annotations

from assessments import authority
from assessments.errors import NotAllowedError, NotFoundError
from assessments.model import Actor, Status
from assessments.registration import Registration, Standing, compare
from assessments.storage import database, evidence_files, meetings, official, reader
from assessments.storage.database import Session
from assessments.storage.entries import SealedReport


def has_entries() -> bool:
    """Whether any report was ever sealed and registered here. Raises: AssessmentError."""
    with database.reading() as session:
        return reader.has_register(session) and reader.has_sealed_reports(session)


def look_up(pdf: bytes, file_sha256: str, record_sha256: str | None, actor: Actor | None = None) -> Registration | None:
    """By the file's digest, else by its record's (None: it carries no record).

    actor: is told of reports outside their units what strangers are told. None: whoever runs this installation.
    None: there is no register, for nothing was ever kept here. Raises: AssessmentError.
    """
    with database.reading() as session:
        if not reader.has_register(session):
            return None
        documents = meetings.sealed_like(session, file_sha256, record_sha256)
        if any(file == pdf for _meeting, file in documents):
            return Registration(Standing.REGISTERED)
        if shown := [file for meeting, file in documents if _is_seen_meeting(session, meeting, actor)]:
            return Registration(compare(pdf, shown))
        official_documents = official.sealed_like(session, file_sha256, record_sha256)
        if any(file == pdf for _assessment, file in official_documents):
            return Registration(Standing.REGISTERED)
        if shown := [file for of, file in official_documents if _may_read_report(session, of, actor)]:
            return Registration(compare(pdf, shown))
        same = reader.find_sealed(session, file_sha256)
        if same is not None and _is_seen(session, same, actor):
            return Registration(Standing.REGISTERED, _is_superseded(session, same))
        if same is not None:
            return Registration(Standing.REGISTERED, reader.is_replaced(session, same))
        of_record = reader.sealed_of_record(session, record_sha256) if record_sha256 else ()
        others = [sealed_report for sealed_report in of_record if _is_seen(session, sealed_report, actor)]
        sealed_contents = [content for sealed_report in others if (content := _content(sealed_report)) is not None]
        is_superseded = any(_is_superseded(session, sealed_report) for sealed_report in others)
    standing = compare(pdf, sealed_contents)
    return Registration(Standing.OTHER if others and standing is Standing.UNKNOWN else standing, is_superseded)


def look_up_for_strangers(_pdf: bytes, file_sha256: str, _record_sha256: str | None) -> Registration | None:
    """Whether this very file is registered and a later revision sealed; nothing of other files, nor of what is only begun.

    None: there is no register. Raises: AssessmentError.
    """
    with database.reading() as session:
        if not reader.has_register(session):
            return None
        if meetings.sealed_like(session, file_sha256, None) or official.sealed_like(session, file_sha256, None):
            return Registration(Standing.REGISTERED)
        same = reader.find_sealed(session, file_sha256)
        if same is None:
            return Registration(Standing.UNKNOWN)
        return Registration(Standing.REGISTERED, reader.is_replaced(session, same))


def _is_seen_meeting(session: Session, meeting_id: int, actor: Actor | None) -> bool:
    try:
        return actor is None or bool(authority.over(session, meeting_id, "read_meeting", actor))
    except (NotAllowedError, NotFoundError):
        return False


def _is_seen(session: Session, report: SealedReport, actor: Actor | None) -> bool:
    return _may_read_report(session, report.assessment_id, actor)


def _may_read_report(session: Session, assessment_id: int, actor: Actor | None) -> bool:
    if actor is None:
        return True
    try:
        authority.over(session, assessment_id, "read_report", actor)
    except (NotAllowedError, NotFoundError):
        return False
    return True


def _is_superseded(session: Session, report: SealedReport) -> bool:
    return reader.get_assessment(session, report.assessment_id, report.revision).status is Status.SUPERSEDED


def _content(report: SealedReport) -> bytes | None:
    """None: the file is gone, though the register still knows it."""
    try:
        return evidence_files.read_beside(evidence_files.REPORTS, report.stored_name)
    except OSError:
        return None
