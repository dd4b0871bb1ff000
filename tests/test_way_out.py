"""The log as part of the claim, and what would change a claim that is not supported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log.judging.claimed import read_claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.reading.columns import read_mapping
from assessments.decision_log.triggers import read_triggers
from assessments.derived import LogContribution, Reason
from assessments.file import assessment_file
from assessments.model import Answers, Evidence, Finding, Outcome, Text
from assessments.rules import determination, findings
from assessments.rules.involvement import examine
from assessments.rules.way_out import way_out
from questionnaires import load
from questionnaires.schema import Questionnaire
from tests.logs import analysed
from tests.strategies import answered, build, choice, thorough
from tests.test_involvement import ON, claiming, evidence

RANKS = [Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED]


def said(part: str, finding: Finding, since: date | None = None) -> LogContribution:
    why, to_do = (Reason(Text(ko=words, en=words), "s1") for words in ("why", "to do"))
    return LogContribution(part, finding, (why,), () if finding is Finding.SUPPORTED else (to_do,), ("f",), since)


@pytest.mark.parametrize("answer", ["yes", "no", "unknown"])
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("finding", RANKS)
def test_a_log_weakens_a_part_and_never_makes_up_for_answers_or_evidence(
    answer: str, held: bool, finding: Finding
) -> None:
    asked, answers = claiming("a"), {"claims": "yes", "a": answer}
    files = [evidence("a")] if held else []
    without = examine(asked, answers, files, ON).whole
    with_log = examine(asked, answers, files, ON, [said("a", finding)]).whole
    assert with_log is RANKS[min(RANKS.index(without), RANKS.index(finding))]


@pytest.mark.parametrize("finding", RANKS)
def test_on_departures_a_log_takes_the_place_of_what_was_stated_by_hand(finding: Finding) -> None:
    asked = claiming("divergence")
    unknown = {"claims": "yes", "divergence": "unknown"}
    found = examine(asked, unknown, [], ON, [said("divergence", finding)])
    assert found.whole is finding and found.parts[0].log == said("divergence", finding)
    denied = examine(asked, unknown | {"divergence": "no"}, [], ON, [said("divergence", finding)])
    assert denied.whole is Finding.CONTRADICTED


def test_the_day_from_which_a_log_contradicts_is_kept() -> None:
    log = said("a", Finding.CONTRADICTED, date(2026, 4, 2))
    part = examine(claiming("a"), {"claims": "yes", "a": "yes"}, [evidence("a")], ON, [log]).parts[0]
    assert part.finding is Finding.CONTRADICTED and part.log is not None and part.log.since == date(2026, 4, 2)
    assert part.reasons == log.reasons and part.missing == log.missing


def domain() -> Questionnaire:
    text = {"ko": "x", "en": "x"}
    routes = [
        {"when": {"claim": ["supported"]}, "outcome": "not_high_impact", "because": text, "source": "s1"},
        {"when": "otherwise", "outcome": "high_impact", "because": text, "source": "s1"},
    ]
    return build([choice("q")], routes=routes)


def test_what_would_change_is_listed_part_by_part_with_the_determination_then() -> None:
    asked = claiming("a", "b", "c", "d")
    answers = {"claims": "yes", "a": "yes", "b": "no", "c": "unknown", "d": "na"}
    found = examine(asked, answers, [evidence(name) for name in "abc"], ON)
    out = way_out(found, domain(), {})
    assert out is not None
    assert [(step.part, step.finding, step.whole_then) for step in out.steps] == [
        ("b", Finding.CONTRADICTED, Finding.INDETERMINATE),
        ("c", Finding.INDETERMINATE, Finding.CONTRADICTED),
    ]
    assert all(step.to_do for step in out.steps)
    assert out.determination_then.outcome is Outcome.NOT_HIGH_IMPACT


def test_a_claim_that_is_supported_or_absent_needs_no_way_out() -> None:
    held = [evidence("a")]
    for answers in ({"claims": "yes", "a": "yes"}, {"claims": "no"}):
        assert way_out(examine(claiming("a"), answers, held, ON), domain(), {}) is None


@thorough
@given(st.data())
def test_doing_all_that_is_listed_supports_the_claim_and_nothing_on_the_list_can_be_spared(data: st.DataObject) -> None:
    asked = claiming("a", "b")
    answers: Answers = data.draw(answered(asked)) | {"claims": "yes"}
    held: list[Evidence] = [evidence(name) for name in data.draw(st.lists(st.sampled_from("ab"), unique=True))]
    log = [said("a", data.draw(st.sampled_from(RANKS)))] if data.draw(st.booleans()) else []
    found = examine(asked, answers, held, ON, log)
    out = way_out(found, domain(), {})
    for step in out.steps if out else ():
        done = {reason.text.en for reason in step.to_do}
        mended = dict(answers) | ({step.part: "yes"} if "say yes" in done else {})
        files = [*held, evidence(step.part)] if any("evidence" in one for one in done) else held
        logs = [said("a", Finding.SUPPORTED)] if "to do" in done else log
        then = next(one for one in examine(asked, mended, files, ON, logs).parts if one.part == step.part)
        assert then.finding is Finding.SUPPORTED
        assert determination.both(domain(), {}, step.whole_then).with_claim.outcome in Outcome


def test_every_part_of_the_shipped_claim_says_what_to_do() -> None:
    asked = load.in_force("involvement", ON).questionnaire
    made = {
        "relies_on_people": "yes",
        "bypass_path": "yes",
        "authority_named": "nobody",
        "time_practicable": "impossible",
    }
    found = examine(asked, made, [], ON)
    out = way_out(found, load.in_force("hiring", ON).questionnaire, {})
    assert out is not None and len(out.steps) == len(found.parts) == 12
    assert all(step.to_do for step in out.steps)


@thorough
@given(st.data())
def test_removing_evidence_never_improves_a_finding_beside_a_log(data: st.DataObject) -> None:
    asked = claiming("a", "divergence")
    answers = data.draw(answered(asked)) | {"claims": "yes"}
    held = data.draw(st.lists(st.sampled_from(["a", "divergence"]), unique=True))
    fewer = [name for name in held if data.draw(st.booleans())]
    log = [said(part, data.draw(st.sampled_from(RANKS))) for part in ("a", "divergence")]
    before = examine(asked, answers, [evidence(name) for name in held], ON, log).whole
    after = examine(asked, answers, [evidence(name) for name in fewer], ON, log).whole
    assert RANKS.index(after) <= RANKS.index(before)


EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize(
    ("finding", "whole", "contested"),
    [
        (Finding.SUPPORTED, Finding.SUPPORTED, True),
        (Finding.INDETERMINATE, Finding.INDETERMINATE, False),
        (Finding.CONTRADICTED, Finding.CONTRADICTED, False),
    ],
)
def test_grading_profiles_is_contested_only_while_the_log_bears_the_claim_out(
    finding: Finding, whole: Finding, contested: bool
) -> None:
    """Guideline 2.6, flowchart nodes H6 and H8, against casebook table 16."""
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    found = findings.derive(stated.questionnaires, stated.assessment, [said("divergence", finding)])
    assert found.claim.whole is whole
    assert found.determination.with_claim.outcome is Outcome.HIGH_IMPACT
    assert found.determination.with_claim.contested is contested
    without = findings.derive(stated.questionnaires, stated.assessment).determination.without_claim
    assert found.determination.without_claim == without


def test_the_shipped_example_is_borne_out_by_its_own_log_mapping_and_triggers() -> None:
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    mapping = read_mapping(EXAMPLES / "decision-log" / "map.yaml")
    triggers = read_triggers(EXAMPLES / "decision-log" / "triggers.yaml")
    found = analysed(EXAMPLES / "evidence" / "decision-log.csv", mapping)
    assert (found.whole.divergence.count, found.whole.divergence.n) == (97, 640)
    said_ = contributions(found, read_claimed(stated.assessment.answers("involvement")), triggers)
    assert {one.part: one.finding for one in said_} == {
        "time": Finding.SUPPORTED,
        "divergence": Finding.SUPPORTED,
        "reasons": Finding.SUPPORTED,
    }
    assert findings.derive(stated.questionnaires, stated.assessment, said_).claim.whole is Finding.SUPPORTED
