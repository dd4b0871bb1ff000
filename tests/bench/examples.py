"""What is measured with: the example's record and report, and the folder for what measuring leaves."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from assessments.content import canonical
from assessments.file import assessment_file
from questionnaires import load

if TYPE_CHECKING:  # what prints is loaded where something is printed: each figure is measured in a process of its own
    from exports.record.record import Record
    from exports.report.report import Report

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "hiring.yaml"
FOLDER = ROOT / ".bench"
"""Logs, a home with its key, figures; may be deleted at any time."""
LANGUAGES = ("ko",)


@cache
def example() -> Record:
    from exports.record import record

    stated = assessment_file.read_file(EXAMPLE)
    of = stated.assessment
    on = record.day_of(of.sign_off) if of.sign_off else of.on
    return record.build(of, stated.editions, on=on, document_id=f"HT-FILE-{canonical.content_sha256(of)[:12].upper()}")


def report(of: Record) -> Report:
    from exports.record import record
    from exports.report.report import Report

    return Report(of, record.recompute(of), LANGUAGES)


def laid_out(of: Record) -> bytes:
    """The report as a PDF, not sealed."""
    from exports.printing import document

    whole = report(of)
    return document.lay_out(document.html(whole), whole)


@cache
def printed() -> bytes:
    """The example's, made once a process."""
    return laid_out(example())


@cache
def pages() -> int:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return int(PdfFileReader(BytesIO(printed())).root["/Pages"]["/Count"])


def _shipped() -> str:
    """Of all editions, as they are now."""
    return hashlib.sha256("".join(edition.sha256 for edition in load.editions(load.FOLDER)).encode()).hexdigest()


def is_made(home: Path) -> bool:
    """Whether it was made to its end, and with the editions that are shipped now: others would be told as changed."""
    mark = home / "made"
    return mark.exists() and mark.read_text("utf-8") == _shipped()


def set_made(home: Path) -> None:
    (home / "made").write_text(_shipped(), "utf-8")
