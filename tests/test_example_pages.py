"""The example reports: cover and summary are a page each, in every language."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.file import assessment_file
from exports.printing import pdf
from exports.record import record
from exports.record.record import Record
from exports.words import labels
from exports.words.korean import WORD_JOINER
from tests import report_samples as samples
from tests.page_text import printed_text

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("logs/*.yaml")])
REPORTS = [
    (file, name)
    for file in FILES
    for name in pdf.REPORT_LANGUAGES
    if name == "both" or file.parent == EXAMPLES or os.environ.get("HAETAE_TORTURE")
]
"""Those with logs, whose first pages differ in figures alone, in both languages; in the long runs in each alone too."""


def record_of(file: Path) -> Record:
    stated = assessment_file.read_file(file)
    of = stated.assessment
    on = record.day_of(of.sign_off) if of.sign_off else of.on
    return record.build(of, stated.editions, on=on, document_id="HT-2026-0007")


@pytest.mark.slow
@pytest.mark.parametrize(("file", "name"), REPORTS, ids=[f"{file.stem}-{name}" for file, name in REPORTS])
def test_the_contents_stand_on_the_first_page_or_on_the_third(file: Path, name: str) -> None:
    languages = pdf.REPORT_LANGUAGES[name]
    printed = samples.printed(record_of(file), languages)
    pages = PdfFileReader(BytesIO(printed)).root["/Pages"]["/Kids"]
    first, third = (printed_text(pages[at]).replace(WORD_JOINER, "").splitlines() for at in (0, 2))
    title = labels.labels()["contents"][languages[0]]
    assert (title in first) is (len(languages) == 1) and (title in third) is (len(languages) > 1)
