"""Where something stands in a file that is being checked: Checked, and walks over questions and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from questionnaires.problems import Problem
from questionnaires.schema import (
    AllOf,
    AnyOf,
    Condition,
    CountAtLeast,
    FindingEntry,
    Ground,
    Not,
    Question,
    Questionnaire,
    Route,
)
from questionnaires.strict_yaml import Parsed, Path


@dataclass(frozen=True)
class Used:
    """A condition, where it stands and who uses it."""

    condition: Condition
    path: Path
    user: str
    """`question x`, `route 2`, …"""
    limit: int | None
    """Only questions before this place may be named. None: all of them."""
    may_claim: bool = False


@dataclass(frozen=True)
class Checked:
    """A shaped questionnaire with the lines it came from."""

    parsed: Parsed
    questionnaire: Questionnaire

    def problem(self, path: Path, what: str, remedy: str) -> Problem:
        return Problem(self.parsed.file, self.parsed.line(path), what, remedy)

    @cached_property
    def questions(self) -> tuple[tuple[Path, Question], ...]:
        """All questions with their places, without the columns of groups."""
        return tuple(
            (("sections", i, "questions", j), question)
            for i, section in enumerate(self.questionnaire.sections)
            for j, question in enumerate(section.questions)
        )

    @cached_property
    def order(self) -> dict[str, int]:
        """Question id → its place in the order of asking (the first, where an id stands twice)."""
        order: dict[str, int] = {}
        for place, (_, question) in enumerate(self.questions):
            order.setdefault(question.id, place)
        return order

    def used_conditions(self) -> Iterator[Used]:
        """Every condition of the file, outermost only."""
        questionnaire = self.questionnaire
        for number, (path, question) in enumerate(self.questions):
            if question.shown_if is not None:
                yield Used(question.shown_if, (*path, "shown_if"), f"question {question.id}", number)
        for name, entries in self._entries():
            for i, entry in enumerate(entries):
                user = f"{name.removesuffix('s')} {i + 1}"
                where: Path = (name, i)
                if entry.when != "otherwise":
                    yield Used(entry.when, (*where, "when"), user, None, may_claim=True)
                for j, ground in enumerate(entry.contested_if):
                    if ground.when is not None:
                        yield Used(ground.when, (*where, "contested_if", j, "when"), user, None, may_claim=True)
        if questionnaire.claim is not None:
            yield Used(questionnaire.claim.made_if, ("claim", "made_if"), "claim", None)
            for i, part in enumerate(questionnaire.claim.parts):
                base: Path = ("claim", "parts", i)
                user = f"part {part.id}"
                if part.not_applicable_if is not None:
                    yield Used(part.not_applicable_if, (*base, "not_applicable_if"), user, None)
                for j, contradiction in enumerate(part.contradicted_if):
                    yield Used(contradiction.when, (*base, "contradicted_if", j, "when"), user, None)
                for j, need in enumerate(part.needs):
                    yield Used(need.when, (*base, "needs", j, "when"), user, None)
        for i, matrix in enumerate(questionnaire.coverage):
            for j, item in enumerate(matrix.items):
                for k, covers in enumerate(item.needs):
                    if covers.when is not None:
                        place: Path = ("coverage", i, "items", j, "needs", k, "when")
                        yield Used(covers.when, place, f"coverage {matrix.id} {item.item}", None)
        for i, against in enumerate(questionnaire.area.contradicted_if if questionnaire.area else ()):
            yield Used(against.here, ("area", "contradicted_if", i, "here"), f"area contradiction {i + 1}", None)
        for i, check in enumerate(questionnaire.consistency):
            where = ("consistency", i)
            yield Used(check.here, (*where, "here"), f"consistency {check.id}", None)
            if check.against.when is not None and check.against.in_ in (None, questionnaire.id):
                yield Used(check.against.when, (*where, "against", "when"), f"consistency {check.id}", None)
        for i, floor in enumerate(questionnaire.method.floors if questionnaire.method else ()):
            yield Used(floor, ("method", "floors", i), f"floor {i + 1}", None)

    def _entries(self) -> tuple[tuple[str, tuple[Route | FindingEntry, ...]], ...]:
        return ("routes", self.questionnaire.routes), ("findings", self.questionnaire.findings)

    def grounds(self) -> Iterator[tuple[Path, Ground]]:
        for name, entries in self._entries():
            for i, entry in enumerate(entries):
                for j, ground in enumerate(entry.contested_if):
                    yield (name, i, "contested_if", j), ground


def leaves(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The conditions inside that name a question or the claim, with their places."""
    if isinstance(condition, AllOf | AnyOf):
        name, inner = ("all_of", condition.all_of) if isinstance(condition, AllOf) else ("any_of", condition.any_of)
        for i, part in enumerate(inner):
            yield from leaves(part, (*path, name, i))
    elif isinstance(condition, Not):
        yield from leaves(condition.not_, (*path, "not"))
    elif isinstance(condition, CountAtLeast):
        for i, item in enumerate(condition.count_at_least.of):
            yield from leaves(item.when, (*path, "count_at_least", "of", i, "when"))
    else:
        yield path, condition
