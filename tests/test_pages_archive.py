"""The archive copy of a sealed report by screen: whole pages, printed by the server's own process and compared."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from exports.forms import archive_copy
from exports.seal import keys
from exports.verification import verify
from exports.words.facts import Verdict
from tests import report_samples as samples
from tests import sealed_reports
from tests.office import AUD, Office
from tests.screens import Visitors
from tests.test_pages_outputs import get


@pytest.mark.slow
def test_the_archive_copy_of_each_sealed_report_is_offered_beside_it(
    office: Office, visitors: Visitors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = samples.known_folder(tmp_path / "known")
    monkeypatch.setattr(archive_copy, "prepared", partial(archive_copy.prepared, folder=known))
    number = office.signed_off()
    sealed_reports.registered(office, number, samples.sealed(), samples.sealed_record().sha256)
    shown = visitors.sign_in(AUD).open("decide", assessment=number).html
    (link,) = [html.unescape(one) for one in re.findall(r'href="([^"]+archive\.pdf[^"]*)"', shown)]
    copy = get(link, language="en")
    assert copy.status == 200, copy.text[-400:]
    assert b'pdfaid:part="1"' in copy.body and b"/EmbeddedFile" not in copy.body
    assert 'filename="HT-2026-0007-archive.pdf"' in copy.headers["content-disposition"]
    original = get(link.replace("archive", "sealed")).body
    trusted = [keys.certificate_pem(samples.signer())]
    seen = verify.verify(copy.body, trusted, at=datetime.now(UTC), original=original, folder=known)
    assert seen.verdict is Verdict.PASSED, seen.facts
