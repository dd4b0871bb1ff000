"""The example reports: cover and summary are a page each, in every language."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from exports.printing import pdf
from exports.words import labels
from exports.words.korean import WORD_JOINER
from tests import report_samples as samples
from tests.page_text import printed_text

NAMES = [
    str(file.relative_to(samples.EXAMPLES).with_suffix(""))
    for names in ("*.yaml", "logs/*.yaml")
    for file in sorted(samples.EXAMPLES.glob(names))
]
REPORTS = [
    (name, choice)
    for name in NAMES
    for choice in pdf.REPORT_LANGUAGES
    if os.environ.get("HAETAE_TORTURE") or (name, choice) in samples.PRINTED
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "choice"), REPORTS, ids=[f"{Path(name).stem}-{choice}" for name, choice in REPORTS])
def test_the_contents_stand_on_the_first_page_or_on_the_third(name: str, choice: str) -> None:
    languages = pdf.REPORT_LANGUAGES[choice]
    printed = samples.printed(samples.example(name), languages)
    pages = PdfFileReader(BytesIO(printed)).root["/Pages"]["/Kids"]
    first, third = (printed_text(pages[at]).replace(WORD_JOINER, "").splitlines() for at in (0, 2))
    title = labels.labels()["contents"][languages[0]]
    assert (title in first) is (len(languages) == 1) and (title in third) is (len(languages) > 1)
