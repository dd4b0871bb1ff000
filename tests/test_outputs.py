"""The same record in other forms: JSON by its schema, a workbook without formulas, Markdown that does nothing, a new draft."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from assessments import actions
from assessments.content.canonical import content_sha256
from assessments.errors import RecordFileError
from assessments.file import assessment_file
from assessments.home import home
from assessments.model import (
    AISystem,
    Assessment,
    EvidenceMark,
    EvidenceReview,
    Explanation,
    Person,
    Response,
    Status,
    Withheld,
    WithheldKind,
)
from assessments.people import add_person
from assessments.storage import lists
from commands.main import app
from exports.forms import markdown, outputs, xlsx
from exports.record import attached, record, redaction, schema
from exports.record.appearance import Appearance
from exports.record.record import Record
from exports.words.labels import labels
from questionnaires import load
from questionnaires.strict_yaml import parse
from tests import report_samples as samples
from tests.office import AT, KIM, Office

EXAMPLES = Path(__file__).parent.parent / "examples"
DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "http://example.org/a",
    "mailto:a@b.c",
)


@cache
def example(domain: str) -> Record:
    stated = assessment_file.read_file(EXAMPLES / f"{domain}.yaml")
    return record.build(stated.assessment, stated.editions, at=AT, document_id="HT-1")


def with_texts(*texts: str) -> Record:
    """A record in which every one of the texts is an answer, a note, a name or a title, uncleaned."""
    used = samples.editions()
    plain = samples.assessment(used)
    (scenario,), (measure,), (evidence,) = plain.scenarios, plain.measures, plain.evidence
    words = "\n".join(texts)
    given = replace(
        plain,
        system=AISystem(words, words, words, words, words),
        operator=replace(plain.operator, representative=words, address=words),
        scenarios=tuple(replace(scenario, id=f"s{n}", text=text) for n, text in enumerate(texts, 1)),
        measures=tuple(replace(measure, id=f"m{n}", text=text, scenarios=()) for n, text in enumerate(texts, 1)),
        evidence=tuple(replace(evidence, id=f"e{n}", title=text, file_name=text) for n, text in enumerate(texts, 1)),
    )
    return record.build(given, used, at=AT, document_id="HT-2")


# --- JSON ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_published_schema_is_the_one_that_the_shapes_give() -> None:
    assert schema.FILE.read_text("utf-8") == schema.file_text()
    jsonschema.Draft202012Validator.check_schema(schema.json_schema())


def _properties(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "properties":
                yield from value.items()
            yield from _properties(value)
    elif isinstance(part, list):
        for value in part:
            yield from _properties(value)


def test_the_schema_says_of_every_property_what_it_is() -> None:
    made = json.loads(outputs.schema())
    properties = list(_properties(made))
    assert len(properties) > 400
    assert [name for name, described in properties if len(described.get("description", "").strip()) < 5] == []


def test_no_description_is_of_a_property_that_is_not_there() -> None:
    made, words = schema.json_schema(), schema.described()
    shapes = {**made["$defs"], "RecordShape": made}
    stated = {
        (name, key): words["shapes_of"].get(name, {}).get(key) or words["everywhere"].get(key)
        for name, of in shapes.items()
        for key, described in of.get("properties", {}).items()
    }
    assert [(name, key) for name, keys in words["shapes_of"].items() for key in keys if (name, key) not in stated] == []
    used = {key for (name, key), text in stated.items() if text and key not in words["shapes_of"].get(name, {})}
    assert set(words["everywhere"]) <= used


SHAPES_OF_RELEASES = {"1.0": "384d392dcfc890bf7d00bf6bca907cffba2a4126b951c7476a63776dc2d340c7"}
"""Version of the schema → digest of what it asks for, of versions that a release came with: they never change."""


def test_a_schema_of_another_shape_has_another_version() -> None:
    made, words = schema.json_schema(), schema.described()
    version = words["version"]
    assert made["$id"] == f"urn:haetae:schema:record:{version}" and made["version"] == version
    assert version.partition(".")[0] == record.FORMAT.rpartition("/")[2]
    assert version == list(words["shapes"])[-1]
    assert words["shapes"][version] == schema.shape_sha256(made), "Raise the version in descriptions.yaml."
    assert words["shapes"].items() >= SHAPES_OF_RELEASES.items()
    assert len(set(words["shapes"].values())) == len(words["shapes"])
    # a word is no shape, a bound is one
    reworded = json.loads(json.dumps(made))
    reworded["properties"]["engine"]["description"] = "other"
    assert schema.shape_sha256(reworded) == schema.shape_sha256(made)
    reworded["properties"]["engine"]["minimum"] = 2
    assert schema.shape_sha256(reworded) != schema.shape_sha256(made)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent / "former_releases").glob("*.pdf")), ids=lambda file: file.stem
)
@pytest.mark.slow
def test_a_record_of_a_former_release_follows_the_schema(file: Path) -> None:
    former = attached.read_file(file.read_bytes())
    jsonschema.Draft202012Validator(json.loads(outputs.schema())).validate(former.data)


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
def test_every_example_follows_the_schema(domain: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(outputs.schema()))
    validator.validate(json.loads(outputs.render(example(domain), "json", "ko")))


@pytest.mark.slow
def test_drafts_and_redacted_copies_follow_it_and_a_stray_key_does_not() -> None:
    validator = jsonschema.Draft202012Validator(schema.json_schema())
    used = samples.editions()
    marked = replace(
        samples.assessment(used), withheld=(Withheld("measures.m1", WithheldKind.PERSONAL, "x", "ab" * 16),)
    )
    full = record.build(samples.signed_off(marked), used, at=AT, document_id="X")
    cut = redaction.redact(full, record.questionnaires_of(full))
    looked = record.build(samples.signed_off(marked), used, at=AT, document_id="X", appearance=Appearance("#7a1f5c"))
    kept = redaction.redact(looked, record.questionnaires_of(looked))
    assert kept.data["document"]["appearance"] == looked.data["document"]["appearance"]
    for one in (samples.draft_record(), samples.sealed_record(), full, cut, looked, kept):
        validator.validate(one.data)
    for name, value in (("more", 1), ("engine", "1"), ("content_sha256", "x")):
        assert list(validator.iter_errors({**full.data, name: value})), name


# --- workbook --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_workbook_holds_the_record_and_is_the_same_every_time(language: str) -> None:
    made = xlsx.workbook(example("hiring"), language)
    assert made == xlsx.workbook(example("hiring"), language)
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    assert len(set(book.sheet_names)) == len(book.sheet_names) > 40
    summary = dict(row[:2] for row in book.get_sheet_by_index(0).to_python())
    assert example("hiring").sha256 in summary.values()
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert len(rows) > 600 and any("속기" in str(cell) for row in rows for cell in row)


def test_a_number_a_day_a_time_and_a_yes_are_what_they_are() -> None:
    """And no text: they can be summed, sorted and filtered."""
    made = xlsx.workbook(samples.sealed_record(), "ko")
    book = CalamineWorkbook.from_filelike(BytesIO(made))

    def column(sheet: str, title: str) -> list[Any]:
        head, *rows = book.get_sheet_by_name(sheet).to_python()
        return [row[head.index(title)] for row in rows]

    says = labels()
    assert column(says["s_evidence"]["ko"], says["size"]["ko"]) == [20_480.0]
    assert column(says["s_evidence"]["ko"], says["dated"]["ko"]) == [date(2026, 10, 1)]
    assert column(says["measures"]["ko"][:31], says["due"]["ko"]) == [date(2027, 1, 31)]
    assert column(says["measures"]["ko"][:31], says["measure_in_place"]["ko"]) == [True]
    # 05:12:09 UTC, as it is in Seoul
    assert set(column(says["votes"]["ko"], says["when"]["ko"])) == {datetime(2026, 11, 20, 14, 12, 9)}  # noqa: DTZ001
    assert column(says["votes"]["ko"], says["as_chair"]["ko"]).count(True) == 1
    answers = column("A 채용에서의 인공지능", "값")
    assert {4200.0, date(2026, 3, 2), True} <= set(answers)
    points = column(says["dimensions"]["ko"], "잔여 (최대)")
    assert points and all(isinstance(figure, float) for figure in points)
    with zipfile.ZipFile(BytesIO(made)) as packed:
        styles = packed.read("xl/styles.xml").decode()
        sheets = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/")]
    for shown in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0"):
        assert f'formatCode="{shown}' in styles
    assert all('state="frozen"' in sheet and "<cols>" in sheet for sheet in sheets)


@pytest.mark.slow
def test_an_explained_contradiction_and_a_mark_stand_in_workbook_and_markdown_as_in_the_report() -> None:
    """Somebody says why both answers hold; the committee says what a document lacks."""
    cases = parse((Path(__file__).parent / "cases" / "consistency.yaml").read_bytes(), "consistency.yaml").data
    case = next(
        one
        for one in cases
        if "record" not in one
        and all(isinstance(value, str) for given in one["answers"].values() for value in given.values())
        and set(one["answers"]) <= {"hiring", "involvement"}
    )
    stated = assessment_file.read_file(EXAMPLES / "hiring.yaml")
    answers = dict(stated.assessment.responses)
    for name, stated_answers in case["answers"].items():
        kept = {question: Response(question, value) for question, value in stated_answers.items()}
        answers[name] = {**answers.get(name, {}), **kept}
    first = stated.assessment.evidence[0].id
    assessment = replace(
        stated.assessment,
        responses=answers,
        explanations=(Explanation(case["check"], "두 건의 대상이 다릅니다."),),
        evidence_reviews=(
            EvidenceReview(first, EvidenceMark.NOT_SUFFICIENT, Person("lee", "이두리"), AT, "서명이 없습니다."),
        ),
    )
    assessment = replace(assessment, content_sha256=content_sha256(assessment))
    made = record.build(assessment, stated.editions, at=AT, document_id="HT-1")
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.workbook(made, "ko")))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    heads, *gaps = sheets[labels()["s_gaps"]["ko"]]
    assert {row[heads.index("둘 다 맞는 이유")] for row in gaps} >= {"두 건의 대상이 다릅니다."}
    heads, *files = sheets[labels()["s_evidence"]["ko"]]
    marked = next(row for row in files if row[0] == first)
    assert {"충분하지 않음", "이두리", "서명이 없습니다."} <= set(map(str, marked))
    text = markdown.text(made, "en")
    assert "두 건의 대상이 다릅니다" in text and "서명이 없습니다" in text


def test_why_a_file_is_no_record_is_said_in_both_languages() -> None:
    data = dict(example("hiring").data)
    for changed, english, korean in (
        ({**data, "colour": 1}, "colour: there is no such key.", "colour: 이런 키는 없습니다"),
        ({**data, "judged_on": 7}, "judged_on: Input should be a valid string", "judged_on: 글로 적어야 합니다"),
        ({"format": "other"}, "no record of the format", "형식의 기록이 아닙니다"),
    ):
        with pytest.raises(RecordFileError) as caught:
            attached.read_file(Record(changed).canonical)
        assert english in caught.value.text.en
        assert korean in caught.value.text.ko
        assert "Input should" not in caught.value.text.ko


@pytest.mark.parametrize("command", ["export", "bundle"])
def test_errors_follow_the_language_that_was_asked_for(tmp_path: Path, command: str) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}")
    call = [command, str(file), "--out", str(tmp_path / "out")]
    assert "There is no record" in CliRunner().invoke(app, call).stderr
    assert "기록을 읽을 수 없습니다" in CliRunner().invoke(app, [*call, "--language", "ko"]).stderr
    gone = [command, str(tmp_path / "gone"), "--out", str(tmp_path / "out"), "--language", "ko"]
    assert "그런 파일이나 폴더가 없습니다" in CliRunner().invoke(app, gone).stderr


def test_no_text_becomes_a_formula_or_a_link() -> None:
    made = xlsx.workbook(with_texts(*DANGEROUS), "ko")
    with zipfile.ZipFile(BytesIO(made)) as packed:
        for name in packed.namelist():
            text = packed.read(name).decode()
            assert "<f>" not in text and "<hyperlink" not in text, name
        assert 'quotePrefix="1"' in packed.read("xl/styles.xml").decode()
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    cells = {str(cell) for one in book.sheet_names for row in book.get_sheet_by_name(one).to_python() for cell in row}
    assert {text for text in DANGEROUS if not text.startswith(("\t", "\r"))} <= cells


def test_a_text_longer_than_a_cell_goes_on_below() -> None:
    long = "가" * 40_000
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.workbook(with_texts(long), "ko")))
    cells = [str(row[1]) for row in book.get_sheet_by_name(labels()["measures"]["ko"]).to_python()[1:]]
    assert "".join(cells) == long and len(cells) == 2


# --- Markdown ----------------------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.slow
def test_markdown_is_a_text_with_headings_lists_and_tables(domain: str, language: str) -> None:
    text = markdown.text(example(domain), language)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<h1>") == 1 and html.count("<h2>") >= 20 and html.count("<table>") >= 20
    assert html.count("<ul>") >= 5
    assert example(domain).sha256 in html
    assert html.count("<td>") == html.count("</td>") and "<hr" not in html and "<a " not in html
    # it reads as a text: words, days and figures as the report has them, and few signs before other signs
    on = "2026. 11. 21." if language == "ko" else "21 Nov 2026"
    assert on in text and "2026-11-21" not in text and "| True |" not in text
    assert text.count("\\") < len(text) / 200


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=http://x/a.png onerror=a()>", "![a](http://x/a.png)", "[a](javascript:a())",
        "a | b | c", "# Heading", "* * *", "`code`", "&lt;b&gt;", "line\n\n# next", "\\", "\\|", "<!-- x -->", "www.example.org",
        "~~a~~ **b** _c_", "| --- | --- |", "a\u2028# b", "[^1]: note", "$$x$$", "@everyone #1",
        "1. one", "2) two", "- a", "+ b", "[1]: http://x", "[[wiki]]", "__a__ a_b_c", ":smile:", "mailto:a@b.c", "http://x.y",
        "=====", "1~5, 13~15", "[12] \u00a7 3",
    ],
)  # fmt: skip
def test_what_people_wrote_shows_as_written_and_does_nothing(text: str) -> None:
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(
        f"| h |\n| --- |\n| {markdown.escaped(text)} |\n"
    )
    inside = html.partition("<td>")[2].partition("</td>")[0]
    assert html.count("<tr>") == 2 and html.count("<td>") == 1
    shown = inside.replace("<br>", "")
    assert "<" not in shown
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert plain.split() == "".join(" ".join(line.split()) for line in text.splitlines()).split()


@for_every(st.text(alphabet=st.sampled_from("ab가1 \\`*_{}[]()<>#+-.!|~&$@:/=^\n"), max_size=60))
@pytest.mark.slow
def test_any_text_shows_as_written_as_a_paragraph_and_in_a_cell(written: str) -> None:
    wanted = " ".join(" ".join(line.split()) for line in written.split("\n")).split()
    renderer = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    escaped = markdown.escaped(written)
    for page, before, after in ((escaped, "<p>", "</p>"), (f"| h |\n| --- |\n| {escaped} |\n", "<td>", "</td>")):
        inside = renderer.render(page).partition(before)[2].partition(after)[0].replace("<br>", " ")
        for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            inside = inside.replace(mark, sign)
        assert inside.split() == wanted


# --- command ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_writes_every_form(tmp_path: Path) -> None:
    source = tmp_path / "record.json"
    source.write_bytes(example("hiring").canonical)
    for form in ("json", "xlsx", "markdown", "schema"):
        done = CliRunner().invoke(app, ["export", str(source), "--format", form, "--out", str(tmp_path / form)])
        assert done.exit_code == 0, done.output
        assert (tmp_path / form).stat().st_size > 1000
    assert (tmp_path / "json").read_bytes() == source.read_bytes()
    assert CliRunner().invoke(app, ["export", "--format", "schema", "--out", str(tmp_path / "s")]).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", [b"", b"{}", b"%PDF-1.7 broken", b'{"format":"haetae-record/1"}', b"\xff\xfe", b"[" * 100_000]
)
def test_what_holds_no_record_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "x"
    source.write_bytes(content)
    for form in ("xlsx", "markdown"):
        done = CliRunner().invoke(app, ["export", str(source), "--format", form, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2 and "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


# --- a new draft -----------------------------------------------------------------------------------------------


def take(office: Office, given: Assessment) -> actions.TakenOver:
    with office.database.transaction() as session:
        return actions.take_over(session, given, KIM, AT)


def finished(office: Office) -> Record:
    """The record of an assessment that went all the way, with a file attached and a value marked."""
    number = office.start()
    office.fill(number)
    with office.database.transaction() as session:
        actions.add_evidence(session, number, actions.Upload("명단", "a.pdf", samples.rendered()), KIM, AT)
        mark = Withheld("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
        actions.set_withheld(session, number, [mark], KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    assessment = office.read(number)
    used = {one.id: load.edition(one.id, one.version, load.FOLDER) for one in assessment.editions}
    return record.build(assessment, used, at=AT, document_id="X")


@pytest.mark.slow
def test_a_record_is_opened_as_a_draft_without_approval_and_says_what_is_missing(office: Office) -> None:
    given = attached.as_assessment(finished(office))
    taken = take(office, given)
    made = office.read(taken.assessment_id)
    assert (made.status, made.decision, made.sign_off, made.evidence) == (Status.DRAFT, None, None, ())
    assert made.authors == (Person("kim", "김하나"),)
    assert {name: made.answers(name) for name in made.responses} == {
        name: given.answers(name) for name in given.responses
    }
    assert [one.path for one in made.withheld] == ["answers.hiring.told"]
    assert made.withheld[0].salt != given.withheld[0].salt
    said = " ".join(one.en for one in taken.left_out)
    assert given.evidence[0].sha256 in said and "Decision and sign-off" in said
    with office.database.reading() as session:
        (entry,) = lists.register(session).entries
        assert entry.system is not None


@pytest.mark.slow
def test_with_unknown_editions_todays_are_asked_and_the_answers_that_fit_stay(office: Office) -> None:
    given = attached.as_assessment(finished(office))
    strange = replace(given, editions=tuple(replace(one, sha256="ab" * 32) for one in given.editions))
    taken = take(office, strange)
    assert "today's" in taken.left_out[0].en
    assert office.read(taken.assessment_id).answers("hiring") == given.answers("hiring")


@pytest.mark.slow
def test_a_redacted_copy_or_a_senseless_record_is_not_opened(office: Office) -> None:
    full = finished(office)
    cut = redaction.redact(full, record.questionnaires_of(full))
    with pytest.raises(RecordFileError, match="redacted"):
        attached.as_assessment(cut)
    with pytest.raises(RecordFileError, match="cannot be read as one"):
        attached.as_assessment(Record({**full.data, "content": {}}))


@pytest.mark.slow
def test_the_command_opens_a_draft_and_lists_what_is_left_out(office: Office, tmp_path: Path) -> None:
    add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
    source = tmp_path / "record.json"
    source.write_bytes(finished(office).canonical)
    done = CliRunner().invoke(app, ["import", str(source), "--as", "kim"])
    assert done.exit_code == 0 and "is a new draft" in done.output and "Not taken over: Evidence" in done.output
    assert CliRunner().invoke(app, ["import", str(source), "--as", "nobody"]).exit_code == 2


@pytest.mark.slow
def test_the_content_that_was_taken_over_has_its_own_digest(office: Office) -> None:
    given = attached.as_assessment(finished(office))
    assert content_sha256(office.read(take(office, given).assessment_id)) != content_sha256(given)
