"""Evidence of an assessment or of one part of the claim: what is there, attaching a file, taking one away."""

from __future__ import annotations

from html import escape
from pathlib import PurePath

import streamlit as st

from assessments import actions
from assessments.model import Actor, Evidence
from assessments.rights import may
from assessments.storage import database, reader
from assessments.uploads import EXTENSIONS, MAX_BYTES, Upload
from pages import _fields, _labels, _language, _shared
from pages._shared import _

MEBIBYTE = 1024 * 1024


def show(assessment_id: int, part: str, actor: Actor) -> None:
    """Files for one part of the claim; part empty: for the assessment as a whole."""
    with database.reading() as session:
        assessment = reader.get_assessment(session, assessment_id)
    editable = assessment.status.is_editable and may(actor, "add_evidence")
    kept = [one for one in assessment.evidence if one.part == part]
    key = f"e{assessment_id}-{assessment.revision}-{part}"
    _shared.show_news()
    if not kept:
        st.html(f'<p class="h-empty">{escape(_labels.word("no_evidence", _shared.language()))}</p>')
    for one in kept:
        _row(assessment_id, one, key, editable=editable)
    if editable:
        _form(assessment_id, part, key)


def line(one: Evidence) -> str:
    """HTML: title as a link to the file, its day, until when it counts, its digest."""
    language = _shared.language()
    word = _labels.word
    facts = [
        f"{escape(one.file_name)} ({one.size / MEBIBYTE:.1f} MB)" if one.size > MEBIBYTE else escape(one.file_name)
    ]
    if one.on:
        facts.append(f"{escape(word('dated', language))} {_language.day(one.on, language)}")
    if one.expires_on:
        facts.append(f"{escape(word('expires', language))} {_language.day(one.expires_on, language)}")
    facts.append(f'SHA-256 <code title="{one.sha256}">{one.sha256[:12]}…</code>')
    return (
        f'<p><a href="/files/evidence/{escape(one.id)}">{escape(one.title)}</a></p>'
        f'<p class="h-quiet">{" · ".join(facts)}</p>'
    )


def _row(assessment_id: int, one: Evidence, key: str, *, editable: bool) -> None:
    with st.container(horizontal=True, key=f"{key}-row-{one.id}", vertical_alignment="center"):
        st.html(f'<div class="h-file">{line(one)}</div>')
        if editable:
            with st.popover(_("Remove"), key=f"{key}-ask-{one.id}", type="tertiary"):
                st.html(
                    f"<p>{escape(_('Remove this file from the assessment? The history keeps that it was there.'))}</p>"
                )
                st.button(
                    _("Remove the file"), key=f"{key}-remove-{one.id}", on_click=_remove, args=(assessment_id, one.id)
                )


def _form(assessment_id: int, part: str, key: str) -> None:
    turn = st.session_state.get(f"{key}-turn", 0)
    endings = [one for ones in EXTENSIONS.values() for one in ones]
    with st.expander(_("Attach a file"), icon=":material/attach_file:"), st.form(f"{key}-form-{turn}", border=False):
        file = st.file_uploader(
            _("File: {types}, at most {size} MB", types=", ".join(endings), size=MAX_BYTES // MEBIBYTE),
            type=endings,
            key=f"{key}-file-{turn}",
        )
        st.text_input(_("What the file shows"), key=f"{key}-title-{turn}", max_chars=200)
        first, second = st.columns(2)
        first.text_input(
            _("Day of the document (optional)"), key=f"{key}-on-{turn}", placeholder="2026-11-20", max_chars=10
        )
        second.text_input(
            _("Counts until (optional)"), key=f"{key}-until-{turn}", placeholder="2027-11-20", max_chars=10
        )
        if st.form_submit_button(_("Attach the file"), key=f"{key}-attach-{turn}"):
            if file is None:
                st.html(_shared.notice("bad", _("Choose a file first.")))
            elif _attach(assessment_id, part, key, turn, file.name, file.getvalue()):
                st.rerun()


def _attach(assessment_id: int, part: str, key: str, turn: int, name: str, content: bytes) -> bool:
    """True: it was kept, and the form is emptied for the next one."""
    actor = _shared.current_actor()
    with _shared.problems_shown():
        upload = Upload(
            title=st.session_state.get(f"{key}-title-{turn}") or PurePath(name).stem,
            file_name=name,
            content=content,
            part=part,
            on=_fields.day_of(st.session_state.get(f"{key}-on-{turn}")),
            expires_on=_fields.day_of(st.session_state.get(f"{key}-until-{turn}")),
        )
        with database.transaction() as session:
            actions.add_evidence(session, assessment_id, upload, actor, _shared.now())
        st.session_state[f"{key}-turn"] = turn + 1
        _shared.tell(_("The file was attached: {title}", title=upload.title))
        return True
    return False


def _remove(assessment_id: int, evidence_id: str) -> None:
    actor = _shared.current_actor()
    with _shared.problems_kept():
        with database.transaction() as session:
            actions.remove_evidence(session, assessment_id, evidence_id, actor, _shared.now())
        _shared.tell(_("The file was removed."))
