"""`haetae user`: who may act in this installation, and the links with which they choose a password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from assessments import network, people
from assessments.home import home
from assessments.model import Role
from commands import serve
from commands._acting import prepare_people
from commands._output import complain, errors_told, tell
from questionnaires.legible import legible

app = typer.Typer(help="Who may act in this installation.", no_args_is_help=True, add_completion=False)
Port = Annotated[
    int, typer.Option(envvar="PORT", min=1, max=65535, help="Where the server listens; for the link alone.")
]


@app.command("add")
def add(
    person_id: Annotated[str, typer.Argument(help="Short id: small letters, digits, dots, hyphens.")],
    name: Annotated[str, typer.Option("--name", help="As it is printed in reports.")],
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    port: Port = 8501,
) -> None:
    """Add a person with one or more roles, and print a link with which they choose their password."""
    with errors_told():
        prepare_people()
        actor = people.add_person(home(), person_id, name, role)
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
    port: Port = 8501,
) -> None:
    """Print a link that sets a password, once: for somebody new within 7 days, for a lost password within 24 hours."""
    with errors_told():
        prepare_people()
        made = _link(person_id, port)
    tell(made)


@app.command("list")
def list_() -> None:
    """List everybody."""
    with errors_told():
        prepare_people()
        known = people.people(home())
    for actor in known:
        tell(f"{actor.id}\t{legible(actor.name)}\t{', '.join(sorted(actor.roles))}")
    if not known:
        tell("Nobody yet. Add a person: haetae user add kim --name 'Kim Hana' --role product_manager")


def _link(person_id: str, port: int) -> str:
    from assessments import entrance
    from assessments.storage import database

    with database.transaction() as session:
        token = entrance.make_link(session, person_id, people.command_line(), datetime.now(UTC))
    return f"{serve.base_of(network.current(), port)}/link/{token}"
