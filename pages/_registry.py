"""Forms of the register: organisation, AI system, a new assessment."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from assessments import actions, editions
from assessments.model import Actor, AISystem, Operator, Response
from assessments.rights import may
from assessments.rules.findings import AREA
from assessments.storage import database
from assessments.storage.entries import SystemEntry
from assessments.texts import most_characters
from pages import _findings, _lists, _screening, _shared
from pages._shared import _
from questionnaires import load

TEXT_FIELDS = ("name", "registration_number", "address", "representative", "supervisor_name", "supervisor_contact")
SYSTEM_FIELDS = ("name_ko", "name_en", "version", "summary_ko", "summary_en")


def operator_facts(operator: Operator, systems: int) -> None:
    """What the report's first page says of the organisation, and how many systems it has registered."""
    word = _findings.word
    facts = (
        (word("registration_number"), operator.registration_number),
        (word("address"), operator.address),
        (word("representative"), operator.representative),
        (
            word("supervisor"),
            " · ".join(text for text in (operator.supervisor_name, operator.supervisor_contact) if text),
        ),
        (word("separation"), word(f"separation_{operator.separation}")),
        (_("Registered systems"), f"{systems:,}"),
    )
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text) if text else escape(word('not_given'))}</dd></div>"
        for name, text in facts
    )
    st.html(f'<dl class="h-answers h-tight">{rows}</dl>')


def operator_form(operator: Operator | None) -> None:
    """None: a new organisation."""
    key = f"operator-{operator.id if operator else 'new'}"
    word = _findings.word
    labels = {
        "name": _("Name of the organisation"),
        "registration_number": word("registration_number"),
        "address": word("address"),
        "representative": word("representative"),
        "supervisor_name": word("supervisor"),
        "supervisor_contact": _("{name}: contact", name=word("supervisor")),
    }
    with st.form(key, border=False, enter_to_submit=False):
        for field in TEXT_FIELDS:
            label = labels[field] if field == "name" else _("{name} (optional)", name=labels[field])
            st.text_input(
                _shared.plain(label),
                value=getattr(operator, field) if operator else "",
                key=f"{key}-{field}",
                max_chars=most_characters(field),
            )
        st.radio(
            word("separation"),
            [3, 2],
            index=0 if operator is None or operator.separation == 3 else 1,
            format_func=lambda count: word(f"separation_{count}"),
            key=f"{key}-separation",
        )
        label = _("Save") if operator else _("Register the organisation")
        st.form_submit_button(label, type="primary", key=f"{key}-go", on_click=_save_operator, args=(operator, key))


def system(entry: SystemEntry, actor: Actor) -> None:
    """One system with what it does, the way to correct it, and the start of an assessment."""
    language, one = _shared.language(), entry.system
    name = _lists.name_of(one, language)
    summary = (one.summary_en or one.summary_ko) if language == "en" else (one.summary_ko or one.summary_en)
    version = (
        f'<span class="h-quiet">{escape(_findings.word("version"))} {escape(one.version)}</span>' if one.version else ""
    )
    st.html(f"<h3>{escape(name)} {version}</h3>{_shared.written(summary) if summary else ''}")
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
        "version": _("{name} (optional)", name=_findings.word("version")),
        "summary_ko": _("What it does, in Korean (optional)"),
        "summary_en": _("What it does, in English (optional)"),
    }
    with st.form(key, border=False, enter_to_submit=False):
        for field in SYSTEM_FIELDS:
            value = getattr(entry.system, field) if entry else ""
            draw = st.text_area if field.startswith("summary") else st.text_input
            draw(_shared.plain(labels[field]), value=value, key=f"{key}-{field}", max_chars=most_characters(field))
        label = _("Save") if entry else _("Register the system")
        st.form_submit_button(
            label, type="primary", key=f"{key}-go", on_click=_save_system, args=(operator_id, entry, key)
        )


def _start_form(entry: SystemEntry) -> None:
    language, key = _shared.language(), f"start-{entry.id}"
    with _shared.problems_shown(), st.form(key, border=False):
        titles = {name: _title(name, language) for name in editions.domains()}
        st.radio(_("Domain"), list(titles), format_func=lambda name: _shared.plain(titles[name]), key=f"{key}-domain")
        text = _("The questionnaire editions in force today are used to the end.")
        st.html(f'<p class="h-quiet">{escape(text)}</p>')
        st.form_submit_button(_("Start"), type="primary", key=f"{key}-go", on_click=_start, args=(entry.id, key))


def _title(domain: str, language: str) -> str:
    newest = [one for one in load.editions(load.FOLDER) if one.id == domain]
    return newest[-1].questionnaire.title[language] if newest else domain


# --- deeds -----------------------------------------------------------------------------------------------


def _save_operator(before: Operator | None, key: str) -> None:
    actor = _shared.current_actor()
    given = {field: (st.session_state.get(f"{key}-{field}") or "").strip() for field in TEXT_FIELDS}
    separation = st.session_state.get(f"{key}-separation", 3)
    with _shared.problems_kept():
        with database.transaction() as session:
            if before is None:
                actions.register_operator(session, Operator(**given, separation=separation), actor, _shared.now())
            else:
                after = replace(before, **given, separation=separation)
                actions.change_operator(session, before.id or 0, after, actor, _shared.now(), seen=before)
        _shared.tell(_("Saved: {name}", name=given["name"]))


def _save_system(operator_id: int, before: SystemEntry | None, key: str) -> None:
    actor = _shared.current_actor()
    given = {field: (st.session_state.get(f"{key}-{field}") or "").strip() for field in SYSTEM_FIELDS}
    with _shared.problems_kept():
        with database.transaction() as session:
            if before is None:
                actions.register_system(session, operator_id, AISystem(**given), actor, _shared.now())
            else:
                after = replace(before.system, **given)
                actions.change_system(session, before.id, after, actor, _shared.now(), seen=before.system)
        _shared.tell(_("Saved: {name}", name=given["name_ko"] or given["name_en"]))


def _start(system_id: int, key: str) -> None:
    actor = _shared.current_actor()
    domain = st.session_state.get(f"{key}-domain") or ""
    screened = _screening.carried(st.context.cookies)
    with _shared.problems_kept():
        with database.transaction() as session:
            number = actions.start_assessment(session, system_id, domain, actor, _shared.now())
            for question, answer in screened.items():
                actions.record_response(session, number, AREA, Response(question, answer), actor, _shared.now())
        _shared.tell(_("Assessment {number} is open as a draft.", number=number))
