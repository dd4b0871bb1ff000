"""What leaves the house by screen: marks for redacted copies, other forms, several reports in one file, a new draft."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions
from assessments.home import home
from assessments.model import Withheld, WithheldKind
from assessments.people import add_person, find_person
from assessments.storage import reader
from exports import attached
from pages import _files, _gate, _report, _sign_in
from tests import report_samples as samples
from tests.asgi import Answer, ask
from tests.office import AT, AUD, KIM, PARK, Office, open_office
from tests.screens import Visitors

APP = Starlette(routes=[*_sign_in.ROUTES, *_files.ROUTES], middleware=[Middleware(_gate.Gate)])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch)


def get(path: str, who: str = "kim", language: str = "ko") -> Answer:
    add = {one.id: one for one in (KIM, AUD)}[who]
    if find_person(home(), add.id) is None:
        add_person(home(), add.id, add.name, sorted(add.roles))
    answer = ask(APP, "/enter", "POST", body=f"person={who}".encode(), origin="http://localhost:8501")
    return ask(APP, path, cookies={"haetae_session": answer.session, "haetae_language": language}, accept="text/html")


def sealed(office: Office) -> int:
    """A signed-off assessment with a full report and a redacted copy in the register."""
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.keep_report(session, number, samples.sealed(), "ab" * 32, PARK, AT)
        actions.keep_report(session, number, samples.rendered(), "cd" * 32, PARK, AT, redacts="ab" * 32)
    return number


# --- marks -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_value_is_marked_and_the_mark_taken_away_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.fill(number)
    screen = visitors.sign_in(KIM).open("review", assessment=number)
    screen.app.selectbox(key=f"w{number}-1-path-0").set_value("answers.hiring.told")
    screen.app.radio(key=f"w{number}-1-kind-0").set_value(WithheldKind.TRADE_SECRET)
    screen.type(f"w{number}-1-reason-0", "사업 비밀").click(f"w{number}-1-go-0")
    (mark,) = office.read(number).withheld
    assert (mark.path, mark.kind, mark.reason) == ("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
    screen = visitors.open("review", assessment=number)
    assert "영업비밀" in screen.html and "사업 비밀" in screen.html
    screen.click(f"w{number}-1-remove-0")
    assert office.read(number).withheld == ()


def test_a_mark_without_a_reason_is_refused_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.fill(number)
    screen = visitors.sign_in(KIM).open("review", assessment=number)
    screen.app.selectbox(key=f"w{number}-1-path-0").set_value("answers.hiring.told")
    assert "사유가 없습니다" in screen.click(f"w{number}-1-go-0").html
    assert office.read(number).withheld == ()


def test_after_submission_marks_are_shown_and_not_changed(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    assert not visitors.sign_in(KIM).open("review", assessment=number).has_button(f"w{number}-1-go-0")


# --- downloads -------------------------------------------------------------------------------------------------


def test_the_full_report_and_its_redacted_copy_are_two_files(office: Office, visitors: Visitors) -> None:
    number = sealed(office)
    assert get(f"/files/report/{number}/sealed.pdf").body == samples.sealed()
    copy = get(f"/files/report/{number}/sealed.pdf?revision=1&copy=redacted")
    assert copy.body == samples.rendered() and "redacted" in copy.headers["content-disposition"]
    shown = visitors.sign_in(AUD).open("decide", assessment=number).html
    assert "개정 1판의 일부 제외 사본" in shown and "개정 1판 봉인 보고서" in shown


def test_the_record_is_had_as_workbook_and_markdown_and_as_nothing_else(office: Office) -> None:
    number = office.start()
    office.fill(number)
    book = get(f"/files/report/{number}/as/xlsx")
    assert zipfile.ZipFile(io.BytesIO(book.body)).testzip() is None
    assert get(f"/files/report/{number}/as/markdown").text.startswith("# Haetae")
    assert get(f"/files/report/{number}/as/exe").status == 404
    assert ask(APP, f"/files/report/{number}/as/xlsx").status == 401


@pytest.mark.parametrize(
    ("asked", "language", "languages"),
    [
        ("", "ko", ("ko", "en")),
        ("?language=both", "en", ("en", "ko")),
        ("?language=ko", "en", ("ko",)),
        ("?language=en", "ko", ("en",)),
    ],
)
def test_a_draft_comes_in_the_language_that_was_chosen(
    office: Office, monkeypatch: pytest.MonkeyPatch, asked: str, language: str, languages: tuple[str, ...]
) -> None:
    number, made = office.start(), []
    monkeypatch.setattr(_report.pdf, "render", lambda _, given: made.append(given) or b"%PDF-1.7")
    assert get(f"/files/report/{number}/draft.pdf{asked}", language=language).status == 200
    assert made == [languages]


def test_a_draft_in_a_language_that_is_not_there_is_refused(office: Office) -> None:
    number = office.start()
    answer = get(f"/files/report/{number}/draft.pdf?language=<b>")
    assert answer.status == 404 and "ko, en, both" in answer.text and "<b>" not in answer.text


def test_the_language_is_chosen_beside_the_draft(office: Office, visitors: Visitors) -> None:
    number = office.start()
    screen = visitors.sign_in(KIM).open("review", assessment=number)
    assert "draft.pdf?language=both" in screen.html
    assert "draft.pdf?language=en" in screen.choose(f"draft-{number}-language", "en").html


@pytest.mark.parametrize(
    ("chosen", "language", "languages"),
    [("en", "ko", ("en",)), (None, "en", ("en", "ko")), pytest.param("ko", "en", ("ko",), marks=pytest.mark.slow)],
)
def test_a_report_is_sealed_in_the_language_chosen_at_the_sign_off(
    office: Office,
    visitors: Visitors,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str | None,
    language: str,
    languages: tuple[str, ...],
) -> None:
    number, made = office.start(), []
    office.decide(number, office.submit(number))
    monkeypatch.setattr(_report.pdf, "render", lambda _, given: made.append(given) or samples.rendered())
    screen = visitors.sign_in(PARK, language).open("decide", assessment=number)
    if chosen:
        screen.app.radio(key=f"sign-{number}-1-language").set_value(chosen)
    screen.click(f"sign-{number}-1-go")
    assert made == [languages]
    with office.database.reading() as session:
        (kept,) = reader.sealed_reports(session, number)
        event = reader.events(session, number, limit=1)[0]
    assert event.values["certificate_sha256"] and event.values["seal_level"] == "B-B"
    assert event.values["record_sha256"] == kept.record_sha256


@pytest.mark.slow
def test_the_first_seal_makes_its_key_though_the_pages_took_longer_than_a_second(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, printed = office.start(), samples.rendered()
    office.decide(number, office.submit(number))
    monkeypatch.setattr(_report.pdf, "render", lambda *_: time.sleep(1.1) or printed)
    visitors.sign_in(PARK).open("decide", assessment=number).click(f"sign-{number}-1-go")
    with office.database.reading() as session:
        assert len(reader.sealed_reports(session, number)) == 1


def test_a_redacted_copy_is_sealed_as_the_settings_ask_and_in_the_language_chosen(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, made = office.start(), []
    office.fill(number)
    with office.database.transaction() as session:
        mark = Withheld("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
        actions.set_withheld(session, number, [mark], KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    full = _report.record_of(number, AT)
    with office.database.transaction() as session:
        actions.keep_report(session, number, samples.sealed(), full.sha256, PARK, AT)
    (home() / "report.yaml").write_text('accent: "#7a1f5c"\n')
    monkeypatch.setattr(attached, "read_file", lambda _: full)
    monkeypatch.setattr(_report.pdf, "render", lambda one, given: made.append((one, given)) or samples.rendered())
    (home() / "seal.yaml").write_text("nonsense: 1\n")
    screen = visitors.sign_in(PARK).open("decide", assessment=number)
    screen.app.radio(key=f"redact-{number}-1-language").set_value("ko")
    assert "seal.yaml" in screen.click(f"redact-{number}-1").html
    (home() / "seal.yaml").unlink()
    screen.click(f"redact-{number}-1")
    assert made[-1][0].redacts == full.sha256 and made[-1][1] == ("ko",)
    assert not screen.has_button(f"redact-{number}-1"), "there is one now"
    assert screen.app.toast, "seen from wherever one stands on a long screen"
    with office.database.reading() as session:
        newest = reader.sealed_reports(session, number)[0]
        event = reader.events(session, number, limit=1)[0]
    assert newest.redacts == full.sha256
    assert (event.values["redacts"], event.values["seal_level"]) == (full.sha256, "B-B")


def test_reports_on_screen_carry_what_the_organisation_set(office: Office) -> None:
    number = office.start()
    (home() / "report.yaml").write_text('accent: "#7a1f5c"\n')
    assert _report.record_of(number, AT).data["document"]["appearance"]["accent"] == "#7a1f5c"


def test_several_reports_come_in_one_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sealed(office)
    other = office.start()
    monkeypatch.setattr(_report.pdf, "render", lambda *_: b"%PDF-1.7 a draft")
    answer = get(f"/files/bundle.zip?assessments={number},{other}")
    assert answer.status == 200 and answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert len(archive.namelist()) == 4
    assert archive.read(archive.namelist()[0]) == samples.sealed()
    for wrong in ("", "0", "x", f"{number + 50}"):
        assert get(f"/files/bundle.zip?assessments={wrong}").status == 404


def test_preparing_says_what_failed_and_can_be_done_again(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.errors import RenderError

    number = office.start()
    tries: list[int] = []

    def render(*_: object) -> bytes:
        tries.append(1)
        if len(tries) == 1:
            raise RenderError("It took too long.", "너무 오래 걸렸습니다.")
        return b"%PDF-1.7"

    monkeypatch.setattr(_report.pdf, "render", render)
    screen = visitors.sign_in(KIM).open("systems")
    screen.app.multiselect(key="bundle-chosen").set_value([number])
    screen.click("bundle-go")
    assert "너무 오래 걸렸습니다" in screen.html and "bundle.zip" not in screen.html
    assert f"/files/bundle.zip?assessments={number}" in screen.click("bundle-go").html


def test_the_same_draft_is_the_same_record_until_it_is_changed(office: Office) -> None:
    number = office.start()
    first = _report._as_last_changed(number)
    assert _report._as_last_changed(number).canonical == first.canonical
    office.fill(number)
    assert _report._as_last_changed(number).canonical != first.canonical


def test_a_report_is_opened_as_a_draft_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    record = _report.record_of(number, AT).canonical
    screen = visitors.sign_in(KIM).open("systems")
    screen.app.file_uploader(key="import-file").set_value([("record.json", record, "application/json")])
    shown = screen.click("import-go").html
    assert "초안을 열었습니다" in shown and "결정과 결재" in shown
    assert office.read(number + 1).decision is None
