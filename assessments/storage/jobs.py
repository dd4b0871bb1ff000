"""Work that is done in its turn, one row a job: what is asked for, who does it, how far it is, what came of it.

Whoever does a job holds its run, a token of its own: what an earlier run still says changes nothing, and what the job is
about is kept in the transaction that ends it. So it is done once, however often it is begun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Index, LargeBinary, delete, func, select, text, update
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, col

from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, one_of

SILENT = timedelta(seconds=30)
"""Whoever does a job and has not been heard of for so long is gone."""
KEPT = timedelta(days=1)
"""A job that has ended is known for so long."""
KEPT_MADE = timedelta(minutes=10)
"""What it made is there for so long, to be fetched by whoever asked."""


class Stage(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = (Stage.WAITING, Stage.RUNNING)


class JobRow(Table, table=True):
    """One job that somebody, or the clock, asked for."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("stage", Stage),
        Index(
            "uq_job_open",
            "kind",
            "about",
            unique=True,
            sqlite_where=text("stage IN ('waiting', 'running')"),
            postgresql_where=text("stage IN ('waiting', 'running')"),
        ),
        Index("ix_job_ended", "ended_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    about: str
    """What it serves, and after a hyphen the digest of its material: of one kind there is never a second one open about the same."""
    arguments: dict[str, Any] = Field(sa_type=JsonText)
    material: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What it works on, where that is no row of the database."""
    by: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    """Who asked, as they were then. None: the clock."""
    asked_at: datetime = Field(sa_type=UtcTime)
    stage: str
    run: str | None = None
    worker: str = ""
    """Who does it or did it: computer and process."""
    begun: int = 0
    """How often it was begun."""
    seen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    step: str = ""
    """What is being done, in a word of its kind."""
    thousandths: int = 0
    """Of the work that is done."""
    result: Any = Field(default=None, sa_type=JsonText, nullable=True)
    made: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What it made, where that is not kept elsewhere."""
    error: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    """Why it failed, in both languages."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


@dataclass(frozen=True)
class Request:
    """What is asked for."""

    kind: str
    about: str
    arguments: Mapping[str, Any]
    by: Mapping[str, Any] | None
    material: bytes | None = None


@dataclass(frozen=True)
class Progress:
    """How far a job is, without what it works on and what it makes."""

    kind: str
    stage: Stage
    step: str
    share: float
    """0 to 1."""
    error: Mapping[str, Any] | None


def add(session: Session, request: Request, at: datetime) -> tuple[int, bool]:
    """Number of the job, and whether it is a new one: one that is open about the same stands for it."""
    is_open = (col(JobRow.kind) == request.kind, col(JobRow.about) == request.about, col(JobRow.stage).in_(OPEN))
    there = session.execute(select(col(JobRow.id)).where(*is_open)).scalar()
    if there is not None:
        return there, False
    row = JobRow(
        kind=request.kind,
        about=request.about,
        arguments=dict(request.arguments),
        by=None if request.by is None else dict(request.by),
        asked_at=at,
        material=request.material,
        stage=Stage.WAITING,
    )
    session.add(row)
    session.flush()
    return row.id or 0, True


def find_open(session: Session, kind: str, about: str) -> int | None:
    """Number of the job of that kind about that, which waits or is being done. None: there is none."""
    query = select(col(JobRow.id)).where(col(JobRow.kind) == kind, col(JobRow.about) == about)
    return session.execute(query.where(col(JobRow.stage).in_(OPEN))).scalar()


def take(session: Session, number: int, run: str, worker: str, at: datetime) -> JobRow | None:
    """For whoever does it now. None: it has ended, somebody else does it who has been heard of lately, or it is not its turn."""
    row = session.get(JobRow, number)
    if row is None or not Stage(row.stage).is_open or is_held(row, at) or _is_behind(session, row):
        return None
    row.stage, row.run, row.worker, row.seen_at = Stage.RUNNING, run, worker, at
    row.begun, row.step, row.thousandths = row.begun + 1, "", 0
    session.flush()
    return row


def _is_behind(session: Session, row: JobRow) -> bool:
    """Whether an earlier one about the same has not ended: of two contents of one paper, the later one is kept last."""
    if row.material is None:
        return False
    earlier = (col(JobRow.kind) == row.kind, col(JobRow.id) < row.id, col(JobRow.stage).in_(OPEN))
    of_the_same = col(JobRow.about).startswith(row.about.rpartition("-")[0] + "-", autoescape=True)
    return session.execute(select(col(JobRow.id)).where(*earlier, of_the_same).limit(1)).scalar() is not None


def is_held(row: JobRow, at: datetime) -> bool:
    """Whether somebody does it. By the difference of clocks both ways, for two computers are never quite of one mind."""
    return row.stage == Stage.RUNNING and row.seen_at is not None and abs(at - row.seen_at) < SILENT


def is_open(session: Session, number: int) -> bool:
    """Whether it waits or is being done, by whomever."""
    query = select(col(JobRow.id)).where(col(JobRow.id) == number, col(JobRow.stage).in_(OPEN))
    return session.execute(query).scalar() is not None


def is_wanted(session: Session, number: int, run: str) -> bool:
    """Whether this run goes on: nobody stopped the job, and no other run took it."""
    return session.execute(select(col(JobRow.id)).where(*_of(number, run))).scalar() is not None


def be_seen(session: Session, number: int, run: str, step: str, share: float, at: datetime) -> bool:
    """Notes how far it is. False: it is no longer wanted."""
    values = {"seen_at": at, "step": step, "thousandths": int(1000 * share)}
    return _count(session.execute(update(JobRow).where(*_of(number, run)).values(**values))) == 1


def end(session: Session, number: int, run: str, stage: Stage, at: datetime, **values: Any) -> bool:
    """The job's end, with `result`, `made` or `error`; what it worked on goes. False: this run is no longer wanted."""
    known = {"stage": stage, "run": None, "ended_at": at, "material": None, "seen_at": at}
    return _count(session.execute(update(JobRow).where(*_of(number, run)).values(**known, **values))) == 1


def put_back(session: Session, number: int, run: str) -> None:
    """For whoever does it next: this run came to nothing, through no fault of the job's."""
    values = {"stage": Stage.WAITING, "run": None, "seen_at": None, "step": "", "thousandths": 0}
    session.execute(update(JobRow).where(*_of(number, run)).values(**values))


def stop(session: Session, number: int, at: datetime) -> bool:
    """Ends the job, whoever does it. False: it had ended."""
    values = {"stage": Stage.STOPPED, "run": None, "ended_at": at, "material": None}
    stopped = update(JobRow).where(col(JobRow.id) == number, col(JobRow.stage).in_(OPEN)).values(**values)
    return _count(session.execute(stopped)) == 1


def progress(session: Session, number: int) -> Progress | None:
    """None: there is no such job, or it is long over."""
    columns = (JobRow.kind, JobRow.stage, JobRow.step, JobRow.thousandths, JobRow.error)
    row = session.execute(select(*map(col, columns)).where(col(JobRow.id) == number)).one_or_none()
    return None if row is None else Progress(row.kind, Stage(row.stage), row.step, row.thousandths / 1000, row.error)


def outcome(session: Session, number: int) -> tuple[Any, bytes | None]:
    """What came of a job that is done, and what it made."""
    row = session.execute(
        select(col(JobRow.result), col(JobRow.made)).where(col(JobRow.id) == number, col(JobRow.stage) == Stage.DONE)
    ).one_or_none()
    return (None, None) if row is None else (row.result, row.made)


def left(session: Session, at: datetime, kinds: Collection[str]) -> list[JobRow]:
    """Jobs of these kinds that wait, or whose worker is gone, in the order in which they were asked for."""
    query = select(JobRow).where(col(JobRow.stage).in_(OPEN), col(JobRow.kind).in_(kinds)).order_by(col(JobRow.id))
    lean = query.options(defer(cast("Any", JobRow.material)), defer(cast("Any", JobRow.made)))
    return [row for row in session.execute(lean).scalars() if not is_held(row, at)]


def counted(session: Session) -> tuple[int, int, datetime | None]:
    """How many are being done, how many wait, and since when the first of those does. None: none waits."""
    query = select(col(JobRow.stage), func.count(), func.min(col(JobRow.asked_at), type_=UtcTime()))
    rows = session.execute(query.where(col(JobRow.stage).in_(OPEN)).group_by(col(JobRow.stage))).all()
    by_stage = {Stage(stage): (count, first) for stage, count, first in rows}
    waiting, first = by_stage.get(Stage.WAITING, (0, None))
    return by_stage.get(Stage.RUNNING, (0, None))[0], waiting, first


def is_anything_old(session: Session, at: datetime) -> bool:
    """Whether `forget` has anything to do."""
    query = select(col(JobRow.id)).where(_is_old(at) | _is_unfetched(at)).limit(1)
    return session.execute(query).scalar() is not None


def forget(session: Session, at: datetime) -> None:
    """What ended long ago; what was made and nobody fetched goes before."""
    session.execute(delete(JobRow).where(_is_old(at)))
    session.execute(update(JobRow).where(_is_unfetched(at)).values(made=None))


def _is_old(at: datetime) -> ColumnElement[bool]:
    return col(JobRow.ended_at) < at - KEPT


def _is_unfetched(at: datetime) -> ColumnElement[bool]:
    return (col(JobRow.ended_at) < at - KEPT_MADE) & col(JobRow.made).is_not(None)


def drop_made(session: Session, number: int) -> None:
    """Once it was fetched."""
    session.execute(update(JobRow).where(col(JobRow.id) == number).values(made=None))


def _of(number: int, run: str) -> tuple[Any, Any]:
    return col(JobRow.id) == number, col(JobRow.run) == run


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
