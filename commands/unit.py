"""`haetae unit`: the units of this installation, and to which of them operators and AI systems belong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from assessments.model import EVERYBODY, FIRST_UNIT, Demand, Role
from commands._acting import prepare_people
from commands._output import Exit, complain, errors_told, tell
from commands.user import administering
from questionnaires.legible import legible

app = typer.Typer(help="Units: who sees what follows from them.", no_args_is_help=True, add_completion=False)
Unit = Annotated[int, typer.Argument(help="Number of the unit, as `haetae unit list` shows it.")]
Name = Annotated[str, typer.Argument(help="As it is shown on screens.")]


@app.command("list")
def list_() -> None:
    """List all units: number, name from the top unit down, and of whom they demand a second factor."""
    from assessments.storage import database, demands, units

    with errors_told():
        prepare_people()
        with database.reading() as session:
            tree, demanding = units.tree(session), demands.every(session)
    for unit in sorted(tree.units, key=tree.names):
        demand = demanding.get(unit)
        demanded = f"\tsecond factor: {', '.join(sorted(demand.roles)) or EVERYBODY}" if demand else ""
        tell(f"{unit}\t{' / '.join(map(legible, tree.names(unit)))}{demanded}")


@app.command("add")
def add(
    name: Name,
    below: Annotated[int, typer.Option("--below", help="Number of the unit above it.")] = FIRST_UNIT,
    top: Annotated[
        bool, typer.Option("--top", help="A top unit of its own, which shares nothing with the others.")
    ] = False,
) -> None:
    """Add a unit below another, or a top unit."""
    from assessments import actions

    with administering() as (session, actor):
        at = datetime.now(UTC)
        unit = (
            actions.add_organisation(session, name, actor, at)
            if top
            else actions.add_unit(session, name, below, actor, at)
        )
    tell(f"Unit {unit} ({legible(name)}) is there. Give roles in it: haetae user give ID --role ROLE --unit {unit}")


@app.command("rename")
def rename(unit: Unit, name: Name) -> None:
    """Give a unit another name."""
    from assessments import actions

    with administering() as (session, actor):
        actions.change_unit(session, unit, name, actor, datetime.now(UTC))
    tell(f"Unit {unit} is called {legible(name)}.")


@app.command("move")
def move(
    unit: Unit, below: Annotated[int, typer.Option("--below", help="Number of the unit above it from now on.")]
) -> None:
    """Put a unit, with all that belongs to it, below another."""
    from assessments import actions

    with administering() as (session, actor):
        actions.move_unit(session, unit, below, actor, datetime.now(UTC))
    tell(f"Unit {unit} lies below unit {below}.")


@app.command("second-factor")
def second_factor(
    unit: Unit,
    of: Annotated[
        list[str] | None,
        typer.Option("--of", help="everybody, or a role such as administrator; may be given several times."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="This unit demands it of nobody any more.")] = False,
) -> None:
    """Demand of a unit, and of all below it, to sign in with a second factor; whoever has none sets one up at once."""
    from assessments import actions, roster

    if off == bool(of):
        complain("Say either --of everybody, --of ROLE, or --off.")
        raise typer.Exit(Exit.INPUT)
    demand = None if off else _demand(of or [])
    with administering() as (session, actor):
        actions.demand_second_factor(session, unit, demand, actor, datetime.now(UTC))
        meant = roster.lacking(session, unit, demand) if demand else None
    if meant is None:
        tell(f"Unit {unit} demands a second factor of nobody.")
    else:
        tell(f"It is demanded of {meant.people}, of whom {meant.without} have none yet and set one up at once.")


def _demand(of: Sequence[str]) -> Demand:
    if set(of) == {EVERYBODY}:
        return Demand()
    unknown = [whom for whom in of if whom not in set(Role)]
    if unknown:
        known = ", ".join((EVERYBODY, *Role))
        complain(f"There is no role {legible(', '.join(unknown))}, or it stands beside everybody. Choose of: {known}.")
        raise typer.Exit(Exit.INPUT)
    return Demand(frozenset(map(Role, of)))


@app.command("assign")
def assign(
    unit: Unit,
    operator: Annotated[
        int | None, typer.Option("--operator", help="Number of an operator; its systems go with it.")
    ] = None,
    system: Annotated[
        int | None, typer.Option("--system", help="Number of an AI system; its assessments go with it.")
    ] = None,
) -> None:
    """Move an operator or an AI system to a unit."""
    from assessments import actions

    if (operator is None) == (system is None):
        complain("Say either --operator or --system.")
        raise typer.Exit(Exit.INPUT)
    with administering() as (session, actor):
        at = datetime.now(UTC)
        if operator is not None:
            actions.move_operator(session, operator, unit, actor, at)
        elif system is not None:
            actions.move_system(session, system, unit, actor, at)
    tell(f"It belongs to unit {unit} now.")
