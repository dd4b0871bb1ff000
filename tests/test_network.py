"""What the environment may say about where the server listens and whom it believes; anything half said is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from assessments import network
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.people import add_person
from pages._frame import cookies
from pages._server import gate, sign_in
from tests import doors
from tests.asgi import Answer, Socket, ask
from tests.office import KIM, open_office

NAME = "haetae.example.kr"
ORIGIN = f"https://{NAME}"
PROXY = ("10.0.0.5", 50000)
SPOKEN_FOR = {"x_forwarded_for": "203.0.113.9", "x_forwarded_proto": "https"}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "certificate.pem"
    file.touch()
    return file


def read(**variables: str) -> network.Network:
    return network.read({f"HAETAE_{name}": value for name, value in variables.items()})


def test_without_a_word_this_computer_is_answered_and_nobody_believed() -> None:
    settings = read()
    assert (settings.address, settings.is_open) == ("127.0.0.1", False)
    assert not settings.believes("127.0.0.1")


def test_what_is_named_is_taken_as_it_stands() -> None:
    settings = read(ADDRESS="0.0.0.0", HOSTS=f" {NAME.upper()}, 10.0.0.9 ,", PROXIES="10.0.0.5, 192.168.7.0/28")
    assert settings.hosts == {NAME, "10.0.0.9"}
    assert all(map(settings.believes, ("10.0.0.5", "::ffff:10.0.0.5", "192.168.7.15")))
    assert not any(map(settings.believes, ("10.0.0.6", "192.168.7.16", "", "unknown", "10.0.0.5, 10.0.0.5")))
    assert all(map(settings.answers_to, (NAME, f"{NAME}:8443", NAME.upper(), "10.0.0.9:1")))
    assert not any(
        map(settings.answers_to, ("", f"x.{NAME}", f"{NAME}.evil", f"{NAME}:", f"{NAME}:1@evil", f"a@{NAME}", "[::1]"))
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"ADDRESS": "0.0.0.0"}, "HAETAE_HOSTS"),
        ({"ADDRESS": "everywhere"}, "no IP address"),
        ({"HOSTS": NAME}, "HAETAE_PROXIES"),
        ({"ADDRESS": "0.0.0.0", "HOSTS": NAME}, "HAETAE_PROXIES"),
        ({"PROXIES": "127.0.0.1"}, "HAETAE_HOSTS"),
        ({"HOSTS": "*", "PROXIES": "127.0.0.1"}, "no host name"),
        ({"HOSTS": "https://" + NAME, "PROXIES": "127.0.0.1"}, "no host name"),
        ({"HOSTS": NAME + ":8443", "PROXIES": "127.0.0.1"}, "no host name"),
        ({"HOSTS": NAME, "PROXIES": "everybody"}, "no IP address and no network"),
        ({"HOSTS": NAME, "PROXIES": "10.0.0.5/8"}, "no IP address and no network"),
        ({"HOSTS": NAME, "PROXIES": "0.0.0.0/0"}, "believe every computer"),
        ({"HOSTS": NAME, "PROXIES": "::/0"}, "believe every computer"),
        ({"HOSTS": NAME, "TLS_CERTIFICATE": "/nowhere.pem"}, "there is no file"),
        ({"CLAMD": "clamd"}, "where the scanner is"),
        ({"CLAMD": "localhost:99999"}, "where the scanner is"),
    ],
)
def test_half_said_or_too_open_settings_are_refused_with_the_name_of_the_setting(
    variables: dict[str, str], named: str
) -> None:
    with pytest.raises(AssessmentError) as refused:
        read(**variables)
    assert named in refused.value.text.en
    assert "HAETAE_" in refused.value.text.ko


def test_a_certificate_needs_its_key(certificate: Path) -> None:
    with pytest.raises(AssessmentError, match="Only one"):
        read(HOSTS=NAME, TLS_CERTIFICATE=str(certificate))
    assert read(HOSTS=NAME, TLS_CERTIFICATE=str(certificate), TLS_KEY=str(certificate)).is_open


def test_the_scanner_is_a_socket_or_a_host_with_its_port() -> None:
    assert read(CLAMD="/run/clamav/clamd.ctl").scanner == network.Scanner(socket="/run/clamav/clamd.ctl")
    assert read(CLAMD="[::1]:3310").scanner == network.Scanner(host="::1", port=3310)


# --- opened to others --------------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Opened to others behind one proxy."""
    open_office(tmp_path, monkeypatch)
    add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
    monkeypatch.setenv("HAETAE_HOSTS", NAME)
    monkeypatch.setenv("HAETAE_PROXIES", PROXY[0])

    async def mirror(request: Request) -> Response:
        answer = JSONResponse({"client": request.client and request.client.host, "scheme": request.url.scheme})
        answer.set_cookie("other", "x")
        return answer

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive()

    return Starlette(
        routes=[*sign_in.ROUTES, Route("/static/mirror", mirror), WebSocketRoute("/_stcore/stream", listen)],
        middleware=[Middleware(gate.Gate)],
    )


def through(app: Any, path: str, method: str = "GET", *, host: str = NAME, **more: Any) -> Answer:
    """Through the proxy."""
    return ask(app, path, method, client=PROXY, host=host, **SPOKEN_FOR | more)


def test_whom_a_named_proxy_speaks_for_is_believed_and_the_last_hop_counts(app: Starlette) -> None:
    seen = through(app, "/static/mirror", x_forwarded_for="127.0.0.1, 198.51.100.7, 203.0.113.9")
    assert '{"client":"203.0.113.9","scheme":"https"}' in seen.text


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "via", "cf_connecting_ip", "true_client_ip"])
def test_what_others_say_of_themselves_is_refused(app: Starlette, header: str) -> None:
    answer = ask(app, "/enter", client=("203.0.113.9", 1), host=NAME, **{header: "127.0.0.1"})
    assert answer.status == 403


def test_nobody_is_answered_who_is_not_spoken_for_not_encrypted_or_under_another_name(app: Starlette) -> None:
    assert ask(app, "/enter", client=("203.0.113.9", 1), host=NAME).status == 403, "plain HTTP"
    assert ask(app, "/enter", client=("127.0.0.1", 1), host="127.0.0.1:8501").status == 403, "plain HTTP from here"
    assert ask(app, "/enter", client=PROXY, host=NAME).status == 403, "a proxy that says nothing"
    assert through(app, "/enter", x_forwarded_proto="http").status == 403
    assert through(app, "/enter", x_forwarded_for="unknown").status == 403
    assert through(app, "/enter", x_forwarded_host="evil.example").status == 403
    assert through(app, "/enter", host="evil.example").status == 403
    refused = through(app, "/enter", host="")
    assert refused.status == 403
    assert "https://로 시작하는 주소" in refused.text
    assert through(app, "/enter", x_forwarded_host=NAME).status == 200


def entered_through(app: Starlette) -> Answer:
    doors.give_password("kim")
    return through(app, "/enter", "POST", body=doors.form(account="kim", password=doors.PASSWORD), origin=ORIGIN)


def test_over_https_cookies_are_bound_to_the_host_and_the_browser_is_told_to_stay(app: Starlette) -> None:
    entered = entered_through(app)
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("__Host-haetae_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert entered.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert f"wss://{NAME}" in entered.headers["content-security-policy"]
    assert "ws://" + NAME not in entered.headers["content-security-policy"].replace("wss", "")
    assert through(app, "/language/en").headers["set-cookie"].startswith("__Host-haetae_language=en; HttpOnly")


def test_a_cookie_without_the_prefix_which_another_host_could_have_planted_is_nobodys(app: Starlette) -> None:
    token = entered_through(app).headers["set-cookie"].split("=")[1]
    token = token.partition(";")[0]
    assert through(app, "/x", cookies={"haetae_session": token}).status == 401
    assert through(app, "/x", cookies={"__Host-haetae_session": token}).status == 404


def test_every_cookie_that_is_set_over_https_is_secure(app: Starlette) -> None:
    assert "secure" in through(app, "/static/mirror").headers["set-cookie"].lower()


@pytest.mark.parametrize("origin", [f"http://{NAME}", "https://evil.example", f"{ORIGIN}:8443", "null", ""])
def test_forms_and_sockets_come_from_our_own_pages_over_https(app: Starlette, origin: str) -> None:
    assert through(app, "/enter", "POST", body=b"person=kim", origin=origin).status == 403

    async def close_code() -> int | None:
        token = cookies.name(cookies.SESSION)
        async with Socket(app, {token: "x"}, {"origin": origin, **SPOKEN_FOR}, PROXY, NAME) as socket:
            return socket.close_code

    assert asyncio.run(close_code()) == 1008


@pytest.mark.parametrize("hosts", ["", " , ", NAME, f" {NAME} ,"])
def test_what_is_asked_with_every_text_says_what_all_settings_together_say(
    hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(network.HOSTS, hosts)
    monkeypatch.setenv(network.PROXIES, "127.0.0.1" if NAME in hosts else "")
    assert network.is_open() is network.current().is_open is (NAME in hosts)


def test_on_its_own_nothing_is_promised_of_https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_office(tmp_path, monkeypatch)
    app = Starlette(routes=sign_in.ROUTES, middleware=[Middleware(gate.Gate)])
    answer = ask(app, "/language/en")
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["set-cookie"].startswith("haetae_language=")
    assert "secure" not in answer.headers["set-cookie"].lower()
