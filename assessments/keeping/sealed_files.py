"""Registered sealed reports and the record beside each: file_of, record_of. What was altered is not handed out.

The record is kept under the name of its sealed file, byte for byte as it is attached there. Reports that were
registered before records were kept get theirs from the file itself, when it is first asked for.
"""

from __future__ import annotations

import hashlib

from assessments.content import attached_record
from assessments.errors import AlteredFileError
from assessments.storage import evidence_files
from assessments.storage.entries import SealedReport
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
RECORD_ENDING = ".json"


def file_of(report: SealedReport) -> bytes:
    """The registered file, byte for byte. Raises: NotFoundError; AlteredFileError where it is another one now."""
    return evidence_files.read(evidence_files.REPORTS, report.stored_name, report.file_sha256)


def record_of(report: SealedReport) -> bytes:
    """The record that was sealed, byte for byte. Raises: NotFoundError; AlteredFileError where it is another one now."""
    name = record_name(report.stored_name)
    beside = evidence_files.read_beside(evidence_files.REPORTS, name)
    record = attached_record.read(file_of(report)).record if beside is None else beside
    if hashlib.sha256(record).hexdigest() != report.record_sha256:
        raise _altered(report, f"{evidence_files.REPORTS}/{name if beside else report.stored_name}")
    if beside is None:
        evidence_files.add_beside(evidence_files.REPORTS, name, record)
    return record


def record_name(stored_name: str) -> str:
    """Of the record beside a sealed file."""
    return stored_name.removesuffix(".pdf") + RECORD_ENDING


def _altered(report: SealedReport, file: str) -> AlteredFileError:
    return AlteredFileError(
        TEXTS.told("sealed_report_no_longer", revision=report.revision, file=file, id=report.assessment_id)
    )
