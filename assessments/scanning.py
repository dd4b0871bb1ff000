"""The malware scanner clamd, where one is named: look, malware_in. While it does not answer, nothing is taken.

Its protocol is a dozen lines, and is spoken here: the clients for it that are kept up are under the GPL or know no socket
in the file system.
"""

from __future__ import annotations

import hashlib
import io
import socket
import time
from collections.abc import Iterable
from contextlib import closing
from typing import BinaryIO

from assessments import network, security_log
from assessments.errors import NotSavedError
from assessments.security_log import Deed, Outcome
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
SECONDS = 120.0
"""For which it may be silent."""
REMEMBERED_SECONDS = 300.0
"""For which a file that was looked at before need not be looked at again."""
_PIECE = 1 << 20
_MOST_OF_ANSWER = 4096
_BEGIN, _END = b"zINSTREAM\0", (0).to_bytes(4, "big")
_clean: dict[str, float] = {}
"""SHA-256 of a file without malware → when it was looked at."""


def look(contents: Iterable[bytes]) -> None:
    """Ahead of the deed, so that nothing is locked meanwhile. What it finds the deed tells. Raises: NotSavedError."""
    for content in contents:
        malware_in(content)


def malware_in(content: bytes | BinaryIO, name: str = "") -> str:
    """What the scanner calls the malware in a file; empty: none, or there is no scanner. Raises: NotSavedError."""
    scanner = network.current().scanner
    if scanner is None:
        return ""
    digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""
    if digest and time.monotonic() - _clean.get(digest, -REMEMBERED_SECONDS) < REMEMBERED_SECONDS:
        return ""
    try:
        answer = _asked(scanner, io.BytesIO(content) if isinstance(content, bytes) else content)
    except OSError as error:
        answer = str(error)
    if answer.endswith(" FOUND"):
        malware = answer.removeprefix("stream: ").removesuffix(" FOUND")
        security_log.note(Deed.UPLOAD, Outcome.REFUSED, subject=name, reason=f"malware: {malware}")
        return malware
    if answer != "stream: OK":
        security_log.note(Deed.UPLOAD, Outcome.FAILED, subject=name, reason=f"the scanner did not examine it: {answer}")
        raise NotSavedError(TEXTS.told("not_scanned"))
    if digest:
        _remember(digest)
    return ""


def _asked(scanner: network.Scanner, content: BinaryIO) -> str:
    """The scanner's answer. Raises: OSError."""
    with closing(_connected(scanner)) as connection:
        connection.settimeout(SECONDS)
        try:
            connection.sendall(_BEGIN)
            while piece := content.read(_PIECE):
                connection.sendall(len(piece).to_bytes(4, "big") + piece)
            connection.sendall(_END)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has had enough, and says why
        answer = b""
        while (part := connection.recv(_MOST_OF_ANSWER)) and len(answer) < _MOST_OF_ANSWER:
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(scanner: network.Scanner) -> socket.socket:
    if not scanner.socket:
        return socket.create_connection((scanner.host, scanner.port), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(SECONDS)
        connection.connect(scanner.socket)
    except OSError:
        connection.close()
        raise
    return connection


def _remember(digest: str) -> None:
    now = time.monotonic()
    for known, at in list(_clean.items()):
        if now - at >= REMEMBERED_SECONDS:
            _clean.pop(known, None)
    _clean[digest] = now
