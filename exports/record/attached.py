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
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
SECONDS = 30
MAX_BYTES = 60 * 2**20


def read_file(content: bytes) -> Record:
    """The record of a report (PDF) or of record.json. Does not check whether, or by whom, the file is sealed.

    Raises: RecordFileError.
    """
    try:
        if len(content) > MAX_BYTES:
            raise NoRecordError(TEXTS.text("file_too_large", most=MAX_BYTES // 2**20))
        raw = own_process.in_own_process("attached", content, seconds=SECONDS) if content[:5] == b"%PDF-" else content
        return record.read(raw)
    except (own_process.OverLimitError, ValueError, KeyError, RecursionError) as error:
        if isinstance(error, NoRecordError):
            raise RecordFileError(TEXTS.told("no_record_in_file_for", reason=error.words)) from None
        raise RecordFileError(TEXTS.told("no_record_in_file", why=error)) from None


def prepare() -> None:
    """Nothing to prepare beyond the imports."""


def task(payload: bytes) -> bytes:
    """Takes a PDF, returns its only attachment."""
    return attachment(PdfFileReader(BytesIO(payload), strict=True))


def as_assessment(full: Record) -> Assessment:
    """The record's assessment, to open as a draft. Raises: RecordFileError for a redacted copy or invalid content."""
    if full.redacts is not None:
        raise RecordFileError(TEXTS.told("copy_is_no_source"))
    try:
        return record.recompute(full).assessment
    except Exception as error:  # whatever a hostile record leads to
        raise RecordFileError(TEXTS.told("record_unreadable", error=error, kind=type(error).__name__)) from None


def checkpoint_of(report: bytes) -> Mapping[str, Any] | None:
    """The history's head as a sealed report or its record states it: `seq`, `hash`, `at`. None: made without a database.

    Raises: RecordFileError.
    """
    checkpoint = read_file(report).data.get("history_checkpoint")
    return checkpoint if isinstance(checkpoint, Mapping) else None
