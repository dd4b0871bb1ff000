"""Whether the system is high-impact: determine, both. Routes are data; the score plays no part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assessments.derived import ContestedGround, Determination, DeterminationPair, Reason
from assessments.model import Answer, Answers, Finding, Outcome
from assessments.rules import agreement
from assessments.rules.agreement import AnsweredQuestionnaire
from questionnaires import conditions
from questionnaires.conditions import Judge, Truth, Visibility
from questionnaires.once import once_for_each
from questionnaires.schema import Ground, Questionnaire, Route

__all__ = [
    "AnsweredQuestionnaire",
    "Screening",
    "both",
    "contradictions",
    "determine",
    "determined",
    "screen",
    "truths",
    "walked",
    "without_people",
]


def determine(
    questionnaire: Questionnaire, answers: Answers, claim: Finding, area: AnsweredQuestionnaire | None = None
) -> Determination:
    """The outcome shared by all routes still possible; cannot_determine if they differ.

    area: evaluated first; its outcome stands unless it is `continue`, which leaves it to the domain's routes. If its answers
    contradict the domain's, the system is never cleared as not high-impact.
    """
    return determined(AnsweredQuestionnaire(questionnaire, answers), claim, area)


def determined(
    answered: AnsweredQuestionnaire, claim: Finding, area: AnsweredQuestionnaire | None = None
) -> Determination:
    """The same of a domain's questionnaire with its answers."""
    possible = _possible(answered, claim)
    against: tuple[agreement.Contradiction, ...] = ()
    if area is not None:
        walked_first = _possible(area, claim)
        against = contradictions(answered, area)
        possible = [route_possible for first in walked_first for route_possible in _continued(first, possible)]
    outcomes = {route_possible.outcome for route_possible in possible}
    outcome = outcomes.pop() if len(outcomes) == 1 else Outcome.CANNOT_DETERMINE
    reasons = _reasons(route for route_possible in possible for route in route_possible.routes)
    is_contradicted = bool(against) and (
        outcome is not Outcome.HIGH_IMPACT or any(contradiction.is_apart for contradiction in against)
    )
    if is_contradicted:
        first = tuple(contradiction.reason for contradiction in against)
        reasons = (*first, *reasons) if outcome is Outcome.CANNOT_DETERMINE else first
        outcome = Outcome.CANNOT_DETERMINE
    contested, grounds = _contested(outcome, possible, claim)
    return Determination(
        outcome,
        contested,
        reasons=_with_plain(reasons, possible, claim) if outcome is Outcome.HIGH_IMPACT else reasons,
        grounds=grounds,
        deciding=_deciding(possible) if outcome is Outcome.CANNOT_DETERMINE else (),
        is_contradicted=is_contradicted,
    )


def both(
    questionnaire: Questionnaire, answers: Answers, claim: Finding, area: AnsweredQuestionnaire | None = None
) -> DeterminationPair:
    """With the human-involvement claim, and without it.

    Without it, the claim is absent and the answers are those of without_people.
    """
    return DeterminationPair(
        with_claim=determine(questionnaire, answers, claim, area),
        without_claim=determine(questionnaire, without_people(questionnaire, answers), Finding.ABSENT, area),
    )


def contradictions(domain: AnsweredQuestionnaire, area: AnsweredQuestionnaire) -> tuple[agreement.Contradiction, ...]:
    """Contradictions between the answers on the area and the domain's; the claim plays no part."""
    routes = [route_possible.routes[-1] for route_possible in _possible(area, Finding.ABSENT)]
    return agreement.contradictions(domain, area, routes)


def truths(answered: AnsweredQuestionnaire, claim: Finding) -> tuple[Truth, ...]:
    """Of each route whether it decides: False too where one before it surely does."""
    reached = [truth for _, truth in walked(answered, claim)]
    return (*reached, *(False for _ in answered.questionnaire.routes[len(reached) :]))


def without_people(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """The answers, with every question about people set to the option that denies their involvement.

    What the system does and what it is for stays as answered.
    """
    return dict(answers) | {
        question.id: question.denies
        for question in questionnaire.questions()
        if question.denies is not None and answers.get(question.id) not in question.not_about_people
    }


@dataclass(frozen=True)
class Screening:
    """The result of the area questions alone."""

    goes_on: bool
    """Whether a domain's questionnaire is needed."""
    determination: Determination
    """The outcome if no domain's questionnaire is needed, else cannot_determine."""


def screen(area: AnsweredQuestionnaire) -> Screening:
    """The two-minute screening: whether any domain questionnaire is needed at all."""
    possible = _possible(area, Finding.ABSENT)
    outcomes = {(route_possible.continues, route_possible.outcome) for route_possible in possible}
    goes_on = all(route_possible.continues for route_possible in possible)
    outcome = next(iter(outcomes))[1] if len(outcomes) == 1 else Outcome.CANNOT_DETERMINE
    contested, grounds = _contested(outcome, possible, Finding.ABSENT)
    reasons = _reasons(route_possible.routes[-1] for route_possible in possible)
    deciding = _deciding(possible) if outcome is Outcome.CANNOT_DETERMINE and not goes_on else ()
    return Screening(goes_on, Determination(outcome, contested, reasons, grounds, deciding))


@dataclass(frozen=True)
class _Possible:
    """One path that the open answers still allow: its routes, of which the last decides."""

    outcome: Outcome
    routes: tuple[Route, ...]
    asked: AnsweredQuestionnaire
    visibility: Visibility
    continues: bool = False
    at_least: Outcome | None = None


def _possible(answered: AnsweredQuestionnaire, claim: Finding) -> list[_Possible]:
    possible: list[_Possible] = []
    for route, truth in walked(answered, claim):
        if truth is not False:
            continues = route.outcome == "continue"
            outcome = Outcome.CANNOT_DETERMINE if route.outcome == "continue" else route.outcome
            possible.append(_Possible(outcome, (route,), answered, answered.visible, continues, route.at_least))
    return possible


def walked(answered: AnsweredQuestionnaire, claim: Finding) -> Iterator[tuple[Route, Truth]]:
    """The routes in order with whether each holds, up to the first that certainly does."""
    for route, is_taken in _ways(answered.questionnaire):
        truth = is_taken(answered.visible, answered.answers, claim)
        yield route, truth
        if truth:
            return  # later routes never count


@once_for_each
def _ways(questionnaire: Questionnaire) -> list[tuple[Route, Judge]]:
    """The routes in order, each with the function that judges it."""
    return [
        (route, _always if route.when == "otherwise" else conditions.judge(route.when))
        for route in questionnaire.routes
    ]


def _always(visibility: Visibility, answers: Answers, claim: Finding | None) -> Truth:
    return True


def _continued(first: _Possible, domain: Sequence[_Possible]) -> list[_Possible]:
    if not first.continues:
        return [first]
    raised = first.at_least
    return [
        replace(route_possible, outcome=raised, routes=(*first.routes, *route_possible.routes))
        if raised is not None and route_possible.outcome is Outcome.NOT_HIGH_IMPACT
        else route_possible
        for route_possible in domain
    ]


def _contested(
    outcome: Outcome, possible: Sequence[_Possible], claim: Finding
) -> tuple[bool, tuple[ContestedGround, ...]]:
    """NO: any ground that may hold. YES: only if every possible route has a ground that certainly holds, and so
    has every further route that certainly holds."""
    if outcome is Outcome.CANNOT_DETERMINE:
        return False, ()
    if outcome is Outcome.HIGH_IMPACT and (plain := _uncontested(possible, claim)):
        possible = plain
    judged = [_standing(route_possible.routes[-1], route_possible, claim) for route_possible in possible]
    standing = [ground for grounds in judged for ground in grounds]
    if outcome is Outcome.NOT_HIGH_IMPACT:  # noqa: SIM108 - two rules, told apart
        contested = bool(standing)
    else:
        contested = all(any(truth for _, truth in grounds) for grounds in judged)
    grounds = {(ground.because.en, ground.source, truth): (ground, truth) for ground, truth in standing}
    return contested, tuple(
        ContestedGround(ground.because, ground.source, truth is True) for ground, truth in grounds.values()
    )


def _uncontested(possible: Sequence[_Possible], claim: Finding) -> list[_Possible]:
    """Paths to high-impact that certainly hold and are uncontested, whether or not another route decides first."""
    way = possible[-1]
    return [
        replace(way, routes=(*way.routes[:-1], route))
        for route, is_taken in _ways(way.asked.questionnaire)
        if route.outcome is Outcome.HIGH_IMPACT
        and route.when != "otherwise"
        and is_taken(way.visibility, way.asked.answers, claim)
        and not any(truth for _, truth in _standing(route, way, claim))
    ]


def _with_plain(reasons: tuple[Reason, ...], possible: Sequence[_Possible], claim: Finding) -> tuple[Reason, ...]:
    """The reasons; if all of them are contested, followed by the first uncontested one that certainly holds."""
    judged = (_standing(route_possible.routes[-1], route_possible, claim) for route_possible in possible)
    plain = _uncontested(possible, claim) if all(any(truth for _, truth in grounds) for grounds in judged) else []
    return (*reasons, *_reasons(route_possible.routes[-1] for route_possible in plain[:1]))


def _standing(route: Route, way: _Possible, claim: Finding) -> list[tuple[Ground, Truth]]:
    """The route's grounds that are not certainly false."""
    judged = ((ground, _truth(ground, way, claim)) for ground in route.contested_if)
    return [(ground, truth) for ground, truth in judged if truth is not False]


def _reasons(routes: Iterable[Route]) -> tuple[Reason, ...]:
    """The reasons of the routes, without repetitions."""
    once = {(route.because.en, route.source): route for route in routes}
    return tuple(Reason(route.because, route.source) for route in once.values())


def _truth(ground: Ground, way: _Possible, claim: Finding) -> Truth:
    return True if ground.when is None else conditions.holds(ground.when, way.visibility, way.asked.answers, claim)


def _deciding(possible: Sequence[_Possible]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for route_possible in possible:
        for route in route_possible.routes:
            for name in () if route.when == "otherwise" else conditions.questions_named(route.when):
                if route_possible.visibility.get(name, False) is not False and conditions.is_open(
                    route_possible.asked.answers.get(name)
                ):
                    names[name] = None
    return tuple(names)
