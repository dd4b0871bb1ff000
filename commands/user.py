"""`haetae user`: who may act in this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from assessments import people
from assessments.home import home
from assessments.model import Role
from commands._acting import prepare_people
from commands._output import complain, errors_told, tell
from questionnaires.legible import legible

app = typer.Typer(help="Who may act in this installation.", no_args_is_help=True, add_completion=False)


@app.command("add")
def add(
    person_id: Annotated[str, typer.Argument(help="Short id: small letters, digits, dots, hyphens.")],
    name: Annotated[str, typer.Option("--name", help="As it is printed in reports.")],
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
) -> None:
    """Add a person with one or more roles."""
    with errors_told():
        prepare_people()
        actor = people.add_person(home(), person_id, name, role)
        namesakes = people.namesakes(home(), actor)
    if namesakes:
        others = ", ".join(other.id for other in namesakes)
        complain(f"Others have this name too ({others}); reports will not tell them apart. Write it so that it does.")
    tell(f"{actor.id} ({legible(actor.name)}) may act as {', '.join(sorted(actor.roles))}.")


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
