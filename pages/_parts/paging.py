"""Pages of a long list: the requested page, and links to the next and the previous one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st
from markupsafe import Markup

from assessments.storage.searching import MOST_CHARACTERS, Search
from assessments.viewing import From, FromEntry, Page
from pages._frame import frame, markup
from pages._frame.shared import _

_PLACE = re.compile(r"(after|before)-([0-9]{1,17})-([0-9]{1,15})")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
SEARCH = "q"
Key = tuple[int, int]
"""Sort key of a row, as two numbers (keyset pagination)."""


@dataclass(frozen=True)
class Place:
    """Start of a page (after a row) or its end (right before the row)."""

    first: int
    second: int
    is_before: bool


def requested(name: str) -> Place | None:
    """The page requested by this query parameter. None: the first page."""
    text = st.query_params.get(name, "")
    match = _PLACE.fullmatch(text)
    if match:
        st.query_params[name] = text  # a link to the screen that is open leaves the browser's address as it was
    return Place(int(match[2]), int(match[3]), match[1] == "before") if match else None


def by_change(name: str) -> From | None:
    """Requested page of a list ordered by the latest change."""
    place = requested(name)
    if place is None:
        return None
    try:
        return From(_BEGINNING + timedelta(microseconds=place.first), place.second, place.is_before)
    except OverflowError:
        return None


def by_name(name: str) -> FromEntry | None:
    """Requested page of a list ordered by name, such as the register."""
    place = requested(name)
    return FromEntry(place.first, place.second or None, place.is_before) if place else None


def changed(at: datetime, number: int) -> Key:
    """Key of a row as read by `by_change`."""
    return (at - _BEGINNING) // timedelta(microseconds=1), number


def search(label: str, placeholder: str, *names: str) -> Search:
    """The search field; its text goes into the address, and typing resets the named lists to their first page."""

    def first_pages() -> None:
        for name in names:
            st.query_params.pop(name, None)

    text = st.text_input(
        label,
        key=SEARCH,
        type="search",
        placeholder=placeholder,
        max_chars=MOST_CHARACTERS,
        on_change=first_pages,
        bind="query-params",
    )
    return Search(text or "")


def count(page: Page[Any]) -> Markup:
    """The total, for a heading."""
    return markup.span(f"{page.total:,}", "h-count")


def nothing_here() -> Markup:
    """Placeholder for a page beyond the end of its list, or for a search without results."""
    return markup.empty(_("Nothing is here."))


def links(page: Page[Any], screen: str, name: str, ends: Sequence[Key], **query: object) -> None:
    """Range of rows out of the total, with links to the next and previous page. ends: keys of first and last row.

    query: other parameters to keep in the address.
    """
    if not page.before and page.is_last:
        return
    parameters = {key: str(value) for key, value in query.items() if value}
    with st.container(horizontal=True, key=f"pages-{name}", vertical_alignment="center"):
        for side, label, icon, is_there, key in (
            ("before", _("Previous"), ":material/arrow_back:", page.before > 0, ends[0]),
            ("after", _("Next"), ":material/arrow_forward:", not page.is_last, ends[-1]),
        ):
            if side == "after":
                first, last = page.before + 1, page.before + len(page.entries)
                range_text = _(
                    "{first}–{last} of {total}", first=f"{first:,}", last=f"{last:,}", total=f"{page.total:,}"
                )
                markup.show(markup.paragraph(range_text, "h-quiet h-range"))
            if is_there:
                st.page_link(
                    frame.FOLDER / f"{screen}.py",
                    label=label,
                    icon=icon,
                    icon_position="left" if side == "before" else "right",
                    query_params={**parameters, name: f"{side}-{key[0]}-{key[1]}"},
                )
