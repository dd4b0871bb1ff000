"""Backup and restore of a whole home folder: make, examine, restore.

A backup is a folder with `manifest.json` (what is in it, with the SHA-256 of every file), `manifest.sha256` and `home/`. It is
taken while people work: the database is copied by SQLite itself, at one moment, and all files that this copy knows are in
it. It contains the signing key and everything people wrote: whoever has it controls the installation.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from assessments.errors import AssessmentError, NewerDatabaseError
from assessments.home import OWN, draft_folder
from assessments.keeping import leftovers, moving, sealed_files
from assessments.keeping.auditing import Audit, CheckpointOf, audit
from assessments.keeping.starting import RESTORING
from assessments.storage import database, evidence_files, file_store, installation, migration
from assessments.storage.database import Database
from assessments.storage.file_store import Store
from assessments.storage.life_tables import ProofRow
from assessments.storage.tables import EvidenceRow, SealedReportRow
from questionnaires.problems import InvalidFileError
from questionnaires.strict_yaml import parse
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
FORMAT = 1
MANIFEST = "manifest.json"
DIGEST = "manifest.sha256"
DATABASE = "haetae.db"
_SETTINGS = ("seal.yaml", "report.yaml", "oidc.yaml")
"""May name further files in the home folder: logos, certificates, revocation lists."""
_LEFT_OUT = (
    "haetae.db",
    "haetae.db-wal",
    "haetae.db-shm",
    "haetae.db-journal",
    "backups",
    "security",
    file_store.IDENTITY,
)
"""The security log tells of this installation as it runs; a restore must not put an older one in its place."""
_WRITTEN_ONCE = (evidence_files.EVIDENCE, evidence_files.REPORTS)
_AGAIN = 5
"""How often copying is retried if a file disappeared after the database was copied."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """A backup's manifest."""

    format: int
    version: str
    """Version of the program that made it."""
    state: str
    """The newest migration in the database."""
    at: datetime
    files: Mapping[str, str]
    """Path below `home/` → SHA-256."""


@dataclass(frozen=True)
class Made:
    """A backup that was written and read again."""

    folder: Path
    manifest: Manifest
    audit: Audit


@dataclass(frozen=True)
class Restored:
    """A home folder that was put back."""

    manifest: Manifest
    audit: Audit
    replaced: Path | None
    """Where the previous content was moved. None: there was none."""


def make(home: Path, target: Path, version: str, checkpoint_of: CheckpointOf) -> Made:
    """Writes a backup into a new or empty folder and reads it back.

    Raises: AssessmentError where the target is in use or part of what is copied, there is no database, or a copy is not what was written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AssessmentError(TEXTS.told("target_not_empty", target=target))
    if any(target.resolve().is_relative_to(home / name) for name in OWN if name != "backups"):
        raise AssessmentError(TEXTS.told("target_inside", target=target))
    source = database.current()
    if not source.is_there:
        raise AssessmentError(TEXTS.told("no_database", home=home))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    leftovers.sweep_backups(target.parent)
    with draft_folder(target.parent, target.name, leftovers.UNFINISHED) as draft:
        copied = draft / "home"
        copied.mkdir(mode=0o700)
        for _ in range(_AGAIN):
            if _copied(home, source, copied):
                break
        state = _state(copied / DATABASE)
        manifest = Manifest(FORMAT, version, state, datetime.now(UTC), _digests(copied))
        _write_manifest(draft, manifest)
        examine(draft)
        audit = _audited(copied, checkpoint_of)
        with suppress(FileNotFoundError):
            target.rmdir()
        draft.rename(target)
        _to_disk(target.parent)
    return Made(target, manifest, audit)


def newest_at(home: Path) -> datetime | None:
    """When the newest of the backups below the home folder was made, by their manifests; their files are not read. None: there is none."""
    times = []
    folder = home / "backups"
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError, AssessmentError):
            times.append(_read_manifest(path, (path / MANIFEST).read_bytes()).at)
    return max(times, default=None)


def examine(folder: Path) -> Manifest:
    """The manifest of a backup, after checking every file against it.

    Raises: AssessmentError if it is not a backup, incomplete or altered; NewerDatabaseError if a newer program made it.
    """
    try:
        written = (folder / MANIFEST).read_bytes()
        stated = (folder / DIGEST).read_text("ascii").strip()
    except (OSError, ValueError):
        raise AssessmentError(TEXTS.told("backup_not_whole", folder=folder)) from None
    if hashlib.sha256(written).hexdigest() != stated:
        raise AssessmentError(TEXTS.told("manifest_altered", folder=folder))
    manifest = _read_manifest(folder, written)
    if manifest.format > FORMAT or not migration.is_known(manifest.state):
        raise NewerDatabaseError(
            TEXTS.told(
                "newer_backup", folder=folder, version=manifest.version, state=manifest.state, head=migration.head()
            )
        )
    there = _digests(folder / "home")
    for path in sorted(manifest.files.keys() | there.keys()):
        if path not in there:
            raise AssessmentError(TEXTS.told("backup_file_missing", folder=folder, path=path))
        if path not in manifest.files:
            raise AssessmentError(TEXTS.told("backup_file_added", folder=folder, path=path))
        if there[path] != manifest.files[path]:
            raise AssessmentError(TEXTS.told("backup_file_altered", folder=folder, path=path))
    if DATABASE not in there:
        raise AssessmentError(TEXTS.told("backup_without_database", folder=folder))
    return manifest


def restore(folder: Path, home: Path, checkpoint_of: CheckpointOf, *, replaces: bool = False) -> Restored:
    """Puts a backup into a home folder, which is empty unless `replaces`; what lay there is moved aside, never removed.

    Raises: like examine; AssessmentError where the home folder is in use or not empty.
    """
    manifest = examine(folder)
    place = Path(database.open_database().path or home / DATABASE)
    there = _lying_in(home)
    is_elsewhere = place.parent.resolve() != home
    if (there or (is_elsewhere and place.exists())) and not replaces:
        raise AssessmentError(TEXTS.told("home_not_empty", home=home, there=", ".join(there[:5]) or place))
    _check_unused(place)
    leftovers.sweep_drafts(home)  # of a restore that was broken off, too
    with draft_folder(home, "restore") as staged:
        shutil.copytree(folder / "home", staged, dirs_exist_ok=True)
        _make_private(staged)
        if _digests(staged) != manifest.files:
            raise AssessmentError(TEXTS.told("backup_changed", folder=folder))
        audit = _audited(staged, checkpoint_of)
        _end_ways_in(staged / DATABASE)
        replaced = _put_in_place(staged, home, place)
    return Restored(manifest, audit, replaced)


def _end_ways_in(file: Path) -> None:
    """Sessions, one-time links and half-done sign-ins of the day of the backup, which may have ended or been used since.

    And where its files lay: now they lie in the home folder.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in known & {"login_session", "one_time_link", "sign_in_attempt"}:
            if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608 - one of three names
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
        if "installation" in known:
            connection.execute("DELETE FROM installation WHERE name = ?", (installation.Thing.FILES.value,))


# --- copying ------------------------------------------------------------------------------------------------


def _copied(home: Path, source: Database, copied: Path) -> bool:
    """Files first, then the database, then files that came in between. False: a file that the copy knows went meanwhile."""
    for path in _files_of(home):
        _copy(path, copied / path.relative_to(home))
    store = file_store.current()
    for name in (path for folder in file_store.FOLDERS for path in store.every(folder)):
        if not ((copied / name).exists() and (copied / name).parent.name in _WRITTEN_ONCE):
            _copy_stored(store, name, copied / name)
    (copied / DATABASE).unlink(missing_ok=True)
    _copy_database(source, copied / DATABASE)
    with closing(sqlite3.connect(copied / DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    needed = set(_named_by(copied / DATABASE))
    for name in needed:
        beside = sealed_files.record_name(name)
        for file_name in {name, beside} if store.is_there(beside) else {name}:
            if not (copied / file_name).is_file():
                _copy_stored(store, file_name, copied / file_name)
    known = needed | {sealed_files.record_name(name) for name in needed}
    for folder in _WRITTEN_ONCE:
        for path in (copied / folder).glob("*"):
            if f"{folder}/{path.name}" not in known:
                path.unlink()  # removed meanwhile, or never acknowledged: the copy knows nothing of it
    still = set(_named_now(source))  # a file that is missing and still named was lost before, which the audit tells
    return all((copied / name).is_file() or name in still for name in needed)


def _copy_database(source: Database, copy: Path) -> None:
    """As SQLite copies it, or row by row from a server: a backup is the same wherever it comes from."""
    if source.path is not None:
        migration.backup(Path(source.path), copy)
        return
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(database.Database(f"sqlite:///{copy}")) as target:
        moving.move(source, target, is_copy=True)


def _files_of(home: Path) -> Iterator[Path]:
    """Everything that is Haetae's but the database and what the store holds, and the files that its settings name."""
    for name in OWN:
        path = home / name
        if name in (*_LEFT_OUT, *file_store.FOLDERS) or path.is_symlink():
            continue
        if path.is_file():
            yield path
        for where, folders, files in os.walk(path):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))  # what was broken off
            yield from (Path(where, file) for file in sorted(files) if not file.startswith("."))
    for name in _SETTINGS:
        yield from (home / file_name for file_name in _names_in(home / name) if (home / file_name).is_file())


def _names_in(settings: Path) -> Iterator[str]:
    """Every text in a settings file that could name a file beside it."""
    try:
        waiting: list[Any] = [parse(settings.read_bytes(), settings.name).data]
    except (OSError, InvalidFileError):
        return
    while waiting:
        folder = waiting.pop()
        if isinstance(folder, str) and folder and Path(folder).name == folder:
            yield folder
        elif isinstance(folder, dict):
            waiting += folder.values()
        elif isinstance(folder, list):
            waiting += folder


def _copy(path: Path, target: Path) -> None:
    """Through to the disk, for the owner only; a file that went meanwhile is left out."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("rb") as old, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
            shutil.copyfileobj(old, new, _CHUNK)
            new.flush()
            os.fsync(new.fileno())
    except FileNotFoundError:
        target.unlink(missing_ok=True)


def _copy_stored(store: Store, path: str, target: Path) -> None:
    """The same from wherever evidence and reports lie."""
    with suppress(FileNotFoundError), store.local(path) as file:
        _copy(file, target)


def _named_by(file: Path) -> Sequence[str]:
    """Paths of the files that a database knows."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return [
            f"{folder}/{name}"
            for folder, table in (
                (evidence_files.EVIDENCE, "evidence"),
                (evidence_files.EVIDENCE, "proof"),
                (evidence_files.REPORTS, "sealed_report"),
            )
            if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
            for (name,) in connection.execute(f"SELECT DISTINCT stored_name FROM {table}")  # noqa: S608 - fixed names
        ]


def _named_now(source: Database) -> Sequence[str]:
    """The same of the database in use."""
    if source.path is not None:
        return _named_by(Path(source.path))
    with source.reading() as session:
        evidence = {*session.exec(select(EvidenceRow.stored_name)), *session.exec(select(ProofRow.stored_name))}
        return [
            *(f"{evidence_files.EVIDENCE}/{name}" for name in evidence),
            *(f"{evidence_files.REPORTS}/{name}" for name in session.exec(select(SealedReportRow.stored_name))),
        ]


def _state(file: Path) -> str:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _digests(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file below; anything but a regular file gets an empty digest, which never matches."""
    digests = {}
    for where, folders, files in os.walk(folder):
        for name in [*files, *(folder for folder in folders if Path(where, folder).is_symlink())]:
            path = Path(where, name)
            key = path.relative_to(folder).as_posix()
            digests[key] = _sha256(path) if path.is_file() and not path.is_symlink() else ""
    return digests


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- manifest -----------------------------------------------------------------------------------------------


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    data = {
        "format": manifest.format,
        "version": manifest.version,
        "state": manifest.state,
        "at": manifest.at.isoformat(),
        "files": dict(sorted(manifest.files.items())),
    }
    written = (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
    for name, content in ((MANIFEST, written), (DIGEST, hashlib.sha256(written).hexdigest().encode() + b"\n")):
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _read_manifest(folder: Path, written: bytes) -> Manifest:
    try:
        manifest_json = json.loads(written)
        files = {str(path): str(digest) for path, digest in manifest_json["files"].items()}
        return Manifest(
            int(manifest_json["format"]),
            str(manifest_json["version"]),
            str(manifest_json["state"]),
            datetime.fromisoformat(manifest_json["at"]),
            files,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AssessmentError(TEXTS.told("manifest_foreign", folder=folder)) from None


# --- putting back ---------------------------------------------------------------------------------------------


def _audited(folder: Path, checkpoint_of: CheckpointOf) -> Audit:
    """What lies in a copy of a home folder, looked at as `haetae history verify` does.

    The copy stays as it is: a copy of its database is brought up to this program. Raises: AssessmentError where that fails.
    """
    with (
        draft_folder(folder.parent, "audit") as scratch,
        closing(database.Database(f"sqlite:///{scratch / DATABASE}")) as look,
    ):
        _copy(folder / DATABASE, scratch / DATABASE)
        look.prepare()
        with look.reading() as session:
            return audit(session, checkpoint_of, folder=folder, notes=False)


def _check_unused(place: Path) -> None:
    """Nobody has the database open: SQLite then lets it leave WAL mode. Raises: AssessmentError."""
    if not place.is_file():
        return
    try:
        with closing(sqlite3.connect(place, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        raise AssessmentError(TEXTS.told("in_use", place=place)) from None
    except sqlite3.DatabaseError:
        return  # damaged: nobody works with it


def _lying_in(home: Path) -> list[str]:
    return [name for name in OWN if name != "backups" and os.path.lexists(home / name)]


def _put_in_place(staged: Path, home: Path, place: Path) -> Path | None:
    """Moves what is there aside, then the restored files in; a mark tells of a restore that was broken off."""
    there, aside = (
        _lying_in(home),
        None,
    )  # anew: what a killed server left beside the database went when it was looked at
    (home / RESTORING).touch(mode=0o600)
    if there or place.exists() or any(os.path.lexists(home / path.name) for path in staged.iterdir()):
        aside = home / "backups" / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        aside.mkdir(mode=0o700)
        for name in {*there, *(path.name for path in staged.iterdir() if os.path.lexists(home / path.name))}:
            shutil.move(home / name, aside / name)
        for ending in ("", "-wal", "-shm", "-journal"):
            other = place.with_name(place.name + ending)
            if other.exists():
                shutil.move(other, aside / other.name)
    for path in sorted(staged.iterdir()):
        shutil.move(path, place if path.name == DATABASE else home / path.name)
    _to_disk(home)
    (home / RESTORING).unlink()
    _to_disk(home)
    return aside


def _make_private(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _to_disk(folder: Path) -> None:
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)
