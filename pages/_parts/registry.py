"""Forms of the register: organisation, AI system, a new assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from assessments import actions, editions
from assessments.content.texts import most_characters
from assessments.details import details, rows
from assessments.model import Actor, AISystem, Operator, Response
from assessments.rights import may
from assessments.rules.findings import AREA
from assessments.storage import database
from assessments.storage.entries import SystemEntry
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._parts import findings, lists
from pages._server import screening
from questionnaires import load


def operator_facts(operator: Operator, systems: int) -> None:
    """The organisation as on the report's first page, and its number of registered systems."""
    word, described = findings.word, rows(operator)
    facts = (
        *((word(label), text) for label, text in described if label not in ("supervisor", "contact")),
        (
            word("supervisor"),
            " · ".join(text for text in (operator.supervisor_name, operator.supervisor_contact) if text),
        ),
        (word("separation"), word(f"separation_{operator.separation}")),
        (_("Registered systems"), f"{systems:,}"),
    )
    filled = ((name, text or word("not_given")) for name, text in facts)
    markup.show(markup.definitions(filled, "h-answers h-tight"))


def operator_form(operator: Operator | None) -> None:
    """None: a new organisation."""
    key = f"operator-{operator.id if operator else 'new'}"
    word = findings.word
    labels = {
        "name": _("Name of the operator"),
        "supervisor_contact": _("{name} (optional)", name=_("{name}: contact", name=word("supervisor"))),
    }
    with st.form(key, border=False, enter_to_submit=False):
        _detail_fields(Operator, operator, key, labels)
        st.radio(
            word("separation"),
            [3, 2],
            index=0 if operator is None or operator.separation == 3 else 1,
            format_func=lambda count: word(f"separation_{count}"),
            key=f"{key}-separation",
        )
        label = _("Save") if operator else _("Register the operator")
        st.form_submit_button(label, type="primary", key=f"{key}-go", on_click=_save_operator, args=(operator, key))


def system(entry: SystemEntry, actor: Actor) -> None:
    """One system with what it does, the way to correct it, and the start of an assessment."""
    language, ai_system = shared.language(), entry.system
    name = lists.name_of(ai_system, language)
    summary = (
        (ai_system.summary_en or ai_system.summary_ko)
        if language == "en"
        else (ai_system.summary_ko or ai_system.summary_en)
    )
    version = markup.aside(f"{findings.word('version')} {ai_system.version}") if ai_system.version else ""
    markup.show(markup.h3(markup.joined((name, " ", version))) + (markup.free_text(summary) if summary else ""))
    if stated := [(findings.word(label), text) for label, text in rows(ai_system) if text]:
        markup.show(markup.definitions(stated, "h-answers h-tight"))
    with st.container(horizontal=True, key=f"system-{entry.id}-acts"):
        if may(actor, "start_assessment"):
            start = st.popover(
                _("Start an assessment"), key=f"start-{entry.id}-ask", icon=":material/add:", on_change="rerun"
            )
            if start.open:
                with start:
                    _start_form(entry)
        if may(actor, "change_system"):
            correct = st.popover(
                _("Correct the details"), key=f"system-{entry.id}-ask", type="tertiary", on_change="rerun"
            )
            if correct.open:
                with correct:
                    system_form(entry.operator_id, entry)


def system_form(operator_id: int, entry: SystemEntry | None = None) -> None:
    """entry None: a new system of this organisation."""
    key = f"system-{entry.id if entry else 'new'}-{operator_id}"
    labels = {
        "name_ko": _("Name in Korean"),
        "name_en": _("Name in English (optional)"),
        "summary_ko": _("What it does, in Korean (optional)"),
        "summary_en": _("What it does, in English (optional)"),
    }
    with st.form(key, border=False, enter_to_submit=False):
        _detail_fields(AISystem, entry.system if entry else None, key, labels)
        label = _("Save") if entry else _("Register the system")
        st.form_submit_button(
            label, type="primary", key=f"{key}-go", on_click=_save_system, args=(operator_id, entry, key)
        )


def _detail_fields(
    of: type[Operator | AISystem], described: Operator | AISystem | None, key: str, labels: Mapping[str, str]
) -> None:
    """A field for each detail. labels: of those that the form words otherwise than a report does."""
    for name, detail in details(of).items():
        label = labels.get(name) or _("{name} (optional)", name=findings.word(detail.label))
        draw = st.text_area if detail.is_long else st.text_input
        value = getattr(described, name) if described else ""
        draw(shared.literal(label), value=value, key=f"{key}-{name}", max_chars=most_characters(name))


def _entered(of: type[Operator | AISystem], key: str) -> dict[str, Any]:
    return {name: (st.session_state.get(f"{key}-{name}") or "").strip() for name in details(of)}


def _start_form(entry: SystemEntry) -> None:
    language, key = shared.language(), f"start-{entry.id}"
    with shared.problems_shown(), st.form(key, border=False):
        titles = {name: _title(name, language) for name in editions.domains()}
        st.radio(_("Domain"), list(titles), format_func=lambda name: shared.literal(titles[name]), key=f"{key}-domain")
        text = _("The questionnaire editions in force today are used to the end.")
        markup.show(markup.quiet(text))
        st.form_submit_button(_("Start"), type="primary", key=f"{key}-go", on_click=_start, args=(entry.id, key))


def _title(domain: str, language: str) -> str:
    newest = [edition for edition in load.editions(load.FOLDER) if edition.id == domain]
    return newest[-1].questionnaire.title[language] if newest else domain


# --- deeds -----------------------------------------------------------------------------------------------


def _save_operator(before: Operator | None, key: str) -> None:
    actor = shared.current_actor()
    entered = _entered(Operator, key)
    separation = st.session_state.get(f"{key}-separation", 3)
    with shared.problems_kept():
        with database.transaction() as session:
            if before is None:
                actions.register_operator(session, Operator(**entered, separation=separation), actor, shared.now())
            else:
                after = replace(before, **entered, separation=separation)
                actions.change_operator(session, before.id or 0, after, actor, shared.now(), seen=before)
        shared.tell(_("Saved: {name}", name=entered["name"]))


def _save_system(operator_id: int, before: SystemEntry | None, key: str) -> None:
    actor = shared.current_actor()
    entered = _entered(AISystem, key)
    with shared.problems_kept():
        with database.transaction() as session:
            if before is None:
                actions.register_system(session, operator_id, AISystem(**entered), actor, shared.now())
            else:
                after = replace(before.system, **entered)
                actions.change_system(session, before.id, after, actor, shared.now(), seen=before.system)
        shared.tell(_("Saved: {name}", name=entered["name_ko"] or entered["name_en"]))


def _start(system_id: int, key: str) -> None:
    actor = shared.current_actor()
    domain = st.session_state.get(f"{key}-domain") or ""
    screened = screening.carried(st.context.cookies)
    with shared.problems_kept():
        with database.transaction() as session:
            number = actions.start_assessment(session, system_id, domain, actor, shared.now())
            for question, answer in screened.items():
                actions.record_response(session, number, AREA, Response(question, answer), actor, shared.now())
        shared.tell(_("Assessment {number} is open as a draft.", number=number))
