"""Archive copies: PDF/A-1b with the pages of a sealed report, which name their original and never pass for it."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from typer.testing import CliRunner

from assessments.errors import RecordFileError
from commands.main import app
from exports.forms import archive_copy
from exports.printing import archive, document, stated
from exports.seal import keys
from exports.verification import verify
from exports.verification.reprint import Pages
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from tests import prints
from tests import report_samples as samples
from tests.page_text import printed_text

EXAMPLES = Path(__file__).parents[1] / "examples"
AT = samples.SEALED_AT


@cache
def prepared() -> archive_copy.Prepared:
    with TemporaryDirectory() as folder:
        return archive_copy.prepared(samples.sealed(), AT, samples.known_folder(Path(folder)))


@cache
def copy() -> bytes:
    ready = prepared()
    return document.make_archive(ready.record, ready.languages, ready.original)


def digest() -> str:
    return hashlib.sha256(samples.sealed()).hexdigest()


def verified(pdf: bytes, folder: Path, original: bytes | None = None, *, is_reprinting: bool = False) -> Verification:
    known = samples.known_folder(folder)
    return verify.verify(
        pdf,
        [keys.certificate_pem(samples.signer())],
        at=AT,
        folder=known,
        original=original,
        is_reprinting=is_reprinting,
    )


def pages_of(reader: PdfFileReader) -> list[Any]:
    return [page.get_object() for page in reader.root["/Pages"]["/Kids"]]


def states(of: Verification) -> dict[str, State]:
    return {fact.id: fact.state for fact in of.facts}


# --- what it is ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_holds_the_pages_and_names_its_original_in_print_and_in_metadata() -> None:
    reader = PdfFileReader(BytesIO(copy()), strict=True)
    pages = re.sub(r"[\s\u2060]", "", "".join(map(printed_text, pages_of(reader))))
    fingerprint = samples.signer().fingerprint
    for named in (digest(), fingerprint, samples.sealed_record().sha256, "Archivecopy", "보존용사본", "HT-2026-0007"):
        assert named in pages, named
    said = stated.read(reader)
    assert said.is_archive and said.is_consistent and not said.is_committee
    assert (said.values["archive"], said.values["fingerprint"]) == (digest(), fingerprint)
    xmp = reader.root["/Metadata"].data.decode()
    assert 'pdfaid:part="1"' in xmp and f"urn:haetae:archive:{digest()}" in xmp and "pdfuaid" not in xmp
    assert "/EmbeddedFiles" not in reader.root["/Names"] and "/AF" not in reader.root
    assert not reader.embedded_signatures
    assert not re.search(rb"/(Group|SMask|EmbeddedFile)\b", copy())


@pytest.mark.slow
def test_the_same_original_gives_the_same_copy() -> None:
    ready = prepared()
    with prints.anew():
        assert document.make_archive(ready.record, ready.languages, ready.original) == copy()


def test_a_clear_picture_becomes_opaque_and_another_stays_as_it_is() -> None:
    def png(mode: str, colour: Any) -> bytes:
        made = BytesIO()
        Image.new(mode, (4, 4), colour).save(made, "png")
        return made.getvalue()

    with Image.open(BytesIO(archive.opaque(png("RGBA", (200, 0, 0, 0))))) as made:
        assert (made.mode, made.getpixel((0, 0))) == ("RGB", (255, 255, 255))
    with Image.open(BytesIO(archive.opaque(png("LA", (0, 255))))) as made:
        assert (made.mode, made.getpixel((0, 0))) == ("RGB", (0, 0, 0))
    plain = png("RGB", (1, 2, 3))
    assert archive.opaque(plain) == plain and archive.opaque(b"") == b""


# --- what it proves -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_alone_it_proves_nothing_and_says_which_original_would(tmp_path: Path) -> None:
    seen = verified(copy(), tmp_path)
    assert seen.verdict is Verdict.INDETERMINATE
    assert states(seen) == {"archive": State.OPEN}
    assert digest() in seen.facts[0].text.en and digest() in seen.facts[0].text.ko
    assert seen.to_json()["archive"]["sha256"] == digest()


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_beside_its_original_it_is_compared_with_it_to_the_byte(tmp_path: Path) -> None:
    seen = verified(copy(), tmp_path, samples.sealed(), is_reprinting=True)
    assert seen.pages is Pages.SAME and seen.verdict is Verdict.PASSED, states(seen)
    assert states(seen)["archive_original"] is State.OK
    assert "original" in seen.meaning.en


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_another_file_is_not_its_original(tmp_path: Path) -> None:
    for other in (samples.rendered(), copy(), b"%PDF-1.7 broken"):
        seen = verified(copy(), tmp_path / hashlib.sha256(other).hexdigest()[:8], other)
        assert seen.verdict is Verdict.FAILED and states(seen)["archive_of"] is State.BAD


def changed(pdf: bytes) -> bytes:
    """With pages a little lower, in as many bytes."""
    lower = re.sub(rb"(/MediaBox \[[^\]]*)[0-9]\]", rb"\g<1>1]", pdf)
    assert lower != pdf and len(lower) == len(pdf)
    return lower


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_copy_with_other_pages_is_noticed(tmp_path: Path) -> None:
    seen = verified(changed(copy()), tmp_path, samples.sealed(), is_reprinting=True)
    assert seen.pages is Pages.OTHER and seen.verdict is Verdict.FAILED
    unlooked = verified(changed(copy()), tmp_path / "unlooked", samples.sealed())
    assert unlooked.verdict is Verdict.INDETERMINATE, "its pages are all that a copy has"


@pytest.mark.slow
@pytest.mark.parametrize("part", [digest, lambda: samples.signer().fingerprint])
@pytest.mark.usefixtures("examined_here")
def test_a_copy_that_states_another_original_is_noticed(tmp_path: Path, part: Any) -> None:
    old = part()
    other = old.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    seen = verified(copy().replace(old.encode(), other.encode()), tmp_path, samples.sealed())
    assert seen.verdict is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_report_that_calls_itself_a_copy_is_none(tmp_path: Path) -> None:
    """The record's digest is as long as the word for a copy and another digest: an attachment gives it away."""
    lying = samples.sealed().replace(b"haetae-record ", b"haetae-archive")
    assert verified(lying, tmp_path).verdict is Verdict.FAILED


# --- of what it is made ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (samples.rendered, "not sealed"),
        (copy, "an archive copy already"),
        (lambda: samples.sealed()[:-200], "does not fail its verification"),
        (lambda: b"no pdf", "does not fail its verification"),
    ],
)
@pytest.mark.usefixtures("examined_here")
def test_it_is_made_of_a_sealed_report_alone(tmp_path: Path, make: Any, why: str) -> None:
    with pytest.raises(RecordFileError, match=why):
        archive_copy.prepared(make(), AT, samples.known_folder(tmp_path))


# --- command ---------------------------------------------------------------------------------------------------------


def run(*given: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(one) for one in given])
    return done.exit_code, " ".join((done.stdout + done.stderr).split())


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_commands_make_a_copy_and_verify_it_beside_its_original(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, _ = run("assess", EXAMPLES / "medical.yaml", "--out", out, "--language", "en", "--archive")
    assert code == 0
    assert sorted(file.name for file in out.iterdir()) == [
        "archive.pdf",
        "certificate.pem",
        "record.json",
        "report.pdf",
    ]
    code, text = run("export", out / "archive.pdf", "--format", "archive", "--out", out / "again.pdf")
    assert code == 2 and "an archive copy already" in text and not (out / "again.pdf").exists()
    code, text = run("verify", out / "archive.pdf")
    assert code == 3 and hashlib.sha256((out / "report.pdf").read_bytes()).hexdigest() in text
    both = ("verify", out / "archive.pdf", "--original", out / "report.pdf", "--trust", out / "certificate.pem")
    code, text = run(*both, "--no-pages")
    assert code == 3 and "is that original" in text and "not compared" in text
    code, text = run("verify", out / "report.pdf", "--original", out / "archive.pdf")
    assert code == 2 and "name the copy first" in text


@pytest.mark.slow
def test_of_a_draft_there_is_no_copy_and_nothing_is_written(tmp_path: Path) -> None:
    text = (EXAMPLES / "hiring.yaml").read_text("utf-8")
    file = tmp_path / "draft.yaml"
    file.write_text(re.sub(r"(?ms)^(decision|sign_off):.*?(?=^\w|\Z)", "", text), "utf-8")
    copytree(EXAMPLES / "evidence", tmp_path / "evidence")
    code, said = run("assess", file, "--out", tmp_path / "out", "--archive")
    assert code == 2 and "no archive copy" in said and not (tmp_path / "out").exists()
    code, said = run("assess", file, "--json", "--archive")
    assert code == 2 and "--out DIR" in said
