"""How many assessments stand where now, from sums that the database keeps by unit and cell: of, count, come, overdue, cells,
impacts, can_tell, turn.

They are few whatever the total. The archive, which is small, is looked up and taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlmodel import Session

from assessments.rules.lifecycle import Cause
from assessments.storage import concerns
from assessments.storage.concerns import Concern
from assessments.storage.database import SNAPSHOT
from assessments.storage.expressions import Unindexed
from assessments.storage.facets import Cell, Facets
from assessments.storage.guards import ALL_SUMS
from assessments.storage.guards import overdue as past_conditions
from assessments.storage.life_tables import ArchivedRow, DutyRow
from assessments.storage.tables import ProjectionRow, table_of
from assessments.storage.work_tables import ImpactCellNowRow, ImpactNowRow, PortfolioNowRow

_NOW, _RESULT = table_of(PortfolioNowRow), table_of(ProjectionRow)
_NOW_IMPACT, _NOW_IMPACT_CELL, _DUTY = table_of(ImpactNowRow), table_of(ImpactCellNowRow), table_of(DutyRow)
_IN_ARCHIVE = _RESULT.c.assessment_id.in_(select(table_of(ArchivedRow).c.assessment_id))
_OF: Mapping[Concern, str] = {
    Concern.ACCEPTED: "accepted",
    Concern.CONDITION: "conditional",
    Concern.NO_OWNER: "unowned",
    Concern.NO_EVIDENCE: "unproven",
}
"""Concern → by which sum its assessments are counted."""
_SUMMED = tuple(_NOW.c[name] for name in ALL_SUMS)
_SHELVED: tuple[ColumnElement[int], ...] = tuple(
    literal_column(f"({value.format(row='projection')})") for value in ALL_SUMS.values()
)
_KNOWN = "portfolio_sums"
"""In `Session.info`: what was read in this snapshot, of which a screen asks again and again."""


class Sums(NamedTuple):
    """Of the assessments in some cells, each as the table has it."""

    number: int
    again: int
    accepted: int
    conditional: int
    conditions: int
    unowned: int
    unproven: int
    come: int
    accepted_come: int
    overdue: int

    def of(self, facets: Facets) -> int:
        """How many there are of its concern; without one all."""
        return int(getattr(self, _OF[Concern(facets.concern)])) if facets.concern else self.number


class Come(NamedTuple):
    """Those whose day of reassessment has come."""

    number: int
    accepted: int
    """Of those whose risk is borne."""


def can_tell(facets: Facets) -> bool:
    """Whether units, cells and these sums say all that is asked."""
    is_summed = not facets.concern or facets.concern in _OF
    return is_summed and replace(facets, concern="").is_of_cells


def of(session: Session, facets: Facets, units: Collection[int] | None) -> Sums:
    """Whatever its concern. units: in which systems are counted; None: in all that there are. Raises: ValueError; ask `can_tell`."""
    if not can_tell(facets):
        raise ValueError(f"{facets} is about more than cells.")
    key = _key(facets, units)
    if SNAPSHOT not in session.info:
        return _read(session, key[0], units)
    known: dict[object, Sums] = session.info.setdefault(_KNOWN, {})
    if key not in known:
        known[key] = _read(session, key[0], units)
    return known[key]


def count(session: Session, facets: Facets, units: Collection[int] | None) -> int:
    """How many there are of its concern, without concern all: one sum, where nobody has read the others in this snapshot."""
    if _key(facets, units) in session.info.get(_KNOWN, ()) or not can_tell(facets):
        return of(session, facets, units).of(facets)
    name = _OF[Concern(facets.concern)] if facets.concern else "number"
    return int(session.execute(_counting(*_key(facets, units), name)).scalar_one())


@lru_cache(maxsize=256)
def _counting(facets: Facets, units: frozenset[int] | None, name: str) -> Select[Any]:
    """Of one sum, by its name. To put it together takes as long as to ask it."""
    standing = select(func.coalesce(func.sum(_NOW.c[name]), 0)).where(
        _in(units), facets.condition_on_cells(_NOW.c.cell)
    )
    shelved = select(func.coalesce(func.sum(_SHELVED[list(ALL_SUMS).index(name)]), 0)).where(
        facets.condition(units, leads=False), _IN_ARCHIVE
    )
    return select(standing.scalar_subquery() - shelved.scalar_subquery())


def come(session: Session, facets: Facets, units: Collection[int] | None) -> Come:
    """By their day, whatever their concern: what the sums know, and what differs since the day was turned last.

    Raises: ValueError; ask `can_tell`.
    """
    sums = of(session, replace(facets, concern=""), units)
    here = and_(replace(facets, concern="").condition(units, leads=False), not_(_IN_ARCHIVE))
    is_borne = case((concerns.condition(Concern.ACCEPTED, facets.today, leads=False), 1), else_=0)
    count = select(func.count(), func.coalesce(func.sum(is_borne), 0)).select_from(_RESULT).where(here)
    since = count.where(_RESULT.c.ahead_on <= facets.today)
    not_yet = count.where(_RESULT.c.came_on > facets.today)
    more, less = session.execute(union_all(since, not_yet)).all()
    return Come(sums.come + int(more[0]) - int(less[0]), sums.accepted_come + int(more[1]) - int(less[1]))


def overdue(session: Session, condition: ColumnElement[bool], today: date, seen: int) -> int:
    """How many open conditions are past their day of the assessments that are meant, the archive left out.

    seen: of how many of these that is known; where a day lies between then and today, the conditions are looked at themselves.
    """
    own = (_DUTY.c.assessment_id == _RESULT.c.assessment_id, _DUTY.c.cause == Cause.CONDITION.value)
    past = select(func.count()).where(*own, _DUTY.c.on_day < today).scalar_subquery()
    here = and_(condition, not_(_IN_ARCHIVE))
    differs = select(func.coalesce(func.sum(past - _RESULT.c.overdue), 0)).where(here)
    queries = []
    for between in (_RESULT.c.next_on < today, _RESULT.c.overdue_on >= today):  # of none both are true
        those = select(_RESULT.c.assessment_id).where(between).correlate(None)
        queries.append(differs.where(_RESULT.c.assessment_id.in_(those)))  # whatever index leads to what is meant
    return seen + sum(int(number) for number in session.execute(union_all(*queries)).scalars())


def impacts(session: Session, facets: Facets, units: Collection[int] | None) -> Counter[str]:
    """Of facets that are `is_of_impacts`: severity and likelihood of the gravest impact → number of assessments."""
    sums = (_NOW_IMPACT if facets.is_of_short_impacts else _NOW_IMPACT_CELL).c
    wanted = facets.on_impacts(sums)
    if units is not None:
        wanted.append(sums.unit_id.in_(units))
    # grouped by the key's index each line would be looked up by itself
    standing = select(sums.impact, func.sum(sums.number)).where(*wanted).group_by(Unindexed(sums.impact))
    counts = Counter({word: int(number) for word, number in session.execute(standing)})
    here = and_(facets.condition(units, leads=False), _IN_ARCHIVE)
    for word, number in session.execute(select(_RESULT.c.impact, func.count()).where(here).group_by(_RESULT.c.impact)):
        counts[word] -= number
    return +counts


def turn(session: Session, today: date) -> None:
    """Days of reassessment that have come no longer lie ahead, and conditions past their day are overdue.

    Once a day: what is asked meanwhile is right, but takes longer.
    """
    ask, day = session.connection().execute, _RESULT.c
    ask(update(_RESULT).where(day.ahead_on <= today).values(came_on=day.ahead_on, ahead_on=None))
    ask(update(_RESULT).where(day.came_on > today).values(ahead_on=day.came_on, came_on=None))
    passed = text(f"UPDATE projection SET {past_conditions(':today')} WHERE next_on < :today OR overdue_on >= :today")  # noqa: S608
    ask(passed.bindparams(bindparam("today", today, type_=day.next_on.type)))


def _key(facets: Facets, units: Collection[int] | None) -> tuple[Facets, frozenset[int] | None]:
    """What sums hang on."""
    filters = replace(facets, concern="", since=None, today=date.min)
    return filters, None if units is None else frozenset(units)


def _read(session: Session, facets: Facets, units: Collection[int] | None) -> Sums:
    standing = select(*(func.coalesce(func.sum(column), 0) for column in _SUMMED)).where(
        _in(units), facets.condition_on_cells(_NOW.c.cell)
    )
    shelved = _in_archive(facets.condition(units, leads=False))
    now, archived = session.execute(union_all(standing, shelved)).all()
    return Sums(*(int(own) - int(other) for own, other in zip(now, archived, strict=True)))


def cells(session: Session, facets: Facets, units: Collection[int] | None) -> Counter[Cell]:
    """Of facets that can be told and have no concern."""
    wanted = and_(_in(units), facets.condition_on_cells(_NOW.c.cell))
    standing = select(_NOW.c.cell, func.sum(_NOW.c.number)).where(wanted).group_by(_NOW.c.cell)
    counts = Counter({Cell.read(word): number for word, number in session.execute(standing)})
    here = and_(facets.condition(units, leads=False), _IN_ARCHIVE)
    for word, number in session.execute(select(_RESULT.c.cell, func.count()).where(here).group_by(_RESULT.c.cell)):
        counts[Cell.read(word)] -= number
    return +counts


def places(facets: Facets, units: Collection[int] | None) -> Select[Any]:
    """Last change and number of the results that are meant, of facets that are `is_of_cells`, by way of the lines of the sums.

    Without the archive. Good for few: each line leads to its results along an index, wherever else they lie in any order.
    """
    return _places(*_key(facets, units))


@lru_cache(maxsize=256)
def _places(facets: Facets, units: frozenset[int] | None) -> Select[Any]:
    lies = and_(_RESULT.c.unit_id == Unindexed(_NOW.c.unit_id), _RESULT.c.cell == Unindexed(_NOW.c.cell))
    meant = (_in(units), facets.condition_on_cells(_NOW.c.cell), not_(_IN_ARCHIVE))
    return select(_RESULT.c.updated_at, _RESULT.c.assessment_id).select_from(_NOW.join(_RESULT, lies)).where(*meant)


def _in_archive(wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(*(func.coalesce(func.sum(column), 0) for column in _SHELVED)).where(wanted, _IN_ARCHIVE)


def _in(units: Collection[int] | None) -> ColumnElement[bool]:
    return true() if units is None else _NOW.c.unit_id.in_(units)
