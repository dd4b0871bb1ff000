"""Deciding, signing off and sealing ask who is there, unless they said so a few minutes ago: is_asked_first."""

from __future__ import annotations

import streamlit as st

from pages._frame import cookies, markup, pressing, sessions, shared
from pages._frame.shared import _

PATH = "/confirm"


def is_asked_first() -> bool:
    """True: the deed is not done; beside its button stands where to show who one is. What was entered stays."""
    if sessions.is_confirmed(cookies.value(st.context.cookies, cookies.SESSION), shared.now()):
        return False
    here = st.session_state.get("screen", "home")
    back = shared.address(here, **st.query_params.to_dict())
    link = markup.link(shared.address(PATH.removeprefix("/"), to=back), _("Confirm that it is you"))
    pressing.refuse(_("Before this step the tool asks once more who you are. What you entered stays here."), more=link)
    return True
