"""Requests of people concerned, in words: kinds, states, days; a table of them, their figures, and the form that enters one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from assessments import actions, viewing
from assessments.model import Actor, Person
from assessments.rules.recourse import Figures, State, Stated
from assessments.viewing import RequestEntry
from pages._field import forms
from pages._frame import database, markup, pressing, shared
from pages._frame.shared import _, many
from pages._parts import lists
from questionnaires import recourse as rules
from questionnaires import wording
from questionnaires.recourse import RequestKind, recourse
from questionnaires.wording import seoul_day

MOST_TEXT = 4000
MAX_REFERENCE = 80
MOST_SYSTEMS = 60
"""That are offered in a list; with more a request is entered at its system."""
KINDS = {State.OPEN: "wait", State.ANSWERED: "good", State.REFUSED: "cannot", State.WITHDRAWN: "plain"}


# --- words ------------------------------------------------------------------------------------------------------


def kind_title(name: str) -> str:
    """Its id where this release does not know it any more."""
    kind = recourse().by_id.get(name)
    return kind.title[shared.language()] if kind else name


def state_title(state: State) -> str:
    return {
        State.OPEN: _("unanswered"),
        State.ANSWERED: _("answered"),
        State.REFUSED: _("refused"),
        State.WITHDRAWN: _("withdrawn"),
    }[state]


def force_title(kind: RequestKind) -> str:
    return {
        "binding": _("binding"),
        "guideline": _("guideline, does not bind"),
        "voluntary": _("of the operator's own accord"),
    }[kind.force]


def outcome_title(state: State, outcome: str) -> str:
    """Of an answer its outcome, of a refusal its ground."""
    entries = recourse().outcomes if state is State.ANSWERED else recourse().grounds
    return next((entry.title[shared.language()] for entry in entries if entry.id == outcome), outcome)


def changed_title(changed: bool | None) -> str:
    """Empty: nobody looked at the decision again."""
    return "" if changed is None else _("decision changed") if changed else _("decision kept")


def title_of(options: Sequence[rules.Named], name: str) -> str:
    return next((option.title[shared.language()] for option in options if option.id == name), name)


def time_left(state: State, due: date | None, today: date, *, was_late: bool = False) -> Markup:
    """How far its day is, in words."""
    if state is not State.OPEN:
        return markup.tag(_("answered late"), "bad") if was_late else markup.NOTHING
    if due is None:
        return markup.tag(_("no day is set"), "plain")
    days = (due - today).days
    if days < 0:
        return markup.tag(many("overdue by {count} day", "overdue by {count} days", -days), "bad")
    if not days:
        return markup.tag(_("due today"), "cannot")
    return markup.tag(many("{count} day left", "{count} days left", days), "open")


def state_tag(state: State, *, is_extended: bool = False) -> Markup:
    title = _("extended") if state is State.OPEN and is_extended else state_title(state)
    return markup.tag(title, KINDS[state])


def day(on: date | None) -> str:
    return markup.short(wording.day(on, shared.language())) if on else "–"


def figures(counted: Figures) -> list[tuple[str, str]]:
    """In words; what there is none of is not measured."""
    share = counted.changed_share
    changed: str = _("not measured: no decision was looked at again by a person")
    if share is not None:
        changed = _(
            "{changed} of {reviewed} ({share})",
            changed=f"{counted.changed:,}",
            reviewed=f"{counted.reviewed:,}",
            share=wording.share(float(share)),
        )
    days = _("not measured: none is closed yet")
    if counted.median_days is not None:
        is_single = counted.median_days == 1
        days = many("{days} day", "{days} days", 1 if is_single else 2, days=f"{float(counted.median_days):g}")
    return [
        (_("Requests"), f"{counted.requests:,}"),
        (_("Unanswered"), f"{counted.still_open:,}"),
        (_("Overdue"), markup.tag(f"{counted.overdue:,}", "bad") if counted.overdue else "0"),
        (_("Answered after their day"), f"{counted.late:,}"),
        (_("Refused"), f"{counted.refused:,}"),
        (_("Changed after human review"), changed),
        (_("Days from receipt to answer, median"), days),
    ]


# --- lists ------------------------------------------------------------------------------------------------------


def table(entries: Sequence[RequestEntry], today: date) -> Markup:
    heads = (_("Your reference"), _("System"), _("Kind"), _("Received on"), _("Due"), _("Owner"), _("Status"))
    return markup.table(heads, [_row(entry, today) for entry in entries], kind="h-register")


def _row(entry: RequestEntry, today: date) -> tuple[str, ...]:
    name = entry.reference or _("number {number}", number=entry.number)
    link = markup.span(markup.link(shared.address("request", request=entry.number), name), "h-short")
    was_late = entry.closed_on is not None and entry.due is not None and entry.closed_on > entry.due
    result = [outcome_title(entry.state, entry.outcome)] if entry.outcome else []
    result += [word for word in [changed_title(entry.changed)] if word]
    tags = [state_tag(entry.state, is_extended=bool(entry.extensions))]
    left = time_left(entry.state, entry.due, today, was_late=was_late and entry.state is not State.WITHDRAWN)
    return (
        link,
        markup.link(shared.address("system", system=entry.system_id), lists.name_of(entry.system, shared.language())),
        kind_title(entry.kind),
        day(entry.received),
        markup.joined((day(entry.due), " ", left)) if left and entry.due else left or day(entry.due),
        entry.owner.name if entry.owner else markup.tag(_("Nobody"), "bad"),
        markup.joined((*tags, *([markup.aside(", ".join(result))] if result else [])), " "),
    )


def rows(entries: Sequence[RequestEntry], today: date) -> None:
    """On home: each with its day, the earliest first."""
    for place, entry in enumerate(entries):
        with st.container(key=f"row-request-{place}", gap=None):
            name = entry.reference or _("number {number}", number=entry.number)
            address = shared.address("request", request=entry.number)
            head = markup.paragraph(markup.link(address, f"{kind_title(entry.kind)} · {name}"), "h-row-name")
            facts = (
                lists.name_of(entry.system, shared.language()),
                _("due on {day}", day=wording.day(entry.due, shared.language())) if entry.due else "",
                entry.owner.name if entry.owner else "",
            )
            tags = markup.tags(time_left(entry.state, entry.due, today))
            line = head + tags + markup.quiet(" · ".join(fact for fact in facts if fact))
            markup.show(markup.block(line, "h-row"))


# --- entering one -----------------------------------------------------------------------------------------------


def form(
    actor: Actor,
    domains: Sequence[str],
    owners: Sequence[Person],
    *,
    system_id: int = 0,
    systems: Mapping[str, str] | None = None,
) -> None:
    """system_id 0: one of the systems is chosen."""
    key = f"request-new-{system_id}-"
    with forms.fold(_("Enter a request"), key.rstrip("-"), of=key, icon=":material/add:") as is_open:
        if not is_open:
            return
        markup.show(
            markup.quiet(_("It names nobody: a reference of your own is enough. The due day follows from the kind."))
        )
        with st.form(key.rstrip("-"), border=False, enter_to_submit=False):
            if systems is not None:
                forms.choice(_("System"), systems, key=f"{key}system", required=True, is_list=True)
            language = shared.language()
            kinds = {kind.id: kind.title[language] for kind in recourse().kinds if kind.is_of(domains)}
            forms.choice(_("What is asked for"), kinds, key=f"{key}kind", required=True, is_list=True)
            forms.day(_("Received on"), key=f"{key}received", value=seoul_day(shared.now()), required=True)
            hint = _("As in your own files; no name.")
            forms.text(_("Your reference"), key=f"{key}reference", max_chars=MAX_REFERENCE, required=True, hint=hint)
            label = _("What the person asks")
            forms.text(label, key=f"{key}asked", kind="long", max_chars=MOST_TEXT, required=True)
            channels = {channel.id: channel.title[language] for channel in recourse().channels}
            forms.choice(_("How it came"), channels, key=f"{key}channel", value="web", is_list=True)
            forms.day(_("Day of the decision (optional)"), key=f"{key}decided")
            forms.text(_("Your reference of the decision (optional)"), key=f"{key}decision", max_chars=MAX_REFERENCE)
            if system_id:
                people = {person.id: person.name for person in owners} | {actor.id: actor.name}
                forms.choice(_("Owner"), people, key=f"{key}owner", value=actor.id, is_list=True)
            forms.day(_("Your own due day, only where no period is set (optional)"), key=f"{key}due")
            pressing.button(_("Enter"), f"{key}go", _state, system_id, key, in_form=True, type="primary")


def _state(system_id: int, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(key):
        return
    with pressing.problems_kept():
        number = system_id or shared.whole(forms.entered(f"{key}system"))
        stated = Stated(
            forms.entered(f"{key}kind"),
            forms.day_entered(f"{key}received") or seoul_day(shared.now()),
            forms.entered(f"{key}reference"),
            forms.entered(f"{key}asked"),
            forms.entered(f"{key}channel") or "web",
            forms.entered(f"{key}owner"),
            forms.day_entered(f"{key}decided"),
            forms.entered(f"{key}decision"),
            forms.day_entered(f"{key}due"),
        )
        with forms.deed(key) as session:
            request = actions.state_request(session, number, stated, actor, shared.now())
        link = markup.link(shared.address("request", request=request), _("Open the request"))
        pressing.tell(_("The request is entered."), markup.paragraph(link))


# --- at a system and beside a claim -----------------------------------------------------------------------------


def of_system(system_id: int, actor: Actor) -> None:
    """At the system: its figures, the way to the list, and the form. Nothing to whoever does not read requests."""
    today = seoul_day(shared.now())
    with database.reading() as session:
        counted = viewing.figures_of_system(session, actor, system_id, today)
        if counted is None:
            return
        may_state = viewing.may_state_request(session, actor, system_id)
        owners = viewing.request_owners(session, system_id) if may_state else ()
        domains = viewing.domains_of(session, actor, system_id)
    count = markup.span(f"{counted.requests:,}", "h-count")
    markup.show(markup.h2(markup.joined((_("Requests of people concerned"), " ", count)), id="requests"))
    if not counted.requests:
        markup.show(markup.empty(_("No request was entered.")))
    else:
        markup.show(markup.definitions(figures(counted), "h-answers h-tight"))
        address = shared.address("recourse", system=system_id, state="all")
        markup.show(markup.paragraph(markup.link(address, _("All requests about this system"))))
    if may_state:
        form(actor, domains, owners, system_id=system_id)


def beside_claim(assessment_id: int, actor: Actor) -> None:
    """What people's requests showed of human review; information, from which no outcome follows."""
    with database.reading() as session:
        system_id = viewing.system_of(session, actor, assessment_id)
        counted = viewing.figures_of_system(session, actor, system_id, seoul_day(shared.now()))
    if counted is None:
        return
    wanted = (_("Requests"), _("Changed after human review"), _("Days from receipt to answer, median"))
    pairs = [pair for pair in figures(counted) if pair[0] in wanted]
    markup.show(markup.h2(_("What people's requests showed")))
    note = _(
        "Counted in the register of requests. It can be cited as a fact; no finding and no outcome follows from it."
    )
    markup.show(markup.quiet(note))
    markup.show(markup.definitions(pairs, "h-answers h-tight"))
    address = shared.address("recourse", system=system_id, state="all")
    markup.show(markup.paragraph(markup.link(address, _("All requests about this system"))))
