"""From an assessment to its report: draft, record, sealing, registration. The building blocks are in `exports`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from assessments import viewing
from assessments.deeds import reports
from assessments.home import home
from assessments.keeping import auditing, sealed_files
from assessments.model import Actor
from assessments.rights import may
from assessments.storage.entries import SealedReport
from assessments.storage.jobs import Progress, Stage
from exports.forms import archive_copy as archive
from exports.printing import pdf
from exports.record.record import Record
from exports.seal import certificates, keyring
from jobs import asking, own_key
from jobs.documents import remark_of
from jobs.kinds import SealReport
from jobs.reports import document_id, newest_sealed, record_in, record_of
from pages._frame import database
from pages._frame.shared import _, now
from pages._server import pools
from questionnaires.schema import Text

__all__ = (
    "archive_copy",
    "awaited_for_bundle",
    "certificate",
    "check_there",
    "document_id",
    "draft",
    "draft_name",
    "fingerprint",
    "for_bundle",
    "key_standing",
    "newest_sealed",
    "record_in",
    "record_of",
    "seal",
    "seal_redacted",
)


async def draft(assessment_id: int, actor: Actor, languages: tuple[str, ...]) -> bytes:
    """The report as a PDF, unsealed; marked as a draft while nobody has signed off. Raises: AssessmentError."""
    return await _rendered(await pools.FILES.run(_as_last_changed, assessment_id, actor), languages)


def draft_name(assessment_id: int, actor: Actor) -> str:
    """File name of the unsealed report, in the form of the sealed one. Raises: NotFoundError."""
    with database.reading(actor) as session:
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


def check_there(assessment_ids: Sequence[int], actor: Actor) -> None:
    """Check that all assessments exist before any work is done. Raises: NotFoundError."""
    with database.reading(actor) as session:
        for assessment_id in assessment_ids:
            viewing.assessment(session, actor, assessment_id)


def _as_last_changed(assessment_id: int, actor: Actor) -> Record:
    """The record dated by its last change, so that an unchanged draft is rendered only once."""
    with database.reading(actor) as session:
        changed_at = viewing.assessment(session, actor, assessment_id).updated_at
    return record_of(assessment_id, actor, changed_at or now())


def seal(assessment_id: int, actor: Actor, languages: tuple[str, ...], tell: Callable[[str], None]) -> Text | None:
    """Render, seal and register the report of a signed-off revision. Returns a note about the seal, if any.

    Raises: AssessmentError, InvalidFileError.
    """
    with database.reading(actor) as session:
        viewing.checked(session, actor, assessment_id, "keep_report")
        auditing.check_history(session)
        reports.check_unsealed(session, assessment_id)
    return _sealed(assessment_id, actor, languages, tell)


def seal_redacted(
    assessment_id: int, actor: Actor, languages: tuple[str, ...], tell: Callable[[str], None]
) -> Text | None:
    """Like `seal`, for the redacted copy of this revision's sealed report. Raises: AssessmentError, InvalidFileError."""
    with database.reading(actor) as session:
        viewing.checked(session, actor, assessment_id, "keep_report")
    return _sealed(assessment_id, actor, languages, tell, is_redacted=True)


def _sealed(
    assessment_id: int,
    actor: Actor,
    languages: tuple[str, ...],
    tell: Callable[[str], None],
    *,
    is_redacted: bool = False,
) -> Text | None:
    steps = {
        "pages": _("1 of 3: the pages are laid out. This takes a few seconds."),
        "seal": _("2 of 3: the seal is put under them."),
        "register": _("3 of 3: the sealed file is registered."),
    }
    left = list(steps)

    def heard(progress: Progress) -> None:
        if progress.stage is Stage.WAITING:
            tell(_("It waits for its turn."))
        while left and progress.step in left:
            tell(steps[left.pop(0)])

    with database.reading(actor) as session:
        revision = viewing.assessment(session, actor, assessment_id).revision
    request = SealReport(assessment_id, revision, languages, is_redacted)
    return remark_of(asking.done(request, actor, heard=heard))


def certificate(assessment_id: int, actor: Actor) -> bytes:
    """The certificate of this installation's seal, as a text file; a first one names the operator of this assessment.

    Raises: AssessmentError.
    """
    from exports.seal import keys

    with database.reading(actor) as session:
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
