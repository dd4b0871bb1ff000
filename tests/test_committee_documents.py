"""A committee's paper and minutes: frozen, printed, sealed, told apart from reports by verification, and unmoved by later edits."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document as Word
from pyhanko.pdf_utils.reader import PdfFileReader
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions, register, viewing
from assessments.content.canonical import canonical
from assessments.deeds.meeting import Sealed
from assessments.errors import NotAllowedError, WrongStatusError
from assessments.home import home
from assessments.keeping import made_home
from assessments.model import Ballot, Grant, Role
from assessments.registration import Registration, Standing
from assessments.rules.requesting import StepKind
from assessments.storage import units
from assessments.storage.units import Account
from exports.committee import document as committee
from exports.committee.document import Document
from exports.forms import minutes as forms
from exports.issuing import sealing
from exports.printing import document as printing
from exports.printing import pdf
from exports.record.frozen import NoDocumentError
from exports.seal import keys, pades
from exports.verification import about, verify
from exports.verification.reprint import Pages
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from pages._server import committee_documents, files, gate, portfolio_tables, sign_in
from tests import doors, verapdf
from tests.asgi import ask
from tests.office import AT, CHO, KIM, LEE, Office
from tests.test_meetings import MIN, closed, convened, seated, view

__all__ = ["seated"]


@pytest.fixture
def held(seated: Office) -> tuple[Office, int]:
    """A closed meeting with votes, words and an addendum."""
    assessment = seated.start()
    frozen = seated.submit(assessment)
    number = convened(seated)
    with seated.database.transaction() as session:
        for member in (LEE, MIN):
            reason = "근거가 충분하다. <b>굵게</b> | *별*"
            actions.cast_vote(session, assessment, Ballot.APPROVE, reason, frozen, member, AT)
        actions.take_minutes(session, number, 1, "첫 줄\n둘째 줄", "표결에 따른다.", LEE, AT)
    closed(seated, number)
    with seated.database.transaction() as session:
        actions.add_addendum(session, number, "이름을 바로잡는다.", CHO, AT)
    return seated, number


def paper(office: Office, number: int, language: str = "ko") -> Document:
    with office.database.reading() as session:
        return committee_documents.paper(session, CHO, viewing.meeting(session, CHO, number), language, AT)


def minutes(office: Office, number: int, language: str = "ko") -> Document:
    return committee_documents.minutes(view(office, number), language, AT)


def words(document: Document) -> str:
    return json.dumps(document.data["blocks"], ensure_ascii=False)


# --- what is frozen ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_document_is_read_back_from_its_own_bytes_and_from_no_others(held: tuple[Office, int]) -> None:
    document = minutes(*held)
    assert committee.read(document.canonical).sha256 == document.sha256
    with pytest.raises(NoDocumentError):
        committee.read(document.canonical + b" ")
    longer = {
        **document.data,
        "blocks": [{"kind": "table", "head": ["a"], "rows": [["b", "c"]], "is_of_figures": False}],
    }
    for other in ({**document.data, "more": 1}, longer, []):
        with pytest.raises(NoDocumentError):
            committee.read(canonical(other))


def test_minutes_hold_attendance_votes_words_and_addenda(held: tuple[Office, int]) -> None:
    text = words(minutes(*held))
    for word in ("조은별", "15:20", "간사 1명", "근거가 충분하다.", "첫 줄", "표결에 따른다.", "이름을 바로잡는다."):
        assert word in text


@pytest.mark.slow
def test_a_paper_counts_what_the_committees_screen_counts(seated: Office) -> None:
    waiting, draft = seated.start(), seated.start()
    seated.submit(waiting)
    number = convened(seated)
    with seated.database.reading() as session:
        portfolio = viewing.portfolio(session, CHO, viewing.Facets(unit=1), AT.date(), 9)
    blocks = paper(seated, number, "en").data["blocks"]
    tables = [block for block in blocks if block["kind"] == "table"]
    assert tables[0]["rows"][0][0] == f"CV helper ({waiting})"  # what waits comes first, and nothing that does not
    assert len(tables[0]["rows"]) == 1 and draft
    sums = [table["rows"][-1][-1] for table in tables if table["is_of_figures"]]
    assert sums[0] == f"{portfolio.total}"


@pytest.mark.slow
def test_a_paper_tells_the_clocks_of_requests_under_art_33(seated: Office) -> None:
    number = seated.start()
    meeting = convened(seated)
    assert "제33조" not in words(paper(seated, meeting))
    with seated.database.transaction() as session:
        actions.note_request_step(session, number, StepKind.SENT, AT.date() - timedelta(days=31), KIM, AT)
    told = words(paper(seated, meeting)).replace("\u00a0", " ")
    assert "진행 중인 법 제33조에 따른 확인 요청" in told and "(기한 지남)" in told and "30일, 시행령 제25조" in told


@pytest.mark.slow
def test_what_is_edited_later_does_not_change_a_kept_paper(seated: Office) -> None:
    number = convened(seated)
    kept_document = committee_documents.keep(number, "paper", CHO, "ko")
    assert kept_document is None
    with seated.database.reading() as session:
        (document,) = viewing.meeting(session, CHO, number).documents
        _same, content, file = viewing.meeting_document(session, LEE, number, document.number)
    seated.submit(seated.start())
    with seated.database.reading() as session:
        again = viewing.meeting_document(session, LEE, number, document.number)
    assert again == (document, content, file)
    assert committee.read(canonical(content)).sha256 == document.content_sha256
    assert words(paper(seated, number)) != json.dumps(content["blocks"], ensure_ascii=False)


def test_only_the_chair_makes_one_and_minutes_only_once_they_are_closed(seated: Office) -> None:
    number = convened(seated)
    with pytest.raises(NotAllowedError):
        committee_documents.keep(number, "paper", LEE, "ko")
    with pytest.raises(NotAllowedError):
        committee_documents.closed_minutes(number, KIM, "ko")
    for deed in (
        lambda: committee_documents.closed_minutes(number, LEE, "ko"),
        lambda: committee_documents.keep(number, "minutes", CHO, "ko"),
    ):
        with pytest.raises(WrongStatusError):
            deed()


# --- other forms -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_words_of_people_do_nothing_in_markdown_and_in_word(held: tuple[Office, int]) -> None:
    document = minutes(*held)
    text = forms.as_markdown(document).decode()
    assert r"\<b>굵게\</b> \| \*별\*" in text and "첫 줄<br>둘째 줄" in text
    content = forms.as_docx(document)
    word = Word(BytesIO(content))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert "근거가 충분하다. <b>굵게</b> | *별*" in cells
    assert word.core_properties.comments == f"SHA-256 {document.sha256}"
    with ZipFile(BytesIO(content)) as parts:
        assert b"tblHeader" in parts.read("word/document.xml")


# --- sealed ------------------------------------------------------------------------------------------------------


def sealed(document: Document) -> bytes:
    return sealing.seal_committee(printing.make_committee(document), document, home()).pdf


def verified(file: bytes, *, is_reprinting: bool = False) -> Verification:
    now = datetime.now(UTC)
    return verify.verify(file, sealing.known_certificates(home()), at=now, is_reprinting=is_reprinting)


@pytest.mark.slow
def test_verification_says_what_it_is_and_that_it_is_intact(held: tuple[Office, int], tmp_path: Path) -> None:
    document = minutes(*held)
    file = sealed(document)
    verification = verified(file, is_reprinting=True)
    assert (verification.verdict, verification.pages) == (Verdict.PASSED, Pages.SAME)
    assert verification.record_sha256 == document.sha256
    assert any("위원회 회의록" in row.value for row in about.rows(verification, "ko"))
    assert verification.to_json()["committee"]["kind"] == "minutes"
    broken = bytearray(file)
    broken[len(file) // 3] ^= 1
    assert verified(bytes(broken)).verdict is Verdict.FAILED
    path = tmp_path / "minutes.pdf"
    path.write_bytes(file)
    shown = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, timeout=60, check=False).stdout
    assert "Signature is Valid" in shown and "Total document signed" in shown


@pytest.mark.slow
def test_the_register_knows_what_was_kept_and_tells_no_stranger_more(held: tuple[Office, int]) -> None:
    office, number = held
    document = minutes(office, number)
    file = b"%PDF-1.7 sealed"
    with office.database.transaction() as session:
        actions.keep_document(session, number, Sealed("minutes", "ko", document.data, file), CHO, AT)
    sha256 = hashlib.sha256(file).hexdigest()
    for looked_up in (
        register.look_up(file, sha256, document.sha256),
        register.look_up(file, sha256, document.sha256, KIM),
        register.look_up_for_strangers(file, sha256, None),
    ):
        assert looked_up == Registration(Standing.REGISTERED)
    copy, of_copy = file + b" ", hashlib.sha256(file + b" ").hexdigest()
    others = {person: register.look_up(copy, of_copy, document.sha256, person) for person in (CHO, KIM)}
    assert {person.id: each and each.standing for person, each in others.items()} == {
        "cho": Standing.OTHER,
        "kim": Standing.UNKNOWN,
    }
    assert register.look_up_for_strangers(copy, of_copy, document.sha256) == Registration(Standing.UNKNOWN)


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_other_pages_than_what_was_frozen_are_found(held: tuple[Office, int]) -> None:
    """Sealed by the right key, and what is attached is sound; only the pages say something else."""
    document = minutes(*held)
    lying = Document(document.frozen.model_copy(update={"title": "다른 회의록"}))
    vars(lying).update(canonical=document.canonical, sha256=document.sha256)
    file = pades.seal(printing.make_committee(lying), keys.load_or_create(home()))
    verification = verified(file, is_reprinting=True)
    assert (verification.verdict, verification.pages) == (Verdict.FAILED, Pages.OTHER)
    assert [fact.id for fact in verification.facts if fact.state is State.BAD] == ["pages"]


@pytest.mark.slow
@pytest.mark.skipif(not verapdf.is_at_hand(), reason="needs Java; on Debian default-jdk-headless and libjaxb-java.")
def test_both_documents_conform_and_a_paper_has_one_to_three_pages(held: tuple[Office, int], tmp_path: Path) -> None:
    office, number = held
    for _ in range(3):
        office.submit(office.start())
    following = convened(office)
    papers = {language: sealed(paper(office, following, language)) for language in ("ko", "en")}
    for file in papers.values():
        assert 1 <= PdfFileReader(BytesIO(file)).root["/Pages"]["/Count"] <= 3
    judgments = verapdf.judged({**papers, "minutes": sealed(minutes(office, number))}, tmp_path)
    assert {name: judgment.broken for name, judgment in judgments.items()} == dict.fromkeys(judgments, ())


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_paper_of_a_portfolio_whose_lists_are_full_has_three_pages(office: Office, language: str) -> None:
    """What comes first of each list stands there, and how many there are."""
    made_home.seed(300, today=AT.date())
    with office.database.transaction() as session:
        units.add_account(session, Account(CHO.id, 1, CHO.name, "", True, AT, frozenset({Grant(Role.CHAIR, 1)})))
    file = paper(office, convened(office), language)
    assert PdfFileReader(BytesIO(pdf.render_committee(file))).root["/Pages"]["/Count"] == 3
    with office.database.reading() as session:
        shown = viewing.portfolio(session, CHO, viewing.Facets(unit=1), AT.date(), 4)
    late = [
        part
        for of in (shown.accepted, shown.due)
        for part in (
            (f"{of.total} in all. {of.reached} of them are ",)
            if language == "en"
            else (f"모두 {of.total}건입니다. 이 가운데", f"{of.reached}건")
        )
    ]
    told, absent = words(file).replace("\u00a0", " "), portfolio_tables.without_log(shown.cells)[0]
    assert all(part in told for part in late) and f"{absent:,}" in told, (
        "what is late or was not measured, of all of them"
    )
    tables = [block["rows"] for block in file.data["blocks"] if block["kind"] == "table"]
    by_system = {row[0]: row for rows in tables for row in rows if len(row) == 5}
    for risk in shown.accepted.entries:
        until = next(row for name, row in by_system.items() if name.endswith(f"({risk.assessment_id})"))[4]
        assert ("(" in until) is (risk.until <= AT.date()), until


# --- who gets the files --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_files_of_a_meeting_reach_its_readers_alone(held: tuple[Office, int]) -> None:
    office, number = held
    app = Starlette(routes=[*sign_in.ROUTES, *files.ROUTES], middleware=[Middleware(gate.Gate)])
    with office.database.transaction() as session:
        elsewhere = units.add_unit(session, "다른 회사", None)
        for person, role, unit in (
            ("pm", Role.PRODUCT_MANAGER, 1),
            ("au", Role.AUDITOR, 1),
            ("far", Role.CHAIR, elsewhere),
        ):
            units.add_account(session, Account(person, unit, person, "", True, AT, frozenset({Grant(role, unit)})))
        content = minutes(office, number).data
        made = Sealed("minutes", "ko", content, b"%PDF-1.7 sealed")
        document = actions.keep_document(session, number, made, CHO, AT)
    wanted = {"lee": 200, "cho": 200, "au": 200, "pm": 409, "far": 404, "": 401}
    for path in ("minutes.md?language=ko", "minutes.docx", f"{document}.pdf", f"{document}.json"):
        came = {
            person: ask(
                app, f"/files/meeting/{number}/{path}", cookies=doors.cookies_of(person) if person else {}
            ).status
            for person in wanted
        }
        assert came == wanted, path
    frozen = ask(app, f"/files/meeting/{number}/{document}.json", cookies=doors.cookies_of("lee")).body
    assert committee.read(frozen).data == content
    for path in ("minutes.exe", "999999.pdf", "minutes.md?language=xx"):
        assert ask(app, f"/files/meeting/{number}/{path}", cookies=doors.cookies_of("lee")).status == 404
