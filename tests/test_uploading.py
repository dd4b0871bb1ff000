"""Files on their way to a screen: taken of whom the screen asks and while it asks, within bounds, and out of memory again."""

from __future__ import annotations

import ast
import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages._server import uploading
from pages._server.uploading import Uploads
from tests import sources
from tests.asgi import HOST, Answer, Socket, asked

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = f"http://{HOST}"
MINE, OTHER = "token-of-mine", "token-of-another"


@dataclass
class Kept:
    """Where Streamlit would keep files, and the middleware in front."""

    files: dict[str, bytes] = field(default_factory=dict)
    uploads: Uploads = field(default_factory=Uploads)

    @property
    def app(self) -> Any:
        async def put(request: Request) -> Response:
            form = await request.form()
            (sent,) = [value for value in form.values() if isinstance(value, UploadFile)]
            self.files["/".join(request.path_params.values())] = await sent.read()
            return Response(status_code=204)

        async def delete(request: Request) -> Response:
            self.files.pop("/".join(request.path_params.values()), None)
            return Response(status_code=204)

        async def listen(socket: WebSocket) -> None:
            await socket.accept()
            with suppress(WebSocketDisconnect):
                await socket.receive_text()

        routes = [
            Route("/_stcore/upload_file/{screen}/{file}", put, methods=["PUT"]),
            Route("/_stcore/upload_file/{screen}/{file}", delete, methods=["DELETE"]),
            WebSocketRoute("/_stcore/stream", listen),
        ]
        return Starlette(routes=routes, middleware=[Middleware(uploading.Guard, uploads=self.uploads)])


@pytest.fixture
def kept() -> Kept:
    return Kept()


def body(size: int) -> bytes:
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    end = b"\r\n--x--\r\n"
    return start + b"a" * (size - len(start) - len(end)) + end


async def send(
    app: Any, screen: str, file: str, size: int = 1000, token: str = MINE, method: str = "PUT", **headers: str
) -> Answer:
    content = body(size) if method == "PUT" else b""
    stated = {"origin": ORIGIN, "content_type": "multipart/form-data; boundary=x", "content_length": str(len(content))}
    sent = {name: value for name, value in (stated | headers).items() if value}
    path = f"/_stcore/upload_file/{screen}/{file}"
    return await asked(app, path, method, {"haetae_session": token} if token else {}, content, headers=sent)


def put(app: Any, screen: str, file: str, size: int = 1000, token: str = MINE, **more: str) -> int:
    return asyncio.run(send(app, screen, file, size, token, **more)).status


def test_a_file_is_taken_while_an_uploader_is_on_the_screen_and_not_before_or_after(kept: Kept) -> None:
    assert put(kept.app, "s1", "f1") == 403
    kept.uploads.begin("s1")
    kept.uploads.show("s1", MINE, "kim")
    kept.uploads.end("s1")
    assert put(kept.app, "s1", "f1") == 204
    assert put(kept.app, "s2", "f2") == 403
    kept.uploads.begin("s1")
    assert put(kept.app, "s1", "f2") == 204, "while the screen is drawn anew it still asks"
    kept.uploads.end("s1")
    assert put(kept.app, "s1", "f3") == 403
    assert set(kept.files) == {"s1/f1", "s1/f2"}


def test_nobody_fills_or_empties_somebody_elses_screen(kept: Kept) -> None:
    kept.uploads.show("s1", MINE, "kim")
    kept.uploads.show("s2", OTHER, "lee")
    assert put(kept.app, "s1", "f1", token=OTHER) == 403
    assert put(kept.app, "s1", "f1", token="") == 403
    assert put(kept.app, "s1", "f1") == 204
    assert asyncio.run(send(kept.app, "s1", "f1", token=OTHER, method="DELETE")).status == 403
    assert set(kept.files) == {"s1/f1"}
    assert asyncio.run(send(kept.app, "s1", "f1", method="DELETE")).status == 204
    assert (kept.files, len(kept.uploads)) == ({}, 0)


@pytest.mark.parametrize("origin", ["", "http://evil.example", "null"])
def test_another_site_sends_nothing(kept: Kept, origin: str) -> None:
    kept.uploads.show("s1", MINE, "kim")
    assert put(kept.app, "s1", "f1", origin=origin) == 403


@pytest.mark.parametrize("length", ["", "x", "-1", "9" * 30, "1e3"])
def test_a_file_of_unknown_size_is_not_taken(kept: Kept, length: str) -> None:
    kept.uploads.show("s1", MINE, "kim")
    assert put(kept.app, "s1", "f1", content_length=length) == 411


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PATCH", "GET"])
def test_nothing_else_is_answered_there(kept: Kept, method: str) -> None:
    assert asyncio.run(send(kept.app, "s1", "f1", method=method)).status == 405


def test_what_waits_is_bounded_for_a_screen_a_person_and_in_all(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "OF_SCREEN", 3000)
    monkeypatch.setattr(uploading, "OF_PERSON", 4000)
    monkeypatch.setattr(uploading, "IN_ALL", 5000)
    for screen, token, person in (("s1", MINE, "kim"), ("s2", MINE, "kim"), ("s3", OTHER, "lee")):
        kept.uploads.show(screen, token, person)
    assert [put(kept.app, "s1", f"f{number}") for number in range(4)] == [204, 204, 204, 413]
    assert put(kept.app, "s1", "f1", 900) == 204, "again the same one"
    assert [put(kept.app, "s2", f"g{number}") for number in range(2)] == [204, 413]
    assert [put(kept.app, "s3", f"h{number}", token=OTHER) for number in range(2)] == [204, 503]
    assert len(kept.uploads) == sum(len(body(1000)) for _ in range(4)) + len(body(900))


def test_a_file_that_does_not_arrive_takes_no_room(kept: Kept) -> None:
    kept.uploads.show("s1", MINE, "kim")
    with pytest.raises(ValueError, match="unpack"):
        put(kept.app, "s1", "f1", content_type="text/plain")
    assert len(kept.uploads) == 0


def test_a_file_that_was_used_leaves_the_memory(kept: Kept) -> None:
    async def way() -> None:
        app = kept.app
        kept.uploads.show("s1", MINE, "kim")
        await send(app, "s1", "f1")
        await send(app, "s1", "f2")
        await asyncio.to_thread(kept.uploads.free, lambda file_id, _: file_id == "f1")
        await _until(lambda: set(kept.files) == {"s1/f2"})

    asyncio.run(way())
    assert len(kept.uploads) == len(body(1000))


def test_with_the_last_socket_of_a_session_its_files_go_and_no_others(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "FREED_SECONDS", 0.0)

    async def way() -> None:
        app = kept.app
        for screen, token, person in (("s1", MINE, "kim"), ("s2", OTHER, "lee")):
            kept.uploads.show(screen, token, person)
            await send(app, screen, "f", token=token)
        async with Socket(app, {"haetae_session": OTHER}, {}):
            async with Socket(app, {"haetae_session": MINE}, {}):
                async with Socket(app, {"haetae_session": MINE}, {}):
                    pass
                await asyncio.sleep(0.05)
                assert set(kept.files) == {"s1/f", "s2/f"}, "another screen of mine is open"
            await _until(lambda: set(kept.files) == {"s2/f"})
        assert not kept.uploads.is_open("s1", MINE)

    asyncio.run(way())


def test_a_forgotten_file_goes_by_itself(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "KEPT_SECONDS", 0.0)

    async def way() -> None:
        kept.uploads.show("s1", MINE, "kim")
        await send(kept.app, "s1", "f1")
        await _until(lambda: not kept.files)

    asyncio.run(way())


def test_a_session_has_only_so_many_screens_at_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "SOCKETS", 1)

    async def way() -> tuple[int | None, int | None]:
        app = kept.app
        async with (
            Socket(app, {"haetae_session": MINE}, {}) as first,
            Socket(app, {"haetae_session": MINE}, {}) as second,
        ):
            return first.close_code, second.close_code

    assert asyncio.run(way()) == (None, 1013)


@pytest.mark.slow
def test_there_is_no_other_way_to_draw_an_uploader() -> None:
    drawn = {
        file.name
        for file in (ROOT / "pages").rglob("*.py")
        for node in sources.nodes(file)
        if isinstance(node, ast.Attribute)
        and node.attr in ("file_uploader", "camera_input", "audio_input", "chat_input")
    }
    assert drawn == {"uploading.py"}


async def _until(holds: Any) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)
