"""The rule of duties: what it names here and in other questionnaires, its groups, its order and its plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from questionnaires import law
from questionnaires.checks import conditions
from questionnaires.checks.place import Checked, Used
from questionnaires.duty_schema import Duties, Duty, DutyNeed, Fact
from questionnaires.problems import Problem
from questionnaires.question_types import of_type
from questionnaires.schema import UNKNOWN, Question
from questionnaires.strict_yaml import Path


def find_problems(checked: Checked) -> Iterator[Problem]:
    """What this file says of itself."""
    rule = checked.questionnaire.duties
    if rule is None:
        return
    groups, seen = {group.id for group in rule.groups}, set[str]()
    open_questions = {question.id for question in law.law().open}
    for i, duty in enumerate(rule.items):
        path: Path = ("duties", "items", i)
        if duty.id in seen:
            yield checked.problem((*path, "id"), f"duty {duty.id} stands here a second time.", "Give it another id.")
        if duty.group not in groups:
            what = f"duty {duty.id}: there is no group '{duty.group}'."
            yield checked.problem((*path, "group"), what, f"Groups are {', '.join(sorted(groups))}.")
        if duty.under is not None and duty.under not in seen:
            what = f"duty {duty.id}: '{duty.under}' does not stand before it."
            yield checked.problem((*path, "under"), what, "Name a duty above, or move it up.")
        if duty.open_question is not None and duty.open_question not in open_questions:
            what = f"duty {duty.id}: law.yaml has no open question '{duty.open_question}'."
            yield checked.problem((*path, "open_question"), what, f"There are {', '.join(sorted(open_questions))}.")
        seen.add(duty.id)
        yield from _named(checked, checked, duty, path)
    for group in sorted(groups - {duty.group for duty in rule.items}):
        yield checked.problem(("duties", "groups"), f"group {group} has no duty.", "Remove it.")
    yield from _plans(checked, rule)


def across(checked: Checked, files: Sequence[Checked], *, are_all: bool) -> Iterator[Problem]:
    """What this file says of others: their questions and options, the roles, the domains."""
    rule = checked.questionnaire.duties
    if rule is None:
        return
    ids = {each.questionnaire.id for each in files}
    roles = {entry.adds for each in files for entry in each.questionnaire.findings}
    for i, duty in enumerate(rule.items):
        path: Path = ("duties", "items", i)
        for other in files:
            if other.questionnaire.id != checked.questionnaire.id:
                yield from _named(checked, other, duty, path)
        if are_all:
            elsewhere = {fact.in_ for _, fact in _facts(duty)} | {need.in_ for _, need in _needs(duty)}
            for unknown in sorted(({name for name in elsewhere if name} | set(duty.domains)) - ids):
                what = f"duty {duty.id}: there is no questionnaire '{unknown}'."
                yield checked.problem(path, what, f"There are {', '.join(sorted(ids))}.")
        named_roles = {*duty.owed_by, *(role for way in duty.inherited_if for role in way.roles)}
        if roles and (unknown_roles := sorted(named_roles - roles)):
            what = f"duty {duty.id}: no questionnaire adds the role {', '.join(unknown_roles)}."
            yield checked.problem(path, what, f"Roles are {', '.join(sorted(roles))}.")


def _named(checked: Checked, other: Checked, duty: Duty, path: Path) -> Iterator[Problem]:
    """What the duty names of one questionnaire. Lines are those of the duty's file."""
    there = Checked(checked.parsed, other.questionnaire)
    is_own = other.questionnaire.id == checked.questionnaire.id
    for place, fact in _facts(duty):
        if fact.in_ == other.questionnaire.id or (is_own and fact.in_ is None):
            yield from conditions.of_condition(there, Used(fact.when, (*path, *place, "when"), f"duty {duty.id}", None))
    for place, need in _needs(duty):
        if need.in_ == other.questionnaire.id or (is_own and need.in_ is None):
            if need.when is not None:
                used = Used(need.when, (*path, *place, "when"), f"duty {duty.id}", None)
                yield from conditions.of_condition(there, used)
            elif need.question is not None:
                yield from _shown(there, duty, (*path, *place), need, need.question)


def _shown(there: Checked, duty: Duty, path: Path, need: DutyNeed, question_id: str) -> Iterator[Problem]:
    place = there.order.get(question_id)
    if place is None:
        what = f"duty {duty.id}: '{question_id}' is no question of {there.questionnaire.id}."
        yield there.problem(path, what, "Correct the id, or add the question.")
        return
    question = there.questions[place][1]
    options = {option.value for option in question.options}
    if not options:
        return
    options_named = set(need.includes) or set(need.documented_if)
    if unknown := sorted(options_named - options | ({UNKNOWN} & options_named)):
        what = f"duty {duty.id}: {question_id} cannot be shown by {', '.join(unknown)}."
        yield there.problem(path, what, f"Options are {', '.join(sorted(options - {UNKNOWN}))}.")
    if need.includes and not question.type.takes_several:
        what = f"duty {duty.id}: `includes` asks '{question_id}', of which one option is chosen."
        yield there.problem(path, what, "Use `documented_if`.")


def _plans(checked: Checked, rule: Duties) -> Iterator[Problem]:
    place = checked.order.get(rule.plans)
    question = checked.questions[place][1] if place is not None else None
    columns = {column.id: column for column in question.questions} if question is not None else {}
    fits: dict[str, Callable[[Question], bool]] = {
        rule.plan_duty: lambda column: of_type(column).has_options and not column.type.takes_several,
        rule.plan_until: lambda column: of_type(column).compared_as is date,
        rule.plan_by: lambda column: not of_type(column).has_options and of_type(column).compared_as is None,
    }
    for name, fits_there in fits.items():
        if name not in columns or not fits_there(columns[name]):
            what = f"duties: the plans '{rule.plans}' have no column '{name}' for this."
            yield checked.problem(("duties", "plans"), what, "Name a group and its columns for duty, day and person.")
            return
    yield from _planned(checked, rule, columns[rule.plan_duty])


def _planned(checked: Checked, rule: Duties, column: Question) -> Iterator[Problem]:
    offered = {option.value for option in column.options} - {UNKNOWN}
    can_be_planned = {duty.id for duty in rule.items if duty.open_question is None}
    if differing := sorted(offered ^ can_be_planned):
        what = f"duties: a plan can name other duties than there are: {', '.join(differing)}."
        yield checked.problem(("duties", "plan_duty"), what, "Offer every duty that has `needs`, and no other.")


def _facts(duty: Duty) -> Iterator[tuple[Path, Fact]]:
    for key in ("also_if", "applies_if"):
        for i, fact in enumerate(getattr(duty, key)):
            yield (key, i), fact
    for i, need in enumerate(duty.needs):
        for j, fact in enumerate(need.unless):
            yield ("needs", i, "unless", j), fact
    for key in ("exempt_if", "inherited_if", "deemed_if", "contested_if"):
        for i, because in enumerate(getattr(duty, key)):
            for j, fact in enumerate(because.facts):
                yield (key, i, "facts", j), fact


def _needs(duty: Duty) -> Iterator[tuple[Path, DutyNeed]]:
    for i, need in enumerate(duty.needs):
        yield ("needs", i), need
