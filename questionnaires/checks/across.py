"""What one questionnaire says of another: a domain's areas and the answers on them that it contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questionnaires import named
from questionnaires.checks import conditions, duties
from questionnaires.checks.place import Checked, Used, leaves
from questionnaires.checks.reach import can_hold
from questionnaires.problems import Problem
from questionnaires.schema import QuestionIs, Questionnaire


def find_problems(files: Sequence[Checked], *, are_all: bool = False) -> Iterator[Problem]:
    """Each domain's edition against every edition that names areas, and each against the ids that the program reads.

    What no file among these says is not compared. are_all: there are no other files.
    """
    for checked in files:
        yield from _read_by_code(checked)
        yield from _supervised(checked, [checked_edition.questionnaire for checked_edition in files])
        yield from _consistent(checked, files, are_all=are_all)
        yield from _second_scale(checked, files, are_all=are_all)
        yield from duties.across(checked, files, are_all=are_all)
    naming = [
        checked_edition.questionnaire for checked_edition in files if checked_edition.questionnaire.areas is not None
    ]
    for checked in files:
        for area in naming:
            yield from _named(checked, area)


def _named(checked: Checked, area: Questionnaire) -> Iterator[Problem]:
    examined = checked.questionnaire.area
    if examined is None or area.areas is None:
        return
    options = {question.id: {option.value for option in question.options} for question in area.questions()}
    here, against = f"{area.id} {area.version}", ("area", "contradicted_if")
    for unknown in sorted(set(examined.examines) - options.get(area.areas.question, set())):
        what = f"area: '{unknown}' is no option of {area.areas.question} in {here}."
        yield checked.problem(("area", "examines"), what, "Correct it, or add the option there.")
    for i, disagreement in enumerate(examined.contradicted_if):
        for path, leaf in leaves(disagreement.area, (*against, i, "area")):
            if not isinstance(leaf, QuestionIs):
                yield checked.problem(path, f"area contradiction {i + 1} asks {here} by `is` only.", "Use `is`.")
            elif missing := sorted(set(leaf.is_) - options.get(leaf.question, set())):
                what = f"area contradiction {i + 1}: {leaf.question} in {here} has no {', '.join(missing)}."
                yield checked.problem(path, what, "Correct the question or its option.")


def _consistent(checked: Checked, files: Sequence[Checked], *, are_all: bool) -> Iterator[Problem]:
    """The other side of a consistency check is asked there, and can hold."""
    known = {checked_edition.questionnaire.id for checked_edition in files}
    for i, check in enumerate(checked.questionnaire.consistency):
        path, user, when = ("consistency", i, "against"), f"consistency {check.id}", check.against.when
        if check.against.in_ in (None, checked.questionnaire.id) or when is None:
            continue
        if are_all and check.against.in_ not in known:
            what = f"{user}: there is no questionnaire '{check.against.in_}'."
            yield checked.problem((*path, "in"), what, f"There are {', '.join(sorted(known))}.")
        for other in files:
            if other.questionnaire.id != check.against.in_:
                continue
            there = Checked(checked.parsed, other.questionnaire)  # its questions, and the lines of this file
            problems = list(conditions.of_condition(there, Used(when, (*path, "when"), user, None)))
            yield from problems
            if not problems and can_hold(other, when) is False:
                what = f"{user} can never speak: no answers to {other.questionnaire.id} make the other side true."
                yield checked.problem((*path, "when"), what, "Correct its condition.")


def _second_scale(checked: Checked, files: Sequence[Checked], *, are_all: bool) -> Iterator[Problem]:
    """A domain's second scale is there, and is one."""
    named_there = checked.questionnaire.second_scale
    if named_there is None:
        return
    scales = [other.questionnaire.id for other in files if other.questionnaire.scale is not None]
    known = {other.questionnaire.id for other in files}
    if named_there not in scales and (are_all or named_there in known):
        what = f"second_scale: '{named_there}' is no questionnaire with a scale."
        yield checked.problem(("second_scale",), what, f"There are {', '.join(sorted(set(scales))) or 'none'}.")


def _read_by_code(checked: Checked) -> Iterator[Problem]:
    for reading in named.READ:
        if reading.questionnaire == checked.questionnaire.id and not reading.is_in(checked.questionnaire):
            of = f" of {reading.of}" if reading.of else ""
            what = f"the program reads the {reading.kind} '{reading.id}'{of}, which is not there."
            yield checked.problem((), what, "Give it this id again, or correct questionnaires/named.py with the code.")


def _supervised(checked: Checked, files: Sequence[Questionnaire]) -> Iterator[Problem]:
    """A domain answers lines that some file has, by questions of its own; lines name roles that some file adds."""
    lines = {line.id for questionnaire in files for line in questionnaire.supervision}
    roles = {entry.adds for questionnaire in files for entry in questionnaire.findings}
    for line, question in checked.questionnaire.supervised_by.items():
        if question not in checked.order:
            what = f"supervised_by: '{question}' is no question of this file."
            yield checked.problem(("supervised_by", line), what, "Correct the id, or add the question.")
        if lines and line not in lines:
            what = f"supervised_by: there is no line '{line}' in the supervision record."
            yield checked.problem(("supervised_by", line), what, f"Lines are {', '.join(sorted(lines))}.")
    for i, entry in enumerate(checked.questionnaire.supervision):
        unknown = sorted(set(entry.must_for) - roles) if roles else []
        if unknown:
            what = f"supervision {entry.id}: no questionnaire adds the role {', '.join(unknown)}."
            yield checked.problem(("supervision", i, "must_for"), what, f"Roles are {', '.join(sorted(roles))}.")
        if entry.question is not None and entry.question not in checked.order:
            what = f"supervision {entry.id}: '{entry.question}' is no question of this file."
            yield checked.problem(("supervision", i, "question"), what, "Correct the id, or add the question.")
    operators = checked.questionnaire.operators
    if operators is not None and roles and (unknown := sorted(set(operators.roles) - roles)):
        what = f"operators: no questionnaire adds the role {', '.join(unknown)}."
        yield checked.problem(("operators", "roles"), what, f"Roles are {', '.join(sorted(roles))}.")
    papers = checked.questionnaire.papers
    if papers is not None:
        place = checked.order.get(papers.question)
        options = {option.value for option in checked.questions[place][1].options} if place is not None else set()
        if place is None or not set(papers.answers_request) <= options:
            what = "papers: its question or one of the options named is not there."
            yield checked.problem(("papers",), what, "Correct the id or the options.")
    naming = checked.questionnaire.areas
    if naming is not None and naming.question not in checked.order:
        what = f"areas: '{naming.question}' is no question of this file."
        yield checked.problem(("areas", "question"), what, "Correct the id, or add the question.")


def missing(folder_ids: Sequence[str]) -> Iterator[Problem]:
    """Questionnaires that the program reads and that are not among these, and ids declared that no code reads."""
    for reading in named.READ:
        if reading.kind == "questionnaire" and reading.id not in folder_ids:
            what = f"the program reads the questionnaire '{reading.id}', which is not there."
            yield Problem(
                f"{reading.id}/", 0, what, "Give it this id again, or correct questionnaires/named.py with the code."
            )
    for reading in named.unread():
        what = f"{reading.constant} ('{reading.id}') is declared as read by the program, and no code reads it."
        yield Problem("named.py", 0, what, "Remove the declaration, or read the id by it.")
