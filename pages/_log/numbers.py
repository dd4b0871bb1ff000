"""The organisation's own numbers that the log is held against, beside its figures: show. Set in the part on time of the claim."""

from __future__ import annotations

import streamlit as st

from assessments.decision_log.judging.claimed import read_claimed
from assessments.model import Assessment
from assessments.rules.findings import CLAIM
from pages._frame import frame, markup, shared
from pages._frame.shared import _
from pages._log import tables
from questionnaires import named, wording
from questionnaires.wording import duration

TIME = "time"
"""Section of *involvement* where they are answered."""


def show(assessment: Assessment, *, editable: bool) -> None:
    """Claimed time, claimed load and own minimum with their reason and day, and the way to where they are changed."""
    claimed, responses = read_claimed(assessment.answers(CLAIM)), assessment.responses.get(CLAIM, {})
    minutes = {named.TIME_MINUTES: claimed.minutes, named.TIME_FLOOR: claimed.floor_minutes}
    shown = {name: duration(60 * value)[shared.language()] if value else "" for name, value in minutes.items()}
    shown[named.TIME_CASES] = str(claimed.cases_a_day or "")
    titles = {
        named.TIME_MINUTES: _("claimed review time of a case, on average"),
        named.TIME_FLOOR: _("own minimum of review time"),
        named.TIME_CASES: _("claimed cases of one person and day, on average"),
    }
    rows = []
    for name, title in titles.items():
        response = responses.get(name)
        on = wording.day(response.at.date(), shared.language()) if response and response.at else "–"
        note = response.note if response and response.note else "–"
        rows.append((title, (shown[name] or _("not stated")), note, on))
    heads = (_("own number"), _("as answered"), _("reason"), _("answered on"))
    text = _(
        "The log is held against them without any trigger: three quarters of the cases on the wrong side contradict."
    )
    markup.show((markup.h2(_("Claimed time and own minimum")) + markup.quiet(text)) + tables.table(heads, rows))
    st.page_link(
        frame.FOLDER / "involvement.py",
        label=_("Change them in the part on time") if editable else _("See the part on time"),
        query_params={"assessment": str(assessment.id), "section": TIME},
    )
