"""An older answer is put back from the history, the revisions and the review, after a look at both; two assessments side by side."""

from __future__ import annotations

import pytest

from assessments import actions, viewing
from assessments.storage.units import add_unit
from tests.office import AT, KIM, LEE, SEO, Office
from tests.screens import Visitors

WHERE = "hiring.told"


def _last(office: Office, number: int) -> int:
    with office.database.reading() as session:
        return viewing.events(session, KIM, number, 1)[0].seq


@pytest.mark.slow
def test_the_history_leads_to_an_older_answer_and_puts_it_back_once_asked(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.answer(number, WHERE, "처음 답", note="처음 메모")
    written = _last(office, number)
    office.answer(number, WHERE, "나중 답", 1, by=SEO)
    history = visitors.sign_in(KIM).open("history", assessment=number)
    assert history.html.count("이 답변으로 되돌리기") == 1, "what is there now is not put back"
    assert f"restore={written}#restore" in history.html
    asked = visitors.open("history", assessment=number, restore=written)
    panel = asked.html[: asked.html.index("h-events")]
    assert "처음" in panel and "나중" in panel and "처음 메모" in panel and "김하나님이" in panel
    assert office.read(number).responses["hiring"]["told"].answer == "나중 답", "asking is not doing"
    asked.click(f"restore-{number}")
    assert office.read(number).responses["hiring"]["told"].answer == "처음 답"
    assert "답변을 되돌렸습니다" in asked.html and "되돌릴 것이 없습니다" in asked.html
    told = visitors.open("history", assessment=number).html
    assert "답변 되돌림" in told and f"이력 {written}번" in told


@pytest.mark.slow
def test_a_changed_answer_is_put_back_from_the_review_and_the_revisions(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "고치십시오.", LEE, AT)
    before = office.read(number).responses["hiring"]["told"]
    office.answer(number, WHERE, "바꾼 답", before.lock_version)
    for screen in ("review", "revisions"):
        html = visitors.sign_in(KIM).open(screen, assessment=number).html
        assert f"restore=1.1&amp;question={WHERE}#restore" in html, screen
    screen = visitors.open("revisions", assessment=number, restore="1.1", question=WHERE)
    assert "바꾼" in screen.html and "개정 1판 1차 제출" in screen.html
    screen.click(f"restore-{number}")
    assert office.read(number).responses["hiring"]["told"].answer == before.answer


@pytest.mark.first_in_check
@pytest.mark.parametrize("query", [{"restore": "9999"}, {"restore": "x"}, {"restore": "7.1", "question": WHERE}])
def test_an_address_that_names_no_older_answer_says_so(
    office: Office, visitors: Visitors, query: dict[str, str]
) -> None:
    number = office.start()
    screen = visitors.sign_in(KIM).open("revisions", assessment=number, **query)
    assert "h-notice h-bad" in screen.html and not screen.has_button(f"restore-{number}")


@pytest.mark.slow
def test_whoever_may_not_answer_is_offered_nothing(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.answer(number, WHERE, "하나")
    written = _last(office, number)
    office.answer(number, WHERE, "둘", 1)
    assert "되돌리기" not in visitors.sign_in(LEE).open("history", assessment=number).html
    assert not visitors.open("history", assessment=number, restore=written).has_button(f"restore-{number}")
    office.submit(number)
    assert "되돌리기" not in visitors.sign_in(KIM).open("history", assessment=number).html


@pytest.mark.slow
def test_an_answer_that_changed_meanwhile_is_not_overwritten(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.answer(number, WHERE, "하나")
    written = _last(office, number)
    office.answer(number, WHERE, "둘", 1)
    screen = visitors.sign_in(KIM).open("history", assessment=number, restore=written)
    office.answer(number, WHERE, "셋", 2, by=SEO)
    screen.click(f"restore-{number}")
    assert office.read(number).responses["hiring"]["told"].answer == "셋" and "h-notice h-bad" in screen.html


@pytest.mark.slow
def test_two_assessments_stand_side_by_side(office: Office, visitors: Visitors) -> None:
    first, second = office.start(), office.start()
    office.submit(first)
    office.fill(second)
    told = office.read(second).responses["hiring"]["told"]
    office.answer(second, WHERE, f"{told.answer} 문자로도 알린다.", told.lock_version)
    alone = visitors.sign_in(KIM).open("revisions", assessment=second).html
    assert "나란히 비교" not in alone, "of the only state of an assessment there is nothing to compare"
    shown = visitors.open("revisions", assessment=second, other=first).html
    assert "<ins> 문자로도 알린다.</ins>" in shown and f"평가 {first}번 · 개정 1판 1차 제출" in shown
    assert "되돌리기" not in shown, "nothing of another assessment is put back here"
    turned = visitors.open("revisions", assessment=second, other=first, old="now", new=f"{first}-1.1").html
    assert "<del> 문자로도 알린다.</del>" in turned


def test_an_assessment_that_its_reader_may_not_read_is_told_like_one_that_is_not_there(
    office: Office, visitors: Visitors
) -> None:
    first, second = office.start(), office.start()
    office.answer(first, WHERE, "비밀스러운 답")
    with office.database.transaction() as session:
        elsewhere = add_unit(session, "남", None)
        session.connection().exec_driver_sql(
            f"UPDATE ai_system SET unit_id = {elsewhere} WHERE id = (SELECT system_id FROM assessment WHERE id = {first})"
        )
    shown, absent = (
        visitors.sign_in(KIM).open("revisions", assessment=second, other=other).html for other in (first, 9871)
    )
    assert "비밀스러운" not in shown and "h-notice h-bad" in shown and "h-notice h-bad" in absent


@pytest.mark.slow
def test_only_what_both_questionnaires_ask_is_compared(office: Office, visitors: Visitors) -> None:
    first, second = office.start(), office.start()
    office.fill(first)
    office.answer(second, WHERE, "둘")
    with office.database.transaction() as session:
        session.connection().exec_driver_sql(
            f"DELETE FROM pinned_edition WHERE questionnaire = 'involvement' AND revision_id = {second}"
        )
    shown = visitors.sign_in(KIM).open("revisions", assessment=second, other=first).html
    assert "2건은 뺐습니다" in shown
