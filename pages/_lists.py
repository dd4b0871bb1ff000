"""Assessments in a list: which task waits, and one row with its link and how it stands."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.model import Actor, Outcome, Status
from assessments.rules.workflow import STEPS
from assessments.storage.reader import AssessmentSummary
from pages import _frame, _labels, _shared
from pages._shared import _, many

_SCREENS = {"sign_off": "decide", "decide": "decide", "submit": "assessment"}
"""Step that waits → the screen where it is done, most pressing first."""


def may_wait(status: Status, actor: Actor) -> bool:
    """Whether a step that waits could start from this status in one of the actor's roles; the workflow decides."""
    return any(status in STEPS[name].from_ and actor.roles & STEPS[name].roles for name in _SCREENS)


def task(one: AssessmentSummary, steps: tuple[str, ...]) -> str | None:
    """What to do with it, as a sentence; None where nothing waits."""
    if "sign_off" in steps:
        return _("Sign off the decision")
    if "decide" in steps:
        return _("Read and decide")
    if "submit" in steps and one.status is Status.RETURNED:
        return _("Returned to you: read why, correct, submit again")
    if "submit" in steps and one.open_required:
        return many("{count} required answer is missing", "{count} required answers are missing", one.open_required)
    return _("Complete: check the answers and submit") if "submit" in steps else None


def screen_of(one: AssessmentSummary) -> str:
    return "decide" if one.status in (Status.SUBMITTED, Status.DECIDED) else "assessment"


def row(one: AssessmentSummary, place: str, what: str, title: str = "") -> None:
    """One assessment: its name (or the title) as a link, what is said of it, and its tags. place: task, all, or another list."""
    language = _shared.language()
    names = (one.system.name_en, one.system.name_ko) if language == "en" else (one.system.name_ko, one.system.name_en)
    name = title or names[0] or names[1]
    with st.container(key=f"row-{place}-{one.id}", gap=None):
        st.page_link(
            _frame.FOLDER / f"{screen_of(one) if place == 'task' else 'assessment'}.py",
            label=_shared.plain(name),
            query_params={"assessment": str(one.id)},
        )
        facts = " · ".join(
            (
                *(() if title else (one.operator_name,)),
                _("revision {number}", number=one.revision),
                _("changed {at}", at=_shared.moment(one.updated_at)),
            )
        )
        tags = [_frame.status_tag(one.status)]
        if place != "task":
            what = what or _labels.outcome(one.outcome, language)
            kinds = {Outcome.HIGH_IMPACT: "bad", Outcome.NOT_HIGH_IMPACT: "good", Outcome.CANNOT_DETERMINE: "cannot"}
            tags.append(_shared.tag(what, kinds[one.outcome]))
            if one.contested:
                tags.append(_shared.tag(_("contested"), "cannot"))
            if one.open_required:
                count = one.open_required
                tags.append(_shared.tag(many("{count} answer missing", "{count} answers missing", count), "plain"))
            else:
                level = _labels.level(one.level, language)
                tags.append(_shared.tag(_("risk: {level}", level=level), f"level-{one.level}"))
        if one.is_example and not title:
            tags.append(_shared.tag("예시 · Example", "example"))
        said = f'<p class="h-task">{escape(what)}</p>' if place == "task" else ""
        st.html(
            f'<div class="h-row">{said}<p class="h-tags">{"".join(tags)}</p><p class="h-quiet">{escape(facts)}</p></div>'
        )
