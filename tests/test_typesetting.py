"""A page of our own templates as the layout reads it: nothing is lost."""

from __future__ import annotations

import pytest

from exports.printing import typesetting
from exports.words import korean


@pytest.mark.parametrize(
    ("page", "read"),
    [
        ('<p>a<br>b<img src="x" alt="1 &gt; 0">c</p>', "abc"),
        ("<p>\x00\x08\ud800\uffff&lt;i&gt; &amp;amp;</p>", "\ufffd\ufffd\ufffd\ufffd<i> &amp;"),
        ("<p>둘\r\n셋\t칸</p>", "둘\n셋\t칸"),
        ("<p>둘 \u2028셋 \u2029넷</p>", "둘 \n셋 \n넷"),
        ("<p>둘\x0b셋\x85넷\r다섯\x0c여섯</p>", "둘\n셋\n넷\n다섯\n여섯"),
    ],
)
def test_text_comes_through_as_it_was_written(page: str, read: str) -> None:
    assert "".join(typesetting.parsed(page).itertext()) == read


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
