"""The register of AI systems as a list: who answers for which, where it stands in its life; as a table, taken over and taken away."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from assessments import viewing
from assessments.model import LegalRole, Stage
from assessments.rights import may
from assessments.storage.system_list import NOBODY, FromSystem, Order
from assessments.viewing import RegisteredSystem, Wanted
from pages._frame import database, enum_names, frame, markup, pressing, screens, shared
from pages._frame.shared import _
from pages._parts import choosing, paging, register_import
from pages._parts import lists as _lists
from pages._parts.choosing import FROM, Filter
from questionnaires import wording

actor = shared.acting()
language = shared.language()
frame.heading(
    screens.title_of("register", language),
    _("Every AI system that you may read: who answers for it, and where it stands in its life."),
)
pressing.at_top()
if may(actor, "read_request"):
    markup.show(markup.paragraph(markup.link(shared.address("recourse"), screens.title_of("recourse", language))))


def _filters(units: dict[str, str], owners: dict[str, str]) -> dict[str, Filter]:
    absent = {NOBODY: _("Not stated")}
    filters = {
        "unit": Filter(_("Unit"), units),
        "stage": Filter(_("Life cycle"), {**{stage: enum_names.stage(stage, language) for stage in Stage}, **absent}),
        "role": Filter(
            _("Legal role"), {**{role: enum_names.legal_role(role, language) for role in LegalRole}, **absent}
        ),
        "owner": Filter(_("Owner"), {**owners, NOBODY: _("Nobody")}),
        "incidents": Filter(_("Incidents"), {"open": _("With an open incident")}),
        "order": Filter(_("Order"), {Order.CHANGED.value: _("Changed last")}, _("By name")),
    }
    return filters if len(units) > 1 else {name: each for name, each in filters.items() if name != "unit"}


def _row(entry: RegisteredSystem, incidents: int, unit: str) -> tuple[Markup | str, ...]:
    upkeep = entry.upkeep
    name = markup.link(shared.address("system", system=entry.id), _lists.name_of(entry.system, language))
    made = " · ".join(part for part in (entry.operator_name, entry.system.vendor, entry.system.model) if part)
    stage = markup.tag(enum_names.stage(upkeep.stage, language), _STAGES[upkeep.stage]) if upkeep.stage else "–"
    started = markup.short(wording.day(upkeep.started_on, language)) if upkeep.started_on else "–"
    return (
        markup.joined((name, markup.quiet(made))),
        unit,
        entry.owner.name if entry.owner else markup.tag(_("Nobody"), "bad"),
        stage,
        started,
        enum_names.legal_role(upkeep.legal_role, language) if upkeep.legal_role else "–",
        markup.tag(f"{incidents:,}", "bad") if incidents else "0",
    )


_STAGES = {Stage.PLANNED: "open", Stage.IN_USE: "good", Stage.CHANGED: "cannot", Stage.RETIRED: "plain"}

with shared.problems_shown():
    search = paging.search(_("Search"), _("System, operator or assessment number"), FROM)
    with database.reading() as session:
        where = viewing.places(session, actor)
        owners = {person.id: person.name for person in viewing.system_owners(session, actor)}
    filters = _filters({str(unit): name for unit, name in where.choice("read_system").items()}, owners)
    values = choosing.chosen("register", filters)
    wanted = Wanted(
        shared.whole(values.get("unit", "")),
        values["stage"],
        values["role"],
        values["owner"],
        incidents=bool(values["incidents"]),
    ).known()
    choosing.said("register", filters, {name: value for name, value in values.items() if name != "order"})
    place = paging.requested(FROM)
    with database.reading() as session:
        page = viewing.registered(
            session,
            actor,
            wanted,
            search,
            order=Order(values["order"] or Order.NAME),
            start=FromSystem(place.second, place.is_before) if place else None,
        )
        open_of = viewing.open_incidents(session, actor, [entry.id for entry in page.entries])
    markup.show(markup.h2(markup.joined((_("AI systems"), " ", paging.count(page)))))
    if page.entries:
        heads = (
            _("System"),
            _("Unit"),
            _("Owner"),
            _("Life cycle"),
            _("In use since"),
            _("Legal role"),
            _("Incidents"),
        )
        names = {unit: where.tree.names(unit)[-1] for unit in {entry.unit_id for entry in page.entries}}
        rows = [_row(entry, open_of.get(entry.id, 0), names[entry.unit_id]) for entry in page.entries]
        markup.show(markup.table(heads, rows, kind="h-register"))
        parameters = {name: value for name, value in values.items() if value}
        ends = [(0, entry.id) for entry in (page.entries[0], page.entries[-1])]
        paging.links(page, "register", FROM, ends, q=search.text, **parameters)
        query = urlencode({**parameters, **({"q": search.text} if search.text else {})})
        links = markup.joined(
            (
                markup.link(f"/files/register.{ending}" + (f"?{query}" if query else ""), ending.upper())
                for ending in ("csv", "xlsx")
            ),
            " · ",
        )
        markup.show(markup.paragraph(markup.joined((_("This list as a file"), ": ", links)), "h-quiet"))
    elif search or wanted:
        markup.show(paging.nothing_here())
    else:
        markup.show(markup.empty(_("No system is registered yet.")))
    if may(actor, "register_system"):
        register_import.form()
        markup.show(markup.paragraph(markup.link(shared.address("systems"), _("Register systems one by one"))))
