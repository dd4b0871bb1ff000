"""Requests taken over from a table of the operator's own: first what would happen, then the deed. form."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessments import actions
from assessments.actions import Imported
from assessments.register_file import requests as columns
from pages._frame import markup, pressing, shared
from pages._frame.shared import _, many
from pages._parts import register_import
from pages._parts.register_import import TableKind
from pages._server import uploading

KEY = "asked"


def form() -> None:
    """Choose a file, see what it would do, do it."""
    with shared.fold(_("Take over requests from a table"), KEY, icon=":material/upload_file:") as is_open:
        if not is_open:
            return
        lead = _(
            "CSV or XLSX with headings in Korean or English, one request in a row; the list as a file shows how. A row without a "
            "number is entered anew, with what came of it where that is stated; a row with a number is there already and stays as "
            "it is. Nothing is taken over before you have seen what would happen."
        )
        with st.form(KEY, border=False):
            markup.show(markup.quiet(lead))
            file = uploading.uploader(
                _("The table"), type=["csv", "xlsx", "txt"], key=pressing.key_of("asked-go", "asked-file")
            )
            pressing.submit(_("See what would happen"), "asked-try", _take_over, file, True, False)
            pressing.submit(_("Take over"), "asked-go", _take_over, file, False, False, type="primary")
            pressing.submit(_("Take over without the rows that are wrong"), "asked-rest", _take_over, file, False, True)


def _take_over(file: UploadedFile | None, is_dry: bool, leave_out: bool) -> None:
    register_import.take_over(file, _TABLE, is_dry=is_dry, leave_out=leave_out)


def _counts(imported: Imported) -> str:
    parts = (
        many("{count} new request", "{count} new requests", len(imported.registered)),
        many("{count} as it was", "{count} as they were", imported.unchanged),
        many("{count} row wrong", "{count} rows wrong", imported.wrong),
    )
    return " · ".join(parts)


_TABLE = TableKind(columns, actions.import_requests, _counts)
