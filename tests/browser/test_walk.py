"""The whole way in a real browser, through nginx and over HTTPS: revise the example, answer, submit, decide, sign off, seal, verify."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visitor, open_address
from tests.proxy import Front

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(behind_nginx: tuple[Server, Front]) -> Server:
    return behind_nginx[0]


BOTH, CHAIR, OFFICER = "hana", "example-chair", "example-officer"
EXAMPLE = "면접길잡이"


def test_an_example_is_revised_decided_by_others_sealed_and_verified(
    server: Server, visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.sign_in(BOTH).page
    one = visitor.number_of(EXAMPLE)
    visitor.go(f"/assessment?assessment={one}")
    visitor.open_fold("새 개정판 시작")
    page.get_by_role("button", name="개정 2판 열기").click()
    expect(page.get_by_text("개정 2판 초안을 열었습니다").first).to_be_visible()

    visitor.go(f"/answer?assessment={one}&section=functions")
    strip = page.locator(".h-strip")
    expect(strip).to_contain_text("이견 있음")
    profiles = page.locator(f".st-key-a{one}-2-hiring-profiles-box")
    profiles.get_by_text("아니요", exact=True).click()
    expect(strip).to_contain_text("고영향 인공지능에 해당하지 않음")
    profiles.get_by_text("예", exact=True).click()
    expect(strip).to_contain_text("이견 있음")

    visitor.go(f"/answer?assessment={one}&section=people_severity")
    score = page.locator(".h-strip .h-figure")
    before = score.inner_text()
    page.locator(f".st-key-a{one}-2-hiring-accommodation-box").get_by_text("모름", exact=True).click()
    expect(score).not_to_have_text(before)

    visitor.go(f"/review?assessment={one}")
    page.get_by_role("button", name="개정 2판을 심의위원회에 제출").click()
    expect(page.get_by_text("제출하였습니다").first).to_be_visible()

    visitor.go(f"/decide?assessment={one}")
    expect(visitor.main).to_contain_text("작성자이므로 결정할 수 없습니다")
    expect(page.get_by_role("button", name="결정 저장")).to_have_count(0)

    visitor.sign_in(CHAIR).go(f"/decide?assessment={one}")
    page.locator("label").filter(has_text="조건부 승인").first.click()
    page.get_by_role("textbox", name="사유", exact=True).fill("근거가 충분합니다.")
    page.locator("summary").filter(has_text="조건(조건부 승인에만)").click()
    page.get_by_role("textbox", name="조건 1: 이행할 내용").fill("편향 시험을 다시 하고 결과를 위원회에 보고한다.")
    page.get_by_role("textbox", name="목록에 없는 담당자").first.fill("품질팀")
    page.locator('[data-field$="-condition-1-due"] input').first.fill("2099-03-31")
    page.get_by_role("button", name="결정 저장").click()
    expect(page.get_by_text("결정을 저장하였습니다").first).to_be_visible()
    expect(page.get_by_role("button", name="결재하고 보고서 봉인")).to_have_count(0)

    visitor.sign_in(OFFICER).go(f"/decide?assessment={one}")
    toasts = visitor.gathering_toasts()
    for statement in page.locator('[data-field*=":form:sign-"] input[type="checkbox"]').all():
        statement.check()
    page.get_by_role("button", name="결재하고 보고서 봉인").click()
    expect(page.get_by_test_id("stExpander").get_by_text("보고서를 봉인하고 등록하였습니다")).to_be_visible(
        timeout=300_000
    )
    expect(toasts).to_have_attribute("data-toasts", re.compile(r"보고서를 봉인하고 등록하였습니다"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="개정 2판 봉인 보고서").click()
    sealed = tmp_path / "report.pdf"
    waiting.value.save_as(sealed)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="검증용 인증서").click()
    certificate = tmp_path / "certificate.pem"
    waiting.value.save_as(certificate)

    trusted = server.command("verify", str(sealed), "--trust", str(certificate))
    assert trusted.returncode == 0, trusted.stdout + trusted.stderr
    assert server.command("verify", str(sealed)).returncode == 3
    _verified_on_screen(visitor, sealed)


def _verified_on_screen(visitor: Visitor, sealed: Path) -> None:
    page = visitor.page
    visitor.open("/verify")
    page.locator('input[type="file"]').first.set_input_files(sealed)
    page.get_by_role("button", name="검증", exact=True).click()
    expect(page.locator(".verdict.passed")).to_be_visible()
    expect(page.locator(".findings .bad")).to_have_count(0)


def test_a_reload_in_the_middle_of_answering_restores_everything(visitor: Visitor) -> None:
    page = visitor.sign_in("example-author").page
    one = visitor.start_on_screen("채용")
    visitor.go(f"/answer?assessment={one}&section=scope")
    used = page.locator(f".st-key-a{one}-1-hiring-used_in_hiring-box")
    used.locator(".f-option").get_by_text("모집부터 선발까지").click()
    expect(used.locator(".h-saved")).to_contain_text("저장됨")
    page.reload()
    expect(used.get_by_role("radio").first).to_be_checked()

    visitor.go(f"/answer?assessment={one}&questionnaire=impact&section=target")
    purpose = page.locator(f".st-key-a{one}-1-impact-purpose-box")
    left = purpose.get_by_role("textbox").first
    left.fill("지원자를 빠짐없이 살피기 위하여 씁니다.\n둘째 줄 *별표* ![그림](http://example.org/a.png)")
    left.blur()
    expect(purpose.locator(".h-saved")).to_contain_text("저장됨")
    unleft = page.locator(f".st-key-a{one}-1-impact-period_and_frequency-box").get_by_role("textbox").first
    unleft.press_sequentially("떠나지 않은 칸의 글.")
    page.reload()
    visitor.settled()
    page.wait_for_url("**section=target*")
    expect(left).to_have_value(re.compile("^지원자를 빠짐없이 살피기 위하여 씁니다.\n둘째 줄"))
    expect(unleft).to_have_value("떠나지 않은 칸의 글.")
    unleft.blur()
    visitor.settled()
    visitor.go(f"/review?assessment={one}")
    expect(visitor.main).to_contain_text("![그림](http://example.org/a.png)")
    expect(visitor.main).to_contain_text("떠나지 않은 칸의 글.")


def test_a_session_that_ends_elsewhere_closes_the_open_screen(server: Server, visitor: Visitor) -> None:
    page = visitor.sign_in("example-author").go("/").page
    other = page.context.new_page()
    open_address(other, server.address + "/leave")
    other.get_by_role("button").click()
    other.wait_for_url("**/enter")
    page.wait_for_url("**/enter*")


def test_the_address_of_a_section_follows_next_stays_on_reload_and_goes_back(visitor: Visitor) -> None:
    visitor.sign_in("hana")
    number = visitor.start_on_screen("채용")
    page = visitor.go(f"/answer?assessment={number}").page
    seen = []
    for _ in range(2):
        page.locator(".h-onward .h-button").click()
        page.wait_for_url("**section=*")
        expect(page.locator("h1")).not_to_have_text(seen[-1] if seen else "")
        visitor.settled()
        seen.append(page.locator("h1").inner_text())
    second, third = seen
    assert second != third
    page.reload()
    visitor.settled()
    expect(page.locator("h1")).to_have_text(third)
    page.go_back()
    visitor.settled()
    expect(page.locator("h1")).to_have_text(second)
    page.locator(".h-onward .h-near").click()
    expect(page.locator("h1")).not_to_have_text(second)
