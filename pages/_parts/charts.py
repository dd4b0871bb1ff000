"""Charts with Plotly; beside each stands a table that says the same: dimensions."""

from __future__ import annotations

from collections.abc import Iterable

import plotly.graph_objects as go
import streamlit as st

from assessments.derived import Range, RiskScore
from pages._frame import enum_names
from questionnaires.schema import Method

# Readable on light and on dark ground: marks stand out 3 : 1 from both. Texts and whiskers have the colour of the theme, which
# Streamlit and pages/_frame/style.css give them.
RESIDUAL, HATCH, BAD, GOLD, QUIET = "#2f8a78", "#8d8266", "#c9503c", "#a8842c", "#7f8894"
INHERENT, LINE = "rgba(141,130,102,.3)", "rgba(127,136,148,.45)"
FONT = "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Malgun Gothic', NanumBarunGothic, NanumGothic, sans-serif"
_LINE_HEIGHT, _BETWEEN_TITLES = 17, 6
BAND_FILL = ("rgba(127,136,148,0)", "rgba(127,136,148,.12)")


def dimensions(risk: RiskScore, method: Method, language: str, key: str) -> None:
    """Inherent and residual risk a dimension, upper ends; a thin line reaches down to the lower end."""

    def word(name: str) -> str:
        return enum_names.word(name, language)

    titles = {dimension.id: dimension.title[language] for dimension in method.dimensions}
    ordered = list(reversed(risk.dimensions))
    names = [wrapped(titles.get(dimension.dimension, dimension.dimension)) for dimension in ordered]
    figure = go.Figure()
    for label, colour, pattern, ranges in (
        (word("residual"), RESIDUAL, "", [dimension.residual for dimension in ordered]),
        (word("inherent"), INHERENT, "/", [dimension.inherent for dimension in ordered]),
    ):
        figure.add_bar(
            y=names,
            x=[value_range.high for value_range in ranges],
            name=label,
            orientation="h",
            marker={
                "color": colour,
                "line": {"width": 1, "color": HATCH if pattern else colour},
                "pattern": {"shape": pattern, "fgcolor": HATCH, "size": 6},
            },
            error_x=_reach(ranges),
            hovertemplate="%{y}: %{x}<extra>" + label + "</extra>",
        )
    start = 0
    for place, band in enumerate(method.bands):
        figure.add_vrect(x0=start, x1=band.up_to, fillcolor=BAND_FILL[place % 2], line_width=0, layer="below")
        if start:
            figure.add_vline(x=start, line={"color": LINE, "width": 1}, layer="below")
        figure.add_annotation(
            x=(start + band.up_to) / 2,
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=enum_names.level(band.level, language),
            font={"size": 12},
        )
        start = band.up_to
    figure.update_layout(
        barmode="group",
        height=90 + 58 * len(names),
        margin={"l": 8, "r": 16, "t": 28, "b": 24},
        legend={"orientation": "h", "x": 0, "y": -34 / (58 * len(names)), "yanchor": "top", "traceorder": "reversed"},
        xaxis={
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 12},
            "fixedrange": True,
        },
        yaxis={"automargin": True, "fixedrange": True, "tickfont": {"size": 12.5}},
        font={"size": 13, "family": FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        bargap=0.32,
        bargroupgap=0.08,
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False, "responsive": True}, width="stretch")


def _reach(ranges: list[Range]) -> dict[str, object]:
    """A thin line from the upper end down to the lower one, where answers are open."""
    return {
        "type": "data",
        "symmetric": False,
        "visible": any(value_range.high != value_range.low for value_range in ranges),
        "array": [0 for _ in ranges],
        "arrayminus": [value_range.high - value_range.low for value_range in ranges],
        "thickness": 1.2,
        "width": 4,
    }


def wrapped(title: str, width: int = 14) -> str:
    """A title on several lines, broken between words."""
    lines, line = [], ""
    for part in title.split():
        if line and len(line) + len(part) >= width:
            lines.append(line)
            line = part
        else:
            line = f"{line} {part}".strip()
    return "<br>".join([*lines, line])


def row_height(titles: Iterable[str], least: int) -> int:
    """Of a chart's rows in pixels, so that no wrapped title reaches into that of the next row. least: where each is a line or two."""
    return max([least, *(_LINE_HEIGHT * (title.count("<br>") + 1) + _BETWEEN_TITLES for title in titles)])
