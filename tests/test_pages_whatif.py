"""The what-if screen: nothing of it is stored, its address opens the same for another reader, and says what does not fit."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from assessments.home import home
from tests.office import KIM, LEE, Office
from tests.screens import Screen, Visitors


def stored() -> tuple[list[object], ...]:
    """All that a change would leave something in."""
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        tables = ("event", "response", "revision", "projection", "measure", "scenario", "evidence")
        return tuple(connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables)


def open_with(visitors: Visitors, *changes: str) -> Screen:
    screen = visitors.open("whatif", assessment=1)
    screen.app.query_params["c"] = list(changes)
    screen.app.run()
    return screen.sound()


def pick(screen: Screen, beginning: str, value: str) -> Screen:
    box = next((box for box in screen.app.selectbox if (box.key or "").startswith(beginning)), None)
    assert box is not None, [(b.key, b.options, b.value) for b in screen.app.selectbox]
    box.set_value(value).run()
    return screen.sound()


@pytest.mark.sqlite
@pytest.mark.slow
def test_what_is_supposed_is_shown_beside_what_is_and_leaves_nothing_behind(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM, "en")
    before = stored()
    screen = visitors.open("whatif", assessment=1)
    assert "Nothing that is changed here is stored" in screen.html and "What moved it" not in screen.html
    pick(screen, "whatif-kind", "answer:hiring")
    pick(screen, "whatif-answer:hiring", "used")
    pick(screen, "whatif-a-used", "no")
    assert screen.app.query_params["c"] in ("answer:hiring.used:no", ["answer:hiring.used:no"])
    assert "What moved it" in screen.html and "Routes to the outcome" in screen.html
    pick(screen, "whatif-a-used", "")
    assert not screen.app.query_params.get("c")
    assert stored() == before


def test_the_address_opens_the_same_for_another_reader_and_takes_back_one_change(
    office: Office, visitors: Visitors
) -> None:
    office.start()
    mine = open_with(visitors.sign_in(KIM), "answer:hiring.used:no").html
    shown = open_with(visitors.sign_in(LEE), "answer:hiring.used:no")
    assert mine.split("<h1", 1)[1] == shown.html.split("<h1", 1)[1]
    back = [unescape(address) for address in re.findall(r'href="(/whatif[^"]*)"', shown.html)]
    assert dict(parse_qsl(urlsplit(back[0]).query)) == {"assessment": "1"}


def test_an_address_that_does_not_fit_is_refused_in_a_sentence(office: Office, visitors: Visitors) -> None:
    office.start()
    html = open_with(visitors.sign_in(KIM), "answer:hiring.nothing:no").html
    assert 'role="alert"' in html and "answer:hiring.nothing:no" in html
    assert "달라진 까닭" not in html


@pytest.mark.slow
def test_what_the_results_hang_on_leads_to_supposing_it(office: Office, visitors: Visitors) -> None:
    office.start()
    screen = visitors.sign_in(KIM).open("whatif", assessment=1).unfold("whatif-hinges-1-fold")
    addresses = [unescape(address) for address in re.findall(r'href="(/whatif[^"]*c=[^"]*)"', screen.html)]
    assert addresses
    words = dict(parse_qsl(urlsplit(addresses[0]).query))["c"]
    assert "달라진 까닭" in open_with(visitors, words).html
