"""The security log: who, when, from where, what came of it; on one line each, private, and without a secret."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typer.testing import CliRunner

from assessments import security_log
from assessments.deeds import administration
from assessments.errors import IncompleteError, NotAllowedError
from assessments.home import home
from assessments.keeping import backup
from assessments.model import Role
from assessments.people import add_person
from assessments.security_log import Deed, Outcome
from assessments.storage import history
from commands.main import app as command_line
from pages._frame import refusals
from pages._server import files, gate, log_upload, shell, sign_in, verify, watch
from questionnaires.legible import is_unseen
from questionnaires.schema import Text
from questionnaires.texts import Told
from tests.asgi import HOST, Socket, ask
from tests.doors import let_in
from tests.office import AT, KIM, Office, open_office

ORIGIN = f"http://{HOST}"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(watch, "_OF_STRANGERS", watch.MovingWindowRateLimiter(watch.MemoryStorage()))
    office = open_office(tmp_path, monkeypatch)
    add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
    text = (home() / "security" / "security.log").read_text("utf-8")
    assert f'"subject": "{KIM.id}"' in text and KIM.name not in text
    shutil.rmtree(home() / "security")
    return office


@pytest.fixture
def app(office: Office) -> Starlette:
    routes = [*sign_in.ROUTES, *verify.ROUTES, *files.ROUTES, *log_upload.ROUTES, *shell.ROUTES]
    return Starlette(routes=routes, middleware=[Middleware(gate.Gate)])


def entries(**parts: str) -> list[dict[str, str]]:
    return [entry for entry in security_log.newest(10_000) if parts.items() <= entry.items()]


def test_what_is_handed_out_and_what_is_not_is_noted_with_who_and_when(app: Starlette, office: Office) -> None:
    number, cookies = office.start(), {"haetae_session": let_in(KIM.id)}
    before = datetime.now(UTC)
    ask(app, f"/files/report/{number}/record.json", cookies=cookies)
    ask(app, "/files/report/99/sealed.pdf", cookies=cookies)
    ask(app, "/files/evidence/e1")
    done, missing, stranger = entries(deed="download")
    assert done == {"at": done["at"]} | {
        "deed": "download",
        "outcome": "done",
        "actor": KIM.id,
        "address": "127.0.0.1",
        "subject": f"/files/report/{number}/record.json",
    }
    at = datetime.fromisoformat(done["at"])
    assert at.utcoffset() == timedelta(0) and before <= at <= datetime.now(UTC)
    assert (missing["outcome"], missing["reason"], missing["actor"]) == ("refused", "404", KIM.id)
    assert (stranger["outcome"], stranger["reason"]) == ("refused", "401")
    assert "actor" not in stranger


def test_what_the_gate_turns_away_is_noted_with_the_reason(app: Starlette) -> None:
    ask(app, "/enter", client=("192.0.2.7", 1))
    ask(app, "/enter", host="evil.example")
    ask(app, "/enter", x_real_ip="10.0.0.1")
    ask(app, "/enter", "POST", origin="http://evil.example")

    async def knock() -> None:
        async with Socket(app, {}, {"origin": "http://evil.example"}):
            pass
        async with Socket(app, {"haetae_session": "made-up"}, {"origin": ORIGIN}):
            pass

    asyncio.run(knock())
    noted = entries(outcome="refused")
    assert [entry["reason"] for entry in noted] == [
        "from another computer",
        "under another name",
        "headers of a proxy that is not named",
        "POST 403",
        "a socket from another site",
        "a socket without a session",
    ]
    assert noted[0]["address"] == "192.0.2.7"


def test_uploads_and_verifications_are_noted(app: Starlette, office: Office) -> None:
    cookies = {"haetae_session": let_in(KIM.id)}
    ask(app, f"/files/log/{office.start()}", "POST", cookies=cookies, origin=ORIGIN)
    ask(app, "/verify", "POST", origin=ORIGIN)
    assert [entry["actor"] for entry in entries(deed="upload", outcome="refused")] == [KIM.id]
    assert len(entries(deed="verification", outcome="refused")) == 1


def test_coming_and_going_are_noted_with_the_way_taken(app: Starlette, office: Office) -> None:
    form = {"origin": ORIGIN, "content_type": "application/x-www-form-urlencoded"}
    ask(app, "/enter", "POST", body=b"account=kim&password=not+the+password", **form)
    ask(app, "/leave", "POST", cookies={"haetae_session": let_in(KIM.id)}, **form)
    (came,) = entries(deed="sign_in")
    (went,) = entries(deed="sign_out")
    assert (came["outcome"], came["actor"], came["reason"], came["address"]) == (
        "refused",
        KIM.id,
        "password",
        "127.0.0.1",
    )
    assert (went["outcome"], went["actor"]) == ("done", KIM.id)


def test_rights_that_are_given_and_taken_are_noted_once_they_are(office: Office) -> None:
    admin = replace(KIM, id="root", roles=frozenset({Role.ADMINISTRATOR}), grants=None)
    with office.database.transaction() as session:
        administration.give_role(session, KIM.id, Role.AUDITOR, 1, admin, AT)
        administration.disable_person(session, KIM.id, admin, AT)
        assert not entries(actor="root"), "not before it is done"
    with suppress(ZeroDivisionError), office.database.transaction() as session:
        administration.enable_person(session, KIM.id, admin, AT)
        raise ZeroDivisionError
    given, disabled = entries(actor="root", deed="rights", outcome="done")
    assert (given["subject"], given["reason"]) == (KIM.id, "give_role, role auditor, unit 1")
    assert disabled["reason"] == "disable_person"
    assert KIM.name not in (home() / "security" / "security.log").read_text("utf-8")


def test_every_deed_on_people_and_units_is_noted() -> None:
    """Also one that is added later."""
    kinds = set(re.findall(r'add_event\(\s*session,\s*"([a-z_]+)"', Path(administration.__file__).read_text("utf-8")))
    assert len(kinds) > 8
    assert kinds <= set(history.SECURITY)


def test_what_nobody_foresaw_is_noted_as_failed(office: Office) -> None:
    def fails(_: Request) -> Response:
        raise RuntimeError("nobody foresaw this")

    app = Starlette(routes=[Route("/static/x", fails)], middleware=[Middleware(gate.Gate)])
    with pytest.raises(RuntimeError):
        ask(app, "/static/x")
    (entry,) = entries(outcome="failed")
    assert (entry["subject"], entry["reason"]) == ("/static/x", "GET 500")


def test_what_somebody_may_not_do_on_a_screen_is_noted_and_a_mere_mistake_is_not(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = SimpleNamespace(ip_address="192.0.2.9", url="https://haetae.example.kr/decide?assessment=7")
    monkeypatch.setattr(refusals, "st", SimpleNamespace(session_state={"actor": KIM}, context=context))
    why = Told(Text(ko="안 됩니다.", en="Not allowed."))
    refusals.note(IncompleteError(why))
    assert not entries()
    refusals.note(NotAllowedError(why))
    (entry,) = entries()
    assert (entry["actor"], entry["address"], entry["subject"]) == (KIM.id, "192.0.2.9", "haetae.example.kr/decide")
    assert (entry["deed"], entry["outcome"], entry["reason"]) == ("deed", "refused", "Not allowed.")


def test_no_secret_stands_in_the_log(app: Starlette) -> None:
    token, link = let_in(KIM.id), "k3yOfTheLink"
    for path in (
        f"/link/{link}",
        f"/files/{token}",
        f"/nothing?code={token}",
        f"/media/{token}.png",
        f"/a/link/{link}/b",
    ):
        ask(app, path, cookies={"haetae_session": token})
        ask(app, path, cookies={"haetae_session": token[:-1]})
        ask(app, path, "POST", body=f"password={token}".encode(), authorization=f"Bearer {token}")
    text = (home() / "security" / "security.log").read_text("utf-8")
    assert len(text.splitlines()) > 5
    assert token not in text and token[:-1] not in text and link not in text


@given(st.text(max_size=400), st.text(max_size=400))
def test_nothing_that_is_sent_begins_a_line_or_moves_a_terminal(
    tmp_path_factory: Any, subject: str, reason: str
) -> None:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HAETAE_HOME", str(folder))
        security_log.note(Deed.REQUEST, Outcome.REFUSED, subject=subject, reason=reason, actor=reason, address=subject)
        written = (folder / "security" / "security.log").read_text("utf-8")
        assert written.endswith("\n") and written.count("\n") == 1
        assert not any(is_unseen(character) for character in written[:-1])
        assert json.loads(written).get("reason", "") == reason.encode("utf-8", "replace").decode()[
            : security_log.MOST
        ] or any("\ud800" <= character <= "\udfff" for character in reason)


def test_the_log_is_the_owners_alone_also_where_the_system_is_generous(office: Office) -> None:
    before = os.umask(0)
    try:
        security_log.note(Deed.SIGN_IN, Outcome.DONE, actor="kim")
    finally:
        os.umask(before)
    file = home() / "security" / "security.log"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_log_that_has_grown_is_put_aside_and_the_oldest_goes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MAX_BYTES", 1000)
    for number in range(200):
        security_log.note(Deed.REQUEST, Outcome.REFUSED, subject=str(number))
    kept = sorted((home() / "security").iterdir())
    assert len(kept) == security_log.FILES + 1
    assert all(file.stat().st_size <= 1000 and file.stat().st_mode & 0o777 == 0o600 for file in kept)
    newest = [entry["subject"] for entry in security_log.newest(30)]
    assert newest == [str(number) for number in range(170, 200)]


FIFTY_LINES = """
from assessments import security_log
from assessments.security_log import Deed, Outcome
security_log.MAX_BYTES = 4000
for number in range(50):
    security_log.note(Deed.REQUEST, Outcome.REFUSED, subject=f"{number}")
"""


@pytest.mark.slow
def test_several_processes_lose_no_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes begun anew: a copy of this one, which has threads, may wait for a lock that nobody in it will ever give back."""
    monkeypatch.setattr(security_log, "MAX_BYTES", 4000)
    writers = [subprocess.Popen([sys.executable, "-c", FIFTY_LINES]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert len(security_log.newest(1000)) == 150


def test_a_log_that_cannot_be_written_stops_nothing_and_is_said(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    (home() / "security").write_text("in the way")
    security_log.note(Deed.SIGN_IN, Outcome.DONE, actor="kim")
    assert "the security log cannot be written" in caplog.text


def test_a_stranger_cannot_fill_the_log(app: Starlette) -> None:
    for number in range(80):
        ask(app, f"/media/{number}")
    assert len(entries(outcome="refused")) == 30
    ask(app, "/media/x", client=("192.0.2.8", 1))
    assert len(entries(outcome="refused")) == 31


def test_the_newest_lines_are_printed(office: Office) -> None:
    security_log.note(Deed.SIGN_IN, Outcome.REFUSED, actor="kim", address="192.0.2.1", reason="wrong\x1b[2Jpassword")
    said = CliRunner().invoke(command_line, ["security-log", "-n", "5"])
    assert re.search(r"refused\s+sign_in\s+kim\s+192\.0\.2\.1\s+-\s+wrong<U\+001B>\[2Jpassword", said.output)


def test_a_backup_does_not_carry_the_log(office: Office) -> None:
    security_log.note(Deed.SIGN_IN, Outcome.DONE, actor="kim")
    assert not any(path.is_relative_to(home() / "security") for path in backup._files_of(home()))
