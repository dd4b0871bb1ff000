"""An assessment's official documents: what they are made of, drafts, office files, and sealing. The building blocks are in `exports`."""

from __future__ import annotations

import asyncio
from datetime import datetime

from assessments import viewing
from assessments.errors import NotFoundError
from assessments.keeping import auditing
from assessments.model import Actor, Text
from exports.official import making
from exports.official.document import Document
from exports.official.material import Material
from exports.printing import pdf
from exports.record import record
from jobs import asking
from jobs.documents import remark_of
from jobs.kinds import SealOfficial
from pages._frame import database
from pages._frame.shared import now
from pages._server import pools, reports
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
FORMS = ("pdf", "docx", "hwpx")


def material(
    assessment_id: int, actor: Actor, language: str, at: datetime | None = None, *, is_final: bool = False
) -> Material:
    """As the assessment stands now. at: of the document; None: of the last change, so that the same gives the same bytes.

    Raises: AssessmentError; InvalidFileError where report.yaml is not what it should be.
    """
    with database.reading(actor) as session:
        facts = viewing.paperwork(session, actor, assessment_id).facts
        changed_at = viewing.assessment(session, actor, assessment_id).updated_at
    moments = [moment for moment in (changed_at, facts.at) if moment]
    made_at = at or max(moments, default=now())
    made_from = reports.record_of(assessment_id, actor, made_at)
    recomputed = record.recompute(made_from)
    return Material(
        made_from,
        recomputed.assessment,
        recomputed.questionnaires,
        recomputed.findings,
        facts.values,
        language,
        assessment_id,
        made_at,
        is_final,
    )


def document(
    assessment_id: int, actor: Actor, kind: str, language: str, at: datetime | None = None, *, is_final: bool = False
) -> Document:
    """Raises: NotFoundError where there is no such kind; AssessmentError; InvalidFileError."""
    if kind not in making.MAKERS:
        raise NotFoundError(TEXTS.told("no_such_document", kind=kind[:40], kinds=", ".join(making.MAKERS)))
    return making.made(kind, material(assessment_id, actor, language, at, is_final=is_final))


async def draft(assessment_id: int, actor: Actor, kind: str, language: str) -> tuple[str, bytes]:
    """Name and PDF, unsealed and marked as a draft. Raises: AssessmentError, InvalidFileError."""
    made = await pools.FILES.run(document, assessment_id, actor, kind, language)
    under_way = await pools.FILES.run(pdf.begin_official, made)
    return made.name, await asyncio.shield(asyncio.wrap_future(under_way))


def keep(assessment_id: int, kind: str, actor: Actor, language: str) -> Text | None:
    """Freezes, prints, seals and keeps a document of a signed-off revision. Returns a note about the seal, if any.

    Raises: AssessmentError, InvalidFileError.
    """
    from exports.issuing import sealing

    with database.reading(actor) as session:
        viewing.checked(session, actor, assessment_id, "keep_official")
        auditing.check_history(session)
    made = document(assessment_id, actor, kind, language, now(), is_final=True)
    sealing.check_may_seal_official(made)
    return remark_of(asking.done(SealOfficial(assessment_id, kind, language), actor, made.canonical))
