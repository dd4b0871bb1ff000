"""The portfolio in a real browser: a figure, a filter and a mark in a picture each lead to their list, which has an address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
FIRST_MARK = '[class*="st-key-picture-verdict"] .barlayer .point path'


def press_mark(page: Page) -> None:
    """In the middle, by the mouse: Plotly lays a sheet over its marks that takes what is pressed."""
    mark = page.locator(FIRST_MARK).first
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
