"""The screens of what follows a decision: what is due, followed up, held and ended; and a reassessment's answers marked and confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessments import actions
from assessments.model import Actor, Measure, Status
from assessments.rules.lifecycle import Cause
from assessments.storage import following
from pages._frame import shared
from questionnaires import load
from tests.office import ADA, AT, AUD, CHO, KIM, LEE, PARK, PDF, SEO, Office
from tests.screens import Visitors

PLANNED = Measure("m1", "두 사람이 다시 본다", "인사팀", date(2027, 1, 31))
LATER = AT + timedelta(days=400)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a year has passed."""
    monkeypatch.setattr(shared, "now", lambda: LATER)


def test_a_draft_has_nothing_that_follows(office: Office, visitors: Visitors) -> None:
    office.start()
    shown = visitors.sign_in(KIM).open("followup", assessment=1)
    assert "아직 결정이 없습니다" in shown.html
    assert not shown.has_button("after-retire-1-go")


@pytest.mark.slow
@pytest.mark.usefixtures("late")
def test_what_is_due_is_said_on_the_task_list_and_leads_to_its_screen(office: Office, visitors: Visitors) -> None:
    number = office.signed_off(PLANNED)
    tasks = visitors.sign_in(SEO).open("assessment", assessment=number).html
    assert "기한이 된 일 2건: 관리방안, 재평가" in tasks and f"/followup?assessment={number}" in tasks
    shown = visitors.open("followup", assessment=number).html
    assert "재평가가 필요한 사유 2건" in shown and "기한 지남" in shown and "2027. 11. 21." in shown
    english = visitors.sign_in(SEO, "en").open("followup", assessment=number).html
    assert "2 things call for a reassessment" in english and "overdue" in english


@pytest.mark.slow
def test_a_measure_is_recorded_as_done_with_a_file_and_opened_again(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.signed_off(PLANNED)
    of = "after-done-1-measure-m1"
    screen = visitors.sign_in(SEO).open("followup", assessment=number).unfold(f"{of}-fold")
    screen.type(f"{of}-field-text", "교육을 마쳤다.").type(f"{of}-field-on", "2026-11-20").click(f"{of}-go")
    assert "증빙자료가 없습니다" in screen.html
    with office.database.transaction() as session:
        actions.follow_up(
            session,
            number,
            Cause.MEASURE,
            "m1",
            AT.date(),
            "교육을 마쳤다.",
            actions.Upload("명단", "a.pdf", PDF),
            SEO,
            AT,
        )
    shown = visitors.open("followup", assessment=number)
    assert "이행함" in shown.html or "교육을 마쳤다." in shown.html
    assert "/files/proof/pr-" in shown.html and not shown.has_button(f"{of}-go")
    of = "after-open-1-measure-m1"
    again = visitors.sign_in(LEE).open("followup", assessment=number).unfold(f"{of}-fold")
    again.type(f"{of}-field-reason", "한 사람이 빠졌다.").click(f"{of}-go")
    assert "다시 열림: 한 사람이 빠졌다." in visitors.open("followup", assessment=number).html


@pytest.mark.slow
def test_day_change_and_reassessment_are_set_stated_and_begun(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    screen = visitors.sign_in(KIM).open("followup", assessment=number).unfold("after-day-1-fold")
    screen.type("after-day-1-1-on", "2027-03-01").type("after-day-1-1-reason", "새 모형이 온다.").click(
        "after-day-1-go"
    )
    assert "2027. 3. 1." in screen.html and "새 모형이 온다." in screen.html
    screen.unfold("after-day-1-fold").type("after-day-1-1-on", "2028-01-01").type("after-day-1-1-reason", "바쁘다.")
    assert "심의위원회만" in screen.click("after-day-1-go").html
    screen = visitors.open("followup", assessment=number).unfold("after-change-1-fold")
    screen.choose_in_form("after-change-1-1-kind", "function").type("after-change-1-1-text", "모형을 바꾸었다.")
    screen.type("after-change-1-1-on", "2026-11-20").click("after-change-1-go")
    assert "모형을 바꾸었다." in screen.html and "재평가가 필요한 사유 1건" in screen.html
    screen = visitors.open("followup", assessment=number).unfold("after-reassess-1-fold")
    screen.type("after-reassess-1-1-reason", "모형이 바뀌었다.").click("after-reassess-1-go")
    assert (office.read(number).revision, office.read(number).status) == (2, Status.DRAFT)
    assert office.read(number, 1).status is Status.SIGNED_OFF


@pytest.mark.slow
def test_each_answer_taken_over_is_marked_and_confirmed_alone_or_with_its_section(
    office: Office, visitors: Visitors
) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.reassess(session, number, "한 해가 지났다.", KIM, AT)
    tasks = visitors.sign_in(KIM).open("assessment", assessment=number).html
    assert "가져온 내용 11건 확인 필요" in tasks and "확인할 것 8건" in tasks
    review = visitors.open("review", assessment=number)
    assert "앞선 개정판 대비" in review.html and "확인 필요" in review.html
    review.click("still-1-2-measures")
    answer = visitors.open("answer", assessment=number, questionnaire="hiring")
    assert answer.html.count("확인 필요") >= 8
    answer.click("still-1-2-hiring-used")
    assert "그대로" in answer.html and not answer.has_button("still-1-2-hiring-used")
    told = office.read(number).responses["hiring"]["told"]
    office.answer(number, "hiring.told", "이제 두 번 알린다.", told.lock_version)
    answer = visitors.open("answer", assessment=number, questionnaire="hiring")
    assert "바뀜" in answer.html
    answer.click("still-1-2-all-hiring-all")
    assert not answer.has_button("still-1-2-all-hiring-all")
    claim = visitors.open("involvement", assessment=number, section="all")
    claim.click("still-1-2-all-involvement-all")
    review = visitors.open("review", assessment=number).html
    assert "가져온 내용을 모두 확인하였거나 고쳤습니다" in review
    assert office.submit(number)


@pytest.mark.slow
def test_a_legal_hold_is_placed_and_released_by_two_people(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    screen = visitors.sign_in(CHO).open("followup", assessment=number).unfold("after-hold-1-fold")
    screen.type("after-hold-1-reason", "노동위원회 사건").click("after-hold-1-go")
    assert "노동위원회 사건" in screen.html
    release = "after-release-1-1"
    screen = visitors.open("followup", assessment=number).unfold(f"{release}-fold")
    screen.type(f"{release}-field-reason", "끝났다.").click(f"{release}-go")
    assert "다른 한 사람" in screen.html
    assert not visitors.open("followup", assessment=number).unfold(f"{release}-fold").has_button(f"{release}-go")
    screen = visitors.sign_in(PARK).open("followup", assessment=number).unfold(f"{release}-fold")
    screen.type(f"{release}-field-reason", "확인하였다.").click(f"{release}-go")
    assert "보존조치 해제됨" in screen.html
    with office.database.reading() as session:
        assert following.standing_hold(session, number) is None


@pytest.mark.slow
def test_a_system_is_retired_archived_and_taken_back(office: Office, visitors: Visitors) -> None:
    number = office.signed_off(PLANNED)
    screen = visitors.sign_in(KIM).open("followup", assessment=number).unfold("after-retire-1-fold")
    screen.type("after-retire-1-field-on", "2026-11-20").type("after-retire-1-field-reason", "계약이 끝났다.")
    screen.click("after-retire-1-go")
    assert "계약이 끝났다." in screen.html and "기한이 있는 일이 없습니다" in screen.html
    screen = visitors.open("followup", assessment=number).unfold("after-archive-1-fold")
    screen.type("after-archive-1-field-reason", "치운다.").click("after-archive-1-go")
    assert "보관한 평가입니다" in screen.html
    screen = visitors.open("followup", assessment=number).unfold("after-back-1-fold")
    screen.type("after-back-1-field-reason", "다시 본다.").click("after-back-1-go")
    assert "보관한 평가입니다" not in screen.html
    screen = visitors.open("followup", assessment=number).unfold("after-resume-1-fold")
    screen.type("after-resume-1-field-reason", "다시 쓴다.").click("after-resume-1-go")
    assert "계약이 끝났다." not in screen.html


BUTTONS = ("reassess", "day", "change", "retire", "hold")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("actor", "buttons"),
    [
        (KIM, {"reassess", "day", "change", "retire"}),
        (SEO, {"change"}),
        (LEE, {"day", "change"}),
        (PARK, {"change", "hold"}),
        (ADA, {"hold"}),
        (AUD, set()),
    ],
    ids=lambda value: value.id if isinstance(value, Actor) else "",
)
def test_each_role_is_offered_what_it_may_do(
    office: Office, visitors: Visitors, actor: Actor, buttons: set[str]
) -> None:
    office.signed_off()
    screen = visitors.sign_in(actor).open("followup", assessment=1)
    for name in BUTTONS:
        screen.app.session_state[f"after-{name}-1-fold"] = True
    screen.app.run()
    screen.sound()
    assert {name for name in BUTTONS if screen.has_button(f"after-{name}-1-go")} == buttons


@pytest.mark.slow
def test_the_history_tells_in_words_what_followed(office: Office, visitors: Visitors) -> None:
    number = office.signed_off(replace(PLANNED, id="m1"))
    with office.database.transaction() as session:
        actions.set_reassessment(session, number, date(2027, 3, 1), "새 모형이 온다.", KIM, AT)
        actions.follow_up(
            session, number, Cause.MEASURE, "m1", AT.date(), "마쳤다.", actions.Upload("명단", "a.pdf", PDF), SEO, AT
        )
        actions.reassess(session, number, "한 해가 지났다.", KIM, AT)
        actions.confirm(session, number, ["hiring.used"], KIM, AT)
    shown = visitors.sign_in(AUD).open("history", assessment=number).html
    for words in ("재평가일 지정", "2027. 3. 1.", "관리방안 또는 조건 이행", "명단", "재평가 시작", "가져온 답변 확인"):
        assert words in shown, words
    assert "shown_by" not in shown and "kept_sha256" not in shown


# --- lists ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("late")
def test_home_names_what_its_reader_has_to_see_to_and_nobody_elses(office: Office, visitors: Visitors) -> None:
    office.signed_off(replace(PLANNED, owner="서두리"))
    manager = visitors.sign_in(KIM).open("home").html
    assert "결정 뒤의 기한" in manager and "재평가 필요" in manager and "기한 지남" in manager
    owner = visitors.sign_in(SEO).open("home").html
    due = owner[owner.index('id="due"') :]
    assert "두 사람이 다시 본다" in due and "재평가 필요" not in due, "what is hers"
    assert "결정 뒤의 기한" not in visitors.sign_in(LEE).open("home").html
    assert "/files/calendar.ics" in owner


@pytest.mark.slow
def test_what_is_far_ahead_stands_on_no_home_screen(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "now", lambda: AT)
    office.signed_off(PLANNED)
    assert "결정 뒤의 기한" not in visitors.sign_in(KIM).open("home").html


@pytest.mark.slow
def test_a_newer_edition_in_force_calls_on_the_managers_of_what_was_decided_before_it(
    office: Office, visitors: Visitors
) -> None:
    number = office.signed_off()
    retired = office.signed_off()
    with office.database.transaction() as session:
        actions.retire(session, retired, AT.date(), "쓰지 않는다.", KIM, AT)
    file = load.FOLDER / "hiring" / "1.0.yaml"
    newer = file.read_text("utf-8").replace('"version": "1.0"', '"version": "1.1"')
    (file.parent / "1.1.yaml").write_text(newer, "utf-8")
    shown = visitors.sign_in(KIM).open("home").html
    due = shown[shown.index('id="due"') :]
    assert "질문지의 새 판" in due and f"/followup?assessment={number}" in due
    assert f"/followup?assessment={retired}" not in due
    assert "질문지의 새 판" in visitors.open("followup", assessment=number).html


@pytest.mark.slow
def test_archived_assessments_are_in_no_list_unless_they_are_asked_for(office: Office, visitors: Visitors) -> None:
    kept, number = office.start(), office.start()
    with office.database.transaction() as session:
        actions.withdraw(session, number, "쓰지 않는다.", KIM, AT)
        actions.archive(session, number, "치운다.", KIM, AT)
    home = visitors.sign_in(LEE).open("home").html
    assert f"평가 {kept}번" in home and f"평가 {number}번" not in home and "보관한 평가 1건" in home
    assert f"assessment={number}" not in visitors.open("systems").html
    shelf = visitors.open("home", archived=1).html
    assert f"평가 {number}번" in shelf and f"평가 {kept}번" not in shelf
    assert "철회" in visitors.open("assessment", assessment=number).html, "and it is read as before"
    assert office.read(number).status is Status.WITHDRAWN
