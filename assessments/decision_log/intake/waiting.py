"""A decision log that was handed in and is not yet part of its assessment: Intake; take_in, pending, taken, discard.

What is known of it is one row of the database. The file lies in a folder of its own below `incoming`, where evidence lies too, so
that every server can go on with it, for the owner only, beside its first rows, which hold names. Once the figures are kept, or the
import is given up, row and folder go; what nobody came back for goes after a day.
"""

from __future__ import annotations

import os
import secrets
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from assessments import scanning
from assessments.content.uploads import clean_file_name
from assessments.decision_log.kept_log import KeptLog, from_json
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.reading.preview_model import LogPreview
from assessments.decision_log.texts import TEXTS
from assessments.errors import AssessmentError, NotFoundError, NotSavedError
from assessments.home import draft_folder, home
from assessments.model import Assessment
from assessments.storage import database, file_store, installation, log_imports, reader
from assessments.storage.log_imports import LogImportRow, Stage
from questionnaires.legible import legible
from questionnaires.vocabulary import Text

__all__ = [
    "MAX_BYTES",
    "Intake",
    "ReadingSettings",
    "Stage",
    "break_off",
    "discard",
    "earlier",
    "keep_raw",
    "pending",
    "remove_file",
    "sweep",
    "take_in",
    "taken",
]

MAX_BYTES = 300_000_000
LEFT = timedelta(days=1)
ARRIVING_SECONDS = 3600
"""A file whose row is not there yet is not left over before that."""
_STARTS = (b"PAR1", b"PK\x03\x04")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PIECE = 1 << 20


@dataclass(frozen=True)
class ReadingSettings:
    """How a waiting log is to be read, as somebody chose."""

    mapping: LogMapping = field(default_factory=LogMapping)
    guessed: tuple[str, ...] | None = None
    """Columns and groups of the mapping that nobody has confirmed yet. None: those that the reading marks as guessed."""
    earlier: str = ""
    """File name of the earlier log whose mapping was taken over. Empty: none was."""


@dataclass(frozen=True)
class Intake:
    """The one log that is being taken into a revision, as it was when read from the database."""

    number: int
    assessment_id: int
    revision: int
    folder: str
    """In the store of files."""
    name: str
    """Of the file, as it was handed in."""
    stage: Stage
    is_waiting: bool
    """For others to be done."""
    progress: float
    """0 to 1."""
    error: Text | None
    """Why it failed. None: it did not."""

    @property
    def raw(self) -> str:
        """Path in the store of the raw log, under its own name, which messages show."""
        return f"{self.folder}/raw/{self.name}"

    def file(self) -> AbstractContextManager[Path]:
        """The raw log as a file of this machine, as long as the context lasts. Raises: FileNotFoundError, AssessmentError."""
        return file_store.current().local(self.raw)

    def has_preview(self) -> bool:
        return file_store.current().is_there(self._preview_file)

    def preview(self) -> LogPreview:
        """As last made; an empty one before that."""
        try:
            return _PREVIEW.validate_json(file_store.current().read(self._preview_file))
        except (OSError, ValueError):
            return LogPreview()

    def store_preview(self, preview_json: bytes) -> None:
        file_store.current().put_whole(self._preview_file, preview_json)

    def settings(self) -> ReadingSettings:
        """As they were last stored; the defaults where nobody chose anything."""
        try:
            return _SETTINGS.validate_json(file_store.current().read(self._settings_file))
        except (OSError, ValueError):
            return ReadingSettings()

    def store_settings(self, settings: ReadingSettings) -> None:
        file_store.current().put_whole(self._settings_file, _SETTINGS.dump_json(settings))

    @property
    def _settings_file(self) -> str:
        return f"{self.folder}/said.json"

    @property
    def _preview_file(self) -> str:
        return f"{self.folder}/look.json"


def pending(assessment_id: int, revision: int) -> Intake | None:
    """None: no log is on its way into this revision."""
    with database.reading() as session:
        row = log_imports.find_import(session, assessment_id, revision)
        at = datetime.now(UTC)
        return None if row is None else _intake(row, is_alive=row.is_alive(at) or log_imports.has_job(session, row))


def take_in(assessment_id: int, revision: int, name: str, content: BinaryIO) -> Intake:
    """The file, in place of any before, once it is whole. Raises: LogRefusedError where it can be no decision log."""
    sweep()
    folder, kept_name, at = secrets.token_hex(12), clean_file_name(name), datetime.now(UTC)
    store, place = file_store.current(), _place(folder)
    try:
        with draft_folder(home(), "incoming") as draft:
            with open(os.open(draft / kept_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _copy(content, file, kept_name)
            _check_malware(draft / kept_name, name)
            store.put_file(f"{place}/raw/{kept_name}", draft / kept_name)
        row = LogImportRow(
            assessment_id=assessment_id,
            revision=revision,
            folder=folder,
            name=kept_name,
            arrived_at=at,
            stage=Stage.ARRIVED,
        )
        with database.transaction() as session:
            before = log_imports.put(session, row)
            made = _intake(row)
    except BaseException:
        with suppress(AssessmentError):
            store.remove_folder(place)
        raise
    if before is not None:
        _remove(_place(before))
    return made


def earlier(session: database.Session, assessment: Assessment) -> ReadingSettings:
    """Settings with the mapping of this assessment's log, else of the system's newest; the defaults where there is neither."""
    if assessment.log is not None:
        return _of_log(assessment.log)
    log = None if assessment.system.id is None else reader.newest_log(session, assessment.system.id)
    return ReadingSettings() if log is None else _of_log(log)


def _of_log(log: KeptLog) -> ReadingSettings:
    return ReadingSettings(log.mapping, (), log.analysis.source.name) if log.mapping.columns else ReadingSettings()


def taken(session: database.Session, intake: Intake) -> KeptLog:
    """The figures, for whoever comes first; they are gone from here once the transaction is through.

    Raises: LogRefusedError where somebody else has kept or discarded them.
    """
    result = log_imports.take(session, intake.number)
    if result is None:
        raise LogRefusedError(TEXTS.told("no_longer_waiting"))
    return from_json(result)


def keep_raw(intake: Intake, sha256: str, kind: str) -> None:
    """Moves the file itself to where raw logs are kept, which hold names: for the owner only.

    Called before the figures are committed, so that none is told of as kept that is not; again, where they were not.
    """
    store, target = file_store.current(), f"logs/{sha256}.{kind}"
    if store.is_there(intake.raw) or not store.is_there(target):
        store.move(intake.raw, target)


def discard(intake: Intake) -> bool:
    """The file and all that is known of it; whoever reads it stops at the next step. False: it is gone already."""
    with database.transaction() as session:
        is_first = log_imports.remove(session, intake.number)
    if is_first:
        remove_file(intake)
    return is_first


def remove_file(intake: Intake) -> None:
    """After its figures were taken."""
    _remove(intake.folder)


def _remove(place: str) -> None:
    """What is done is done: where the store is away `sweep` removes it later."""
    with suppress(NotSavedError):
        file_store.current().remove_folder(place)


def break_off() -> int:
    """Marks what a server that is gone was reading; how many. For the start, after which it can be counted again."""
    with database.transaction() as session:
        return log_imports.break_off(session, installation.machine(), _runs, datetime.now(UTC))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _intake(row: LogImportRow, *, is_alive: bool = True) -> Intake:
    """is_alive: whoever reads it, if anybody does, is there."""
    stage = Stage(row.stage)
    if stage.is_running and not is_alive:
        stage = Stage.FAILED
    error = None
    if stage is Stage.FAILED:
        error = Text(**row.error) if row.error else _BROKEN_OFF
    return Intake(
        row.id or 0,
        row.assessment_id,
        row.revision,
        _place(row.folder),
        row.name,
        stage,
        row.is_waiting,
        row.thousandths / 1000,
        error,
    )


def _copy(content: BinaryIO, file: BinaryIO, name: str) -> None:
    """Raises: LogRefusedError as soon as it can be no decision log."""
    size, is_text = 0, True
    while piece := content.read(_PIECE):
        if not size:
            is_text = not piece.startswith((*_STARTS, *_UTF16))
        size += len(piece)
        if size > MAX_BYTES:
            raise too_large()
        if is_text and b"\0" in piece:
            raise LogRefusedError(TEXTS.told("neither_kind", name=name))
        file.write(piece)
    if not size:
        raise no_file()


def _check_malware(file: Path, name: str) -> None:
    """Raises: LogRefusedError; NotSavedError while the scanner is away."""
    with file.open("rb") as content:
        malware = scanning.malware_in(content, clean_file_name(name))
    if malware:
        raise LogRefusedError(TEXTS.told("log_with_malware", malware=legible(malware)))


def no_file() -> LogRefusedError:
    return LogRefusedError(TEXTS.told("no_file"))


def none_waits() -> NotFoundError:
    return NotFoundError(TEXTS.told("none_waits"))


def too_large() -> LogRefusedError:
    return LogRefusedError(TEXTS.told("larger_than", most=MAX_BYTES // 1_000_000))


_BROKEN_OFF = TEXTS.told("broken_off").text


_SETTINGS, _PREVIEW = TypeAdapter(ReadingSettings), TypeAdapter(LogPreview)


def _place(folder: str) -> str:
    return f"incoming/{folder}"


def sweep() -> None:
    """What nobody came back for, and folders whose row is gone."""
    at = datetime.now(UTC)
    with database.transaction() as session:
        log_imports.forget(session, at - LEFT, at)
        known = log_imports.folders(session)
    store = file_store.current()
    for folder in store.folders("incoming"):
        if folder not in known and store.seconds_old(_place(folder)) > ARRIVING_SECONDS:
            store.remove_folder(_place(folder))
