"""The steps of verifying without this tool, run as they are written: those of VERIFYING.md and those printed in the report."""

from __future__ import annotations

import hashlib
import html
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessments.model import Withheld, WithheldKind
from exports.printing import document
from exports.record import record, redaction
from exports.seal import keys, pades
from tests import report_samples as samples
from tests import tampering

GUIDE = (
    (Path(document.__file__).parents[1] / "verification" / "VERIFYING.md").read_text("utf-8").partition("<!-- table")[0]
)
GOOD = ("Signature is Valid", "Total document signed", "CMS Verification successful", samples.sealed_record().sha256)

pytestmark = pytest.mark.skipif(
    not tampering.is_at_hand(), reason="needs pdfsig, mutool and openssl; on Debian poppler-utils and mupdf-tools."
)


def printed_steps() -> str:
    """The commands of the report's own section on verifying; its text names the file by the document's id."""
    blocks = re.findall(r'<p class="command"[^>]*>(.*?)</p>', document.html(samples.report(("ko", "en"))), re.DOTALL)
    return "\n".join(html.unescape(one) for one in blocks if not one.startswith("haetae"))


def guide_steps() -> list[str]:
    """The commands in Korean and in English."""
    return ["\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL)) for part in GUIDE.split("## Without this tool")]


def said_by(steps: str, folder: Path, name: str) -> str:
    now = datetime.now(UTC)
    signer = samples.signer(now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1))
    (folder / name).write_bytes(pades.seal(samples.rendered(), signer, now))
    (folder / "certificate.pem").write_bytes(keys.certificate_pem(signer))
    done = subprocess.run(["sh", "-c", steps], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_the_steps_printed_in_the_report_do_what_it_says(tmp_path: Path) -> None:
    said = said_by(printed_steps(), tmp_path, "HT-2026-0007.pdf")
    assert all(words in said for words in GOOD)
    assert re.search(r"^(\d+) \1$", said, re.MULTILINE), "covered bytes and size of the file"


@pytest.mark.first_in_check
@pytest.mark.parametrize("steps", guide_steps(), ids=["ko", "en"])
@pytest.mark.slow
def test_the_steps_of_the_guide_do_what_it_says(steps: str, tmp_path: Path) -> None:
    said = said_by(steps, tmp_path, "report.pdf")
    assert all(words in said for words in GOOD)
    assert "unchanged since signing" in said
    assert said.count(samples.sealed_record().sha256) == 2, "of the attached record and on the first page"
    assert re.search(r"^PAdES BB\n0$", said, re.MULTILINE)
    assert re.search(r"^(\d+) \1$", said, re.MULTILINE)


def test_both_languages_of_the_guide_give_the_same_commands() -> None:
    korean, english = guide_steps()
    assert korean == english


def step_4(folder: Path, printed: bytes) -> str:
    """What the guide's step on the attached record prints for a report."""
    (folder / "report.pdf").write_bytes(printed)
    (step,) = (
        one
        for one in re.findall(r"```sh\n(.*?)```", GUIDE.split("## Without this tool")[1], re.DOTALL)
        if "pdfdetach" in one
    )
    done = subprocess.run(["sh", "-c", step], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("languages", [("ko", "en"), ("en", "ko"), ("ko",), ("en",)], ids=" ".join)
def test_the_step_on_the_record_finds_its_digest_in_every_language(languages: tuple[str, ...], tmp_path: Path) -> None:
    full = samples.sealed_record()
    plain = samples.assessment()
    marked = replace(plain, withheld=(Withheld("system.summary_ko", WithheldKind.TRADE_SECRET, "x", "ab" * 16),))
    marked = replace(marked, system=replace(plain.system, version="sha256:" + "9f" * 32))
    other = record.build(samples.signed_off(marked), samples.editions(), at=samples.AT, document_id="HT-2026-0011")
    for made in (full, redaction.redact(other, record.questionnaires_of(other))):
        said = step_4(tmp_path, samples.printed_briefly(made, languages)).split()
        assert said == [made.sha256, "record.json", made.sha256]


def test_the_step_on_the_record_shows_one_digest_only_where_another_is_printed(tmp_path: Path) -> None:
    said = step_4(tmp_path, tampering.swapped(samples.rendered(), b"{}")).split()
    assert said == [hashlib.sha256(b"{}").hexdigest(), "record.json"]
