"""People's decisions in the portfolio: claims beside logs, and departures by system; what was not measured is said."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from assessments.decision_log.kept_log import KeptLog
from assessments.model import Finding
from assessments.storage.facets import MEASURED, NOT_MEASURED
from assessments.viewing import Measured, Portfolio
from pages._frame import markup, pressing, shared
from pages._frame.shared import _, many
from pages._log import tables
from pages._parts import board, findings, lists, portfolio_charts
from pages._parts.board import View
from pages._parts.portfolio_charts import Departures
from pages._server import portfolio_tables
from pages._server.portfolio_tables import Counts
from questionnaires import wording


def involvement(view: View, portfolio: Portfolio, claims: Counts, domains: Mapping[str, str]) -> None:
    """Claims beside logs, and departures by system; what was not measured is said, never counted as none."""
    markup.show(markup.h2(_("What decision logs show of people's decisions")))
    board.table(view, claims)
    drawn = [
        Departures(_system(each), each.log, {"assessment": str(each.assessment_id)})
        for each in portfolio.measured
        if each.log is not None and each.log.analysis.whole.divergence.n
    ]
    if drawn:
        portfolio_charts.departures(drawn, "picture-departures", lambda address: pressing.follow("log", **address))
    if not portfolio.measured:
        markup.show(markup.empty(_("No decision log was read in for these assessments.")))
        return
    rows = [
        (
            _linked(each),
            domains.get(each.domain, each.domain),
            findings.finding_tag(Finding(each.claim)) if each.claim else "–",
            tables.share(each.log.analysis.whole.divergence) if each.log else _("Not measured"),
            markup.short(_last_day(each.log)) if each.log else "–",
            _remarks(each.log) if each.log else "–",
        )
        for each in portfolio.measured
    ]
    heads = (
        *(_("System"), _("Domain"), _("Claim of human involvement")),
        *(_("departures from the AI"), _("Last day in the log"), _("Remark")),
    )
    markup.show(markup.table(heads, rows) + board.downloads(view, portfolio_tables.DEPARTURES))
    shown = sum(1 for each in portfolio.measured if each.log)
    every = sum(count for cell, count in portfolio.cells.items() if cell.has_log)
    if shown < every:
        link = markup.link(view.opened(log=MEASURED), many("{count} assessment", "{count} assessments", every))
        text = _("The {count} logs that were read in last.", count=shown)
        markup.show(markup.paragraph(markup.joined((text, " ", link)), "h-quiet"))


def absent_logs(view: View, portfolio: Portfolio) -> None:
    """How many were decided on without a log."""
    absent, decided = portfolio_tables.without_log(portfolio.cells)
    if not absent:
        return
    text = _(
        "{absent} of {after} assessments that are decided or signed off have no decision log: not measured.",
        absent=f"{absent:,}",
        after=f"{decided:,}",
    )
    every = sum(count for cell, count in portfolio.cells.items() if not cell.has_log)
    label = many("{count} assessment without a log", "{count} assessments without a log", every)
    link = markup.link(view.opened(log=NOT_MEASURED), label)
    markup.show(markup.notice("note", text, markup.paragraph(link)))


def _linked(measured: Measured) -> Markup:
    screen = "log" if measured.log else "involvement"
    return markup.link(shared.address(screen, assessment=measured.assessment_id), _system(measured))


def _system(measured: Measured) -> str:
    name = lists.name_of(measured.system, shared.language())
    return f"{name} ({measured.assessment_id})"


def _last_day(log: KeptLog) -> str:
    last = log.analysis.whole.last
    return wording.day(last, shared.language()) if last else _("not stated")


def _remarks(log: KeptLog) -> str:
    remarks = [
        *([_("made for demonstration")] if log.analysis.source.is_made else []),
        *([_("withdrawn")] if log.withdrawn else []),
    ]
    return ", ".join(remarks) or "–"
