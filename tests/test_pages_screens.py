"""The screens, driven without a browser on a real database: answering, submitting, deciding, registering."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from multiprocessing import spawn
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessments import actions
from assessments.content import pdf_words, uploads
from assessments.home import home
from assessments.model import Actor, Condition, EvidenceMark, Measure, Role, Ruling, Scenario, Status
from assessments.storage import accounts
from pages._frame import screens
from questionnaires import load
from tests.office import ADA, AT, AUD, CHO, KIM, LEE, PARK, PDF, SEO, Office, both, open_office
from tests.screens import MAIN, Screen, Visitors

PAGES = screens.SCREENS


def key(question: str, assessment_id: int = 1, revision: int = 1, questionnaire: str = "hiring") -> str:
    return f"a{assessment_id}-{revision}-{questionnaire}-{question}"


# --- who sees what ---------------------------------------------------------------------------------------------


_SLOW = [pytest.param(one, marks=pytest.mark.slow) for one in (SEO, LEE, PARK, ADA)]


@pytest.mark.slow
@pytest.mark.parametrize("actor", [KIM, CHO, AUD, *_SLOW], ids=lambda one: one.id)
def test_every_screen_is_drawn_for_every_role(office: Office, visitors: Visitors, actor: Actor) -> None:
    number = office.signed_off() if actor in (LEE, PARK, AUD) else office.start()
    visitors.sign_in(actor)
    for page in PAGES:
        assert "<h1" in visitors.open(page, assessment=number).html, page


def test_a_screen_that_was_drawn_is_not_run_again_by_a_process_that_a_test_begins(visitors: Visitors) -> None:
    visitors.sign_in(KIM).open()
    assert spawn.get_preparation_data("a process").get("init_main_from_path") != str(MAIN)


@pytest.mark.slow
def test_without_a_session_nothing_is_shown(office: Office, visitors: Visitors) -> None:
    office.signed_off()
    for page in PAGES:
        shown = visitors.open(page, assessment=1).html
        assert "로그인이 끝났습니다" in shown
        assert "서류 도우미" not in shown


def test_a_session_that_ended_meanwhile_writes_nothing(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    with office.database.transaction() as session:
        accounts.close_session(session, visitors.cookies["haetae_session"])
    screen.choose(key("used"), "yes")
    assert "used" not in office.read(1).answers("hiring")


@pytest.mark.first_in_check
@pytest.mark.parametrize("asked", ["99", "", "x", "-1", "²", "9" * 40, "1 OR 1=1"])
def test_an_assessment_that_is_not_there_is_said_in_a_sentence(office: Office, visitors: Visitors, asked: str) -> None:
    office.start()
    html = visitors.sign_in(KIM).open("review", assessment=asked).html
    assert 'role="alert"' in html
    assert ("주소에 평가 번호가 없습니다." in html) is (asked != "99")


@pytest.mark.slow
def test_a_question_that_would_decide_is_shown_by_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the area stand in another questionnaire than the domain's."""
    shipped = load.FOLDER
    office = open_office(tmp_path, monkeypatch)
    monkeypatch.setattr(load, "FOLDER", shipped)
    office.start()
    html = Visitors(office, monkeypatch).sign_in(KIM).open("review", assessment=1).html
    listed = html.split("판단에 필요한 미답변 질문", 1)[1].split("</ul>", 1)[0]
    links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', listed)
    assert any("questionnaire=area" in address for address, _ in links)
    assert [(address, text) for address, text in links if not address or not re.search("[가-힣]", text)] == []


@pytest.mark.slow
def test_whoever_opens_the_tool_sees_what_waits_for_them(office: Office, visitors: Visitors) -> None:
    office.start()
    assert "필수 질문" in visitors.sign_in(KIM).open().html
    frozen = office.submit(1)
    assert "읽고 결정하십시오" in visitors.sign_in(LEE).open().html
    assert "지금은 처리할 일이 없습니다" in visitors.sign_in(PARK).open().html
    office.decide(1, frozen)
    assert "결정을 결재하십시오" in visitors.sign_in(PARK).open().html


WITH_EDITIONS = (
    "home",
    "systems",
    "assessment",
    "answer",
    "involvement",
    "review",
    "decide",
    "comments",
    "followup",
    "documents",
    "revisions",
    "history",
)


@pytest.mark.slow
def test_draft_editions_are_marked_on_every_screen(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM)
    for page in WITH_EDITIONS:
        assert "미공개 시안" in visitors.open(page, assessment=1).html, page


@pytest.mark.slow
def test_released_editions_are_marked_nowhere(office: Office, visitors: Visitors) -> None:
    listed = "".join(f"{edition.sha256}  {edition.file}\n" for edition in load.editions(load.FOLDER))
    (load.FOLDER / "released.sha256").write_text(f"# 2026-11-01\n{listed}", "utf-8")
    office.start()
    visitors.sign_in(KIM)
    for page in WITH_EDITIONS:
        screen = visitors.open(page, assessment=1)
        screen.sound()
        assert "미공개 시안" not in screen.html, page


# --- answering -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_answer_is_saved_when_given_and_there_after_a_reload(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    screen.choose(key("used"), "yes").fill(key("told"), "지원자에게 알린다.\n둘째 줄").write(
        key("told"), note="안내문 3쪽"
    )
    assert office.read(1).answers("hiring") == {"used": "yes", "told": "지원자에게 알린다.\n둘째 줄"}
    assert office.read(1).responses["hiring"]["told"].note == "안내문 3쪽"
    drawn = screen.field(key("told"))
    assert drawn
    assert "저장됨" in drawn["saved"]
    again = visitors.open("answer", assessment=1)
    assert again.shown(key("used"))["answer"] == "yes"
    assert again.shown(key("told")) == {"answer": "지원자에게 알린다.\n둘째 줄", "note": "안내문 3쪽"}


@pytest.mark.slow
def test_every_type_of_answer_is_saved_from_its_field(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    screen.write(key("people"), answer="1만 2천").write(key("reach"), answer=["mail"])
    screen.write(key("since"), answer="2026. 3. 1.")
    screen.write(key("vendors"), answer=[{}, {"vendor": "해태", "since": "20250102"}, {"vendor": " "}])
    answers = visitors.office.read(1).answers("hiring")
    assert answers["people"] == 12_000
    assert answers["reach"] == ("mail",)
    assert str(answers["since"]) == "2026-03-01"
    assert [dict(row) | {"since": str(row["since"])} for row in answers["vendors"]] == [
        {"vendor": "해태", "since": "2025-01-02"}
    ]
    assert screen.shown(key("people"))["answer"] == "12,000"
    screen.write(key("vendors"), answer=[])
    assert "vendors" not in office.read(1).answers("hiring")


def test_of_a_group_each_cell_that_cannot_be_read_is_named(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    rows = [{"vendor": "해태", "since": "2025-01-02"}, {}, {"vendor": "둘째", "since": "2027년 1월 말"}]
    screen.write(key("vendors"), answer=rows)
    verdict = screen.verdict(key("vendors"))
    assert verdict["kind"] == "refused"
    assert list(verdict["cells"]) == ["1/since"]  # of those that hold anything
    assert "‘2027년 1월 말’: 날짜로 읽을 수 없습니다. 연, 월, 일을" in verdict["cells"]["1/since"]
    assert "vendors" not in office.read(1).answers("hiring")


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("typed", "answer"),
    [("1만 2천", 12_000), ("12만", None), ("3.7", None), ("1,2,3", None), ("1,200", 1_200), ("１２０", 120)],
)
def test_a_number_is_read_as_it_was_typed_or_refused_in_words(
    office: Office, visitors: Visitors, typed: str, answer: int | None
) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    screen.fill(key("people"), typed)
    assert office.read(1).answers("hiring").get("people") == answer
    verdict = screen.verdict(key("people"))
    assert verdict["kind"] == ("refused" if answer is None else "saved")
    assert bool(verdict["text"]) is (answer is None)
    if answer is not None:
        assert screen.shown(key("people"))["answer"] == f"{answer:,}"


@pytest.mark.slow
def test_what_is_no_answer_is_said_at_the_field_until_it_is_one(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1).fill(key("since"), "어제")
    assert (
        "‘어제’: 날짜로 읽을 수 없습니다. 연, 월, 일을 모두 숫자로 적으십시오." in screen.verdict(key("since"))["text"]
    )
    assert "since" not in office.read(1).answers("hiring")
    assert screen.fill(key("since"), "2026-11-01").verdict(key("since"))["kind"] == "saved"


# --- the same answer from two sides ------------------------------------------------------------------------------


def _words(answer: str, note: str = "") -> dict[str, str]:
    return {"answer": answer, "note": note}


@pytest.mark.slow
def test_of_two_writers_the_second_sees_both_texts_and_chooses(office: Office, visitors: Visitors) -> None:
    office.start()
    first = visitors.sign_in(KIM).open("answer", assessment=1)
    office.answer(1, "hiring.told", "서두리의 글", by=SEO)
    first.write(key("told"), answer="김하나의 글", base=0, seen=_words(""))
    assert office.read(1).answers("hiring")["told"] == "서두리의 글"
    verdict = first.verdict(key("told"))
    assert verdict["kind"] == "conflict"
    assert verdict["theirs"] == "서두리의 글"
    assert "UTC" not in verdict["who"]
    first.write(key("told"), answer="김하나의 글")  # kept: upon what was shown
    assert office.read(1).answers("hiring")["told"] == "김하나의 글"
    office.answer(1, "hiring.told", "다시 서두리", seen=2, by=SEO)
    first.write(key("told"), answer="또 김하나", base=2, seen=_words("김하나의 글"))
    assert first.verdict(key("told"))["kind"] == "conflict"
    first.write(key("told"), dropped=True)  # theirs taken
    assert first.verdict(key("told"))["kind"] == "dropped"
    assert office.read(1).answers("hiring")["told"] == "다시 서두리"
    assert first.shown(key("told"))["answer"] == "다시 서두리"


@pytest.mark.slow
def test_words_that_were_dropped_are_not_saved_when_the_other_text_goes_back(
    office: Office, visitors: Visitors
) -> None:
    office.start()
    first = visitors.sign_in(KIM).open("answer", assessment=1)
    office.answer(1, "hiring.told", "서두리의 글", by=SEO)
    first.write(key("told"), answer="김하나의 글", base=0, seen=_words("")).write(key("told"), dropped=True)
    office.answer(1, "hiring.told", None, seen=1, by=SEO)
    first.app.run()
    assert "told" not in office.read(1).answers("hiring")


@pytest.mark.slow
def test_the_same_words_twice_are_one_deed(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    screen.write(key("told"), answer="한 번", nonce="n1")
    before = office.read(1).responses["hiring"]["told"].lock_version
    screen.app.run()  # the same state, in the same session
    again = visitors.open("answer", assessment=1)  # and in one that knows nothing of the first
    again.write(key("told"), answer=" 한 번", nonce="n1", base=0, seen=_words(""))
    assert again.verdict(key("told")) == screen.verdict(key("told"))
    assert office.read(1).responses["hiring"]["told"].lock_version == before


@pytest.mark.slow
def test_a_state_that_comes_with_a_session_that_has_just_begun_is_saved(office: Office, visitors: Visitors) -> None:
    """After a restart the browser sends what its fields hold before any run has drawn them."""
    office.start()
    field = visitors.sign_in(KIM).open("answer", assessment=1).field(key("told"))
    assert field
    new = AppTest.from_file(str(MAIN), default_timeout=120)
    new.query_params["assessment"] = "1"
    new.switch_page("answer.py")
    letter = {
        "nonce": "n1",
        "token": field["token"],
        "base": 0,
        "seen": _words(""),
        "sent": [],
        "value": _words("새 글"),
    }
    new.session_state[key("told")] = {"letter": letter}
    new.run()
    assert Screen(new).sound().verdict(key("told"))["kind"] == "saved"
    assert office.read(1).answers("hiring")["told"] == "새 글"


@pytest.mark.slow
def test_what_was_saved_without_the_browser_hearing_of_it_is_no_conflict(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM).open("answer", assessment=1).write(key("people"), answer="1만")
    again = visitors.open("answer", assessment=1)
    again.write(key("people"), answer="1만 2천", base=0, seen=_words(""), sent=[_words("1만")])
    assert office.read(1).answers("hiring")["people"] == 12_000


@pytest.mark.slow
def test_answer_and_note_of_two_people_do_not_meet(office: Office, visitors: Visitors) -> None:
    office.start()
    first = visitors.sign_in(KIM).open("answer", assessment=1)
    office.answer(1, "hiring.told", "서두리의 답", by=SEO)
    first.write(key("told"), answer="", note="김하나의 비고", base=0, seen=_words(""))
    response = office.read(1).responses["hiring"]["told"]
    assert (response.answer, response.note) == ("서두리의 답", "김하나의 비고")


def test_words_of_somebody_else_in_this_browser_are_not_saved(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    field = screen.field(key("told"))
    assert field
    letter = {"nonce": "n1", "token": field["token"].replace("kim", "seo"), "base": 0, "value": _words("남의 글")}
    screen.app.session_state[key("told")] = {"letter": letter}
    screen.app.run()
    assert "told" not in office.read(1).answers("hiring")


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "letter", [None, 3, [], {}, {"nonce": 1}, {"nonce": "n", "token": "t", "sent": 7, "value": []}]
)
def test_a_letter_of_another_shape_harms_nothing(office: Office, visitors: Visitors, letter: object) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    screen.app.session_state[key("told")] = {"letter": letter}
    screen.app.run()
    assert screen.sound().app.session_state
    assert not office.read(1).answers("hiring")


def _post(screen: Screen, *letters: dict[str, object]) -> dict[str, Any]:
    screen.app.session_state["unsaved"] = {"post": {"nonce": "p", "letters": list(letters)}}
    screen.app.run()
    field = screen.sound().field("unsaved")
    assert field
    return {nonce: verdict["kind"] for nonce, verdict in field["verdicts"].items()}


def _letter(nonce: str, question: str, answer: str, **parts: object) -> dict[str, object]:
    place = {"token": f"kim:{key(question)}", "place": [1, 1, "hiring", question], "base": 0, "seen": _words("")}
    return {"nonce": nonce, "value": _words(answer), "sent": [], **place, **parts}


def test_what_a_browser_still_holds_is_saved_from_any_screen(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open()
    verdicts = _post(screen, _letter("a", "told", "집으로 가다 적은 글"), _letter("b", "people", "삼백"))
    assert verdicts == {"a": "saved", "b": "refused"}
    assert office.read(1).answers("hiring") == {"told": "집으로 가다 적은 글"}


def test_what_has_no_place_any_more_is_refused_in_words(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open()
    strange = (
        _letter("a", "told", "x", place=[1, 2, "hiring", "told"]),
        _letter("b", "told", "x", place=[99, 1, "hiring", "told"]),
        _letter("c", "told", "x", place="hiring"),
        _letter("d", "told", "x", token="seo:" + key("told")),
        _letter("e", "gone", "x"),
    )
    assert set(_post(screen, *strange).values()) == {"refused"}
    assert not office.read(1).answers("hiring")


def test_a_question_that_an_answer_hides_is_not_asked_and_one_that_may_be_hidden_is(
    office: Office, visitors: Visitors
) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    assert screen.field(key("review"))
    assert "해당하지 않을 수 있음" in screen.html
    screen.choose(key("used"), "no")
    assert not screen.field(key("review"))


@pytest.mark.slow
def test_results_follow_each_answer(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("answer", assessment=1)
    assert "판단할 수 없음" in _strip(screen)
    screen.choose(key("used"), "yes").choose(key("review"), "none")
    assert "고영향 인공지능에 해당" in _strip(screen)
    before = _strip(screen)
    screen.choose(key("exposed"), "p0")
    assert _strip(screen) != before


def test_a_reader_gets_no_field(office: Office, visitors: Visitors) -> None:
    office.start()
    office.answer(1, "hiring.told", "<b>굵게</b> ![그림](http://example.org/a.png)")
    screen = visitors.sign_in(AUD).open("answer", assessment=1)
    assert not screen.field(key("told"))
    assert "&lt;b&gt;굵게&lt;/b&gt; ![그림](http://example.org/a.png)" in screen.html


@pytest.mark.slow
def test_evidence_is_attached_to_its_part_and_taken_away_again(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("involvement", assessment=1)
    form = "e1-1-"
    screen.unfold(f"{form}-attach-fold").app.file_uploader(key=f"{form}-file").upload(
        "명단.pdf", PDF, "application/pdf"
    )
    screen.type(f"{form}-new-title", "검토자 명단").type(f"{form}-new-on", "2026. 10. 1.").click(f"{form}-attach")
    (kept,) = office.read(1).evidence
    assert (kept.title, kept.file_name, str(kept.on)) == ("검토자 명단", "명단.pdf", "2026-10-01")
    screen.click(f"{form}-remove-{kept.id}")
    assert office.read(1).evidence == ()


@pytest.mark.slow
def test_nobody_waits_while_a_file_is_looked_at(
    office: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a PDF takes a process of its own; until it has ended, others may write."""
    looked = []

    def look(task: str, payload: bytes) -> bytes:
        with sqlite3.connect(home() / "haetae.db", timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
        looked.append(task)
        return pdf_words.READABLE

    office.start()
    monkeypatch.setattr(uploads, "in_own_process", look)
    screen = visitors.sign_in(KIM).open("involvement", assessment=1)
    screen.unfold("e1-1--attach-fold").app.file_uploader(key="e1-1--file").upload(
        "다른.pdf", PDF + b"another", "application/pdf"
    )
    screen.click("e1-1--attach")
    assert looked == ["evidence"] and len(office.read(1).evidence) == 1


@pytest.mark.slow
def test_a_file_that_is_refused_is_said_with_the_reason(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("involvement", assessment=1)
    assert "먼저 파일을 고르십시오" in screen.unfold("e1-1--attach-fold").click("e1-1--attach").html
    screen.app.file_uploader(key="e1-1--file").upload("명단.pdf", b"MZ no pdf", "application/pdf")
    assert "첨부하지 못하였습니다" in screen.click("e1-1--attach").html
    assert office.read(1).evidence == ()


# --- steps -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_missing_leads_to_its_place_and_holds_up_submission(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("review", assessment=1)
    assert "/answer?assessment=1&amp;section=" in screen.html
    assert "question=used#used" in screen.html
    assert "제출할 수 없습니다" in screen.click("submit-1-go").html
    assert office.read(1).status is Status.DRAFT


@pytest.mark.slow
def test_an_assessment_goes_all_the_way_by_different_people(office: Office, visitors: Visitors) -> None:
    office.start()
    office.fill(1)
    visitors.sign_in(KIM).open("review", assessment=1).click("submit-1-go")
    assert office.read(1).status is Status.SUBMITTED
    screen = visitors.sign_in(LEE).open("decide", assessment=1)
    assert "먼저 채울 항목: 결정, 사유" in screen.click("decide-1-1-go").html
    assert "고르지 않았습니다" in screen.problem("decide-1-1-ruling")
    screen.enter("decide-1-1-ruling", Ruling.APPROVED_WITH_CONDITIONS)
    screen.type("decide-1-1-reason", "근거가 있다.").type("decide-1-1-condition-1-text", "하나")
    assert "담당이나 기한이 없습니다" in screen.click("decide-1-1-go").html
    screen.enter("decide-1-1-condition-1-owner", "kim").type("decide-1-1-condition-1-due", "2099-03-01")
    screen.type("decide-1-1-condition-3-text", "둘").type("decide-1-1-condition-3-name", "품질팀")
    screen.type("decide-1-1-condition-3-due", "2099년 4월 1일").click("decide-1-1-go")
    decision = office.read(1).decision
    assert decision is not None
    assert (decision.ruling, decision.conditions) == (
        Ruling.APPROVED_WITH_CONDITIONS,
        (Condition("하나", "김하나", date(2099, 3, 1), "kim"), Condition("둘", "품질팀", date(2099, 4, 1))),
    )
    assert not screen.has_button("sign-1-1-go")
    assert visitors.sign_in(PARK).open("decide", assessment=1).has_button("sign-1-1-go")


@pytest.mark.slow
def test_the_committee_marks_each_piece_of_evidence(office: Office, visitors: Visitors) -> None:
    office.start()
    with office.database.transaction() as session:
        evidence = actions.add_evidence(session, 1, actions.Upload("지정서", "a.pdf", PDF), KIM, AT)
    office.submit(1)
    key = f"mark-1-1-{evidence.id}"
    screen = visitors.sign_in(LEE).open("decide", assessment=1).unfold(f"{key}-fold")
    screen.enter(f"{key}-which", EvidenceMark.NOT_SUFFICIENT).click(f"{key}-save")
    assert "사유가 필요합니다" in screen.html and "사유가 필요합니다" in screen.problem(f"{key}-reason")
    screen.type(f"{key}-reason", "기간이 <다릅니다>.").click(f"{key}-save")
    (mark,) = office.read(1).evidence_reviews
    assert (mark.mark, mark.reason) == (EvidenceMark.NOT_SUFFICIENT, "기간이 <다릅니다>.")
    assert "기간이 &lt;다릅니다&gt;." in screen.html
    assert not visitors.sign_in(KIM).open("decide", assessment=1).has_button(f"{key}-save")


@pytest.mark.slow
def test_an_author_in_the_committee_is_told_why_they_cannot_decide(office: Office, visitors: Visitors) -> None:
    office.start()
    office.submit(1)
    screen = visitors.sign_in(both(KIM, LEE)).open("decide", assessment=1)
    assert not screen.has_button("decide-1-1-go")
    assert "작성자이므로 결정할 수 없습니다" in screen.html


@pytest.mark.slow
def test_a_decision_on_content_that_changed_meanwhile_is_refused(office: Office, visitors: Visitors) -> None:
    office.start()
    office.submit(1)
    screen = visitors.sign_in(LEE).open("decide", assessment=1)
    with office.database.transaction() as session:
        actions.return_to_author(session, 1, "고치십시오.", CHO, AT)
    office.answer(1, "hiring.told", "다른 글", seen=1)
    with office.database.transaction() as session:
        actions.submit(session, 1, KIM, AT)
    screen.enter("decide-1-1-ruling", Ruling.APPROVED).type("decide-1-1-reason", "좋다.").click("decide-1-1-go")
    assert "화면에 보이던 내용이 아닙니다" in screen.html
    assert office.read(1).status is Status.SUBMITTED


@pytest.mark.slow
def test_what_is_returned_tells_the_author_why(office: Office, visitors: Visitors) -> None:
    office.start()
    office.submit(1)
    screen = visitors.sign_in(LEE).open("decide", assessment=1).unfold("return-1-1-fold")
    screen.type("return-1-1-reason", "3번을 <다시>").click("return-1-1-go")
    assert office.read(1).status is Status.RETURNED
    visitors.sign_in(KIM)
    section = load.newest("involvement").questionnaire.sections[0].id
    for page in ("assessment", "answer", "impacts", "review"):
        assert "3번을 &lt;다시&gt;" in visitors.open(page, assessment=1).html, page
    assert "3번을 &lt;다시&gt;" in visitors.open("involvement", assessment=1, section=section).html


@pytest.mark.slow
def test_a_new_revision_and_a_withdrawal_are_asked_for_and_done(office: Office, visitors: Visitors) -> None:
    office.signed_off()
    screen = visitors.sign_in(KIM).open("assessment", assessment=1).click("revise-1-go")
    assert (office.read(1).revision, office.read(1).status) == (2, Status.DRAFT)
    screen.unfold("withdraw-1-fold").click("withdraw-1-go")
    assert office.read(1).status is Status.DRAFT and screen.problem("withdraw-1-2-reason"), "it says why"
    screen.type("withdraw-1-2-reason", "쓰지 않는다.").click("withdraw-1-go")
    assert office.read(1).status is Status.WITHDRAWN


# --- register and history --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_organisation_a_system_and_an_assessment_are_begun_on_one_screen(office: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("systems")
    screen.type("operator-new-name", "해태 주식회사").click("operator-new-go")
    screen.unfold("register-1-fold").type("system-new-1-name_ko", "서류 도우미").click("system-new-1-go")
    assert "먼저 영역을 고르십시오" in screen.unfold("start-1-fold").click("start-1-go").html
    screen.choose_in_form("start-1-domain", "hiring").click("start-1-go")
    assert "평가 1번 초안을 열었습니다" in screen.html and 'class="h-strip"' in screen.html, "its first section"
    assessment = office.read(1)
    assert (assessment.operator.name, assessment.system.name_ko, assessment.domain) == (
        "해태 주식회사",
        "서류 도우미",
        "hiring",
    )
    screen = (
        visitors.open("systems")
        .unfold("operator-1-fold")
        .type("operator-1-supervisor_name", "한지우")
        .click("operator-1-go")
    )
    assert office.read(1).operator.supervisor_name == "한지우"


def test_who_may_not_register_gets_no_form(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(AUD).open("systems")
    assert [one.key for one in screen.app.text_input] == ["q"]
    assert "서류 도우미" in screen.html


def test_the_history_shows_old_and_new_answers(office: Office, visitors: Visitors) -> None:
    office.start()
    office.answer(1, "hiring.told", "처음 글")
    office.answer(1, "hiring.told", "나중 <글>", seen=1, by=SEO)
    shown = visitors.sign_in(AUD).open("history", assessment=1).html
    assert "처음 글" in shown
    assert "나중 &lt;글&gt;" in shown
    assert "평가 시작" in shown


def test_the_history_and_the_scenarios_name_nothing_by_names_of_the_program(office: Office, visitors: Visitors) -> None:
    number = office.start()
    scenario, measure = (
        Scenario("s1", "잘못 적힌 말로 낮은 등급이 나옵니다."),
        Measure("m1", "다시 듣습니다.", scenarios=("s1",)),
    )
    with office.database.transaction() as session:
        actions.set_scenarios(session, number, [scenario], KIM, AT)
        actions.set_measures(session, number, [measure], KIM, AT)
    title = load.newest("hiring", load.FOLDER).questionnaire.title.ko
    shown = visitors.sign_in(KIM).open("history", assessment=number).html
    assert f'<dd><div class="h-written">{title}</div></dd>' in shown
    assert not re.search(r"<d[td]>[^<]*\b(s1|m1|file_sha256|hiring)\b", shown)
    screen = visitors.open("impacts", assessment=number)
    assert not re.search(r">\s*(s1|m1)\s*<", screen.html)


@pytest.mark.slow
def test_a_screen_speaks_the_language_of_its_reader(office: Office, visitors: Visitors) -> None:
    office.start()
    assert "Task list" in visitors.sign_in(KIM, "en").open("assessment", assessment=1).html
    assert "작업 목록" in visitors.sign_in(KIM, "ko").open("assessment", assessment=1).html


def test_an_unforeseen_failure_is_one_sentence_and_its_trace_goes_to_the_log(
    office: Office, visitors: Visitors, caplog: pytest.LogCaptureFixture
) -> None:
    from pages._server import trouble

    assert trouble.show_failure(ValueError("inside")) is True
    assert "inside" in caplog.text


def test_roles_are_all_named() -> None:
    from pages._frame import enum_names

    for role in Role:
        assert enum_names.role(role, "ko") != enum_names.role(role, "en")


def _strip(screen: Screen) -> str:
    return next(line for line in screen.html.splitlines() if "h-strip" in line)


@pytest.mark.slow
def test_characters_that_no_font_has_are_named_before_a_report_is_made(office: Office, visitors: Visitors) -> None:
    number = office.start()
    assert "글꼴에 없는 글자" not in visitors.sign_in(KIM).open("review", assessment=number).html
    office.answer(number, "hiring.told", "회사 기호 \ue000 표시")
    shown = visitors.sign_in(KIM).open("review", assessment=number).html
    assert "글꼴에 없는 글자" in shown and "회사 기호 [U+E000] 표시" in shown
