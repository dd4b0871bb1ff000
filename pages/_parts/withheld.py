"""Values that a redacted copy leaves out: which are marked and why, marking one more, taking a mark away."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments import actions
from assessments.content.canonical import content
from assessments.content.withholding import places
from assessments.model import Assessment, Withheld, WithheldKind
from exports.report.withheld_section import LABELS
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts import events, findings, impacts
from questionnaires.load import Edition

MAX_REASON = 300


def show(assessment: Assessment, pinned: Mapping[str, Edition], *, editable: bool) -> None:
    """The marks, and where the revision may be edited the form for one more."""
    if not (assessment.withheld or editable):
        return
    markup.show(markup.h2(_("For redacted copies")))
    lead = _(
        "Values marked here are left out of redacted copies, of pages and attachment. Only texts, notes, titles and people can "
        "be marked; answers that decide a result cannot."
    )
    markup.show(markup.quiet(lead))
    key = f"w{assessment.id}-{assessment.revision}"
    for place, withheld in enumerate(assessment.withheld):
        with st.container(horizontal=True, key=f"{key}-row-{place}", vertical_alignment="center"):
            name = markup.joined((name_of(withheld.path, assessment, pinned), markup.tag(kind(withheld.kind))), " ")
            markup.show(markup.block(markup.paragraph(name) + markup.quiet(withheld.reason)))
            if editable:
                pressing.button(
                    _("Take the mark away"),
                    f"{key}-remove-{place}",
                    _keep,
                    assessment,
                    [mark for mark in assessment.withheld if mark != withheld],
                    _("The mark is taken away."),
                    type="tertiary",
                )
    if editable:
        _form(assessment, pinned, key)


def kind(value: WithheldKind) -> str:
    """Display name of a kind."""
    return {WithheldKind.TRADE_SECRET: _("trade secret"), WithheldKind.PERSONAL: _("personal")}[value]


def name_of(path: str, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    """A marked place in the reader's words."""
    language = shared.language()
    area, _dot, rest = path.partition(".")
    if area in ("answers", "notes"):
        questionnaire_id, _dot, name = rest.partition(".")
        name, _dot, row = name.partition(".")
        text = pinned[questionnaire_id].questionnaire.question(name).text[language]
        if area == "notes":
            return _("Note: {what}", what=text)
        return _("{what} (row {number})", what=text, number=row) if row else text
    if area == "evidence":
        title = next((evidence.title for evidence in assessment.evidence if evidence.id == rest), rest)
        return _("Evidence: {what}", what=title)
    if area == "explanations":
        return _("Explanation: {what}", what=events.contradiction(rest, pinned))
    if area == "scenarios":
        return impacts.named_scenario(assessment, rest)
    if area == "measures":
        return impacts.named_measure(assessment, rest)
    word = findings.word(LABELS[path])
    return f"{word} ({rest.removeprefix('summary_')})" if LABELS[path] == "summary" else word


def _form(assessment: Assessment, pinned: Mapping[str, Edition], key: str) -> None:
    questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
    marked = {withheld.path for withheld in assessment.withheld}
    free = [path for path in places({"content": content(assessment)}, questionnaires) if path not in marked]
    named = {path: name_of(path, assessment, pinned) for path in free}
    kinds = {str(value): kind(value) for value in WithheldKind}
    with forms.fold(_("Mark a value"), f"{key}-new", of=f"{key}-new-", icon=":material/visibility_off:") as is_open:
        if not is_open:
            return
        with st.form(f"{key}-form", border=False):
            forms.choice(_("What is left out"), named, key=f"{key}-new-path", required=True, is_list=True)
            first = str(next(iter(WithheldKind)))
            forms.choice(_("Because it is"), kinds, key=f"{key}-new-kind", value=first, is_horizontal=True)
            label = _("Reason (printed in the copy's record)")
            forms.text(label, key=f"{key}-new-reason", max_chars=MAX_REASON, required=True)
            pressing.button(_("Mark it"), f"{key}-mark-go", _mark, assessment, f"{key}-new-", in_form=True)


def _mark(assessment: Assessment, of: str) -> None:
    """of: how the keys of the form's fields begin."""
    if not forms.complete(of):
        return
    path, reason = forms.entered(f"{of}path"), forms.entered(f"{of}reason")
    mark = Withheld(path, WithheldKind(forms.entered(f"{of}kind")), reason)
    _keep(assessment, [*assessment.withheld, mark], _("Marked."), of)


def _keep(assessment: Assessment, marks: list[Withheld], news: str, *of: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with forms.deed(*of) as session:
            actions.set_withheld(session, assessment.id or 0, marks, actor, shared.now())
        pressing.tell(news)
