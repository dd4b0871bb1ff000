"""Requests of people concerned by decisions of AI systems: which are due, which overdue, and what came of them."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from assessments import viewing
from assessments.rights import may
from assessments.rules.recourse import State
from assessments.storage.recourse import EXTENDED_ONES, OVERDUE
from assessments.viewing import FromRequest, RequestOrder
from pages._frame import database, frame, markup, pressing, screens, shared
from pages._frame.shared import _, many
from pages._parts import choosing, paging, request_import
from pages._parts import lists as _lists
from pages._parts import recourse as _recourse
from pages._parts.choosing import FROM, Filter
from pages._server import request_tables
from questionnaires.recourse import recourse
from questionnaires.wording import seoul_day

actor = shared.acting()
language = shared.language()
today = seoul_day(shared.now())
frame.heading(
    screens.title_of("recourse", language),
    _(
        "What applicants, borrowers, patients and others ask about a decision: by when it is answered, and what came of it."
    ),
)
pressing.at_top()


def _filters(units: dict[str, str], owners: dict[str, str]) -> dict[str, Filter]:
    states = {
        OVERDUE: _("Overdue"),
        EXTENDED_ONES: _("Extended"),
        State.ANSWERED.value: _recourse.state_title(State.ANSWERED),
        State.REFUSED.value: _recourse.state_title(State.REFUSED),
        State.WITHDRAWN.value: _recourse.state_title(State.WITHDRAWN),
        request_tables.EVERY: _("All"),
    }
    filters = {
        "state": Filter(_("Status"), states, _("Unanswered")),
        "kind": Filter(_("Kind"), {kind.id: kind.title[language] for kind in recourse().kinds}),
        "unit": Filter(_("Unit"), units),
        "owner": Filter(_("Owner"), owners),
        "received": Filter(_("Received in"), {quarter: quarter for quarter in request_tables.quarters(today)}),
        "order": Filter(_("Order"), {RequestOrder.RECEIVED.value: _("Received last")}, _("Due first")),
    }
    return filters if len(units) > 1 else {name: each for name, each in filters.items() if name != "unit"}


def _enter(system_id: int) -> None:
    """About the system that is chosen, or about one of a few."""
    if not may(actor, "state_request"):
        return
    with database.reading() as session:
        if system_id:
            if not viewing.may_state_request(session, actor, system_id):
                return
            owners = viewing.request_owners(session, system_id)
            domains = viewing.domains_of(session, actor, system_id)
        else:
            systems = viewing.systems_for_requests(session, actor, _recourse.MOST_SYSTEMS + 1)
    if system_id:
        _recourse.form(actor, domains, owners, system_id=system_id)
    elif len(systems) > _recourse.MOST_SYSTEMS:
        link = markup.link(shared.address("register"), screens.title_of("register", language))
        markup.show(markup.paragraph(markup.joined((_("A request is entered at its system:"), " ", link))))
    elif systems:
        named = {str(number): _lists.name_of(system, language) for number, system in systems.items()}
        _recourse.form(actor, (), (), systems=named)


with shared.problems_shown():
    search = paging.search(_("Search"), _("System, operator or number of the request"), FROM)
    with database.reading() as session:
        where = viewing.places(session, actor)
        owners = {person.id: person.name for person in viewing.people_seeing_to_requests(session, actor)}
    units = {str(unit): name for unit, name in where.choice("read_request").items()}
    filters = _filters(units, owners)
    values = choosing.chosen("recourse", filters)
    system_id = shared.whole(st.query_params.get("system", ""))
    query = {name: value for name, value in values.items() if value}
    if system_id:
        query["system"] = str(system_id)
    choice = request_tables.choice_of(query)
    place = paging.requested(FROM)
    with database.reading() as session:
        page = viewing.requests(
            session,
            actor,
            choice,
            today,
            search,
            order=request_tables.order_of(query),
            start=FromRequest(place.second, place.is_before) if place else None,
        )
        counted = viewing.request_figures(
            session, actor, request_tables.choice_of({**query, "state": "all"}), today, search
        )
        system = viewing.system(session, actor, system_id) if system_id else None
    if system is not None:
        link = markup.link(shared.address("system", system=system_id), _lists.name_of(system, language))
        every = markup.link(shared.address("recourse"), _("Requests about all systems"))
        line = markup.joined((_("About one system:"), " ", link, " · ", every))
        markup.show(markup.paragraph(line))
    choosing.said(
        "recourse", filters, {name: value for name, value in values.items() if name not in ("order", "state")}
    )
    if counted.overdue:
        text = many("{count} request is overdue.", "{count} requests are overdue.", counted.overdue)
        address = shared.address("recourse", **{**query, "state": OVERDUE})
        markup.show(markup.notice("note", text, markup.paragraph(markup.link(address, _("Show them")))))
    _enter(system_id)
    title = filters["state"].options.get(values["state"]) or _("Unanswered")
    markup.show(markup.h2(markup.joined((title, " ", paging.count(page)))))
    if page.entries:
        markup.show(_recourse.table(page.entries, today))
        ends = [(0, entry.number) for entry in (page.entries[0], page.entries[-1])]
        paging.links(page, "recourse", FROM, ends, q=search.text, **query)
        parameters = urlencode({**query, **({"q": search.text} if search.text else {})})
        files = markup.joined(
            (
                markup.link(f"/files/requests.{ending}" + (f"?{parameters}" if parameters else ""), ending.upper())
                for ending in ("csv", "xlsx")
            ),
            " · ",
        )
        markup.show(markup.paragraph(markup.joined((_("This list as a file"), ": ", files)), "h-quiet"))
    elif search or query or counted.requests:
        markup.show(paging.nothing_here())
    else:
        markup.show(markup.empty(_("No request was entered.")))
    if may(actor, "state_request"):
        request_import.form()
    if counted.requests:
        markup.show(markup.h2(_("In figures")))
        markup.show(markup.definitions(_recourse.figures(counted), "h-answers h-tight"))
        note = _(
            "Of all requests that the choices above leave, whatever their status; those that were withdrawn are not counted."
        )
        markup.show(markup.quiet(note))
