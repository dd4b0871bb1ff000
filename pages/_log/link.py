"""The way from the claim to its decision log, with what the log says in one line: show."""

from __future__ import annotations

import streamlit as st

from assessments.derived import Findings
from assessments.model import Assessment
from assessments.rules.involvement import weakest
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import findings


def show(assessment: Assessment, results: Findings) -> None:
    """A task line like those of the parts."""
    with st.container(key="task-log", horizontal=True, vertical_alignment="center"):
        st.page_link(
            frame.FOLDER / "log.py",
            label=screens.title_of("log", shared.language()),
            query_params={"assessment": str(assessment.id)},
        )
        finding = weakest([contribution.finding for contribution in results.log])
        tags = findings.finding_tag(finding) if results.log else markup.tag(_("Not started"), "open")
        markup.show(markup.tags(tags), width="content")
