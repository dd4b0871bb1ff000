"""Requests of Act Art. 33 as lists and their own screen show them: whose turn it is, until when, by which period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments.rules.requesting import RequestStanding
from assessments.viewing import UnderWay
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import lists
from pages._server import request_clocks


def rows(requests: Sequence[UnderWay], today: date) -> None:
    """Of several assessments, the earliest first."""
    for place, request in enumerate(requests):
        with st.container(key=f"row-confirmation-{place}", gap=None):
            address = shared.address("documents", assessment=request.assessment)
            name = markup.link(address, lists.name_of(request.system, shared.language()))
            number = _("Assessment {number}", number=request.assessment)
            line = markup.paragraph(name, "h-row-name") + standing(request.standing, today, number)
            markup.show(markup.block(line, "h-row"))


def standing(of: RequestStanding, today: date, besides: str = "") -> Markup:
    """In a sentence, with the period and its source; that the day has passed. besides: told behind the period."""
    language = shared.language()
    if of.until is None:
        if of.last is None:
            return markup.paragraph(_("No request has been sent. It is optional; the prior review itself is owed."))
        return markup.paragraph(_("The request has been answered; no period runs."))
    sentence, basis = request_clocks.told(of.period, of.until, language)
    tag = markup.tag(_("the day has passed"), "bad") if of.is_late(today) else markup.NOTHING
    return markup.joined(
        (
            markup.paragraph(markup.joined((sentence, " ", tag))),
            markup.quiet(" · ".join(part for part in (basis, besides) if part)),
        )
    )
