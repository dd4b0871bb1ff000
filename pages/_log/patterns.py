"""What goes together in a decision log (queue, hour, load) and what turned out later, as tables: show. No cause is shown."""

from __future__ import annotations

from markupsafe import Markup

from assessments.decision_log.statistics.analysis_model import Later, LogAnalysis, Pattern, Quantile
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._log import tables
from pages._parts.findings import word
from questionnaires import wording


def show(analysis: LogAnalysis) -> None:
    """Nothing where the log has no such column."""
    if analysis.patterns:
        markup.show(markup.h4(word("log_patterns")) + _quiet("log_patterns_note"))
    for pattern in analysis.patterns:
        markup.show(_pattern(pattern))
    if analysis.later:
        markup.show(markup.h4(word("log_later")) + _quiet("log_later_note") + _later(analysis.later))


def _quiet(key: str) -> Markup:
    return markup.quiet(word(key))


def _pattern(pattern: Pattern) -> Markup:
    head = (tables.title(pattern.by), word("log_divergence"), word("log_median"))
    rows: list[tuple[str, ...]] = [
        (rate.label, tables.share(rate), _median(median))
        for rate, median in zip(pattern.rows, pattern.medians, strict=True)
    ]
    difference = wording.points(pattern.difference, pattern.low, pattern.high)[shared.language()]
    return markup.joined((tables.table(head, rows), markup.quiet(f"{word('log_difference')}: {difference}")))


def _median(median: Quantile | None) -> str:
    if median is None:
        return "–"
    language = shared.language()
    ends = wording.duration_between(median.low, median.high)[language]
    return markup.bold(wording.duration(median.seconds)[language]) + " " + markup.aside(f"({ends})")


def _later(later: Later) -> Markup:
    head = (f"{word('log_by_ai')} → {word('log_in_the_end')}", word("log_later"), _("share"))
    rows: list[tuple[str, ...]] = [
        (f"{way.output} → {way.decision}", rate.label, tables.share(rate)) for way in later.rows for rate in way.rows
    ]
    rates = [
        ("log_later_known", later.known),
        ("log_as_decided", later.as_decided),
        ("log_as_ai_said", later.as_the_ai_said),
    ]
    lines = [markup.joined((word(key), ": ", tables.share(rate))) for key, rate in rates if rate]
    return tables.table(head, rows) + markup.items(lines, "h-reasons")
