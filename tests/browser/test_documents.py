"""Facts of the request are saved, its sending is entered, a rights sheet is sealed: every press is a double click."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visitor
from tests.browser.test_double_clicks import EXAMPLE, OFFICER, Clicks

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_documents_are_asked_for_entered_and_sealed_once(server: Server, visitor: Visitor) -> None:
    clicks = Clicks(server, visitor)
    number = visitor.sign_in("hana").number_of(EXAMPLE)
    key, address = f"documents-{number}", f"/documents?assessment={number}"
    visitor.go(address)
    clicks.type(f"{key}-facts-contact_name", "김담당")
    clicks.type(f"{key}-facts-people_contact", "인사팀 02-0000-0000")
    clicks("저장", "set_request_facts")
    visitor.go(address)
    clicks.open(f"{key}-step")
    clicks("기록", "note_request_step")
    visitor.sign_in(OFFICER).go(address)
    clicks.open(f"{key}-seal")
    clicks.choose(f"{key}-seal-kind", "rights")
    clicks("만들어 봉인", "keep_official")
    visitor.go(address)
    expect(visitor.main.get_by_role("link", name="봉인된 PDF")).to_have_count(1)
    clicks.are_all_of("official documents")
