"""Conditions of an approval: asked for in a form, each with its owner and its day; shown with what was agreed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from assessments import viewing
from assessments.model import Actor, Assessment, Condition
from pages._field import forms
from pages._frame import database, markup, shared
from pages._frame.shared import _
from pages._parts import findings
from questionnaires import wording

MOST = 5
"""Conditions in one form."""
MAX_TEXT = 1000
MAX_NAME = 200


def fields(key: str, assessment: Assessment, actor: Actor, value: Sequence[Condition] = ()) -> None:
    """In the form of a decision or a vote. value: what was named before."""
    word = findings.word
    with database.reading() as session:
        people = {person.id: person.name for person in viewing.people_at(session, actor, assessment.id or 0)}
    is_open = bool(value) or forms.is_held(f"{key}-condition-")
    with st.expander(_("Conditions (only for an approval with conditions)"), expanded=is_open):
        for number in range(1, MOST + 1):
            named = value[number - 1] if number <= len(value) else Condition("")
            begin = _key(key, number)
            label = _("Condition {number}: what has to be done", number=number)
            forms.text(label, key=f"{begin}-text", value=named.text, kind="long", max_chars=MAX_TEXT)
            owner = named.owner_id if named.owner_id in people else ""
            forms.choice(word("owner"), people, key=f"{begin}-owner", value=owner, is_list=True)
            forms.text(
                _("or an owner who is not in the list"),
                key=f"{begin}-name",
                value="" if owner else named.owner,
                max_chars=MAX_NAME,
            )
            forms.day(word("due"), key=f"{begin}-due", value=named.due)


def entered(key: str) -> tuple[Condition, ...]:
    """As the form has them; the deed says what is missing. Raises: InvalidAnswerError of a day that cannot be read."""
    named = []
    for number in range(1, MOST + 1):
        begin = _key(key, number)
        text, owner, name = (forms.entered(f"{begin}-{part}") for part in ("text", "owner", "name"))
        due = forms.day_entered(f"{begin}-due")
        if text.strip() or owner or name.strip() or due:
            named.append(Condition(text, "" if owner else name, due, owner))
    return tuple(named)


def listed(conditions: Sequence[Condition]) -> Markup:
    """Each with who sees to it and by when, where that was agreed."""
    return shared.render("parts/conditions.html.j2", conditions=[(each.text, _terms(each)) for each in conditions])


def of_revision_before(assessment: Assessment, actor: Actor) -> None:
    """What the last decision asked for, while the next revision is at work."""
    if assessment.revision == 1 or assessment.decision is not None:
        return
    with database.reading() as session:
        before = viewing.assessment(session, actor, assessment.id or 0, assessment.revision - 1)
    if before.decision is None or not before.decision.conditions:
        return
    title = _("Conditions of revision {number}", number=before.revision)
    markup.show(markup.h2(title) + listed(before.decision.conditions))


def in_line(condition: Condition) -> str:
    terms = _terms(condition)
    return f"{condition.text} ({terms})" if terms else condition.text


def _terms(condition: Condition) -> str:
    word, language = findings.word, shared.language()
    owner = f"{word('owner')}: {condition.owner}" if condition.owner else ""
    due = f"{word('due')}: {wording.day(condition.due, language)}" if condition.due else ""
    return ", ".join(filter(None, (owner, due)))


def _key(key: str, number: int) -> str:
    return f"{key}-condition-{number}"
