"""Sections of the portfolio: counts with their picture, what changed, risks and conditions that run out, what nobody sees to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup

from assessments.storage.entries import DueEntry
from assessments.storage.facets import NOT_RATED
from assessments.viewing import AcceptedList, Concern, Facets, Noted, Portfolio
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _, many
from pages._parts import findings, lists, paging, portfolio_charts
from pages._server import portfolio_tables
from pages._server.portfolio_tables import NAMES, SINCE, Count, Counts
from questionnaires import wording

IN_A_FOLD = ("effect", "impact")
"""Tables that need more room than their picture."""


@dataclass(frozen=True)
class View:
    """What is looked at, and how one gets from there to a list."""

    facets: Facets
    since: str
    """As the address says it."""
    today: date
    choose: Callable[[Mapping[str, str]], None]
    """Narrows what is looked at further, into the address."""

    @property
    def query(self) -> dict[str, str]:
        """What the address says, without what it leaves open."""
        named = {name: str(getattr(self.facets, name)) for name in NAMES if getattr(self.facets, name)}
        return {**named, **({SINCE: self.since} if self.since else {})}

    def since_day(self, day: date) -> View:
        """The same, with what came on this day or later."""
        return replace(self, facets=replace(self.facets, since=day), since=day.isoformat())

    def opened(self, **more: str) -> str:
        """The address of the same screen with more left out, at its list."""
        return shared.address("portfolio", anchor="list", **{**self.query, **more})

    def figure(self, count: Count, change: int | None = None) -> Markup | str:
        """A link to those that it counts. change: since what is compared with; None: nothing is."""
        figure = markup.link(self.opened(**count.asked), f"{count.number:,}") if count.number else "0"
        if change is None:
            return figure
        return markup.joined((figure, " ", markup.aside(f"({change:+,})" if change else "(±0)")))


# --- counts --------------------------------------------------------------------------------------------------------


def counted(view: View, counts: Counts, changes: Mapping[tuple[str, str], int] | None = None) -> None:
    """A picture whose marks open their lists, and the table that says the same and can be taken away."""
    if counts.name == "impact":
        portfolio_charts.matrix(counts, f"picture-{counts.name}", view.choose)
    else:
        portfolio_charts.stacked(counts, f"picture-{counts.name}", view.choose)
    if counts.name in IN_A_FOLD:
        markup.show(markup.folded(_("The same as a table"), _table(view, counts, changes)))
    else:
        table(view, counts, changes)


def table(view: View, counts: Counts, changes: Mapping[tuple[str, str], int] | None = None) -> None:
    markup.show(_table(view, counts, changes))


def _table(view: View, counts: Counts, changes: Mapping[tuple[str, str], int] | None) -> Markup:
    columns = (*counts.keys, "")
    rows = [
        (
            row.title if row.key else markup.bold(row.title),
            *(
                view.figure(count, changes[row.key, column] if changes is not None else None)
                for column, count in zip(columns, row.counts, strict=False)
            ),
        )
        for row in counts.rows
    ]
    return markup.table(counts.head, rows, kind="h-counts") + downloads(view, counts.name)


def downloads(view: View, name: str) -> Markup:
    query = urlencode(view.query)
    links = (
        markup.link(f"/files/portfolio/{name}.{ending}" + (f"?{query}" if query else ""), ending.upper())
        for ending in ("csv", "xlsx")
    )
    return markup.paragraph(markup.joined((_("The table as a file"), ": ", markup.joined(links, " · "))), "h-quiet")


def over_time(view: View, tables: Sequence[Counts]) -> None:
    """A picture of each over the days that were counted, and the table that says the same. No figure of the past has a list."""
    if not any(len(counts.rows) > 1 for counts in tables):
        text = _("From the second day on that was counted, a picture shows here how the portfolio has changed.")
        markup.show(markup.quiet(text))
        return
    text = _("As it was counted on each day. A mark opens what comes to the same today, compared with its day.")
    markup.show(markup.quiet(text))
    for counts in tables:
        markup.show(markup.h3(counts.title))
        portfolio_charts.lines(counts, f"picture-{counts.name}", view.choose)
        rows = [(row.title, *(f"{count.number:,}" for count in row.counts)) for row in counts.rows]
        shown = markup.table(counts.head, rows, kind="h-counts") + downloads(view, counts.name)
        markup.show(markup.folded(_("The same as a table"), shown))


def not_rated_impacts(view: View, portfolio: Portfolio) -> None:
    if absent := portfolio.impacts.get("", 0):
        text = many(
            "{count} assessment has no impact, or one that is not rated on every scale.",
            "{count} assessments have no impact, or one that is not rated on every scale.",
            absent,
        )
        link = markup.link(view.opened(impact=NOT_RATED), _("Show them"))
        markup.show(markup.paragraph(markup.joined((text, " ", link)), "h-quiet"))


# --- what changed, and what nobody sees to ---------------------------------------------------------------------------


def changed(view: View, noted: Sequence[Noted]) -> None:
    """Each kind with its figure and those that changed last."""
    markup.show(markup.h2(_since_title(view)))
    if not noted:
        markup.show(markup.empty(_("Nothing of this kind has changed.")))
    for each in noted:
        _kind(view, each.concern, each.page.total)
        for assessment in each.page.entries:
            lists.row(assessment, each.concern.value, "")


def _since_title(view: View) -> str:
    if view.facets.since is None:
        return _("What has changed")
    return _("What has changed since {day}", day=wording.day(view.facets.since, shared.language()))


def _kind(view: View, concern: Concern, total: int) -> None:
    title = portfolio_tables.concern_title(concern, shared.language())
    link = markup.link(view.opened(concern=concern.value), f"{total:,}")
    markup.show(markup.h3(markup.joined((title, " ", link))))


def neglected(view: View, noted: Sequence[Noted]) -> None:
    markup.show(markup.h2(_("Without owner, without progress, without evidence")))
    if not noted:
        markup.show(markup.empty(_("Every system has an owner, and nothing lies still or lacks evidence.")))
        return
    language = shared.language()
    rows = [
        (
            portfolio_tables.concern_title(each.concern, language),
            markup.link(view.opened(concern=each.concern.value), f"{each.page.total:,}"),
        )
        for each in noted
    ]
    markup.show(markup.table((_("What is missing"), _("Assessments")), rows, kind="h-counts"))


# --- risks and conditions that run out ---------------------------------------------------------------------------------


def accepted(view: View, risks: AcceptedList) -> None:
    """Who bears which risk, why, and until when."""
    if not risks.total:
        markup.show(markup.empty(_("No approval that holds accepts a high or very high residual risk.")))
        return
    _kind(view, Concern.ACCEPTED, risks.total)
    if risks.reached:
        late = many(
            "{count} of them is to be assessed again.", "{count} of them are to be assessed again.", risks.reached
        )
        markup.show(markup.paragraph(late))
    language = shared.language()
    rows = [
        (
            markup.link(shared.address("decide", assessment=risk.assessment_id), lists.name_of(risk.system, language)),
            markup.tag(enum_names.level(risk.level, language), f"level-{risk.level}"),
            risk.owner or _("nobody"),
            markup.free_text(f"{risk.reason} ({risk.by})" if risk.by else risk.reason),
            _until(risk.until, view.today >= risk.until),
        )
        for risk in risks.entries
    ]
    heads = (_("System"), _("Risk level"), findings.word("owner"), _("Reason"), _("Until"))
    markup.show(markup.table(heads, rows))
    _first(len(risks.entries), risks.total)


def conditions(view: View, entries: Sequence[DueEntry], total: int, reached: int) -> None:
    """What approvals depend on and nobody has shown to be met."""
    if not total:
        markup.show(markup.empty(_("No condition of an approval is open.")))
        return
    title = portfolio_tables.concern_title(Concern.CONDITION, shared.language())
    link = markup.link(view.opened(concern=Concern.CONDITION.value), _("Their assessments"))
    markup.show(markup.h3(markup.joined((title, " ", markup.span(f"{total:,}", "h-count")))))
    late = many("{count} of them is overdue.", "{count} of them are overdue.", reached) + " " if reached else ""
    markup.show(markup.paragraph(markup.joined((late, link))))
    rows = [
        (
            markup.link(
                shared.address("followup", assessment=entry.assessment_id),
                lists.name_of(entry.system, shared.language()),
            ),
            markup.free_text(entry.duty.text),
            entry.duty.owner or _("nobody"),
            _until(entry.duty.on, view.today >= entry.duty.reached_on),
        )
        for entry in entries
    ]
    markup.show(markup.table((_("System"), _("Condition"), findings.word("owner"), _("Until")), rows))
    _first(len(entries), total)


def _until(day: date, is_late: bool) -> Markup:
    text = markup.short(wording.day(day, shared.language()))
    return markup.lines((text, markup.tag(_("overdue"), "bad"))) if is_late else text


def _first(shown: int, total: int) -> None:
    if shown < total:
        markup.show(markup.quiet(_("The {count} that were due first.", count=shown)))


def heading_of_list(total: object) -> None:
    markup.show(markup.h2(markup.joined((_("Assessments"), " ", paging.count(total))), id="list"))  # type: ignore[arg-type]
