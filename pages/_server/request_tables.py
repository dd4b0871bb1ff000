"""Which requests an address means, for the list and for files, and their table's rows: choice_of, order_of, quarters, rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from assessments import viewing
from assessments.model import Actor
from assessments.register_file import requests as columns
from assessments.rules.recourse import State
from assessments.storage.facets import Quarter
from assessments.storage.recourse import EXTENDED_ONES, OVERDUE
from assessments.viewing import RequestChoice, RequestOrder
from pages._frame.database import Session
from pages._frame.shared import whole
from questionnaires.recourse import recourse

EVERY = "all"
STATES = (OVERDUE, EXTENDED_ONES, State.ANSWERED.value, State.REFUSED.value, State.WITHDRAWN.value, EVERY)
"""Of the address; without one the open ones are meant."""
MOST_QUARTERS = 8


def choice_of(query: Mapping[str, str]) -> RequestChoice:
    """What names nothing is left out."""
    state, kind = query.get("state", ""), query.get("kind", "")
    quarter = Quarter.read(query.get("received", ""))
    return RequestChoice(
        State.OPEN.value if state not in STATES else "" if state == EVERY else state,
        kind if kind in recourse().by_id else "",
        whole(query.get("unit", "")),
        whole(query.get("system", "")),
        query.get("owner", ""),
        quarter.begins if quarter else None,
        quarter.after.begins - timedelta(days=1) if quarter else None,
    )


def order_of(query: Mapping[str, str]) -> RequestOrder:
    return RequestOrder.RECEIVED if query.get("order") == RequestOrder.RECEIVED else RequestOrder.DUE


def quarters(today: date) -> tuple[str, ...]:
    """The last ones, the present first."""
    quarter, named = Quarter.of(today), []
    for _place in range(MOST_QUARTERS):
        named.append(str(quarter))
        quarter = quarter.before
    return tuple(named)


def rows(
    session: Session, actor: Actor, choice: RequestChoice, search: viewing.Search, today: date, language: str
) -> Iterator[Mapping[str, str | int]]:
    """Column → cell, in this language."""
    names: dict[int, str] = {}
    for request in viewing.every_request(session, actor, choice, today, search):
        if request.system_id not in names:
            system = viewing.system(session, actor, request.system_id)
            first, second = (system.name_en, system.name_ko) if language == "en" else (system.name_ko, system.name_en)
            names[request.system_id] = first or second
        yield columns.cells(request, names[request.system_id], language)
