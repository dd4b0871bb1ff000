"""The roles of the operator as the report shows them: rows, duties, RoleRow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.derived import RoleEntry, RoleFinding
from questionnaires.schema import Proviso


@dataclass(frozen=True)
class RoleRow:
    """One legal role with every way to it."""

    role: str
    is_certain: bool
    contested: bool
    entries: tuple[RoleEntry, ...]


def rows(found: RoleFinding | None) -> tuple[RoleRow, ...]:
    """The roles that there are, then those that there may be. None: the record has no questionnaire of roles."""
    if found is None:
        return ()
    made = []
    for role in (*found.roles, *found.possible):
        entries = tuple(one for one in found.entries if one.role == role)
        made.append(RoleRow(role, role in found.roles, role in found.contested_roles, entries))
    return tuple(made)


def duties(rows: Iterable[RoleRow]) -> Mapping[tuple[str, ...], tuple[Proviso, ...]]:
    """Roles → what follows from exactly these; each duty is there once. Of roles that there may be, nothing is said."""
    owed: dict[Proviso, dict[str, None]] = {}
    for row in (one for one in rows if one.is_certain):
        for one in (proviso for entry in row.entries for proviso in entry.consequences):
            owed.setdefault(one, {})[row.role] = None
    by_roles: dict[tuple[str, ...], tuple[Proviso, ...]] = {}
    for one, roles in owed.items():
        by_roles[tuple(roles)] = (*by_roles.get(tuple(roles), ()), one)
    return by_roles
