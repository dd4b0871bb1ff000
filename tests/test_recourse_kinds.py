"""What people can ask, as data: each kind with its source and its period, and how its days are counted."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import editions
from questionnaires import load
from questionnaires.problems import InvalidFileError
from questionnaires.recourse import FILE, due_day, extended_day, read, recourse

KINDS = recourse().by_id
DAYS = st.dates(date(2026, 1, 1), date(2100, 12, 31))
NAMES = st.sampled_from(sorted(KINDS))


@pytest.mark.parametrize("name", ["pipa_explanation", "pipa_refusal", "pipa_review"])
def test_an_automated_decision_is_answered_in_thirty_days_extendable_twice_by_thirty(name: str) -> None:
    """Source: Decree of the Personal Information Protection Act, Art. 44-3(5)."""
    kind = KINDS[name]
    assert kind.force == "binding"
    assert kind.automated == "fully"
    assert kind.period is not None
    assert kind.period.source == "pipa-decree-44-3"
    days = [due_day(kind, date(2026, 11, 29))]
    days += [extended_day(kind, days[-1] or date.min)]
    days += [extended_day(kind, days[-1] or date.min)]
    assert days == [date(2026, 12, 29), date(2027, 1, 28), date(2027, 2, 27)]
    assert kind.period.extensions == 2


def test_a_leap_day_counts_like_any_other() -> None:
    assert due_day(KINDS["pipa_refusal"], date(2028, 1, 30)) == date(2028, 2, 29)
    assert due_day(KINDS["pipa_refusal"], date(2027, 1, 30)) == date(2027, 3, 1)
    assert due_day(KINDS["pipa_refusal"], date(2028, 2, 29)) == date(2028, 3, 30)


def test_reprocessing_by_a_person_follows_a_refusal_and_recalculation_wrong_information() -> None:
    """Source: Decree 44-3(1); Credit Information Act, Art. 36-2(2)2."""
    assert set(KINDS["pipa_refusal"].outcomes) == {"reprocessed", "not_applied"}
    assert KINDS["pipa_explanation"].outcomes == ("explained",)
    assert KINDS["credit_correction"].outcomes == ("recalculated",)
    assert [kind.id for kind in recourse().kinds if "recalculated" in kind.outcomes] == ["credit_correction"]


def test_what_the_guideline_names_binds_nobody_and_objection_is_a_right_of_users() -> None:
    assert KINDS["guideline_explanation"].force == KINDS["guideline_objection"].force == "guideline"
    assert due_day(KINDS["guideline_explanation"], date(2026, 11, 29)) == date(2027, 1, 28)
    assert extended_day(KINDS["guideline_explanation"], date(2027, 1, 28)) is None
    assert KINDS["guideline_objection"].person == "user"


def test_where_no_period_is_set_there_is_no_due_day_and_the_text_says_so() -> None:
    without = [kind for kind in recourse().kinds if kind.period is None]
    assert without
    for kind in without:
        assert due_day(kind, date(2026, 11, 29)) is None
        assert extended_day(kind, date(2026, 11, 29)) is None
        assert kind.until is not None


def test_kinds_of_a_domain_are_asked_there_only() -> None:
    domains = set(editions.domains())
    assert all(set(kind.domains) <= domains for kind in recourse().kinds)
    assert KINDS["credit_correction"].is_of(["credit"])
    assert not KINDS["credit_correction"].is_of(["medical", "hiring"])
    assert KINDS["credit_correction"].is_of([])
    assert KINDS["pipa_refusal"].is_of(["medical"])


@given(NAMES, DAYS)
def test_a_due_day_never_comes_before_the_day_of_receipt_and_extensions_only_go_on(name: str, received: date) -> None:
    kind = KINDS[name]
    due = due_day(kind, received)
    if kind.period is None or due is None:
        assert due is None
        return
    days = [received, due]
    for _ in range(kind.period.extensions):
        later = extended_day(kind, days[-1])
        assert later is not None
        days.append(later)
    assert all(before < after for before, after in pairwise(days))
    assert days[-1] - received == timedelta(days=kind.period.days + kind.period.extensions * kind.period.extension_days)


def test_each_kind_belongs_to_a_duty_that_the_questionnaire_on_duties_knows() -> None:
    duties = load.newest("duties").questionnaire.duties
    assert duties is not None
    known = {duty.id for duty in duties.items}
    assert {kind.duty for kind in recourse().kinds if kind.duty is not None} <= known


def test_a_calendar_that_ends_has_no_due_day() -> None:
    assert due_day(KINDS["pipa_refusal"], date.max) is None


@pytest.mark.parametrize(
    ("mistake", "instead", "because"),
    [
        ("outcomes: [explained]", "outcomes: [granted]", "no outcome granted"),
        ("grounds: [own_reason]", "grounds: [whim]", "no ground whim"),
        ("source: credit-36-2\n    duty", "source: credit-36-9\n    duty", "no source credit-36-9"),
        ("extensions: 0, extension_days: 0", "extensions: 1, extension_days: 0", "neither is"),
        (
            "    until:",
            "    period: {days: 1, extensions: 0, extension_days: 0, source: civil-157}\n    until:",
            "either",
        ),
        ("  - id: other\n", "  - id: human_review\n", "human_review stands twice"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(mistake: str, instead: str, because: str) -> None:
    text = FILE.read_text("utf-8")
    assert mistake in text
    with pytest.raises(InvalidFileError) as caught:
        read(text.replace(mistake, instead), "recourse.yaml")
    assert because in str(caught.value)
    assert "recourse.yaml, line" in str(caught.value)
