"""A page of our own templates as the layout reads it: nothing is lost, and every element has a rule."""

from __future__ import annotations

import re

import pytest

from exports import document, korean, typesetting
from tests import report_samples as samples


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ('<p>a<br>b<img src="x" alt="1 &gt; 0">c</p>', "abc"),
        ("<p>\x00\x0b\ud800\uffff&lt;i&gt; &amp;amp;</p>", "\ufffd\ufffd\ufffd\ufffd<i> &amp;"),
        ("<p>둘\r\n셋\t칸</p>", "둘\n셋\t칸"),
        ("<p>둘 \u2028셋 \u2029넷</p>", "둘 \n셋 \n넷"),
    ],
)
def test_text_comes_through_as_it_was_written(page: str, read: str) -> None:
    assert "".join(typesetting.parsed(page).itertext()) == read


def test_every_element_of_the_report_has_a_rule_of_its_own() -> None:
    sheet = (document.FOLDER / "report.css").read_text("utf-8").partition("/* Two margin boxes")[0]
    ruled = set(re.findall(r"[a-z0-9]+", " ".join(re.findall(r"^([a-z0-9, ]+) \{", sheet, re.MULTILINE))))
    used = {str(one.tag) for one in typesetting.parsed(document.html(samples.report(("ko", "en")))).iter()}
    inline = {"a", "b", "span"}
    assert used - ruled <= inline


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("하나입니다. 둘입니다.", "하나입니다. 둘입니다."),
        ("하나입니다. 둘입니다. 셋입니다. 넷입니다.", "하나입니다. 둘입니다. 셋입니다. …"),
        ("2.7.3 항목에 따라 거절하며 나머지는 다음 회의에서", "2.7.3 항목에 따라 거절하며 …"),
    ],
)
def test_a_long_text_ends_with_a_sentence_where_there_is_one(text: str, shown: str) -> None:
    assert korean.in_sentences(text, 21) == shown


def test_an_address_is_not_broken_at_its_hyphen() -> None:
    kept = korean.kept_together("02-0000, ai-supervision@example.com")
    assert kept == "02-0000, ai-\u2060supervision@example.com"
