"""Where this installation keeps its database, key, certificate, evidence and people: home, locked, make_private."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWN = (
    "haetae.db",
    "haetae.db-wal",
    "haetae.db-shm",
    "haetae.db-journal",
    "history.checkpoint",
    "people.yaml",
    "people.yaml.taken-over",
    "pseudonym.key",
    "seal.key",
    "seal.p12",
    "seal.passphrase",
    "seal.yaml",
    "report.yaml",
    "oidc.yaml",
    "oidc.secret",
    "evidence",
    "reports",
    "logs",
    "incoming",
    "files.id",
    "certificate.pem",
    "certificates",
    "backups",
    "security",
)
"""Names in the home folder that are Haetae's; whatever else lies there is somebody else's and is left alone."""
_PUBLIC = ".pem"
"""Certificates are meant to be handed out."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Privacy:
    """What was found open to other users of this computer."""

    closed: tuple[Path, ...]
    """Open before, the owner's alone now."""
    open: tuple[Path, ...]
    """Could not be closed: they belong to somebody else, or the disk knows no rights."""


def home() -> Path:
    """HAETAE_HOME, else `var/` beside pyproject.toml; made (for the owner only) where it is missing."""
    stated = os.environ.get("HAETAE_HOME")
    folder = Path(stated).expanduser() if stated else Path(__file__).resolve().parent.parent / "var"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time, of all that ask for the same folder; the system lets go when a process ends, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def draft_folder(place: Path, name: str, ending: str = "") -> Iterator[Path]:
    """A folder `.NAME.…` in that place, for the owner only, for what is half done; what is left of it goes at the end."""
    draft = place / f".{name}.{secrets.token_hex(4)}{ending}"
    draft.mkdir(mode=0o700)
    try:
        with locked(draft):
            yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def is_abandoned(draft: Path) -> bool:
    """Whether nobody works in a draft folder any more: its process is gone."""
    try:
        descriptor = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def make_private(folder: Path, *more: Path) -> Privacy:
    """Takes the rights of other users off the folder, all that is Haetae's in it, and more files that lie elsewhere."""
    closed: list[Path] = []
    left: list[Path] = []
    for path in _private_paths(folder, more):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if stat.S_ISLNK(mode) or not mode & _OTHERS:
            continue
        try:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        except OSError:
            left.append(path)
        else:
            (left if path.lstat().st_mode & _OTHERS else closed).append(path)
    return Privacy(tuple(closed), tuple(left))


def _private_paths(folder: Path, more: tuple[Path, ...]) -> Iterator[Path]:
    yield folder
    yield from more
    for name in OWN:
        path = folder / name
        if path.is_symlink() or name.endswith(_PUBLIC):
            continue
        yield path
        for where, folders, files in os.walk(path):  # links are not followed
            yield from (Path(where, folder) for folder in folders)
            yield from (Path(where, file) for file in files if not file.endswith(_PUBLIC))
