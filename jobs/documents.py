"""Documents of committees and official ones, printed, sealed and kept: seal_paper, seal_official."""

from __future__ import annotations

from datetime import UTC, datetime

from assessments import actions
from assessments.deeds.meeting import Sealed
from assessments.deeds.requesting import SealedDocument
from assessments.home import home
from exports.committee import document as committee
from exports.issuing import sealing
from exports.official import document as official
from exports.printing import pdf
from jobs import own_key
from jobs.kinds import SealOfficial, SealPaper
from jobs.work import Work
from questionnaires.schema import Text


def seal_paper(work: Work, request: SealPaper) -> None:
    """Raises: AssessmentError, InvalidFileError."""
    document = committee.read(work.material or b"")
    own_key.settle()
    work.tell("pages")
    pages = pdf.render_committee(document)
    work.tell("seal", 0.6)
    sealed = sealing.seal_committee(pages, document, home())
    work.tell("register", 0.9)
    with work.ending(lambda: as_result(sealing.remark(sealed))) as session:
        made = Sealed(request.kind, request.language, document.data, sealed.pdf)
        actions.keep_document(session, request.meeting_id, made, work.person, datetime.now(UTC))


def seal_official(work: Work, request: SealOfficial) -> None:
    """Raises: AssessmentError, InvalidFileError."""
    document = official.read(work.material or b"")
    own_key.settle("" if document.frozen.is_example else document.frozen.operator)
    work.tell("pages")
    pages = pdf.render_official(document)
    work.tell("seal", 0.6)
    sealed = sealing.seal_official(pages, document, home())
    work.tell("register", 0.9)
    with work.ending(lambda: as_result(sealing.remark(sealed))) as session:
        content = SealedDocument(request.kind, request.language, document.data, sealed.pdf)
        actions.keep_official(session, request.assessment_id, content, work.person, datetime.now(UTC))


def as_result(remark: Text | None) -> dict[str, str] | None:
    """A note about the seal, as it lies in the job's row."""
    return None if remark is None else remark.model_dump()


def remark_of(result: dict[str, str] | None) -> Text | None:
    return None if result is None else Text(**result)
