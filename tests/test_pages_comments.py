"""Comments on screen: beside their question, counted where one decides, written in threads on a screen of their own."""

from __future__ import annotations

import pytest

from assessments import actions, viewing
from assessments.home import home
from assessments.model import Actor
from assessments.people import add_person
from tests.office import AT, AUD, KIM, LEE, SEO, Office
from tests.screens import Screen, Visitors

PLACE = "hiring.people"
NEW = f"comment-1-{PLACE}"


@pytest.fixture
def number(office: Office) -> int:
    for actor in (KIM, SEO, LEE, AUD):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return office.start()


def _write(office: Office, words: str, by: Actor = SEO, place: str = PLACE) -> int:
    with office.database.transaction() as session:
        return actions.comment(session, 1, place, words, by, AT)


def _say(screen: Screen, key: str, words: str, people: list[str]) -> Screen:
    return screen.type(f"{key}-text", words).enter(f"{key}-people", people)


@pytest.mark.slow
def test_a_comment_is_written_at_its_question_answered_resolved_and_opened_again(
    office: Office, visitors: Visitors, number: int
) -> None:
    office.answer(number, PLACE, 120)
    question = visitors.sign_in(SEO).open("answer", assessment=number)
    assert f"/comments?assessment={number}&amp;at={PLACE}" in question.html
    screen = visitors.open("comments", assessment=number, at=PLACE)
    assert "120" in screen.html, "the answer that it is about"
    _say(screen, NEW, "어떻게 <b>세었습니까</b>?", ["이서준"]).click(f"{NEW}-go")
    assert "의견을 남겼습니다" in screen.html and "어떻게 &lt;b&gt;세었습니까&lt;/b&gt;?" in screen.html
    assert "@ 이서준" in screen.html
    (thread,) = _threads(office)
    here = visitors.sign_in(LEE).open("comments", assessment=number, at=PLACE)
    assert not here.has_button(f"own-{thread}-withdraw")
    here.unfold(f"thread-{thread}-reply-fold")
    _say(here, f"thread-{thread}-reply", "접수 대장으로.", []).click(f"thread-{thread}-reply-go")
    assert here.html.index("세었습니까") < here.html.index("접수 대장으로.")
    here.click(f"thread-{thread}-resolve")
    assert "해결로 표시함" in here.html and "이서준" in here.html
    here.click(f"thread-{thread}-reopen")
    assert "해결로 표시함" not in here.html


def _threads(office: Office) -> list[int]:
    with office.database.reading() as session:
        return [thread.seq for thread in viewing.threads(session, KIM, 1)]


@pytest.mark.slow
def test_its_author_corrects_a_comment_and_withdraws_it(office: Office, visitors: Visitors, number: int) -> None:
    seq = _write(office, "@이서준 처음 말")
    screen = visitors.sign_in(SEO).open("comments", assessment=number).unfold(f"thread-{seq}-own-fold")
    assert screen.entered(f"own-{seq}-text")["value"] == "@이서준 처음 말"
    screen.type(f"own-{seq}-text", "고친 말").click(f"own-{seq}-correct")
    assert "고친 말" in screen.html and "처음 말" not in screen.html and "고침" in screen.html
    screen.click(f"own-{seq}-withdraw")
    assert "거두었습니다" in screen.html and "고친 말" not in screen.html
    history = visitors.open("history", assessment=number).html
    assert "처음 말" in history and "의견 거둠" in history


def test_a_name_that_nobody_here_has_is_refused_and_the_words_stay(
    office: Office, visitors: Visitors, number: int
) -> None:
    screen = visitors.sign_in(SEO).open("comments", assessment=number, at=PLACE)
    _say(screen, NEW, "보십시오", ["모르는 이"]).click(f"{NEW}-go")
    assert "모르는 이" in screen.html and not _threads(office)
    assert not screen.entered(f"{NEW}-text")["done"], "the draft is still one"
    screen.type(f"{NEW}-text", "").click(f"{NEW}-go")
    assert screen.problem(f"{NEW}-text")


@pytest.mark.slow
def test_open_comments_are_counted_and_lead_to_their_questions(office: Office, visitors: Visitors, number: int) -> None:
    assert "해결되지 않은 의견 없음" in visitors.sign_in(KIM).open("review", assessment=number).html
    first = _write(office, "첫 물음")
    _write(office, "다음 물음")
    _write(office, "셋", place="hiring/all")
    for screen in ("assessment", "review"):
        shown = visitors.open(screen, assessment=number).html
        assert "해결되지 않은 의견 3건" in shown and f"at={PLACE}" in shown and "at=hiring%2Fall" in shown, screen
    beside = visitors.open("answer", assessment=number).html
    assert "해결되지 않은 의견 2건" in beside and "첫 물음" in beside and "셋" in beside
    with office.database.transaction() as session:
        actions.resolve_comment(session, number, first, KIM, AT)
    office.submit(number)
    decide = visitors.sign_in(LEE).open("decide", assessment=number).html
    assert "해결되지 않은 의견 2건" in decide and decide.index("남은 사항") < decide.index("해결되지 않은 의견 2건")
    answers = decide[decide.rindex("결정 대상") :]
    assert "해결되지 않은 의견 1건" in answers and "다음 물음" in answers and "첫 물음" not in answers


@pytest.mark.slow
def test_an_auditor_reads_what_is_said_and_finds_nothing_to_press(
    office: Office, visitors: Visitors, number: int
) -> None:
    _write(office, "읽을 말")
    screen = visitors.sign_in(AUD).open("comments", assessment=number, at=PLACE)
    assert "읽을 말" in screen.html and not [button for button in screen.app.button if button.key]
    assert "의견 남기기" not in visitors.open("answer", assessment=number).html


@pytest.mark.slow
def test_many_threads_are_shown_page_by_page_the_open_ones_first(
    office: Office, visitors: Visitors, number: int
) -> None:
    seqs = [_write(office, f"의견 {count:02}") for count in range(25)]
    with office.database.transaction() as session:
        actions.resolve_comment(session, number, seqs[-1], KIM, AT)
    first = visitors.sign_in(KIM).open("comments", assessment=number).html
    assert "의견 23" in first and "의견 04" in first and "의견 03" not in first and "의견 24" not in first
    second = visitors.open("comments", assessment=number, part=2).html
    assert "의견 03" in second and second.index("의견 00") < second.index("의견 24")
    assert visitors.open("comments", assessment=number, part="x<", at="y<").html


@pytest.mark.slow
def test_whoever_is_named_finds_the_comment_on_the_first_screen_and_marks_it_as_seen(
    office: Office, visitors: Visitors, number: int
) -> None:
    seq = _write(office, "@이서준 <i>보십시오</i>")
    screen = visitors.sign_in(LEE).open()
    assert f"/comments?assessment={number}&amp;at={PLACE}#comment-{seq}" in screen.html
    assert "&lt;i&gt;보십시오&lt;/i&gt;" in screen.html and "서두리님이 의견에서 나를 언급함" in screen.html
    assert "서두리님이" not in visitors.sign_in(KIM).open().html
    visitors.sign_in(LEE)
    screen.click(f"mention-{seq}-seen")
    assert "나를 언급함" not in screen.html and "확인으로 표시하였습니다" in screen.html
