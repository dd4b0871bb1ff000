"""Screening, start, scenario, judgment and measure in a real browser: each lands in the results."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_the_screening_is_carried_into_the_assessment_that_is_started_from_it(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/language/ko")
    visitor.open("/screening")
    for name, value in (
        ("ai_system", "yes"),
        ("korea_link", "in_korea"),
        ("defence", "no"),
        ("areas", "loan_screening"),
    ):
        page.check(f"input[name={name}][value={value}]")
    page.click("form.screening button")
    expect(page.locator(".result")).to_contain_text("해당 영역의 질문지로")
    page.click(".result a.act")
    page.wait_for_url("**/enter*")
    visitor.come_in("hana")
    expect(visitor.main).to_contain_text("평가 대상 확인의 답변이 기다리고 있습니다")
    visitor.open_fold("평가 시작")
    page.get_by_role("button", name="평가 대상 확인의 답변으로 시작").dblclick()
    page.wait_for_url("**/answer?**")
    visitor.settled()
    expect(page.get_by_text("초안을 열었습니다").first).to_be_visible()
    checked = page.locator('input[type="checkbox"]:checked, input[type="radio"]:checked')
    expect(checked).to_have_count(4)
    number = page.url.partition("assessment=")[2].partition("&")[0]
    visitor.go("/systems")
    expect(visitor.main).not_to_contain_text("평가 대상 확인의 답변이 기다리고 있습니다")
    visitor.go(f"/review?assessment={number}")
    expect(page.locator(".st-key-answers-area, [data-testid=stMain]").first).to_contain_text("대출 심사")


def test_a_scenario_with_a_judged_right_and_a_measure_lands_in_the_results(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    visitor.go(f"/impacts?assessment={number}")
    page.get_by_role("button", name="시나리오 추가하기").click()
    text = page.get_by_role("textbox", name="누구에게 어떤 일이 어떻게 일어날 수 있는지")
    expect(text).to_have_accessible_description(re.compile("아직 적지 않았습니다"))
    text.fill("말더듬이 있는 지원자가 낮은 등급을 받습니다.")
    page.get_by_role("textbox", name="직접 피영향자").first.fill("언어장애가 있는 지원자")
    page.get_by_role("checkbox", name="평등권", exact=True).check()
    page.get_by_role("radiogroup", name="규모").first.get_by_role("radio", name="매우 높음").check()
    page.get_by_role("button", name="시나리오 추가하기").dblclick()
    expect(page.get_by_text("저장하였습니다.").first).to_be_visible()
    expect(page.locator(".st-key-scenario-s1")).to_contain_text("언어장애가 있는 지원자")
    expect(page.locator(".st-key-scenario-s1 table")).to_contain_text("평등권")
    expect(page.locator(".st-key-scenario-s1 table")).to_contain_text("매우 높음")
    expect(page.locator(".st-key-scenario-s2")).to_have_count(0)

    page.get_by_text("관리방안 추가", exact=True).click()
    text = page.get_by_role("textbox", name="관리방안")
    text.fill("속기록을 사람이 확인합니다.")
    page.get_by_role("radio", name="예방").check()
    page.get_by_role("textbox", name="기한").fill("내일")
    page.get_by_role("button", name="관리방안 추가하기").click()
    expect(page.get_by_text("날짜로 읽을 수 없습니다").first).to_be_visible()
    expect(text).to_have_value("속기록을 사람이 확인합니다.")

    visitor.go(f"/review?assessment={number}")
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("말더듬이 있는 지원자가 낮은 등급을 받습니다.")
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("기재사항 대조표")
