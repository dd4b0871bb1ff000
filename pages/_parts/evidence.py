"""Evidence of an assessment or of one part of the claim: what is there, attaching a file, taking one away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import streamlit as st
from markupsafe import Markup
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessments import actions, editions, scanning
from assessments.content import uploads
from assessments.content.uploads import EXTENSIONS, MAX_BYTES, Upload
from assessments.model import Actor, Assessment, Evidence, EvidenceMark, EvidenceReview
from assessments.rights import may
from assessments.rules.findings import CLAIM
from pages._field import forms
from pages._frame import database, enum_names, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import gaps
from pages._server import uploading
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.wording import seoul_day

MEBIBYTE = 1024 * 1024
MAX_TITLE = 200


def show(assessment_id: int, parts: Sequence[str], actor: Actor) -> None:
    """Files for these parts of the claim; an empty part: for the assessment as a whole."""
    actor, assessment = shared.open_number(actor, assessment_id)
    editable = assessment.status.is_editable and may(actor, "add_evidence")
    key = f"e{assessment_id}-{assessment.revision}-{parts[0] if parts else ''}"
    titles = _parts(assessment)
    is_empty = True
    for part in parts:
        files = [evidence for evidence in assessment.evidence if evidence.part == part]
        if files and len(parts) > 1:
            markup.show(markup.h3(titles.get(part, part)))
        for evidence in files:
            is_empty = False
            _row(assessment_id, evidence, key, editable=editable)
    if is_empty:
        markup.show(markup.empty(enum_names.word("no_evidence", shared.language())))
    if editable:
        _form(assessment, parts, titles, key)
        _already_there(assessment, parts, titles, key)


def _parts(assessment: Assessment) -> dict[str, str]:
    """Id → title of what evidence is named for: the parts of the claim, and empty for the whole."""
    claim = editions.questionnaires(assessment).get(CLAIM)
    parts = claim.claim.parts if claim and claim.claim else ()
    language = shared.language()
    return {part.id: part.title[language] for part in parts} | {"": enum_names.word("for_whole", language)}


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
    with shared.folds(f"{key}-{evidence.id}"):
        markup.show(markup.block(line(evidence), "h-file"))
        if editable:
            with st.expander(_("Remove"), key=f"{key}-remove-{evidence.id}-fold"):
                markup.show(
                    markup.paragraph(_("Remove this file from the assessment? The history keeps that it was there."))
                )
                pressing.button(
                    _("Remove the file"), f"{key}-remove-{evidence.id}", _remove, assessment_id, evidence.id
                )


def _form(assessment: Assessment, here: Sequence[str], titles: Mapping[str, str], key: str) -> None:
    """here: the parts shown on this screen. titles: of everything that a file can be named for."""
    endings = [ending for kinds in EXTENSIONS.values() for ending in kinds]
    button, of = f"{key}-attach", f"{key}-new-"
    with forms.fold(_("Attach a file"), button, of=of, icon=":material/attach_file:") as is_open:
        if not is_open:
            return
        with st.form(f"{key}-form", border=False, enter_to_submit=False):
            file = uploading.uploader(
                _("File: {types}, at most {size} MB", types=", ".join(endings), size=MAX_BYTES // MEBIBYTE),
                type=endings,
                key=pressing.key_of(button, f"{key}-file"),
            )
            forms.text(_("What the file shows (optional)"), key=f"{of}title", max_chars=MAX_TITLE)
            first, second = st.columns(2)
            with first:
                forms.day(_("Day of the document (optional)"), key=f"{of}on")
            with second:
                forms.day(_("Valid until (optional)"), key=f"{of}until")
            _for_which(here, titles, f"{of}for")
            every = [name for name in titles if name]
            if len(every) > 1:
                forms.tick(_("For every part of the claim"), key=f"{of}for-all")
            pressing.submit(_("Attach the file"), button, _attach, assessment.id, every, file, of)


def _for_which(here: Sequence[str], titles: Mapping[str, str], key: str) -> None:
    label = _("What it is evidence for; several can be chosen")
    forms.choices(label, titles, key=key, value=list(here) if len(here) == 1 else [])


def _already_there(assessment: Assessment, here: Sequence[str], titles: Mapping[str, str], key: str) -> None:
    """Names a file of another item for one of these, too."""
    files = {evidence.sha256: evidence for evidence in assessment.evidence}
    if not files:
        return
    names = {evidence.id: f"{evidence.title} ({evidence.file_name})" for evidence in files.values()}
    label, of = _("Use a file that is attached already"), f"{key}-again-"
    with forms.fold(label, f"{key}-again", of=of, icon=":material/link:") as is_open:
        if not is_open:
            return
        with st.form(f"{key}-again", border=False):
            forms.choice(_("File"), names, key=f"{of}which", required=True, is_list=True)
            _for_which(here, titles, f"{of}for")
            pressing.button(
                _("Name it for this item too"), f"{key}-again-go", _name_too, assessment.id, of, in_form=True
            )


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
    language = shared.language()
    marks = {str(value): enum_names.word(f"mark_{value}", language) for value in EvidenceMark}
    with forms.fold(_("Mark this evidence"), key, of=f"{key}-") as is_open:
        if not is_open:
            return
        with st.form(key, border=False):
            now = str(mark.mark) if mark else ""
            forms.choice(_("What you found"), marks, key=f"{key}-which", value=now, required=True)
            label = _("Why not (needed where it is not sufficient)")
            forms.text(label, key=f"{key}-reason", value=mark.reason if mark else "", kind="long")
            pressing.button(_("Save the mark"), f"{key}-save", _review, assessment.id, evidence.id, key, in_form=True)


def _review(assessment_id: int, evidence_id: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    mark, reason = EvidenceMark(forms.entered(f"{key}-which")), forms.entered(f"{key}-reason")
    with pressing.problems_kept():
        with forms.refused_at(f"{key}-reason", where=not reason.strip()), forms.deed(f"{key}-") as session:
            actions.review_evidence(session, assessment_id, evidence_id, mark, reason, actor, shared.now())
        pressing.tell(_("Saved."))


def _name_too(assessment_id: int, of: str) -> None:
    """of: how the keys of the form's fields begin."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    evidence_id, parts = forms.entered(f"{of}which"), forms.several_entered(f"{of}for")
    if not parts:
        _refuse_for_nothing(of)
        return
    with pressing.problems_kept():
        with forms.deed(of) as session:
            for part in parts:
                actions.name_evidence(session, assessment_id, evidence_id, part, actor, shared.now())
        pressing.tell(_("The file is named for this item too."))


def _refuse_for_nothing(of: str) -> None:
    problem = _("Choose first what the file is evidence for.")
    forms.refuse_at(f"{of}for", problem)
    pressing.refuse(problem)


def _attach(assessment_id: int, every: Sequence[str], file: UploadedFile | None, of: str) -> None:
    """One file, named for one part or for several. every: part of the claim; of: how the keys of the form's fields begin."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    parts = forms.several_entered(f"{of}for")
    if forms.is_ticked(f"{of}for-all"):
        parts = [*every, *(part for part in parts if part not in every)]
    if file is None:
        pressing.refuse(_("Choose a file first."))
        return
    if not parts:
        _refuse_for_nothing(of)
        return
    with pressing.problems_kept():
        on, until = forms.day_entered(f"{of}on"), forms.day_entered(f"{of}until")
        upload = Upload(
            title=forms.entered(f"{of}title").strip() or PurePath(file.name).stem,
            file_name=file.name,
            content=file.getvalue(),
            part=parts[0],
            on=on,
            expires_on=until,
        )
        shared.check_right(assessment_id, "add_evidence")
        scanning.look([upload.content])
        uploads.look_at_pdfs([upload.content])  # before anything is locked: opening a PDF takes a process of its own
        is_ahead = on is not None and on > seoul_day(shared.now())
        with forms.refused_at(f"{of}on", where=is_ahead), forms.deed(of) as session:
            evidence = actions.add_evidence(session, assessment_id, upload, actor, shared.now())
            for part in parts[1:]:
                actions.name_evidence(session, assessment_id, evidence.id, part, actor, shared.now())
        uploading.used(file)
        pressing.tell(
            shared.many(
                "The file was attached: {title}",
                "The file was attached for {count} items: {title}",
                len(parts),
                title=upload.title,
            )
        )


def _remove(assessment_id: int, evidence_id: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.remove_evidence(session, assessment_id, evidence_id, actor, shared.now())
        pressing.tell(_("The file was removed."))
