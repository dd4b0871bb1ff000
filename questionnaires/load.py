"""Loads questionnaire files: Edition; parsing a text, finding an edition, the editions in force on a day.

A file is strict YAML (strict_yaml), shaped by the schema, and sound as a whole (check). A draft edition may change until it is
released; each content that a release of the program shipped is kept in `earlier/` (`1.0-of-0.1.0.yaml`), for assessments begun
with it are answered, printed and verified with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from questionnaires.problems import InvalidFileError, Problem
from questionnaires.released import LIST, releases
from questionnaires.schema import Questionnaire
from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse

FOLDER = Path(__file__).parent


class UnknownEditionError(LookupError):
    """There is no file for this edition."""


@dataclass(frozen=True)
class Edition:
    """A questionnaire edition as read from its file."""

    questionnaire: Questionnaire
    sha256: str
    text: str
    """The complete file content."""
    file: str
    """`hiring/1.0.yaml`, below the folder of questionnaires."""
    is_released: bool
    """False: a draft edition, which is not listed in released.sha256."""
    released_on: date | None = None
    """None: a draft edition, or the list states no day."""

    @property
    def id(self) -> str:
        return self.questionnaire.id

    @property
    def version(self) -> str:
        return self.questionnaire.version


def read(text: bytes | str, file: str) -> Questionnaire:
    """Parses a questionnaire against the schema, without the checks across its parts. Raises: InvalidFileError with all problems."""
    return shaped(parse(text, file), Questionnaire)


@lru_cache(maxsize=32)
def read_once(text: str, file: str) -> Questionnaire:
    """Like `read`, with a small cache, because files and records repeat the same editions."""
    return read(text, file)


def edition(questionnaire_id: str, version: str, folder: Path | None = None) -> Edition:
    """Raises: UnknownEditionError; InvalidFileError."""
    folder = folder or FOLDER
    file = _file_of(folder, questionnaire_id, version)
    try:
        return _read_file(folder, file)
    except (FileNotFoundError, NotADirectoryError):
        missing = f"There is no questionnaire {questionnaire_id} {version}: {file.name} is missing."
        raise UnknownEditionError(missing) from None


def earlier_draft(questionnaire_id: str, version: str, sha256: str, folder: Path | None = None) -> Edition | None:
    """The draft with this digest shipped in an earlier release; None if there is none. Raises: InvalidFileError."""
    folder = folder or FOLDER
    for file in sorted((folder / questionnaire_id / "earlier").glob(f"{version}-of-*.yaml")):
        if (draft := _read_file(folder, file)).sha256 == sha256:
            return draft
    return None


def editions(folder: Path | None = None) -> tuple[Edition, ...]:
    """All editions, by id and version; folder None: the shipped ones. Raises: InvalidFileError with the problems of all files."""
    folder = folder or FOLDER
    read_editions: list[Edition] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*/*.yaml"), key=_order):
        try:
            read_editions.append(_read_file(folder, file))
        except InvalidFileError as error:
            problems += error.problems
    if problems:
        raise InvalidFileError(problems)
    return tuple(read_editions)


def in_force(questionnaire_id: str, on: date, folder: Path | None = None) -> Edition:
    """The edition with the latest `in_force_from` on or before the day; of equals the highest version.

    Raises: UnknownEditionError if there is none, or the day precedes the first.
    """
    folder = folder or FOLDER
    files = sorted((folder / questionnaire_id).glob("*.yaml"), key=_order)
    known = [_read_file(folder, file) for file in files]
    fitting = [edition for edition in known if edition.questionnaire.in_force_from <= on]
    if not fitting:
        first = min((edition.questionnaire.in_force_from for edition in known), default=None)
        why = f"the first is in force from {first}" if first else "there is no such questionnaire"
        raise UnknownEditionError(f"No edition of {questionnaire_id} is in force on {on}: {why}.")
    return max(fitting, key=lambda edition: (edition.questionnaire.in_force_from, version_key(edition.version)))


def ids(folder: Path | None = None) -> tuple[str, ...]:
    """Ids of all questionnaires."""
    return tuple(sorted({file.parent.name for file in (folder or FOLDER).glob("*/*.yaml")}))


def newest(questionnaire_id: str, folder: Path | None = None) -> Edition:
    """The edition with the highest version. Raises: UnknownEditionError; InvalidFileError."""
    folder = folder or FOLDER
    files = sorted((folder / questionnaire_id).glob("*.yaml"), key=_order)
    if not files:
        raise UnknownEditionError(f"There is no questionnaire {questionnaire_id}.")
    return _read_file(folder, files[-1])


def forget() -> None:
    """Clears both caches, of files and of parsed contents; for benchmarks."""
    _cached.cache_clear()
    read_once.cache_clear()


def version_key(version: str) -> tuple[int, ...]:
    """Sort key that orders versions numerically: 1.10 after 1.9."""
    return tuple(int(number) for number in version.split("."))


Seen = tuple[tuple[str, int, int], ...]
"""Files as they lie there: path, time of the last change, size."""


def seen(folder: Path | None = None) -> Seen:
    """The files of a folder as they lie there now. While it says the same, whatever was read from them is the same."""
    beside = os.fspath(folder or FOLDER)
    places = [(entry.name, entry) for entry in os.scandir(beside)]
    for name, place in [*places]:
        if place.is_dir():
            places += [(f"{name}/{entry.name}", entry) for entry in os.scandir(place)]
    files = ((name, entry.stat()) for name, entry in places if name.endswith((".yaml", LIST)))
    return (beside, 0, 0), *sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def _order(file: Path) -> tuple[str, tuple[int, ...], str]:
    digits = file.stem.replace(".", "").isdigit()
    return file.parent.name, version_key(file.stem) if digits else (), file.stem


@lru_cache(maxsize=1024)
def _file_of(folder: Path, questionnaire_id: str, version: str) -> Path:
    return folder / questionnaire_id / f"{version}.yaml"


@lru_cache(maxsize=64)
def _list_of(folder: Path) -> Path:
    return folder / LIST


def _read_file(folder: Path, file: Path) -> Edition:
    """Read anew whenever the file, or the list of released ones, looks otherwise than when it was read last."""
    seen = file.stat()
    try:
        released_ns = _list_of(folder).stat().st_mtime_ns
    except FileNotFoundError:
        released_ns = 0
    return _cached(folder, file, seen.st_mtime_ns, seen.st_size, released_ns)


@lru_cache(maxsize=256)
def _cached(folder: Path, file: Path, mtime_ns: int, size: int, released_ns: int) -> Edition:
    raw = file.read_bytes()
    name = file.relative_to(folder).as_posix()
    digest = hashlib.sha256(raw).hexdigest()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        read(raw, name)  # which says where
        raise
    questionnaire = read_once(text, name)
    problems = list(_misplaced(questionnaire, name))
    if problems:
        raise InvalidFileError(problems)
    release = releases(folder).get(name)
    if release is None or release.sha256 != digest:
        return Edition(questionnaire, digest, text, name, is_released=False)
    return Edition(questionnaire, digest, text, name, is_released=True, released_on=release.on)


def _misplaced(questionnaire: Questionnaire, name: str) -> Iterable[Problem]:
    should = f"{questionnaire.id}/{questionnaire.version}.yaml"
    is_earlier = name.startswith(f"{questionnaire.id}/earlier/{questionnaire.version}-of-")
    if name != should and not is_earlier:
        what = f"the file says it is {questionnaire.id} {questionnaire.version}, but lies at {name}."
        yield Problem(name, 1, what, f"Move it to {should}, or correct id and version.")
