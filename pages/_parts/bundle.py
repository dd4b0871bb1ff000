"""Several reports in one file: choose assessments, have what is missing rendered, then download the ZIP."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context

import streamlit as st

from assessments import viewing
from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.storage.entries import AssessmentSummary
from assessments.storage.searching import MOST_CHARACTERS, Search
from exports.printing.renderings import AT_ONCE
from pages._frame import database, markup, shared
from pages._frame.shared import _
from pages._parts import lists as _lists
from pages._server import reports
from pages._server.files import MOST_IN_BUNDLE
from questionnaires.problems import InvalidFileError

MOST_FOUND = 50
"""Assessments that are offered at a time; the search finds the others."""


def form(actor: Actor) -> None:
    """The choice, the progress, and the link once everything is there."""
    with shared.fold(_("Several reports in one file"), "bundle", icon=":material/folder_zip:") as is_open:
        if not is_open:
            return
        lead = _("Sealed reports where there are any, drafts of the others, and an index with every digest.")
        markup.show(markup.quiet(lead))
        known = _offered(actor)
        chosen = st.multiselect(
            _("Assessments"),
            list(known),
            format_func=known.__getitem__,
            key="bundle-chosen",
            placeholder=_("Choose"),
            max_selections=MOST_IN_BUNDLE,
        )
        is_pressed = st.button(_("Prepare"), key="bundle-go")
        if is_pressed and not chosen:
            markup.show(markup.notice("bad", _("Choose at least one assessment first.")))
        elif is_pressed and _prepared(chosen, actor):
            address = "/files/bundle.zip?assessments=" + ",".join(map(str, chosen))
            markup.show(markup.paragraph(markup.link(address, _("Download the ZIP"), "h-button")))


def _offered(actor: Actor) -> dict[int, str]:
    """Number → label: what is chosen already, then what the search finds; all that is there where that is little."""
    with database.reading() as session:
        page = viewing.assessments(session, actor, limit=MOST_FOUND)
        if not page.is_last:
            text = st.text_input(
                _("Find assessments to choose from"),
                key="bundle-search",
                type="search",
                placeholder=_("System, operator or assessment number"),
                max_chars=MOST_CHARACTERS,
            )
            page = viewing.assessments(session, actor, Search(text or ""), limit=MOST_FOUND)
        before = [viewing.summary(session, actor, number) for number in st.session_state.get("bundle-chosen", ())]
    known = {assessment.id: _label(assessment) for assessment in (*before, *page.entries) if assessment is not None}
    if not page.is_last:
        note = _("{count} were found; the newest {shown} are offered.", count=f"{page.total:,}", shown=MOST_FOUND)
        markup.show(markup.quiet(note))
    return known


def _label(assessment: AssessmentSummary) -> str:
    return f"{assessment.id} · {shared.literal(_lists.name_of(assessment.system, shared.language()))}"


def _prepared(chosen: Sequence[int], actor: Actor) -> bool:
    """True: everything is there. What failed is said; preparing again renders only what is missing."""
    language, failed = shared.language(), []
    progress = st.progress(0.0, _("Making the report …"))
    with ThreadPoolExecutor(AT_ONCE) as workers:
        under_way = {workers.submit(copy_context().run, reports.for_bundle, number, actor): number for number in chosen}
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
        listed = markup.items(markup.quoted(text) for text in failed)
        text = _("Not every report could be made. Prepare again to try those that are missing.")
        markup.show(markup.notice("bad", text, listed))
    return not failed
