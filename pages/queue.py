"""What waits for a review or a signature in all of one's units: narrowed, ordered, searched; and who reviews what, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from assessments import actions, editions, viewing
from assessments.model import Actor, Role, Status
from assessments.rights import may
from assessments.storage.review_queue import NOBODY, Choice, FromQueue, InQueue, Order, keyset
from assessments.viewing import Facets
from pages._field import forms
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _, many
from pages._parts import choosing, paging
from pages._parts import lists as _lists
from pages._parts.choosing import FROM, Filter
from questionnaires import load
from questionnaires.vocabulary import Level
from questionnaires.wording import seoul_day

KEY = "assign-"
NONE = "none"
"""Instead of somebody: reviews are taken back."""

actor = shared.acting()
language = shared.language()
frame.heading(
    screens.title_of("queue", language),
    _("What waits for the committee or for a signature in all units that you may read, and who reviews it."),
)
pressing.at_top()


def _filters(units: dict[str, str], reviewers: dict[str, str]) -> dict[str, Filter]:
    newest = {edition.id: edition.questionnaire.title[language] for edition in load.editions(load.FOLDER)}
    own = {actor.id: _("Me")}
    filters = {
        "unit": Filter(_("Unit"), units),
        "status": Filter(
            _("Waits for"),
            {Status.SUBMITTED.value: _("the committee"), Status.DECIDED.value: _("a signature")},
        ),
        "reviewer": Filter(_("Reviewer"), {**reviewers, **own, NOBODY: _("Nobody")}),
        "domain": Filter(_("Domain"), {domain: newest[domain] for domain in editions.domains()}),
        "level": Filter(_("Risk level"), {level.value: enum_names.level(level, language) for level in Level}),
        "order": Filter(
            _("Order"),
            {Order.NEWEST.value: _("Newest first"), Order.RISK.value: _("Highest risk first")},
            _("Longest waiting first"),
        ),
    }
    return filters if len(units) > 1 else {name: each for name, each in filters.items() if name != "unit"}


def _row(entry: InQueue, there: Actor) -> None:
    days = (seoul_day(shared.now()) - seoul_day(entry.since)).days
    since = many("waiting for {count} day", "waiting for {count} days", days) if days else _("since today")
    if entry.assessment.status is Status.SUBMITTED:
        who = entry.reviewer.name if entry.reviewer else _("nobody yet")
        since = f"{since} · " + _("Reviewer: {name}", name=who)
    is_submitted = entry.assessment.status is Status.SUBMITTED
    awaited = _("Waits for the committee") if is_submitted else _("Waits for the sign-off")
    _lists.row(entry.assessment, "queue", "", line=f"{_lists.task(entry.assessment, there) or awaited} · {since}")


def _assign(entries: Sequence[InQueue]) -> None:
    """Of this page, those that one may assign."""
    open_ones = [
        entry
        for entry in entries
        if entry.assessment.status is Status.SUBMITTED and may(where.at(entry.assessment.unit_id), "assign_review")
    ]
    if not open_ones:
        return
    chairs = any(Role.CHAIR in where.at(entry.assessment.unit_id).roles for entry in open_ones)
    people = {actor.id: _("Me")}
    if chairs:
        with database.reading() as session:
            units = {entry.assessment.unit_id for entry in open_ones}
            people = {person.id: person.name for person in viewing.committee_in(session, actor, units)} | people
    with forms.fold(_("Assign reviews"), "assign", of=KEY, icon=":material/assignment_ind:") as is_open:
        if not is_open:
            return
        with st.form("assign", border=False, enter_to_submit=False):
            named = {str(entry.assessment.id): _title(entry) for entry in open_ones}
            forms.choices(_("Which assessments of this page"), named, key=f"{KEY}which")
            forms.tick(_("All of this page that wait for the committee"), key=f"{KEY}all")
            options = {**people, NONE: _("Nobody: back to the whole committee")}
            forms.choice(_("Who reviews them"), options, key=f"{KEY}who", required=True, is_list=len(options) > 5)
            pressing.button(_("Assign"), f"{KEY}go", _assign_now, tuple(named), in_form=True, type="primary")


def _title(entry: InQueue) -> str:
    name = _lists.name_of(entry.assessment.system, language)
    who = entry.reviewer.name if entry.reviewer else _("nobody yet")
    return f"{name} ({entry.assessment.id}) · {who}"


def _assign_now(of_page: tuple[str, ...]) -> None:
    who = shared.current_actor()
    if not forms.complete(KEY):
        return
    chosen = of_page if forms.is_ticked(f"{KEY}all") else forms.several_entered(f"{KEY}which")
    numbers = [int(number) for number in chosen]
    if not numbers:
        forms.refuse_at(f"{KEY}which", _("Nothing is chosen here yet."))
        pressing.refuse(_("Choose assessments first."))
        return
    person = forms.entered(f"{KEY}who")
    with pressing.problems_kept():
        with forms.deed(KEY) as session:
            refused = actions.assign_reviews(session, numbers, "" if person == NONE else person, who, shared.now())
        done = len(set(numbers)) - len(refused)
        text = many("{count} review is assigned.", "{count} reviews are assigned.", done)
        if person == NONE:
            text = many(
                "{count} review waits for the whole committee.", "{count} reviews wait for the whole committee.", done
            )
        pressing.tell(text, _refused(refused), "note" if refused else "good")


def _refused(refused: Sequence[actions.Refused]) -> Markup:
    if not refused:
        return markup.NOTHING
    lines = (
        markup.joined((_("Assessment {number}", number=each.assessment_id), ": ", each.error.text[language]))
        for each in refused
    )
    return markup.paragraph(_("Not done:")) + markup.items(lines)


with shared.problems_shown():
    search = paging.search(_("Search"), _("System, operator or assessment number"), FROM)
    with database.reading() as session:
        where = viewing.places(session, actor)
        assigned = {person.id: person.name for person in viewing.assigned_reviewers(session, actor)}
    filters = _filters({str(unit): name for unit, name in where.choice("read_assessment").items()}, assigned)
    values = choosing.chosen("queue", filters)
    facets = Facets(
        unit=shared.whole(values.get("unit", "")),
        domain=values["domain"],
        level=values["level"],
        status=values["status"],
    )
    order = Order(values["order"] or Order.LONGEST)
    choosing.said("queue", filters, {name: value for name, value in values.items() if name != "order"})
    place = paging.requested(FROM)
    start = FromQueue(place.first, place.second, place.is_before) if place else None
    with database.reading() as session:
        page = viewing.queue(session, actor, Choice(facets, values["reviewer"], order), search, start=start)
    markup.show(markup.h2(markup.joined((_("Waiting"), " ", paging.count(page)))))
    if not page.entries:
        is_narrowed = bool(search) or any(values.values())
        markup.show(paging.nothing_here() if is_narrowed else markup.empty(_("Nothing waits in your units.")))
    _assign(page.entries)
    for entry in page.entries:
        _row(entry, where.at(entry.assessment.unit_id))
    if page.entries:
        ends = [keyset(entry, order) for entry in (page.entries[0], page.entries[-1])]
        paging.links(
            page, "queue", FROM, ends, q=search.text, **{name: value for name, value in values.items() if value}
        )
