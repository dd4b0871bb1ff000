"""Values that a redacted copy leaves out: which are marked and why, marking one more, taking a mark away."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments import actions
from assessments.content.canonical import content
from assessments.content.withholding import places
from assessments.model import Assessment, Withheld, WithheldKind
from assessments.storage import database
from exports.report.withheld_section import LABELS
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
    turn = len(assessment.withheld)
    with st.expander(_("Mark a value"), icon=":material/visibility_off:"), st.form(f"{key}-form-{turn}", border=False):
        path = st.selectbox(
            _("What is left out"),
            free,
            index=None,
            format_func=lambda path: name_of(path, assessment, pinned),
            key=f"{key}-path-{turn}",
            placeholder=_("Choose"),
        )
        chosen = st.radio(
            _("Because it is"), list(WithheldKind), format_func=kind, key=f"{key}-kind-{turn}", horizontal=True
        )
        reason = st.text_input(
            _("Reason (printed in the copy's record)"), key=f"{key}-reason-{turn}", max_chars=MAX_REASON
        )
        pressing.submit(_("Mark it"), f"{key}-go-{turn}", _mark, assessment, path, chosen, reason)


def _mark(assessment: Assessment, path: str | None, chosen: WithheldKind | None, reason: str) -> None:
    if path is None or chosen is None:
        pressing.refuse(_("Choose what is left out first."))
    else:
        _keep(assessment, [*assessment.withheld, Withheld(path, chosen, reason)], _("Marked."))


def _keep(assessment: Assessment, marks: list[Withheld], news: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.set_withheld(session, assessment.id or 0, marks, actor, shared.now())
        if news:
            pressing.tell(news)
