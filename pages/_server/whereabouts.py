"""The server's folders and versions are nobody's business: hidden takes them out of what Streamlit says first on a socket.

Streamlit tells every browser the path of the script, the system and the versions of itself and of Python, and has no setting
against it. Its page needs only to notice that the program has changed, for which the release of Haetae does as well. Goes once
Streamlit can be told to keep them to itself.
"""

from __future__ import annotations

from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from assessments.release import version

_FOLDER = str(Path(__file__).resolve().parents[2]).encode()
"""Stands in every message that tells the path, and in few others."""


def hidden(message: bytes) -> bytes:
    """A message to a browser, without them."""
    if _FOLDER not in message:
        return message
    forward = ForwardMsg()
    forward.ParseFromString(message)
    if forward.WhichOneof("type") != "new_session":
        return message
    first = forward.new_session
    first.main_script_path = Path(first.main_script_path).name
    environment = first.initialize.environment_info
    environment.streamlit_version, environment.python_version, environment.server_os = version(), "", ""
    return bytes(forward.SerializeToString())
