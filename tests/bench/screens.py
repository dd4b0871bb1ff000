"""Screens, measured at a running server: long lists, beside a lock, beside downloads, many at once. `python -m tests.bench.screens`

Homes are made once and lie in the folder for what measuring leaves. Without Chromium and Playwright its figures are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sqlite3
import statistics
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pyperf

from tests.bench import examples
from tests.bench.rules import YARDSTICK, additions

if TYPE_CHECKING:  # limits.py reads the names of these figures; it needs neither a server nor a browser
    from playwright.sync_api import Page

    from tests.browser.conftest import Server

COUNTS = (100, 1_000, 10_000)
LISTS = {"home": "", "systems": "systems"}
"""Name → path."""
PERSON, OTHER = "bench", "bench-other"
SERVER = {(name, count): f"{name} at {count:,} assessments, by a socket" for count in COUNTS for name in LISTS}
DRAWN = {(name, count): f"{name} at {count:,} assessments, in Chromium" for count in COUNTS for name in LISTS}
LOCKED = "home at 1,000 while somebody else writes"
DOWNLOADS = "home of another while one asks for 60 drafts, p95"
ANSWERED = "answer to screen, 25 at once, p95"
COST = "processor of the server for an answer, 25 at once"
SAVED = "click to saved in Chromium"
SESSIONS, TURNS, THINK_SECONDS = 25, 31, 2.0
"""A minute of answers; the first of each session, which loads what a server loads once, does not count."""
DRAFTS = 60
TURNS_OF_A_LIST = 9


def main(arguments: Sequence[str]) -> None:
    """Wall seconds of a machine that does nothing else."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--append")
    parser.add_argument("--most", type=int, default=max(COUNTS), help="leaves out the homes with more assessments")
    chosen = parser.parse_args(arguments)
    figures: dict[str, list[float]] = {f"{YARDSTICK}, beside screens": [additions(1) for _ in range(5)]}
    for count in (count for count in COUNTS if count <= chosen.most):
        with running(count) as server:
            figures |= _lists(server, count)
            if count == 1_000:
                figures |= {
                    LOCKED: _beside_a_lock(server),
                    DOWNLOADS: [_ninety_fifth(_beside_downloads(server))],
                }
            if count == COUNTS[0]:
                figures |= _many_at_once(server)
            figures |= _in_chromium(server, count)
    for name, values in figures.items():
        figure = pyperf.Benchmark([pyperf.Run(values, metadata={"name": name}, collect_metadata=False)])
        if not chosen.quiet:
            print(f"{name}: median {statistics.median(values):.3f} s, most {max(values):.3f} s", flush=True)  # noqa: T201
        if chosen.append:
            pyperf.add_runs(chosen.append, figure)


@contextmanager
def running(count: int) -> Iterator[Server]:
    """A server over a home with so many assessments, which the next measuring uses again."""
    from assessments.model import Role
    from assessments.people import add_person
    from tests.browser.conftest import COMMAND, Server, free_port, furnish
    from tests.large_home import grow

    home = examples.FOLDER / f"home-{count}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        furnish(home)
        for person in (PERSON, OTHER):
            add_person(home, person, person, [Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER])
        grow(home / "haetae.db", count, with_events=False)  # no list reads the history
        (home / "made").touch()
    server = Server(free_port(), home, code=COMMAND)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _let_in(server: Server, person: str = PERSON) -> str:
    from tests import doors

    return doors.let_in_at(server.home, person)


def _lists(server: Server, count: int) -> dict[str, list[float]]:
    token = _let_in(server)
    return {
        SERVER[name, count]: asyncio.run(_opened(server, token, page, TURNS_OF_A_LIST)) for name, page in LISTS.items()
    }


async def _opened(server: Server, token: str, page: str, turns: int) -> list[float]:
    """The same screen opened by one socket after the other; the first, which loads what a server loads once, does not count."""
    from tests.bench.socket_client import Screen

    seconds = []
    for _ in range(turns + 1):
        async with Screen(server.port, token, page) as screen:
            seconds.append(await screen.drawn())
    return seconds[1:]


def _beside_a_lock(server: Server) -> list[float]:
    token = _let_in(server)
    with closing(sqlite3.connect(server.home / "haetae.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        seconds = asyncio.run(_opened(server, token, "", TURNS_OF_A_LIST))
        other.execute("ROLLBACK")
    return seconds


def _beside_downloads(server: Server) -> list[float]:
    """Seconds of the screens of somebody else, one every half second, while drafts are put together for one person."""
    token, other = _let_in(server), _let_in(server, OTHER)
    asyncio.run(_opened(server, other, "", 1))
    with closing(sqlite3.connect(server.home / "haetae.db")) as database:
        query = "SELECT assessment_id FROM revision WHERE status = 'draft' LIMIT ?"
        numbers = [row[0] for row in database.execute(query, (DRAFTS,))]
    ended = threading.Event()

    def download(number: int) -> None:
        if ended.is_set():
            return
        address = f"{server.address}/files/report/{number}/draft.pdf"
        asked = urllib.request.Request(address, headers={"Cookie": f"haetae_session={token}; haetae_language=ko"})
        try:
            with urllib.request.urlopen(asked, timeout=600) as response:
                response.read()
        except HTTPError:
            return  # asked too much at once: also an answer

    async def pages() -> list[float]:
        seconds = []
        for _ in range(30):
            await asyncio.sleep(0.5)
            seconds += (await _opened(server, other, "", 1))[-1:]
        return seconds

    with ThreadPoolExecutor(DRAFTS) as pool:
        for number in numbers:
            pool.submit(download, number)
        seconds = asyncio.run(pages())
        ended.set()
        server.stop()  # what is still waited for need not be made
    server.start()
    return seconds


def _many_at_once(server: Server) -> dict[str, list[float]]:
    """25 sessions, each in an assessment of its own, answer the same question again and again after thinking."""
    seconds, spent = asyncio.run(_answered(server))
    return {ANSWERED: [_ninety_fifth(seconds)], COST: [spent / len(seconds)]}


async def _answered(server: Server) -> tuple[list[float], float]:
    """Seconds of each answer, and those that the server worked for all of them."""
    with closing(sqlite3.connect(server.home / "haetae.db")) as database:
        query = "SELECT assessment_id FROM revision WHERE status = 'draft' ORDER BY assessment_id LIMIT ?"
        numbers = [row[0] for row in database.execute(query, (SESSIONS,))]
    token, warm = _let_in(server), asyncio.Barrier(SESSIONS + 1)

    from tests.bench.socket_client import Screen

    async def somebody(place: int, number: int) -> list[float]:
        query = f"assessment={number}&questionnaire=impact&section=target"
        async with Screen(server.port, token, "answer", query) as screen:
            await screen.drawn()
            key = next(name for name in screen.fields if name.endswith("-impact-purpose")).rpartition("-a")[2]
            seconds = []
            for turn in range(TURNS):
                if turn == 1:
                    await warm.wait()
                    await asyncio.sleep(THINK_SECONDS * place / SESSIONS)
                await asyncio.sleep(THINK_SECONDS)
                seconds.append(await screen.answered(f"a{key}", f"{turn}. 지원자를 빠짐없이 살피기 위하여 씁니다."))
            return seconds[1:]

    running = [asyncio.create_task(somebody(place, number)) for place, number in enumerate(numbers)]
    await warm.wait()
    before = _worked(server)
    measured = await asyncio.gather(*running)
    return [seconds for own in measured for seconds in own], _worked(server) - before


def _worked(server: Server) -> float:
    """Seconds of a processor that the server's process took until now."""
    if server.process is None:
        raise ValueError("the server does not run")
    columns = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


def _in_chromium(server: Server, count: int) -> dict[str, list[float]]:
    """From the address to a screen that is drawn; and from a click on an option to the mark that says it is saved."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, FLAGS, READY

    if not Path(CHROMIUM).exists():
        return {}
    figures: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        token = _let_in(server)
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": server.address}
                for name, value in (("haetae_session", token), ("haetae_language", "ko"))
            ]
        )
        for name, path in LISTS.items():
            seconds = []
            for _ in range(TURNS_OF_A_LIST + 1):
                began = perf_counter()
                page.goto(f"{server.address}/{path}")
                page.wait_for_selector(".h-foot")
                page.wait_for_selector(READY)
                seconds.append(perf_counter() - began)
            figures[DRAWN[name, count]] = seconds[1:]
        if count == COUNTS[0]:
            figures[SAVED] = _clicked(server, page)
        browser.close()
    return figures


def _clicked(server: Server, page: Page) -> list[float]:
    with closing(sqlite3.connect(server.home / "haetae.db")) as database:
        query = "SELECT max(assessment_id) FROM revision WHERE status = 'draft'"
        number = database.execute(query).fetchone()[0]
    page.goto(f"{server.address}/involvement?assessment={number}&section=time")
    box = f".st-key-a{number}-1-involvement-time_practicable-box"
    page.wait_for_selector(f"{box} input")
    return [page.evaluate(CLICK, box) / 1000 for _ in range(TURNS_OF_A_LIST)]


CLICK = """(box) => new Promise((told) => {
  const field = document.querySelector(box), mark = field.querySelector(".f-mark"), began = performance.now();
  let left = false;
  const look = () => {
    left = left || mark.dataset.state !== "saved";
    if (left && mark.dataset.state === "saved") { told(performance.now() - began); } else { requestAnimationFrame(look); }
  };
  field.querySelector("input[type=radio]:not(:checked)").click();
  look();
})"""
"""Milliseconds from the click on an option until the mark, which left *saved* meanwhile, says it again."""


def _ninety_fifth(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    main(sys.argv[1:])
