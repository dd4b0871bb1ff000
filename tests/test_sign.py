"""The seal: one, PAdES, nothing allowed after it, nothing seen of it, understood by other programs."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import SigningError

from assessments.errors import KeyFileError
from exports.seal import keys, pades
from exports.seal.keys import Signer
from tests import report_samples as samples


def test_the_seal_is_a_certification_that_allows_nothing() -> None:
    reader = PdfFileReader(BytesIO(samples.sealed()))
    (seal,) = reader.embedded_signatures
    assert seal.docmdp_level is MDPPerm.NO_CHANGES
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert seal.self_reported_timestamp == samples.SEALED_AT


def test_the_report_stays_as_it_was_rendered() -> None:
    assert samples.sealed().startswith(samples.rendered())
    before, after = PdfFileReader(BytesIO(samples.rendered())), PdfFileReader(BytesIO(samples.sealed()))
    assert after.total_revisions == 2
    assert before.root["/Metadata"].data == after.root["/Metadata"].data
    assert before.trailer["/Info"]["/ModDate"] == after.trailer["/Info"]["/ModDate"]


def test_the_seal_has_no_area_and_keeps_the_flags_that_pdf_a_asks_for() -> None:
    (field,) = PdfFileReader(BytesIO(samples.sealed())).root["/AcroForm"]["/Fields"]
    widget = field.get_object()
    assert not any(widget["/Rect"])
    assert "/AP" not in widget
    assert widget["/F"] & 4, "the print flag"
    assert not widget["/F"] & (1 | 2 | 32), "neither invisible, hidden nor not viewed"
    assert widget["/TU"]


def test_nothing_can_be_signed_after_the_seal() -> None:
    with pytest.raises(SigningError):
        pades.seal(samples.sealed(), samples.signer(), samples.SEALED_AT)


@pytest.mark.parametrize("days", [-400, 4000])
def test_nothing_is_sealed_outside_the_certificates_dates(days: int) -> None:
    with pytest.raises(KeyFileError, match="does not count"):
        pades.seal(samples.rendered(), samples.signer(), samples.AT + timedelta(days=days))


def test_the_key_is_parsed_once() -> None:
    assert pades._pades_signer(samples.signer()) is pades._pades_signer(samples.signer())
    assert pades._pades_signer(samples.signer()).parsed is samples.signer().key


@pytest.mark.slow
def test_an_organisations_rsa_key_seals_too(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 3072)
    own = Signer(key, keys.self_made_certificate(key, samples.AT))
    raw = pades.seal(samples.rendered(), own, samples.SEALED_AT)
    assert "Signature is Valid" in said("pdfsig", raw, tmp_path)


def test_pdfsig_agrees(tmp_path: Path) -> None:
    text = said("pdfsig", samples.sealed(), tmp_path)
    assert "Total document signed" in text
    assert "Signature is Valid" in text
    assert "ETSI.CAdES.detached" in text


def test_mutool_agrees(tmp_path: Path) -> None:
    assert "unchanged since signing" in said("mutool", samples.sealed(), tmp_path)


def said(program: str, raw: bytes, folder: Path) -> str:
    """What another program says of the file."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed; on Debian it comes with poppler-utils or mupdf-tools.")
    file = folder / "report.pdf"
    file.write_bytes(raw)
    given = [path, "sign", "-v", str(file)] if program == "mutool" else [path, str(file)]
    done = subprocess.run(given, capture_output=True, check=False, timeout=60)
    return (done.stdout + done.stderr).decode("utf-8", "replace")
