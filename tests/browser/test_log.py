"""A decision log in a real browser: handed in, named, counted, seen, held against an own trigger, taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from assessments.decision_log import making
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_log_is_handed_in_counted_and_held_against_an_own_trigger(visitor: Visitor, tmp_path: Path) -> None:
    log = tmp_path / "rubber-stamp.csv"
    making.write(making.make(making.Style("rubber-stamp"), 12, 20_000, 7), log, "rubber-stamp")
    page = visitor.sign_in("hana").page
    number = visitor.start("대출 심사")
    visitor.go(f"/involvement?assessment={number}")
    page.locator(".st-key-task-log a").click()
    page.locator(".h-upload input").set_input_files(log)
    page.locator(".h-upload button").click()
    expect(page.get_by_text("올린 기록: rubber-stamp.csv").first).to_be_visible()
    visitor.settled()
    page.wait_for_url(f"**/log?assessment={number}*")
    expect(page.locator(".h-preview").first).to_contain_text("MADE-00000001")

    page.get_by_role("button", name="예, 맞습니다").click()
    expect(page.get_by_role("button", name="예, 맞습니다")).to_have_count(0)
    visitor.log_read(number, lambda mapping: bool(mapping.columns))
    page.get_by_role("button", name="집계하기").click()
    expect(page.locator(".h-log")).to_contain_text("20,000 가운데 20,000", timeout=300_000)
    visitor.settled()
    expect(page.locator(".js-plotly-plot")).to_have_count(6)
    expect(page.locator(".h-glance")).to_contain_text("확인 부족")

    page.get_by_text("자체 기준 정하기", exact=True).click()
    page.get_by_role("textbox", name="기준값").fill("3")
    page.get_by_role("textbox", name="정한 날", exact=True).fill("2026-01-02")
    page.get_by_role("textbox", name="이 값으로 정한 이유").fill("지난 분기 표본 조사")
    page.get_by_role("button", name="자체 기준 저장하기").click()
    expect(page.get_by_text("기준을 저장하였습니다.").first).to_be_visible()
    expect(page.locator(".h-glance")).to_contain_text("배치되는 사실 있음")
    expect(page.locator(".h-glance")).to_contain_text("2026. 1. 2. 정한 자체 기준(3% 이상)에 미달합니다")

    page.set_viewport_size({"width": 390, "height": 900})
    visitor.settled()
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")


def test_what_is_no_log_is_refused_with_a_way_back(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 200)
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    visitor.go(f"/log?assessment={number}")
    page.locator(".h-upload input").set_input_files(tmp_path / "picture.csv")
    page.locator(".h-upload button").click()
    expect(page.get_by_role("alert")).to_contain_text("가운데 어느 것도 아닙니다")
    page.get_by_role("link", name="결정 기록으로 돌아가기").click()
    expect(page.locator(".h-upload")).to_be_visible()


def test_words_that_differ_are_matched_on_a_narrow_screen_too(visitor: Visitor, tmp_path: Path) -> None:
    log = tmp_path / "면접기록.csv"
    rows = "".join(
        f"A-{n},{'추천' if n % 2 else '비추천'},{'합격' if n % 2 else '불합격'},검토{n % 3}\n" for n in range(30)
    )
    log.write_text("지원번호,AI추천,최종결정,검토자\n" + rows, "utf-8")
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    visitor.go(f"/log?assessment={number}")
    page.set_viewport_size({"width": 390, "height": 900})
    page.locator(".h-upload input").set_input_files(log)
    page.locator(".h-upload button").click()
    expect(page.get_by_text("같은 값이 하나도 없어").first).to_be_visible()
    visitor.settled()
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
    recommended = page.get_by_role("textbox", name="‘추천’")
    recommended.press("End")
    recommended.press_sequentially("지")  # not left yet
    page.reload()
    expect(recommended).to_have_value("추천지")
    visitor.settled()
    values: dict[str, list[str]] = {}
    for value, label in (("추천", "합격"), ("비추천", "불합격")):
        field = page.get_by_role("textbox", name=f"‘{value}’")
        field.fill(label)
        field.press("Enter")
        values[label] = [value]
        visitor.log_read(number, lambda mapping: mapping.values == values)
    expect(page.get_by_text("같은 값이 하나도 없어")).to_have_count(0)
    expect(page.get_by_role("cell", name="쓰인 말로 추정")).to_be_visible()
    visitor.settled()
    page.get_by_role("button", name="예, 맞습니다").click()
    expect(page.get_by_role("button", name="예, 맞습니다")).to_have_count(0)
    visitor.log_read(number, lambda mapping: bool(mapping.columns))
    page.get_by_role("button", name="집계하기").click()
    expect(page.locator(".h-log")).to_contain_text("30 가운데 30", timeout=300_000)
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
