"""A second factor that a unit demands: who is meant, and that nothing opens before it was shown, at any door of the server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from typer.testing import CliRunner

import app as product_app
from assessments import actions, entrance, people, roster, security_log
from assessments.errors import NotAllowedError
from assessments.home import home
from assessments.model import Demand, Grant, Role
from assessments.people import add_person
from assessments.storage import accounts, credentials, database, demands, passkey_rows, units
from assessments.storage.passkey_rows import Passkey
from assessments.storage.tables import LoginRow
from commands.main import app as command
from pages._frame import sessions
from pages._server import gate, outside, passkeys, uploading
from pages._server.admission import Admission
from tests import providers
from tests.asgi import HOST, Answer, Socket, ask
from tests.doors import PASSWORD, cookies_of, enter
from tests.office import ADA, AT, KIM, LEE, Office
from tests.screens import Visitors
from tests.test_entrance import NEW, is_in, made_link, office, send
from tests.test_outside import attempt_of as outside_attempt
from tests.test_outside import back, connect, sent_to
from tests.test_second_factor import attempt_of, next_code

__all__ = ["office"]
HERE = f"http://{HOST}"


@pytest.fixture
def app(office: Office, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Every route of the product, and stand-ins for Streamlit's own, behind its gate."""

    async def behind(_: Request) -> Response:
        return PlainTextResponse("behind the gate")

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await socket.send_text(await socket.receive_text())

    for module, name in ((passkeys, "ASKED"), (outside, "BEGUN")):
        monkeypatch.setattr(module, name, Admission("999/minute", "999/minute", inside=32, of_one=8))
    add_person(home(), ADA.id, ADA.name, sorted(ADA.roles))
    add_person(home(), LEE.id, LEE.name, sorted(LEE.roles))
    behind_gate = [
        WebSocketRoute("/_stcore/stream", echo),
        Route("/media/{rest:path}", behind),
        Route("/_stcore/{rest:path}", behind, methods=["GET", "PUT", "DELETE"]),
        Route("/component/{rest:path}", behind),
    ]
    routes: list[Any] = [*behind_gate, *product_app.ROUTES]
    return Starlette(routes=routes, middleware=[Middleware(gate.Gate), Middleware(uploading.Guard)])


def demand(*roles: Role, unit: int = 1, off: bool = False) -> None:
    """From the command line, as whoever runs the server."""
    with database.transaction() as session:
        whom = None if off else Demand(frozenset(roles))
        actions.demand_second_factor(session, unit, whom, people.command_line(session), datetime.now(UTC))


def have_app(person: str) -> str:
    """The secret of an app that is in use."""
    secret = pyotp.random_base32()
    with database.transaction() as session:
        credentials.begin_second_factor(session, person, secret, datetime.now(UTC))
        credentials.confirm_second_factor(session, person, 1, datetime.now(UTC))
    return secret


def have_passkey(person: str) -> None:
    with database.transaction() as session:
        passkey_rows.add(session, Passkey(f"id of {person}", person, "key", 0, "Chromium", AT, used_at=None))


def grow_old(minutes: int = 11) -> None:
    """Nobody has shown who they are lately."""
    with database.transaction() as session:
        session.execute(update(LoginRow).values(confirmed_at=datetime.now(UTC) - timedelta(minutes=minutes)))


def secret_on(app: Starlette, cookies: dict[str, str]) -> str:
    page = ask(app, "/second/app", cookies=cookies).text
    return re.findall(r"secret=([A-Z2-7]{32})", page)[0]


# --- who is meant -----------------------------------------------------------------------------------------------


def test_it_is_demanded_of_everybody_or_of_those_roles_in_the_unit_and_below(office: Office) -> None:
    with office.database.transaction() as session:
        for name, parent in (("영업", 1), ("영업 하나", 2), ("법무", 1), ("남", None)):
            units.add_unit(session, name, parent)
        for person, unit, grants in (
            ("chair.below", 3, [Grant(Role.CHAIR, 3)]),
            ("chair.above", 1, [Grant(Role.CHAIR, 1)]),
            ("reader.below", 3, [Grant(Role.CONTRIBUTOR, 3)]),
            ("guest", 4, [Grant(Role.CONTRIBUTOR, 2)]),
            ("idle", 2, []),
            ("beside", 4, [Grant(Role.CHAIR, 4)]),
            ("elsewhere", 5, [Grant(Role.CHAIR, 5)]),
        ):
            account = units.Account(person, unit, person, "", True, AT, frozenset(grants))
            units.add_account(session, account)
    everybody = {"chair.below", "reader.below", "guest", "idle"}
    demand(unit=2)
    assert meant(everybody | {"chair.above", "beside", "elsewhere"}) == everybody
    demand(Role.CHAIR, unit=2)
    assert meant(everybody | {"chair.above", "beside", "elsewhere"}) == {"chair.below"}
    demand(Role.CONTRIBUTOR, Role.AUDITOR, unit=2)
    assert meant(everybody) == {"reader.below", "guest"}
    demand(unit=2, off=True)
    assert meant(everybody) == set()


def meant(whom: set[str]) -> set[str]:
    with database.reading() as session:
        return {person for person in whom if demands.is_demanded_of(session, person)}


# --- nothing opens ----------------------------------------------------------------------------------------------


def doors_of_the_product() -> Iterator[tuple[str, str]]:
    """Method and address of every route there is, with something in the place of what is open in it."""
    for route in product_app.ROUTES:
        if isinstance(route, Route):
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda match: "ko" if match[1] == "language" else "1", route.path)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, path
    for path in ("/media/a", "/_stcore/host-config", "/component/x"):
        yield "GET", path
    yield "PUT", "/_stcore/upload_file/a/b"
    yield "DELETE", "/_stcore/upload_file/a/b"


FOR_EVERYBODY = (
    "/enter",
    "/link/",
    "/leave",
    "/language/",
    "/screening",
    "/verify",
    "/mark.svg",
    "/entrance.js",
    "/health",
    "/ready",
    "/metrics",
)
"""What is there without any session."""
FOR_SETTING_UP = ("/second", "/confirm")


@pytest.mark.slow
def test_no_address_of_the_product_answers_before_it_was_shown(app: Starlette) -> None:
    """Whatever comes: the way to set it up, or a refusal."""
    demand()
    cookies, tried = cookies_of("kim"), 0
    for method, path in doors_of_the_product():
        if path.startswith(FOR_EVERYBODY + FOR_SETTING_UP):
            continue
        tried += 1
        page = ask(app, path, method, cookies=cookies, origin=HERE, accept="text/html")
        plain = ask(app, path, method, cookies=cookies, origin=HERE)
        if method == "GET":
            assert page.status == 303 and page.location.startswith("/second"), (method, path, page.status)
        else:
            assert page.status == 401, (method, path, page.status)
        assert plain.status == 401 and "2단계" in plain.text, (method, path, plain.status)
    assert tried > 70
    assert ask(app, "/systems", cookies=cookies, accept="text/html").location == "/second?to=%2Fsystems"


def test_what_is_for_everybody_knows_nobody_of_such_a_session(app: Starlette) -> None:
    demand()
    cookies = cookies_of("kim")
    for path in ("/verify", "/leave"):
        answer = ask(app, path, cookies=cookies)
        assert answer.status == 200 and KIM.name not in answer.text, path
    assert ask(app, "/enter?to=/systems", cookies=cookies).location == "/second?to=%2Fsystems"


def test_an_open_socket_ends_and_no_other_opens(app: Starlette) -> None:
    cookies = cookies_of("kim")

    async def talk() -> tuple[Socket, int | None]:
        async with Socket(app, cookies, {"origin": HERE}) as socket:
            await socket.say({"type": "websocket.receive", "text": "first"})
            demand()
            await socket.say({"type": "websocket.receive", "text": "second"})
            await socket.closed()
        async with Socket(app, cookies, {"origin": HERE}) as another:
            return socket, another.close_code

    socket, code = asyncio.run(talk())
    said = [message.get("text") for message in socket.said]
    assert "first" in said and "second" not in said
    assert (socket.close_code, code) == (gate.SESSION_ENDED, gate.SESSION_ENDED)


def test_a_socket_that_says_nothing_ends_by_itself(app: Starlette) -> None:
    cookies = cookies_of("kim")

    async def listen() -> int | None:
        async with Socket(app, cookies, {"origin": HERE}) as socket:
            demand()
            await socket.closed()
            return socket.close_code

    assert asyncio.run(listen()) == gate.SESSION_ENDED


@pytest.mark.slow
def test_a_screen_draws_nothing_and_its_buttons_do_nothing(office: Office, visitors: Visitors) -> None:
    add_person(home(), LEE.id, LEE.name, sorted(LEE.roles))
    demand()
    assert "로그인이 끝났습니다." in visitors.sign_in(LEE).open("systems").html


def test_who_has_shown_one_goes_on_and_who_is_not_meant_notices_nothing(app: Starlette) -> None:
    with database.transaction() as session:
        doubly = accounts.open_session(session, "kim", datetime.now(UTC), with_second=True)
    singly = cookies_of("kim")["haetae_session"]
    demand(Role.CHAIR)
    assert is_in(app, singly), "kim is no chair"
    demand()
    assert is_in(app, doubly) and not is_in(app, singly)
    demand(off=True)
    assert is_in(app, singly), "nothing is demanded any more"


# --- the way in -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_after_the_password_an_app_is_set_up_and_one_is_in(app: Starlette) -> None:
    demand()
    came = enter(app, "kim", to="/enter?to=/systems")
    cookies = {"haetae_session": came.session}
    assert came.location == "/systems" and not is_in(app, came.session)
    page = ask(app, "/second?to=/systems", cookies=cookies)
    assert page.status == 200 and "아직 설정하지 않으셨습니다" in page.text
    assert send(app, "/second/begin?to=/systems", cookies).location == "/second/app?to=%2Fsystems"
    secret = secret_on(app, cookies)
    assert not is_in(app, came.session), "a secret that was only seen"
    assert send(app, "/second/app", cookies, code="000000").status == 422
    done = send(app, "/second/app?to=/systems", cookies, code=pyotp.TOTP(secret).now())
    assert done.status == 200 and len(set(re.findall(r"<code>([A-Z2-9-]{29})</code>", done.text))) == 10
    assert 'href="/systems"' in done.text
    assert is_in(app, done.session) and not is_in(app, came.session), "under another token"
    again = enter(app, "kim")
    assert again.location == "/enter/second"
    shown = send(app, "/enter/second", attempt_of(again), code=next_code(secret))
    assert is_in(app, shown.session)


def test_a_recovery_code_counts(app: Starlette) -> None:
    secret = have_app("kim")
    with database.transaction() as session:
        credentials.set_recovery_codes(session, "kim", ["A" * 24])
    demand()
    half = attempt_of(enter(app, "kim"))
    assert is_in(app, send(app, "/enter/second", half, code="a" * 24).session)
    assert secret


def test_an_old_session_gives_the_password_again_before_it_sets_one_up(app: Starlette) -> None:
    cookies = cookies_of("kim")
    grow_old()
    demand()
    for path, method in (("/second", "GET"), ("/second/begin", "POST"), ("/second/passkey", "POST")):
        answer = ask(app, path, method, cookies=cookies, origin=HERE)
        assert answer.location == "/confirm?to=%2Fsecond", path
    form = ask(app, "/confirm?to=/second", cookies=cookies)
    assert form.status == 200 and 'href="/leave"' in form.text
    assert send(app, "/confirm?to=/second", cookies, password="wrong").status == 422
    confirmed = send(app, "/confirm?to=/second", cookies, password=PASSWORD)
    assert confirmed.location == "/second" and not is_in(app, confirmed.session)
    cookies = {"haetae_session": confirmed.session}
    assert send(app, "/second/begin", cookies).location == "/second/app"
    done = send(app, "/second/app", cookies, code=pyotp.TOTP(secret_on(app, cookies)).now())
    assert is_in(app, done.session)


def test_who_has_one_shows_it_and_sets_up_no_other(app: Starlette) -> None:
    """Whoever has learnt a password cannot put an app of their own in the place of a passkey."""
    for have, person in ((have_app, "kim"), (have_passkey, "lee")):
        have(person)
    demand()
    for person in ("kim", "lee"):
        cookies = cookies_of(person)
        assert "2단계 인증 없이 로그인하셨으니" in ask(app, "/second", cookies=cookies).text
        assert send(app, "/second/begin", cookies).location == "/second"
        assert send(app, "/second/passkey", cookies).location == "/second"
        assert send(app, "/second/passkey/made", cookies, credential="{}").location == "/second"
        assert ask(app, "/second/app", cookies=cookies).location == "/second"
        assert send(app, "/second/app", cookies, code="123456").location == "/second"
        assert not is_in(app, cookies["haetae_session"])


def test_who_made_a_passkey_meanwhile_leaves_nothing_to_whoever_had_begun_with_an_app(app: Starlette) -> None:
    demand()
    thief = cookies_of("kim")
    send(app, "/second/begin", thief)
    secret = secret_on(app, thief)
    have_passkey("kim")
    assert send(app, "/second/app", thief, code=pyotp.TOTP(secret).now()).location == "/second"
    assert not is_in(app, thief["haetae_session"])


@pytest.mark.slow
def test_an_open_session_shows_the_code_and_goes_on_where_it_was(app: Starlette) -> None:
    secret, cookies = have_app("kim"), cookies_of("kim")
    demand()
    assert not is_in(app, cookies["haetae_session"])
    wrong = send(app, "/second/code?to=/systems", cookies, code="000000")
    assert wrong.status == 401 and not wrong.session
    shown = send(app, "/second/code?to=/systems", cookies, code=next_code(secret))
    assert shown.location == "/systems" and is_in(app, shown.session)
    assert ask(app, "/second?to=/systems", cookies={"haetae_session": shown.session}).location == "/systems"
    assert [send(app, "/second/code", cookies_of("kim"), code=f"{n:06}").status for n in range(12)][-1] == 429


def test_no_form_of_another_site_sets_anything_up(app: Starlette) -> None:
    demand()
    cookies = cookies_of("kim")
    for path in ("/second/begin", "/second/app", "/second/code", "/second/passkey", "/second/passkey/made"):
        for origin in ({}, {"origin": "https://evil.example"}):
            assert ask(app, path, "POST", cookies=cookies, **origin).status == 403, path
        assert ask(app, path, "POST", origin=HERE).status == 401, "without a session"


def test_a_link_leads_into_setting_up_and_taking_one_away_does_so_again(app: Starlette) -> None:
    have_app("kim")
    demand()
    with database.transaction() as session:
        token = accounts.open_session(session, "kim", datetime.now(UTC), with_second=True)
    assert is_in(app, token)
    with database.transaction() as session:
        link = actions.invite_person(session, "kim", ADA, datetime.now(UTC), without_second_factor=True).token
    assert not is_in(app, token), "the session that was open has none any more"
    used = send(app, f"/link/{link}", password=NEW)
    assert used.session and not is_in(app, used.session)
    assert "아직 설정하지 않으셨습니다" in ask(app, "/second", cookies={"haetae_session": used.session}).text
    first = send(app, f"/link/{made_link('park')}", password=NEW)
    assert first.session and not is_in(app, first.session), "a first password, too"


def test_switching_the_last_one_off_leads_into_setting_up_again(app: Starlette) -> None:
    have_app("kim")
    demand()
    with database.transaction() as session:
        token = accounts.open_session(session, "kim", datetime.now(UTC), with_second=True)
    off = send(app, "/account/second/off", {"haetae_session": token}, password=PASSWORD)
    assert off.session and not is_in(app, off.session)
    assert "/second" in ask(app, "/systems", cookies={"haetae_session": off.session}, accept="text/html").location


def test_one_of_two_may_go(app: Starlette) -> None:
    have_app("kim")
    have_passkey("kim")
    demand()
    with database.transaction() as session:
        token = accounts.open_session(session, "kim", datetime.now(UTC), with_second=True)
    off = send(app, "/account/second/off", {"haetae_session": token}, password=PASSWORD)
    assert is_in(app, off.session)
    send(app, "/account/passkey/off", {"haetae_session": off.session}, passkey="id of kim")
    assert not is_in(app, off.session)


# --- the identity provider --------------------------------------------------------------------------------------


def told_by(app: Starlette, liar: providers.Liar) -> Answer:
    begun = send(app, "/enter/outside?to=/systems")
    return back(app, outside_attempt(begun), {"code": "c", "state": providers.asked_of(liar, sent_to(begun))})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claims", "more", "counts"),
    [
        ({}, "", False),
        ({"amr": ["pwd"]}, "", False),
        ({"amr": ["pwd", "mfa"]}, "", True),
        ({"amr": "mfa"}, "", False),
        ({"acr": "gold"}, "", False),
        ({"acr": "gold"}, "second_factor: [gold]\n", True),
        ({"amr": ["mfa"]}, "second_factor: []\n", False),
    ],
)
def test_the_providers_word_counts_where_it_says_that_one_was_shown(
    app: Starlette, claims: dict[str, Any], more: str, counts: bool
) -> None:
    liar = providers.Liar(claims)
    demand()
    with providers.lying(liar) as issuer:
        providers.settings(home(), issuer, more)
        connect("kim", issuer, "s-1")
        came = told_by(app, liar)
    assert is_in(app, came.session) is counts
    if came.session and not counts:
        page = ask(app, "/second", cookies={"haetae_session": came.session})
        assert page.status == 200, "they showed there who they are a moment ago"


# --- whoever demands it -----------------------------------------------------------------------------------------


def test_nobody_demands_it_without_having_one(app: Starlette) -> None:
    """Else the last administrator could be shut out by what they ask of others."""
    with database.reading() as session:
        ada = people.acting(session, "ada")
    assert ada is not None
    with pytest.raises(NotAllowedError), database.transaction() as session:
        actions.demand_second_factor(session, 1, Demand(), ada, AT)
    have_passkey("ada")
    with database.transaction() as session:
        actions.demand_second_factor(session, 1, Demand(), ada, AT)
    with database.transaction() as session:
        passkey_rows.drop_all(session, "ada")
        actions.demand_second_factor(session, 1, None, ada, AT)  # who has lost it may still end the demand
    assert meant({"kim"}) == set()


def test_it_stands_in_the_history_and_in_the_security_log(app: Starlette) -> None:
    demand(Role.CHAIR, Role.ADMINISTRATOR)
    demand(Role.CHAIR, Role.ADMINISTRATOR)
    demand()
    demand(off=True)
    with database.reading() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT name, value FROM event_value JOIN event USING (seq) WHERE kind = 'demand_second_factor'"
            " AND substr(name, 1, 8) = 'demanded' ORDER BY seq, name"
        )
        written = [value for _, value in rows]
    roles = '["administrator","chair"]'
    assert written == [roles, "[]", '["everybody"]', roles, "[]", '["everybody"]']
    noted = [entry for entry in security_log.newest(20) if entry["deed"] == "settings"]
    assert [entry["reason"] for entry in noted] == [
        "demand_second_factor, unit 1, demanded ['administrator', 'chair']",
        "demand_second_factor, unit 1, demanded ['everybody']",
        "demand_second_factor, unit 1, demanded []",
    ]


def test_how_many_have_none_yet_is_counted_before_it_is_demanded(app: Starlette) -> None:
    have_app("kim")
    have_passkey("ada")
    with database.reading() as session:
        (place,) = roster.places_administered(session, ADA)
        listed = roster.headcount(session, ADA, AT)
    everybody = place.headcounts[None]
    assert (everybody.people, everybody.without) == (4, 2)
    assert place.headcounts[Role.ADMINISTRATOR] == roster.Headcount(1, 0)
    assert Role.AUDITOR not in place.headcounts
    assert listed[roster.Only.NO_SECOND_FACTOR] == 2


def test_the_command_line_demands_it_and_ends_it(app: Starlette) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, ["unit", *words])
        return done.exit_code, done.output

    assert run("second-factor", "1", "--of", "administrator", "--of", "chair") == (
        0,
        "It is demanded of 1, of whom 1 have none yet and set one up at once.\n",
    )
    assert "second factor: administrator, chair" in run("list")[1]
    assert meant({"ada", "kim"}) == {"ada"}
    assert run("second-factor", "1", "--of", "everybody")[0] == 0 and meant({"ada", "kim"}) == {"ada", "kim"}
    assert run("second-factor", "1", "--off") == (0, "Unit 1 demands a second factor of nobody.\n")
    for wrong in (
        ("1",),
        ("1", "--off", "--of", "chair"),
        ("1", "--of", "boss"),
        ("1", "--of", "everybody", "--of", "chair"),
    ):
        code, told = run("second-factor", *wrong)
        assert code == 2 and ("--of" in told or "no role" in told), wrong
    assert run("second-factor", "99", "--off")[0] != 0
    assert meant({"ada", "kim"}) == set()


@pytest.mark.slow
def test_on_the_screen_of_units_it_is_demanded_with_how_many_have_none(office: Office, visitors: Visitors) -> None:
    for actor in (ADA, LEE):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    with database.transaction() as session:
        secret = entrance.second_factor.new_secret()
        credentials.begin_second_factor(session, "ada", secret, AT)
        credentials.confirm_second_factor(session, "ada", 1, AT)
        token = accounts.open_session(session, "ada", datetime.now(UTC), with_second=True)
    assert sessions.who(token) is not None
    screen = visitors.sign_in(ADA).open("units").unfold("unit-second-1-fold")
    assert "미설정" in screen.html
    screen.enter("unit-second-1-whom", "roles").click("unit-second-1-go")
    assert "역할을 고르지 않았습니다" in screen.html and meant({"lee"}) == set()
    screen.enter("unit-second-1-roles", ["committee_member"]).click("unit-second-1-go")
    assert "2단계 인증 의무: 심의위원" in screen.html and "대상 1명" in screen.html
    assert meant({"ada", "lee"}) == {"lee"}


def test_what_counts_is_who_came_in_how(app: Starlette) -> None:
    """Every way in, with and without: password, link, app."""
    secret = have_app("kim")
    ways: dict[str, Answer] = {
        "link": send(app, f"/link/{made_link('lee')}", password=NEW),
        "password": enter(app, "lee", NEW),
        "app": send(app, "/enter/second", attempt_of(enter(app, "kim")), code=next_code(secret)),
    }
    demand()
    assert {way: is_in(app, answer.session) for way, answer in ways.items()} == {
        "link": False,
        "password": False,
        "app": True,
    }
