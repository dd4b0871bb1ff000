"""The product's conditions and scoring against numbers that the reference implementation of Canada's AIA computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessments.rules import figures, scoring
from questionnaires import conditions
from tests import canada

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "conformance" / "canada-aia"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="The folder with the external cases of Canada's AIA is absent."
)


@pytest.fixture(scope="module")
def definition() -> Any:
    return json.loads((FOLDER / "definition-1.0.1.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def cases() -> Any:
    return json.loads((FOLDER / "cases-1.0.1.json").read_text("utf-8"))["cases"]


def test_every_case_gives_the_four_numbers_and_the_visible_questions(definition: Any, cases: Any) -> None:
    asked = canada.questionnaire(definition)
    names = {canada.name(row["name"]): row["name"] for row in definition["questions"]}
    assert len(names) == len(definition["questions"])
    assert len(cases) == 100
    for case in cases:
        answers = canada.answers(asked, definition, case["answers"])
        shown = conditions.visible(asked, answers)
        assert [names[one] for one, truth in shown.items() if truth] == case["visible_questions"], case["id"]
        found = scoring.score(asked, answers)
        mitigation = sum(row.low for row in found.trace if row.kind == "control")
        expected = case["after_complete"]
        assert found.inherent.low == found.inherent.high == expected["raw_impact_score"], case["id"]
        assert mitigation == expected["mitigation_score"], case["id"]
        assert found.residual.low == found.residual.high == expected["current_score"], case["id"]
        assert found.level.rank + 1 == expected["impact_level"], case["id"]


def test_maxima_run_over_the_whole_survey(definition: Any) -> None:
    trace = scoring.score(canada.questionnaire(definition), {}).trace
    assert sum(row.maximum for row in trace if row.kind == "exposure") == 167
    assert sum(row.maximum for row in trace if row.kind == "control") == 154


def test_raw_49_with_enough_mitigation_is_rounded_in_points_and_stays_level_2(definition: Any) -> None:
    """49 → 41.65 → 42 > 41.75, level 2; rounded in percent it would come out as 25 and level 1."""
    asked = canada.questionnaire(definition)
    method = asked.method
    assert method is not None
    whole = scoring.in_points([figures.Sums(49, 49, 167, 62, 62, 154)], method)
    assert (whole.inherent.high, whole.residual.high, whole.maximum) == (49, 42, 167)
    assert scoring.band(method, whole.residual.high, whole.maximum).rank + 1 == 2
    weaker = scoring.in_points([figures.Sums(49, 49, 167, 61, 61, 154)], method)
    assert weaker.residual.high == 49
