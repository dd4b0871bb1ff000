"""What another edition moves, as a picture: moves. The table beside it says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from pages._frame.shared import _
from pages._parts.charts import BAD, FONT, LINE, QUIET, wrapped

_ROW, _AROUND = 58, 130
MOST_UPRIGHT = 3
"""Columns whose titles fit beside one another on a phone."""
_SLANTED = 90
"""Pixels that slanted titles take more."""


def moves(classes: Sequence[tuple[str, str]], counts: Counter[tuple[str, str]], key: str) -> None:
    """Before in rows, after in columns; circles by their area, what stays with a quiet one and what moves with a strong one.

    classes: key and title, in order.
    """
    place = {value: number for number, (value, _title) in enumerate(classes)}
    titles = [wrapped(title, 8) for _value, title in classes]
    most = max(counts.values())
    figure = go.Figure()
    for name, colour, symbol, is_moved in ((_("stays"), QUIET, "circle", False), (_("moves"), BAD, "diamond", True)):
        pairs = [
            (before, after) for (before, after), count in counts.items() if count and (before != after) is is_moved
        ]
        figure.add_scatter(
            x=[place[after] for _before, after in pairs],
            y=[-place[before] for before, _after in pairs],
            mode="markers+text",
            name=name,
            text=[f"  {counts[pair]:,}" for pair in pairs],
            textposition="middle right",
            textfont={"size": 12},
            marker={
                "color": colour,
                "symbol": symbol,
                "size": [8 + 22 * (counts[pair] / most) ** 0.5 for pair in pairs],
                "line": {"width": 0},
                "opacity": 1,
            },
            hoverinfo="skip",
            showlegend=bool(pairs),
        )
    rows, is_slanted = len(classes), len(classes) > MOST_UPRIGHT
    figure.update_layout(
        height=_AROUND + _ROW * rows + (_SLANTED if is_slanted else 0),
        margin={"l": 8, "r": 24, "t": 76, "b": 24},
        legend={"orientation": "h", "x": 0, "y": -16 / (_ROW * rows), "yanchor": "top"},
        xaxis={
            "title": {"text": _("After"), "font": {"size": 12.5}},
            "side": "top",
            "tickvals": list(place.values()),
            "ticktext": [title for _value, title in classes] if is_slanted else titles,
            "range": [-0.5, rows - 0.4],
            "tickangle": -60 if is_slanted else 0,
            "automargin": True,
        },
        yaxis={
            "title": {"text": _("Before"), "font": {"size": 12.5}},
            "tickvals": [-number for number in place.values()],
            "ticktext": titles,
            "range": [-rows + 0.5, 0.5],
            "automargin": True,
        },
        font={"size": 13, "family": FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(fixedrange=True, zeroline=False, gridcolor=LINE, tickfont={"size": 11.5})
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "responsive": True}, width="stretch")
