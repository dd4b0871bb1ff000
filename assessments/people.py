"""Who may act: people.yaml below the home folder. people, add_person, namesakes."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import AssessmentError
from assessments.home import locked
from assessments.model import Actor, Role
from questionnaires.legible import is_unseen, legible
from questionnaires.problems import InvalidFileError, ProblemTexts
from questionnaires.strict_yaml import parse
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
FILE = "people.yaml"
_PROBLEMS = ProblemTexts(Path(__file__).with_name("people_problems.yaml"))
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


def people(home: Path) -> tuple[Actor, ...]:
    """Everybody in the file, in its order; nobody where there is no file. Raises: InvalidFileError."""
    path = home / FILE
    if not path.is_file():
        return ()
    parsed = parse(path.read_bytes(), FILE)
    rows = parsed.data or []
    problems, actors = [], []
    if not isinstance(rows, list):
        raise InvalidFileError([_PROBLEMS.problem(FILE, 1, "no_list")])
    for place, row in enumerate(rows):
        kind = _against(row)
        if not kind:
            actors.append(Actor(row["id"], row["name"], frozenset(Role(role) for role in row["roles"])))
            if any(earlier.id == actors[-1].id for earlier in actors[:-1]):
                kind = "id_twice"
        if kind:
            values = {
                "entry": place + 1,
                "id": row.get("id") if isinstance(row, dict) else "",
                "roles": ", ".join(Role),
            }
            problems.append(_PROBLEMS.problem(FILE, parsed.line((place,)), kind, **values))
    if problems:
        raise InvalidFileError(problems)
    return tuple(actors)


def find_person(home: Path, person_id: str) -> Actor | None:
    """None: there is nobody of that id."""
    return next((actor for actor in people(home) if actor.id == person_id), None)


def add_person(home: Path, person_id: str, name: str, roles: Sequence[Role]) -> Actor:
    """Adds somebody; the file is replaced whole, by one process at a time.

    Raises: AssessmentError where the id is taken or not well formed, or the name cannot be printed as it is.
    """
    if not _ID.fullmatch(person_id) or not name.strip() or not roles:
        raise AssessmentError(TEXTS.told("person_refused", id=legible(person_id)))
    name = unicodedata.normalize("NFC", name.strip())
    if any(map(is_unseen, name)):
        raise AssessmentError(TEXTS.told("name_with_signs", id=person_id))
    actor = Actor(person_id, name, frozenset(roles))
    with locked(home):
        known = people(home)
        if any(earlier.id == person_id for earlier in known):
            raise AssessmentError(TEXTS.told("id_taken", id=person_id))
        _write(home, (*known, actor))
    return actor


def namesakes(home: Path, actor: Actor) -> tuple[Actor, ...]:
    """Others whose name is printed the same, so that reports and lists cannot tell them apart."""
    return tuple(other for other in people(home) if other.id != actor.id and other.name == actor.name)


def _write(home: Path, actors: Sequence[Actor]) -> None:
    rows = [{"id": actor.id, "name": actor.name, "roles": sorted(actor.roles)} for actor in actors]
    written = yaml.safe_dump([_plain(row) for row in rows], allow_unicode=True, sort_keys=False)
    draft = home / f".{FILE}.{secrets.token_hex(4)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, home / FILE)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "roles": [str(role) for role in row["roles"]]}


def _against(row: Any) -> str:
    """The kind of what stands against an entry; empty: nothing does."""
    if not isinstance(row, dict) or set(row) != {"id", "name", "roles"}:
        return "keys"
    if not isinstance(row["id"], str) or not _ID.fullmatch(row["id"]):
        return "id"
    if not isinstance(row["name"], str) or not isinstance(row["roles"], list):
        return "types"
    if not row["name"].strip() or any(map(is_unseen, row["name"])):
        return "name"
    return "" if all(isinstance(role, str) and role in list(Role) for role in row["roles"]) else "role"
