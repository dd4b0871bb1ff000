"""Whether the answers on the area and those to the domain's questionnaire can both hold: contradictions, elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assessments.derived import Reason
from assessments.model import Answers, Text
from questionnaires import conditions
from questionnaires.schema import UNKNOWN, AreaSaid, Condition, Disagreement, Question, Questionnaire, Route


@dataclass(frozen=True)
class Asked:
    """A questionnaire with the answers given to it."""

    questionnaire: Questionnaire
    answers: Answers


@dataclass(frozen=True)
class Contradiction:
    """Two answers that cannot both hold."""

    reason: Reason
    places: tuple[str, ...]
    """`questionnaire.question` of every answer that takes part."""
    is_apart: bool
    """No area that was named is one that the domain's questionnaire examines: it decides nothing at all."""


def contradictions(domain: Asked, area: Asked, routes: Sequence[Route]) -> tuple[Contradiction, ...]:
    """Everything that contradicts. routes: by which the area may be decided.

    An answer counts only where the area's result rests on it: outside the scope of the Act no area is compared.
    """
    examined, naming = domain.questionnaire.area, area.questionnaire.areas
    if examined is None or naming is None:
        return ()
    named = named_areas(area)
    is_apart = bool(named) and not set(named) & set(examined.examines)
    found = [
        Contradiction(Reason(one.because, one.source), tuple(_places(one, domain, area)), is_apart)
        for one in examined.contradicted_if
        if _rests_on(area.questionnaire, routes, conditions.questions_named(one.area)) and _holds(one, domain, area)
    ]
    question = area.questionnaire.question(naming.question)
    if is_apart and question.none_of_these not in named and _rests_on(area.questionnaire, routes, [question.id]):
        place = f"{area.questionnaire.id}.{question.id}"
        found.append(Contradiction(_said(naming.apart, named, question, domain), (place,), is_apart=True))
    return tuple(found)


def elsewhere(domain: Asked, area: Asked) -> Reason | None:
    """Which of the areas named this questionnaire does not examine, though it does examine others. None: no such area."""
    examined, naming = domain.questionnaire.area, area.questionnaire.areas
    if examined is None or naming is None:
        return None
    named = named_areas(area)
    others = [one for one in named if one not in examined.examines]
    if not others or len(others) == len(named):
        return None
    return _said(naming.elsewhere, others, area.questionnaire.question(naming.question), domain)


def named_areas(area: Asked) -> tuple[str, ...]:
    """Options chosen, without `unknown`."""
    naming = area.questionnaire.areas
    answer = area.answers.get(naming.question) if naming else None
    return tuple(one for one in answer if isinstance(one, str) and one != UNKNOWN) if isinstance(answer, tuple) else ()


def _holds(one: Disagreement, domain: Asked, area: Asked) -> bool:
    """Surely, or by an answer that says it is not known; a question not reached yet says nothing."""
    visible = conditions.visible(area.questionnaire, area.answers)
    if conditions.holds(one.area, visible, area.answers) is not True:
        return False
    truth = conditions.holds(one.here, conditions.visible(domain.questionnaire, domain.answers), domain.answers)
    return truth is True or (truth is None and any(_is_answered(one.here, domain.answers)))


def _is_answered(condition: Condition, answers: Answers) -> Iterator[bool]:
    return (name in answers for name in conditions.questions_named(condition))


def _rests_on(area: Questionnaire, routes: Sequence[Route], questions: Iterable[str]) -> bool:
    """Whether one of the routes looks at one of the questions, or no route of the area ever does."""
    wanted = set(questions)
    looked = {name for route in area.routes for name in _looked_at(route)}
    return not wanted & looked or any(route.when == "otherwise" or wanted & set(_looked_at(route)) for route in routes)


def _looked_at(route: Route) -> Iterator[str]:
    if route.when != "otherwise":
        yield from conditions.questions_named(route.when)


def _places(one: Disagreement, domain: Asked, area: Asked) -> Iterator[str]:
    for asked, condition in ((area, one.area), (domain, one.here)):
        for name in dict.fromkeys(conditions.questions_named(condition)):
            yield f"{asked.questionnaire.id}.{name}"


def _said(said: AreaSaid, named: Sequence[str], question: Question, domain: Asked) -> Reason:
    labels = [option.label for value in named if (option := question.option(value)) is not None]
    title = domain.questionnaire.title
    text = Text(
        ko=said.because.ko.format(areas=", ".join(_name(one.ko) for one in labels), questionnaire=title.ko),
        en=said.because.en.format(areas=", ".join(_name(one.en) for one in labels), questionnaire=title.en),
    )
    return Reason(text, said.source)


def _name(label: str) -> str:
    """What an area is called: its label up to what explains it."""
    return label.partition(": ")[0]
