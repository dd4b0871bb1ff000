"""Evidence of an assessment or of one part of the claim: what is there, attaching a file, taking one away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath

import streamlit as st
from markupsafe import Markup

from assessments import actions
from assessments.content import uploads
from assessments.content.answers import MAX_CHARACTERS
from assessments.content.uploads import EXTENSIONS, MAX_BYTES, Upload
from assessments.model import Actor, Assessment, Evidence, EvidenceMark, EvidenceReview
from assessments.rights import may
from assessments.storage import database, reader
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _
from pages._parts import fields, gaps
from questionnaires import wording
from questionnaires.load import Edition

MEBIBYTE = 1024 * 1024


def show(assessment_id: int, part: str, actor: Actor) -> None:
    """Files for one part of the claim; part empty: for the assessment as a whole."""
    with database.reading() as session:
        assessment = reader.get_assessment(session, assessment_id)
    editable = assessment.status.is_editable and may(actor, "add_evidence")
    files = [evidence for evidence in assessment.evidence if evidence.part == part]
    key = f"e{assessment_id}-{assessment.revision}-{part}"
    shared.show_news()
    if not files:
        markup.show(markup.empty(enum_names.word("no_evidence", shared.language())))
    for evidence in files:
        _row(assessment_id, evidence, key, editable=editable)
    if editable:
        _form(assessment_id, part, key)
        _already_there(assessment, part, key)


def line(evidence: Evidence) -> Markup:
    """Title as a link to the file, its day, until when it counts, its digest."""
    language = shared.language()
    word = enum_names.word
    facts = [
        f"{evidence.file_name} ({evidence.size / MEBIBYTE:.1f} MB)" if evidence.size > MEBIBYTE else evidence.file_name
    ]
    if evidence.on:
        facts.append(f"{word('dated', language)} {wording.day(evidence.on, language)}")
    if evidence.expires_on:
        facts.append(f"{word('expires', language)} {wording.day(evidence.expires_on, language)}")
    facts.append(markup.joined(("SHA-256 ", markup.code(f"{evidence.sha256[:12]}…", evidence.sha256))))
    return markup.paragraph(markup.link(f"/files/evidence/{evidence.id}", evidence.title)) + markup.quiet(
        markup.joined(facts, " · ")
    )


def _row(assessment_id: int, evidence: Evidence, key: str, *, editable: bool) -> None:
    with st.container(horizontal=True, key=f"{key}-row-{evidence.id}", vertical_alignment="center"):
        markup.show(markup.block(line(evidence), "h-file"))
        if editable:
            with st.popover(_("Remove"), key=f"{key}-ask-{evidence.id}", type="tertiary"):
                markup.show(
                    markup.paragraph(_("Remove this file from the assessment? The history keeps that it was there."))
                )
                st.button(
                    _("Remove the file"),
                    key=f"{key}-remove-{evidence.id}",
                    on_click=_remove,
                    args=(assessment_id, evidence.id),
                )


def _form(assessment_id: int, part: str, key: str) -> None:
    turn = st.session_state.get(f"{key}-turn", 0)
    endings = [ending for ones in EXTENSIONS.values() for ending in ones]
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
            _("Valid until (optional)"), key=f"{key}-until-{turn}", placeholder="2027-11-20", max_chars=10
        )
        if st.form_submit_button(_("Attach the file"), key=f"{key}-attach-{turn}"):
            if file is None:
                markup.show(markup.notice("bad", _("Choose a file first.")))
            elif _attach(assessment_id, part, key, turn, file.name, file.getvalue()):
                st.rerun()


def _already_there(assessment: Assessment, part: str, key: str) -> None:
    """Names a file of another item for this one too."""
    here = {evidence.sha256 for evidence in assessment.evidence if evidence.part == part}
    others = {evidence.sha256: evidence for evidence in assessment.evidence if evidence.sha256 not in here}
    if not others:
        return
    titles = {evidence.id: f"{evidence.title} ({evidence.file_name})" for evidence in others.values()}
    with (
        st.expander(_("Use a file that is attached already"), icon=":material/link:"),
        st.form(f"{key}-again-{len(here)}", border=False),
    ):
        chosen = st.selectbox(
            _("File"),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            key=f"{key}-again-which-{len(here)}",
            placeholder=_("Choose"),
        )
        if st.form_submit_button(_("Name it for this item too"), key=f"{key}-again-go-{len(here)}") and chosen:
            actor = shared.current_actor()
            with shared.problems_kept():
                with database.transaction() as session:
                    actions.name_evidence(session, assessment.id or 0, chosen, part, actor, shared.now())
                shared.tell(_("The file is named for this item too."))
            st.rerun()


def whole(assessment: Assessment, pinned: Mapping[str, Edition], *, reviewable: bool) -> None:
    """All files: for which item each is named, where the same one is named often, and what the committee found of it."""
    language = shared.language()
    if not assessment.evidence:
        markup.show(markup.empty(enum_names.word("no_evidence_files", language)))
        return
    often = Counter(evidence.sha256 for evidence in assessment.evidence)
    marks = {review.evidence: review for review in assessment.evidence_reviews}
    for evidence in assessment.evidence:
        with st.container(key=f"whole-{assessment.id}-{assessment.revision}-{evidence.id}", border=True):
            mark = marks.get(evidence.id)
            named = markup.joined(
                (_for_what(evidence, pinned), " ", _mark_tag(mark), _repeated(often[evidence.sha256]))
            )
            markup.show(markup.block(line(evidence) + markup.paragraph(named) + _review_of(mark), "h-file"))
            if reviewable:
                _review_form(assessment, evidence, mark)


def _for_what(evidence: Evidence, pinned: Mapping[str, Edition]) -> str:
    """The item in the reader's words."""
    word, language = enum_names.word, shared.language()
    names = [
        gaps.name_of(where, pinned)
        for where in (f"claim.{evidence.part}" if evidence.part else "", evidence.question)
        if where
    ]
    return f"{word('for_what', language)}: {', '.join(names) or word('for_whole', language)}"


def _repeated(items: int) -> Markup:
    """The same file for many items is said, for it seldom shows all of them."""
    if items < 2:
        return markup.NOTHING
    return markup.tag(shared.many("named for {count} item", "the same file for {count} items", items), "cannot")


def _mark_tag(mark: EvidenceReview | None) -> Markup:
    name = mark.mark if mark else EvidenceMark.NOT_LOOKED_AT
    kind = {EvidenceMark.SUFFICIENT: "good", EvidenceMark.NOT_SUFFICIENT: "bad", EvidenceMark.NOT_LOOKED_AT: "plain"}
    return markup.tag(enum_names.word(f"mark_{name}", shared.language()), kind[name])


def _review_of(mark: EvidenceReview | None) -> Markup:
    if mark is None:
        return markup.NOTHING
    who = markup.quiet(f"{mark.by.name} · {shared.moment(mark.at)}")
    return who + (markup.free_text(mark.reason) if mark.reason else "")


def _review_form(assessment: Assessment, evidence: Evidence, mark: EvidenceReview | None) -> None:
    key = f"mark-{assessment.id}-{assessment.revision}-{evidence.id}"
    language, marks = shared.language(), list(EvidenceMark)
    with st.expander(_("Mark this evidence")), st.form(key, border=False):
        chosen = st.radio(
            _("What you found"),
            marks,
            index=marks.index(mark.mark) if mark else None,
            format_func=lambda value: enum_names.word(f"mark_{value}", language),
            key=f"{key}-which",
        )
        reason = st.text_area(
            _("Why not (needed where it is not sufficient)"),
            mark.reason if mark else "",
            key=f"{key}-reason",
            max_chars=MAX_CHARACTERS,
            height="content",
        )
        if st.form_submit_button(_("Save the mark"), key=f"{key}-save") and chosen is not None:
            actor = shared.current_actor()
            with shared.problems_kept():
                with database.transaction() as session:
                    actions.review_evidence(
                        session, assessment.id or 0, evidence.id, chosen, reason, actor, shared.now()
                    )
                shared.tell(_("Saved."))
            st.rerun()


def _attach(assessment_id: int, part: str, key: str, turn: int, name: str, content: bytes) -> bool:
    """True: it was kept, and the form is emptied for the next one."""
    actor = shared.current_actor()
    with shared.problems_shown():
        upload = Upload(
            title=st.session_state.get(f"{key}-title-{turn}") or PurePath(name).stem,
            file_name=name,
            content=content,
            part=part,
            on=fields.day_of(st.session_state.get(f"{key}-on-{turn}")),
            expires_on=fields.day_of(st.session_state.get(f"{key}-until-{turn}")),
        )
        if may(actor, "add_evidence"):
            uploads.look_at_pdfs([content])  # before anything is locked: opening a PDF takes a process of its own
        with database.transaction() as session:
            actions.add_evidence(session, assessment_id, upload, actor, shared.now())
        st.session_state[f"{key}-turn"] = turn + 1
        shared.tell(_("The file was attached: {title}", title=upload.title))
        return True
    return False


def _remove(assessment_id: int, evidence_id: str) -> None:
    actor = shared.current_actor()
    with shared.problems_kept():
        with database.transaction() as session:
            actions.remove_evidence(session, assessment_id, evidence_id, actor, shared.now())
        shared.tell(_("The file was removed."))
