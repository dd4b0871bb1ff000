"""The report as a PDF: the same bytes each time, closed to the outside, tagged, marked, and true to what was written."""

from __future__ import annotations

import itertools
import json
import re
import zlib
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import weasyprint
from pyhanko.pdf_utils.reader import PdfFileReader
from weasyprint.urls import FatalURLFetchingError

from assessments import own_process
from assessments.content.answers import check_answer
from assessments.errors import RenderError
from assessments.model import Response
from exports.printing import document, pdf
from exports.record import record
from exports.record.record import Record
from exports.report import charts, cited, route
from exports.report.charts import Band, Range
from exports.report.report import Report
from exports.words import labels
from questionnaires.schema import Text
from tests import report_samples as samples
from tests.page_text import printed_text


def read(raw: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(raw))


def pages(reader: PdfFileReader) -> list[Any]:
    return [page.get_object() for page in reader.root["/Pages"]["/Kids"]]


def all_text(raw: bytes) -> str:
    return "\n".join(printed_text(page) for page in pages(read(raw)))


@cache
def structure() -> tuple[bytes, ...]:
    """Every structure element as written; pyHanko would read the whole object stream anew for each."""
    raw = samples.rendered()
    (packed,) = re.findall(rb"/Type /ObjStm.*?stream\n(.*?)\nendstream", raw, re.DOTALL)
    written = zlib.decompress(packed)
    return tuple(re.findall(rb"<</Type /StructElem.*?>>(?=<<|\n|$)", written, re.DOTALL))


def kinds(name: str) -> list[bytes]:
    return [one for one in structure() if re.search(rb"/S /" + name.encode() + rb"\b", one)]


def with_answer(text: str) -> Record:
    """An example, still a draft, in which somebody wrote this."""
    used = samples.editions()
    plain = samples.assessment(used, is_example=True)
    question = used["hiring"].questionnaire.question("grading_words")
    given = {**plain.responses["hiring"], "grading_words": Response("grading_words", check_answer(question, text))}
    plain = replace(plain, responses={**plain.responses, "hiring": given})
    return record.build(plain, used, at=samples.AT, document_id="HT-2026-0009")


# --- the same record, the same bytes ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes_in_another_process() -> None:
    assert pdf.render(samples.sealed_record()) == samples.rendered()


@pytest.mark.slow
def test_a_record_whose_results_do_not_follow_is_not_printed() -> None:
    data = json.loads(samples.sealed_record().canonical)
    data["results"]["determination"]["outcome"] = "not_high_impact"
    with pytest.raises(RenderError, match="do not follow from its content"):
        pdf.render(Record(data))


def test_a_render_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(own_process.OverLimitError, match=r"longer than 0 s$"):
        own_process.in_own_process("render", b"{}", seconds=0)


class _Watched:
    """Stands for a process that is done at once, and keeps how long it would have been waited for."""

    stdin, returncode, seconds = None, 0, 0.0

    def communicate(self, timeout: float = 0.0) -> tuple[bytes, bytes]:
        self.seconds = max(self.seconds, timeout)
        return b"printed", b""

    def poll(self) -> int:
        return self.returncode


@pytest.mark.parametrize("task", own_process.TASKS)
def test_a_machine_that_does_other_things_too_may_take_longer_than_its_processor_works(
    task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = _Watched()
    monkeypatch.setattr(own_process.subprocess, "Popen", lambda *_, **__: watched)
    assert own_process.in_own_process(task, b"{}") == b"printed"
    assert watched.seconds > 3 * own_process.TASKS[task].seconds


# --- closed to the outside --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<link rel="attachment" href="file:///etc/hostname">',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        '<p style="background: url(file:///etc/hostname)">x</p>',
        "<style>@font-face { font-family: x; src: url(file:///etc/hostname) } p { font-family: x }</style><p>x</p>",
        '<object data="file:///etc/hostname"></object>',
    ],
)
def test_the_layout_fetches_nothing_but_its_own_files(page: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        weasyprint.HTML(string=page, url_fetcher=document.OwnFiles({}), base_url=document.OWN).write_pdf()


def test_a_picture_that_fetches_something_stops_the_report() -> None:
    inner = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname" width="9" height="9"/></svg>'
    own = document.OwnFiles({"haetae:inner.svg": inner})
    page = weasyprint.HTML(string='<img src="haetae:inner.svg" alt="x">', url_fetcher=own, base_url=document.OWN)
    with pytest.raises(ValueError, match="file:///etc/hostname"), document._no_complaints(own):
        page.write_pdf()


HOSTILE = [
    "<script>alert(1)</script><img src=file:///etc/passwd><link rel=attachment href=file:///etc/passwd>",
    "</style><style>@import url(file:///etc/passwd); * { display: none }</style>",
    "{{ report.record }} {% include '/etc/passwd' %} ${7*7} %s \\ \" ' `",
]


@cache
def hostile_draft() -> bytes:
    return document.make(with_answer("\n".join(HOSTILE)), ("ko", "en"))


@pytest.mark.slow
def test_hostile_text_stays_plain_text() -> None:
    raw = hostile_draft()
    text = re.sub(r"\s", "", all_text(raw))
    for written in HOSTILE:
        assert re.sub(r"\s", "", written) in text
    names = read(raw).root["/Names"]["/EmbeddedFiles"]["/Names"]
    assert [str(name) for name in (names[at] for at in range(0, len(names), 2))] == ["record.json"]


# --- PDF/A-3a and PDF/UA-1: structure only, for no validator is at hand ----------------------------------------------


@pytest.mark.slow
def test_the_metadata_names_both_standards_and_the_record() -> None:
    xmp = read(samples.rendered()).root["/Metadata"].data.decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert 'pdfuaid:part="1"' in xmp
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in xmp
    assert samples.sealed_record().sha256 in xmp
    assert "<xmp:CreateDate>2026-11-20T05:12:09Z</xmp:CreateDate>" in xmp


def test_the_catalog_has_what_the_standards_ask_for() -> None:
    root = read(samples.rendered()).root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ko"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [str(one["/S"]) for one in root["/OutputIntents"]] == ["/GTS_PDFA1"]
    assert "/DestOutputProfile" in root["/OutputIntents"][0]
    assert "/StructTreeRoot" in root
    assert "/Outlines" in root
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)


def test_the_record_is_attached_once_with_its_relationship() -> None:
    root = read(samples.rendered()).root
    assert len(root["/AF"]) == 1
    listed = root["/AF"][0].get_object()
    assert listed["/AFRelationship"] == "/Source"
    assert listed["/F"] == listed["/UF"] == "record.json"
    assert listed["/EF"]["/F"].data == samples.sealed_record().canonical
    assert listed["/EF"]["/F"]["/Subtype"] == "/application/json"


def test_every_page_is_tagged_and_read_in_order() -> None:
    assert all(page["/Tabs"] == "/S" and "/StructParents" in page for page in pages(read(samples.rendered())))


def test_every_font_is_embedded_and_readable() -> None:
    fonts = pages(read(samples.rendered()))[0]["/Resources"]["/Font"]
    for name in fonts:
        font = fonts[name]
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described), font["/BaseFont"]
        assert "/ToUnicode" in font


def test_pictures_have_words_and_headers_have_ids() -> None:
    figures = kinds("Figure")
    said = [
        bytes.fromhex(re.search(rb"/Alt <feff([0-9a-f]+)>", one)[1].decode()).decode("utf-16-be") for one in figures
    ]
    assert [one.split(".")[0].split(":")[0] for one in said] == [
        "문서 번호와 해시값",
        "판단 경로",
        "전체 점수의 위치",
    ]
    assert samples.sealed_record().sha256 in said[0]
    assert "결론 결정" in said[1]
    assert "잔여" in said[2]
    headers = [one for one in kinds("TH") if b"/O /Table" in one]
    assert headers
    assert all(b"/ID" in one for one in headers)


def test_passages_carry_their_language() -> None:
    assert {spoken for one in structure() for spoken in re.findall(rb"/Lang \((\w+)\)", one)} == {b"ko", b"en"}


def test_there_is_one_title_and_no_heading_level_is_skipped() -> None:
    assert [len(kinds(name)) > 0 for name in ("H1", "H2", "H3", "H4", "H5")] == [True, True, True, True, False]
    assert len(kinds("H1")) == 1


def test_links_are_named_by_their_words() -> None:
    named = [
        str(one.get_object()["/Contents"])
        for page in pages(read(samples.rendered()))
        if "/Annots" in page
        for one in page["/Annots"]
    ]
    assert any("고영향 여부 판단" in name for name in named)
    assert not any(name.startswith("#") or "\u2060" in name for name in named)


# --- what it says -------------------------------------------------------------------------------------------------------


def test_the_first_page_says_the_essential() -> None:
    text = printed_text(pages(read(samples.rendered()))[0])
    flat = re.sub(r"\s", "", text)
    for words in (
        "HT-2026-0007",
        "고영향 인공지능에 해당",
        "공식 자료 간 이견 있음",
        "이서준",
        "supervisor@example.com",
        "조건부 승인",
    ):
        assert re.sub(r"\s", "", words) in flat
    assert samples.sealed_record().sha256 in flat
    assert "2031.11.20." in flat
    assert "공개판" in flat


def test_headings_step_down_one_level_at_a_time() -> None:
    marked = re.findall(r"<h([1-4])[ >]", document.html(samples.report(("ko", "en"))))
    assert marked[0] == "1"
    assert all(int(after) <= int(before) + 1 for before, after in itertools.pairwise(marked))


def test_the_points_of_every_scored_question_stand_with_its_dimension() -> None:
    report = samples.report(("ko",))
    for row in report.findings.risk.trace:
        number = report.asked_question(report.domain.id, row.question).number
        assert any(f"{number}\u00a0" in one.exposure + one.control for one in report.score.dimensions)


def test_a_report_in_one_language_holds_no_label_of_the_other() -> None:
    page = document.html(samples.report(("ko",)))
    said = labels.labels()
    for key in ("s_determination", "s_gaps", "eight_questions", "with_claim", "not_advice"):
        assert said[key].ko in page.replace("\u2060", "")
        assert said[key].en not in page
    assert said["not_advice"].en in document.html(samples.report(("ko", "en")))


def test_sources_are_numbered_through_all_their_texts_and_each_is_there_once() -> None:
    report = samples.report(("ko",))
    cited = [one for group in report.source_groups for one in group.sources]
    assert [one.number for one in cited] == list(range(1, len(cited) + 1))
    assert {one.source for one in cited} == {
        source for one in report.questionnaires.values() for source in one.sources.values()
    }


def test_what_is_noted_of_several_sources_is_said_once_under_a_letter() -> None:
    report = samples.report(("ko",))
    source = next(iter(report.source_groups)).sources[0].source
    shared, own = "문서에 날짜가 없습니다.", "그림으로만 실려 있습니다."
    notes = [f"{own} {shared}", shared, f"{shared} 쪽수는 24쪽입니다.", own]
    groups = cited.grouped(
        source.model_copy(update={"title": Text(ko=str(at), en=str(at)), "note": Text(ko=note, en=note)})
        for at, note in enumerate(notes)
    )
    told = cited.notes_of(groups, "ko")
    assert told.remarks == (("가", shared),)
    assert list(told.letters.values()) == ["가", "가", "가", ""]
    assert list(told.notes.values()) == [own, "", "쪽수는 24쪽입니다.", own]


def test_every_note_on_a_source_is_in_the_report_in_either_language() -> None:
    for language in ("ko", "en"):
        report = samples.report((language,))
        told = report.source_notes
        remarks = dict(told.remarks)
        for one in (one for group in report.source_groups for one in group.sources if one.source.note):
            said = [told.notes[one.number], *(remarks[at] for at in told.letters[one.number].split(", ") if at)]
            assert sorted(re.sub(r"\s", "", "".join(said))) == sorted(re.sub(r"\s", "", one.source.note[language]))


def test_a_place_that_several_questionnaires_name_is_there_once_with_what_each_notes_of_it() -> None:
    source = next(iter(samples.report(("ko",)).source_groups)).sources[0].source
    first = source.model_copy(
        update={"title": Text(ko="법 제1조", en="Act, Art. 1"), "note": Text(ko="하나입니다.", en="One.")}
    )
    again = first.model_copy(update={"note": Text(ko="하나입니다. 둘입니다.", en="One. Two.")})
    later = first.model_copy(update={"title": Text(ko="법 제2조", en="Act, Art. 2"), "note": None})
    (group,) = cited.grouped([first, later, again])
    assert [one.number for one in group.sources] == [1, 2]
    assert group.sources[0].stated == (first, again)
    assert group.sources[0].source.note == Text(ko="하나입니다. 둘입니다.", en="One. Two.")
    assert group.title("en") == "Act" and group.place(group.sources[0], "en") == "Art. 1"
    assert group.title("ko") == "법" and group.place(group.sources[1], "ko") == "제2조"


def test_only_sources_that_the_pages_refer_to_are_listed() -> None:
    page = document.html(samples.report(("ko",)))
    listed = set(re.findall(r'id="source-(\d+)"', page))
    assert listed and listed == set(re.findall(r'href="#source-(\d+)"', page))


def test_gaps_stand_together_by_place_and_none_is_lost() -> None:
    made = samples.draft_record()
    report = Report(made, record.recompute(made), ("ko",))
    said = {text for places in report.gaps.values() for place in places for text in place.texts}
    assert said == {one.text for one in report.findings.gaps}


def test_a_right_of_the_guideline_is_named_in_both_languages_and_another_stays_as_written() -> None:
    report = samples.report(("en",))
    titles = [one.title for one in report.questionnaires["impact"].rights]
    assert [report.name_of(one.ko) for one in titles] == titles
    assert report.name_of("잊힐 권리").en == "잊힐 권리"


def test_names_and_summaries_begin_with_the_leading_language() -> None:
    assert samples.report(("en",)).system_names[0] == "Application sorter Haeon"
    assert samples.report(("ko", "en")).summaries[0] == "지원서를 읽고 등급을 매깁니다."


def test_the_second_page_says_who_decided_why_and_how_to_verify() -> None:
    text = re.sub(r"\s", "", printed_text(pages(read(samples.rendered()))[1]))
    for words in (
        "최유나",
        "정민호",
        "사람의재검토를전제로승인합니다.",
        "분기마다편향시험결과를보고한다",
        "누가결정하였고진본인가",
        "전자봉인을검증하고",
    ):
        assert words in text


def test_the_drawn_route_ends_where_the_determination_does() -> None:
    report = samples.report(("ko",))
    deciding = [one for one in report.steps if one.state == route.DECIDES]
    assert [(one.because, one.source) for one in deciding] == [
        (one.text, one.source) for one in report.with_claim.reasons
    ]
    after = report.steps[report.steps.index(deciding[0]) + 1 :]
    assert after
    assert {one.state for one in after} == {route.NOT_REACHED}


@pytest.mark.slow
def test_every_answer_and_note_is_in_the_report() -> None:
    flat = re.sub(r"\s", "", all_text(samples.rendered()))
    for written in (
        "지원서의 문장을 다섯 등급으로 나눕니다.",
        "인사팀장",
        "근거 note",
        "4,200명",
        "편향 시험",
        "2026.3.2.",
        "ab" * 32,
    ):
        assert re.sub(r"\s", "", written) in flat


@pytest.mark.slow
def test_drafts_and_examples_are_marked_on_every_page() -> None:
    for page in pages(read(hostile_draft())):
        text = printed_text(page)
        assert "DRAFT" in text
        assert "예시 · Example" in text


@pytest.mark.slow
def test_a_signed_off_report_carries_no_mark() -> None:
    assert "DRAFT · unsealed" not in all_text(samples.rendered())


@pytest.mark.slow
def test_a_stated_decision_is_said_on_the_first_page() -> None:
    used = samples.editions()
    stated = samples.signed_off(samples.assessment(used), origin=samples.Origin.STATED)
    raw = document.make(record.build(stated, used, at=samples.AT, document_id="HT-F"), ("en",))
    assert "Decision and sign-off are stated in a file." in printed_text(pages(read(raw))[0])
    assert read(raw).root["/Lang"] == "en"


@pytest.mark.slow
def test_the_report_never_calls_anything_compliant() -> None:
    for file in ("labels.yaml", "verification.yaml"):
        for key, text in labels.labels(file).items():
            assert "complian" not in text.en.lower(), key
    assert "complian" not in all_text(samples.rendered()).lower()


def test_english_labels_hold_hangul_only_in_brackets() -> None:
    for file in ("labels.yaml", "verification.yaml"):
        for key, text in labels.labels(file).items():
            assert not re.search(r"[가-힣]", re.sub(r"「[^」]*」|\([^)]*\)", "", text.en)), key


# --- charts -------------------------------------------------------------------------------------------------------------


def test_charts_write_their_figures_and_escape_their_words() -> None:
    bands = [Band("<b>&", 25), Band("Medium", 50), Band("High", 75), Band("Very high", 100)]
    svg = charts.overall(Range(20, 40), Range(10, 30), bands, ("<b>in", "re"))
    assert "20–40" in svg
    assert "10–30" in svg
    assert "<b>" not in svg
