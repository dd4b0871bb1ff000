"""Answers that cannot both hold, evidence for several items and its marks, scenarios and their links, in a real browser."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assessments import actions
from assessments.model import AISystem, Operator, Role
from assessments.people import add_person
from assessments.storage import database
from questionnaires import load
from tests.browser.conftest import Server, Visitor
from tests.office import AT, PDF

pytestmark = pytest.mark.browser


def _choose(visitor: Visitor, number: str, section: str, question: str, text: str) -> None:
    visitor.go(f"/answer?assessment={number}&section={section}")
    box = visitor.page.locator(f'[class*="-hiring-{question}-box"]')
    box.get_by_text(text, exact=True).click()
    expect(box.locator(".h-saved")).to_contain_text("저장됨")


def test_a_contradiction_stands_beside_both_questions_and_is_explained_in_review(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    _choose(
        visitor,
        number,
        "scope",
        "used_in_hiring",
        "모집부터 선발까지의 과정에서 사용함 (채용 후에도 함께 사용하는 경우 포함)",
    )
    _choose(visitor, number, "human_decisions", "human_step", "실질적으로 개입함")
    _choose(visitor, number, "human_decisions", "automatic_cutoff", "예")
    said = page.locator(".h-notice").filter(has_text="자동으로 탈락하는 지원자에게는 사람의 개입이 없습니다")
    expect(said).to_have_count(2)
    said.first.get_by_role("link", name=re.compile("고치거나")).click()
    visitor.settled()
    card = page.locator('[class*="st-key-check-"]').filter(has_text="사람의 개입이 없습니다")
    expect(card.locator(".h-tag")).to_have_text("제출 전에 고치거나 설명")
    card.get_by_text("둘 다 맞는 이유 설명하기").click()
    card.locator("textarea").fill("자동 탈락은 기한을 넘긴 지원에만 적용합니다.")
    card.get_by_role("button", name="설명 저장").click()
    expect(card.locator(".h-tag")).to_have_text("설명함")
    expect(card).to_contain_text("기한을 넘긴 지원에만")


def test_a_file_is_used_for_a_second_item_and_the_repetition_is_said(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.sign_in("hana").page
    number = visitor.start("채용")
    (tmp_path / "지정서.pdf").write_bytes(PDF)
    visitor.go(f"/involvement?assessment={number}&section=claim")
    page.locator('[class*="-relies_on_people-box"]').get_by_text("예", exact=True).click()
    visitor.go(f"/involvement?assessment={number}&section=authority")
    page.get_by_text("파일 첨부", exact=True).first.click()
    page.set_input_files('input[type="file"]', tmp_path / "지정서.pdf")
    expect(page.get_by_text("지정서.pdf").first).to_be_visible()
    page.get_by_role("group", name="무엇에 대한").get_by_text("정당한 권한", exact=True).click()
    page.get_by_role("button", name="파일 첨부하기").click()
    expect(page.locator(".h-file").first).to_contain_text("지정서.pdf")
    visitor.open_fold("이미 첨부한 파일 쓰기")
    again = page.locator('[class*="-again-fold"]')
    again.get_by_role("combobox").select_option(index=1)
    again.get_by_role("group", name="무엇에 대한").get_by_text("인공지능 결과 외의 자료", exact=True).click()
    page.get_by_role("button", name="이 항목에도 지정").click()
    expect(page.locator(".h-file")).to_have_count(2)
    visitor.go(f"/review?assessment={number}")
    expect(page.get_by_text("같은 파일을 2개 항목에 지정")).to_have_count(2)
    expect(page.get_by_text("확인하지 않음")).to_have_count(2)


def test_open_questions_of_law_and_no_tag_of_drafts_where_all_is_released(visitor: Visitor) -> None:
    page = visitor.sign_in("hana").page
    visitor.go("/law")
    expect(page.locator("h1")).to_have_text("법령상 미해결 쟁점")
    expect(page.locator(".h-card")).to_have_count(17)
    for address in ("/", "/systems"):
        visitor.go(address)
        expect(page.locator("details.h-draft")).to_have_count(0)


def test_what_was_begun_with_draft_editions_has_a_tag_that_opens(
    visitor: Visitor, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for draft in load.FOLDER.glob("*/earlier/1.0-of-0.6.0.yaml"):
        (tmp_path / draft.parts[-3]).mkdir()
        shutil.copy(draft, tmp_path / draft.parts[-3] / "1.0.yaml")
    monkeypatch.setattr(load, "FOLDER", tmp_path)
    begins = add_person(server.home, "early", "이초안", [Role.PRODUCT_MANAGER])
    with (
        closing(database.open_database(f"sqlite:///{server.home / 'haetae.db'}")) as opened,
        opened.transaction() as session,
    ):
        operator = actions.register_operator(session, Operator("초안 주식회사"), begins, AT)
        system = actions.register_system(session, operator, AISystem("초안 도우미", "Early helper"), begins, AT)
        number = actions.start_assessment(session, system, "hiring", begins, AT)
    page = visitor.sign_in("early").page
    visitor.go(f"/assessment?assessment={number}")
    tag = page.locator("details.h-draft summary")
    expect(tag).to_be_visible()
    expect(page.locator("details.h-draft p")).to_be_hidden()
    tag.click()
    expect(page.locator("details.h-draft p")).to_be_visible()
