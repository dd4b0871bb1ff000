"""What is uploaded to a screen lies in memory: taken only where and while a screen asks for it, bounded, and freed. uploader, Guard.

Streamlit takes a file of anybody who is signed in, for any screen that is open, and keeps it until that screen is gone.
Here a file is taken from whoever the screen was drawn for, while an uploader is on it, and leaves the memory once it was used,
the person has gone, or an hour has passed. Larger files, decision logs, do not come this way (log_upload.py).
"""

from __future__ import annotations

import asyncio
import hmac
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages._frame import cookies, translation
from pages._server import arrival
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
BELOW = "/_stcore/upload_file/"
_MEBIBYTE = 2**20
OF_SCREEN = 64 * _MEBIBYTE
"""Three files of the largest size, and the forms around them."""
OF_PERSON = 128 * _MEBIBYTE
IN_ALL = 512 * _MEBIBYTE
FREED_SECONDS = 130.0
"""After the last socket of a session has closed; Streamlit itself lets a reader come back for two minutes."""
KEPT_SECONDS = 3600.0
SOCKETS = 40
"""Of one session at once: each is a screen in the server's memory."""


class Refused(StrEnum):
    """Why a file is not taken; the key of what is said."""

    NO_UPLOADER = "no_uploader"
    NO_LENGTH = "no_length"
    TOO_MUCH = "too_many_waiting"
    FULL = "too_much_in_all"


STATUS = {Refused.NO_UPLOADER: 403, Refused.NO_LENGTH: 411, Refused.TOO_MUCH: 413, Refused.FULL: 503}


@dataclass(frozen=True)
class _Place:
    """A screen with an uploader."""

    token: str
    person: str


@dataclass
class _File:
    place: _Place
    screen: str
    size: int
    free: Callable[[], None] | None = None
    """None: it is only arriving."""


class Uploads:
    """Which screens take files, and what they hold. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        """Streamlit session → the screen there, while an uploader is on it."""
        self._drawn: set[str] = set()
        self._files: dict[tuple[str, str], _File] = {}
        """Streamlit session and id of the file."""

    def __len__(self) -> int:
        """Bytes that are held or arriving."""
        with self._lock:
            return sum(file.size for file in self._files.values())

    def begin(self, screen: str) -> None:
        """The screen is about to be drawn."""
        with self._lock:
            self._drawn.discard(screen)

    def show(self, screen: str, token: str, person: str) -> None:
        """An uploader is drawn."""
        with self._lock:
            self._places[screen] = _Place(token, person)
            self._drawn.add(screen)

    def end(self, screen: str) -> None:
        """The screen is drawn; where no uploader is on it, none takes anything."""
        with self._lock:
            if screen not in self._drawn:
                self._places.pop(screen, None)

    def is_open(self, screen: str, token: str) -> bool:
        """Whether the screen takes files of this session."""
        with self._lock:
            return self._is_open(screen, token)

    def reserve(self, screen: str, file_id: str, token: str, size: int) -> Refused | None:
        """Room for a file that is about to arrive, or why there is none."""
        with self._lock:
            if not self._is_open(screen, token):
                return Refused.NO_UPLOADER
            place, of_screen, of_person = self._places[screen], size, size
            others = {key: file for key, file in self._files.items() if key != (screen, file_id)}
            for file in others.values():
                of_screen += file.size if file.screen == screen else 0
                of_person += file.size if file.place.person == place.person else 0
            if of_screen > OF_SCREEN or of_person > OF_PERSON:
                return Refused.TOO_MUCH
            if size + sum(file.size for file in others.values()) > IN_ALL:
                return Refused.FULL
            self._files[screen, file_id] = _File(place, screen, size)
            return None

    def arrived(self, screen: str, file_id: str, free: Callable[[], None]) -> None:
        with self._lock:
            if (screen, file_id) in self._files:
                self._files[screen, file_id].free = free

    def gone(self, screen: str, file_id: str) -> None:
        """It did not arrive, or was removed."""
        with self._lock:
            self._files.pop((screen, file_id), None)

    def free(self, chosen: Callable[[str, _File], bool]) -> None:
        """chosen: id of a file and the file → whether it goes."""
        with self._lock:
            leaving = {key: file for key, file in self._files.items() if file.free and chosen(key[1], file)}
            for key in leaving:
                del self._files[key]
        for file in leaving.values():
            if file.free:
                file.free()

    def leave(self, token: str) -> None:
        """Nobody has a screen open in this session any more."""
        self.free(lambda _, file: file.place.token == token)
        with self._lock:
            self._places = {screen: place for screen, place in self._places.items() if place.token != token}
            self._drawn &= self._places.keys()

    def _is_open(self, screen: str, token: str) -> bool:
        place = self._places.get(screen)
        return bool(token) and place is not None and hmac.compare_digest(place.token.encode(), token.encode())


UPLOADS = Uploads()


# --- on a screen ---------------------------------------------------------------------------------------------


@contextmanager
def screen_drawn() -> Iterator[None]:
    """Around a whole screen: once it is drawn without an uploader, none takes anything."""
    screen = _screen()
    UPLOADS.begin(screen)
    try:
        yield
    finally:
        UPLOADS.end(screen)


def uploader(label: str, **more: Any) -> UploadedFile | None:
    """`st.file_uploader` for one file; the only one there is."""
    actor = st.session_state.get("actor")
    UPLOADS.show(_screen(), cookies.value(st.context.cookies, cookies.SESSION), actor.id if actor else "")
    chosen: UploadedFile | None = st.file_uploader(label, **more)
    return chosen


def used(*files: UploadedFile | None) -> None:
    """What was in the file is kept elsewhere or was read: it leaves the memory."""
    ids: Sequence[str] = [file.file_id for file in files if file is not None]
    UPLOADS.free(lambda file_id, _: file_id in ids)


def _screen() -> str:
    """Id of the Streamlit session, which stands in the addresses that its uploaders send to."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


# --- in front of Streamlit's route ----------------------------------------------------------------------------


class Guard:
    """ASGI middleware behind the gate."""

    def __init__(self, app: ASGIApp, uploads: Uploads = UPLOADS) -> None:
        self.app = app
        self.uploads = uploads
        self._sockets: Counter[str] = Counter()
        """Session token → open sockets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(BELOW):
            await self._file(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope)
        if self._sockets[token] >= SOCKETS:
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        self._sockets[token] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._sockets[token] -= 1
            if not self._sockets[token]:
                del self._sockets[token]
                asyncio.get_running_loop().call_later(FREED_SECONDS, self._left, token)

    def _left(self, token: str) -> None:
        if not self._sockets[token]:
            del self._sockets[token]
            self.uploads.leave(token)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        screen, _, file_id = scope["path"].removeprefix(BELOW).partition("/")
        token, method = _token(scope), scope["method"]
        if method not in ("PUT", "DELETE"):
            await PlainTextResponse("405", 405)(scope, receive, send)
        elif not arrival.is_own_origin(scope) or (method == "DELETE" and not self.uploads.is_open(screen, token)):
            await self._refuse(Refused.NO_UPLOADER, scope, receive, send)
        elif method == "DELETE":
            await self.app(scope, receive, send)
            self.uploads.gone(screen, file_id)
        else:
            stated = HTTPConnection(scope).headers.get("content-length", "")
            if not stated.isdecimal() or len(stated) > 15:
                refusal: Refused | None = Refused.NO_LENGTH
            else:
                refusal = self.uploads.reserve(screen, file_id, token, int(stated))
            if refusal is not None:
                await self._refuse(refusal, scope, receive, send)
            else:
                await self._taken(scope, receive, send, screen, file_id)

    async def _taken(self, scope: Scope, receive: Receive, send: Send, screen: str, file_id: str) -> None:
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            if status >= 300:
                self.uploads.gone(screen, file_id)
            else:
                loop = asyncio.get_running_loop()

                def free() -> None:
                    loop.call_soon_threadsafe(lambda: loop.create_task(self._delete(scope)))

                def forget() -> None:
                    self.uploads.free(lambda waiting, file: (file.screen, waiting) == (screen, file_id))

                self.uploads.arrived(screen, file_id, free)
                loop.call_later(KEPT_SECONDS, forget)

    async def _delete(self, scope: Scope) -> None:
        """Asks Streamlit to remove the file, as the browser could, with what the browser showed when it sent the file."""

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Message) -> None:
            pass

        headers = [(name, value) for name, value in scope["headers"] if not name.startswith(b"content-")]
        await self.app({**scope, "method": "DELETE", "headers": headers}, receive, send)

    async def _refuse(self, refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
        language = translation.language_of(HTTPConnection(scope).cookies)
        answer = PlainTextResponse(TEXTS[refused.value][language], STATUS[refused])
        await answer(scope, receive, send)


def _token(scope: Scope) -> str:
    return cookies.value(HTTPConnection(scope).cookies, cookies.SESSION)
