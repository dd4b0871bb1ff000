"""`haetae user`: who may act in this installation and in which units, and the links with which they choose a password.

Whoever may use the installation's folder administers all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assessments import network, people
from assessments.home import home
from assessments.model import FIRST_UNIT, Actor, Grant, Role
from commands import serve
from commands._acting import prepare_people
from commands._output import Exit, complain, errors_told, tell
from questionnaires.legible import legible

if TYPE_CHECKING:
    from assessments.storage.database import Session
    from assessments.storage.units import Tree

app = typer.Typer(
    help="Who may act in this installation, and in which units.", no_args_is_help=True, add_completion=False
)
Port = Annotated[
    int, typer.Option(envvar="PORT", min=1, max=65535, help="Where the server listens; for the link alone.")
]
Person = Annotated[str, typer.Argument(help="Id, as `haetae user list` shows it.")]
Unit = Annotated[int, typer.Option("--unit", help="Number of the unit, as `haetae unit list` shows it.")]


@contextmanager
def administering() -> Iterator[tuple[Session, Actor]]:
    """A transaction on the database in use, and whoever runs this command; safe beside a running server."""
    from assessments.storage import database

    with errors_told():
        prepare_people()
        with database.transaction() as session:
            yield session, people.command_line(session)


@app.command("add")
def add(
    person_id: Annotated[str, typer.Argument(help="Short id: small letters, digits, dots, hyphens.")],
    name: Annotated[str, typer.Option("--name", help="As it is printed in reports.")],
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    position: Annotated[
        str, typer.Option("--position", help="Position and department, as it is printed in reports; empty: none.")
    ] = "",
    unit: Unit = FIRST_UNIT,
    port: Port = 8501,
) -> None:
    """Add a person with one or more roles in a unit and all below it, and print a link with which they choose their password."""
    with errors_told():
        prepare_people()
        actor = people.add_person(home(), person_id, name, role, unit=unit, position=position)
        namesakes = people.namesakes(home(), actor)
        link = _link(person_id, port)
    if namesakes:
        others = ", ".join(other.id for other in namesakes)
        complain(f"Others have this name too ({others}); reports will not tell them apart. Write it so that it does.")
    tell(f"{actor.id} ({legible(actor.name)}) may act as {', '.join(sorted(actor.roles))}.")
    tell(f"With this link, once and within 7 days, they choose their password: {link}")


@app.command("link")
def link(
    person_id: Annotated[str, typer.Argument(help="Whose password is to be set, first or anew.")],
    second_factor_off: Annotated[
        bool, typer.Option("--second-factor-off", help="Of somebody who lost it and the recovery codes, too.")
    ] = False,
    port: Port = 8501,
) -> None:
    """Print a link that sets a password, once: for somebody new within 7 days, for a lost password within 24 hours."""
    with errors_told():
        prepare_people()
        made = _link(person_id, port, without_second_factor=second_factor_off)
    tell(made)


def _link(person_id: str, port: int, *, without_second_factor: bool = False) -> str:
    from assessments import entrance
    from assessments.storage import database

    with database.transaction() as session:
        link = entrance.make_link(
            session,
            person_id,
            people.command_line(session),
            datetime.now(UTC),
            without_second_factor=without_second_factor,
        )
    return f"{serve.base_of(network.current(), port)}/link/{link.token}"


@app.command("list")
def list_(
    log_ids: Annotated[
        bool, typer.Option("--log-ids", help="And how the server's log calls them, where it is JSON.")
    ] = False,
) -> None:
    """List everybody, with their roles and the units where they hold them."""
    from assessments import monitoring
    from assessments.file.decision_log import pseudonym_key
    from assessments.storage import database, units

    with errors_told():
        prepare_people()
        with database.reading() as session:
            known, tree = units.accounts(session), units.tree(session)
    for account in known:
        standing = "" if account.is_active else "\tdisabled"
        if log_ids:
            standing += f"\t{monitoring.log_id(pseudonym_key(), account.id)}"
        tell(f"{account.id}\t{legible(account.name)}\t{_roles(account.grants, tree)}{standing}")
    if not known:
        tell("Nobody yet. Add a person: haetae user add kim --name 'Kim Hana' --role product_manager")


def _roles(grants: frozenset[Grant], tree: Tree) -> str:
    """Without the unit where there is only one."""
    is_one = len(tree.units) == 1
    return ", ".join(
        grant.role.value if is_one else f"{grant.role.value} in unit {grant.unit}"
        for grant in sorted(grants, key=lambda grant: (grant.unit, grant.role))
    )


@app.command("give")
def give(
    person_id: Person,
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    unit: Unit = FIRST_UNIT,
) -> None:
    """Give a person roles in a unit and all below it."""
    from assessments import actions

    with administering() as (session, actor):
        for named in role:
            actions.give_role(session, person_id, named, unit, actor, datetime.now(UTC))
    _tell_standing(person_id)


@app.command("take")
def take(
    person_id: Person,
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    unit: Unit = FIRST_UNIT,
) -> None:
    """Take roles from a person that were given at this unit."""
    from assessments import actions

    with administering() as (session, actor):
        for named in role:
            actions.take_role(session, person_id, named, unit, actor, datetime.now(UTC))
    _tell_standing(person_id)


@app.command("change")
def change(
    person_id: Person,
    name: Annotated[str | None, typer.Option("--name", help="As it is printed in reports from now on.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="Empty: none.")] = None,
    position: Annotated[
        str | None, typer.Option("--position", help="Position and department, printed from now on. Empty: none.")
    ] = None,
) -> None:
    """Correct a person's name, e-mail address or position; what was signed keeps name and position that it has."""
    from assessments import actions
    from assessments.storage import units

    with administering() as (session, actor):
        account = units.find_account(session, person_id)
        new_name = name if name is not None else account.name if account else ""
        new_email = email if email is not None else account.email if account else ""
        actions.change_person(session, person_id, new_name, new_email, actor, datetime.now(UTC), position=position)
    _tell_standing(person_id)


@app.command("disable")
def disable(person_id: Person) -> None:
    """A person may do nothing from now on, in open sessions either; roles stay written down."""
    from assessments import actions

    with administering() as (session, actor):
        actions.disable_person(session, person_id, actor, datetime.now(UTC))
    tell(f"{person_id} may not act any more.")


@app.command("enable")
def enable(person_id: Person) -> None:
    """A disabled person may act again."""
    from assessments import actions

    with administering() as (session, actor):
        actions.enable_person(session, person_id, actor, datetime.now(UTC))
    _tell_standing(person_id)


def _tell_standing(person_id: str) -> None:
    from assessments.storage import database, units

    with errors_told(), database.reading() as session:
        account, tree = units.find_account(session, person_id), units.tree(session)
    if account is None:
        raise typer.Exit(Exit.INPUT)
    roles = _roles(account.grants, tree) or "nobody in particular: no role is held"
    tell(f"{account.id} ({legible(account.name)}) may act as {roles}.")
