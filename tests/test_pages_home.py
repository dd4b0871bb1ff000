"""Home: what one has begun comes first, nothing stands there twice, and what was signed off does not vanish."""

from __future__ import annotations

from assessments import actions
from tests.office import AT, KIM, LEE, Office
from tests.screens import Visitors


def test_what_one_has_begun_is_offered_first_with_its_next_question(office: Office, visitors: Visitors) -> None:
    office.start()
    office.answer(1, "hiring.used", "yes")
    html = visitors.sign_in(KIM).open("home").html
    assert html.index("작성하던 평가") < html.index("그 밖의 평가")
    assert "이어서 하기" in html and "question=review#review" in html
    assert "%에 답하였습니다" in html and "분쯤 걸립니다" in html


def test_no_assessment_stands_in_two_lists(office: Office, visitors: Visitors) -> None:
    office.start()
    second = office.start()
    office.submit(second)
    for actor in (KIM, LEE):
        html = visitors.sign_in(actor).open("home").html
        keys = [key for key in ("평가 1번", "평가 2번") if html.count(f"{key} ·") != 1]
        assert not keys, (actor.id, keys)


def test_a_signed_revision_is_named_while_the_next_is_written(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    html = visitors.sign_in(LEE).open("home").html
    assert "개정 1판은 결재됨" in html and f"/decide?assessment={number}" in html


def test_an_unfinished_draft_has_no_colours_of_a_result(office: Office, visitors: Visitors) -> None:
    office.start()
    html = visitors.sign_in(LEE).open("home").html + visitors.sign_in(KIM).open("assessment", assessment=1).html
    for colour in ("h-good", "h-bad", "h-cannot", "h-level"):
        assert f"h-tag {colour}" not in html, colour


def test_a_deleted_draft_is_gone_from_home(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("assessment", assessment=1).click("delete-1-go")
    assert "평가 1번 초안을 삭제하였습니다" in screen.html
    assert "서류 도우미" not in visitors.open("home").html
