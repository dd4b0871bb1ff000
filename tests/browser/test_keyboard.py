"""The keyboard alone, a phone, and what a screen reader is told: order, landmarks, focus that is seen, words in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, Visitor, context_of
from tests.office import PDF

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def draft(server: Server, browser: Browser) -> str:
    """The number of a draft without answers."""
    context = context_of(browser)
    number = Visitor(context.new_page(), server.address).sign_in("hana").start("채용")
    context.close()
    return number


IN_FOCUS = """() => { const e = document.activeElement;
  const label = e.labels && e.labels[0] && e.labels[0].innerText;
  return `${e.tagName} ${e.type || ""} ${e.getAttribute("aria-label") || label || e.innerText || ""}`.replace(/\\s+/g, " ").trim(); }"""
CONTROL_IN_FOCUS = (
    f"() => document.activeElement.matches('a, button, input, textarea, select, summary') ? ({IN_FOCUS})() : ''"
)
"""What scrolls can have the focus, too, and its text is all that is in it."""
RING = """() => {
  let e = document.activeElement;
  for (; e && e !== document.body; e = e.parentElement) {
    const look = getComputedStyle(e);
    if (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) { return true; }
  }
  return false;
}"""
COVERED = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector(".h-strip");
  const held = bar && bar.closest(".stElementContainer");
  if (!held || getComputedStyle(held).position !== "sticky") { return false; }
  if (held.contains(document.activeElement) || document.activeElement.contains(held)) { return false; }
  const over = held.getBoundingClientRect();
  return box.height > 0 && box.bottom > over.top && box.top < over.bottom - 1 && box.left < over.right && box.right > over.left;
}"""
UNCHOSEN = '[data-testid="stRadioOption"]:not(:has(:checked))'
RATIO = """(selectors) => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) { return colour; }
    }
    return parts(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  };
  const bordered = e => [e, ...e.querySelectorAll("*")].find(x => parseFloat(getComputedStyle(x).borderTopWidth) >= 1 &&
    parts(getComputedStyle(x).borderTopColor)[3] !== 0);
  return selectors.map(selector => {
    const e = bordered(document.querySelector(selector));
    const [high, low] = [light(parts(getComputedStyle(e).borderTopColor)), light(ground(e.parentElement))].sort((a, b) => b - a);
    return [selector, (high + .05) / (low + .05)];
  });
}"""


def _tabbed_to(page: Page, text: str, most: int = 250) -> None:
    """Goes on with Tab until the control is reached whose name holds the text."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if text in page.evaluate(CONTROL_IN_FOCUS):
            return
    raise AssertionError(f"no Tab leads to “{text}”; the last was “{page.evaluate(IN_FOCUS)}”")


def _tabbed_into(page: Page, controls: Locator, most: int = 120) -> None:
    """Goes on with Tab until one of these has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if controls.and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"no Tab leads to {controls}; the last was “{page.evaluate(IN_FOCUS)}”")


def _press(visitor: Visitor, *names: str) -> None:
    """Goes by Tab to each control in turn and presses it."""
    for name in names:
        _tabbed_to(visitor.page, name)
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_load_state()


def _skipped(page: Page) -> None:
    """Past the head of the screen: where a link led a moment ago, and on a page that was loaded by the skip link."""
    if page.locator("h1:focus").count():
        return
    page.evaluate("() => document.activeElement.blur()")
    _press_keys(page, "Tab", "Enter")
    expect(page.locator("h1")).to_be_focused()


def _led_to(page: Page, way: str, step: str) -> None:
    """From the heading of a long screen to the reader's step, in a few keys."""
    _tabbed_to(page, way, most=2)
    page.keyboard.press("Enter")
    expect(page.locator("#step")).to_be_focused()
    expect(page.locator("#step")).to_be_in_viewport()
    _tabbed_to(page, step, most=3)


def _press_keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_whole_way_is_gone_by_keyboard_alone(visitor: Visitor) -> None:
    """A new revision of an example, answered, submitted, decided on by another person, signed off and sealed by a third."""
    page = visitor.page
    visitor.sign_in("hana")
    number = visitor.number_of("면접길잡이")
    visitor.go(f"/assessment?assessment={number}")
    _press(visitor, "새 개정판 시작", "개정 2판 열기")
    expect(page.get_by_text("개정 2판 초안을 열었습니다").first).to_be_visible()

    visitor.go(f"/answer?assessment={number}&section=functions")
    _skipped(page)
    box = page.locator(f".st-key-a{number}-2-hiring-profiles-box")
    _tabbed_into(page, box.locator("input"))
    page.keyboard.press("ArrowDown")
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    page.keyboard.press("ArrowUp")
    expect(box.locator("input").first).to_be_checked()
    expect(box.locator(".f-mark")).to_contain_text("저장됨")
    _tabbed_into(page, page.locator(".h-onward .h-button"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "section=functions" not in url)
    visitor.settled()

    visitor.go(f"/review?assessment={number}")
    _skipped(page)
    _led_to(page, "제출로 이동", "개정 2판을 심의위원회에 제출")
    page.keyboard.press("Enter")
    expect(page.get_by_text("제출하였습니다").first).to_be_visible()

    visitor.sign_in("example-chair")
    visitor.go(f"/decide?assessment={number}")
    _skipped(page)
    _led_to(page, "결정으로 이동", "승인")
    page.keyboard.press("Space")
    _tabbed_to(page, "사유")
    page.keyboard.type("근거가 충분합니다.")
    _press(visitor, "결정 저장")
    expect(page.get_by_text("결정을 저장하였습니다").first).to_be_visible()

    visitor.sign_in("example-officer")
    visitor.go(f"/decide?assessment={number}")
    _skipped(page)
    _led_to(page, "결재로 이동", "평가 내용은 사실")
    page.keyboard.press("Space")
    for statement in ("위험과 견해가", "관리방안은 담당자", "다시 평가할 의무"):
        _tabbed_to(page, statement, most=2)
        page.keyboard.press("Space")
    _press(visitor, "결재하고 보고서 봉인")
    expect(page.get_by_role("link", name="개정 2판 봉인 보고서")).to_be_visible(timeout=300_000)


def test_the_first_question_is_three_tabs_away_and_the_skip_link_skips(visitor: Visitor, draft: str) -> None:
    page = visitor.sign_in("hana").page
    visitor.go(f"/answer?assessment={draft}&section=scope")
    page.keyboard.press("Tab")
    assert page.evaluate(IN_FOCUS) == "A 본문으로 건너뛰기"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    presses = 2
    while not page.evaluate(
        '() => document.activeElement.matches(\'[class*="-box"] input, [class*="-box"] textarea\')'
    ):
        page.keyboard.press("Tab")
        presses += 1
        assert presses <= 4, page.evaluate(IN_FOCUS)
    page.keyboard.press("Space")
    expect(page.locator(".h-saved").first).to_be_visible()


def test_the_skip_link_of_a_plain_page_and_of_an_english_screen(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/language/ko")
    visitor.open("/screening")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.matches('form.screening input')")
    visitor.sign_in("hana", "en").go("/")
    page.keyboard.press("Tab")
    assert page.evaluate(IN_FOCUS) == "A Skip to the content"


HERE = {
    "/answer?assessment={}&section=functions": "질문",
    "/involvement?assessment={}&section=authority": "인적 개입 주장",
    "/log?assessment={}": "인적 개입 주장",
    "/history?assessment={}": "이력",
}
"""Address → the place that is marked."""


def test_the_place_is_marked_in_a_named_list_of_links(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").page
    number = visitor.number_of("면접길잡이")
    for path, here in HERE.items():
        visitor.go(path.format(number))
        names = page.get_by_role("navigation").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        assert all(names), path
        assert len(set(names)) == len(names), path
        expect(page.locator("[aria-current=page]"), path).to_have_text([here])
        expect(page.get_by_role("main"), path).to_have_count(1)
    visitor.go("/systems")
    expect(page.locator("[aria-current=page]")).to_have_text(["시스템"])


def test_on_a_phone_the_first_question_is_seen_without_scrolling(visitor: Visitor, draft: str) -> None:
    page = visitor.sign_in("hana").page
    page.set_viewport_size({"width": 390, "height": 844})
    for section in ("questionnaire=area", "section=scope", "questionnaire=impact&section=target"):
        visitor.go(f"/answer?assessment={draft}&{section}")
        box = page.locator('[class*="st-key-a"][class*="-box"]').first
        expect(box.get_by_role("heading").first).to_be_in_viewport(ratio=1)
        expect(box.locator("label, textarea").first).to_be_in_viewport(ratio=1)


def test_the_focus_is_always_seen_and_never_under_the_results(visitor: Visitor, draft: str) -> None:
    page = visitor.sign_in("hana").page
    visitor.go(f"/answer?assessment={draft}&section=functions")
    places = set()
    for key in ["Tab"] * 45 + ["Shift+Tab"] * 45:
        page.keyboard.press(key)
        place = page.evaluate(IN_FOCUS)
        if place.startswith("BODY"):
            continue
        places.add(place)
        assert page.evaluate(RING), f"no ring around {place}"
        assert not page.evaluate(COVERED), f"covered: {place}"
    assert len(places) > 20


def test_borders_of_what_can_be_filled_in_stand_out_three_to_one(visitor: Visitor, draft: str) -> None:
    """In both colours of one loaded page, which follows them at once."""
    visitor.sign_in("hana")
    answer = '[class*="impact-purpose-box"] textarea.f-input'
    visitor.go(f"/answer?assessment={draft}&questionnaire=impact&section=target")
    visitor.page.locator(answer).first.wait_for()
    _stand_out(visitor, answer)
    visitor.go("/systems")
    visitor.open_fold("평가 시작")
    visitor.page.locator(UNCHOSEN).first.wait_for()
    _stand_out(visitor, UNCHOSEN, '[data-testid="stTextInputRootElement"]')


def _stand_out(visitor: Visitor, *selectors: str) -> None:
    grounds = set()
    for theme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        visitor.settled()
        grounds.add(visitor.page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
        for selector, ratio in visitor.page.evaluate(RATIO, list(selectors)):
            assert ratio >= 3, (theme, selector, ratio)
    assert len(grounds) == 2, "the colours did not change"


def test_links_around_the_screens_are_large_enough_to_be_hit(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").page
    visitor.go(f"/assessment?assessment={visitor.number_of('면접길잡이')}")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        small = page.locator(
            ".h-bar a, .h-head a, .h-steps a, .h-draft summary, .h-foot a, [data-testid=stPageLink] a"
        ).evaluate_all(
            "all => all.filter(one => one.offsetParent && (one.getBoundingClientRect().height < 24 ||"
            " one.getBoundingClientRect().width < 24)).map(one => one.outerHTML)"
        )
        assert not small, width


def test_streamlits_own_words_are_korean_on_korean_screens(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.sign_in("hana").page
    visitor.go("/systems")
    page.get_by_text("보고서를 새 초안으로 열기", exact=True).click()
    (tmp_path / "표.exe").write_bytes(b"MZ" + b"\0" * 100)
    (tmp_path / "큰 파일.pdf").write_bytes(PDF + b"\0" * 21 * 1024 * 1024)
    field = page.get_by_test_id("stFileUploader").first
    expect(field.get_by_test_id("stBaseButton-secondary")).to_have_accessible_name("파일 선택")
    for name, reason in (
        ("표.exe", "이 형식의 파일은 받지 않습니다."),
        ("큰 파일.pdf", "파일이 너무 큽니다. 20.0MB까지 받습니다."),
    ):
        field.locator("input").set_input_files(tmp_path / name)
        expect(field.get_by_text(reason)).to_be_visible()
        expect(field.get_by_role("button", name=f"{name} 빼기")).to_be_visible()
