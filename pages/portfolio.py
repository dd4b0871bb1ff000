"""All assessments that somebody may read, at a glance: what waits, what they come to, how people decide; each figure opens its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import streamlit as st

from assessments import rights, viewing
from assessments.rules.recourse import Figures
from assessments.storage.entries import AssessmentSummary
from assessments.storage.facets import NOT_RATED
from assessments.storage.portfolio_days import can_tell
from assessments.viewing import Cell, CountedDay, Earlier, Facets, Noted, Page, Places, Portfolio, UnderWay, Waiting
from pages._frame import database, enum_names, frame, markup, screens, shared
from pages._frame.shared import _, many
from pages._log import of_portfolio
from pages._parts import asking, board, following, paging, recourse
from pages._parts import lists as _lists
from pages._parts.board import View
from pages._server import portfolio_tables
from pages._server.portfolio_tables import NAMES, SINCE
from questionnaires import wording
from questionnaires.wording import seoul_day

MOST_WAITING = 5
CONFIRMATION = "confirmation"
"""The place of requests under Act Art. 33 on the screen, and the part of the address that asks for all of them."""
DUE = "due"
"""The same of what is due."""
MOST_DUE = 200
"""When all of it is asked for; whoever looks for what comes after that narrows what is listed."""
MOST_OF_A_KIND = 3
"""Of each change."""
MOST = 6
"""Of decision logs, and of what runs out."""
FIRST = ("unit", "domain", "verdict", "level", "status")
"""Of the filters; the others are folded away until one of them is used."""
OTHERS = ("log", "owner", "decided", "changed")

actor = shared.acting()
language = shared.language()
today = seoul_day(shared.now())


def _choose(chosen: Mapping[str, str]) -> None:
    """Into the address and the fields above; lists begin at their first page."""
    for name, value in chosen.items():
        st.session_state[f"facet-{name}"] = value
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
    st.query_params.pop("all", None)


def _chosen(name: str) -> None:
    _choose({name: st.session_state[f"facet-{name}"]})


def _filters(titles: Mapping[str, Mapping[str, str]]) -> None:
    with st.container(horizontal=True, key="facets"):
        for name in FIRST:
            _filter(name, titles[name], _("All"))
        _filter(SINCE, titles[SINCE], _("nothing"))
    is_used = any(st.query_params.get(name) for name in OTHERS)
    with shared.fold(_("More filters"), "facets-more", expanded=is_used) as is_open:
        if is_open:
            with st.container(horizontal=True, key="facets-others"):
                for name in OTHERS:
                    _filter(name, titles[name], _("All"))


def _filter(name: str, titles: Mapping[str, str], none: str) -> None:
    labels = {
        "unit": _("Unit"),
        "domain": _("Domain"),
        "verdict": _("Determination"),
        "level": _("Risk level"),
        "status": _("Status"),
        "log": _("Decision log"),
        "owner": _("Owner of the system"),
        "decided": _("Decided in"),
        "changed": _("Changed last in"),
        SINCE: _("Compared with"),
    }
    if name == "unit" and len(titles) < 2:
        return
    key, named = f"facet-{name}", st.query_params.get(name, "")
    if st.session_state.get(key) not in ("", *titles):
        st.session_state[key] = named if named in titles else ""
    st.selectbox(
        labels[name],
        ["", *titles],
        format_func=lambda value: titles.get(value, none),
        key=key,
        on_change=_chosen,
        args=(name,),
        width=168,
    )


def _since_titles(last_meeting: date | None) -> dict[str, str]:
    choices = {"month": _("A month ago"), "quarter": _("A quarter ago"), "year": _("A year ago")}
    named = st.query_params.get(SINCE, "")
    if last_meeting is not None:
        of_meeting = _("Last meeting of the committee, {day}", day=wording.day(last_meeting, language))
        choices = {last_meeting.isoformat(): of_meeting, **choices}
    day = portfolio_tables.day_of(named, today)
    return choices if named in choices or day is None else {**choices, named: wording.day(day, language)}


def _said(facets: Facets, titles: Mapping[str, Mapping[str, str]]) -> None:
    """What is left out, and the way back to all."""
    if not facets:
        return
    words = {name: str(getattr(facets, name)) for name in NAMES if getattr(facets, name)}
    named = [titles[name].get(word, word) for name, word in words.items()]
    text = _("Only these are counted and listed: {what}.", what=" · ".join(named))
    every = markup.link(shared.address("portfolio"), _("Show all"))
    markup.show(markup.notice("note", text, markup.paragraph(every)))


def _compared(facets: Facets, earlier: Earlier | None) -> None:
    """Which day the portfolio is compared with, or why with none."""
    if facets.since is None:
        return
    if not can_tell(facets):
        text = _("Earlier days were not counted by what is chosen here, so that no change can be told.")
        markup.show(markup.notice("note", text))
        return
    if earlier is None:
        text = _(
            "Nothing was counted by then: a portfolio is counted once a day, from the first day on which this version ran."
        )
        markup.show(markup.notice("note", text))
        return
    day = wording.day(earlier.on, language)
    markup.show(markup.quiet(_("In brackets: the change since {day}, as it was counted on that day.", day=day)))


def _counted(view: View, name: str, portfolio: Portfolio, earlier: Earlier | None) -> None:
    """By domain, with the change since earlier."""
    if earlier is None:
        board.counted(view, portfolio_tables.made(name, portfolio.cells, {}, language, today))
        return
    then = portfolio_tables.of_standings(name, earlier, language, today)
    gone = Counter[Cell](
        {
            Cell(own.domain, own.verdict, own.level, NOT_RATED, NOT_RATED, own.status, own.has_log): 0
            for own in earlier.standings
        }
    )
    now = portfolio_tables.made(name, {**gone, **portfolio.cells}, {}, language, today)
    board.counted(view, now, portfolio_tables.change(now, then))


def _standing_where(view: View, cells: Mapping[Cell, int], titles: Mapping[str, str]) -> None:
    """How many there are, and how far they are on their way."""
    counts: Counter[str] = Counter()
    for cell, count in cells.items():
        counts[cell.status.value] += count
    steps = [
        markup.joined((title, " ", markup.link(view.opened(status=status), f"{counts[status]:,}")))
        for status, title in titles.items()
        if counts[status]
    ]
    total = many("{count} assessment", "{count} assessments", counts.total())
    on = markup.aside(_("as of {day}", day=wording.day(today, language)))
    markup.show(markup.paragraph(markup.joined((markup.bold(total), *steps, on), " · ")))


def _waiting(oldest: Sequence[Waiting], where: Places) -> None:
    markup.show(markup.h2(_("Decisions that wait for you, the oldest first")))
    if not oldest:
        markup.show(markup.empty(_("No decision and no signature waits for you now.")))
    for waiting in oldest:
        days = (today - seoul_day(waiting.since)).days
        since = many("waiting for {count} day", "waiting for {count} days", days) if days else _("since today")
        task = _lists.task(waiting.assessment, where.at(waiting.assessment.unit_id))
        words = [task, since, *([_clock(waiting.started_on)] if waiting.started_on else [])]
        _lists.row(waiting.assessment, "task", " · ".join(words))
    if len(oldest) == MOST_WAITING:
        markup.show(markup.paragraph(markup.link(shared.address("home"), _("All that waits for you"))))


def _requests_under_way(requests: Sequence[UnderWay]) -> None:
    """Under Act Art. 33, with the clocks of the law; nothing where no period runs."""
    if not requests:
        return
    count = markup.span(f"{len(requests):,}", "h-count")
    markup.show(markup.h2(markup.joined((_("Requests under Art. 33 under way"), " ", count)), CONFIRMATION))
    if late := sum(request.standing.is_late(today) for request in requests):
        text = many(
            "In {count} of them the Ministry has not replied in time.",
            "In {count} of them the Ministry has not replied in time.",
            late,
        )
        markup.show(markup.notice("note", text))
    is_whole = bool(st.query_params.get(CONFIRMATION))
    asking.rows(requests if is_whole else requests[:MOST_WAITING], today)
    if not is_whole and len(requests) > MOST_WAITING:
        address = shared.address("portfolio", CONFIRMATION, **view.query, **{CONFIRMATION: "all"})
        markup.show(markup.paragraph(markup.link(address, _("All requests under Art. 33"))))


def _clock(started_on: date) -> str:
    """The Act wants the review before the system is provided (Art. 33(1))."""
    days = (today - started_on).days
    if days >= 0:
        return many(
            "in use for {count} day (Act Art. 33(1): reviewed before)",
            "in use for {count} days (Act Art. 33(1): reviewed before)",
            days,
        )
    return many(
        "in use in {count} day (Act Art. 33(1): reviewed before)",
        "in use in {count} days (Act Art. 33(1): reviewed before)",
        -days,
    )


def _due(portfolio: Portfolio) -> None:
    """What was agreed and is open, overdue first."""
    markup.show(markup.h2(_("Measures and reassessments that are due"), DUE))
    due = portfolio.due
    if st.query_params.get(DUE):
        with database.reading() as session:
            due = viewing.due(session, actor, view.facets, today, MOST_DUE)
    if not due.total:
        markup.show(markup.empty(_("Nothing is open of what was decided.")))
        return
    whole = many("{count} is open", "{count} are open", due.total)
    late = many("{count} of them is due or overdue", "{count} of them are due or overdue", due.reached)
    markup.show(markup.paragraph(f"{whole}. {late}." if due.reached else f"{whole}."))
    following.rows(due.entries, today)
    if due.total > len(due.entries):
        markup.show(markup.quiet(_("The {count} that were due first.", count=len(due.entries))))
        if len(due.entries) < MOST_DUE:
            address = shared.address("portfolio", DUE, **view.query, **{DUE: "all"})
            most = min(due.total, MOST_DUE)
            label = _("All that is due") if most == due.total else _("The first {count}", count=most)
            markup.show(markup.paragraph(markup.link(address, label)))
        else:
            markup.show(markup.quiet(_("The filters above narrow the list.")))


def _requests(counted: Figures, unit: int) -> None:
    """Of people concerned, beside the clocks of the law: how many are overdue, and what human review changed."""
    markup.show(markup.h2(_("Requests of people concerned"), id="requests"))
    if not counted.requests:
        markup.show(markup.empty(_("No request was entered.")))
        return
    narrowed = {"unit": str(unit)} if unit else {}
    if counted.overdue:
        text = many("{count} request is overdue.", "{count} requests are overdue.", counted.overdue)
        link = markup.link(shared.address("recourse", state="overdue", **narrowed), _("Show them"))
        markup.show(markup.notice("note", text, markup.paragraph(link)))
    markup.show(markup.definitions(recourse.figures(counted), "h-answers h-tight"))
    if any(getattr(view.facets, name) for name in NAMES if name != "unit"):
        markup.show(markup.quiet(_("Requests are counted by unit; the other choices do not narrow them.")))
    address = shared.address("recourse", state="all", **narrowed)
    markup.show(markup.paragraph(markup.link(address, _("All requests"))))


def _list(view: View, listed: Page[AssessmentSummary]) -> None:
    board.heading_of_list(listed)
    if not listed.entries:
        markup.show(paging.nothing_here())
    for assessment in listed.entries:
        _lists.row(assessment, "all", enum_names.outcome(assessment.outcome, language))
    if listed.entries:
        ends = [paging.changed(row.updated_at, row.id) for row in (listed.entries[0], listed.entries[-1])]
        paging.links(listed, "portfolio", "all", ends, **view.query)


def _sections(
    view: View,
    since: View,
    portfolio: Portfolio,
    earlier: Earlier | None,
    noted: Sequence[Noted],
    unseen: Sequence[Noted],
    titles: Mapping[str, Mapping[str, str]],
    days: Sequence[CountedDay] | None,
) -> None:
    """In the order in which a committee looks at it. since: with the day from which on changes are told.

    days: as they were counted; None: they were not counted by what is chosen.
    """
    table = partial(
        portfolio_tables.made, cells=portfolio.cells, impacts=portfolio.impacts, language=language, today=today
    )
    board.changed(since, noted)
    _compared(view.facets, earlier)
    markup.show(markup.h2(_("What they come to")))
    _counted(view, "verdict", portfolio, earlier)
    markup.show(markup.h2(_("Residual risk")))
    _counted(view, "level", portfolio, earlier)
    for name in ("effect", "impact"):
        counts = table(name)
        if any(count.number for row in counts.rows for count in row.counts):
            markup.show(markup.h3(counts.title))
            board.counted(view, counts)
    board.not_rated_impacts(view, portfolio)
    if days is not None:
        markup.show(markup.h2(_("Over time")))
        board.over_time(
            view, [portfolio_tables.over_time(name, days, language, today) for name in portfolio_tables.OVER_TIME]
        )
    markup.show(markup.h2(_("Accepted risks and conditions")))
    board.accepted(view, portfolio.accepted)
    board.conditions(view, portfolio.conditions.entries, portfolio.conditions.total, portfolio.conditions.reached)
    _due(portfolio)
    of_portfolio.involvement(view, portfolio, table("claim"), titles["domain"])
    of_portfolio.absent_logs(view, portfolio)
    board.neglected(view, unseen)


frame.heading(
    screens.title_of("portfolio", language),
    _("Every assessment that you may read, by its newest revision. A figure opens the list behind it."),
)
if rights.may(actor, "read_meeting"):
    markup.show(markup.paragraph(markup.link(shared.address("meetings"), _("Meetings of the committee"))))
with shared.problems_shown():
    with database.reading() as session:
        places, owners = viewing.places(session, actor), viewing.owners(session, actor)
        last_meeting = viewing.last_meeting(session, actor, shared.whole(st.query_params.get("unit", "")))
    titles = {name: portfolio_tables.titles(name, language, today) for name in NAMES}
    titles["unit"] = {str(unit): title for unit, title in places.choice("read_assessment").items()}
    titles |= {"owner": dict(owners), SINCE: _since_titles(last_meeting)}
    _filters(titles)
    view = View(
        portfolio_tables.facets_of(st.query_params.to_dict(), today),
        st.query_params.get(SINCE, ""),
        today,
        _choose,
    )
    _said(view.facets, titles)
    since = view if view.facets.since or last_meeting is None else view.since_day(last_meeting)
    with database.reading() as session:
        portfolio = viewing.portfolio(session, actor, view.facets, today, MOST)
        oldest = () if view.facets else viewing.longest_waiting(session, actor, MOST_WAITING)
        noted = viewing.changed_since(session, actor, view.facets, since.facets.since, today, MOST_OF_A_KIND)
        unseen = viewing.neglected(session, actor, view.facets, today)
        then = view.facets.since if can_tell(view.facets) else None
        earlier = None if then is None else viewing.portfolio_at(session, actor, view.facets, then)
        days = viewing.portfolio_over_time(session, actor, view.facets, today) if can_tell(view.facets) else None
        listed = viewing.assessments(session, actor, facets=view.facets, start=paging.by_change("all"))
        under_way = viewing.requests_under_way(session, actor, view.facets, today=today)
        requests = viewing.requests_of_unit(session, actor, view.facets.unit, today)
    if portfolio.total:
        _standing_where(view, portfolio.cells, titles["status"])
    if not view.facets:
        _waiting(oldest, places)
    _requests_under_way(under_way)
    if requests is not None and requests.requests:
        _requests(requests, view.facets.unit)
    if portfolio.total:
        _sections(view, since, portfolio, earlier, noted, unseen, titles, days)
    else:
        markup.show(
            markup.empty(
                _("No assessment is like that.")
                if view.facets
                else _("There is no assessment yet. Register a system, then start one.")
                if rights.may(actor, "register_system")
                else _("There is no assessment yet.")
            )
        )
    if requests is not None and not requests.requests:
        _requests(requests, view.facets.unit)
    _list(view, listed)
