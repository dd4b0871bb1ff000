"""The decision log in the report: figures with their intervals, a picture beside each table, and nothing else's words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest

from assessments.decision_log import analysis, importing, making
from assessments.decision_log.columns import LogMapping
from assessments.decision_log.figures import LogAnalysis
from assessments.decision_log.kept import KeptLog
from exports import document, record
from exports.report import Report
from tests import report_samples as samples


@cache
def analysed(style: str, outcome: str = "approve") -> tuple[LogAnalysis, LogMapping]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        making.write(making.make(making.Style(style), 6, 16_000, 3), path, "csv")
        path.write_text(path.read_text("utf-8").replace("approve", outcome), "utf-8")
        mapping = importing.look(path).suggestion.mapping()
        return analysis.analyse(importing.read_log(path, mapping, key=b"k" * 32, at=datetime.now(UTC))), mapping


def report(style: str, outcome: str = "approve") -> Report:
    used = samples.editions()
    found, mapping = analysed(style, outcome)
    given = replace(samples.assessment(used), log=KeptLog(found, mapping))
    made = record.build(given, used, at=samples.AT, document_id="HT-1")
    return Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))


def flat(page: str) -> str:
    return re.sub(r"\s|\u2060", "", page)


@pytest.mark.parametrize("style", ["attentive", "drifting", "unfair"])
def test_every_picture_is_sound_and_shown_with_words(style: str) -> None:
    shown = report(style)
    page = document.html(shown)
    assert shown.log is not None
    for name, svg in shown.log.charts.items():
        ElementTree.fromstring(svg)
        assert re.search(rf'<img src="haetae:{name}.svg" alt="[^"]+"', page), name
        assert not re.search(r"\bnan\b", svg)
    assert len(shown.log.charts) >= 6


def test_figures_stand_with_their_interval_and_number_of_cases() -> None:
    shown = report("attentive")
    assert shown.log is not None
    whole = shown.log.analysis.whole.divergence
    page = flat(document.html(shown))
    assert flat(f"{100 * whole.value:.1f} % ({100 * whole.low:.1f}–{100 * whole.high:.1f})") in page
    assert f"{whole.n:,}" in page
    assert shown.log.analysis.source.sha256 in page
    assert "시연용으로만든기록입니다" in page


def test_a_drift_is_named_with_its_day() -> None:
    shown = report("drifting")
    assert shown.log is not None
    (day,) = {one.on for one in shown.log.analysis.changes}
    assert flat(shown.day(day).ko) in flat(document.html(shown))


def test_words_of_the_log_stay_plain_text() -> None:
    page = document.html(report("attentive", "<b>&x"))
    assert "<b>&x" not in page
    assert "&lt;b&gt;&amp;x" in page
    for svg in report("attentive", "<b>&x").charts.values():
        assert "<b>&x" not in svg


def test_without_a_log_there_is_no_word_of_one() -> None:
    assert "결정기록에서계산한수치" not in flat(document.html(samples.report(("ko",))))


@pytest.mark.slow
def test_a_report_with_a_log_is_printed() -> None:
    shown = report("unfair")
    assert document.lay_out(document.html(shown), shown).startswith(b"%PDF-1.7")
