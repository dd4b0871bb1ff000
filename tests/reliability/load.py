"""Many people at several servers of one PostgreSQL behind nginx, with workers elsewhere; one server is killed half way.

`python -m tests.reliability.load --people 100 --minutes 10 --servers 2 --workers 2`

Everybody has a session, an account and a draft of their own, thinks two seconds, answers the same question with words that are
given once only, and now and then opens the home screen. Somebody asks for drafts as PDF all the time, which workers lay out. What
a field was told to be saved must be in the history afterwards, whichever server said so. Nothing but ends of the killed server's
sockets may go wrong, and each of those people goes on within a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter
from unittest.mock import patch
from urllib.error import HTTPError, URLError

from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from assessments import actions
from assessments.keeping import auditing, moving
from assessments.model import Grant, Role
from assessments.people import acting
from assessments.storage import accounts, units
from assessments.storage.database import OWNER, Database
from assessments.storage.units import Account
from exports.record import attached
from tests import postgres
from tests.bench.socket_client import Screen
from tests.browser.conftest import COMMAND, ROOT, Server, free_port, furnish
from tests.proxy import NAME, Front, nginx
from tests.reliability import results

THINK_SECONDS = 2.0
PATIENCE_SECONDS = 120.0
"""Whoever is not answered so long gives up, which is an error."""
QUESTION = "impact.purpose"
HOME_EVERY = 15
"""Every so many answers the home screen is opened on a socket of its own."""


class Visit(Screen):
    """A screen behind nginx."""

    def __init__(self, front: Front, token: str, page: str = "", query: str = "") -> None:
        super().__init__(front.port, token, page, query)
        self._front, self._session = front, token

    async def __aenter__(self) -> Visit:
        trusted = ssl.create_default_context(cafile=str(self._front.authority))
        self._socket = await connect(
            f"wss://{NAME}:{self._front.port}/_stcore/stream",
            ssl=trusted,
            origin=self._front.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"__Host-haetae_session={self._session}; __Host-haetae_language=ko"},
            max_size=None,
            open_timeout=PATIENCE_SECONDS,
        )
        return self


@dataclass
class Person:
    """Somebody at work, and what they saw."""

    place: int
    number: int
    """Of their draft."""
    token: str
    acknowledged: list[str] = field(default_factory=list)
    """What they were told is saved."""
    seconds: list[tuple[float, float]] = field(default_factory=list)
    """When an answer was on the screen, by the clock of the run, and how long after it was sent."""
    opened: list[float] = field(default_factory=list)
    """Seconds of the home screen."""
    away: list[float] = field(default_factory=list)
    """Seconds from a socket that broke to the same screen drawn again."""
    errors: list[str] = field(default_factory=list)
    turn: int = 0


@dataclass
class House:
    """What runs."""

    front: Front
    servers: list[Server]
    database: Database
    people: list[Person]
    drafts: list[int]
    """Numbers of assessments whose drafts are asked for as PDF."""
    home: Path
    killed_at: float | None = None
    """By the clock of the run."""


@contextmanager
def house(people: int, servers: int, workers: int, folder: Path) -> Iterator[House]:
    """A home with a draft for everybody, on a PostgreSQL that waits for the disk, with a user who owns nothing."""
    home = folder / "home"
    furnish(home)
    server = postgres.Server("max_connections=400")
    with server.asked() as connection:
        connection.execute(b"CREATE ROLE haetae LOGIN")
        connection.execute(b"CREATE DATABASE haetae TEMPLATE template0")
    settings = {
        "HAETAE_DATABASE_URL": server.address("haetae", "haetae"),
        OWNER: server.address("haetae"),
        "HAETAE_HOSTS": NAME,
        "HAETAE_PROXIES": "127.0.0.1",
        "HAETAE_HOME": str(home),
        **({"HAETAE_WORKERS": "elsewhere"} if workers else {}),
    }
    with ExitStack() as ends, patch.dict(os.environ, settings):
        ends.callback(server.kill)
        with closing(Database(f"sqlite:///{home / 'haetae.db'}")) as here, closing(Database(settings[OWNER])) as there:
            moving.move(here, there)
        subprocess.run([sys.executable, "-c", COMMAND, "upgrade"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        running = [Server(free_port(), home, settings=settings, code=COMMAND) for _ in range(servers)]
        for each in running:
            each.start()
            ends.callback(each.stop)
        for number in range(workers):
            ends.callback(_stop, _worker(home, number))
        front = ends.enter_context(nginx(*(each.port for each in running), folder=folder / "nginx"))
        there = ends.enter_context(closing(Database(settings["HAETAE_DATABASE_URL"])))
        yield House(front, running, there, _people(there, people), _drafts(there), home)


def _worker(home: Path, number: int) -> subprocess.Popen[bytes]:
    with (home / f"worker-{number}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "work", "--concurrency", "1"],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=120)


def _people(there: Database, count: int) -> list[Person]:
    """Accounts with a session and a draft each, begun through the deed."""
    at, grants = datetime.now(UTC), frozenset({Grant(Role.PRODUCT_MANAGER, 1)})
    people = []
    with there.transaction() as session:
        system = session.connection().execute(text("SELECT min(id) FROM ai_system")).scalar_one()
        for place in range(count):
            name = f"load-{place}"
            units.add_account(session, Account(name, 1, name, "", True, at, grants))
            actor = acting(session, name)
            assert actor is not None
            number = actions.start_assessment(session, system, "hiring", actor, at)
            people.append(Person(place, number, accounts.open_session(session, name, at)))
    return people


def _drafts(there: Database) -> list[int]:
    with there.reading() as session:
        rows = session.connection().execute(
            text("SELECT assessment_id FROM projection WHERE status <> 'draft' ORDER BY 1")
        )
        return list(rows.scalars())


# --- people at work -------------------------------------------------------------------------------------------------


async def work(person: Person, of: House, began: float, until: float) -> None:
    """Until the end. A socket that breaks is opened anew, and what was sent last is sent again if it is not there."""
    await asyncio.sleep(THINK_SECONDS * person.place / len(of.people))
    waiting, broke = "", None
    while monotonic() < until:
        try:
            async with Visit(of.front, person.token, "answer", _query(person)) as screen:
                await asyncio.wait_for(screen.drawn(), PATIENCE_SECONDS)
                if broke is not None:
                    person.away.append(monotonic() - broke)
                    broke = None
                waiting = await _answering(person, of, screen, waiting, began, until)
                return
        except (OSError, WebSocketException) as error:
            if of.killed_at is None or monotonic() - began < of.killed_at:
                person.errors.append(f"a socket broke by itself: {error}"[:300])
            broke = broke or monotonic()
            waiting = f"{person.place}-{person.turn}"
            await asyncio.sleep(1)
        except (ValueError, TimeoutError, StopIteration) as error:
            person.errors.append(repr(error)[:300])
            await asyncio.sleep(1)


async def _answering(person: Person, of: House, screen: Screen, waiting: str, began: float, until: float) -> str:
    key = next(name for name in screen.fields if name.endswith("-impact-purpose")).rpartition("-a")[2]
    if waiting:
        shown = next(shown["value"]["answer"] for name, shown in screen.fields.items() if name.endswith(f"-a{key}"))
        if shown == _words(person):
            person.acknowledged.append(_words(person))  # it was saved before the server died, and is shown as saved
        else:
            await _answer(person, screen, key, began)
    while monotonic() < until:
        await asyncio.sleep(THINK_SECONDS)
        person.turn += 1
        await _answer(person, screen, key, began)
        if person.turn % HOME_EVERY == 0:
            async with Visit(of.front, person.token) as home:
                person.opened.append(await asyncio.wait_for(home.drawn(), PATIENCE_SECONDS))
    return ""


async def _answer(person: Person, screen: Screen, key: str, began: float) -> None:
    words = _words(person)
    verdict, seconds = await asyncio.wait_for(screen.sent(f"a{key}", words), PATIENCE_SECONDS)
    if verdict and verdict["kind"] == "saved":
        person.acknowledged.append(words)
        person.seconds.append((monotonic() - began, seconds))
    else:
        person.errors.append(f"not saved: {verdict}")


def _words(person: Person) -> str:
    return f"{person.place}번째 사람이 {person.turn}번째로 적은 답"


def _query(person: Person) -> str:
    return f"assessment={person.number}&questionnaire=impact&section=target"


async def ask_for_drafts(of: House, until: float, seconds: list[float], errors: list[str]) -> None:
    """One PDF after the other, by somebody who does nothing else."""
    trusted = ssl.create_default_context(cafile=str(of.front.authority))
    token, turn = of.people[0].token, 0

    def fetch(number: int) -> int:
        address = f"{of.front.address}/files/report/{number}/draft.pdf?language=ko"
        cookie = f"__Host-haetae_session={token}; __Host-haetae_language=ko"
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={"Cookie": cookie}), timeout=300, context=trusted
        ) as answer:
            return len(answer.read())

    while monotonic() < until:
        began = perf_counter()
        try:
            await asyncio.to_thread(fetch, of.drafts[turn % len(of.drafts)])
            seconds.append(perf_counter() - began)
        except HTTPError as error:
            errors.append(f"draft: {error.code}")
        except (URLError, OSError) as error:
            if of.killed_at is None:
                errors.append(f"draft: {error!r}")
        turn += 1
        await asyncio.sleep(20)


async def kill(of: House, after_seconds: float, began: float) -> None:
    """The first server, without a word to anybody."""
    await asyncio.sleep(after_seconds)
    of.killed_at = monotonic() - began
    of.servers[0].kill()


async def everybody(of: House, minutes: float, *, kills: bool) -> tuple[list[float], list[str]]:
    began = monotonic()
    until = began + 60 * minutes
    drafts: list[float] = []
    errors: list[str] = []
    doing = [work(person, of, began, until) for person in of.people]
    doing.append(ask_for_drafts(of, until, drafts, errors))
    if kills:
        doing.append(kill(of, 30 * minutes, began))
    await asyncio.gather(*doing)
    return drafts, errors


# --- what came of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    answers: int
    lost: list[str]
    """Acknowledged, and not in the history."""
    errors: list[str]
    median: float
    ninety_fifth: float
    most: float
    home_ninety_fifth: float
    after_kill: int
    """How many people answered after the kill."""
    away_most: float
    drafts: int
    is_intact: bool


def looked_at(of: House, drafts: Sequence[float], errors: Sequence[str]) -> Outcome:
    with of.database.reading() as session:
        rows = session.connection().execute(
            text(
                "SELECT value FROM event_value JOIN event USING (seq) WHERE kind = 'record_response' AND value LIKE '%번째로 적은 답%'"
            )
        )
        kept = "\n".join(rows.scalars())
        audit = auditing.audit(session, attached.checkpoint_of, notes=False)
    for finding in audit.findings[:5]:
        print(finding)  # noqa: T201
    acknowledged = [words for person in of.people for words in person.acknowledged]
    seconds = [taken for person in of.people for _, taken in person.seconds]
    killed_at = of.killed_at or 0.0
    return Outcome(
        len(acknowledged),
        [words for words in acknowledged if f'"{words}"' not in kept],
        [*errors, *(f"{person.place}: {error}" for person in of.people for error in person.errors)],
        statistics.median(seconds),
        statistics.quantiles(seconds, n=20)[-1],
        max(seconds),
        statistics.quantiles([taken for person in of.people for taken in person.opened] or [0.0, 0.0], n=20)[-1],
        sum(any(when > killed_at for when, _ in person.seconds) for person in of.people),
        max((away for person in of.people for away in person.away), default=0.0),
        len(drafts),
        audit.is_intact,
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--dry", action="store_true", help="docs/reliability.md stays as it is")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="haetae-load-"))
    kills = chosen.servers > 1 and not chosen.no_kill
    try:
        with house(chosen.people, chosen.servers, chosen.workers, folder) as of:
            drafts, errors = asyncio.run(everybody(of, chosen.minutes, kills=kills))
            outcome = looked_at(of, drafts, errors)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    is_good = not outcome.lost and not outcome.errors and outcome.is_intact and outcome.after_kill == chosen.people
    for error, count in Counter(error.partition(": ")[2] for error in outcome.errors).most_common(10):
        print(f"{count} times: {error}")  # noqa: T201
    print(*outcome.lost[:10], _figure(outcome), sep="\n")  # noqa: T201
    if not chosen.dry:
        results.note("90-load", _result(chosen, outcome, kills=kills))
        results.write()
    return 0 if is_good else 1


def _figure(outcome: Outcome) -> str:
    of_answer = f"median {outcome.median:.2f} s, p95 {outcome.ninety_fifth:.2f} s, most {outcome.most:.1f} s"
    return (
        f"{outcome.answers:,} answers; answer to screen {of_answer}; home p95 {outcome.home_ninety_fifth:.2f} s; "
        f"{outcome.drafts} PDFs laid out; away at most {outcome.away_most:.0f} s"
    )


def _result(chosen: argparse.Namespace, outcome: Outcome, *, kills: bool) -> results.Result:
    done = (
        f"{chosen.people} people on real sockets, {THINK_SECONDS:.0f} s between an answer and the next, {chosen.minutes:g} minutes, "
        f"{chosen.servers} servers behind nginx, {chosen.workers} workers"
        + ("; one server killed half way" if kills else "")
    )
    what = (
        f"{len(outcome.lost)} acknowledged answers lost, {len(outcome.errors)} errors, {outcome.after_kill} of {chosen.people} people "
        f"went on, the history {'verifies' if outcome.is_intact else 'DOES NOT VERIFY'}"
    )
    return results.Result("Many at once", "PostgreSQL", done, what, _figure(outcome))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
