"""The record in a file: read_file. A PDF's attachment is taken out in a process of its own, for the file may be hostile."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from assessments import own_process
from assessments.content.attached_record import attachment
from assessments.errors import RecordFileError
from assessments.model import Assessment
from exports.record import record
from exports.record.record import Record
from exports.record.schema import NoRecordError

SECONDS = 30
MAX_BYTES = 60 * 2**20


def read_file(content: bytes) -> Record:
    """The record of a report (PDF) or of record.json. Whether a seal is on it, and whose, is not asked here.

    Raises: RecordFileError.
    """
    try:
        if len(content) > MAX_BYTES:
            raise NoRecordError(
                f"파일이 {MAX_BYTES // 2**20}MB보다 큽니다", f"it has more than {MAX_BYTES // 2**20} MB"
            )
        raw = own_process.in_own_process("attached", content, seconds=SECONDS) if content[:5] == b"%PDF-" else content
        return record.read(raw)
    except (own_process.OverLimitError, ValueError, KeyError, RecursionError) as error:
        why_ko = f"({error.words.ko.rstrip('.')})" if isinstance(error, NoRecordError) else ""
        raise RecordFileError(
            f"There is no record in this file that can be read ({error}). Give a report of Haetae as PDF, or its record.json.",
            f"이 파일에서 기록을 읽을 수 없습니다{why_ko}. 해태의 보고서(PDF) 또는 record.json 파일이 필요합니다.",
        ) from None


def prepare() -> None:
    """Nothing more than the imports."""


def task(payload: bytes) -> bytes:
    """A PDF in, its one attachment out."""
    return attachment(PdfFileReader(BytesIO(payload), strict=True))


def as_assessment(full: Record) -> Assessment:
    """The record's assessment, to be opened as a draft. Raises: RecordFileError where it is a copy or makes no sense."""
    if full.redacts is not None:
        raise RecordFileError(
            "This is a redacted copy: what was left out would be missing. Import the full report.",
            "일부를 제외한 사본이라 빠진 값을 되살릴 수 없습니다. 전체 보고서를 가져오십시오.",
        )
    try:
        return record.recompute(full).assessment
    except Exception as error:  # whatever a hostile record leads to
        raise RecordFileError(
            f"The record cannot be read as one ({type(error).__name__}: {error}). Verify the file it comes from.",
            f"기록의 내용을 읽을 수 없습니다({type(error).__name__}: {error}). 기록이 들어 있던 파일을 검증하십시오.",
        ) from None


def checkpoint_of(report: bytes) -> Mapping[str, Any] | None:
    """Where the history stood, as a sealed report or its record says: `seq`, `hash`, `at`. None: it was made without a database.

    Raises: RecordFileError.
    """
    said = read_file(report).data.get("history_checkpoint")
    return said if isinstance(said, Mapping) else None
