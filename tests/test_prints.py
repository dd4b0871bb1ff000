"""What tests share of printed reports is whole, whichever test asks first."""

from __future__ import annotations

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from exports.printing import document
from tests import prints
from tests import report_samples as samples


@pytest.mark.slow
def test_a_test_of_first_pages_leaves_whole_reports_to_the_others() -> None:
    made = samples.draft_record()
    with prints.briefly():
        shared, own = samples.printed(made, ("ko",)), document.make(made, ("ko",))
        assert document._written is prints.brief
    pages = [len(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"]) for pdf in (shared, own)]
    assert pages[0] > 5 > 2 >= pages[1]
