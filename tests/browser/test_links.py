"""A link to another screen is followed in the page: nothing is loaded anew, and nothing of the one screen stands on the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.storage import accounts
from tests import doors
from tests.browser.conftest import HOMES, Visitor

pytestmark = pytest.mark.browser

MARK = "() => { window.isSamePage = true; }"
IS_SAME = "() => window.isSamePage === true"
ARRIVED = "() => document.documentElement.dataset.going === undefined"
FOCUSED = "() => document.activeElement?.id"


@pytest.fixture
def page(visitor: Visitor) -> Page:
    page = visitor.sign_in("hana").go("/").page
    page.evaluate(MARK)
    return page


def followed(page: Page, name: str) -> Page:
    """Presses the link of this name and waits until it has led somewhere."""
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_function(ARRIVED)
    return page


def test_a_link_of_the_bar_leads_to_another_screen_without_a_new_page(visitor: Visitor, page: Page) -> None:
    """Its name is in the window's title and has the focus, it begins at its top, and it is one step of the way back."""
    length = page.evaluate("() => history.length")
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 9999)")
    followed(page, "시스템")
    expect(page).to_have_title("시스템 · Haetae")
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    page.wait_for_function(f"() => ({FOCUSED})() === 'content'")
    assert page.evaluate("() => document.querySelector('.stMain').scrollTop") == 0
    assert page.evaluate("() => history.length") == length + 1
    assert page.url == visitor.address + "/systems"
    expect(page.locator('nav [aria-current="page"]')).to_have_text("시스템")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("내 할 일")
    page.wait_for_function(f"() => ({FOCUSED})() === 'content'")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    assert page.evaluate(IS_SAME)


def test_by_the_keyboard_a_link_is_followed_in_the_page_too(page: Page) -> None:
    page.get_by_role("link", name="시스템", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    assert page.evaluate(IS_SAME)


def test_what_is_no_other_screen_is_loaded_as_ever(visitor: Visitor, page: Page) -> None:
    """A window of its own, a page outside the screens, the same screen of something else, the other language."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="시스템", exact=True).first.click(modifiers=["ControlOrMeta"])
    opened.value.close()
    assert page.url == visitor.address + "/"
    followed(page, "평가 현황")
    page.wait_for_load_state()
    assert page.evaluate(IS_SAME)
    page.locator('a[href^="/portfolio?"]').first.click()
    page.wait_for_function(f"() => !({IS_SAME})()")
    visitor.settled()
    page.evaluate(MARK)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not page.evaluate(IS_SAME)
    page.get_by_role("link", name="Verify", exact=True).first.click()
    page.wait_for_url("**/verify")


def test_of_two_links_pressed_one_after_the_other_the_second_counts(visitor: Visitor, page: Page) -> None:
    page.evaluate("""() => {
      document.querySelector('nav a[href="/portfolio"]').click();
      document.querySelector('nav a[href="/systems"]').click();
    }""")
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    page.wait_for_function(ARRIVED)
    visitor.settled()
    assert page.url == visitor.address + "/systems"
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    assert page.evaluate(IS_SAME)


def test_words_that_wait_do_not_lead_back_to_the_screen_that_is_left(visitor: Visitor, page: Page) -> None:
    """A field speaks up after a rest; what it says while another screen is on its way would be said of the screen before."""
    number = visitor.start("채용")
    visitor.go(f"/answer?assessment={number}")
    page.locator(".f-note summary").first.click()
    words = page.locator(".f-note textarea").first
    words.fill("말해 둔 것")
    page.evaluate("""() => {
      document.querySelector('nav a[href="/systems"]').click();
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("beforeunload"));
    }""")
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    visitor.settled().page.wait_for_timeout(3_000)
    visitor.settled()
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    visitor.go(f"/answer?assessment={number}")
    expect(page.locator(".f-note textarea").first).to_have_value("말해 둔 것")


def test_what_a_screen_was_told_is_not_asked_of_the_next(visitor: Visitor, page: Page) -> None:
    """News of a deed and what it asked for stand on its own screen, and are gone when one comes back."""
    visitor.start("채용")
    visitor.go("/systems")
    page.evaluate(MARK)
    visitor.open_fold("평가 시작")
    page.get_by_role("radiogroup", name="영역").get_by_text("채용", exact=True).click()
    page.get_by_role("button", name="시작", exact=True).click()
    expect(page.get_by_role("button", name="하나 더 시작", exact=True)).to_be_visible()
    followed(page, "내 할 일")
    expect(page.get_by_text("작성 중인 평가가 이미 있습니다")).to_have_count(0)
    followed(page, "시스템")
    visitor.settled().open_fold("평가 시작")
    expect(page.get_by_role("button", name="시작", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="하나 더 시작", exact=True)).to_have_count(0)
    assert page.evaluate(IS_SAME)


def test_a_session_that_has_ended_leads_to_the_entrance_and_back_to_where_one_wanted(visitor: Visitor) -> None:
    """The server closes the sockets of an ended session within half a second; a link may be pressed before or after that."""
    for _ in range(10):
        page = visitor.sign_in("hana").open("/").settled().page
        with doors.database_at(HOMES[visitor.address]) as opened, opened.transaction() as session:
            accounts.close_sessions_of(session, "hana")
        page.evaluate("() => document.querySelector('nav a[href=\"/systems\"]')?.click()")
        page.wait_for_url("**/enter?to=*")
        if page.url.endswith("to=%2Fsystems"):
            visitor.come_in("hana")
            expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
            return
    raise AssertionError("no link was pressed before the socket was closed")


def test_a_link_to_a_place_ends_at_that_place(visitor: Visitor, page: Page) -> None:
    """However much comes and grows above it meanwhile; loaded anew as well as in the page, from page to page of the questions too."""
    number = visitor.start("채용")
    visitor.go(f"/assessment?assessment={number}")
    page.evaluate(MARK)
    page.locator('a[href$="#section-official_papers"]').first.click()
    expect(page.locator("#section-official_papers")).to_be_in_viewport()
    expect(page.locator("#section-official_papers")).to_be_focused()
    onward = page.locator(".h-onward a[href]").last
    place = str(onward.get_attribute("href")).split("#")[1]
    onward.click()
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    expect(page.locator(f"#{place}")).to_be_focused()
    assert page.url.endswith(f"#{place}")
    assert page.evaluate(IS_SAME)
    page.go_back()
    expect(page.locator("#section-official_papers")).to_be_in_viewport()
    assert page.evaluate(IS_SAME)
    visitor.open("/portfolio?domain=credit#list")
    expect(page.locator("#list")).to_be_in_viewport()
    top = page.locator("#list").evaluate("(list) => list.getBoundingClientRect().top")
    assert top < 300


def test_who_goes_elsewhere_meanwhile_is_left_there(visitor: Visitor, page: Page) -> None:
    visitor.open("/portfolio?domain=credit#list")
    expect(page.locator("#list")).to_be_in_viewport()
    page.mouse.move(600, 500)
    page.mouse.wheel(0, -200)
    page.evaluate("""() => {
      const more = document.createElement("div");
      more.style.height = "500px";
      document.querySelector(".stMain").scrollTo(0, 0);
      document.querySelector(".stMainBlockContainer").append(more);
    }""")
    visitor.settled()
    assert page.evaluate("() => document.querySelector('.stMain').scrollTop") < 300


def test_who_turns_the_wheel_while_waiting_begins_at_the_top_all_the_same(visitor: Visitor, page: Page) -> None:
    visitor.go("/portfolio")
    page.mouse.move(600, 500)
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 1500)")
    page.evaluate("() => document.querySelector('nav a[href=\"/systems\"]').click()")
    page.mouse.wheel(0, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("시스템")
    page.wait_for_function(ARRIVED)
    assert page.evaluate("() => document.querySelector('.stMain').scrollTop") < 100


def test_a_place_on_the_same_screen_moves_nothing_afterwards(visitor: Visitor, page: Page) -> None:
    """It is the browser's own way; a drawing that comes later does not lead back to the top."""
    visitor.go("/portfolio")
    page.evaluate("() => { window.location.hash = 'content'; }")
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 700)")
    page.evaluate("() => window.history.back()")
    page.wait_for_function("() => !window.location.hash")
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 700)")
    page.get_by_text("조건 더 보기").first.evaluate("(fold) => fold.click()")
    expect(page.get_by_text("시스템 책임자", exact=True).first).to_be_attached()
    visitor.settled()
    assert page.evaluate("() => document.querySelector('.stMain').scrollTop") >= 700


def test_what_is_entered_after_going_to_a_place_is_not_forgotten(visitor: Visitor, page: Page) -> None:
    """A place on the same screen is no other screen, so its fields say at once what was entered, as ever."""
    name = _name_of_a_new_system(visitor)
    page.evaluate("() => { window.location.hash = 'content'; }")
    name.fill("한 걸음")
    page.locator('[class*="st-key-system-new-"][class*="-go"] button').click()
    expect(page.get_by_role("heading", name="한 걸음")).to_be_visible()


def test_words_that_waited_for_a_screen_that_stayed_are_said_as_soon_as_that_is_sure(
    visitor: Visitor, page: Page
) -> None:
    name = _name_of_a_new_system(visitor)
    page.evaluate("() => { document.documentElement.dataset.going = 'back'; }")
    name.fill("두 걸음")
    name.blur()
    page.wait_for_timeout(1_500)
    page.evaluate("() => { delete document.documentElement.dataset.going; }")
    page.locator('[class*="st-key-system-new-"][class*="-go"] button').click()
    expect(page.get_by_role("heading", name="두 걸음")).to_be_visible()


def _name_of_a_new_system(visitor: Visitor) -> Locator:
    visitor.go("/systems").open_fold("시스템 등록")
    visitor.settled()
    return visitor.page.locator('[data-field*=":form:system-new-"][data-field$="name_ko"] input').first


def test_a_link_back_from_where_a_picture_led_is_followed(visitor: Visitor, page: Page) -> None:
    """A mark of a picture leads to its screen without a link, so the way there was not seen; the next link is followed all the same."""
    visitor.go("/portfolio")
    page.evaluate(MARK)
    point = page.locator('[class*="st-key-picture-departures"] .scatterlayer .point').first
    point.scroll_into_view_if_needed()
    visitor.settled()
    box = point.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/log?assessment=*")
    visitor.settled()
    followed(page, "평가 현황")
    expect(page.get_by_role("heading", level=1)).to_have_text("평가 현황")
    page.wait_for_function(f"() => ({FOCUSED})() === 'content'")
    page.go_back()
    page.wait_for_url("**/log?assessment=*")
    page.wait_for_function(ARRIVED)
    assert page.evaluate(IS_SAME)
