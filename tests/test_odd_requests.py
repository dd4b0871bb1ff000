"""Whatever a request is made of, it gets an answer: no failure, no loop, and never without the headers that protect."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

import app as product
from assessments.home import home
from assessments.people import add_person
from pages._server import files, gate, log_upload, screening, sign_in, trouble, uploading, watch
from tests.asgi import HOST, Answer, Socket, asked
from tests.doors import let_in
from tests.office import KIM, open_credit_office

DRAWS = int(os.environ.get("HAETAE_DRAWS", "60"))
"""As in all properties: more in a long run."""
ORIGIN = f"http://{HOST}"
ROUTES = [route for route in product.ROUTES if isinstance(route, Route)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Starlette, str]]:
    """All routes of our own behind the gate, and the token of somebody who is signed in."""
    with pytest.MonkeyPatch.context() as patched:
        open_credit_office(tmp_path_factory.mktemp("home"), patched, assessments=1)
        add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
        patched.setattr(watch, "_RATES", ())
        middleware = [Middleware(gate.Gate), Middleware(uploading.Guard)]
        handlers: Any = {Exception: trouble.answered}
        yield Starlette(routes=ROUTES, middleware=middleware, exception_handlers=handlers), let_in(KIM.id)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
latin = st.text(st.characters(max_codepoint=255), max_size=60)
odd = st.sampled_from(
    [
        "", "//[", "http://[", "//\uff0fevil", "http://[::1", "[", "..", "%00", "\0", "null", "/\\evil.example", "//evil.example",
        "javascript:alert(1)", "http://evil.example", "'\"><script>", "9" * 400, "-1", "\u202e", "\u2028", "\r\nSet-Cookie: x=1",
        ORIGIN, HOST, "localhost", "localhost:99999999", "[::1]", "::1", "a@localhost:8501", "localhost:8501@evil", "xn--", "%ff",
    ]
)  # fmt: skip
words = texts | odd


@st.composite
def paths(draw: st.DrawFn) -> str:
    """One of ours with anything for what is open in it, with anything behind, or anything at all."""
    path = draw(
        st.sampled_from(
            ["/", "/media/a", "/_stcore/stream", "/_stcore/upload_file/a/b", *(route.path for route in ROUTES)]
        )
    )
    while "{" in path:
        name = path[path.index("{") : path.index("}") + 1]
        path = path.replace(name, draw(words | st.sampled_from(["1", "ko", "xlsx"])).replace("{", ""), 1)
    path += draw(st.sampled_from(["", "", "", "/", "//", "/.."]) | words)
    query = draw(
        st.lists(
            st.tuples(st.sampled_from(["to", "language", "revision", "file", "assessments", "copy"]) | words, words),
            max_size=3,
        )
    )
    return path + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else "")


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Header names as the helper takes them; values as they can come over the wire."""
    value = latin | odd.map(lambda text: text.encode().decode("latin-1"))
    own = st.sampled_from(
        ["accept", "origin", "referer", "content_type", "content_length", "user_agent", "accept_language", "range"]
    )
    cookie = st.sampled_from(
        [
            'prefs={"a":1}; haetae_session=x',
            "a b=c d",
            "=;=;",
            "haetae_session",
            "haetae_language=fr",
            "haetae_screening=!!!",
            "가=나".encode().decode("latin-1"),
        ]
    )
    return st.fixed_dictionaries(
        {}, optional={"cookie": cookie | value, "origin": st.just(ORIGIN), "accept": st.just("text/html")}
    ).flatmap(lambda known: st.dictionaries(own, value, max_size=3).map(lambda more: more | known))


def sound(answer: Answer) -> None:
    assert answer.status < 500 or answer.status == 503, answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())


@pytest.mark.slow
@settings(max_examples=DRAWS * 4)
@given(
    path=paths(),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "\u00e9", ""]),
    headers=headers(),
    body=st.binary(max_size=60)
    | st.sampled_from([b"account=kim&password=x", b"a=1&" * 2000, b"\xff=\xff", b"%00=%zz"]),
    host=st.just(HOST) | odd,
    is_known=st.booleans(),
)
@example(path="/enter?to=//[", method="GET", headers={}, body=b"", host=HOST, is_known=False)
@example(path="/language/en", method="GET", headers={"referer": "http://["}, body=b"", host=HOST, is_known=True)
@example(path="/enter", method="POST", headers={"origin": "http://["}, body=b"", host=HOST, is_known=False)
def test_no_request_ends_in_a_failure(
    served: tuple[Starlette, str],
    path: str,
    method: str,
    headers: dict[str, str],
    body: bytes,
    host: str,
    is_known: bool,
) -> None:
    app, token = served
    if is_known and "cookie" not in headers:
        headers = headers | {"cookie": f"haetae_session={token}"}
    host = host.encode().decode("latin-1")
    sound(asyncio.run(asked(app, path, method, None, body, host=host, headers=headers)))


@pytest.mark.slow
@settings(max_examples=DRAWS * 2)
@given(path=paths(), headers=headers(), is_known=st.booleans())
def test_no_reader_is_led_in_a_circle_or_away(
    served: tuple[Starlette, str], path: str, headers: dict[str, str], is_known: bool
) -> None:
    app, token = served
    headers = headers | {"accept": "text/html"} | ({"cookie": f"haetae_session={token}"} if is_known else {})
    seen = []
    for _ in range(6):
        answer = asyncio.run(asked(app, path, "GET", None, b"", headers=headers))
        sound(answer)
        if not 300 <= answer.status < 400:
            return
        seen.append(path)
        parts = urlsplit(answer.location)
        assert parts.netloc in ("", HOST) and parts.scheme in ("", "http"), answer.location
        path = unquote(parts.path) + ("?" + parts.query if parts.query else "")
    raise AssertionError(f"in a circle: {seen}")


@pytest.mark.parametrize(
    "foreign",
    [
        'prefs={"a":1}',
        "theme=dark mode, wide",
        "이름=해태".encode().decode("latin-1"),
        'q="unclosed',
        "=nameless",
        "a=1; a=2; ;;",
        "$Version=1; x[]=y",
        "\x01=\x02",
    ],
)
def test_a_cookie_of_another_program_on_this_host_signs_nobody_out(served: tuple[Starlette, str], foreign: str) -> None:
    app, token = served
    for order in (f"{foreign}; haetae_session={token}", f"haetae_session={token}; {foreign}"):
        answer = asyncio.run(asked(app, "/alive", headers={"cookie": order}))
        assert answer.status == 200, order

        async def close_code(order: str = order) -> int | None:
            async with Socket(app, {}, {"cookie": order, "origin": ORIGIN}) as socket:
                return socket.close_code

        assert asyncio.run(close_code()) != gate.SESSION_ENDED


def test_the_same_header_twice_is_no_way_around(served: tuple[Starlette, str]) -> None:
    app, token = served

    async def status(path: str, method: str, *more: tuple[str, str]) -> int:
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "path": path, "raw_path": path.encode(),
            "root_path": "", "query_string": b"", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8501), "method": method,
            "headers": [(name.encode(), value.encode()) for name, value in more],
        }  # fmt: skip
        await app(scope, receive, send)
        return int(said[0]["status"])

    cookie = ("cookie", f"haetae_session={token}")
    assert asyncio.run(status("/alive", "GET", ("host", HOST), cookie)) == 200
    assert asyncio.run(status("/alive", "GET", ("host", HOST), ("host", "evil.example"), cookie)) == 403
    assert (
        asyncio.run(
            status("/leave", "POST", ("host", HOST), ("origin", ORIGIN), ("origin", "http://evil.example"), cookie)
        )
        == 403
    )


def test_trace_is_answered_by_nobody(served: tuple[Starlette, str]) -> None:
    app, token = served
    for path in ("/", "/enter", "/verify", "/files/bundle.zip"):
        answer = asyncio.run(asked(app, path, "TRACE", {"haetae_session": token}, headers={"x_secret": "told"}))
        assert answer.status == 405 and "told" not in answer.text


@pytest.mark.slow
def test_every_form_refuses_what_another_site_sends(served: tuple[Starlette, str]) -> None:
    """All that is sent and is not a read: also what is added later."""
    app, token = served
    sent = [route for route in ROUTES if "POST" in (route.methods or ())]
    assert len(sent) >= 5
    for route in sent:
        path = route.path.replace("{assessment_id}", "1").replace("{token}", "x").replace("{", "").replace("}", "")
        for origin in ("http://evil.example", "null", "", "https://localhost:8501", "http://localhost:8502"):
            headers = {"origin": origin, "content_type": "application/x-www-form-urlencoded", "accept": "text/html"}
            answer = asyncio.run(asked(app, path, "POST", {"haetae_session": token}, b"x=1", headers=headers))
            if (
                path == "/verify"
            ):  # says what a file holds to whoever sends it, keeps nothing, and is asked from command lines
                assert answer.status in (400, 429)
            else:
                assert answer.status == 403, (path, origin)


@pytest.mark.slow
def test_nothing_without_a_session_but_what_is_meant_for_everybody(served: tuple[Starlette, str]) -> None:
    app, _ = served
    for route in ROUTES:
        path = route.path.replace("{", "").replace("}", "")
        is_open = path in gate.OPEN or any(path.startswith(beginning) for beginning in gate.OPEN_BELOW)
        answer = asyncio.run(asked(app, path, "GET"))
        if not is_open and "{language}" not in route.path:
            assert answer.status == 401, path
    assert {"/verify", "/enter", "/screening"} <= gate.OPEN


def test_what_is_looked_through_is_what_the_server_serves() -> None:
    served_routes = {route.path for module in (sign_in, screening, files, log_upload) for route in module.ROUTES}
    assert served_routes <= {route.path for route in ROUTES}
    assert Path(product.__file__).name == "app.py"
