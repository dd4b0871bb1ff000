"""After an answer the page is what it would be afresh: nothing stale stays there, of one's own or of a colleague.

Without a browser: what the server sends is what counts.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest

from assessments import actions
from assessments.model import FIRST_UNIT, Actor, Answer, Grant, Response, Role
from assessments.people import add_person
from assessments.storage import reader, units
from tests import doors
from tests.bench.socket_client import Screen
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

HANA = Actor("hana", "김하나", frozenset({Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER}))
QUESTIONNAIRE, SECTION = "impact", "target"
TYPED, CHOSEN = "purpose", "vulnerable_groups"
"""A question that is answered in words, and one on the same page with options."""
MOST = 6
"""Fields of the page that are tried, each with three answers."""


CHAINS = {
    "answer": (
        "questionnaire=hiring",
        (
            ("hiring-used_in_hiring", "in_hiring"),
            ("hiring-sets_questions", "yes"),
            ("hiring-question_check", "mandatory"),
            ("hiring-sets_questions", "no"),
            ("hiring-human_step", "substantive"),
            ("hiring-decides_alone", "yes"),
            ("hiring-automatic_cutoff", "yes"),
            ("hiring-decides_alone", "no"),
            ("hiring-automatic_cutoff", "no"),
            ("hiring-used_in_hiring", ""),
        ),
    ),
    "involvement": (
        "section=claim",
        (
            ("involvement-relies_on_people", "yes"),
            ("involvement-authority_named", "nobody"),
            ("involvement-relies_on_people", "no"),
        ),
    ),
}
"""Screen → address, and questions with their answers, one after the other."""


@pytest.fixture
def number(server: Server) -> int:
    """A new assessment, which asks the same of everybody."""
    with closing(sqlite3.connect(server.home / "haetae.db")) as base:
        system = base.execute("SELECT min(system_id) FROM assessment").fetchone()[0]
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        return actions.start_assessment(session, system, "hiring", HANA, datetime.now(UTC))


def _answered_by_a_colleague(server: Server, number: int, question: str, answer: Answer | None, note: str = "") -> None:
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        stored = reader.get_assessment(session, number).responses.get(QUESTIONNAIRE, {}).get(question)
        response = Response(question, answer, note, lock_version=stored.lock_version if stored else 0)
        actions.record_response(session, number, QUESTIONNAIRE, response, HANA, datetime.now(UTC))


def _in_front(
    server: Server, number: int, deed: Callable[[Screen, str], Awaitable[None]], token: str = "", person: str = "hana"
) -> None:
    async def come() -> None:
        async with _screen(server, number, token or doors.let_in_at(server.home, person)) as screen:
            await screen.drawn()
            await deed(screen, f"a{number}-1-{QUESTIONNAIRE}-")

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests has a loop running in this one
        thread.submit(asyncio.run, come()).result()


def _screen(server: Server, number: int, token: str) -> Screen:
    return Screen(server.port, token, "answer", f"assessment={number}&questionnaire={QUESTIONNAIRE}&section={SECTION}")


async def _afresh(server: Server, number: int, token: str) -> list[str]:
    async with _screen(server, number, token) as screen:
        await screen.drawn()
        return screen.content


def test_the_page_is_after_every_word_what_it_would_be_afresh(server: Server, number: int) -> None:
    """A first answer, which counts in the progress; another; none any more."""
    token = doors.let_in_at(server.home, "hana")

    async def deed(screen: Screen, key: str) -> None:
        for component in [name for name in screen.fields if f"-{key}" in name][:MOST]:
            question = component.rpartition(key)[2]
            field = screen.fields[component]["field"]
            if field["kind"] not in ("long", "short", "number", "day"):
                continue
            words = {"number": ["120", "3000"], "day": ["2026-03-01", "2026-04-01"]}.get(field["kind"], ["하나", "둘"])
            for answer in (*words, ""):
                await screen.answered(key + question, answer)
                assert screen.content == await _afresh(server, number, token), (question, answer)

    _in_front(server, number, deed, token)


def test_what_a_colleague_answered_meanwhile_stands_there_after_the_next_word(server: Server, number: int) -> None:
    token = doors.let_in_at(server.home, "hana")

    async def deed(screen: Screen, key: str) -> None:
        await screen.answered(key + TYPED, "하나")
        chosen = next(name for name in screen.fields if name.endswith(key + CHOSEN))
        option = screen.fields[chosen]["field"]["options"][0]["value"]
        is_several = screen.fields[chosen]["field"]["kind"] == "choices"
        _answered_by_a_colleague(server, number, CHOSEN, (option,) if is_several else option)
        await screen.answered(key + TYPED, "둘")
        assert screen.fields[chosen]["value"]["answer"] == ([option] if is_several else option)
        _answered_by_a_colleague(server, number, CHOSEN, (option,) if is_several else option, note="아이가 쓴다.")
        await screen.answered(key + TYPED, "셋")
        assert screen.fields[chosen]["value"]["note"] == "아이가 쓴다."
        assert screen.content == await _afresh(server, number, token)

    _in_front(server, number, deed, token)


def test_an_answer_draws_what_it_changes_and_nothing_else(server: Server, number: int) -> None:
    """The first one of a question changes how far the page is; the next ones nothing but the question itself."""

    async def deed(screen: Screen, key: str) -> None:
        parts = len(set(screen.part_of.values()))
        assert parts > MOST
        await screen.answered(key + TYPED, "하나")
        assert len(screen.parts_last) == 2
        await screen.answered(key + TYPED, "둘")
        assert len(screen.parts_last) == 1
        assert [name.rpartition(key)[2] for name in screen.fields_last] == [TYPED]
        await screen.answered(key + TYPED, "")
        assert len(screen.parts_last) == 2

    _in_front(server, number, deed)


@pytest.mark.slow
@pytest.mark.parametrize("page", CHAINS)
def test_what_an_answer_brings_into_sight_contradicts_or_takes_away_follows_at_once(
    server: Server, number: int, page: str
) -> None:
    """Question after question of which others hang, or against which others stand; after each the page is as afresh."""
    token, (query, answers) = doors.let_in_at(server.home, "hana"), CHAINS[page]

    async def come() -> None:
        async with Screen(server.port, token, page, f"assessment={number}&{query}") as screen:
            await screen.drawn()
            for question, answer in answers:
                await screen.answered(f"a{number}-1-{question}", answer)
                async with Screen(server.port, token, page, f"assessment={number}&{query}") as other:
                    await other.drawn()
                    assert screen.content == other.content, (question, answer)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, come()).result()


def test_words_upon_what_a_colleague_wrote_there_are_told_so(server: Server, number: int) -> None:
    async def deed(screen: Screen, key: str) -> None:
        await screen.answered(key + TYPED, "하나")
        _answered_by_a_colleague(server, number, TYPED, "동료의 말")
        verdict, _seconds = await screen.sent(key + TYPED, "둘")
        assert verdict is not None and verdict["kind"] == "conflict" and verdict["theirs"] == "동료의 말"

    _in_front(server, number, deed)


@pytest.mark.parametrize("taken", [{Role.PRODUCT_MANAGER}, {Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER}])
def test_whoever_lost_the_role_meanwhile_has_no_field_left(server: Server, number: int, taken: set[Role]) -> None:
    """Reads on without fields where another role remains, else is told that there is no such assessment."""
    person = f"dora-{len(taken)}"
    add_person(server.home, person, "도라", sorted({Role.PRODUCT_MANAGER, Role.COMMITTEE_MEMBER}))

    async def deed(screen: Screen, key: str) -> None:
        await screen.answered(key + TYPED, "하나")
        with doors.database_at(server.home) as opened, opened.transaction() as session:
            for role in taken:
                units.remove_grant(session, person, Grant(role, FIRST_UNIT))
        await screen.sent(key + TYPED, "둘")
        assert not any('"kind": "answer"' in part for part in screen.content)

    _in_front(server, number, deed, person=person)
