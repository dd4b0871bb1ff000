"""Lists by the page: the whole list comes, each row once; what is found; what waits is what the workflow says; no more is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from assessments import actions
from assessments.home import home
from assessments.model import AISystem, Ballot, Committee, Measure, Operator, Ruling, Status
from assessments.rules import workflow
from assessments.rules.recourse import Stated
from assessments.storage import database, event_lines, history, lists
from assessments.storage.entries import EventChoice
from assessments.storage.lists import From, FromEntry
from assessments.storage.searching import Search
from tests.large_home import grow
from tests.office import ADA, AT, AUD, CHO, KIM, LEE, PARK, SEO, Office, both
from tests.screens import Visitors

ONE_PERSON = both(KIM, LEE, PARK)
ONE_MORE = replace(LEE, id="noh")


def register(office: Office, operator: str, *systems: AISystem) -> list[int]:
    with office.database.transaction() as session:
        owner = actions.register_operator(session, Operator(operator), KIM, AT)
        return [actions.register_system(session, owner, one, KIM, AT) for one in systems]


def grown(office: Office, count: int) -> None:
    grow(home() / "haetae.db", count)


# --- pages -----------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.slow
def test_the_pages_of_a_list_are_the_list_forwards_and_back(office: Office) -> None:
    office.start()
    grown(office, 60)
    with office.database.reading() as session:
        whole = [one.id for one in lists.assessments(session, limit=1000).entries]
        forwards, start = [], None
        while page := lists.assessments(session, start=start):
            assert (page.before, page.total) == (len(forwards), 60)
            forwards += [one.id for one in page.entries]
            if page.is_last:
                break
            start = From(page.entries[-1].updated_at, page.entries[-1].id)
        first = page.entries[0]
        back = lists.assessments(session, start=From(first.updated_at, first.id, is_before=True))
    assert len(whole) == 60 and forwards == whole
    assert [one.id for one in back.entries] == whole[25:50] and back.before == 25


@pytest.mark.slow
def test_the_pages_of_the_register_are_the_register(office: Office) -> None:
    register(office, "나 회사", *(AISystem(f"체계 {number % 7}", "") for number in range(40)))
    register(office, "가 회사")
    register(office, "다 회사", AISystem("하나"))
    with office.database.reading() as session:
        whole = lists.register(session, limit=1000).entries
        forwards, start = [], None
        while page := lists.register(session, start=start):
            assert (page.before, page.total) == (len(forwards), 42)
            forwards += page.entries
            if page.is_last:
                break
            last = page.entries[-1]
            start = FromEntry(last.operator.id or 0, last.system.id if last.system else None)
        first = page.entries[0]
        back = lists.register(
            session, start=FromEntry(first.operator.id or 0, first.system.id if first.system else None, is_before=True)
        )
        alone = lists.register(session, operator_id=whole[-1].operator.id)
    assert forwards == list(whole) and len(whole) == 42
    assert list(back.entries) == list(whole[:25]) and back.before == 0
    assert whole[0].system is None and [one.operator.name for one in whole] == sorted(
        one.operator.name for one in whole
    )
    assert list(alone.entries) == [whole[-1]]


def test_a_change_meanwhile_shows_nothing_twice(office: Office) -> None:
    numbers = [office.start() for _ in range(4)]
    with office.database.reading() as session:
        first = lists.assessments(session, limit=2).entries
    office.answer(numbers[0], "hiring.told", "뒤에 있던 것이 앞으로 온다")
    with office.database.reading() as session:
        second = lists.assessments(session, start=From(first[-1].updated_at, first[-1].id), limit=2)
    assert not {one.id for one in first} & {one.id for one in second.entries}


def test_only_the_newest_of_a_systems_assessments_are_listed_under_it(office: Office) -> None:
    one, other = register(office, "가 회사", AISystem("하나"), AISystem("둘"))
    with office.database.transaction() as session:
        for minutes in range(7):
            actions.start_assessment(session, one, "hiring", KIM, AT + timedelta(minutes=minutes))
    with office.database.reading() as session:
        assessed = lists.of_systems(session, [one, other])
        of_one = lists.assessments(session, system_id=one)
    assert set(assessed) == {one} and assessed[one].total == of_one.total == 7
    assert assessed[one].newest == of_one.entries[:5]


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_large_home_is_a_sound_one(office: Office) -> None:
    office.signed_off()
    office.start()
    grown(office, 9)
    database.prepare()  # the triggers are there again
    with office.database.reading() as session:
        assert history.verify(session).is_intact
        assert {one.status for one in lists.assessments(session).entries} == {Status.SIGNED_OFF, Status.DRAFT}
    office.answer(8, "hiring.told", "복사본도 이어서 쓴다")


# --- searching -------------------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("서류", {1}),
        ("서류도우미", {1}),
        ("cv HELPER", {1}),
        ("ＣＶ", {1}),
        (unicodedata.normalize("NFD", "해태"), {1, 2}),
        ("해태 면접", {2}),
        ("한빛", {3}),
        ("#2", {2}),
        ("HT-00003-1", {3}),
        ("ht-00003", {3}),
        ("4", set()),
        ("50%", {3}),
        ("_", set()),
        ("'", set()),
        ("", {1, 2, 3}),
        ("9" * 40, set()),
    ],
)
def test_assessments_are_found_by_system_organisation_and_number(office: Office, typed: str, found: set[int]) -> None:
    systems = [
        *register(office, "해태 주식회사", AISystem("서류 도우미", "CV Helper"), AISystem("면접 도우미", "")),
        *register(office, "한빛 연구소", AISystem("50% 할인 판단", "")),
    ]
    with office.database.transaction() as session:
        for one in systems:
            actions.start_assessment(session, one, "hiring", KIM, AT)
    with office.database.reading() as session:
        assert {one.id for one in lists.assessments(session, Search(typed)).entries} == found
        if found:
            entries = lists.register(session, Search(typed)).entries
            assert {entry.system.id for entry in entries if entry.system} == {systems[number - 1] for number in found}


# --- what waits ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_waits_for_somebody_is_what_the_workflow_says_of_each(office: Office) -> None:
    """The list asks the database, a form asks the workflow: they must never differ."""
    for separation in (2, 3):
        operator = Operator("해태 주식회사", supervisor_name="한지우", supervisor_contact="1", separation=separation)
        office.start(operator)
        for decider in (LEE, CHO):
            office.submit(office.start(operator))
            office.decide(number := office.start(operator), office.submit(number), by=decider)
        gone = office.start(operator)
        with office.database.transaction() as session:
            actions.return_to_author(session, number - 1, "다시", LEE, AT)
            actions.withdraw(session, gone, "쓰지 않는다.", KIM, AT)
        number = office.start(operator)
        office.answer(number, "hiring.told", "쓴 사람은 결정하지 않는다", by=SEO)
        office.submit(number)
        office.decide(number := office.start(operator), office.submit(number), ruling=Ruling.REJECTED)
    office.signed_off()
    _voted_on(office)
    with office.database.reading() as session:
        every = lists.assessments(session, limit=1000).entries
        for actor in (KIM, SEO, LEE, CHO, PARK, ADA, AUD, ONE_PERSON, both(SEO, LEE), both(LEE, PARK), both(CHO, PARK)):
            waiting = {one.id for one in lists.waiting_for(session, actor, limit=1000).entries}
            assert waiting == {one.id for one in every if workflow.awaited_steps(one.standing, actor)}, actor
    for one in every:
        assert workflow.Standing.of(office.read(one.id)) == one.standing


def _voted_on(office: Office) -> None:
    """Some in each state that a vote can have: none, too few, enough, recused, changed, a chair's, decided."""
    ballots = {
        "none": (),
        "few": ((LEE, Ballot.APPROVE),),
        "recused": ((LEE, Ballot.RECUSED), (ONE_MORE, Ballot.APPROVE)),
        "changed": ((LEE, Ballot.APPROVE), (ONE_MORE, Ballot.APPROVE), (LEE, Ballot.RECUSED)),
        "enough": ((LEE, Ballot.APPROVE), (ONE_MORE, Ballot.REJECT)),
        "chair": ((LEE, Ballot.APPROVE), (CHO, Ballot.APPROVE)),
        "chair recused": ((LEE, Ballot.APPROVE), (ONE_MORE, Ballot.REJECT), (CHO, Ballot.RECUSED)),
        "decided": ((LEE, Ballot.APPROVE), (both(CHO, PARK), Ballot.APPROVE), (ONE_MORE, Ballot.APPROVE)),
    }
    with office.database.transaction() as session:
        actions.set_committee(session, 1, Committee(2, chair_votes=False), ADA, AT)
    for name, cast in ballots.items():
        number = office.start()
        frozen = office.submit(number)
        for member, ballot in cast:
            with office.database.transaction() as session:
                actions.cast_vote(session, number, ballot, "x", frozen, member, AT)
        if name == "decided":
            seen = office.read(number).votes[-1].seq
            with office.database.transaction() as session:
                actions.close_vote(session, number, "x", frozen, seen, CHO, AT)


# --- how much is read and drawn --------------------------------------------------------------------------------


@contextmanager
def counted(office: Office) -> Iterator[Callable[[], int]]:
    """Statements that are asked of the database meanwhile."""
    asked = [0]

    def count(*_: object) -> None:
        asked[0] += 1

    event.listen(office.database.engine, "before_cursor_execute", count)
    try:
        yield lambda: asked[0]
    finally:
        event.remove(office.database.engine, "before_cursor_execute", count)


@pytest.mark.slow
@pytest.mark.parametrize(("screen", "most", "fields"), [("home", 79, 1), ("systems", 50, 1), ("portfolio", 50, 0)])
def test_a_screen_reads_and_draws_as_much_at_two_thousand_assessments_as_at_a_hundred(
    office: Office, visitors: Visitors, screen: str, most: int, fields: int
) -> None:
    """Home reads the drafts that one has begun as a whole, at most three, for what is answered in them; two roles are two parts of it."""
    office.start()
    office.submit(office.start())
    visitors.sign_in(both(KIM, LEE))
    seen = []
    for count in (100, 2000):
        grown(office, count)
        with counted(office) as statements:
            drawn = visitors.open(screen).app
            seen.append((statements(), len(list(_elements(drawn))), len(drawn.text_input), len(drawn.get("form"))))
    assert seen[0] == seen[1] and seen[0][1] > 25
    assert seen[0][0] < most and seen[0][2:] == (fields, 0)


@pytest.mark.slow
def test_the_list_of_requests_reads_as_much_at_two_hundred_as_at_fifty(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM)
    seen, number = [], 0
    for count in (50, 200):
        with office.database.transaction() as session:
            while number < count:
                received = AT.date() - timedelta(days=number)
                stated = Stated("pipa_refusal", received, f"R-{number}", "다시 보아 주십시오.", "web", "")
                actions.state_request(session, 1, stated, KIM, AT)
                number += 1
        with counted(office) as statements:
            drawn = visitors.open("recourse", state="all").app
            seen.append((statements(), len(list(_elements(drawn)))))
    assert seen[0] == seen[1]
    assert seen[0][0] < 30


def _elements(block: object) -> Iterator[object]:
    children = getattr(block, "children", None)
    if children is None:
        children = getattr(block, "_tree", None) and block._tree.children  # type: ignore[attr-defined]
    for child in (children or {}).values():
        yield child
        yield from _elements(child)


# --- screens ---------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.slow
def test_the_home_screen_shows_a_page_and_the_way_to_the_next(office: Office, visitors: Visitors) -> None:
    office.start()
    grown(office, 30)
    screen = visitors.sign_in(AUD).open()
    assert screen.html.count('<div class="h-row">') == 25 and "30건 중 1–25" in screen.html
    with office.database.reading() as session:
        entries = lists.assessments(session, limit=30).entries
    last = entries[24]
    place = int(last.updated_at.timestamp() * 10**6)
    screen = visitors.open(all=f"after-{place}-{last.id}")
    assert screen.html.count('<div class="h-row">') == 5 and "30건 중 26–30" in screen.html


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["after", "after-1-1-1", "after-99999999999999999-1", "before-0-0", "<script>"])
def test_an_address_that_names_no_page_is_no_fault(office: Office, visitors: Visitors, broken: str) -> None:
    office.start()
    shown = visitors.sign_in(AUD).open(all=broken).html
    assert "h-tags" in shown or "해당하는 항목이 없습니다" in shown


@pytest.mark.sqlite
@pytest.mark.slow
def test_searching_leads_back_to_the_first_page(office: Office, visitors: Visitors) -> None:
    office.start()
    grown(office, 30)
    screen = visitors.sign_in(KIM).open(all="after-1-1", waiting="after-1-1")
    screen.fill("q", "도우미 7")
    assert screen.html.count(">서류 도우미 7</a>") == 1
    assert not {"all", "waiting"} & set(screen.app.query_params)


@pytest.mark.slow
def test_the_history_is_read_by_the_page(office: Office, visitors: Visitors) -> None:
    number = office.start()
    for turn in range(45):
        office.answer(number, "hiring.told", f"글 {turn}", seen=turn, by=(KIM, SEO)[turn % 2])
    shown = visitors.sign_in(AUD).open("history", assessment=number).html
    assert "글 44" in shown and "글 3<" not in shown and "46건 중 1–40" in shown
    with office.database.reading() as session:
        fortieth = event_lines.events(session, number, limit=40)[-1].seq
    shown = visitors.open("history", assessment=number, **{"from": f"after-{fortieth}-0"}).html
    assert "글 3<" in shown and "글 44" not in shown and "46건 중 41–46" in shown
    shown = visitors.open("history", assessment=number, **{"from": f"before-{fortieth - 1}-0"}).html
    assert "46건 중 1–40" in shown


@pytest.mark.slow
def test_the_history_is_narrowed_by_person_deed_question_and_day(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.answer(number, "hiring.told", "하나의 글")
    office.answer(number, "hiring.people", 7, by=SEO)
    with office.database.transaction() as session:
        actions.set_measures(session, number, [Measure("m1", "다시 본다")], SEO, AT + timedelta(days=40))
    screen = visitors.sign_in(AUD)
    everything = screen.open("history", assessment=number).html
    assert "이력 4건" in everything and "모두 보기" not in everything
    for query, count, there, gone in (
        ({"person": "seo"}, 2, "관리방안", "하나의 글"),
        ({"person": "kim"}, 2, "하나의 글", "<dd>7"),
        ({"kind": "record_response"}, 2, "하나의 글", "m1"),
        ({"question": "hiring.told"}, 1, "하나의 글", "<dd>7"),
        ({"since": "2026-12-01"}, 1, "관리방안", "하나의 글"),
        ({"until": "2026-11-21"}, 3, "하나의 글", "다시 본다"),
        (
            {"person": "seo", "kind": "record_response", "since": "2026-11-21", "until": "2026-11-21"},
            1,
            "7",
            "하나의 글",
        ),
    ):
        shown = screen.open("history", assessment=number, **query).html
        rows = shown[shown.index("h-events") :]
        assert f"이력 {count}건" in shown and "모두 보기" in shown, query
        assert there in rows and gone not in rows, query
        assert all(f'value="{value}"' in shown for value in query.values())
    for query in ({"person": "nobody' OR 1=1"}, {"kind": "<script>"}, {"since": "gestern"}, {"until": "99999-01-01"}):
        shown = screen.open("history", assessment=number, **query).html
        assert "이력 4건" in shown and "<script>" not in shown, query
    for query in ({"since": "0001-01-01"}, {"until": "9999-12-31"}):
        assert "이력 4건" in screen.open("history", assessment=number, **query).html, query
    empty = screen.open("history", assessment=number, since="9999-12-31").html
    assert "이력 0건" in empty and "해당하는 항목이 없습니다" in empty


def test_who_did_it_is_found_by_the_whole_name_alone(office: Office) -> None:
    """Neither a beginning nor a sign that stands for any other in SQL finds somebody else."""
    number = office.start()
    with office.database.reading() as session:
        for person, count in (("kim", 1), ("ki", 0), ("k%m", 0), ("k_m", 0), ('kim"', 0), ("", 1)):
            choice = EventChoice(person=person)
            assert event_lines.event_count(session, number, choice=choice) == count, person
            assert len(event_lines.events(session, number, choice=choice)) == count


@pytest.mark.slow
def test_what_is_written_into_one_answer_in_a_go_is_one_line(office: Office, visitors: Visitors) -> None:
    number = office.start()
    for turn, text in enumerate(("처음", "처음 글", "처음 글을 씀")):
        office.answer(number, "hiring.told", text, seen=turn)
    office.answer(number, "hiring.people", 7)
    office.answer(number, "hiring.told", "다시 씀", seen=3, by=SEO)
    shown = visitors.sign_in(AUD).open("history", assessment=number).html
    rows = shown[shown.index("h-events") :]
    assert "연속 입력 3회" in rows and "처음 글을 씀" in rows and "처음 글<" not in rows
    assert rows.count("다시 씀") == 1, "somebody else's entry stands alone"
    assert "이력 6건" in shown
