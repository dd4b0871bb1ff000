"""A report of this tool, opened as a new draft: the form on the systems screen."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessments import actions
from assessments.viewing import Places
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import registry
from pages._server import uploading

KEY = "import"


def form(where: Places) -> None:
    """Choose a report or its record; what could not be taken over is listed below the new draft's link."""
    with shared.fold(_("Open a report as a new draft"), "import", icon=":material/upload_file:") as is_open:
        if not is_open:
            return
        with st.form("import", border=False):
            lead = _("Answers, scenarios and measures are taken over; approvals and evidence files are not.")
            markup.show(markup.quiet(lead))
            registry.unit_choice(where.choice("start_assessment"), KEY)
            file = uploading.uploader(
                _("The report (PDF) or its record.json"),
                type=["pdf", "json"],
                key=pressing.key_of("import-go", "import-file"),
            )
            pressing.submit(_("Open as a draft"), "import-go", _take_over, file)


def _take_over(file: UploadedFile | None) -> None:
    from exports.record import attached

    actor, language = shared.current_actor(), shared.language()
    if file is None:
        pressing.refuse(_("Choose a file first."))
        return
    with pressing.problems_kept():
        assessment = attached.as_assessment(attached.read_file(file.getvalue()))
        with database.transaction() as session:
            taken = actions.take_over(session, assessment, actor, shared.now(), unit=registry.unit_chosen(KEY))
        uploading.used(file)
        _tell(taken, language)


def _tell(taken: actions.TakenOver, language: str) -> None:
    address = shared.address("assessment", assessment=taken.assessment_id)
    link = markup.paragraph(markup.link(address, _("Assessment {number}", number=taken.assessment_id)))
    left_out = markup.items(text[language] for text in taken.left_out)
    more = markup.paragraph(_("Not taken over:")) + left_out if left_out else markup.NOTHING
    pressing.tell(_("The draft is open."), link + more)
