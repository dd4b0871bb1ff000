"""The supervisor's example table in record, report and workbook, and in none of them while nobody began it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessments.file import assessment_file
from assessments.model import Response, Withheld, WithheldKind
from exports.forms import outputs, sheets
from exports.forms.tables import Figure
from exports.printing import document
from exports.record import record, redaction, schema
from exports.record.record import Record
from exports.report.report import Report
from exports.words.labels import labels
from tests import report_samples as samples
from tests.test_report_claim import plain

EXAMPLE = Path(__file__).parents[1] / "examples" / "credit.yaml"


def made(responses: dict[str, Response] | None = None, *marks: Withheld) -> Record:
    """A record of the example for loans; responses: to the table, instead of its own."""
    stated = assessment_file.read_file(EXAMPLE)
    assessment = replace(stated.assessment, decision=None, sign_off=None, origin=None, content_sha256=None)
    if responses is not None:
        assessment = replace(assessment, responses={**assessment.responses, "finance": responses})
    assessment = replace(assessment, status=samples.assessment().status, withheld=marks)
    return record.build(assessment, stated.editions, at=samples.AT, document_id="HT-1")


def html(of: Record) -> str:
    return document.html(Report(of, record.recompute(record.read(of.canonical)), ("ko", "en")))


def section(page: str) -> str:
    return plain(page.split('<section class="second_scale">')[1].split("</section>")[0])


@pytest.mark.slow
def test_a_record_with_the_table_recomputes_to_its_own_results_and_has_the_published_shape() -> None:
    of = made()
    schema.check(of.canonical)
    recomputed = record.recompute(record.read(of.canonical))
    assert not recomputed.differing and of.data["results"]["second_scale"]["total"] == {"low": "37.5", "high": "37.5"}


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "change",
    [
        {"total": {"low": "37.4", "high": "37.5"}},
        {"band": {"low": "medium", "high": "medium"}},
        {"floor": None},
    ],
)
def test_a_result_of_the_table_that_does_not_follow_is_named(change: dict[str, Any]) -> None:
    of = made()
    of.data["results"]["second_scale"] |= change
    assert record.recompute(of).differing == ("second_scale",)


@pytest.mark.slow
def test_the_report_says_whose_table_it_is_its_sums_the_floor_and_the_controls() -> None:
    told = section(html(made()))
    for words in (
        "감독기관의 예시를 2차 자료에서 옮긴 것입니다. 두 항목의 배점은 자료마다 다르며",
        "transcribed from secondary copies, two items disputed",
        "37.5/100",
        "점수만으로는 By the points alone: 중위험",
        "대출 심사처럼 인공지능기본법의 고영향 인공지능에 해당하면",
        "윤리위원회가 사전에 승인하고",
        "(다) 32개 세부 문항에",
        "어느 것도 공식 명칭으로 적지 않습니다",
    ):
        assert words in told, words
    assert told.index("감독기관의 예시를 2차 자료에서 옮긴") < told.index("37.5/100"), (
        "what it is stands before what it comes to"
    )


@pytest.mark.slow
def test_a_report_of_an_assessment_without_it_only_lists_its_file() -> None:
    of = made({})
    page = html(of)
    assert "second_scale" not in of.data["results"] and "finance" in [one["id"] for one in of.data["questionnaires"]]
    assert 'class="second_scale"' not in page
    assert plain(page).count("금융권 위험평가표") == 1, "among the attached files, with its digest"
    assert "금융감독원" not in plain(page)
    assert len(re.findall(r'class="questionnaire"', page)) == len(of.data["questionnaires"]) - 2, (
        "all but it and the impact assessment, which is the body"
    )


def test_evidence_at_one_of_its_questions_is_reason_enough_to_print_it() -> None:
    stated = assessment_file.read_file(EXAMPLE)
    evidence = replace(stated.assessment.evidence[-1], part="", question="finance.bias_inherent")
    assessment = replace(
        stated.assessment,
        responses={**stated.assessment.responses, "finance": {}},
        evidence=(evidence,),
        decision=None,
        sign_off=None,
        origin=None,
        content_sha256=None,
        status=samples.assessment().status,
    )
    page = html(record.build(assessment, stated.editions, at=samples.AT, document_id="HT-1"))
    assert "편향성: 경감하기 전의 위험은" in plain(page)


@pytest.mark.slow
def test_a_note_that_is_withheld_leaves_the_results_as_they_are() -> None:
    full = made(None, Withheld("notes.finance.bias_inherent", WithheldKind.PERSONAL, "내부 수치", "ab" * 16))
    cut = redaction.redact(full, record.questionnaires_of(full))
    assert not record.recompute(record.read(cut.canonical)).differing
    assert "14%포인트" in section(html(full)) or "14%포인트" in plain(html(full))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_workbook_and_markdown_hold_the_table_with_whose_it_is(language: str) -> None:
    of = made()
    sheet = next(one for one in sheets.sheets(of, language) if one.head[2:3] in (("최대",), ("Max.",)))
    assert len(sheet.rows) == 16 + 4 + 1
    assert [cell.value for cell in sheet.rows[20][2:] if isinstance(cell, Figure)] == [100, 81, 43.5, 37.5]
    told = [row for row in sheets.sheets(of, language)[-1].rows if row[0] == labels()["s_second_scale"][language]]
    assert "PDF" in str(told[0][1])
    markdown = outputs.render(of, "markdown", language).decode()
    assert f"### {sheet.name}\n" in markdown
    assert not [one for one in sheets.sheets(made({}), language) if one.name == sheet.name]
