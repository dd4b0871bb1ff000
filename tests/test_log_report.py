"""The decision log in the report: figures with their intervals, a picture beside each table, and nothing else's words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import jsonschema
import pytest

from assessments.decision_log import making
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading import streaming
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics import analysis
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from exports.printing import document
from exports.record import record, schema
from exports.report.report import Report
from questionnaires import wording
from tests import report_samples as samples


@cache
def analysed(style: str, outcome: str = "approve") -> tuple[LogAnalysis, LogMapping]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        making.write(making.make(making.Style(style), 6, 16_000, 3), path, "csv")
        path.write_text(path.read_text("utf-8").replace("approve", outcome), "utf-8")
        mapping = streaming.look(path).suggestion.mapping()
        return analysis.analyse(streaming.read_log(path, mapping, key=b"k" * 32, at=datetime.now(UTC))), mapping


def report(style: str, outcome: str = "approve") -> Report:
    used = samples.editions()
    found, mapping = analysed(style, outcome)
    given = replace(samples.assessment(used), log=KeptLog(found, mapping))
    made = record.build(given, used, at=samples.AT, document_id="HT-1")
    return Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))


def flat(page: str) -> str:
    return re.sub(r"\s|\u2060", "", page)


@pytest.mark.first_in_check
@pytest.mark.parametrize("style", ["attentive", "drifting", "unfair"])
@pytest.mark.slow
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
    assert flat(wording.with_interval(whole.value, whole.low, whole.high)) in page
    assert f"{whole.n:,}" in page
    assert shown.log.analysis.source.sha256 in page
    assert "시연용으로생성한가상기록" in page


@pytest.mark.slow
def test_a_drift_is_named_with_its_day() -> None:
    shown = report("drifting")
    assert shown.log is not None
    (day,) = {one.on for one in shown.log.analysis.changes}
    assert flat(shown.day(day).ko) in flat(document.html(shown))


@pytest.mark.slow
def test_words_of_the_log_stay_plain_text() -> None:
    page = document.html(report("attentive", "<b>&x"))
    assert "<b>&x" not in page
    assert "&lt;b&gt;&amp;x" in page
    for svg in report("attentive", "<b>&x").charts.values():
        assert "<b>&x" not in svg


def test_without_a_log_there_is_no_word_of_one() -> None:
    assert "결정기록으로집계한수치" not in flat(document.html(samples.report(("ko",))))


@pytest.mark.slow
def test_a_report_with_a_log_is_printed() -> None:
    shown = report("unfair")
    assert document.lay_out(document.html(shown), shown).startswith(b"%PDF-1.7")


def with_what_goes_with_a_decision() -> Report:
    used = samples.editions()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        making.write(making.make(making.Style.ATTENTIVE, 6, 2_000, 3), path, "csv")
        comment, header, *rows = path.read_text("utf-8").splitlines()
        later = ("good", "<b>bad", "")
        lines = [f"{row},{n % 50},{later[n % 3]}" for n, row in enumerate(rows)]
        path.write_text("\n".join([comment, f"{header},queue position,actual outcome", *lines]), "utf-8")
        imported = streaming.read_log(path, None, key=b"k" * 32, at=datetime.now(UTC))
    given = replace(samples.assessment(used), log=KeptLog(analysis.analyse(imported), imported.mapping))
    made = record.build(given, used, at=samples.AT, document_id="HT-1")
    jsonschema.Draft202012Validator(schema.json_schema()).validate(json.loads(made.canonical))
    return Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))


@pytest.mark.slow
def test_what_goes_with_a_decision_is_shown_as_no_proof() -> None:
    shown = with_what_goes_with_a_decision()
    assert shown.log is not None and shown.log.analysis.later is not None
    page = flat(document.html(shown))
    (pattern,) = shown.log.analysis.patterns
    for row in pattern.rows:
        assert f">{row.label}<" in page and flat(wording.between(row.low, row.high)) in page
    assert "원인을증명하지않습니다" in page and "배치·대기열에서의순번" in page and "나중에드러난결과" in page
    assert "<b>bad" not in page and "&lt;b&gt;bad" in page


def test_a_report_without_them_has_no_word_of_them() -> None:
    assert "원인을증명하지않습니다" not in flat(document.html(report("attentive")))
