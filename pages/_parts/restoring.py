"""One older answer put back: the question before it is done, with what is there and what takes its place. show, of_event, of_submission.

What is to be restored stands in the address, so that the way there is a link wherever an older answer is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from assessments import actions, viewing
from assessments.model import Actor, Assessment, Json
from assessments.rights import may
from assessments.viewing import OlderAnswer
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import differences, events, gaps
from questionnaires.load import Edition
from questionnaires.question_types import to_json

ANCHOR = "restore"


@dataclass(frozen=True)
class _Older:
    """An older answer as its reader is asked about it."""

    where: str
    of: OlderAnswer
    held: Json | None
    """None: there was none."""
    when: str
    """Of when it is."""


def is_possible(assessment: Assessment, actor: Actor) -> bool:
    return assessment.status.is_editable and may(actor, "restore_response")


def of_event(assessment: Assessment, seq: int) -> str:
    """Address of the question whether the answer that an event left is put back."""
    return shared.address("history", ANCHOR, assessment=assessment.id, restore=seq)


def of_submission(assessment: Assessment, name: str, where: str) -> str:
    """The same of a submission, by the name that addresses have for it."""
    return shared.address("revisions", ANCHOR, assessment=assessment.id, restore=name, question=where)


def current(assessment: Assessment, where: str) -> Json | None:
    """The answer as it is now, as contents hold it. None: there is none."""
    questionnaire, _dot, name = where.partition(".")
    response = assessment.responses.get(questionnaire, {}).get(name)
    return {"answer": to_json(response.answer), "note": response.note} if response else None


def show(assessment: Assessment, pinned: Mapping[str, Edition], actor: Actor) -> None:
    """Where the address asks for it."""
    if not st.query_params.get("restore"):
        return
    markup.show(markup.h2(_("Restore an answer"), id=ANCHOR))
    older = None
    with shared.problems_shown():
        older = _requested(assessment, actor)
    if older is None:
        return
    question = events.question_of(older.where, pinned)
    name = gaps.name_of(older.where, pinned) or older.where
    address = gaps.place_of(older.where, assessment, pinned)
    markup.show(markup.paragraph(markup.link(address, name) if address else name))
    now = current(assessment, older.where)
    texts = [events.response_text(question, side) or _("no answer") for side in (now, older.held)]
    head = (_("As it is now"), _("What takes its place"))
    markup.show(markup.table(head, [differences.marked(*texts)], kind="h-changes"))
    markup.show(markup.quiet(older.when))
    if now == older.held:
        markup.show(markup.notice("note", _("Both are the same: there is nothing to restore.")))
    elif not is_possible(assessment, actor):
        markup.show(
            markup.notice("note", _("This revision can be read here; it cannot be changed now, or not by you."))
        )
    else:
        questionnaire, _dot, question_id = older.where.partition(".")
        response = assessment.responses.get(questionnaire, {}).get(question_id)
        seen = response.lock_version if response else 0
        pressing.button(
            _("Restore this answer"),
            f"restore-{assessment.id}",
            _restore,
            assessment.id,
            older.where,
            older.of,
            seen,
            type="primary",
        )


def _requested(assessment: Assessment, actor: Actor) -> _Older | None:
    """None: the address names none. Raises: AssessmentError."""
    wanted, number = st.query_params.get("restore", ""), assessment.id or 0
    with database.reading() as session:
        if seq := shared.whole(wanted):
            line = viewing.event(session, actor, number, seq)
            of, where = OlderAnswer(event=seq), str(line.values.get("question", ""))
            by = line.by.name if line.by else _("erased")
            when = _("Written by {name} at {at}, event {number}", name=by, at=shared.moment(line.at), number=seq)
        else:
            revision, _dot, turn = wanted.partition(".")
            of, where = OlderAnswer(revision=shared.whole(revision), round=shared.whole(turn)), _where()
            when = _("Revision {number}, submission {round}", number=of.revision, round=max(of.round, 1))
        return _Older(where, of, viewing.older_answer(session, actor, number, where, of), when)


def _where() -> str:
    return st.query_params.get("question", "")


def _restore(assessment_id: int, where: str, of: OlderAnswer, seen: int) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.restore_response(session, assessment_id, where, of, seen, actor, shared.now())
        pressing.tell(_("The answer is restored."))
