"""Pictures of what is supposed; beside each stands a table that says the same: dimensions, hinges."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from assessments.model import Level, Outcome
from assessments.rules.sensitivity import Hinge
from assessments.rules.supposing import Moved
from pages._frame import enum_names, shared
from pages._frame.shared import _
from pages._parts.charts import FONT, GOLD, HATCH, INHERENT, LINE, RESIDUAL, row_height, wrapped
from questionnaires.schema import Method

_ROW = 52
_AROUND = 110


def dimensions(moves: Moved, method: Method, key: str) -> None:
    """Residual risk of each dimension, upper ends: now and as supposed."""
    titles = {dimension.id: dimension.title[shared.language()] for dimension in method.dimensions}
    names = [wrapped(titles.get(row.dimension, row.dimension)) for row in reversed(moves.before.risk.dimensions)]
    figure = go.Figure()
    for label, colour, pattern, risk in (
        (_("Supposed"), RESIDUAL, "", moves.after.risk),
        (_("Now"), INHERENT, "/", moves.before.risk),
    ):
        figure.add_bar(
            y=names,
            x=[row.residual.high for row in reversed(risk.dimensions)],
            name=label,
            orientation="h",
            marker={
                "color": colour,
                "line": {"width": 1, "color": HATCH if pattern else colour},
                "pattern": {"shape": pattern, "fgcolor": HATCH, "size": 6},
            },
            hoverinfo="x+name",
        )
    start = 0
    for band in method.bands:
        if start:
            figure.add_vline(x=start, line={"color": LINE, "width": 1}, layer="below")
        start = band.up_to
    _lay_out(figure, len(names))
    figure.update_layout(
        barmode="group",
        bargap=0.32,
        bargroupgap=0.08,
        legend={"orientation": "h", "x": 0, "y": -34 / (_ROW * len(names)), "yanchor": "top", "traceorder": "reversed"},
        xaxis={"range": [0, 100], "tickvals": [0, 25, 50, 75, 100], "showgrid": False, "zeroline": False},
    )
    _show(figure, key)


def hinges(rows: Sequence[tuple[str, Hinge]], key: str) -> None:
    """Which outcomes and which levels each answer can lead to. rows: short title of each question, with what hangs on it."""
    language = shared.language()
    short = {
        Outcome.HIGH_IMPACT: _("high-impact"),
        Outcome.NOT_HIGH_IMPACT: _("not high-impact"),
        Outcome.CANNOT_DETERMINE: _("cannot determine"),
    }
    has_outcomes = any(hinge.moves_outcome for _title, hinge in rows)
    has_levels = any(hinge.moves_level for _title, hinge in rows)
    place = {outcome: number for number, outcome in enumerate(short)} if has_outcomes else {}
    gap = len(place) + 1 if place else 0
    level_place = {level: gap + number for number, level in enumerate(Level)} if has_levels else {}
    columns = [wrapped(short[outcome], 8) for outcome in place]
    levels = [wrapped(enum_names.level(level, language), 8) for level in level_place]
    figure = go.Figure()
    ordered = list(reversed(rows))
    heights = list(range(len(ordered)))
    now_x, now_y, then_x, then_y = [], [], [], []
    for height, (_title, hinge) in zip(heights, ordered, strict=True):
        reached = [place[outcome] for outcome in hinge.outcomes] if hinge.moves_outcome else []
        ranks = [level_place[level] for level in hinge.levels] if hinge.moves_level else []
        for group, now in ((reached, place.get(hinge.now.outcome)), (ranks, level_place.get(hinge.now.level))):
            if not group or now is None:
                continue
            figure.add_shape(
                type="line", x0=min(group), x1=max(group), y0=height, y1=height, line={"color": HATCH, "width": 2}
            )
            now_x.append(now)
            now_y.append(height)
            then_x += [x for x in group if x != now]
            then_y += [height for x in group if x != now]
    for label, xs, ys, marker in (
        (_("now"), now_x, now_y, {"color": RESIDUAL, "symbol": "circle", "size": 12}),
        (
            _("with another answer"),
            then_x,
            then_y,
            {"color": GOLD, "symbol": "diamond-open", "size": 12, "line": {"width": 2, "color": GOLD}},
        ),
    ):
        figure.add_scatter(x=xs, y=ys, mode="markers", name=label, marker=marker, hoverinfo="skip")
    if place and level_place:
        figure.add_vline(x=len(place), line={"color": LINE, "width": 1, "dash": "dot"})
    titles = [wrapped(title, 16) for title, _hinge in ordered]
    row = row_height(titles, 40)
    _lay_out(figure, len(rows))
    figure.update_layout(
        height=150 + row * len(rows),
        margin={"l": 8, "r": 16, "t": 56, "b": 24},
        legend={"orientation": "h", "x": 0, "y": -16 / (row * len(rows)), "yanchor": "top"},
        xaxis={
            "side": "top",
            "range": [-0.5, max((*place.values(), *level_place.values())) + 0.5],
            "tickvals": [*place.values(), *level_place.values()],
            "ticktext": [*columns, *levels],
            "tickangle": 0,
            "gridcolor": LINE,
            "zeroline": False,
            "tickfont": {"size": 11},
        },
        yaxis={
            "tickvals": heights,
            "ticktext": titles,
            "range": [-0.7, len(rows) - 0.3],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "tickfont": {"size": 11.5},
        },
    )
    _show(figure, key)


def _lay_out(figure: go.Figure, rows: int) -> None:
    figure.update_layout(
        height=_AROUND + _ROW * rows,
        margin={"l": 8, "r": 16, "t": 16, "b": 24},
        font={"size": 13, "family": FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(fixedrange=True, tickfont={"size": 12})
    figure.update_yaxes(fixedrange=True, automargin=True, tickfont={"size": 12.5})


def _show(figure: go.Figure, key: str) -> None:
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "responsive": True}, width="stretch")
