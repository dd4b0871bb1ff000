"""Official documents of an assessment: what they need beside the record, downloads, sealing, and the clock of the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.content import registration_number
from assessments.model import Status
from assessments.rights import may
from assessments.rules import requesting
from assessments.rules.requesting import REPLIES, STEPS, Step, StepKind
from exports.official import making
from exports.official.document import KINDS
from exports.official.material import Material
from pages._field import forms
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.plain import NAMES
from pages._frame.shared import _, many
from pages._frame.translation import LANGUAGES
from pages._parts import asking, presence
from pages._server import official_documents
from questionnaires import wording
from questionnaires.confirmation import FormField
from questionnaires.confirmation import form as form_of_request
from questionnaires.problems import InvalidFileError
from questionnaires.wording import seoul_day

MAX_SHORT, MAX_LONG = 300, 8000
KIND = "kind"
"""Field that says which request it is; a confirmation where nothing else is chosen."""
OFFICE = (("docx", "DOCX"), ("hwpx", "HWPX"))

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
today, language = seoul_day(shared.now()), shared.language()
number = assessment.id or 0
KEY = f"documents-{number}"
form = form_of_request()


def _step_title(kind: StepKind) -> str:
    return STEPS[kind][language]


# --- documents -------------------------------------------------------------------------------------------------


def _documents(material: Material, view: viewing.Paperwork) -> None:
    markup.show(markup.h2(_("Documents"), "documents"))
    text = _(
        "Each is made of this assessment and of what is written below. What neither holds stands in it as missing. Word and Hangul "
        "files are for editing; the sealed form is the PDF."
    )
    markup.show(markup.paragraph(text))
    for kind in KINDS:
        markup.show(markup.block(_of_kind(kind, material, view), "h-row"))
    if may(actor, "keep_official") and assessment.status is Status.SIGNED_OFF:
        _seal_fold()
    elif may(actor, "keep_official"):
        markup.show(
            markup.quiet(_("Documents are sealed once the assessment is signed off; until then they are drafts."))
        )


def _of_kind(kind: str, material: Material, view: viewing.Paperwork) -> Markup:
    absent = making.missing(kind, material)
    if absent:
        tag = markup.tag(many("{count} thing is missing", "{count} things are missing", len(absent)), "open")
    else:
        tag = markup.tag(_("filled in"), "good")
    lines = [
        markup.h3(making.title(kind)[language]),
        markup.tags(tag),
        markup.quiet(making.source(kind)[language]),
        *(markup.paragraph(_links(kind, spoken)) for spoken in sorted(LANGUAGES, key=lambda spoken: spoken != "ko")),
    ]
    if absent:
        lines.append(markup.folded(_("What is missing"), markup.items(absent)))
    sealed = [document for document in view.documents if document.kind == kind]
    for document in sealed:
        below = f"/files/document/{number}/sealed/{document.number}"
        about = _("sealed {at}, revision {revision}", at=shared.moment(document.at), revision=document.revision)
        lines.append(
            markup.paragraph(
                markup.joined(
                    (
                        markup.link(f"{below}.pdf", f"{_('Sealed PDF')} ({NAMES[document.language]})"),
                        " · ",
                        about,
                        " · ",
                        markup.code(f"{document.file_sha256[:16]}…", document.file_sha256),
                        " · ",
                        markup.link(f"{below}.json", "JSON"),
                    )
                )
            )
        )
    return markup.joined(lines)


def _links(kind: str, spoken: str) -> Markup:
    below = f"/files/document/{number}/{kind}"
    links = [markup.link(f"{below}.pdf?language={spoken}", _("Draft PDF"))]
    links += [markup.link(f"{below}.{ending}?language={spoken}", name) for ending, name in OFFICE]
    return markup.joined((NAMES[spoken], ": ", markup.joined(links, " · ")))


def _seal_fold() -> None:
    of = f"{KEY}-seal-"
    with forms.fold(_("Seal a document"), f"{KEY}-seal", of=of) as opened:
        if not opened:
            return
        markup.show(markup.quiet(_("A sealed document proves itself like a report. Nothing in it may be missing.")))
        with st.form(f"{KEY}-seal", border=False, enter_to_submit=False):
            kinds = {kind: making.title(kind)[language] for kind in KINDS}
            forms.choice(_("Document"), kinds, key=f"{of}kind", required=True)
            spoken = {each: NAMES[each] for each in LANGUAGES}
            forms.choice(_("Language"), spoken, key=f"{of}language", value="ko", required=True, is_horizontal=True)
            pressing.button(_("Make and seal"), f"{of}go", _seal, of, in_form=True, type="primary")


@contextmanager
def _files_usable() -> Iterator[None]:
    """A file of the installation that cannot be used is told, not thrown."""
    try:
        yield
    except InvalidFileError as error:
        sentences = markup.items(problem.sentence(shared.language()) for problem in error.problems)
        pressing.refuse(_("A file of this installation cannot be used."), more=sentences)


def _seal(of: str) -> None:
    who = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept(), _files_usable():
        remark = official_documents.keep(number, forms.entered(f"{of}kind"), who, forms.entered(f"{of}language"))
        forms.succeeded(of)
        more = markup.quiet(remark[shared.language()]) if remark else markup.NOTHING
        pressing.tell(_("It is sealed and stands with its document."), more)


# --- the request and its clocks --------------------------------------------------------------------------------


def _request(material: Material, view: viewing.Paperwork) -> None:
    markup.show(markup.h2(_("Request under Art. 33"), "request"))
    if not material.may_request:
        text = _("By the assessment its role is that of a user only. Ask whoever supplies the AI to make the request.")
        markup.show(markup.notice("note", text))
    markup.show(markup.paragraph(form.apart[language]))
    markup.show(asking.standing(view.standing, today))
    if view.standing.steps:
        head = (_("Step of the request"), _("Day"), _("Details"), _("Entered by"))
        markup.show(markup.table(head, [_step_row(step) for step in view.standing.steps]))
    if may(actor, "note_request_step"):
        _step_fold(view)


def _step_row(step: Step) -> tuple[Markup | str, ...]:
    details = [step.text]
    if step.until:
        details.append(_("until {day}", day=wording.day(step.until, language)))
    if step.outcome:
        details.append(form.results[step.outcome][language])
    by = step.by.name if step.by else _("erased")
    shown = " · ".join(filter(None, details)) or "–"
    return _step_title(step.kind), wording.day(step.on, language), shown, f"{by}, {shared.moment(step.at)}"


def _step_fold(view: viewing.Paperwork) -> None:
    of = f"{KEY}-step-"
    with forms.fold(_("Enter what happened to the request"), f"{KEY}-step", of=of) as opened:
        if not opened:
            return
        possible = requesting.possible(view.steps)
        with st.form(f"{KEY}-step", border=False, enter_to_submit=False):
            kinds = {kind.value: _step_title(kind) for kind in possible}
            forms.choice(_("Step of the request"), kinds, key=f"{of}kind", value=possible[0].value, required=True)
            forms.day(_("Day on which it happened"), key=f"{of}on", value=today, required=True)
            if StepKind.EXTENDED in possible:
                forms.day(_("Of an extension: until when"), key=f"{of}until")
            if set(REPLIES) & set(possible):
                outcomes = {name: text[language] for name, text in form.results.items()}
                forms.choice(_("Of a reply: its outcome"), outcomes, key=f"{of}outcome")
            hint = _("Reasons of an extension or of striking an entry; number of the letter.")
            forms.text(_("Details"), key=f"{of}text", kind="long", max_chars=MAX_LONG, hint=hint)
            seen = view.steps[-1].number if view.steps else 0
            pressing.button(_("Enter it"), f"{of}go", _enter, of, seen, in_form=True, type="primary")


def _enter(of: str, seen: int) -> None:
    who = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        on, until = forms.day_entered(f"{of}on"), forms.day_entered(f"{of}until")
        with forms.deed(of) as session:
            actions.note_request_step(
                session,
                number,
                StepKind(forms.entered(f"{of}kind")),
                on or today,
                who,
                shared.now(),
                until=until,
                outcome=forms.entered(f"{of}outcome"),
                text=forms.entered(f"{of}text"),
                seen=seen,
            )
        pressing.tell(_("It is entered, and the clock follows."))


# --- what the documents need -----------------------------------------------------------------------------------


def _facts(material: Material, view: viewing.Paperwork) -> None:
    markup.show(markup.h2(_("What the documents need"), "facts"))
    if view.facts.by:
        at = shared.moment(view.facts.at) if view.facts.at else ""
        markup.show(markup.quiet(_("Last written by {name} · {at}", name=view.facts.by.name, at=at)))
    _odd_number(material)
    if not may(actor, "set_request_facts"):
        _shown(material)
        return
    text = _(
        "What the assessment knows stands here already; changing it here changes the documents only. It is no part of what was "
        "decided, and every document says which revision it was made from."
    )
    markup.show(markup.paragraph(text))
    of = f"{KEY}-facts-"
    with st.form(f"{KEY}-facts", enter_to_submit=False):
        for section in form.sections:
            fields = [field for field in form.of_section(section.id) if field.is_asked]
            if fields:
                markup.show(markup.h3(section.title[language]))
            _settled([field for field in fields if material.answered(field)], material)
            for field in fields:
                if not material.answered(field):
                    _draw(field, material, f"{of}{field.id}")
        pressing.button(_("Save"), f"{of}go", _save, of, view.facts.seen, in_form=True, type="primary")


def _settled(fields: list[FormField], material: Material) -> None:
    """Fields that answers settle are shown with where to change them, and not asked."""
    if fields:
        rows = [(field.label[language], markup.free_text(material.value(field).text)) for field in fields]
        markup.show(markup.definitions(rows, "h-answers h-tight"))
        markup.show(markup.quiet(_("Settled by answers of the assessment; to change it, change them there.")))


def _odd_number(material: Material) -> None:
    """A remark, since numbers given lately are said to have no check digit."""
    value = material.value(form.field("registration_number")).text
    examined = registration_number.examined(value)
    if value and examined.fault:
        markup.show(
            markup.notice("note", _("The registration number cannot be right. Compare it with the certificate."))
        )
    elif value and examined.is_odd:
        text = _(
            "The last digit of the corporate number does not follow from the others. Compare it with the register."
        )
        markup.show(markup.notice("note", text))


def _draw(field: FormField, material: Material, key: str) -> None:
    label, hint = field.label[language], field.hint[language] if field.hint else ""
    value = material.facts.get(field.id, "") or material.held(field)
    options = {option.value: option.label[language] for option in field.options}
    match field.kind:
        case "choice":
            forms.choice(label, options, key=key, value=material.kind if field.id == KIND else value)
        case "choices":
            forms.choices(label, options, key=key, value=material.chosen(field))
        case "day":
            forms.day(label, key=key, value=date.fromisoformat(value) if value else None)
        case "long":
            forms.text(label, key=key, value=value, kind="long", max_chars=MAX_LONG, hint=hint)
        case _:
            forms.text(label, key=key, value=value, max_chars=MAX_SHORT, hint=hint)


def _save(of: str, seen: int) -> None:
    who = shared.current_actor()
    if not forms.complete(of):
        return
    with pressing.problems_kept():
        values = {
            field.id: value
            for field in form.asked
            if not material.answered(field) and (value := _written(field, f"{of}{field.id}"))
        }
        with forms.deed(of) as session:
            actions.set_request_facts(session, number, values, who, shared.now(), seen=seen)
        pressing.tell(_("Saved. The documents follow."))


def _written(field: FormField, key: str) -> str:
    """Empty where it is what the record holds, so that the document goes on following the record."""
    made_of = material
    if field.kind == "choices":
        entries = tuple(forms.several_entered(key))
        is_same = bool(field.places) and field.id not in made_of.facts and entries == made_of.chosen(field)
        return "" if is_same else "\n".join(entries)
    if field.kind == "day":
        day = forms.day_entered(key)
        return day.isoformat() if day else ""
    entry = forms.entered(key).strip()
    is_default = field.id == KIND and field.id not in made_of.facts and entry == made_of.kind
    return "" if is_default or entry == made_of.held(field).strip() else entry


def _shown(material: Material) -> None:
    for section in form.sections:
        fields = [field for field in form.of_section(section.id) if field.is_asked]
        rows = [
            (field.label[language], markup.free_text(value))
            for field in fields
            if (value := material.value(field).text)
        ]
        if rows:
            markup.show(markup.h3(section.title[language]) + markup.definitions(rows, "h-answers h-tight"))


frame.head(assessment, pinned)
frame.heading(screens.title_of("documents", language))
presence.show(assessment)
with shared.problems_shown():
    with database.reading() as opened_session:
        paperwork = viewing.paperwork(opened_session, actor, number)
    material = official_documents.material(number, actor, language)
    _documents(material, paperwork)
    _request(material, paperwork)
    _facts(material, paperwork)
