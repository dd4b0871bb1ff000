"""The risk score: worked figures, and the invariants of the method."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.content import canonical
from assessments.derived import Range, RiskScore
from assessments.model import Grading, Impact, Level, Scenario
from assessments.rules import impacts
from assessments.rules.exact import Ends, half_up, mean
from assessments.rules.scoring import score
from questionnaires import conditions
from questionnaires.schema import UNKNOWN, ImpactScales, Questionnaire
from tests.strategies import answered, build, choice, scorable, scored, text, thorough

TWO = [scored("e1", "exposure", (0, 2, 4)), scored("c1", "control", (0, 4)), scored("e2", "exposure", (0, 10), "d2")]


def test_residual_is_what_controls_in_place_leave_of_the_inherent_figure() -> None:
    found = score(build(TWO), {"e1": "p2", "c1": "p1", "e2": "p0"})
    assert found.inherent == Range(50, 50)  # 100 % of d1 and 0 % of d2, half each
    assert found.residual == Range(20, 20)  # 60 % of d1's 100 taken off, half weight
    assert found.terms == {"overall": Level.LOW, "worst_dimension": Level.LOW}


def test_open_answers_widen_the_range_and_its_upper_end_decides() -> None:
    found = score(build(TWO), {"e1": "p2"})
    assert found.inherent == Range(50, 100)
    assert found.residual == Range(20, 100)
    assert found.level is Level.VERY_HIGH


def test_a_planned_control_counts_nothing() -> None:
    planned = scored("c1", "control", (0, 4))
    planned["options"].insert(1, {"value": "planned", "label": text("planned"), "points": 3, "state": "planned"})
    asked = build([TWO[0], planned, TWO[2]])
    answers = {"e1": "p2", "e2": "p0"}
    assert (
        score(asked, answers | {"c1": "planned"}).residual
        == score(asked, answers | {"c1": "p0"}).residual
        == Range(50, 50)
    )


def test_the_worst_dimension_lifts_the_level_from_one_band_below() -> None:
    found = score(build(TWO), {"e1": "p2", "c1": "p0", "e2": "p0"})
    assert found.residual == Range(50, 50)
    assert found.terms["overall"] is Level.MEDIUM
    assert found.terms["worst_dimension"] is Level.HIGH
    assert found.level is Level.HIGH


FLOOR = {"question": "e1", "is": ["p2"], "level": "high", "because": text("x"), "source": "s1"}


@pytest.mark.parametrize(("answer", "certain"), [("p2", True), (UNKNOWN, False), (None, False), ("p1", None)])
def test_a_floor_counts_unless_it_surely_does_not(answer: str | None, certain: bool | None) -> None:
    found = score(build(TWO, floors=[FLOOR]), {"e2": "p0", "c1": "p1"} | ({"e1": answer} if answer else {}))
    assert [hit.is_certain for hit in found.floors] == ([] if certain is None else [certain])
    assert (found.level is Level.HIGH) == (certain is not None)


def test_several_choices_are_summed_up_to_the_declared_maximum() -> None:
    options = [{"value": name, "label": text(name), "points": 3} for name in "abc"] + [
        {"value": "none", "label": text("none")}
    ]
    many = {"id": "m", "text": text("m"), "type": "choices", "source": "s1", "options": options, "max": 5}
    asked = build([many | {"none_of_these": "none", "kind": "exposure", "dimension": "d1"}, TWO[2]])
    for answer, points in ((("a",), (3, 3)), (("a", "b"), (5, 5)), (("none",), (0, 0)), (None, (0, 5))):
        row = score(asked, {"m": answer} if answer else {}).trace[0]
        assert (row.low, row.high, row.maximum) == (*points, 5)


@pytest.mark.parametrize(("number", "points"), [(0, 0), (9_999, 0), (10_000, 4), (50_000, 4)])
def test_a_number_is_scored_through_its_bands(number: int, points: int) -> None:
    bands = [{"at_least": 0, "points": 0}, {"at_least": 10_000, "points": 4}]
    many = {"id": "n", "text": text("n"), "type": "number", "minimum": 0, "bands": bands, "source": "s1"}
    row = score(build([many | {"kind": "exposure", "dimension": "d1"}, TWO[2]]), {"n": number}).trace[0]
    assert (row.low, row.high, row.maximum) == (points, points, 4)


@pytest.mark.parametrize(
    ("points", "of", "rounded"), [(0, 1, 0), (1, 2, 1), (49, 100, 0), (4165, 100, 42), (5, 0, 0), (25, 10, 3)]
)
def test_figures_are_rounded_half_up(points: int, of: int, rounded: int) -> None:
    assert half_up(points, of) == rounded
    assert Ends(0, points, of).rounded() == Range(0, rounded)


@thorough
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 99)),
        min_size=1,
        max_size=8,
    ),
)
def test_the_mean_is_exact(rows: list[tuple[int, int, int, int]]) -> None:
    found = mean([Ends(low, high, of) for low, high, of, _ in rows], [weight for *_, weight in rows])
    for place, end in enumerate((found.low, found.high)):
        plain = sum((Fraction(row[place] * row[3], row[2] * 100) for row in rows if row[2]), Fraction(0))
        assert Fraction(end, found.of) == plain


SCALES = ImpactScales.model_validate(
    {
        "scale": [{"value": name, "label": text(name)} for name in ("minor", "grave")],
        "duration": [{"value": name, "label": text(name)} for name in ("short", "long")],
        "likelihood": [{"value": name, "label": text(name)} for name in ("rare", "often")],
        "severity": [[0, 1], [1, 2]],
        "level": [["low", "medium"], ["medium", "high"], ["high", "very_high"]],
        "source": "s1",
    }
)


def test_an_impact_is_graded_by_the_tables_and_what_is_not_judged_counts_at_its_worst() -> None:
    judged = Impact(
        "r", before=Grading("grave", "long", "often"), in_place=Grading("grave", "short", "rare"), reason="x"
    )
    grades = impacts.grades([Scenario("s", "x", impacts=(judged, Impact("r2")))], SCALES)
    assert [(one.before, one.in_place, one.target) for one in grades] == [
        (Level.VERY_HIGH, Level.MEDIUM, None),
        (Level.VERY_HIGH, Level.VERY_HIGH, None),
    ]


def test_the_worst_impact_lifts_the_level_and_a_target_never_sets_it() -> None:
    judged = Impact("r", before=Grading("grave", "long", "rare"), target=Grading("minor", "short", "rare"))
    answers = {"e1": "p0", "c1": "p1", "e2": "p0"}
    found = score(build(TWO), answers, [Scenario("s", "x", impacts=(judged,))], SCALES)
    assert found.level is Level.HIGH and not found.is_provisional
    assert score(build(TWO), answers).level is Level.LOW and score(build(TWO), answers).is_provisional


# --- what always holds ---------------------------------------------------------------------------------


def _highs(found: RiskScore) -> tuple[int, int, int]:
    return found.inherent.high, found.residual.high, found.level.rank


@thorough
@given(st.data())
def test_a_worse_answer_never_lowers_the_upper_ends(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    question = data.draw(st.sampled_from([one for one in asked.questions() if one.kind]))
    first, second = data.draw(st.lists(st.sampled_from(question.options[:-1]), min_size=2, max_size=2))
    better, worse = sorted(
        (first, second), key=lambda one: (one.points or 0) * (-1 if question.kind == "control" else 1)
    )
    before, after = (score(asked, answers | {question.id: one.value}) for one in (better, worse))
    assert after.inherent.high >= before.inherent.high
    assert after.residual.high >= before.residual.high


@thorough
@given(st.data())
def test_turning_an_answer_to_unknown_never_lowers_upper_ends_level_or_floors(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    assume(answers)
    question = data.draw(st.sampled_from(sorted(answers)))
    before, after = score(asked, answers), score(asked, answers | {question: UNKNOWN})
    assert all(new >= old for new, old in zip(_highs(after), _highs(before), strict=True))
    assert {(hit.question, hit.level) for hit in before.floors} <= {(hit.question, hit.level) for hit in after.floors}
    assert after.inherent.low <= before.inherent.low and after.residual.low <= before.residual.low


@thorough
@given(st.data())
def test_a_measure_in_place_never_raises_anything(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    controls = [one for one in asked.questions() if one.kind == "control"]
    assume(controls)
    control = data.draw(st.sampled_from(controls))
    best = max(control.options[:-1], key=lambda one: one.points or 0)
    before, after = score(asked, answers), score(asked, answers | {control.id: best.value})
    assert all(new <= old for new, old in zip(_highs(after), _highs(before), strict=True))
    assert after.residual.low <= before.residual.low or answers.get(control.id, UNKNOWN) != UNKNOWN


@thorough
@given(st.data())
def test_the_order_of_answering_is_irrelevant(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    other = dict(data.draw(st.permutations(list(answers.items()))))
    assert score(asked, answers) == score(asked, other)


@thorough
@given(st.data())
def test_surely_hidden_answers_count_nothing(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    shown = conditions.visible(asked, answers)
    kept = {name: value for name, value in answers.items() if shown[name] is not False}
    with_hidden, without = score(asked, answers), score(asked, kept)
    assert (with_hidden.inherent, with_hidden.residual, with_hidden.level) == (
        without.inherent,
        without.residual,
        without.level,
    )
    assert with_hidden.floors == without.floors


@thorough
@given(st.data())
def test_the_range_holds_every_completion(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    found = score(asked, answers)
    full = dict(answers)
    for question in asked.questions():
        if full.get(question.id, UNKNOWN) == UNKNOWN:
            full[question.id] = data.draw(st.sampled_from([one.value for one in question.options[:-1]]))
    done = score(asked, full)
    assert found.inherent.low <= done.inherent.low <= done.inherent.high <= found.inherent.high
    assert found.residual.low <= done.residual.low <= done.residual.high <= found.residual.high
    assert done.level.rank <= found.level.rank


@pytest.mark.slow
@thorough
@given(st.data())
def test_the_same_input_gives_the_same_output_to_the_byte(data: st.DataObject) -> None:
    asked = data.draw(scorable())
    answers = data.draw(answered(asked))
    assert _bytes(asked, answers) == _bytes(
        Questionnaire.model_validate(asked.model_dump(by_alias=True)), dict(answers)
    )


def _bytes(asked: Questionnaire, answers: dict[str, Any]) -> bytes:
    found = score(asked, answers)
    rows = [[row.question, row.answer, row.low, row.high, row.maximum] for row in found.trace]
    return canonical.canonical([found.level.value, found.inherent.high, found.residual.low, rows])


def test_choice_gates_are_not_scored() -> None:
    assert not score(build([choice("g"), *TWO]), {"g": "a"}).trace[0].question == "g"
