"""Which answers decide the level: decisive. Which of all answers outcome, claim and level hang on: hinges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.derived import Determination
from assessments.model import Answer, Answers, Assessment, Finding, Level, Outcome, Scenario
from assessments.rules import determination
from assessments.rules.results import Known, Results, results_of
from assessments.rules.scoring import score
from assessments.rules.supposing import AnswerChange, suppose
from questionnaires import conditions, named
from questionnaires.once import once_for_each
from questionnaires.question_types import of_type
from questionnaires.schema import Condition, ImpactScales, Question, Questionnaire


@dataclass(frozen=True)
class Decisive:
    """A scored question that alone can change the level, all other answers being equal."""

    question: str
    is_open: bool
    best: Level
    """The level with its best answer."""
    worst: Level
    """The level with its worst answer."""


def decisive(
    questionnaire: Questionnaire,
    answers: Answers,
    scenarios: Sequence[Scenario] = (),
    scales: ImpactScales | None = None,
) -> tuple[Decisive, ...]:
    """Questions whose best or worst answer alone would give another level, in the order of asking."""
    now = score(questionnaire, answers, scenarios, scales).level
    visibility = conditions.visible(questionnaire, answers)
    decisive_questions = []
    for question in questionnaire.scored_questions:
        if visibility[question.id] is False:
            continue
        levels = [
            score(questionnaire, {**answers, question.id: answer}, scenarios, scales).level
            for answer in of_type(question).extremes(question)
        ]
        best, worst = (choose(levels, key=lambda level: level.rank) for choose in (min, max))
        if best is not now or worst is not now:
            decisive_questions.append(Decisive(question.id, conditions.is_open(answers.get(question.id)), best, worst))
    return tuple(decisive_questions)


@dataclass(frozen=True)
class Hinge:
    """A question whose answer alone can change outcome, claim or level, all others being equal."""

    questionnaire: str
    question: str
    is_open: bool
    is_contested: bool
    """Another official source reads it otherwise: a ground on which the outcome is contested names it."""
    now: Results
    others: tuple[tuple[Answer, Results], ...]
    """Answers that lead elsewhere; of several that lead to the same, the first."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """That can be reached, the present one first."""
        return tuple(dict.fromkeys([self.now.outcome, *(results.outcome for _, results in self.others)]))

    @property
    def claims(self) -> tuple[Finding, ...]:
        return tuple(dict.fromkeys([self.now.claim, *(results.claim for _, results in self.others)]))

    @property
    def levels(self) -> tuple[Level, ...]:
        """From the lowest to the highest."""
        reached = {self.now.level, *(results.level for _, results in self.others)}
        return tuple(sorted(reached, key=lambda level: level.rank))

    @property
    def moves_outcome(self) -> bool:
        now = (self.now.outcome, self.now.contested)
        return any((results.outcome, results.contested) != now for _, results in self.others)

    @property
    def moves_claim(self) -> bool:
        return len(self.claims) > 1

    @property
    def moves_level(self) -> bool:
        return len(self.levels) > 1


def hinges(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, *, judged_on: date | None = None
) -> tuple[Hinge, ...]:
    """In the order of asking; those on area, domain and claim that are or may be shown.

    Every option is tried, of several choices at most three together, of a number and a day those at which a rule may turn.
    judged_on: as in `findings.derive`.
    """
    day = judged_on or assessment.day_judged()
    now = results_of(questionnaires, assessment, judged_on=day)
    known = Known(assessment, now)
    disputed = _disputed(questionnaires, assessment, now.claim)
    listed = []
    for name in (named.AREA, assessment.domain, named.CLAIM):
        questionnaire = questionnaires.get(name)
        if questionnaire is None:
            continue
        answers = assessment.answers(name)
        shown = conditions.visible(questionnaire, answers)
        for question in questionnaire.questions():
            if shown[question.id] is False:
                continue
            reached: dict[tuple[object, ...], tuple[Answer, Results]] = {}
            for answer in _tried(questionnaire, question, day):
                change = AnswerChange(name, question.id, answer)
                results = results_of(questionnaires, suppose(assessment, [change]), judged_on=day, known=known)
                if (kind := _kind(results)) != _kind(now):
                    reached.setdefault(kind, (answer, results))
            if reached:
                is_open = conditions.is_open(answers.get(question.id))
                is_contested = (name, question.id) in disputed
                listed.append(Hinge(name, question.id, is_open, is_contested, now, tuple(reached.values())))
    return tuple(listed)


def _kind(results: Results) -> tuple[object, ...]:
    """What counts as elsewhere: the score may move within its level."""
    return results.outcome, results.contested, results.claim, results.level


def _tried(questionnaire: Questionnaire, question: Question, day: date) -> Iterable[Answer]:
    kind = of_type(question)
    if kind.compared_as is date:
        return (day, day + timedelta(days=1))
    if kind.is_prose:
        return ()
    tests = [leaf for condition in _conditions(questionnaire) for leaf in conditions.leaves(condition)]
    turning = [edge for leaf in tests for edge in conditions.edges(leaf, question)]
    return dict.fromkeys(
        [*kind.telling_answers(question, turning), *(kind.extremes(question) if question.is_scored else ())]
    )


@once_for_each
def _conditions(questionnaire: Questionnaire) -> list[Condition]:
    """Every condition that outcome, claim or level may turn on."""
    listed: list[Condition] = [question.shown_if for question in questionnaire.questions() if question.shown_if]
    for route in questionnaire.routes:
        listed += [] if route.when == "otherwise" else [route.when]
        listed += [ground.when for ground in route.contested_if if ground.when is not None]
    listed += [disagreement.here for disagreement in (questionnaire.area.contradicted_if if questionnaire.area else ())]
    if questionnaire.claim is not None:
        listed.append(questionnaire.claim.made_if)
        for part in questionnaire.claim.parts:
            listed += [part.not_applicable_if] if part.not_applicable_if is not None else []
            listed += [contradiction.when for contradiction in part.contradicted_if]
            listed += [need.when for need in part.needs]
    return [*listed, *(questionnaire.method.floors if questionnaire.method else ())]


def _disputed(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, claim: Finding
) -> frozenset[tuple[str, str]]:
    """Questions named by the grounds on which the outcome is contested."""
    domain, area = questionnaires[assessment.domain], questionnaires.get(named.AREA)
    before = determination.AnsweredQuestionnaire(area, assessment.answers(named.AREA)) if area else None
    determined = determination.determine(domain, assessment.answers(domain.id), claim, before)
    return frozenset(
        (questionnaire.id, question)
        for questionnaire in (area, domain)
        if questionnaire is not None
        for question in _named_by_grounds(questionnaire, determined)
    )


def _named_by_grounds(questionnaire: Questionnaire, determined: Determination) -> Iterator[str]:
    standing = {(ground.text.en, ground.source) for ground in determined.grounds}
    for route in questionnaire.routes:
        for ground in route.contested_if:
            if ground.when is not None and (ground.because.en, ground.source) in standing:
                yield from conditions.questions_named(ground.when)
