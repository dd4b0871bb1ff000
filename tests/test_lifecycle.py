"""What follows after a decision, by rule: duties and their days, what calls for a reassessment, how long a record is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import periods
from assessments.errors import AssessmentError
from assessments.model import (
    AISystem,
    Assessment,
    Decision,
    EditionRef,
    Evidence,
    Measure,
    Operator,
    Outcome,
    Person,
    Ruling,
    Status,
)
from assessments.rules import lifecycle
from assessments.rules.lifecycle import (
    Cause,
    ChangeKind,
    Duty,
    Following,
    FollowUp,
    InForce,
    MaterialChange,
    Retirement,
    Urgency,
    WatchedLog,
)
from questionnaires.strict_yaml import parse

CASES = sorted((Path(__file__).parent / "cases" / "lifecycle").glob("*.yaml"))
KIM = Person("kim", "김하나")
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MONTHS = periods.read({}).reassess_months


def decided(**parts: Any) -> Assessment:
    """Approved on 21 November 2026."""
    assessment = Assessment(
        AISystem("서류 도우미"),
        Operator("해태 주식회사"),
        "hiring",
        date(2026, 11, 1),
        (EditionRef("hiring", "1.0", "0" * 64),),
        status=Status.SIGNED_OFF,
        revision=2,
        decision=Decision(Ruling.APPROVED, "충분하다.", Person("lee", "이서준"), AT, "0" * 64),
        id=7,
    )
    return replace(assessment, **parts)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _following(stated: dict[str, Any]) -> Following:
    changes = tuple(
        MaterialChange(
            place, ChangeKind(change["kind"]), change["text"], _day(change["on"]), KIM, AT, int(change["after"])
        )
        for place, change in enumerate(stated.get("changes", ()), 1)
    )
    follow_ups = tuple(
        FollowUp(Cause.MEASURE, line["of"], line["about"], line["done"], _day(line["on"]), "x", KIM, AT, "e")
        for line in stated.get("follow_ups", ())
    )
    logs = tuple(
        WatchedLog(place, int(log["revision"]), "log.csv", _day(log["on"]), KIM, AT, tuple(log["beyond"]))
        for place, log in enumerate(stated.get("logs", ()), 1)
    )
    retired = Retirement(_day(stated["retired"]), "x", KIM, AT) if "retired" in stated else None
    newest = Status(stated.get("newest", "signed_off"))
    return Following(
        _day(stated["reassess_on"]) if "reassess_on" in stated else None, changes, (), follow_ups, logs, retired, newest
    )


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_worked_case_comes_out_as_it_was_worked_out_by_hand(file: Path) -> None:
    case = dict(parse(file.read_bytes(), file.name).data)
    assessment = decided(
        evidence=tuple(
            Evidence(one["id"], one["id"], "a.pdf", "0" * 64, 1, "application/pdf", expires_on=_day(one["expires"]))
            for one in case.get("evidence", ())
        ),
        measures=tuple(
            Measure(
                one["id"],
                one["text"],
                due=_day(one["due"]) if "due" in one else None,
                is_in_place=one.get("in_place", False),
            )
            for one in case.get("measures", ())
        ),
        **({"status": Status(case["status"])} if "status" in case else {}),
    )
    in_force = {name: InForce(one["version"], _day(one["since"])) for name, one in case.get("in_force", {}).items()}
    found = lifecycle.duties(assessment, _following(case), MONTHS, in_force)
    assert [[duty.cause.value, duty.which, duty.on.isoformat()] for duty in found] == case["duties"], case["title"]
    for today, expected in case["triggers"].items():
        reached = lifecycle.triggers(found, date.fromisoformat(today))
        assert [duty.cause.value for duty in reached] == expected, (case["title"], today)


def test_there_are_cases() -> None:
    assert len(CASES) >= 6


def test_a_rejected_assessment_has_no_duties() -> None:
    ruling = Decision(Ruling.REJECTED, "부족하다.", Person("lee", "이서준"), AT, "0" * 64)
    assert lifecycle.duties(decided(decision=ruling), Following(), MONTHS) == ()
    assert lifecycle.duties(decided(decision=None), Following(), MONTHS) == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 5), 13, date(2028, 1, 5)),
        (date(9999, 6, 1), 12, date(9999, 6, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, expected: date) -> None:
    assert lifecycle.add_months(day, months) == expected


@given(st.dates(), st.dates(), st.sampled_from(Cause), st.integers(0, 400))
def test_a_duty_that_is_reached_stays_reached_and_comes_up_before_it_is(
    on: date, today: date, cause: Cause, soon: int
) -> None:
    duty = Duty(cause, "x", on)
    now = duty.urgency(today, soon)
    assert (now is Urgency.REACHED) is (today >= duty.reached_on)
    assert duty.reached_on >= on
    if today < date.max:
        later = duty.urgency(date.fromordinal(today.toordinal() + 1), soon)
        assert list(Urgency).index(later) <= list(Urgency).index(now)


# --- keeping ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "is_operator", "stated", "own", "until", "binds"),
    [
        (Outcome.HIGH_IMPACT, True, 5, None, date(2031, 11, 21), True),
        (Outcome.HIGH_IMPACT, True, 5, 3, date(2031, 11, 21), True),  # never shorter than what is owed
        (Outcome.HIGH_IMPACT, True, 5, 10, date(2036, 11, 21), True),
        (Outcome.CANNOT_DETERMINE, True, 5, None, date(2031, 11, 21), True),
        (Outcome.NOT_HIGH_IMPACT, True, 5, None, date(2031, 11, 21), False),
        (Outcome.NOT_HIGH_IMPACT, True, 5, 3, date(2029, 11, 21), False),
        (Outcome.HIGH_IMPACT, False, 5, None, date(2031, 11, 21), False),
        (Outcome.NOT_HIGH_IMPACT, True, None, None, None, False),
    ],
)
def test_five_years_bind_operators_of_high_impact_ai_and_nobody_else(
    outcome: Outcome, is_operator: bool, stated: int | None, own: int | None, until: date | None, binds: bool
) -> None:
    keeping = lifecycle.keeping(date(2026, 11, 21), outcome, is_operator, stated, own)
    assert (keeping.until, keeping.binds) == (until, binds)
    assert keeping.runs(date(2026, 12, 1)) is (until is not None)
    assert not keeping.runs(date(2037, 1, 1))
    assert keeping.until is None or keeping.runs(keeping.until), "the last day belongs to it"


def test_a_period_begins_with_the_sign_off_and_anew_with_the_end_of_use() -> None:
    retired = Retirement(date(2029, 3, 1), "x", KIM, AT)
    assert lifecycle.keeping(None, Outcome.HIGH_IMPACT, True, 5, None).until is None
    later = lifecycle.keeping(date(2026, 11, 21), Outcome.HIGH_IMPACT, True, 5, None, retired)
    assert later.until == date(2034, 3, 1)


# --- periods ------------------------------------------------------------------------------------------------


def test_periods_are_those_of_the_file_unless_the_environment_says_otherwise() -> None:
    assert all(period.source and period.why for period in periods.stated().values())
    own = periods.read({periods.REASSESS: "6", periods.KEEP: "10", periods.BASIS: "규정 12조", periods.REMIND: "0, 14"})
    assert (own.reassess_months, own.keep_years, own.keep_basis, own.remind_days) == (6, 10, "규정 12조", (14, 0))


@pytest.mark.parametrize(
    "environment",
    [
        {periods.REASSESS: "0"},
        {periods.REASSESS: "a year"},
        {periods.REASSESS: "１２"},
        {periods.KEEP: "5"},
        {periods.KEEP: "-5", periods.BASIS: "x"},
        {periods.REMIND: "30;7"},
        {periods.REMIND: "30,,7"},
    ],
)
def test_a_period_that_cannot_be_is_refused_with_the_variable(environment: dict[str, str]) -> None:
    with pytest.raises(AssessmentError, match="HAETAE_"):
        periods.read(environment)
