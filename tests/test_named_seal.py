"""A report says with which certificate it is sealed: named when it is made, held to when it is sealed and when it is verified."""

from __future__ import annotations

import json
import os
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from typer.testing import CliRunner

from assessments.errors import SealRefusedError
from assessments.file import assessment_file
from commands.main import app
from exports.forms import outputs
from exports.issuing import sealing
from exports.printing import document
from exports.record import record, redaction
from exports.record.record import NamedSeal, Record
from exports.report.report import Report
from exports.seal import certificates, keyring, keys, pades
from exports.seal.keys import Algorithm, Signer
from exports.verification import inspection, verify
from exports.verification.seal_inspection import Trust
from exports.words.facts import Fact, State
from exports.words.labels import labels
from questionnaires import load
from questionnaires.problems import InvalidFileError
from tests import authority, prints, sealed_reports, tampering
from tests import report_samples as samples
from tests.page_text import printed_text

NOW = tampering.NOW
SHIPPED = load.FOLDER
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(autouse=True)
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.setattr(load, "FOLDER", samples.known_folder(tmp_path / "questionnaires"))
    return load.FOLDER


def sealed_facts(made: Record, signer: Signer, known: Path) -> list[Fact]:
    """What verification says of a file that somebody sealed with this key, past all that would refuse it."""
    raw = pades.seal(sealed_reports.unsealed(made), signer, samples.SEALED_AT)
    found = verify.conclude(inspection.examine(raw, Trust([keys.certificate_pem(signer)]), known), raw, at=NOW)
    return [one for one in found.facts if one.id == "named_seal"]


# --- made to be sealed ------------------------------------------------------------------------------------------------


def test_a_record_made_to_be_sealed_names_the_certificate_and_makes_the_first_key(tmp_path: Path) -> None:
    plain = samples.sealed_record()
    made = sealing.prepare(plain, tmp_path, samples.SEALED_AT)
    (certificate,) = keyring.known(tmp_path)
    assert made.data["document"]["seal"] == {
        "name": certificates.common_name(certificate),
        "fingerprint": certificates.fingerprint(certificate),
        "organisation": plain.data["content"]["operator"]["name"],
    }
    assert made.sha256 != plain.sha256 and plain.seal is None, "the record before is left as it was"
    assert record.read(made.canonical) == made
    assert sealing.prepare(made, tmp_path, samples.SEALED_AT) == made


def test_nothing_is_named_where_nothing_is_to_be_sealed(tmp_path: Path) -> None:
    with pytest.raises(SealRefusedError, match="draft"):
        sealing.prepare(samples.draft_record(), tmp_path, samples.SEALED_AT)
    (tmp_path / "seal.yaml").write_text("nonsense: 1\n")
    with pytest.raises(InvalidFileError, match=r"seal\.yaml"):
        sealing.prepare(samples.sealed_record(), tmp_path, samples.SEALED_AT)
    assert not (tmp_path / keys.KEY_FILE).exists(), "no key is made for what is refused"


def test_a_copy_does_not_name_the_certificate_of_the_full_report(tmp_path: Path) -> None:
    from tests.test_redaction import full

    whole = sealing.prepare(full(), tmp_path, samples.SEALED_AT)
    copy = redaction.redact(whole, record.questionnaires_of(whole))
    assert whole.seal is not None and copy.seal is None
    keyring.rotate(tmp_path, Algorithm.P256, samples.SEALED_AT)
    named = sealing.prepare(copy, tmp_path, samples.SEALED_AT)
    assert named.seal == sealing.named(keys.load_or_create(tmp_path)) != whole.seal
    assert named.redacts == whole.sha256


def test_a_certificate_without_a_common_name_or_with_an_odd_one_is_named_legibly() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    plain = keys.self_made_certificate(key, samples.AT)
    assert certificates.common_name(plain).startswith("Haetae seal ")
    where = x509.Name([x509.NameAttribute(NameOID.LOCALITY_NAME, "서울")])
    nameless = (
        x509.CertificateBuilder()
        .subject_name(where)
        .issuer_name(where)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(samples.AT)
        .not_valid_after(samples.SEALED_AT)
        .sign(key, hashes.SHA256())
    )
    assert certificates.common_name(nameless) == "L=서울"
    odd = authority.issued("다온\u202e\x1b[2J" + "가" * 10, authority.root())
    assert certificates.common_name(odd.certificate).startswith("다온<U+202E><U+001B>[2J가")
    signer = Signer(odd.key, odd.certificate, (authority.root().certificate,))
    assert sealing.named(signer).fingerprint == certificates.fingerprint(odd.certificate), "its own, not its issuer's"


# --- sealed -----------------------------------------------------------------------------------------------------------


def test_a_record_that_names_no_certificate_or_another_is_not_sealed(tmp_path: Path) -> None:
    with pytest.raises(SealRefusedError, match="does not name the certificate"):
        sealing.seal(b"%PDF-", samples.sealed_record(), tmp_path, samples.SEALED_AT)
    assert not (tmp_path / keys.KEY_FILE).exists()
    made = sealing.prepare(samples.sealed_record(), tmp_path, samples.SEALED_AT)
    before = keys.load_or_create(tmp_path).fingerprint
    keyring.rotate(tmp_path, Algorithm.P256, samples.SEALED_AT)
    with pytest.raises(SealRefusedError) as told:
        sealing.seal(b"%PDF-", made, tmp_path, samples.SEALED_AT)
    assert before in str(told.value) and keys.load_or_create(tmp_path).fingerprint in str(told.value)
    assert "made anew with the present certificate" in str(told.value)
    assert made.seal is not None
    lying = made.name_seal(replace(sealing.named(keys.load_or_create(tmp_path)), name="과학기술정보통신부"))
    with pytest.raises(SealRefusedError, match="names the certificate"):
        sealing.seal(b"%PDF-", lying, tmp_path, samples.SEALED_AT)


@pytest.mark.slow
def test_prepared_anew_after_the_key_was_replaced_it_is_sealed_also_with_a_time_stamp(tmp_path: Path) -> None:
    old = sealing.prepare(samples.sealed_record(), tmp_path, samples.SEALED_AT)
    keyring.rotate(tmp_path, Algorithm.P256, samples.AT)
    made = sealing.prepare(old, tmp_path, samples.SEALED_AT)
    with authority.stamping() as server:
        (tmp_path / "tsa.pem").write_bytes(authority.root().certificate.public_bytes(Encoding.PEM))
        (tmp_path / "seal.yaml").write_text(f"timestamp: {{url: '{server.url}', certificates: [tsa.pem]}}\n")
        sealed = sealing.seal(samples.printed_briefly(made, ("en",)), made, tmp_path, samples.SEALED_AT)
    assert sealed.level == "B-T"
    assert made.seal is not None and made.seal.fingerprint == sealed.certificate, (
        "the one that seals, not the stamper's"
    )
    assert sealing.is_own(sealed.pdf, tmp_path, NOW)


# --- verified ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_verification_says_whether_the_certificate_is_the_one_that_the_record_names(known: Path) -> None:
    signer = samples.signer()
    (same,) = sealed_facts(samples.sealed_record().name_seal(sealing.named(signer)), signer, known)
    assert same.state is State.OK
    assert "Whose certificate it is does not follow" in same.text.en
    assert sealed_facts(samples.sealed_record(), signer, known) == [], "of a record that names none nothing is said"


@pytest.mark.parametrize("part", ["fingerprint", "name", "organisation"])
@pytest.mark.slow
def test_another_certificate_than_the_one_named_fails(part: str, known: Path) -> None:
    signer = samples.signer()
    named = replace(sealing.named(signer), **{part: "0" * 64 if part == "fingerprint" else "방송미디어통신위원회"})
    (other,) = sealed_facts(samples.sealed_record().name_seal(named), signer, known)
    assert other.state is State.BAD
    assert named.fingerprint in other.text.ko and "name and fingerprint on the page are not" in other.text.en


def test_what_is_no_fingerprint_is_no_record() -> None:
    for wrong in (NamedSeal("Haetae", "abc"), NamedSeal("Haetae", "A" * 64)):
        with pytest.raises(ValueError, match=r"document\.seal\.fingerprint"):
            record.read(samples.sealed_record().name_seal(wrong).canonical)
    plain = samples.sealed_record()
    more = {**plain.data["document"], "seal": {"name": "", "fingerprint": "0" * 64, "owner": "x"}}
    with pytest.raises(ValueError, match=r"document\.seal\.owner"):
        record.read(Record({**plain.data, "document": more}).canonical)


# --- commands, screens, other forms -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_the_command_writes_a_record_that_names_the_certificate_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", SHIPPED)
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["assess", str(EXAMPLES / "hiring.yaml"), "--out", str(out), "--language", "ko"])
    assert done.exit_code == 0, done.output
    certificate = x509.load_pem_x509_certificate((out / "certificate.pem").read_bytes())
    named = json.loads((out / "record.json").read_bytes())["document"]["seal"]
    assert named == {
        "name": certificates.common_name(certificate),
        "fingerprint": certificates.fingerprint(certificate),
    }, "an example's certificate names no organisation"
    assert sealing.is_own((out / "report.pdf").read_bytes(), tmp_path / "home", datetime.now(UTC))


@pytest.mark.parametrize("form", ["xlsx", "markdown"])
@pytest.mark.slow
def test_other_forms_say_name_and_fingerprint_and_what_they_prove(form: str) -> None:
    named = sealing.named(samples.signer())
    made = outputs.render(samples.sealed_record().name_seal(named), form, "ko")
    if form == "xlsx":
        book = zipfile.ZipFile(BytesIO(made))
        text = " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    else:
        text = made.decode().replace("\\", "")
    for word in (named.name, named.fingerprint, labels()["seal_note"]["ko"]):
        assert word in text


# --- printed ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("languages", [("en", "ko"), *([("en",)] if os.environ.get("HAETAE_TORTURE") else [])])
def test_the_cover_of_a_sealed_report_prints_the_certificate_and_everybody_with_their_position(
    languages: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    plain = record.build(stated.assessment, stated.editions, at=samples.AT, document_id="HT-1")
    named = replace(sealing.named(samples.signer()), organisation="새벽길채용 주식회사")
    with prints.briefly("summary"):
        file = PdfFileReader(BytesIO(document.make(plain.name_seal(named), languages)))
    cover, second = (re.sub(r"\s", "", printed_text(file.root["/Pages"]["/Kids"][at])) for at in (0, 1))
    done = stated.assessment
    assert done.decision is not None and done.sign_off is not None
    people = (*done.authors, done.decision.by, done.sign_off.by, done.operator.supervisor)
    assert all(person.position for person in people)
    words = (named.fingerprint, named.in_words, labels()["seal_note"][languages[0]])
    for text in (*words, *(person.with_position for person in people)):
        assert re.sub(r"\s", "", text) in cover
    assert re.sub(r"\s", "", labels()["eight_1"][languages[0]]) in second, "the cover is one page"
    assert labels()["seal_fingerprint"]["ko"] not in html_of(plain), "nothing is named where nothing is sealed"


def html_of(made_from: Record) -> str:
    return document.html(Report(made_from, record.recompute(made_from), ("ko",)))
