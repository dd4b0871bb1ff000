"""The guides of docs/guides, each for one kind of reader; ?reader=… names one, else the one for the roles of whoever reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assessments.model import Role
from pages._frame import frame, screens, shared
from pages._frame.shared import _

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guides"
READERS = ("manager", "committee", "regulator", "administrator", "author", "developer")
FITTING = {
    Role.COMMITTEE_MEMBER: "committee",
    Role.CHAIR: "committee",
    Role.SIGNING_OFFICER: "committee",
    Role.AUDITOR: "regulator",
    Role.ADMINISTRATOR: "administrator",
}


@cache
def _read(reader: str, language: str) -> tuple[str, SyntaxTreeNode]:
    """Its title and what stands below, without the line that leads to the other language."""
    tree = SyntaxTreeNode(MarkdownIt().parse((FOLDER / f"{reader}.{language}.md").read_text("utf-8")))
    title, _other_language, *_rest = tree.children
    return title.children[0].content, tree


actor = shared.acting()
language = shared.language()
frame.heading(screens.title_of("guide", language), _("Two pages each: what to do first, and what to look out for."))
fitting = sorted(FITTING[role] for role in actor.roles if role in FITTING)
reader = st.query_params.get("reader", "")
if reader not in READERS:
    reader = fitting[0] if fitting and Role.PRODUCT_MANAGER not in actor.roles else READERS[0]
title, tree = _read(reader, language)
titles = [(name, shared.address("guide", reader=name), _read(name, language)[0]) for name in READERS]
shared.draw("screens/guide.html.j2", title=title, nodes=tree.children[2:], titles=titles, reader=reader)
