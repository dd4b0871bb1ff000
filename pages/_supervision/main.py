"""The entry script of `haetae supervise`: one screen over one table, for a supervisor who has no account of any operator."""

from __future__ import annotations

import streamlit as st

from pages._frame import frame, plain, shared, translation
from pages._supervision import screen, table

st.set_page_config(page_title="Haetae", layout="centered", initial_sidebar_state="collapsed")
frame.style()
st.session_state.setdefault("named", "")
language = shared.language()
other = next(choice for choice in translation.LANGUAGES if choice != language)
shared.draw("frame/supervision_bar.html.j2", mark=plain.MARK, other=other, other_name=plain.NAMES[other])
screen.show(table.opened())
shared.draw("frame/supervision_foot.html.j2")
