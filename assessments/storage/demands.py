"""Where a second factor is demanded, and of whom: every, set_demand, is_demanded_of, concerned, have_second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from assessments.model import Demand, Role
from assessments.storage import credentials, passkey_rows, units
from assessments.storage.account_tables import DemandRow
from assessments.storage.tables import table_of
from assessments.storage.units import Account, Tree

_DEMAND = table_of(DemandRow)
_EVERY = select(_DEMAND.c.unit_id, _DEMAND.c.roles).order_by(_DEMAND.c.unit_id)


def every(session: Session) -> Mapping[int, Demand]:
    """Unit → its demand, of the units that have any."""
    rows = session.connection().execute(_EVERY)
    return {row.unit_id: Demand(frozenset(map(Role, row.roles))) for row in rows}


def set_demand(session: Session, unit_id: int, demand: Demand | None) -> None:
    """None: this unit demands nothing; a unit above it may."""
    connection = session.connection()
    connection.execute(delete(_DEMAND).where(_DEMAND.c.unit_id == unit_id))
    if demand is not None:
        roles = sorted(role.value for role in demand.roles)
        connection.execute(insert(_DEMAND), {"unit_id": unit_id, "roles": roles})


def is_demanded_of(session: Session, account_id: str) -> bool:
    """Whether any unit demands a second factor of this account. Asked with every request of whoever has shown none."""
    demanding = every(session)
    if not demanding:
        return False
    account, tree = units.find_account(session, account_id), units.tree(session)
    return account is not None and any(
        bool(concerned(tree, unit, demand, [account])) for unit, demand in demanding.items()
    )


def concerned(tree: Tree, unit: int, demand: Demand, accounts: Iterable[Account]) -> tuple[Account, ...]:
    """Those of whom this unit demands it."""
    inside = tree.below(unit)

    def is_meant(account: Account) -> bool:
        held = [grant for grant in account.grants if grant.unit in inside]
        if demand.roles:
            return any(grant.role in demand.roles for grant in held)
        return bool(held) or account.unit in inside

    return tuple(filter(is_meant, accounts))


def have_second(session: Session) -> frozenset[str]:
    """The ids of all who have an authenticator app set up or a passkey."""
    return credentials.have_second_factors(session) | passkey_rows.owners(session)
