"""A chair convenes the committee, two members vote, the minutes are closed and downloaded; every press is a double click."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from assessments import actions
from assessments.model import Committee, Role
from assessments.people import add_person, find_person
from tests import doors
from tests.browser.conftest import Server, Visitor
from tests.browser.test_double_clicks import CHAIR, EXAMPLE, Clicks

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MEMBERS = {"lee": "이서준", "noh": "노하늘"}


def submitted(server: Server) -> int:
    """Waits for a committee of two."""
    for person, name in MEMBERS.items():
        add_person(server.home, person, name, [Role.COMMITTEE_MEMBER])
    add_person(server.home, "ada", "안다온", [Role.ADMINISTRATOR])
    hana, ada = (find_person(server.home, name) for name in ("hana", "ada"))
    assert hana is not None and ada is not None
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        number, at = doors.first_assessment_of(session, EXAMPLE), datetime.now(UTC)
        actions.revise(session, number, hana, at)
        actions.submit(session, number, hana, at)
        actions.set_committee(session, 1, Committee(2), ada, at)
    return number


def test_the_chair_convenes_two_vote_and_the_minutes_are_closed(server: Server, visitor: Visitor) -> None:
    number, clicks = submitted(server), Clicks(server, visitor)
    page = visitor.sign_in(CHAIR).go("/portfolio").page
    page.get_by_role("link", name="위원회 회의").click()
    visitor.settled()
    clicks.open("meeting-new")
    clicks.type("meeting-new-place", "본관 3층")
    clicks("회의 소집", "convene_meeting")
    expect(page.locator(".h-agenda")).to_contain_text(EXAMPLE)  # what waits is on the agenda
    meeting = page.url.partition("meeting=")[2].partition("&")[0].partition("#")[0]
    key = f"meeting-{meeting}"

    clicks.open(f"{key}-add")
    clicks.type(f"{key}-item-title", "다음 회의의 날")
    clicks("안건에 올리기", "set_agenda")
    clicks.open(f"{key}-add")
    clicks("새로 생긴 일 올리기")
    clicks.open(f"{key}-order")
    own = page.locator(f".st-key-{key}-row-2")
    clicks(own.get_by_role("button", name="위로"), "set_agenda")
    clicks(own.get_by_role("button", name="아래로"), "set_agenda")
    clicks(own.get_by_role("button", name="제외"), "set_agenda")
    clicks(own.get_by_role("button", name="다시 올리기"), "set_agenda")

    clicks.open(f"{key}-seal")
    clicks("만들어 봉인", "keep_document")
    with page.expect_download() as download:
        page.get_by_role("link", name="위원회 회의 자료").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    for person in MEMBERS:
        voter = visitor.sign_in(person).go(f"/meeting?meeting={meeting}").page
        voter.locator(".h-agenda").get_by_role("link", name=EXAMPLE).click()
        visitor.settled()
        voter.locator(f'[data-field*=":form:vote-{number}-"] input[value="approve"]').first.check()
        reason = voter.locator(f'[data-field*=":form:vote-{number}-"][data-field$="-reason"] textarea').first
        reason.fill(f"{MEMBERS[person]}: 근거가 충분합니다.")
        clicks("표결하기", "cast_vote")

    visitor.go(f"/meeting?meeting={meeting}")  # any member keeps the minutes
    clicks.open(f"{key}-who")
    boxes = page.locator(f'[data-field*=":form:{key}-who-"] input[value="present"]')
    for place in range(boxes.count()):
        boxes.nth(place).check()
    clicks("출석 저장", "set_attendance")
    clicks.open(f"{key}-minute-1")
    clicks.type(f"{key}-minute-1-resolution", "표결에 따른다.")
    clicks("이 안건의 회의록 저장", "take_minutes")
    expect(page.get_by_role("button", name="회의록 마감 확정")).to_have_count(0)

    visitor.sign_in(CHAIR).go(f"/meeting?meeting={meeting}")
    clicks.open(f"{key}-change")
    clicks.type(f"{key}-change-place", "별관 1층")
    clicks("저장", "change_meeting")
    clicks("회의록 마감 확정", "close_meeting")
    for name in MEMBERS.values():
        expect(visitor.main).to_contain_text(f"{name}: 근거가 충분합니다.")
    clicks.open(f"{key}-addendum")
    clicks.type(f"{key}-addendum-text", "2번 안건의 날을 바로잡는다.")
    clicks("추가 기재 확정", "add_addendum")
    for name, beginning in (("PDF", b"%PDF-"), ("DOCX", b"PK"), ("마크다운", b"# ")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.path().read_bytes().startswith(beginning), name

    visitor.go("/meetings")
    clicks.open("meeting-new")
    clicks("회의 소집", "convene_meeting")
    other = f"meeting-{int(meeting) + 1}"
    clicks.open(f"{other}-cancel")
    clicks.type(f"{other}-cancel-reason", "정족수가 모이지 않는다.")
    clicks("이 회의 취소", "cancel_meeting")
    clicks.are_all_of("a meeting of the committee")
