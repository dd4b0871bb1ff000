"""What administrators see of their units: the people whom these look after or give roles to, how they come in, and the tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessments.model import Actor, Committee, Demand, Role
from assessments.storage import accounts, credentials, demands, units
from assessments.storage.accounts import Login
from assessments.storage.database import Session
from assessments.storage.units import Account, Holding, Tree, Unit
from assessments.viewing import Page, places

__all__ = [
    "Account",
    "Headcount",
    "Member",
    "Only",
    "Place",
    "Roster",
    "Unit",
    "administered",
    "headcount",
    "lacking",
    "places_administered",
    "roster",
]

PER_PAGE = 25


@dataclass(frozen=True)
class Member:
    """Somebody who may act, or could once."""

    account: Account
    is_own: bool
    """All of the account's roles, and the account itself, lie where the reader administers: they may change it."""
    has_password: bool
    has_second_factor: bool
    """An authenticator app or a passkey."""
    invited_until: datetime | None
    """A one-time link can be used until then. None: there is none."""
    sessions: tuple[Login, ...]
    """Open ones, the last used first; of others than one's own people none is shown."""


@dataclass(frozen=True)
class Roster:
    units: Mapping[int, str]
    """Those in which the reader administers, with their names from the organisation down."""
    page: Page[Member]
    """In the order in which they were added."""


class Only(StrEnum):
    """Which of those who may act an administrator looks for."""

    NO_PASSWORD = "no_password"  # noqa: S105 - no password
    NO_SECOND_FACTOR = "no_second_factor"
    NO_ROLE = "no_role"
    SIGNED_IN = "signed_in"


def administered(session: Session, actor: Actor) -> Mapping[int, str]:
    """The units in which the actor administers, each after the one above it, with their names from the organisation down."""
    named = places(session, actor).choice("read_person")
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def headcount(session: Session, actor: Actor, at: datetime) -> Mapping[Only, int]:
    """How many people of the units in which the actor administers are like that."""
    own = administered(session, actor)
    people = units.accounts(session, frozenset(own))
    return {only: sum(map(_is_meant(session, own, only, at), people)) for only in Only}


def _is_meant(session: Session, own: Collection[int], only: Only, at: datetime) -> Callable[[Account], bool]:
    """Of an account that is disabled nothing is lacking; sessions are told of one's own people only."""
    if only is Only.NO_ROLE:
        return lambda account: account.is_active and not account.grants
    if only is Only.NO_PASSWORD:
        have = credentials.have_passwords(session)
        return lambda account: account.is_active and account.id not in have
    if only is Only.NO_SECOND_FACTOR:
        doubly = demands.have_second(session)
        return lambda account: account.is_active and account.id not in doubly
    signed_in = accounts.signed_in(session, at)
    return lambda account: account.id in signed_in and _is_own(account, own)


def roster(
    session: Session, actor: Actor, at: datetime, search: str = "", start: int = 0, only: Only | None = None
) -> Roster:
    """The people of the units in which the actor administers; nobody where they administer nowhere.

    search: a part of an id, a name or an e-mail address. start: how many to leave out. only: none but those.
    """
    own = administered(session, actor)
    wanted = search.casefold().split()
    seen = [
        account
        for account in units.accounts(session, frozenset(own))
        if all(part in f"{account.id} {account.name} {account.email}".casefold() for part in wanted)
    ]
    if only is not None:
        seen = list(filter(_is_meant(session, own, only, at), seen))
    start = max(0, min(start, (len(seen) - 1) // PER_PAGE * PER_PAGE)) if seen else 0
    have, invited = credentials.have_passwords(session), credentials.invited(session, at)
    doubly = demands.have_second(session)
    members = tuple(
        _member(session, account, own, at, account.id in have, account.id in doubly, invited.get(account.id))
        for account in seen[start : start + PER_PAGE]
    )
    return Roster(own, Page(members, start, len(seen)))


def _member(
    session: Session,
    account: Account,
    own: Collection[int],
    at: datetime,
    has_password: bool,
    has_second_factor: bool,
    invited_until: datetime | None,
) -> Member:
    is_own = _is_own(account, own)
    sessions = accounts.sessions_of(session, account.id, at) if is_own else ()
    return Member(account, is_own, has_password, has_second_factor, invited_until, sessions)


def _is_own(account: Account, own: Collection[int]) -> bool:
    return account.unit in own and all(grant.unit in own for grant in account.grants)


@dataclass(frozen=True)
class Headcount:
    """Of whom a unit could demand a second factor."""

    people: int
    without: int
    """Who have none yet."""


@dataclass(frozen=True)
class Place:
    """A unit in which the reader administers."""

    unit: Unit
    name: str
    """From the organisation down."""
    holding: Holding
    committee: Committee
    """How its committee decides, by its own settings or those of a unit above."""
    demand: Demand | None
    """Of whom it demands a second factor. None: of nobody; a unit above may."""
    headcounts: Mapping[Role | None, Headcount]
    """Of whom it could be demanded, by role, None for everybody; only roles that somebody holds there."""


def places_administered(session: Session, actor: Actor) -> tuple[Place, ...]:
    """Each after the one above it."""
    tree, held, demanding = units.tree(session), units.holdings(session), demands.every(session)
    active = [account for account in units.accounts(session) if account.is_active]
    doubly = demands.have_second(session)
    return tuple(
        Place(
            tree.units[unit],
            name,
            held[unit],
            tree.committee(unit),
            demanding.get(unit),
            _headcounts(tree, unit, active, doubly),
        )
        for unit, name in administered(session, actor).items()
    )


def _headcounts(
    tree: Tree, unit: int, active: Sequence[Account], doubly: Collection[str]
) -> Mapping[Role | None, Headcount]:
    counted: dict[Role | None, Headcount] = {}
    for role in (None, *Role):
        meant = demands.concerned(tree, unit, Demand(frozenset([role] if role else [])), active)
        if meant or role is None:
            counted[role] = Headcount(len(meant), sum(account.id not in doubly for account in meant))
    return counted


def lacking(session: Session, unit: int, demand: Demand) -> Headcount:
    """Of whom this demand of a unit is, and who of them have no second factor yet."""
    active = [account for account in units.accounts(session) if account.is_active]
    meant, doubly = demands.concerned(units.tree(session), unit, demand, active), demands.have_second(session)
    return Headcount(len(meant), sum(account.id not in doubly for account in meant))
