"""The shipped example logs: the same rules, the same claim, and what people did makes the difference."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from assessments.derived import Findings
from assessments.file import assessment_file
from assessments.file.assessment_file import StatedAssessment
from assessments.model import Finding, Outcome, Status
from assessments.rules import findings
from assessments.storage import database, reader
from commands import serve
from exports.printing import document
from exports.record import record
from exports.report.report import Report
from questionnaires.problems import InvalidFileError
from tests import report_samples as samples

LOGS = Path(__file__).parents[1] / "examples" / "logs"
DAY = "2026-03-09"
"""On which people of the drifting log stop looking."""


@cache
def stated(style: str) -> StatedAssessment:
    return assessment_file.read_file(LOGS / f"{style}.yaml")


@cache
def found(style: str) -> Findings:
    return findings.derive(stated(style).questionnaires, stated(style).assessment)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("style", "whole", "since", "contested"),
    [
        ("attentive", Finding.SUPPORTED, None, False),
        ("rubber-stamp", Finding.CONTRADICTED, None, True),
        ("drifting", Finding.CONTRADICTED, DAY, True),
    ],
)
def test_the_log_alone_makes_the_claim_supported_contradicted_or_contradicted_from_a_day_on(
    style: str, whole: Finding, since: str | None, contested: bool
) -> None:
    """Casebook case 15: a NO by mere reference is contested where officers hardly ever differ."""
    came = found(style)
    assert came.claim.whole is whole
    said = {one.part: one for one in came.log}
    for part in ("divergence", "time"):
        assert said[part].finding is whole
        assert (said[part].since.isoformat() if said[part].since else None) == since
    assert came.determination.with_claim.outcome is Outcome.NOT_HIGH_IMPACT
    assert came.determination.with_claim.contested is contested


@pytest.mark.slow
def test_they_differ_in_nothing_but_name_and_log() -> None:
    first, *others = (stated(style).assessment for style in ("attentive", "rubber-stamp", "drifting"))
    for one in others:
        assert (one.responses, one.evidence, one.operator) == (first.responses, first.evidence, first.operator)
        assert one.log is not None and first.log is not None and one.log.triggers == first.log.triggers


@pytest.mark.slow
@pytest.mark.parametrize("style", ["attentive", "rubber-stamp", "drifting"])
def test_the_report_shows_it_at_a_glance(style: str) -> None:
    made = record.build(stated(style).assessment, stated(style).editions, at=samples.AT, document_id="HT-1")
    shown = Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))
    page = re.sub("\u2060|<[^>]+>", "", document.html(shown))
    assert shown.t("log_made").ko in page
    assert (shown.t("way_out_none").ko in page) is (style == "attentive")
    day = "2026.\u00a03.\u00a09.부터"
    assert (f"검토 시간 ({day}), 다르게 결정한 비율 ({day})" in page) is (style == "drifting")
    assert bool(re.search("From 9\\sMar\\s2026 on, the share of departures", page)) is (style == "drifting")
    assert ("half of the cases were decided within 9 s," in page.lower()) is (style != "attentive")


def test_a_made_log_is_named_by_examples_only() -> None:
    text = (LOGS / "attentive.yaml").read_text("utf-8").replace("example: true", "example: false")
    with pytest.raises(InvalidFileError, match="made log shows nothing"):
        assessment_file.read_text(text, "a.yaml", LOGS)
    both = (LOGS / "attentive.yaml").read_text("utf-8").replace("  made: {", "  file: a.csv\n  made: {")
    with pytest.raises(InvalidFileError, match="not both"):
        assessment_file.read_text(both, "a.yaml", LOGS)


@pytest.mark.slow
def test_the_example_organisations_come_with_their_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    database.prepare()
    serve.load_examples(tmp_path)
    with database.reading() as session:
        numbers = range(1, len(serve.example_files()) + 1)
        loaded = {one.system.name_en: one for one in (reader.get_assessment(session, number) for number in numbers)}
    assert len(loaded) == len(serve.example_files())
    for style, branch in (("attentive", "A"), ("rubber-stamp", "B"), ("drifting", "C")):
        one = loaded[f"Policy Loan Helper (branch {branch})"]
        assert one.status is Status.DRAFT
        assert one.log == stated(style).assessment.log
    hiring = loaded["Interview Guide"]
    assert hiring.status is Status.SIGNED_OFF
    files = [assessment_file.read_file(file).assessment for file in serve.example_files()]
    for file in files:
        one = loaded[file.system.name_en]
        acts = [(file.decision, one.decision), (file.sign_off, one.sign_off)]
        people = [(file.authors[0], one.authors[0]), *((a.by, b.by) for a, b in acts if a and b)]
        assert [(a.name, a.position) for a, _ in people if a.position] == [
            (b.name, b.position) for a, b in people if a.position
        ], "whoever a file names acts in the position that it states"
    assert sum(bool(file.decision and file.decision.by.position) for file in files) == 3
