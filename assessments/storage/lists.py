"""Paged lists: assessments, waiting_for, register. Whatever the total, only one page and two counts are read.

A page begins after or before a row that its reader has seen (keyset), so that the last page costs what the first does and
nothing is shown twice when something changes meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql.elements import True_
from sqlmodel import Session

from assessments.model import OF_ONE, Actor, Ballot, Committee, Level, Operator, Outcome, Role, Status
from assessments.rights import RIGHTS
from assessments.rules import workflow
from assessments.storage import committee, mapping, portfolio_sums, signed_results, units
from assessments.storage.committee_tables import VoteRow
from assessments.storage.concerns import OF_SETTINGS, Concern
from assessments.storage.entries import AssessmentSummary, SystemEntry
from assessments.storage.expressions import Literally, Position, Unindexed
from assessments.storage.facets import Facets
from assessments.storage.facets import in_units as results_in
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.searching import Search
from assessments.storage.tables import (
    AssessmentRow,
    AuthorRow,
    OperatorRow,
    ProjectionRow,
    RevisionRow,
    SystemRow,
    table_of,
)
from assessments.storage.units import Tree

PER_PAGE = 25
PER_SYSTEM = 5
"""Most assessments shown under one system; the rest are one click away."""
EVERYTHING = Search()
WAITS = Literally("+projection.status IN ('submitted', 'decided')")
"""For a decision or a signature: word for word as the index of what waits says it, with its sign, so that SQLite takes that index
and no other; it leads along the order in which they came to wait."""
T = TypeVar("T")
_RESULT, _REVISION, _ASSESSMENT = table_of(ProjectionRow), table_of(RevisionRow), table_of(AssessmentRow)
_SHELVED = _RESULT.c.assessment_id.in_(select(table_of(ArchivedRow).c.assessment_id))
_SYSTEM, _OPERATOR, _AUTHOR = table_of(SystemRow), table_of(OperatorRow), table_of(AuthorRow)
_VOTE = table_of(VoteRow)


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a longer list."""

    entries: tuple[T, ...]
    before: int
    """Number of rows before this page."""
    total: int

    @property
    def is_last(self) -> bool:
        return self.before + len(self.entries) >= self.total


@dataclass(frozen=True)
class Scope:
    """In which units somebody holds which roles: lists show nothing of any other."""

    tree: Tree
    actor: Actor

    @classmethod
    def of(cls, session: Session, actor: Actor) -> Scope:
        return cls(units.tree(session), actor)

    def holding(self, roles: Iterable[Role]) -> frozenset[int] | None:
        """The units in which one of the roles is held. None: in all that there are."""
        held = self.tree.where(self.actor, roles)
        return None if len(held) == len(self.tree.units) else held

    def reading(self, deed: str) -> frozenset[int] | None:
        """Like holding, of the roles that may read this."""
        return self.holding(RIGHTS[deed].roles)


@dataclass(frozen=True)
class From:
    """Keyset of an assessment as last seen: the page starts right after it, or ends right before it."""

    updated_at: datetime
    id: int
    is_before: bool = False


@dataclass(frozen=True)
class FromEntry:
    """Keyset of a register entry: the page starts right after it, or ends right before it."""

    operator_id: int
    system_id: int | None
    """None: the line of an organisation without a system."""
    is_before: bool = False


@dataclass(frozen=True)
class RegisterEntry:
    """An entry of the register: an organisation with one of its AI systems."""

    operator: Operator
    system: SystemEntry | None
    """None: the organisation has none yet."""
    unit_id: int
    """The operator's."""


@dataclass(frozen=True)
class Waiting:
    """An assessment that waits for a decision or a signature."""

    assessment: AssessmentSummary
    since: datetime
    """Of its submission or its decision; what was added to it since changes nothing in that."""
    started_on: date | None = None
    """First day of use of its system, before which the Act wants its review. None: not stated."""


@dataclass(frozen=True)
class Assessed:
    """The assessments of one system."""

    newest: tuple[AssessmentSummary, ...]
    """PER_SYSTEM of them at most, newest change first."""
    total: int


def assessments(
    session: Session,
    search: Search = EVERYTHING,
    *,
    scope: Scope | None = None,
    system_id: int | None = None,
    start: From | None = None,
    limit: int = PER_PAGE,
    besides: Actor | None = None,
    but: Sequence[int] = (),
    archived: bool = False,
    facets: Facets | None = None,
    total: int | None = None,
) -> Page[AssessmentSummary]:
    """Last changed first. scope None: of everybody; system_id None: of all systems; start None: the first page.

    besides: without what waits for this person. but: nor these numbers. archived: those that are, else those that are not.
    facets: only those, within a scope. total: how many those are, as `totals` says; None: it is counted.
    """
    how: dict[str, Any] = {"scope": scope, "archived": archived}
    readable = results_in(_read(scope))
    if facets is not None and scope is not None:
        meant = units_meant(scope, facets)
        narrowed, walked = facets.condition(meant), facets.condition(meant, leads=False)
        few: dict[str, Any] = {"archived": False, "walked": walked}
        if total is not None:
            few["total"] = total
        elif not search and portfolio_sums.can_tell(facets):
            few["total"] = portfolio_sums.count(session, facets, meant)
        elif not search:
            (few["total"],) = totals(session, scope, [facets])
        most = FEW if facets.is_rare else MOST_FETCHED if facets.is_of_cells else 0
        if not search and few["total"] <= most:
            places = (
                portfolio_sums.places(facets, meant)
                if facets.is_of_cells
                else select(_RESULT.c.updated_at, _RESULT.c.assessment_id).where(narrowed, not_(_SHELVED))
            )
            return _page_of_few(session, places, start, limit, few["total"], scope)
        return _page(session, narrowed, search, start, limit, names_needed=False, scope=scope, **few)
    if system_id is not None:
        return _page(session, and_(readable, _ASSESSMENT.c.system_id == system_id), search, start, limit, **how)
    if besides is None:
        if not search and not archived:
            how["total"] = portfolio_sums.count(session, Facets(), _read(scope))
        return _page(session, readable, search, start, limit, names_needed=False, **how)
    waits, names_needed = _waits_for(besides, scope or Scope.of(session, besides))
    narrowed = and_(readable, not_(waits), _RESULT.c.assessment_id.not_in(but))
    return _page(session, narrowed, search, start, limit, names_needed=names_needed, **how)


def totals(session: Session, scope: Scope, every: Sequence[Facets]) -> tuple[int, ...]:
    """How many a list of each would hold: concerns that sums tell from these, all others counted in one statement."""
    queries: list[tuple[int, ColumnElement[int]]] = []
    counts: Counter[int] = Counter()
    units_of = {unit: units_meant(scope, Facets(unit=unit)) for unit in {facets.unit for facets in every}}
    for place, facets in enumerate(every):
        meant = units_of[facets.unit]
        if facets.concern and portfolio_sums.can_tell(facets):
            counts[place] += portfolio_sums.of(session, facets, meant).of(facets)
            continue
        is_come_told = facets.concern == Concern.EXPIRED and portfolio_sums.can_tell(replace(facets, concern=""))
        if is_come_told:
            counts[place] += portfolio_sums.come(session, facets, meant).number
        worded = _counts if facets.concern in OF_SETTINGS else _worded_counts
        queries += [(place, query) for query in worded(facets, meant, is_come_told)]
    columns = (query.label(f"of_{number}") for number, (_, query) in enumerate(queries))
    if queries:
        for (place, _), number in zip(queries, session.execute(select(*columns)).one(), strict=True):
            counts[place] += number
    return tuple(counts[place] for place in range(len(every)))


def _counts(facets: Facets, meant: frozenset[int] | None, is_come_told: bool) -> tuple[ColumnElement[int], ...]:
    """What adds up to how many there are. is_come_told: without those whose day of reassessment has come."""
    parts, whole = facets.parts(meant), facets.condition(meant, leads=False)
    if is_come_told:
        parts = parts[1:]  # what is expired for another reason
    if facets.concern in (Concern.EXPIRED, Concern.REFUSED):
        whole = or_(*parts)  # each looked at by itself, instead of all of them gathered once more
    every_one = select(func.count()).select_from(_RESULT)
    # looked up from the archive, which is small, whatever index leads to the others
    shelved = -every_one.where(whole, _SHELVED).scalar_subquery()
    return (*(every_one.where(part).scalar_subquery() for part in parts), shelved)


_worded_counts = lru_cache(maxsize=256)(_counts)
"""The same of what follows from no settings: to put it together takes as long as to ask it."""


def archived_count(session: Session, scope: Scope | None = None) -> int:
    """How many there are. scope None: of everybody."""
    return _counted(session, _RESULT, results_in(_read(scope)), True)


def units_meant(scope: Scope, facets: Facets) -> frozenset[int] | None:
    """The units of the facets in which the scope reads assessments. None: all that there are."""
    readable = scope.reading("read_assessment")
    if not facets.unit:
        return readable
    below = scope.tree.below(facets.unit)
    return below if readable is None else readable & below


def longest_waiting(session: Session, actor: Actor, limit: int) -> tuple[Waiting, ...]:
    """What waits for this person's decision or signature, the longest at the head; nobody waits for a draft."""
    scope = Scope.of(session, actor)
    waits, _ = _waits_for(actor, scope, leads=False)
    held = results_in(scope.holding(role for name in workflow.AWAITED for role in workflow.STEPS[name].roles))
    columns = (_RESULT.c.assessment_id, _RESULT.c.since, _SYSTEM.c.started_on)
    places = select(*columns).select_from(_JOINED).where(WAITS, held, waits)
    rows = session.execute(places.order_by(_RESULT.c.since, _RESULT.c.assessment_id).limit(limit)).all()
    summaries = {each.id: each for each in summarised(session, [row.assessment_id for row in rows], scope.tree)}
    return tuple(Waiting(summaries[row.assessment_id], row.since, row.started_on) for row in rows)


def begun_by(session: Session, actor: Actor, limit: int) -> tuple[AssessmentSummary, ...]:
    """What this person has written in and can go on with, last changed first."""
    editable = _RESULT.c.status.in_([status.value for status in Status if status.is_editable])
    scope = Scope.of(session, actor)
    held, _ = _in(scope.reading("record_response"))
    return _page(
        session, and_(held, editable, not_(_wrote_nothing(actor))), EVERYTHING, None, limit, scope=scope
    ).entries


def waiting_for(
    session: Session,
    actor: Actor,
    search: Search = EVERYTHING,
    *,
    start: From | None = None,
    limit: int = PER_PAGE,
    but: Sequence[int] = (),
) -> Page[AssessmentSummary]:
    """Assessments with a pending step that the workflow lets this actor take. but: without these numbers."""
    scope = Scope.of(session, actor)
    waits, names_needed = _waits_for(actor, scope)
    narrowed = and_(waits, _RESULT.c.assessment_id.not_in(but)) if but else waits
    return _page(session, narrowed, search, start, limit, names_needed=names_needed, scope=scope)


def _waits_for(actor: Actor, scope: Scope, *, leads: bool = True) -> tuple[ColumnElement[bool], bool]:
    """The condition, and whether it is about more than results. Each step waits only where the actor holds its role.

    leads: an index may lead to each status; else some order is walked along.
    """
    waits, is_plain = [], True
    committees = _committees(scope.tree)
    for name in workflow.AWAITED:
        if not actor.roles & workflow.STEPS[name].roles:
            continue
        units_held = scope.holding(workflow.STEPS[name].roles)
        held, is_everywhere = _in(units_held)
        waits.append(and_(held if leads else results_in(units_held), _could_take(name, actor, committees, leads=leads)))
        is_plain = is_plain and is_everywhere and name not in _FOUR_EYES
    return or_(false(), *waits), not is_plain


def _read(scope: Scope | None) -> frozenset[int] | None:
    return None if scope is None else scope.reading("read_assessment")


def _in(held: Collection[int] | None) -> tuple[ColumnElement[bool], bool]:
    """The system lies in one of these units; and whether that says nothing, for they are all that there are."""
    return (true(), True) if held is None else (_SYSTEM.c.unit_id.in_(held), False)


def matching(search: Search) -> ColumnElement[bool]:
    """Of assessments: every word stands in a name, or is an assessment's number.

    Systems are looked through first, and their assessments looked up: a result knows no names.
    """
    condition: ColumnElement[bool] = true()
    in_names: list[ColumnElement[bool]] = []
    for word, digits in search.parts():
        named = in_name(word)
        if digits is None:
            in_names.append(named)
        else:
            condition = and_(condition, or_(_of_systems(named), _RESULT.c.assessment_id == digits))
    return and_(_of_systems(*in_names), condition) if in_names else condition


def in_name(word: str) -> ColumnElement[bool]:
    """Of systems: the word stands in its names or in what its operator is called."""
    operators = select(_OPERATOR.c.id).where(Position(_OPERATOR.c.folded, word) > 0)
    return or_(Position(_SYSTEM.c.folded, word) > 0, _SYSTEM.c.operator_id.in_(operators))


def _of_systems(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    systems = select(_SYSTEM.c.id).where(*conditions)
    return _RESULT.c.assessment_id.in_(select(_ASSESSMENT.c.id).where(_ASSESSMENT.c.system_id.in_(systems)))


def not_archived() -> ColumnElement[bool]:
    return not_(_SHELVED)


def in_units(held: Collection[int] | None) -> ColumnElement[bool]:
    """The system lies in one of these units; None: wherever it lies. For queries that join the systems."""
    return _in(held)[0]


def summary(session: Session, assessment_id: int, scope: Scope | None = None) -> AssessmentSummary | None:
    """The assessment's list entry. None: there is no such assessment in the scope; scope None: of all."""
    entry = next(iter(summarised(session, [assessment_id])), None)
    readable = _read(scope)
    return None if entry is None or (readable is not None and entry.unit_id not in readable) else entry


def of_systems(session: Session, system_ids: Sequence[int], scope: Scope | None = None) -> Mapping[int, Assessed]:
    """System id → its newest assessments and their total; systems without any, or out of the scope, are left out."""
    readable, _ = _in(_read(scope))
    numbered = (
        select(
            _RESULT.c.assessment_id,
            _ASSESSMENT.c.system_id,
            func.row_number().over(partition_by=_ASSESSMENT.c.system_id, order_by=_NEWEST_FIRST).label("place"),
            func.count().over(partition_by=_ASSESSMENT.c.system_id).label("total"),
        )
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id)
        .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
        .where(_ASSESSMENT.c.system_id.in_(system_ids), readable, not_(_SHELVED))
        .subquery()
    )
    shown = session.execute(select(numbered).where(numbered.c.place <= PER_SYSTEM)).all()
    summaries = summarised(session, [row.assessment_id for row in shown])
    return {
        system_id: Assessed(tuple(assessment for assessment in summaries if assessment.system_id == system_id), total)
        for system_id, total in {row.system_id: row.total for row in shown}.items()
    }


def register(
    session: Session,
    search: Search = EVERYTHING,
    *,
    scope: Scope | None = None,
    operator_id: int | None = None,
    start: FromEntry | None = None,
    limit: int = PER_PAGE,
) -> Page[RegisterEntry]:
    """By organisation and name. scope None: of everybody; operator_id None: all of them; start None: the first page."""
    narrowed = operators_of(scope) if operator_id is None else and_(operators_of(scope), _OPERATOR.c.id == operator_id)
    if search:
        narrowed = and_(narrowed, _in_register(search))
    readable, _ = _in(None if scope is None else scope.reading("read_system"))
    pairs = _OPERATOR.outerjoin(_SYSTEM, and_(_SYSTEM.c.operator_id == _OPERATOR.c.id, readable))
    is_before = start is not None and start.is_before
    rows = session.execute(
        select(_OPERATOR, *SYSTEM_COLUMNS)
        .select_from(pairs)
        .where(narrowed, true() if start is None else _beyond(session, start, scope))
        .order_by(*(column.desc() for column in _REGISTER_ORDER) if is_before else _REGISTER_ORDER)
        .limit(limit)
    ).all()
    if is_before:
        rows = rows[::-1]
    before: ColumnElement[bool] = false()
    if rows and start is not None:
        before = _beyond(session, FromEntry(rows[0].id, rows[0].system_id, is_before=True), scope)
    total, earlier = session.execute(select(func.count(), _sum_of(before)).select_from(pairs).where(narrowed)).one()
    return Page(tuple(_register_entry(row) for row in rows), earlier, total)


def operators_of(scope: Scope | None) -> ColumnElement[bool]:
    """Operators of units in which something may be read, and of those above, for they answer for what lies below."""
    held = None if scope is None else scope.reading("read_operator")
    return true() if scope is None or held is None else _OPERATOR.c.unit_id.in_(scope.tree.above(held))


def system_counts(session: Session, operator_ids: Sequence[int], scope: Scope | None = None) -> Mapping[int, int]:
    """Organisation id → number of registered systems in the scope; scope None: of all."""
    readable, _ = _in(None if scope is None else scope.reading("read_system"))
    counted = (
        select(_SYSTEM.c.operator_id, func.count())
        .where(_SYSTEM.c.operator_id.in_(operator_ids), readable)
        .group_by(_SYSTEM.c.operator_id)
    )
    return dict.fromkeys(operator_ids, 0) | {row[0]: row[1] for row in session.execute(counted)}


def open_draft(session: Session, system_id: int, domain: str) -> int | None:
    """The newest assessment of this system and domain that is still being written. None: there is none."""
    written = [status.value for status in Status if status.is_editable]
    query = (
        select(_RESULT.c.assessment_id)
        .join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id)
        .where(_ASSESSMENT.c.system_id == system_id, _RESULT.c.domain == domain, _RESULT.c.status.in_(written))
    )
    return session.execute(query.order_by(_RESULT.c.assessment_id.desc()).limit(1)).scalar()


def has_operators(session: Session, scope: Scope | None = None) -> bool:
    return session.execute(select(_OPERATOR.c.id).where(operators_of(scope)).limit(1)).first() is not None


def numbers_of(session: Session, statuses: Sequence[Status]) -> tuple[int, ...]:
    """Numbers of all assessments whose newest revision stands at one of these, to be read one after another."""
    wanted = _RESULT.c.status.in_([status.value for status in statuses])
    return tuple(
        session.execute(select(_RESULT.c.assessment_id).where(wanted).order_by(_RESULT.c.assessment_id)).scalars()
    )


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Number of rows that meet the condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


# --- assessments -------------------------------------------------------------------------------------------

_NEWEST_FIRST = (_RESULT.c.updated_at.desc(), _RESULT.c.assessment_id.desc())
_SORTED: tuple[ColumnElement[Any], ...] = (
    Unindexed(_RESULT.c.updated_at).desc(),
    _RESULT.c.assessment_id.desc(),
)
"""The same without the index of changes."""
FEW = 2_000
"""So many that one index leads to are sorted rather than come by along the order of changes."""
MOST_FETCHED = 500
"""The same of what the sums by unit and cell lead to: to fetch one costs as much as to pass fifty."""
_place = tuple_(_RESULT.c.updated_at, _RESULT.c.assessment_id)
SYSTEM_COLUMNS = tuple(column.label(f"system_{column.name}") for column in _SYSTEM.c)
_JOINED = (
    _RESULT.join(_ASSESSMENT, _ASSESSMENT.c.id == _RESULT.c.assessment_id)
    .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
    .join(_OPERATOR, _OPERATOR.c.id == _SYSTEM.c.operator_id)
    .join(
        _REVISION,
        and_(_REVISION.c.assessment_id == _RESULT.c.assessment_id, _REVISION.c.number == _RESULT.c.revision),
    )
)
_SUMMARIES: Select[Any] = select(
    _RESULT,
    *SYSTEM_COLUMNS,
    _OPERATOR.c.name.label("operator_name"),
    _OPERATOR.c.is_example,
    _OPERATOR.c.separation,
    _REVISION.c.id.label("revision_id"),
    _REVISION.c.decided_by_id,
    _REVISION.c.submission,
    _REVISION.c.committee,
).select_from(_JOINED)
_SUMMARISED = _SUMMARIES.where(_RESULT.c.assessment_id.in_(bindparam("numbers", expanding=True))).order_by(
    *_NEWEST_FIRST
)
_AUTHORS = (
    select(_AUTHOR.c.revision_id, _AUTHOR.c.person_id)
    .where(_AUTHOR.c.revision_id.in_(bindparam("revisions", expanding=True)))
    .order_by(_AUTHOR.c.revision_id, _AUTHOR.c.position)
)
"""Put together once: every page of every list asks them."""


def _page(
    session: Session,
    narrowed: ColumnElement[bool],
    search: Search,
    start: From | None,
    limit: int,
    *,
    names_needed: bool = True,
    scope: Scope | None = None,
    archived: bool | None = None,
    walked: ColumnElement[bool] | None = None,
    total: int | None = None,
) -> Page[AssessmentSummary]:
    """names_needed: the condition is about more than results, so counting has to look at the other tables too.

    archived: only those that are, or only those that are not; None: whether or not.
    total: how many there are. None: they are counted.
    walked: the same condition without any index of its own, for walking along the order of changes. None: the condition is that.
    """
    source = _JOINED if names_needed else _RESULT
    shelf = true() if archived is None else _SHELVED if archived else not_(_SHELVED)
    if search:
        return _searched(session, source, and_(narrowed, matching(search), shelf), start, limit, scope)
    places_of = select(_RESULT.c.updated_at, _RESULT.c.assessment_id).select_from(source).where(shelf)
    wanted = places_of.where(narrowed if walked is None else walked)
    if total is None and (start is None or walked is None):
        total = _counted(session, source, narrowed, archived)
    if start is None and walked is not None and total is not None:
        query = wanted.limit(min(limit, total)).order_by(*_NEWEST_FIRST)
        numbers = [place.assessment_id for place in session.execute(query)] if total and limit else []
        return Page(summarised(session, numbers, scope.tree if scope else None), 0, total)
    if start is None:
        places = session.execute(wanted.order_by(*_NEWEST_FIRST).limit(limit)).all()
    elif start.is_before:
        nearest = wanted.where(_place > _seen(start)).order_by(_RESULT.c.updated_at, _RESULT.c.assessment_id)
        places = session.execute(nearest.limit(limit)).all()[::-1]
    else:
        places = session.execute(wanted.where(_place < _seen(start)).order_by(*_NEWEST_FIRST).limit(limit)).all()
    earlier = 0
    if places and start is not None:
        first = From(places[0].updated_at, places[0].assessment_id)
        earlier = _counted(session, source, and_(narrowed, _place > _seen(first)), archived)
    if total is None:
        total = _counted(session, source, narrowed, archived)
    shown = [place.assessment_id for place in places]
    return Page(summarised(session, shown, scope.tree if scope else None), earlier, total)


def _page_of_few(
    session: Session, places: Select[Any], start: From | None, limit: int, total: int, scope: Scope
) -> Page[AssessmentSummary]:
    """All of them are found by an index and sorted: along the order of changes nearly all others would be looked at first."""
    changed = Unindexed(_RESULT.c.updated_at)
    place, query, earlier = tuple_(changed, _RESULT.c.assessment_id), places, 0
    is_back = start is not None and start.is_before
    if start is not None:
        query = query.where(place > _seen(start) if is_back else place < _seen(start))
    order = (changed, _RESULT.c.assessment_id) if is_back else _SORTED
    rows = session.execute(query.order_by(*order).limit(limit)).all() if total and limit else []
    rows = rows[::-1] if is_back else rows
    if rows and start is not None:
        first = From(rows[0].updated_at, rows[0].assessment_id)
        before = places.where(place > _seen(first)).subquery()
        earlier = int(session.execute(select(func.count()).select_from(before)).scalar_one())
    return Page(summarised(session, [row.assessment_id for row in rows], scope.tree), earlier, total)


def _counted(session: Session, source: FromClause, narrowed: ColumnElement[bool], archived: bool | None) -> int:
    """The archive, which is small, is counted apart: to look for it beside each row would cost more than the rest."""

    def count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        query = select(func.count()).select_from(source)
        if conditions or not isinstance(
            narrowed, True_
        ):  # SQLite knows the number of all rows, if nothing is asked of them
            query = query.where(narrowed, *conditions)
        return query.scalar_subquery()

    number = count() if archived is None else count(_SHELVED) if archived else count() - count(_SHELVED)
    return int(session.execute(select(number)).scalar_one())


def _searched(
    session: Session,
    source: FromClause,
    narrowed: ColumnElement[bool],
    start: From | None,
    limit: int,
    scope: Scope | None,
) -> Page[AssessmentSummary]:
    """What is searched is looked through once: each finds its place among all, and their number with it."""
    place = func.row_number().over(order_by=_NEWEST_FIRST)
    columns = (_RESULT.c.updated_at, _RESULT.c.assessment_id, place.label("place"), func.count().over().label("total"))
    numbered = select(*columns).select_from(source).where(narrowed).subquery()
    page, is_back = select(numbered), start is not None and start.is_before
    if start is not None:
        key = tuple_(numbered.c.updated_at, numbered.c.assessment_id)
        page = page.where(key > _seen(start) if is_back else key < _seen(start))
    rows = session.execute(page.order_by(numbered.c.place.desc() if is_back else numbered.c.place).limit(limit)).all()
    if is_back:
        rows = rows[::-1]
    shown = [row.assessment_id for row in rows]
    before, total = (rows[0].place - 1, rows[0].total) if rows else (0, 0)
    return Page(summarised(session, shown, scope.tree if scope else None), before, total)


def _seen(start: From) -> ColumnElement[Any]:
    return tuple_(literal(start.updated_at, _RESULT.c.updated_at.type), literal(start.id))


_Committees = Mapping[Committee, frozenset[int]]
"""Settings that are not those of a committee of one → the units where they hold."""


def _committees(tree: Tree) -> _Committees:
    where: dict[Committee, set[int]] = {}
    for unit in tree.units:
        where.setdefault(tree.committee(unit), set()).add(unit)
    return {each: frozenset(units) for each, units in where.items() if each != OF_ONE}


def _could_take(step: str, actor: Actor, committees: _Committees, *, leads: bool) -> ColumnElement[bool]:
    """SQL condition for being awaited to take a step, given that the actor has its role."""
    status: ColumnElement[str] = _RESULT.c.status if leads else Unindexed(_RESULT.c.status)
    statuses = status.in_([status.value for status in workflow.STEPS[step].from_])
    return and_(statuses, *(rule(actor, committees) for rule in _FOUR_EYES.get(step, ())))


def _wrote_nothing(actor: Actor, _committees: _Committees | None = None) -> ColumnElement[bool]:
    return not_(
        select(_AUTHOR.c.person_id)
        .where(_AUTHOR.c.revision_id == _REVISION.c.id, _AUTHOR.c.person_id == actor.id)
        .exists()
    )


def _votes(*conditions: ColumnElement[bool]) -> Select[Any]:
    """On what was submitted last."""
    return select(_VOTE.c.seq).where(
        _VOTE.c.revision_id == _REVISION.c.id, _VOTE.c.submission == _REVISION.c.submission, *conditions
    )


def _is_recused(actor: Actor) -> ColumnElement[bool]:
    """For good: no other vote follows."""
    return _votes(_VOTE.c.person_id == actor.id, _VOTE.c.ballot == Ballot.RECUSED.value).exists()


def _is_voted_on(committees: _Committees) -> ColumnElement[bool]:
    units = frozenset().union(*(units for each, units in committees.items() if each.quorum > 1))
    return or_(_SYSTEM.c.unit_id.in_(units), _votes().exists())


def _decides_alone(_actor: Actor, committees: _Committees) -> ColumnElement[bool]:
    return not_(_is_voted_on(committees))


def _has_not_voted(actor: Actor, committees: _Committees) -> ColumnElement[bool]:
    return and_(_is_voted_on(committees), not_(_votes(_VOTE.c.person_id == actor.id).exists()))


def _can_close(actor: Actor, committees: _Committees) -> ColumnElement[bool]:
    plain = not_(_SYSTEM.c.unit_id.in_(frozenset().union(*committees.values())))
    quorate = [and_(plain, _has_votes(OF_ONE))]
    quorate += [and_(_SYSTEM.c.unit_id.in_(units), _has_votes(each)) for each, units in committees.items()]
    return and_(_is_voted_on(committees), not_(_is_recused(actor)), or_(*quorate))


def _has_votes(settings: Committee) -> ColumnElement[bool]:
    """As many as its quorum: the last of each person."""
    later = _VOTE.alias("later")
    last = not_(
        select(later.c.seq)
        .where(
            later.c.revision_id == _VOTE.c.revision_id,
            later.c.submission == _VOTE.c.submission,
            later.c.person_id == _VOTE.c.person_id,
            later.c.seq > _VOTE.c.seq,
        )
        .exists()
    )
    counted = [last, _VOTE.c.ballot != Ballot.RECUSED.value]
    if not settings.chair_votes:
        counted.append(not_(_VOTE.c.as_chair))
    votes = _votes(*counted).with_only_columns(func.count()).scalar_subquery()
    return votes >= settings.quorum


def _decided_nothing_or_may_do_both(actor: Actor, _committees: _Committees) -> ColumnElement[bool]:
    voted = and_(_votes(_VOTE.c.person_id == actor.id).exists(), not_(_is_recused(actor)))
    decided = and_(_REVISION.c.decided_by_id.is_not(None), _REVISION.c.decided_by_id == actor.id)
    return or_(_OPERATOR.c.separation < workflow.THREE_PEOPLE, not_(or_(decided, voted)))


_FOUR_EYES: Mapping[str, Sequence[Callable[[Actor, _Committees], ColumnElement[bool]]]] = {
    "decide": (_wrote_nothing, _decides_alone),
    "vote": (_wrote_nothing, _has_not_voted),
    "close": (_wrote_nothing, _can_close),
    "sign_off": (_wrote_nothing, _decided_nothing_or_may_do_both),
}
"""Pending step → the workflow's conditions on who may take it, in SQL."""


def _committee(row: Any, tree: Tree) -> Committee:
    """Of what is voted on as its unit has it now; of a decision as it was then."""
    if row.status == Status.SUBMITTED:
        return tree.committee(row.system_unit_id)
    return mapping.committee(row.committee) if row.committee else OF_ONE


def summarised(session: Session, numbers: Sequence[int], tree: Tree | None = None) -> tuple[AssessmentSummary, ...]:
    """Newest change first. tree: of the units; None: read where it is needed."""
    if not numbers:
        return ()
    rows = session.execute(_SUMMARISED, {"numbers": list(numbers)}).all()
    votes = committee.votes_of(session, [(row.revision_id, row.submission) for row in rows if row.submission])
    if tree is None:
        tree = units.tree(session) if any(row.status == Status.SUBMITTED for row in rows) else Tree({})
    signed = signed_results.of(session, [row.assessment_id for row in rows if row.revision > 1])
    authors: dict[int, list[str]] = {}
    for revision_id, person_id in session.execute(_AUTHORS, {"revisions": [row.revision_id for row in rows]}):
        authors.setdefault(revision_id, []).append(person_id)
    return tuple(
        AssessmentSummary(
            id=row.assessment_id,
            revision=row.revision,
            system_id=row.system_id,
            unit_id=row.system_unit_id,
            system=mapping.labelled_system(row),
            operator_id=row.system_operator_id,
            operator_name=row.operator_name,
            is_example=row.is_example,
            separation=row.separation,
            domain=row.domain,
            status=Status(row.status),
            outcome=Outcome(row.outcome),
            contested=row.contested,
            level=Level(row.level),
            score=row.score,
            open_required=row.open_required,
            engine=row.engine,
            authors=tuple(authors.get(row.revision_id, ())),
            decided_by=row.decided_by_id,
            updated_at=row.updated_at,
            committee=_committee(row, tree),
            votes=votes.get(row.revision_id, ()),
            signed=signed.get(row.assessment_id),
        )
        for row in rows
    )


# --- the register ------------------------------------------------------------------------------------------

_REGISTER_ORDER = (_OPERATOR.c.name, _OPERATOR.c.id, _SYSTEM.c.name_ko, _SYSTEM.c.id)


def _in_register(search: Search) -> ColumnElement[bool]:
    """Every word stands in the names of an operator or its system, or is an assessment's number."""
    condition: ColumnElement[bool] = true()
    for word, digits in search.parts():
        places = [Position(_OPERATOR.c.folded, word) > 0, Position(func.coalesce(_SYSTEM.c.folded, ""), word) > 0]
        if digits is not None:
            places.append(_has_assessment(digits))
        condition = and_(condition, or_(*places))
    return condition


def _has_assessment(number: int) -> ColumnElement[bool]:
    return select(_ASSESSMENT.c.id).where(_ASSESSMENT.c.id == number, _ASSESSMENT.c.system_id == _SYSTEM.c.id).exists()


def _beyond(session: Session, start: FromEntry, scope: Scope | None) -> ColumnElement[bool]:
    """Rows after the given entry, or before it; all rows if there is no such entry in the scope."""
    named = select(_OPERATOR.c.name).where(_OPERATOR.c.id == start.operator_id, operators_of(scope))
    name = session.execute(named).scalar()
    if name is None:
        return true()
    operator = tuple_(_OPERATOR.c.name, _OPERATOR.c.id)
    seen = tuple_(literal(name), literal(start.operator_id))
    readable, _ = _in(None if scope is None else scope.reading("read_system"))
    of_system = select(_SYSTEM.c.name_ko).where(_SYSTEM.c.id == (start.system_id or 0), readable)
    system_name = session.execute(of_system).scalar()
    if system_name is None:
        return operator < seen if start.is_before else operator > seen
    system, seen_system = (
        tuple_(_SYSTEM.c.name_ko, _SYSTEM.c.id),
        tuple_(literal(system_name), literal(start.system_id)),
    )
    own = _OPERATOR.c.id == start.operator_id
    if start.is_before:
        return and_(operator <= seen, or_(not_(own), system < seen_system))
    return and_(operator >= seen, or_(not_(own), system > seen_system))


def _register_entry(row: Any) -> RegisterEntry:
    system = None
    if row.system_id is not None:
        system = SystemEntry(
            row.system_id, row.system_unit_id, row.system_operator_id, row.name, mapping.labelled_system(row)
        )
    return RegisterEntry(mapping.operator(row), system, row.unit_id)
