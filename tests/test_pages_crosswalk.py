"""The screen of the cross-walk: what is missing is told of the duty alone, and its rows lead to where they are answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office import KIM, Office, open_credit_office
from tests.screens import Visitors

CELL = re.compile(r'<td data-head="([^"]*)">(.*?)</td>', re.DOTALL)


@pytest.fixture
def credit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_credit_office(tmp_path, monkeypatch, assessments=1)


@pytest.mark.parametrize(
    ("language", "intro", "gap", "duty"),
    [
        ("ko", "시행령 열에서 빠진 것만 미비 사항", "미비", "시행령 28①"),
        ("en", "Only what is missing in the Decree&#39;s column is a gap", "Gap", "Decree 28(1)"),
    ],
)
def test_gaps_stand_in_the_column_of_the_duty_alone(
    credit: Office, monkeypatch: pytest.MonkeyPatch, language: str, intro: str, gap: str, duty: str
) -> None:
    html = Visitors(credit, monkeypatch).sign_in(KIM, language).open("crosswalk", assessment=1).html
    assert intro in html
    with_gap = [head for head, cell in CELL.findall(html) if f">{gap}</span>" in cell]
    assert with_gap == [duty] * 7


@pytest.mark.slow
def test_an_answer_fills_its_cells_and_every_row_leads_to_its_questions(
    credit: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitors(credit, monkeypatch).sign_in(KIM)
    before = visitor.open("crosswalk", assessment=1).html
    assert "○ 27(1)(b)" in before and "question=period_and_frequency" in before
    credit.answer(1, "impact.period_and_frequency", "2027년부터 하루 200건")
    after = visitor.open("crosswalk", assessment=1).html
    assert "● 27(1)(b)" in after and "◐ 제4호" in after


def test_without_a_claim_the_privacy_commissions_test_has_no_evidence_and_nothing_is_decided(
    credit: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = Visitors(credit, monkeypatch).sign_in(KIM).open("crosswalk", assessment=1).html
    assert html.count(">근거 없음</span>") == 4
    assert "여기서 결정하지는 않습니다" in html


@pytest.mark.slow
def test_the_review_leads_to_it(credit: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "/crosswalk?assessment=1" in Visitors(credit, monkeypatch).sign_in(KIM).open("review", assessment=1).html


def test_european_days_are_days_of_application(credit: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    html = Visitors(credit, monkeypatch).sign_in(KIM).open("crosswalk", assessment=1).html
    assert 'data-head="적용일"' in html and "작성일" not in html
