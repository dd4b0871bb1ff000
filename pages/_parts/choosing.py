"""Filters of a long list: each choice stands in the address, and choosing leads back to the first page. chosen, told, query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages._frame import markup, shared
from pages._frame.shared import _

FROM = "from"
"""Of the page in the address."""
WIDTH = 168


@dataclass(frozen=True)
class Filter:
    """One choice."""

    label: str
    options: Mapping[str, str]
    """Value → title."""
    every: str = ""
    """Title of all of them; empty: the usual word."""


def chosen(place: str, filters: Mapping[str, Filter]) -> dict[str, str]:
    """Draws them side by side and says what the address holds. Name → value; empty: all."""
    with st.container(horizontal=True, key=f"facets-{place}"):
        for name, each in filters.items():
            key, named = f"{place}-{name}", st.query_params.get(name, "")
            if key not in st.session_state:
                st.session_state[key] = named if named in each.options else ""
            st.selectbox(
                each.label,
                ["", *each.options],
                format_func=partial(_title, each),
                key=key,
                on_change=_choose,
                args=(name, key),
                width=WIDTH,
            )
    return {
        name: value if (value := st.query_params.get(name, "")) in each.options else ""
        for name, each in filters.items()
    }


def said(screen: str, filters: Mapping[str, Filter], values: Mapping[str, str]) -> None:
    """What is left out, and the way back to all."""
    named = [f"{filters[name].label}: {filters[name].options[value]}" for name, value in values.items() if value]
    if named:
        every = markup.link(shared.address(screen), _("Show all"))
        text = _("Only these are listed: {what}.", what=" · ".join(named))
        markup.show(markup.notice("note", text, markup.paragraph(every)))


def _title(of: Filter, value: str) -> str:
    return shared.literal(of.options.get(value, of.every or _("All")))


def _choose(name: str, key: str) -> None:
    if value := st.session_state[key]:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    st.query_params.pop(FROM, None)
