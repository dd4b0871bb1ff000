"""Two states side by side, of one assessment or of two: states, beside, where_they_meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from assessments import viewing
from assessments.content.canonical import content
from assessments.content.changes import ContentChange, Subject
from assessments.model import Actor, Assessment, Json
from assessments.storage.entries import Submission
from pages._frame import database, markup, shared
from pages._frame.shared import _
from pages._parts import differences, events
from questionnaires.load import Edition

NOW = "now"
"""Name of the state that is being written."""


def states(
    of: Assessment, revisions: Sequence[Assessment], submissions: Sequence[Submission]
) -> dict[str, tuple[str, Json]]:
    """Every state of an assessment that can be compared: its name in addresses → label and content, the oldest first."""
    made: dict[str, tuple[str, Json]] = {
        differences.address_of(submission): (differences.named(submission), submission.content)
        for submission in submissions
    }
    submitted_numbers = {submission.revision for submission in submissions}
    for revision in revisions:
        if revision.revision not in submitted_numbers and revision.revision != of.revision:
            name = _("Revision {number}", number=revision.revision)
            made[f"{revision.revision}.0"] = (name, content(revision))
    if of.status.is_editable or of.revision not in submitted_numbers:
        made[NOW] = (_("Revision {number}, as it is now", number=of.revision), content(of))
    return made


@dataclass(frozen=True)
class Beside:
    """Another assessment, to be compared with the one that is open."""

    assessment: Assessment
    pinned: Mapping[str, Edition]
    states: Mapping[str, tuple[str, Json]]


def beside(number: int, actor: Actor) -> Beside | None:
    """The one that the address names, if its reader may read it. None: it names none, or one that is not there for them."""
    wanted = shared.whole(st.query_params.get("other", ""))
    if not wanted or wanted == number:
        return None
    with shared.problems_shown(), database.reading() as session:
        other = viewing.assessment(session, actor, wanted)
        of_other = states(other, viewing.revisions(session, actor, wanted), viewing.submissions(session, actor, wanted))
        return Beside(other, shared.editions_of(other), of_other)
    return None


def where_they_meet(
    changes: Sequence[ContentChange], pinned: Mapping[str, Edition], pinned_beside: Mapping[str, Edition]
) -> tuple[ContentChange, ...]:
    """Without answers to questions that only one of the two asks, or asks otherwise; how many these are is said."""
    met = []
    for change in changes:
        own, other = (events.question_of(change.where, editions) for editions in (pinned, pinned_beside))
        if change.subject is not Subject.ANSWER or (own and other and own.type is other.type):
            met.append(change)
    apart = len(changes) - len(met)
    if apart:
        text = shared.many(
            "{count} answer is left out: only one of the two asks its question.",
            "{count} answers are left out: only one of the two asks their questions.",
            apart,
        )
        markup.show(markup.notice("note", text))
    return tuple(met)
