"""The way from the claim to its decision log, with what the log says in one line: show."""

from __future__ import annotations

import streamlit as st

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.involvement import weakest
from pages import _findings, _frame, _shared
from pages._shared import _


def show(assessment: Assessment, found: Findings) -> None:
    """A task line like those of the parts."""
    with st.container(key="task-log", horizontal=True, vertical_alignment="center"):
        st.page_link(
            _frame.FOLDER / "log.py",
            label=_frame.title_of("log", _shared.language()),
            query_params={"assessment": str(assessment.id)},
        )
        said = weakest([one.finding for one in found.log])
        tags = _findings.finding_tag(said) if found.log else _shared.tag(_("Not started"), "open")
        st.html(f'<p class="h-tags">{tags}</p>', width="content")
