"""`haetae verify` and `haetae key`: exit codes and what is printed."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import actions
from assessments.home import home
from commands.main import app
from exports.seal import keys, pades
from exports.verification import verify
from tests import authority, bombs, containers, sealed_reports
from tests import report_samples as samples
from tests import test_time_stamps as time_stamps
from tests.office import AT, KIM, open_office


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.pdf"
    file.write_bytes(samples.sealed())
    (tmp_path / "certificate.pem").write_bytes(keys.certificate_pem(samples.signer()))
    return file


def run(*given: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(one) for one in given])
    return done.exit_code, done.output


@pytest.mark.slow
def test_a_damaged_report_ends_with_1(report: Path) -> None:
    report.write_bytes(samples.sealed()[:-100])
    code, said = run("verify", report)
    assert code == 1
    assert said.startswith("Failed")
    assert "Traceback" not in said


def test_an_absent_file_ends_with_2(tmp_path: Path) -> None:
    assert run("verify", tmp_path / "absent.pdf")[0] == 2


def test_a_trusted_file_without_a_certificate_ends_with_2(report: Path) -> None:
    code, said = run("verify", report, "--trust", report)
    assert code == 2
    assert "there is no certificate in it" in said


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_everything_is_said_in_korean_where_that_is_asked(report: Path) -> None:
    code, said = run("verify", report, "--language", "ko")
    assert code == 1, "the samples lack two questionnaires that this program asks in every assessment"
    first, *between, last = said.splitlines()
    assert first == "실패" and last.startswith("실패. ")
    assert "누구의 봉인인지 알 수 없습니다" in said and "필요한 질문지가 빠져 있습니다" in said
    assert not [line for line in between if re.search("[A-Za-z]{3,} [a-z]{3,} [a-z]{2,}", line.partition("CN=")[0])]


@pytest.mark.slow
def test_whatever_cannot_be_examined_is_said_in_korean_where_that_is_asked(report: Path, tmp_path: Path) -> None:
    certificate = report.parent / "certificate.pem"
    for code, *given in (
        (2, tmp_path / "absent.pdf"),
        (2, tmp_path),
        (2, report / "below.pdf"),
        (2, report, "--trust", report),
        (2, report, "--trust", tmp_path / "absent.pem"),
        (2, report, "--trust-tsa", report),
        (2, report, "--trust-tsa", tmp_path),
        (2, report, "--revocation", certificate),
        (2, report, "--revocation", tmp_path / "absent.crl"),
    ):
        for language in ("ko", "en"):
            ended, said = run("verify", *given, "--language", language)
            assert (ended, said.count("\n")) == (code, 1), said
            assert str(given[-1]) in said, "the file that is meant is named"
            words = said.replace(str(given[-1]), "")
            assert bool(re.search("[가-힣]", words)) == (language == "ko"), said


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_every_verdict_is_said_in_korean_from_the_first_line_to_the_last(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    for content in (
        b"", b"nothing", b"%PDF-1.7\n", bombs.small_print(), pades.seal(bombs.small_print(), samples.signer(), samples.SEALED_AT),
        samples.rendered(), samples.sealed()[:-100], samples.sealed() + b"\n", b" " * (verify.MAX_BYTES + 1),
    ):  # fmt: skip
        file.write_bytes(content)
        code, said = run("verify", file, "--language", "ko", "--no-pages")
        first, *between, last = said.splitlines()
        assert (code, first) == (1, "실패")
        assert last.startswith("실패. 이 파일을 신뢰하지 마십시오.")
        assert not [line for line in between if not re.search("[가-힣]", line)], said


@pytest.mark.slow
def test_of_a_file_above_the_limit_no_digest_is_printed_and_the_register_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be that of its beginning."""
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    file = tmp_path / "large.pdf"
    file.write_bytes(samples.sealed() + b" " * verify.MAX_BYTES)
    for more in ([], ["--here"], ["--json"], ["--json", "--here"]):
        code, said = run("verify", file, *more)
        assert code == 1
        assert "too large" in said
        assert not re.search("[0-9a-f]{64}", said)


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_json_holds_the_verdict_and_every_fact(report: Path) -> None:
    code, said = run("verify", report, "--json", "--trust", report.parent / "certificate.pem")
    told = json.loads(said)
    assert {"verdict", "facts", "record_sha256", "questionnaires", "certificate"} <= set(told)
    # the sample questionnaires are no editions of this program, so it cannot vouch for them
    assert (code, told["verdict"]) in {(3, "indeterminate"), (1, "failed")}
    assert next(one["state"] for one in told["facts"] if one["id"] == "trusted") == "ok"


def test_the_certificate_is_printed_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    code, said = run("key", "certificate")
    assert (code, "haetae key new --organisation" in said) == (1, True)
    assert not list(tmp_path.iterdir()), "a key that is made unasked would name nobody"
    assert run("key", "new", "--organisation", "주식회사 다온인사")[0] == 0
    code, said = run("key", "certificate")
    assert code == 0
    assert said.startswith("-----BEGIN CERTIFICATE-----")
    assert (tmp_path / keys.CERTIFICATE_FILE).read_text() in said


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_time_stamp_and_revocation_are_judged_by_what_is_given(report: Path, tmp_path: Path) -> None:
    raw, folder = time_stamps.stamped(), report.parent
    report.write_bytes(raw)
    (folder / "certificate.pem").write_bytes(keys.certificate_pem(authority.organisation()))
    (folder / "root.pem").write_bytes(authority.root().pem)
    on = samples.AT - timedelta(days=1)
    (folder / "list.crl").write_bytes(authority.revocation_list((authority.organisation().certificate, on)))
    given = ("verify", report, "--json", "--trust", folder / "certificate.pem", "--trust-tsa", folder / "root.pem")
    told = json.loads(run(*given)[1])
    states = {one["id"]: one["state"] for one in told["facts"]}
    assert (told["seal_level"], states["stamp"], states["trusted"]) == ("B-T", "ok", "ok")
    code, said = run(*given, "--revocation", folder / "list.crl")
    assert code == 1
    assert {one["id"]: one["state"] for one in json.loads(said)["facts"]}["revocation"] == "bad"
    code, said = run("verify", report, "--revocation", folder / "certificate.pem")
    assert code == 2
    assert "no revocation list" in said


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_the_installation_itself_knows_its_certificates_and_its_register(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    office = open_office(tmp_path, monkeypatch)
    sealed = pades.seal(samples.rendered(), keys.load_or_create(home(), samples.AT), samples.SEALED_AT)
    assert run("key", "rotate")[0] == 0
    report.write_bytes(sealed)

    def said() -> dict[str, str]:
        told = json.loads(run("verify", report, "--json", "--here")[1])
        return {one["id"]: one["state"] for one in told["facts"]} | {"is": told["register"]}

    assert {"trusted": "ok", "register": "bad", "is": "unknown"}.items() <= said().items()
    assessment_id = office.signed_off()
    sealed_reports.registered(office, assessment_id, sealed, samples.sealed_record().sha256)
    assert {"trusted": "ok", "register": "ok", "is": "registered"}.items() <= said().items()
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, KIM, AT)
    assert said()["superseded"] == "note"
    report.write_bytes(samples.sealed())
    assert said()["is"] is None, "sealed elsewhere"
    report.write_bytes(containers.with_further_certificate(sealed, authority.root().certificate))
    assert said()["is"] == "container"


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_seal_under_a_twin_of_our_certificate_is_wrong_whichever_is_given(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    (tmp_path / keys.CERTIFICATE_FILE).write_bytes(keys.certificate_pem(samples.signer()))
    twin = authority.twin(samples.signer().certificate)
    report.write_bytes(pades.seal(samples.rendered(), twin, samples.SEALED_AT))
    (tmp_path / "twin.pem").write_bytes(keys.certificate_pem(twin))
    for given in ([], ["--trust", tmp_path / "twin.pem"]):
        code, said = run("verify", report, "--here", *given, "--no-pages")
        assert code == 1
        assert "it is forged" in said
