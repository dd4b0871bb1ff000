"""What is looked at before anything is served: prepare. The folder, its rights, the database, what was left half done."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from assessments import people
from assessments.decision_log.intake import waiting
from assessments.errors import AssessmentError
from assessments.file import decision_log
from assessments.home import home, make_private
from assessments.keeping import leftovers
from assessments.model import Text
from assessments.storage import database, file_store, following, installation, projection, signed_results
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
RESTORING = "restore-unfinished"
"""A file of this name stands in the home folder while a restore moves things into place."""
SETTINGS = ("seal.yaml", "report.yaml", "oidc.yaml")
"""Files of the home folder that are to be alike on every server."""


def prepare() -> tuple[Text, ...]:
    """Brings the home folder and its database up to this program; what whoever runs it is to be told.

    Raises: NewerDatabaseError; InvalidFileError of a people.yaml; AssessmentError where the folder cannot be written to, a
    restore was broken off, another server has other keys, or the database is damaged, another program's or without its triggers.
    """
    folder = home()
    _check_writable(folder)
    if (folder / RESTORING).exists():
        raise AssessmentError(TEXTS.told("restore_broken_off", folder=folder))
    made = database.prepare()
    remarks = [*people.take_over(folder), *_tell_privacy(folder, made.path)]
    if not made.is_in_memory:
        with database.transaction() as session:
            remarks += leftovers.sweep(session)
            remarks += installation.differing(session, {name: _digest(folder / name) for name in SETTINGS})
            if following.is_unbuilt(session):
                following.rebuild(session)
            signed_results.fill(session)
            projection.fill(session)
        decision_log.settle_pseudonym_key()
        _settle_files()
        waiting.sweep()
        waiting.break_off()
    return tuple(remarks)


def _settle_files() -> None:
    """Evidence and reports lie in one place for all servers. Raises: AssessmentError where others have them elsewhere."""
    store = file_store.current()
    try:
        store.check_takes()
        present = file_store.identity(store)
        installation.settle(installation.Thing.FILES, present, lambda: file_store.identify(store))
    except OSError as error:
        raise AssessmentError(TEXTS.told("files_not_writable", name=store.name, why=error.strerror or "")) from None


def _digest(file: Path) -> str:
    """Empty: there is none."""
    return installation.digest_of(file.read_bytes()) if file.is_file() else ""


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
        names = leftovers.names_of(privacy.closed, folder)
        remarks.append(TEXTS.text("closed_to_others", names=names))
    if privacy.open:
        names = leftovers.names_of(privacy.open, folder)
        remarks.append(TEXTS.text("open_to_others", names=names))
    return remarks
