"""How many assessments stand where now, from sums that the database keeps by unit and cell: of, cells, can_tell.

They are few whatever the total. The archive, which is small, is looked up and taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, true, union_all
from sqlmodel import Session

from assessments.storage.concerns import Concern
from assessments.storage.facets import Cell, Facets
from assessments.storage.guards import SUMS
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.tables import ProjectionRow, table_of
from assessments.storage.work_tables import PortfolioNowRow

_NOW, _RESULT = table_of(PortfolioNowRow), table_of(ProjectionRow)
_IN_ARCHIVE = _RESULT.c.assessment_id.in_(select(table_of(ArchivedRow).c.assessment_id))
_OF: Mapping[Concern, str] = {
    Concern.ACCEPTED: "accepted",
    Concern.CONDITION: "conditional",
    Concern.NO_OWNER: "unowned",
    Concern.NO_EVIDENCE: "unproven",
}
"""Concern → by which sum its assessments are counted."""
_SUMMED = tuple(_NOW.c[name] for name in SUMS)
_SHELVED: tuple[ColumnElement[int], ...] = tuple(
    literal_column(f"({SUMS[name].format(row='projection')})") for name in SUMS
)


class Sums(NamedTuple):
    """Of the assessments in some cells, each as the table has it."""

    number: int
    again: int
    accepted: int
    conditional: int
    conditions: int
    unowned: int
    unproven: int

    def of(self, facets: Facets) -> int:
        """How many there are of its concern; without one all."""
        return int(getattr(self, _OF[Concern(facets.concern)])) if facets.concern else self.number


def can_tell(facets: Facets) -> bool:
    """Whether units, cells and these sums say all that is asked."""
    is_summed = not facets.concern or facets.concern in _OF
    return is_summed and replace(facets, concern="").is_of_cells


def of(session: Session, facets: Facets, units: Collection[int] | None) -> Sums:
    """Whatever its concern. units: in which systems are counted; None: in all that there are. Raises: ValueError; ask `can_tell`."""
    if not can_tell(facets):
        raise ValueError(f"{facets} is about more than cells.")
    if facets.effect:
        every = [sums for cell, sums in _by_cell(session, units).items() if facets.fits(cell)]
        return Sums(*map(sum, zip(*every, strict=True))) if every else Sums(*(0 for _ in SUMS))
    standing = select(*(func.coalesce(func.sum(column), 0) for column in _SUMMED)).where(
        _in(units), facets.condition_on_cells(_NOW.c.cell)
    )
    shelved = _in_archive(replace(facets, concern="").condition(units))
    now, archived = session.execute(union_all(standing, shelved)).all()
    return Sums(*(int(own) - int(other) for own, other in zip(now, archived, strict=True)))


def queries_of(facets: Facets, units: Collection[int] | None) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many there are of its concern as two numbers to be added up: what stands, and what is taken off for the archive."""
    name = _OF[Concern(facets.concern)]
    wanted = and_(_in(units), facets.condition_on_cells(_NOW.c.cell))
    standing = select(func.coalesce(func.sum(_NOW.c[name]), 0)).where(wanted).scalar_subquery()
    archived = select(func.count()).select_from(_RESULT).where(facets.condition(units), _IN_ARCHIVE).scalar_subquery()
    return standing, -archived


def cells(session: Session, facets: Facets, units: Collection[int] | None) -> Counter[Cell]:
    """Of facets that can be told and have no concern."""
    wanted = and_(_in(units), facets.condition_on_cells(_NOW.c.cell))
    standing = select(_NOW.c.cell, func.sum(_NOW.c.number)).where(wanted).group_by(_NOW.c.cell)
    counts = Counter({Cell.read(word): number for word, number in session.execute(standing)})
    here = and_(facets.condition(units), _IN_ARCHIVE)
    for word, number in session.execute(select(_RESULT.c.cell, func.count()).where(here).group_by(_RESULT.c.cell)):
        counts[Cell.read(word)] -= number
    if facets.effect:
        return Counter({cell: number for cell, number in counts.items() if number > 0 and facets.fits(cell)})
    return +counts


def _by_cell(session: Session, units: Collection[int] | None) -> dict[Cell, Sums]:
    standing = select(_NOW.c.cell, *map(func.sum, _SUMMED)).where(_in(units)).group_by(_NOW.c.cell)
    sums = {Cell.read(word): Sums(*map(int, own)) for word, *own in session.execute(standing)}
    shelved = _in_archive(Facets().condition(units), _RESULT.c.cell)
    for word, *own in session.execute(shelved.group_by(_RESULT.c.cell)):
        cell = Cell.read(word)
        sums[cell] = Sums(*(before - int(other) for before, other in zip(sums[cell], own, strict=True)))
    return sums


def _in_archive(wanted: ColumnElement[bool], *keys: ColumnElement[Any]) -> Select[Any]:
    return select(*keys, *(func.coalesce(func.sum(column), 0) for column in _SHELVED)).where(wanted, _IN_ARCHIVE)


def _in(units: Collection[int] | None) -> ColumnElement[bool]:
    return true() if units is None else _NOW.c.unit_id.in_(units)
