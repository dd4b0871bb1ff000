"""How many assessments stood where on earlier days: keep, is_kept, can_tell, at, over_time. Counted once a day, never again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, insert, select
from sqlmodel import Session

from assessments.model import Status
from assessments.storage.facets import MEASURED, Facets, Verdict
from assessments.storage.portfolio import Standing, by_unit
from assessments.storage.tables import table_of
from assessments.storage.work_tables import PortfolioDayRow

_DAY = table_of(PortfolioDayRow)
MOST_DAYS = 8
"""Of a picture over time."""


@dataclass(frozen=True)
class Earlier:
    """The portfolio as it was counted on a day."""

    on: date
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class CountedDay:
    """How many assessments came to what on a day, as counted then."""

    on: date
    verdicts: Counter[str]
    levels: Counter[str]


def is_kept(session: Session, day: date) -> bool:
    return session.execute(select(_DAY.c.day).where(_DAY.c.day == day).limit(1)).first() is not None


def keep(session: Session, today: date) -> bool:
    """Counts every unit for this day. False: that was done already, or there is nothing to count."""
    if is_kept(session, today):
        return False
    rows = [
        {
            "day": today,
            "unit_id": unit,
            "domain": standing.domain,
            "verdict": standing.verdict.value,
            "level": standing.level,
            "status": standing.status.value,
            "has_log": standing.has_log,
            "count": standing.count,
        }
        for unit, standings in by_unit(session).items()
        for standing in standings
    ]
    if rows:
        session.connection().execute(insert(_DAY), rows)
    return bool(rows)


def can_tell(facets: Facets) -> bool:
    """Whether earlier days were counted by all that the facets ask for."""
    return not replace(facets, unit=0, domain="", verdict="", level="", status="", log="")


def at(session: Session, facets: Facets, units: Collection[int] | None, on: date) -> Earlier | None:
    """As counted on this day or on the last one before it. None: nothing was counted by then.

    units: in which systems are counted, as of `portfolio.cells`; where a system has moved since, it counts where it was.
    Raises: ValueError where the facets are about something that days are not counted by; ask `can_tell` before.
    """
    wanted = _wanted(facets, units)
    day = _last_until(session, on)
    if day is None:
        return None
    columns = (_DAY.c.domain, _DAY.c.verdict, _DAY.c.level, _DAY.c.status, _DAY.c.has_log)
    query = select(*columns, func.sum(_DAY.c.count)).where(_DAY.c.day == day, *wanted).group_by(*columns)
    standings = (
        Standing(domain, Verdict(verdict), level, Status(status), has_log, count)
        for domain, verdict, level, status, has_log, count in session.execute(query)
    )
    return Earlier(day, tuple(standings))


def over_time(session: Session, facets: Facets, units: Collection[int] | None, until: date) -> tuple[CountedDay, ...]:
    """Of up to MOST_DAYS days, evenly from the first that was counted to the last one until this day.

    Raises: ValueError as `at`.
    """
    wanted = _wanted(facets, units)
    first, last = session.execute(select(func.min(_DAY.c.day))).scalar(), _last_until(session, until)
    if first is None or last is None:
        return ()
    steps = [first + (last - first) * place / (MOST_DAYS - 1) for place in range(MOST_DAYS)]
    days = sorted({day for step in steps if (day := _last_until(session, step)) is not None})
    columns = (_DAY.c.day, _DAY.c.verdict, _DAY.c.level)
    query = select(*columns, func.sum(_DAY.c.count)).where(_DAY.c.day.in_(days), *wanted).group_by(*columns)
    counted = {day: CountedDay(day, Counter(), Counter()) for day in days}
    for day, verdict, level, count in session.execute(query):
        counted[day].verdicts[verdict] += count
        counted[day].levels[level] += count
    return tuple(counted.values())


def _wanted(facets: Facets, units: Collection[int] | None) -> list[ColumnElement[bool]]:
    """Raises: ValueError."""
    if not can_tell(facets):
        raise ValueError(f"{facets} is not counted day by day.")
    columns = (_DAY.c.domain, _DAY.c.verdict, _DAY.c.level, _DAY.c.status)
    wanted = [column == getattr(facets, column.name) for column in columns if getattr(facets, column.name)]
    if units is not None:
        wanted.append(_DAY.c.unit_id.in_(units))
    if facets.log:
        wanted.append(_DAY.c.has_log == (facets.log == MEASURED))
    return wanted


def _last_until(session: Session, on: date) -> date | None:
    """The last day that was counted, up to this one."""
    return session.execute(select(func.max(_DAY.c.day)).where(_DAY.c.day <= on)).scalar()
