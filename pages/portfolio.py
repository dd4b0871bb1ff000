"""All assessments that somebody may read, at a glance: what waits, what they come to, how people decide; each figure opens its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

import streamlit as st
from markupsafe import Markup

from assessments import editions, viewing
from assessments.model import Status
from assessments.storage import database
from assessments.storage.portfolio import LEVELS, MEASURED, NOT_MEASURED, NOT_RATED, Verdict
from assessments.viewing import Earlier, Facets, Measured, Portfolio, Standing
from pages._frame import enum_names, frame, markup, screens, shared
from pages._frame.shared import _, many
from pages._log import tables
from pages._parts import following, paging, portfolio_charts
from pages._parts import lists as _lists
from pages._parts.portfolio_charts import Bar
from questionnaires import load, wording
from questionnaires.wording import seoul_day

MOST_WAITING = 5
MOST = 10
"""Of decision logs, and of what is due."""
NAMES = ("unit", "domain", "verdict", "level", "status", "log")
"""Of the facets, in the address."""
SINCE = "since"

actor = shared.acting()
language = shared.language()


def _titles(name: str, units: Mapping[int, str]) -> dict[str, str]:
    """What a facet can be, with its title."""
    if name == "unit":
        return {str(unit): title for unit, title in units.items()}
    if name == "domain":
        newest = {edition.id: edition.questionnaire.title[language] for edition in load.editions(load.FOLDER)}
        return {domain: newest[domain] for domain in editions.domains()}
    if name == "verdict":
        return {verdict.value: _verdict(verdict) for verdict in Verdict}
    if name == "log":
        return {MEASURED: _("With a decision log"), NOT_MEASURED: _("Not measured")}
    if name == "level":
        return {level: _level(level) for level in LEVELS}
    return {status.value: enum_names.status(status, language) for status in Status}


def _verdict(verdict: Verdict) -> str:
    return _("Contested") if verdict is Verdict.CONTESTED else enum_names.outcome(verdict.value, language)


def _level(level: str) -> str:
    return _("Not rated yet") if level == NOT_RATED else enum_names.level(level, language)


def _choose(**chosen: str) -> None:
    """Into the address and the fields above; lists begin at their first page."""
    for name, value in chosen.items():
        st.session_state[f"facet-{name}"] = value
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
    st.query_params.pop("all", None)


def _chosen(name: str) -> None:
    _choose(**{name: st.session_state[f"facet-{name}"]})


def _filters(titles: Mapping[str, Mapping[str, str]]) -> None:
    labels = {
        "unit": _("Unit"),
        "domain": _("Domain"),
        "verdict": _("Determination"),
        "level": _("Risk level"),
        "status": _("Status"),
        "log": _("Decision log"),
    }
    with st.container(horizontal=True, key="facets"):
        for name, of_name in titles.items():
            if name == "unit" and len(of_name) < 2:
                continue
            key, named = f"facet-{name}", st.query_params.get(name, "")
            if key not in st.session_state:
                st.session_state[key] = named if named in of_name else ""
            st.selectbox(
                labels[name],
                ["", *of_name],
                format_func=partial(_word, of_name),
                key=key,
                on_change=_chosen,
                args=(name,),
                width=168,
            )
        _since()


def _word(titles: Mapping[str, str], value: str) -> str:
    return titles.get(value, _("All"))


def _said(facets: Facets, titles: Mapping[str, Mapping[str, str]]) -> None:
    """What is left out, and the way back to all."""
    if not facets:
        return
    words = [str(getattr(facets, name)) for name in NAMES]
    named = [titles[name].get(word, word) for name, word in zip(NAMES, words, strict=True) if getattr(facets, name)]
    text = _("Only these are counted and listed: {what}.", what=" · ".join(named))
    every = markup.link(shared.address("portfolio"), _("Show all"))
    markup.show(markup.notice("note", text, markup.paragraph(every)))


def _opened(facets: Facets, **more: str) -> str:
    """The address of the same screen with one more facet, at its list."""
    named = {name: str(getattr(facets, name)) for name in NAMES if getattr(facets, name)}
    since = {SINCE: st.query_params[SINCE]} if SINCE in st.query_params else {}
    return shared.address("portfolio", anchor="list", **{**named, **since, **more})


def _counted(
    facets: Facets,
    standings: Sequence[Standing],
    domains: Mapping[str, str],
    name: str,
    classes: Mapping[str, str],
    of: Callable[[Standing], str],
    earlier: Earlier | None,
) -> None:
    """Domains by classes, as a picture and as a table whose figures open their lists, with the change since earlier."""
    counts = _by_class(standings, of)
    before = _by_class(earlier.standings, of) if earlier else None
    here = {domain for domain, _class in (counts + before if before else counts)}
    rows = [domain for domain in [*domains, *sorted(here - {*domains})] if domain in here]
    titled = [(domain, domains.get(domain, domain)) for domain in rows]
    bars = [Bar(key, title, tuple(counts[domain, key] for domain in rows)) for key, title in classes.items()]

    def choose(domain: str, key: str) -> None:
        _choose(domain=domain, **{name: key})

    portfolio_charts.stacked(titled, [bar for bar in bars if any(bar.counts)], f"picture-{name}", choose)

    def cell(of_domains: Sequence[str], of_classes: Sequence[str], **more: str) -> Markup | str:
        count = sum(counts[domain, key] for domain in of_domains for key in of_classes)
        figure = markup.link(_opened(facets, **more), f"{count:,}") if count else "0"
        if before is None:
            return figure
        change = count - sum(before[domain, key] for domain in of_domains for key in of_classes)
        return markup.joined((figure, " ", markup.aside(f"({change:+,})" if change else "(±0)")))

    lines = [
        (
            title,
            *(cell([domain], [key], domain=domain, **{name: key}) for key in classes),
            cell([domain], [*classes], domain=domain),
        )
        for domain, title in titled
    ]
    if len(lines) > 1:
        sums = (cell(rows, [key], **{name: key}) for key in classes)
        lines.append((markup.bold(_("All")), *sums, cell(rows, [*classes])))
    markup.show(markup.table((_("Domain"), *classes.values(), _("All")), lines, kind="h-counts"))


def _by_class(standings: Sequence[Standing], of: Callable[[Standing], str]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for standing in standings:
        counts[standing.domain, of(standing)] += standing.count
    return counts


def _compared(facets: Facets) -> Earlier | None:
    """The portfolio that this one is compared with, and which day that was."""
    days = {"month": 30, "quarter": 91, "year": 365}
    back = days.get(st.query_params.get(SINCE, ""))
    if back is None:
        return None
    with database.reading() as session:
        earlier = viewing.portfolio_at(session, actor, facets, seoul_day(shared.now()) - timedelta(days=back))
    if earlier is None:
        markup.show(
            markup.notice(
                "note",
                _(
                    "Nothing was counted by then: a portfolio is counted once a day, from the first day on which this version ran."
                ),
            )
        )
        return None
    day = wording.day(earlier.on, language)
    markup.show(markup.quiet(_("In brackets: the change since {day}, as it was counted on that day.", day=day)))
    return earlier


def _standing_where(facets: Facets, standings: Sequence[Standing], titles: Mapping[str, str]) -> None:
    """How many there are, and how far they are on their way."""
    counts: Counter[str] = Counter()
    for standing in standings:
        counts[standing.status] += standing.count
    steps = [
        markup.joined((title, " ", markup.link(_opened(facets, status=status), f"{counts[status]:,}")))
        for status, title in titles.items()
        if counts[status]
    ]
    total = many("{count} assessment", "{count} assessments", counts.total())
    markup.show(markup.paragraph(markup.joined((markup.bold(total), *steps), " · ")))


def _waiting() -> None:
    with database.reading() as session:
        oldest = viewing.longest_waiting(session, actor, MOST_WAITING)
        where = viewing.places(session, actor)
    markup.show(markup.h2(_("Decisions that wait for you, the oldest first")))
    if not oldest:
        markup.show(markup.empty(_("No decision and no signature waits for you now.")))
    today = seoul_day(shared.now())
    for waiting in oldest:
        days = (today - seoul_day(waiting.since)).days
        since = many("waiting for {count} day", "waiting for {count} days", days) if days else _("since today")
        task = _lists.task(waiting.assessment, where.at(waiting.assessment.unit_id))
        _lists.row(waiting.assessment, "task", f"{task} · {since}")
    if len(oldest) == MOST_WAITING:
        markup.show(markup.paragraph(markup.link(shared.address("home"), _("All that waits for you"))))


def _moved(portfolio: Portfolio) -> None:
    """Where a revision at work comes to something else than what was signed off: both stand side by side."""
    moved = portfolio.moved
    if not moved.total:
        return
    title = markup.joined((_("Other results than what was signed off"), " ", paging.count(moved)))
    markup.show(markup.h2(title))
    for assessment in moved.entries:
        _lists.row(assessment, "moved", "")
    if not moved.is_last:
        markup.show(markup.quiet(_("The {count} that changed last.", count=len(moved.entries))))


def _due(portfolio: Portfolio) -> None:
    """What was agreed and is open, overdue first."""
    markup.show(markup.h2(_("Conditions, measures and reassessments that are due")))
    due, today = portfolio.due, seoul_day(shared.now())
    if not due.total:
        markup.show(markup.empty(_("Nothing is open of what was decided.")))
        return
    whole = many("{count} is open", "{count} are open", due.total)
    late = many("{count} of them is due or overdue", "{count} of them are due or overdue", due.reached)
    markup.show(markup.paragraph(f"{whole}. {late}." if due.reached else f"{whole}."))
    following.rows(due.entries, today)
    if due.total > len(due.entries):
        markup.show(markup.quiet(_("The {count} that were due first.", count=len(due.entries))))


def _measured(facets: Facets, portfolio: Portfolio, titles: Mapping[str, str]) -> None:
    """Departures by system; what was not measured is said, never counted as none."""
    markup.show(markup.h2(_("What decision logs show of people's decisions")))
    after = [row for row in portfolio.standings if row.status in (Status.DECIDED, Status.SIGNED_OFF)]
    decided, absent = sum(row.count for row in after), sum(row.count for row in after if not row.has_log)
    if absent:
        text = _(
            "{absent} of {after} assessments that are decided or signed off have no decision log: not measured.",
            absent=f"{absent:,}",
            after=f"{decided:,}",
        )
        every = sum(row.count for row in portfolio.standings if not row.has_log)
        label = many("{count} assessment without a log", "{count} assessments without a log", every)
        link = markup.link(_opened(facets, log=NOT_MEASURED), label)
        markup.show(markup.notice("note", text, markup.paragraph(link)))
    counted = [measured for measured in portfolio.measured if measured.log.analysis.whole.divergence.n]
    if not counted:
        markup.show(markup.empty(_("No decision log was read in for these assessments.")))
        return
    named = [(_system(measured), measured) for measured in counted]
    portfolio_charts.departures(named, "picture-departures")
    rows = [
        (
            markup.link(shared.address("log", assessment=measured.assessment_id), name),
            titles.get(measured.domain, measured.domain),
            tables.share(measured.log.analysis.whole.divergence),
            _until(measured),
            _marks(measured),
        )
        for name, measured in named
    ]
    heads = (_("System"), _("Domain"), _("departures from the AI"), _("Last day in the log"), _("Remark"))
    markup.show(markup.table(heads, rows))
    if len(portfolio.measured) == MOST:
        markup.show(markup.quiet(_("The {count} logs that were read in last.", count=MOST)))


def _system(measured: Measured) -> str:
    name = _lists.name_of(measured.system, language)
    return f"{name} ({measured.assessment_id})"


def _until(measured: Measured) -> str:
    last = measured.log.analysis.whole.last
    return wording.day(last, language) if last else _("not stated")


def _marks(measured: Measured) -> str:
    log = measured.log
    remarks = [
        *([_("made for demonstration")] if log.analysis.source.is_made else []),
        *([_("withdrawn")] if log.withdrawn else []),
    ]
    return ", ".join(remarks) or "–"


def _list(facets: Facets) -> None:
    with database.reading() as session:
        listed = viewing.assessments(session, actor, facets=facets, start=paging.by_change("all"))
    title = markup.joined((_("Assessments"), " ", paging.count(listed)))
    markup.show(markup.h2(title, id="list"))
    if not listed.entries:
        markup.show(paging.nothing_here())
    for assessment in listed.entries:
        _lists.row(assessment, "all", enum_names.outcome(assessment.outcome, language))
    if listed.entries:
        ends = [paging.changed(row.updated_at, row.id) for row in (listed.entries[0], listed.entries[-1])]
        named = {name: getattr(facets, name) for name in NAMES}
        paging.links(listed, "portfolio", "all", ends, **named)


def _since() -> None:
    """What to compare with, in the address like the facets."""
    choices = {"month": _("A month ago"), "quarter": _("Three months ago"), "year": _("A year ago")}
    key, named = f"facet-{SINCE}", st.query_params.get(SINCE, "")
    if key not in st.session_state:
        st.session_state[key] = named if named in choices else ""
    st.selectbox(
        _("Compared with"),
        ["", *choices],
        format_func=lambda value: choices.get(value, _("nothing")),
        key=key,
        on_change=_chosen,
        args=(SINCE,),
        width=168,
    )


frame.heading(
    screens.title_of("portfolio", language),
    _("Every assessment that you may read, by its newest revision. A figure opens the list behind it."),
)
with shared.problems_shown():
    with database.reading() as session:
        places = viewing.places(session, actor)
    titles = {name: _titles(name, places.choice("read_assessment")) for name in NAMES}
    _filters(titles)
    named = {name: st.query_params.get(name, "") for name in NAMES}
    facets = Facets(shared.whole(named["unit"]), *(named[name] for name in NAMES[1:])).known()
    _said(facets, titles)
    with database.reading() as session:
        portfolio = viewing.portfolio(session, actor, facets, seoul_day(shared.now()), MOST)
    if portfolio.standings:
        _standing_where(facets, portfolio.standings, titles["status"])
    if not facets:
        _waiting()
    if not portfolio.standings:
        markup.show(
            markup.empty(
                _("No assessment is like that.")
                if facets
                else _("There is no assessment yet. Register a system, then start one.")
            )
        )
    else:
        _moved(portfolio)
        earlier = _compared(facets)
        markup.show(markup.h2(_("What they come to")))
        _counted(
            facets,
            portfolio.standings,
            titles["domain"],
            "verdict",
            titles["verdict"],
            lambda standing: standing.verdict.value,
            earlier,
        )
        markup.show(markup.h2(_("Residual risk")))
        _counted(
            facets,
            portfolio.standings,
            titles["domain"],
            "level",
            titles["level"],
            lambda standing: standing.level,
            earlier,
        )
        _due(portfolio)
        _measured(facets, portfolio, titles["domain"])
    _list(facets)
