"""The finding on the human-involvement claim, part by part: examine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from assessments.decision_log.judging.figure_contribution import FigureContribution
from assessments.derived import ClaimFinding, LogContribution, PartFinding, Reason
from assessments.model import Answers, Evidence, Finding
from questionnaires import conditions, named
from questionnaires.conditions import Visibility
from questionnaires.schema import ASSESSMENT_DAY, ClaimRules, Part, Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
REPLACED_BY_LOG = (named.PART_DIVERGENCE,)
"""Parts whose stated figures are superseded by a decision log, which is then their evidence."""
_WEAKEST_FIRST = (Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED)

NO_EVIDENCE = TEXTS.text("part_without_evidence")
SET_ASIDE = TEXTS.text("part_not_applicable")


def examine(
    questionnaire: Questionnaire,
    answers: Answers,
    evidence: Sequence[Evidence],
    on: date,
    log: Sequence[LogContribution] = (),
    by_hand: Sequence[FigureContribution] = (),
) -> ClaimFinding:
    """The finding on the claim on that day: as weak as its weakest applicable part; without evidence never supported.

    log: what the decision log says on the parts that it can speak about; it can weaken a part, and it replaces what was
    stated by hand on departures. by_hand: what figures stated by hand say of the parts that no log replaces.

    Raises: ValueError where the questionnaire has no claim block.
    """
    rules = questionnaire.claim
    if rules is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} does not say how a claim is found.")
    answers = {**answers, ASSESSMENT_DAY: on}
    visibility = conditions.visible(questionnaire, answers)
    if not conditions.holds(rules.made_if, visibility, answers):
        return ClaimFinding(Finding.ABSENT)
    parts = _parts(rules, visibility, answers, evidence, on, log, by_hand)
    applicable = [part.finding for part in parts if part.finding is not Finding.NOT_APPLICABLE]
    return ClaimFinding(weakest(applicable), parts)


def whole(
    questionnaire: Questionnaire,
    answers: Answers,
    proven: Collection[str],
    by_hand: Callable[[], Sequence[FigureContribution]] = tuple,
) -> Finding:
    """The finding of `examine` alone, where no log speaks: no reason is told, and nothing is looked at that cannot change it any more.

    answers: with the day judged as ASSESSMENT_DAY; any mapping of which single answers are got. proven: parts with evidence in force.
    by_hand: gives what figures stated by hand say.
    Raises: ValueError where the questionnaire has no claim block.
    """
    rules = questionnaire.claim
    if rules is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} does not say how a claim is found.")
    visibility = conditions.ShownWhenAsked(questionnaire, answers)
    if not conditions.holds(rules.made_if, visibility, answers):
        return Finding.ABSENT
    applicable = [
        part
        for part in rules.parts
        if part.not_applicable_if is None or not conditions.holds(part.not_applicable_if, visibility, answers)
    ]
    for part in applicable:
        if any(conditions.holds(each.when, visibility, answers) for each in part.contradicted_if):
            return Finding.CONTRADICTED
    statements = by_hand()
    against = {statement.part for statement in statements if statement.finding is Finding.CONTRADICTED}
    if any(part.id in against for part in applicable):
        return Finding.CONTRADICTED
    lacking = {statement.part for statement in statements if statement.to_do is not None}
    is_supported = bool(applicable) and all(
        part.id in proven
        and part.id not in lacking
        and all(conditions.holds(need.when, visibility, answers) for need in part.needs)
        for part in applicable
    )
    return Finding.SUPPORTED if is_supported else Finding.INDETERMINATE


def is_made(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether the answers make the claim; an open answer does not, nor does a questionnaire without a claim."""
    if questionnaire.claim is None:
        return False
    return conditions.holds(questionnaire.claim.made_if, conditions.visible(questionnaire, answers), answers) is True


def weakest(findings: Sequence[Finding]) -> Finding:
    """The weakest finding; indeterminate if there is none."""
    return next((finding for finding in _WEAKEST_FIRST if finding in findings), Finding.INDETERMINATE)


def counts_on(evidence: Evidence, on: date) -> bool:
    """Whether the evidence is in force on that day: not dated later, not expired."""
    return (evidence.on is None or evidence.on <= on) and (evidence.expires_on is None or on <= evidence.expires_on)


def _parts(
    rules: ClaimRules,
    visibility: Visibility,
    answers: Answers,
    evidence: Sequence[Evidence],
    on: date,
    log: Sequence[LogContribution],
    by_hand: Sequence[FigureContribution],
) -> tuple[PartFinding, ...]:
    proven = {piece.part for piece in evidence if piece.part and counts_on(piece, on)}
    log_by_part = {contribution.part: contribution for contribution in log}
    return tuple(
        _part(
            part,
            visibility,
            answers,
            part.id in proven,
            log_by_part.get(part.id),
            [statement for statement in by_hand if statement.part == part.id],
        )
        for part in rules.parts
    )


def _part(
    part: Part,
    visibility: Visibility,
    answers: Answers,
    has_evidence: bool,
    log: LogContribution | None,
    by_hand: Sequence[FigureContribution],
) -> PartFinding:
    if part.not_applicable_if is not None and conditions.holds(part.not_applicable_if, visibility, answers):
        return PartFinding(part.id, Finding.NOT_APPLICABLE, reasons=(Reason(SET_ASIDE, part.source),))
    against = tuple(
        Reason(contradiction.because, contradiction.source)
        for contradiction in part.contradicted_if
        if conditions.holds(contradiction.when, visibility, answers)
    )
    missing: tuple[Reason, ...] = ()
    if log is None or part.id not in REPLACED_BY_LOG:
        missing = tuple(
            Reason(need.missing, need.source)
            for need in part.needs
            if not conditions.holds(need.when, visibility, answers)
        )
        missing += tuple(statement.to_do for statement in by_hand if statement.to_do is not None)
        against += tuple(statement.reason for statement in by_hand if statement.finding is Finding.CONTRADICTED)
        if not has_evidence:
            missing += (Reason(NO_EVIDENCE, part.source),)
    if log is not None:
        missing += log.missing
        against += log.reasons if log.finding is Finding.CONTRADICTED else ()
    if against:
        return PartFinding(part.id, Finding.CONTRADICTED, against, missing, log)
    return PartFinding(part.id, Finding.INDETERMINATE if missing else Finding.SUPPORTED, (), missing, log)
