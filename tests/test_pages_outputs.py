"""What leaves the house by screen: marks for redacted copies, other forms, several reports in one file, a new draft."""

from __future__ import annotations

import csv
import html
import io
import re
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions
from assessments.content import attached_record
from assessments.errors import RenderError, SealRefusedError
from assessments.home import home
from assessments.keeping import sealed_files
from assessments.model import Withheld, WithheldKind
from assessments.people import add_person, find_person
from assessments.storage import event_lines, reader
from exports.issuing import sealing
from exports.printing import document
from exports.record import record, redaction
from exports.record.record import Record
from exports.seal import keys
from pages._server import files, gate, reports, sign_in
from questionnaires.texts import Told
from questionnaires.vocabulary import Text
from tests import doors, sealed_reports
from tests.asgi import Answer, ask
from tests.office import AT, AUD, KIM, PARK, Office
from tests.screens import Visitors

pytestmark = pytest.mark.usefixtures("printed_briefly")
APP = Starlette(routes=[*sign_in.ROUTES, *files.ROUTES], middleware=[Middleware(gate.Gate)])


def get(path: str, who: str = "kim", language: str = "ko") -> Answer:
    add = {one.id: one for one in (KIM, AUD)}[who]
    if find_person(home(), add.id) is None:
        add_person(home(), add.id, add.name, sorted(add.roles))
    cookies = doors.cookies_of(who) | {"haetae_language": language}
    return ask(APP, path, cookies=cookies, accept="text/html")


def sealed(office: Office) -> tuple[int, Record, Record]:
    """A signed-off assessment with a full report and a redacted copy in the register, and their records."""
    number = office.start()
    office.fill(number)
    mark(office, number)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    full = sealed_reports.record_of(office, number)
    copy = redaction.redact(full, record.questionnaires_of(full))
    sealed_reports.keep(office, number, full)
    sealed_reports.keep(office, number, copy)
    return number, full, copy


def mark(office: Office, number: int) -> None:
    with office.database.transaction() as session:
        secret = Withheld("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
        actions.set_withheld(session, number, [secret], KIM, AT)


def printing(made: list[tuple[str, ...]]) -> Callable[[Record, tuple[str, ...]], bytes]:
    """The layout in this process; the languages are noted."""

    def render(of: Record, languages: tuple[str, ...]) -> bytes:
        made.append(languages)
        return document.make(of, languages)

    return render


def begun(work: Callable[..., bytes], *given: object) -> Future[bytes]:
    """A rendering that is done, or failed, when it is asked for."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work, *given)


# --- marks -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_value_is_marked_and_the_mark_taken_away_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.fill(number)
    screen = visitors.sign_in(KIM).open("review", assessment=number).unfold(f"w{number}-1-new-fold")
    screen.enter(f"w{number}-1-new-path", "answers.hiring.told")
    screen.enter(f"w{number}-1-new-kind", WithheldKind.TRADE_SECRET)
    screen.type(f"w{number}-1-new-reason", "사업 비밀").click(f"w{number}-1-mark-go")
    (mark,) = office.read(number).withheld
    assert (mark.path, mark.kind, mark.reason) == ("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
    screen = visitors.open("review", assessment=number)
    assert "영업비밀" in screen.html and "사업 비밀" in screen.html
    screen.click(f"w{number}-1-remove-0")
    assert office.read(number).withheld == ()


@pytest.mark.slow
def test_a_mark_without_a_reason_is_refused_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.fill(number)
    screen = visitors.sign_in(KIM).open("review", assessment=number).unfold(f"w{number}-1-new-fold")
    screen.enter(f"w{number}-1-new-path", "answers.hiring.told").click(f"w{number}-1-mark-go")
    assert "적지 않았습니다" in screen.problem(f"w{number}-1-new-reason")
    assert office.read(number).withheld == ()


@pytest.mark.slow
def test_after_submission_marks_are_shown_and_not_changed(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    assert not visitors.sign_in(KIM).open("review", assessment=number).has_button(f"w{number}-1-mark-go")


# --- downloads -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_full_report_and_its_redacted_copy_are_two_files(office: Office, visitors: Visitors) -> None:
    number, full, copy = sealed(office)
    for query, of, name in (
        ("", full, "HT-00001-1.pdf"),
        ("?revision=1&copy=redacted", copy, "HT-00001-1-redacted.pdf"),
    ):
        answer = get(f"/files/report/{number}/sealed.pdf{query}")
        assert attached_record.read(answer.body).record == of.canonical
        assert f'filename="{name}"' in answer.headers["content-disposition"], "as the printed commands name it"
    shown = visitors.sign_in(AUD).open("decide", assessment=number).html
    assert "개정 1판의 일부 제외 사본" in shown and "개정 1판 봉인 보고서" in shown
    told = visitors.open("history", assessment=number).html
    assert "일부를 제외한 사본(한국어)" in told and "전체(한국어)" in told and ">variant<" not in told


@pytest.mark.slow
def test_what_is_offered_beside_a_sealed_report_is_the_record_in_it(office: Office, visitors: Visitors) -> None:
    number, full, copy = sealed(office)
    shown = visitors.sign_in(AUD).open("decide", assessment=number).html
    links = [html.unescape(one) for one in re.findall(r'href="([^"]+record\.json[^"]*)"', shown)]
    assert {get(one).body for one in links} == {full.canonical, copy.canonical}
    assert get(f"/files/report/{number}/record.json").body == full.canonical
    office_now = reports.record_of(number, KIM, datetime.now(UTC))
    assert office_now.sha256 != full.sha256, "made anew it would be another one"
    with zipfile.ZipFile(io.BytesIO(get(f"/files/bundle.zip?assessments={number}").body)) as archive:
        (line,) = csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig")))
    assert line["record_sha256"] == full.sha256


def test_of_what_is_not_sealed_there_is_no_archive_copy(office: Office) -> None:
    number = office.start()
    assert get(f"/files/report/{number}/archive.pdf").status == 404


@pytest.mark.first_in_check
@pytest.mark.parametrize("ending", ["pdf", "json"])
@pytest.mark.slow
def test_what_was_altered_on_the_disk_is_not_handed_out(office: Office, ending: str) -> None:
    number, _, _ = sealed(office)
    for file in (home() / "reports").glob(f"*.{ending}"):
        file.write_bytes(file.read_bytes() + b" ")
    paths = [f"/files/bundle.zip?assessments={number}", f"/files/report/{number}/record.json"]
    paths += [f"/files/report/{number}/as/xlsx", f"/files/report/{number}/sealed.pdf"]
    for path in paths if ending == "json" else [paths[0], paths[3]]:
        answer = get(path, language="en")
        assert answer.status == 409 and "from a backup" in answer.text, path


@pytest.mark.slow
def test_the_record_of_a_report_registered_before_records_were_kept_is_taken_from_it(office: Office) -> None:
    number = office.signed_off()
    full = sealed_reports.record_of(office, number)
    sealed_reports.registered(office, number, sealed_reports.sealed(full), full.sha256)
    for _ in range(2):
        assert get(f"/files/report/{number}/record.json").body == full.canonical
    (kept,) = (home() / "reports").glob("*.json")
    assert kept.read_bytes() == full.canonical


@pytest.mark.slow
def test_a_bundle_is_refused_before_anything_is_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number, _, _ = sealed(office)
    open_one = office.start()
    missing = get(f"/files/bundle.zip?assessments={number},9999", language="en")
    assert missing.status == 404 and "9999" in missing.text
    too_many = ",".join(map(str, range(1, 60)))
    assert "at most 50" in get(f"/files/bundle.zip?assessments={too_many}", language="en").text

    def fails(*_: object) -> bytes:
        raise RenderError(Told(Text(ko="보고서를 만들 수 없습니다.", en="The report cannot be made.")))

    monkeypatch.setattr(reports.pdf, "begin", lambda *given: begun(fails, *given))
    failed = get(f"/files/bundle.zip?assessments={number},{open_one}", language="en")
    assert failed.status == 409 and "cannot be made" in failed.text


@pytest.mark.slow
def test_the_record_is_had_as_workbook_and_markdown_and_as_nothing_else(office: Office) -> None:
    number = office.start()
    office.fill(number)
    book = get(f"/files/report/{number}/as/xlsx")
    assert zipfile.ZipFile(io.BytesIO(book.body)).testzip() is None
    assert get(f"/files/report/{number}/as/markdown").text.startswith("# 고영향")
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
    monkeypatch.setattr(reports.pdf, "begin", lambda _, given: begun(lambda: made.append(given) or b"%PDF-1.7"))
    assert get(f"/files/report/{number}/draft.pdf{asked}", language=language).status == 200
    assert made == [languages]


def test_a_draft_in_a_language_that_is_not_there_is_refused(office: Office) -> None:
    number = office.start()
    answer = get(f"/files/report/{number}/draft.pdf?language=<b>")
    assert answer.status == 404 and "ko, en, both" in answer.text and "<b>" not in answer.text


@pytest.mark.slow
def test_the_language_is_chosen_beside_the_draft(office: Office, visitors: Visitors) -> None:
    number = office.start()
    screen = visitors.sign_in(KIM).open("review", assessment=number)
    assert "draft.pdf?language=both" in screen.html
    assert "draft.pdf?language=en" in screen.choose(f"draft-{number}-language", "en").html


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "language", "languages"),
    [
        ("en", "ko", ("en",)),
        pytest.param(None, "en", ("en", "ko"), marks=pytest.mark.slow),
        pytest.param("ko", "en", ("ko",), marks=pytest.mark.slow),
    ],
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
    monkeypatch.setattr(reports.pdf, "render", printing(made))
    screen = visitors.sign_in(PARK, language).open("decide", assessment=number)
    if chosen:
        screen.app.radio(key=f"sign-{number}-1-language").set_value(chosen)
    screen.state_all(f"sign-{number}-1").click(f"sign-{number}-1-go")
    assert made == [languages]
    with office.database.reading() as session:
        (kept,) = reader.sealed_reports(session, number)
        event = event_lines.events(session, number, limit=1)[0]
    assert event.values["certificate_sha256"] and event.values["seal_level"] == "B-B"
    assert event.values["record_sha256"] == kept.record_sha256


@pytest.mark.slow
def test_the_first_seal_makes_its_key_though_the_pages_took_longer_than_a_second(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.start()
    office.decide(number, office.submit(number))
    monkeypatch.setattr(reports.pdf, "render", lambda *given: time.sleep(1.1) or document.make(*given))
    screen = visitors.sign_in(PARK).open("decide", assessment=number)
    screen.state_all(f"sign-{number}-1").click(f"sign-{number}-1-go")
    with office.database.reading() as session:
        (kept,) = reader.sealed_reports(session, number)
    assert record.read(sealed_files.record_of(kept)).seal == sealing.named(keys.load_or_create(home()))
    assert reports.record_of(number, PARK, AT).seal is None, "only what is about to be sealed names the certificate"


@pytest.mark.slow
def test_a_redacted_copy_is_sealed_as_the_settings_ask_and_in_the_language_chosen(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, made = office.start(), []
    office.fill(number)
    mark(office, number)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    monkeypatch.setattr(reports.pdf, "render", printing(made))
    reports.seal(number, PARK, ("ko",), lambda _: None)
    with office.database.reading() as session:
        (full,) = reader.sealed_reports(session, number)
    (home() / "seal.yaml").write_text("nonsense: 1\n")
    screen = visitors.sign_in(PARK).open("decide", assessment=number)
    screen.app.radio(key=f"redact-{number}-1-language").set_value("ko")
    assert "seal.yaml" in screen.click(f"redact-{number}-1").html
    (home() / "seal.yaml").unlink()
    screen.click(f"redact-{number}-1")
    assert made[-1] == ("ko",)
    assert not screen.has_button(f"redact-{number}-1"), "there is one now"
    assert screen.app.toast, "seen from wherever one stands on a long screen"
    with office.database.reading() as session:
        newest = reader.sealed_reports(session, number)[0]
        event = event_lines.events(session, number, limit=1)[0]
    assert newest.redacts == full.record_sha256
    assert (event.values["redacts"], event.values["seal_level"]) == (full.record_sha256, "B-B")
    assert record.read(sealed_files.record_of(newest)).seal == sealing.named(keys.load_or_create(home()))
    assert sealing.is_own(sealed_files.file_of(newest), home(), datetime.now(UTC))


@pytest.mark.slow
def test_the_copy_of_a_report_under_another_seal_is_not_sealed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.load_or_create(home())
    number, _, _ = sealed(office)
    with pytest.raises(SealRefusedError, match="does not verify"):
        reports.seal_redacted(number, PARK, ("en",), lambda _: None)


def test_reports_on_screen_carry_what_the_organisation_set(office: Office) -> None:
    number = office.start()
    (home() / "report.yaml").write_text('accent: "#7a1f5c"\n')
    assert reports.record_of(number, KIM, AT).data["document"]["appearance"]["accent"] == "#7a1f5c"


@pytest.mark.slow
def test_several_reports_come_in_one_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number, full, _ = sealed(office)
    other = office.start()
    monkeypatch.setattr(reports.pdf, "begin", lambda *_: begun(lambda: b"%PDF-1.7 a draft"))
    answer = get(f"/files/bundle.zip?assessments={number},{other}")
    assert answer.status == 200 and answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert len(archive.namelist()) == 4
    assert attached_record.read(archive.read(archive.namelist()[0])).record == full.canonical
    for wrong in ("", "0", "x", f"{number + 50}"):
        assert get(f"/files/bundle.zip?assessments={wrong}").status == 404


@pytest.mark.slow
def test_preparing_says_what_failed_and_can_be_done_again(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.errors import RenderError

    number = office.start()
    tries: list[int] = []

    def render(*_: object) -> bytes:
        tries.append(1)
        if len(tries) == 1:
            raise RenderError(Told(Text(ko="너무 오래 걸렸습니다.", en="It took too long.")))
        return b"%PDF-1.7"

    monkeypatch.setattr(reports.pdf, "render", render)
    screen = visitors.sign_in(KIM).open("systems")
    screen.unfold("bundle-fold").app.multiselect(key="bundle-chosen").set_value([number])
    screen.click("bundle-go")
    assert "너무 오래 걸렸습니다" in screen.html and "bundle.zip" not in screen.html
    assert f"/files/bundle.zip?assessments={number}" in screen.click("bundle-go").html


def test_the_same_draft_is_the_same_record_until_it_is_changed(office: Office) -> None:
    number = office.start()
    first = reports._as_last_changed(number, KIM)
    assert reports._as_last_changed(number, KIM).canonical == first.canonical
    office.fill(number)
    assert reports._as_last_changed(number, KIM).canonical != first.canonical


@pytest.mark.slow
def test_a_report_is_opened_as_a_draft_on_screen(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    record = reports.record_of(number, KIM, AT).canonical
    screen = visitors.sign_in(KIM).open("systems")
    screen.unfold("import-fold").app.file_uploader(key="import-file").set_value(
        [("record.json", record, "application/json")]
    )
    shown = screen.click("import-go").html
    assert "초안을 열었습니다" in shown and "결정과 결재" in shown
    assert office.read(number + 1).decision is None
