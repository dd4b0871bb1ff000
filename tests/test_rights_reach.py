"""What somebody reaches by address, link, form, screen and letter: only what lies where they hold a role, and no word of the rest."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from assessments import actions, editions, people, register
from assessments.deeds.requesting import SealedDocument
from assessments.home import home
from assessments.keeping import sealed_files
from assessments.model import Actor, AISystem, Grant, Measure, Operator, Role
from assessments.rules.lifecycle import Cause
from assessments.rules.meetings import Form
from assessments.rules.recourse import Stated
from assessments.rules.requesting import StepKind
from assessments.storage import database, reader
from exports.forms import archive_copy
from exports.record.original import SealedOriginal
from exports.record.record import Record
from exports.seal import keyring, keys
from pages._field.letter import Letter
from pages._parts import questions, unsaved
from pages._server import files, gate, log_upload, portfolio_tables, reports, sign_in
from pages._server.admission import Admission
from tests import doors, sealed_reports
from tests.asgi import HOST, Answer, Socket, ask
from tests.logs import HEADER, row
from tests.office import AT, KIM, LEE, PDF, Office, open_office
from tests.screens import Visitors
from tests.test_rights_table import HOLDS, PLACES, SHORT, _add
from tests.test_rights_table import furnish as with_people

APP = Starlette(routes=[*sign_in.ROUTES, *files.ROUTES, *log_upload.ROUTES], middleware=[Middleware(gate.Gate)])
SECRET = "비밀시제품"
"""A word of the system's name, the operator's and an answer: it stands in everything that is not for others."""
FAR = 987_650
"""What is added to a number for one that does not exist; the last digit stays, by which Korean particles go."""
DRAFT, DONE = 1, 2
WRITERS = ("pm", "co")
SCREENS = (
    "assessment",
    "answer",
    "impacts",
    "involvement",
    "log",
    "review",
    "whatif",
    "decide",
    "comments",
    "followup",
    "documents",
    "revisions",
    "history",
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch, furnish)


def furnish(office: Office) -> None:
    """A draft with evidence and a sealed report of one system, in the own unit; people with their roles everywhere."""
    with_people(office)
    keys.load_or_create(home())
    named = Operator(f"{SECRET} 회사", supervisor_name="한지우", supervisor_contact="02-000-0000")
    with office.database.transaction() as session:
        operator = actions.register_operator(session, named, KIM, AT)
        system = actions.register_system(session, operator, AISystem(f"{SECRET} 도우미"), KIM, AT)
        for _ in (DRAFT, DONE):
            actions.start_assessment(session, system, "hiring", KIM, AT)
        actions.add_evidence(session, DRAFT, actions.Upload(SECRET, f"{SECRET}.pdf", PDF), KIM, AT)
        actions.set_measures(session, DONE, [Measure("m1", SECRET, SECRET, AT.date())], KIM, AT)
    office.answer(DRAFT, "hiring.told", f"{SECRET} 안내문")
    frozen = office.submit(DONE)
    office.decide(DONE, frozen, by=replace(LEE, position=f"{SECRET} 위원장"))
    office.sign(DONE, frozen)
    with office.database.transaction() as session:
        shown = actions.Upload(SECRET, f"{SECRET}.pdf", PDF)
        actions.follow_up(session, DONE, Cause.MEASURE, "m1", AT.date(), SECRET, shown, KIM, AT)
    sealed_reports.keep(office, DONE, sealed_reports.record_of(office, DONE))
    with office.database.transaction() as session:
        for place, unit in PLACES.items():
            _add(session, f"all.{place}", unit, [Grant(role, unit) for role in Role if role is not Role.AUDITOR])
        for table in ("operator", "ai_system"):
            session.connection().execute(text(f"UPDATE {table} SET unit_id = {PLACES['own']}"))


@pytest.fixture(autouse=True)
def _nobody_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Together these tests ask for more than a person may in a minute."""
    monkeypatch.setattr(
        files, "ADMISSION", Admission("9999/minute", "9999/minute", inside=48, of_one=files.OF_ONE_PERSON)
    )


@pytest.fixture(autouse=True)
def _nothing_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft's pages take seconds and are not what is asked here."""

    def begun(made_from: object, _languages: object, _original: object = None) -> Future[bytes]:
        done: Future[bytes] = Future()
        done.set_result(f"%PDF-1.7 {SECRET}".encode())
        return done

    monkeypatch.setattr(reports.pdf, "begin", begun)
    monkeypatch.setattr(reports.pdf, "begin_archive", begun)
    of_any = archive_copy.Prepared(cast(Record, None), ("ko",), SealedOriginal("", "", ""))
    monkeypatch.setattr(archive_copy, "prepared", lambda _sealed: of_any)


def addresses(number: int, done: int, evidence: str) -> dict[str, str]:
    return {
        "evidence": f"/files/evidence/{evidence}",
        "proof": f"/files/proof/{proof_id() if number == DRAFT else 'pr-0000000000000000'}",
        "draft": f"/files/report/{number}/draft.pdf",
        "record": f"/files/report/{number}/record.json",
        "workbook": f"/files/report/{number}/as/xlsx",
        "markdown": f"/files/report/{number}/as/markdown",
        "certificate": f"/files/report/{number}/certificate.pem",
        "request": f"/files/document/{number}/request.docx?language=ko",
        "rights sheet": f"/files/document/{number}/rights.hwpx",
        "sealed": f"/files/report/{done}/sealed.pdf",
        "archive copy": f"/files/report/{done}/archive.pdf",
        "sealed record": f"/files/report/{done}/record.json?revision=1",
        "bundle": f"/files/bundle.zip?assessments={number},{done}",
    }


def evidence_id() -> str:
    with database.reading() as session:
        return str(session.connection().exec_driver_sql("SELECT id FROM evidence").scalar_one())


def proof_id() -> str:
    with database.reading() as session:
        return str(session.connection().exec_driver_sql("SELECT id FROM proof").scalar_one())


def sees(role: str, place: str) -> bool:
    return place in HOLDS or (role == "au" and place != "other")


def like(answer: Answer) -> tuple[int, str]:
    """Status and words, without the numbers that were asked for."""
    return answer.status, re.sub(r"(ev|pr)-\w+|\d+", "N", answer.text)


def hand_in(cookies: dict[str, str], number: int) -> Answer:
    content = "\n".join([HEADER, row(1)]).encode()
    body = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="log.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body += content + b"\r\n--xx--\r\n"
    sent = {"origin": f"http://{HOST}", "content_type": "multipart/form-data; boundary=xx"}
    return ask(APP, f"/files/log/{number}", "POST", cookies=cookies, body=body, **sent)


@pytest.mark.slow
def test_every_download_is_for_whoever_holds_a_role_there_and_missing_for_everybody_else(office: Office) -> None:
    own = addresses(DRAFT, DONE, evidence_id())
    absent = addresses(DRAFT + FAR, DONE + FAR, f"ev-{'0' * 15}{evidence_id()[-1]}")
    count = 0
    for role, place in product(SHORT, PLACES):
        cookies, is_seen = doors.cookies_of(f"{role}.{place}"), sees(role, place)
        for name, address in own.items():
            answer, cell = ask(APP, address, cookies=cookies, accept="text/html"), f"{name}, {role} {place}"
            assert answer.status == (200 if is_seen else 404), cell
            if not is_seen:
                assert SECRET not in answer.text, cell
                assert like(answer) == like(ask(APP, absent[name], cookies=cookies, accept="text/html")), cell
            count += 1
    assert count == 7 * 6 * len(own) == 7 * 6 * 13
    assert all(ask(APP, address).status == 401 for address in own.values()), "without a session"


@pytest.mark.slow
def test_a_calendar_names_what_its_reader_may_read_and_nothing_else(office: Office) -> None:
    assert ask(APP, "/files/calendar.ics").status == 401
    for role, place in product(SHORT, PLACES):
        answer = ask(APP, "/files/calendar.ics", cookies=doors.cookies_of(f"{role}.{place}"))
        assert answer.status == 200 and "BEGIN:VCALENDAR" in answer.text, (role, place)
        assert (SECRET in answer.text) is sees(role, place), (role, place)


@pytest.mark.slow
def test_a_log_is_handed_in_by_authors_of_the_unit_and_for_others_there_is_no_such_assessment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        """The first look takes a process of its own."""

    monkeypatch.setattr(log_upload, "_looked_at", nothing)
    for role, place in product(SHORT, PLACES):
        cookies = doors.cookies_of(f"{role}.{place}")
        answer = hand_in(cookies, DRAFT)
        if not sees(role, place):
            assert answer.status == 404 and like(answer) == like(hand_in(cookies, DRAFT + FAR)), (role, place)
        else:
            assert answer.status == (303 if role in WRITERS else 409), (role, place)
        mapping = ask(APP, f"/files/log/{DRAFT}/mapping.yaml", cookies=cookies, accept="text/html")
        if not sees(role, place):
            assert mapping.status == 404, (role, place)
        else:
            assert mapping.status in ((200, 404, 409) if role in WRITERS else (409,)), (role, place)


@pytest.mark.slow
def test_the_register_as_a_table_names_what_its_reader_may_read_and_nothing_else(office: Office) -> None:
    assert ask(APP, "/files/register.csv").status == 401
    for role, place in product(SHORT, PLACES):
        answer = ask(APP, "/files/register.csv", cookies=doors.cookies_of(f"{role}.{place}"))
        assert answer.status == 200, (role, place)
        assert (SECRET in answer.text) is sees(role, place), (role, place)


@pytest.mark.slow
def test_tables_of_the_portfolio_count_what_their_reader_may_read_and_nothing_else(office: Office) -> None:
    for table in portfolio_tables.TABLES:
        address = f"/files/portfolio/{table}.csv"
        assert ask(APP, address).status == 401
        nothing = ask(APP, address, cookies=doors.cookies_of("all.other"))
        own = ask(APP, address, cookies=doors.cookies_of("pm.own"))
        assert nothing.status == own.status == 200, table
        for role, place in product(SHORT, PLACES):
            answer = ask(APP, address, cookies=doors.cookies_of(f"{role}.{place}"))
            assert answer.body == (own if sees(role, place) else nothing).body, (table, role, place)


WALKED_BY = {
    "/files/calendar.ics": "test_a_calendar_names_what_its_reader_may_read_and_nothing_else",
    "/files/portfolio/{table}.{ending}": "test_tables_of_the_portfolio_count_what_their_reader_may_read_and_nothing_else",
    "/files/register.{ending}": "test_the_register_as_a_table_names_what_its_reader_may_read_and_nothing_else",
    "/files/requests.{ending}": "test_requests_are_read_in_their_unit_by_whoever_may_and_not_even_named_elsewhere",
    "/files/log/{assessment_id}": "test_a_log_is_handed_in_by_authors_of_the_unit_and_for_others_there_is_no_such_assessment",
    "/files/log/{assessment_id}/mapping.yaml": "test_a_log_is_handed_in_by_authors_of_the_unit_and_for_others_there_is_no_such_assessment",
    "/files/meeting/{meeting_id}/minutes.{form}": "test_what_a_committee_leaves_is_for_whoever_may_read_its_meetings",
    "/files/meeting/{meeting_id}/{number}.{form}": "test_what_a_committee_leaves_is_for_whoever_may_read_its_meetings",
    "/files/document/{assessment_id}/sealed/{number}.{form}": "test_a_sealed_document_is_for_whoever_reads_its_assessment",
}
"""Addresses that the walk of downloads cannot take → the test that tries them by role and place."""


@pytest.mark.slow
def test_every_address_of_a_file_is_walked_by_role_and_place(office: Office) -> None:
    """A new one is missing here until somebody tries it from everywhere."""
    walked = [address.partition("?")[0] for address in addresses(1, 2, "ev-0").values()]
    for route in (*files.ROUTES, *log_upload.ROUTES):
        if route.path in WALKED_BY:
            assert WALKED_BY[route.path] in globals(), route.path
        else:
            assert any(route.path_regex.match(address) for address in walked), route.path


@pytest.mark.slow
def test_what_a_committee_leaves_is_for_whoever_may_read_its_meetings(office: Office) -> None:
    with office.database.transaction() as session:
        chair = people.acting(session, "ch.own")
        assert chair is not None
        on = AT.date() + timedelta(days=1)
        number = actions.convene_meeting(session, PLACES["own"], on, Form.IN_PERSON, SECRET, chair, AT)
    for role, place in product(SHORT, PLACES):
        cookies, cell = doors.cookies_of(f"{role}.{place}"), (role, place)
        reads = role in ("cm", "ch", "au") and sees(role, place)
        for ending in ("minutes.docx", "1.pdf"):
            own = ask(APP, f"/files/meeting/{number}/{ending}", cookies=cookies, accept="text/html")
            absent = ask(APP, f"/files/meeting/{number + FAR}/{ending}", cookies=cookies, accept="text/html")
            if not sees(role, place):
                assert like(own) == like(absent) and SECRET not in own.text, (*cell, ending)
            elif not reads:
                assert own.status in (403, 404, 409) and "회의록" not in own.text, (*cell, ending)
            elif ending == "minutes.docx":
                assert own.status == 409 and "회의록" in own.text, "only closed ones are handed out"
        assert ask(APP, f"/files/meeting/{number}/minutes.docx").status == 401


@pytest.mark.slow
def test_a_sealed_document_is_for_whoever_reads_its_assessment(office: Office) -> None:
    frozen = office.read(DONE).content_sha256
    content = {"assessment": DONE, "revision": 1, "content_sha256": frozen, "document_id": "HT-1"}
    with office.database.transaction() as session:
        officer = people.acting(session, "so.own")
        assert officer is not None
        kept = actions.keep_official(session, DONE, SealedDocument("rights", "ko", content, PDF), officer, AT)
    address = f"/files/document/{DONE}/sealed/{kept}.pdf"
    assert ask(APP, address).status == 401
    for role, place in product(SHORT, PLACES):
        cookies = doors.cookies_of(f"{role}.{place}")
        own = ask(APP, address, cookies=cookies, accept="text/html")
        absent = ask(APP, address.replace(str(DONE), str(DONE + FAR), 1), cookies=cookies, accept="text/html")
        assert own.status == (200 if sees(role, place) else 404), (role, place)
        assert sees(role, place) or like(own) == like(absent), (role, place)


@pytest.mark.slow
def test_what_came_last_into_a_record_is_read_with_it_and_by_nobody_else(office: Office) -> None:
    """Positions of people, the seal's name and fingerprint, a log's figures behind its pictures: in the record, wherever it is given."""
    shown = ask(APP, f"/files/report/{DONE}/record.json", cookies=doors.cookies_of("pm.own")).text
    standing = keyring.standing(home(), AT)
    assert standing is not None
    seal = standing.certificate.subject.rfc4514_string()
    assert json.loads(shown)["decision"]["by"]["position"] == f"{SECRET} 위원장" and len(seal) > 5
    for role, place in product(SHORT, PLACES):
        cookies = doors.cookies_of(f"{role}.{place}")
        for ending in ("record.json", "record.json?revision=1", "as/xlsx", "as/markdown", "archive.pdf"):
            answer = ask(APP, f"/files/report/{DONE}/{ending}", cookies=cookies)
            assert answer.status == (200 if sees(role, place) else 404), (role, place, ending)
            if not sees(role, place):
                assert "위원장" not in answer.text and seal not in answer.text, (role, place, ending)


# --- sockets and media ------------------------------------------------------------------------------------------


async def _behind(_: Request) -> Response:
    return PlainTextResponse("behind the gate")


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_text(await socket.receive_text())


STREAMLIT = Starlette(
    routes=[WebSocketRoute("/_stcore/stream", _echo), Route("/media/{rest:path}", _behind)],
    middleware=[Middleware(gate.Gate)],
)


@pytest.mark.slow
def test_sockets_and_media_are_for_whoever_may_act_at_all(office: Office) -> None:
    """What a socket shows is drawn for its person alone, see the screens; nobody else gets one."""

    async def answers(cookies: dict[str, str]) -> bool:
        async with Socket(STREAMLIT, cookies, {"origin": f"http://{HOST}"}) as socket:
            await socket.say({"type": "websocket.receive", "text": "hello"})
            return socket.close_code is None and socket.said[-1].get("text") == "hello"

    people_here = [f"{role}.{place}" for role, place in product(SHORT, PLACES)]
    for person_id, may_come in (*((one, True) for one in people_here), ("nobody", True), ("asleep", False)):
        cookies = doors.cookies_of(person_id)
        assert ask(STREAMLIT, "/media/a", cookies=cookies).status == (200 if may_come else 401), person_id
        assert asyncio.run(answers(cookies)) is may_come, person_id
    for strange in ({}, {"haetae_session": "made-up"}):
        assert ask(STREAMLIT, "/media/a", cookies=strange).status == 401
        assert not asyncio.run(answers(strange))


def test_whoever_is_disabled_hears_nothing_more_on_an_open_socket(office: Office) -> None:
    cookies = doors.cookies_of("pm.own")

    async def talk() -> Socket:
        async with Socket(STREAMLIT, cookies, {"origin": f"http://{HOST}"}) as socket:
            await socket.say({"type": "websocket.receive", "text": "first"})
            with office.database.transaction() as session:
                actions.disable_person(session, "pm.own", people.command_line(session), AT)
            await socket.say({"type": "websocket.receive", "text": "second"})
            return socket

    said = [message.get("text") for message in asyncio.run(talk()).said]
    assert "first" in said and "second" not in said


# --- screens ----------------------------------------------------------------------------------------------------


def drawn(visitors: Visitors, person_id: str, screen: str, **query: object) -> str:
    """All that the screen sends to the browser."""
    actor = people.find_person(home(), person_id)
    assert actor is not None
    app = visitors.sign_in(actor).open(screen, **query).app
    return "\n".join(str(element.proto) for element in app.main) + "\n".join(
        str(part.proto) for part in app.get("html")
    )


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch)


def escaped(word: str) -> str:
    """As a message is printed in which it stands."""
    return "".join(f"\\{byte:o}" for byte in word.encode())


def tells(shown: str) -> bool:
    return SECRET in shown or escaped(SECRET) in shown


@pytest.mark.slow
@pytest.mark.parametrize("screen", [*SCREENS, "home", "systems", "register"])
def test_a_screen_shows_its_assessment_to_every_role_of_the_unit_and_no_word_of_it_to_others(
    visitors: Visitors, screen: str
) -> None:
    """From elsewhere with all roles but the auditor's, which reaches further: more roles never reach less."""
    query = {"assessment": DRAFT} if screen in SCREENS else {}
    for role in SHORT:
        assert tells(drawn(visitors, f"{role}.own", screen, **query)), role
    for person_id in ("all.beside", "all.other", "nobody", *(["all.below"] if screen != "systems" else [])):
        shown = drawn(visitors, person_id, screen, **query)
        assert not tells(shown), person_id
        if screen in SCREENS:
            missing = drawn(visitors, person_id, screen, assessment=DRAFT + FAR)
            assert re.sub(r"\d+", "N", missing) == re.sub(r"\d+", "N", shown), person_id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("screen", "query"),
    [
        ("home", {"system": 1}),
        ("home", {"q": SECRET}),
        ("home", {"q": str(DRAFT)}),
        ("home", {"all": "1999-01-01T00:00:00+00:00~1"}),
        ("systems", {"operator": 1}),
        ("systems", {"q": SECRET}),
        ("systems", {"from": "1~1"}),
        ("register", {"q": SECRET}),
        ("register", {"from": "after-0-1", "unit": "3"}),
        ("system", {"system": 1}),
        ("queue", {"q": SECRET}),
        ("queue", {"reviewer": "-"}),
        ("sample", {"period": "2026-Q4", "seed": "7", "size": "100"}),
        ("answer", {"assessment": DRAFT, "questionnaire": "hiring"}),
        ("review", {"assessment": DONE}),
        ("decide", {"assessment": DONE}),
        ("history", {"assessment": DONE, "from": "999~0"}),
    ],
)
def test_no_address_of_a_screen_leads_around_the_unit(
    visitors: Visitors, screen: str, query: dict[str, object]
) -> None:
    shown = drawn(visitors, "all.other", screen, **query).replace("q: " + SECRET, "")
    words = re.sub(r'value: "[^"]*"', "", shown)  # what was searched for stands in its field
    assert not tells(words)


@pytest.mark.slow
@pytest.mark.parametrize("person_id", ["all.other", "au.other"])
def test_the_committees_side_tells_others_no_word_and_no_figure_of_a_unit(
    office: Office, visitors: Visitors, person_id: str
) -> None:
    """Not by naming the unit either: what waits, requests under Act Art. 33 with their clocks, sums, meetings."""
    own = PLACES["own"]
    with office.database.transaction() as session:
        author, chair = people.acting(session, "pm.own"), people.acting(session, "ch.own")
        assert author is not None and chair is not None
        sent = AT.date() - timedelta(days=31)
        actions.note_request_step(session, DONE, StepKind.SENT, sent, author, AT)
        number = actions.convene_meeting(session, own, AT.date(), Form.IN_PERSON, SECRET, chair, AT)
    assert tells(drawn(visitors, "ch.own", "portfolio")) and tells(drawn(visitors, "ch.own", "meeting", meeting=number))
    for screen, query in (
        ("portfolio", {"unit": own, "confirmation": "all", "due": "all"}),
        ("meeting", {"meeting": number}),
        ("meetings", {}),
        ("queue", {"unit": own}),
        ("editions", {"unit": own}),
    ):
        shown = drawn(visitors, person_id, screen, **query)
        assert not tells(shown) and not re.search(r'h-count\\?">[^0]', shown), screen
    for name in (*portfolio_tables.TABLES, *portfolio_tables.OVER_TIME, portfolio_tables.DEPARTURES):
        answer = ask(APP, f"/files/portfolio/{name}.csv?unit={own}", cookies=doors.cookies_of(person_id))
        rows = answer.text.splitlines()[1:]
        assert answer.status == 200 and not re.search(",[1-9]", "".join(rows)), name


@pytest.mark.slow
def test_requests_are_read_in_their_unit_by_whoever_may_and_not_even_named_elsewhere(
    office: Office, visitors: Visitors
) -> None:
    with office.database.transaction() as session:
        clerk = people.acting(session, "pm.own")
        assert clerk is not None
        stated = Stated("human_review", AT.date(), SECRET, SECRET, "web", "")
        number = actions.state_request(session, 1, stated, clerk, AT)
    for role, place in product(SHORT, PLACES):
        reads = sees(role, place) and role != "ad"
        answer = ask(APP, "/files/requests.csv?state=all", cookies=doors.cookies_of(f"{role}.{place}"))
        assert answer.status == 200, (role, place)
        assert (SECRET in answer.text) is reads, (role, place)
    assert ask(APP, "/files/requests.csv").status == 401
    for person_id in ("pm.own", "au.beside", "cm.top"):
        assert tells(drawn(visitors, person_id, "request", request=number)), person_id
        assert tells(drawn(visitors, person_id, "recourse", state="all")), person_id
    for person_id in ("ad.own", "all.beside", "all.other", "all.below", "nobody"):
        assert not tells(drawn(visitors, person_id, "request", request=number)), person_id
        named = {} if person_id == "ad.own" else {"system": "1"}  # an administrator knows the system
        assert not tells(drawn(visitors, person_id, "recourse", state="all", unit="3", **named)), person_id
    for person_id in ("all.beside", "all.other", "nobody"):
        missing = drawn(visitors, person_id, "request", request=number + FAR)
        shown = drawn(visitors, person_id, "request", request=number)
        assert re.sub(r"\d+", "N", missing) == re.sub(r"\d+", "N", shown), person_id


@pytest.mark.slow
def test_people_and_units_are_shown_to_their_administrators_alone(visitors: Visitors) -> None:
    for person_id in (*(f"{role}.own" for role in SHORT), *(f"ad.{place}" for place in PLACES if place != "own")):
        role, _, place = person_id.partition(".")
        is_theirs = role == "ad" and place in HOLDS
        assert ("asleep" in drawn(visitors, person_id, "people", q="asleep").replace('"asleep"', "")) is is_theirs, (
            person_id
        )
        assert ("더 아래" in visitors.open("units").html) is is_theirs, person_id


# --- the register -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["below", "beside", "other"])
def test_of_a_sealed_report_of_another_unit_one_learns_what_strangers_learn(office: Office, place: str) -> None:
    """A revision that is only begun is no concern of theirs, nor is a file that is registered with the same record."""
    with office.database.transaction() as session:
        actions.revise(session, DONE, _author(), AT)
        stranger = people.acting(session, f"all.{place}")
        (sealed,) = reader.sealed_reports(session, DONE)
    file = sealed_files.file_of(sealed)
    asked = (file, sealed.file_sha256, sealed.record_sha256)
    assert register.look_up(*asked, actor=stranger) == register.look_up_for_strangers(*asked)
    assert register.look_up(*asked, actor=_author()) != register.look_up_for_strangers(*asked)
    changed = (file, "0" * 64, sealed.record_sha256)
    assert register.look_up(*changed, actor=stranger) == register.look_up_for_strangers(*changed)
    assert register.look_up(*changed, actor=_author()) != register.look_up_for_strangers(*changed)


def _author() -> Actor:
    return Actor("kim", "김하나", KIM.roles, frozenset(Grant(role, PLACES["own"]) for role in KIM.roles))


# --- letters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["below", "beside", "other"])
def test_a_letter_to_a_question_of_another_unit_is_told_as_one_to_nowhere(office: Office, place: str) -> None:
    """As a browser sends it by itself: what it still holds of somebody's answers, from whatever screen."""
    with office.database.reading() as session:
        actor = people.acting(session, f"all.{place}")
    assert actor is not None
    before = office.read(DRAFT)
    told = [
        unsaved._settle([number, 1, "hiring", "told"], _letter(actor, number), actor) for number in (DRAFT, DRAFT + FAR)
    ]
    ends = [(verdict.kind, re.sub(r"\d+", "N", str(verdict.text))) for verdict in told]
    assert ends[0] == ends[1] and ends[0][0] == "refused"
    place_of = questions.Place(DRAFT, 1, "hiring")
    question = editions.questionnaires(before)["hiring"].question("told")
    assert questions.settle(place_of, question, _letter(actor, DRAFT), actor).kind == "refused"
    assert office.read(DRAFT) == before


def _letter(actor: Actor, number: int) -> Letter:
    token = questions.Place(number, 1, "hiring").token("told", actor)
    content = {
        "nonce": uuid.uuid4().hex,
        "token": token,
        "base": 0,
        "seen": {},
        "sent": [],
        "value": {"answer": "x", "note": ""},
    }
    letter = Letter.of(content)
    assert letter is not None
    return letter
