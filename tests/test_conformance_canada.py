"""The product's conditions and scoring against Canada's Algorithmic Impact Assessment, reckoned without the product."""

from __future__ import annotations

from collections import Counter

import pytest

from assessments.rules import exact, scoring
from questionnaires import conditions
from tests import canada


@pytest.mark.slow
def test_every_case_gives_the_four_numbers_and_the_visible_questions() -> None:
    asked, cases = canada.questionnaire(), canada.cases()
    assert len(cases) == canada.COUNT
    for case in cases:
        answers = canada.answers(asked, case.given)
        shown = {name for name, truth in conditions.visible(asked, answers).items() if truth}
        assert shown == canada.visible(case.given), case.id
        score = scoring.score(asked, answers)
        mitigation = sum(row.low for row in score.trace if row.kind == "control")
        assert score.inherent.low == score.inherent.high == case.expected.raw, case.id
        assert mitigation == case.expected.mitigation, case.id
        assert score.residual.low == score.residual.high == case.expected.current, case.id
        assert score.level.rank + 1 == case.expected.level, case.id
        assert len(shown) == case.expected.visible, case.id


@pytest.mark.slow
def test_the_cases_are_those_that_the_generator_draws_and_reckons() -> None:
    assert canada.written() == canada.CASES.read_text("utf-8")


@pytest.mark.slow
def test_the_cases_reach_every_level_with_and_without_deduction_and_hold_answers_of_hidden_questions() -> None:
    cases = canada.cases()
    reached = Counter((case.expected.level, case.expected.current != case.expected.raw) for case in cases)
    assert {level for level, _ in reached} == {1, 2, 3, 4}
    assert sum(count for (_, is_less), count in reached.items() if is_less) > 40
    assert sum(not case.given.keys() <= canada.visible(case.given) for case in cases) > 50


def test_maxima_run_over_the_whole_survey() -> None:
    trace = scoring.score(canada.questionnaire(), {}).trace
    assert sum(row.maximum for row in trace if row.kind == "exposure") == canada.survey()["maximum"]["raw"] == 167
    assert sum(row.maximum for row in trace if row.kind == "control") == canada.survey()["maximum"]["mitigation"] == 154


def test_raw_49_with_enough_mitigation_is_rounded_in_points_and_stays_level_2() -> None:
    """49 → 41.65 → 42 > 41.75, level 2; rounded in percent it would come out as 25 and level 1."""
    method = canada.questionnaire().method
    assert method is not None
    whole = scoring.in_points([exact.Sums(49, 49, 167, 62, 62, 154)], method)
    assert (whole.inherent.high, whole.residual.high, whole.maximum) == (49, 42, 167)
    assert scoring.band(method, whole.residual.high, whole.maximum).rank + 1 == 2
    weaker = scoring.in_points([exact.Sums(49, 49, 167, 61, 61, 154)], method)
    assert weaker.residual.high == 49
