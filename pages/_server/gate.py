"""Access control in front of Streamlit: other computers, wrong hosts and signed-out people get no page and no socket.

Until sign-in with passwords exists, only this computer is answered. Every answer carries the security headers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessments.model import Actor
from pages._frame import plain, sessions, translation
from pages._server import pools, shell

LOOPBACK_CLIENTS = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers set by proxies: a request that carries one comes from another computer through this one."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
OPEN = frozenset(
    {"/screening", "/verify", "/enter", "/leave", "/language/ko", "/language/en", "/_stcore/health", plain.MARK}
)
OPEN_BELOW = "/static/"
"""Paths of the program's own scripts and styles, which hold no user data."""
SESSION_ENDED = 4401
"""Close code of a socket whose session has ended; the shell's script then goes to /enter."""
LAST_WORDS_SECONDS = 5.0
"""Seconds that a socket closed by the browser stays open for Streamlit after its last message."""
Who = Callable[[str | None], Actor | None]


class Gate:
    """ASGI middleware.

    who: token of the cookie → who is signed in with it, None for nobody; who_acts: the same, and it counts as a use.
    """

    def __init__(self, app: ASGIApp, who: Who = sessions.who, who_acts: Who = sessions.who_acts) -> None:
        self.app = app
        self.who = who
        self.who_acts = who_acts
        self.sockets: dict[str, set[asyncio.Event]] = {}
        """Session token → events that close its open sockets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = await self._refusal(scope, headers)
        answer = refusal or self.app
        await answer(scope, receive, _with_headers(send, headers.get("host", "localhost"), scope["path"]))
        if scope["path"] == "/leave" and scope["method"] == "POST" and refusal is None:
            await self._end(cookies_of(headers).get(sessions.COOKIE, ""))

    async def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """The refusal for this request. None: it may pass."""
        path, cookies = scope["path"], cookies_of(headers)
        language = translation.language_of(cookies)
        if not is_local(scope, headers):
            return plain.page(language, plain.stranger(language), status=403)
        if path.startswith(CLOSED):
            return PlainTextResponse("404", status_code=404)
        if path in OPEN or path.startswith(OPEN_BELOW):
            return None
        if await pools.GATE.run(self.who_acts, cookies.get(sessions.COOKIE)) is not None:
            return None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            target = path + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
            return RedirectResponse(
                "/enter" if target == "/" else "/enter?to=" + quote(target, safe=""), status_code=303
            )
        return PlainTextResponse(translation.translate("Sign in first.", language), status_code=401)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        token = cookies_of(headers).get(sessions.COOKIE)
        if not is_local(scope, headers) or not is_same_origin(headers):
            await _refuse_socket(receive, send, 1008)
        elif await pools.GATE.run(self.who, token) is None or token is None:
            await _refuse_socket(receive, send, SESSION_ENDED)
        else:
            ended = asyncio.Event()
            self.sockets.setdefault(token, set()).add(ended)
            guarded = _GuardedSocket(receive, send, ended, lambda: self.who_acts(token) is not None)
            try:
                await self.app(scope, guarded.receive, guarded.send)
            finally:
                guarded.stop()
                self.sockets[token].discard(ended)
                if not self.sockets[token]:
                    del self.sockets[token]

    async def _end(self, token: str) -> None:
        """Close all sockets of a session that has just ended."""
        if await pools.GATE.run(self.who, token) is None:
            for ended in self.sockets.get(token, ()):
                ended.set()


class _GuardedSocket:
    """A socket that closes as soon as its session ends; a check at the handshake alone would let it live on.

    And one that its reader closes right after typing is told to be closed a little later: Streamlit stops what it runs for a
    closed socket, and the words that were sent last would never be saved.
    """

    def __init__(self, receive: Receive, send: Send, ended: asyncio.Event, is_alive: Callable[[], bool]) -> None:
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
            if message["type"] != "websocket.receive" or await pools.GATE.run(self._is_alive):
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
        if not self._closed:
            with suppress(
                OSError
            ):  # the reader has just gone; receive() tells, and not before the last words are saved
                await self._send(message)

    def stop(self) -> None:
        for task in (self._next, self._end):
            if task is not None:
                task.cancel()


async def _refuse_socket(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})


def is_local(scope: Scope, headers: Headers) -> bool:
    """Whether the request comes from this computer, under one of its own host names, and not through a proxy."""
    client = scope.get("client")
    host = headers.get("host", "").lower()
    name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    is_client = client is not None and client[0] in LOOPBACK_CLIENTS
    return is_client and name in LOOPBACK_HOSTS and not any(header in headers for header in FORWARDED)


def is_same_origin(headers: Headers) -> bool:
    """Whether the Origin header is present and names this server."""
    origin = headers.get("origin", "")
    return origin.partition("://")[2] == headers.get("host") and origin.startswith(("http://", "https://"))


def cookies_of(headers: Headers) -> dict[str, str]:
    """Cookie name → value; empty if the header cannot be parsed."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _with_headers(send: Send, host: str, path: str) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            protect(MutableHeaders(scope=message), host, path)
        await send(message)

    return wrapped


def protect(headers: MutableHeaders, host: str, path: str) -> None:
    """Add the security headers to a response."""
    headers["Content-Security-Policy"] = _policy(host)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not path.startswith(OPEN_BELOW):
        headers["Cache-Control"] = "no-store"


def _policy(host: str) -> str:
    sockets = f"ws://{host} wss://{host}" if host.replace(".", "").replace(":", "").strip("[]").isalnum() else ""
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
            "base-uri 'self'",
            "object-src 'none'",
        )
    )
