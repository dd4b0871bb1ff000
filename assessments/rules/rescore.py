"""What another edition would change in an assessment: compare. Of many assessments: touched, left_of, claim_of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from assessments.decision_log.judging import stored_log
from assessments.decision_log.judging.by_hand import said_by_hand
from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.kept_log import KeptLog
from assessments.derived import Determination, DutyFinding
from assessments.model import Answer, Answers, Assessment, Evidence, Finding, Level, Outcome
from assessments.rules import duties, findings, involvement
from questionnaires import conditions, named
from questionnaires.conditions import Judge, Visibility
from questionnaires.once import once_for_each
from questionnaires.schema import Questionnaire


class DutyChange(NamedTuple):
    """One duty before and after; None: the rule does not have it."""

    duty: str
    before: str | None
    after: str | None
    """State, and what kind of text asks for it: `planned, decree`."""


@dataclass(frozen=True)
class Change:
    """An assessment under its pinned editions and under others."""

    outcome: tuple[Outcome, Outcome]
    """Before and after."""
    contested: tuple[bool, bool]
    level: tuple[Level, Level]
    residual: tuple[int, int]
    """Upper bounds, before and after."""
    new_questions: tuple[str, ...]
    """`questionnaire.question`, shown under the new editions and not asked before."""
    dropped_questions: tuple[str, ...]
    """Answered, and no longer asked."""
    lost_answers: tuple[str, ...]
    """Answered with an option that is no longer there."""
    reasons: tuple[str, ...]
    """Reasons for the outcome under the new editions, in English."""
    duties: tuple[DutyChange, ...] = ()
    """Duties found otherwise, in the order of the new rule, then those that it no longer has."""

    @property
    def is_any(self) -> bool:
        """Whether outcome, level, a duty or the questions asked would change."""
        before_after = (self.outcome, self.contested, self.level)
        changed_questions = (self.new_questions, self.dropped_questions, self.lost_answers, self.duties)
        return any(before != after for before, after in before_after) or any(changed_questions)


def compare(old: Mapping[str, Questionnaire], new: Mapping[str, Questionnaire], assessment: Assessment) -> Change:
    """old: the pinned editions by id; new: the same with one or more replaced."""
    left, lost = still_possible(new, assessment)
    before, after = findings.derive(old, assessment), findings.derive(new, left)
    was, is_ = before.determination.with_claim, after.determination.with_claim
    return Change(
        outcome=(was.outcome, is_.outcome),
        contested=(was.contested, is_.contested),
        level=(before.risk.level, after.risk.level),
        residual=(before.risk.residual.high, after.risk.residual.high),
        new_questions=tuple(_new(old, new, left)),
        dropped_questions=tuple(_dropped(new, assessment)),
        lost_answers=lost,
        reasons=tuple(reason.text.en for reason in is_.reasons),
        duties=duty_changes(before.duties, after.duties),
    )


def duty_changes(before: Sequence[DutyFinding], after: Sequence[DutyFinding]) -> tuple[DutyChange, ...]:
    """What is found otherwise, a state or what kind of text asks for it."""
    was, is_ = ({each.duty: f"{each.state}, {each.force}" for each in findings} for findings in (before, after))
    return tuple(
        DutyChange(duty, was.get(duty), is_.get(duty)) for duty in {**is_, **was} if was.get(duty) != is_.get(duty)
    )


def _new(old: Mapping[str, Questionnaire], new: Mapping[str, Questionnaire], assessment: Assessment) -> list[str]:
    names = []
    for name, questionnaire in new.items():
        known = set(old[name].question_ids) if name in old else set()
        shown = conditions.visible(questionnaire, assessment.answers(name))
        names += [
            f"{name}.{question_id}"
            for question_id, truth in shown.items()
            if truth is not False and question_id not in known
        ]
    return names


def _dropped(new: Mapping[str, Questionnaire], assessment: Assessment) -> list[str]:
    return [
        f"{name}.{question}"
        for name in assessment.responses
        for question in assessment.answers(name)
        if name not in new or question not in new[name].question_ids
    ]


def still_possible(new: Mapping[str, Questionnaire], assessment: Assessment) -> tuple[Assessment, tuple[str, ...]]:
    """The assessment without the answers that the new editions no longer offer, and the places of those answers."""
    responses = {name: dict(of_questionnaire) for name, of_questionnaire in assessment.responses.items()}
    lost = []
    for name, of_questionnaire in assessment.responses.items():
        questions = {question.id: question for question in new[name].questions()} if name in new else {}
        for question_id, response in of_questionnaire.items():
            if question_id not in questions:
                del responses[name][question_id]
                continue
            options = {option.value for option in questions[question_id].options}
            chosen = response.answer if isinstance(response.answer, tuple) else (response.answer,)
            if options and any(isinstance(value, str) and value not in options for value in chosen):
                lost.append(f"{name}.{question_id}")
                del responses[name][question_id]
    return replace(assessment, responses=responses), tuple(lost)


# --- many assessments ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Touched:
    """What other editions can change at all; the rest need not be derived."""

    claim: bool
    determination: bool
    score: bool
    questions: bool
    duties: bool
    """What is found on duties at the same outcome: their rule, or what they are found by."""
    points: bool
    """The points of an answer, or which questions are shown; not how points make a score."""


def touched(old: Mapping[str, Questionnaire], new: Mapping[str, Questionnaire], domain: str) -> Touched:
    """Compares what the rules read of each questionnaire; another wording alone touches nothing but reasons."""

    def is_same(name: str, *parts: str) -> bool:
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            return before is after
        return _asked(before) == _asked(after) and all(getattr(before, part) == getattr(after, part) for part in parts)

    claim = not is_same(named.CLAIM, "claim")
    areas = is_same(named.AREA, "routes", "areas", "area") and is_same(domain, "routes", "area")
    impact = is_same(named.IMPACT, "method")
    duties = not all(
        is_same(name, "duties", "findings", "supervision", "supervised_by", "coverage") for name in {*old, *new}
    )
    points = not (is_same(domain) and _scored(old.get(domain)) == _scored(new.get(domain)))
    return Touched(
        claim=claim,
        determination=claim or not areas,
        score=points or not (impact and is_same(domain, "method")),
        duties=duties,
        points=points,
        questions=any(not is_same(name) for name in {*old, *new}),
    )


def _asked(questionnaire: Questionnaire) -> list[tuple[object, ...]]:
    """What is asked, when, and with which answers."""
    return [
        (
            question.id,
            question.type,
            question.shown_if,
            question.none_of_these,
            [option.value for option in question.options],
        )
        for question in questionnaire.questions()
    ]


def _scored(questionnaire: Questionnaire | None) -> list[tuple[object, ...]]:
    scored = questionnaire.scored_questions if questionnaire else ()
    return [
        (question.id, question.dimension, question.kind, question.max, question.ladder, question.minimum)
        for question in scored
    ]


def changed_ways(old: Questionnaire, new: Questionnaire) -> tuple[Judge, ...] | None:
    """What a determination can hang on where routes alone differ: their conditions, before and after.

    None: more differs. Of a set of answers under which none of them can hold, both editions say the same.
    """
    if _asked(old) != _asked(new) or (old.areas, old.area) != (new.areas, new.area):
        return None
    if len(old.routes) != len(new.routes):
        return None
    pairs = [(before, after) for before, after in zip(old.routes, new.routes, strict=True) if before != after]
    whens = [route.when for pair in pairs for route in pair]
    return None if "otherwise" in whens else tuple(conditions.judge(when) for when in whens if when != "otherwise")


def are_out_of_reach(
    ways: Sequence[Judge] | None, visibility: Visibility, answers: Answers, claim: Finding | None = None
) -> bool:
    """Whether none of these can hold. ways None: that cannot be told."""
    return ways is not None and all(way(visibility, answers, claim) is False for way in ways)


def duties_of(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment, determined: Sequence[Determination]
) -> list[tuple[DutyFinding, ...]]:
    """What is found on duties under each determination, all else being equal."""
    case = findings.case_of_duties(questionnaires, assessment, determined[0])
    return [duties.find_duties(replace(case, determination=each)) for each in determined]


@dataclass(frozen=True)
class Gone:
    """What an edition offers no longer of another one."""

    questions: frozenset[str]
    options: Mapping[str, frozenset[str]]
    """Question → what it still offers, where it offers less or anything else."""


def gone_answers(old: Questionnaire, new: Questionnaire) -> Gone:
    before, after = _options(old), _options(new)
    return Gone(
        frozenset(question for question in before if question not in after),
        {
            question: after[question]
            for question, options in before.items()
            if after.get(question) and (not options or options - after[question])
        },
    )


def left_of(answers: Answers, gone: Gone) -> tuple[Answers, list[str], list[str]]:
    """The answers that an edition still offers, those to questions it no longer asks, and those it no longer offers."""
    dropped = [question for question in gone.questions if question in answers]
    lost = [
        question for question in gone.options if question in answers and not is_left(question, answers[question], gone)
    ]
    if not dropped and not lost:
        return answers, dropped, lost
    left = {question: answer for question, answer in answers.items() if question not in {*dropped, *lost}}
    return left, dropped, lost


def is_left(question: str, answer: Answer, gone: Gone) -> bool:
    """Whether the edition still asks that and still offers this answer."""
    if question in gone.questions:
        return False
    return question not in gone.options or _is_offered(answer, gone.options[question])


def _is_offered(answer: Answer, options: Collection[str]) -> bool:
    chosen = answer if isinstance(answer, tuple) else (answer,)
    return not any(isinstance(value, str) and value not in options for value in chosen)


@once_for_each
def _options(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    return {
        question.id: frozenset(option.value for option in question.options) for question in questionnaire.questions()
    }


@dataclass(frozen=True)
class Basis:
    """What the finding on a claim follows from beside the answers."""

    proven: frozenset[str]
    """Parts of the claim with evidence in force on the day judged."""
    judged_on: date
    log: KeptLog | None = None
    is_example: bool = False


def claim_of(questionnaire: Questionnaire | None, answers: Answers, basis: Basis) -> Finding:
    """The finding on the claim as `findings.examine_claim` says.

    answers: with the day judged as ASSESSMENT_DAY; without a log any mapping of which single answers are got.
    """
    if questionnaire is None:
        return Finding.ABSENT
    if basis.log is None:
        return involvement.whole(questionnaire, answers, basis.proven, lambda: said_by_hand(read_claimed(answers)))
    log = stored_log.contributions_to_claim(basis.log, answers, is_example=basis.is_example)
    evidence = [Evidence("", "", "", "", 0, "", part=part) for part in sorted(basis.proven)]
    by_hand = said_by_hand(read_claimed(answers))
    return involvement.examine(questionnaire, answers, evidence, basis.judged_on, log, by_hand).whole
