"""The register taken over from a table: first what would happen, then the deed. form; take_over, for other tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessments import actions
from assessments.actions import Imported
from assessments.model import Actor
from assessments.register_file import columns, reading
from assessments.register_file.reading import Columns, Sheet
from pages._frame import database, markup, pressing, shared
from pages._frame.database import Session
from pages._frame.shared import _, many
from pages._server import uploading

KEY = "table"
MOST_TOLD = 200
"""Problems that are listed; a file with more is put right in pieces."""


class _TriedError(Exception):
    """Rolls back what was only tried."""


def form() -> None:
    """Choose a file, see what it would do, do it."""
    with shared.fold(_("Take over systems from a table"), KEY, icon=":material/upload_file:") as is_open:
        if not is_open:
            return
        lead = _(
            "CSV or XLSX with headings in Korean or English, one system in a row; the list above as a file shows how. With its "
            "number a system is changed, without one a new system is registered. Nothing is taken over before you have seen what "
            "would happen."
        )
        with st.form(KEY, border=False):
            markup.show(markup.quiet(lead))
            file = uploading.uploader(
                _("The table"), type=["csv", "xlsx", "txt"], key=pressing.key_of("table-go", "table-file")
            )
            pressing.submit(_("See what would happen"), "table-try", _try, file)
            pressing.submit(_("Take over"), "table-go", _take_over, file, False, type="primary")
            pressing.submit(_("Take over without the rows that are wrong"), "table-rest", _take_over, file, True)


# --- deeds ----------------------------------------------------------------------------------------------------


def _try(file: UploadedFile | None) -> None:
    take_over(file, _TABLE, is_dry=True)


def _take_over(file: UploadedFile | None, leave_out: bool) -> None:
    take_over(file, _TABLE, leave_out=leave_out)


@dataclass(frozen=True)
class TableKind:
    """What a table holds, and the deed that takes it over."""

    columns: Columns
    deed: Callable[[Session, Sheet, Actor, datetime], Imported]
    counts: Callable[[Imported], str]


def take_over(file: UploadedFile | None, kind: TableKind, *, is_dry: bool = False, leave_out: bool = False) -> None:
    """Do it, or say what it would do; a table with wrong rows is taken over only if those are to be left out."""
    actor = shared.current_actor()
    if file is None:
        pressing.refuse(_("Choose a file first."))
        return
    with pressing.problems_kept():
        sheet = reading.read(file.getvalue(), kind.columns)
        done: list[Imported] = []
        try:
            with database.transaction() as session:
                done.append(kind.deed(session, sheet, actor, shared.now()))
                if is_dry or (done[0].problems and not leave_out):
                    raise _TriedError
        except _TriedError:
            if is_dry:
                text = _("Nothing was done yet. It would be: {what}", what=kind.counts(done[0]))
                pressing.tell(text, _details(done[0], sheet, kind), "bad" if done[0].problems else "note")
                return
            wrong = many("{count} row is wrong", "{count} rows are wrong", done[0].wrong)
            pressing.refuse(_("Nothing was taken over: {why}.", why=wrong), more=_details(done[0], sheet, kind))
            return
        uploading.used(file)
        pressing.tell(_("Taken over: {what}", what=kind.counts(done[0])), _details(done[0], sheet, kind))


def _counts(imported: Imported) -> str:
    parts = (
        many("{count} new system", "{count} new systems", len(imported.registered)),
        many("{count} changed", "{count} changed", len(imported.changed)),
        many("{count} as it was", "{count} as they were", imported.unchanged),
        many("{count} row wrong", "{count} rows wrong", imported.wrong),
    )
    return " · ".join(parts)


def _details(imported: Imported, sheet: Sheet, kind: TableKind) -> Markup:
    """What was left out, and what is wrong with which row."""
    language, parts = shared.language(), []
    if sheet.unknown:
        headings = ", ".join(sheet.unknown)
        parts.append(markup.quiet(_("Columns that are not known here, left out: {names}", names=headings)))
    rows = [
        (
            f"{problem.line:,}",
            kind.columns.title(problem.column)[language] if problem.column else "–",
            problem.text[language],
        )
        for problem in imported.problems[:MOST_TOLD]
    ]
    if rows:
        parts.append(markup.table((_("Line"), _("Column"), _("What is wrong, and what to do")), rows))
    if len(imported.problems) > MOST_TOLD:
        parts.append(markup.quiet(_("The first {count} are listed.", count=MOST_TOLD)))
    return markup.joined(parts)


_TABLE = TableKind(columns, actions.import_systems, _counts)
