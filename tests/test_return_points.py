"""What the committee asks for at single places stands there, is ticked off with an answer, and comes back to the committee with it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assessments import actions, viewing
from assessments.errors import IncompleteError, InvalidAnswerError, NotFoundError, WrongStatusError
from assessments.model import ReturnPoint, Ruling
from assessments.storage.entries import ReturnPointLine
from tests.office import AT, KIM, LEE, SEO, Office
from tests.screens import Visitors

POINTS = (ReturnPoint("hiring.people", "어떻게 세었는지 적으십시오."), ReturnPoint("measures", "담당을 적으십시오."))


def _return(office: Office, number: int, points: Sequence[ReturnPoint] = POINTS) -> None:
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "두 가지를 고치십시오.", LEE, AT, points=points)


def _answer(office: Office, number: int, where: str, text: str) -> None:
    with office.database.transaction() as session:
        actions.answer_point(session, number, where, text, SEO, AT)


def _points(office: Office, number: int) -> tuple[ReturnPointLine, ...]:
    with office.database.reading() as session:
        return viewing.return_points(session, KIM, office.read(number))


def test_each_point_is_answered_before_it_is_submitted_again(office: Office) -> None:
    number = office.start()
    office.submit(number)
    _return(office, number)
    assert [(point.where, point.answer, point.by) for point in _points(office, number)] == [
        ("hiring.people", "", LEE.person),
        ("measures", "", LEE.person),
    ]
    with pytest.raises(IncompleteError, match="2"):
        office.submit(number)
    _answer(office, number, "hiring.people", "지난달 접수 수를 셌다.")
    with pytest.raises(IncompleteError, match="담당을 적으십시오"):
        office.submit(number)
    _answer(office, number, "measures", "적었다.")
    _answer(office, number, "measures", "인사팀으로 적었다.")
    office.submit(number)
    first, second = _points(office, number)
    assert (first.answer, second.answer, second.answered_by) == (
        "지난달 접수 수를 셌다.",
        "인사팀으로 적었다.",
        SEO.person,
    )
    _return(office, number, POINTS[:1])
    (again,) = _points(office, number)
    assert not again.answer, "what was said to an earlier return does not answer this one"


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("points", "error"),
    [
        ((ReturnPoint("hiring.no_such", "무엇"),), InvalidAnswerError),
        ((ReturnPoint("", "무엇"),), IncompleteError),
        ((ReturnPoint("measures", " "),), IncompleteError),
        ((ReturnPoint("log", "하나"), ReturnPoint("log", "둘")), InvalidAnswerError),
    ],
)
def test_a_point_names_a_place_of_the_assessment_once_and_says_what(
    office: Office, points: tuple[ReturnPoint, ...], error: type[Exception]
) -> None:
    number = office.start()
    office.submit(number)
    with pytest.raises(error):
        _return(office, number, points)
    assert office.read(number).status == "submitted"


@pytest.mark.slow
def test_only_what_was_asked_for_is_answered_and_with_words(office: Office) -> None:
    number = office.start()
    with pytest.raises(NotFoundError):
        _answer(office, number, "measures", "적었다.")
    office.submit(number)
    _return(office, number)
    with pytest.raises(NotFoundError):
        _answer(office, number, "scenarios", "적었다.")
    with pytest.raises(IncompleteError):
        _answer(office, number, "measures", "  ")
    for point in POINTS:
        _answer(office, number, point.where, "했다.")
    office.submit(number)
    with pytest.raises(WrongStatusError):
        _answer(office, number, "measures", "또")


@pytest.mark.slow
def test_points_go_with_their_revision(office: Office) -> None:
    number = office.start()
    office.submit(number)
    _return(office, number)
    for point in POINTS:
        _answer(office, number, point.where, "했다.")
    seen = office.submit(number)
    office.decide(number, seen, ruling=Ruling.REJECTED)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert _points(office, number) == ()
    office.submit(number)


@pytest.mark.slow
def test_the_committee_asks_the_author_answers_and_the_committee_sees_it(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    screen = visitors.sign_in(LEE).open("decide", assessment=number).unfold(f"return-{number}-1-fold")
    screen.type(f"return-{number}-1-reason", "한 가지를 고치십시오.")
    screen.choose_in_form(f"return-{number}-1-point-1-where", "hiring.people")
    screen.type(f"return-{number}-1-point-1-text", "어떻게 세었는지 적으십시오.").click(f"return-{number}-1-go")
    assert 'class="h-notice h-good"' in screen.html

    visitors.sign_in(KIM)
    asked = visitors.open("answer", assessment=number).html
    assert "보완 요청: 이서준" in asked and "어떻게 세었는지 적으십시오." in asked and "처리 전" in asked
    review = visitors.open("review", assessment=number)
    assert "심의위원회의 보완 요청" in review.html
    assert "처리하지 않은 보완 요청이 1건" in review.click(f"submit-{number}-go").html
    review.click("point-1-go")
    key = next(key for key in review.app.session_state["drafts"].fields if key.startswith(f"point-{number}-1-1-"))
    assert "아직 적지 않았습니다" in review.problem(key)
    review.type(key, "접수 수를 셌다.").click("point-1-go")
    assert "처리됨" in review.html and "접수 수를 셌다." in review.html
    assert "접수 수를 셌다." in visitors.open("answer", assessment=number).html
    review.click(f"submit-{number}-go")

    shown = visitors.sign_in(LEE).open("decide", assessment=number).html
    assert shown.index("심의위원회의 보완 요청") < shown.index("직전 제출 이후 바뀐 내용")
    assert "접수 수를 셌다." in shown
    history = visitors.open("history", assessment=number).html
    assert "보완 요청 처리" in history and "어떻게 세었는지 적으십시오." in history
