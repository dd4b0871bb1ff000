"""A guess matches whole words, is shown with its word, never refuses a file, and what it cannot tell is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.decision_log.judging.claimed import Claimed
from assessments.decision_log.judging.findings import contributions
from assessments.decision_log.reading import account
from assessments.decision_log.reading.columns import Column, suggest
from assessments.decision_log.triggers import Triggers
from tests.logs.tables import BASE, HEADER, analysed, as_csv, changed, figures, remarks, table

NEEDED = ["case_id", "ai_output", "final_decision"]


@pytest.mark.parametrize(
    "header",
    [
        "auto_loan",
        "automobile",
        "auto insurance",
        "mortgage_type",
        "average",
        "stage_manager",
        "ai_decision_reason",
        "user_agent",
        "사유지 여부",
        "담보지역",
        "성별가점",
        "rationale_ai",
        "reader_device",
        "message",
    ],
)
def test_a_part_of_a_word_is_no_guess(header: str) -> None:
    found = suggest([*NEEDED, header])
    assert set(found.columns) == {Column.CASE, Column.OUTPUT, Column.DECISION} and not found.groups


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("성별(남/여)", "sex"),
        ("SEX", "sex"),
        ("Age-Band", "age_band"),
        ("사유 (필수)", "reason"),
        ("*검토자", "reviewer"),
        ("Decided At:", "decided_at"),
        ("자동처리 여부", "automatic"),
        ("검토시간(분)", "review_minutes"),
        ("humanDecisionReason", "reason"),
    ],
)
def test_a_whole_word_is_guessed_and_shown_with_its_word(header: str, meaning: str) -> None:
    found = suggest([*NEEDED, header])
    named = {**{column.value: one for column, one in found.columns.items()}, **found.groups}
    assert named[meaning] == header and found.known[header]


def test_the_better_word_is_taken_and_the_other_is_named(tmp_path: Path) -> None:
    rows = [(*row, "x") for row in table()]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, "비고"))
    reading = analysed(path).reading
    assert reading is not None
    reason = next(one for one in reading.columns if one.meaning == "reason")
    assert (reason.header, reason.others, reason.how) == ("사유", ("비고",), "guessed")
    assert any("비고" in one.text.ko and one.weight is account.Weight.BEARS for one in account.sentences(reading))


def test_two_headers_of_the_same_word_are_not_used_and_named(tmp_path: Path) -> None:
    rows = [(*row, row[-1]) for row in table()]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, "성 별"))
    assert figures(path).groups == () and "ambiguous" in remarks(path)
    said = {"columns": {"case": "접수번호", "ai_output": "AI결과", "decision": "최종결정"}, "groups": {"sex": "성 별"}}
    assert figures(path, **said).groups == BASE.groups


@pytest.mark.first_in_check
@pytest.mark.parametrize("header", ["나이", "거주지역", "단계", "학력"])
def test_a_guess_with_too_many_values_is_left_out_and_said(tmp_path: Path, header: str) -> None:
    rows = [(*row, f"값 {number}") for number, row in enumerate(table(120))]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, header))
    assert figures(path).used == 120 and "guess_dropped" in remarks(path)


def test_a_guess_that_is_no_yes_and_no_is_left_out_and_said(tmp_path: Path) -> None:
    rows = [(*row, ("전액", "일부", "예")[number % 3]) for number, row in enumerate(table())]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, "자동"))
    assert figures(path) == BASE and "guess_not_yes_no" in remarks(path)


def test_what_counts_as_automatic_is_said(tmp_path: Path) -> None:
    rows = [(*row, ("예", "아니오")[number > 2]) for number, row in enumerate(table())]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, "자동처리여부"))
    assert figures(path).automatic == 3 and "automatic_values" in remarks(path)


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", ["batch01", "AI", "auto-approve", "RPA_BOT", "심사시스템", "자동승인", "svc scoring"])
def test_a_reviewer_that_may_be_a_machine_is_asked_about(tmp_path: Path, name: str) -> None:
    path = as_csv(tmp_path / "a.csv", changed(table(), "검토자", lambda n, value: name if n < 6 else value))
    assert "machine_names" in remarks(path) and figures(path).automatic == 0
    assert figures(path, automatic_reviewers=[name]).automatic == 6
    assert (
        "machine_names" not in remarks(path, human_reviewers=[name])
        and figures(path, human_reviewers=[name]).automatic == 0
    )


def test_nothing_is_supported_while_it_is_asked(tmp_path: Path) -> None:
    rows = [(*row, "아니오") for row in changed(table(), "검토자", lambda n, value: "batch 7" if n < 6 else value)]
    path = as_csv(tmp_path / "a.csv", rows, (*HEADER, "자동처리여부"))
    claimed = Claimed(no_automatic_path=True)

    def bypass(**said: object) -> str:
        return next(
            one.finding.value
            for one in contributions(analysed(path, **said), claimed, Triggers())
            if one.part == "bypass"
        )

    assert bypass() == "indeterminate" and bypass(human_reviewers=["batch 7"]) == "supported"


def test_a_known_machine_is_no_person_and_that_is_said(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", changed(table(), "검토자", lambda n, value: "System" if n < 6 else value))
    assert figures(path).automatic == 6 and "no_person_names" in remarks(path)
    assert figures(path, human_reviewers=["SYSTEM"]).automatic == 0


@pytest.mark.first_in_check
@pytest.mark.parametrize("third", ["보류", "waitlist", "재심사"])
def test_a_third_outcome_is_asked_for_and_can_be_said(tmp_path: Path, third: str) -> None:
    path = as_csv(tmp_path / "a.csv", changed(table(), "최종결정", lambda n, value: third if n in (4, 5) else value))
    assert figures(path).groups == () and "rates_unknown_labels" in remarks(path)
    reading = analysed(path).reading
    assert reading is not None and any(third in one.text.ko for one in account.sentences(reading))
    assert figures(path, not_favourable=[third]).groups == BASE.groups
    assert figures(path, favourable=["적합"]).groups == BASE.groups
    undecided = figures(path, undecided=[third])
    assert (undecided.used, undecided.departures) == (28, 3) and sum(n for _, n in undecided.groups) == 28


def test_a_group_that_is_too_small_is_no_reference(tmp_path: Path) -> None:
    rows = changed(table(300), "성별", lambda n, value: "기타" if n in (0, 6) else value)
    path = as_csv(tmp_path / "a.csv", rows)
    found = analysed(path).disparities[0]
    assert found.reference in ("남", "여") and "small_reference" in remarks(path)
    alone = as_csv(tmp_path / "b.csv", changed(table(), "성별", lambda _, __: "여"))
    assert figures(alone).groups == () and "rates_few_groups" in remarks(alone)


def test_a_column_that_is_missing_is_named_with_what_could_be_it(tmp_path: Path) -> None:
    from assessments.decision_log.reading.faults import LogRefusedError

    path = as_csv(tmp_path / "a.csv", table(), ["번호", "a", "b", "c", "AI결과", "위원회 최종결정 구분", "d", "e"])
    with pytest.raises(LogRefusedError, match=r"final decision.*Perhaps one of these: 위원회 최종결정 구분"):
        figures(path)


def test_a_mapping_without_columns_answers_a_question_only(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", table())
    assert figures(path, not_favourable=["보류"]) == BASE
    names = {"sex": {"F": ["여"], "M": ["남"]}}
    assert figures(path, names=names).groups == (("F", 15), ("M", 15))
