"""Sums that dashboards read by unit and cell are what a recount says, whoever writes; indices are taken as they are meant."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text

from assessments.model import Finding, Level, Outcome, Status
from assessments.storage import concerns, lists, portfolio, portfolio_sums, units
from assessments.storage.concerns import Concern
from assessments.storage.database import Session
from assessments.storage.expressions import Literally
from assessments.storage.facets import EFFECTS, Facets
from assessments.storage.guards import ALL_SUMS, CONDITION_ON, CONDITIONS
from assessments.storage.life_tables import ArchivedRow, DutyRow
from assessments.storage.tables import ProjectionRow, table_of
from assessments.storage.work_tables import ImpactCellNowRow, ImpactNowRow, PortfolioNowRow
from tests.office import AT, AUD, Office

_RESULT, _NOW = table_of(ProjectionRow), table_of(PortfolioNowRow)
_IMPACT, _IMPACT_CELL, _DUTY = table_of(ImpactNowRow), table_of(ImpactCellNowRow), table_of(DutyRow)
TODAY = date(2027, 1, 1)


def recounted(session: Session) -> dict[tuple[str, int], dict[str, int]]:
    """Row by row, each concern by its own condition."""
    sums: dict[tuple[str, int], Counter[str]] = {}
    flags = {
        "accepted": concerns.condition(Concern.ACCEPTED, TODAY),
        "unowned": concerns.condition(Concern.NO_OWNER, TODAY),
        "unproven": concerns.condition(Concern.NO_EVIDENCE, TODAY),
    }
    columns = (_RESULT.c.cell, _RESULT.c.unit_id, _RESULT.c.reassess_on, _RESULT.c.conditions, _RESULT.c.came_on)
    columns += (_RESULT.c.overdue,)
    for row in session.execute(select(*columns, *(flag.label(name) for name, flag in flags.items()))):
        own = sums.setdefault((row.cell, row.unit_id), Counter(dict.fromkeys(ALL_SUMS, 0)))
        own["number"] += 1
        own["again"] += row.reassess_on is not None
        own["conditional"] += row.conditions > 0
        own["conditions"] += row.conditions
        own["overdue"] += row.overdue
        own["come"] += row.came_on is not None
        own["accepted_come"] += row.came_on is not None and bool(row.accepted)
        for name in flags:
            own[name] += bool(getattr(row, name))
    return {key: dict(own) for key, own in sums.items()}


def stored(session: Session) -> dict[tuple[str, int], dict[str, int]]:
    return {
        (row.cell, row.unit_id): {name: getattr(row, name) for name in ALL_SUMS}
        for row in session.execute(select(_NOW))
    }


def _check_days(session: Session, today: date) -> None:
    """What has come on a day is what its days say, whenever the day was turned last; each day is told in one place."""
    held = _RESULT.c.reassess_on <= today
    borne = concerns.condition(Concern.ACCEPTED, today)
    counts = [select(func.count()).select_from(_RESULT).where(held, *more) for more in ((), (borne,))]
    expected = tuple(session.execute(count).scalar_one() for count in counts)
    assert tuple(portfolio_sums.come(session, Facets(today=today), None)) == expected
    days = select(_RESULT.c.reassess_on, _RESULT.c.ahead_on, _RESULT.c.came_on)
    assert all(
        [own] == [day for day in (ahead, came) if day] or own is ahead is came
        for own, ahead, came in session.execute(days)
    )


def _archive(session: Session, number: int) -> None:
    row = {"assessment_id": number, "reason": "x", "by_id": "kim", "by_name": "김", "at": AT}
    session.connection().execute(insert(table_of(ArchivedRow)), row)


_SHELVED = select(table_of(ArchivedRow).c.assessment_id)


def _check_conditions(session: Session, today: date) -> None:
    """So many are past their day as a look at each says, whenever the day was turned last, and each is told in one place."""
    past = select(func.count()).where(_DUTY.c.cause == "condition", _DUTY.c.on_day < today)
    past = past.where(_DUTY.c.assessment_id.not_in(_SHELVED)).where(
        _DUTY.c.assessment_id.in_(select(_RESULT.c.assessment_id))
    )
    seen = portfolio_sums.of(session, Facets(), None).overdue
    expected = session.execute(past).scalar_one()
    assert portfolio_sums.overdue(session, Facets().condition(), today, seen) == expected
    if today.day % 3:
        return
    drafts = Facets(status="draft")
    of_drafts = past.where(_DUTY.c.assessment_id.in_(select(_RESULT.c.assessment_id).where(drafts.condition())))
    seen = portfolio_sums.of(session, drafts, None).overdue
    narrowed = portfolio_sums.overdue(session, drafts.condition(leads=False), today, seen)
    assert narrowed == session.execute(of_drafts).scalar_one()


def _check_impacts(session: Session) -> None:
    """Each row is counted once, by what it says itself; no line says nothing."""
    rows = session.execute(select(_RESULT)).all()
    counted, with_claim = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for row in rows:
        key = (
            *(row.impact, row.unit_id, row.domain, "contested" if row.contested else row.outcome),
            *("not_rated" if row.open_required else row.level, row.status, bool(row.has_log)),
        )
        counted[key] += 1
        with_claim[*key, row.inherent, row.claim] += 1
    for table, expected in ((_IMPACT, counted), (_IMPACT_CELL, with_claim)):
        assert {tuple(row)[:-1]: row.number for row in session.execute(select(table))} == expected


def _check_filters_of_impacts(session: Session) -> None:
    every = (
        Facets(),
        Facets(status="draft"),
        Facets(domain="hiring", level="high"),
        Facets(verdict="cannot_determine"),
        Facets(log="measured"),
        Facets(impact="3-1"),
        Facets(impact="not_rated"),
        Facets(claim="absent"),
        Facets(claim="not_rated", status="draft"),
        Facets(inherent="high"),
        Facets(inherent="not_rated"),
        *(Facets(effect=effect) for effect in EFFECTS),
        Facets(inherent="very_high", effect="1", claim="present", domain="hiring"),
        Facets(level="not_rated", log="not_measured"),
    )
    for facets in every:
        for held in (None, {1}):
            told = portfolio.impacts(session, facets, held)
            own = select(_RESULT.c.impact).where(facets.condition(held), _RESULT.c.assessment_id.not_in(_SHELVED))
            assert told == Counter(session.execute(own).scalars()), facets


def test_sums_follow_whatever_is_written(office: Office) -> None:
    """Of one row and of several at once; a row that is gone leaves nothing, and no line of nothing stays."""
    chance = random.Random(8)
    numbers = [office.start() for _ in range(3)]
    with office.database.transaction() as session:
        ask = session.connection().execute
        ask(text("INSERT INTO unit (id, name, parent_id) SELECT 2, name, id FROM unit WHERE id = 1"))
        for turn in range(30):
            number, other = chance.choice(numbers), chance.choice(numbers)
            day = (TODAY + timedelta(days=turn % 5)).isoformat()
            drawn = {
                "status": chance.choice([status.value for status in Status]),
                "level": chance.choice([level.value for level in Level]),
                "outcome": chance.choice([outcome.value for outcome in Outcome]),
                "claim": chance.choice([finding.value for finding in Finding]),
                "owner_id": chance.choice(("", "kim")),
            }
            column = chance.choice([*drawn])
            deeds = [
                f"UPDATE projection SET {column} = '{drawn[column]}' WHERE assessment_id IN ({number}, {other})",
                f"UPDATE projection SET status = '{drawn['status']}', level = '{drawn['level']}', evidence = {turn % 2}",
                f"UPDATE projection SET reassess_on = '{day}', open_required = {turn % 2} WHERE assessment_id = {number}",
                f"UPDATE projection SET reassess_on = NULL WHERE assessment_id = {number}",
                f"UPDATE ai_system SET unit_id = {1 + turn % 2} WHERE id = (SELECT system_id FROM assessment WHERE id = {number})",
                f"INSERT INTO duty VALUES ({number}, 'condition', '{turn}', 1, '{day}', '', '', '')",
                f"DELETE FROM duty WHERE assessment_id = {number}",
            ]
            deed = chance.choice(deeds)
            ask(text(deed))
            if not turn % 4:
                portfolio_sums.turn(session, TODAY + timedelta(days=chance.randrange(5)))
            _check_days(session, TODAY + timedelta(days=chance.randrange(-1, 6)))
            assert stored(session) == recounted(session), deed
            stray = f"SELECT count(*) FROM projection WHERE conditions <> {CONDITIONS} OR coalesce(condition_on, '1900-01-01')"
            assert not ask(text(f"{stray} <> coalesce({CONDITION_ON}, '1900-01-01')")).scalar_one(), deed
        for facets in (
            Facets(),
            Facets(domain="hiring"),
            Facets(domain="HIRING"),
            Facets(domain="hir_ng"),
            Facets(domain="%"),
            Facets(status="draft"),
        ):
            listed = session.execute(select(func.count()).select_from(_RESULT).where(facets.condition())).scalar_one()
            assert (
                portfolio_sums.of(session, facets, None).number == listed == portfolio_sums.count(session, facets, None)
            )
            assert sum(portfolio_sums.cells(session, facets, None).values()) == listed
        for concern in (Concern.ACCEPTED, Concern.CONDITION, Concern.NO_OWNER, Concern.NO_EVIDENCE):
            narrowed = Facets(concern=concern.value, today=TODAY)
            listed = session.execute(select(func.count()).select_from(_RESULT).where(narrowed.condition())).scalar_one()
            assert portfolio_sums.count(session, narrowed, None) == listed
        ask(text(f"DELETE FROM projection WHERE assessment_id = {numbers[0]}"))
        assert stored(session) == recounted(session)
        ask(text("DELETE FROM projection"))
        assert stored(session) == {} and session.execute(select(func.count()).select_from(_IMPACT)).scalar_one() == 0


def test_conditions_past_their_day_are_counted_whatever_is_written_and_whenever_the_day_is_turned(
    office: Office,
) -> None:
    chance = random.Random(5)
    numbers = [office.start() for _ in range(3)]
    with office.database.transaction() as session:
        ask = session.connection().execute
        for place in range(18):
            number, day = chance.choice(numbers), TODAY + timedelta(days=chance.randrange(5))
            deeds = (
                *[f"INSERT INTO duty VALUES ({number}, 'condition', '{place}', 1, '{day.isoformat()}', '', '', '')"]
                * 3,
                f"UPDATE duty SET on_day = '{day.isoformat()}' WHERE assessment_id = {number} AND which > '{place // 2}'",
                f"DELETE FROM duty WHERE assessment_id = {number} AND on_day < '{day.isoformat()}'",
                f"UPDATE projection SET status = 'returned' WHERE assessment_id = {number}",
            )
            ask(text(chance.choice(deeds)))
            if chance.randrange(2):
                portfolio_sums.turn(session, TODAY + timedelta(days=chance.randrange(6)))
            _check_conditions(session, TODAY + timedelta(days=chance.randrange(-1, 6)))
            if place == 12:
                _archive(session, numbers[1])
        assert stored(session) == recounted(session)


def test_impacts_are_counted_whatever_is_written(office: Office) -> None:
    """Each column by itself, of one row and of two, to each of two values: one of them changes it."""
    numbers = [office.start() for _ in range(3)]
    values = {
        "status": ("'returned'", "'submitted'"),
        "level": ("'high'", "'low'"),
        "outcome": ("'high_impact'", "'cannot_determine'"),
        "contested": ("true", "false"),
        "impact": ("'3-1'", "''"),
        "has_log": ("true", "false"),
        "open_required": ("0", "2"),
        "inherent": ("'very_high'", "''"),
        "claim": ("'present'", "''"),
        "domain": ("'credit'", "'hiring'"),
    }
    with office.database.transaction() as session:
        ask = session.connection().execute
        ask(text("INSERT INTO unit (id, name, parent_id) SELECT 2, name, id FROM unit WHERE id = 1"))
        for column, both in values.items():
            for place, value in enumerate(both):
                rows = ", ".join(map(str, numbers[: 1 + place]))
                ask(text(f"UPDATE projection SET {column} = {value} WHERE assessment_id IN ({rows})"))
                _check_impacts(session)
        own = f"(SELECT system_id FROM assessment WHERE id = {numbers[0]})"
        ask(text(f"UPDATE ai_system SET unit_id = 2 WHERE id = {own}"))
        ask(text(f"UPDATE projection SET contested = true, impact = '0-2' WHERE assessment_id <> {numbers[1]}"))
        _check_impacts(session)
        _archive(session, numbers[1])
        _check_filters_of_impacts(session)
        ask(text(f"DELETE FROM projection WHERE assessment_id = {numbers[0]}"))
        _check_impacts(session)


def test_what_is_asked_for_twice_is_counted_once_each_time(office: Office) -> None:
    office.start()
    with office.database.reading() as session:
        scope = lists.Scope.of(session, AUD)
        drafts = Facets(status="draft", today=TODAY)
        assert lists.totals(session, scope, [drafts, Facets(concern="expired", today=TODAY), drafts]) == (1, 0, 1)


def test_what_is_about_more_than_cells_is_not_told_by_sums(office: Office) -> None:
    for facets in (Facets(owner="kim"), Facets(impact="3-1"), Facets(concern="expired"), Facets(changed="2026-Q4")):
        assert not portfolio_sums.can_tell(facets)
        with office.database.reading() as session, pytest.raises(ValueError, match="more than cells"):
            portfolio_sums.of(session, facets, None)


@pytest.mark.sqlite
def test_a_condition_in_the_words_of_an_index_is_answered_by_that_index(office: Office) -> None:
    """A statement that says more, such as what it is compared with, would read every row."""
    words = {"revision > 1": "revised", "evidence = 0": "unproven", "conditions > 0": "conditions"}
    with office.database.reading() as session:
        for rows, index in words.items():
            query = select(_RESULT.c.assessment_id).where(Literally(f"projection.{rows}"))
            told = str(query.compile(session.connection()))
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
            assert [f"ix_projection_{index}" in line[3] for line in plan] == [True], (told, plan)
    assert Literally("a = 1").compare(Literally("a = 1")) and not Literally("a = 1").compare(Literally("a = 2"))


@pytest.mark.sqlite
def test_what_is_taken_off_for_the_archive_is_looked_up_from_the_archive(office: Office) -> None:
    """By an index of what is asked, all of it would be read once more for a handful that lie in the archive."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "archived" in statement and "NOT IN" not in statement:
            asked.append((statement, parameters))

    all_of_them = Facets(domain="credit", status="draft", level="high", impact="3-1", owner="kim", today=TODAY)
    some = [
        Facets(today=TODAY, **{name: getattr(all_of_them, name)}) for name in ("domain", "status", "impact", "owner")
    ]
    with office.database.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        for facets in (all_of_them, *some):
            portfolio.cells(session, facets, None)
            portfolio.impacts(session, facets, None)
            lists.totals(session, lists.Scope.of(session, AUD), [facets, replace(facets, concern="expired")])
        event.remove(connection, "before_cursor_execute", note)
        assert len(asked) > 10
        for statement, parameters in asked:
            plan = [line[3] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for place, line in enumerate(plan):
                if "TABLE archived FOR IN" in line:
                    assert "PRIMARY KEY" in plan[place - 1] or "LIST SUBQUERY" in plan[place - 2], (statement, plan)


def test_who_answers_for_systems_is_who_has_one_in_these_units(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        units.add_account(session, units.Account("kim", 1, "김", "", True, AT, frozenset()))
        session.connection().execute(text(f"UPDATE projection SET owner_id = 'kim' WHERE assessment_id = {number}"))
        assert set(portfolio.owners(session, None)) == set(portfolio.owners(session, {1})) == {"kim"}
        assert portfolio.owners(session, {99}) == {}
