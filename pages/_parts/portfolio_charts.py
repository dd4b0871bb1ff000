"""Pictures of many assessments with Plotly; beside each stands a table that says the same: stacked, lines, matrix, departures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from assessments.decision_log.kept_log import KeptLog
from assessments.model import Level
from pages._frame import enum_names, shared
from pages._frame.shared import _
from pages._parts.charts import BAD, FONT, GOLD, LINE, QUIET, RESIDUAL, row_height, wrapped
from pages._server import portfolio_tables
from pages._server.portfolio_tables import Counts
from questionnaires import wording

COLOURS = {
    "high_impact": (BAD, ""),
    "not_high_impact": (RESIDUAL, ""),
    "cannot_determine": (QUIET, "/"),
    "contested": (GOLD, "x"),
    "low": (RESIDUAL, ""),
    "medium": (GOLD, "."),
    "high": (BAD, ""),
    "very_high": (BAD, "x"),
    "not_rated": (QUIET, "/"),
    "up": (BAD, "x"),
    "0": (QUIET, ""),
    "1": (GOLD, "."),
    "2": (RESIDUAL, "/"),
    "3": (RESIDUAL, ""),
    "passed": (RESIDUAL, ""),
    "indeterminate": (QUIET, "/"),
    "failed": (BAD, "x"),
    "-": (QUIET, "."),
}
"""Class → fill and pattern: no two in one picture differ by colour alone."""
_LINES = (("circle", "solid"), ("square", "dash"), ("diamond", "dot"), ("x", "dashdot"), ("triangle-up", "longdash"))
"""Symbol and dashes, so that no two lines differ by colour alone."""
_MOST_DAYS_NAMED = 4
_ROW, _AROUND = 46, 124
_CELL = 64
_TINTS = {Level.LOW: 0.06, Level.MEDIUM: 0.18, Level.HIGH: 0.32, Level.VERY_HIGH: 0.5}
"""How dark the ground of a level is; each says its level in words, too."""
_BELOW_THE_WORD = 0.13
"""So much lower than its middle a mark lies in its cell, whose level stands above it."""
_WIDEST_MARK, _NARROWEST_MARK = 40, 24
"""Diameter of a mark in pixels; the smallest still holds its figure."""
MOST_SAID = 600


def _config(name: str) -> dict[str, Any]:
    """The picture can be taken away as a PNG, and nothing else is offered."""
    return {
        "responsive": True,
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": f"haetae-{name}", "scale": 2},
        "locale": shared.language(),
        "locales": {"ko": {"dictionary": {"Download plot as a PNG": _("Download the picture as PNG")}, "format": {}}},
    }


def _said(counts: Counts) -> str:
    """What whoever hears the picture is told: the figures row by row, as many as can be listened to."""
    rows = [
        f"{row.title}: "
        + ", ".join(
            f"{title} {count.number:,}"
            for title, count in zip(counts.head[1:], row.counts, strict=False)
            if count.number
        )
        for row in counts.inner
        if any(count.number for count in row.counts)
    ]
    text = f"{counts.title}. " + "; ".join(rows)
    return text if len(text) <= MOST_SAID else text[:MOST_SAID].rsplit(";", 1)[0] + "; …"


def _shown(figure: go.Figure, key: str, name: str, alt: str, choose: Callable[[Mapping[str, str]], None]) -> None:
    """choose: called with what the mark that was pressed asks for."""

    def pressed() -> None:
        points = (st.session_state.get(key) or {}).get("selection", {}).get("points", [])
        if points:
            choose(points[0]["customdata"])

    st.plotly_chart(
        figure, key=key, config=_config(name), width="stretch", on_select=pressed, selection_mode="points", alt=alt
    )


def stacked(counts: Counts, key: str, choose: Callable[[Mapping[str, str]], None]) -> None:
    """Counts as lengths beside one another."""
    _shown(stacked_figure(counts), key, counts.name, _said(counts), choose)


def stacked_figure(counts: Counts) -> go.Figure:
    figure = go.Figure()
    occurring = portfolio_tables.without_empty_columns(counts)
    rows = list(reversed(occurring.rows))
    names = [wrapped(row.title) for row in rows]
    for place, (column, title) in enumerate(zip(occurring.keys, occurring.head[1:], strict=True)):
        colour, pattern = COLOURS[column]
        numbers = [row.counts[place].number for row in rows]
        figure.add_bar(
            y=names,
            x=numbers,
            name=title,
            orientation="h",
            customdata=[dict(row.counts[place].asked) for row in rows],
            marker={
                "color": colour,
                "line": {"width": 1, "color": colour},
                "pattern": {
                    "shape": pattern,
                    "fillmode": "overlay",
                    "fgcolor": "rgba(255,255,255,.6)",
                    "size": 6,
                },
            },
            text=[f"{count:,}" if count else "" for count in numbers],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#ffffff", "size": 12},
            hovertemplate="%{y} · " + title + ": %{x:,}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        height=_AROUND + row_height(names, _ROW) * len(rows),
        margin={"l": 8, "r": 16, "t": 30, "b": 24},
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        xaxis={
            "showgrid": True,
            "gridcolor": LINE,
            "zeroline": False,
            "tickfont": {"size": 12},
            "fixedrange": True,
            "rangemode": "tozero",
            "tickformat": ",d",
            "nticks": 6,
        },
        yaxis={"automargin": True, "fixedrange": True, "tickfont": {"size": 12.5}},
        font={"size": 13, "family": FONT},
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.35,
    )
    return figure


def lines(counts: Counts, key: str, choose: Callable[[Mapping[str, str]], None]) -> None:
    """A line a class over the days that are the rows."""
    _shown(lines_figure(counts), key, counts.name, _said(counts), choose)


def lines_figure(counts: Counts) -> go.Figure:
    figure = go.Figure()
    days = [row.key for row in counts.rows]
    occurring = [
        (place, column)
        for place, column in enumerate(counts.keys)
        if any(row.counts[place].number for row in counts.rows)
    ]
    for shape, (place, column) in enumerate(occurring):
        symbol, dash = _LINES[shape % len(_LINES)]
        numbers = [row.counts[place].number for row in counts.rows]
        title = counts.head[1 + place]
        figure.add_scatter(
            x=days,
            y=numbers,
            name=title,
            mode="lines+markers+text",
            text=[*[""] * (len(numbers) - 1), f"{numbers[-1]:,}"],
            textposition="middle right",
            textfont={"color": COLOURS[column][0], "size": 13},
            line={"color": COLOURS[column][0], "width": 2, "dash": dash},
            marker={"size": 9, "symbol": symbol, "color": COLOURS[column][0]},
            customdata=[dict(row.counts[place].asked) for row in counts.rows],
            hovertext=[f"{row.title} · {title}: {row.counts[place].number:,}" for row in counts.rows],
            hovertemplate="%{hovertext}<extra></extra>",
            unselected={"marker": {"opacity": 1}, "textfont": {"color": COLOURS[column][0]}},
            cliponaxis=False,
        )
    every = max(1, -(-len(days) // _MOST_DAYS_NAMED))
    figure.update_layout(
        height=320,
        margin={"l": 8, "r": 48, "t": 30, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom"},
        xaxis={
            "type": "date",
            "tickvals": days[::every],
            "ticktext": [row.title for row in counts.rows][::every],
            "showgrid": False,
            "fixedrange": True,
            "automargin": True,
            "tickfont": {"size": 12},
        },
        yaxis={
            "title": {"text": _("assessments"), "font": {"size": 12.5}},
            "rangemode": "tozero",
            "gridcolor": LINE,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            "tickformat": ",d",
            "nticks": 6,
        },
        font={"size": 13, "family": FONT},
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def matrix(counts: Counts, key: str, choose: Callable[[Mapping[str, str]], None]) -> None:
    """Severity upwards, likelihood to the right; a mark as large as its figure on the ground of its level."""
    language = shared.language()
    levels = {level: enum_names.level(level, language) for level in Level}
    _shown(matrix_figure(counts, levels, language), key, counts.name, _said(counts), choose)


def _diameter(number: int, most: int) -> float:
    """By area, and never narrower than the figure that is written on it."""
    scaled = _NARROWEST_MARK + (_WIDEST_MARK - _NARROWEST_MARK) * math.sqrt(number / most)
    return max(scaled, 6.0 * len(f"{number:,}") + 8)


def matrix_figure(counts: Counts, levels: Mapping[Level, str], language: str) -> go.Figure:
    """levels: their names."""
    figure = go.Figure()
    rows = list(reversed(counts.rows))
    marks = [
        (column, line, count)
        for line, row in enumerate(rows)
        for column, count in enumerate(row.counts)
        if count.number
    ]
    most = max((count.number for _column, _line, count in marks), default=1)
    scales = portfolio_tables.scales()
    for line, of_likelihood in enumerate(scales.level if scales else ()):
        for column, level in enumerate(of_likelihood):
            figure.add_shape(
                type="rect",
                x0=column - 0.48,
                x1=column + 0.48,
                y0=line - 0.48,
                y1=line + 0.48,
                fillcolor=f"rgba(201,80,60,{_TINTS[level]})",
                line_width=0,
                layer="below",
            )
            figure.add_annotation(
                x=column - 0.45,
                y=line + 0.44,
                text=levels[level],
                showarrow=False,
                xanchor="left",
                yanchor="top",
                font={"size": 10.5},
            )
    figure.add_scatter(
        x=[column for column, _line, _count in marks],
        y=[line - _BELOW_THE_WORD for _column, line, _count in marks],
        mode="markers+text",
        text=[f"{count.number:,}" for _column, _line, count in marks],
        textfont={"color": "#ffffff", "size": 12},
        customdata=[dict(count.asked) for _column, _line, count in marks],
        marker={
            "size": [_diameter(count.number, most) for _column, _line, count in marks],
            "color": "#27486a",
            "line": {"width": 1, "color": "#ffffff"},
            "opacity": 1,
        },
        hovertemplate="%{text}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        cliponaxis=False,
    )
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": True, "tickfont": {"size": 12.5}}
    columns = list(range(len(counts.keys)))
    likelihoods = [label.label[language] for label in scales.likelihood] if scales else []
    figure.update_layout(
        height=84 + _CELL * len(rows),
        margin={"l": 8, "r": 16, "t": 30, "b": 8},
        showlegend=False,
        xaxis={
            **axis,
            "tickvals": columns,
            "ticktext": [wrapped(title, 8) for title in likelihoods],
            "title": {"text": _("Likelihood"), "font": {"size": 12.5}},
            "range": [-0.5, len(columns) - 0.5],
        },
        yaxis={
            **axis,
            "tickvals": list(range(len(rows))),
            "ticktext": [wrapped(row.title, 10) for row in rows],
            "range": [-0.5, len(rows) - 0.5],
        },
        font={"size": 13, "family": FONT},
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


@dataclass(frozen=True)
class Departures:
    """Of one system's decisions in its log."""

    name: str
    log: KeptLog
    asked: Mapping[str, str]
    """What its mark asks for."""


def departures(logs: Sequence[Departures], key: str, choose: Callable[[Mapping[str, str]], None]) -> None:
    """Each system's share of decisions that depart from the AI, with its interval; few cases as an open mark."""
    shares = "; ".join(
        f"{each.name}: {wording.share(each.log.analysis.whole.divergence.value)} (n = {each.log.analysis.whole.divergence.n:,})"
        for each in logs
    )
    title = _("departures from the AI, %")
    _shown(departures_figure(logs), key, "departures", f"{title}: {shares}"[:MOST_SAID], choose)


def departures_figure(logs: Sequence[Departures]) -> go.Figure:
    figure = go.Figure()
    rows = list(reversed(logs))
    rates = [each.log.analysis.whole.divergence for each in rows]
    names = [wrapped(each.name, 18) for each in rows]
    figure.add_scatter(
        y=names,
        x=[100 * rate.value for rate in rates],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * (rate.high - rate.value) for rate in rates],
            "arrayminus": [100 * (rate.value - rate.low) for rate in rates],
            "thickness": 1.4,
            "width": 5,
        },
        mode="markers",
        marker={
            "color": RESIDUAL,
            "size": 10,
            "symbol": ["circle-open" if rate.is_small else "circle" for rate in rates],
            "line": {"width": 2, "color": RESIDUAL},
        },
        text=[f"{wording.share(rate.value)} (n = {rate.n:,})" for rate in rates],
        customdata=[dict(each.asked) for each in rows],
        hovertemplate="%{y}: %{text}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    figure.update_layout(
        height=84 + row_height(names, 40) * len(rows),
        margin={"l": 8, "r": 16, "t": 30, "b": 40},
        showlegend=False,
        xaxis={
            "title": {"text": _("departures from the AI, %"), "font": {"size": 12.5}},
            "rangemode": "tozero",
            "gridcolor": LINE,
            "zeroline": False,
            "fixedrange": True,
            "ticksuffix": "%",
        },
        yaxis={"automargin": True, "fixedrange": True, "tickfont": {"size": 12.5}},
        font={"size": 13, "family": FONT},
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure
