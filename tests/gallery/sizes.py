"""`make gallery-sizes`: the dashboards empty, with 3, 300 and 100,000 assessments, in every look, into .bench/sizes; thrown away.

SIZES="0 300" makes these alone. Told are pages wider than their window, what axe finds, and seconds from the address to the page
drawn. Nothing of it goes into docs: who changes a dashboard looks at it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from assessments.keeping import made_home
from assessments.model import Role
from assessments.people import add_person
from assessments.storage import database, portfolio_days
from commands._output import complain, tell
from questionnaires.wording import seoul_day
from tests.bench import examples, lists
from tests.browser import looks
from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_MS, Server, Visitor, free_port
from tests.browser.test_screens import AXE, JUDGED, STILL
from tests.gallery.views import LANGUAGES

SIZES = (0, 3, 300, lists.COUNTS[-1])
SCREENS = {"home": "/", "portfolio": "/portfolio"}
FOLDER = examples.FOLDER / "sizes"
PERSON = "made-chair"
MONTHS = 6


def main() -> int:
    chosen = [int(word) for word in os.environ.get("SIZES", "").split()] or list(SIZES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    problems = [problem for size in chosen for problem in _of_size(size)]
    for problem in problems:
        complain(problem)
    return 1 if problems else 0


def _of_size(size: int) -> list[str]:
    home = Path(mkdtemp(prefix="haetae-size-", dir=FOLDER))
    try:
        _furnish(home, size)
        server = Server(free_port(), home, settings={"EXAMPLES": "0"})
        server.start()
        try:
            return _looked_at(server, size)
        finally:
            server.stop()
    finally:
        shutil.rmtree(home)


def _furnish(home: Path, size: int) -> None:
    """The largest is copied from what measuring made."""
    today = seoul_day(datetime.now(UTC))
    if size == lists.COUNTS[-1]:
        lists.made_home(size)
        database.leave()
        shutil.copyfile(examples.FOLDER / f"made-{size}" / "haetae.db", home / "haetae.db")
    os.environ["HAETAE_HOME"] = str(home)
    database.prepare()
    if 0 < size < lists.COUNTS[-1]:
        made_home.seed(size, today=today)
    if size:
        with database.transaction() as session:
            for month in range(MONTHS):
                portfolio_days.keep(session, today - timedelta(days=30 * month))
    add_person(home, PERSON, "서하람 (예시)", [Role.CHAIR, Role.PRODUCT_MANAGER])
    database.leave()


def _looked_at(server: Server, size: int) -> list[str]:
    problems: list[str] = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for language in LANGUAGES:
            try:
                problems += _in_language(chromium, server, size, language)
            except PlaywrightError as error:  # the other language is looked at all the same
                problems.append(f"{size}, {language}: {error.message}")
        chromium.close()
    return problems


def _in_language(chromium: Browser, server: Server, size: int, language: str) -> list[str]:
    locale = {"ko": "ko-KR", "en": "en-GB"}[language]
    context = chromium.new_context(
        viewport={"width": looks.LOOKS[0][0], "height": looks.HEIGHT}, locale=locale, timezone_id="Asia/Seoul"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    visitor = Visitor(page, server.address).sign_in(PERSON, language)
    problems: list[str] = []
    for name, address in SCREENS.items():
        visitor.go(address)
        begun = time.monotonic()
        visitor.go(address)
        tell(f"{name}, {size:,}, {language}: {time.monotonic() - begun:.1f} s")
        for width, theme in looks.LOOKS:
            looks.look(page, width, theme)
            visitor.settled()
            which = f"{name}-{size}-{language}-{theme}-{width}"
            (FOLDER / f"{which}.png").write_bytes(looks.photograph(page))
            problems += [f"{which}: {problem}" for problem in _problems(page, width)]
    context.close()
    return problems


def _problems(page: Page, width: int) -> list[str]:
    widest = int(page.evaluate(looks.WIDEST))
    page.evaluate(STILL)
    page.evaluate(AXE)
    judged: list[str] = page.evaluate(JUDGED, [])
    return [*([f"{widest} px wide"] if widest > width else []), *judged]


if __name__ == "__main__":
    sys.exit(main())
