"""From figures to findings: the organisation's own triggers and its own numbers decide, nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.decision_log import making
from assessments.decision_log.judging.claimed import Claimed, read_claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.reading.faults import Fault
from assessments.decision_log.statistics.analysis import analyse
from assessments.decision_log.triggers import KINDS, Figure, Trigger, Triggers
from assessments.derived import LogContribution
from assessments.model import Finding
from questionnaires import load
from tests.logs import DAY, FIRST, analysed, in_memory, several

ON = date(2026, 1, 2)


RANKS = [Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED]


def marks(**set_: float) -> Triggers:
    """figure=mark, on the side that is the good one."""
    made = []
    for name, mark in set_.items():
        side = "at_least" if KINDS[Figure(name)].good_is_high else "at_most"
        made.append({"figure": name, side: str(mark), "on": ON, "reason": "our own"})
    return Triggers.model_validate({"triggers": made})


def found(log: Any, claimed: Claimed | None = None, **set_: float) -> dict[str, LogContribution]:
    return {one.part: one for one in contributions(analyse(log), claimed or Claimed(), marks(**set_))}


def departing(share: float, size: int = 2_000) -> Any:
    """Evenly spread, so that nothing changes in time."""
    place = np.arange(size)
    return np.floor((place + 1) * share + 1e-9) != np.floor(place * share + 1e-9)


@pytest.mark.parametrize(
    ("share", "trigger", "finding"),
    [
        (0.12, 5, Finding.SUPPORTED),
        (0.003, 5, Finding.CONTRADICTED),
        (0.05, 5, Finding.INDETERMINATE),
        (0.12, None, Finding.INDETERMINATE),
        (0.0, None, Finding.INDETERMINATE),
    ],
)
def test_departures_are_held_against_the_organisations_own_trigger(
    share: float, trigger: float | None, finding: Finding
) -> None:
    one = found(in_memory(departing(share)), **({"divergence_rate": trigger} if trigger else {}))["divergence"]
    assert one.finding is finding
    assert one.reasons and bool(one.missing) == (finding is not Finding.SUPPORTED)
    assert one.figures == ("divergence_rate",) and one.reasons[0].source == "case-15"


def test_unread_rows_cannot_help() -> None:
    log = in_memory(departing(0.06, 5_000), bad={Fault.NOT_A_TIME: 4_000})
    assert found(in_memory(departing(0.06, 5_000)), divergence_rate=5)["divergence"].finding is Finding.SUPPORTED
    assert found(log, divergence_rate=5)["divergence"].finding is Finding.INDETERMINATE
    slow = in_memory(departing(0.1), bad={Fault.MISSING: 1_500})
    assert found(slow, median_review_seconds=120)["time"].finding is Finding.SUPPORTED
    lost = in_memory(departing(0.1), bad={Fault.MISSING: 2_500})
    assert found(lost, median_review_seconds=120)["time"].finding is Finding.INDETERMINATE
    twice = in_memory(departing(0.06, 5_000), bad={Fault.DUPLICATE: 4_000})
    assert found(twice, divergence_rate=5)["divergence"].finding is Finding.SUPPORTED


def test_five_claimed_minutes_against_nine_seconds_need_no_trigger() -> None:
    one = found(in_memory(departing(0.1), review_ms=np.full(2_000, 9_000)), Claimed(minutes=5))["time"]
    assert one.finding is Finding.CONTRADICTED and one.since is None
    assert "9 s" in one.reasons[0].text.en and "9초" in one.reasons[0].text.ko and "5분" in one.reasons[0].text.ko


@pytest.mark.parametrize(
    ("median", "finding"), [(290, Finding.SUPPORTED), (220, Finding.INDETERMINATE), (100, Finding.CONTRADICTED)]
)
def test_the_claimed_time_is_taken_at_its_kindest(median: float, finding: Finding) -> None:
    ms = (1000 * median * np.exp(0.5 * np.random.default_rng(1).standard_normal(4_000))).astype(np.int64)
    one = found(in_memory(departing(0.1, 4_000), review_ms=ms), Claimed(minutes=5), median_review_seconds=60)["time"]
    assert one.finding is finding


def test_one_case_left_open_overnight_hides_nothing() -> None:
    ms = np.where(np.arange(2_000) % 20 == 0, 50_000_000, 9_000)
    assert found(in_memory(departing(0.1), review_ms=ms), Claimed(minutes=5))["time"].finding is Finding.CONTRADICTED


def test_time_from_a_log_without_a_trigger_is_at_best_indeterminate() -> None:
    one = found(in_memory(departing(0.1)), Claimed(minutes=5, floor_minutes=3))["time"]
    assert one.finding is Finding.INDETERMINATE and one.missing


def test_a_median_below_the_organisations_own_minimum_contradicts() -> None:
    fast = in_memory(departing(0.1), review_ms=np.full(2_000, 90_000))
    assert found(fast, Claimed(floor_minutes=3))["time"].finding is Finding.CONTRADICTED


def test_a_load_that_fits_no_day_contradicts_the_claimed_time() -> None:
    crowded = FIRST + np.repeat(np.arange(4), 500) * DAY + np.tile(np.arange(500), 4) * 60_000_000
    said = found(in_memory(departing(0.1), decided=crowded), Claimed(minutes=6))["time"]
    assert said.finding is Finding.CONTRADICTED and any("hours" in one.text.en for one in said.reasons)
    said = found(in_memory(departing(0.1), decided=crowded), Claimed(cases_a_day=20))["time"]
    assert said.finding is Finding.CONTRADICTED and any("20 cases per person" in one.text.en for one in said.reasons)


def test_stated_departures_beyond_the_logs_interval_contradict() -> None:
    log = in_memory(departing(0.05))
    assert found(log, Claimed(decisions=640, departures=97))["divergence"].finding is Finding.CONTRADICTED
    said = found(log, Claimed(decisions=640, departures=33), divergence_rate=2)["divergence"]
    assert said.finding is Finding.SUPPORTED


def test_automatic_cases_contradict_their_denial() -> None:
    automatic = np.arange(2_000) < 3
    log = in_memory(departing(0.1), automatic=automatic)
    assert found(log, Claimed(no_automatic_path=True))["bypass"].finding is Finding.CONTRADICTED
    assert "bypass" not in found(log, Claimed(no_automatic_path=False))
    assert "bypass" not in found(in_memory(departing(0.1)), Claimed(no_automatic_path=True))


@pytest.mark.parametrize(
    ("empty", "finding"), [(0.0, Finding.SUPPORTED), (0.3, Finding.INDETERMINATE), (1.0, Finding.CONTRADICTED)]
)
def test_reasons_said_to_be_recorded_are_looked_for(empty: float, finding: Finding) -> None:
    from assessments.decision_log.reading.columns import Column

    has = frozenset({Column.CASE, Column.OUTPUT, Column.DECISION, Column.REASON})
    departs = np.arange(2_000) % 10 == 0
    reason = np.where(np.arange(2_000) % 100 < empty * 100, 0, 1)
    log = in_memory(departs, reason=reason, has=has)
    assert found(log, Claimed(reasons_departing=True))["reasons"].finding is finding


def test_a_trigger_on_what_the_log_cannot_give_leaves_the_part_open() -> None:
    one = found(in_memory(departing(0.1)), share_below_floor=5)["time"]
    assert one.finding is Finding.INDETERMINATE and "cannot give" in one.reasons[0].text.en
    known = found(in_memory(departing(0.1)), Claimed(floor_minutes=3), share_below_floor=5)["time"]
    assert known.finding is Finding.SUPPORTED


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder, logs = tmp_path_factory.mktemp("logs"), {}
    for style in making.Style:
        making.write(making.make(style, 12, 12_000, 7), folder / f"{style}.csv", "test")
        logs[style.value] = analysed(folder / f"{style}.csv")
    return logs


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("style", "finding", "dated"),
    [
        ("attentive", Finding.SUPPORTED, False),
        ("rubber-stamp", Finding.CONTRADICTED, False),
        ("drifting", Finding.CONTRADICTED, True),
    ],
)
@pytest.mark.slow
def test_the_three_example_logs_are_told_apart(made: Any, style: str, finding: Finding, dated: bool) -> None:
    claimed = Claimed(5, 60, 2, None, None, True, True, True)
    said = contributions(made[style], claimed, marks(divergence_rate=5, median_review_seconds=120, empty_reasons=1))
    by_part = {one.part: one for one in said}
    for part in ("time", "divergence"):
        assert by_part[part].finding is finding
        assert (by_part[part].since is not None) == dated
        if dated:
            assert by_part[part].since == date(2026, 1, 26)
    others = {by_part[part].finding for part in ("bypass", "reasons")}
    assert others == {Finding.SUPPORTED if style == "attentive" else Finding.CONTRADICTED}


@pytest.mark.slow
def test_people_who_enlarge_a_disparity_are_seen(made: Any) -> None:
    by_sex = next(one for one in made["unfair"].disparities if one.group == "sex")
    assert {row.label: row.effect for row in by_sex.rows} == {"F": "enlarge", "M": "not_shown"}
    assert all(
        row.effect != "enlarge" for one in made["attentive"].disparities for row in one.rows if one.group == "sex"
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"figure": "divergence_rate", "at_most": "5"},
        {"figure": "divergence_rate", "at_least": "5", "at_most": "9"},
        {"figure": "divergence_rate"},
        {"figure": "divergence_rate", "at_least": "500"},
        {"figure": "divergence_rate", "at_least": "NaN"},
        {"figure": "colour", "at_least": "5"},
        {"figure": "divergence_rate", "at_least": "5", "reason": ""},
        {"figure": "divergence_rate", "at_least": "5", "on": None},
    ],
)
def test_a_trigger_needs_its_side_a_day_and_a_reason(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Trigger.model_validate({"on": ON, "reason": "ours"} | bad)


def test_a_figure_has_one_trigger() -> None:
    one = Trigger.model_validate({"figure": "divergence_rate", "at_least": "5", "on": ON, "reason": "ours"})
    with pytest.raises(ValidationError, match="more than one"):
        Triggers(triggers=(one, one))


def test_the_claims_numbers_are_those_that_the_questionnaire_asks() -> None:
    asked = {question.id for question in load.in_force("involvement", date(2026, 11, 20)).questionnaire.questions()}
    answers = {
        "time_minutes": 18,
        "time_cases_per_day": 2,
        "time_own_minimum": 10,
        "divergence_decisions": 640,
        "divergence_departures": 97,
        "divergence_trigger_percent": 5,
        "bypass_path": "no",
        "reasons_departing": "yes",
        "reasons_following": "unknown",
    }
    assert set(answers) <= asked
    assert read_claimed(answers) == Claimed(18, 2, 10, 640, 97, 5, True, True, None)
    assert read_claimed({"time_statement": "5 minutes", "time_minutes": True}) == Claimed()


def test_every_source_that_is_named_is_in_the_questionnaire() -> None:
    sources = set(load.in_force("involvement", date(2026, 11, 20)).questionnaire.sources)
    assert {kind.source for kind in KINDS.values()} | {"tool-method", "case-14", "case-15"} <= sources


@pytest.mark.slow
@several
@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 60), st.integers(1, 30))
def test_more_agreeing_rows_never_improve_the_finding(departures: int, agreeing: int, more: int, mark: int) -> None:
    departs = np.repeat([True, False], [departures, agreeing])
    before = found(in_memory(departs), divergence_rate=mark)["divergence"].finding
    after = found(in_memory(np.append(departs, np.zeros(more))), divergence_rate=mark)["divergence"].finding
    beyond = departures / (departures + agreeing) * 100 < mark
    assert RANKS.index(after) <= RANKS.index(before) or beyond is False or before is Finding.CONTRADICTED
    if before is not Finding.SUPPORTED:
        assert after is not Finding.SUPPORTED


@pytest.mark.slow
@several
@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 60))
def test_taking_a_trigger_away_never_supports(departures: int, agreeing: int, mark: int) -> None:
    log = in_memory(np.repeat([True, False], [departures, agreeing + 1]))
    assert found(log)["divergence"].finding is not Finding.SUPPORTED
    assert "time" not in found(log) or found(log)["time"].finding is not Finding.SUPPORTED
    assert found(log, divergence_rate=mark)["divergence"].finding in RANKS
