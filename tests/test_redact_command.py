"""`haetae redact` and the door of the seal: only what was sealed here is sealed again, at a time that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assessments.errors import SealRefusedError
from assessments.home import home
from assessments.keeping import sealed_files
from assessments.model import Origin, Withheld, WithheldKind
from assessments.people import add_person
from assessments.storage import reader
from commands.main import app
from exports.issuing import sealing
from exports.printing import document
from exports.record import record
from exports.record.record import Record
from exports.seal import certificates, keyring, keys, pades
from exports.verification import verify
from exports.verification.verdict import Verification
from exports.words.facts import Verdict
from questionnaires import load
from tests import report_samples as samples
from tests import sealed_reports
from tests.office import PARK, open_office

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.setattr(load, "FOLDER", samples.known_folder(tmp_path / "questionnaires"))


def full(origin: Origin = Origin.RECORDED) -> Record:
    """Signed off, with one value marked."""
    used = samples.editions()
    mark = Withheld("operator.address", WithheldKind.PERSONAL, "사생활", "ab" * 16)
    plain = replace(samples.assessment(used), withheld=(mark,))
    done = samples.signed_off(plain, origin=origin)
    return record.build(done, used, at=samples.AT, document_id="HT-00001-1")


def redacted(file: Path, content: bytes, *more: str) -> tuple[Result, Path]:
    file.write_bytes(content)
    out = file.parent / "out"
    done = CliRunner().invoke(app, ["redact", str(file), "--out", str(out), "--language", "en", *more])
    return done, out


def verified(file: Path) -> Verification:
    known = sealing.known_certificates(home())
    return verify.verify(file.read_bytes(), known, at=datetime.now(UTC), folder=load.FOLDER, is_reprinting=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["record", "unsealed", "foreign"])
@pytest.mark.usefixtures("printed_briefly")
def test_what_was_not_sealed_here_makes_a_draft_and_says_so(kind: str, tmp_path: Path) -> None:
    keys.load_or_create(home(), samples.AT)
    made = full()
    content = made.canonical if kind == "record" else document.make(made, ("en",))
    if kind == "foreign":
        content = pades.seal(content, samples.signer(), samples.SEALED_AT)
    done, out = redacted(tmp_path / "given", content)
    assert done.exit_code == 0 and "is a draft and not sealed" in done.stderr
    assert {one.name for one in out.iterdir()} == {"HT-00001-1-redacted.pdf", "HT-00001-1-redacted.json"}
    copy = record.read((out / "HT-00001-1-redacted.json").read_bytes())
    assert copy.seal is None, "nothing is going to be sealed"
    assert copy.is_draft and copy.data["decision_origin"] == "recorded" and copy.redacts == made.sha256
    found = verified(out / "HT-00001-1-redacted.pdf")
    assert (found.seals, found.verdict) == (0, Verdict.FAILED)
    shown = document.html(document.Report(copy, record.recompute(copy), ("en",)))
    assert "DRAFT · unsealed" in shown and "This copy is not sealed" in shown.replace("\u2060", "")


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_a_report_sealed_here_gives_a_sealed_copy_also_after_the_key_was_changed(tmp_path: Path) -> None:
    made = sealing.prepare(full(Origin.STATED), home(), NOW)
    sealed = sealing.seal(document.make(made, ("en",)), made, home(), NOW)
    assert CliRunner().invoke(app, ["key", "rotate"]).exit_code == 0
    done, out = redacted(tmp_path / "given.pdf", sealed.pdf)
    assert done.exit_code == 0, done.stderr
    assert "in no register" in done.stderr
    found = verified(out / "HT-00001-1-redacted.pdf")
    assert (found.is_trusted, found.redacts, found.origin) == (True, made.sha256, "stated")
    assert found.verdict is not Verdict.FAILED
    copy = record.read((out / "HT-00001-1-redacted.json").read_bytes())
    assert copy.seal == sealing.named(keys.load_or_create(home())), "the certificate that seals the copy"
    assert made.seal is not None and copy.seal != made.seal, "not the one that sealed the full report"


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_the_copy_of_a_registered_report_is_registered_by_somebody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.test_pages_outputs import mark

    office = open_office(tmp_path / "office", monkeypatch)
    number = office.start()
    office.fill(number)
    mark(office, number)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    made = sealing.prepare(sealed_reports.record_of(office, number), home(), NOW)
    sealed = sealing.seal(document.make(made, ("en",)), made, home(), NOW)
    sealed_reports.registered(office, number, sealed.pdf, made.sha256)
    refused, out = redacted(tmp_path / "given.pdf", sealed.pdf)
    assert refused.exit_code == 2 and "--as ID" in refused.stderr and not out.exists()
    add_person(home(), PARK.id, PARK.name, sorted(PARK.roles))
    done, out = redacted(tmp_path / "given.pdf", sealed.pdf, "--as", PARK.id)
    assert done.exit_code == 0, done.stderr
    with office.database.reading() as session:
        copy = reader.sealed_reports(session, number)[0]
    assert (copy.redacts, copy.variant, copy.by) == (made.sha256, "redacted en", PARK.person)
    assert sealed_files.file_of(copy) == (out / "HT-00001-1-redacted.pdf").read_bytes()


def test_nothing_is_sealed_before_what_it_tells_of(tmp_path: Path) -> None:
    made = full()
    with pytest.raises(SealRefusedError, match="clock says 2026-11-20T05:12:08Z, which is before 2026-11-20T05:12:09Z"):
        sealing.seal(b"%PDF-", made, home(), samples.AT - timedelta(seconds=1))
    stated = Record({**made.data, "sign_off": {"by": {}, "on": "2026-11-22"}})
    with pytest.raises(SealRefusedError, match="sign-off"):
        sealing.check_may_seal(stated, datetime(2026, 11, 21, 14, 59, tzinfo=UTC))
    sealing.check_may_seal(stated, datetime(2026, 11, 21, 15, 0, tzinfo=UTC))  # the 22nd has begun in Seoul
    with pytest.raises(SealRefusedError, match="draft"):
        sealing.seal(b"%PDF-", samples.draft_record(), home(), NOW)
    assert not (home() / keys.KEY_FILE).exists(), "no key is made for what is refused"


@pytest.mark.usefixtures("printed_briefly")
@pytest.mark.slow
def test_what_would_fail_verification_is_not_sealed() -> None:
    made = sealing.prepare(full(), home(), NOW)
    other = Record({**made.data, "document": {**made.data["document"], "id": "HT-00002-1"}})
    with pytest.raises(SealRefusedError, match="another record"):
        sealing.seal(document.make(other, ("en",)), made, home(), NOW)
    late = Record({**made.data, "document": {**made.data["document"], "retention_until": "2026-12-01"}})
    with pytest.raises(SealRefusedError, match="verification would fail"):
        sealing.seal(document.make(late, ("en",)), late, home(), NOW)


def test_the_certificate_of_a_key_names_the_operator() -> None:
    made = full()
    named = keys.load_or_create(home(), organisation=record.organisation(made)).certificate
    assert certificates.organisation(named) == "주식회사 다온인사"
    assert CliRunner().invoke(app, ["key", "rotate"]).exit_code == 0
    assert certificates.organisation(keys.load_or_create(home()).certificate) == "주식회사 다온인사"
    done = CliRunner().invoke(app, ["key", "rotate", "--organisation", "새 이름 \x1b[2J" + "가" * 80])
    assert done.exit_code == 0
    (present,) = keyring.known(home())[:1]
    assert certificates.organisation(present).startswith("새 이름 <U+001B>[2J가")
    assert certificates.fingerprint(present) in CliRunner().invoke(app, ["key", "show"]).stdout


def test_an_example_names_nobody_in_a_certificate() -> None:
    used = samples.editions()
    made = record.build(samples.assessment(used, is_example=True), used, on=date(2026, 11, 20), document_id="HT-1")
    assert record.organisation(made) == ""
