"""A request is entered, put off, handed over and answered; another refused, a third withdrawn: every press is a double click."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assessments.model import Role
from assessments.people import add_person
from questionnaires.wording import seoul_day
from tests.browser.conftest import Server, Visitor
from tests.browser.test_double_clicks import Clicks
from tests.browser.test_screens import AXE, JUDGED

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def entered(clicks: Clicks, kind: str, reference: str) -> int:
    """By the form of the first system; its number."""
    clicks.visitor.go("/system?system=1")
    clicks.open("request-new-1")
    clicks.field("request-new-1-kind").locator("select").select_option(kind)
    clicks.type("request-new-1-reference", reference)
    clicks.type("request-new-1-asked", "사람이 다시 심사해 주십시오.")
    clicks("등록", "state_request")
    clicks.page.get_by_role("link", name="요구 열기").click()
    clicks.visitor.settled()
    expect(clicks.page.locator("h1")).to_contain_text(reference)
    return max(number for number, kind in clicks.events() if kind == "state_request")


def test_a_request_goes_from_its_receipt_to_its_answer(server: Server, visitor: Visitor, tmp_path: Path) -> None:
    add_person(server.home, "clerk", "담당자 한지우", [Role.CONTRIBUTOR])
    clicks = Clicks(server, visitor)
    page = visitor.sign_in("hana").page
    number = entered(clicks, "pipa_refusal", "R-2026-1")
    clock = page.locator(".h-clock")
    expect(clock).to_contain_text("답변 기한")

    clicks.open(f"request-extend-{number}-0")
    clicks.type(f"request-extend-{number}-0-reason", "자료를 더 찾아야 합니다.")
    clicks("기한 연장", "extend_request")
    expect(clock).to_contain_text("자료를 더 찾아야 합니다.")
    clicks.open(f"request-give-{number}")
    clicks.field(f"request-give-{number}-owner").locator("select").select_option("clerk")
    clicks("담당자 변경", "give_request")
    visitor.go(f"/request?request={number}")  # what Streamlit says of a deed is its own
    assert not page.evaluate(f"async () => {{ {AXE}; return await ({JUDGED})([]); }}")

    clicks.open(f"request-answer-{number}")
    clicks.choose(f"request-answer-{number}-outcome", "reprocessed")
    clicks.choose(f"request-answer-{number}-changed", "changed")
    clicks.choose(f"request-answer-{number}-reviewer", "another")
    clicks.type(f"request-answer-{number}-by", "인사팀장")
    clicks.type(f"request-answer-{number}-text", "다시 심사하였습니다.")
    clicks("답변", "answer_request")
    expect(visitor.main).to_contain_text("결정 변경")
    visitor.go("/recourse?state=answered")
    expect(page.locator(".h-register")).to_contain_text("R-2026-1")

    refused = entered(clicks, "pipa_explanation", "R-2026-2")
    clicks.open(f"request-refuse-{refused}")
    clicks.choose(f"request-refuse-{refused}-ground", "others_harmed")
    clicks.type(f"request-refuse-{refused}-reason", "다른 지원자의 정보가 드러납니다.")
    clicks("거절", "refuse_request")
    withdrawn = entered(clicks, "human_review", "R-2026-3")
    clicks.open(f"request-withdraw-{withdrawn}")
    clicks.type(f"request-withdraw-{withdrawn}-reason", "당사자가 철회하였습니다.")
    clicks("철회로 종결", "withdraw_request")
    visitor.go("/recourse?state=all")
    expect(visitor.main).to_contain_text("1건 중 1건(100%)")

    for place, label in enumerate(("가져오기", "잘못된 행은 빼고 가져오기")):
        table = tmp_path / f"requests-{place}.csv"
        day = seoul_day(datetime.now(UTC)).isoformat()
        table.write_text(
            f"접수번호,시스템 번호,종류,접수일,요구한 내용\nT-{place},1,other,{day},보아 주십시오.\n", "utf-8"
        )
        visitor.go("/recourse")
        clicks.open("asked")
        clicks.attach(table)
        clicks("결과 미리 보기", news=".h-notice.h-note", says="새 요구 1건")
        clicks(label, "state_request")
    clicks.are_all_of("a request of somebody concerned")
