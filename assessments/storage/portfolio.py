"""How many assessments stand where, and their decision logs, for dashboards: cells, standings, impacts, meant, measured, accepted.

Counted by the database from the projection, one row for each combination that occurs, so that a screen takes what it needs
from one answer and all of its figures agree.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    and_,
    column,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlmodel import Session

from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.model import AISystem, Level, Status
from assessments.storage import concerns, mapping, portfolio_sums
from assessments.storage.account_tables import AccountRow
from assessments.storage.concerns import Concern, plain
from assessments.storage.expressions import Literally, NumbersOf, Unindexed
from assessments.storage.facets import Cell, Facets, Verdict, in_units
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.portfolio_sums import Come, Sums
from assessments.storage.tables import (
    AssessmentRow,
    LogRow,
    ProjectionRow,
    RevisionRow,
    SystemRow,
    table_of,
)
from assessments.storage.work_tables import PortfolioNowRow

_RESULT, _ASSESSMENT, _SYSTEM = table_of(ProjectionRow), table_of(AssessmentRow), table_of(SystemRow)
_REVISION, _LOG = table_of(RevisionRow), table_of(LogRow)
_NOW = table_of(PortfolioNowRow)
_ARCHIVED, _ACCOUNT = table_of(ArchivedRow), table_of(AccountRow)


@dataclass(frozen=True)
class Standing:
    """So many assessments stand here."""

    domain: str
    verdict: Verdict
    level: str
    status: Status
    has_log: bool
    count: int


@dataclass(frozen=True)
class Measured:
    """What is known of people's decisions in the newest revision of an assessment."""

    assessment_id: int
    system: AISystem
    domain: str
    claim: str
    """What is found on the claim of human involvement. Empty: not derived yet."""
    log: KeptLog | None
    """None: nobody has measured them."""


@dataclass(frozen=True)
class Accepted:
    """A high residual risk that an approval accepts."""

    assessment_id: int
    system: AISystem
    domain: str
    level: Level
    owner: str
    """Who answers for the system. Empty: nobody does."""
    reason: str
    by: str
    """Who decided so."""
    until: date
    """The day of reassessment."""


@dataclass(frozen=True)
class AcceptedList:
    """The first of a longer list."""

    entries: tuple[Accepted, ...]
    """The earliest end first."""
    total: int
    reached: int
    """Whose day has come."""


_IS_ARCHIVED = select(_ARCHIVED.c.assessment_id).where(_ARCHIVED.c.assessment_id == _RESULT.c.assessment_id).exists()
AGAIN = Literally("projection.reassess_on IS NOT NULL")
_SYSTEM_COLUMNS = tuple(column.label(f"system_{column.name}") for column in _SYSTEM.c)
_NEWEST = (
    _RESULT.join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id)
    .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
    .join(
        _REVISION, and_(_REVISION.c.assessment_id == _RESULT.c.assessment_id, _REVISION.c.number == _RESULT.c.revision)
    )
)


def cells(session: Session, facets: Facets, units: Collection[int] | None) -> Counter[Cell]:
    """Without the archive. units: in which systems are counted; None: in all that there are."""
    if facets.is_of_cells:
        return portfolio_sums.cells(session, facets, units)
    counts = _counted(
        session, _RESULT.c.cell, facets.condition_but_cells(units), facets.condition_but_cells(units, leads=False)
    )
    read = {Cell.read(word): count for word, count in counts.items()}
    if facets.is_of_all_cells:
        return Counter(read)
    return Counter({cell: count for cell, count in read.items() if facets.fits(cell)})


def standings(counted: Mapping[Cell, int]) -> tuple[Standing, ...]:
    """The same by what is kept day by day."""
    counts: Counter[tuple[str, Verdict, str, Status, bool]] = Counter()
    for cell, count in counted.items():
        counts[cell.domain, cell.verdict, cell.level, cell.status, cell.has_log] += count
    return tuple(Standing(*key, count) for key, count in counts.items())


def impacts(session: Session, facets: Facets, units: Collection[int] | None) -> Counter[str]:
    """Severity and likelihood of the gravest impact, such as `3-1` → number of assessments; empty: not rated. Without the archive."""
    if facets.is_of_impacts:
        return portfolio_sums.impacts(session, facets, units)
    return _counted(session, _RESULT.c.impact, facets.condition(units), facets.condition(units, leads=False))


def by_unit(session: Session) -> Mapping[int, tuple[Standing, ...]]:
    """Of each unit alone, those below it left out."""
    of_units: defaultdict[int, Counter[Cell]] = defaultdict(Counter)
    archived = (_RESULT.c.unit_id, _RESULT.c.cell)
    for query, sign in (
        (select(_NOW.c.unit_id, _NOW.c.cell, _NOW.c.number), 1),
        (select(*archived, func.count()).where(_IN_ARCHIVE).group_by(*archived), -1),
    ):
        for unit, word, count in session.execute(query):
            of_units[unit][Cell.read(word)] += sign * count
    return {unit: standings(+counts) for unit, counts in of_units.items() if +counts}


_IN_ARCHIVE = _RESULT.c.assessment_id.in_(select(_ARCHIVED.c.assessment_id))


def _counted(
    session: Session, counted: Column[Any], wanted: ColumnElement[bool], plain_wanted: ColumnElement[bool]
) -> Counter[str]:
    """All, and then without those in the archive, which are few: looked for beside each they would cost more than the rest.

    plain_wanted: the same without any index of its own, so that it is the archive that leads to what is taken off.
    """
    counts: Counter[str] = Counter()
    for rows, sign in ((wanted, 1), (and_(plain_wanted, _IN_ARCHIVE), -1)):
        for word, count in session.execute(select(counted, func.count()).where(rows).group_by(counted)):
            counts[word] += sign * count
    return +counts


@dataclass(frozen=True)
class Meant:
    """The assessments that facets leave in some units."""

    condition: ColumnElement[bool]
    """On the projection."""
    numbers: Select[Any]
    """Of them, for queries about what belongs to them."""
    are_few: bool
    """It is cheaper to look each of them up than to walk along an order until enough of them came by."""
    counted: ColumnElement[bool]
    """The condition for counting them all: an index may lead to them."""
    sums: Sums | None = None
    """Of all of them. None: they are not counted by cells."""
    come: Come | None = None
    """Of all of them, those whose day of reassessment has come. None: as of the sums."""
    is_narrow: bool = False
    """An index leads to those that are counted."""


MOST_NAMED = 500


def meant(session: Session, facets: Facets, units: Collection[int] | None) -> Meant | None:
    """None: all that there are. What is rare is looked for once and then named, whatever is asked of it afterwards."""
    if units is None and not facets:
        return None
    condition = facets.condition(units)
    numbers, sums, those = select(_RESULT.c.assessment_id).where(condition), None, list[int]()
    if portfolio_sums.can_tell(facets):
        sums = portfolio_sums.of(session, facets, units)
    number = sums.of(facets) if sums else 0
    if sums and facets.concern:
        sums = None  # they are of all concerns
    if number <= MOST_NAMED:
        those = list(session.execute(numbers.limit(MOST_NAMED + 1)).scalars())
        number = len(those)
    if number > MOST_NAMED:
        walked = facets.condition(units, leads=False)
        come = portfolio_sums.come(session, facets, units) if sums else None
        return Meant(walked, numbers, False, counted=condition, sums=sums, come=come, is_narrow=facets.is_narrow)
    named = select(NumbersOf(literal(json.dumps(those))).table_valued(column("value", Integer)).c.value)
    condition = _RESULT.c.assessment_id.in_(named)
    return Meant(condition, named, are_few=True, counted=condition)


def measured(session: Session, meant: Meant | None, limit: int) -> tuple[Measured, ...]:
    """The logs that were handed in last, of newest revisions; then what was decided on without one, the last first.

    meant None: of all. Few have a log: along the time of the logs enough are soon found, or all have been looked at.
    """
    of_newest = (
        select(_REVISION.c.id)
        .select_from(_REVISION.join(_RESULT, _RESULT.c.assessment_id == _REVISION.c.assessment_id))
        .where(_REVISION.c.id == _LOG.c.revision_id, _REVISION.c.number == _RESULT.c.revision, not_(_IS_ARCHIVED))
        .where(true() if meant is None else meant.condition)
    )
    last = (
        select(_LOG.c.revision_id)
        .where(of_newest.exists())
        .order_by(_LOG.c.at.desc(), _LOG.c.revision_id.desc())
        .limit(limit)
    )
    source = _NEWEST.join(_LOG, _LOG.c.revision_id == _REVISION.c.id)
    columns = (_RESULT.c.assessment_id, _RESULT.c.domain, _RESULT.c.claim, *_SYSTEM_COLUMNS)
    logs = (
        select(*columns, _LOG.c.kept)
        .select_from(source)
        .where(_LOG.c.revision_id.in_(last.scalar_subquery()))
        .order_by(_LOG.c.at.desc(), _LOG.c.revision_id.desc())
    )
    rows = [
        Measured(row.assessment_id, mapping.labelled_system(row), row.domain, row.claim, kept_log.from_json(row.kept))
        for row in session.execute(logs)
    ]
    if len(rows) < limit:
        decided = plain("status").in_((Status.DECIDED.value, Status.SIGNED_OFF.value))
        changed = Unindexed(_RESULT.c.updated_at) if meant and meant.are_few else _RESULT.c.updated_at
        without = (
            select(*columns)
            .select_from(_NEWEST)
            .where(meant.condition if meant else true(), decided, not_(_RESULT.c.has_log), not_(_IS_ARCHIVED))
            .order_by(changed.desc(), _RESULT.c.assessment_id.desc())
            .limit(limit - len(rows))
        )
        rows += [
            Measured(row.assessment_id, mapping.labelled_system(row), row.domain, row.claim, None)
            for row in session.execute(without)
        ]
    return tuple(rows)


def accepted(
    session: Session, facets: Facets, units: Collection[int] | None, meant: Meant | None, limit: int
) -> AcceptedList:
    """Those whose day of reassessment comes first. meant: what the facets leave in these units; their concern plays no part here."""
    borne = replace(facets, concern=Concern.ACCEPTED.value)
    if meant is not None and meant.are_few and not facets.concern:
        risk = concerns.condition(Concern.ACCEPTED, facets.today, leads=False)
        walked = counted = and_(meant.condition, risk)
    else:
        walked = and_(borne.condition(units, leads=False), AGAIN)
        counted = borne.condition(units) if facets.is_narrow else walked
    every = select(func.count()).select_from(_RESULT)

    def number(*conditions: ColumnElement[bool]) -> int:
        """The archive, which is small, is taken off."""
        wanted = and_(counted, *conditions)
        difference = every.where(wanted).scalar_subquery() - every.where(wanted, _IN_ARCHIVE).scalar_subquery()
        return int(session.execute(select(difference)).scalar_one())

    if portfolio_sums.can_tell(borne):
        total, late = (
            portfolio_sums.of(session, borne, units).accepted,
            portfolio_sums.come(session, borne, units).accepted,
        )
    else:
        total, late = number(), number(_RESULT.c.reassess_on <= facets.today)
    wanted = and_(walked, not_(_IN_ARCHIVE))
    earliest = select(_RESULT.c.assessment_id).where(wanted).order_by(_RESULT.c.reassess_on, _RESULT.c.assessment_id)
    first = session.execute(earliest.limit(limit)).scalars().all()  # systems and people are looked up of these alone
    query = (
        select(
            _RESULT.c.assessment_id,
            _RESULT.c.domain,
            _RESULT.c.level,
            _RESULT.c.reassess_on,
            _REVISION.c.decision_reason,
            _REVISION.c.decided_by_name,
            _ACCOUNT.c.name.label("owner_name"),
            *_SYSTEM_COLUMNS,
        )
        .select_from(_NEWEST.outerjoin(_ACCOUNT, _ACCOUNT.c.id == _RESULT.c.owner_id))
        .where(_RESULT.c.assessment_id.in_(first))
        .order_by(_RESULT.c.reassess_on, _RESULT.c.assessment_id)
    )
    rows = tuple(
        Accepted(
            row.assessment_id,
            mapping.labelled_system(row),
            row.domain,
            Level(row.level),
            row.owner_name or "",
            row.decision_reason or "",
            row.decided_by_name or "",
            row.reassess_on,
        )
        for row in session.execute(query)
    )
    return AcceptedList(rows, total, late)


def owners(session: Session, units: Collection[int] | None) -> dict[str, str]:
    """Account → name of everybody who answers for a system with an assessment in these units.

    Accounts are far fewer than assessments: each is looked for by the index of owners.
    """
    own = [_RESULT.c.owner_id == _ACCOUNT.c.id]
    if units is not None:  # each step of the index is named, so that it leads to the unit too
        own += [_RESULT.c.status.in_([status.value for status in Status]), in_units(units, by_index=True)]
    has_any = select(_RESULT.c.assessment_id).where(*own).exists()
    named = select(_ACCOUNT.c.id, _ACCOUNT.c.name).where(has_any).order_by(_ACCOUNT.c.name)
    return {row.id: row.name for row in session.execute(named)}
