"""One job from its row to its end: run. Both workers do no more than call it: the built-in one, and `haetae work`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from assessments import timing
from assessments.errors import AssessmentError, AwayError, NotAllowedError
from assessments.model import Actor, Grant, Role
from assessments.own_process import StoppedError
from assessments.storage import database, jobs, units
from assessments.storage.database import Session
from assessments.storage.jobs import Stage
from jobs import errors
from jobs.kinds import KINDS, Kind
from jobs.work import Work, here
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_LOG = logging.getLogger("haetae")


class HeldError(Exception):
    """Somebody else does the job who has been heard of lately, or an earlier one about the same."""


def run(number: int) -> None:
    """Does the job unless it has ended. What goes wrong with it is noted in its row, for nobody waits here.

    Raises: HeldError; AssessmentError where the database cannot be reached.
    """
    token, at = secrets.token_hex(8), datetime.now(UTC)
    with database.transaction() as session:
        row = jobs.take(session, number, token, here(), at)
        if row is None:
            if jobs.is_open(session, number):
                raise HeldError
            return
        name, begun, arguments, asked_by = row.kind, row.begun, row.arguments, row.by
        work = Work(number, None, row.material, token)
    kind = KINDS[name]
    try:
        _check(kind, begun)
        work.actor = _acting(asked_by)
        with timing.timed(f"job {name}"), work.beating():
            kind.function()(work, kind.read(arguments))
    except StoppedError:
        _LOG.info("Job %d (%s) is no longer wanted here.", number, name)
        _end(work, Stage.STOPPED)
    except AwayError as error:
        _LOG.warning("Job %d (%s): %s", number, name, error)
        if begun < kind.most_begun:
            _put_back(work)
        else:
            _fail(work, error)
    except (AssessmentError, InvalidFileError) as error:
        _LOG.warning("Job %d (%s): %s", number, name, error)
        _fail(work, error)
    except Exception as error:
        _LOG.exception("Job %d (%s) failed in a way that nobody foresaw.", number, name)
        _fail(work, error)


def _check(kind: Kind, begun: int) -> None:
    """Raises: AssessmentError where nobody could do it so far, each time."""
    if begun > kind.most_begun:
        raise AssessmentError(TEXTS.told("job_broken_off", count=begun - 1))


def _fail(work: Work, error: Exception) -> None:
    _end(work, Stage.FAILED, error=errors.as_json(error))


def _end(work: Work, stage: Stage, **values: Any) -> None:
    """Changes nothing where another run has taken the job."""
    with suppress(AssessmentError), database.transaction() as session:  # else it is silent, and done anew
        jobs.end(session, work.number, work.run, stage, datetime.now(UTC), **values)


def _put_back(work: Work) -> None:
    """Is done anew once somebody looks for what waits."""
    with suppress(AssessmentError), database.transaction() as session:  # else it is silent, and done anew as well
        jobs.put_back(session, work.number, work.run)


# --- who asked ------------------------------------------------------------------------------------------------------


def written_down(actor: Actor) -> dict[str, Any]:
    """Somebody as they were when they asked."""
    grants = None if actor.grants is None else sorted([grant.role.value, grant.unit] for grant in actor.grants)
    roles = sorted(role.value for role in actor.roles)
    return {"id": actor.id, "name": actor.name, "position": actor.position, "roles": roles, "grants": grants}


def _acting(asked_by: Mapping[str, Any] | None) -> Actor | None:
    """Whoever asked, with the roles that they hold now. Raises: NotAllowedError where they may not act any more."""
    if asked_by is None:
        return None
    with database.reading() as session:
        return _now(session, asked_by)


def _now(session: Session, asked_by: Mapping[str, Any]) -> Actor:
    if units.find_account(session, asked_by["id"]) is not None:
        present = units.find_actor(session, asked_by["id"])
        if present is None:
            raise NotAllowedError(TEXTS.told("job_asker_gone"))
        return present
    grants = asked_by["grants"]
    return Actor(
        asked_by["id"],
        asked_by["name"],
        frozenset(map(Role, asked_by["roles"])),
        None if grants is None else frozenset(Grant(Role(role), unit) for role, unit in grants),
        asked_by["position"],
    )
