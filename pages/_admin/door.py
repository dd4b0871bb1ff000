"""Who comes in to the screens of administrators, and the way from one to the next: open_for_administrators."""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.model import Actor, Role
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.shared import _


def open_for_administrators(screen: str, actor: Actor) -> None:
    """Draws the head of the screen; stops the run for whoever administers nowhere."""
    language = shared.language()
    frame.heading(screens.title_of(screen, language))
    if Role.ADMINISTRATOR not in actor.roles:
        markup.show(markup.notice("bad", _("Only administrators work here.")))
        st.stop()
    with database.reading() as session:
        sees_settings = viewing.may_read_settings(session, actor)
    places = [
        (shared.address(name), screens.title_of(name, language), name == screen)
        for name in screens.OF_ADMINISTRATORS
        if name != "settings" or sees_settings
    ]
    shared.draw("frame/places.html.j2", title=_("Administration"), places=places)
    pressing.at_top()
    if screen == "settings" and not sees_settings:
        markup.show(markup.notice("bad", _("Only whoever administers every top unit sees how the server is set.")))
        st.stop()
