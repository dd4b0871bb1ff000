"""Whether the answers on the area and those in the domain's questionnaire are consistent: contradictions, elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.derived import Reason
from assessments.model import Answers, Assessment, Text
from questionnaires import conditions
from questionnaires.conditions import Visibility
from questionnaires.consistency_schema import RecordedFact, Severity
from questionnaires.once import once_for_each
from questionnaires.schema import (
    UNKNOWN,
    AreaSaid,
    Condition,
    ConsistencyCheck,
    Disagreement,
    Question,
    Questionnaire,
    Route,
)


@dataclass(frozen=True)
class AnsweredQuestionnaire:
    """A questionnaire with its answers."""

    questionnaire: Questionnaire
    answers: Answers

    @cached_property
    def visible(self) -> Visibility:
        """Which questions are shown, found out once for all the conditions that are asked of it."""
        return conditions.visible(self.questionnaire, self.answers)


class AnsweredOneByOne(AnsweredQuestionnaire):
    """The same, where no question is looked at that nothing asks for."""

    @cached_property
    def visible(self) -> Visibility:
        return conditions.ShownWhenAsked(self.questionnaire, self.answers)


@dataclass(frozen=True)
class Contradiction:
    """Two answers that contradict each other."""

    reason: Reason
    places: tuple[str, ...]
    """`questionnaire.question` of every answer involved, and the place of a fact from the record."""
    is_apart: bool = False
    """The domain's questionnaire examines none of the areas named, so it cannot decide anything."""
    check: str = ""
    """`questionnaire.check` of the consistency check that found it. Empty: the area and the domain's answers disagree."""
    is_severe: bool = False
    """Raised by a consistency check and to be resolved or explained before submission."""


def contradictions(
    domain: AnsweredQuestionnaire, area: AnsweredQuestionnaire, routes: Sequence[Route]
) -> tuple[Contradiction, ...]:
    """All contradictions. routes: those by which the area may be decided.

    An answer counts only if the area's result depends on it: outside the scope of the Act no area is compared.
    """
    examined, naming = domain.questionnaire.area, area.questionnaire.areas
    if examined is None or naming is None:
        return ()
    named = named_areas(area)
    is_apart = bool(named) and not set(named) & set(examined.examines)
    disagreeing = [
        Contradiction(
            Reason(disagreement.because, disagreement.source), tuple(_places(disagreement, domain, area)), is_apart
        )
        for disagreement in examined.contradicted_if
        if _rests_on(area.questionnaire, routes, conditions.named_in(disagreement.area))
        and _holds(disagreement, domain, area)
    ]
    question = area.questionnaire.question(naming.question)
    if is_apart and question.none_of_these not in named and _rests_on(area.questionnaire, routes, [question.id]):
        place = f"{area.questionnaire.id}.{question.id}"
        disagreeing.append(Contradiction(_reason(naming.apart, named, question, domain), (place,), is_apart=True))
    return tuple(disagreeing)


def elsewhere(domain: AnsweredQuestionnaire, area: AnsweredQuestionnaire) -> Reason | None:
    """The areas named that this questionnaire does not examine, although it examines others. None: no such area."""
    examined, naming = domain.questionnaire.area, area.questionnaire.areas
    if examined is None or naming is None:
        return None
    named = named_areas(area)
    others = [question_id for question_id in named if question_id not in examined.examines]
    if not others or len(others) == len(named):
        return None
    return _reason(naming.elsewhere, others, area.questionnaire.question(naming.question), domain)


def inconsistencies(questionnaires: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[Contradiction, ...]:
    """Contradictions found by consistency checks, with both sides certain. They never affect an outcome."""
    answered = {
        name: AnsweredQuestionnaire(questionnaire, assessment.answers(name))
        for name, questionnaire in questionnaires.items()
    }
    return tuple(
        Contradiction(
            Reason(check.because, check.source),
            tuple(dict.fromkeys(places)),
            check=f"{name}.{check.id}",
            is_severe=check.severity is Severity.SEVERE,
        )
        for name, questionnaire in questionnaires.items()
        for check in questionnaire.consistency
        if (places := _both_sides(check, name, answered, assessment))
    )


def _both_sides(
    check: ConsistencyCheck, name: str, answered: Mapping[str, AnsweredQuestionnaire], assessment: Assessment
) -> list[str]:
    """The places of both sides; empty unless both certainly hold."""
    sides = [(name, check.here)]
    against = check.against
    if against.when is not None:
        sides.append((against.in_ or name, against.when))
    if any(where not in answered or not _surely(side, answered[where]) for where, side in sides):
        return []
    places = [f"{where}.{question}" for where, side in sides for question in conditions.questions_named(side)]
    if against.record is None:
        return places
    is_so, place = _RECORDED[against.record]
    return [*places, place] if is_so(assessment) else []


def _surely(condition: Condition, answered: AnsweredQuestionnaire) -> bool:
    return conditions.holds(condition, answered.visible, answered.answers) is True


def _automatic_cases(assessment: Assessment) -> int | None:
    """None: no log is relied on, or it does not distinguish automatic cases."""
    log = assessment.log
    if log is None or log.withdrawn is not None or "automatic" in log.analysis.left_out:
        return None
    return log.analysis.automatic.count


_RECORDED: Mapping[RecordedFact, tuple[Callable[[Assessment], bool], str]] = {
    RecordedFact.SUPERVISOR_UNNAMED: (
        lambda assessment: not assessment.operator.supervisor_name,
        "operator.supervisor_name",
    ),
    RecordedFact.RIGHTS_AFFECTED: (
        lambda assessment: any(scenario.impacts for scenario in assessment.scenarios),
        "scenarios",
    ),
    RecordedFact.MEASURES_PLANNED: (
        lambda assessment: any(not measure.is_in_place for measure in assessment.measures),
        "measures",
    ),
    RecordedFact.LOG_ALL_BY_PEOPLE: (lambda assessment: _automatic_cases(assessment) == 0, "log"),
    RecordedFact.LOG_SOME_AUTOMATIC: (lambda assessment: (_automatic_cases(assessment) or 0) > 0, "log"),
}
"""Fact of the record → its test, and the place where it is stated."""


def named_areas(area: AnsweredQuestionnaire) -> tuple[str, ...]:
    """The options chosen, without `unknown`."""
    naming = area.questionnaire.areas
    answer = area.answers.get(naming.question) if naming else None
    return (
        tuple(chosen for chosen in answer if isinstance(chosen, str) and chosen != UNKNOWN)
        if isinstance(answer, tuple)
        else ()
    )


def _holds(disagreement: Disagreement, domain: AnsweredQuestionnaire, area: AnsweredQuestionnaire) -> bool:
    """Whether it holds with certainty, or by an answer `unknown`; a question not reached yet counts as neither."""
    if conditions.holds(disagreement.area, area.visible, area.answers) is not True:
        return False
    truth = conditions.holds(disagreement.here, domain.visible, domain.answers)
    return truth is True or (truth is None and any(_is_answered(disagreement.here, domain.answers)))


def _is_answered(condition: Condition, answers: Answers) -> Iterator[bool]:
    return (name in answers for name in conditions.named_in(condition))


def _rests_on(area: Questionnaire, routes: Sequence[Route], questions: Iterable[str]) -> bool:
    """Whether any of the routes depends on one of the questions, or no route of the area does."""
    wanted = frozenset(questions)
    return not wanted & _looked_at(area) or any(
        route.when == "otherwise" or wanted & conditions.named_in(route.when) for route in routes
    )


@once_for_each
def _looked_at(area: Questionnaire) -> frozenset[str]:
    """Questions that any of its routes depends on."""
    return frozenset().union(*(conditions.named_in(route.when) for route in area.routes if route.when != "otherwise"))


def _places(disagreement: Disagreement, domain: AnsweredQuestionnaire, area: AnsweredQuestionnaire) -> Iterator[str]:
    for answered, condition in ((area, disagreement.area), (domain, disagreement.here)):
        for name in dict.fromkeys(conditions.questions_named(condition)):
            yield f"{answered.questionnaire.id}.{name}"


def _reason(area: AreaSaid, named: Sequence[str], question: Question, domain: AnsweredQuestionnaire) -> Reason:
    labels = [option.label for value in named if (option := question.option(value)) is not None]
    title = domain.questionnaire.title
    text = Text(
        ko=area.because.ko.format(areas=", ".join(_name(text.ko) for text in labels), questionnaire=title.ko),
        en=area.because.en.format(areas=", ".join(_name(text.en) for text in labels), questionnaire=title.en),
    )
    return Reason(text, area.source)


def _name(label: str) -> str:
    """The name of an area: its label without the explanation that follows."""
    return label.partition(": ")[0]
