"""A real server with the example organisation, and the system's Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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


@dataclass(frozen=True)
class Server:
    """A running server of its own, with its own home folder."""

    address: str
    home: Path

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`haetae …` in the same home folder."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            cwd=ROOT,
            env={**os.environ, "HAETAE_HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


class Visitor:
    """Somebody in front of a screen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def sign_in(self, person: str, language: str = "ko") -> Visitor:
        self.page.goto(f"{self.address}/language/{language}")
        self.page.goto(f"{self.address}/enter")
        self.page.click(f'button[value="{person}"]')
        return self.settled()

    def go(self, path: str) -> Visitor:
        self.page.goto(self.address + path)
        return self.settled()

    def settled(self) -> Visitor:
        """Waits until the screen is drawn."""
        self.page.wait_for_selector(".h-foot", timeout=30_000)
        self.page.wait_for_selector(READY, timeout=30_000)
        self.page.wait_for_timeout(350)
        return self

    def number_of(self, system: str) -> str:
        """The number of the newest assessment of a system, from the list of all."""
        link = self.go("/").page.get_by_role("link", name=system, exact=True).last
        return (link.get_attribute("href") or "").rpartition("assessment=")[2]

    def start(self, domain: str) -> str:
        """A new assessment of the first system; its number."""
        page = self.go("/systems").page
        page.get_by_role("button", name="평가 시작").first.click()
        page.get_by_role("dialog").get_by_text(domain, exact=True).click()
        page.get_by_role("button", name="시작", exact=True).click()
        news = page.locator(".h-notice.h-good")
        news.wait_for()
        return "".join(sign for sign in news.inner_text() if sign.isdigit())

    def text(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the example organisation, to be copied, for loading it takes a while."""
    home = tmp_path_factory.mktemp("furnished")
    furnish = (
        "from assessments.home import home; from commands.serve import furnish; furnish(home(), with_examples=True)"
    )
    subprocess.run(
        [sys.executable, "-c", furnish], cwd=ROOT, env={**os.environ, "HAETAE_HOME": str(home)}, check=True, timeout=180
    )
    return home


@pytest.fixture(scope="module")
def server(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(furnished, home, dirs_exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    one = Server(f"http://127.0.0.1:{port}", home)
    added = one.command(
        "user", "add", "hana", "--name", "김하나", "--role", "product_manager", "--role", "committee_member"
    )
    assert added.returncode == 0, added.stderr
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "HAETAE_HOME": str(home)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait(one.address, process, home / "server.log")
        yield one
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(server: Server, browser: Browser) -> Iterator[Visitor]:
    """Somebody at a wide screen; whatever the browser complains about fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    with complaints_checked(context) as page:
        yield Visitor(page, server.address)
    context.close()


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
        self.page.on("request", lambda one: None if "127.0.0.1" in one.url else self.outside.append(one.url))
        return self.page

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            assert not self.complaints
            assert not [one for one in self.outside if not one.startswith(("data:", "blob:"))]


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(address + "/_stcore/health", timeout=2):
                return
        except OSError:  # not there yet, or not ready
            time.sleep(0.2)
    raise AssertionError("the server did not answer: " + log.read_text("utf-8", "replace"))
