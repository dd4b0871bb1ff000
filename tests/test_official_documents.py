"""Official documents: every field of the form, the same words in every format, what is left out and missing, seals, and who gets them."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from hwpx import HwpxDocument, TextExtractor
from hwpx.tools.package_validator import validate_package
from hwpx.tools.validator import validate_document
from pyhanko.pdf_utils.reader import PdfFileReader
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions, register, viewing
from assessments.content.canonical import canonical
from assessments.deeds.requesting import SealedDocument
from assessments.derived import DutyState, Gap
from assessments.errors import NotAllowedError, NotFoundError, SealRefusedError, StaleAssessmentError, WrongStatusError
from assessments.home import home
from assessments.keeping import auditing
from assessments.model import Answer, Finding, Grant, Outcome, Response, Role, Withheld, WithheldKind
from assessments.registration import Registration, Standing
from assessments.storage import units
from assessments.storage.units import Account
from exports.forms import hwpx, official_docx
from exports.issuing import sealing
from exports.official import document as official
from exports.official import making, publication, request, rights_sheet
from exports.official.document import Document
from exports.official.material import Material
from exports.printing import document as printing
from exports.record import record
from exports.record.frozen import NoDocumentError
from exports.record.record import Record
from exports.seal import keys, pades
from exports.verification import about, verify
from exports.verification.reprint import Pages
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from pages._server import files, gate, official_documents, sign_in
from questionnaires import load
from questionnaires.confirmation import form
from questionnaires.disclosure import disclosure
from questionnaires.recourse import recourse
from questionnaires.schema import AllOf, Condition, Not, QuestionIs
from tests import doors, verapdf
from tests import report_samples as samples
from tests.asgi import ask
from tests.office import AT, CHO, KIM, LEE, PDF, Office, open_office
from tests.page_text import printed_text

DAY = datetime(2026, 11, 28, 3, tzinfo=UTC)
FACTS = {
    "registration_number": "124-81-00998",
    "contact_name": "서지안 (예시)",
    "contact_phone": "02-0000-0000",
    "contact_email": "request@example.com",
    "country": "대한민국",
    "base_model": "면접길잡이 등급 모델 3.2",
    "base_model_by": "새벽길채용 주식회사, 대한민국",
    "derived_models": "속기 모델 2.1; 소리글 주식회사(예시), 대한민국\n근거 문장 모델 1.4; 새벽길채용 주식회사, 대한민국",
    "requested_on": "2026-12-01",
    "risk_policy": "위험을 분기마다 식별하고 처리합니다.",
    "explanation_plan": "요청하면 등급과 주요 기준을 설명합니다.",
    "people_contact": "02-0000-0000, rights@example.com",
    "generates": "deepfake",
    "notice_ways": "document\nscreen",
    "notice_exemption": "none",
}
ALL = tuple((kind, language) for kind in making.MAKERS for language in ("ko", "en"))


@cache
def example_record(name: str) -> Record:
    return samples.example(name)


def material(
    language: str = "ko", facts: Mapping[str, str] = FACTS, example: str = "hiring", *, is_final: bool = False
) -> Material:
    made = example_record(example)
    again = record.recompute(made)
    return Material(made, again.assessment, again.questionnaires, again.findings, facts, language, 7, DAY, is_final)


def unanswered(made_of: Material) -> Material:
    """The same of an assessment without the questionnaire on duties, so that the page asks."""
    editions = {name: edition for name, edition in made_of.questionnaires.items() if name != "duties"}
    return replace(made_of, questionnaires=editions, findings=replace(made_of.findings, duties=()))


def words(document: Document) -> list[str]:
    """What every format has to hold, a line each."""
    lines = [line for text in document.lines() for line in text.split("\n")]
    return [plain(line) for line in lines if plain(line)]


def plain(text: str) -> str:
    return " ".join(text.replace("•", " ").split())


# --- the form ----------------------------------------------------------------------------------------------------


def test_the_forms_fields_stand_in_the_order_of_the_annexed_form() -> None:
    """As the Decree's form has them (law of 20 August 2026): applicant, AI, result; each once."""
    of_form = [field.id for section in ("applicant", "system", "review") for field in form().of_section(section)]
    assert of_form == [
        *("trade_name", "registration_number", "representatives", "address"),
        *("contact_name", "contact_phone", "contact_email", "operator_type"),
        *("official_name", "country", "base_model", "base_model_by", "derived_models"),
        *("purpose", "areas", "remarks", "reconfirmation", "result", "grounds"),
    ]
    assert len({field.id for field in form().fields}) == len(form().fields)
    assert [len(form().areas), len(form().results), len(form().attachments)] == [11, 3, 4]


def test_places_of_the_record_that_the_form_names_are_there() -> None:
    editions = {name: load.in_force(name, DAY.date()) for name in load.ids()}
    for field in form().fields:
        for place in field.places:
            part, _, name = place.partition(".")
            assert part in ("operator", "system", "answers", "role", "area", "determination"), place
            if part == "answers":
                questionnaire, _, question = name.partition(".")
                assert editions[questionnaire].questionnaire.question(question)
        for note in field.notes:
            known = {option.value for option in editions[note.in_].questionnaire.question(note.question).options}
            assert set(note.options) <= known, field.id
        for taken in field.answers:
            assert taken.value in {option.value for option in field.options}, field.id
            for fact in taken.facts:
                for condition in asked_by(fact.when):
                    question = editions[fact.in_].questionnaire.question(condition.question)
                    assert set(condition.is_) <= {option.value for option in question.options}, field.id
    ways = form().field("notice_ways").options
    assert {method.id for method in disclosure().notices.methods} == {way.value for way in ways}
    options = {option.value for option in editions["area"].questionnaire.question("areas").options}
    ticked = [option for area in form().areas for option in area.options]
    assert set(ticked) == options - {"none_of_these", "unknown"} and len(ticked) == len(set(ticked))
    columns = {column.id for column in editions["impact"].questionnaire.question("data_register").questions}
    assert set(form().training_data.columns) <= columns
    for name, domain in disclosure().rights.domains.items():
        for told in domain.automatic_if:
            known = {option.value for option in editions[name].questionnaire.question(told.question).options}
            assert set(told.options) <= known


def asked_by(condition: Condition) -> Iterator[QuestionIs]:
    match condition:
        case QuestionIs():
            yield condition
        case Not():
            yield from asked_by(condition.not_)
        case AllOf():
            for part in condition.all_of:
                yield from asked_by(part)
        case _:
            raise AssertionError(condition)


@pytest.mark.slow
def test_every_field_is_filled_for_the_hiring_example() -> None:
    made = request.request(material())
    rows = {row["name"]: row for block in made.data["blocks"] if block["kind"] == "fields" for row in block["rows"]}
    for section in ("applicant", "system", "review", "attachments"):
        for field in form().of_section(section):
            if field.id != "reconfirmation":
                assert field.label.ko in rows and not rows[field.label.ko]["is_missing"], field.id
    assert made.frozen.missing == ()
    assert made.frozen.title.replace("\u00a0", " ") == "고영향 인공지능 확인[√] 재확인[ ] 요청서"
    value = {name: row["value"].replace("\u00a0", " ") for name, row in rows.items()}
    assert "[√] 채용·대출 심사" in value["활용 영역"] and value["활용 영역"].count("√") == 1
    assert value["검토 결과"].startswith("[√] 고영향 인공지능에 해당") and value["검토 결과"].count("√") == 1
    assert value["사업자 유형"] == "[√] 인공지능개발사업자   [√] 인공지능이용사업자"
    assert "이견이 있음" in value["판단 근거"]
    assert "새벽길채용 주식회사 (예시)" in value["상호 또는 명칭"]
    table = next(block for block in made.data["blocks"] if block["kind"] == "table")
    assert len(table["rows"]) == 3 and len(table["head"]) == len(form().training_data.columns)
    text = " ".join(words(made))
    for sentence in ("제33조제1항", "과학기술정보통신부장관 귀하", "2026. 12. 1.", "(서명 또는 인)", "제16조제3항"):
        assert sentence in text.replace("\u00a0", " ")


def test_what_is_missing_is_named_and_never_made_up() -> None:
    made = request.request(material(facts={}))
    assert set(made.frozen.missing) == {
        *("담당자(또는 국내대리인) 성명", "담당자 전화번호", "담당자 전자우편", "개발 국가", "기반모델의 명칭 및 버전"),
        *("기반모델의 개발사 및 국가", "파생모델의 명칭 및 버전, 개발사 및 국가", "요청일"),
    }
    rows = [row for block in made.data["blocks"] if block["kind"] == "fields" for row in block["rows"]]
    assert {row["value"] for row in rows if row["is_missing"]} == {"[기재되지 않음]"}
    again = request.request(material(facts={**FACTS, "kind": "reconfirmation"}))
    assert again.frozen.missing == ("재확인 요청의 취지와 이유",)
    assert "확인[\u00a0] 재확인[√]" in again.frozen.title


def test_three_results_have_three_boxes_and_an_unfinished_assessment_none() -> None:
    whole = material()
    for outcome in Outcome:
        pair = whole.findings.determination
        other = replace(pair, with_claim=replace(pair.with_claim, outcome=outcome))
        made = request.request(replace(whole, findings=replace(whole.findings, determination=other)))
        ticked = re.findall(r"\[√\]\u00a0([^\[]+)", "\n".join(made.lines()))
        assert any(form().results[outcome.value].ko in text for text in ticked), outcome
    gap = Gap("hiring.profiles", form().title, is_required=True)
    unfinished = replace(whole, findings=replace(whole.findings, gaps=(gap,)))
    assert {"검토 결과", "판단 근거"} <= set(request.missing(unfinished))


def test_a_mere_user_is_told_to_ask_the_supplier() -> None:
    whole = material()
    assert whole.may_request and whole.findings.role is not None
    entries = tuple(replace(entry, role="user") for entry in whole.findings.role.entries[:1])
    user = replace(whole, findings=replace(whole.findings, role=replace(whole.findings.role, entries=entries)))
    assert "공급한 사업자가 요청" in " ".join(words(request.request(user)))


# --- the others --------------------------------------------------------------------------------------------------


def test_the_public_notice_holds_the_four_items() -> None:
    text = " ".join(words(publication.publication(material(facts={}))))
    for words_of in (
        "1. 위험관리",
        "2. 설명 방안",
        "3. 이용자 보호",
        "4. 고영향 인공지능을 관리·감독",
        "서지안 (예시)",
    ):
        assert words_of in text
    responses = material().assessment.responses["duties"]
    assert responses["risk_plan"].note in text and responses["risk_organisation"].note in text
    assert str(material().assessment.answers("impact")["oversight"]) not in text


@pytest.mark.first_in_check
@pytest.mark.parametrize("example", ["hiring", "credit", "medical"])
def test_the_public_notice_publishes_no_measures(example: str) -> None:
    """A measure that is only planned tells everybody of a weakness that is open; Decree 27(1)1 does not ask for it."""
    made_of = material(example=example)
    text = " ".join(words(publication.publication(made_of)))
    assert made_of.assessment.measures and not any(
        plain(measure.text) in text for measure in made_of.assessment.measures
    )


@pytest.mark.parametrize(("answer", "is_there"), [("in_place", True), ("planned", False), ("none", False)])
def test_a_note_on_the_organisation_is_taken_only_where_there_is_one(answer: str, *, is_there: bool) -> None:
    made_of = material(facts={})
    duties = made_of.assessment.responses["duties"]
    duties = {**duties, "risk_organisation": replace(duties["risk_organisation"], answer=answer)}
    responses = {**made_of.assessment.responses, "duties": duties}
    notice = publication.publication(replace(made_of, assessment=replace(made_of.assessment, responses=responses)))
    assert (duties["risk_organisation"].note in "\n".join(notice.lines())) is is_there
    assert ("위험관리의 주요 내용: 조직" in notice.frozen.missing) is not is_there


@pytest.mark.parametrize(
    ("state", "until", "sentence"),
    [
        (DutyState.DOCUMENTED, None, ""),
        (DutyState.PLANNED, date(2027, 1, 15), "아직 이행하지 않았으며 2027. 1. 15.까지 이행할 계획입니다."),
        (DutyState.PLANNED, None, "이행할 날을 정하지 않았습니다"),
        (DutyState.GAP, None, "평가에서 이행이 확인되지 않았습니다"),
        (DutyState.INHERITED, None, "시스템을 제공한 사업자가 이행한 조치에 따릅니다"),
    ],
)
def test_an_item_of_the_public_notice_says_whether_it_is_performed(
    state: DutyState, until: date | None, sentence: str
) -> None:
    of_hiring = material()
    duties = tuple(
        replace(finding, state=state, until=until) if finding.duty == "user_protection" else finding
        for finding in of_hiring.findings.duties
    )
    notice = publication.publication(replace(of_hiring, findings=replace(of_hiring.findings, duties=duties)))
    sentences = ("아직 이행하지 않았으며", "이행이 확인되지", "이행한 조치에 따릅니다")
    text = " ".join(words(notice)).replace("\u00a0", " ")
    assert (sentence in text) if sentence else not any(each in text for each in sentences)


def test_the_items_of_the_public_notice_are_duties() -> None:
    rule = load.in_force("duties", DAY.date()).questionnaire.duties
    assert rule is not None
    words_of, duties = disclosure(), {duty.id for duty in rule.items}
    assert {item.id for item in words_of.publication.items} <= duties
    assert {words_of.notices.advance_duty, words_of.notices.label.duty, words_of.notices.deepfake.duty} <= duties


def withholding(made_of: Material, *paths: str) -> Material:
    """The same with these places marked as trade secrets."""
    marks = tuple(Withheld(path, WithheldKind.TRADE_SECRET, "비밀", f"{at:032x}") for at, path in enumerate(paths))
    editions = {ref.id: load.in_force(ref.id, DAY.date()) for ref in made_of.assessment.editions}
    marked = replace(made_of.assessment, withheld=marks, content_sha256=None, decision=None, sign_off=None)
    built = record.build(marked, editions, at=DAY, document_id="HT-1")
    again = record.recompute(built)
    return replace(made_of, record=built, assessment=again.assessment, findings=again.findings)


ORGANISATION = "notes.duties.risk_organisation"


@pytest.mark.first_in_check
@pytest.mark.parametrize("is_copy", [False, True])
@pytest.mark.slow
def test_the_public_notice_leaves_trade_secrets_out_and_says_where(*, is_copy: bool) -> None:
    made_of = withholding(material(facts={}), ORGANISATION, "measures.m2")
    organisation = made_of.assessment.responses["duties"]["risk_organisation"].note
    made = publication.publication(made_of.redacted() if is_copy else made_of)
    text = "\n".join(made.lines())
    assert organisation not in text
    assert text.count("[영업비밀로 표시되어 제외함]") == 1 and "위에서 밝힌 곳은" in text
    assert "위험관리의 주요 내용: 조직" in made.frozen.missing
    written = replace(made_of, facts={"risk_organisation": "위험관리 전담 부서"})
    text = "\n".join(publication.publication(written).lines())
    assert "위험관리 전담 부서" in text and "제외" not in text


def test_a_mark_elsewhere_is_no_matter_of_the_public_notice() -> None:
    text = "\n".join(publication.publication(withholding(material(), "measures.m2")).lines())
    assert "제외" not in text


def test_a_request_of_a_redacted_copy_says_where_something_is_left_out() -> None:
    made_of = withholding(material(), "answers.impact.overview", "answers.impact.stage_collection").redacted()
    made = request.request(made_of)
    rows = {row["name"]: row for block in made.data["blocks"] if block["kind"] == "fields" for row in block["rows"]}
    whole, part = (rows[form().field(name).label.ko] for name in ("example_input", "overview"))
    assert whole == {**whole, "value": "[영업비밀로 표시되어 제외함]", "is_missing": True}
    assert part["value"].endswith("\n\n[영업비밀로 표시되어 제외함]") and not part["is_missing"]
    assert made.frozen.missing == (form().field("example_input").label.ko,)


def test_the_notices_come_from_the_record_and_what_is_written_does_not_contradict_it() -> None:
    """Hiring: told on the product and on the screen, nothing generative. What FACTS says of the three does not count."""
    made_of = material(facts={**FACTS, "notice_ways": "posted", "notice_exemption": "internal"})
    made = making.made("notices", made_of)
    text = "\n".join(made.lines())
    assert all(
        part in text for part in ("제○조", "이 서비스는 고영향 인공지능을 기반", "생성형 인공지능을 이용하지 않습니다")
    )
    assert not any(part in text for part in ("[안내]", "이 결과물은", "내부 업무에만"))
    assert made.frozen.missing == ()
    assert [field.id for field in made_of.contradicted()] == ["generates", "notice_ways", "notice_exemption"]
    assert making.missing("notices", material(facts={})) == ("설명·이의·검토를 요청하는 곳",)


@pytest.mark.parametrize("example", ["credit", "medical"])
def test_where_no_notice_is_owed_the_document_says_why_and_lacks_nothing(example: str) -> None:
    made = making.made("notices", material(facts={}, example=example))
    text = "\n".join(made.lines())
    because = {"credit": "조직 밖에 제공하지 않고 내부 업무에만", "medical": "법적 지위에는 적용되지"}
    assert (
        f"사전 고지 (법 제31조제1항): 해당하지 않습니다. {because[example]}"[:30] in text and because[example] in text
    )
    assert made.frozen.missing == () and "제○조" not in text


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("answers", "settled"),
    [
        ({"generative": "yes", "deepfake": "yes"}, {"generates": ("deepfake",)}),
        ({"generative": "yes", "deepfake": "no"}, {"generates": ("generative",)}),
        ({"generative": "yes", "deepfake": None}, {"generates": ()}),
        ({"generative": "unknown"}, {"generates": ()}),
        ({"obvious_ai": "yes"}, {"notice_exemption": ("obvious",)}),
        ({"obvious_ai": None}, {"notice_exemption": ()}),
        ({"notice_methods": ("posted", "recognised")}, {"notice_ways": ("posted", "recognised")}),
        ({"notice_methods": ("planned",)}, {"notice_ways": ()}),
        ({"notice_methods": None}, {"notice_ways": ()}),
    ],
)
def test_an_answer_settles_a_field_and_an_open_one_is_asked(
    answers: Mapping[str, Answer | None], settled: Mapping[str, tuple[str, ...]]
) -> None:
    made_of = material(facts={})
    duties = dict(made_of.assessment.responses["duties"])
    duties |= {name: Response(name, answer) for name, answer in answers.items()}
    responses = {**made_of.assessment.responses, "duties": duties}
    changed = replace(made_of, assessment=replace(made_of.assessment, responses=responses))
    assert {name: changed.answered(form().field(name)) for name in settled} == settled


@pytest.mark.parametrize(
    ("facts", "there", "absent"),
    [
        ({}, ["이 결과물은", "가상의 것으로", "제○조", "고영향 인공지능 및 생성형"], ["[안내]"]),
        ({"generates": "no"}, ["제○조", "고영향 인공지능을 기반"], ["이 결과물은", "가상의"]),
        ({"notice_ways": "posted"}, ["[안내]"], ["제○조"]),
        ({"notice_exemption": "internal"}, ["내부 업무에만"], ["제○조", "이 결과물은"]),
        ({"notice_ways": "recognised"}, ["제공하는 이 제품 또는 서비스는"], ["제○조"]),
        ({"generates": ""}, ["생성형 결과물을 이용자에게 제공하는지"], ["이 결과물은"]),
    ],
)
def test_only_those_notices_are_there_that_apply(facts: dict[str, str], there: list[str], absent: list[str]) -> None:
    text = "\n".join(making.made("notices", unanswered(material(facts={**FACTS, **facts}))).lines())
    assert all(part in text for part in there) and not any(part in text for part in absent)


def test_nothing_high_impact_and_nothing_generative_needs_no_notice() -> None:
    whole = unanswered(material(facts={**FACTS, "generates": "no"}))
    pair = whole.findings.determination
    other = replace(pair, with_claim=replace(pair.with_claim, outcome=Outcome.NOT_HIGH_IMPACT))
    text = "\n".join(
        making.made("notices", replace(whole, findings=replace(whole.findings, determination=other))).lines()
    )
    assert "필요하지 않습니다" in text and "제○조" not in text


@pytest.mark.first_in_check
@pytest.mark.parametrize("example", ["hiring", "credit", "medical"])
def test_a_rights_sheet_tells_law_from_guideline_and_says_where_there_is_no_right(example: str) -> None:
    made = rights_sheet.rights_sheet(material(example=example))
    text = " ".join(words(made))
    kinds = [kind for kind in recourse().kinds if kind.id != "other" and kind.is_of((example,))]
    assert {kind.id for kind in recourse().kinds} - {"other"} == set(disclosure().rights.kinds)
    for kind in kinds:
        assert disclosure().rights.kinds[kind.id].ask.ko in text
    for words_of in (
        "법률에 따른 권리",
        "법률상 권리는 아니지만",
        "직접 청구할 권리를 주지 않습니다",
        "구속력 없음",
        "30일 이내",
        "60일 이내를 예로 듭니다",
    ):
        assert words_of in text
    others = {"hiring": "고용노동부", "credit": "금융감독원", "medical": "의료분쟁"}
    assert [name for name, word in others.items() if word in text] == [example]


def test_whether_people_decide_follows_from_the_record() -> None:
    whole = material()
    for finding, state in (
        (Finding.SUPPORTED, "people"),
        (Finding.CONTRADICTED, "automatic"),
        (Finding.INDETERMINATE, "open"),
        (Finding.ABSENT, "open"),
    ):
        claim = replace(whole.findings.claim, whole=finding)
        assert rights_sheet.automation(replace(whole, findings=replace(whole.findings, claim=claim))) == state
    responses = dict(whole.assessment.responses)
    cut = replace(responses["hiring"]["automatic_cutoff"], answer="yes")
    responses["hiring"] = {**responses["hiring"], "automatic_cutoff": cut}
    assert (
        rights_sheet.automation(replace(whole, assessment=replace(whole.assessment, responses=responses)))
        == "automatic"
    )


# --- formats -----------------------------------------------------------------------------------------------------


def word_lines(content: bytes) -> list[str]:
    """By a reader of its own: every run of text of the body in its order, whatever holds it."""
    body = Word(BytesIO(content)).element.body
    lines = []
    for paragraph in body.iter(qn("w:p")):
        parts = ["\n" if node.tag == qn("w:br") else node.text or "" for node in paragraph.iter(qn("w:t"), qn("w:br"))]
        lines += "".join(parts).split("\n")
    return [plain(line) for line in lines if plain(line)]


def hangul_lines(content: bytes) -> list[str]:
    """By python-hwpx, which knows nothing of how the file was written."""
    with TextExtractor(BytesIO(content)) as extractor:
        text = extractor.extract_text(object_behavior="nested", include_nested=True, skip_empty=True)
    return [plain(line) for line in re.split("[\n\t]", text) if plain(line)]


@pytest.mark.first_in_check
@pytest.mark.parametrize(("kind", "language"), ALL)
@pytest.mark.slow
def test_word_and_hangul_hold_the_very_words_of_the_document(kind: str, language: str) -> None:
    made = making.made(kind, material(language))
    wanted = words(made)
    marks = " ".join(made.frozen.marks)
    wanted = [marks, *wanted[len(made.frozen.marks) :]]
    assert word_lines(official_docx.as_docx(made)) == wanted
    assert "".join(hangul_lines(hwpx.as_hwpx(made))).replace(" ", "") == "".join(wanted).replace(" ", "")


@pytest.mark.first_in_check
@pytest.mark.parametrize(("kind", "language"), ALL)
def test_hangul_files_fit_the_schemas_of_their_format(kind: str, language: str, tmp_path: Path) -> None:
    content = hwpx.as_hwpx(making.made(kind, material(language)))
    file = tmp_path / "made.hwpx"
    file.write_bytes(content)
    assert validate_package(file).ok
    assert validate_document(file).ok
    with ZipFile(BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == (
            "mimetype",
            ZIP_STORED,
            b"application/hwp+zip",
        )
    tables = [
        block for block in making.made(kind, material(language)).data["blocks"] if block["kind"] in ("fields", "table")
    ]
    opened = HwpxDocument.open(BytesIO(content))
    assert sum(len(list(paragraph.tables)) for paragraph in opened.paragraphs) == len(tables)


def test_the_same_document_gives_the_same_bytes() -> None:
    made, again = (making.made("request", material()) for _ in range(2))
    assert made.canonical == again.canonical
    assert hwpx.as_hwpx(made) == hwpx.as_hwpx(again)


def test_words_of_people_do_nothing_in_any_format(tmp_path: Path) -> None:
    nasty = '<b>굵게</b> & "인용" ]]> {{ 7*7 }} \x0b끝'
    made = making.made("request", material(facts={**FACTS, "remarks": nasty}))
    assert plain(nasty.replace("\x0b", "")) in word_lines(official_docx.as_docx(made))
    file = tmp_path / "nasty.hwpx"
    file.write_bytes(hwpx.as_hwpx(made))
    assert validate_document(file).ok and '<b>굵게</b> & "인용" ]]> {{ 7*7 }}' in " ".join(
        hangul_lines(file.read_bytes())
    )


def test_it_is_read_back_from_its_own_bytes_and_from_no_others() -> None:
    made = making.made("rights", material())
    assert official.read(made.canonical).sha256 == made.sha256
    table = {"kind": "table", "head": ["a"], "rows": [["b", "c"]]}
    for other in ({**made.data, "more": 1}, {**made.data, "blocks": [table]}, []):
        with pytest.raises(NoDocumentError):
            official.read(canonical(other))
    with pytest.raises(NoDocumentError):
        official.read(made.canonical + b" ")


@pytest.mark.slow
@pytest.mark.parametrize("kind", making.MAKERS)
def test_the_printed_pages_hold_the_same_words(kind: str, tmp_path: Path) -> None:
    made = making.made(kind, material())
    reader = PdfFileReader(BytesIO(printing.make_official(made)))
    printed = "".join("".join(printed_text(page.get_object()).split()) for page in reader.root["/Pages"]["/Kids"])
    signs = Counter(printed.replace("\u2060", ""))
    wanted = Counter("".join("".join(line.split()) for line in words(made)))
    assert not {sign: count for sign, count in wanted.items() if signs[sign] < count}


@pytest.mark.slow
@pytest.mark.skipif(not verapdf.is_at_hand(), reason="needs Java; on Debian default-jdk-headless and libjaxb-java.")
def test_every_document_conforms_in_both_languages(tmp_path: Path) -> None:
    printed = {
        f"{kind} {language}": printing.make_official(making.made(kind, material(language))) for kind, language in ALL
    }
    judgments = verapdf.judged(printed, tmp_path)
    assert {name: judgment.broken for name, judgment in judgments.items()} == dict.fromkeys(judgments, ())


# --- sealed ------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    example_record("hiring")  # by the shipped questionnaires, before the small ones take their place
    return open_office(tmp_path, monkeypatch)


def final(kind: str = "request", language: str = "ko") -> Document:
    return making.made(kind, material(language, is_final=True))


def verified(file: bytes, *, is_reprinting: bool = False) -> Verification:
    now = datetime.now(UTC)
    return verify.verify(file, sealing.known_certificates(home()), at=now, is_reprinting=is_reprinting)


@pytest.mark.slow
def test_verification_says_what_it_is_and_that_it_is_intact(office: Office, tmp_path: Path) -> None:
    made = final()
    file = sealing.seal_official(printing.make_official(made), made, home(), DAY).pdf
    verification = verified(file, is_reprinting=True)
    assert (verification.verdict, verification.pages) == (Verdict.PASSED, Pages.SAME)
    told = {row.name: row.value for row in about.rows(verification, "ko")}
    assert "고영향 인공지능 확인 요청서" in str(told) and made.frozen.content_sha256 in told.values()
    assert verification.to_json()["official"]["kind"] == "request"
    broken = bytearray(file)
    broken[len(file) // 3] ^= 1
    assert verified(bytes(broken)).verdict is Verdict.FAILED
    path = tmp_path / "request.pdf"
    path.write_bytes(file)
    shown = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, timeout=60, check=False).stdout
    assert "Signature is Valid" in shown and "Total document signed" in shown


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_other_pages_than_what_was_frozen_are_found(office: Office) -> None:
    made = final("rights")
    lying = Document(made.frozen.model_copy(update={"title": "다른 안내"}))
    vars(lying).update(canonical=made.canonical, sha256=made.sha256)
    verification = verified(pades.seal(printing.make_official(lying), keys.load_or_create(home())), is_reprinting=True)
    assert (verification.verdict, verification.pages) == (Verdict.FAILED, Pages.OTHER)
    assert [fact.id for fact in verification.facts if fact.state is State.BAD] == ["pages"]


@pytest.mark.slow
def test_neither_a_draft_nor_what_lacks_something_is_sealed(office: Office) -> None:
    for made, word in (
        (making.made("request", material()), "sign"),
        (making.made("request", material(facts={}, is_final=True)), "Country of development|개발 국가"),
    ):
        with pytest.raises(SealRefusedError, match=word):
            sealing.seal_official(b"%PDF-", made, home())


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_draft_that_was_sealed_all_the_same_fails(office: Office) -> None:
    made = making.made("rights", material())
    file = pades.seal(printing.make_official(made), keys.load_or_create(home()))
    verification = verified(file)
    assert verification.verdict is Verdict.FAILED
    assert "signed_off" in [fact.id for fact in verification.facts if fact.state is State.BAD]


# --- kept, and who gets what -----------------------------------------------------------------------------------


def facts_written(office: Office, number: int) -> None:
    written = {
        **FACTS,
        "purpose": "지원서를 읽는다.",
        "address": "서울",
        "representatives": "한도윤",
        "overview": "개요",
    }
    written |= {
        "example_input": "입력",
        "example_processing": "처리",
        "example_output": "출력",
        "operator_type": "developer",
    }
    with office.database.transaction() as session:
        actions.set_request_facts(session, number, written, KIM, AT, seen=None)


@pytest.mark.slow
def test_a_sealed_document_is_kept_registered_and_found_by_the_audit(office: Office) -> None:
    number = office.signed_off()
    facts_written(office, number)
    assert official_documents.keep(number, "rights", KIM, "ko") is None
    with office.database.reading() as session:
        (kept,) = viewing.paperwork(session, LEE, number).documents
        _same, content, file = viewing.official_document(session, LEE, number, kept.number)
        assert auditing.audit(session, lambda _: None, notes=False).is_intact
    assert official.read(canonical(content)).sha256 == kept.content_sha256
    assert register.look_up(file, hashlib.sha256(file).hexdigest(), kept.content_sha256) == Registration(
        Standing.REGISTERED
    )
    copy = file + b" "
    of_copy = hashlib.sha256(copy).hexdigest()
    assert register.look_up_for_strangers(copy, of_copy, kept.content_sha256) == Registration(Standing.UNKNOWN)
    looked_up = register.look_up(copy, of_copy, kept.content_sha256, LEE)
    assert looked_up is not None and looked_up.standing is not Standing.REGISTERED
    facts_written(office, number)
    with office.database.reading() as session:
        assert viewing.official_document(session, LEE, number, kept.number)[2] == file


@pytest.mark.slow
def test_an_altered_or_added_document_is_found(office: Office) -> None:
    number = office.signed_off()
    frozen = office.read(number).content_sha256
    with office.database.transaction() as session:
        content = {"assessment": number, "revision": 1, "content_sha256": frozen}
        actions.keep_official(session, number, SealedDocument("rights", "ko", content, PDF), KIM, AT)
        session.connection().exec_driver_sql("DROP TRIGGER official_document_no_update")
        session.connection().exec_driver_sql("UPDATE official_document SET file = x'00'")
    with office.database.reading() as session:
        audit = auditing.audit(session, lambda _: None, notes=False)
    assert [finding.thing.value for finding in audit.findings] == ["official"]


@pytest.mark.slow
def test_only_what_is_signed_off_and_made_from_it_is_kept(office: Office) -> None:
    draft, done = office.start(), office.signed_off()
    sealed = SealedDocument("rights", "ko", {"assessment": done, "revision": 1, "content_sha256": "0" * 64}, PDF)
    for number, error in ((draft, WrongStatusError), (done, StaleAssessmentError)):
        with pytest.raises(error), office.database.transaction() as session:
            actions.keep_official(session, number, sealed, KIM, AT)
    with pytest.raises(NotAllowedError):
        official_documents.keep(done, "rights", LEE, "ko")
    with pytest.raises(NotFoundError):
        official_documents.document(done, KIM, "invoice", "ko")


@pytest.mark.slow
def test_files_reach_those_who_may_read_the_report(office: Office) -> None:
    number = office.signed_off()
    facts_written(office, number)
    app = Starlette(routes=[*sign_in.ROUTES, *files.ROUTES], middleware=[Middleware(gate.Gate)])
    frozen = office.read(number).content_sha256
    with office.database.transaction() as session:
        elsewhere = units.add_unit(session, "다른 회사", None)
        for person, role, unit in (
            ("lee", Role.COMMITTEE_MEMBER, 1),
            ("au", Role.AUDITOR, 1),
            ("far", Role.CHAIR, elsewhere),
        ):
            units.add_account(session, Account(person, unit, person, "", True, AT, frozenset({Grant(role, unit)})))
        content = {"assessment": number, "revision": 1, "content_sha256": frozen, "document_id": "HT-1"}
        kept = actions.keep_official(session, number, SealedDocument("rights", "ko", content, PDF), CHO, AT)
    wanted = {"lee": 200, "au": 200, "far": 404, "": 401}
    for path in ("request.docx?language=en", "notices.hwpx", f"sealed/{kept}.pdf", f"sealed/{kept}.json"):
        cookies = {person: doors.cookies_of(person) if person else {} for person in wanted}
        came = {
            person: ask(app, f"/files/document/{number}/{path}", cookies=cookies[person]).status for person in wanted
        }
        assert came == wanted, path
    for path, words_of in (
        ("invoice.pdf", "request, publication, notices, rights"),
        ("request.exe", "pdf, docx, hwpx"),
        ("request.docx?language=xx", "ko, en."),
        ("sealed/999999.pdf", ""),
    ):
        answer = ask(app, f"/files/document/{number}/{path}", cookies=doors.cookies_of("lee"))
        assert answer.status == 404 and words_of in answer.body.decode(), path
