"""Nobody is better off without evidence: withdrawing a log, putting another in its place, logs that are only made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import actions
from assessments.content import canonical
from assessments.decision_log import kept_log
from assessments.decision_log.judging import stored_log
from assessments.decision_log.kept_log import KeptLog, Withdrawal
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from assessments.decision_log.triggers import Triggers
from assessments.errors import IncompleteError, NotFoundError
from assessments.file import assessment_file
from assessments.file.assessment_file import StatedAssessment
from assessments.model import Assessment, Finding
from assessments.rules import findings
from assessments.storage import event_lines
from tests.logs import DAY, FIRST, in_memory, several
from tests.office import AT, KIM, Office

HIRING = Path(__file__).parents[1] / "examples" / "hiring.yaml"
ON = date(2026, 1, 1)
RANKS = [Finding.CONTRADICTED, Finding.INDETERMINATE, Finding.SUPPORTED]
MAPPING = LogMapping(columns={Column.CASE: "case", Column.OUTPUT: "ai", Column.DECISION: "final"})
MARKS = Triggers.model_validate(
    {
        "triggers": [
            {"figure": "divergence_rate", "at_least": "5", "on": ON, "reason": "우리 기준"},
            {"figure": "median_review_seconds", "at_least": "600", "on": ON, "reason": "우리 기준"},
        ]
    }
)


@cache
def analysed(departs: int, seconds: int, days: int = 60, from_day: int = 0, is_made: bool = False) -> LogAnalysis:
    """So many of a hundred decisions depart; evenly, so that nothing changes in time."""
    size = 600
    decided = FIRST + from_day * DAY + np.linspace(0, (days - 1) * DAY, size).astype(np.int64)
    place, took = np.arange(size), np.full(size, 1_000 * seconds)
    log = in_memory(place % 100 < departs, place % 5, decided=decided, review_ms=took)
    log = replace(log, file=replace(log.file, is_made=is_made))
    return analyse(log, Settings(600.0))


def log(departs: int = 15, seconds: int = 1_080, marks: Triggers = MARKS, **more: int) -> KeptLog:
    return KeptLog(analysed(departs, seconds, **more), MAPPING, marks)


@cache
def stated() -> StatedAssessment:
    return assessment_file.read_file(HIRING)


def parts(assessment: Assessment) -> dict[str, Finding]:
    """Each part of the claim, and the whole."""
    claim = findings.derive(stated().questionnaires, assessment).claim
    return {one.part: one.finding for one in claim.parts} | {"whole": claim.whole}


def is_no_better(after: dict[str, Finding], before: dict[str, Finding]) -> bool:
    ranked = ((RANKS.index(after[name]), RANKS.index(before[name])) for name in before)
    return all(now <= then for now, then in ranked)


@pytest.mark.slow
@several
@given(
    departs=st.sampled_from([0, 4, 5, 15]),
    seconds=st.sampled_from([9, 590, 1_080]),
    marks=st.sampled_from([Triggers(), MARKS]),
    answers=st.sets(st.sampled_from(["time_minutes", "divergence_departures", "divergence_decisions", "bypass_path"])),
    fewer=st.sets(st.sampled_from([one.id for one in stated().assessment.evidence])),
    is_example=st.booleans(),
)
def test_withdrawing_a_log_or_evidence_never_improves_a_finding(
    departs: int, seconds: int, marks: Triggers, answers: set[str], fewer: set[str], is_example: bool
) -> None:
    given = stated().assessment
    involved = {name: one for name, one in given.responses["involvement"].items() if name not in answers}
    given = replace(
        given,
        operator=replace(given.operator, is_example=is_example),
        responses={**given.responses, "involvement": involved},
        log=log(departs, seconds, marks),
    )
    assert given.log is not None
    gone = replace(given.log, withdrawn=Withdrawal(ON, "다른 시스템의 기록"))
    left = tuple(one for one in given.evidence if one.id not in fewer)
    before = parts(given)
    for after in (
        replace(given, log=gone),
        replace(given, evidence=left),
        replace(given, log=gone, evidence=left),
    ):
        assert is_no_better(parts(after), before)


def test_what_a_withdrawn_log_showed_against_the_claim_stays_with_the_remedy() -> None:
    gone = replace(log(departs=0), withdrawn=Withdrawal(date(2026, 11, 20), "다른 시스템의 기록"))
    found = findings.derive(stated().questionnaires, replace(stated().assessment, log=gone))
    said = {one.part: one for one in found.log}
    assert said.keys() == {"divergence"}  # its support of the review time is gone
    assert said["divergence"].finding is Finding.CONTRADICTED
    assert "2026. 11. 20. 철회" in said["divergence"].reasons[-1].text.ko
    assert "ends on 1 Mar 2026 or later and covers 60 days or more" in said["divergence"].missing[-1].text.en


@pytest.mark.parametrize(
    ("new", "may"),
    [
        (log(), True),
        (log(from_day=1), True),
        (log(days=90), True),
        (log(days=59), False),
        (log(days=59, from_day=30), False),
        (log(days=90, from_day=-60), False),
    ],
)
def test_only_a_log_that_is_as_long_and_ends_no_earlier_takes_anothers_place(new: KeptLog, may: bool) -> None:
    assert stored_log.may_replace(new.analysis, log().analysis) is may


def test_a_log_with_fewer_columns_or_without_days_takes_no_place() -> None:
    old = log().analysis
    assert not stored_log.may_replace(replace(old, left_out=(*old.left_out, "reviewer")), old)
    undated = replace(old, whole=replace(old.whole, first=None, last=None))
    assert not stored_log.may_replace(undated, old)
    assert stored_log.may_replace(old, undated) and stored_log.may_replace(undated, undated)
    fewer = replace(undated, whole=replace(undated.whole, divergence=replace(undated.whole.divergence, n=599)))
    assert not stored_log.may_replace(fewer, undated)


# --- made logs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("departs", "in_example"), [(15, Finding.SUPPORTED), (0, Finding.CONTRADICTED)])
def test_a_made_log_supports_nothing_outside_an_example(departs: int, in_example: Finding) -> None:
    example = replace(stated().assessment, log=log(departs, is_made=True))
    assert example.operator.is_example
    assert parts(example)["divergence"] is in_example
    real = replace(example, operator=replace(example.operator, is_example=False))
    assert parts(real)["divergence"] is RANKS[min(RANKS.index(in_example), 1)]
    found = findings.derive(stated().questionnaires, real)
    assert all(one.finding is not Finding.SUPPORTED for one in found.log)
    assert all("made for demonstration" in one.reasons[-1].text.en for one in found.log)
    assert all("operator's own decision log" in one.missing[-1].text.en for one in found.log)


def test_a_log_that_is_not_made_counts_everywhere() -> None:
    real = replace(stated().assessment, log=log())
    real = replace(real, operator=replace(real.operator, is_example=False))
    assert parts(real)["whole"] is Finding.SUPPORTED


# --- kept ----------------------------------------------------------------------------------------------------------


def set_log(office: Office, number: int, one: KeptLog) -> None:
    with office.database.transaction() as session:
        actions.set_log(session, number, one, KIM, AT)


def remove_log(office: Office, number: int, reason: str = "다른 시스템의 기록") -> None:
    with office.database.transaction() as session:
        actions.remove_log(session, number, reason, KIM, AT)


def test_a_log_is_withdrawn_with_a_reason_and_stays_until_a_longer_one_comes(office: Office) -> None:
    number = office.start()
    set_log(office, number, log(departs=0))
    with pytest.raises(IncompleteError):
        remove_log(office, number, " ")
    remove_log(office, number)
    found = office.read(number).log
    assert found is not None and found.withdrawn is not None
    assert found.withdrawn.reason == "다른 시스템의 기록" and found.analysis == log(departs=0).analysis
    with pytest.raises(LogRefusedError, match="1 Mar 2026 or later and covers 60 days"):
        set_log(office, number, log(days=30, from_day=200))
    set_log(office, number, log(days=60, from_day=120))
    found = office.read(number).log
    assert found is not None and found.withdrawn is None
    assert found.analysis == log(days=60, from_day=120).analysis
    with office.database.reading() as session:
        kinds = [line.kind for line in event_lines.events(session, number)]
    assert kinds[:3] == ["set_log", "remove_log", "set_log"]


def test_a_made_log_gives_way_to_any_and_takes_no_others_place(office: Office) -> None:
    number = office.start()
    set_log(office, number, log(is_made=True))
    set_log(office, number, log(days=10))
    with pytest.raises(LogRefusedError):
        set_log(office, number, log(days=90, is_made=True))
    other = office.start()
    set_log(office, other, log(is_made=True))
    remove_log(office, other)
    assert office.read(other).log is None
    with pytest.raises(NotFoundError):
        remove_log(office, other)


def test_a_withdrawal_is_part_of_the_content_and_without_one_there_is_no_key_of_it() -> None:
    plain, gone = log(), replace(log(), withdrawn=Withdrawal(ON, "이유"))
    assert "withdrawn" not in kept_log.to_json(plain)
    assert kept_log.from_json(json.loads(canonical.canonical(kept_log.to_json(gone)))) == gone
    one, two = (canonical.content_sha256(replace(stated().assessment, log=each)) for each in (plain, gone))
    assert one != two
