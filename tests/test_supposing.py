"""What-if: what is supposed is derived like what is stored; the fewest steps are enough and none is idle; hinges are all there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import editions
from assessments.content import supposed as written
from assessments.errors import InvalidAnswerError
from assessments.file import assessment_file
from assessments.model import (
    AISystem,
    Answer,
    Assessment,
    EditionRef,
    Finding,
    Grading,
    Impact,
    Level,
    Operator,
    Response,
    Scenario,
)
from assessments.rules import fewest, findings, sensitivity
from assessments.rules.results import results_of
from assessments.rules.scoring import score
from assessments.rules.supposing import (
    AnswerChange,
    Change,
    GradingChange,
    MeasureChange,
    ProofChange,
    TargetReached,
    moved,
    suppose,
)
from questionnaires.schema import UNKNOWN, Questionnaire
from tests.strategies import answered, build, chances, choice, routed, scorable, scored, text, thorough
from tests.test_scoring import SCALES

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
DAY = date(2026, 11, 20)
Questionnaires = Mapping[str, Questionnaire]


@cache
def example(name: str) -> tuple[Questionnaires, Assessment]:
    stated = assessment_file.read_file(EXAMPLES / f"{name}.yaml").assessment
    return editions.questionnaires(stated), stated


def made(answers: Mapping[str, Answer], scenarios: Sequence[Scenario] = ()) -> Assessment:
    responses = {name: Response(name, answer) for name, answer in answers.items()}
    pinned = (EditionRef("made", "1.0", "0" * 64),)
    system, operator = AISystem("시험"), Operator("시험")
    return Assessment(system, operator, "made", DAY, pinned, {"made": responses}, scenarios=tuple(scenarios))


# --- what is supposed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hiring", "credit", "medical"])
def test_no_change_gives_no_move(name: str) -> None:
    questionnaires, assessment = example(name)
    nothing = moved(questionnaires, assessment, [])
    assert not nothing.is_any and nothing.before == nothing.after
    trace = (nothing.routes, nothing.shown, nothing.hidden, nothing.points, nothing.dimensions, nothing.terms)
    assert not any((*trace, nothing.floors, nothing.impacts, nothing.parts, nothing.causes))


def test_the_trace_names_the_factor_the_floor_and_the_term_that_moved_the_level() -> None:
    questionnaires, assessment = example("hiring")
    change = AnswerChange("hiring", "automatic_cutoff", "yes")
    moves = moved(questionnaires, assessment, [change])
    assert (moves.before.risk.level, moves.after.risk.level) == (Level.MEDIUM, Level.HIGH)
    assert [(shift.name, shift.before, shift.after) for shift in moves.terms if shift.name == "floors"] == [
        ("floors", None, Level.HIGH)
    ]
    assert [new.question for old, new in moves.floors if old is None and new] == ["automatic_cutoff"]
    assert "automatic_cutoff" in [new.question for _, new in moves.points]
    (cause,) = moves.causes
    assert (cause.alone.level, cause.without.level) == (Level.HIGH, Level.MEDIUM)


def test_the_trace_names_the_route_that_decides_now_and_the_answer_that_leads_there() -> None:
    questionnaires, assessment = example("hiring")
    moves = moved(questionnaires, assessment, [AnswerChange("area", "korea_link", "abroad_only")])
    now_taken = [shift for shift in moves.routes if shift.after is True]
    assert now_taken and now_taken[0].questions == ("korea_link",)
    assert moves.before.determination.with_claim != moves.after.determination.with_claim


def test_a_proof_taken_away_weakens_its_part_and_the_claim() -> None:
    questionnaires, assessment = example("hiring")
    part = next(piece.part for piece in assessment.evidence if piece.part)
    moves = moved(questionnaires, assessment, [ProofChange(part, False)])
    assert moves.before.claim.whole is Finding.SUPPORTED and moves.after.claim.whole is Finding.INDETERMINATE
    assert [(shift.part, shift.after) for shift in moves.parts] == [(part, Finding.INDETERMINATE)]
    again = moved(questionnaires, suppose(assessment, [ProofChange(part, False)]), [ProofChange(part, True)])
    assert again.after.claim.whole is Finding.SUPPORTED


def test_a_measure_in_place_moves_no_figure_and_a_target_that_is_reached_does() -> None:
    questionnaires, assessment = example("medical")
    planned = next(measure for measure in assessment.measures if not measure.is_in_place)
    assert not moved(questionnaires, assessment, [MeasureChange(planned.id, True)]).is_any
    scenario, impact = next(
        (scenario, impact) for scenario in assessment.scenarios for impact in scenario.impacts if impact.target
    )
    moves = moved(questionnaires, assessment, [TargetReached(scenario.id, impact.right)])
    (shift,) = moves.impacts
    assert shift.name == f"{scenario.id}\t{impact.right}" and shift.after and shift.before
    assert shift.after.rank < shift.before.rank


@st.composite
def changes(draw: st.DrawFn, questionnaires: Questionnaires, assessment: Assessment) -> list[Change]:
    """Some answers of the domain, the claim and the area, and some measures."""
    chance = draw(chances)
    drawn: list[Change] = []
    for _ in range(chance.randint(0, 5)):
        questionnaire = questionnaires[chance.choice(["area", assessment.domain, "involvement"])]
        question = chance.choice([question for question in questionnaire.questions() if question.options])
        value = chance.choice([*(option.value for option in question.options), None])
        answer = (value,) if value is not None and question.type.takes_several else value
        drawn.append(AnswerChange(questionnaire.id, question.id, answer))
    drawn += [MeasureChange(measure.id, chance.choice([True, False])) for measure in assessment.measures[:2]]
    return drawn


@pytest.mark.slow
@thorough
@given(st.data())
def test_what_is_supposed_is_derived_like_what_was_really_changed(data: st.DataObject) -> None:
    questionnaires, assessment = example(data.draw(st.sampled_from(["hiring", "credit", "medical"])))
    drawn = data.draw(changes(questionnaires, assessment))
    responses = {name: dict(of) for name, of in assessment.responses.items()}
    measures = {measure.id: measure for measure in assessment.measures}
    for change in drawn:  # written out once more, as a form would do it
        if isinstance(change, AnswerChange):
            responses[change.questionnaire].pop(change.question, None)
            if change.answer is not None:
                responses[change.questionnaire][change.question] = Response(change.question, change.answer)
        elif isinstance(change, MeasureChange):
            measures[change.measure] = replace(measures[change.measure], is_in_place=change.is_in_place)
    really = replace(assessment, responses=responses, measures=tuple(measures.values()))
    day = assessment.day_judged()
    moves = moved(questionnaires, assessment, drawn)
    assert moves.after == findings.derive(questionnaires, really, judged_on=day)
    derived, quick = moves.after, results_of(questionnaires, really, judged_on=day)
    with_claim = derived.determination.with_claim
    assert quick == (
        with_claim.outcome,
        with_claim.contested,
        derived.claim.whole,
        derived.risk.level,
        derived.risk.residual.high,
    )


# --- in an address ------------------------------------------------------------------------------------


@pytest.mark.slow
@thorough
@given(st.data())
def test_changes_come_back_from_an_address_as_they_were(data: st.DataObject) -> None:
    questionnaires, assessment = example(data.draw(st.sampled_from(["hiring", "credit", "medical"])))
    drawn = data.draw(changes(questionnaires, assessment))
    words = [written.to_text(change) for change in drawn]
    assert written.read(words, questionnaires, assessment) == tuple(_last_ones(drawn))


def _last_ones(drawn: Sequence[Change]) -> list[Change]:
    return list({written.subject(change): change for change in drawn}.values())


@pytest.mark.parametrize(
    "words",
    [
        "answer:hiring.nothing:yes",
        "answer:credit.institution:bank",
        "answer:hiring.automatic_cutoff:perhaps",
        "answer:hiring",
        "measure:m99:in_place",
        "measure:m1:perhaps",
        "proof:nothing:yes",
        "target:s9:nothing",
        "grading:s1:nothing:scale:small",
        "drop:table:everything",
        "",
        "x" * 5000,
    ],
)
def test_an_address_that_names_what_is_not_there_is_refused_by_name(words: str) -> None:
    questionnaires, assessment = example("hiring")
    with pytest.raises(InvalidAnswerError):
        written.read([words], questionnaires, assessment)


def test_an_address_holds_a_bounded_number_of_changes() -> None:
    questionnaires, assessment = example("hiring")
    with pytest.raises(InvalidAnswerError):
        written.read(["measure:m1:in_place"] * (written.MOST_CHANGES + 1), questionnaires, assessment)


def test_an_impact_is_never_supposed_to_be_worse_with_its_measures_than_before() -> None:
    questionnaires, assessment = example("hiring")
    scales = findings.scales_of(questionnaires)
    assert scales is not None
    scenario, impact = next(
        (scenario, impact)
        for scenario in assessment.scenarios
        for impact in scenario.impacts
        if impact.before.likelihood != scales.likelihood[-1].value
    )
    worst = scales.likelihood[-1].value
    with pytest.raises(InvalidAnswerError):
        written.read([f"grading:{scenario.id}:{impact.right}:likelihood:{worst}"], questionnaires, assessment)
    least = scales.likelihood[0].value
    (change,) = written.read([f"grading:{scenario.id}:{impact.right}:likelihood:{least}"], questionnaires, assessment)
    assert change == GradingChange(scenario.id, impact.right, "likelihood", least)


# --- the fewest ---------------------------------------------------------------------------------------


def _planned(questionnaire: Questionnaire) -> Questionnaire:
    """Every control has an option `planned`."""
    parts: list[dict[str, Any]] = []
    for question in questionnaire.questions():
        part = question.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        if question.kind == "control":
            part["options"].insert(0, {"value": "planned", "label": text("planned"), "points": 0, "state": "planned"})
        parts.append(part)
    method = questionnaire.method
    floors = (
        [floor.model_dump(mode="json", by_alias=True, exclude_none=True) for floor in method.floors] if method else []
    )
    return build(parts, floors=floors)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Questionnaires, Assessment]:
    """A questionnaire with answers, most controls planned, and a few impacts with targets."""
    chance = draw(chances)
    extra = [
        scored(f"c{place}", "control", (0, chance.randint(1, 6)), chance.choice(["d1", "d2"])) for place in range(4)
    ]
    base = draw(scorable())
    parts = [
        question.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        for question in base.questions()
    ]
    assert base.method is not None
    floors = [floor.model_dump(mode="json", by_alias=True, exclude_none=True) for floor in base.method.floors]
    if chance.randint(0, 3) == 0:
        floors.append(
            {"question": "c0", "is": ["p0", "planned"], "level": "high", "because": text("x"), "source": "s1"}
        )
    questionnaire = _planned(build([*parts, *extra], floors=floors))
    answers = draw(answered(questionnaire))
    answers |= {
        question.id: "planned"
        for question in questionnaire.scored_questions
        if question.kind == "control" and chance.randint(0, 3)
    }
    steps = [[label.value for label in labels] for labels in (SCALES.scale, SCALES.duration, SCALES.likelihood)]
    impacts = tuple(
        Impact(
            f"r{place}",
            before=Grading(*(chance.choice(values) for values in steps)),
            target=Grading(*(chance.choice(values) for values in steps)) if chance.randint(0, 3) else None,
        )
        for place in range(chance.randint(0, 2))
    )
    scenarios = (Scenario("s1", "x", impacts=impacts),) if impacts else ()
    scale = build([choice("q")], id="impact").model_copy(
        update={"method": base.method.model_copy(update={"impacts": SCALES})}
    )
    return {"made": questionnaire, "impact": scale}, made(answers, scenarios)


def _level(questionnaires: Questionnaires, assessment: Assessment, steps: Sequence[fewest.Step]) -> Level:
    then = suppose(assessment, steps)
    return score(questionnaires["made"], then.answers("made"), then.scenarios, SCALES).level


@thorough
@given(plans())
def test_the_fewest_steps_are_enough_none_is_idle_and_no_fewer_do(plan: tuple[Questionnaires, Assessment]) -> None:
    questionnaires, assessment = plan
    way = fewest.fewest(questionnaires, assessment)
    assert way.level is _level(questionnaires, assessment, ())
    if way.goal is None:
        assert way.level is Level.LOW
        return
    goal = way.goal.rank
    enough = [
        size
        for size in range(1, len(way.stated) + 1)
        if any(_level(questionnaires, assessment, steps).rank <= goal for steps in combinations(way.stated, size))
    ][:1]
    if way.steps is None:
        assert way.is_complete and not enough and way.holding
        return
    assert enough == [len(way.steps)]
    assert _level(questionnaires, assessment, way.steps) is way.then and way.then.rank <= goal
    for left_out in way.steps:
        rest = [step for step in way.steps if step != left_out]
        assert _level(questionnaires, assessment, rest).rank > goal


def test_only_what_is_stated_as_planned_counts() -> None:
    questions = [scored("e1", "exposure", (0, 4)), scored("c1", "control", (0, 4)), scored("c2", "control", (0, 4))]
    questionnaire = _planned(build([*questions, scored("e2", "exposure", (0, 4), "d2")]))
    answers = {"e1": "p1", "e2": "p0", "c1": "p0", "c2": UNKNOWN}
    none = fewest.fewest({"made": questionnaire}, made(answers))
    assert none.stated == () and none.steps is None and set(none.holding) <= {"overall", "worst_dimension"}
    planned = fewest.fewest({"made": questionnaire}, made(answers | {"c1": "planned", "c2": "planned"}))
    assert planned.steps and set(planned.steps) <= {AnswerChange("made", name, "p1") for name in ("c1", "c2")}


def test_a_search_that_is_given_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    controls = [scored(f"c{place}", "control", (0, 1), "d1") for place in range(6)]
    questions = [scored("e1", "exposure", (0, 4)), scored("e2", "exposure", (0, 4), "d2"), *controls]
    questionnaire = _planned(build(questions))
    assessment = made({"e1": "p1", "e2": "p0"} | {f"c{place}": "planned" for place in range(6)})
    assert fewest.fewest({"made": questionnaire}, assessment).steps is not None
    monkeypatch.setattr(fewest, "MOST_TRIED", 1)
    given_up = fewest.fewest({"made": questionnaire}, assessment)
    assert not given_up.is_complete and given_up.steps is None and given_up.ruled_out == 1
    assert given_up.goal and given_up.then.rank <= given_up.goal.rank


# --- what outcome and level hang on -------------------------------------------------------------------


@thorough
@given(st.data())
@pytest.mark.slow
def test_hinges_are_those_that_trying_every_option_shows(data: st.DataObject) -> None:
    questionnaire = data.draw(st.one_of(routed(4), scorable()))
    if not questionnaire.routes:
        cited = {"because": text("x"), "source": "s1"}
        otherwise = {"when": "otherwise", "outcome": "not_high_impact"}
        routes = build([choice("q")], [cited | otherwise]).routes
        questionnaire = questionnaire.model_copy(update={"routes": routes})
    answers = data.draw(answered(questionnaire))
    assessment = made(answers)
    questionnaires = {"made": questionnaire}

    def kind(of: Mapping[str, Answer]) -> tuple[object, ...]:
        results = results_of(questionnaires, made(of))
        return results.outcome, results.contested, results.claim, results.level

    expected = {}
    for question in questionnaire.questions():
        tried = {kind({**answers, question.id: o.value}) for o in question.options if o.value != UNKNOWN}
        if others := tried - {kind(answers)}:
            expected[question.id] = others
    hinges = sensitivity.hinges(questionnaires, assessment)
    reached = {
        hinge.question: {(r.outcome, r.contested, r.claim, r.level) for _, r in hinge.others} for hinge in hinges
    }
    assert reached == expected
    assert all(hinge.is_open == (answers.get(hinge.question, UNKNOWN) == UNKNOWN) for hinge in hinges)


@pytest.mark.slow
def test_an_answer_on_which_sources_differ_is_named_as_contested() -> None:
    questionnaires, assessment = example("hiring")
    determined = findings.derive(questionnaires, assessment).determination.with_claim
    assert determined.contested
    hinges = sensitivity.hinges(questionnaires, assessment)
    assert {hinge.questionnaire for hinge in hinges} == {"area", "hiring", "involvement"}
    assert any(hinge.moves_outcome for hinge in hinges) and any(hinge.moves_level for hinge in hinges)
    assert any(hinge.moves_claim for hinge in hinges)
