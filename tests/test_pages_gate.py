"""What is decided before a page runs: strangers, wrong hosts, ended sessions, blocked paths, headers; coming and going."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from assessments import actions
from assessments.home import home
from assessments.people import add_person
from assessments.storage import database, units
from assessments.storage.columns import utc_text
from exports.printing import pdf
from exports.printing.renderings import Renderings
from pages._frame import sessions
from pages._server import files, gate, shell
from pages._server import sign_in as _sign_in
from pages._server.admission import Admission
from tests import doors
from tests.asgi import HOST, LOCAL, Socket, ask, asked
from tests.office import AT, KIM, PARK, PDF, Office, open_office

ORIGIN = f"http://{HOST}"
HTML = {"accept": "text/html"}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    one = open_office(tmp_path, monkeypatch)
    for actor in (KIM, PARK):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return one


def disable(*person_ids: str) -> None:
    with database.transaction() as session:
        for person_id in person_ids:
            units.change_account(session, person_id, is_active=False)


@pytest.fixture
def app(office: Office) -> Starlette:
    async def behind(_: Request) -> Response:
        return PlainTextResponse("behind the gate")

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect:
            pass

    paths = ("/media/{rest:path}", "/_stcore/{rest:path}", "/static/{rest:path}", "/component/{rest:path}")
    return Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", echo),
            *_sign_in.ROUTES,
            *files.ROUTES,
            *shell.ROUTES,
            *(Route(path, behind) for path in paths),
        ],
        middleware=[Middleware(gate.Gate)],
    )


def sign_in(app: Any, person: str = "kim") -> dict[str, str]:
    return doors.cookies_of(person)


# --- strangers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/enter", "/static/js/index.js", "/_stcore/health", "/media/a.pdf"])
def test_another_computer_is_refused_with_a_plain_sentence(app: Starlette, path: str) -> None:
    answer = ask(app, path, client=("192.168.0.7", 4000), **HTML)
    assert answer.status == 403
    assert "실행 중인 컴퓨터에서만" in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8501", "192.168.0.7:8501", "", "127.0.0.1.evil.example"]
)
def test_another_host_name_is_refused_even_from_this_computer(app: Starlette, host: str) -> None:
    assert ask(app, "/enter", host=host, **HTML).status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:8501"])
def test_this_computers_own_names_are_answered(app: Starlette, host: str) -> None:
    assert ask(app, "/enter", host=host, **HTML).status == 200


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "x_forwarded_host"])
def test_a_request_that_a_proxy_hands_on_is_refused(app: Starlette, header: str) -> None:
    assert ask(app, "/enter", **{header: "10.0.0.1"}, **HTML).status == 403


# --- without a session ---------------------------------------------------------------------------------------


def test_without_a_session_a_page_leads_to_the_entrance_and_back(app: Starlette) -> None:
    answer = ask(app, "/answer?assessment=7&section=scope", **HTML)
    assert (answer.status, answer.location) == (303, "/enter?to=%2Fanswer%3Fassessment%3D7%26section%3Dscope")
    doors.give_password("kim")
    entered = doors.enter(app, "kim", to=answer.location)
    assert entered.location == "/answer?assessment=7&section=scope"


@pytest.mark.parametrize(
    "path", ["/media/report.pdf", "/files/evidence/e1", "/_stcore/host-config", "/component/x", "/review"]
)
def test_without_a_session_nothing_is_handed_out(app: Starlette, path: str) -> None:
    assert ask(app, path).status == 401
    assert ask(app, path, cookies={"haetae_session": "made-up"}).status == 401


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"])
def test_metrics_and_agents_are_answered_to_nobody(app: Starlette, path: str) -> None:
    assert ask(app, path).status == 404
    assert ask(app, path, cookies=sign_in(app)).status == 404


def test_with_a_session_pages_and_media_are_answered(app: Starlette) -> None:
    cookies = sign_in(app)
    assert ask(app, "/media/a.pdf", cookies=cookies).text == "behind the gate"
    assert "<title>Haetae</title>" in ask(app, "/answer?assessment=7", cookies=cookies, **HTML).text


@pytest.mark.parametrize("query", ["", "?q=7&all=after-1-2"])
def test_the_first_screen_by_its_name_leads_to_where_it_lies(app: Starlette, query: str) -> None:
    answer = ask(app, f"/home{query}", cookies=sign_in(app), **HTML)
    assert (answer.status, answer.location) == (303, f"/{query}")


def test_a_page_that_is_not_there_is_said_in_the_readers_language(app: Starlette) -> None:
    answer = ask(app, "/nowhere", cookies=sign_in(app), **HTML)
    assert answer.status == 404
    assert "찾는 화면이 없습니다" in answer.text


def test_every_answer_carries_the_headers(app: Starlette) -> None:
    for path in ("/", "/enter", "/static/a.js", "/_stcore/metrics", "/media/a"):
        headers = ask(app, path, **HTML).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert f"ws://{HOST}" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_every_inline_script_of_the_shell_is_let_through_by_its_hash_and_no_other(app: Starlette) -> None:
    page = ask(app, "/", cookies=sign_in(app), **HTML)
    assert page.text.count("<script>") == len(shell.script_hashes())
    for one in shell.script_hashes():
        assert one in page.headers["content-security-policy"]


def test_the_language_of_the_document_is_that_of_the_cookie(app: Starlette) -> None:
    cookies = sign_in(app)
    assert '<html lang="ko">' in ask(app, "/", cookies=cookies, **HTML).text
    assert '<html lang="en">' in ask(app, "/", cookies=cookies | {"haetae_language": "en"}, **HTML).text


# --- coming in and going out -----------------------------------------------------------------------------------


def test_where_nobody_may_act_the_entrance_says_how_to_add_somebody(app: Starlette) -> None:
    disable("kim", "park")
    assert "haetae user add" in ask(app, "/enter", **HTML).text


@pytest.mark.parametrize("origin", ["", "http://evil.example", "null", "http://localhost:9999"])
def test_a_form_from_elsewhere_is_refused(app: Starlette, origin: str) -> None:
    doors.give_password("kim")
    answer = doors.enter(app, "kim", origin=origin)
    assert answer.status == 403
    assert not answer.session


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Starlette) -> None:
    doors.give_password("kim")
    cookie = doors.enter(app, "kim").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_leaving_ends_the_session_on_the_server(app: Starlette) -> None:
    cookies = sign_in(app)
    assert ask(app, "/leave", "POST", cookies=cookies, origin="http://evil.example").status == 403
    assert ask(app, "/media/a", cookies=cookies).status == 200
    assert ask(app, "/leave", "POST", cookies=cookies, origin=ORIGIN).location == "/enter"
    assert ask(app, "/media/a", cookies=cookies).status == 401


def test_somebody_taken_off_the_list_is_out_at_once(app: Starlette) -> None:
    cookies = sign_in(app)
    disable("kim")
    assert ask(app, "/media/a", cookies=cookies).status == 401


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nSet-Cookie: x=1", "/leave"]
)
def test_nobody_is_led_to_another_site(to: str) -> None:
    assert _sign_in.safe_path(to) == "/"


@pytest.mark.parametrize("broken", ["//[", "http://[", "//\uff0fevil", "http://[::1", "//[x]"])
def test_an_address_that_is_none_is_an_answer_and_no_fault(app: Starlette, broken: str) -> None:
    assert _sign_in.safe_path(broken) == "/"
    assert ask(app, f"/enter?to={quote(broken)}").status == 200
    sent = broken.encode().decode("latin-1")
    assert ask(app, "/language/en", referer=sent).status == 303
    assert doors.enter(app, "kim", origin=sent).status == 403


def test_the_language_is_kept_and_leads_back(app: Starlette) -> None:
    answer = ask(app, "/language/en", referer=f"{ORIGIN}/review?assessment=7")
    assert answer.location == "/review?assessment=7"
    assert "haetae_language=en" in answer.headers["set-cookie"]
    assert ask(app, "/language/en", referer="http://evil.example/x").location == "/"
    assert ask(app, "/language/ko?to=/systems").location == "/systems"
    assert "name of the account" in ask(app, "/enter", cookies={"haetae_language": "en"}).text.lower()


# --- sockets ---------------------------------------------------------------------------------------------------


def test_a_socket_needs_a_session_an_origin_and_this_computer(app: Starlette) -> None:
    cookies = sign_in(app)

    async def close_code(cookies: dict[str, str], client: tuple[str, int] = LOCAL, **headers: str) -> int | None:
        async with Socket(app, cookies, headers, client) as socket:
            return socket.close_code

    assert asyncio.run(close_code(cookies, origin=ORIGIN)) is None
    assert asyncio.run(close_code({}, origin=ORIGIN)) == gate.SESSION_ENDED
    assert asyncio.run(close_code({"haetae_session": "made-up"}, origin=ORIGIN)) == gate.SESSION_ENDED
    assert asyncio.run(close_code(cookies)) == 1008
    assert asyncio.run(close_code(cookies, origin="http://evil.example")) == 1008
    assert asyncio.run(close_code(cookies, ("10.0.0.1", 4000), origin=ORIGIN)) == 1008


def test_an_open_socket_is_closed_when_its_session_ends(app: Starlette) -> None:
    cookies = sign_in(app)

    async def talk() -> Socket:
        async with Socket(app, cookies, {"origin": ORIGIN}) as socket:
            await socket.say({"type": "websocket.receive", "text": "first"})
            assert socket.said[-1]["text"] == "first"
            disable("kim")
            await socket.say({"type": "websocket.receive", "text": "second"})
            return socket

    socket = asyncio.run(talk())
    assert socket.close_code == gate.SESSION_ENDED
    assert "second" not in [one.get("text") for one in socket.said]


def test_leaving_closes_the_sockets_of_the_session_at_once_and_no_others(app: Starlette) -> None:
    mine, other = sign_in(app), sign_in(app, "park")

    async def talk() -> tuple[int | None, int | None]:
        async with (
            Socket(app, mine, {"origin": ORIGIN}) as closed,
            Socket(app, other, {"origin": ORIGIN}) as open_,
        ):
            await asyncio.to_thread(ask, app, "/leave", "POST", cookies=mine, origin=ORIGIN)
            await closed.closed()
            return closed.close_code, open_.close_code

    assert asyncio.run(talk()) == (gate.SESSION_ENDED, None)


def test_what_was_said_last_is_worked_on_before_the_socket_is_told_to_be_closed(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit stops whatever it runs for a socket that is closed: words sent right before would never be saved."""
    monkeypatch.setattr(gate, "LAST_WORDS_SECONDS", 3600.0)
    cookies = sign_in(app)

    async def talk() -> tuple[bool, Socket]:
        async with Socket(app, cookies, {"origin": ORIGIN}) as socket:
            await socket.say({"type": "websocket.receive", "text": "last words"})
            await socket.inbox.put({"type": "websocket.disconnect", "code": 1001})
            while not socket.inbox.empty():
                await asyncio.sleep(0)
            is_told = (await asyncio.wait({socket.task}, timeout=0.2))[0] == {socket.task}
            return is_told, socket

    is_told, socket = asyncio.run(talk())
    assert not is_told
    assert socket.said[-1]["text"] == "last words"


def test_a_socket_that_was_silent_is_told_at_once(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LAST_WORDS_SECONDS", 0.0)
    cookies = sign_in(app)

    async def talk() -> None:
        async with Socket(app, cookies, {"origin": ORIGIN}) as socket:
            await socket.say({"type": "websocket.receive", "text": "words"})
            await socket.inbox.put({"type": "websocket.disconnect", "code": 1001})
            async with asyncio.timeout(60):
                await socket.task

    asyncio.run(talk())


# --- files -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_evidence_is_handed_out_to_be_saved_under_its_own_name(app: Starlette, office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        upload = actions.Upload("명단", '검토자 "명단".pdf', PDF)
        kept = actions.add_evidence(session, number, upload, KIM, AT)
    answer = ask(app, f"/files/evidence/{kept.id}", cookies=sign_in(app))
    assert answer.body == PDF
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%EA%B2%80" in disposition
    assert disposition.isascii()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "path",
    [
        "/files/evidence/none",
        "/files/evidence/..%2F..%2Fpeople.yaml",
        "/files/report/99/draft.pdf",
        "/files/report/99999999999999999999999999/draft.pdf",
        "/files/report/1/sealed.pdf",
        "/files/report/x/record.json",
    ],
)
def test_what_is_not_there_is_a_sentence_and_no_trace(app: Starlette, office: Office, path: str) -> None:
    office.start()
    answer = ask(app, path, cookies=sign_in(app), **HTML)
    assert answer.status == 404
    assert "Traceback" not in answer.text


def test_the_record_of_a_draft_can_be_had_as_data(app: Starlette, office: Office) -> None:
    number = office.start()
    answer = ask(app, f"/files/report/{number}/record.json", cookies=sign_in(app))
    assert {"content", "results", "questionnaires"} <= set(json.loads(answer.body))


@pytest.mark.sqlite
def test_who_cannot_come_in_because_nothing_can_be_written_is_told_why(office: Office, app: Starlette) -> None:
    office.database.close()
    for ending in ("-wal", "-shm"):
        (home() / f"haetae.db{ending}").unlink(missing_ok=True)
    (home() / "haetae.db").write_bytes(b"no database at all" * 1000)
    answer = doors.enter(app, "kim")
    assert answer.status == 503
    assert "데이터베이스 파일이 손상되었거나" in answer.text or "is damaged" in answer.text


# --- reading is reading ----------------------------------------------------------------------------------------


HOLDS_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def lock_held() -> Iterator[Callable[[], None]]:
    """Called: from then on another program holds the database's write lock."""
    with ExitStack() as stack:

        def hold() -> None:
            holding = [sys.executable, "-c", HOLDS_THE_LOCK, str(home() / "haetae.db")]
            process = stack.enter_context(subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            assert process.stdout is not None and process.stdout.readline() == b"held\n"

        yield hold


def write_lock_is_taken() -> bool:
    with closing(sqlite3.connect(home() / "haetae.db", timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


def last_seen(at: datetime | None = None) -> datetime:
    """Of the only session; set to another time where one is given."""
    with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as connection:
        if at is not None:
            connection.execute("UPDATE login_session SET seen_at = ?", (utc_text(at),))
        return datetime.fromisoformat(connection.execute("SELECT seen_at FROM login_session").fetchone()[0])


@pytest.mark.sqlite
def test_pages_and_sockets_wait_for_no_writer(
    app: Starlette, office: Office, lock_held: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_USES", sessions._Uses())
    cookies, number = sign_in(app), office.start()
    last_seen(datetime.now(UTC) - timedelta(minutes=5))  # long enough ago to be noted again
    lock_held()

    async def talk() -> str:
        async with Socket(app, cookies, {"origin": ORIGIN}) as socket:
            await socket.say({"type": "websocket.receive", "text": "words"})
            return str(socket.said[-1].get("text"))

    begun = time.monotonic()
    assert ask(app, "/media/a.png", cookies=cookies).status == 200
    assert ask(app, f"/files/report/{number}/record.json", cookies=cookies).status == 200
    assert asyncio.run(talk()) == "words"
    assert write_lock_is_taken() and time.monotonic() - begun < database.BUSY_SECONDS


@pytest.mark.sqlite
def test_a_use_is_noted_once_a_minute_and_again_once_it_can_be(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(sessions, "_USES", sessions._Uses())
    cookies = sign_in(app)
    lately = last_seen()
    assert ask(app, "/media/a.png", cookies=cookies).status == 200
    assert last_seen() == lately  # not every request writes
    before = last_seen(datetime.now(UTC) - timedelta(minutes=5))
    with somebody_writes():
        assert ask(app, "/media/a.png", cookies=cookies).status == 200
    assert last_seen() == before
    assert ask(app, "/media/a.png", cookies=cookies).status == 200
    assert last_seen() > before


@contextmanager
def somebody_writes() -> Iterator[None]:
    """Somebody else writes meanwhile."""
    with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


# --- downloads -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_who_waits_for_a_report_keeps_nobody_waiting(
    app: Starlette, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many downloads as threads there are: they wait for renderings, and pages are answered all the same."""
    go_on = threading.Event()

    def made(payload: bytes) -> bytes:
        assert go_on.wait(120)
        return b"%PDF-" + payload[:1]

    monkeypatch.setattr(pdf, "_RENDERINGS", Renderings(made))
    monkeypatch.setattr(files, "ADMISSION", Admission("999/minute", "999/minute", inside=200, of_one=200))
    cookies, others, number = sign_in(app), sign_in(app, "park"), office.start()

    async def together() -> list[int]:
        path = f"/files/report/{number}/draft.pdf?language="
        waiting = [
            asyncio.create_task(asked(app, path + language, cookies=cookies))
            for _ in range(60)
            for language in ("ko", "en", "both")
        ]
        try:
            while len(files.ADMISSION) < len(waiting):
                await asyncio.sleep(0.01)
            assert (await asked(app, "/media/a.png", cookies=others)).status == 200
            assert (await asked(app, f"/files/report/{number}/record.json", cookies=others)).status == 200
            assert not any(one.done() for one in waiting)
        finally:
            go_on.set()
        return [one.status for one in await asyncio.gather(*waiting)]

    assert asyncio.run(together()) == [200] * 180


@pytest.mark.slow
def test_who_asks_for_too_many_reports_at_once_is_told_what_to_do(
    app: Starlette, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(pdf, "_RENDERINGS", Renderings(lambda payload: go_on.wait(120) and payload))
    monkeypatch.setattr(files, "ADMISSION", Admission("99/minute", "99/minute", inside=7, of_one=6))
    mine, others, number = sign_in(app), sign_in(app, "park"), office.start()

    async def together() -> None:
        path = f"/files/report/{number}/draft.pdf"
        waiting = [asyncio.create_task(asked(app, path, cookies=mine)) for _ in range(6)]
        try:
            while len(files.ADMISSION) < 6:
                await asyncio.sleep(0.01)
            refused = await asked(app, path, cookies=mine)
            assert refused.status == 429 and int(refused.headers["retry-after"]) > 0
            assert "6건" in refused.text
            waiting.append(asyncio.create_task(asked(app, path, cookies=others)))
            while len(files.ADMISSION) < 7:
                await asyncio.sleep(0.01)
            assert (await asked(app, path, cookies=others)).status == 503
        finally:
            go_on.set()
        assert {one.status for one in await asyncio.gather(*waiting)} == {200}

    asyncio.run(together())


def test_whoever_goes_away_leaves_a_report_to_those_who_wait_for_it_too(
    app: Starlette, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(pdf, "_RENDERINGS", Renderings(lambda payload: go_on.wait(120) and payload))
    cookies, path = sign_in(app), f"/files/report/{office.start()}/draft.pdf"

    async def together() -> int:
        gone, stays = (asyncio.create_task(asked(app, path, cookies=cookies)) for _ in range(2))
        while len(files.ADMISSION) < 2:
            await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.wait({gone})
        go_on.set()
        return (await stays).status

    assert asyncio.run(together()) == 200
