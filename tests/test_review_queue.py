"""The review queue: what waits, in which order, on which page; who reviews it; many at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from assessments import actions, viewing
from assessments.errors import InvalidAnswerError, NotAllowedError, NotFoundError, WrongStatusError
from assessments.model import FIRST_UNIT, Actor, Grant, Role
from assessments.storage import units
from assessments.storage.portfolio import Facets
from assessments.storage.review_queue import NOBODY, Choice, FromQueue, InQueue, Order, keyset
from assessments.storage.units import Account
from assessments.viewing import Search
from tests.office import AT, CHO, KIM, LEE, PARK, Office


@pytest.fixture
def staffed(office: Office) -> Office:
    with office.database.transaction() as session:
        for actor in (KIM, LEE, CHO, PARK):
            grants = frozenset(Grant(role, FIRST_UNIT) for role in actor.roles)
            units.add_account(session, Account(actor.id, FIRST_UNIT, actor.name, "", True, AT, grants))
    return office


def queue(office: Office, actor: Actor = CHO, search: str = "", **choice: object) -> list[int]:
    with office.database.reading() as session:
        page = viewing.queue(session, actor, Choice(**choice), Search(search))  # type: ignore[arg-type]
    assert page.total == len(page.entries)
    return [entry.assessment.id for entry in page.entries]


@pytest.mark.slow
def test_what_was_submitted_or_decided_waits_and_nothing_else(staffed: Office) -> None:
    first, draft, second = (staffed.start() for _ in range(3))
    staffed.submit(first)
    staffed.decide(second, staffed.submit(second))
    signed = staffed.signed_off()
    assert queue(staffed) == sorted([first, second])
    assert queue(staffed, facets=Facets(status="decided")) == [second]
    assert not {draft, signed} & set(queue(staffed, order=Order.NEWEST))


@pytest.mark.slow
@pytest.mark.parametrize("order", list(Order))
def test_pages_of_every_order_hold_each_once_forwards_and_backwards(staffed: Office, order: Order) -> None:
    numbers = [staffed.start() for _ in range(7)]
    for number in numbers:
        staffed.submit(number)
    whole = queue(staffed, order=order)
    assert sorted(whole) == numbers
    with staffed.database.reading() as session:

        def page(start: FromQueue | None) -> viewing.Page[InQueue]:
            return viewing.queue(session, CHO, Choice(order=order), start=start, limit=3)

        first = page(None)
        second = page(FromQueue(*keyset(first.entries[-1], order)))
        third = page(FromQueue(*keyset(second.entries[-1], order)))
        back = page(FromQueue(*keyset(third.entries[0], order), is_before=True))
    assert [entry.assessment.id for part in (first, second, third) for entry in part.entries] == whole
    assert [part.before for part in (first, second, third)] == [0, 3, 6]
    assert (back.entries, back.before) == (second.entries, 3)


def test_a_word_of_two_syllables_is_found(staffed: Office) -> None:
    number = staffed.start()
    staffed.submit(number)
    assert queue(staffed, search="서류") == [number]
    assert queue(staffed, search="없는") == []
    assert queue(staffed, search=f"#{number}") == [number]


@pytest.mark.parametrize("reviewer", ["", NOBODY])
def test_what_is_searched_is_looked_through_once_and_told_whole(staffed: Office, reviewer: str) -> None:
    numbers = [staffed.start() for _ in range(3)]
    for number in numbers:
        staffed.submit(number)
    looking: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if "operator.folded" in statement:
            looking.append(statement)

    with staffed.database.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", note)
        first = viewing.queue(session, CHO, Choice(reviewer=reviewer), Search("서류"), limit=2)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        start = FromQueue(*keyset(first.entries[-1], Order.LONGEST))
        second = viewing.queue(session, CHO, Choice(reviewer=reviewer), Search("서류"), start=start, limit=2)
        none = viewing.queue(session, CHO, Choice(reviewer=reviewer), Search("서류"), limit=0)
    assert len(looking) == 1
    assert [(len(page.entries), page.before, page.total) for page in (first, second, none)] == [
        (2, 0, 3),
        (1, 2, 3),
        (0, 0, 3),
    ]


def test_what_waits_elsewhere_is_not_shown(staffed: Office) -> None:
    staffed.submit(staffed.start())
    with staffed.database.transaction() as session:
        other = units.add_unit(session, "남", None)
    stranger = Actor("x", "남", frozenset({Role.CHAIR}), frozenset({Grant(Role.CHAIR, other)}))
    assert queue(staffed, stranger) == []


@pytest.mark.slow
def test_a_chair_assigns_and_a_member_takes_what_nobody_has(staffed: Office) -> None:
    first, second = staffed.start(), staffed.start()
    for number in (first, second):
        staffed.submit(number)
    with staffed.database.transaction() as session:
        actions.assign_review(session, first, LEE.id, CHO, AT)
        with pytest.raises(NotAllowedError):
            actions.assign_review(session, second, CHO.id, LEE, AT)
        actions.assign_review(session, second, LEE.id, LEE, AT)
        actions.take_back_review(session, second, LEE, AT)
        actions.assign_review(session, second, CHO.id, CHO, AT)
        with pytest.raises(NotAllowedError):
            actions.assign_review(session, second, LEE.id, LEE, AT)
        with pytest.raises(NotAllowedError):
            actions.take_back_review(session, second, LEE, AT)
    assert queue(staffed, reviewer=LEE.id) == [first]
    assert queue(staffed, reviewer=NOBODY) == []
    with staffed.database.reading() as session:
        kinds = [line.kind for line in viewing.events(session, CHO, second, 3)]
        names = [person.name for person in viewing.assigned_reviewers(session, CHO)]
    assert kinds == ["assign_review", "take_back_review", "assign_review"]
    assert names == [LEE.name, CHO.name]


@pytest.mark.first_in_check
@pytest.mark.parametrize("person", [KIM.id, PARK.id, "unknown"])
def test_only_the_committee_reviews(staffed: Office, person: str) -> None:
    number = staffed.start()
    staffed.submit(number)
    with staffed.database.transaction() as session, pytest.raises(InvalidAnswerError):
        actions.assign_review(session, number, person, CHO, AT)


def test_whoever_wrote_in_it_does_not_review_it(staffed: Office) -> None:
    both = replace(KIM, roles=KIM.roles | {Role.COMMITTEE_MEMBER})
    with staffed.database.transaction() as session:
        units.add_grant(session, KIM.id, Grant(Role.COMMITTEE_MEMBER, FIRST_UNIT))
    number = staffed.start()
    staffed.submit(number)
    with staffed.database.transaction() as session, pytest.raises(InvalidAnswerError):
        actions.assign_review(session, number, KIM.id, both, AT)


@pytest.mark.slow
def test_what_is_submitted_again_waits_for_nobody_in_particular(staffed: Office) -> None:
    number = staffed.start()
    staffed.submit(number)
    with staffed.database.transaction() as session:
        actions.assign_review(session, number, LEE.id, CHO, AT)
        actions.return_to_author(session, number, "고치십시오.", LEE, AT)
        with pytest.raises(WrongStatusError):
            actions.assign_review(session, number, LEE.id, CHO, AT)
        actions.submit(session, number, KIM, AT + timedelta(days=1))
    assert queue(staffed, reviewer=NOBODY) == [number]


@pytest.mark.slow
def test_of_many_the_refused_are_told_and_the_others_done(staffed: Office) -> None:
    first, draft, second = (staffed.start() for _ in range(3))
    for number in (first, second):
        staffed.submit(number)
    with staffed.database.transaction() as session:
        refused = actions.assign_reviews(session, [first, draft, 999, second, first], LEE.id, CHO, AT)
    assert [(each.assessment_id, type(each.error)) for each in refused] == [
        (draft, WrongStatusError),
        (999, NotFoundError),
    ]
    assert queue(staffed, reviewer=LEE.id) == [first, second]
    with staffed.database.transaction() as session:
        assert not actions.assign_reviews(session, [first, second], "", CHO, AT)
    assert queue(staffed, reviewer=LEE.id) == []


@pytest.mark.sqlite
def test_what_waits_in_a_unit_is_counted_without_reading_everything(staffed: Office) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "count(*)" in statement and "projection" in statement:
            asked.append((statement, parameters))

    with staffed.database.transaction() as session:
        units.add_unit(session, "다른 부서", FIRST_UNIT)
    with staffed.database.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        for reviewer in ("", NOBODY, LEE.id):
            viewing.queue(session, LEE, Choice(Facets(unit=FIRST_UNIT + 1), reviewer))
        event.remove(connection, "before_cursor_execute", note)
        assert asked
        for statement, parameters in asked:
            plan = [line[3] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert not [line for line in plan if line.startswith("SCAN projection")], (statement, plan)
