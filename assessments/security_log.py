"""Who came in, what was refused, handed out, taken in or allowed, as lines of JSON in the home folder: note, newest.

It is nobody's but the owner's, holds no token, password or content, and is put aside when it has grown. What is written is
legible on one line, whatever a stranger sends. It never stops a deed: if it cannot be written, the server's log says so.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from assessments.home import home, locked
from questionnaires.legible import legible_json

FOLDER = "security"
FILE = "security.log"
MAX_BYTES = 10 * 2**20
FILES = 10
"""Files that are put aside; the oldest goes."""
MOST = 200
"""Characters of a value."""
MOST_READ = 5_000
"""Entries that are looked through for those of the last days."""
MOST_OF_SEGMENT = 24
"""A longer part of an address may be a secret, such as a one-time link, and is left out."""
_HIDDEN_BELOW = ("link",)
"""What follows these in an address is a secret, however short."""


class Deed(StrEnum):
    """What is noted."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    CREDENTIAL = "credential"
    """A password, second factor, link or passkey was made, changed or taken away."""
    RIGHTS = "rights"
    """A role or unit was given or taken, a person added, disabled or enabled."""
    REQUEST = "request"
    DEED = "deed"
    """An act on an assessment."""
    DOWNLOAD = "download"
    UPLOAD = "upload"
    VERIFICATION = "verification"
    SETTINGS = "settings"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


def note(
    deed: Deed,
    outcome: Outcome,
    *,
    actor: str = "",
    address: str = "",
    subject: str = "",
    reason: str = "",
) -> None:
    """One line. actor: an id; address: of the computer that asks; subject: an address, a file name or an id; reason: short."""
    entry = {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "deed": deed.value,
        "outcome": outcome.value,
        "actor": actor,
        "address": address,
        "subject": subject,
        "reason": reason,
    }
    line = legible_json({name: value[:MOST] for name, value in entry.items() if value}) + "\n"
    try:
        _append(home() / FOLDER, line.encode("utf-8", "backslashreplace"))
    except OSError as error:
        logging.getLogger("haetae").error("the security log cannot be written (%s): %s", error.strerror, line.rstrip())


def newest(count: int) -> list[dict[str, str]]:
    """The newest entries, oldest of them first. A line that was cut off is left out."""
    entries: list[dict[str, str]] = []
    for file in _files(home() / FOLDER):
        lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
        entries[:0] = _read(lines[-(count - len(entries)) :])
        if len(entries) >= count:
            break
    return entries


@dataclass(frozen=True)
class Lately:
    """Entries since a moment, the newest first."""

    came_in: tuple[Mapping[str, str], ...]
    refused: tuple[Mapping[str, str], ...]
    is_whole: bool
    """False: more was noted since than was read."""


def lately(since: datetime) -> Lately:
    """Who signed in and what was refused. Raises: OSError: the log cannot be read."""
    entries = newest(MOST_READ)
    begins = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    new = [entry for entry in reversed(entries) if entry.get("at", "") >= begins]
    return Lately(
        tuple(entry for entry in new if (entry.get("deed"), entry.get("outcome")) == (Deed.SIGN_IN, Outcome.DONE)),
        tuple(entry for entry in new if entry.get("outcome") == Outcome.REFUSED),
        len(new) < MOST_READ,
    )


def place(path: str) -> str:
    """An address as it may be noted: without what could be a secret."""
    parts = path.split("/")
    return "/".join(
        "…" if len(part) > MOST_OF_SEGMENT or (number and parts[number - 1] in _HIDDEN_BELOW) else part
        for number, part in enumerate(parts)
    )


def _append(folder: Path, line: bytes) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    with locked(folder):
        file = folder / FILE
        if file.is_file() and file.stat().st_size + len(line) > MAX_BYTES:
            _put_aside(folder)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def _put_aside(folder: Path) -> None:
    newest_first = list(_files(folder))
    for younger, older in reversed(list(pairwise(newest_first))):
        if younger.exists():
            younger.replace(older)


def _files(folder: Path) -> Iterator[Path]:
    """The newest first."""
    yield folder / FILE
    yield from (folder / f"{FILE}.{number}" for number in range(1, FILES + 1))


def _read(lines: list[str]) -> list[dict[str, str]]:
    entries = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries
