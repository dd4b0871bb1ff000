"""Answers of a screening that wait to be used: which, in words, and for which domain. waiting, show, domain_of, use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from assessments import actions
from assessments.model import Actor, Answer, Response
from assessments.rules.findings import AREA
from assessments.storage import accounts
from pages._frame import cookies, database, markup, pressing, shared
from pages._frame.database import Session
from pages._frame.shared import _
from pages._parts import fields
from pages._server import screening
from questionnaires import load
from questionnaires.wording import seoul_day


def waiting() -> Mapping[str, Answer]:
    """Question → answer; empty if none wait or they fit the questions of today no longer."""
    with database.reading() as session:
        return screening.checked(accounts.screening_of(session, _token()))


def show(answers: Mapping[str, Answer]) -> None:
    """Which answers wait, and the way to drop them."""
    if not answers:
        return
    questionnaire, language = load.in_force(AREA, seoul_day(shared.now())).questionnaire, shared.language()
    rows = [
        (question.text[language], fields.html_of(question, answers[question.id], language))
        for question in questionnaire.questions()
        if question.id in answers
    ]
    lead = _("Answers of your screening are waiting. They go only into the assessment that you start from them.")
    with st.container(key="screened"):
        content = markup.folded(_("The answers ({count})", count=len(rows)), markup.definitions(rows, "h-answers"))
        markup.show(markup.notice("note", lead, content))
        pressing.button(_("Drop these answers"), "screened-drop", _drop, type="tertiary")


def domain_of(answers: Mapping[str, Answer], domains: Sequence[str]) -> str | None:
    """The domain whose questionnaire examines the area named. None: there is none, or more than one."""
    if not answers:
        return None
    naming = load.in_force(AREA, seoul_day(shared.now())).questionnaire.areas
    named = answers.get(naming.question) if naming else None
    areas = set(named) if isinstance(named, tuple) else set()
    newest = {edition.id: edition.questionnaire for edition in load.editions(load.FOLDER) if edition.id in domains}
    fitting = [name for name, domain in newest.items() if domain.area and areas & set(domain.area.examines)]
    return fitting[0] if len(fitting) == 1 else None


def use(session: Session, assessment_id: int, actor: Actor) -> None:
    """The answers go into this assessment, and wait no longer."""
    for question, answer in screening.checked(accounts.screening_of(session, _token())).items():
        actions.record_response(session, assessment_id, AREA, Response(question, answer), actor, shared.now())
    accounts.set_screening(session, _token(), {})


def _drop() -> None:
    shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            accounts.set_screening(session, _token(), {})
        pressing.tell(_("The answers of the screening are dropped."))


def _token() -> str:
    return cookies.value(st.context.cookies, cookies.SESSION)
