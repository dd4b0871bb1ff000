"""What is looked at before anything is served: prepare. The folder, its rights, the database, files that no row knows."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path

from sqlalchemy import text

from assessments.decision_log.intake import waiting
from assessments.errors import AssessmentError
from assessments.home import home, make_private
from assessments.model import Text
from assessments.storage import database, evidence_files
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
RESTORING = "restore-unfinished"
"""A file of this name stands in the home folder while a restore moves things into place."""


def prepare() -> tuple[Text, ...]:
    """Brings the home folder and its database up to this program; what whoever runs it is to be told.

    Raises: NewerDatabaseError; AssessmentError where the folder cannot be written to, a restore was broken off, or the
    database is damaged, another program's or without its triggers.
    """
    folder = home()
    _check_writable(folder)
    if (folder / RESTORING).exists():
        raise AssessmentError(TEXTS.told("restore_broken_off", folder=folder))
    made = database.prepare()
    remarks = [*_tell_privacy(folder, made.path)]
    if made.path is not None:
        with database.transaction() as session:  # no other transaction is under way, so no file waits for its row
            remarks += sweep(session)
        waiting.break_off()
    return tuple(remarks)


def _check_writable(folder: Path) -> None:
    probe = folder / f".probe.{secrets.token_hex(4)}"
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise AssessmentError(TEXTS.told("home_not_writable", folder=folder, why=error.strerror)) from None


def _tell_privacy(folder: Path, database_file: str | None) -> list[Text]:
    more = [Path(database_file + ending) for ending in ("", "-wal", "-shm")] if database_file else []
    privacy = make_private(folder, *more)
    remarks = []
    if privacy.closed:
        names = _names(privacy.closed, folder)
        remarks.append(TEXTS.text("closed_to_others", names=names))
    if privacy.open:
        names = _names(privacy.open, folder)
        remarks.append(TEXTS.text("open_to_others", names=names))
    return remarks


def _names(paths: tuple[Path, ...], folder: Path) -> str:
    """The first few, as they lie below the folder."""
    shown = [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
    first = ", ".join(str(folder) if name == "." else name for name in shown[:12])
    return first + (f" … ({len(shown)})" if len(shown) > 12 else "")


def sweep(session: Session) -> list[Text]:
    """Removes evidence files whose removal the history tells and that no revision has any more; names others no row knows.

    A removal that was saved and then broken off, before its file went, would otherwise keep personal data for good. A file
    that the history does not know is left: an older database may have been put in place by hand.
    """
    known = set(session.connection().execute(text("SELECT stored_name FROM evidence")).scalars())
    strange = [path for path in evidence_files.listed(evidence_files.EVIDENCE) if path.name not in known]
    if not strange:
        return []
    removed = _digests_removed(session)
    left = []
    for path in strange:
        if hashlib.sha256(path.read_bytes()).hexdigest() in removed:
            path.unlink(missing_ok=True)
        else:
            left.append(path)
    if not left:
        return []
    names = _names(tuple(left), home())
    return [TEXTS.text("unknown_files", names=names)]


def _digests_removed(session: Session) -> set[str]:
    rows = session.connection().execute(
        text(
            "SELECT value FROM event_value JOIN event USING (seq) "
            "WHERE kind = 'remove_evidence' AND name = 'evidence' AND value IS NOT NULL"
        )
    )
    return {json.loads(value).get("sha256", "") for value in rows.scalars()}
