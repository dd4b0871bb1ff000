"""Coming in by an identity provider: connected accounts only, once for each way there, and nothing that it did not sign for us."""

from __future__ import annotations

import html
import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions, identity_provider, outside_entrance
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.storage import attempts, database, identities
from pages._server import account, gate, links, outside, shell, sign_in
from pages._server.admission import Admission
from questionnaires.problems import InvalidFileError
from tests import doors, providers
from tests.asgi import Answer, ask
from tests.doors import PASSWORD, cookies_of
from tests.office import ADA, Office
from tests.providers import Liar
from tests.test_entrance import is_in, made_link, office, send

__all__ = ["office"]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    users = (
        {"sub": "verified", "email": "Kim@example.kr", "email_verified": True},
        {"sub": "claimed", "email": "kim@example.kr"},
    )
    with providers.honest(*users) as address:
        yield address


@pytest.fixture
def app(office: Office, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setattr(outside, "BEGUN", Admission("999/minute", "999/minute", inside=32, of_one=8))
    routes = [*sign_in.ROUTES, *links.ROUTES, *account.ROUTES, *outside.ROUTES, *shell.ROUTES]
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    routes.append(Route("/media/{name}", lambda _: PlainTextResponse("behind the gate")))
    return Starlette(routes=routes, middleware=[Middleware(gate.Gate)])


def sent_to(answer: Answer) -> str:
    """Where the page leads by itself."""
    assert answer.status == 200, answer.text
    return html.unescape(re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)[0])


def attempt_of(answer: Answer) -> dict[str, str]:
    cookie = answer.headers["set-cookie"]
    assert "SameSite=lax" in cookie and "HttpOnly" in cookie
    return {"haetae_outside": re.findall(r"haetae_outside=([\w-]{43})", cookie)[0]}


def back(app: Starlette, cookies: dict[str, str], query: dict[str, str]) -> Answer:
    return ask(app, f"/enter/outside/return?{urlencode(query)}", cookies=cookies)


def gone_and_back(app: Starlette, path: str, subject: str, cookies: dict[str, str] | None = None) -> Answer:
    begun = send(app, path, cookies)
    return back(app, attempt_of(begun), providers.agreed(sent_to(begun), subject))


def connect(person: str, issuer: str, subject: str) -> None:
    with database.transaction() as session:
        identities.connect(session, person, issuer, subject, datetime.now(UTC))


@pytest.mark.slow
def test_a_connected_account_is_let_in_and_led_to_where_one_wanted_to_go(app: Starlette, issuer: str) -> None:
    providers.settings(home(), issuer)
    assert "사내 계정 로그인" in ask(app, "/enter").text
    unknown = gone_and_back(app, "/enter/outside", "s-1")
    assert unknown.status == 403 and not unknown.session and "연결된 사람이 없습니다" in unknown.text
    connect("kim", issuer, "s-1")
    let_in = gone_and_back(app, "/enter/outside?to=%2Fsystems", "s-1")
    assert is_in(app, let_in.session) and sent_to(let_in) == "/systems"
    doors.take_away("kim")
    assert gone_and_back(app, "/enter/outside", "s-1").status == 403


@pytest.mark.slow
def test_an_account_is_connected_by_whoever_is_signed_in_or_has_a_link(app: Starlette, issuer: str) -> None:
    providers.settings(home(), issuer)
    mine = cookies_of("kim")
    connected = gone_and_back(app, "/account/outside", "s-kim", mine)
    assert sent_to(connected) == "/account?done=connected" and not connected.session
    linked = gone_and_back(app, f"/link/{made_link()}/outside", "s-park")
    assert is_in(app, linked.session)
    assert is_in(app, gone_and_back(app, "/enter/outside", "s-kim").session)
    assert gone_and_back(app, "/account/outside", "s-park", mine).status == 403, "somebody else's"
    assert send(app, "/account/outside/off", mine, password="wrong").status == 422
    assert send(app, "/account/outside/off", mine, password=PASSWORD).location == "/account?done=disconnected"
    assert gone_and_back(app, "/enter/outside", "s-kim").status == 403
    with database.reading() as session:
        kinds = [row[0] for row in session.connection().exec_driver_sql("SELECT kind FROM event ORDER BY seq")]
    assert [kind for kind in kinds if "identity" in kind] == [
        "connect_identity",
        "connect_identity",
        "disconnect_identity",
    ]


@pytest.mark.slow
def test_an_e_mail_connects_only_where_the_settings_say_so_and_only_a_verified_one(app: Starlette, issuer: str) -> None:
    with database.transaction() as session:
        actions.change_person(session, "kim", "김하나", "kim@example.kr", ADA, datetime.now(UTC))
    providers.settings(home(), issuer)
    assert gone_and_back(app, "/enter/outside", "verified").status == 403
    providers.settings(home(), issuer, "by_email: true\n")
    assert gone_and_back(app, "/enter/outside", "claimed").status == 403
    assert is_in(app, gone_and_back(app, "/enter/outside", "verified").session)


@pytest.mark.slow
def test_a_way_there_leads_back_once_in_the_same_browser_with_the_same_state(app: Starlette, issuer: str) -> None:
    providers.settings(home(), issuer)
    connect("kim", issuer, "s-1")
    begun, other = send(app, "/enter/outside"), send(app, "/enter/outside")
    query = providers.agreed(sent_to(begun), "s-1")
    assert back(app, {}, query).status == 400, "another browser, as of somebody who was sent a link"
    assert back(app, attempt_of(other), query).status == 400, "another state"
    assert is_in(app, back(app, attempt_of(begun), query).session)
    assert back(app, attempt_of(begun), query).status == 400, "it is over"
    late = send(app, "/enter/outside")
    with database.reading() as session:
        at = datetime.now(UTC) + outside_entrance.LASTS + timedelta(seconds=1)
        assert attempts.memory_of(session, attempt_of(late)["haetae_outside"], "outside", at) is None
    denied = send(app, "/enter/outside")
    state = dict(parse_qsl(urlsplit(sent_to(denied)).query))["state"]
    answer = back(app, attempt_of(denied), {"error": "access_denied", "error_description": "<b>x</b>", "state": state})
    assert answer.status == 400 and "<b>x</b>" not in answer.text


@pytest.mark.slow
def test_connecting_ends_with_the_session_that_began_it_and_a_link_with_its_use(app: Starlette, issuer: str) -> None:
    providers.settings(home(), issuer)
    mine, link = cookies_of("kim"), made_link()
    begun, by_link = send(app, "/account/outside", mine), send(app, f"/link/{link}/outside")
    ask(app, "/leave", "POST", cookies=mine, origin="http://localhost:8501")
    made_link()
    assert back(app, attempt_of(begun), providers.agreed(sent_to(begun), "s-2")).status == 403
    assert back(app, attempt_of(by_link), providers.agreed(sent_to(by_link), "s-3")).status == 403
    with database.reading() as session:
        assert not identities.all_connected(session)


LIES: dict[str, Callable[[], Liar]] = {
    "another key": lambda: Liar(signs_with=RSAKey.generate_key(2048, {"kid": "own"})),
    "no signature": lambda: Liar(algorithm="none"),
    "another audience": lambda: Liar({"aud": "somebody else"}),
    "another issuer": lambda: Liar({"iss": "https://evil.example"}),
    "another nonce": lambda: Liar({"nonce": "of another sign-in"}),
    "no nonce": lambda: Liar({"nonce": None}),
    "expired": lambda: Liar({"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200}),
    "nobody": lambda: Liar({"sub": None}),
    "a number": lambda: Liar({"sub": 7}),
    "a shared key": lambda: Liar(algorithm="HS256"),
    "settings of another": lambda: Liar(stated_issuer="https://evil.example"),
}
"""What lies → makes one, with its key, where it is needed."""


def told_by(app: Starlette, liar: Liar, address: str) -> Answer:
    providers.settings(home(), address)
    connect("kim", address, "s-1")
    begun = send(app, "/enter/outside")
    if begun.status != 200:
        return begun
    return back(app, attempt_of(begun), {"code": "c", "state": providers.asked_of(liar, sent_to(begun))})


def test_what_a_provider_signs_for_us_is_believed(app: Starlette) -> None:
    liar = Liar()
    with providers.lying(liar) as address:
        assert is_in(app, told_by(app, liar, address).session)


@pytest.mark.first_in_check
@pytest.mark.parametrize("lie", LIES)
def test_no_lie_of_a_provider_opens_a_session(app: Starlette, lie: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    liar = LIES[lie]()
    with providers.lying(liar) as address:
        answer = told_by(app, liar, address)
    assert answer.status == 503 and not answer.session
    assert "신뢰할 수 없습니다" in answer.text or "issuer" in answer.text


def test_a_provider_that_is_away_is_said_and_passwords_go_on(app: Starlette) -> None:
    with providers.lying(Liar()) as address:
        pass
    providers.settings(home(), address)
    answer = send(app, "/enter/outside")
    assert answer.status == 503 and "연결할 수 없습니다" in answer.text
    assert doors.enter(app, "kim").session


@pytest.mark.parametrize("path", ["/enter/outside", "/account/outside", "/link/x/outside", "/account/outside/off"])
def test_no_other_site_begins_it(app: Starlette, path: str) -> None:
    assert ask(app, path, "POST", cookies=cookies_of("kim"), origin="http://evil.example").status == 403


def test_without_settings_there_is_no_such_way(app: Starlette) -> None:
    assert "사내 계정" not in ask(app, "/enter").text
    assert send(app, "/enter/outside").location == "/enter"
    assert ask(app, "/enter/outside/return?code=c&state=s").status == 400


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("issuer: http://login.example.kr\nclient_id: x\n", "oidc.yaml, line 1: issuer"),
        ("issuer: https://login.example.kr\n", "client_id"),
        ("issuer: https://login.example.kr\nclient_id: x\nscopes: [email]\n", "oidc.yaml, line 3: scopes"),
        ("issuer: https://login.example.kr\nclient_id: x\nsecret: y\n", "line 3: secret"),
        ("[]\n", "oidc.yaml"),
    ],
)
def test_settings_that_cannot_be_used_are_told_with_their_line(office: Office, written: str, told: str) -> None:
    (home() / "oidc.yaml").write_text(written, "utf-8")
    with pytest.raises(InvalidFileError, match=re.escape(told)):
        identity_provider.read(home())


def test_a_secret_that_others_can_read_is_not_used(office: Office) -> None:
    providers.settings(home(), "https://login.example.kr")
    assert identity_provider.read(home()) is not None
    (home() / "oidc.secret").chmod(0o644)
    identity_provider._read.cache_clear()
    with pytest.raises(AssessmentError, match="can be read by other users"):
        identity_provider.read(home())
    (home() / "oidc.secret").unlink()
    with pytest.raises(AssessmentError, match="cannot be read"):
        identity_provider.read(home())
