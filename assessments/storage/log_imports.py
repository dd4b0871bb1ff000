"""Decision logs on their way in, one row a revision: who waits, who is read, what came of it. LogImportRow and its statements.

A run is known by a token of its own, so that what an earlier run still says changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, UniqueConstraint, delete, func, select, update
from sqlalchemy import ForeignKeyConstraint as Reference
from sqlmodel import Field, Session, col

from assessments.storage import jobs
from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, one_of

READ_LOG = "read_log"
"""Kind of the jobs that read a log; each is about a run."""
SILENT = timedelta(seconds=30)
"""A run that has not been heard of for so long is broken off."""


class Stage(StrEnum):
    LOOKING = "looking"
    """Headers, first rows and suggested columns are being read."""
    ARRIVED = "arrived"
    """The file is there; its columns are to be named."""
    COUNTING = "counting"
    DONE = "done"
    """Its figures are there, to be kept."""
    FAILED = "failed"

    @property
    def is_running(self) -> bool:
        return self in RUNNING


RUNNING = (Stage.LOOKING, Stage.COUNTING)


class LogImportRow(Table, table=True):
    """A log that was handed in and is not yet part of its revision."""

    __tablename__ = "log_import"
    __table_args__ = (
        Reference(["assessment_id", "revision"], ["revision.assessment_id", "revision.number"]),
        UniqueConstraint("assessment_id", "revision"),
        one_of("stage", Stage),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int
    revision: int
    folder: str
    """Name of the folder that holds the file."""
    name: str
    """Of the file, as it was handed in."""
    arrived_at: datetime = Field(sa_type=UtcTime)
    stage: str
    run: str | None = None
    owner: int | None = None
    """Number of the process that runs it."""
    machine: str | None = None
    """On which that process is; other machines have other processes of that number."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the run was asked for: turns go by it."""
    is_waiting: bool = False
    """For others to be done."""
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    thousandths: int = 0
    """Of the work that is done."""
    result: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    error: dict[str, str] | None = Field(default=None, sa_type=JsonText)
    """Why it failed, in both languages."""

    def is_alive(self, at: datetime) -> bool:
        return self.stage in RUNNING and self.seen_at is not None and at - self.seen_at < SILENT


def find_import(session: Session, assessment_id: int, revision: int) -> LogImportRow | None:
    query = select(LogImportRow).where(
        col(LogImportRow.assessment_id) == assessment_id, col(LogImportRow.revision) == revision
    )
    return session.execute(query).scalars().one_or_none()


def has_job(session: Session, row: LogImportRow) -> bool:
    """Whether its run is a job that waits for a worker or is being done, though nothing was heard of it for a while."""
    return row.run is not None and jobs.find_open(session, READ_LOG, row.run) is not None


def has_begun(session: Session, number: int, run: str) -> bool:
    """Whether the run had its turn before: whoever went on with it was broken off."""
    query = select(func.count()).select_from(LogImportRow).where(*_run(number, run))
    return bool(session.execute(query.where(col(LogImportRow.is_waiting).is_(False))).scalar_one())


def begin_now(session: Session, number: int, run: str, at: datetime) -> None:
    """Ends its waiting without a turn, for whoever does jobs elsewhere keeps turns of their own."""
    session.execute(update(LogImportRow).where(*_run(number, run)).values(is_waiting=False, seen_at=at))


def put(session: Session, row: LogImportRow) -> str | None:
    """In place of any before, whose run ends with it; the name of its folder. None: there was none."""
    before = find_import(session, row.assessment_id, row.revision)
    folder = None if before is None else before.folder
    if before is not None:
        session.delete(before)
        session.flush()
    session.add(row)
    session.flush()
    return folder


def begin(
    session: Session, number: int, stage: Stage, run: str, owner: int, at: datetime, machine: str | None = None
) -> bool:
    """A new run that waits for its turn; a new look takes the place of one before. False: no such row, or it is being read.

    owner: number of its process; machine: on which that is, None: on this one.
    """
    row = session.get(LogImportRow, number)
    if row is None or (row.is_alive(at) and not (stage == row.stage == Stage.LOOKING)):
        return False
    row.stage, row.run, row.owner, row.machine, row.asked_at, row.seen_at = stage, run, owner, machine, at, at
    row.is_waiting, row.thousandths, row.result, row.error = True, 0, None, None
    session.flush()
    return True


def take_turn(session: Session, number: int, run: str, at: datetime, most: int) -> bool:
    """Ends its waiting where it is next. False: not yet, or it is no longer wanted."""
    if not is_next(session, number, run, at, most):
        return False
    session.execute(update(LogImportRow).where(*_run(number, run)).values(is_waiting=False, seen_at=at))
    return True


def is_next(session: Session, number: int, run: str, at: datetime, most: int) -> bool:
    """Whether fewer than `most` are read and nobody who waits has waited longer."""
    alive = col(LogImportRow.stage).in_(RUNNING) & (col(LogImportRow.seen_at) > at - SILENT)
    rows = session.execute(select(LogImportRow).where(alive).order_by(col(LogImportRow.asked_at))).scalars().all()
    free = most - sum(not row.is_waiting for row in rows)
    return any(row.id == number and row.run == run for row in [row for row in rows if row.is_waiting][: max(0, free)])


def is_wanted(session: Session, number: int, run: str) -> bool:
    """Whether the run goes on: nobody stopped it, and no other file or run stands in its place."""
    query = select(func.count()).select_from(LogImportRow).where(*_run(number, run))
    return bool(session.execute(query).scalar_one())


def be_seen(session: Session, number: int, run: str, thousandths: int, at: datetime) -> None:
    session.execute(update(LogImportRow).where(*_run(number, run)).values(thousandths=thousandths, seen_at=at))


def end(session: Session, number: int, run: str, stage: Stage, **values: Any) -> bool:
    """The run's end, with its `result` or `error`. False: it was no longer wanted."""
    ended = update(LogImportRow).where(*_run(number, run)).values(stage=stage, run=None, is_waiting=False, **values)
    return _count(session.execute(ended)) == 1


def stop(session: Session, number: int) -> None:
    """The file stays, its columns may be named again; a log that was never looked into goes on being looked at."""
    session.execute(
        update(LogImportRow)
        .where(col(LogImportRow.id) == number, col(LogImportRow.stage) == Stage.COUNTING)
        .values(stage=Stage.ARRIVED, run=None, is_waiting=False)
    )


def take(session: Session, number: int) -> Any:
    """The figures, for whoever comes first; the row goes with the transaction. None: somebody else has taken them."""
    row = session.get(LogImportRow, number)
    if row is None or row.stage != Stage.DONE:
        return None
    result = row.result
    session.delete(row)
    session.flush()
    return result


def remove(session: Session, number: int) -> bool:
    """False: it is gone already."""
    return _count(session.execute(delete(LogImportRow).where(col(LogImportRow.id) == number))) == 1


def break_off(session: Session, machine: str, is_alive: Callable[[int], bool], at: datetime) -> int:
    """Marks the runs whose process is gone; how many. is_alive: whether a process of that number runs on this machine.

    Of a process on another machine nothing is known but when it was last heard of.
    """
    rows = session.execute(select(LogImportRow).where(col(LogImportRow.stage).in_(RUNNING))).scalars().all()
    alone = [row for row in rows if not has_job(session, row)]
    broken = [
        row
        for row in alone
        if not row.is_alive(at) or (row.machine in (None, machine) and (row.owner is None or not is_alive(row.owner)))
    ]
    for row in broken:
        row.stage, row.run, row.is_waiting, row.error = Stage.FAILED, None, False, None
    session.flush()
    return len(broken)


def folders(session: Session) -> set[str]:
    """Of all files that wait."""
    return set(session.execute(select(col(LogImportRow.folder))).scalars())


def forget(session: Session, before: datetime, at: datetime) -> None:
    """What arrived before that time and nobody came back for."""
    rows = session.execute(select(LogImportRow).where(col(LogImportRow.arrived_at) < before)).scalars().all()
    for row in rows:
        if not row.is_alive(at) and not has_job(session, row):
            session.delete(row)
    session.flush()


def _run(number: int, run: str) -> tuple[Any, Any]:
    return col(LogImportRow.id) == number, col(LogImportRow.run) == run


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
