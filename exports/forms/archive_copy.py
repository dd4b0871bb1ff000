"""The archive copy of a sealed report: prepared, made. PDF/A-1b, of which only the original proves anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.errors import RecordFileError
from exports.printing import pdf, stated
from exports.record import attached
from exports.record.original import SealedOriginal
from exports.record.record import Record
from exports.verification import verify
from exports.words.facts import State
from questionnaires import load
from questionnaires.texts import joined, texts_of

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class Prepared:
    """What an archive copy is printed from."""

    record: Record
    languages: tuple[str, ...]
    original: SealedOriginal


def prepared(sealed: bytes, at: datetime | None = None, folder: Path = load.FOLDER) -> Prepared:
    """Examined without a certificate to trust: whose seal it is does not matter here, that nothing is wrong does.

    folder: of known questionnaires. Raises: RecordFileError where the file is no sealed report, or its verification fails.
    """
    seen = verify.verify(sealed, at=at or datetime.now(UTC), folder=folder, is_reprinting=False)
    if seen.archive is not None:
        raise RecordFileError(TEXTS.told("archive_of_copy"))
    wrong = [fact.text for fact in seen.facts if fact.state is State.BAD]
    if wrong:
        raise RecordFileError(TEXTS.told("archive_unsealed", why=joined(*wrong)))
    if seen.committee or seen.official or seen.certificate is None or not (seen.file_sha256 and seen.sealed_at):
        raise RecordFileError(TEXTS.told("archive_no_report"))
    languages = stated.read(PdfFileReader(BytesIO(sealed), strict=True)).languages
    original = SealedOriginal(seen.file_sha256, seen.certificate["fingerprint"], seen.sealed_at)
    return Prepared(attached.read_file(sealed), tuple(languages[0]), original)


def of_a_draft() -> RecordFileError:
    """Why there is none of a draft, said before anything is printed."""
    return RecordFileError(TEXTS.told("archive_of_draft"))


def made(sealed: bytes) -> bytes:
    """Raises: as `prepared`; RenderError."""
    ready = prepared(sealed)
    return pdf.render_archive(ready.record, ready.languages, ready.original)
