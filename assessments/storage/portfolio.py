"""How many assessments stand where, and their decision logs, for dashboards: Facets, cube, measured.

Counted by the database from the projection, one row for each combination that occurs, so that a screen takes what it needs
from one answer and all of its figures agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, not_, select, true
from sqlmodel import Session

from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.model import AISystem, Level, Status
from assessments.storage import mapping
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.tables import (
    AssessmentRow,
    LogRow,
    ProjectionRow,
    RevisionRow,
    SystemRow,
    table_of,
)

_RESULT, _ASSESSMENT, _SYSTEM = table_of(ProjectionRow), table_of(AssessmentRow), table_of(SystemRow)
_REVISION, _LOG = table_of(RevisionRow), table_of(LogRow)
_ARCHIVED = table_of(ArchivedRow)


class Verdict(StrEnum):
    """What a determination comes to, each assessment one: a contested outcome counts as contested and nowhere else."""

    HIGH_IMPACT = "high_impact"
    NOT_HIGH_IMPACT = "not_high_impact"
    CANNOT_DETERMINE = "cannot_determine"
    CONTESTED = "contested"


NOT_RATED = "not_rated"
"""In place of a level while required answers are missing."""
MEASURED, NOT_MEASURED = "measured", "not_measured"
LEVELS = (*(level.value for level in Level), NOT_RATED)


@dataclass(frozen=True)
class Facets:
    """Which assessments are meant. An empty part leaves them all."""

    unit: int = 0
    """With the units below it; 0: all."""
    domain: str = ""
    verdict: str = ""
    level: str = ""
    """One of LEVELS."""
    status: str = ""
    log: str = ""
    """MEASURED: with a decision log; NOT_MEASURED: without one."""

    def __bool__(self) -> bool:
        return self != Facets()

    def condition(self, units: Collection[int] | None = None) -> ColumnElement[bool]:
        """On projection and systems, which the query joins. units: those that the unit stands for; None: all."""
        equal: Mapping[ColumnElement[Any], str] = {
            _RESULT.c.domain: self.domain,
            _VERDICT: self.verdict,
            _LEVEL: self.level,
            _RESULT.c.status: self.status,
        }
        wanted = [column == value for column, value in equal.items() if value]
        if self.log:
            wanted.append(_RESULT.c.has_log == (self.log == MEASURED))
        return and_(true() if units is None else _SYSTEM.c.unit_id.in_(units), *wanted)

    def known(self) -> Facets:
        """Without words that name nothing there is, for an address may say anything."""

        def named(word: str, names: Iterable[str]) -> str:
            return word if word in set(names) else ""

        return Facets(
            self.unit,
            self.domain,
            named(self.verdict, Verdict),
            named(self.level, LEVELS),
            named(self.status, Status),
            named(self.log, (MEASURED, NOT_MEASURED)),
        )


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
    """The decision log of an assessment's newest revision."""

    assessment_id: int
    system: AISystem
    domain: str
    log: KeptLog


_IS_ARCHIVED = select(_ARCHIVED.c.assessment_id).where(_ARCHIVED.c.assessment_id == _RESULT.c.assessment_id).exists()
_SYSTEM_COLUMNS = tuple(column.label(f"system_{column.name}") for column in _SYSTEM.c)
_VERDICT = case((_RESULT.c.contested, literal(Verdict.CONTESTED.value)), else_=_RESULT.c.outcome)
_LEVEL = case((_RESULT.c.open_required > 0, literal(NOT_RATED)), else_=_RESULT.c.level)
_SYSTEMS = _RESULT.join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id).join(
    _SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id
)
_NEWEST = _SYSTEMS.join(
    _REVISION, and_(_REVISION.c.assessment_id == _RESULT.c.assessment_id, _REVISION.c.number == _RESULT.c.revision)
)


def cube(session: Session, facets: Facets, units: Collection[int] | None) -> tuple[Standing, ...]:
    """Without the archive. units: in which systems are counted; None: in all that there are."""
    source = _RESULT if units is None else _SYSTEMS
    return _counted(session, source, facets.condition(units)).get(0, ())


def by_unit(session: Session) -> Mapping[int, tuple[Standing, ...]]:
    """The same for each unit alone, those below it left out."""
    return _counted(session, _SYSTEMS, true(), _SYSTEM.c.unit_id)


def _counted(
    session: Session, source: FromClause, wanted: ColumnElement[bool], unit: ColumnElement[int] | None = None
) -> Mapping[int, tuple[Standing, ...]]:
    """Unit → its standings. unit None: everything under 0."""
    raw, of_unit = _RESULT.c, () if unit is None else (unit,)
    columns = (raw.domain, raw.contested, raw.outcome, raw.open_required, raw.level, raw.status, raw.has_log)
    counts: defaultdict[int, Counter[tuple[str, Verdict, str, Status, bool]]] = defaultdict(Counter)
    # all, and then without those in the archive, which are few: looked for beside each they would cost more than the rest
    for rows, sign in ((source, 1), (source.join(_ARCHIVED, _ARCHIVED.c.assessment_id == raw.assessment_id), -1)):
        query = select(*columns, func.count(), *of_unit).select_from(rows).where(wanted).group_by(*of_unit, *columns)
        for domain, contested, outcome, open_required, level, status, has_log, count, *units in session.execute(query):
            verdict = Verdict.CONTESTED if contested else Verdict(outcome)
            key = (domain, verdict, NOT_RATED if open_required else level, Status(status), bool(has_log))
            counts[units[0] if units else 0][key] += sign * count
    return {
        of: tuple(Standing(*key, count) for key, count in standings.items() if count)
        for of, standings in counts.items()
    }


def measured(session: Session, facets: Facets, units: Collection[int] | None, limit: int) -> tuple[Measured, ...]:
    """The logs that were handed in last, of newest revisions."""
    source = _NEWEST.join(_LOG, _LOG.c.revision_id == _REVISION.c.id)
    last = (
        select(_LOG.c.revision_id)
        .select_from(source)
        .where(facets.condition(units), not_(_IS_ARCHIVED))
        .order_by(_LOG.c.at.desc(), _LOG.c.revision_id.desc())
        .limit(limit)
    )
    query = (
        select(_RESULT.c.assessment_id, _RESULT.c.domain, *_SYSTEM_COLUMNS, _LOG.c.kept)
        .select_from(source)
        .where(_LOG.c.revision_id.in_(last.scalar_subquery()))
        .order_by(_LOG.c.at.desc(), _LOG.c.revision_id.desc())
    )
    return tuple(
        Measured(row.assessment_id, mapping.labelled_system(row), row.domain, kept_log.from_json(row.kept))
        for row in session.execute(query)
    )


def numbers(facets: Facets, units: Collection[int] | None) -> Select[Any]:
    """Of the assessments that are meant, for queries about what belongs to them."""
    return select(_RESULT.c.assessment_id).select_from(_SYSTEMS).where(facets.condition(units))
