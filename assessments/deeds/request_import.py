"""Requests of people concerned taken over from a table: import_requests. Each row is deeds of the register, with rights and events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from assessments.deeds.recourse import answer_request, refuse_request, state_request, withdraw_request
from assessments.deeds.register_import import Imported
from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.register_file import requests as columns
from assessments.register_file.reading import TEXTS, RowProblem, Sheet, SheetRow, row_problem
from assessments.rights import RIGHTS, Kind
from assessments.rules.recourse import Answer, State, Stated
from assessments.storage import units
from assessments.storage.database import Session
from questionnaires import reading
from questionnaires.recourse import RequestKind, due_day, recourse
from questionnaires.texts import Told
from questionnaires.vocabulary import Text

_RESULTS = ("kept", "changed")


def import_requests(session: Session, sheet: Sheet, actor: Actor, at: datetime) -> Imported:
    """Enters what the rows say, each by itself, with what came of it: a wrong row is left out and told.

    A row with a number is there already and stays as it is. Whoever wants all or nothing rolls back; a dry run is the same, rolled
    back.
    """
    with units.held(session):
        return _imported(session, sheet, actor, at)


def _imported(session: Session, sheet: Sheet, actor: Actor, at: datetime) -> Imported:
    entered, unchanged = [], 0
    wrong: dict[int, list[RowProblem]] = {}
    for problem in sheet.problems:
        wrong.setdefault(problem.line, []).append(problem)
    for row in sheet.rows:
        if row.line in wrong:
            continue
        if row.cells.get("number"):
            unchanged += 1
            continue
        cells = _Cells(row)
        try:
            with session.begin_nested():
                number = _take_in(session, cells, actor, at)
        except _WrongError:
            wrong[row.line] = cells.problems
        except AssessmentError as error:
            wrong[row.line] = [row_problem(row.line, "", Told(error.what, error.remedy))]
        else:
            entered.append((row.line, number))
    problems = tuple(problem for line in sorted(wrong) for problem in wrong[line])
    return Imported(tuple(entered), (), unchanged, problems)


class _WrongError(Exception):
    """The row has problems, which are kept beside it."""


class _Cells:
    """Of one row, read; what cannot be read is a problem of its column."""

    def __init__(self, row: SheetRow) -> None:
        self.row = row
        self.problems: list[RowProblem] = []

    def text(self, column: str, *, is_needed: bool = False) -> str:
        text = self.row.cells.get(column, "")
        if is_needed and not text:
            self.refuse(column, TEXTS.told("cell_missing"))
        return text

    def day(self, column: str, *, is_needed: bool = False) -> date | None:
        text = self.text(column, is_needed=is_needed)
        try:
            return reading.day(text) if text else None
        except reading.UnreadableError as error:
            self.refuse(column, error.message)
            return None

    def entry(self, column: str, entries: Iterable[Any], default: str = "") -> str:
        """The id of an entry that is called as the cell says."""
        known, text = tuple(entries), self.text(column)
        name = columns.read_back(known, text) if text else default
        if name is None:
            titles = [entry.title for entry in known]
            listed = Text(ko=", ".join(title.ko for title in titles), en=", ".join(title.en for title in titles))
            self.refuse(column, TEXTS.told("word_unknown", text=text[:40], names=listed))
        return name or ""

    def word(self, column: str, names: tuple[str, ...]) -> str:
        text = self.text(column)
        name = columns.word_of(text, names) if text else ""
        if name is None:
            words = [columns.word(each) for each in names]
            listed = Text(ko=", ".join(each.ko for each in words), en=", ".join(each.en for each in words))
            self.refuse(column, TEXTS.told("word_unknown", text=text[:40], names=listed))
        return name or ""

    def refuse(self, column: str, message: Told) -> None:
        self.problems.append(row_problem(self.row.line, column, message))

    def check(self) -> None:
        """Raises: _WrongError."""
        if self.problems:
            raise _WrongError


def _take_in(session: Session, cells: _Cells, actor: Actor, at: datetime) -> int:
    """The number of the new request. Raises: _WrongError; AssessmentError."""
    texts = recourse()
    system, kind = _system(session, cells, actor), cells.entry("kind", texts.kinds)
    if not cells.text("kind"):
        cells.refuse("kind", TEXTS.told("cell_missing"))
    received = cells.day("received", is_needed=True)
    due = _due(cells, texts.by_id.get(kind), received)
    stated = Stated(
        kind,
        received or date.min,
        cells.text("reference", is_needed=True),
        cells.text("asked", is_needed=True),
        cells.entry("channel", texts.channels, "elsewhere"),
        _owner(session, cells, system, actor),
        cells.day("decision_on"),
        cells.text("decision"),
        due,
    )
    state = cells.word("state", tuple(state.value for state in State)) or State.OPEN.value
    closing = _Closing(cells, state)
    cells.check()
    number = state_request(session, system, stated, actor, at)
    closing.close(session, number, actor, at)
    return number


def _due(cells: _Cells, kind: RequestKind | None, received: date | None) -> date | None:
    """A day of the operator's own; where the kind sets a period the cell says nothing else than that."""
    if cells.text("extensions") not in ("", "0"):
        cells.refuse("extensions", TEXTS.told("extensions_not_taken"))
    due = cells.day("due")
    if kind is None or kind.period is None or received is None or due is None:
        return due
    derived = due_day(kind, received)
    if due != derived:
        cells.refuse("due", TEXTS.told("due_differs", day=due, derived=derived))
    return None


class _Closing:
    """What a row says of the end of its request."""

    def __init__(self, cells: _Cells, state: str) -> None:
        self.state, texts = State(state), recourse()
        is_closed = self.state is not State.OPEN
        self.on = cells.day("closed_on", is_needed=is_closed)
        self.text = cells.text("text", is_needed=is_closed)
        self.outcome = ""
        if self.state in (State.ANSWERED, State.REFUSED):
            cells.text("outcome", is_needed=True)
            entries = texts.outcomes if self.state is State.ANSWERED else texts.grounds
            self.outcome = cells.entry("outcome", entries)
        result = cells.word("changed", _RESULTS)
        self.changed = {"kept": False, "changed": True}.get(result)
        self.reviewer = cells.entry("reviewer", texts.reviewers)
        self.reviewed_by = cells.text("reviewed_by")

    def close(self, session: Session, number: int, actor: Actor, at: datetime) -> None:
        """Raises: AssessmentError."""
        if self.on is None:
            return
        if self.state is State.ANSWERED:
            answer = Answer(self.on, self.outcome, self.text, self.changed, self.reviewer, self.reviewed_by)
            answer_request(session, number, answer, actor, at)
        elif self.state is State.REFUSED:
            refuse_request(session, number, self.on, self.outcome, self.text, actor, at)
        elif self.state is State.WITHDRAWN:
            withdraw_request(session, number, self.on, self.text, actor, at)


def _system(session: Session, cells: _Cells, actor: Actor) -> int:
    """0 with a problem where the actor may enter no request about it."""
    text = cells.text("system_number", is_needed=True)
    number = int(text) if text.isdecimal() and len(text) <= 15 else 0
    path = units.path_of(session, Kind.SYSTEM, number) if number else ()
    if text and not (path and actor.at(path).roles & RIGHTS["state_request"].roles):
        cells.refuse("system_number", TEXTS.told("system_unknown", text=text[:40]))
    return number if path else 0


def _owner(session: Session, cells: _Cells, system: int, actor: Actor) -> str:
    """By id or name; empty: the actor."""
    text = cells.text("owner")
    if not text or not system:
        return ""
    path = units.path_of(session, Kind.SYSTEM, system)
    people = {person.id: person.name for person in units.people_at(session, path, RIGHTS["answer_request"].roles)}
    named = [person for person, name in people.items() if text in (person, name)]
    if text in people:
        named = [text]
    if not named and text in (actor.id, actor.name):
        named = [actor.id]
    if len(named) != 1:
        cells.refuse("owner", TEXTS.told("owner_twice" if named else "owner_unknown", text=text[:80]))
        return ""
    return named[0]
