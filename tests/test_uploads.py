"""Evidence files: judged by their content, kept under generated names, never too many and never too large."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from assessments import actions
from assessments.actions import Upload
from assessments.content import uploads
from assessments.content.uploads import clean_file_name, examine
from assessments.errors import EvidenceRefusedError, IncompleteError, NotAllowedError, NotFoundError, WrongStatusError
from assessments.home import home
from assessments.model import Actor, EvidenceMark
from assessments.own_process import OverLimitError, in_own_process
from assessments.storage import reader
from tests.compounds import compound, hwp
from tests.office import AT, KIM, LEE, PDF, SEO, Office, pdf

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


HEIC = bytes.fromhex("00000018667479706865696300000000") + b"mif1heic" + bytes(40)
MAIL = (
    "From: =?utf-8?q?x?= <x@example.invalid>\r\nTo: y@example.invalid\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900\r\n"
    "Subject: ok\r\n\r\n검토하였습니다.\r\n"
).encode()


def packed(*names: str, filling: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, filling)
    return made.getvalue()


def hwpx(*, mimetype: bytes = b"application/hwp+zip", manifest: bytes = b"<manifest/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("version.xml", b"<version/>")
        archive.writestr("META-INF/manifest.xml", manifest)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("지정서.pdf", PDF, "application/pdf"),
        ("화면.PNG", PNG, "image/png"),
        ("사진.jpeg", JPEG, "image/jpeg"),
        ("표.xlsx", packed("xl/workbook.xml"), uploads._OFFICE["xl/workbook.xml"]),
        ("규정.docx", packed("word/document.xml"), uploads._OFFICE["word/document.xml"]),
        ("발표.pptx", packed("ppt/presentation.xml"), uploads._OFFICE["ppt/presentation.xml"]),
        ("회의록.hwp", hwp(), "application/x-hwp"),
        ("규정.hwpx", hwpx(), "application/hwp+zip"),
        ("현장.heic", HEIC, "image/heic"),
        ("회신.eml", MAIL, "message/rfc822"),
        ("회신.eml", MAIL.decode().encode("cp949"), "message/rfc822"),
        ("목록.csv", "이름,횟수\n김,3\n".encode("cp949"), "text/csv"),
        ("메모.txt", "메모".encode("utf-8-sig"), "text/plain"),
    ],
)
def test_an_accepted_file_is_known_by_its_content(name: str, content: bytes, media_type: str) -> None:
    assert examine(Upload("t", name, content)) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.exe", b"MZ" + bytes(100)),
        ("a.pdf", b"MZ" + bytes(100)),
        ("a.txt", b"\x7fELF" + bytes(100)),
        ("a.txt", b"text\x00with nul"),
        ("a.csv", bytes(range(256))),
        ("a", PDF),
        ("pdf", PDF),
        ("a.zip", packed("notes.txt")),
        ("a.xlsx", packed("word/document.xml")),
        ("a.docx", packed("word/document.xml", "word/vbaProject.bin")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", packed("word/document.xml")[:-30]),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("a.html", b"<!doctype html><script></script>"),
        ("a.pdf", b""),
        ("a.hwp", PDF),
        ("a.pdf", hwp()),
        ("a.hwp", hwpx()),
        ("a.hwp", compound(WordDocument=b"x")),
        ("a.doc", compound(WordDocument=b"x")),
        ("a.hwp", compound(FileHeader=b"something else")),
        ("a.hwp", hwp()[:700]),
        ("a.hwpx", hwpx(mimetype=b"application/epub+zip")),
        ("a.zip", hwpx()),
        ("a.heic", PNG),
        ("a.eml", b"just a note"),
        ("a.eml", b"From: x@example.invalid\nno header line\n\ntext"),
        ("a.txt", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_a_file_whose_content_is_something_else_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(EvidenceRefusedError) as refused:
        examine(Upload("t", name, content))
    assert "not attached" in refused.value.text.en
    assert "첨부하지 못하였습니다" in refused.value.text.ko


ENCRYPTED = {
    "trailer": b"/Encrypt 5 0 R/ID[<%s><%s>]" % (b"00" * 16, b"00" * 16),
    "more": b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (b"00" * 32, b"00" * 32),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "en", "ko"),
    [
        ("a.pdf", pdf(**ENCRYPTED), "protected with a password", "암호가 걸려"),
        ("a.hwp", hwp(has_password=True), "protected with a password", "암호가 걸려"),
        ("a.hwpx", hwpx(manifest=b"<odf:encryption-data/>"), "protected with a password", "암호가 걸려"),
        ("a.docx", compound(EncryptedPackage=b"x", EncryptionInfo=b"x"), "protected with a password", "암호가 걸려"),
        ("a.pdf", pdf(b""), "pages are empty", "아무 내용이 없습니다"),
        ("a.pdf", pdf(b" \n "), "pages are empty", "아무 내용이 없습니다"),
        ("a.pdf", PDF[:120], "damaged", "손상되어"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(2000), "damaged", "손상되어"),
        ("a.hwp", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100), "damaged", "손상되어"),
    ],
)
def test_what_nobody_could_open_is_refused_for_what_it_is(name: str, content: bytes, en: str, ko: str) -> None:
    with pytest.raises(EvidenceRefusedError) as refused:
        examine(Upload("t", name, content))
    assert en in refused.value.text.en
    assert ko in refused.value.text.ko


@pytest.mark.slow
def test_pages_that_refer_to_themselves_end(tmp_path: Path) -> None:
    looped = pdf(more=b"<</Type/Pages/Kids[5 0 R]/Count 1>>").replace(b"/Pages 2 0 R", b"/Pages 5 0 R")
    with pytest.raises(EvidenceRefusedError, match="pages are empty"):
        examine(Upload("t", "a.pdf", looped))


def test_a_part_that_was_altered_after_packing_is_refused() -> None:
    whole = bytearray(packed("word/document.xml", filling=b"a" * 1000))
    with zipfile.ZipFile(io.BytesIO(bytes(whole))) as archive:
        start = archive.getinfo("word/document.xml").header_offset + 50
    whole[start] ^= 0xFF
    with pytest.raises(EvidenceRefusedError):
        examine(Upload("t", "a.docx", bytes(whole)))


@pytest.mark.slow
def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not() -> None:
    assert examine(Upload("t", "a.txt", b"x" * uploads.MAX_BYTES)) == "text/plain"
    with pytest.raises(EvidenceRefusedError, match="at most 20 MB"):
        examine(Upload("t", "a.txt", b"x" * (uploads.MAX_BYTES + 1)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UNPACKED_BYTES", 2**20)
    monkeypatch.setattr(uploads, "MAX_ENTRIES", 100)
    bomb = packed("word/document.xml", "word/media/1.xml", filling=bytes(400 * 2**10))
    assert len(bomb) < 4_000
    with pytest.raises(EvidenceRefusedError, match="more than 1 MB"):
        examine(Upload("t", "a.docx", bomb))
    crowd = packed("word/document.xml", *(f"{n}" for n in range(uploads.MAX_ENTRIES)), filling=b"")
    with pytest.raises(EvidenceRefusedError, match="too many parts"):
        examine(Upload("t", "a.docx", crowd))


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("보고서 1.pdf", "보고서 1.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\kim\\명단.csv", "명단.csv"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("가".encode("utf-16-le").decode("utf-16-le") + "\u1100\u1161.pdf", "가가.pdf"),
        ("\ud800x.pdf", "x.pdf"),
        (".pdf", "evidence.pdf"),
        ("", "evidence"),
        ("...", "evidence"),
        ("CON.pdf", "_CON.pdf"),
        ('a"<b>|c?.pdf', "a__b__c_.pdf"),
        ("x" * 300 + ".pdf", "x" * 109 + ".pdf"),
    ],
)
def test_a_file_name_is_harmless_after_cleaning(name: str, cleaned: str) -> None:
    found = clean_file_name(name)
    assert found == cleaned if len(name) < 200 else found.endswith("x.pdf")
    assert len(found) <= uploads.MAX_NAME_CHARACTERS + 1
    assert clean_file_name(found) == found


# --- on the disk ------------------------------------------------------------------------------------------------


def attach(office: Office, assessment_id: int, upload: Upload | None = None) -> str:
    with office.database.transaction() as session:
        return actions.add_evidence(session, assessment_id, upload or Upload("지정서", "지정서.pdf", PDF), SEO, AT).id


def stored() -> list[Path]:
    """Evidence on the disk, without the marks of files that are about to be committed."""
    files = sorted((home() / "evidence").glob("*")) if (home() / "evidence").exists() else []
    return [file for file in files if not file.name.startswith(".")]


def test_evidence_is_kept_under_a_generated_name_for_the_owner_only(office: Office) -> None:
    assessment_id = office.start()
    upload = Upload("지정서", "../지정서.pdf", PDF, part="authority", question="involvement.named")
    evidence_id = attach(office, assessment_id, upload)
    (file,) = stored()
    assert "지정서" not in file.name
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with office.database.reading() as session:
        found = reader.evidence_file(session, evidence_id)
    assert (found.stored_name, found.assessment_id, found.evidence.file_name) == (
        file.name,
        assessment_id,
        "지정서.pdf",
    )
    assert found.evidence == office.read(assessment_id).evidence[0]
    assert (found.evidence.added_by, found.evidence.size, found.content()) == (SEO.person, len(PDF), PDF)


def test_evidence_for_something_that_is_not_asked_is_refused(office: Office) -> None:
    assessment_id = office.start()
    for upload in (Upload("t", "a.pdf", PDF, part="unheard"), Upload("t", "a.pdf", PDF, question="hiring.unheard")):
        with pytest.raises(EvidenceRefusedError, match="unheard"):
            attach(office, assessment_id, upload)
    assert stored() == []


def test_a_file_goes_when_its_transaction_fails(office: Office) -> None:
    assessment_id = office.start()
    with pytest.raises(ZeroDivisionError):
        _attached_and_broken_off(office, assessment_id)
    assert list((home() / "evidence").iterdir()) == []
    assert office.read(assessment_id).evidence == ()


def _attached_and_broken_off(office: Office, assessment_id: int) -> None:
    with office.database.transaction() as session:
        actions.add_evidence(session, assessment_id, Upload("t", "a.pdf", PDF), KIM, AT)
        assert len(stored()) == 1
        raise ZeroDivisionError


@pytest.mark.slow
def test_a_removed_file_goes_with_the_last_revision_that_has_it(office: Office) -> None:
    assessment_id = office.start()
    lost, kept = attach(office, assessment_id), attach(office, assessment_id)
    with office.database.transaction() as session:
        actions.remove_evidence(session, assessment_id, lost, KIM, AT)
        assert len(stored()) == 2, "not before the commit"
    assert len(stored()) == 1
    office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, KIM, AT)
        actions.remove_evidence(session, assessment_id, kept, KIM, AT)
    assert len(stored()) == 1, "revision 1 still has it"
    assert [one.id for one in office.read(assessment_id, 1).evidence] == [kept]
    with pytest.raises(NotFoundError), office.database.transaction() as session:
        actions.remove_evidence(session, assessment_id, kept, KIM, AT)


@pytest.mark.slow
def test_the_quota_counts_every_revision_and_each_file_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES_OF_ASSESSMENT", 3 * len(PDF))
    assessment_id = office.start()
    evidence = [attach(office, assessment_id), attach(office, assessment_id)]
    office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, KIM, AT)
        for one in evidence:
            actions.remove_evidence(session, assessment_id, one, KIM, AT)
    attach(office, assessment_id)
    with pytest.raises(EvidenceRefusedError, match="Remove a file"):
        attach(office, assessment_id)


# --- one file for several items, and what the committee finds of it ---------------------------------------------


def test_a_file_is_named_for_one_more_item_without_being_stored_twice(office: Office) -> None:
    assessment_id = office.start()
    first = attach(office, assessment_id)
    with office.database.transaction() as session:
        second = actions.name_evidence(session, assessment_id, first, "authority", KIM, AT)
        before = reader.evidence_bytes(session, assessment_id)
    assert (len(stored()), before) == (1, len(PDF))
    one, other = office.read(assessment_id).evidence
    assert (one.part, other.part, one.sha256 == other.sha256, other.id) == ("", "authority", True, second.id)
    with pytest.raises(EvidenceRefusedError, match="already"), office.database.transaction() as session:
        actions.name_evidence(session, assessment_id, second.id, "authority", KIM, AT)
    with pytest.raises(EvidenceRefusedError, match="unheard"), office.database.transaction() as session:
        actions.name_evidence(session, assessment_id, first, "unheard", KIM, AT)
    with office.database.transaction() as session:
        actions.remove_evidence(session, assessment_id, first, KIM, AT)
    assert len(stored()) == 1, "the other item still has it"
    with office.database.reading() as session:
        assert reader.evidence_file(session, second.id).content() == PDF


@pytest.mark.slow
def test_the_committee_marks_what_it_saw_between_submission_and_decision(office: Office) -> None:
    assessment_id = office.start()
    evidence_id = attach(office, assessment_id)

    def mark(found: EvidenceMark, reason: str = "", by: Actor = LEE) -> None:
        with office.database.transaction() as session:
            actions.review_evidence(session, assessment_id, evidence_id, found, reason, by, AT)

    with pytest.raises(WrongStatusError):
        mark(EvidenceMark.SUFFICIENT)
    frozen = office.submit(assessment_id)
    with pytest.raises(IncompleteError, match="needs a reason"):
        mark(EvidenceMark.NOT_SUFFICIENT)
    with pytest.raises(NotAllowedError):
        mark(EvidenceMark.SUFFICIENT, by=replace(SEO, roles=LEE.roles))
    mark(EvidenceMark.NOT_SUFFICIENT, "기간이 다릅니다.")
    mark(EvidenceMark.SUFFICIENT)
    (found,) = office.read(assessment_id).evidence_reviews
    assert (found.evidence, found.mark, found.by, found.at) == (evidence_id, EvidenceMark.SUFFICIENT, LEE.person, AT)
    assert office.read(assessment_id).content_sha256 == frozen
    office.decide(assessment_id, frozen)
    with pytest.raises(WrongStatusError):
        mark(EvidenceMark.NOT_LOOKED_AT)


def test_the_database_itself_keeps_marks_as_they_were_at_the_decision(office: Office) -> None:
    assessment_id = office.start()
    evidence_id = attach(office, assessment_id)
    frozen = office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.review_evidence(session, assessment_id, evidence_id, EvidenceMark.SUFFICIENT, "", LEE, AT)
    office.decide(assessment_id, frozen)
    for statement in ("UPDATE evidence_review SET mark = 'not_looked_at'", "DELETE FROM evidence_review"):
        with (
            pytest.raises(IntegrityError, match="between submission and decision"),
            office.database.transaction() as session,
        ):
            session.connection().execute(sql(statement))


@pytest.mark.slow
def test_all_pdfs_of_an_assessment_are_opened_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(task: str, payload: bytes) -> bytes:
        asked.append(task)
        return in_own_process(task, payload)

    folder = Path(__file__).parent.parent / "examples" / "evidence"
    files = {file.name: file.read_bytes() for file in sorted(folder.glob("*.pdf"))}
    monkeypatch.setattr(uploads, "in_own_process", counted)
    monkeypatch.setattr(uploads, "_known_pdf", {})
    uploads.look_at_pdfs([*files.values(), b"%PDF-1.7 broken", b"a,b\n1,2\n"])
    assert {uploads.examine(Upload("글", name, content)) for name, content in files.items()} == {"application/pdf"}
    with pytest.raises(EvidenceRefusedError, match="damaged"):
        uploads.examine(Upload("글", "broken.pdf", b"%PDF-1.7 broken"))
    assert asked == ["evidence"]


@pytest.mark.slow
def test_a_pdf_that_took_too_long_is_not_called_damaged_and_is_read_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def overrun(_task: str, _payload: bytes) -> bytes:
        raise OverLimitError("it took longer than 20 seconds")

    monkeypatch.setattr(uploads, "_known_pdf", {})
    with monkeypatch.context() as busy:
        busy.setattr(uploads, "in_own_process", overrun)
        with pytest.raises(EvidenceRefusedError, match="Try again in a while") as refused:
            uploads.examine(Upload("글", "a.pdf", PDF))
    assert "잠시 뒤에 다시" in refused.value.text.ko and "손상" not in refused.value.text.ko
    assert uploads.examine(Upload("글", "a.pdf", PDF)) == "application/pdf"
