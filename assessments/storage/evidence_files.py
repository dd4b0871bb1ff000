"""Evidence and sealed reports on the disk, under generated names; a file and its row stay or go together.

A file is written before the row (undone on rollback) and removed after the commit that removed the row. Before a file
comes a mark that announces it, which goes once the row is committed or the file undone: what a process leaves that was
killed in between is told by its mark from what another database may know.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.errors import AlteredFileError, NotFoundError
from assessments.home import home
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
EVIDENCE = "evidence"
REPORTS = "reports"
DATABASE = "database"
"""In the info of a session: its database, as `database.Database.name` says."""
_ADDED = "files_added"
_MARKS = "marks_added"
_DROPPED = "files_dropped"
_MARK = ".coming."


@dataclass(frozen=True)
class Announced:
    """A file whose row was not yet committed when it was announced."""

    file: Path
    mark: Path
    database: str
    """The one that the row was meant for."""


def keep(info: MutableMapping[Any, Any], folder: str, content: bytes, extension: str) -> str:
    """Writes the file through to the disk; the generated name. info: the session's, which undoes it on rollback."""
    place = home() / folder
    place.mkdir(mode=0o700, exist_ok=True)
    name = f"{secrets.token_hex(16)}.{extension}"
    _announce(info, place / name)
    _write(info, place / name, content)
    return name


def keep_beside(info: MutableMapping[Any, Any], folder: str, name: str, content: bytes) -> None:
    """The same under the name of a file that was kept; the folder is there."""
    _announce(info, home() / folder / name)
    _write(info, home() / folder / name, content)


def add_beside(folder: str, name: str, content: bytes) -> None:
    """What was not kept at its time, written whole or not at all; where it is there already it stays."""
    place = home() / folder
    draft = place / f".{name}.{secrets.token_hex(4)}"
    _write({}, draft, content)
    try:
        os.link(draft, place / name)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_beside(folder: str, name: str) -> bytes | None:
    """None: there is no such file."""
    try:
        return (home() / folder / Path(name).name).read_bytes()
    except FileNotFoundError:
        return None


def _announce(info: MutableMapping[Any, Any], file: Path) -> None:
    mark = file.with_name(_MARK + file.name)
    info.setdefault(_MARKS, []).append(mark)
    mark.touch(0o600)
    mark.write_text(str(info.get(DATABASE, "")), "utf-8")


def _write(info: MutableMapping[Any, Any], path: Path, content: bytes) -> None:
    info.setdefault(_ADDED, []).append(path)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    entries = os.open(path.parent, os.O_RDONLY)  # the name in the folder must outlive a power cut too
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


def drop(info: MutableMapping[Any, Any], folder: str, name: str) -> None:
    """Removes the file once the transaction is committed."""
    info.setdefault(_DROPPED, []).append(home() / folder / name)


def path(folder: str, name: str) -> Path:
    """Raises: NotFoundError where the file is gone."""
    file = home() / folder / Path(name).name
    if not file.is_file():
        raise NotFoundError(TEXTS.told("file_missing", folder=folder, name=name))
    return file


def read(folder: str, name: str, sha256: str) -> bytes:
    """The file as it was kept; other bytes are never handed out. Raises: NotFoundError, AlteredFileError."""
    content = path(folder, name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise AlteredFileError(TEXTS.told("file_altered", folder=folder, name=name))
    return content


def listed(folder: str) -> list[Path]:
    """Every file that lies there, by name; without marks and drafts."""
    return [path for path in _files(folder) if not path.name.startswith(".")]


def announced(folder: str) -> list[Announced]:
    """Files whose mark is there still: under way, or of a process that is gone."""
    return [
        Announced(mark.with_name(mark.name.removeprefix(_MARK)), mark, mark.read_text("utf-8", "replace"))
        for mark in _files(folder)
        if mark.name.startswith(_MARK)
    ]


def drafts(folder: str) -> list[Path]:
    """What `add_beside` writes until it is whole: under way, or of a process that is gone."""
    return [path for path in _files(folder) if path.name.startswith(".") and not path.name.startswith(_MARK)]


def _files(folder: str) -> list[Path]:
    place = home() / folder
    return sorted(path for path in place.iterdir() if path.is_file()) if place.is_dir() else []


def undo(info: MutableMapping[Any, Any]) -> None:
    """After a rollback: files written for it go, and then their marks."""
    info.pop(_DROPPED, None)
    for path in (*info.pop(_ADDED, ()), *info.pop(_MARKS, ())):
        path.unlink(missing_ok=True)


def carry_out(info: MutableMapping[Any, Any]) -> None:
    """After a commit: files whose rows went go; one that cannot be removed stays behind, unknown to any row."""
    info.pop(_ADDED, None)
    for path in (*info.pop(_MARKS, ()), *info.pop(_DROPPED, ())):
        with suppress(OSError):
            path.unlink()
