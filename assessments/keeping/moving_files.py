"""An installation's files from one place to another: move. Nobody can save meanwhile; what was interrupted goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assessments.errors import AssessmentError
from assessments.storage import file_store, installation
from assessments.storage.database import Session
from assessments.storage.file_store import Store
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
Tell = Callable[[float], None]
"""Called with the share of files done, 0 to 1."""
_NAMED = 3


@dataclass(frozen=True)
class MovedFiles:
    """What lies there now, with the same digests as here."""

    files: int
    copied: int
    """By this run; the others were there from an interrupted one."""


def move(session: Session, source: Store, target: Store, tell: Tell = lambda _share: None) -> MovedFiles:
    """Copies evidence, sealed reports and logs, reads each again, and makes the target the place of all servers. Nothing goes here.

    session: a transaction, so that no file comes or goes meanwhile. Raises: AssessmentError where the source is not the place of
    this database's servers, or the target is the source, holds something else, or gives back other bytes.
    """
    if source.name == target.name:
        raise AssessmentError(TEXTS.told("same_place", name=source.name))
    present = installation.stated(session, installation.Thing.FILES)
    if present and present not in (file_store.identity(source), file_store.identity(target)):
        raise AssessmentError(TEXTS.told("not_the_place", name=source.name))
    paths = _paths(source)
    if strange := sorted(set(_paths(target)) - set(paths)):
        raise AssessmentError(TEXTS.told("place_not_empty", name=target.name, names=", ".join(strange[:_NAMED])))
    copied = 0
    for number, path in enumerate(paths, 1):
        copied += _copied(source, target, path)
        tell(number / len(paths))
    installation.state(session, installation.Thing.FILES, file_store.identify(target))
    return MovedFiles(len(paths), copied)


def _paths(store: Store) -> list[str]:
    return [path for folder in file_store.FOLDERS for path in store.every(folder)]


def _copied(source: Store, target: Store, path: str) -> bool:
    """False: it lies there already, the same. Raises: AssessmentError where it is another one after copying."""
    with source.local(path) as file, TemporaryDirectory(prefix="haetae-move-") as folder:
        sha256 = _sha256(file)
        if _is(target, path, sha256):
            return False
        draft = Path(folder) / "file"
        draft.touch(0o600)
        with draft.open("wb") as copy:
            copy.writelines(_pieces(file))
        target.put_file(path, draft)
    if not _is(target, path, sha256):
        raise AssessmentError(TEXTS.told("other_bytes_there", name=target.name, path=path))
    return True


def _is(store: Store, path: str, sha256: str) -> bool:
    try:
        with store.local(path) as file:
            return _sha256(file) == sha256
    except FileNotFoundError:
        return False


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while piece := content.read(1 << 20):
            yield piece
