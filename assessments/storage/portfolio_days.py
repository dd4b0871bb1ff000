"""How many assessments stood where on earlier days: keep, is_kept, can_tell, at. Counted once a day, never again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import Session

from assessments.model import Status
from assessments.storage.facets import MEASURED, Facets, Verdict
from assessments.storage.portfolio import Standing, by_unit
from assessments.storage.tables import table_of
from assessments.storage.work_tables import PortfolioDayRow

_DAY = table_of(PortfolioDayRow)


@dataclass(frozen=True)
class Earlier:
    """The portfolio as it was counted on a day."""

    on: date
    standings: tuple[Standing, ...]


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
    if not can_tell(facets):
        raise ValueError(f"{facets} is not counted day by day.")
    day = session.execute(select(func.max(_DAY.c.day)).where(_DAY.c.day <= on)).scalar()
    if day is None:
        return None
    columns = (_DAY.c.domain, _DAY.c.verdict, _DAY.c.level, _DAY.c.status, _DAY.c.has_log)
    query = select(*columns, func.sum(_DAY.c.count)).where(_DAY.c.day == day).group_by(*columns)
    if units is not None:
        query = query.where(_DAY.c.unit_id.in_(units))
    for column in columns[:-1]:
        if wanted := getattr(facets, column.name):
            query = query.where(column == wanted)
    if facets.log:
        query = query.where(_DAY.c.has_log == (facets.log == MEASURED))
    standings = (
        Standing(domain, Verdict(verdict), level, Status(status), has_log, count)
        for domain, verdict, level, status, has_log, count in session.execute(query)
    )
    return Earlier(day, tuple(standings))
