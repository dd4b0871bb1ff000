"""Asking an ASGI application without a server: ask, Answer; connect, Socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LOCAL = ("127.0.0.1", 50000)
HOST = "localhost:8501"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    @property
    def session(self) -> str:
        """The token of the session cookie that was set; empty where none was."""
        name, _, value = self.headers.get("set-cookie", "").partition(";")[0].partition("=")
        return value.strip('"') if name == "haetae_session" else ""


def ask(
    app: Any,
    path: str,
    method: str = "GET",
    *,
    cookies: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: tuple[str, int] = LOCAL,
    host: str = HOST,
    **headers: str,
) -> Answer:
    """One request. Header names are written with underscores."""
    return asyncio.run(asked(app, path, method, cookies, body, client, host, headers))


async def asked(
    app: Any,
    path: str,
    method: str = "GET",
    cookies: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: tuple[str, int] = LOCAL,
    host: str = HOST,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Like ask, where a loop runs already."""
    said: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)  # the asker stays until the answer is whole
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope("http", path, cookies or {}, client, host, headers or {}) | {"method": method}, receive, send)
    start = next(one for one in said if one["type"] == "http.response.start")
    named = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(
        start["status"], named, b"".join(one.get("body", b"") for one in said if one["type"].endswith("body"))
    )


def scope(
    kind: str,
    path: str,
    cookies: Mapping[str, str],
    client: tuple[str, int],
    host: str,
    headers: Mapping[str, str],
) -> dict[str, Any]:
    route, _, query = path.partition("?")
    sent = [("host", host), *((name.replace("_", "-"), value) for name, value in headers.items())]
    if cookies:
        sent.append(("cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws" if kind == "websocket" else "http",
        "path": route,
        "raw_path": route.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent],
        "client": client,
        "server": ("127.0.0.1", 8501),
        "subprotocols": [],
    }


@dataclass
class Socket:
    """A WebSocket, driven by hand inside one event loop."""

    app: Any
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    client: tuple[str, int] = LOCAL
    host: str = HOST
    said: list[dict[str, Any]] = field(default_factory=list)

    async def __aenter__(self) -> Socket:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.is_listening = False
        one = scope("websocket", "/_stcore/stream", self.cookies, self.client, self.host, self.headers)
        self.task = asyncio.create_task(self.app(one, self._listen, self._hear))
        await self.say({"type": "websocket.connect"})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.inbox.put({"type": "websocket.disconnect", "code": 1000})
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _listen(self) -> dict[str, Any]:
        self.is_listening = True
        try:
            return await self.inbox.get()
        finally:
            self.is_listening = False

    async def _hear(self, message: dict[str, Any]) -> None:
        self.said.append(message)

    async def say(self, message: dict[str, Any]) -> None:
        await self.inbox.put(message)
        await self.quiet()

    async def quiet(self) -> None:
        """Until the other side waits for the next message, or has gone."""
        await self._until(lambda: (self.is_listening and self.inbox.empty()) or self.task.done())

    async def closed(self) -> None:
        await self._until(lambda: self.close_code is not None)

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Asked again and again, for threads change what it depends on. Raises: TimeoutError after a long while."""
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.005)

    @property
    def close_code(self) -> int | None:
        """None: still open."""
        return next((one["code"] for one in self.said if one["type"] == "websocket.close"), None)
