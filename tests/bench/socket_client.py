"""Somebody in front of a screen without a browser: Screen speaks to a running server as Streamlit's script in the page does."""

from __future__ import annotations

import json
import uuid
from time import perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 120
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Screen:
    """One socket of one session. Use as an async context manager."""

    def __init__(self, port: int, token: str, page: str = "", query: str = "") -> None:
        """token: of the session; page: path of the screen without slash; query: what stands behind the question mark."""
        self._host = f"127.0.0.1:{port}"
        self._token, self._page, self._query = token, page, query
        self._page_hash = ""
        """What the server calls the page; from the first drawing on it is named so, and what is drawn anew by itself is that page."""
        self._states: dict[str, Any] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        """Id of a field's component → what it is drawn from."""
        self._fragments: dict[str, str] = {}
        """Id of a field's component → the part of the screen that is drawn anew when it says something."""
        self.drawn_last: dict[tuple[int, ...], Any] = {}
        """Place → element, of the last run."""
        self.fields_last: list[str] = []
        """Ids of the components that it drew."""
        self.parts_last: frozenset[str] = frozenset()
        """The parts of the screen that it drew; empty: all of it."""
        self._elements: dict[tuple[int, ...], Any] = {}
        self.part_of: dict[tuple[int, ...], str] = {}
        """Place → the part of the screen that it belongs to."""

    async def __aenter__(self) -> Screen:
        self._socket: ClientConnection = await connect(
            f"ws://{self._host}/_stcore/stream",
            origin=f"http://{self._host}",  # type: ignore[arg-type]
            additional_headers={"Cookie": f"haetae_session={self._token}; haetae_language=ko"},
            max_size=None,
            open_timeout=PATIENCE_SECONDS,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def drawn(self, fragment: str = "") -> float:
        """Has the screen drawn, or a part of it. Seconds until the last of it came. Raises: ValueError where the script failed."""
        asked = BackMsg()
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_name = self._page
        asked.rerun_script.page_script_hash = self._page_hash
        asked.rerun_script.widget_states.CopyFrom(self._widgets())
        began = perf_counter()
        await self._socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.drawn_last, self.fields_last = {}, []
                self.parts_last = frozenset(message.metadata.run.fragment_ids)
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                place = tuple(message.metadata.delta_path)
                self.drawn_last[place], self.part_of[place] = message.delta.new_element, message.delta.fragment_id
                self._note(message.delta.new_element, message.delta.fragment_id)
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "script_finished" and message.script_finished in FINISHED:
                is_whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                others = {
                    place: part for place, part in self._elements.items() if self.part_of[place] not in self.parts_last
                }
                self._elements = self.drawn_last if is_whole else others | self.drawn_last
                return perf_counter() - began

    @property
    def content(self) -> list[str]:
        """All that stands on the screen, from top to bottom: texts, and what fields are drawn from, but for what was said to them."""
        parts = []
        for _place, element in sorted(self._elements.items()):
            if element.WhichOneof("type") == "bidi_component":
                field = json.loads(element.bidi_component.json)[0]
                parts.append(
                    json.dumps({name: part for name, part in field.items() if name not in ("verdict", "verdicts")})
                )
            elif element.WhichOneof("type") in ("html", "heading"):
                parts.append(getattr(element, element.WhichOneof("type")).body)
        return parts

    async def answered(self, key: str, answer: str) -> float:
        """Sends an answer as its field does. Seconds until the screen was drawn with what became of it. Raises: ValueError."""
        verdict, seconds = await self.sent(key, answer)
        if not verdict or verdict["kind"] != "saved":
            raise ValueError(f"the answer to {key} was not saved: {verdict}")
        return seconds

    async def sent(self, key: str, answer: str) -> tuple[dict[str, Any] | None, float]:
        """The same; what was said of it. None: nothing."""
        component = next(name for name in self.fields if name.endswith(f"-{key}"))
        field, nonce = self.fields[component], uuid.uuid4().hex
        self._states[component] = {
            "letter": {
                "nonce": nonce,
                "token": field["token"],
                "base": field["base"],
                "seen": field["value"],
                "sent": [],
                "value": {**field["value"], "answer": answer},
            }
        }
        seconds = await self.drawn(self._fragments[component])
        verdict = self.fields[component]["verdict"]
        return verdict if verdict and verdict["nonce"] == nonce else None, seconds

    def _note(self, element: Any, fragment: str) -> None:
        if element.WhichOneof("type") == "bidi_component":
            self._fragments[element.bidi_component.id] = fragment
            self.fields_last.append(element.bidi_component.id)
            self.fields[element.bidi_component.id] = json.loads(element.bidi_component.json)[0]
        elif element.WhichOneof("type") == "exception":
            raise ValueError(element.exception.message)

    def _widgets(self) -> WidgetStates:
        states = WidgetStates()
        for component, state in self._states.items():
            states.widgets.add(id=component, json_value=json.dumps(state))
        return states
