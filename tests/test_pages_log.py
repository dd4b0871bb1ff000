"""The decision log's screen: what is handed in is named and counted, findings and figures are shown, triggers are the organisation's."""

from __future__ import annotations

import io
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from assessments import actions
from assessments.decision_log import making
from assessments.decision_log.intake import counting, waiting
from assessments.decision_log.intake.waiting import Stage
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.streaming import look
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from assessments.decision_log.triggers import Figure, Triggers
from assessments.errors import NotSavedError
from assessments.home import home
from assessments.model import Response
from assessments.storage import file_store, log_imports
from assessments.storage.file_store import FolderStore
from pages._log import charts
from questionnaires import load
from tests.logs import HEADER, analysed, imported, row, written
from tests.office import AT, AUD, KIM, LEE, Office, open_office
from tests.screens import Screen, Visitors

ROWS = [row(case, decision="reject" if case % 9 == 0 else "approve") for case in range(400)]
BAD = [row(500, shown="2026-04-09 09:00:00", decided="2026-04-08 09:00:00"), row(501, output="")]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    one = open_office(tmp_path, monkeypatch)
    one.start()
    return one


def hand_in(content: str) -> None:
    counting.look(waiting.take_in(1, 1, "기록.csv", io.BytesIO(content.encode())))
    wait()


def wait() -> None:
    """For as long as the log is read."""
    until = time.monotonic() + 120
    while (one := waiting.pending(1, 1)) and one.stage.is_running:
        assert time.monotonic() < until
        time.sleep(0.1)


def confirmed(visitors: Visitors, screen: Screen) -> Screen:
    """What was guessed is right; the screen after the file was read again."""
    screen.click("log1-yes")
    wait()
    return visitors.open("log", assessment=1)


def counted(screen: Screen) -> str:
    """Asked for on this screen and over; what the screen says then. Which of its drawings kept the figures hangs on how long it took."""
    screen.app.button(key="log1-run").click().run()
    screen.sound()
    wait()
    screen.app.run()
    return screen.sound().html


def counted_elsewhere() -> waiting.Intake:
    """By somebody who went away: the figures wait until a screen is opened."""
    intake = waiting.pending(1, 1)
    assert intake is not None
    counting.start(intake, intake.settings().mapping, floor_seconds=None, at=datetime.now(UTC))
    wait()
    done = waiting.pending(1, 1)
    assert done is not None and done.stage is Stage.DONE
    return done


def keep(office: Office, tmp_path: Path, style: str = "drifting", number: int = 1) -> KeptLog:
    path = tmp_path / f"{style}.csv"
    making.write(making.make(making.Style(style), 12, 20_000, 7), path, style)
    mapping = look(path).suggestion.mapping()
    one = KeptLog(analyse(imported(path, mapping), Settings()), mapping)
    with office.database.transaction() as session:
        actions.set_log(session, number, one, KIM, AT)
    return one


@pytest.mark.slow
def test_a_log_is_named_counted_and_shown(office: Office, visitors: Visitors) -> None:
    hand_in("\n".join([HEADER, *ROWS, *BAD]) + "\n")
    screen = visitors.sign_in(KIM).open("log", assessment=1)
    assert "파일의 첫 행들" in screen.html
    assert "kim1" in screen.html  # a preview for who handed it in; the figures hold no name
    assert screen.app.selectbox(key="log1-ai_output").value == "ai_output"
    shown = counted(confirmed(visitors, screen))
    assert "402 가운데 400" in shown
    assert waiting.pending(1, 1) is None
    log = office.read(1).log
    assert log is not None
    assert log.analysis.source.bad == {"before_shown": 1, "missing": 1}
    assert "제시되기 전에 결정되었습니다" in shown
    assert "kim1" not in shown
    assert not (home() / "logs").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_later_log_of_a_decided_assessment_is_counted_beside_it(office: Office, visitors: Visitors) -> None:
    frozen = office.submit(1)
    office.decide(1, frozen)
    office.sign(1, frozen)
    shown = visitors.sign_in(KIM).open("log", assessment=1).html
    assert "결정 뒤의 기록 집계하기" in shown and "결정된 내용은 바꾸지 않습니다" in shown
    assert "결정 뒤의 기록 집계하기" not in visitors.sign_in(LEE).open("log", assessment=1).html
    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    screen = confirmed(visitors, visitors.sign_in(KIM).open("log", assessment=1))
    assert "자체 기준과 비교하였습니다" in counted(screen)
    after = office.read(1)
    assert (after.log, after.content_sha256) == (None, frozen), "no part of what was decided"
    assert "기록.csv" in visitors.open("followup", assessment=1).html


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_finished_figures_wait_while_nothing_can_be_written(office: Office, visitors: Visitors) -> None:
    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    confirmed(visitors, visitors.sign_in(KIM).open("log", assessment=1))
    counted_elsewhere()
    with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        visitors.open("log", assessment=1)
        there = waiting.pending(1, 1)
        assert there is not None and there.stage is waiting.Stage.DONE and other.in_transaction
    visitors.open("log", assessment=1)
    assert waiting.pending(1, 1) is None and office.read(1).log is not None


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_log_that_is_read_says_how_far_it_is_and_may_be_tried_again(office: Office, visitors: Visitors) -> None:
    intake = waiting.take_in(1, 1, "기록.csv", io.BytesIO("\n".join([HEADER, *ROWS]).encode()))
    visitors.sign_in(KIM)

    def said() -> str:
        screen = visitors.open("log", assessment=1).sound()
        assert {"log-drop"} == {one.key for one in screen.app.button if one.key and one.key.startswith("log-")}
        (bar,) = screen.app.get("progress")
        return str(bar.proto.text)

    with office.database.transaction() as session:
        assert log_imports.begin(session, intake.number, Stage.LOOKING, "run", os.getpid(), datetime.now(UTC))
    assert "차례가 되면" in said()
    with office.database.transaction() as session:
        assert log_imports.take_turn(session, intake.number, "run", datetime.now(UTC), 1)
    assert said().endswith("행을 읽는 중: 0%")
    with office.database.transaction() as session:
        log_imports.be_seen(session, intake.number, "run", 420, datetime.now(UTC))
    assert said().endswith("행을 읽는 중: 42%")
    with office.database.transaction() as session:
        log_imports.end(
            session, intake.number, "run", Stage.FAILED, error={"ko": "읽다가 끊겼습니다.", "en": "Broken off."}
        )
    screen = visitors.open("log", assessment=1).sound()
    assert "읽다가 끊겼습니다." in screen.html
    assert not screen.app.get("progress")
    screen.click("log-again")
    wait()
    screen = visitors.open("log", assessment=1).sound()
    assert "끊겼습니다" not in screen.html
    assert screen.app.selectbox(key="log1-ai_output").value == "ai_output"


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_two_screens_that_see_finished_figures_keep_them_once(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    confirmed(visitors, visitors.sign_in(KIM).open("log", assessment=1))
    seen = counted_elsewhere()
    assert "400" in visitors.open("log", assessment=1).html
    late = visitors.sign_in(KIM)
    with monkeypatch.context() as once:
        shown = iter([seen, seen])
        once.setattr(waiting, "pending", lambda *_: next(shown, None))
        assert "다른 화면에서 이미" in late.open("log", assessment=1).html
    with office.database.reading() as session:
        kept = session.connection().execute(text("SELECT count(*) FROM event WHERE kind = 'set_log'"))
        assert kept.scalar_one() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_columns_can_be_corrected_and_the_file_kept_if_asked_for(office: Office, visitors: Visitors) -> None:
    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    screen = visitors.sign_in(KIM).open("log", assessment=1)
    screen.app.selectbox(key="log1-reviewer").set_value("").run()
    wait()
    screen = visitors.open("log", assessment=1)
    screen.app.multiselect(key="log1-groups").set_value(["sex", "reviewer"]).run()
    wait()
    screen = confirmed(visitors, visitors.open("log", assessment=1))
    counted(screen.enter("log-setting-1-1-raw", "yes"))
    log = office.read(1).log
    assert log is not None
    assert "reviewer" in log.analysis.left_out
    assert set(log.mapping.groups.values()) == {"sex", "reviewer"}
    assert log.is_raw_kept
    assert [one.suffix for one in (home() / "logs").iterdir()] == [".csv"]


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_figures_of_a_file_that_cannot_be_kept_now_wait_until_it_can(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise NotSavedError(file_store.TEXTS.told("files_unreachable", name="s3://bucket", why="timeout"))

    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    screen = confirmed(visitors, visitors.sign_in(KIM).open("log", assessment=1))
    with monkeypatch.context() as unreachable:
        unreachable.setattr(FolderStore, "move", away)
        counted(screen.enter("log-setting-1-1-raw", "yes"))
        visitors.open("log", assessment=1)
        assert office.read(1).log is None and not (home() / "logs").exists()
    with monkeypatch.context() as unreachable:
        unreachable.setattr(FolderStore, "remove_folder", away)
        visitors.open("log", assessment=1).sound()
    log = office.read(1).log
    assert log is not None and log.is_raw_kept and waiting.pending(1, 1) is None
    assert [file.name for file in (home() / "logs").iterdir()] == [f"{log.analysis.source.sha256}.csv"]


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_settings_that_do_not_fit_and_days_that_are_none_are_told(office: Office, visitors: Visitors) -> None:
    hand_in("\n".join([HEADER, *ROWS]) + "\n")
    screen = visitors.sign_in(KIM).open("log", assessment=1)
    screen.type("log1-cut", "많음")
    screen.click("log1-run")
    assert "설정이 맞지 않습니다" in screen.html
    screen = confirmed(visitors, visitors.open("log", assessment=1))
    screen.type("log-setting-1-1-on", "지난달")
    screen.click("log1-run")
    assert "날짜로 읽을 수 없습니다" in screen.html
    screen.click("log1-discard")
    assert waiting.pending(1, 1) is None


@pytest.mark.slow
def test_findings_pictures_and_tables_are_shown(office: Office, visitors: Visitors, tmp_path: Path) -> None:
    log = keep(office, tmp_path)
    for language, says in (("ko", "한쪽의 건수가 적음"), ("en", "few cases on one side")):
        screen = visitors.sign_in(KIM, language).open("log", assessment=1)
        assert says in screen.html
        assert len(screen.app.get("plotly_chart")) == 4 + len(log.analysis.disparities)
        for reviewer in log.analysis.reviewers:
            assert reviewer.name in screen.html
        assert log.analysis.source.sha256[:16] in screen.html
    assert "not corrected for there being several" in screen.html
    assert "Bonferroni" in screen.html


@pytest.mark.slow
def test_a_trigger_is_set_with_day_and_reason_and_judges_at_once(
    office: Office, visitors: Visitors, tmp_path: Path
) -> None:
    keep(office, tmp_path)
    screen = visitors.sign_in(KIM).open("log", assessment=1)
    form = "mark-1-1-new"
    screen.unfold("mark-fold").type(f"{form}-value", "셋").type(f"{form}-on", "2026년 1월 말").click("mark-save")
    assert "먼저 채울 항목: 이 값으로 정한 이유" in screen.html
    assert "날짜로 읽을 수 없습니다" in screen.problem(f"{form}-on")
    screen.type(f"{form}-on", "2026년 1월 5일").type(f"{form}-reason", "지난 분기 표본").click("mark-save")
    assert "이유가 모두 필요합니다" in screen.problem(f"{form}-value")
    screen.type(f"{form}-value", "3%").click("mark-save")
    log = office.read(1).log
    assert log is not None
    assert [(one.figure, str(one.mark), one.reason) for one in log.triggers.triggers] == [
        (Figure.DIVERGENCE_RATE, "3", "지난 분기 표본")
    ]
    assert "부터 다르게 결정한 비율" in screen.html
    screen.click("mark-out-divergence_rate")
    log = office.read(1).log
    assert log is not None
    assert log.triggers == Triggers()


@pytest.mark.slow
def test_others_read_the_figures_and_change_nothing(office: Office, visitors: Visitors, tmp_path: Path) -> None:
    keep(office, tmp_path, "attentive")
    screen = visitors.sign_in(AUD).open("log", assessment=1)
    assert "made for demonstration" in screen.html or "시연용으로 생성한 가상 기록" in screen.html
    assert "<form" not in screen.html
    assert not screen.has_button("mark-save")
    assert not screen.has_button("log-remove")
    shown = visitors.sign_in(AUD).open("involvement", assessment=1).html
    assert "관리·감독 기록" in shown


@pytest.mark.slow
def test_a_made_log_is_withdrawn_for_good(office: Office, visitors: Visitors, tmp_path: Path) -> None:
    keep(office, tmp_path, "attentive")
    screen = visitors.sign_in(KIM).open("log", assessment=1)
    screen.unfold("log-withdraw-fold").click("log-remove")
    assert "적지 않았습니다" in screen.problem("log-1-1-why")
    screen.type("log-1-1-why", "시험으로 올린 기록").click("log-remove")
    assert office.read(1).log is None
    assert 'action="/files/log/1"' in screen.html


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "says", "needs"),
    [
        ("ko", "사유: 다른 시스템의 기록", "28일 이상을 담은 기록"),
        ("en", "What it shows against the claim stays", "covers 28 days or more"),
    ],
)
def test_a_withdrawn_log_stays_on_the_screen_and_says_what_may_replace_it(
    office: Office, visitors: Visitors, tmp_path: Path, language: str, says: str, needs: str
) -> None:
    path = written(tmp_path / "a.csv", ROWS)
    with office.database.transaction() as session:
        actions.set_log(session, 1, KeptLog(analysed(path), look(path).suggestion.mapping()), KIM, AT)
    screen = visitors.sign_in(KIM, language).open("log", assessment=1)
    screen.unfold("log-withdraw-fold").type("log-1-1-why", "다른 시스템의 기록").click("log-remove")
    assert says in screen.html and needs in screen.html
    assert not screen.has_button("log-remove")
    log = office.read(1).log
    assert log is not None and log.withdrawn is not None


@pytest.mark.slow
def test_claimed_time_and_own_minimum_stand_beside_the_figures(
    office: Office, visitors: Visitors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", Path(load.__file__).parent)
    number = office.start()
    keep(office, tmp_path, number=number)
    with office.database.transaction() as session:
        for name, answer in (("relies_on_people", "yes"), ("time_minutes", 17), ("time_own_minimum", 3)):
            given = Response(name, answer, "우리 기준" if name == "time_own_minimum" else "")
            actions.record_response(session, number, "involvement", given, KIM, AT)
    screen = visitors.sign_in(KIM).open("log", assessment=number)
    assert "주장한 검토 시간과 자체 최소 검토 시간" in screen.html
    for shown in ("17분", "3분", "우리 기준"):
        assert shown in screen.html
    assert "검토 시간 항목에서 바꾸기" in [one.proto.label for one in screen.app.get("page_link")]
    screen = visitors.sign_in(AUD).open("log", assessment=number)
    assert "검토 시간 항목 보기" in [one.proto.label for one in screen.app.get("page_link")]


# --- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_pictures_show_the_figures_of_the_analysis(tmp_path: Path) -> None:
    one = analysed(written(tmp_path / "a.csv", ROWS))
    flow = charts.flow(one)
    assert flow is not None
    counts = {
        (flow.data[0].y[i], flow.data[0].x[j]): text
        for i, r in enumerate(flow.data[0].text)
        for j, text in enumerate(r)
    }
    assert counts["승인 (approve)", "승인 (approve)"].startswith("355<br>88.8%")
    times = charts.review_times(one, 5, 2)
    assert times is not None
    assert [shape.x0 for shape in times.layout.shapes] == [120, 300.0, 300]
    months = charts.divergence(one, Triggers())
    assert months is not None
    assert [round(y, 2) for y in months.data[-1].y] == [11.25]
    funnel = charts.funnel(one)
    assert funnel is not None
    assert len(funnel.data[-1].x) == 3
    for picture in (flow, times, months, funnel):
        assert picture.layout.xaxis.title.text and picture.layout.yaxis.title.text


def test_what_a_log_cannot_give_has_no_picture(tmp_path: Path) -> None:
    one: LogAnalysis = analysed(written(tmp_path / "a.csv", ["1,a,b", "2,a,a", "3,b,b"], "case,ai_output,decision"))
    assert charts.divergence(one, Triggers()) is None
    assert charts.review_times(one, None, None) is None
    assert charts.funnel(one) is None


def test_names_in_a_log_are_no_markup(tmp_path: Path) -> None:
    bad = "<img src=x>"
    one = analysed(written(tmp_path / "a.csv", [f"1,{bad},{bad}", f"2,{bad},no", "3,no,no"], "case,ai_output,decision"))
    flow = charts.flow(one)
    assert flow is not None
    assert all("<img" not in name for name in flow.data[0].x)


@pytest.mark.slow
def test_what_goes_with_a_decision_and_what_turned_out_later_are_shown_as_no_cause(
    office: Office, visitors: Visitors, tmp_path: Path
) -> None:
    path = tmp_path / "queue.csv"
    head = f"{HEADER},처리순서,실제결과"
    path.write_text(
        "\n".join([head, *(f"{one},{at % 40 + 1},{'approve' if at % 3 else 'reject'}" for at, one in enumerate(ROWS))])
    )
    mapping = look(path).suggestion.mapping()
    with office.database.transaction() as session:
        actions.set_log(session, 1, KeptLog(analysed(path, mapping), mapping), KIM, AT)
    shown = visitors.sign_in(KIM).open("log", assessment=1).html
    assert "배치·대기열에서의 순번" in shown and "원인을 증명하지 않습니다" in shown
    assert "나중에 드러난 결과" in shown and "다르게 결정한 건 가운데 사람이 결정한 대로 된 비율" in shown
