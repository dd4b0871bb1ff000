"""Evidence and sealed reports, under generated names; a file and its row stay or go together. Where they lie says `file_store`.

A file is written before the row (undone on rollback) and removed after the commit that removed the row. Before a file
comes a mark that announces it, which goes once the row is committed or the file undone: what is left by a process that was
killed in between, or that never heard whether its commit came through, is told by its mark from what another database may
know. A name begins with the SHA-256 of what the file held when it came, and goes on with what no other file has, so that a
file is never another row's, too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.errors import AlteredFileError, AssessmentError, NotFoundError
from assessments.storage import file_store
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
_DRAFT_SECONDS = 3600
"""A draft is written within seconds; nobody is in the middle of one that has lain for so long."""


@dataclass(frozen=True)
class Announced:
    """A file whose row was not yet committed when it was announced."""

    name: str
    mark: str
    database: str
    """The one that the row was meant for."""


def keep(info: MutableMapping[Any, Any], folder: str, content: bytes, extension: str) -> str:
    """Writes the file through to where it lasts; the generated name. info: the session's, which undoes it on rollback."""
    name = f"{hashlib.sha256(content).hexdigest()}-{secrets.token_hex(8)}.{extension}"
    keep_beside(info, folder, name, content)
    return name


def keep_beside(info: MutableMapping[Any, Any], folder: str, name: str, content: bytes) -> None:
    """The same under the name of a file that was kept."""
    store, mark = file_store.current(), f"{folder}/{_MARK}{name}"
    info.setdefault(_MARKS, []).append(mark)
    store.put(mark, str(info.get(DATABASE, "")).encode())
    info.setdefault(_ADDED, []).append(f"{folder}/{name}")
    store.put(f"{folder}/{name}", content)


def add_beside(folder: str, name: str, content: bytes) -> None:
    """What was not kept at its time, written whole or not at all."""
    file_store.current().put_whole(f"{folder}/{name}", content)


def read_beside(folder: str, name: str) -> bytes | None:
    """None: there is no such file."""
    try:
        return file_store.current().read(f"{folder}/{Path(name).name}")
    except FileNotFoundError:
        return None


def drop(info: MutableMapping[Any, Any], folder: str, name: str) -> None:
    """Removes the file once the transaction is committed."""
    info.setdefault(_DROPPED, []).append(f"{folder}/{name}")


def read(folder: str, name: str, sha256: str) -> bytes:
    """The file as it was kept; other bytes are never handed out. Raises: NotFoundError, AlteredFileError."""
    content = read_beside(folder, name)
    if content is None:
        raise NotFoundError(TEXTS.told("file_missing", folder=folder, name=name))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise AlteredFileError(TEXTS.told("file_altered", folder=folder, name=name))
    return content


def listed(folder: str) -> list[str]:
    """Names of all files that lie there; without marks and drafts."""
    return [name for name in file_store.current().names(folder) if not name.startswith(".")]


def content(folder: str, name: str) -> bytes:
    """Whatever it is. Raises: FileNotFoundError."""
    return file_store.current().read(f"{folder}/{name}")


def remove(folder: str, *names: str) -> None:
    """At once, whatever the database knows."""
    for name in names:
        file_store.current().remove(f"{folder}/{name}")


def announced(folder: str) -> list[Announced]:
    """Files whose mark is there still: under way, or of a process that is gone."""
    store = file_store.current()
    marks = [name for name in store.names(folder) if name.startswith(_MARK)]
    return [
        Announced(mark.removeprefix(_MARK), mark, store.read(f"{folder}/{mark}").decode("utf-8", "replace"))
        for mark in marks
    ]


def sweep_drafts(folder: str) -> list[str]:
    """Removes what was written until it would have been whole, and nobody writes any more; the names."""
    return file_store.current().sweep(folder, _MARK, _DRAFT_SECONDS)


def undo(info: MutableMapping[Any, Any]) -> None:
    """After a rollback: files written for it go, and then their marks. Where a file stays, so do the marks, which tell of it."""
    info.pop(_DROPPED, None)
    added, marks = info.pop(_ADDED, ()), info.pop(_MARKS, ())
    if _removed(added):
        _removed(marks)


def carry_out(info: MutableMapping[Any, Any]) -> None:
    """After a commit: files whose rows went go; one that cannot be removed stays behind, unknown to any row."""
    info.pop(_ADDED, None)
    _removed((*info.pop(_MARKS, ()), *info.pop(_DROPPED, ())))


def _removed(paths: Iterable[str]) -> bool:
    are_gone = True
    for path in paths:
        try:
            file_store.current().remove(path)
        except (OSError, AssessmentError):  # what is done is done; the next start looks again
            are_gone = False
    return are_gone
