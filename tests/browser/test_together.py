"""Two people at one assessment at once: each sees that the other is here, what they changed and what they say, without a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assessments import actions
from assessments.model import Response, Role
from assessments.people import add_person, find_person
from tests import doors
from tests.browser.conftest import PATIENCE_MS, Server, Visitor, complaints_checked, context_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PRESENT = "지금 함께 보는 사람: {name}"


@pytest.fixture
def colleague(server: Server, browser: Browser) -> Iterator[Visitor]:
    """A contributor at another computer."""
    if find_person(server.home, "duri") is None:
        add_person(server.home, "duri", "서두리", [Role.CONTRIBUTOR])
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    with complaints_checked(context) as page:
        yield Visitor(page, server.address).sign_in("duri")
    context.close()


def _field(page: Page, number: str, question: str) -> Locator:
    return page.locator(f'[data-field$=":a{number}-1-{question.replace(".", "-")}"]')


def _reloads(page: Page) -> Locator:
    """Marks the page, so that a reload shows."""
    page.evaluate("() => { document.documentElement.dataset.same = 'yes'; }")
    return page.locator("html[data-same=yes]")


def test_two_people_see_each_other_and_what_the_other_answers_while_they_write(
    visitor: Visitor, colleague: Visitor
) -> None:
    hana, duri = visitor.sign_in("hana").page, colleague.page
    number = visitor.start("채용")
    visitor.go(f"/answer?assessment={number}")
    same = _reloads(hana)
    colleague.go(f"/answer?assessment={number}")
    expect(hana.get_by_text(PRESENT.format(name="서두리"))).to_be_visible(timeout=PATIENCE_MS)
    expect(duri.get_by_text(PRESENT.format(name="김하나"))).to_be_visible(timeout=PATIENCE_MS)

    notes = _field(hana, number, "hiring.influence")
    notes.locator("summary").click()
    words = notes.locator("textarea")
    words.click()
    words.press_sequentially("절반쯤 적은", delay=20)
    theirs = _field(duri, number, "hiring.used_in_hiring")
    theirs.locator("label").first.click()
    expect(theirs.locator(".f-mark")).to_contain_text("✓")
    seen = _field(hana, number, "hiring.used_in_hiring")
    expect(seen.locator("input").first).to_be_checked(timeout=PATIENCE_MS)
    expect(seen.locator(".f-mark")).to_contain_text("서두리")
    expect(hana.locator(".h-presence")).to_contain_text("서두리님이 1.1 답변을 바꿈")
    expect(words).to_be_focused()
    words.press_sequentially(" 말을 이어 적는다", delay=20)
    expect(words).to_have_value("절반쯤 적은 말을 이어 적는다")
    expect(notes.locator(".f-mark")).to_contain_text("✓")
    expect(same).to_have_count(1)

    answer = _field(duri, number, "hiring.influence")
    expect(answer.locator("textarea")).to_have_value("절반쯤 적은 말을 이어 적는다", timeout=PATIENCE_MS)
    expect(duri.locator(".h-presence")).to_contain_text("김하나님이 1.2 답변을 바꿈")


def test_what_somebody_is_writing_outlives_that_the_page_is_drawn_anew_for_what_a_colleague_wrote_there(
    server: Server, visitor: Visitor, colleague: Visitor
) -> None:
    hana, duri = visitor.sign_in("hana").page, colleague.page
    number = visitor.start("채용")
    visitor.go(f"/answer?assessment={number}")
    colleague.go(f"/answer?assessment={number}")
    mine = _field(hana, number, "hiring.influence")
    mine.locator("summary").click()
    words, author = mine.locator("textarea"), find_person(server.home, "duri")
    assert author is not None
    words.click()
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        response = Response("influence", None, note="두리의 말")
        actions.record_response(session, int(number), "hiring", response, author, datetime.now(UTC))
    words.press_sequentially("하나의 말", delay=20)
    theirs = _field(duri, number, "hiring.used_in_hiring")
    theirs.locator("label").first.click()
    expect(_field(hana, number, "hiring.used_in_hiring").locator("input").first).to_be_checked(timeout=PATIENCE_MS)
    expect(hana.locator(".h-presence")).to_contain_text("서두리님이 1.2 답변을 바꿈")
    expect(words).to_have_value(re.compile("하나의 말"))
    expect(mine.locator(".f-conflict").or_(words).first).to_be_visible()
    whole = f"{mine.locator('.f-conflict').inner_text()} {words.input_value()}"
    assert "두리의 말" in whole, "both are there, whichever came first"


def test_two_people_talk_about_a_question_without_a_reload(visitor: Visitor, colleague: Visitor) -> None:
    hana, duri = visitor.sign_in("hana").page, colleague.page
    number = visitor.start("채용")
    place = f"/comments?assessment={number}&at=hiring.influence"
    visitor.go(place)
    same = _reloads(hana)
    draft = hana.locator('[data-field*=":form:comment-"] textarea')
    draft.fill("아직 보내지 않은 말")
    colleague.go(f"/answer?assessment={number}")
    duri.locator('.h-comment a[href*="at=hiring.influence"]').click()
    colleague.settled()
    duri.locator('[data-field*=":form:comment-"] textarea').fill("@김하나님, 어느 단계의 결과입니까?")
    duri.get_by_role("button", name="의견 남기기").click()
    expect(duri.locator(".h-thread")).to_contain_text("어느 단계의 결과입니까?")

    expect(hana.locator(".h-thread")).to_contain_text("어느 단계의 결과입니까?", timeout=PATIENCE_MS)
    expect(draft).to_have_value("아직 보내지 않은 말")
    expect(same).to_have_count(1)
    hana.locator("summary").filter(has_text="답글").first.click()
    hana.locator('[data-field*="-reply-text"] textarea').fill("서류 단계입니다.")
    hana.get_by_role("button", name="답글 남기기").click()
    expect(duri.locator(".h-thread")).to_contain_text("서류 단계입니다.", timeout=PATIENCE_MS)
    duri.get_by_role("button", name="해결로 표시").click()
    expect(hana.locator('[class*="st-key-thread-"]').first).to_contain_text(
        "서두리님이 해결로 표시함", timeout=PATIENCE_MS
    )
    visitor.go("/")
    expect(hana.get_by_text("나를 언급함")).to_have_count(0)
