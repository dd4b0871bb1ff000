"""Coming in by name and password, one-time links, one's own sessions: who gets in, who does not, and what nobody learns."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from typer.testing import CliRunner

from assessments import entrance, passwords
from assessments.errors import NotFoundError
from assessments.home import home
from assessments.model import Role
from assessments.people import add_person, find_person
from assessments.storage import accounts, credentials, database
from assessments.storage.columns import utc_text
from assessments.storage.tables import LinkPurpose
from commands.main import app as command
from commands.serve import links_told
from pages._frame import browsers
from pages._server import account, entering, gate, links, shell
from pages._server import sign_in as _sign_in
from pages._server.admission import RefusedError
from pages._server.guesses import Guesses
from tests import doors
from tests.asgi import HOST, Answer, Socket, ask
from tests.doors import HASHES_AS_SHIPPED, PASSWORD, cookies_of, enter, form, give_password
from tests.office import KIM, PARK, Office, open_office

ORIGIN = f"http://{HOST}"
NEW = "바다 건너 오래된 등대 셋"
HERE = entrance.Caller("127.0.0.1", "")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    opened = open_office(tmp_path, monkeypatch)
    monkeypatch.setattr(entering, "GUESSES", Guesses())
    for actor in (KIM, PARK):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    give_password(KIM.id)
    return opened


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

    routes = [WebSocketRoute("/_stcore/stream", echo), Route("/media/{name}", behind)]
    routes += [*_sign_in.ROUTES, *links.ROUTES, *account.ROUTES, *shell.ROUTES]
    return Starlette(routes=routes, middleware=[Middleware(gate.Gate)])


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that a password was compared with."""
    seen: list[str] = []
    verify = passwords._HASHES.verify_and_update

    def noted(password: str, hashed: str) -> tuple[bool, str | None]:
        seen.append(hashed)
        return verify(password, hashed)

    monkeypatch.setattr(passwords._HASHES, "verify_and_update", noted)
    return seen


def send(app: Starlette, path: str, cookies: dict[str, str] | None = None, **fields: str) -> Answer:
    return ask(app, path, "POST", body=form(**fields), cookies=cookies, origin=ORIGIN)


def is_in(app: Starlette, token: str) -> bool:
    return ask(app, "/media/a", cookies={"haetae_session": token}).status == 200


def made_link(person: str = "park") -> str:
    with database.transaction() as session:
        return entrance.make_link(session, person, KIM, datetime.now(UTC)).token


# --- name and password -----------------------------------------------------------------------------------------


def test_name_and_password_open_a_session_and_lead_to_where_one_wanted_to_go(app: Starlette) -> None:
    answer = enter(app, "kim", to="/enter?to=%2Freview%3Fassessment%3D7")
    assert (answer.status, answer.location) == (303, "/review?assessment=7")
    assert is_in(app, answer.session)


def test_the_name_may_be_written_in_capitals_and_the_password_put_together_in_another_way(app: Starlette) -> None:
    import unicodedata

    answer = enter(app, " KIM ", unicodedata.normalize("NFD", PASSWORD))
    assert answer.status == 303 and answer.session


@pytest.mark.slow
def test_a_stolen_hash_is_costly_to_guess_at() -> None:
    """64 MiB, three passes, four lanes."""
    assert HASHES_AS_SHIPPED.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("password", ["", "kim", PASSWORD + " ", PASSWORD[:-1], PASSWORD.upper() + "x", "x" * 256])
def test_another_password_opens_nothing(app: Starlette, password: str) -> None:
    answer = enter(app, "kim", password)
    assert answer.status == 401 and not answer.session


def test_nobody_learns_from_answer_or_work_whether_there_is_such_an_account(
    app: Starlette, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password, somebody without one, somebody who is not there, and a name that cannot be: the same page, one hash each."""
    answers, work = [], []
    for name in ("kim", "park", "nobody", "no such name! 가"):
        compared.clear()
        answer = enter(app, name, "a wrong password")
        answers.append((answer.status, answer.text.replace(f'value="{name}"', 'value=""')))
        work.append([re.match(r"\$argon2id\$v=\d+\$[^$]+", hashed)[0] for hashed in compared])  # type: ignore[index]
        assert not answer.session and "set-cookie" not in answer.headers
    assert answers.count(answers[0]) == len(answers)
    assert len(work[0]) == 1 and work.count(work[0]) == len(work)


def test_somebody_taken_off_the_list_is_told_the_same_as_who_was_never_on_it(
    app: Starlette, compared: list[str]
) -> None:
    doors.take_away("kim")
    gone, never = enter(app, "kim"), enter(app, "mik")
    assert len(compared) == 2
    assert (gone.status, gone.text.replace("kim", "")) == (never.status, never.text.replace("mik", ""))


def test_every_sign_in_has_a_token_of_its_own_and_none_that_was_planted(app: Starlette) -> None:
    """Fixation: a cookie that somebody else put into the browser opens nothing, before or after."""
    planted = "planted-by-somebody-else"
    first = enter(app, "kim", cookies={"haetae_session": planted})
    second = enter(app, "kim", cookies={"haetae_session": first.session})
    assert len({planted, first.session, second.session}) == 3
    assert len(second.session) >= 43
    assert not is_in(app, planted)
    assert not is_in(app, first.session), "who comes in again leaves the session of before"
    assert is_in(app, second.session)


@pytest.mark.sqlite
def test_tokens_and_passwords_are_kept_as_digests_only(app: Starlette) -> None:
    token, link = enter(app, "kim").session, made_link()
    database.leave()
    content = b"".join(path.read_bytes() for path in home().rglob("*") if path.is_file())
    for secret in (token, link, PASSWORD):
        assert secret.encode() not in content
    assert b"$argon2id$" in content


@pytest.mark.sqlite
def test_an_expired_session_is_nobodys(app: Starlette) -> None:
    for column, hours in (("seen_at", 8), ("created_at", 24)):
        token = cookies_of("kim")["haetae_session"]
        assert is_in(app, token)
        with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as connection:
            at = utc_text(datetime.now(UTC) - timedelta(hours=hours, seconds=1))
            connection.execute(f"UPDATE login_session SET {column} = ?", (at,))
        assert not is_in(app, token)


def test_whoever_is_signed_in_is_led_on_from_the_entrance(app: Starlette) -> None:
    answer = ask(app, "/enter?to=/systems", cookies=cookies_of("kim"))
    assert (answer.status, answer.location) == (303, "/systems")


def test_a_form_that_is_no_form_is_a_wrong_password(app: Starlette) -> None:
    for body in (b"", b"\xff\xfe", b"&".join(b"a%d=1" % n for n in range(200)), b"account=kim&password=" + b"x" * 9000):
        assert ask(app, "/enter", "POST", body=body, origin=ORIGIN).status == 401


# --- slowed down -------------------------------------------------------------------------------------------------


def test_guessing_is_slowed_by_account_and_address_and_open_sessions_go_on(app: Starlette) -> None:
    token = enter(app, "kim").session
    answers = [enter(app, "kim", f"wrong password {n}").status for n in range(11)]
    assert answers == [401] * 10 + [429]
    refused = enter(app, "kim")
    assert refused.status == 429, "not even the right one is compared now"
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    assert "너무 여러 번 시도하였습니다" in refused.text
    assert is_in(app, token)


def test_guessing_at_an_account_that_is_not_there_is_slowed_in_the_same_way(app: Starlette) -> None:
    assert [enter(app, "nobody", "wrong").status for _ in range(11)] == [401] * 10 + [429]


def test_no_more_hashes_are_made_once_it_is_refused(app: Starlette, compared: list[str]) -> None:
    for _ in range(14):
        enter(app, "kim", "wrong")
    assert len(compared) == 10


def guessed(guesses: Guesses, account: str, address: str, *, is_right: bool = False) -> bool:
    """Whether the guess was taken."""

    async def run() -> bool:
        try:
            async with guesses.guess(account, address) as guess:
                guess.is_right = is_right
        except RefusedError:
            return False
        return True

    return asyncio.run(run())


def test_an_account_is_slowed_from_many_addresses_together_and_an_address_over_many_accounts() -> None:
    guesses = Guesses()
    assert sum(guessed(guesses, "kim", f"192.0.2.{n}") for n in range(80)) == 60
    assert guessed(guesses, "lee", "192.0.2.1")
    assert sum(guessed(guesses, f"person{n}", "198.51.100.7") for n in range(130)) == 100
    assert guessed(guesses, "person1", "198.51.100.8")


def test_a_right_guess_begins_the_count_anew_and_burdens_no_address() -> None:
    guesses = Guesses()
    for _ in range(5):
        assert sum(guessed(guesses, "kim", "192.0.2.1") for _ in range(9)) == 9
        assert guessed(guesses, "kim", "192.0.2.1", is_right=True)
    assert all(guessed(guesses, f"person{n}", "198.51.100.7", is_right=True) for n in range(300))


# --- which passwords --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "password1234",
        "qwertyuiop12",
        "123456789012",
        "haetaehaetae",
        "dkssudgktpdy",
        "aaaaaaaaaaaa",
        "x" * 257,
    ],
)
def test_short_common_and_endless_passwords_are_refused(password: str) -> None:
    assert passwords.judge(password) is not None


def test_a_password_is_not_made_of_ones_own_name() -> None:
    assert passwords.judge("minji.baek.2026", ("minji.baek", "Baek", "Minji")) is not None


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        NEW,
        "correct horse battery staple",
        "vT8-qpR2-mmXe",
        " leading and trailing ",
        "가" * 6 + "힣나다라마바사",
    ],
)
def test_any_signs_may_be_used(password: str) -> None:
    assert passwords.judge(password) is None


# --- one-time links ----------------------------------------------------------------------------------------------


def test_a_link_sets_the_first_password_once_and_opens_a_session(app: Starlette) -> None:
    token = made_link()
    for _ in range(2):
        assert "박도윤" in ask(app, f"/link/{token}").text, "looking at it uses nothing"
    used = send(app, f"/link/{token}", password=NEW)
    assert (used.status, used.location) == (303, "/")
    assert is_in(app, used.session)
    assert enter(app, "park", NEW).status == 303
    for answer in (ask(app, f"/link/{token}"), send(app, f"/link/{token}", password="another long password here")):
        assert answer.status == 404 and not answer.session
    assert enter(app, "park", NEW).status == 303


def test_a_reset_ends_all_sessions_and_the_old_password(app: Starlette) -> None:
    before = enter(app, "kim").session
    assert send(app, f"/link/{made_link('kim')}", password=NEW).status == 303
    assert not is_in(app, before)
    assert enter(app, "kim").status == 401
    assert enter(app, "kim", NEW).status == 303


def test_a_newer_link_a_new_password_and_time_make_a_link_void(app: Starlette) -> None:
    older, newer = made_link(), made_link()
    assert ask(app, f"/link/{older}").status == 404
    assert ask(app, f"/link/{newer}").status == 200
    with database.transaction() as session:
        at = datetime.now(UTC)
        start = credentials.make_link(session, "park", LinkPurpose.START, at)
        assert credentials.find_link(session, newer, at) and credentials.find_link(session, start, at)
        for purpose, lasts in credentials.LIFETIMES.items():
            lasting = credentials.make_link(session, "kim", purpose, at)
            assert credentials.find_link(session, lasting, at + lasts - timedelta(seconds=1))
            assert credentials.find_link(session, lasting, at + lasts) is None
    send(app, f"/link/{start}", password=NEW)
    assert ask(app, f"/link/{newer}").status == 404, "whoever has a password needs no link to the first one"


def test_a_link_of_somebody_who_is_gone_opens_nothing(app: Starlette) -> None:
    token = made_link()
    doors.take_away("park")
    assert ask(app, f"/link/{token}").status == 404
    assert send(app, f"/link/{token}", password=NEW).status == 404


def test_a_refused_password_uses_no_link_and_says_why(app: Starlette) -> None:
    token = made_link()
    short = send(app, f"/link/{token}", password="short")
    assert short.status == 422 and "12자 이상" in short.text and not short.session
    common = send(app, f"/link/{token}", password="password1234")
    assert common.status == 422 and "쉽게 알아맞힐 수 있는" in common.text
    assert ask(app, f"/link/{token}", "POST", body=form(password=NEW), origin="http://evil.example").status == 403
    assert ask(app, f"/link/{token}").status == 200


def test_two_who_use_a_link_at_once_do_not_both_get_in(app: Starlette) -> None:
    token = made_link()
    with database.transaction() as session:
        entrance.accept(session, token, passwords.hashed(NEW), HERE, datetime.now(UTC))
    with pytest.raises(NotFoundError), database.transaction() as session:
        entrance.accept(session, token, passwords.hashed(PASSWORD), HERE, datetime.now(UTC))
    assert enter(app, "park", NEW).status == 303


def test_links_are_not_to_be_tried_through(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages._server.admission import Admission

    monkeypatch.setattr(links, "OPENED", Admission("5/15 minutes", "600/minute", inside=8, of_one=8))
    assert [ask(app, f"/link/made-up-{n}").status for n in range(7)] == [404] * 5 + [429] * 2


def start_link(app: Starlette) -> str:
    with database.transaction() as session:
        (invited,) = (one for one in entrance.start_links(session, datetime.now(UTC)) if one.actor is None)
    return f"/link/{invited.token}"


def test_the_first_administrator_comes_by_a_link_and_no_second_one(app: Starlette) -> None:
    first, name = start_link(app), {"id": "Ada ", "name": "안다온"}
    assert "첫 관리자" in ask(app, first).text
    refused = send(app, first, **name, password="short")
    assert refused.status == 422 and 'value="안다온"' in refused.text
    taken = send(app, first, id="kim", name="김하나", password=NEW)
    assert taken.status == 422 and "이미 있는 아이디" in taken.text and enter(app, "kim").status == 303
    used = send(app, first, **name, password=NEW)
    assert is_in(app, used.session)
    ada = find_person(home(), "ada")
    assert ada is not None and ada.roles == {Role.ADMINISTRATOR}
    assert send(app, first, id="eve", name="이브", password=NEW).status == 404
    with database.transaction() as session:
        token = credentials.make_link(session, "", LinkPurpose.START, datetime.now(UTC))
    assert send(app, f"/link/{token}", id="eve", name="이브", password=NEW).status == 404, (
        "there is an administrator now"
    )
    assert find_person(home(), "eve") is None


def test_the_server_prints_a_link_for_whoever_has_no_password(office: Office) -> None:
    with database.transaction() as session:
        invited = entrance.start_links(session, datetime.now(UTC))
    said = "\n".join(links_told(invited, "http://127.0.0.1:8501"))
    assert "박도윤 (park: signing_officer): http://127.0.0.1:8501/link/" in said
    assert "the first administrator: http://127.0.0.1:8501/link/" in said
    assert "김하나" not in said


def test_a_command_adds_somebody_and_prints_their_link(app: Starlette) -> None:
    added = CliRunner().invoke(command, ["user", "add", "lee", "--name", "이서준", "--role", "chair"])
    anew = CliRunner().invoke(command, ["user", "link", "kim", "--port", "9000"])
    assert anew.output.startswith("http://127.0.0.1:9000/link/")
    for output in (added.output, anew.output):
        (token,) = re.findall(r"/link/([\w-]{43})", output)
        assert send(app, f"/link/{token}", password=NEW).status == 303
    assert enter(app, "lee", NEW).status == 303 and enter(app, "kim", NEW).status == 303
    nobody = CliRunner().invoke(command, ["user", "link", "nobody"])
    assert nobody.exit_code != 0 and "Nobody is called 'nobody'" in nobody.output


# --- one's own account ---------------------------------------------------------------------------------------------


def test_the_account_lists_ones_own_sessions_and_ends_any_of_them(app: Starlette) -> None:
    phone = "Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18 Safari/604"
    desk, away, others = enter(app, "kim"), enter(app, "kim", user_agent=phone), cookies_of("park")
    mine = {"haetae_session": desk.session}
    page = ask(app, "/account", cookies=mine).text
    assert "Safari · iPhone" in page and "현재 접속" in page
    (handle,) = re.findall(r'name="session" value="(\w+)"', page)
    for token in (desk.session, away.session):
        assert token not in page
    send(app, "/account/session", others, session=handle)
    assert is_in(app, away.session), "a session of somebody else is not ended"
    assert send(app, "/account/session", mine, session=handle).location.startswith("/account")
    assert not is_in(app, away.session) and is_in(app, desk.session) and is_in(app, others["haetae_session"])


def test_all_others_are_ended_at_once(app: Starlette) -> None:
    tokens = [enter(app, "kim").session for _ in range(3)]
    send(app, "/account/others", {"haetae_session": tokens[1]})
    assert [is_in(app, token) for token in tokens] == [False, True, False]


def test_a_password_is_changed_with_the_old_one_and_ends_all_sessions_but_this_one(app: Starlette) -> None:
    here, elsewhere, link = enter(app, "kim").session, enter(app, "kim").session, made_link("kim")
    cookies = {"haetae_session": here}
    assert send(app, "/account/password", cookies, old="wrong", new=NEW).status == 422
    assert send(app, "/account/password", cookies, old=PASSWORD, new="short").status == 422
    assert is_in(app, elsewhere)
    changed = send(app, "/account/password", cookies, old=PASSWORD, new=NEW)
    assert changed.location == "/account?done=password"
    assert changed.session not in ("", here)
    assert [is_in(app, token) for token in (changed.session, here, elsewhere)] == [True, False, False]
    assert ask(app, f"/link/{link}").status == 404
    assert enter(app, "kim").status == 401 and enter(app, "kim", NEW).status == 303


@pytest.mark.slow
def test_the_old_password_is_not_guessed_from_an_open_session(app: Starlette) -> None:
    cookies = cookies_of("kim")
    answers = [send(app, "/account/password", cookies, old=f"guess {n}", new=NEW) for n in range(12)]
    assert {answer.status for answer in answers} == {422}
    assert ["너무 여러 번" in answer.text for answer in answers] == [False] * 10 + [True] * 2
    assert enter(app, "kim").status == 303, "guesses in here and at the entrance are counted apart"


def test_guesses_at_the_entrance_hinder_nobody_who_is_signed_in(app: Starlette) -> None:
    """Somebody behind the same address could keep a person from deciding otherwise."""
    cookies = cookies_of("kim")
    assert [enter(app, "kim", "wrong").status for _ in range(11)][-1] == 429
    assert send(app, "/confirm", cookies, password=PASSWORD).status == 303


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/session", "/account/others"])
def test_an_account_is_nobodys_without_a_session_and_not_for_other_sites(app: Starlette, path: str) -> None:
    method = "GET" if path == "/account" else "POST"
    assert ask(app, path, method, origin=ORIGIN).status == 401
    assert ask(app, path, method, origin=ORIGIN, cookies={"haetae_session": "made-up"}).status == 401
    if method == "POST":
        assert ask(app, path, method, origin="http://evil.example", cookies=cookies_of("kim")).status == 403


def test_nobody_has_endless_sessions(app: Starlette) -> None:
    with database.transaction() as session:
        at = datetime.now(UTC)
        tokens = [accounts.open_session(session, "kim", at + timedelta(seconds=n)) for n in range(30)]
        assert len(accounts.sessions_of(session, "kim", at + timedelta(minutes=1))) == 20
        assert accounts.find_login(session, tokens[0], at) is None
        assert accounts.find_login(session, tokens[-1], at + timedelta(minutes=1)) is not None


# --- at once, on open sockets too -----------------------------------------------------------------------------------


def _by_the_account(app: Starlette) -> None:
    ask(app, "/account/others", "POST", cookies=cookies_of("kim"), origin=ORIGIN)


def _by_a_reset(app: Starlette) -> None:
    send(app, f"/link/{made_link('kim')}", password=NEW)


def _by_another_process(_: Starlette) -> None:
    with closing(sqlite3.connect(home() / "haetae.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM login_session WHERE actor_id = 'kim'")


def _by_taking_them_off_the_list(_: Starlette) -> None:
    doors.take_away("kim")


@pytest.mark.sqlite
@pytest.mark.parametrize("ended", [_by_the_account, _by_a_reset, _by_another_process, _by_taking_them_off_the_list])
def test_an_open_socket_closes_without_a_message_as_soon_as_its_session_is_ended(
    app: Starlette, ended: Callable[[Starlette], None]
) -> None:
    mine, other = cookies_of("kim"), cookies_of("park")

    async def talk() -> tuple[int | None, int | None]:
        async with (
            Socket(app, mine, {"origin": ORIGIN}) as closed,
            Socket(app, other, {"origin": ORIGIN}) as open_,
        ):
            assert closed.close_code is None
            await asyncio.to_thread(ended, app)
            await closed.closed()
            return closed.close_code, open_.close_code

    assert asyncio.run(talk()) == (gate.SESSION_ENDED, None)


def test_sockets_are_looked_at_more_than_once_a_second() -> None:
    assert gate.WATCH_SECONDS <= 0.5


def test_a_browser_learns_that_its_session_ended_while_the_socket_was_cut(app: Starlette) -> None:
    """Before it is opened a socket has no code that a script could see."""

    async def said() -> list[str]:
        async with Socket(app, {"haetae_session": "ended"}, {"origin": ORIGIN}) as socket:
            return [message["type"] for message in socket.said]

    assert asyncio.run(said()) == ["websocket.accept", "websocket.close"]


# --- what nobody reads ------------------------------------------------------------------------------------------------


def test_no_secret_stands_in_log_page_or_history(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token, link, reset = enter(app, "kim").session, made_link(), made_link("kim")
    wrong = "quite another password"
    pages = [
        enter(app, "kim", wrong).text,
        ask(app, "/account", cookies={"haetae_session": token}).text,
        send(app, f"/link/{link}", password="short").text.replace(f"/link/{link}", ""),  # where its form is sent
        send(app, "/account/password", {"haetae_session": token}, old=wrong, new=NEW).text,
    ]
    send(app, f"/link/{reset}", password=NEW)
    with database.reading() as session:
        kept = json.dumps(
            [list(row) for row in session.connection().exec_driver_sql("SELECT value FROM event_value")],
            ensure_ascii=False,
        )
    for secret in (token, link, reset, wrong, NEW, PASSWORD, "$argon2"):
        for text in (*pages, caplog.text, kept):
            assert secret not in text


def test_links_and_new_passwords_stand_in_the_history(app: Starlette) -> None:
    send(app, f"/link/{made_link()}", password=NEW)
    with database.reading() as session:
        kinds = [row[0] for row in session.connection().exec_driver_sql("SELECT kind FROM event ORDER BY seq")]
    assert kinds[-2:] == ["make_link", "set_password"]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Whale/4.1 Safari/537.36", "Whale · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_browsers_are_called_as_people_call_them(stated: str, shown: str) -> None:
    assert browsers.named(stated) == shown


def test_a_form_that_was_refused_is_led_back_from_when_the_language_changes(app: Starlette) -> None:
    """The browser stands at the address of the form, which nobody opens by itself."""
    cookies = cookies_of("kim")
    for path in ("/account/password", "/account/second", "/account/recovery-codes", "/account/nothing"):
        led = ask(app, "/language/en", cookies=cookies, referer=ORIGIN + path)
        assert led.location == path
        assert ask(app, path, cookies=cookies).location == "/account"
    for path in ("/enter?to=%2Fsystems", "/enter/second?to=%2Fsystems", f"/link/{made_link()}"):
        assert ask(app, "/language/en", referer=ORIGIN + path).location == path


def test_refused_guesses_fill_no_log(app: Starlette) -> None:
    for _ in range(40):
        enter(app, "kim", "wrong")
    log = "".join(file.read_text("utf-8") for file in home().rglob("security.log*"))
    assert log.count('"sign_in"') == 10
