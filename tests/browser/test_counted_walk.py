"""A first assessment from the screening to the seal, clicked and typed as a person would, and what that takes of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from questionnaires import load
from questionnaires.schema import Question, QuestionType, Section
from tests.browser.conftest import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("HAETAE_TORTURE"), reason="takes some minutes; HAETAE_TORTURE=1 runs it"),
]

MOST_CLICKS, MOST_TYPED = 150, 80
PAUSE_MS = 250
"""Between two acts of a hand."""
KEY_MS = 15
SCREENING = {"ai_system": "yes", "korea_link": "in_korea", "defence": "no", "areas": "loan_screening"}
CHOSEN: Mapping[str, tuple[str, ...]] = {
    "areas": ("loan_screening",),
    "provided_to": ("none_of_these",),
    "own_use": ("customers",),
    "direct_interaction": ("no",),
    "timing": ("in_operation",),
    "decision_role": ("intermediate",),
    **dict.fromkeys(
        ("automatic_decline", "restricted_data", "new_model", "proxy_variables", "borrowed_system", "foreign_system"),
        ("no",),
    ),
    "no_intervention": ("no",),
    "result_use": ("weighed",),
    "shared_score": ("no",),
    "thin_files": ("own_way",),
    "vulnerable_groups": ("low_income",),
    "lending_stages": ("scoring",),
    "data_sources": ("credit_bureau",),
    "hidden_use": ("no",),
    "authority_powers": ("exclude", "modify", "refuse"),
    "numeric_carry_use": ("reference_only",),
    "bypass_path": ("no",),
    "bypass_default": ("other_person",),
    "independence_pressure": ("no",),
    "logs_content": ("input", "output", "grounds", "decision", "timestamp"),
}
"""Question → what is chosen where it is not the first answer."""
WRITTEN: Mapping[str, str] = {
    "consumers": "12000",
    "cases_per_officer": "20",
    "time_minutes": "9",
    "time_cases_per_day": "20",
    "divergence_from": "2026-04-01",
    "divergence_to": "2026-09-30",
    "divergence_decisions": "640",
    "divergence_departures": "97",
}
"""What is typed where a sentence will not do."""
LOG = Path(__file__).parents[2] / "examples" / "logs"


@dataclass
class Hand:
    """What somebody does with a mouse and a keyboard, counted."""

    page: Page
    clicks: int = 0
    typed: int = 0
    screens: list[str] = field(default_factory=list)

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        self.page.wait_for_timeout(PAUSE_MS)

    def at_the_entrance(self) -> None:
        """Account and password, and the button; the session itself is opened beside it."""
        self.typed += 2
        self.clicks += 1

    def type(self, where: Locator, text: str) -> None:
        """Into a field that was reached by the keyboard."""
        where.press_sequentially(text, delay=KEY_MS)
        self.typed += 1
        self.page.wait_for_timeout(PAUSE_MS)


def walked(visitor: Visitor) -> Hand:
    """From the screening to the review, with everything required answered."""
    page = visitor.page
    hand = Hand(page)
    page.goto(f"{visitor.address}/language/ko")
    page.goto(f"{visitor.address}/screening")
    for name, value in SCREENING.items():
        hand.click(page.locator("label").filter(has=page.locator(f"input[name={name}][value={value}]")))
    hand.click(page.locator("form.screening button"))
    hand.click(page.locator("a.act"))
    page.wait_for_url("**/enter*")
    visitor.come_in("hana")
    hand.at_the_entrance()
    _registered(visitor, hand)
    hand.click(page.locator("summary").filter(has_text="평가 시작"))
    visitor.settled()
    hand.click(page.get_by_role("button", name="평가 대상 확인의 답변으로 시작"))
    page.wait_for_url("**/answer?**")
    _to_review(visitor, hand)
    return hand


def _to_review(visitor: Visitor, hand: Hand) -> None:
    """Next, and next, with everything required on the way."""
    page = visitor.page
    while "/review" not in page.url:
        visitor.settled()
        hand.screens.append(page.url)
        path = page.url.partition("?")[0].rpartition("/")[2]
        {"impacts": _impacts, "log": _log}.get(path, _questions)(visitor, hand)
        hand.click(page.locator(".h-onward .h-button"))
        page.wait_for_load_state()
    visitor.settled()


def _registered(visitor: Visitor, hand: Hand) -> None:
    page = visitor.page
    hand.click(page.locator('[class*="st-key-register-operator-fold"] summary'))
    visitor.settled()
    form = page.locator('[class*="st-key-register-operator-fold"]')
    for name, text in (
        ("name", "손쉬운저축은행"),
        ("registration_number", "000-00-00009"),
        ("representative", "홍길동"),
        ("supervisor_name", "한지우"),
        ("supervisor_contact", "02-000-0000"),
    ):
        hand.type(_field(form, f"operator-new-{name}"), text)
    hand.click(form.get_by_role("button", name="사업자 등록"))
    page.wait_for_url("**operator=*")
    visitor.settled()
    form = page.locator('[class*="st-key-register-"][class*="-fold"]').last
    hand.type(_field(form, "name_ko"), "소액대출 심사모형")
    hand.click(form.get_by_role("button", name="시스템 등록"))
    expect(page.locator("summary").filter(has_text="평가 시작")).to_be_visible()
    visitor.settled()


def _field(inside: Locator, key: str) -> Locator:
    """key: how that of the form's field ends."""
    return inside.locator(f'[data-field*=":form:"][data-field$="{key}"]').locator("input, textarea").first


def _questions(visitor: Visitor, hand: Hand) -> None:
    """Everything required on one page, from top to bottom, as it comes up."""
    page = visitor.page
    for questionnaire, section in _sections_on(page):
        for question in section.questions:
            together = page.locator(f'[class*="st-key-together-"][class*="-{questionnaire}-{question.id}"]')
            buttons = together.get_by_role("button")
            if buttons.count():
                hand.click(buttons.first)
                expect(buttons).to_have_count(0)
                first = page.locator(f'[class*="-{questionnaire}-{question.id}-box"] .f-mark').first
                expect(first).to_contain_text("✓")
                visitor.settled()
        for question in section.questions:
            box = page.locator(f'[class*="-{questionnaire}-{question.id}-box"]')
            if not question.required or not box.count() or _is_answered(box, question):
                continue
            _answered(page, hand, box, question)
            visitor.settled()
    if "involvement" in page.url and page.locator(".h-onward .h-button").inner_text().endswith("결정 기록"):
        _evidence(visitor, hand)


def _sections_on(page: Page) -> Iterator[tuple[str, Section]]:
    """In order, by the questions that are drawn."""
    for name in load.ids():
        for section in load.newest(name).questionnaire.sections:
            if any(page.locator(f'[class*="-{name}-{question.id}-box"]').count() for question in section.questions):
                yield name, section


def _is_answered(box: Locator, question: Question) -> bool:
    if question.type in (QuestionType.CHOICE, QuestionType.CHOICES):
        return box.locator("input:checked").count() > 0
    return "✓" in box.inner_text()


def _answered(page: Page, hand: Hand, box: Locator, question: Question) -> None:
    if question.type in (QuestionType.CHOICE, QuestionType.CHOICES):
        for value in CHOSEN.get(question.id, (question.options[0].value,)):
            hand.click(box.locator("label.f-option").filter(has=page.locator(f'input[value="{value}"]')))
    elif question.type is QuestionType.GROUP:
        hand.click(box.get_by_role("button", name="항목 추가"))
        for column in question.questions:
            if column.type is QuestionType.TEXT:
                hand.type(box.get_by_label(column.text.ko).last, "신청 정보")
        page.keyboard.press("Tab")
    else:
        hand.type(box.locator("input.f-input, textarea.f-input").first, WRITTEN.get(question.id, "규정대로."))
        page.keyboard.press("Tab")
    expect(box.locator(".f-mark").first).to_contain_text("✓")


def _impacts(visitor: Visitor, hand: Hand) -> None:
    """One scenario with two rights, three measures."""
    page = visitor.page
    for right in ("평등권", "재산권"):
        hand.click(page.get_by_role("checkbox", name=right, exact=True))
        visitor.settled()
    text = page.get_by_role("textbox", name="누구에게 어떤 일이 어떻게 일어날 수 있는지")
    hand.type(text, "이력이 짧은 신청인이 거절됩니다.")
    for judged in page.get_by_role("radiogroup").filter(visible=True).all():
        hand.click(judged.get_by_role("radio").nth(1))
    hand.click(page.get_by_role("button", name="시나리오 추가하기"))
    expect(page.locator(".st-key-scenario-s1")).to_be_visible()
    hand.click(page.get_by_text("관리방안 추가", exact=True))
    for number, kind in enumerate(("예방", "완화", "복구"), 1):
        visitor.settled()
        hand.type(page.get_by_role("textbox", name="관리방안"), f"심사역이 다시 봅니다 {number}.")
        hand.type(page.get_by_role("textbox", name="담당"), "여신심사부")
        hand.click(page.get_by_role("radio", name=kind))
        expect(page.get_by_role("checkbox", name="시나리오 1")).to_be_checked()  # the only one there is
        hand.click(page.get_by_role("button", name="관리방안 추가하기"))
        expect(page.get_by_text(f"관리방안 {number} 고치기").first).to_be_visible()


def _evidence(visitor: Visitor, hand: Hand) -> None:
    """One file for every part of the claim."""
    page = visitor.page
    hand.click(page.get_by_text("파일 첨부", exact=True).first)
    page.locator('input[type="file"]').first.set_input_files(Path(__file__).parents[2] / "examples" / "evidence" / _PDF)
    hand.clicks += 1  # the file's dialog
    visitor.settled()
    hand.type(page.get_by_role("textbox", name="파일로 확인할 수 있는 내용").first, "여신심사 규정")
    hand.click(page.get_by_role("checkbox", name="인적 개입 주장의 모든 항목").first)
    hand.click(page.get_by_role("button", name="파일 첨부하기"))
    expect(page.locator(".h-notice.h-good").first).to_be_visible()


def _log(visitor: Visitor, hand: Hand) -> None:
    """Nothing is handed in: the claim can be examined without a log, and one is asked for on this screen."""


_PDF = next(path.name for path in (Path(__file__).parents[2] / "examples" / "evidence").rglob("*.pdf"))


def _decided(visitor: Visitor, hand: Hand) -> None:
    """Submitted, decided and signed off by three people."""
    page = visitor.page
    hand.click(page.get_by_role("button", name="심의위원회에 제출"))
    expect(page.get_by_text("제출하였습니다").first).to_be_visible()
    address = page.url.replace("/review", "/decide").partition("#")[0]
    visitor.sign_in("example-chair").page.goto(address)
    visitor.settled()
    hand.at_the_entrance()
    hand.click(page.get_by_role("radio", name="승인", exact=True))
    hand.type(page.get_by_role("textbox", name="사유").first, "근거가 충분합니다.")
    hand.click(page.get_by_role("button", name="결정 저장"))
    expect(page.get_by_text("결정을 저장하였습니다").first).to_be_visible()
    visitor.sign_in("example-officer").page.goto(address)
    visitor.settled()
    hand.at_the_entrance()
    for statement in page.locator('[data-field*=":form:sign-"] input[type="checkbox"]').all():
        hand.click(statement)
    hand.click(page.get_by_role("button", name="결재하고 보고서 봉인"))
    expect(page.get_by_text("보고서를 봉인하고 등록하였습니다").first).to_be_visible(timeout=300_000)


def test_a_first_assessment_takes_few_clicks_and_little_typing(visitor: Visitor) -> None:
    hand = walked(visitor)
    open_points = visitor.page.locator('section[role="alert"]')
    assert open_points.count() == 0, open_points.inner_text()
    _decided(visitor, hand)
    assert hand.clicks <= MOST_CLICKS and hand.typed <= MOST_TYPED, (hand.clicks, hand.typed, len(hand.screens))
