"""The entry script: who is acting, in which language, and which screen."""

from __future__ import annotations

import streamlit as st

from pages._field import forms
from pages._frame import frame, shared
from pages._parts import unsaved
from pages._server import uploading

st.set_page_config(page_title="Haetae", layout="centered", initial_sidebar_state="collapsed")
frame.style()
actor = shared.current_actor()
screen = st.navigation(frame.all_screens(shared.language()), position="hidden")
frame.follow(screen.url_path)
frame.bar(actor, screen.url_path)
unsaved.show(actor)
with uploading.screen_drawn():
    screen.run()
forms.end()
frame.foot()
