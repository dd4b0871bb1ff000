"""What goes together in a decision log (queue, hour, load) and what turned out later, as tables: show. No cause is shown."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.decision_log.judging.measuring import seconds
from assessments.decision_log.statistics.analysis_model import Later, LogAnalysis, Pattern, Quantile
from pages._frame import shared
from pages._frame.shared import _
from pages._log import tables
from pages._parts.findings import word


def show(analysis: LogAnalysis) -> None:
    """Nothing where the log has no such column."""
    if analysis.patterns:
        st.html(f"<h4>{escape(word('log_patterns'))}</h4>{_quiet('log_patterns_note')}")
    for pattern in analysis.patterns:
        st.html(_pattern(pattern))
    if analysis.later:
        st.html(f"<h4>{escape(word('log_later'))}</h4>{_quiet('log_later_note')}{_later(analysis.later)}")


def _quiet(key: str) -> str:
    return f'<p class="h-quiet">{escape(word(key))}</p>'


def _pattern(pattern: Pattern) -> str:
    head = (tables.title(pattern.by), word("log_divergence"), word("log_median"))
    rows: list[tuple[str, ...]] = [
        (escape(rate.label), tables.share(rate), _median(median))
        for rate, median in zip(pattern.rows, pattern.medians, strict=True)
    ]
    low, high = f"{100 * pattern.low:+.1f}", f"{100 * pattern.high:+.1f}"
    difference = f"{word('log_difference')}: {100 * pattern.difference:+.1f} ({low} – {high})"
    return f'{tables.table(head, rows)}<p class="h-quiet">{escape(difference)}</p>'


def _median(median: Quantile | None) -> str:
    if median is None:
        return "–"
    middle, low, high = (seconds(one)[shared.language()] for one in (median.seconds, median.low, median.high))
    return f'<b>{escape(middle)}</b> <span class="h-quiet">({escape(low)} – {escape(high)})</span>'


def _later(later: Later) -> str:
    head = (f"{word('log_by_ai')} → {word('log_in_the_end')}", word("log_later"), _("share"))
    rows: list[tuple[str, ...]] = [
        (escape(f"{way.output} → {way.decision}"), escape(rate.label), tables.share(rate))
        for way in later.rows
        for rate in way.rows
    ]
    kept = [
        ("log_later_known", later.known),
        ("log_as_decided", later.as_decided),
        ("log_as_ai_said", later.as_the_ai_said),
    ]
    told = "".join(f"<li>{escape(word(key))}: {tables.share(rate)}</li>" for key, rate in kept if rate)
    return f'{tables.table(head, rows)}<ul class="h-reasons">{told}</ul>'
