"""What a process that was killed left half done: sweep, sweep_drafts, sweep_backups.

Removed is only what says itself that it was never finished: a file announced for a row that this database never got, a
draft that nobody writes any more. Another file that no row knows is named and left, for another database may know it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import text

from assessments.home import OWN, home, is_abandoned
from assessments.keeping import sealed_files
from assessments.model import Text
from assessments.storage import evidence_files
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
UNFINISHED = ".part"
"""Ending of a backup's folder until it is whole."""
_SAFE_SECONDS = 3600
"""A draft is written within seconds; nobody is in the middle of one that has lain for so long."""
_DRAFT = re.compile(rf"\.(?:probe|restore|audit|{'|'.join(map(re.escape, OWN))})\..+")
_BACKUP = re.compile(rf"\..+\.[0-9a-f]{{8}}{re.escape(UNFINISHED)}")
_DATABASE = re.compile(r"\..+\.db\.[0-9a-f]{8}(?:-journal|-wal|-shm)?")
"""A copy of a database that is not whole yet, as `migration.backup` names it."""
_NAMED = 12


def sweep(session: Session) -> list[Text]:
    """Removes what was left half done, and evidence whose removal the history tells; names files that no row knows.

    session: a transaction, so that no other deed is under way and no file of this database still waits for its row.
    """
    known = {
        evidence_files.EVIDENCE: _stored_names(session, "evidence") | _stored_names(session, "proof"),
        evidence_files.REPORTS: _stored_names(session, "sealed_report"),
    }
    known[evidence_files.REPORTS] |= set(map(sealed_files.record_name, known[evidence_files.REPORTS]))
    swept = sweep_drafts(home())
    for folder, names in known.items():
        swept += _never_acknowledged(folder, names, str(session.info[evidence_files.DATABASE]))
    strange = [
        (folder, name) for folder, names in known.items() for name in evidence_files.listed(folder) if name not in names
    ]
    removed = _digests_removed(session) if strange else set()
    unknown: list[Path | str] = []
    for folder, name in strange:
        if hashlib.sha256(evidence_files.content(folder, name)).hexdigest() in removed:
            evidence_files.remove(folder, name)
            swept.append(f"{folder}/{name}")
        else:
            unknown.append(f"{folder}/{name}")
    remarks = (("swept", swept), ("unknown_files", unknown))
    return [TEXTS.text(key, names=names_of(paths, home())) for key, paths in remarks if paths]


def sweep_drafts(folder: Path) -> list[Path | str]:
    """Drafts in a home folder and in its folder of backups, and of reports wherever they lie; what was removed."""
    drafts = [path for path in folder.iterdir() if _DRAFT.fullmatch(path.name)]
    names = evidence_files.sweep_drafts(evidence_files.REPORTS)
    return [
        *_removed([*drafts, *_backups(folder / "backups")]),
        *(f"{evidence_files.REPORTS}/{name}" for name in names),
    ]


def sweep_backups(folder: Path) -> None:
    """Backups that were broken off, wherever they were to lie: each is a copy of everything."""
    _removed(_backups(folder))


def names_of(paths: Sequence[Path | str], folder: Path) -> str:
    """The first few, as they lie below the folder, or below the place of evidence and reports."""
    shown = [
        str(path.relative_to(folder)) if isinstance(path, Path) and path.is_relative_to(folder) else str(path)
        for path in paths
    ]
    first = ", ".join(str(folder) if name == "." else name for name in shown[:_NAMED])
    return first + (f" … ({len(shown)})" if len(shown) > _NAMED else "")


def _backups(folder: Path) -> list[Path]:
    there = folder.iterdir() if folder.is_dir() else ()
    return [path for path in there if (_BACKUP if path.is_dir() else _DATABASE).fullmatch(path.name)]


def _removed(drafts: Sequence[Path]) -> list[Path]:
    """Those that nobody writes any more, once they are gone."""
    gone = []
    for draft in drafts:
        if draft.is_symlink() or draft.lstat().st_mtime > time.time() - _SAFE_SECONDS:
            continue
        if not draft.is_dir():
            draft.unlink(missing_ok=True)
        elif is_abandoned(draft):
            shutil.rmtree(draft, ignore_errors=True)
        else:
            continue
        gone.append(draft)
    return gone


def _never_acknowledged(folder: str, known: set[str], database: str) -> Iterator[str]:
    """Removes files announced for a row of this database that is not there; a mark left beside its row goes too."""
    for announced in evidence_files.announced(folder):
        if announced.database != database:
            continue
        if announced.name not in known and announced.name in evidence_files.listed(folder):
            evidence_files.remove(folder, announced.name)
            yield f"{folder}/{announced.name}"
        evidence_files.remove(folder, announced.mark)


def _stored_names(session: Session, table: str) -> set[str]:
    statement = text(f"SELECT stored_name FROM {table}")  # noqa: S608 - fixed names
    return set(session.connection().execute(statement).scalars())


def _digests_removed(session: Session) -> set[str]:
    rows = session.connection().execute(
        text(
            "SELECT value FROM event_value JOIN event USING (seq) "
            "WHERE kind = 'remove_evidence' AND name = 'evidence' AND value IS NOT NULL"
        )
    )
    return {json.loads(value).get("sha256", "") for value in rows.scalars()}
