"""Home: what one has begun comes first, nothing stands there twice, and what was signed off does not vanish."""

from __future__ import annotations

import pytest

from assessments import actions
from assessments.keeping import starting
from assessments.model import Ruling
from assessments.storage import signed_results
from tests.office import AT, KIM, LEE, Office
from tests.screens import Visitors


def test_what_one_has_begun_is_offered_first_with_its_next_question(office: Office, visitors: Visitors) -> None:
    office.start()
    office.answer(1, "hiring.used", "yes")
    html = visitors.sign_in(KIM).open("home").html
    assert html.index("작성하던 평가") < html.index("그 밖의 평가")
    assert "이어서 하기" in html and "question=review#review" in html
    assert "%에 답하였습니다" in html and "분쯤 걸립니다" in html


@pytest.mark.slow
def test_no_assessment_stands_in_two_lists(office: Office, visitors: Visitors) -> None:
    office.start()
    second = office.start()
    office.submit(second)
    for actor in (KIM, LEE):
        html = visitors.sign_in(actor).open("home").html
        keys = [key for key in ("평가 1번", "평가 2번") if html.count(f"{key} ·") != 1]
        assert not keys, (actor.id, keys)


@pytest.mark.slow
def test_what_is_approved_stands_beside_the_draft_of_the_next_revision_in_every_list(
    office: Office, visitors: Visitors
) -> None:
    number = office.signed_off()
    shown = visitors.sign_in(LEE).open("home").html
    assert 'class="h-revision"' not in shown, "nothing stands beside it yet"
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    exposed = office.read(number).responses["hiring"]["exposed"].lock_version
    office.answer(number, "hiring.exposed", None, exposed)
    for actor, screen in ((LEE, "home"), (KIM, "home"), (LEE, "systems")):
        html = visitors.sign_in(actor).open(screen).html
        line = html[html.index('class="h-revision"') :]
        line = line[: line.index("</div>")]
        assert f"/revisions?assessment={number}&amp;read=1" in line and "개정 1판(승인)" in line, (actor.id, screen)
        for words in ("결재", "위험", "고영향"):
            assert words in line, (actor.id, screen, words)
    assert "개정 2판" in visitors.sign_in(LEE).open("home").html


@pytest.mark.slow
def test_what_was_rejected_is_not_called_approved(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen, ruling=Ruling.REJECTED)
    assert "개정 1판(승인)" in visitors.sign_in(LEE).open("home").html, "as long as nothing else is signed off"
    office.sign(number, frozen)
    assert 'class="h-revision"' not in visitors.open("home").html
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    html = visitors.open("home").html
    assert "개정 2판" in html and "(승인)" not in html


@pytest.mark.slow
def test_results_of_homes_from_before_are_derived_once(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
        before = signed_results.of(session, [number])
        session.connection().exec_driver_sql("DELETE FROM signed_result")
        bare = signed_results.of(session, [number])[number]
        assert (bare.revision, bare.outcome, bare.level, bare.is_approved) == (1, None, None, True)
    assert "개정 1판(승인)" in visitors.sign_in(LEE).open("home").html
    starting.prepare()
    with office.database.reading() as session:
        assert signed_results.of(session, [number]) == before


def test_an_unfinished_draft_has_no_colours_of_a_result(office: Office, visitors: Visitors) -> None:
    office.start()
    html = visitors.sign_in(LEE).open("home").html + visitors.sign_in(KIM).open("assessment", assessment=1).html
    for colour in ("h-good", "h-bad", "h-cannot", "h-level"):
        assert f"h-tag {colour}" not in html, colour


@pytest.mark.slow
def test_a_deleted_draft_is_gone_from_home(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("assessment", assessment=1).click("delete-1-go")
    assert "평가 1번 초안을 삭제하였습니다" in screen.html
    assert "서류 도우미" not in visitors.open("home").html
