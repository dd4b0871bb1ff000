"""Points of the supervisor's example table in a browser: kept, refused in words, summed while they are written."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_points_are_kept_or_refused_in_words_and_the_total_follows(visitor: Visitor) -> None:
    number = visitor.sign_in("example-author").start("대출 심사")
    page = visitor.go(f"/answer?assessment={number}&questionnaire=finance").page

    def box(question: str) -> Locator:
        return page.locator(f".st-key-a{number}-1-finance-{question}-box")

    def write(question: str, points: str) -> None:
        box(question).locator("input").first.fill(points)
        page.keyboard.press("Tab")

    standing = page.locator(".h-notice").filter(has_text="감독기관의 예시를 2차 자료에서 옮긴")
    expect(standing).to_contain_text("아직 적은 것이 없습니다")
    write("fcpa_inherent", "6.5")
    expect(standing).to_contain_text("0–98.5/100")
    write("fcpa_mitigation", "7")
    expect(box("fcpa_mitigation")).to_contain_text("경감 점수(7점)가 경감 전 점수(6.5점)보다 큽니다")
    write("fcpa_mitigation", "1.25")
    expect(box("fcpa_mitigation")).to_contain_text("소수점 아래 한 자리를 넘습니다")
    write("fcpa_mitigation", "2.0점")
    expect(standing).to_contain_text("4.5–96.5/100")
    row = page.locator("tr").filter(has_text="금융소비자보호법 위반 가능성")
    expect(row.locator("td")).to_have_text(["금융소비자보호법 위반 가능성", "8", "6.5", "2", "4.5"])
    visitor.go(f"/answer?assessment={number}&questionnaire=finance")
    expect(box("fcpa_mitigation").locator("input").first).to_have_value("2")
