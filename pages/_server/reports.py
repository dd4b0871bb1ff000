"""From an assessment to its report: draft, record, sealing, registration. The building blocks are in `exports`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from assessments import actions, editions, viewing
from assessments.deeds import reports
from assessments.home import home
from assessments.keeping import auditing, sealed_files
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.storage import database
from assessments.storage.entries import SealedReport
from exports.forms import archive_copy as archive
from exports.printing import pdf
from exports.record import appearance, record
from exports.record.record import Record
from exports.seal import certificates, keyring
from pages._frame.shared import _, now
from pages._server import own_key, pools
from questionnaires.schema import Text


def document_id(assessment: Assessment) -> str:
    """The number printed on the report: assessment and revision of this installation."""
    return f"HT-{assessment.id:05d}-{assessment.revision}"


def record_of(assessment_id: int, actor: Actor, at: datetime) -> Record:
    """The record as it stands now, with the history's checkpoint where it is signed off.

    Raises: AssessmentError; InvalidFileError where report.yaml is not what it should be.
    """
    with database.reading() as session:
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


async def draft(assessment_id: int, actor: Actor, languages: tuple[str, ...]) -> bytes:
    """The report as a PDF, unsealed; marked as a draft while nobody has signed off. Raises: AssessmentError."""
    return await _rendered(await pools.FILES.run(_as_last_changed, assessment_id, actor), languages)


def draft_name(assessment_id: int, actor: Actor) -> str:
    """File name of the unsealed report, in the form of the sealed one. Raises: NotFoundError."""
    with database.reading() as session:
        return f"{document_id(viewing.assessment(session, actor, assessment_id))}-draft.pdf"


def for_bundle(assessment_id: int, actor: Actor) -> tuple[bytes, Record]:
    """The sealed report of the newest revision, or its draft, with its record. Raises: AssessmentError."""
    pages, made_from = _sealed_or_record(assessment_id, actor)
    return (pdf.render(made_from) if pages is None else pages), made_from


async def awaited_for_bundle(assessment_id: int, actor: Actor) -> tuple[bytes, Record]:
    """Like `for_bundle`, but occupies no thread during rendering. Raises: AssessmentError."""
    pages, made_from = await pools.FILES.run(_sealed_or_record, assessment_id, actor)
    return (await _rendered(made_from, pdf.LANGUAGES) if pages is None else pages), made_from


def _sealed_or_record(assessment_id: int, actor: Actor) -> tuple[bytes | None, Record]:
    """The sealed report and its record; None and the present record if a draft has to be rendered."""
    sealed = newest_sealed(assessment_id, actor)
    if sealed is not None:
        return sealed_files.file_of(sealed), record_in(sealed)
    return None, _as_last_changed(assessment_id, actor)


async def _rendered(made_from: Record, languages: tuple[str, ...]) -> bytes:
    """Wait without occupying a thread; cancelling leaves the shared rendering running. Raises: RenderError."""
    under_way = await pools.FILES.run(pdf.begin, made_from, languages)
    return await asyncio.shield(asyncio.wrap_future(under_way))


async def archive_copy(sealed: SealedReport) -> bytes:
    """The archive copy of a sealed report; occupies no thread during rendering. Raises: AssessmentError."""
    ready = await pools.FILES.run(lambda: archive.prepared(sealed_files.file_of(sealed)))
    under_way = await pools.FILES.run(pdf.begin_archive, ready.record, ready.languages, ready.original)
    return await asyncio.shield(asyncio.wrap_future(under_way))


def newest_sealed(assessment_id: int, actor: Actor) -> SealedReport | None:
    """The full sealed report of the newest revision. None: it is not sealed. Raises: NotFoundError."""
    with database.reading() as session:
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


def check_there(assessment_ids: Sequence[int], actor: Actor) -> None:
    """Check that all assessments exist before any work is done. Raises: NotFoundError."""
    with database.reading() as session:
        for assessment_id in assessment_ids:
            viewing.assessment(session, actor, assessment_id)


def _as_last_changed(assessment_id: int, actor: Actor) -> Record:
    """The record dated by its last change, so that an unchanged draft is rendered only once."""
    with database.reading() as session:
        changed_at = viewing.assessment(session, actor, assessment_id).updated_at
    return record_of(assessment_id, actor, changed_at or now())


def seal(assessment_id: int, actor: Actor, languages: tuple[str, ...], tell: Callable[[str], None]) -> Text | None:
    """Render, seal and register the report of a signed-off revision. Returns a note about the seal, if any.

    Raises: AssessmentError, InvalidFileError.
    """
    with database.reading() as session:
        viewing.checked(session, actor, assessment_id, "keep_report")
        auditing.check_history(session)
        reports.check_unsealed(session, assessment_id)
    return _seal_and_keep(assessment_id, record_of(assessment_id, actor, now()), actor, languages, tell)


def seal_redacted(
    assessment_id: int, actor: Actor, languages: tuple[str, ...], tell: Callable[[str], None]
) -> Text | None:
    """Like `seal`, for the redacted copy of this revision's sealed report. Raises: AssessmentError, InvalidFileError."""
    from exports.issuing import sealing
    from exports.record import redaction

    with database.reading() as session:
        viewing.checked(session, actor, assessment_id, "keep_report")
    sealed = newest_sealed(assessment_id, actor)
    if sealed is None:
        raise sealing.not_own()
    sealing.check_own(sealed_files.file_of(sealed), home(), now())
    full = record_in(sealed)
    made = redaction.redact(full, record.questionnaires_of(full))
    return _seal_and_keep(assessment_id, made, actor, languages, tell)


def _seal_and_keep(
    assessment_id: int,
    built: Record,
    actor: Actor,
    languages: tuple[str, ...],
    tell: Callable[[str], None],
) -> Text | None:
    from exports.issuing import sealing

    own_key.settle(record.organisation(built))
    built = sealing.prepare(built, home())
    tell(_("1 of 3: the pages are laid out. This takes a few seconds."))
    pages = pdf.render(built, languages)
    tell(_("2 of 3: the seal is put under them."))
    sealed = sealing.seal(pages, built, home())
    tell(_("3 of 3: the sealed file is registered."))
    with database.transaction() as session:
        actions.keep_report(
            session,
            assessment_id,
            sealed.pdf,
            built.sha256,
            actor,
            now(),
            languages=languages,
            certificate_sha256=sealed.certificate,
            seal_level=sealed.level.value,
        )
    return sealing.remark(sealed)


def certificate(assessment_id: int, actor: Actor) -> bytes:
    """The certificate of this installation's seal, as a text file; a first one names the operator of this assessment.

    Raises: AssessmentError.
    """
    from exports.seal import keys

    with database.reading() as session:
        operator = viewing.assessment(session, actor, assessment_id).operator
    organisation = "" if operator.is_example else operator.name
    own_key.settle(organisation)
    return keys.certificate_pem(keys.load_or_create(home(), organisation=organisation))


def fingerprint() -> str:
    """SHA-256 of the sealing certificate in hexadecimal; empty if there is none yet."""
    present = keyring.standing(home(), now())
    return certificates.fingerprint(present.certificate) if present else ""


def key_standing(actor: Actor) -> keyring.Standing | None:
    """Standing of the sealing certificate, for people who may seal. None: for others, or no certificate yet."""
    return keyring.standing(home(), now()) if may(actor, "keep_report") else None
