"""The supervisor's example table on its screens: beside the tool's own score, live, and silent while nobody began it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import KIM, Office, open_credit_office
from tests.screens import Visitors

STANDING = "감독기관의 예시를 2차 자료에서 옮긴 것입니다. 두 항목의 배점은 자료마다 다르며"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_credit_office(tmp_path, monkeypatch, assessments=1)


def state(office: Office, *stated: tuple[str, str]) -> None:
    for name, answer in stated:
        office.answer(1, f"finance.{name}", answer, note="점검표")


@pytest.mark.slow
def test_the_page_says_whose_scale_it_is_and_that_nothing_is_stated_yet(office: Office, visitors: Visitors) -> None:
    html = visitors.sign_in(KIM).open("answer", assessment=1, questionnaire="finance").html
    assert STANDING in html and "작성하지 않아도 평가는 완전합니다" in html
    assert "등급이 요구하는 통제" not in html


def test_items_sums_total_band_and_controls_follow_what_is_stated(office: Office, visitors: Visitors) -> None:
    state(office, ("fcpa_inherent", "6.5"), ("fcpa_mitigation", "2"))
    html = visitors.sign_in(KIM).open("answer", assessment=1, questionnaire="finance").html
    assert "4.5–96.5/100" in html and "항목 15개에" in html
    assert ">4.5<" in html and "저위험 ~ 출시 재검토 구간" in html and "등급이 요구하는 통제" in html
    assert "한 2차 자료(32개 세부 문항판)는 이 항목을 10점으로" in html


@pytest.mark.slow
def test_the_review_shows_it_beside_the_score_only_once_it_was_begun(office: Office, visitors: Visitors) -> None:
    html = visitors.sign_in(KIM).open("review", assessment=1).html
    assert STANDING not in html and "위험평가표 (감독기관 예시)" not in html and "품질: 경감하기" not in html
    state(office, ("fcpa_inherent", "6.5"))
    html = visitors.open("review", assessment=1).html
    score, _, table = html.partition(STANDING)
    assert "위험 점수" in score and "0–98.5/100" in table


@pytest.mark.slow
def test_nobody_is_led_there_who_did_not_begin_it(office: Office, visitors: Visitors) -> None:
    last_of_domain = {"questionnaire": "credit", "section": "oversight_redress"}
    onward = visitors.sign_in(KIM).open("answer", assessment=1, **last_of_domain).html.partition('class="h-onward"')[2]
    assert "questionnaire=finance" not in onward and "/answer?" in onward
    there = visitors.open("answer", assessment=1, questionnaire="finance").html.partition('class="h-onward"')[2]
    assert there.count("/answer?") == 2, "whoever is there can go on and back"
    state(office, ("fcpa_inherent", "6.5"))
    onward = visitors.open("answer", assessment=1, **last_of_domain).html.partition('class="h-onward"')[2]
    assert "questionnaire=finance" in onward


def test_on_the_task_list_it_is_optional(office: Office, visitors: Visitors) -> None:
    html = visitors.sign_in(KIM).open("assessment", assessment=1).html
    assert "금융권 위험평가표 (감독기관 예시, 선택)" in html and "선택 항목" in html
