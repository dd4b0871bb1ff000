"""Steps as forms: submit, return, decide, sign off, revise, withdraw. What may be done is asked of the workflow, each time.

A form's button hands over what its reader saw (`content_sha256`); the deed refuses when it is no longer that.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.derived import Findings
from assessments.errors import AssessmentError, WrongStatusError
from assessments.model import Actor, Assessment, Ruling, Status
from assessments.rights import may
from assessments.rules import workflow
from pages._field import forms
from pages._frame import database, enum_names, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import conditions, confirming, gaps, points, way
from questionnaires import wording
from questionnaires.load import Edition

MAX_REASON = 4000


def returned_because(assessment: Assessment, actor: Actor) -> None:
    """The committee's reason, where it was returned."""
    if assessment.status is not Status.RETURNED:
        return
    with database.reading() as session:
        line = viewing.last_event(session, actor, assessment.id or 0, "return_to_author")
    if line is not None:
        who = line.by.name if line.by else ""
        head = _("Returned by {name} on {at}:", name=who, at=shared.moment(line.at))
        markup.show(markup.notice("note", head, markup.free_text(str(line.values.get("reason", "")))))


def go_on(
    assessment: Assessment,
    pinned: Mapping[str, Edition],
    results: Findings,
    *,
    title: str = "",
    address: str = "",
    facts: str = "",
    beside: Markup = markup.NOTHING,
) -> None:
    """What has been begun: the next open question, how much is answered, how long the rest may take.

    title, address, facts: of the assessment, where the screen does not say so already. beside: an earlier revision that holds.
    """
    if not assessment.status.is_editable:
        return
    left = way.remaining(assessment, pinned, results)
    where = left.where or next((gap.where for gap in results.gaps if gap.is_required), "")
    review = shared.address("review", assessment=assessment.id)
    shared.draw(
        "parts/go_on.html.j2",
        title=title,
        own=address,
        facts=facts,
        beside=beside,
        address=(gaps.place_of(where, assessment, pinned) if where else "") or review,
        what=gaps.name_of(where, pinned) if where else "",
        left=left,
        time=wording.duration(left.seconds)[shared.language()],
    )


STEP = "step"
"""Where on a screen the reader's own step stands, below everything that is read before it."""


def lead_to(steps: tuple[str, ...]) -> None:
    """At the head of a long screen: the way to the reader's step, past all that stands before it."""
    ways = {
        "submit": _("Go to the submission"),
        "close": _("Go to the vote"),
        "vote": _("Go to the vote"),
        "decide": _("Go to the decision"),
        "sign_off": _("Go to the sign-off"),
    }
    text = next((text for step, text in ways.items() if step in steps), "")
    if text:
        shared.draw("parts/ahead.html.j2", where=STEP, text=text)


def submit(assessment: Assessment, steps: tuple[str, ...]) -> None:
    """Hand over to the committee; the content is frozen with it."""
    if "submit" not in steps:
        return
    markup.show(markup.h2(_("Submission"), STEP))
    with st.form(f"submit-{assessment.id}"):
        markup.show(markup.paragraph(_("Once submitted, nothing can be edited. A later change is a new revision.")))
        label = _("Submit revision {number} to the committee", number=assessment.revision)
        pressing.button(label, f"submit-{assessment.id}-go", _submit, assessment.id, in_form=True, type="primary")


def why_not(assessment: Assessment, actor: Actor) -> None:
    """Says why somebody with the role for the next step may not take it here (four eyes)."""
    for name in ("vote" if workflow.Standing.of(assessment).is_voted_on else "decide", "sign_off"):
        step = workflow.STEPS[name]
        if assessment.status in step.from_ and actor.roles & step.roles:
            try:
                workflow.check_step(assessment, name, actor)
            except WrongStatusError:
                continue
            except AssessmentError as error:
                markup.show(markup.notice("note", error.text[shared.language()]))


def decide(assessment: Assessment, actor: Actor, steps: tuple[str, ...]) -> None:
    """The committee's ruling on exactly what is shown."""
    if "decide" not in steps:
        return
    key = f"decide-{assessment.id}-{assessment.revision}"
    markup.show(markup.h2(_("Decide"), STEP))
    with st.form(key, enter_to_submit=False):
        language = shared.language()
        rulings = {str(ruling): enum_names.ruling(ruling, language) for ruling in Ruling}
        forms.choice(_("Ruling"), rulings, key=f"{key}-ruling", required=True)
        forms.text(_("Reason"), key=f"{key}-reason", kind="long", max_chars=MAX_REASON, required=True)
        conditions.fields(key, assessment, actor)
        text = _(
            "You decide on exactly this content of revision {number}. This cannot be undone. It then waits for the signing officer.",
            number=assessment.revision,
        )
        markup.show(markup.quiet(text))
        pressing.button(
            _("Record the decision"),
            f"{key}-go",
            _decide,
            assessment.id,
            assessment.content_sha256,
            key,
            in_form=True,
            type="primary",
        )


def return_to_author(assessment: Assessment, pinned: Mapping[str, Edition], steps: tuple[str, ...]) -> None:
    """Back to the author, with what has to change."""
    if "return_" not in steps:
        return
    key = f"return-{assessment.id}-{assessment.revision}"
    with forms.fold(_("Return it to the author instead"), key, of=f"{key}-") as is_open:
        if not is_open:
            return
        with st.form(key, border=False, enter_to_submit=False):
            label = _("What has to change")
            forms.text(label, key=f"{key}-reason", kind="long", max_chars=MAX_REASON, required=True)
            points.fields(key, pinned)
            pressing.button(_("Return to the author"), f"{key}-go", _return, assessment.id, key, in_form=True)


def revise_and_withdraw(assessment: Assessment, actor: Actor, steps: tuple[str, ...]) -> None:
    """A new revision, the end without a result, or a draft deleted; each asks first."""
    deletable = assessment.status.is_editable and may(actor, "delete_draft")
    if not {"revise", "withdraw"} & set(steps) and not deletable:
        return
    with shared.folds("other-steps"):
        if "revise" in steps:
            with st.expander(_("Start a new revision"), key=f"revise-{assessment.id}-fold"):
                text = _(
                    "A copy is opened as a draft. Decision and sign-off stay with revision {number}.",
                    number=assessment.revision,
                )
                markup.show(markup.paragraph(text))
                if assessment.status is Status.SIGNED_OFF:
                    hint = _(
                        "This is for a correction, and the approval is void at once. A reassessment, during which it stays in "
                        "force, is begun on the screen Follow-up."
                    )
                    link = markup.link(
                        shared.address("followup", assessment=assessment.id),
                        screens.title_of("followup", shared.language()),
                    )
                    markup.show(markup.quiet(markup.joined((hint, " ", link))))
                label = _("Open revision {number}", number=assessment.revision + 1)
                pressing.button(label, f"revise-{assessment.id}-go", _revise, assessment.id, type="primary")
        if "withdraw" in steps:
            _withdraw_form(assessment)
        if deletable:
            _delete_form(assessment, actor)


def _withdraw_form(assessment: Assessment) -> None:
    of = f"withdraw-{assessment.id}-{assessment.revision}-"
    with forms.fold(_("Withdraw"), f"withdraw-{assessment.id}", of=of) as is_open:
        if not is_open:
            return
        text = _("The assessment ends without a result. It stays in the list and in the history.")
        markup.show(markup.paragraph(text))
        with st.form(f"withdraw-{assessment.id}", border=False, enter_to_submit=False):
            forms.text(_("Reason"), key=f"{of}reason", kind="long", max_chars=MAX_REASON, required=True)
            label = _("Withdraw the assessment")
            pressing.button(label, f"withdraw-{assessment.id}-go", _withdraw, assessment.id, of, in_form=True)


def _delete_form(assessment: Assessment, actor: Actor) -> None:
    """Nothing where a revision was decided on."""
    with database.reading() as session:
        earlier = [
            viewing.assessment(session, actor, assessment.id or 0, number) for number in range(1, assessment.revision)
        ]
    if any(revision.decision for revision in earlier):
        return
    with st.expander(_("Delete the draft"), key=f"delete-{assessment.id}-fold"):
        answers = sum(len(responses) for responses in assessment.responses.values())
        text = _(
            "What goes for good: {answers} answers, {scenarios} scenarios, {measures} measures, {files} files. "
            "It leaves every list; the history keeps what was done.",
            answers=answers,
            scenarios=len(assessment.scenarios),
            measures=len(assessment.measures),
            files=len(assessment.evidence),
        )
        markup.show(markup.paragraph(text))
        pressing.button(_("Delete this draft"), f"delete-{assessment.id}-go", _delete, assessment.id)


# --- deeds -----------------------------------------------------------------------------------------------


def _submit(assessment_id: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.submit(session, assessment_id, actor, shared.now())
        text = _("Submitted. It waits in the task lists of the committee, which can decide now. No message is sent.")
        pressing.tell(text)


def _decide(assessment_id: int, seen_sha256: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-") or confirming.is_asked_first():
        return
    ruling, reason = Ruling(forms.entered(f"{key}-ruling")), forms.entered(f"{key}-reason")
    with pressing.problems_kept():
        named = conditions.entered(key)
        is_unfit = bool(named) or ruling is Ruling.APPROVED_WITH_CONDITIONS
        with forms.refused_at(f"{key}-condition-1-text", where=is_unfit), forms.deed(f"{key}-") as session:
            actions.record_decision(session, assessment_id, ruling, reason, named, seen_sha256, actor, shared.now())
        pressing.tell(_("The decision is recorded. It waits for the sign-off."))


def _return(assessment_id: int, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    reason = forms.entered(f"{key}-reason")
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            actions.return_to_author(session, assessment_id, reason, actor, shared.now(), points=points.entered(key))
        pressing.tell(_("Returned to the author."))


def _revise(assessment_id: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            number = actions.revise(session, assessment_id, actor, shared.now())
        pressing.tell(_("Revision {number} is open as a draft.", number=number))


def _withdraw(assessment_id: int, of: str) -> None:
    """of: how the key of the form's field begins."""
    actor = shared.current_actor()
    if not forms.complete(of):
        return
    reason = forms.entered(f"{of}reason")
    with pressing.problems_kept():
        with forms.deed(of) as session:
            actions.withdraw(session, assessment_id, reason, actor, shared.now())
        pressing.tell(_("Withdrawn."))


def _delete(assessment_id: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.delete_draft(session, assessment_id, actor, shared.now())
        pressing.tell(_("The draft of assessment {number} is deleted.", number=assessment_id))
        pressing.go_to("home")
