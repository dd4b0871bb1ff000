"""What a page asks by itself, such as every few seconds who else is here: no use of a session, which else would never be idle."""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg


def is_asked(message: Message) -> bool:
    """False of everything that a reader does, and of what cannot be read."""
    content = message.get("bytes")
    if not content:
        return False
    asked_for = BackMsg()
    try:
        asked_for.ParseFromString(content)
    except DecodeError:
        return False
    return asked_for.WhichOneof("type") == "rerun_script" and asked_for.rerun_script.is_auto_rerun
