"""What a report says of duties that are not documented: only what concerns them, with sources, and never for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from assessments import editions
from assessments.file import assessment_file
from assessments.model import Assessment
from exports.forms import markdown, xlsx
from exports.printing import document
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report
from questionnaires import named

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
AT = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@cache
def _example(name: str = "hiring") -> Assessment:
    stated = assessment_file.read_file(EXAMPLES / f"{name}.yaml").assessment
    return replace(stated, decision=None, sign_off=None, content_sha256=None)


def _record(assessment: Assessment) -> Record:
    return record.build(assessment, editions.for_assessment(assessment), at=AT, document_id="HT-1")


def _report(assessment: Assessment, language: str = "en") -> Report:
    made = _record(assessment)
    return Report(made, record.recompute(made), (language,))


def _without_duties() -> Assessment:
    responses = {name: given for name, given in _example().responses.items() if name != named.DUTIES}
    return replace(_example(), responses=responses)


@pytest.mark.slow
def test_only_breaches_of_duties_that_are_not_documented_are_listed_with_their_sources() -> None:
    report = _report(_without_duties())
    unmet = {finding.duty for finding in report.findings.duties if finding.is_unmet}
    listed = [sourced for row in report.enforcement_rows for sourced in row.breaches]
    assert '<section class="enforcement">' in document.html(report)
    assert {duty for sourced in listed for duty in sourced.breach.duties} & unmet
    assert all(unmet & set(sourced.breach.duties) for sourced in listed)
    numbers = {cited.number for group in report.source_groups for cited in group.sources}
    assert all(sourced.source.number in numbers for sourced in listed)


def test_breaches_on_one_route_share_its_steps_and_amounts() -> None:
    rows = list(_report(_without_duties()).enforcement_rows)
    order = next(row for row in rows if row.route.id == "order_first")
    assert len(order.breaches) > 1 and order.steps.count("→") == 3
    assert order.amounts == (
        "no. 1 KRW 10,000,000 (KRW 5,000,000 – KRW 15,000,000)",
        "no. 2 KRW 20,000,000 (KRW 10,000,000 – KRW 30,000,000)",
        "no. 3 and after KRW 30,000,000 (KRW 15,000,000 – KRW 30,000,000)",
    )


@pytest.mark.slow
def test_where_nothing_is_missing_the_report_says_nothing_of_fines() -> None:
    report = _report(_example("medical"))
    assert not any(finding.is_unmet for finding in report.findings.duties), "the example documents its duties"
    assert '<section class="enforcement">' not in document.html(report)
    titles = {cited.source.title.en for group in report.source_groups for cited in group.sources}
    assert not any("Annex 2" in title for title in titles)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2027, 1, 21), "It lasts at least until 21 Jan 2027."),
        (date(2027, 1, 22), "Whether the period still runs on 22 Jan 2027 is not known."),
    ],
)
def test_the_grace_period_is_told_by_the_day_that_is_judged(on: date, sentence: str) -> None:
    assert sentence in _report(replace(_without_duties(), on=on)).enforcement_grace.en


@pytest.mark.slow
def test_workbook_and_markdown_hold_the_same_amounts() -> None:
    text = markdown.text(_record(_without_duties()), "en")
    table = text.partition("### Steps and fines")[2].partition("\n## ")[0]
    assert "| no. 1 | KRW 5,000,000 | KRW 2,500,000 | KRW 7,500,000 |" in table
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.workbook(_record(_without_duties()), "en")))
    rows = book.get_sheet_by_name("Steps and fines").to_python()
    assert [5_000_000.0, 2_500_000.0, 7_500_000.0] in [row[4:7] for row in rows]
    assert "## Steps and fines" not in markdown.text(_record(_example("medical")), "en")
