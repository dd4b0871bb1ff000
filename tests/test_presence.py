"""Who else is here, and what others changed: a look that writes nothing, and is no use of a session."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg

from assessments import actions, viewing
from assessments.errors import NotFoundError
from assessments.home import home
from assessments.model import Actor, Grant, Measure, Role
from assessments.people import add_person
from assessments.storage.entries import Look
from pages._frame import shared
from pages._server import by_itself, gate
from tests.office import AT, AUD, KIM, LEE, PDF, SEO, Office
from tests.screens import Visitors

SECOND = timedelta(seconds=1)


@pytest.fixture
def number(office: Office) -> int:
    for actor in (KIM, SEO, LEE, AUD):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return office.start()


def _look(office: Office, number: int, who: Actor = KIM, after: int = 0, since: int = 0) -> Look:
    """after, since: seconds after everything began."""
    with office.database.reading() as session:
        return viewing.look(session, who, office.read(number), "hiring", AT + since * SECOND, AT + after * SECOND)


def _note(office: Office, number: int, who: Actor, after: int = 0) -> None:
    with office.database.transaction() as session:
        viewing.note_presence(session, who, number, AT + after * SECOND)


def test_the_others_who_are_here_are_named_and_gone_after_a_while(office: Office, number: int) -> None:
    assert (_look(office, number).present, _look(office, number).is_note_due) == ((), True)
    for who in (SEO, AUD, KIM):
        _note(office, number, who)
    assert _look(office, number).present == (SEO.name, AUD.name)
    assert not _look(office, number, after=29).is_note_due and _look(office, number, after=30).is_note_due
    _note(office, number, SEO, 60)
    assert _look(office, number, after=80).present == (SEO.name,)
    assert _look(office, number, after=200).present == ()
    _note(office, number, SEO, 2 * 24 * 3600)
    with office.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM presence").scalar_one() == 1, "what is old goes"


def test_answers_of_others_are_seen_and_ones_own_are_not(office: Office, number: int) -> None:
    office.answer(number, "hiring.people", 1, by=KIM)
    office.answer(number, "hiring.told", "답", by=SEO)
    office.answer(number, "involvement.relies", "yes", by=SEO)
    look = _look(office, number, since=-1)
    assert [(answer.question, answer.by, answer.at) for answer in look.answers] == [("told", SEO.name, AT)]
    assert not _look(office, number, since=0).answers, "what was there when the page was drawn"
    before = look.last_news
    with office.database.transaction() as session:
        seq = actions.comment(session, number, "assessment", "말", SEO, AT)
    assert _look(office, number).last_news == seq > before


@pytest.mark.slow
def test_what_others_do_besides_answering_is_news_and_what_one_does_oneself_is_not(office: Office, number: int) -> None:
    before = _look(office, number).last_news
    office.answer(number, "hiring.told", "답", by=SEO)
    with office.database.transaction() as session:
        actions.set_measures(session, number, [Measure("m1", "두 번 본다.")], KIM, AT)
    assert _look(office, number).last_news == before, "one's own, and an answer, which is told by itself"
    seen = _look(office, number, SEO).last_news
    assert seen > before
    with office.database.transaction() as session:
        actions.add_evidence(session, number, actions.Upload("지정서", "a.pdf", PDF), SEO, AT)
    assert _look(office, number).last_news > seen == _look(office, number, SEO).last_news
    frozen = office.submit(number)
    assert _look(office, number, SEO).last_news > seen
    decided = _look(office, number).last_news
    office.decide(number, frozen)
    assert _look(office, number).last_news > decided


def test_nobody_outside_learns_who_is_here_or_is_noted(office: Office, number: int) -> None:
    outsider = Actor("out", "바깥사람", frozenset({Role.CHAIR}), frozenset({Grant(Role.CHAIR, 99)}))
    with pytest.raises(NotFoundError):
        _look(office, number, outsider)
    with pytest.raises(NotFoundError):
        _note(office, number, outsider)


@pytest.mark.first_in_check
@pytest.mark.parametrize("page", ["assessment", "answer", "impacts", "review", "decide", "comments", "log", "followup"])
def test_every_screen_of_an_assessment_says_who_is_here(
    office: Office, visitors: Visitors, number: int, page: str
) -> None:
    with office.database.transaction() as session:
        viewing.note_presence(session, SEO, number, shared.now())
    assert "지금 함께 보는 사람: 서두리" in visitors.sign_in(KIM).open(page, assessment=number).html
    assert "지금 함께 보는 사람이 없습니다" in visitors.sign_in(SEO).open(page, assessment=number).html


def test_a_page_that_is_opened_writes_nothing(office: Office, visitors: Visitors, number: int) -> None:
    visitors.sign_in(KIM).open("answer", assessment=number)
    with office.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM presence").scalar_one() == 0


def _message(*, is_auto_rerun: bool) -> Message:
    asked_for = BackMsg()
    asked_for.rerun_script.is_auto_rerun = is_auto_rerun
    asked_for.rerun_script.fragment_id = "f"
    return {"type": "websocket.receive", "bytes": asked_for.SerializeToString()}


def test_a_look_is_no_use_of_a_session_and_all_that_a_reader_does_is_one() -> None:
    assert by_itself.is_asked(_message(is_auto_rerun=True))
    assert not by_itself.is_asked(_message(is_auto_rerun=False))
    for other in ({"bytes": b"\xff\xff"}, {"bytes": b""}, {"text": "x"}, {}):
        assert not by_itself.is_asked({"type": "websocket.receive", **other})


def test_the_gate_asks_of_a_look_whether_the_session_stands_and_counts_no_use_of_it() -> None:
    messages = [_message(is_auto_rerun=True), _message(is_auto_rerun=False)]
    uses: list[bool] = []

    def is_alive(is_use: bool) -> bool:
        uses.append(is_use)
        return True

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_message: Message) -> None:
        raise AssertionError("nothing is sent")

    async def come() -> None:
        socket = gate._GuardedSocket(receive, send, asyncio.Event(), is_alive)
        await socket.receive()
        await socket.receive()
        socket.stop()

    asyncio.run(come())
    assert uses == [False, True]
