"""The entry script: who is acting, in which language, and which screen."""

from __future__ import annotations

import streamlit as st

from pages import _frame, _shared

st.set_page_config(page_title="Haetae", layout="centered", initial_sidebar_state="collapsed")
_frame.style()
actor = _shared.current_actor()
screen = st.navigation(_frame.screens(_shared.language()), position="hidden")
_frame.bar(actor)
screen.run()
_frame.foot()
