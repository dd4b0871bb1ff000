"""Access control in front of Streamlit: who is not meant, and who is signed out, gets no page and no socket.

From where a request may come and under which name: arrival.py. Every answer carries the security headers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from time import perf_counter
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assessments import network
from assessments.model import Actor
from pages._frame import cookies, database, plain, sessions, translation
from pages._server import (
    arrival,
    by_itself,
    measuring,
    pools,
    probes,
    server_log,
    shell,
    watch,
    whereabouts,
    whose,
)
from pages._server.entering import DEMANDED

CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
OPEN = frozenset(
    {
        "/screening",
        "/verify",
        "/enter",
        "/enter/second",
        "/enter/outside",
        "/enter/outside/return",
        "/enter/passkey",
        "/enter/passkey/shown",
        shell.ENTRANCE,
        "/leave",
        "/language/ko",
        "/language/en",
        "/_stcore/health",
        probes.HEALTH,
        probes.READY,
        probes.METRICS,
        plain.MARK,
    }
)
LACKING = frozenset(
    {
        DEMANDED,
        f"{DEMANDED}/code",
        f"{DEMANDED}/begin",
        f"{DEMANDED}/app",
        f"{DEMANDED}/passkey",
        f"{DEMANDED}/passkey/made",
        "/confirm",
        "/confirm/outside",
    }
)
"""All that is there for whoever is signed in but has not shown the second factor that is demanded of them."""
STATIC = "/static/"
"""Paths of the program's own scripts and styles, which hold no user data."""
OPEN_BELOW = (STATIC, "/link/")
"""A one-time link is asked for before anybody has a session."""
WATCH_SECONDS = 0.4
"""How often open sockets are asked whether their session still stands, whoever ended it, in this process or another."""
SESSION_ENDED = 4401
"""Close code of a socket whose session has ended; the shell's script then goes to /enter."""
LAST_WORDS_SECONDS = 5.0
"""Seconds that a socket closed by the browser stays open for Streamlit after its last message."""
A_YEAR_SECONDS = 365 * 24 * 3600
Who = Callable[[str | None], Actor | None]
Standing = Callable[[Collection[str]], frozenset[str]]


class Gate:
    """ASGI middleware.

    who: token of the cookie → who is signed in with it, None for nobody; who_acts: the same, and it counts as a use.
    standing: tokens → those whose session is open and whose person may still come in.
    present: like who, and also somebody who still has to show a second factor.
    """

    def __init__(
        self,
        app: ASGIApp,
        who: Who = sessions.who,
        who_acts: Who = sessions.who_acts,
        standing: Standing = sessions.standing,
        present: Who = sessions.present,
    ) -> None:
        self.app = app
        self.who = who
        self.who_acts = who_acts
        self.standing = standing
        self.present = present
        self.network = network.current()
        self.sockets: dict[str, set[asyncio.Event]] = {}
        """Session token → events that close its open sockets."""
        self._watching: asyncio.Task[None] | None = None
        self._believing = ProxyHeadersMiddleware(self._arrived, [str(proxy) for proxy in self.network.proxies])  # type: ignore[arg-type]
        """Puts the client and the scheme that a named proxy states into the request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = dict(scope)  # the proxy's word is written into it
        whose.begun()
        if scope["type"] == "http" and scope["path"] in probes.PATHS and arrival.is_of_this_computer(scope):
            await self.app(scope, receive, _with_headers(send, scope))
            return
        fault = arrival.distrusted(scope, self.network)
        if fault is not None:
            await self._turned_away(fault, scope, receive, send)
        else:
            await self._believing(scope, receive, send)  # type: ignore[arg-type]

    async def _arrived(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = arrival.misdirected(scope, self.network)
        if fault is not None:
            await self._turned_away(fault, scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._websocket(scope, receive, send)

    async def _turned_away(self, fault: arrival.Misdirected, scope: Scope, receive: Receive, send: Send) -> None:
        await watch.turned_away(scope, fault.value)
        if scope["type"] == "websocket":
            await _refuse_socket(receive, send, 1008)
            return
        language = translation.language_of(HTTPConnection(scope).cookies)
        answer = plain.page(language, plain.stranger(language), status=403)
        await answer(scope, receive, _with_headers(send, scope))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        actor, refusal = await self._refusal(scope)
        whose.acting(actor.id if actor else "")
        database.act_for(actor)
        answer, status = refusal or self.app, 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await answer(scope, receive, _with_headers(watched, scope))
        finally:
            measuring.answered(scope, status, perf_counter() - began)
            server_log.answered(scope, status, perf_counter() - began)
            await watch.answered(scope, status, actor)
        if scope["method"] == "POST" and refusal is None:
            await self._close_ended()  # at once where it was ended here

    async def _refusal(self, scope: Scope) -> tuple[Actor | None, Response | None]:
        """Who asks, where that has to be known, and the refusal for this request. None: nobody; it may pass."""
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(CLOSED):
            return None, PlainTextResponse("404", status_code=404)
        if path in OPEN or path.startswith(OPEN_BELOW):
            return None, None
        actor = await pools.GATE.run(self.who_acts, _token(scope))
        if actor is not None:
            return actor, None
        lacking = await pools.GATE.run(self.present, _token(scope))
        if lacking is not None and path in LACKING:
            return lacking, None
        is_lacking = lacking is not None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            target = path + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
            entrance = DEMANDED if is_lacking else "/enter"
            return None, RedirectResponse(
                entrance if target == "/" else f"{entrance}?to={quote(target, safe='')}", status_code=303
            )
        language = translation.language_of(HTTPConnection(scope).cookies)
        say = translation.translate
        text = say("Show a second factor first.", language) if is_lacking else say("Sign in first.", language)
        return None, PlainTextResponse(text, status_code=401)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope)
        if not arrival.is_own_origin(scope):
            await watch.turned_away(scope, "a socket from another site")
            await _refuse_socket(receive, send, 1008)
        elif await pools.GATE.run(self.who, token) is None:
            await watch.turned_away(scope, "a socket without a session")
            await _refuse_socket(receive, send, SESSION_ENDED, is_told=True)
        else:
            ended = asyncio.Event()
            measuring.socket_opened()
            self.sockets.setdefault(token, set()).add(ended)
            if self._watching is None or self._watching.done():
                self._watching = asyncio.create_task(self._watch())
            guarded = _GuardedSocket(
                receive, send, ended, lambda is_use: (self.who_acts if is_use else self.who)(token) is not None
            )
            try:
                await self.app(scope, guarded.receive, guarded.send)
            finally:
                measuring.socket_closed()
                guarded.stop()
                self.sockets[token].discard(ended)
                if not self.sockets[token]:
                    del self.sockets[token]

    async def _watch(self) -> None:
        """As long as there are sockets."""
        while self.sockets:
            await asyncio.sleep(WATCH_SECONDS)
            await self._close_ended()

    async def _close_ended(self) -> None:
        """Close the sockets of sessions that have ended. Where nobody can be asked now, each message asks again."""
        tokens = tuple(self.sockets)
        if not tokens:
            return
        try:
            standing = await pools.GATE.run(self.standing, tokens)
        except Exception:
            logging.getLogger("haetae").exception("sessions could not be looked at")
            return
        for token in tokens:
            if token not in standing:
                for ended in self.sockets.get(token, ()):
                    ended.set()


class _GuardedSocket:
    """A socket that closes as soon as its session ends; a check at the handshake alone would let it live on.

    And one that its reader closes right after typing is told to be closed a little later: Streamlit stops what it runs for a
    closed socket, and the words that were sent last would never be saved.
    """

    def __init__(self, receive: Receive, send: Send, ended: asyncio.Event, is_alive: Callable[[bool], bool]) -> None:
        self._receive, self._send, self._ended, self._is_alive = receive, send, ended, is_alive
        self._next: asyncio.Task[Message] | None = None
        self._end: asyncio.Task[bool] = asyncio.create_task(ended.wait())
        self._closed = False
        self._last_message = -LAST_WORDS_SECONDS
        """Time of the last message, by the event loop's clock."""

    async def receive(self) -> Message:
        """The next message, or a disconnect once the session has ended."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._receive())
        await asyncio.wait({self._next, self._end}, return_when=asyncio.FIRST_COMPLETED)
        if not self._end.done():
            message, self._next = self._next.result(), None
            if message["type"] == "websocket.disconnect":
                self._closed = True
                await self._wait_for_last_words()
                return message
            self._last_message = asyncio.get_running_loop().time()
            if message["type"] == "websocket.receive":
                measuring.said_on_socket()
            if message["type"] != "websocket.receive" or await pools.GATE.run(
                self._is_alive, not by_itself.is_asked(message)
            ):
                return message
        self._closed = True
        with suppress(Exception):  # the other side may be gone already
            await self._send({"type": "websocket.close", "code": SESSION_ENDED})
        return {"type": "websocket.disconnect", "code": SESSION_ENDED}

    async def _wait_for_last_words(self) -> None:
        """Wait until the last message has had its time or the session has ended."""
        left = self._last_message + LAST_WORDS_SECONDS - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.wait({self._end}, timeout=left)

    async def send(self, message: Message) -> None:
        if message.get("bytes"):
            message = {**message, "bytes": whereabouts.hidden(message["bytes"])}
        if not self._closed:
            with suppress(
                OSError
            ):  # the reader has just gone; receive() tells, and not before the last words are saved
                await self._send(message)

    def stop(self) -> None:
        for task in (self._next, self._end):
            if task is not None:
                task.cancel()


async def _refuse_socket(receive: Receive, send: Send, code: int, *, is_told: bool = False) -> None:
    """is_told: the browser learns why, for which the socket has to be opened first; nothing else is said on it."""
    await receive()
    if is_told:
        await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


def _token(scope: Scope) -> str:
    """Of the session, as the browser sent it; read as all that lies behind the gate reads it."""
    return cookies.value(HTTPConnection(scope).cookies, cookies.SESSION)


def _with_headers(send: Send, scope: Scope) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _secured(headers)
            protect(headers, Headers(scope=scope).get("host", "localhost"), scope["path"])
        await send(message)

    return wrapped


def _secured(headers: MutableHeaders) -> None:
    """Over HTTPS no cookie leaves that could come back unencrypted, whoever set it."""
    if not network.current().is_open or "set-cookie" not in headers:
        return
    stated = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in stated:
        is_secure = "secure" in (part.strip().lower() for part in cookie.split(";")[1:])
        headers.append("set-cookie", cookie if is_secure else f"{cookie}; Secure")


def protect(headers: MutableHeaders, host: str, path: str) -> None:
    """Add the security headers to a response."""
    is_encrypted = network.current().is_open
    headers["Content-Security-Policy"] = _policy(host, is_encrypted)
    if is_encrypted:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR_SECONDS}; includeSubDomains"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not path.startswith(STATIC):
        headers["Cache-Control"] = "no-store"


def _policy(host: str, is_encrypted: bool) -> str:
    is_plain = host.replace(".", "").replace(":", "").replace("-", "").strip("[]").isalnum() and host.isascii()
    sockets = f"{'wss' if is_encrypted else 'ws'}://{host}" if is_plain else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(shell.script_hashes())}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}".rstrip(),
            "worker-src 'self' blob:",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )
