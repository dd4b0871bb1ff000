"""Pictures of a decision log with Plotly; beside each stands a table that says the same (`_log_tables`).

Each maker takes an analysis and gives a figure; None where the log cannot give it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import plotly.graph_objects as go
import streamlit as st

from assessments.decision_log.reading import naming
from assessments.decision_log.statistics.analysis_model import Disparity, LogAnalysis, Rate, Segment
from assessments.decision_log.triggers import Figure, Triggers
from exports.report.log_pictures import texts
from pages._frame import shared
from pages._frame.shared import _
from pages._parts.charts import BAD, FONT, GOLD, HATCH, LINE, QUIET, RESIDUAL
from questionnaires import wording
from questionnaires.wording import duration

JADE_FILL = "rgba(47,138,120,.2)"
INK_ON_FILL = "#1b2430"
"""Words in a cell whose own fill is light in either theme."""
LONGEST_SECONDS = 3600
MOST_GROUPS = 12
MOST_MONTHS = 12
"""Of an axis that are named."""
ROW_OF_NAMES = 0.09
"""Of the height of a plot."""
MIDDLE = 60
"""Seconds in the middle of the axis of times."""


def show(figure: go.Figure, key: str, words: str) -> None:
    """words: what whoever hears the picture is told."""
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "responsive": True}, width="stretch", alt=words)


def divergence(analysis: LogAnalysis, triggers: Triggers) -> go.Figure | None:
    """Month by month with intervals; where a change was found, the rate before and after it as bands."""
    months = next((breakdown.rows for breakdown in analysis.breakdowns if breakdown.by == "month"), ())
    first, last = analysis.whole.first, analysis.whole.last
    if not months or first is None or last is None:
        return None
    figure = go.Figure()
    change = next((change for change in analysis.changes if change.measure == "divergence"), None)
    for part in (change.before, change.after) if change else (analysis.whole,):
        _band(figure, part)
    days = [_middle(rate.label, first, last) for rate in months]
    figure.add_scatter(
        x=days,
        y=[100 * rate.value for rate in months],
        error_y=_reach(months),
        mode="markers",
        name=_("by month"),
        marker={
            "color": RESIDUAL,
            "size": 9,
            "symbol": ["circle-open" if rate.is_small else "circle" for rate in months],
            "line": {"width": 2, "color": RESIDUAL},
        },
        customdata=[
            [wording.month(rate.label, shared.language()), rate.n, wording.share(rate.value)] for rate in months
        ],
        hovertemplate="%{customdata[0]}: %{customdata[2]} (n = %{customdata[1]:,})<extra></extra>",
    )
    for event in analysis.events:
        _line_at(figure, event.on.isoformat(), event.label, GOLD, "dot", y=0.92)
    if change:
        _line_at(
            figure,
            change.on.isoformat(),
            _("change {day}", day=wording.day(change.on, shared.language())),
            BAD,
            "solid",
        )
    mark = next((trigger for trigger in triggers.triggers if trigger.figure is Figure.DIVERGENCE_RATE), None)
    if mark:
        figure.add_hline(y=float(mark.mark), line={"color": BAD, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=float(mark.mark), yanchor="bottom", showarrow=False,
            text=_("own trigger {mark}", mark=wording.percent(float(mark.mark))), font={"size": 12},
        )  # fmt: skip
    top = max([rate.high for rate in months] + [float(mark.mark) / 100 if mark else 0.0, 0.02])
    _named_axes(figure, _("month of decision"), _("decisions that differ from the AI (%)"))
    figure.update_yaxes(range=[0, min(100, 118 * top)], ticksuffix="%")
    every = max(1, -(-len(months) // MOST_MONTHS))
    shown = list(zip(days, (wording.month(rate.label, shared.language()) for rate in months), strict=True))[::every]
    figure.update_xaxes(
        range=[_plus(first, -2), _plus(last, 2)],
        type="date",
        tickvals=[day for day, _name in shown],
        ticktext=[name for _day, name in shown],
    )
    return _framed(figure, 300)


def review_times(analysis: LogAnalysis, claimed_minutes: int | None, floor_minutes: int | None) -> go.Figure | None:
    """The share of decisions that took less than so long, with what is claimed and the organisation's own minimum."""
    times = analysis.whole.times
    if times is None or not times.n:
        return None
    points = [share_below for share_below in times.below if share_below.seconds <= LONGEST_SECONDS]
    seconds = [share_below.seconds for share_below in points]
    figure = go.Figure()
    figure.add_scatter(
        x=[*seconds, *reversed(seconds)],
        y=[100 * share_below.high for share_below in points] + [100 * share_below.low for share_below in reversed(points)],
        fill="toself", fillcolor=JADE_FILL, line={"width": 0}, hoverinfo="skip", showlegend=False, mode="lines",
    )  # fmt: skip
    figure.add_scatter(
        x=seconds,
        y=[100 * share_below.cases / times.n for share_below in points],
        mode="lines",
        line={"color": RESIDUAL, "width": 2.5},
        name=_("share of decisions"),
        customdata=[
            [duration(entry.seconds)[shared.language()], wording.share(entry.cases / times.n)] for entry in points
        ],
        hovertemplate="< %{customdata[0]}: %{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    marks = [(times.quantile(50).seconds, "half", QUIET, "solid")]
    marks += [(60.0 * claimed_minutes, "claimed", BAD, "dash")] if claimed_minutes else []
    marks += [(60.0 * floor_minutes, "minimum", GOLD, "dot")] if floor_minutes else []
    for row, (length, key, colour, dash) in enumerate(
        sorted(marks)
    ):  # above the plot, where no curve runs through them
        name = texts().text(key, time=duration(length))[shared.language()]
        _line_at(figure, length, name, colour, dash, y=1 + ROW_OF_NAMES * (len(marks) - row), is_left=length > MIDDLE)
    ticks = [1, 3, 10, 30, 60, 180, 600, 1800, 3600]
    figure.update_xaxes(
        type="log", tickvals=ticks, ticktext=[duration(tick)[shared.language()] for tick in ticks], range=[0, 3.6]
    )
    figure.update_yaxes(range=[0, 104], ticksuffix="%")
    _named_axes(figure, _("review time (logarithmic scale)"), _("decisions made within this time (%)"))
    return _framed(figure, 340).update_layout(margin={"l": 8, "r": 16, "t": 72, "b": 8})


def funnel(analysis: LogAnalysis) -> go.Figure | None:
    """Each reviewer's share of departures against their number of cases, with the limits of chance."""
    people = [reviewer for reviewer in analysis.reviewers if reviewer.n]
    if not people or not analysis.funnel:
        return None
    figure = go.Figure()
    lines = sorted(analysis.funnel, key=lambda line: line.n)
    for low, high, dash, name in (
        ("low", "high", "dot", _("limits for one (95%)")),
        ("low_corrected", "high_corrected", "solid", _("limits for all, corrected")),
    ):
        for side in (low, high):
            figure.add_scatter(
                x=[line.n for line in lines],
                y=[100 * getattr(line, side) for line in lines],
                mode="lines" if len(lines) > 1 else "markers",
                line={"color": HATCH, "width": 1.5, "dash": dash},
                name=name,
                showlegend=side == low,
                hoverinfo="skip",
            )
    for is_outside, colour, symbol, name in (
        (False, RESIDUAL, "circle", _("reviewer")),
        (True, BAD, "diamond", _("outside the corrected limits")),
    ):
        some = [reviewer for reviewer in people if (reviewer.funnel != "inside") is is_outside]
        if some:
            figure.add_scatter(
                x=[reviewer.n for reviewer in some],
                y=[100 * reviewer.departures / reviewer.n for reviewer in some],
                mode="markers",
                name=name,
                marker={"color": colour, "size": 9, "symbol": symbol},
                customdata=[[reviewer.name, wording.share(reviewer.departures / reviewer.n)] for reviewer in some],
                hovertemplate="%{customdata[0]}: %{customdata[1]} (n = %{x:,})<extra></extra>",
            )
    figure.update_yaxes(ticksuffix="%", rangemode="tozero")
    _named_axes(figure, _("cases"), _("decisions that differ from the AI (%)"))
    return _framed(figure, 340, legend=True)


def flow(analysis: LogAnalysis) -> go.Figure | None:
    """Cases from AI output to final decision, with their share of each output."""
    if not analysis.flows:
        return None
    shown = list(analysis.outcomes)[:MOST_GROUPS]
    counts = {(flow.output, flow.decision): flow.count for flow in analysis.flows}
    rows = [[counts.get((output, decision), 0) for decision in shown] for output in shown]
    totals = [sum(flow.count for flow in analysis.flows if flow.output == output) or 1 for output in shown]
    shares = [[100 * cell / total for cell in row] for row, total in zip(rows, totals, strict=True)]
    text = [
        [f"{cell:,}<br>{wording.percent(share)}" for cell, share in zip(row, parts, strict=True)]
        for row, parts in zip(rows, shares, strict=True)
    ]
    names = [_cut(naming.outcome_title(label)[shared.language()]) for label in shown]
    figure = go.Figure(
        go.Heatmap(
            z=shares, x=names, y=names, text=text, texttemplate="%{text}", zmin=0, zmax=100, showscale=False,
            colorscale=[[0, "#e9f2ef"], [1, "#8fbdb1"]], xgap=3, ygap=3, textfont={"color": INK_ON_FILL, "size": 13},
            hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title={"text": _("final decision"), "font": {"size": 12}}, side="top")
    figure.update_yaxes(title={"text": _("AI output"), "font": {"size": 12}}, autorange="reversed", showgrid=False)
    framed = _framed(figure, 110 + 70 * len(shown))
    return framed.update_layout(margin={"l": 8, "r": 8, "t": 56, "b": 8})


def selection(disparity: Disparity) -> go.Figure:
    """Favourable outcomes group by group: by the AI, and in the end."""
    rows = list(reversed(disparity.rows[:MOST_GROUPS]))
    names = [_cut(naming.member_title(row.label, disparity.group)[shared.language()]) for row in rows]
    places = list(range(len(rows)))
    figure = go.Figure()
    for name, colour, symbol, shift, rates in (
        (_("AI output"), HATCH, "square", 0.14, [row.ai for row in rows]),
        (_("final decision"), RESIDUAL, "circle", -0.14, [row.final for row in rows]),
    ):
        figure.add_scatter(
            x=[100 * rate.value for rate in rates],
            y=[place + shift for place in places],
            error_x=_reach(rates),
            mode="markers",
            name=name,
            marker={
                "color": colour,
                "size": 10,
                "symbol": [f"{symbol}-open" if rate.is_small else symbol for rate in rates],
            },
            customdata=[[label, rate.n, wording.share(rate.value)] for label, rate in zip(names, rates, strict=True)],
            hovertemplate="%{customdata[0]}: %{customdata[2]} (n = %{customdata[1]:,})<extra>" + name + "</extra>",
        )
    figure.update_yaxes(tickvals=places, ticktext=names, range=[-0.6, len(rows) - 0.4], showgrid=False)
    ends = [end for row in rows for rate in (row.ai, row.final) for end in (rate.low, rate.high)]
    figure.update_xaxes(range=[max(0, 100 * min(ends) - 8), min(100, 100 * max(ends) + 8)], ticksuffix="%")
    _named_axes(figure, _("favourable outcomes (%)"))
    return _framed(figure, 150 + 46 * len(rows), legend=True)


# --- parts -------------------------------------------------------------------------------------------


def _band(figure: go.Figure, part: Segment) -> None:
    if part.first is None or part.last is None or not part.divergence.n:
        return
    rate, ends = part.divergence, [part.first.isoformat(), part.last.isoformat()]
    figure.add_scatter(
        x=[*ends, *reversed(ends)],
        y=[100 * rate.high, 100 * rate.high, 100 * rate.low, 100 * rate.low],
        fill="toself", fillcolor=JADE_FILL, line={"width": 0}, mode="lines", hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.add_scatter(
        x=ends, y=[100 * rate.value] * 2, mode="lines", line={"color": RESIDUAL, "width": 2}, showlegend=False,
        hovertemplate=f"{wording.with_interval(rate.value, rate.low, rate.high)}<extra></extra>",
    )  # fmt: skip


def _named_axes(figure: go.Figure, along: str, upright: str = "") -> None:
    figure.update_xaxes(title={"text": along, "font": {"size": 12}})
    if upright:
        figure.update_yaxes(title={"text": upright, "font": {"size": 12}})


def _reach(rates: Sequence[Rate]) -> dict[str, object]:
    """The interval as a thin line."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * max(0.0, rate.high - rate.value) for rate in rates],
        "arrayminus": [100 * max(0.0, rate.value - rate.low) for rate in rates],
        "thickness": 1.2,
        "width": 4,
    }


def _line_at(
    figure: go.Figure, x: float | str, text: str, colour: str, dash: str, y: float = 1.0, *, is_left: bool = False
) -> None:
    """An upright line with its name. x: on a logarithmic axis the value itself; the name is placed by its logarithm."""

    figure.add_shape(
        type="line", x0=x, x1=x, y0=0, y1=max(1, y), yref="paper", line={"color": colour, "width": 1.5, "dash": dash}
    )
    figure.add_annotation(
        x=math.log10(max(float(x), 1)) if isinstance(x, int | float) else x,
        y=y, yref="paper", yanchor="top", xanchor="right" if is_left else "left", showarrow=False, text=_cut(text),
        font={"size": 12},
    )  # fmt: skip


def _framed(figure: go.Figure, height: int, *, legend: bool = False) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 12, "b": 8},
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        font={"size": 13, "family": FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    axis = {"automargin": True, "fixedrange": True, "zeroline": False, "tickfont": {"size": 12}}
    figure.update_xaxes(**axis, showgrid=False, linecolor=LINE, showline=True)
    figure.update_yaxes(**axis, gridcolor=LINE)
    return figure


def _middle(month: str, first: date, last: date) -> str:
    """The middle of what the log holds of a month."""
    begin = date.fromisoformat(f"{month}-01")
    end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    begin, end = max(begin, first), min(end, last)
    return _plus(begin, (end - begin).days // 2)


def _plus(on: date, days: int) -> str:
    return (on + timedelta(days=days)).isoformat()


def _cut(text: str, most: int = 24) -> str:
    """Short, and nothing in it is read as markup."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
