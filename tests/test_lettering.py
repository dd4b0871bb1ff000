"""Every sign is drawn by a font that has it, or shown by its number with the sign itself in the tag tree."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from exports.printing import document, lettering
from exports.record import record
from tests import report_samples as samples
from tests.pdf_objects import objects
from tests.strategies import thorough

FOREIGN = "㐂 𠮷 株式会社 简体 ภาษาไทย हिन्दी العربية עברית Ελληνικά Кириллица ☎️ ❤️ ✅ 👍 🇰🇷 👩🏽‍💻 1️⃣ ½ ㎡ ㈜"
OLD = "\u115f\u1160 \u1112\u119e\u11ab\uae00 \ub098\ub78f\ub9d0\u110a\u119e\ubbf8"
LACKING = "\u0600 \ufff9 \ue000 \U0010fffd \U0001fae1 \U0002a6a5 \u0378 \ufdd0"
UNSEEN = "x\u200by\u00adz\u180e\ufe0f\U000e0001"
ODD = " ".join((FOREIGN, OLD, LACKING, UNSEEN))


def completed(text: str) -> ElementTree.Element:
    root = ElementTree.Element("p")
    root.text = text
    ElementTree.SubElement(root, "b").tail = text
    lettering.complete(root)
    return root


def printed(text: str) -> bytes:
    used = samples.editions()
    plain = samples.assessment(used)
    odd = replace(plain, system=replace(plain.system, name_ko=text[:200], summary_ko=text))
    return document.make(record.build(samples.signed_off(odd), used, at=samples.AT, document_id="HT-1"), ("ko",))


@cache
def printed_odd() -> bytes:
    return printed(ODD)


@pytest.mark.slow
def test_what_is_taken_for_granted_is_in_the_reports_own_fonts() -> None:
    granted = {number for number in range(0x110000) if lettering._SURELY_DRAWN.match(chr(number))}
    for name in lettering.OWN[:2]:
        with TTFont(lettering.own_folder() / name, lazy=True) as font:
            assert granted - font.getBestCmap().keys() <= {ord("\u2060"), *b"\t\n\r"}


def test_an_ordinary_report_asks_no_font_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_fonts", lambda: pytest.fail("a font was read"))
    page = document.html(samples.report(("ko", "en")))
    assert lettering.undrawable(page) == ()


@pytest.mark.first_in_check
@pytest.mark.parametrize("sign", LACKING.split())
def test_what_no_font_has_is_shown_by_its_number_and_the_tag_says_the_sign(sign: str) -> None:
    root = completed(f"앞{sign}뒤")
    for span in root.iter("span"):
        assert span.get("class") == "standin"
        assert (span.text, span.get("data-actual"), span.tail) == (f"[U+{ord(sign):04X}]", sign, "뒤")
    assert len(list(root.iter("span"))) == 2
    assert lettering.undrawable(f"앞{sign}뒤") == (sign,)


@pytest.mark.first_in_check
@pytest.mark.parametrize("text", [FOREIGN, UNSEEN, "한글 English 123", "漢字 人工知能"])
@pytest.mark.slow
def test_what_some_font_has_stays_as_it_is(text: str) -> None:
    root = completed(text)
    assert lettering.undrawable(text) == ()
    assert list(root.iter("span")) == []
    assert "".join(root.itertext()) == text * 2


def test_old_hangul_is_set_in_a_font_that_joins_its_letters() -> None:
    spans = list(completed(OLD).iter("span"))
    assert [one.text for one in spans] == ["\u115f\u1160", "\u1112\u119e\u11ab", "\u110a\u119e"] * 2
    assert {one.get("class") for one in spans} == {"jamo"}


@thorough
@given(st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=40))
def test_no_sign_is_lost_or_moved(text: str) -> None:
    root = completed(text)
    said = "".join(
        one.get("data-actual") or one.text or "" if one.tag == "span" else one.text or "" for one in [root]
    ) + "".join(
        ((one.get("data-actual") or one.text or "") + (one.tail or "")) for one in root.iter() if one is not root
    )
    assert said == text * 2


def test_running_heads_and_charts_have_stand_ins_too() -> None:
    root = ElementTree.Element("h1", {"data-head": "\ue000 가", "data-label": "나"})
    lettering.complete(root)
    assert root.attrib == {"data-head": "[U+E000] 가", "data-label": "나"}
    assert lettering.in_words("<text>\ue000</text>") == "<text>[U+E000]</text>"


def test_what_stands_by_its_number_is_named_with_its_place() -> None:
    data = {"system": {"name_ko": "가\ue000나", "version": "1"}, "measures": [{"text": "漢"}, {"text": "\u0378\ue000"}]}
    assert lettering.undrawn(data) == (
        "U+E000 in system.name_ko",
        "U+0378 in measures.1.text",
        "U+E000 in measures.1.text",
    )
    assert lettering.undrawn({}) == lettering.undrawn({"a": "한글"}) == ()


def test_without_the_further_fonts_there_are_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "FURTHER", ())
    assert lettering.undrawable("한글 漢 ภ") == ("ภ",)


# --- on paper ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sign_of_every_further_font_is_drawn() -> None:
    each = []
    for font in lettering._fonts():
        own = [one for one in lettering._characters_of(font) if one > 0x20 and chr(one).isprintable()]
        each.append(chr(sorted(own)[len(own) // 2]))
    assert len(each) > 100
    assert lettering.undrawable("".join(each)) == ()
    assert printed(" ".join(each)).startswith(b"%PDF")


@pytest.mark.slow
def test_signs_in_any_order_are_drawn() -> None:
    order = random.Random(20261128)
    signs = [chr(number) for number in range(0x20, 0x30000) if not 0xD800 <= number < 0xE000]
    text = "".join(
        order.choice(signs) + (" " if order.random() < 0.2 else "")
        for _ in range(6_000 if os.environ.get("HAETAE_TORTURE") else 2_000)
    )
    assert printed(text).startswith(b"%PDF")


@pytest.mark.slow
def test_a_sign_that_no_font_has_and_nothing_stands_for_ends_in_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "complete", lambda _: None)
    with pytest.raises(ValueError, match="U\\+E000"):
        printed("\ue000")


@pytest.mark.slow
def test_the_tag_tree_says_the_sign_that_a_number_stands_for() -> None:
    said = {
        bytes(one["ActualText"]).decode("utf-16")
        for one in objects(printed_odd()).values()
        if isinstance(one, dict) and "ActualText" in one
    }
    assert said == set(LACKING.split())


def test_only_fonts_of_the_list_are_let_in() -> None:
    allowed = re.findall(r"<glob>\*/(.*?)</glob>", lettering.CONFIGURATION.read_text("utf-8"))
    folders = re.findall(r"<dir>(.*?)</dir>", lettering.CONFIGURATION.read_text("utf-8"))
    assert {folder for folder, _ in lettering.FURTHER} == set(folders)
    assert {names for _, names in lettering.FURTHER} <= set(allowed)


def test_each_is_shown_among_the_words_around_it_for_who_can_still_write_them_otherwise() -> None:
    text = "가나다라마바사아자차카타파하가나다라 \ue000 끝"
    found = lettering.undrawn_passages({"system": {"name": text, "again": text, "plain": "한글 English"}})
    assert found == ("…마바사아자차카타파하가나다라 [U+E000] 끝",)
    assert lettering.undrawn_passages({"name": "한글"}) == ()
