"""The deed that registers a sealed report: keep_report; and check_unsealed, before one is made.

The deed is re-exported by `actions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from assessments import authority
from assessments.content import attached_record
from assessments.content.attached_record import SealedContent
from assessments.errors import EvidenceRefusedError, WrongStatusError
from assessments.keeping import sealed_files
from assessments.model import Actor, Assessment, Status
from assessments.rules.workflow import STATUS_TITLES
from assessments.storage import evidence_files, history, reader, writer
from assessments.storage.database import Session
from assessments.storage.entries import SealedReport
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MAX_SEALED_BYTES = 64 * 1024 * 1024


def keep_report(
    session: Session,
    assessment_id: int,
    sealed: bytes,
    record_sha256: str,
    actor: Actor,
    at: datetime,
    *,
    languages: Sequence[str],
    certificate_sha256: str | None = None,
    seal_level: str | None = None,
) -> int:
    """Registers a sealed report, stores its record beside it, and returns the register entry's id.

    A full report belongs to the newest revision, which is signed off; a redacted copy to a registered full report.
    All files of a revision hold the same record, and there is one file per language.
    record_sha256: digest of the record that was to be sealed. languages: of the pages, main language first.
    certificate_sha256, seal_level (B-B, B-T, B-LT): how it was sealed, for the history.
    Raises: NotAllowedError, NotFoundError, WrongStatusError, EvidenceRefusedError, RecordFileError.
    """
    actor = authority.over(session, assessment_id, "keep_report", actor)
    newest = reader.get_assessment(session, assessment_id)
    if not sealed.startswith(b"%PDF-") or len(sealed) > MAX_SEALED_BYTES:
        raise EvidenceRefusedError(TEXTS.told("report_no_pdf"))
    content = attached_record.read(sealed)
    redacts = content.data.get("redacts")
    assessment = newest if redacts is None else reader.get_assessment(session, assessment_id, _revision_of(content))
    if assessment.status is not Status.SIGNED_OFF and not (redacts and assessment.status is Status.SUPERSEDED):
        raise _not_signed_off(assessment)
    _check_is_of(content, assessment, record_sha256, languages)
    variant = f"{'redacted' if redacts else 'full'} {'+'.join(languages)}"
    _check_is_first(session, assessment, content, variant)
    file = writer.SealedFile(hashlib.sha256(sealed).hexdigest(), content.record_sha256, len(sealed), redacts, variant)
    stored = evidence_files.keep(session.info, evidence_files.REPORTS, sealed, "pdf")
    beside = sealed_files.record_name(stored)
    evidence_files.keep_beside(session.info, evidence_files.REPORTS, beside, content.record)
    report_id = writer.add_sealed_report(session, assessment, stored, file, actor.person, at)
    how = {"certificate_sha256": certificate_sha256, "seal_level": seal_level}
    values = {name: value for name, value in (asdict(file) | how).items() if value is not None}
    history.add_event(session, "keep_report", actor, at, assessment_id, assessment.revision, values)
    return report_id


def check_unsealed(session: Session, assessment_id: int) -> None:
    """Called before sealing starts. Raises: WrongStatusError if the newest revision already has a sealed report."""
    assessment = reader.get_assessment(session, assessment_id)
    for sealed_report in reader.sealed_reports(session, assessment_id):
        if sealed_report.revision == assessment.revision and sealed_report.redacts is None:
            raise _sealed_already(sealed_report)


def _revision_of(content: SealedContent) -> int:
    number = content.data.get("document", {}).get("revision")
    return number if isinstance(number, int) else 0


def _check_is_of(content: SealedContent, assessment: Assessment, record_sha256: str, languages: Sequence[str]) -> None:
    """Checks that the file holds this revision's signed-off record with the expected digest. Raises: EvidenceRefusedError."""
    data, frozen = content.data, assessment.content_sha256
    signed = [(data.get(act) or {}).get("content_sha256") for act in ("decision", "sign_off")]
    is_its_own = (
        content.record_sha256 == record_sha256
        and _revision_of(content) == assessment.revision
        and {data.get("content_sha256"), *signed} == {frozen}
        and data.get("decision_origin") == assessment.origin
    )
    if not is_its_own:
        raise EvidenceRefusedError(TEXTS.told("record_of_another", revision=assessment.revision))
    if content.seals != 1 or content.language not in languages[:1]:
        raise EvidenceRefusedError(TEXTS.told("seal_or_language"))


def _check_is_first(session: Session, assessment: Assessment, content: SealedContent, variant: str) -> None:
    """Checks that no file of this revision takes its place or holds another record. Raises: WrongStatusError, EvidenceRefusedError."""
    redacts = content.data.get("redacts")
    known = [
        sealed_report
        for sealed_report in reader.sealed_reports(session, assessment.id or 0)
        if sealed_report.revision == assessment.revision
    ]
    if redacts is not None and redacts not in {
        sealed_report.record_sha256 for sealed_report in known if sealed_report.redacts is None
    }:
        raise EvidenceRefusedError(TEXTS.told("full_report_missing"))
    for sealed_report in known:
        is_like = (sealed_report.redacts is None) == (redacts is None)
        if is_like and (
            sealed_report.variant in (None, variant) or sealed_report.record_sha256 != content.record_sha256
        ):
            raise _sealed_already(sealed_report)


def _sealed_already(sealed_report: SealedReport) -> WrongStatusError:
    return WrongStatusError(
        TEXTS.told(
            "sealed_already",
            revision=sealed_report.revision,
            name=sealed_report.by.name,
            digest=sealed_report.file_sha256[:12],
        )
    )


def _not_signed_off(assessment: Assessment) -> WrongStatusError:
    title = STATUS_TITLES[assessment.status]
    return WrongStatusError(TEXTS.told("not_signed_off", revision=assessment.revision, status=title))
