"""The committee's screen in a real browser: what decides stands first, and the form is in view wherever one reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, expect

from assessments import actions
from assessments.model import Actor, Ballot, Committee, Measure, Role
from assessments.people import add_person
from assessments.storage import reader
from tests import doors
from tests.browser.conftest import Server, Visitor

pytestmark = pytest.mark.browser
EXAMPLE, CHAIR = "면접길잡이", "example-chair"
HANA = Actor("hana", "김하나", frozenset({Role.PRODUCT_MANAGER}))


def _resubmit(server: Server, number: int) -> None:
    """A second revision with one measure less, one more and one that somebody else looks after."""
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        actions.revise(session, number, HANA, datetime.now(UTC))
        first, _second, *others = reader.get_assessment(session, number).measures
        measures = [replace(first, owner="새 담당팀"), *others, Measure("m20", "한 번 더 본다.", kind="mitigation")]
        actions.set_measures(session, number, measures, HANA, datetime.now(UTC))
        actions.submit(session, number, HANA, datetime.now(UTC))


def test_a_reason_without_a_space_stays_in_its_column_and_a_low_phone_shows_the_counts(
    server: Server, visitor: Visitor
) -> None:
    number = int(visitor.sign_in("hana").number_of(EXAMPLE))
    add_person(server.home, "noh", "노하늘", [Role.COMMITTEE_MEMBER])
    with doors.database_at(server.home) as opened, opened.transaction() as session:
        administrator = Actor("ada", "안다온", frozenset({Role.ADMINISTRATOR}))
        actions.set_committee(session, 1, Committee(2), administrator, datetime.now(UTC))
        actions.revise(session, number, HANA, datetime.now(UTC))
        actions.submit(session, number, HANA, datetime.now(UTC))
        frozen = reader.get_assessment(session, number).content_sha256 or ""
        member = Actor("noh", "노하늘", frozenset({Role.COMMITTEE_MEMBER}))
        actions.cast_vote(session, number, Ballot.APPROVE, "가" * 2000, frozen, member, datetime.now(UTC))
    page = visitor.sign_in(CHAIR).page
    for width, height in ((1280, 900), (390, 664)):
        page.set_viewport_size({"width": width, "height": height})
        visitor.go(f"/decide?assessment={number}")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        written, form = page.locator(".h-table .h-written").first, page.locator(".st-key-decide-act")
        right, left = written.bounding_box(), form.bounding_box()
        assert right is not None and left is not None
        assert right["x"] + right["width"] <= (left["x"] if width > 1000 else width)
        brief, act = page.locator(".h-brief").bounding_box(), form.bounding_box()
        assert brief is not None and act is not None
        assert width > 1000 or brief["y"] + brief["height"] <= act["y"]
    with (
        doors.database_at(server.home) as opened,
        opened.transaction() as session,
    ):  # the next test's member decides alone
        actions.set_committee(session, 1, None, administrator, datetime.now(UTC))


def _is_in_view(visitor: Visitor, element: Locator) -> bool:
    box, size = element.bounding_box(), visitor.page.viewport_size
    return box is not None and size is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def test_the_form_stays_in_view_while_everything_is_read(server: Server, visitor: Visitor) -> None:
    number = visitor.sign_in("hana").number_of(EXAMPLE)
    _resubmit(server, int(number))
    page = visitor.sign_in(CHAIR).page
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        visitor.go(f"/decide?assessment={number}")
        approve = page.get_by_role("radio", name="승인", exact=True)
        assert _is_in_view(visitor, page.locator(".h-strip:visible, .h-strip-folded:visible").first)
        assert _is_in_view(visitor, page.locator(".h-brief"))
        assert _is_in_view(visitor, page.get_by_role("heading", name="직전 제출 이후 바뀐 내용"))
        for share in (0, 0.3, 0.6, 1):
            page.locator('[data-testid="stMain"]').evaluate(
                "(main, share) => main.scrollTo(0, share * main.scrollHeight)", share
            )
            visitor.settled()
            assert _is_in_view(visitor, approve), (width, share)
    changes = page.locator(".h-changes").first
    for words in ("새 담당팀", "한 번 더 본다."):
        expect(changes).to_contain_text(words)
    page.locator("label").filter(has_text="승인").first.click()
    page.get_by_role("textbox", name="사유", exact=True).fill("바뀐 내용까지 읽었다.")
    page.get_by_role("button", name="결정 저장").click()
    expect(page.get_by_text("결정을 저장하였습니다").first).to_be_visible()
