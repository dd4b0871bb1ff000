"""Which files of a folder are verified: pdf_files, content. Each is read once, so that what is digested is what is examined."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exports.verification.verify import MAX_BYTES

_ENDING = b".pdf"
_FIRST = b"%PDF-"
_AT_MOST_DEEP = 64
"""Folders within one another; deeper ones are told and left alone."""


@dataclass(frozen=True)
class Candidate:
    """path: below the folder, in bytes as the system holds it. trouble: a key of texts.yaml; empty: it can be read."""

    path: bytes
    trouble: str = ""


@dataclass(frozen=True)
class Content:
    pdf: bytes
    trouble: str = ""


def pdf_files(folder: Path) -> Iterator[Candidate]:
    """Files called .pdf, however that is written, in the order of their names; folders that cannot be read are told.

    A link is followed as long as it leads to a file within the folder; links to folders are not followed.
    """
    root = os.fsencode(folder)
    inside = os.path.realpath(root)
    waiting: list[tuple[bytes, int]] = [(b"", 0)]
    while waiting:
        below, depth = waiting.pop()
        place = os.path.join(root, below) if below else root
        try:
            with os.scandir(place) as entries:
                names = sorted((entry.name, _type_of(entry)) for entry in entries)
        except OSError:
            yield Candidate(below or b".", "folder_unreadable")
            continue
        folders = []
        for name, kind in names:
            path = os.path.join(below, name) if below else name
            if kind == "folder":
                folders.append((path, depth + 1))
            elif name.lower().endswith(_ENDING):
                yield Candidate(path, _trouble(kind, os.path.join(root, path), inside))
        if depth < _AT_MOST_DEEP:
            waiting += reversed(folders)
        elif folders:
            yield Candidate(below, "folder_too_deep")


def _type_of(entry: os.DirEntry[bytes]) -> str:
    try:
        if entry.is_symlink():
            return "link"
        return "folder" if entry.is_dir() else "file" if entry.is_file() else "other"
    except OSError:
        return "other"


def _trouble(kind: str, path: bytes, inside: bytes) -> str:
    if kind == "other":
        return "no_file"
    if kind == "file":
        return ""
    target = os.path.realpath(path)
    if os.path.commonpath([inside, target]) != inside:
        return "link_leads_out"
    return "" if os.path.isfile(target) else "link_to_nothing"


def content(folder: Path, path: bytes) -> Content:
    """Its bytes; at most one more than are examined. A pipe put in its place does not stop the run."""
    try:
        descriptor = os.open(os.path.join(os.fsencode(folder), path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Content(b"", _TROUBLES.get(error.errno or 0, "unreadable"))
    with open(descriptor, "rb") as stream:
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                return Content(b"", "no_file")
            pdf = stream.read(MAX_BYTES + 1)
            after = os.fstat(descriptor)
        except OSError as error:
            return Content(b"", _TROUBLES.get(error.errno or 0, "unreadable"))
    if (about.st_size, about.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Content(b"", "changing")
    if len(pdf) > MAX_BYTES:
        return Content(b"", "too_large")
    return Content(pdf, "" if _FIRST in pdf[:1024] else "no_pdf")


_TROUBLES = {
    errno.ENOENT: "vanished",
    errno.ENOTDIR: "vanished",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.ELOOP: "link_to_nothing",
}
