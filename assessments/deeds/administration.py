"""Deeds of administrators: people, their roles, units, and to which unit something belongs; re-exported by `actions`.

Nobody gives or takes a role, or looks after an account, outside the units where they administer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assessments import authority, entrance, people, rights
from assessments.content.answers import clean_text
from assessments.entrance import NewLink
from assessments.errors import InvalidAnswerError, NotAllowedError
from assessments.model import EVERYBODY, Actor, Demand, Grant, Role
from assessments.rights import Kind
from assessments.storage import accounts, credentials, demands, history, reader, system_life, units
from assessments.storage.database import Session
from assessments.storage.units import Account, Tree, Unit
from questionnaires.legible import is_unseen
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MOST_CHARACTERS = 200


# --- people ---------------------------------------------------------------------------------------------------


def add_person(
    session: Session,
    person_id: str,
    name: str,
    roles: Sequence[Role],
    unit: int,
    actor: Actor,
    at: datetime,
    *,
    position: str = "",
) -> Actor:
    """Adds somebody whom this unit looks after, with these roles in it. Raises: NotFoundError, NotAllowedError; AssessmentError."""
    actor = authority.over(session, unit, "add_person", actor)
    return people.add(session, person_id, name, roles, unit, actor, at, position=position)


def change_person(
    session: Session,
    person_id: str,
    name: str,
    email: str,
    actor: Actor,
    at: datetime,
    *,
    position: str | None = None,
) -> None:
    """Corrects name, address, and position with department; what was signed under the old ones keeps them.

    position: None leaves it. Raises: NotFoundError, NotAllowedError, InvalidAnswerError; AssessmentError of a name or a
    position that cannot be printed.
    """
    account, actor = _own_account(session, person_id, "change_person", actor)
    name, email = people.clean_name(person_id, name), clean_text(email, "email")
    position = account.position if position is None else people.clean_position(person_id, position)
    if email and (email.count("@") != 1 or len(email) > MOST_CHARACTERS or any(map(str.isspace, email))):
        raise InvalidAnswerError(TEXTS.told("no_email"))
    if (name, email, position) == (account.name, account.email, account.position):
        return
    units.change_account(session, person_id, name=name, email=email, position=position)
    old, new = {"name": account.name, "email": account.email}, {"name": name, "email": email}
    if account.position or position:
        old["position"], new["position"] = account.position, position
    values = {"person": person_id, "old": old, "new": new}
    history.add_event(session, "change_person", actor, at, values=values)


def disable_person(session: Session, person_id: str, actor: Actor, at: datetime) -> None:
    """They can do nothing from now on: sessions end, links open nothing. Roles stay written down.

    Raises: NotFoundError, NotAllowedError.
    """
    account, actor = _own_account(session, person_id, "disable_person", actor)
    if not account.is_active:
        return
    for grant in account.grants:
        _check_not_last(session, account, grant)
    units.change_account(session, person_id, is_active=False)
    accounts.close_sessions_of(session, person_id)
    credentials.drop_links(session, person_id)
    history.add_event(session, "disable_person", actor, at, values={"person": person_id})


def enable_person(session: Session, person_id: str, actor: Actor, at: datetime) -> None:
    """They may act again, in the roles that they have. Raises: NotFoundError, NotAllowedError."""
    account, actor = _own_account(session, person_id, "enable_person", actor)
    if account.is_active:
        return
    units.change_account(session, person_id, is_active=True)
    history.add_event(session, "enable_person", actor, at, values={"person": person_id})


def give_role(session: Session, person_id: str, role: Role, unit: int, actor: Actor, at: datetime) -> None:
    """In this unit and all below it. Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, unit, "give_role", actor)
    account, grant = _known_account(session, person_id, unit, actor), Grant(Role(role), unit)
    if grant in account.grants:
        return
    units.add_grant(session, person_id, grant)
    values = {"person": person_id, "role": grant.role.value, "unit": unit}
    history.add_event(session, "give_role", there, at, values=values)


def take_role(session: Session, person_id: str, role: Role, unit: int, actor: Actor, at: datetime) -> None:
    """Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, unit, "take_role", actor)
    account, grant = _known_account(session, person_id, unit, actor), Grant(Role(role), unit)
    if grant not in account.grants:
        return
    _check_not_last(session, account, grant)
    units.remove_grant(session, person_id, grant)
    values = {"person": person_id, "role": grant.role.value, "unit": unit}
    history.add_event(session, "take_role", there, at, values=values)


def invite_person(
    session: Session, person_id: str, actor: Actor, at: datetime, *, without_second_factor: bool = False
) -> NewLink:
    """A link with which this person sets a password: it is as good as the account itself.

    without_second_factor: theirs is lost, and taken away.

    Raises: NotFoundError, NotAllowedError.
    """
    _account_there, actor = _own_account(session, person_id, "invite_person", actor)
    return entrance.make_link(session, person_id, actor, at, without_second_factor=without_second_factor)


def end_sessions(session: Session, person_id: str, actor: Actor, at: datetime) -> None:
    """All of somebody's sessions end at once, as after a lost computer. Raises: NotFoundError, NotAllowedError."""
    _account_there, actor = _own_account(session, person_id, "end_sessions", actor)
    accounts.close_sessions_of(session, person_id)
    history.add_event(session, "end_sessions", actor, at, values={"person": person_id})


# --- units ----------------------------------------------------------------------------------------------------


def add_unit(session: Session, name: str, parent: int, actor: Actor, at: datetime) -> int:
    """Returns the new unit's id. Raises: NotFoundError, NotAllowedError, InvalidAnswerError."""
    actor = authority.over(session, parent, "add_unit", actor)
    name = _unit_name(units.tree(session), name, parent)
    unit = units.add_unit(session, name, parent)
    history.add_event(session, "add_unit", actor, at, values={"unit": unit, "name": name, "parent": parent})
    return unit


def add_organisation(session: Session, name: str, actor: Actor, at: datetime) -> int:
    """Only from the command line, for there is no unit above in which anybody could administer.

    Raises: NotAllowedError, InvalidAnswerError.
    """
    if not people.is_command_line(actor):
        raise NotAllowedError(TEXTS.told("organisation_from_command_line"))
    name = _unit_name(units.tree(session), name, None)
    unit = units.add_unit(session, name, None)
    history.add_event(session, "add_organisation", actor, at, values={"unit": unit, "name": name})
    return unit


def change_unit(session: Session, unit: int, name: str, actor: Actor, at: datetime) -> None:
    """Gives it another name. Raises: NotFoundError, NotAllowedError, InvalidAnswerError."""
    actor = authority.over(session, unit, "change_unit", actor)
    tree = units.tree(session)
    before = tree.units[unit]
    name = _unit_name(tree, name, before.parent, but=unit)
    if name == before.name:
        return
    units.change_unit(session, replace(before, name=name))
    history.add_event(session, "change_unit", actor, at, values={"unit": unit, "old": before.name, "new": name})


def move_unit(session: Session, unit: int, parent: int, actor: Actor, at: datetime) -> None:
    """Below another unit, with all that belongs to it. Raises: NotFoundError, NotAllowedError, InvalidAnswerError."""
    there = authority.over(session, unit, "move_unit", actor)
    tree = units.tree(session)
    before = tree.units[unit]
    if before.parent is None:
        raise InvalidAnswerError(TEXTS.told("organisation_stays", unit=before.name))
    rights.check(actor.at(tree.path(before.parent)), "move_unit")
    authority.over(session, parent, "move_unit", actor)
    if parent in tree.below(unit):
        raise InvalidAnswerError(TEXTS.told("unit_below_itself", unit=before.name))
    if parent == before.parent:
        return
    _unit_name(tree, before.name, parent)
    after = replace(before, parent=parent)
    moved = Tree({**tree.units, unit: after})
    if stranded := [
        system for system in units.placed_systems(session) if system.operator_unit not in moved.path(system.unit)
    ]:
        raise InvalidAnswerError(TEXTS.told("systems_would_be_stranded", unit=before.name, count=len(stranded)))
    units.change_unit(session, after)
    history.add_event(session, "move_unit", there, at, values={"unit": unit, "old": before.parent, "new": parent})


def move_operator(session: Session, operator_id: int, unit: int, actor: Actor, at: datetime) -> None:
    """To another unit; systems that would not lie in or below it go with it. Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, operator_id, "move_operator", actor)
    _check_goal(session, unit, "move_operator", actor)
    before = units.unit_of(session, Kind.OPERATOR, operator_id)
    if unit == before:
        return
    below = units.tree(session).below(unit)
    along = [
        system.id
        for system in units.placed_systems(session)
        if system.operator == operator_id and system.unit not in below
    ]
    units.move_operator(session, operator_id, unit)
    for system_id in along:
        units.move_system(session, system_id, unit)
    values = {"operator": operator_id, "old": before, "new": unit, "systems": along}
    event = history.add_event(session, "move_operator", there, at, values=values)
    system_life.note(session, along, event.seq)


def move_system(session: Session, system_id: int, unit: int, actor: Actor, at: datetime) -> None:
    """To its operator's unit or one below; its assessments go with it. Raises: NotFoundError, NotAllowedError, InvalidAnswerError."""
    there = authority.over(session, system_id, "move_system", actor)
    _check_goal(session, unit, "move_system", actor)
    tree, before = units.tree(session), units.unit_of(session, Kind.SYSTEM, system_id)
    operator_unit = units.unit_of(session, Kind.OPERATOR, reader.operator_of(session, system_id).id or 0)
    if operator_unit not in tree.path(unit):
        raise InvalidAnswerError(TEXTS.told("unit_not_the_operators", unit=tree.units[unit].name))
    if unit == before:
        return
    units.move_system(session, system_id, unit)
    values = {"system": system_id, "old": before, "new": unit}
    event = history.add_event(session, "move_system", there, at, values=values)
    system_life.note(session, [system_id], event.seq)


def demand_second_factor(session: Session, unit: int, demand: Demand | None, actor: Actor, at: datetime) -> None:
    """From the next request on, whoever is meant and has shown no second factor is led to show one, or to set one up.

    demand: None: this unit demands nothing. Raises: NotFoundError, NotAllowedError, also where the actor has no second factor.
    """
    there = authority.over(session, unit, "demand_second_factor", actor)
    before = demands.every(session).get(unit)
    if demand == before:
        return
    if demand is not None and not people.is_command_line(actor) and not entrance.has_any_second(session, actor):
        raise NotAllowedError(TEXTS.told("demand_without_own", name=actor.name))
    demands.set_demand(session, unit, demand)
    values = {"unit": unit, "demanded_before": _of_whom(before), "demanded": _of_whom(demand)}
    history.add_event(session, "demand_second_factor", there, at, values=values)


def _of_whom(demand: Demand | None) -> list[str]:
    """Ids of roles, `everybody`, or nothing."""
    if demand is None:
        return []
    return sorted(role.value for role in demand.roles) or [EVERYBODY]


# --- parts ----------------------------------------------------------------------------------------------------


def _own_account(session: Session, person_id: str, deed: str, actor: Actor) -> tuple[Account, Actor]:
    """All of its roles were given where the actor administers. Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, person_id, deed, actor)
    account = _account(session, person_id)
    for grant in account.grants:
        if not rights.may(actor.at(units.path_of(session, Kind.UNIT, grant.unit)), deed):
            raise NotAllowedError(TEXTS.told("roles_elsewhere", name=account.name))
    return account, there


def _known_account(session: Session, person_id: str, unit: int, actor: Actor) -> Account:
    """Of the unit's own organisation, or one that the actor looks after. Raises: NotFoundError."""
    path = units.path_of(session, Kind.ACCOUNT, person_id)
    is_own = bool(path) and path[-1] == units.tree(session).organisation(unit)
    if not is_own and not rights.may(actor.at(path), "read_person"):
        raise units.absent(Kind.ACCOUNT, person_id)
    return _account(session, person_id)


def _account(session: Session, person_id: str) -> Account:
    account = units.find_account(session, person_id)
    if account is None:
        raise units.absent(Kind.ACCOUNT, person_id)
    return account


def _check_not_last(session: Session, account: Account, grant: Grant) -> None:
    """Raises: NotAllowedError where an organisation would be left without anybody who administers it."""
    tree = units.tree(session)
    if not account.is_active or grant.role is not Role.ADMINISTRATOR or tree.units[grant.unit].parent is not None:
        return
    if not any(
        other.is_active and grant in other.grants for other in units.accounts(session) if other.id != account.id
    ):
        name = tree.units[grant.unit].name
        raise NotAllowedError(TEXTS.told("last_administrator", name=account.name, unit=name))


def _check_goal(session: Session, unit: int, deed: str, actor: Actor) -> None:
    """Raises: NotFoundError, NotAllowedError."""
    rights.check(authority.standing(session, Kind.UNIT, unit, actor), deed)


def _unit_name(tree: Tree, name: str, parent: int | None, *, but: int | None = None) -> str:
    """As it is stored. Raises: InvalidAnswerError where it is empty or a sibling has it."""
    name = clean_text(name, "name")
    if not name or len(name) > MOST_CHARACTERS or any(map(is_unseen, name)):
        raise InvalidAnswerError(TEXTS.told("unit_without_name", most=MOST_CHARACTERS))
    if any(_is_called(unit, name, parent) for unit in tree.units.values() if unit.id != but):
        raise InvalidAnswerError(TEXTS.told("unit_name_taken", name=name))
    return name


def _is_called(unit: Unit, name: str, parent: int | None) -> bool:
    return unit.parent == parent and unit.name.casefold() == name.casefold()
