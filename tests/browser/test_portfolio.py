"""The portfolio in a real browser: a figure, a filter and a mark in a picture each lead to their list, which has an address."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments import actions
from assessments.model import Status
from assessments.storage import reader
from tests import doors
from tests.browser.conftest import Server, Visitor
from tests.browser.test_decision import CHAIR, EXAMPLE, HANA

pytestmark = pytest.mark.browser
FIRST_MARK = '[class*="st-key-picture-verdict"] .barlayer .point path'


def press_mark(page: Page) -> None:
    press_in_the_middle(page, page.locator(FIRST_MARK).first)


def press_in_the_middle(page: Page, mark: Locator) -> None:
    """By the mouse: Plotly lays a sheet over its marks that takes what is pressed."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_figure_filter_and_picture_lead_to_a_list_that_can_be_sent(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").go("/portfolio").page
    whole = int(page.locator("#list .h-count").inner_text())
    figure = page.locator(".h-counts a").first
    count = int(figure.inner_text())
    figure.click()
    page.wait_for_url(re.compile("verdict="))
    visitor.settled()
    expect(page.locator("#list .h-count")).to_have_text(str(count))
    assert count < whole
    sent = page.url
    visitor.go("/portfolio")
    press_mark(page)
    page.wait_for_url(re.compile("domain=.*verdict=|verdict=.*domain="))
    visitor.settled()
    expect(page.get_by_text("다음 조건에 맞는 평가만")).to_be_visible()
    page.get_by_role("link", name="모두 보기").click()
    expect(page.locator("#list .h-count")).to_have_text(str(whole))
    page.goto(sent)
    expect(page.locator("#list .h-count")).to_have_text(str(count))
    visitor.settled()
    visitor.open_options(page.locator('[class*="st-key-facet-status"]'))
    page.get_by_role("option", name="작성 중").click()
    page.wait_for_url(re.compile("status=draft"))
    expect(page.get_by_text("작성 중", exact=False).first).to_be_visible()


def test_a_cell_opens_its_list_and_picture_and_table_can_be_taken_away(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").go("/portfolio").page
    mark = page.locator('[class*="st-key-picture-impact"] .scatterlayer .point').first
    press_in_the_middle(page, mark)
    page.wait_for_url(re.compile("impact=[0-4]-[0-3]"))
    visitor.settled()
    count = page.locator("#list .h-count").inner_text()
    page.locator("summary").filter(has_text="표로 보기").last.click()
    place = re.search(r"impact=([0-4]-[0-3])", page.url)
    assert place is not None
    expect(page.locator(f'.h-counts a[href*="impact={place[1]}"]').first).to_have_text(count)
    with page.expect_download() as waiting:
        page.locator('[class*="st-key-picture-verdict"] .modebar-btn').first.click()
    assert waiting.value.suggested_filename == "haetae-verdict.png"
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").first.click()
    first = waiting.value.path().read_text("utf-8-sig").splitlines()
    assert first[0].startswith("영역,고영향") and len(first) >= 2


def test_a_mark_of_departures_opens_the_log_that_it_was_counted_from(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").go("/portfolio").page
    picture = page.locator('[class*="st-key-picture-departures"]')
    press_in_the_middle(page, picture.locator(".scatterlayer .point").first)
    page.wait_for_url(re.compile(r"/log\?assessment=\d+"))
    visitor.settled()
    number = re.search(r"assessment=(\d+)", page.url)
    assert number is not None
    visitor.go("/portfolio")
    expect(
        page.locator(f'main a[href*="/log?assessment={number[1]}"], a[href*="log?assessment={number[1]}"]').first
    ).to_be_visible()
    assert "/portfolio" in page.url, "the way that was followed once is not followed again"


def test_a_decision_is_four_clicks_from_the_first_page(server: Server, visitor: Visitor) -> None:
    """A row, the ruling, the field of the reason, the button; the row stands on the portfolio, too."""
    number = int(visitor.number_of(EXAMPLE))
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        actions.revise(session, number, HANA, datetime.now(UTC))
        actions.submit(session, number, HANA, datetime.now(UTC))
    page, row = visitor.sign_in(CHAIR).page, f'a[href*="/decide?assessment={number}"]'
    expect(visitor.go("/portfolio").page.locator(row).first).to_be_visible()
    visitor.go("/").page.locator(row).first.click()
    page.wait_for_url(re.compile(f"/decide\\?assessment={number}"))
    visitor.settled()
    form = page.locator(".st-key-decide-act")
    form.get_by_text("승인", exact=True).first.click()
    reason = form.locator("textarea").first
    reason.click()
    reason.press_sequentially("근거가 충분합니다.")
    form.get_by_role("button", name="결정 저장").click()
    visitor.settled()
    with doors.database_at(server.home) as opened, opened.reading() as session:
        assert reader.get_assessment(session, number).status is Status.DECIDED
