"""How a page is looked at: LOOKS, IS_DRAWN, WIDEST; photograph."""

from __future__ import annotations

from playwright.sync_api import Page

LOOKS = ((1280, "light"), (390, "light"), (390, "dark"), (1280, "dark"))
"""Widths in pixels with their themes, in an order that changes one of the two at a time."""
HEIGHT = 900
HIGHEST = 7000
"""A picture ends there."""
IS_DRAWN = """([width, theme]) => {
  const app = document.querySelector(".stApp") || document.documentElement;
  const [red] = getComputedStyle(app).backgroundColor.match(/\\d+/g).map(Number);
  return window.innerWidth === width && (theme === "dark" ? red < 100 : red > 200);
}"""
WIDEST = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return Math.max(document.documentElement.scrollWidth, main ? main.scrollWidth : 0,
    ...[...document.querySelectorAll('.stHtml *')].filter(e => e.offsetParent && getComputedStyle(e).position !== 'absolute')
      .map(e => Math.ceil(e.getBoundingClientRect().right)));
}"""
_HEIGHT_OF_ALL = """() =>
  Math.max(document.documentElement.scrollHeight, document.querySelector('[data-testid="stMain"]')?.scrollHeight || 0)"""


def look(page: Page, width: int, theme: str) -> None:
    """As somebody with a screen so wide and that theme sees it."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.wait_for_function(IS_DRAWN, arg=[width, theme])


def photograph(page: Page) -> bytes:
    """The whole screen as PNG, not only what fits into the window."""
    size = page.viewport_size or {"width": 1280, "height": HEIGHT}
    height = int(page.evaluate(_HEIGHT_OF_ALL))
    page.set_viewport_size({"width": size["width"], "height": min(height, HIGHEST)})
    page.wait_for_timeout(250)
    picture = page.screenshot()
    page.set_viewport_size(size)
    return picture
