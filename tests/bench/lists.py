"""Lists, the review queue, the register and searches on made portfolios, asked as screens ask. `python -m tests.bench.lists`

A page is read by somebody who reads everything and by somebody who reads one unit of many, the first page and one further on;
what is told is the slowest of these. Portfolios are made once and lie in the folder for what measuring leaves.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pyperf

from tests.bench import examples

if TYPE_CHECKING:
    from assessments.model import Actor

Read = Callable[..., Any]
"""Reads one page: session, reader, search, from where."""
After = Callable[[Any], Any]
"""Where the page after an entry begins."""
COUNTS = (1_000, 100_000)
MOST = 1_000_000
"""Made and measured with --full only."""
TURNS = 15
PAGES = {name: f"{name}, one page" for name in ("assessments", "review queue", "register")}
SEARCHES = {name: f"{name}, a search" for name in PAGES}
WORDS = ("판독", "서울 심사", "없는말")
"""Two syllables that many have, words that some have, and one that nobody has."""


def figure_of(name: str, count: int) -> str:
    return f"{name} at {count:,}"


def main(arguments: Sequence[str]) -> None:
    """Wall seconds of a machine that does nothing else."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--append")
    parser.add_argument("--full", action="store_true", help="a million assessments too")
    chosen = parser.parse_args(arguments)
    for count in (*COUNTS, *([MOST] if chosen.full else [])):
        for name, values in measured(count).items():
            figure = pyperf.Benchmark(
                [pyperf.Run(values, metadata={"name": figure_of(name, count)}, collect_metadata=False)]
            )
            if not chosen.quiet:
                print(f"{figure_of(name, count)}: median {statistics.median(values) * 1000:.1f} ms", flush=True)  # noqa: T201
            if chosen.append:
                pyperf.add_runs(chosen.append, figure)


def measured(count: int) -> dict[str, list[float]]:
    """Name → seconds of the slowest of its kind."""
    from assessments import viewing
    from assessments.model import Actor, Grant, Role
    from assessments.storage import database
    from assessments.storage.review_queue import Choice, FromQueue, Order, keyset
    from assessments.storage.system_list import FromSystem
    from assessments.viewing import From, Search, Wanted

    made_home(count)
    try:
        roles = frozenset({Role.CHAIR})
        people = (Actor("all", "all", roles), Actor("unit", "unit", roles, frozenset({Grant(Role.CHAIR, 3)})))

        reads: dict[str, tuple[Read, After]] = {
            "assessments": (
                lambda session, who, search, start: viewing.assessments(session, who, search, start=start),
                lambda last: From(last.updated_at, last.id),
            ),
            "review queue": (
                lambda session, who, search, start: viewing.queue(session, who, Choice(), search, start=start),
                lambda last: FromQueue(*keyset(last, Order.LONGEST)),
            ),
            "register": (
                lambda session, who, search, start: viewing.registered(session, who, Wanted(), search, start=start),
                lambda last: FromSystem(last.id),
            ),
        }
        figures = {}
        for name, (read, after) in reads.items():
            pages = []
            for who in people:
                with database.reading() as session:
                    entries = read(session, who, Search(), None).entries
                starts = [None, *([after(entries[-1])] if entries else [])]
                pages += [_taken(read, who, Search(), start) for start in starts]
            figures[PAGES[name]] = max(pages, key=statistics.median)
            searches = [_taken(read, who, Search(word), None) for who in people for word in WORDS]
            figures[SEARCHES[name]] = max(searches, key=statistics.median)
        return figures
    finally:
        database.leave()


def _taken(read: Read, who: Actor, search: object, start: object) -> list[float]:
    from assessments.storage import database

    seconds = []
    for _ in range(TURNS):
        with database.reading() as session:
            begun = perf_counter()
            read(session, who, search, start)
            seconds.append(perf_counter() - begun)
    return seconds


def made_home(count: int) -> None:
    """The database in use is then that of a portfolio of so many, which the next measuring uses again."""
    from assessments.keeping import made_home as making
    from assessments.storage import database
    from questionnaires.wording import seoul_day

    home = examples.FOLDER / f"made-{count}"
    os.environ["HAETAE_HOME"] = str(home)
    if not examples.is_made(home):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, mode=0o700)
        database.prepare()
        making.seed(count, today=seoul_day(datetime.now(UTC)))
        examples.set_made(home)
    database.prepare()


if __name__ == "__main__":
    main(sys.argv[1:])
