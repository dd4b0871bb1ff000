"""One AI system as its file: what it is, who answers for it, its assessments, reports, logs, measures, conditions, incidents, history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.details import rows as detail_rows
from assessments.errors import NotFoundError
from assessments.model import LegalRole, Stage, Upkeep
from assessments.rights import may
from assessments.storage.entries import SystemEntry
from assessments.viewing import Incident, SystemFile
from pages._field import forms
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _, many
from pages._log import tables
from pages._parts import events, findings, paging, recourse, registry
from pages._parts import lists as _lists
from questionnaires import wording
from questionnaires.wording import seoul_day

MOST_EVENTS = 20
BEFORE = "before"
MOST_TEXT = 2000

actor = shared.acting()
language = shared.language()


def _day(day: date | None) -> str:
    return markup.short(wording.day(day, language)) if day else "–"


# --- what it is ------------------------------------------------------------------------------------------------


def _facts(file: SystemFile) -> None:
    entry, upkeep = file.entry, file.entry.upkeep
    word = findings.word
    facts: list[tuple[str, str]] = [
        (word("operator"), entry.operator_name),
        (_("Unit"), file.unit),
        (_("Owner"), entry.owner.name if entry.owner else markup.tag(_("Nobody"), "bad")),
        (_("Life cycle"), enum_names.stage(upkeep.stage, language) if upkeep.stage else word("not_given")),
        (_("In use since"), _day(upkeep.started_on) if upkeep.started_on else word("not_given")),
        (
            _("Legal role, as registered"),
            enum_names.legal_role(upkeep.legal_role, language) if upkeep.legal_role else word("not_given"),
        ),
        (word("version"), entry.system.version or word("not_given")),
        *((word(label), text or word("not_given")) for label, text in detail_rows(entry.system)),
        (_("Registered on"), shared.moment(entry.created_at)),
    ]
    markup.show(markup.definitions(facts, "h-answers h-tight"))


def _entry_form(file: SystemFile) -> None:
    entry, key = file.entry, f"entry-{file.entry.id}-"
    upkeep = entry.upkeep
    people = {person.id: f"{person.name} ({person.id})" for person in file.people}
    if entry.owner and entry.owner.id not in people:
        people[entry.owner.id] = f"{entry.owner.name} ({entry.owner.id})"
    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
        forms.choice(_("Owner"), {"": _("Nobody"), **people}, key=f"{key}owner", value=upkeep.owner_id, is_list=True)
        stages = {stage.value: enum_names.stage(stage, language) for stage in Stage}
        forms.choice(_("Life cycle"), {"": _("Not stated"), **stages}, key=f"{key}stage", value=upkeep.stage or "")
        forms.day(_("In use since (optional)"), key=f"{key}started", value=upkeep.started_on)
        roles = {role.value: enum_names.legal_role(role, language) for role in LegalRole}
        now = upkeep.legal_role or ""
        forms.choice(_("Legal role"), {"": _("Not stated"), **roles}, key=f"{key}role", value=now)
        pressing.button(_("Save"), f"{key}go", _save_entry, entry.id, upkeep, key, in_form=True, type="primary")


def _changes(file: SystemFile) -> None:
    entry = file.entry
    with shared.folds(f"file-{entry.id}"):
        if may(file.actor, "set_upkeep"):
            of = f"entry-{entry.id}-"
            with forms.fold(_("Change owner and life cycle"), f"entry-{entry.id}", of=of) as is_open:
                if is_open:
                    _entry_form(file)
        if may(file.actor, "change_system"):
            of = f"system-{entry.id}-{entry.operator_id}-"
            with forms.fold(_("Correct the details"), f"system-{entry.id}", of=of) as is_open:
                if is_open:
                    listed = SystemEntry(entry.id, entry.unit_id, entry.operator_id, entry.operator_name, entry.system)
                    registry.system_form(entry.operator_id, entry=listed)


# --- what surrounds it -----------------------------------------------------------------------------------------


def _assessments(file: SystemFile) -> None:
    title = markup.joined((_("Assessments"), " ", markup.span(f"{file.total:,}", "h-count")))
    markup.show(markup.h2(title))
    if not file.assessments:
        markup.show(markup.empty(_("This system has not been assessed yet.")))
    for assessment in file.assessments:
        _lists.row(assessment, "file", "", _("Assessment {number}", number=assessment.id))
    if file.total > len(file.assessments):
        address = shared.address("home", system=file.entry.id)
        label = _("All {count} assessments of this system", count=f"{file.total:,}")
        markup.show(markup.paragraph(markup.link(address, label)))


def _reports(file: SystemFile) -> None:
    markup.show(markup.h2(_("Sealed reports")))
    if not file.reports:
        markup.show(markup.empty(_("No report of this system was sealed here yet.")))
        return
    rows = []
    for number, report in file.reports:
        address = shared.address(f"files/report/{number}/sealed.pdf", revision=report.revision, file=report.id)
        name = _("Assessment {number}", number=number)
        rows.append(
            (
                shared.moment(report.at),
                f"{name}, " + _("revision {number}", number=report.revision),
                report.by.name,
                markup.link(address, "PDF"),
            )
        )
    markup.show(markup.table((_("When"), _("What"), _("Who"), _("File")), rows))


def _logs(file: SystemFile) -> None:
    markup.show(markup.h2(_("People's decisions over time")))
    if not file.logs:
        markup.show(markup.empty(_("No decision log was handed in: not measured.")))
        return
    rows = []
    for line in file.logs:
        whole = line.log.analysis.whole
        remarks = [
            *([_("handed in after the decision")] if line.is_later else []),
            *([_("made for demonstration")] if line.log.analysis.source.is_made else []),
            *([_("withdrawn")] if line.log.withdrawn else []),
        ]
        rows.append(
            (
                _day(whole.first),
                _day(whole.last),
                f"{line.log.analysis.source.used:,}",
                tables.share(whole.divergence),
                markup.link(shared.address("log", assessment=line.assessment_id), str(line.assessment_id)),
                ", ".join(remarks) or "–",
            )
        )
    heads = (_("First day"), _("Last day"), _("Cases"), _("departures from the AI"), _("Assessment"), _("Remark"))
    markup.show(markup.table(heads, rows))


def _measures(file: SystemFile) -> None:
    today, word = seoul_day(shared.now()), findings.word
    markup.show(markup.h2(_("Measures and conditions")))
    if not file.measures and not file.conditions:
        markup.show(markup.empty(_("Neither measures nor conditions were agreed.")))
        return

    def state(is_done: bool, due: date | None) -> Markup:
        if is_done:
            return markup.tag(_("done"), "good")
        is_late = due is not None and due < today
        return markup.tag(_("overdue") if is_late else _("not done"), "bad" if is_late else "open")

    rows = [
        (
            word("conditions"),
            line.text,
            line.owner or "–",
            _day(line.due),
            state(line.is_done, line.due),
            line.assessment_id,
        )
        for line in file.conditions
    ] + [
        (
            word("measure"),
            line.text,
            line.owner or "–",
            _day(line.due),
            state(line.is_in_place, line.due),
            line.assessment_id,
        )
        for line in file.measures
    ]
    cells = [(*row[:5], markup.link(shared.address("assessment", assessment=row[5]), str(row[5]))) for row in rows]
    heads = (_("Kind"), _("What"), _("Owner"), _("Due"), _("Status"), _("Assessment"))
    markup.show(markup.table(heads, cells))


# --- incidents -------------------------------------------------------------------------------------------------


def _incidents(file: SystemFile) -> None:
    still = sum(incident.is_open for incident in file.incidents)
    count = markup.span(f"{len(file.incidents):,}", "h-count")
    markup.show(markup.h2(markup.joined((_("Incidents"), " ", count)), id="incidents"))
    if not file.incidents:
        markup.show(markup.empty(_("No incident was stated.")))
    elif still:
        markup.show(markup.paragraph(many("{count} incident is open.", "{count} incidents are open.", still)))
    for incident in file.incidents:
        _incident(file, incident)
    if may(file.actor, "state_incident"):
        key = f"incident-new-{file.entry.id}-"
        with forms.fold(_("State an incident"), key.rstrip("-"), of=key, icon=":material/add:") as is_open:
            if is_open:
                with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
                    today = seoul_day(shared.now())
                    forms.day(_("When it happened"), key=f"{key}on", value=today, required=True)
                    text = _("What happened")
                    forms.text(text, key=f"{key}text", kind="long", max_chars=MOST_TEXT, required=True)
                    deed = _state_incident
                    pressing.button(_("State"), f"{key}go", deed, file.entry.id, key, in_form=True, type="primary")


def _incident(file: SystemFile, incident: Incident) -> None:
    tag = markup.tag(_("not closed"), "bad") if incident.is_open else markup.tag(_("closed"), "good")
    by = incident.by.name if incident.by else _("erased")
    facts = markup.quiet(f"{by} · {shared.moment(incident.at)}")
    steps = [
        (
            shared.moment(step.at),
            step.by.name if step.by else _("erased"),
            markup.free_text(step.text or _("erased")),
            _("not closed") if step.is_open else _("closed"),
        )
        for step in incident.steps
    ]
    head = markup.joined((markup.bold(wording.day(incident.on, language)), " ", tag))
    table = markup.table((_("When"), _("Who"), _("What was done"), _("Then")), steps) if steps else markup.NOTHING
    with st.container(key=f"row-incident-{incident.number}", gap=None):
        text = markup.free_text(incident.text or _("erased"))
        markup.show(markup.block(markup.paragraph(head) + text + facts + table, "h-row"))
        if may(file.actor, "follow_incident"):
            key = f"incident-{incident.number}-"
            with forms.fold(_("State what was done"), key.rstrip("-"), of=key) as is_open:
                if is_open:
                    with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
                        label = _("What was done")
                        forms.text(label, key=f"{key}text", kind="long", max_chars=MOST_TEXT, required=True)
                        if incident.is_open:
                            forms.tick(_("Nothing is left to do: close the incident"), key=f"{key}closes")
                        deed = _follow_incident
                        pressing.button(_("State"), f"{key}go", deed, incident.number, key, in_form=True)


def _history(file: SystemFile) -> None:
    before = shared.whole(st.query_params.get(BEFORE, "")) or None
    with database.reading() as session:
        lines = viewing.system_events(session, actor, file.entry.id, MOST_EVENTS, before)
    title = markup.joined((_("History of the register entry"), " ", markup.span(f"{file.events:,}", "h-count")))
    markup.show(markup.h2(title, id="history"))
    if not lines:
        markup.show(paging.nothing_here())
        return
    markup.show(events.table(lines, {}))
    if len(lines) == MOST_EVENTS:
        address = shared.address("system", anchor="history", system=file.entry.id, before=lines[-1].seq)
        markup.show(markup.paragraph(markup.link(address, _("Earlier events"))))


# --- deeds -----------------------------------------------------------------------------------------------------


def _save_entry(system_id: int, before: Upkeep, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        stage, role = forms.entered(f"{key}stage"), forms.entered(f"{key}role")
        after = replace(
            before,
            owner_id=forms.entered(f"{key}owner"),
            stage=Stage(stage) if stage else None,
            legal_role=LegalRole(role) if role else None,
            started_on=forms.day_entered(f"{key}started"),
        )
        with forms.deed(key) as session:
            actions.set_upkeep(session, system_id, after, who, shared.now(), seen=before)
        pressing.tell(_("Saved."))


def _state_incident(system_id: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        on, text = forms.day_entered(f"{key}on"), forms.entered(f"{key}text")
        with forms.deed(key) as session:
            actions.state_incident(session, system_id, on or seoul_day(shared.now()), text, who, shared.now())
        pressing.tell(_("The incident is stated."))


def _follow_incident(number: int, key: str) -> None:
    who = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        text, closes = forms.entered(f"{key}text"), forms.is_ticked(f"{key}closes")
        with forms.deed(key) as session:
            actions.follow_incident(session, number, text, who, shared.now(), closes=closes)
        pressing.tell(_("The incident is closed.") if closes else _("It is stated what was done."))


file = None
with shared.problems_shown(), database.reading() as session:
    try:
        file = viewing.system_file(session, actor, shared.whole(st.query_params.get("system", "")))
    except NotFoundError:
        frame.heading(screens.title_of("system", language))
        raise
if file is not None:
    frame.heading(_lists.name_of(file.entry.system, language))
    pressing.at_top()
    markup.show(markup.paragraph(markup.link(shared.address("register"), screens.title_of("register", language))))
    _facts(file)
    _changes(file)
    _assessments(file)
    _reports(file)
    _logs(file)
    _measures(file)
    _incidents(file)
    recourse.of_system(file.entry.id, actor)
    _history(file)
