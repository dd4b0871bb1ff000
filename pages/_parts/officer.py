"""The signing officer: four statements and the sign-off, or a refusal and where the revision goes then."""

from __future__ import annotations

import streamlit as st

from assessments import actions, viewing
from assessments.model import Actor, Assessment, RefusalGoal, Statement, Status
from pages._field import forms
from pages._frame import database, enum_names, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import conditions, confirming, findings, seal

MAX_REASON = 4000


def sign_off(assessment: Assessment, actor: Actor, steps: tuple[str, ...], anchor: str) -> None:
    """What is signed, what the officer states, and the press. anchor: of the heading."""
    if "sign_off" not in steps:
        return
    key = f"sign-{assessment.id}-{assessment.revision}"
    markup.show(markup.h2(findings.word("sign_off"), anchor))
    seal.can_seal(actor)
    with st.form(key, enter_to_submit=False):
        _what_is_signed(assessment)
        for statement in Statement:
            forms.tick(findings.word(f"statement_{statement}"), key=f"{key}-{statement}", required=True)
        seal.language_choice(f"{key}-language")
        args = (assessment.id, assessment.content_sha256, key)
        label = _("Sign off and seal the report")
        pressing.button(label, f"{key}-go", _sign_off, *args, in_form=True, type="primary")


def _what_is_signed(assessment: Assessment) -> None:
    decision = assessment.decision
    if decision is None:
        return
    ruling = enum_names.ruling(decision.ruling, shared.language())
    text = _(
        "You sign off revision {number}: {ruling}. The report is sealed right after it. Neither can be undone.",
        number=assessment.revision,
        ruling=ruling,
    )
    markup.show(markup.paragraph(text))
    if decision.conditions:
        markup.show(conditions.listed(decision.conditions))


def refuse(assessment: Assessment, steps: tuple[str, ...]) -> None:
    """Not to sign, and where it goes then."""
    if "refuse" not in steps:
        return
    key = f"refuse-{assessment.id}-{assessment.revision}"
    with forms.fold(_("Do not sign it"), key, of=f"{key}-") as is_open:
        if not is_open:
            return
        with st.form(key, border=False, enter_to_submit=False):
            text = _(
                "This revision ends unsigned and its decision stays as it was made. What follows is a revision of its own."
            )
            markup.show(markup.paragraph(text))
            forms.text(_("Reason"), key=f"{key}-reason", kind="long", max_chars=MAX_REASON, required=True)
            goals = {goal.value: findings.word(f"goal_{goal}") for goal in RefusalGoal}
            forms.choice(_("What follows"), goals, key=f"{key}-goal", required=True)
            args = (assessment.id, assessment.content_sha256, key)
            pressing.button(_("Refuse to sign"), f"{key}-go", _refuse, *args, in_form=True)


def refused(assessment: Assessment, actor: Actor) -> None:
    """Why this revision was not signed, or the one before, while the next is at work."""
    before = assessment
    if assessment.revision > 1 and assessment.status in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED):
        with database.reading() as session:
            before = viewing.assessment(session, actor, assessment.id or 0, assessment.revision - 1)
    refusal = before.refusal
    if refusal is None:
        return
    head = _(
        "{name} did not sign revision {number}, on {at}:",
        name=refusal.by.name,
        number=before.revision,
        at=shared.moment(refusal.at),
    )
    more = markup.free_text(refusal.reason) + markup.quiet(findings.word(f"goal_{refusal.goal}"))
    markup.show(markup.notice("note", head, more))


# --- deeds -----------------------------------------------------------------------------------------------


def _sign_off(assessment_id: int, seen_sha256: str, key: str) -> None:
    actor = shared.current_actor()
    language = st.session_state[f"{key}-language"]
    if not forms.complete(f"{key}-") or confirming.is_asked_first():
        return
    statements = [statement for statement in Statement if forms.is_ticked(f"{key}-{statement}")]
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.sign_off(session, assessment_id, seen_sha256, statements, actor, shared.now())
        pressing.tell(_("Signed off."))
        pressing.remember(f"seal{key.removeprefix('sign')}-now", language, lasts=True)


def _refuse(assessment_id: int, seen_sha256: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-") or confirming.is_asked_first():
        return
    reason, goal = forms.entered(f"{key}-reason"), RefusalGoal(forms.entered(f"{key}-goal"))
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.refuse_sign_off(session, assessment_id, reason, goal, seen_sha256, actor, shared.now())
        pressing.tell(_("The revision is not signed, and ends."))
