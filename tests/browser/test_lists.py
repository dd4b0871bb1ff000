"""Long lists in a real browser: the page and the search are in the address, so that reloading and going back keep them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.large_home import grow

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def furnished(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example organisation with sixty assessments."""
    home = tmp_path_factory.mktemp("grown")
    shutil.copytree(furnished, home, dirs_exist_ok=True)
    grow(home / "haetae.db", 60)
    return home


@pytest.mark.parametrize(
    ("path", "name"), [("/", "all"), ("/systems", "from"), ("/history?assessment=1", "from")], ids=lambda text: text
)
def test_the_page_of_a_list_stays_when_one_reloads_goes_on_and_comes_back(
    visitor: Visitor, path: str, name: str
) -> None:
    page = visitor.sign_in("hana").go(path).page
    links = page.locator(f".st-key-pages-{name}")
    rows = links.locator(".h-range")
    first = rows.inner_text()
    links.get_by_role("link", name="다음").click()
    expect(page).to_have_url(re.compile(rf"[?&]{name}=after-"))
    expect(rows).not_to_have_text(first)
    second = rows.inner_text()
    page.reload()
    expect(rows).to_have_text(second)
    page.go_back()
    expect(rows).to_have_text(first)
    page.go_forward()
    expect(rows).to_have_text(second)
    links.get_by_role("link", name="이전").click()
    expect(rows).to_have_text(first)


@pytest.mark.parametrize("path", ["/", "/systems"])
def test_what_is_searched_for_stays_when_one_reloads_opens_what_was_found_and_comes_back(
    visitor: Visitor, path: str
) -> None:
    page = visitor.sign_in("hana").go(path).page
    of_assessments = "평가 [0-9]" if path == "/systems" else "면접길잡이"  # there a system's name leads to its own page
    rows = visitor.main.get_by_role("link", name=re.compile(of_assessments))
    field = page.get_by_label("검색", exact=True)
    field.fill("면접길잡이 25")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q=[^&]"))
    expect(rows).to_have_count(1)
    page.reload()
    expect(field).to_have_value("면접길잡이 25")
    expect(rows).to_have_count(1)
    visitor.settled()
    rows.click()
    expect(page).to_have_url(re.compile("/assessment[?]"))
    visitor.settled()
    page.go_back()
    expect(field).to_have_value("면접길잡이 25")
    expect(rows).to_have_count(1)
