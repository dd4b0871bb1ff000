"""What somebody may do with one object, whose unit is looked up: over, standing, readers, choose_unit, everywhere."""

from __future__ import annotations

from assessments import rights
from assessments.errors import IncompleteError, InvalidAnswerError
from assessments.model import Actor, Role
from assessments.rights import RIGHTS, Kind
from assessments.storage import units
from assessments.storage.database import Session
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def over(session: Session, which: int | str, deed: str, actor: Actor) -> Actor:
    """The actor with the roles that hold for this object, which the deed's right is about.

    Raises: NotFoundError where there is no such object or the actor holds no role in its unit; NotAllowedError.
    """
    there = standing(session, RIGHTS[deed].of, which, actor)
    rights.check(there, deed)
    return there


def standing(session: Session, kind: Kind, which: int | str, actor: Actor) -> Actor:
    """The actor with the roles that hold for an object. Raises: NotFoundError as `over` does."""
    there = actor.at(units.path_of(session, kind, which))
    if not there.roles:
        raise units.absent(kind, which)
    return there


def readers(session: Session, assessment_id: int) -> tuple[Actor, ...]:
    """Everybody who may read the assessment, each with the roles that hold in its unit, by name."""
    path = units.path_of(session, Kind.ASSESSMENT, assessment_id)
    there = (actor.at(path) for actor in units.actors(session))
    return tuple(
        sorted(
            (actor for actor in there if rights.may(actor, "read_assessment")), key=lambda actor: (actor.name, actor.id)
        )
    )


def check_operator(session: Session, operator_id: int, actor: Actor) -> int:
    """The operator's unit. Whoever holds a role there or in a unit below sees it, since it answers for the systems below.

    Raises: NotFoundError.
    """
    tree, path = units.tree(session), units.path_of(session, Kind.OPERATOR, operator_id)
    if not path or tree.where(actor, Role).isdisjoint(tree.below(path[0])):
        raise units.absent(Kind.OPERATOR, operator_id)
    return path[0]


def possible_units(session: Session, deed: str, actor: Actor, below: int | None = None) -> frozenset[int]:
    """Where the deed's right holds. below: nowhere but in this unit and those below it."""
    tree = units.tree(session)
    possible = tree.where(actor, RIGHTS[deed].roles)
    return possible if below is None else possible & tree.below(below)


def choose_unit(session: Session, deed: str, actor: Actor, unit_id: int | None, below: int | None = None) -> int:
    """The unit in which something new is put. unit_id None: the only one that lies below no other of the possible ones.

    Raises: NotFoundError, NotAllowedError; IncompleteError where it is to be named.
    """
    tree, possible = units.tree(session), possible_units(session, deed, actor, below)
    if unit_id is not None:
        rights.check(standing(session, Kind.UNIT, unit_id, actor), deed)
        if unit_id not in possible:
            raise InvalidAnswerError(TEXTS.told("unit_elsewhere", unit=tree.units[unit_id].name))
        return unit_id
    tops = tree.tops(possible)
    if not tops:
        rights.check(actor.at(()), deed)
    if len(tops) != 1:
        names = ", ".join(" / ".join(tree.names(unit)) for unit in tops)
        raise IncompleteError(TEXTS.told("unit_to_be_named", units=names))
    return tops[0]


def everywhere(session: Session, deed: str, actor: Actor) -> None:
    """The right in every organisation of this installation. Raises: NotAllowedError."""
    if not is_everywhere(session, deed, actor):
        rights.check(actor.at(()), deed)


def is_everywhere(session: Session, deed: str, actor: Actor) -> bool:
    organisations = (unit.id for unit in units.tree(session).units.values() if unit.parent is None)
    return all(rights.may(actor.at((unit_id,)), deed) for unit_id in organisations)
