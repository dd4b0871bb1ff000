"""Pictures of many assessments with Plotly; beside each stands a table that says the same: stacked, departures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from assessments.viewing import Measured
from pages._frame.shared import _
from pages._parts.charts import BAD, FONT, GOLD, LINE, QUIET, RESIDUAL, wrapped

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
}
"""Class → fill and pattern: no two in one picture differ by colour alone."""
_ROW, _AROUND = 46, 84


@dataclass(frozen=True)
class Bar:
    """One class in every row of a picture."""

    key: str
    title: str
    counts: tuple[int, ...]


def stacked(rows: Sequence[tuple[str, str]], bars: Sequence[Bar], key: str, choose: Callable[[str, str], None]) -> None:
    """Counts as lengths beside one another. rows: key and title of each; choose: called with row and class that were pressed."""
    figure = go.Figure()
    names = [wrapped(title) for _key, title in reversed(rows)]
    for bar in bars:
        colour, pattern = COLOURS[bar.key]
        figure.add_bar(
            y=names,
            x=list(reversed(bar.counts)),
            name=bar.title,
            orientation="h",
            customdata=[[row_key, bar.key] for row_key, _title in reversed(rows)],
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
            text=[f"{count:,}" if count else "" for count in reversed(bar.counts)],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#ffffff", "size": 12},
            hovertemplate="%{y} · " + bar.title + ": %{x:,}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        uniformtext={"minsize": 10, "mode": "hide"},
        height=_AROUND + _ROW * len(rows),
        margin={"l": 8, "r": 16, "t": 8, "b": 24},
        legend={"orientation": "h", "x": 0, "y": -30 / (_ROW * len(rows)), "yanchor": "top", "traceorder": "normal"},
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
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.35,
    )

    def pressed() -> None:
        points = (st.session_state.get(key) or {}).get("selection", {}).get("points", [])
        if points:
            choose(*points[0]["customdata"])

    st.plotly_chart(
        figure,
        key=key,
        config={"displayModeBar": False, "responsive": True},
        width="stretch",
        on_select=pressed,
        selection_mode="points",
    )


def departures(logs: Sequence[tuple[str, Measured]], key: str) -> None:
    """Each system's share of decisions that depart from the AI, with its interval; few cases as an open mark."""
    figure = go.Figure()
    rows = list(reversed(logs))
    rates = [measured.log.analysis.whole.divergence for _name, measured in rows]
    figure.add_scatter(
        y=[wrapped(name, 18) for name, _measured in rows],
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
        customdata=[[rate.n] for rate in rates],
        hovertemplate="%{y}: %{x:.1f}% (n = %{customdata[0]:,})<extra></extra>",
    )
    figure.update_layout(
        height=_AROUND + 40 * len(rows),
        margin={"l": 8, "r": 16, "t": 8, "b": 40},
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
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "responsive": True}, width="stretch")
