"""The page of a supervisor in a browser: in by the printed address, ten thousand rows, every figure its list, clean to axe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assessments.own_process import ROOT
from exports.collection import writing
from tests.browser.conftest import (
    COMMAND,
    Visitor,
    complaints_checked,
    context_of,
    free_port,
    open_address,
)
from tests.browser.test_screens import _judged
from tests.test_supervise import failed, report

pytestmark = pytest.mark.browser
COUNT = 10_000


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that the command printed, of a server that answers."""
    place, port = tmp_path_factory.mktemp("supervise"), free_port()
    table = place / "out.parquet"
    lines = [
        *(report(number) for number in range(COUNT - 10)),
        *(failed(number) for number in range(COUNT - 10, COUNT)),
    ]
    lines[2] |= {"findings": "superseded", "superseded_by": "00004.pdf"}
    writing.write(table, lambda: iter(lines), [], "ko", COUNT)
    log = (place / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "supervise", str(table), "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = next(match[0] for line in process.stdout if (match := re.search(r"http://\S+", line)))
        until = time.monotonic() + 300
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(60)
        log.close()
    assert not _answers(port), "the server went with its command"


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).close()
    except OSError:
        return False
    return True


def test_from_the_printed_address_to_one_report_and_its_list(entrance: str, browser: Browser) -> None:
    site = entrance.partition("/enter")[0]
    context = context_of(browser, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    with complaints_checked(context) as page:
        visitor = Visitor(page, site)
        open_address(page, site + "/")
        expect(page.get_by_role("heading", name="터미널에 나온 주소로 여십시오")).to_be_visible()
        open_address(page, entrance)
        visitor.settled()
        assert page.url == f"{site}/", "the key stands in no address"
        expect(page.get_by_text("보고서 10,000건")).to_be_visible()
        figure = page.locator("table").first.locator("tbody tr").first.locator("a").first
        counted = figure.inner_text()
        figure.click()
        visitor.settled()
        assert "outcome=" in page.url and "domain=" in page.url
        expect(page.locator("#list .h-count")).to_have_text(counted)
        visitor.go("/?verdict=failed")
        expect(page.locator("#list .h-count")).to_have_text("10")
        with page.expect_download() as download:
            page.locator("#list").locator("xpath=following::a[text()='CSV']").first.click()
        assert len(Path(download.value.path()).read_text("utf-8-sig").splitlines()) == 11
        visitor.go("/?finding=superseded")
        page.get_by_role("link", name="00002.pdf").first.click()
        visitor.settled()
        expect(page.get_by_role("heading", name="보고서의 검증 결과")).to_be_visible()
        page.get_by_role("link", name="목록으로 돌아가기").click()
        visitor.settled()
        assert "finding=superseded" in page.url
        visitor.go("/?from=9950")
        expect(page.get_by_text("9,951–10,000 / 10,000").or_(page.get_by_text("9,951"))).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_fits_and_is_clean_to_axe(entrance: str, browser: Browser, language: str) -> None:
    site = entrance.partition("/enter")[0]
    context = context_of(browser, viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    with complaints_checked(context) as page:
        visitor = Visitor(page, site)
        open_address(page, f"{site}/language/{language}")
        open_address(page, f"{site}/enter")
        problems += _judged(visitor, "supervise-enter", language)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        open_address(page, entrance)
        for name, path in (
            ("supervise", "/"),
            ("supervise-report", "/?report=1"),
            ("supervise-failed", f"/?report={COUNT}"),
        ):
            page.emulate_media(color_scheme="light")
            visitor.go(path)
            problems += _judged(visitor, name, language)
    context.close()
    assert not problems, "\n".join(problems)
