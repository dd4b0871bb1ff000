"""Sections given to people until a day: who has which, given, taken back and marked as done, on the task list of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.model import Actor, Assessment
from assessments.rights import may
from assessments.rules import topics
from assessments.storage.entries import GivenEntry, GivenSection
from pages._field import forms
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import gaps, lists
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.wording import seoul_day

ANCHOR = "given"
SCENARIOS = "scenarios"


def of(assessment: Assessment, actor: Actor) -> dict[str, GivenSection]:
    """Place → who has it."""
    with database.reading() as session:
        return {section.place: section for section in viewing.given_sections(session, actor, assessment)}


def tag(section: GivenSection | None) -> Markup:
    """Who has it and until when; nothing where nobody has."""
    if section is None:
        return markup.NOTHING
    if section.done_at is not None:
        return markup.tag(_("{name}: done", name=section.person.name), "plain")
    if section.is_overdue(_today()):
        return markup.tag(_("{name}, overdue since {day}", name=section.person.name, day=_day(section.due)), "bad")
    return markup.tag(_("{name}, until {day}", name=section.person.name, day=_day(section.due)), "plain")


def beside(section: GivenSection | None, assessment: Assessment, actor: Actor) -> Markup:
    """At the section itself; whoever has it finds the way to say that it is done."""
    if section is None or section.done_at is not None or not assessment.status.is_editable:
        return markup.NOTHING
    if section.person.id != actor.id:
        return markup.tags(tag(section))
    link = markup.link(shared.address("assessment", ANCHOR, assessment=assessment.id), _("Mark the section as done"))
    return markup.tags(tag(section)) + markup.paragraph(link, "h-comment")


def show(
    assessment: Assessment, pinned: Mapping[str, Edition], sections: Mapping[str, GivenSection], actor: Actor
) -> None:
    """Who has which section, and what this reader may do about it; nothing where nobody has any and the reader cannot give one."""
    is_editable = assessment.status.is_editable
    may_give = is_editable and may(actor, "give_section")
    if not sections and not may_give:
        return
    markup.show(markup.h2(_("Who does what"), id=ANCHOR))
    for section in sections.values():
        _row(assessment, pinned, section, actor, may_give=may_give, is_editable=is_editable)
    if may_give:
        key = f"section-give-{assessment.id}"
        with forms.fold(_("Give a section to somebody"), key, of=f"{key}-", icon=":material/person_add:") as is_open:
            if is_open:
                _form(assessment, pinned, actor)


def _row(
    assessment: Assessment,
    pinned: Mapping[str, Edition],
    section: GivenSection,
    actor: Actor,
    *,
    may_give: bool,
    is_editable: bool,
) -> None:
    key = f"section-{assessment.id}-{section.place}"
    with st.container(key=f"row-{key}", horizontal=True, vertical_alignment="center"):
        name = gaps.name_of(section.place, pinned) or section.place
        address = gaps.place_of(section.place, assessment, pinned)
        markup.show(markup.paragraph(markup.link(address, name), "h-row-name") + markup.tags(tag(section)))
        if is_editable and section.done_at is None and (may_give or section.person.id == actor.id):
            pressing.button(_("Mark the section as done"), f"{key}-done", _finish, assessment.id, section.place)
        if may_give:
            pressing.button(_("Take back"), f"{key}-back", _take_back, assessment.id, section.place)


def _form(assessment: Assessment, pinned: Mapping[str, Edition], actor: Actor) -> None:
    key = f"section-give-{assessment.id}"
    with database.reading() as session:
        people = {other.id: other.name for other in viewing.writers(session, actor, assessment.id or 0)}
    with st.form(key, border=False):
        forms.choice(_("Section"), _sections(pinned), key=f"{key}-place", required=True, is_list=True)
        forms.choice(_("Person"), people, key=f"{key}-person", required=True, is_list=True)
        forms.day(_("Due"), key=f"{key}-due", required=True)
        pressing.button(_("Give it"), f"{key}-go", _give, assessment.id, key, in_form=True, type="primary")


def _sections(pinned: Mapping[str, Edition]) -> dict[str, str]:
    """Place → name, in the order of the way."""
    places = {
        topics.of_section(edition.id, section.id): ""
        for edition in pinned.values()
        for section in edition.questionnaire.sections
    }
    return {place: gaps.name_of(place, pinned) for place in [*places, SCENARIOS]}


# --- on the first screen -----------------------------------------------------------------------------------------


def rows(entries: Sequence[GivenEntry], actor: Actor) -> None:
    """What this reader has still to do, the earliest first."""
    opened: dict[int, tuple[Assessment, Mapping[str, Edition]]] = {}
    for entry in entries:
        if entry.assessment_id not in opened:
            with database.reading() as session:
                assessment = viewing.assessment(session, actor, entry.assessment_id)
            opened[entry.assessment_id] = assessment, shared.editions_of(assessment)
        assessment, pinned = opened[entry.assessment_id]
        section = entry.section
        with st.container(key=f"row-given-{entry.assessment_id}-{section.place}", gap=None):
            name = gaps.name_of(section.place, pinned) or section.place
            link = markup.link(gaps.place_of(section.place, assessment, pinned), name)
            is_overdue = section.is_overdue(_today())
            due = (
                _("Overdue since {day}", day=_day(section.due)) if is_overdue else _("Due {day}", day=_day(section.due))
            )
            facts = (
                lists.name_of(entry.system, shared.language()),
                _("Assessment {number}", number=entry.assessment_id),
                _("given by {name}", name=section.by.name),
            )
            task = markup.paragraph(_("Given to you: fill in this section"), "h-task")
            head = (
                markup.paragraph(link, "h-row-name")
                + task
                + markup.tags(markup.tag(due, "bad" if is_overdue else "open"))
            )
            markup.show(markup.block(head + markup.quiet(" · ".join(facts)), "h-row"))


def _today() -> date:
    return seoul_day(shared.now())


def _day(day: date) -> str:
    return wording.day(day, shared.language())


# --- deeds -------------------------------------------------------------------------------------------------------


def _give(assessment_id: int, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    with pressing.problems_kept():
        place, person, due = (
            forms.entered(f"{key}-place"),
            forms.entered(f"{key}-person"),
            forms.day_entered(f"{key}-due"),
        )
        if due is None:  # it is required, and was looked at
            return
        is_past = due < _today()
        with forms.refused_at(f"{key}-due", where=is_past), forms.deed(f"{key}-") as session:
            actions.give_section(session, assessment_id, place, person, due, actor, shared.now())
        pressing.tell(_("The section is given."))


def _finish(assessment_id: int, place: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.finish_section(session, assessment_id, place, actor, shared.now())
        pressing.tell(_("Marked as done."))


def _take_back(assessment_id: int, place: str) -> None:
    actor = shared.current_actor()
    with pressing.problems_kept():
        with database.transaction() as session:
            actions.take_back_section(session, assessment_id, place, actor, shared.now())
        pressing.tell(_("The section is taken back."))
