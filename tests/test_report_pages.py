"""The report as an official reads it: eight answers at the front, few pages, no heading alone, everything said once."""

from __future__ import annotations

import html
import os
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments.derived import DutyState, ImpactGrade
from assessments.file import assessment_file
from assessments.model import Assessment, Status
from exports.printing import document
from exports.record import record
from exports.report.report import Report
from exports.words import labels, signs
from questionnaires.vocabulary import Finding, Level
from tests import prints
from tests import report_samples as samples
from tests.page_text import printed_text
from tests.report_samples import AT

EXAMPLES = Path(__file__).parents[1] / "examples"
DOMAINS = ("hiring", "credit", "medical")
LOGS = ("attentive", "drifting", "rubber-stamp")
LANGUAGES = {"ko": ("ko",), "en": ("en",), "both": ("ko", "en")}
IS_TORTURE = bool(os.environ.get("HAETAE_TORTURE"))
REPORTS = sorted(
    (domain, language)
    for domain in DOMAINS
    for language in LANGUAGES
    if (domain, language) in samples.PRINTED or IS_TORTURE
)
MOST, MOST_WITH_LOG = 24, 28
FOOT = 0.045
"""Of a page's height, above the margin: room for a heading, and no line beneath it."""


def report(name: str, *languages: str) -> Report:
    return Report(samples.example(name), record.recompute(samples.example(name)), languages)


def plain(page: str) -> str:
    return html.unescape(re.sub(r"\u2060|<[^>]+>", "", page))


@pytest.mark.slow
@pytest.mark.parametrize(("domain", "language"), REPORTS)
def test_a_report_is_short_and_no_heading_stands_alone(domain: str, language: str) -> None:
    pages = prints.layout_of(samples.example(domain), LANGUAGES[language])
    if language != "both":
        assert len(pages) <= MOST
    for number, page in enumerate(pages, 1):
        for heading, y in page.headings:
            assert y < page.height * (1 - FOOT) - page.height * 14 / 297, f"{heading} ends page {number}"
    assert pages[-1].end is not None and pages[-1].end > pages[-1].height / 5, "the last page is nearly empty"


@pytest.mark.slow
@pytest.mark.parametrize("style", LOGS if IS_TORTURE else LOGS[-1:])
def test_a_draft_with_a_log_is_short(style: str) -> None:
    assert len(prints.layout_of(samples.example(f"logs/{style}"), ("ko",))) <= MOST_WITH_LOG


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_the_first_two_pages_answer_eight_questions(domain: str, language: str) -> None:
    file = PdfFileReader(BytesIO(samples.printed(samples.example(domain), (language,))))
    first, second = (re.sub(r"\s", "", printed_text(file.root["/Pages"]["/Kids"][at])) for at in (0, 1))
    shown = report(domain, language)
    assessment, findings = shown.assessment, shown.findings
    t = {key: labels.labels()[key][language] for key in labels.labels()}

    def says(page: str, *texts: str) -> None:
        for text in texts:
            assert re.sub(r"\s", "", text) in page, text

    decision, sign_off = assessment.decision, assessment.sign_off
    assert decision and sign_off
    says(second, *(t[f"eight_{number}"] for number in range(1, 9)))
    says(second, assessment.system.name_ko, assessment.operator.name, shown.domain.title[language])
    says(second, assessment.operator.representative, assessment.operator.supervisor_name)
    says(second, t[f"outcome_{shown.with_claim.outcome}"], shown.with_claim.reasons[0].text[language])
    statement = shown.claim_statement
    assert statement
    says(second, statement.passages[0].written[:60], t[f"finding_{findings.claim.whole}"])
    says(second, t[f"level_{findings.risk.level}"], shown.overview.worst_impacts[0].rights[language])
    says(second, shown.overview.worst_impacts[0].affected[:20], assessment.measures[0].text[:20])
    says(second, t[f"ruling_{decision.ruling}"], decision.by.name, sign_off.by.name)
    says(second, *(condition.text[:20] for condition in decision.conditions))
    says(first, samples.example(domain).sha256, "HT-1", *(person.name for person in assessment.authors))
    says(first, decision.by.name, sign_off.by.name)
    if shown.gaps:
        says(second, shown.overview.gaps[language])


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.slow
def test_all_that_is_missing_is_said_somewhere(domain: str, language: str) -> None:
    shown = report(domain, language)
    page = plain(document.html(shown))
    counted = sum(sum(shown.gaps_told(kind).values()) for kind in shown.gaps)
    assert counted == sum(len(place.texts) for places in shown.gaps.values() for place in places)
    for gap in shown.findings.gaps:
        if not gap.where.startswith("measures"):
            assert gap.text[language] in page, gap
    for measure in shown.assessment.measures:
        assert measure.text in page


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.slow
def test_no_page_tells_its_reader_to_do_something(domain: str) -> None:
    page = plain(document.html(report(domain, "ko")))
    told = {page[max(0, found.start() - 40) : found.end()] for found in re.finditer("십시오", page)}
    assert not told


@pytest.mark.first_in_check
def test_no_sign_means_two_things() -> None:
    families = (signs.OUTCOMES, signs.LEVELS, signs.FINDINGS, signs.CELLS, {"contested": signs.CONTESTED})
    for family in families:
        others = [sign for other in families if other is not family for sign in other.values()]
        assert (set(family.values()) - {signs.NOT_APPLICABLE}) & set(others) == set()
        assert len(set(family.values())) == len(family), "two states under the same sign"
    status = {signs.CONTESTED, signs.TO_DO, *signs.CELLS.values(), signs.DUTIES[DutyState.INHERITED]}
    assert set(signs.SUPERVISION.values()) <= status
    assert set(signs.DUTIES.values()) <= {*status, signs.DUTIES[DutyState.OPEN_QUESTION]}
    assert signs.DUTIES[DutyState.OPEN_QUESTION] not in {sign for family in families for sign in family.values()}


@pytest.mark.slow
def test_every_state_has_a_sign_and_a_claim_that_is_not_made_a_dash() -> None:
    for family in (
        signs.OUTCOMES,
        signs.LEVELS,
        signs.FINDINGS,
        signs.EVIDENCE,
        signs.DUTIES,
        signs.SUPERVISION,
        signs.CELLS,
    ):
        kind = type(next(iter(family)))
        assert set(kind) - set(family) <= {Finding.ABSENT}, kind
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    unclaimed = {name: given for name, given in stated.assessment.responses.items() if name != "involvement"}
    draft = {"status": Status.DRAFT, "content_sha256": None, "decision": None, "sign_off": None, "explanations": ()}
    plain_one = replace(stated.assessment, responses=unclaimed, evidence=(), **draft)
    made_from = record.build(plain_one, stated.editions, at=AT, document_id="HT-3")
    shown = Report(made_from, record.recompute(made_from), ("ko",))
    assert shown.findings.claim.whole is Finding.ABSENT
    assert f"{signs.NOT_APPLICABLE} {shown.t('finding_absent').ko}" in plain(document.html(shown))


@pytest.mark.parametrize("name", [*DOMAINS, *(f"logs/{style}" for style in LOGS)])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.slow
def test_every_sign_of_a_report_is_explained(name: str, language: str) -> None:
    shown = report(name, language)
    page = plain(document.html(shown))
    legend = page[page.index(shown.t("legend")[language]) :][:900]
    legend += "".join(
        shown.t("crosswalk_legend")[language] for _ in (0,) if shown.t("crosswalk_legend")[language] in page
    )
    used = {sign for sign in "▲△▽◆●◐○◉◇▷±×◑◎▶◀■□▼" if sign in page}
    assert {sign for sign in used if sign not in legend} == set()
    for finding, sign in signs.FINDINGS.items():
        assert f"{sign} {shown.t(f'finding_{finding}')[language]}" in legend


def test_conditions_that_are_not_met_are_worded_as_conditions() -> None:
    for domain in DOMAINS:
        shown = report(domain, "ko")
        for step, _ in shown.told_steps:
            if step.state == "not_met":
                assert re.sub(r"\([^()]*\)$", "", step.because.ko).endswith("경우"), step.because.ko


def test_measures_conditions_and_planned_duties_stand_in_one_table_by_what_is_due_first() -> None:
    shown = report("hiring", "ko")
    rows = shown.plan_rows
    assert {row.mark for row in rows if row.mark.startswith("m")} == {one.id for one in shown.assessment.measures}
    decision = shown.assessment.decision
    assert decision and [row.what.ko for row in rows if row.mark.startswith("조건")] == [
        condition.text
        for condition in sorted(decision.conditions, key=lambda one: (one.due is None, one.due or AT.date()))
    ]
    days = [row.due for row in rows if row.due]
    assert days == sorted(days)
    in_place = shown.t("measure_in_place")
    assert [row.state == in_place for row in rows] == sorted(row.state == in_place for row in rows)


def test_the_map_shows_each_impact_once_before_and_once_with_the_measures() -> None:
    for domain in DOMAINS:
        shown = report(domain, "ko")
        assert shown.risk_map
        cells = [cell for _, cells in shown.risk_map.lines for cell in cells]
        numbers = sorted(row.number for each in shown.scenarios for row in each.rows)
        assert sorted(number for cell in cells for number in cell.before) == numbers
        assert sorted(number for cell in cells for number in cell.in_place) == numbers
        grades = {(grade.scenario, grade.right): grade for grade in shown.findings.risk.impacts}
        for each in shown.scenarios:
            for row in each.rows:
                grade = grades[each.scenario.id, row.impact.right]
                assert next(cell.level for cell in cells if row.number in cell.before) == grade.before
                assert next(cell.level for cell in cells if row.number in cell.in_place) == grade.in_place


@pytest.mark.slow
def test_an_assessment_without_scenarios_has_no_map_and_says_so() -> None:
    stated = samples.example("hiring")
    whole = record.recompute(stated).assessment
    bare: Assessment = replace(whole, scenarios=(), decision=None, sign_off=None, content_sha256=None)
    files = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    made_from = record.build(bare, files.editions, at=AT, document_id="HT-2")
    shown = Report(made_from, record.recompute(made_from), ("ko",))
    assert shown.risk_map is None
    assert shown.t("no_scenarios").ko in plain(document.html(shown))


def test_the_gravest_impact_is_on_the_second_page_whatever_its_scenario_begins_with() -> None:
    shown = report("hiring", "ko")
    first, second, third = (scenario.id for scenario in shown.assessment.scenarios)
    levels = {first: (Level.LOW, Level.VERY_HIGH), second: (Level.LOW, Level.MEDIUM), third: (Level.LOW, Level.HIGH)}
    impacts = tuple(
        ImpactGrade(scenario, f"right {level}", level, level, None) for scenario, own in levels.items() for level in own
    )
    shown.findings = replace(shown.findings, risk=replace(shown.findings.risk, impacts=impacts))
    assert [(one.level, one.rights.ko) for one in shown.overview.worst_impacts] == [
        ("very_high", "right very_high"),
        ("high", "right high"),
    ]
