"""The register taken over from a table: import_systems. Each row is a deed of the register, with its rights and its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from assessments import authority
from assessments.deeds.operators import Registering, change_system, register_systems, registering
from assessments.deeds.upkeep import owner_at, set_upkeep
from assessments.errors import AssessmentError
from assessments.model import Actor, AISystem, Person, Upkeep
from assessments.register_file import columns
from assessments.register_file.reading import TEXTS, RowProblem, Sheet, SheetRow, row_problem
from assessments.rights import RIGHTS, Kind, check
from assessments.storage import reader, system_life, system_list, units
from assessments.storage.database import Session
from assessments.storage.lists import Scope
from questionnaires import reading
from questionnaires.texts import Told

MOST_NAMED = 12
"""Units that a problem names."""


@dataclass(frozen=True)
class Imported:
    """What became of the rows."""

    registered: tuple[tuple[int, int], ...]
    """Line and number of the new system."""
    changed: tuple[tuple[int, int], ...]
    unchanged: int
    problems: tuple[RowProblem, ...]
    """In the order of the lines; whoever has one was left out."""

    @property
    def wrong(self) -> int:
        """Number of rows with a problem."""
        return len({problem.line for problem in self.problems})


class _WrongError(Exception):
    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = problems


def import_systems(session: Session, sheet: Sheet, actor: Actor, at: datetime) -> Imported:
    """Registers and changes what the rows say, each by itself: a wrong row is left as it was and told.

    New systems are written in one go, after all rows were looked at. Whoever wants all or nothing rolls back; a dry run is the same,
    rolled back.
    """
    with units.held(session):
        return _imported(session, sheet, actor, at)


def _imported(session: Session, sheet: Sheet, actor: Actor, at: datetime) -> Imported:
    world = _World(session, actor)
    new: dict[int, Registering] = {}
    """Line → the system that it registers."""
    changed, unchanged = [], 0
    wrong: dict[int, list[RowProblem]] = {}
    for problem in sheet.problems:
        wrong.setdefault(problem.line, []).append(problem)
    lines: dict[int, int] = {}
    for row in sheet.rows:
        number = _number(row.cells.get("number", ""))
        if number is not None and number in lines:
            message = TEXTS.told("number_twice", number=number, line=lines[number])
            wrong.setdefault(row.line, []).append(row_problem(row.line, "number", message))
        if number is not None:
            lines.setdefault(number, row.line)
        if row.line in wrong:
            continue
        try:
            if not row.cells.get("number"):
                new[row.line] = _registering(session, world, row, actor)
                continue
            with session.begin_nested():
                system_id, is_changed = _change(session, world, row, actor, at)
        except _WrongError as error:
            wrong[row.line] = list(error.problems)
        except AssessmentError as error:
            wrong[row.line] = [row_problem(row.line, "", Told(error.what, error.remedy))]
        else:
            if is_changed:
                changed.append((row.line, system_id))
            else:
                unchanged += 1
    problems = tuple(problem for line in sorted(wrong) for problem in wrong[line])
    numbers = register_systems(session, list(new.values()), at)
    return Imported(tuple(zip(new, numbers, strict=True)), tuple(changed), unchanged, problems)


class _World:
    """What rows refer to by name, read once."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.tree = units.tree(session)
        self.operators: dict[str, list[tuple[int, int]]] = {}
        for number, name, unit in system_list.operators(session, Scope(self.tree, actor)):
            self.operators.setdefault(_folded(name), []).append((number, unit))
        self.units: dict[str, set[int]] = {}
        for unit in sorted(self.tree.where(actor, RIGHTS["register_system"].roles)):
            names = self.tree.names(unit)
            for name in {" / ".join(names), names[-1]}:
                self.units.setdefault(_folded(name), set()).add(unit)
        self.names: dict[tuple[int, str, str], int] = {}
        """Operator and both names of what the file registers → line."""

    def people(self, session: Session, unit: int) -> tuple[Person, ...]:
        return units.people_at(session, self.tree.path(unit))


def _registering(session: Session, world: _World, row: SheetRow, actor: Actor) -> Registering:
    """A new system, with all that its deeds check. Raises: _WrongError; AssessmentError."""
    operator, unit, problems = _place(session, world, row)
    system, upkeep, unread = _read(session, world, row, AISystem(""), Upkeep(), unit)
    problems += unread
    if problems:
        raise _WrongError(problems)
    _check_new(session, world, row, operator, system)
    new = registering(session, operator, system, actor, unit=unit)
    path = world.tree.path(new.unit)
    upkeep_by = authority.standing(session, Kind.UNIT, new.unit, actor)
    check(upkeep_by, "set_upkeep")
    owner = owner_at(session, path, upkeep.owner_id) if upkeep.owner_id else None
    world.names[operator, new.system.name_ko, new.system.name_en] = row.line
    return replace(new, upkeep=upkeep, owner=owner, upkeep_by=upkeep_by)


def _change(session: Session, world: _World, row: SheetRow, actor: Actor, at: datetime) -> tuple[int, bool]:
    """The system's number, and whether anything changed. Raises: _WrongError; AssessmentError."""
    text = row.cells["number"]
    number = _number(text)
    if number is None:
        raise _WrongError([row_problem(row.line, "number", TEXTS.told("number_unreadable", text=text[:40]))])
    authority.over(session, number, "change_system", actor)
    unit = units.unit_of(session, Kind.SYSTEM, number)
    before, before_upkeep = reader.get_system(session, number), system_life.upkeep(session, number)
    problems = _moved(session, world, row, number, unit)
    system, upkeep, unread = _read(session, world, row, before, before_upkeep, unit)
    problems += unread
    if problems:
        raise _WrongError(problems)
    if system != before:
        change_system(session, number, system, actor, at)
    set_upkeep(session, number, upkeep, actor, at)
    return number, (system, upkeep) != (before, before_upkeep)


def _read(
    session: Session, world: _World, row: SheetRow, before: AISystem, before_upkeep: Upkeep, unit: int
) -> tuple[AISystem, Upkeep, list[RowProblem]]:
    """What the row says of it; a column that the file does not have leaves what was there."""
    details: dict[str, Any] = {name: row.cells[name] for name in columns.DETAILS if name in row.cells}
    system = replace(before, **details)
    upkeep, problems = _upkeep(session, world, row, before_upkeep, unit)
    if not (system.name_ko or system.name_en):
        problems.append(row_problem(row.line, "name_ko", TEXTS.told("name_missing")))
    return system, upkeep, problems


def _place(session: Session, world: _World, row: SheetRow) -> tuple[int, int, list[RowProblem]]:
    """Operator and unit of a new system; 0 with a problem where it is not surely known."""
    text, problems = row.cells.get("operator", ""), []
    known = world.operators.get(_folded(text), [])
    if len(known) != 1:
        key = "operator_missing" if not text else "operator_twice" if known else "operator_unknown"
        return 0, 0, [row_problem(row.line, "operator", TEXTS.told(key, text=text[:80]))]
    operator, above = known[0]
    name = row.cells.get("unit", "")
    below = world.tree.below(above)
    possible = world.units.get(_folded(name), set()) & below if name else set()
    if name and len(possible) != 1:
        listed = sorted(" / ".join(world.tree.names(unit)) for unit in set().union(*world.units.values()) & below)
        names = ", ".join(listed[:MOST_NAMED]) or "-"
        problems = [row_problem(row.line, "unit", TEXTS.told("unit_unknown", text=name[:80], names=names))]
    return operator, min(possible, default=0) or _only(world, above), problems


def _only(world: _World, above: int) -> int:
    """The unit of a new system whose row names none: the operator's, if one may register there, else the only one below."""
    possible = set().union(*world.units.values()) & world.tree.below(above)
    tops = world.tree.tops(possible)
    return tops[0] if tops else above


def _moved(session: Session, world: _World, row: SheetRow, number: int, unit: int) -> list[RowProblem]:
    """A file says where a system belongs, and does not move it."""
    problems = []
    operator = reader.operator_of(session, number)
    if (text := row.cells.get("operator", "")) and _folded(text) != _folded(operator.name):
        message = TEXTS.told("operator_stays", number=number, text=operator.name)
        problems.append(row_problem(row.line, "operator", message))
    names = world.tree.names(unit)
    if (text := row.cells.get("unit", "")) and _folded(text) not in {_folded(" / ".join(names)), _folded(names[-1])}:
        message = TEXTS.told("unit_stays", number=number, text=" / ".join(names))
        problems.append(row_problem(row.line, "unit", message))
    return problems


def _upkeep(
    session: Session, world: _World, row: SheetRow, before: Upkeep, unit: int
) -> tuple[Upkeep, list[RowProblem]]:
    """A column that the file does not have leaves what was there."""
    problems: list[RowProblem] = []
    after = before
    if "legal_role" in row.cells:
        text = row.cells["legal_role"]
        after = replace(after, legal_role=columns.role_of(text))
        if text and after.legal_role is None:
            message = TEXTS.told("word_unknown", text=text[:40], names=columns.roles_listed())
            problems.append(row_problem(row.line, "legal_role", message))
    if "stage" in row.cells:
        text = row.cells["stage"]
        after = replace(after, stage=columns.stage_of(text))
        if text and after.stage is None:
            message = TEXTS.told("word_unknown", text=text[:40], names=columns.stages_listed())
            problems.append(row_problem(row.line, "stage", message))
    if "started_on" in row.cells:
        day, problem = _day(row.cells["started_on"])
        if problem is not None:
            problems.append(row_problem(row.line, "started_on", problem))
        after = replace(after, started_on=day)
    if "owner" in row.cells:
        text = row.cells["owner"]
        people = world.people(session, unit) if text else ()
        named = [person for person in people if text in (person.id, person.name, columns.owner_cell(person))]
        exact = [person for person in named if person.id == text] or named
        if before.owner_id and (text == before.owner_id or text.endswith(f"({before.owner_id})")):
            exact = [Person(before.owner_id, text)]  # who has left stays until another is named
        if text and len(exact) != 1:
            key = "owner_twice" if exact else "owner_unknown"
            problems.append(row_problem(row.line, "owner", TEXTS.told(key, text=text[:80])))
        after = replace(after, owner_id=exact[0].id if exact else "")
    return after, problems


def _day(text: str) -> tuple[date | None, Told | None]:
    try:
        return (reading.day(text) if text else None), None
    except reading.UnreadableError as error:
        return None, error.message


def _check_new(session: Session, world: _World, row: SheetRow, operator: int, system: AISystem) -> None:
    """Raises: _WrongError where the operator has a system of this name, or gets it from an earlier line."""
    line = world.names.get((operator, system.name_ko, system.name_en))
    if line is not None:
        raise _WrongError([row_problem(row.line, "name_ko", TEXTS.told("there_in_file", line=line))])
    number = system_list.namesake(session, operator, system)
    if number is not None:
        raise _WrongError([row_problem(row.line, "name_ko", TEXTS.told("there_already", number=number))])


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 15 else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
