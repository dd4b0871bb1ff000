"""Deeds on evidence files; re-exported by `actions`."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from assessments import authority, editions
from assessments.content import uploads
from assessments.content.answers import clean_text
from assessments.content.canonical import as_json
from assessments.content.texts import cleaned
from assessments.content.uploads import Upload
from assessments.deeds.holding import check_not_held
from assessments.errors import EvidenceRefusedError, IncompleteError, NotFoundError
from assessments.model import Actor, Assessment, Evidence, EvidenceMark, EvidenceReview
from assessments.rules import workflow
from assessments.storage import evidence_files, history, projection, reader, remarks, writer
from assessments.storage.database import Session
from questionnaires.texts import texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)


def add_evidence(session: Session, assessment_id: int, upload: Upload, actor: Actor, at: datetime) -> Evidence:
    """Checks the file's content and stores it under a generated name.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, EvidenceRefusedError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "add_evidence", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    media_type = uploads.examine(upload)
    _check_day(upload, at)
    _check_place(assessment, upload.part, upload.question)
    _check_quota(session, assessment_id, upload)
    name = uploads.clean_file_name(upload.file_name)
    evidence = Evidence(
        id=f"ev-{secrets.token_hex(8)}",
        title=cleaned(upload, "evidence").title or name,
        file_name=name,
        sha256=hashlib.sha256(upload.content).hexdigest(),
        size=len(upload.content),
        media_type=media_type,
        part=upload.part,
        question=upload.question,
        on=upload.on,
        expires_on=upload.expires_on,
        added_by=actor.person,
        added_at=at,
    )
    stored = evidence_files.keep(
        session.info, evidence_files.EVIDENCE, upload.content, uploads.EXTENSIONS[media_type][0]
    )
    _add(session, "add_evidence", assessment, evidence, stored, actor, at)
    return evidence


def name_evidence(
    session: Session,
    assessment_id: int,
    evidence_id: str,
    part: str,
    actor: Actor,
    at: datetime,
    *,
    question: str = "",
) -> Evidence:
    """Attaches an already stored file to one more item; the file is not stored again.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, EvidenceRefusedError.
    """
    actor = authority.over(session, assessment_id, "name_evidence", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    attached = _find_evidence(assessment, evidence_id)
    _check_place(assessment, part, question)
    if any(
        (evidence.sha256, evidence.part, evidence.question) == (attached.sha256, part, question)
        for evidence in assessment.evidence
    ):
        raise EvidenceRefusedError(TEXTS.told("evidence_named", file=attached.file_name))
    evidence = replace(
        attached,
        id=f"ev-{secrets.token_hex(8)}",
        part=part,
        question=question,
        added_by=actor.person,
        added_at=at,
    )
    stored = reader.evidence_file(session, evidence_id).stored_name
    _add(session, "name_evidence", assessment, evidence, stored, actor, at)
    return evidence


def review_evidence(
    session: Session, assessment_id: int, evidence_id: str, mark: EvidenceMark, reason: str, actor: Actor, at: datetime
) -> EvidenceReview:
    """Records whether the committee examined a piece of evidence and found it sufficient for its item.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "review_evidence", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_examines(assessment, actor)
    _find_evidence(assessment, evidence_id)
    reason = clean_text(reason, "reason")
    if mark is EvidenceMark.NOT_SUFFICIENT and not reason:
        raise IncompleteError(TEXTS.told("insufficient_without_reason"))
    review = EvidenceReview(evidence_id, mark, actor.person, at, reason)
    remarks.set_evidence_review(session, assessment, review)
    values = {"evidence": evidence_id, "mark": mark.value, "reason": reason}
    history.add_event(session, "review_evidence", actor, at, assessment_id, assessment.revision, values)
    return review


def remove_evidence(session: Session, assessment_id: int, evidence_id: str, actor: Actor, at: datetime) -> None:
    """Removes it from this revision; the stored file is deleted with the last revision that refers to it.

    Raises: NotAllowedError, NotFoundError, WrongStatusError.
    """
    actor = authority.over(session, assessment_id, "remove_evidence", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    gone = _find_evidence(assessment, evidence_id)
    if not reader.is_evidence_elsewhere(session, assessment, evidence_id):
        check_not_held(session, assessment_id)
    stored = writer.remove_evidence(session, assessment, evidence_id, actor.person, at)
    if stored is not None:
        evidence_files.drop(session.info, evidence_files.EVIDENCE, stored)
    authors = writer.add_author(session, assessment, actor.person)
    left = tuple(evidence for evidence in assessment.evidence if evidence.id != evidence_id)
    values = {"evidence": as_json(gone)}
    history.add_event(session, "remove_evidence", actor, at, assessment_id, assessment.revision, values)
    projection.save(session, replace(assessment, evidence=left, authors=authors), at)


def _find_evidence(assessment: Assessment, evidence_id: str) -> Evidence:
    """Raises: NotFoundError."""
    for evidence in assessment.evidence:
        if evidence.id == evidence_id:
            return evidence
    raise NotFoundError(TEXTS.told("no_such_evidence", id=assessment.id, evidence=evidence_id))


def _add(
    session: Session, deed: str, assessment: Assessment, evidence: Evidence, stored: str, actor: Actor, at: datetime
) -> None:
    writer.add_evidence(session, assessment, evidence, stored, actor.person, at)
    authors = writer.add_author(session, assessment, actor.person)
    after = replace(assessment, evidence=(*assessment.evidence, evidence), authors=authors)
    values = {"evidence": as_json(evidence)}
    history.add_event(session, deed, actor, at, assessment.id, assessment.revision, values)
    projection.save(session, after, at)


def _check_day(upload: Upload, at: datetime) -> None:
    """Raises: EvidenceRefusedError if the document is dated in the future."""
    today = seoul_day(at)
    if upload.on is not None and upload.on > today:
        raise EvidenceRefusedError(TEXTS.told("document_day_ahead", today=today, day=upload.on))


def _check_place(assessment: Assessment, part: str, question: str) -> None:
    """Checks that part and question exist in the pinned editions. Raises: EvidenceRefusedError."""
    pinned = editions.questionnaires(assessment).values()
    parts = {part.id for questionnaire in pinned if questionnaire.claim for part in questionnaire.claim.parts}
    questions = {
        f"{questionnaire.id}.{question.id}" for questionnaire in pinned for question in questionnaire.questions()
    }
    for wanted, known in ((part, parts), (question, questions)):
        if wanted and wanted not in known:
            raise EvidenceRefusedError(TEXTS.told("evidence_for_nothing", place=wanted))


def _check_quota(session: Session, assessment_id: int, upload: Upload) -> None:
    stored_bytes = reader.evidence_bytes(session, assessment_id)
    if stored_bytes + len(upload.content) > uploads.MAX_BYTES_OF_ASSESSMENT:
        limit = uploads.MAX_BYTES_OF_ASSESSMENT // 2**20
        raise EvidenceRefusedError(TEXTS.told("over_quota", limit=limit, kept=stored_bytes / 2**20))
