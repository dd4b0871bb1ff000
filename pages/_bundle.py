"""Several reports in one file: choose assessments, have what is missing rendered, then download the ZIP."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from html import escape

import streamlit as st

from assessments.errors import AssessmentError
from assessments.storage.reader import AssessmentSummary
from exports.renderings import AT_ONCE
from pages import _plain, _report, _shared
from pages._files import MOST_IN_BUNDLE
from pages._shared import _
from questionnaires.problems import InvalidFileError


def form(listed: Sequence[AssessmentSummary]) -> None:
    """The choice, the progress, and the link once everything is there."""
    language = _shared.language()
    known = {one.id: one for one in listed}
    with st.expander(_("Several reports in one file"), icon=":material/folder_zip:"):
        lead = _("Sealed reports where there are any, drafts of the others, and an index with every digest.")
        st.html(f'<p class="h-quiet">{escape(lead)}</p>')
        with st.form("bundle", border=False):
            chosen = st.multiselect(
                _("Assessments"),
                list(known),
                format_func=lambda number: _label(known[number], language),
                key="bundle-chosen",
                placeholder=_("Choose"),
                max_selections=MOST_IN_BUNDLE,
            )
            asked = st.form_submit_button(_("Prepare"), key="bundle-go")
        if asked and not chosen:
            st.html(_shared.notice("bad", _("Choose at least one assessment first.")))
        elif asked and _prepared(chosen):
            address = "/files/bundle.zip?assessments=" + ",".join(map(str, chosen))
            st.html(f'<p><a class="h-button" href="{address}">{escape(_("Download the ZIP"))}</a></p>')


def _label(one: AssessmentSummary, language: str) -> str:
    name = (
        (one.system.name_en or one.system.name_ko) if language == "en" else (one.system.name_ko or one.system.name_en)
    )
    return f"{one.id} · {_shared.plain(name)}"


def _prepared(chosen: Sequence[int]) -> bool:
    """True: everything is there. What failed is said; preparing again renders only what is missing."""
    language, failed = _shared.language(), []
    progress = st.progress(0.0, _("Making the report …"))
    with ThreadPoolExecutor(AT_ONCE) as workers:
        under_way = {workers.submit(_report.for_bundle, number): number for number in chosen}
        for count, done in enumerate(as_completed(under_way), 1):
            try:
                done.result()
            except AssessmentError as error:
                failed.append(f"{under_way[done]}: {error.text[language]}")
            except InvalidFileError as error:
                logging.getLogger("haetae").error("%s", error)
                failed.append(f"{under_way[done]}: {_('A file of this installation cannot be used.')}")
            progress.progress(count / len(chosen), _("{count} of {all}", count=count, all=len(chosen)))
    progress.empty()
    if failed:
        rows = "".join(f"<li>{_plain.quoted(text)}</li>" for text in failed)
        text = _("Not every report could be made. Prepare again to try those that are missing.")
        st.html(_shared.notice("bad", text, f"<ul>{rows}</ul>"))
    return not failed
