"""A real server with the example organisation, and the system's Chromium in front of it."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from assessments.decision_log.intake import waiting
from assessments.decision_log.intake.waiting import Stage
from assessments.decision_log.reading.columns import LogMapping
from assessments.model import Role
from assessments.people import add_person, find_person
from assessments.storage import database
from pages._frame import screens
from tests import doors
from tests.browser import warm
from tests.browser.warm import Forked
from tests.proxy import NAME, Front, nginx

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
COMMAND = "from commands.main import app; app()"
OWN = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost):")
PATIENCE_MS = 90_000
"""How long anything is waited for; only a hang takes as long, whatever the machine and whatever else it does."""
AT_REST = """() => {
  const app = document.querySelector('[data-testid="stApp"]'), main = document.querySelector('[data-testid="stMain"]');
  if (!app || !main || !document.querySelector(".h-foot")) { return false; }
  const growing = document.querySelectorAll('[data-testid="stBidiComponentRegular"]:empty, [data-testid="stSkeleton"]').length;
  const looks = `${app.dataset.testScriptState} ${main.scrollHeight} ${growing}`, now = performance.now();
  const before = window.lastLook;
  if (!before || before.looks !== looks) { window.lastLook = {looks, since: now}; return false; }
  return app.dataset.testScriptState === "notRunning" && growing === 0 && now - before.since >= 350;
}"""
"""Drawn to the end, and nothing grew or moved for a while, in which a run that was asked for has begun."""
TOASTS = """() => {
  const root = document.documentElement;
  new MutationObserver(() => {
    for (const one of document.querySelectorAll('[data-testid="stToastText"]')) {
      const said = (root.dataset.toasts || "").split("|");
      if (!said.includes(one.innerText)) { root.dataset.toasts = [...said, one.innerText].join("|"); }
    }
  }).observe(document, {childList: true, subtree: true, characterData: true});
}"""
FOLLOWED = """(address) => {
  const link = document.createElement("a");
  link.href = address;
  document.body.append(link);
  link.click();
  link.remove();
}"""
IS_LOST = "() => document.documentElement.dataset.socket === 'lost'"
"""Without a connection a link loads its page, which is looked for afterwards."""
STANDING = """() => [
  location.href, document.readyState,
  ...performance.getEntriesByType("resource").map((entry) => entry.name + " " + Math.round(entry.responseEnd)),
  ...[...document.querySelectorAll("script[src], link[href]")].map((element) => element.outerHTML),
  document.documentElement.outerHTML.slice(-500),
].join(" | ")"""
SCREENS = {"/", *(f"/{name}" for name in screens.SCREENS if name != "home")}
DOMAINS = {"채용": "hiring", "대출 심사": "credit"}
HOMES: dict[str, Path] = {}
"""Address of a running server, or of what stands before it → its home folder."""
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Server:
    """A running server of its own, with its own home folder."""

    port: int
    home: Path
    process: subprocess.Popen[bytes] | Forked | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """More of the environment that it runs in."""
    front: str = ""
    """Address of the proxy in front of it; empty: there is none."""
    code: str = ""
    """What its process runs, begun from nothing; empty: it is forked, which takes a tenth of the time."""

    @property
    def address(self) -> str:
        return self.front or f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`haetae …` in the same home folder."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            cwd=ROOT,
            env={**os.environ, "HAETAE_HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def start(self) -> None:
        words, log = ["serve", "--port", str(self.port)], self.home / "server.log"
        environment = {**os.environ, **self.settings, "HAETAE_HOME": str(self.home)}
        if self.code:
            with log.open("ab") as output:
                self.process = subprocess.Popen(
                    [sys.executable, "-c", self.code, *words],
                    cwd=ROOT,
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
        else:
            self.process = warm.begin(words, environment, log)
        HOMES[self.address] = self.home
        _wait(self.port, self.process, log)

    def kill(self) -> None:
        """As a power cut would, without a word to anybody."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=60)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)


def open_address(page: Page, address: str) -> None:
    """Goes there. A browser that stands still although the server answers is sent again, as a reader would, and it is told;
    so is one whose page was just loading itself anew, which takes the place of the address. A server that does not answer
    fails the test."""
    for attempt in range(3):
        try:
            page.goto(address, timeout=PATIENCE_MS / 3 if attempt < 2 else PATIENCE_MS)
            return
        except PlaywrightError as error:
            if not isinstance(error, PlaywrightTimeoutError) and "ERR_ABORTED" not in error.message:
                raise
            site = urlsplit(address)
            with urllib.request.urlopen(f"{site.scheme}://{site.netloc}/_stcore/health", timeout=PATIENCE_MS / 1000):
                warnings.warn(f"The browser stood still on its way to {address}: {_standing(page)}", stacklevel=2)
    raise AssertionError(f"{address} does not load: {_standing(page)}")


def _standing(page: Page) -> str:
    """What the page shows at the moment, as far as it answers at all."""
    try:
        return str(page.locator("html").evaluate(STANDING, timeout=5_000))
    except PlaywrightError as error:
        return f"{page.url}, which does not answer: {error.message}"


class Visitor:
    """Somebody in front of a screen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.person = ""
        """Who has come in last."""
        self.has_changed = True
        """The page was loaded for another person or in another language than the next one is for."""

    def sign_in(self, person: str, language: str = "ko") -> Visitor:
        """The person's session and language from now on; the page stays as it is until one goes somewhere."""
        self._keep_cookie("haetae_language", language)
        self.let_in(person)
        return self

    def come_in(self, person: str) -> Visitor:
        """In front of the entrance or anywhere else; goes where the entrance would lead."""
        self.let_in(person)
        to = parse_qs(urlsplit(self.page.url).query).get("to", ["/"])[0]
        return self.go(to if to.startswith("/") else "/")

    def let_in(self, person: str) -> None:
        """A session without a password, as if the person had come in a moment ago; the page stays as it is."""
        self.person = person
        self._keep_cookie("haetae_session", doors.let_in_at(HOMES[self.address], person))

    def _keep_cookie(self, name: str, value: str) -> None:
        self.has_changed = True
        is_encrypted = self.address.startswith("https")
        cookie = {
            "name": f"__Host-{name}" if is_encrypted else name,
            "value": value,
            "url": self.address,
            "secure": is_encrypted,
            "httpOnly": True,
            "sameSite": "Strict",
        }
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def open(self, path: str) -> Visitor:
        open_address(self.page, self.address + path)
        self.has_changed = False
        return self

    def go(self, path: str) -> Visitor:
        """As by a link, which is followed in the page where another screen of the same person comes next."""
        now, to = urlsplit(self.page.url), urlsplit(path)
        is_in_page = f"{now.scheme}://{now.netloc}" == self.address and now.path != to.path and not to.fragment
        if self.has_changed or not is_in_page or not {now.path, to.path} <= SCREENS:
            return self.open(path).settled()
        if self.page.evaluate(IS_LOST):
            return self.open(path).settled()
        self.page.evaluate(FOLLOWED, path)
        self.page.wait_for_function("() => document.documentElement.dataset.going === undefined", polling=50)
        return self.settled()

    def settled(self) -> Visitor:
        """Waits until the screen is drawn and stands still; what is asserted afterwards is waited for."""
        self.page.wait_for_selector(READY)
        self.page.evaluate("() => { delete window.lastLook; }")
        self.page.wait_for_function(AT_REST, polling=50)
        return self

    def gathering_toasts(self) -> Locator:
        """Where every message in the corner of this page is kept from now on: it goes after some seconds, seen or not."""
        self.page.evaluate(TOASTS)
        return self.page.locator("html")

    def open_fold(self, title: str) -> None:
        """The first one of this title."""
        self.page.locator("summary").filter(has_text=title).first.click()

    def open_options(self, field: Locator) -> None:
        """Of a select box. A screen that is drawn anew meanwhile closes them again, so it is tried until they stay."""
        options = self.page.get_by_role("option")
        for _ in range(20):
            if options.count() == 0:
                field.get_by_role("button", name="목록 열기").click()
            with suppress(PlaywrightTimeoutError):
                options.first.wait_for(timeout=5_000)
                self.settled()
            if options.count():
                return
        raise AssertionError("the options do not open")

    def number_of(self, system: str) -> str:
        """The number of the first assessment of a system."""
        with doors.database_at(HOMES[self.address]) as opened, opened.transaction() as session:
            return str(doors.first_assessment_of(session, system))

    def start(self, domain: str) -> str:
        """A new assessment of the example's system, started by whoever has come in; its number."""
        home = HOMES[self.address]
        actor = find_person(home, self.person)
        assert actor is not None
        with doors.database_at(home) as opened, opened.transaction() as session:
            return str(doors.start(session, "면접길잡이", DOMAINS[domain], actor))

    def start_on_screen(self, domain: str) -> str:
        """The same as its reader does it, of the first system."""
        page = self.go("/systems").page
        self.open_fold("평가 시작")
        page.get_by_role("radiogroup", name="영역").get_by_text(domain, exact=True).click()
        page.get_by_role("button", name="시작", exact=True).click()
        news, more = page.locator(".h-notice.h-good"), page.get_by_role("button", name="하나 더 시작", exact=True)
        news.or_(more).first.wait_for()
        if more.is_visible():  # there is a draft of this domain already
            more.click()
        news.wait_for()
        return "".join(sign for sign in news.inner_text() if sign.isdigit())

    def log_read(self, number: str, is_kept: Callable[[LogMapping], object] = lambda _mapping: True) -> Visitor:
        """Waits until the server has kept what was said of the log and has read the file by it.

        What the screen says of reading comes a moment later than the press or the word that it follows.
        """
        with doors.database_at(HOMES[self.address]):
            database.configure()
            for _look in range(PATIENCE_MS // 100):
                intake = waiting.pending(int(number), 1)
                assert intake is not None
                if intake.stage is Stage.ARRIVED and is_kept(intake.settings().mapping):
                    return self.settled()
                self.page.wait_for_timeout(100)
        raise AssertionError(f"{intake.stage}, {intake.settings().mapping.model_dump(exclude_defaults=True)}")

    @property
    def main(self) -> Locator:
        return self.page.locator('[data-testid="stMain"]')


def furnish(home: Path) -> None:
    """Makes the folder, with the example organisation in it."""
    home.mkdir(parents=True)
    words = "from assessments.home import home; from commands.serve import furnish; furnish(home(), with_examples=True)"
    environment = {**os.environ, "HAETAE_HOME": str(home)}
    subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=environment, check=True, timeout=600)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the example organisation, to be copied; loading it takes a while, so one process of a run does it for all."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "furnished"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            furnish(home.with_suffix(".new"))
            home.with_suffix(".new").replace(home)
    return home


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What stood on the screen and in the server's log when a test failed, for a failure elsewhere cannot be looked at."""
    report = yield
    visitor = item.funcargs.get("visitor")
    if call.when == "call" and report.failed and isinstance(visitor, Visitor):
        report.sections.append(("On the screen", _shown(visitor.page)))
        home = HOMES.get(visitor.address)
        if home is not None and (home / "server.log").exists():
            report.sections.append(
                ("In the server's log", (home / "server.log").read_text("utf-8", "replace")[-3_000:])
            )
    return report


def _shown(page: Page) -> str:
    try:
        main = page.locator("body")
        state = page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state", timeout=5_000)
        return f"{page.url} ({state})\n{main.inner_text(timeout=5_000)[-6_000:]}"
    except PlaywrightError as error:
        return f"{page.url}, which does not answer: {error.message}"


@pytest.fixture(scope="module")
def server(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(furnished, home, dirs_exist_ok=True)
    running = Server(free_port(), home)
    add_person(home, "hana", "김하나", [Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER])
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def behind_nginx(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Front]]:
    """A server that listens on every address of this machine and is opened to others behind nginx."""
    home = tmp_path_factory.mktemp("behind")
    shutil.copytree(furnished, home, dirs_exist_ok=True)
    settings = {"HAETAE_ADDRESS": "0.0.0.0", "HAETAE_HOSTS": NAME, "HAETAE_PROXIES": "127.0.0.1"}
    running = Server(free_port(), home, settings=settings, code=COMMAND)
    add_person(home, "hana", "김하나", [Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER])
    try:
        with nginx(running.port, folder=tmp_path_factory.mktemp("nginx")) as front:
            running.front = front.address
            running.start()
            yield running, front
    finally:
        running.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


def context_of(browser: Browser, **settings: Any) -> BrowserContext:
    """A browser of its own for one person, as patient as everything else here."""
    context = browser.new_context(**settings)
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(scope="module")
def window(server: Server, browser: Browser) -> Iterator[BrowserContext]:
    """A wide screen, for one reader after the other: a browser that has shown a page before shows it in half the time."""
    context = context_of(
        browser, viewport={"width": 1280, "height": 900}, accept_downloads=True, ignore_https_errors=bool(server.front)
    )
    yield context
    context.close()


@pytest.fixture
def visitor(server: Server, window: BrowserContext) -> Iterator[Visitor]:
    """Somebody at a screen that knows nothing of whoever sat there before; whatever the browser complains about fails the test."""
    window.clear_cookies()
    window.set_offline(False)
    with complaints_checked(window) as page:
        forgetting = window.new_cdp_session(page)
        forgetting.send("Storage.clearDataForOrigin", {"origin": server.address, "storageTypes": "local_storage"})
        forgetting.detach()
        yield Visitor(page, server.address)
    for page in window.pages:
        page.close()


class complaints_checked:  # noqa: N801 - reads as a sentence
    """Gathers what the content policy or a script refuses."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.outside: list[str] = []

    def __enter__(self) -> Page:
        self.page.on(
            "console", lambda one: self.complaints.append(one.text) if "Content Security Policy" in one.text else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda one: None if OWN.match(one.url) else self.outside.append(one.url))
        return self.page

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            assert not self.complaints
            assert not [one for one in self.outside if not one.startswith(("data:", "blob:"))]


def _wait(port: int, process: subprocess.Popen[bytes] | Forked, log: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30):
                return
        except urllib.error.HTTPError:  # opened to others, it answers nobody who does not come through its proxy
            return
        except OSError:  # not there yet, or not ready
            time.sleep(0.2)
    raise AssertionError("the server did not answer: " + log.read_text("utf-8", "replace"))
