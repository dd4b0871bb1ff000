"""What somebody was not allowed to do on a screen is noted in the security log: note."""

from __future__ import annotations

import streamlit as st

from assessments import security_log
from assessments.errors import AssessmentError, NotAllowedError
from assessments.model import Actor
from assessments.security_log import Deed, Outcome


def note(error: AssessmentError) -> None:
    """Only what was refused for want of a right; that something is missing or came too late is no matter of security."""
    if not isinstance(error, NotAllowedError):
        return
    actor = st.session_state.get("actor")
    security_log.note(
        Deed.DEED,
        Outcome.REFUSED,
        actor=actor.id if isinstance(actor, Actor) else "",
        address=st.context.ip_address or "",
        subject=(st.context.url and security_log.place(st.context.url.partition("://")[2].partition("?")[0])) or "",
        reason=error.text.en,
    )
