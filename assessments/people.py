"""Who may act in an installation, by its home folder: people, find_person, add_person, namesakes, take_over.

Everybody is an account of the database; what administrators do there is in `deeds.administration`.
"""

from __future__ import annotations

import getpass
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect

from assessments import people_file
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.model import FIRST_UNIT, Actor, Grant, Role, Text
from assessments.rights import Kind
from assessments.storage import database, history, units
from assessments.storage.account_tables import GrantRow
from assessments.storage.database import Database, Session
from assessments.storage.units import Account
from questionnaires.legible import is_unseen, legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MOST_OF_NAME = 200
"""Characters; it stands on every report."""
_COMMAND_LINE = "command line:"


def people(folder: Path) -> tuple[Actor, ...]:
    """Everybody who may act, in the order in which they were added; nobody where no database was prepared."""
    with _database_of(folder) as installed:
        if not _is_prepared(installed):
            return ()
        with installed.reading() as session:
            return units.actors(session)


def find_person(folder: Path, person_id: str) -> Actor | None:
    """None: there is nobody of that id, or they may not act any more."""
    with _database_of(folder) as installed:
        if not _is_prepared(installed):
            return None
        with installed.reading() as session:
            return units.find_actor(session, person_id)


def acting(session: Session, person_id: str) -> Actor | None:
    """Like find_person, inside a reading that is open; asked with every request and message."""
    return units.find_actor(session, person_id)


def add_person(
    folder: Path,
    person_id: str,
    name: str,
    roles: Sequence[Role],
    *,
    unit: int = FIRST_UNIT,
    by: Actor | None = None,
    position: str = "",
) -> Actor:
    """Adds somebody, in the database of that home folder, which is prepared first where it is not. by None: from a command line.

    Raises: AssessmentError where the id is taken or not well formed, the name cannot be printed as it is, or there is no such unit.
    """
    prepare(folder)
    with _database_of(folder) as installed, installed.transaction() as session:
        now = datetime.now(UTC)
        return add(session, person_id, name, roles, unit, by or command_line(session), now, position=position)


def prepare(folder: Path) -> tuple[Text, ...]:
    """What a command needs before it asks for anybody: accounts, and those of a former release taken over; what is to be told.

    Raises: like Database.prepare; InvalidFileError of a people.yaml.
    """
    with _database_of(folder) as installed:
        if not _is_prepared(installed):
            installed.prepare()
    return take_over(folder)


def add(
    session: Session,
    person_id: str,
    name: str,
    roles: Sequence[Role],
    unit: int,
    by: Actor,
    at: datetime,
    *,
    position: str = "",
) -> Actor:
    """Like add_person, in a deed."""
    if not people_file.ID.fullmatch(person_id) or not name.strip() or not roles:
        raise AssessmentError(TEXTS.told("person_refused", id=legible(person_id)))
    name, position = clean_name(person_id, name), clean_position(person_id, position)
    units.unit_of(session, Kind.UNIT, unit)
    if units.find_account(session, person_id) is not None:
        raise AssessmentError(TEXTS.told("id_taken", id=person_id))
    grants = frozenset(Grant(Role(role), unit) for role in roles)
    units.add_account(session, Account(person_id, unit, name, "", True, at, grants, position))
    values = {
        "person": {"id": person_id, "name": name, **({"position": position} if position else {})},
        "unit": unit,
        "roles": sorted(grant.role.value for grant in grants),
    }
    history.add_event(session, "add_person", by, at, values=values)
    return Actor(person_id, name, frozenset(grant.role for grant in grants), grants, position)


def clean_name(person_id: str, name: str) -> str:
    """The name as it is stored. Raises: AssessmentError where it cannot be printed as it is."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name or any(map(is_unseen, name)):
        raise AssessmentError(TEXTS.told("name_with_signs", id=legible(person_id)))
    if len(name) > MOST_OF_NAME:
        raise AssessmentError(TEXTS.told("name_too_long", id=legible(person_id), most=MOST_OF_NAME))
    return name


def clean_position(person_id: str, position: str) -> str:
    """Position and department as they are stored; empty: not stated. Raises: AssessmentError like `clean_name`."""
    position = unicodedata.normalize("NFC", position.strip())
    if any(map(is_unseen, position)):
        raise AssessmentError(TEXTS.told("position_with_signs", id=legible(person_id)))
    if len(position) > MOST_OF_NAME:
        raise AssessmentError(TEXTS.told("position_too_long", id=legible(person_id), most=MOST_OF_NAME))
    return position


def namesakes(folder: Path, actor: Actor) -> tuple[Actor, ...]:
    """Others whose name is printed the same, so that reports and lists cannot tell them apart."""
    return tuple(other for other in people(folder) if other.id != actor.id and other.name == actor.name)


def command_line(session: Session) -> Actor:
    """Whoever runs this installation, and so administers all of it. No account can have this id."""
    try:
        user = legible(getpass.getuser())
    except (KeyError, OSError):  # an account without a name
        user = str(os.getuid())
    organisations = (unit.id for unit in units.tree(session).units.values() if unit.parent is None)
    grants = frozenset(Grant(Role.ADMINISTRATOR, unit_id) for unit_id in organisations)
    return Actor(f"{_COMMAND_LINE}{user}", f"command line of {user}", frozenset({Role.ADMINISTRATOR}), grants)


def is_command_line(actor: Actor) -> bool:
    return actor.id.startswith(_COMMAND_LINE)


def take_over(folder: Path) -> tuple[Text, ...]:
    """Moves the people of a people.yaml into the database, at the first organisation; who is there already stays as they are.

    Returns what whoever runs it is to be told. Raises: InvalidFileError.
    """
    listed = people_file.read(folder)
    if listed is None:
        return ()
    at = datetime.now(UTC)
    with _database_of(folder) as installed, installed.transaction() as session:
        new = [actor for actor in listed if units.find_account(session, actor.id) is None]
        for place, actor in enumerate(new):
            added_at = at + timedelta(microseconds=place)  # the order of the file
            units.add_account(
                session,
                Account(
                    actor.id,
                    FIRST_UNIT,
                    unicodedata.normalize("NFC", actor.name.strip()),
                    "",
                    True,
                    added_at,
                    actor.held,
                ),
            )
        if new:
            rows = [{"id": actor.id, "name": actor.name, "roles": sorted(actor.roles)} for actor in new]
            history.add_event(session, "take_over_people", command_line(session), at, values={"people": rows})
    with suppress(FileNotFoundError):  # another process took it over just now
        os.replace(folder / people_file.FILE, folder / people_file.TAKEN_OVER)
    return (TEXTS.text("people_taken_over", count=len(new), file=people_file.FILE, former=people_file.TAKEN_OVER),)


@contextmanager
def _database_of(folder: Path) -> Iterator[Database]:
    """The database in use where the folder is the home folder in use."""
    if folder.resolve() == home():
        yield database.current()
        return
    other = database.open_database(f"sqlite:///{folder / 'haetae.db'}")
    try:
        yield other
    finally:
        other.close()


def _is_prepared(installed: Database) -> bool:
    """Whether it has a table of accounts; a file is not made by looking."""
    if installed.path is not None and not Path(installed.path).is_file():
        return False
    with installed.reading() as session:
        return inspect(session.connection()).has_table(str(GrantRow.__tablename__))
