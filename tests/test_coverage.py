"""The coverage matrix: what only fills the ministry's blank form shows its gaps, the examples show none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assessments.derived import CoveredItem
from assessments.file import assessment_file
from assessments.model import Assessment
from assessments.rules import findings
from assessments.rules.coverage import cover, record_facts

EXAMPLES = sorted((Path(__file__).resolve().parents[1] / "examples").glob("*.yaml"))
FORM = (
    "overview",
    "purpose",
    "field",
    "use_steps",
    "period_and_frequency",
    "users_and_affected",
    "choices_of_users",
)
"""The seven target fields of the guideline's blank form; item 8 is the scenarios."""


def _covered(stated: assessment_file.StatedAssessment, assessment: Assessment) -> tuple[CoveredItem, ...]:
    return cover(stated.questionnaires[findings.IMPACT], assessment, stated.questionnaires[assessment.domain])


def _gaps(covered: tuple[CoveredItem, ...], matrix: str) -> set[str]:
    return {one.item for one in covered if one.matrix == matrix and not one.is_documented}


@pytest.mark.slow
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_shows_no_gap(file: Path) -> None:
    stated = assessment_file.read_file(file)
    covered = _covered(stated, stated.assessment)
    assert not _gaps(covered, "decree")
    assert [one.item for one in covered] == list("1234567"), "what is no duty in Korea stands in the cross-walk"


@pytest.mark.first_in_check
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
@pytest.mark.slow
def test_the_blank_form_alone_leaves_gaps_in_items_3_5_and_7_and_the_vulnerable_groups(file: Path) -> None:
    stated = assessment_file.read_file(file)
    given = stated.assessment.responses[findings.IMPACT]
    only = {name: response for name, response in given.items() if name in FORM}
    assert len(only) == len(FORM)
    in_place = tuple(replace(one, is_in_place=True) for one in stated.assessment.measures)
    responses = {**stated.assessment.responses, findings.IMPACT: only}
    covered = _covered(stated, replace(stated.assessment, responses=responses, measures=in_place))
    assert {"1", "3", "5", "7"} <= _gaps(covered, "decree")
    assert not {"2", "4"} & _gaps(covered, "decree")


def test_an_empty_assessment_documents_nothing_but_the_method() -> None:
    stated = assessment_file.read_file(EXAMPLES[0])
    empty = replace(stated.assessment, responses={}, scenarios=(), measures=())
    assert _gaps(_covered(stated, empty), "decree") == set("1234567")


def test_every_gap_says_what_to_do_in_both_languages() -> None:
    stated = assessment_file.read_file(EXAMPLES[0])
    empty = replace(stated.assessment, responses={}, scenarios=(), measures=(), evidence=())
    gaps = findings.derive(stated.questionnaires, empty).gaps
    assert {gap.where for gap in gaps if gap.where.startswith("coverage.decree.")}
    assert all(gap.text.ko and gap.text.en for gap in gaps)


def test_a_method_that_is_not_declared_is_not_documented() -> None:
    stated = assessment_file.read_file(EXAMPLES[0])
    domain = stated.questionnaires[stated.assessment.domain]
    asked = stated.questionnaires[findings.IMPACT]
    assert record_facts(asked, stated.assessment, domain)["method"]
    assert not record_facts(asked, stated.assessment, domain.model_copy(update={"method": None}))["method"]
