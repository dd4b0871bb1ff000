"""Somebody else's scale beside the tool's own score: rate, scale_of, excessive, is_left_out.

Residual = inherent - mitigation, item by item; the total is their sum. Whole tenths of a point throughout, nothing is rounded.
What is not stated leaves a range. Neither determination nor score nor level follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessments.derived import Gap, Range, Reason, ScaleFloorHit, ScaleLine, ScaleSum, SecondScale
from assessments.model import Answer, Answers, Assessment, Outcome
from questionnaires import decimals
from questionnaires.schema import Questionnaire, Scale, ScaleItem


def scale_of(questionnaires: Mapping[str, Questionnaire], domain: str) -> Questionnaire | None:
    """The questionnaire with the second scale of this domain. None: it has none, or none is pinned."""
    name = questionnaires[domain].second_scale
    questionnaire = questionnaires.get(name) if name else None
    return questionnaire if questionnaire and questionnaire.scale else None


def is_left_out(questionnaire: Questionnaire, assessment: Assessment) -> bool:
    """It is a second scale of which nothing was answered, noted or documented; the assessment is complete without it."""
    responses = assessment.responses.get(questionnaire.id, {})
    return (
        questionnaire.scale is not None
        and not any(response.answer is not None or response.note for response in responses.values())
        and not any(evidence.question.startswith(f"{questionnaire.id}.") for evidence in assessment.evidence)
    )


def rate(
    questionnaire: Questionnaire, answers: Answers, outcome: Outcome, without_claim: Outcome | None = None
) -> SecondScale | None:
    """Every item, principle and the total, with its band. None: nothing of it was answered.

    outcome: of the determination with the human-involvement claim. without_claim: the other; None: the same.
    Raises: ValueError where the questionnaire declares no scale.
    """
    scale = questionnaire.scale
    if scale is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no scale.")
    if not any(name in answers for item in scale.items() for name in (item.inherent, item.mitigation)):
        return None
    sums = []
    for principle in scale.principles:
        lines = tuple(_line(questionnaire, item, answers) for item in principle.items)
        sums.append(
            ScaleSum(principle.id, principle.points * decimals.TENTHS, _sum(line.residual for line in lines), lines)
        )
    total = _sum(principle.residual for principle in sums)
    ends = band(scale, total.low), band(scale, total.high)
    floor = _floor(scale, outcome, without_claim or outcome)
    return SecondScale(
        questionnaire=questionnaire.id,
        sums=tuple(sums),
        maximum=scale.total * decimals.TENTHS,
        total=total,
        by_points=ends,
        bands=_raised(scale, ends, floor),
        floor=floor,
    )


def band(scale: Scale, total: int) -> str:
    """The band of a total in tenths: it begins at its bound and ends right before the next."""
    return next(band.id for band in reversed(scale.bands) if total >= band.at_least * decimals.TENTHS)


def excessive(questionnaire: Questionnaire, answers: Answers) -> tuple[ScaleItem, ...]:
    """Items of which mitigation would take away more points than there are."""
    if questionnaire.scale is None:
        return ()
    return tuple(
        item
        for item in questionnaire.scale.items()
        if (inherent := _tenths(answers.get(item.inherent))) is not None
        and (_tenths(answers.get(item.mitigation)) or 0) > inherent
    )


def gaps(questionnaire: Questionnaire, assessment: Assessment) -> Iterator[Gap]:
    """Of a scale that was begun: items that are not stated, and points without words; one for each item. None of them blocks submission."""
    scale, responses = questionnaire.scale, assessment.responses.get(questionnaire.id, {})
    if scale is None or is_left_out(questionnaire, assessment):
        return
    for item in scale.items():
        stated = {name: responses.get(name) for name in (item.inherent, item.mitigation)}
        missing = [name for name, response in stated.items() if response is None or response.answer is None]
        wordless = [name for name, response in stated.items() if response is None or not response.note]
        for name in missing[:1]:
            yield Gap(f"{questionnaire.id}.{name}", scale.open, is_required=False)
        for name in () if missing else wordless[:1]:
            yield Gap(f"{questionnaire.id}.{name}", scale.unfounded, is_required=False)


# --- parts -----------------------------------------------------------------------------------------------


def _line(questionnaire: Questionnaire, item: ScaleItem, answers: Answers) -> ScaleLine:
    maximum = (questionnaire.question(item.inherent).maximum or 0) * decimals.TENTHS
    points, less = _tenths(answers.get(item.inherent)), _tenths(answers.get(item.mitigation))
    inherent = Range(less or 0, maximum) if points is None else Range(points, points)
    mitigation = Range(0, inherent.high) if less is None else Range(less, less)
    low = 0 if less is None else max(0, inherent.low - less)  # less than 0 is refused before: `excessive`
    residual = Range(low, max(0, inherent.high - mitigation.low))
    return ScaleLine(item.id, maximum, inherent, mitigation, residual, is_open=points is None or less is None)


def _tenths(answer: Answer | None) -> int | None:
    return decimals.tenths(answer) if isinstance(answer, str) else None


def _sum(ranges: Iterator[Range]) -> Range:
    listed = list(ranges)
    return Range(sum(figures.low for figures in listed), sum(figures.high for figures in listed))


def _floor(scale: Scale, outcome: Outcome, without_claim: Outcome) -> ScaleFloorHit | None:
    """An outcome that would ask for a band is possible while nothing can be determined, and where it rests on the claim."""
    for floor in scale.at_least:
        is_certain = floor.outcome is outcome
        if is_certain or floor.outcome is without_claim or Outcome.CANNOT_DETERMINE in (outcome, without_claim):
            return ScaleFloorHit(floor.band, is_certain, Reason(floor.because, floor.source))
    return None


def _raised(scale: Scale, ends: tuple[str, str], floor: ScaleFloorHit | None) -> tuple[str, str]:
    if floor is None:
        return ends
    order = [band.id for band in scale.bands]
    low, high = ends
    at_least = order.index(floor.band)
    return (
        order[max(order.index(low), at_least)] if floor.is_certain else low,
        order[max(order.index(high), at_least)],
    )
