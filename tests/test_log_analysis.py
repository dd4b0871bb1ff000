"""The figures of a log: what must always hold, whatever the rows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision_log import making
from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import LogAnalysis, from_json, to_json
from assessments.decision_log.triggers import Triggers
from tests.logs import HEADER, analysed, in_memory, row, several, written


def _figures(analysis: LogAnalysis) -> LogAnalysis:
    """Without the file, which differs by its bytes, and without the numbers of lines that serve as examples."""
    reading = analysis.reading
    if reading:
        reading = replace(reading, aside=tuple(replace(kind, examples=()) for kind in reading.aside))
    return replace(analysis, source=replace(analysis.source, sha256="", first_bad=(), size=0), reading=reading)


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    """Few cases, reviewers and moments, so that repetitions, replacements and equal times are frequent."""
    outcome = st.sampled_from(["approve", "reject", "refer"])
    made = st.builds(
        lambda case, output, decision, minute, reviewer, reason, sex: row(
            case,
            output,
            decision,
            shown="2026-04-01 09:00:00",
            decided=f"2026-04-{1 + minute // 3:02} 09:0{minute % 3}:00",
            reviewer=reviewer,
            reason=reason,
            sex=sex,
        ),
        st.integers(1, 12),
        outcome,
        outcome,
        st.integers(0, 40),
        st.sampled_from(["kim", "lee", "system", ""]),
        st.sampled_from(["F1", "f1 ", "D2", ""]),
        st.sampled_from(["F", "M", ""]),
    )
    return [row(99), row(98, "reject", "reject"), *draw(st.lists(made, max_size=60))]


@pytest.mark.slow
@several
@given(st.data())
def test_the_order_of_rows_is_irrelevant(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    some = data.draw(rows())
    shuffled = data.draw(st.permutations(some))
    folder = tmp_path_factory.mktemp("order", numbered=True)
    one, other = (analysed(written(folder / name, lines)) for name, lines in (("a", some), ("b", shuffled)))
    assert _figures(replace(one, source=replace(one.source, name=""))) == _figures(
        replace(other, source=replace(other.source, name=""))
    )


@pytest.mark.slow
@several
@given(st.data())
def test_adding_agreeing_rows_never_raises_divergence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    some = data.draw(rows())
    agreeing = [one for one in data.draw(rows()) if one.split(",")[4] == one.split(",")[5]]
    folder = tmp_path_factory.mktemp("agree", numbered=True)
    before = analysed(written(folder / "a", some)).whole.divergence
    after = analysed(written(folder / "b", some + agreeing)).whole.divergence
    assert after.value <= before.value


@pytest.mark.slow
@several
@given(rows())
def test_every_row_is_used_or_named_and_duplicates_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, some: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("twice", numbered=True)
    once, twice = analysed(written(folder / "a", some)), analysed(written(folder / "b", some + some))
    for one, lines in ((once, some), (twice, some + some)):
        assert one.source.total == len(lines)
        assert one.source.used + sum(one.source.bad.values()) == one.source.total
    assert (twice.whole, twice.breakdowns, twice.reviewers) == (once.whole, once.breakdowns, once.reviewers)
    repeated = twice.source.bad.get("duplicate", 0) + twice.source.bad.get("replaced", 0)
    assert repeated >= once.source.used


@pytest.mark.slow
def test_an_analysis_survives_being_written_and_is_canonical(tmp_path: Path) -> None:
    for style in making.Style:
        making.write(making.make(style, 6, 6_000, 2), tmp_path / "a.csv", "test")
        found = analysed(tmp_path / "a.csv", settings=Settings(90.0, ((date(2026, 1, 12), "training"),)))
        written_out = json.loads(rfc8785.dumps(to_json(found)))
        assert from_json(written_out) == found
        assert found.events[0].before.n + found.events[0].after.n == found.whole.divergence.n


@pytest.mark.first_in_check
@pytest.mark.parametrize(("reviewers", "cases"), [(300, 60_000), (12, 12_000)])
@pytest.mark.slow
def test_an_analysis_stays_small_enough_for_the_record(tmp_path: Path, reviewers: int, cases: int) -> None:
    making.write(making.make(making.Style.DRIFTING, reviewers, cases, 2), tmp_path / "a.csv", "test")
    found = analysed(tmp_path / "a.csv")
    assert len(found.reviewers) == found.reviewer_count == reviewers
    assert bool(found.changes) == (reviewers == 12)
    assert len(json.dumps(to_json(found), ensure_ascii=False, separators=(",", ":")).encode()) <= 50_000


def test_the_busiest_reviewers_are_listed_and_all_are_counted() -> None:
    codes = np.repeat(np.arange(350), 3)
    found = analyse(in_memory(np.zeros(len(codes)), codes))
    assert (len(found.reviewers), found.reviewer_count) == (300, 350)


def test_a_log_of_three_columns_says_what_is_left_out(tmp_path: Path) -> None:
    lines = [f"{case},approve,{'approve' if case % 7 else 'reject'}" for case in range(70)]
    found = analysed(written(tmp_path / "a.csv", lines, "case_id,ai_output,final_decision"))
    assert (found.whole.divergence.count, found.whole.divergence.n) == (10, 70)
    assert found.whole.divergence.method == "wilson" and found.whole.first is None and found.whole.times is None
    assert set(found.left_out) == {"shown_at", "decided_at", "reviewer", "reason", "stage", "automatic"}
    assert (found.reviewers, found.workload, found.reasons, found.run_flags) == ((), None, None, None)
    assert [one.part for one in contributions(found, Claimed(5, 10, 3), Triggers())] == ["divergence"]


def test_a_log_without_any_person_shows_nothing_on_departures(tmp_path: Path) -> None:
    lines = [row(case, reviewer="system") for case in range(30)]
    found = analysed(written(tmp_path / "a.csv", lines))
    assert found.whole.divergence.n == 0 and found.automatic.count == found.automatic.n == 30
    said = {one.part: one.finding.value for one in contributions(found, Claimed(no_automatic_path=True), Triggers())}
    assert said == {"bypass": "contradicted"}


def test_departures_are_told_apart_by_output_stage_month_group_and_direction(tmp_path: Path) -> None:
    header = HEADER + ",stage"
    lines = [
        row(1, "approve", "reject", decided="2026-05-01 09:10:00", shown="2026-05-01 09:00:00") + ",first",
        row(2, "reject", "approve") + ",second",
        row(3, "reject", "reject") + ",second",
        row(4, "approve", "approve") + ",",
    ]
    found = analysed(written(tmp_path / "a.csv", lines, header))
    tables = {table.by: {one.label: (one.count, one.n) for one in table.rows} for table in found.breakdowns}
    assert tables["output"] == {"approve": (1, 2), "reject": (1, 2)}
    assert tables["stage"] == {"first": (1, 1), "second": (1, 2), "": (0, 1)}
    assert tables["month"] == {"2026-04": (1, 3), "2026-05": (1, 1)}
    assert tables["group:sex"] == {"F": (1, 2), "M": (1, 2)}
    assert all(table.correction == "uncorrected" for table in found.breakdowns)
    moved = {(one.output, one.decision): (one.rate.count, one.rate.n) for one in found.directions}
    assert moved == {("approve", "reject"): (1, 2), ("reject", "approve"): (1, 2)}
    assert sum(flow.count for flow in found.flows) == 4


def test_days_are_those_of_the_logs_time_zone(tmp_path: Path) -> None:
    early = row(1, shown="2026-03-31T23:50:00Z", decided="2026-03-31T23:55:00Z")
    found = analysed(written(tmp_path / "a.csv", [early]))
    assert found.whole.first == date(2026, 4, 1) and found.breakdowns[1].rows[0].label == "2026-04"


def test_a_day_of_the_organisations_own_is_compared() -> None:
    departs = np.concatenate([np.arange(1_000) % 10 == 0, np.arange(1_000) % 4 == 0])
    found = analyse(in_memory(departs), Settings(events=((date(2026, 1, 8), "new rule"),)))
    event = found.events[0]
    assert event.before.n + event.after.n == 2_000 and event.label == "new rule"
    assert event.difference == pytest.approx(event.after.value - event.before.value, abs=1e-6)
    assert 0 < event.low < event.difference < event.high
