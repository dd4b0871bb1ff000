"""people.yaml, in which releases before 0.5.0 kept who may act: read. It is taken over into the database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from assessments.model import Actor, Role
from questionnaires.legible import is_unseen
from questionnaires.problems import InvalidFileError, ProblemTexts
from questionnaires.strict_yaml import parse

FILE = "people.yaml"
TAKEN_OVER = "people.yaml.taken-over"
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_PROBLEMS = ProblemTexts(Path(__file__).with_name("people_file_problems.yaml"))


def read(home: Path) -> tuple[Actor, ...] | None:
    """Everybody in the file, in its order. None: there is no such file. Raises: InvalidFileError."""
    try:
        content = (home / FILE).read_bytes()
    except FileNotFoundError:
        return None
    parsed = parse(content, FILE)
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


def _against(row: Any) -> str:
    """The kind of what stands against an entry; empty: nothing does."""
    if not isinstance(row, dict) or set(row) != {"id", "name", "roles"}:
        return "keys"
    if not isinstance(row["id"], str) or not ID.fullmatch(row["id"]):
        return "id"
    if not isinstance(row["name"], str) or not isinstance(row["roles"], list):
        return "types"
    if not row["name"].strip() or any(map(is_unseen, row["name"])):
        return "name"
    return "" if all(isinstance(role, str) and role in list(Role) for role in row["roles"]) else "role"
