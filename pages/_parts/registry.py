"""Forms of the register: organisation, AI system, a new assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from assessments import actions, editions, viewing
from assessments.content.texts import most_characters
from assessments.details import details, rows
from assessments.model import Actor, AISystem, Answer, Operator
from assessments.rights import may
from assessments.storage.entries import SystemEntry
from assessments.viewing import Places
from pages._field import forms
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _
from pages._parts import findings, lists, places
from pages._parts import screened as _screened
from questionnaires import load

SEPARATIONS = (3, 2)
MOST_OPEN = 5
"""Units that are shown side by side; more are folded into a list."""
NOWHERE: Mapping[int, str] = {}
_OF_SUPERVISOR = ("supervisor", "supervisor_position", "contact")
"""Labels of details that are shown together."""
REQUIRED = frozenset({(Operator, "name")})
"""Details without which nothing is registered; a system needs one of its two names."""


def operator_facts(operator: Operator, systems: int) -> None:
    """The organisation as on the report's first page, and its number of registered systems."""
    word, described = findings.word, rows(operator)
    supervisor = (operator.supervisor_name, operator.supervisor_position, operator.supervisor_contact)
    facts = (
        *((word(label), text) for label, text in described if label not in _OF_SUPERVISOR),
        (word("supervisor"), " · ".join(filter(None, supervisor))),
        (word("separation"), word(f"separation_{operator.separation}")),
        (_("Registered systems"), f"{systems:,}"),
    )
    filled = ((name, text or word("not_given")) for name, text in facts)
    markup.show(markup.definitions(filled, "h-answers h-tight"))


def operator_form(operator: Operator | None, units: Mapping[int, str] = NOWHERE) -> None:
    """None: a new organisation. units: in which it can be registered."""
    name = f"operator-{operator.id if operator else 'new'}"
    word = findings.word
    labels = {
        "name": _("Name of the operator"),
        "supervisor_contact": _("{name} (optional)", name=_("{name}: contact", name=word("supervisor"))),
    }
    with st.form(name, border=False, enter_to_submit=False):
        _detail_fields(Operator, operator, name, labels)
        separations = {str(people): word(f"separation_{people}") for people in SEPARATIONS}
        now = str(operator.separation if operator else SEPARATIONS[0])
        forms.choice(word("separation"), separations, key=f"{name}-separation", value=now)
        unit_choice(units, name)
        label = _("Save") if operator else _("Register the operator")
        pressing.button(label, f"{name}-go", _save_operator, operator, name, in_form=True, type="primary")


def elsewhere(where: Places, deed: str, unit: int, below: int | None = None) -> dict[str, str]:
    """Where else something of this unit can be moved: unit → name. Empty: nowhere, or the reader may not."""
    if not where.may(deed, unit):
        return {}
    return {str(other): name for other, name in where.choice(deed, below).items() if other != unit}


def system(entry: SystemEntry, actor: Actor, screened: Mapping[str, Answer]) -> None:
    """One system with what it does, the way to correct it, and the start of an assessment. screened: answers that wait."""
    language, ai_system = shared.language(), entry.system
    name = lists.name_of(ai_system, language)
    summary = (
        (ai_system.summary_en or ai_system.summary_ko)
        if language == "en"
        else (ai_system.summary_ko or ai_system.summary_en)
    )
    version = markup.aside(f"{findings.word('version')} {ai_system.version}") if ai_system.version else ""
    name_link = markup.link(shared.address("system", system=entry.id), name)
    markup.show(markup.h3(markup.joined((name_link, " ", version))) + (markup.free_text(summary) if summary else ""))
    if stated := [(findings.word(label), text) for label, text in rows(ai_system) if text]:
        markup.show(markup.definitions(stated, "h-answers h-tight"))
    with shared.folds(f"system-{entry.id}"):
        if may(actor, "start_assessment"):
            with shared.fold(_("Start an assessment"), f"start-{entry.id}", icon=":material/add:") as is_open:
                if is_open:
                    _start_form(entry, screened)
        if may(actor, "change_system"):
            of = f"system-{entry.id}-{entry.operator_id}-"
            with forms.fold(_("Correct the details"), f"system-{entry.id}", of=of) as is_open:
                if is_open:
                    system_form(entry.operator_id, entry=entry)


def system_form(operator_id: int, units: Mapping[int, str] = NOWHERE, entry: SystemEntry | None = None) -> None:
    """entry None: a new system of this organisation. units: in which it can be registered."""
    form = f"system-{entry.id if entry else 'new'}-{operator_id}"
    labels = {
        "name_ko": _("Name in Korean"),
        "name_en": _("Name in English (optional)"),
        "summary_ko": _("What it does, in Korean (optional)"),
        "summary_en": _("What it does, in English (optional)"),
    }
    with st.form(form, border=False, enter_to_submit=False):
        _detail_fields(AISystem, entry.system if entry else None, form, labels)
        unit_choice(units, form)
        label = _("Save") if entry else _("Register the system")
        pressing.button(label, f"{form}-go", _save_system, operator_id, entry, form, in_form=True, type="primary")


def unit_choice(units: Mapping[int, str], key: str) -> None:
    """Whoever registers in one unit only is not asked."""
    if len(units) > 1:
        names = {str(unit): name for unit, name in units.items()}
        forms.choice(_("Unit"), names, key=f"{key}-unit", value=next(iter(names)), is_list=len(names) > MOST_OPEN)


def unit_chosen(key: str) -> int | None:
    """None: it was not asked."""
    entered = forms.entered(f"{key}-unit")
    return int(entered) if entered.isdecimal() else None


def _detail_fields(
    of: type[Operator | AISystem], described: Operator | AISystem | None, key: str, labels: Mapping[str, str]
) -> None:
    """A field for each detail. labels: of those that the form words otherwise than a report does."""
    for name, detail in details(of).items():
        label = labels.get(name) or _("{name} (optional)", name=findings.word(detail.label))
        forms.text(
            label,
            key=f"{key}-{name}",
            value=getattr(described, name) if described else "",
            kind="long" if detail.is_long else "short",
            max_chars=most_characters(name),
            required=(of, name) in REQUIRED,
        )


def _entered(of: type[Operator | AISystem], key: str) -> dict[str, Any]:
    return {name: forms.entered(f"{key}-{name}").strip() for name in details(of)}


def _start_form(entry: SystemEntry, screened: Mapping[str, Answer]) -> None:
    language, key = shared.language(), f"start-{entry.id}"
    with shared.problems_shown(), st.form(key, border=False):
        titles = {name: _title(name, language) for name in editions.domains()}
        named = _screened.domain_of(screened, list(titles))
        st.radio(
            _("Domain"),
            list(titles),
            index=list(titles).index(named) if named else None,
            format_func=lambda name: shared.literal(titles[name]),
            key=f"{key}-domain",
        )
        text = _(
            "It is answered to the end with the questions that are in force today, even if they are revised meanwhile."
        )
        markup.show(markup.quiet(text))
        begin = partial(pressing.button, in_form=True)
        if pressing.remembered(f"{key}-twin"):
            if screened:
                label = _("Start one more with the answers of the screening")
                begin(label, f"{key}-more-screened", _start, entry.id, key, True, True)
                begin(_("Start one more without them"), f"{key}-more", _start, entry.id, key, False, True)
            else:
                begin(_("Start one more"), f"{key}-more", _start, entry.id, key, False, True)
        elif screened:
            label = _("Start with the answers of the screening")
            begin(label, f"{key}-go", _start, entry.id, key, True, False, type="primary")
            begin(_("Start without them"), f"{key}-bare", _start, entry.id, key, False, False)
        else:
            begin(_("Start"), f"{key}-go", _start, entry.id, key, False, False, type="primary")


def _title(domain: str, language: str) -> str:
    newest = [edition for edition in load.editions(load.FOLDER) if edition.id == domain]
    return newest[-1].questionnaire.title[language] if newest else domain


# --- deeds -----------------------------------------------------------------------------------------------


def _save_operator(before: Operator | None, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-"):
        return
    entered = _entered(Operator, key)
    separation, number = int(forms.entered(f"{key}-separation") or SEPARATIONS[0]), 0
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            if before is None:
                new = Operator(**entered, separation=separation)
                number = actions.register_operator(session, new, actor, shared.now(), unit=unit_chosen(key))
            else:
                after = replace(before, **entered, separation=separation)
                actions.change_operator(session, before.id or 0, after, actor, shared.now(), seen=before)
        pressing.tell(_("Saved: {name}", name=entered["name"]))
        if before is None:
            pressing.go_to("systems", operator=number)


def _save_system(operator_id: int, before: SystemEntry | None, key: str) -> None:
    actor = shared.current_actor()
    forms.complete(f"{key}-")  # nothing is required by itself: one of the two names is
    entered = _entered(AISystem, key)
    is_nameless = not (entered["name_ko"] or entered["name_en"])
    with pressing.problems_kept():
        with forms.refused_at(f"{key}-name_ko", where=is_nameless), forms.deed(f"{key}-") as session:
            if before is None:
                new = AISystem(**entered)
                actions.register_system(session, operator_id, new, actor, shared.now(), unit=unit_chosen(key))
            else:
                after = replace(before.system, **entered)
                actions.change_system(session, before.id, after, actor, shared.now(), seen=before.system)
        pressing.tell(_("Saved: {name}", name=entered["name_ko"] or entered["name_en"]))


def _start(system_id: int, key: str, with_screening: bool, is_sure: bool) -> None:
    """is_sure: although there is a draft of this domain already."""
    actor = shared.current_actor()
    domain = st.session_state.get(f"{key}-domain")
    if not domain:
        pressing.refuse(_("Choose a domain first."))
        return
    with pressing.problems_kept():
        with database.transaction() as session:
            twin = None if is_sure else viewing.open_draft(session, actor, system_id, domain)
            if twin is None:
                number = actions.start_assessment(session, system_id, domain, actor, shared.now())
                if with_screening:
                    _screened.use(session, number, actor)
                started = viewing.assessment(session, actor, number)
        pressing.remember(f"{key}-twin", twin)
        if twin is not None:
            link = markup.link(
                shared.address("assessment", assessment=twin), _("Continue assessment {number}", number=twin)
            )
            pressing.tell(_("This system has a draft of this domain already."), markup.paragraph(link), "note")
            return
        pressing.tell(_("Assessment {number} is open as a draft.", number=number))
        first = editions.for_assessment(started)[started.editions[0].id].questionnaire
        pressing.go_to("answer", **places.address_query(started, first.id, first.sections[0].id))
