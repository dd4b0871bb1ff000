"""Who may act: people.yaml below the home folder. people, add_person."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import AssessmentError
from assessments.model import Actor, Role
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.strict_yaml import parse

FILE = "people.yaml"
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
        raise InvalidFileError([Problem(FILE, 1, "this is no list.", "Write one `- id: …` an entry.")])
    for place, row in enumerate(rows):
        try:
            actors.append(_actor(row))
        except ValueError as error:
            remedy = "An entry has id, name and roles; roles are " + ", ".join(Role) + "."
            problems.append(Problem(FILE, parsed.line((place,)), f"entry {place + 1}: {error}.", remedy))
    if problems:
        raise InvalidFileError(problems)
    return tuple(actors)


def find_person(home: Path, person_id: str) -> Actor | None:
    """None: there is nobody of that id."""
    return next((actor for actor in people(home) if actor.id == person_id), None)


def add_person(home: Path, person_id: str, name: str, roles: Sequence[Role]) -> Actor:
    """Adds somebody; the file is replaced whole. Raises: AssessmentError where the id is taken or not well formed."""
    known = people(home)
    if not _ID.fullmatch(person_id) or not name.strip() or not roles:
        raise AssessmentError(
            f"'{person_id}' cannot be added: an id of small letters, digits, dots and hyphens, a name and a role are needed.",
            f"'{person_id}'을(를) 추가할 수 없습니다. 아이디(소문자·숫자·점·붙임표), 이름, 역할이 필요합니다.",
        )
    if any(actor.id == person_id for actor in known):
        raise AssessmentError(
            f"There is already somebody with the id '{person_id}'. Choose another one.",
            f"아이디 '{person_id}'은(는) 이미 있습니다. 다른 아이디를 고르십시오.",
        )
    actor = Actor(person_id, name.strip(), frozenset(roles))
    rows = [{"id": one.id, "name": one.name, "roles": sorted(one.roles)} for one in (*known, actor)]
    draft = home / (FILE + ".new")
    draft.write_text(yaml.safe_dump([_plain(row) for row in rows], allow_unicode=True, sort_keys=False), "utf-8")
    draft.chmod(0o600)
    os.replace(draft, home / FILE)
    return actor


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "roles": [str(role) for role in row["roles"]]}


def _actor(row: Any) -> Actor:
    if not isinstance(row, dict) or set(row) != {"id", "name", "roles"}:
        raise ValueError("it has not exactly id, name and roles")
    if not isinstance(row["id"], str) or not _ID.fullmatch(row["id"]):
        raise ValueError(f"the id {row['id']!r} is not of small letters, digits, dots and hyphens")
    if not isinstance(row["name"], str) or not isinstance(row["roles"], list):
        raise ValueError("name is a text and roles a list")
    return Actor(row["id"], row["name"], frozenset(Role(role) for role in row["roles"]))
