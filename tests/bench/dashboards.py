"""What dashboards ask of a made portfolio, one query after the other, as screens ask. `python -m tests.bench.dashboards`

Asked by somebody who reads everything and by somebody who reads one unit of many, without filters and with each filter there is;
what is told is the slowest of these. Beside them the same portfolio read whole into pandas, as a notebook would.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

import pyperf

from tests.bench.lists import COUNTS, MOST, figure_of, made_home

if TYPE_CHECKING:
    from assessments.model import Actor
    from assessments.storage.database import Session
    from assessments.storage.facets import Facets

Ask = Callable[["Session", "Actor", "Facets"], object]
TURNS = 5
SHOWN = 0
NAMES = (
    *("cells", "impacts", "decision logs", "what is due", "open conditions", "accepted risks", "earlier day"),
    *("over time", "a concern", "a list", "home's figures"),
)
QUERIES = {name: f"dashboard, {name}" for name in NAMES}
LOADED = "the portfolio read into pandas"
WHOLE = "dashboard, all its queries"
MOST_ROWS, DAYS = 6, 90
OF_DAYS = ("earlier", "over time")
"""Asked of what was counted day by day, as far as that can tell."""
LOADING = """
    SELECT projection.*, ai_system.name_ko, operator.name, revision.decided_at, revision.ruling
    FROM projection JOIN assessment ON assessment.id = projection.assessment_id
    JOIN ai_system ON ai_system.id = assessment.system_id JOIN operator ON operator.id = ai_system.operator_id
    JOIN revision ON revision.assessment_id = projection.assessment_id AND revision.number = projection.revision
"""


def main(arguments: Sequence[str]) -> None:
    """Processor seconds: nothing is waited for, and the file lies in memory once it was read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--append")
    parser.add_argument("--full", action="store_true", help="a million assessments too")
    parser.add_argument("--only", type=int, help="a portfolio of so many alone")
    chosen = parser.parse_args(arguments)
    for count in (chosen.only,) if chosen.only else (*COUNTS, *([MOST] if chosen.full else [])):
        for name, (values, which) in measured(count).items():
            figure = pyperf.Benchmark(
                [pyperf.Run(values, metadata={"name": figure_of(name, count)}, collect_metadata=False)]
            )
            if not chosen.quiet:
                median = statistics.median(values) * 1000
                print(f"{figure_of(name, count)}: median {median:.1f} ms  {which}", flush=True)  # noqa: T201
            if chosen.append:
                pyperf.add_runs(chosen.append, figure)


def measured(count: int) -> dict[str, tuple[list[float], str]]:
    """Name → seconds of the slowest of its kind, and which that was."""
    from assessments import viewing
    from assessments.model import Actor, Grant, Role
    from assessments.storage import database, portfolio_days
    from questionnaires.wording import seoul_day

    made_home(count)
    today = seoul_day(datetime.now(UTC))
    roles = frozenset({Role.PRODUCT_MANAGER, Role.CHAIR, Role.SIGNING_OFFICER})
    unit = frozenset(Grant(role, 3) for role in roles)
    people = (Actor("all", "all", roles), Actor("unit", "unit", roles, unit))
    try:
        with database.transaction() as session:
            for month in range(portfolio_days.MOST_DAYS):
                portfolio_days.keep(session, today - timedelta(days=30 * month))
        with database.reading() as session:
            owner = next(iter(viewing.owners(session, people[0])))
        figures = {QUERIES[name]: _slowest(_every(asks, people, owner, today)) for name, asks in asked(today).items()}
        whole: Ask = lambda session, actor, facets: _screen(session, actor, facets, today)  # noqa: E731
        figures[WHOLE] = _slowest(_every({"screen": whole}, people, owner, today))
        figures[LOADED] = (_loaded(str(database.current().path)), "")
        return figures
    finally:
        database.leave()


def _slowest(every: Iterator[tuple[Callable[[Session], object], str]]) -> tuple[list[float], str]:
    """Each is asked twice, the slowest of them again and again."""
    first = [(min(_taken(ask, 2)), which, ask) for ask, which in every]
    if SHOWN:
        for seconds, which, _ask in sorted(first, key=lambda one: -one[0])[:SHOWN]:
            print(f"    {seconds * 1000:.1f} ms  {which}", flush=True)  # noqa: T201
    _seconds, which, ask = max(first, key=lambda one: one[0])
    return _taken(ask, TURNS), which


def _every(
    asks: Mapping[str, Ask], people: Sequence[Actor], owner: str, today: date
) -> Iterator[tuple[Callable[[Session], object], str]]:
    from assessments.storage.portfolio_days import can_tell

    for what, ask in asks.items():
        for who in people:
            for word, facets in filters(owner, today).items():
                if what not in OF_DAYS or can_tell(facets):
                    yield partial(_asked, ask, who, facets), f"{what}, {who.id}, {word}"


def _asked(ask: Ask, who: Actor, facets: Facets, session: Session) -> object:
    return ask(session, who, facets)


def filters(owner: str, today: date) -> dict[str, Facets]:
    """None, each that a screen offers, and two that leave few."""
    from assessments.model import Finding, Level, Status
    from assessments.storage.facets import MEASURED, Facets, Quarter, Verdict

    quarter = str(Quarter.of(today).before)
    few = {"level": Level.VERY_HIGH.value, "verdict": Verdict.CANNOT_DETERMINE.value}
    chosen: dict[str, dict[str, Any]] = {
        "no filter": {},
        "unit": {"unit": 3},
        "domain": {"domain": "credit"},
        "verdict": {"verdict": Verdict.HIGH_IMPACT.value},
        "level": {"level": Level.HIGH.value},
        "status": {"status": Status.SUBMITTED.value},
        "log": {"log": MEASURED},
        "owner": {"owner": owner},
        "decided": {"decided": quarter},
        "changed": {"changed": quarter},
        "impact": {"impact": "3-1"},
        "inherent": {"inherent": Level.HIGH.value},
        "effect": {"effect": "1"},
        "claim": {"claim": Finding.INDETERMINATE.value},
        "unit and log": {"unit": 3, "log": MEASURED},
        "few": {**few, "log": MEASURED, "unit": 3},
        "few of a quarter": {**few, "changed": quarter, "domain": "credit"},
    }
    return {word: Facets(today=today, **facets) for word, facets in chosen.items()}


def asked(today: date) -> dict[str, dict[str, Ask]]:
    """Name → what a screen asks for it."""
    from assessments import viewing
    from assessments.rules.lifecycle import Cause
    from assessments.storage import due_list, lists, portfolio
    from assessments.storage.concerns import Concern
    from assessments.storage.lists import Scope
    from pages._parts import by_role

    def counting(ask: Callable[..., object]) -> Ask:
        def asking(session: Session, actor: Actor, facets: Facets) -> object:
            return ask(session, facets, lists.units_meant(Scope.of(session, actor), facets))

        return asking

    def logs(session: Session, actor: Actor, facets: Facets) -> object:
        units = lists.units_meant(Scope.of(session, actor), facets)
        return portfolio.measured(session, portfolio.meant(session, facets, units), MOST_ROWS)

    def accepted(session: Session, actor: Actor, facets: Facets) -> object:
        units = lists.units_meant(Scope.of(session, actor), facets)
        return portfolio.accepted(session, facets, units, portfolio.meant(session, facets, units), MOST_ROWS)

    def due(causes: Sequence[Cause]) -> Ask:
        def asking(session: Session, actor: Actor, facets: Facets) -> object:
            units = lists.units_meant(Scope.of(session, actor), facets)
            return due_list.of(session, portfolio.meant(session, facets, units), today, MOST_ROWS, causes)

        return asking

    def concern(which: Concern) -> Ask:
        since = today - timedelta(days=DAYS)

        def asking(session: Session, actor: Actor, facets: Facets) -> object:
            narrowed = replace(facets, concern=which.value, since=since)
            return viewing.assessments(session, actor, facets=narrowed, limit=MOST_ROWS)

        return asking

    ahead = [cause for cause in Cause if cause not in (Cause.CONDITION, Cause.EDITION)]
    return {
        "cells": {"cells": counting(portfolio.cells)},
        "impacts": {"impacts": counting(portfolio.impacts)},
        "decision logs": {"logs": logs},
        "what is due": {
            "due": due([cause for cause in Cause if cause is not Cause.CONDITION]),
            "due but for editions": due(ahead),
            "editions": due([Cause.EDITION]),
        },
        "open conditions": {"conditions": due([Cause.CONDITION])},
        "accepted risks": {"accepted": accepted},
        "earlier day": {"earlier": lambda session, actor, facets: viewing.portfolio_at(session, actor, facets, today)},
        "over time": {
            "over time": lambda session, actor, facets: viewing.portfolio_over_time(session, actor, facets, today)
        },
        "a concern": {which.value: concern(which) for which in Concern},
        "a list": {"list": lambda session, actor, facets: viewing.assessments(session, actor, facets=facets)},
        "home's figures": {"home": lambda session, actor, _: by_role.read(session, actor, today)},
    }


def _screen(session: Session, who: Actor, facets: Facets, today: date) -> None:
    """What the portfolio's screen reads."""
    from assessments import viewing
    from assessments.storage.portfolio_days import can_tell

    since = today - timedelta(days=DAYS)
    viewing.places(session, who)
    viewing.owners(session, who)
    viewing.last_meeting(session, who, None)
    viewing.portfolio(session, who, facets, today, MOST_ROWS)
    if not facets:
        viewing.longest_waiting(session, who, MOST_ROWS)
    viewing.changed_since(session, who, facets, since, today, 3)
    viewing.neglected(session, who, facets, today)
    if can_tell(facets):
        viewing.portfolio_at(session, who, facets, since)
        viewing.portfolio_over_time(session, who, facets, today)
    viewing.assessments(session, who, facets=facets)


def _taken(ask: Callable[[Session], object], turns: int) -> list[float]:
    from assessments.storage import database

    seconds = []
    for _ in range(turns):
        with database.reading() as session:
            begun = process_time()
            ask(session)
            seconds.append(process_time() - begun)
    return seconds


def _loaded(path: str) -> list[float]:
    import pandas as pd

    seconds = []
    for _ in range(3):
        with closing(sqlite3.connect(path)) as connection:
            begun = process_time()
            pd.read_sql_query(LOADING, connection)
            seconds.append(process_time() - begun)
    return seconds


if __name__ == "__main__":
    main(sys.argv[1:])
