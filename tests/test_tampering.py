"""VERIFYING.md tells the truth: its table is what four programs say, and its commands do what it says."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exports.seal import keys, pades
from exports.seal.settings import SealSettings
from tests import authority, tampering
from tests import report_samples as samples
from tests.tampering import DOCUMENT, VARIANTS, Variant

needs_programs = pytest.mark.skipif(
    not tampering.is_at_hand(), reason="needs pdfsig, mutool and openssl; on Debian poppler-utils and mupdf-tools."
)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


@pytest.mark.first_in_check
@needs_programs
@pytest.mark.parametrize(
    "variant", [pytest.param(one, id=one.id, marks=() if one.is_quick else pytest.mark.slow) for one in VARIANTS]
)
@pytest.mark.slow
def test_a_line_of_the_table_is_what_the_programs_say(variant: Variant, known: Path, tmp_path: Path) -> None:
    """Of the many places of one line every fifth is tried, in the long runs all: where the table says all, none is missed."""
    line = tampering.printed()[VARIANTS.index(variant)]
    if variant.count > 1 and not os.environ.get("HAETAE_TORTURE"):
        assert line.count(f"{variant.count} of {variant.count} found") == 4
        for file in tampering.flips(variant.make(), variant.count)[::5]:
            assert all(tampering.ask(file, variant, known, tmp_path).finds)
    else:
        assert line == tampering.row(variant, known, tmp_path), "python -m tests.tampering writes the table anew"


def test_the_table_has_a_line_for_every_variant_and_verify_passes_only_what_is_genuine() -> None:
    lines = tampering.printed()
    assert len(lines) == len(VARIANTS)
    for variant, line in zip(VARIANTS, lines, strict=True):
        said = line.split(" | ")[1]
        if variant.id in ("untouched", "stamped"):
            assert said == "passed"
        else:
            assert said.startswith("failed: ") or said == f"{variant.count} of {variant.count} found", line


# --- the commands -----------------------------------------------------------------------------------------------------


def blocks(text: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def test_both_languages_give_the_same_commands() -> None:
    korean, english = DOCUMENT.read_text("utf-8").split("## Without this tool")
    assert blocks(korean) == blocks(english)
    assert len(blocks(korean)) == 5


@pytest.fixture(scope="module", params=["B-B", pytest.param("B-T", marks=pytest.mark.slow)])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """What each block of commands printed for a genuine report, sealed now."""
    folder, now = tmp_path_factory.mktemp("verifying"), datetime.now(UTC)
    signer = samples.signer(now - timedelta(hours=1))
    with authority.stamping(now) as server:
        settings = SealSettings(server) if request.param == "B-T" else SealSettings()
        sealed = pades.seal_as_set(samples.rendered(), signer, settings, now).pdf
    (folder / "report.pdf").write_bytes(sealed)
    (folder / "certificate.pem").write_bytes(keys.certificate_pem(signer))
    said = []
    for block in blocks(DOCUMENT.read_text("utf-8").split("## Without this tool")[1]):
        done = subprocess.run(
            ["sh", "-e", "-c", block],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=60,
            env={"PATH": "/usr/bin:/bin"},
        )
        text = (done.stdout + done.stderr).decode("utf-8", "replace")
        assert done.returncode == 0, text
        said.append(text)
    return request.param, said


@pytest.mark.slow
@needs_programs
def test_each_command_says_of_a_genuine_report_what_the_document_promises(ran: tuple[str, list[str]]) -> None:
    level, (certificate, programs, seal, record, stamp) = ran
    assert "sha256 Fingerprint=" in certificate
    assert "notAfter=" in certificate
    for words in ("Signature is Valid", "Total document signed", "issuer is unknown", "unchanged since signing"):
        assert words in programs
    assert "CMS Verification successful" in seal
    counted = re.search(r"^(\d+) (\d+)$", seal, re.MULTILINE)
    assert counted is not None
    assert counted[1] == counted[2]
    digests = re.findall(r"[0-9a-f]{64}", record)
    assert digests == [samples.sealed_record().sha256] * 2
    assert stamp.split() == ["PAdES", level.replace("-", ""), "0" if level == "B-B" else "1"]
