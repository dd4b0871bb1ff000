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


def rows(role_finding: RoleFinding | None) -> tuple[RoleRow, ...]:
    """The roles that there are, then those that there may be. None: the record has no questionnaire of roles."""
    if role_finding is None:
        return ()
    made = []
    for role in (*role_finding.roles, *role_finding.possible):
        entries = tuple(entry for entry in role_finding.entries if entry.role == role)
        made.append(RoleRow(role, role in role_finding.roles, role in role_finding.contested_roles, entries))
    return tuple(made)


def duties(rows: Iterable[RoleRow]) -> Mapping[tuple[str, ...], tuple[Proviso, ...]]:
    """Roles → what follows from exactly these; each duty is there once. Of roles that there may be, nothing is said."""
    owed: dict[Proviso, dict[str, None]] = {}
    for row in (role_row for role_row in rows if role_row.is_certain):
        for consequence in (proviso for entry in row.entries for proviso in entry.consequences):
            owed.setdefault(consequence, {})[row.role] = None
    by_roles: dict[tuple[str, ...], tuple[Proviso, ...]] = {}
    for consequence, roles in owed.items():
        by_roles[tuple(roles)] = (*by_roles.get(tuple(roles), ()), consequence)
    return by_roles
