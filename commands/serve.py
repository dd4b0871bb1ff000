"""`haetae serve`: prepares what a first start needs, then runs the server where the environment says; without a word, here only."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assessments import mail, monitoring, network, people, periods
from assessments.errors import AssessmentError
from assessments.file import assessment_file
from assessments.home import home, locked
from assessments.model import Actor, Person, Role
from commands._output import complain, errors_told, tell
from commands._signer import check_signer
from questionnaires.legible import legible
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from assessments.entrance import Invitation

TEXTS = texts_of(__file__)
ROOT = Path(__file__).resolve().parent.parent
EXAMPLE_PEOPLE = (
    ("example-author", frozenset({Role.PRODUCT_MANAGER})),
    ("example-chair", frozenset({Role.CHAIR})),
    ("example-officer", frozenset({Role.SIGNING_OFFICER})),
)
"""Who may act for the example operators, in the order author, decider, signing officer."""


def serve(
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8501,
    examples: Annotated[int, typer.Option(envvar="EXAMPLES", help="0 leaves the example operators out.")] = 1,
    links: Annotated[
        int, typer.Option(envvar="LINKS", help="0 prints no one-time links, as where the output goes to a log.")
    ] = 1,
) -> None:
    """Prepare database, key and example operators where they are missing, and serve on this computer or, named so, beyond."""
    from exports.seal import keyring

    with errors_told():
        listening = network.current()
        periods.current()
        mail.current()
        watched = monitoring.current()
        check_free(port, listening.address)
        folder = home()
        furnish(folder, with_examples=bool(examples))
        standing = keyring.standing(folder, datetime.now(UTC))
        invited = _invited() if links else ()
    tell(_where(listening, port))
    tell(f"What it keeps lies in {folder}.")
    for line in links_told(invited, base_of(listening, port)):
        tell(line)
    tell(
        "Add somebody, which prints a link for them: .venv/bin/haetae user add kim --name 'Kim Hana' --role product_manager"
    )
    if standing and standing.warning:
        complain(standing.warning.en)
    sys.stdout.flush()
    os.chdir(ROOT)
    server = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.address={listening.address}"]
    server += [f"--server.port={port}"]
    if listening.certificate and listening.key:
        server += [f"--server.sslCertFile={listening.certificate}", f"--server.sslKeyFile={listening.key}"]
    if watched.is_json:
        server += [
            "--logger.messageFormat=%(message)s"
        ]  # each entry is a whole line of its own: pages/_server/server_log.py
    # whom a proxy speaks for is decided by the gate, which needs to see the proxy
    os.execve(sys.executable, server, {**os.environ, "FORWARDED_ALLOW_IPS": ""})  # noqa: S606 - our own interpreter, fixed arguments


def _invited() -> tuple[Invitation, ...]:
    from assessments import entrance
    from assessments.storage import database

    with database.transaction() as session:
        return entrance.start_links(session, datetime.now(UTC))


def links_told(invited: Sequence[Invitation], base: str) -> Iterator[str]:
    """A line for everybody who has no password yet."""
    if invited:
        yield "Each of these links opens once and within 24 hours; who opens it chooses a password and is signed in:"
    for invitation in invited:
        actor = invitation.actor
        who = (
            f"{legible(actor.name)} ({actor.id}: {', '.join(sorted(actor.roles))})"
            if actor
            else "the first administrator"
        )
        yield f"  {who}: {base}/link/{invitation.token}"


def base_of(listening: network.Network, port: int) -> str:
    """Where the server is reached."""
    host = min(listening.hosts, default="")
    return f"https://{host}" if host else f"http://{_literal(listening.address)}:{port}"


def _where(listening: network.Network, port: int) -> str:
    if not listening.is_open:
        return f"Haetae serves at http://{_literal(listening.address)}:{port} and answers this machine only. Stop it with Ctrl+C."
    names = ", ".join(f"https://{name}" for name in sorted(listening.hosts))
    through = "with its own certificate" if listening.certificate else "through the proxies that are named"
    return f"Haetae listens on {_literal(listening.address)}:{port} and answers for {names}, {through}. Stop it with Ctrl+C."


def _literal(address: str) -> str:
    """As it stands in an address bar."""
    return f"[{address}]" if ":" in address else address


def check_free(port: int, address: str = network.LOOPBACK) -> None:
    """Raises: AssessmentError if another program already uses that port."""
    own = {"0.0.0.0": network.LOOPBACK, "::": "::1"}.get(address, address)  # noqa: S104 - every address of this computer
    with socket.socket(socket.AF_INET6 if ":" in own else socket.AF_INET) as tried:
        tried.settimeout(1)
        if tried.connect_ex((own, port)) == 0:
            raise AssessmentError(TEXTS.told("port_taken", port=port, next=port + 1))


def furnish(folder: Path, *, with_examples: bool) -> None:
    """Create the database and, if requested, the example operators in the home folder; existing data is kept."""
    from assessments.keeping import starting
    from exports.seal import settings
    from jobs import schema

    for remark in starting.prepare():
        complain(remark.en)
    schema.prepare()
    check_signer(folder)
    settings.read(folder)
    if with_examples:
        load_examples(folder)


def load_examples(folder: Path) -> None:
    """Create the example operators, people and assessments exactly once, even if several servers start together."""
    from assessments import actions
    from assessments.storage import database, reader

    with database.reading() as session:
        if reader.has_examples(session):
            return
    tell("Loading the examples …")
    stated = [assessment_file.read_file(file) for file in example_files()]
    acting = [_example_people(folder, assessment) for assessment in stated]
    with locked(folder), database.transaction() as session:
        if reader.has_examples(session):  # another server was quicker
            return
        for assessment, actors in zip(stated, acting, strict=True):
            actions.load_stated(session, assessment, actors, datetime.now(UTC))


def example_files() -> list[Path]:
    """Three complete assessments, then three drafts that differ only in their decision logs."""
    folder = ROOT / "examples"
    return [*sorted(folder.glob("*.yaml")), *sorted((folder / "logs").glob("*.yaml"))]


def _example_people(folder: Path, stated: assessment_file.StatedAssessment) -> list[Actor]:
    """Add the people named in the file if missing; for a draft only its author."""
    assessment = stated.assessment
    named = [assessment.authors[0]]
    if assessment.decision is not None and assessment.sign_off is not None:
        named += [assessment.decision.by, assessment.sign_off.by]
    return [
        _person(folder, person_id, person, roles)
        for (person_id, roles), person in zip(EXAMPLE_PEOPLE, named, strict=False)
    ]


def _person(folder: Path, person_id: str, named: Person, roles: frozenset[Role]) -> Actor:
    """Add the person unless the id exists or another server is adding it at the same moment."""
    known = people.find_person(folder, person_id)
    if known is not None:
        return known
    try:
        return people.add_person(folder, person_id, named.name, sorted(roles), position=named.position)
    except AssessmentError:
        known = people.find_person(folder, person_id)
        if known is None:
            raise
        return known
