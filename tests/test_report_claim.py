"""What the report says of people: what would change the claim, and apart from it the supervision record."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assessments.file import assessment_file
from assessments.model import Answer, Ballot
from exports.printing import document
from exports.record import record
from exports.report.report import Report
from exports.words import signs
from tests import report_samples as samples

EXAMPLES = Path(__file__).parents[1] / "examples"


def report(*languages: str, evidence: bool = True, **claim: Answer) -> Report:
    used = samples.editions()
    given = samples.assessment(used, samples.ANSWERS | {"involvement": samples.ANSWERS["involvement"] | claim})
    given = given if evidence else replace(given, evidence=())
    made = record.build(given, used, at=samples.AT, document_id="HT-1")
    return Report(made, record.recompute(record.read(made.canonical)), languages or ("ko", "en"))


def plain(page: str) -> str:
    return html.unescape(re.sub(r"\u2060|<[^>]+>", "", page))


@pytest.mark.parametrize(
    ("languages", "says"), [(("ko",), "주장을 뒷받침하는 데 필요한 사항"), (("en",), "What would change it")]
)
def test_each_part_that_is_not_supported_says_all_that_it_takes_and_what_would_follow(
    languages: tuple[str, ...], says: str
) -> None:
    shown = report(*languages, can_override="no", evidence=False)
    (step,) = shown.way_out.steps if shown.way_out else ()
    page = plain(document.html(shown))
    assert says in page
    for reason in step.to_do:
        assert f"{signs.TO_DO} {reason.text[languages[0]]}" in page
    assert shown.t("way_out_then")[languages[0]] in page


def test_both_languages_stand_side_by_side() -> None:
    shown = report(can_override="no")
    page = plain(document.html(shown))
    (step,) = shown.way_out.steps if shown.way_out else ()
    assert f"{signs.TO_DO} {step.to_do[0].text.ko} {step.to_do[0].text.en}" in page


def test_what_would_follow_is_told_apart_from_what_is() -> None:
    same, other = report(can_override="unknown"), report(can_override="no")
    for shown in (same, other):
        assert shown.way_out is not None
        then = shown.way_out.determination_then
        is_same = (then.outcome, then.contested) == (shown.with_claim.outcome, shown.with_claim.contested)
        assert shown.is_way_out_same is is_same
        assert shown.t("way_out_same" if is_same else "way_out_other").en in plain(document.html(shown))


def test_a_supported_claim_needs_nothing_and_without_a_claim_nothing_is_said() -> None:
    assert report().t("way_out_none").ko in plain(document.html(report()))
    assert report().t("way_out").ko not in plain(document.html(report(claims="no")))


# --- supervision ---------------------------------------------------------------------------------------------------


def of_example(domain: str) -> Report:
    stated = assessment_file.read_file(EXAMPLES / f"{domain}.yaml")
    made = record.build(stated.assessment, stated.editions, at=samples.AT, document_id="HT-1")
    return Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))


def section(page: str, name: str) -> str:
    return plain(page.split(f'<section class="{name}">')[1].split("</section>")[0])


@pytest.mark.slow
def test_supervision_stands_by_itself_beside_the_claim_with_person_answers_and_gaps() -> None:
    shown = of_example("credit")
    page = document.html(shown)
    said = section(page, "supervision")
    operator = shown.assessment.operator
    assert operator.supervisor_name in said and operator.supervisor_contact in said
    for one in shown.findings.supervision:
        assert one.title.ko in said and one.title.en in said
        assert one.to_do is None or (one.to_do.ko in said and one.to_do.en in said)
    assert shown.t("supervision_gap").ko in said and shown.t("supervision_open").ko in said
    assert shown.t("way_out").ko not in said
    claim = plain(page.split('<section class="claim">')[1].split('<section class="supervision">')[0])
    assert "이 질문지에서 묻지" not in claim


def test_without_lines_of_a_supervision_record_there_is_no_section_of_it() -> None:
    assert '<section class="supervision">' not in document.html(report())


@pytest.mark.slow
def test_a_report_says_how_members_voted_and_by_when_it_is_assessed_again() -> None:
    used = samples.editions()
    signed = samples.signed_off(samples.assessment(used))
    made = record.build(signed, used, at=samples.AT, document_id="HT-1", reassess_on=date(2027, 11, 20))
    shown = Report(made, record.recompute(record.read(made.canonical)), ("ko", "en"))
    page = plain(document.html(shown))
    assert "재평가일" in page and "2027. 11. 20." in page.replace("\xa0", " ")
    (row,) = [row for row in shown.votes if row.vote.ballot is Ballot.ABSTAIN]
    assert not row.is_minority and "기권" in page and row.vote.reason in page
    without = record.build(signed, used, at=samples.AT, document_id="HT-1")
    assert "reassess_on" not in without.data["document"]
    page = plain(document.html(Report(without, record.recompute(without), ("ko", "en"))))
    assert "재평가일 To be assessed again by정하지 않음 not set" in page
