"""What is a list on a page is named as one: items by their class or their label, entries of the contents, other languages."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring, tostring

import pytest

from exports.printing import listing, typesetting


def named(page: str) -> Element:
    root = fromstring(page)
    listing.name_lists(root)
    return root


def tags(page: str) -> list[str | None]:
    return [element.get(listing.TAG) for element in named(page)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1. 첫째", "1. "),
        ("□ to do", "□ "),
        ("[12] 출처", "[12] "),
        ("(가) 목", "(가) "),
        ("(a) item", "(a) "),
        ("→ next", "→ "),
    ],
)
def test_a_paragraph_that_begins_with_a_label_is_an_item_and_loses_no_word(text: str, label: str) -> None:
    root = named(f"<div><p>{text}<a>link</a> rest</p></div>")
    (item,) = root
    assert item.get(listing.TAG) == listing.ITEM
    span = item[0]
    assert (span.get(listing.TAG), span.text) == (listing.LABEL, label)
    assert "".join(root.itertext()) == f"{text}link rest"


@pytest.mark.parametrize("text", ["1.5 hours", "2026. 11. 20. 결정", "12", "□", "(see there) x", "A. b", "[x] y"])
def test_other_paragraphs_stay_what_they_are(text: str) -> None:
    page = f"<div><p>{text}</p></div>"
    assert tostring(named(page), encoding="unicode") == page


def test_the_same_in_another_language_belongs_to_the_item_before_it() -> None:
    page = (
        '<td><p>1. 하나</p><p class="s">one</p><p class="s lead">uno</p><p>2. 둘</p><p>other</p><p class="s">x</p></td>'
    )
    assert tags(page) == ["LI", "Continued", "Continued", "LI", None, None]


def test_a_link_in_another_language_says_so_itself() -> None:
    root = fromstring('<p><a href="#x"><span data-lang="ko">제목</span></a> <a href="#y">a <span>b</span></a></p>')
    typesetting.say_languages_of_links(root)
    whole, mixed = root
    assert (whole.get("data-lang"), whole.text, len(whole)) == ("ko", "제목", 0)
    assert len(mixed) == 1 and "".join(mixed.itertext()) == "a b"


def test_entries_of_the_contents_and_items_by_their_class() -> None:
    page = (
        '<nav><p data-to="#a"><a>1 A</a></p><div class="item"><p>x</p></div><p class="step met">y</p><h2>z</h2></nav>'
    )
    assert tags(page) == ["TOCI", "LI", "LI", None]
