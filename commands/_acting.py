"""Who acts on a command line: acting, by the id given as --as."""

from __future__ import annotations

import typer

from assessments import people
from assessments.home import home
from assessments.model import Actor
from commands._output import Exit, complain
from questionnaires.legible import legible


def prepare_people() -> None:
    """Accounts are there, and those of a former release taken over, which is told."""
    for remark in people.prepare(home()):
        complain(remark.en)


def acting(person_id: str) -> Actor:
    """Ends the command where nobody of that id may act."""
    prepare_people()
    actor = people.find_person(home(), person_id)
    if actor is None:
        complain(f"Nobody is called '{legible(person_id)}' here. `haetae user list` shows who is there.")
        raise typer.Exit(Exit.INPUT)
    return actor
