"""What cannot both hold, beside each question that takes part, and all of it in review with the place to explain: beside, notices, show."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from assessments import actions
from assessments.derived import Findings, Gap
from assessments.model import Assessment
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._parts import gaps
from questionnaires.load import Edition


def beside(where: str, findings: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Contradictions shown under a question or a list, with a link to the other side."""
    for notice in notices(where, findings, assessment, pinned):
        markup.show(notice)


def notices(
    where: str, findings: Findings, assessment: Assessment, pinned: Mapping[str, Edition]
) -> tuple[Markup, ...]:
    """What `beside` shows."""
    made = []
    for gap in findings.gaps:
        if gap.where != where or not gap.is_contradiction:
            continue
        if gap.check:
            others = [_link(place, assessment, pinned) for place in _places(gap.check, findings) if place != where]
            more = markup.items(others, "h-reasons") + _explained(gap)
            if gap.is_required:
                review = shared.address("review", gap.check, assessment=assessment.id)
                to_do = _("Correct one of the two, or explain in review why both hold")
                more += markup.paragraph(markup.link(review, to_do))
        else:
            more = markup.NOTHING
        made.append(markup.notice("note", gap.text[shared.language()], more))
    return tuple(made)


def show(findings: Findings, assessment: Assessment, pinned: Mapping[str, Edition], *, editable: bool) -> None:
    """Each pair once: severe and unexplained first."""
    once = {gap.check: gap for gap in findings.gaps if gap.check}
    if not once:
        return
    markup.show(markup.h2(_("Answers that cannot both hold")))
    for gap in sorted(once.values(), key=lambda gap: (not gap.is_required, not gap.is_severe)):
        with st.container(border=True, key=f"check-{assessment.id}-{assessment.revision}-{gap.check}"):
            tag = markup.tag(*_state(gap))
            links = markup.items(
                (_link(place, assessment, pinned) for place in _places(gap.check, findings)), "h-reasons"
            )
            text = markup.paragraph(markup.joined((tag, gap.text[shared.language()]), " "))
            markup.show(markup.block(markup.joined((text, links, _explained(gap))), id=gap.check))
            if editable:
                _form(gap, assessment)


def _state(gap: Gap) -> tuple[str, str]:
    """The action needed, and the colour of its tag."""
    if gap.explanation:
        return _("explained"), "plain"
    return (_("resolve or explain before submitting"), "cannot") if gap.is_severe else (_("please check"), "open")


def _places(check: str, findings: Findings) -> list[str]:
    return [gap.where for gap in findings.gaps if gap.check == check]


def _link(where: str, assessment: Assessment, pinned: Mapping[str, Edition]) -> str:
    name, address = gaps.name_of(where, pinned), gaps.place_of(where, assessment, pinned)
    return markup.link(address, name) if address else name


def _explained(gap: Gap) -> Markup:
    if not gap.explanation:
        return markup.NOTHING
    return markup.paragraph(_("Explanation"), "h-quiet h-note") + markup.free_text(gap.explanation)


def _form(gap: Gap, assessment: Assessment) -> None:
    key = f"explain-{assessment.id}-{assessment.revision}-{gap.check}"
    label = _("Change the explanation") if gap.explanation else _("Explain why both hold")
    with forms.fold(label, key, of=f"{key}-") as is_open:
        if not is_open:
            return
        with st.form(key, border=False):
            forms.text(_("Why both hold here"), key=f"{key}-text", value=gap.explanation, kind="long")
            markup.show(markup.quiet(_("It stands in the record and the report. Empty takes it back.")))
            pressing.button(
                _("Save the explanation"), f"{key}-save", _explain, assessment.id, gap.check, key, in_form=True
            )


def _explain(assessment_id: int, check: str, key: str) -> None:
    actor = shared.current_actor()
    text = forms.entered(f"{key}-text")
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.explain(session, assessment_id, check, text, actor, shared.now())
        pressing.tell(_("Saved."))
