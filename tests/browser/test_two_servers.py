"""Two servers of one PostgreSQL behind nginx as documented: the one that holds a page is killed, and its reader goes on at the other."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assessments.decision_log import making
from assessments.keeping import moving
from assessments.model import Role
from assessments.people import acting, add_person
from assessments.storage import accounts, credentials, log_imports, reader
from assessments.storage.database import Database
from assessments.storage.log_imports import Stage
from tests import doors, postgres
from tests.browser.conftest import PATIENCE_MS, Server, Visitor, complaints_checked, context_of, free_port
from tests.proxy import NAME, Front, nginx

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql."),
]
PERSON = "hana"
KEYS = ("pseudonym.key", "seal.key", "seal.passphrase", "certificate.pem")


@dataclass(frozen=True)
class Pair:
    servers: tuple[Server, Server]
    front: Front
    database: Database
    number: int
    """Of a draft."""

    def holder(self, path: str) -> Server:
        """Which of the two answered last for this path, by nginx's own word."""
        for _ in range(200):
            lines = (self.front.folder / "access.log").read_text("utf-8").splitlines()
            tried = [line.partition(" GET ")[0] for line in lines if f"GET {path}" in line]
            answered = [servers.rpartition(" ")[0].split(", ")[-1] for servers in tried]  # of several the last one
            for server in self.servers:
                if answered and answered[-1].endswith(f":{server.port}"):
                    return server
            time.sleep(0.1)
        raise AssertionError(f"nobody answered {path}")

    def other(self, server: Server) -> Server:
        return self.servers[1 - self.servers.index(server)]

    def stored(self) -> dict[str, tuple[object, str]]:
        """Question → its answer and its note."""
        with self.database.reading() as session:
            responses = reader.get_assessment(session, self.number).responses.get("hiring", {})
        return {name: (response.answer, response.note) for name, response in responses.items()}


@pytest.fixture(scope="module")
def pair(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    first, second, shared, folder = (
        tmp_path_factory.mktemp(name) for name in ("first", "second", "shared", "two-nginx")
    )
    shutil.copytree(furnished, first, dirs_exist_ok=True)
    add_person(first, PERSON, "김하나", [Role.PRODUCT_MANAGER])
    for name in ("evidence", "reports"):
        if (first / name).is_dir():
            shutil.move(first / name, shared / name)
    address = postgres.address(postgres.copied("template0"))
    settings = {
        "HAETAE_DATABASE_URL": address,
        "HAETAE_FILES_URL": shared.as_uri(),
        "HAETAE_HOSTS": NAME,
        "HAETAE_PROXIES": "127.0.0.1",
    }
    servers = tuple(Server(free_port(), home, settings=settings) for home in (first, second))
    with (
        patch.dict(os.environ, {"HAETAE_HOME": str(first), "HAETAE_FILES_URL": shared.as_uri()}),
        closing(Database(address)) as there,
    ):
        with closing(Database(f"sqlite:///{first / 'haetae.db'}")) as here:
            moving.move(here, there)
        with there.transaction() as session:
            credentials.set_password(session, PERSON, doors.password_hash(), datetime.now(UTC))
            actor = acting(session, PERSON)
            assert actor is not None
            number = doors.start(session, "면접길잡이", "hiring", actor)
        try:
            with nginx(*(server.port for server in servers), folder=folder) as front:
                servers[0].start()
                for name in KEYS:
                    if (first / name).exists():
                        shutil.copy(first / name, second / name)
                servers[1].start()
                yield Pair((servers[0], servers[1]), front, there, number)
        finally:
            for server in servers:
                server.stop()


def _field(page: Page, number: int, question: str) -> Locator:
    return page.locator(f".st-key-a{number}-1-hiring-{question}-box")


def test_whoever_is_at_the_server_that_dies_goes_on_at_the_other(pair: Pair, browser: Browser) -> None:
    context = context_of(browser, viewport={"width": 1280, "height": 900}, ignore_https_errors=True)
    with complaints_checked(context) as page:
        visitor, path = Visitor(page, pair.front.address), f"/answer?assessment={pair.number}"
        visitor.open("/enter")
        page.get_by_label("계정 아이디").fill(PERSON)
        page.get_by_label("비밀번호", exact=True).fill(doors.PASSWORD)
        page.get_by_role("button", name="로그인", exact=True).click()
        page.wait_for_url(f"{pair.front.address}/")
        visitor.open(path).settled()
        holder = pair.holder(path)

        saved = _field(page, pair.number, "used_in_hiring")
        saved.locator("label").first.click()
        expect(saved.locator(".f-mark")).to_contain_text("저장됨")
        answer = pair.stored()["used_in_hiring"]
        typed = _field(page, pair.number, "influence")
        typed.locator("summary").first.click()
        typed.locator("textarea").fill("저장되기 전에 서버가 꺼진 말")
        holder.kill()

        expect(typed.locator("textarea")).to_have_value("저장되기 전에 서버가 꺼진 말")
        _until(lambda: pair.stored()["influence"][1] == "저장되기 전에 서버가 꺼진 말")
        assert pair.stored()["used_in_hiring"] == answer
        expect(typed.locator(".f-mark")).to_contain_text("저장됨")
        expect(saved.locator("input").first).to_be_checked()

        visitor.open("/systems").settled()
        assert pair.holder("/systems") is pair.other(holder)
        assert "/enter" not in page.url, "nobody is asked again who they are"
        visitor.go(path)
        again = _field(page, pair.number, "influence")
        expect(again.locator("textarea")).to_have_value("저장되기 전에 서버가 꺼진 말")

        holder.start()
        pair.other(holder).kill()
        later = _field(page, pair.number, "used_in_hiring")
        later.locator("label").nth(1).click()
        _until(lambda: pair.stored()["used_in_hiring"] != answer)
        expect(later.locator(".f-mark")).to_contain_text("저장됨")
        pair.other(holder).start()
    context.close()


def test_a_log_that_was_handed_in_at_one_server_is_counted_at_the_other(
    pair: Pair, browser: Browser, tmp_path: Path
) -> None:
    log = tmp_path / "rubber-stamp.csv"
    making.write(making.make(making.Style("rubber-stamp"), 12, 2_000, 7), log, "rubber-stamp")
    context = context_of(browser, viewport={"width": 1280, "height": 900}, ignore_https_errors=True)
    with pair.database.transaction() as session:
        token = accounts.open_session(session, PERSON, datetime.now(UTC))
    cookie = {"name": "__Host-haetae_session", "value": token, "url": pair.front.address, "secure": True}
    context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])  # type: ignore[list-item]
    with complaints_checked(context) as page:
        visitor, path = Visitor(page, pair.front.address), f"/log?assessment={pair.number}"
        visitor.go(path)
        page.locator(".h-upload input").set_input_files(log)
        page.locator(".h-upload button").click()
        expect(page.locator(".h-preview").first).to_contain_text("MADE-00000001")
        _until(lambda: _stage(pair) is Stage.ARRIVED)
        holder = pair.holder(path)
        holder.kill()
        visitor.open(path).settled()
        assert pair.holder(path) is pair.other(holder)
        expect(page.locator(".h-preview").first).to_contain_text("MADE-00000001")
        page.get_by_role("button", name="예, 맞습니다").click()
        expect(page.get_by_role("button", name="예, 맞습니다")).to_have_count(0)
        page.get_by_role("button", name="집계하기").click()
        expect(page.locator(".h-log")).to_contain_text("2,000 가운데 2,000", timeout=300_000)
        holder.start()
    context.close()


def _stage(pair: Pair) -> Stage | None:
    with pair.database.reading() as session:
        row = log_imports.find_import(session, pair.number, 1)
        return Stage(row.stage) if row else None


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        with suppress(KeyError):
            if holds():
                return
        time.sleep(0.2)
    raise AssertionError("it does not come to hold")
