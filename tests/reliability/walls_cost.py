"""What the walls between units cost: the same screens read at 10,000 assessments with and without them. `python -m …walls_cost`

By somebody who holds a role in one unit of many. Without walls means: the same user of the database, in a transaction that says it
is for everything. Wall clock of a machine that does nothing else, with the database on the same cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from sqlmodel import Session

from assessments import viewing
from assessments.keeping import made_home, moving
from assessments.model import Actor, Grant, Role
from assessments.storage import database
from assessments.storage.database import Database
from assessments.storage.facets import Facets
from assessments.storage.review_queue import Choice
from assessments.viewing import Search, Wanted
from questionnaires.wording import seoul_day
from tests import postgres
from tests.reliability import results

TURNS = 15
Read = Callable[[Session, Actor], object]


def reads() -> dict[str, Read]:
    today = seoul_day(datetime.now(UTC))
    return {
        "list": viewing.assessments,
        "search": lambda session, actor: viewing.assessments(session, actor, Search("서울")),
        "review queue": lambda session, actor: viewing.queue(session, actor, Choice(), Search()),
        "register": lambda session, actor: viewing.registered(session, actor, Wanted(), Search()),
        "portfolio": lambda session, actor: viewing.portfolio(session, actor, Facets(today=today), today, 10),
        "home": lambda session, actor: (
            viewing.waiting_for(session, actor, limit=10),
            viewing.assessments(session, actor, besides=actor),
            viewing.due_for(session, actor, today, 10),
        ),
    }


def taken(there: Database, read: Read, actor: Actor, reach: Collection[int] | None) -> float:
    """Median of milliseconds, from the beginning of the transaction to its end."""
    seconds = []
    for _ in range(TURNS):
        began = perf_counter()
        with there.reading(reach) as session:
            read(session, actor)
        seconds.append(perf_counter() - began)
    return statistics.median(seconds[2:]) * 1000


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--assessments", type=int, default=10_000)
    parser.add_argument("--dry", action="store_true", help="docs/reliability.md stays as it is")
    chosen = parser.parse_args(arguments)
    server = postgres.Server("fsync=off", "synchronous_commit=off", "shared_buffers=256MB")
    folder = Path(tempfile.mkdtemp(prefix="haetae-walls-"))
    with server.asked() as connection:
        connection.execute(b"CREATE ROLE haetae LOGIN")
        connection.execute(b"CREATE DATABASE haetae TEMPLATE template0")
    try:
        with patch.dict(os.environ, {"HAETAE_HOME": str(folder)}):
            database.prepare()
            made_home.seed(chosen.assessments, today=seoul_day(datetime.now(UTC)))
            with closing(Database(server.address("haetae"))) as there:
                moving.move(database.current(), there)
                with there.copying() as owner:
                    there.dialect.grant(owner, "haetae")
            database.leave()
        with server.asked("haetae") as connection:
            connection.execute(b"VACUUM ANALYZE")
        with closing(Database(server.address("haetae", "haetae"))) as there:
            actor = Actor("unit", "unit", frozenset({Role.CHAIR}), frozenset({Grant(Role.CHAIR, 3)}))
            figures = {
                name: (taken(there, read, actor, None), taken(there, read, actor, {3}))
                for name, read in reads().items()
            }
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
    figure = "; ".join(f"{name} {without:.1f} → {within:.1f} ms" for name, (without, within) in figures.items())
    print(figure)  # noqa: T201
    if not chosen.dry:
        done = f"{chosen.assessments:,} assessments, read by somebody of one unit, without walls → with them"
        results.note("80-walls", results.Result("What walls cost", "PostgreSQL", done, "the same rows", figure))
        results.write()


if __name__ == "__main__":
    main(sys.argv[1:])
