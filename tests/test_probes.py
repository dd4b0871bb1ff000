"""What machines ask of the server, and what it writes for them: /health, /ready, /metrics, and its log as JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from typer.testing import CliRunner

import app as product_app
from assessments import monitoring
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.keeping import readiness
from assessments.storage import evidence_files
from commands.main import app as command
from exports.printing import pdf
from pages._server import gate, measuring, probes, server_log, trouble, whose
from tests import doors, proxy
from tests.asgi import HOST, Socket, ask
from tests.office import KIM, Office
from tests.test_entrance import office, send

__all__ = ["office"]
ROOT = Path(__file__).resolve().parents[1]
TOKEN = "t0ken-of-the-tests-which-nobody-guesses"
SHOWN = {"authorization": f"Bearer {TOKEN}"}
ELSEWHERE = ("192.0.2.7", 50000)


@pytest.fixture
def app(office: Office, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    async def fails(_: Request) -> Response:
        raise RuntimeError(f"about {KIM.name} <kim@example.kr>")

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect:
            pass

    monkeypatch.setenv(monitoring.TOKEN, TOKEN)
    monkeypatch.setattr(pdf, "start", lambda: None)
    monkeypatch.setattr(probes, "LOOKS", probes.Looks())
    monkeypatch.setattr(probes, "KEPT_SECONDS", 0.0)
    probes.LOOKS.tasks = [SimpleNamespace(done=lambda: False)]  # type: ignore[list-item]
    routes: list[Any] = [WebSocketRoute("/_stcore/stream", echo), Route("/static/fails", fails), *product_app.ROUTES]
    handlers: Any = {Exception: trouble.answered}
    return Starlette(routes=routes, middleware=[Middleware(gate.Gate)], exception_handlers=handlers)


def told(app: Starlette) -> dict[str, bool]:
    checks: dict[str, bool] = json.loads(ask(app, "/ready", **SHOWN).body)
    return checks


# --- alive and ready --------------------------------------------------------------------------------------------


def test_a_server_that_can_do_its_work_says_so_in_a_word(app: Starlette) -> None:
    assert (ask(app, "/health").status, ask(app, "/health").text) == (200, "ok\n")
    assert (ask(app, "/ready").status, ask(app, "/ready").text) == (200, "ready\n")
    assert told(app) == dict.fromkeys(("database", "writing", "evidence", "disk", "workers"), True)


@pytest.mark.sqlite
@pytest.mark.slow
def test_what_does_not_hold_makes_it_not_ready_and_only_the_token_learns_what(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*checks: str) -> None:
        for headers in ({}, {"authorization": "Bearer another"}, {"authorization": TOKEN}):
            stranger = ask(app, "/ready", **headers)
            assert (stranger.status, stranger.text) == (503, "not ready\n")
        assert ask(app, "/ready", **SHOWN).status == 503
        assert {check for check, holds in told(app).items() if not holds} == set(checks)
        assert ask(app, "/health").status == 200, "it answers all the same"

    probes.LOOKS.tasks = [SimpleNamespace(done=lambda: True)]  # type: ignore[list-item]
    missing("workers")
    probes.LOOKS.tasks = [SimpleNamespace(done=lambda: False)]  # type: ignore[list-item]
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "start", lambda: (_ for _ in ()).throw(OSError("no process")))
        missing("workers")
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=readiness.FREE_BYTES - 1))
        missing("disk")
    shutil.rmtree(home() / evidence_files.EVIDENCE, ignore_errors=True)
    (home() / evidence_files.EVIDENCE).write_text("no folder")
    missing("evidence")
    (home() / evidence_files.EVIDENCE).unlink()
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.05)
    with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        missing("writing")
        other.execute("ROLLBACK")
        assert ask(app, "/ready").status == 200
        other.execute("UPDATE alembic_version SET version_num = '0035'")
        missing("database")


@pytest.mark.sqlite
def test_a_database_that_takes_no_more_is_found_by_writing(app: Starlette, office: Office) -> None:
    """Nothing but a write shows it: locks are given, and everything can be read."""
    assert told(app)["writing"]
    with office.database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA query_only = ON")
    try:
        checks = told(app)
    finally:
        with office.database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA query_only = OFF")
    assert checks["database"] and not checks["writing"]


def test_a_look_is_told_again_for_some_seconds(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    examine = readiness.examine
    monkeypatch.setattr(readiness, "examine", lambda workers: (looks.append(1), examine(workers))[1])
    monkeypatch.setattr(probes, "KEPT_SECONDS", 3600.0)
    assert [ask(app, "/ready").status for _ in range(5)] == [200] * 5
    assert len(looks) == 1


@pytest.mark.sqlite
def test_nothing_is_left_of_looking(app: Starlette) -> None:
    before = {path.name for path in home().rglob("*") if "security" not in path.parts}
    for _ in range(3):
        assert ask(app, "/ready").status == 200
    with closing(sqlite3.connect(home() / "haetae.db")) as database:
        assert database.execute("SELECT count(*) FROM sign_in_attempt").fetchone()[0] <= 1
    assert {path.name for path in home().rglob("*") if "security" not in path.parts} - before <= {"evidence"}


# --- from where -------------------------------------------------------------------------------------------------


def test_of_an_open_server_this_computer_asks_plainly_and_others_over_https(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_HOSTS", "haetae.example.kr")
    monkeypatch.setenv("HAETAE_PROXIES", "127.0.0.1")
    opened = Starlette(routes=app.routes, middleware=[Middleware(gate.Gate)])
    for path, headers in (("/health", {}), ("/ready", {}), ("/metrics", SHOWN)):
        assert ask(opened, path, host="127.0.0.1:8501", **headers).status == 200, path
        assert ask(opened, path, client=ELSEWHERE, **headers).status == 403, path
        spoken_for = {"x_forwarded_for": "192.0.2.7", "x_forwarded_proto": "https"}
        assert ask(opened, path, host="haetae.example.kr", **spoken_for, **headers).status == 200, path
        assert ask(opened, path, host="evil.example", **spoken_for, **headers).status == 403, path
    assert ask(opened, "/enter", host="127.0.0.1:8501").status == 403, "nothing else is told so"
    assert ask(opened, "/metrics", host="127.0.0.1:8501").status == 401


def test_another_computer_learns_nothing_of_a_server_that_is_not_open(app: Starlette) -> None:
    for path in sorted(probes.PATHS):
        assert ask(app, path, client=ELSEWHERE, **SHOWN).status == 403, path


# --- metrics ----------------------------------------------------------------------------------------------------


def test_metrics_are_for_whoever_shows_the_token_and_nobody_where_there_is_none(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        ask(app, "/metrics"),
        ask(app, "/metrics", authorization="Bearer "),
        ask(app, "/metrics", authorization="Bearer " + TOKEN[:-1]),
        ask(app, "/metrics", authorization="Basic " + TOKEN),
        ask(app, "/metrics", cookies=doors.cookies_of("kim")),
    ]
    assert ask(app, "/metrics", **SHOWN).status == 200
    monkeypatch.delenv(monitoring.TOKEN)
    answers += [ask(app, "/metrics", **SHOWN), ask(app, "/metrics", authorization="Bearer ")]
    assert {(answer.status, answer.text) for answer in answers} == {(401, "401\n")}


def figures(app: Starlette) -> dict[str, float]:
    answer = ask(app, "/metrics", **SHOWN)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_what_happens_is_counted(app: Starlette) -> None:
    measuring.timing.listen(measuring._took)
    before = figures(app)
    ask(app, "/systems", cookies=doors.cookies_of("kim"))
    ask(app, "/media/a.png")
    send(app, "/enter", account="kim", password="not the password")
    send(app, "/enter", account="kim", password=doors.PASSWORD)
    ask(app, "/enter", host="evil.example")

    async def talk() -> dict[str, float]:
        async with Socket(app, doors.cookies_of("kim"), {"origin": f"http://{HOST}"}) as socket:
            await socket.say({"type": "websocket.receive", "text": "hello"})
            return await asyncio.to_thread(figures, app)

    during = asyncio.run(talk())
    after = figures(app)

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown('haetae_requests_total{method="GET",route="/systems",status="200"}') == 1
    assert grown('haetae_requests_total{method="GET",route="other",status="401"}') == 1
    assert grown('haetae_request_seconds_count{route="/enter"}') == 2
    assert grown('haetae_sign_ins_total{outcome="refused",way="password"}') == 1
    assert grown('haetae_sign_ins_total{outcome="done",way="password"}') == 1
    assert grown('haetae_turned_away_total{reason="under another name"}') == 1
    assert (
        grown('haetae_database_wait_seconds_count{way="write"}')
        > 0
        < grown('haetae_database_wait_seconds_count{way="read"}')
    )
    assert during["haetae_sockets"] == before["haetae_sockets"] + 1 == after["haetae_sockets"] + 1
    assert grown("haetae_socket_messages_total") == 1
    assert after['haetae_ready{check="database"}'] == 1


def test_printing_and_work_beside_answering_are_counted(app: Starlette) -> None:
    measuring.timing.listen(measuring._took)
    from exports.printing.renderings import Renderings

    before = figures(app)
    made = Renderings(lambda payload: payload + b"!")
    assert made.of(b"x") == b"x!"
    with pytest.raises(ZeroDivisionError):
        Renderings(lambda _: bytes(1 // 0)).of(b"x")
    after = figures(app)
    for outcome in ("done", "failed"):
        name = f'haetae_jobs_total{{job="printing",outcome="{outcome}"}}'
        assert after[name] == before.get(name, 0) + 1


def test_no_label_holds_what_anybody_wrote(app: Starlette) -> None:
    """Routes as the program writes them, and words of closed lists."""
    secret = "tOkEn-0f-a-link-that-opens-once-000000000000"
    earlier = set(re.findall(r'route="([^"]*)"', ask(app, "/metrics", **SHOWN).text))  # of other tests in this process
    for path in (
        f"/link/{secret}",
        f"/{KIM.name}",
        "/assessment?assessment=4711",
        "/files/report/4711/draft.pdf",
        "/files/evidence/ev-5ecre7",
    ):
        for cookies in ({}, doors.cookies_of("kim")):
            ask(app, path, cookies=cookies, accept="text/html")
            ask(app, path, f"X{secret[:5]}", cookies=cookies)
    send(app, "/enter", account=KIM.name, password=secret)
    text = "\n".join(line.rpartition(" ")[0] for line in ask(app, "/metrics", **SHOWN).text.splitlines())
    for word in (secret, secret[:5], KIM.name, KIM.id, "4711", "5ecre7", "127.0.0.1", TOKEN):
        assert word not in text, word
    routes = {route.path for route in product_app.ROUTES} | {"/static/fails", "/_stcore/stream", measuring.OTHER}
    assert set(re.findall(r'route="([^"]*)"', text)) - earlier <= routes


# --- the log as JSON --------------------------------------------------------------------------------------------


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Every entry that is made, as JSON."""
    factory, written = logging.getLogRecordFactory(), list[dict[str, Any]]()
    monkeypatch.setenv(monitoring.LOG, "json")

    class Gathering(logging.Handler):
        def emit(self, entry: logging.LogRecord) -> None:
            written.append(json.loads(entry.getMessage()))

    handler, root = Gathering(), logging.getLogger()
    own = logging.getLogger("haetae")
    handlers, level, is_quiet = list(own.handlers), own.level, logging.getLogger("haetae.requests").disabled
    server_log.begin()
    own.addHandler(handler)
    root.addHandler(handler)
    own.propagate = False
    yield written
    logging.setLogRecordFactory(factory)
    root.removeHandler(handler)
    own.handlers, own.propagate = handlers, True
    own.setLevel(level)
    logging.getLogger("haetae.requests").disabled = is_quiet


def test_an_answer_is_one_object_with_signs_of_request_and_account(app: Starlette, lines: list[dict[str, Any]]) -> None:
    cookies = doors.cookies_of("kim")
    for _ in range(2):
        ask(app, "/systems?q=secret-words", cookies=cookies)
    ask(app, "/verify")
    first, second, third = (line for line in lines if line["logger"] == "haetae.requests")
    assert (first["method"], first["route"], first["status"]) == ("GET", "/systems", 200)
    assert first["actor"] == second["actor"] and re.fullmatch(r"A-[0-9a-f]{12}", first["actor"])
    assert first["request"] != second["request"] and "actor" not in third
    assert not {"kim", KIM.name, "secret-words"} & set(json.dumps(lines, ensure_ascii=False).split('"'))


def test_no_name_address_or_word_of_anybody_is_written(app: Starlette, lines: list[dict[str, Any]]) -> None:
    log, other = logging.getLogger("haetae"), logging.getLogger("somebody.elses")
    with pytest.raises(RuntimeError):
        ask(app, "/static/fails", cookies=doors.cookies_of("kim"))
    log.warning("%s of %d: %s", f"{KIM.name} kim@example.kr", 7, "words typed")
    log.warning("%(who)s came %(times)d times", {"who": KIM.name, "times": 3})
    other.warning(f"about {KIM.name}")
    try:
        raise AssessmentError(monitoring.TEXTS.told("no_log_kind", name="x", stated=KIM.name, kinds=""))
    except AssessmentError:
        log.exception("it failed")
    text = json.dumps(lines, ensure_ascii=False)
    for word in (KIM.name, "kim@", "example.kr", "words typed"):
        assert word not in text, word
    messages = [line["message"] for line in lines]
    assert "… of 7: …" in messages and "… came 3 times" in messages and "" in messages
    failed = next(line for line in lines if line["message"] == "it failed")
    assert failed["failure"][0]["kind"] == "AssessmentError"
    assert any("test_probes.py" in place for place in failed["failure"][0]["places"])
    assert all({"at", "level", "logger", "message", "place"} <= set(line) for line in lines)


def test_what_is_done_in_threads_of_its_own_is_the_requests_too(app: Starlette, lines: list[dict[str, Any]]) -> None:
    from pages._server import pools

    async def work() -> str:
        begun = whose.begun()
        whose.acting("kim")
        await pools.DOORS.run(logging.getLogger("haetae").warning, "inside")
        return begun.request

    request = asyncio.run(work())
    assert [line["request"] for line in lines if line["message"] == "inside"] == [request]


def test_an_account_is_called_the_same_here_and_otherwise_elsewhere() -> None:
    assert monitoring.log_id(b"k" * 32, "kim") == monitoring.log_id(b"k" * 32, "kim")
    assert len({monitoring.log_id(key, who) for key in (b"k" * 32, b"l" * 32) for who in ("kim", "lee")}) == 4


def test_without_a_word_the_log_is_text_and_tells_of_no_answers(
    app: Starlette, capfd: pytest.CaptureFixture[str]
) -> None:
    factory = logging.getLogRecordFactory()
    server_log.begin()
    try:
        ask(app, "/verify")
    finally:
        logging.setLogRecordFactory(factory)
    assert "/verify" not in capfd.readouterr().err


# --- settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (monitoring.TOKEN, "short"),
        (monitoring.TOKEN, "with blanks in it, however long it is"),
        (monitoring.TOKEN, "비밀번호비밀번호비밀번호비밀번호비밀번호"),
        (monitoring.LOG, "xml"),
    ],
)
def test_settings_that_cannot_be_used_are_told_before_anything_starts(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    said = CliRunner().invoke(command, ["serve", "--port", str(proxy.free_port())])
    assert said.exit_code != 0 and name in said.output
    assert name != monitoring.TOKEN or value not in said.output
    assert not list(tmp_path.iterdir())


def test_a_token_is_not_shown_by_whoever_prints_the_settings() -> None:
    assert TOKEN not in repr(monitoring.Monitoring(TOKEN))
    assert not monitoring.Monitoring("").admits("")


# --- a server -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_server_becomes_ready_counts_and_writes_objects_alone(tmp_path: Path) -> None:
    port, log = proxy.free_port(), tmp_path / "log"
    environment = {**os.environ, "HAETAE_HOME": str(tmp_path / "home"), monitoring.TOKEN: TOKEN, monitoring.LOG: "json"}
    words = ["serve", "--port", str(port), "--examples", "0", "--links", "0"]
    begin = [sys.executable, "-c", "from commands.main import app; app()", *words]
    with log.open("wb") as output:
        server = subprocess.Popen(begin, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            assert server.poll() is None, log.read_text("utf-8", "replace")
            if _asked(port, "/ready") == (200, "ready\n"):
                break
            time.sleep(0.5)
        status, counted = _asked(port, "/metrics", TOKEN)
        assert status == 200 and 'haetae_ready{check="workers"} 1.0' in counted
        assert 'haetae_release_info{version="' in counted and "haetae_process_resident_memory_bytes" in counted
        assert _asked(port, "/metrics")[0] == 401
        assert _asked(port, "/systems?q=words")[0] == 401
    finally:
        server.terminate()
        server.wait(timeout=60)
    written = log.read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(written) if line.startswith("{"))
    entries = [json.loads(line) for line in written[first:] if line]
    assert any(entry.get("route") == "other" and entry["status"] == 401 for entry in entries), written
    assert TOKEN not in log.read_text("utf-8") and "words" not in json.dumps(entries)


def _asked(port: int, path: str, token: str = "") -> tuple[int, str]:
    """Status and text; 0: nobody answers yet."""
    sent = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
