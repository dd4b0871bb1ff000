"""Redacted copies: nothing marked is left anywhere, nothing that decides can be marked, and verification says what it is."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import zlib
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from assessments import actions
from assessments.content.canonical import canonical, content, content_sha256, digest
from assessments.content.withholding import ACTS, places
from assessments.errors import InvalidAnswerError, NotAllowedError, RedactionError, WrongStatusError
from assessments.file import assessment_file
from assessments.model import Origin, Withheld, WithheldKind
from exports.record import attached, record, redaction
from exports.record.record import Record
from exports.seal import pades
from exports.seal.certificates import as_pem
from exports.seal.keys import certificate_pem
from exports.verification import consistency, inspection
from exports.verification.verify import conclude
from exports.words.facts import Verdict
from questionnaires.problems import InvalidFileError
from tests import report_samples as samples
from tests.office import AT, KIM, LEE, Office
from tests.page_text import printed_text

EXAMPLES = Path(__file__).parent.parent / "examples"
SECRET, PERSONAL = WithheldKind.TRADE_SECRET, WithheldKind.PERSONAL
MARKS = (
    Withheld("answers.hiring.grading_words", SECRET, "채점 방식은 영업비밀", "a1" * 16),
    Withheld("answers.hiring.reviewers.1", PERSONAL, "사람 이름", "a2" * 16),
    Withheld("notes.hiring.human_step", SECRET, "내부 근거", "a3" * 16),
    Withheld("evidence.ev1", SECRET, "문서 제목", "a4" * 16),
    Withheld("scenarios.s1", SECRET, "사업 내용", "a5" * 16),
    Withheld("measures.m1", SECRET, "사업 내용", "a6" * 16),
    Withheld("operator.representative", PERSONAL, "사람 이름", "a7" * 16),
    Withheld("decision.by", PERSONAL, "사람 이름", "a8" * 16),
    Withheld("sign_off.by", PERSONAL, "사람 이름", "a9" * 16),
)


@cache
def full() -> Record:
    used = samples.editions()
    marked = replace(samples.assessment(used, is_example=True), withheld=MARKS)
    stated = samples.signed_off(marked, origin=Origin.STATED)  # with every notice that a first page can carry
    return record.build(stated, used, at=samples.AT, document_id="HT-2026-0007")


@cache
def made() -> Record:
    return redaction.redact(full(), record.questionnaires_of(full()))


@cache
def printed() -> bytes:
    return samples.printed(made(), ("ko", "en"))


def withheld_words() -> list[str]:
    """Every text that was left out, but the short ids of people, which any compressed bytes may happen to hold."""
    known = places(full().data, record.questionnaires_of(full()))
    values = [redaction.value_at(full().data, one) for mark in MARKS for one in known[mark.path]]
    return [one for one in values if len(one) > 2]


# --- the copy ------------------------------------------------------------------------------------------------


def test_the_copy_has_markers_instead_of_values_and_names_the_full_record() -> None:
    data = made().data
    assert data["redacts"] == full().sha256 == made().redacts != made().sha256
    assert data["content"]["answers"]["hiring"]["grading_words"]["answer"] == redaction.MARKERS[SECRET]
    assert data["decision"]["by"] == {"id": "", "name": redaction.MARKERS[PERSONAL]}
    assert data["content_sha256"] == full().data["content_sha256"]  # still what was decided on
    assert "salt" not in canonical(data).decode()


def test_the_digest_of_what_is_left_out_shows_later_what_it_was() -> None:
    for mark, stated in zip(MARKS, made().data["content"]["withheld"], strict=True):
        known = places(full().data, record.questionnaires_of(full()))[mark.path]
        values = [redaction.value_at(full().data, one) for one in known]
        assert stated["sha256"] == digest([mark.salt, mark.path, values])
        assert stated["sha256"] != digest([mark.salt, mark.path, ["guessed"]])


def test_digests_cannot_be_tried_out_against_guessed_values() -> None:
    """With another salt the same values give other digests everywhere, so no guess can be confirmed without it."""
    used = samples.editions()
    other = tuple(replace(one, salt="ff" * 16) for one in MARKS)
    again = record.build(
        samples.signed_off(replace(samples.assessment(used), withheld=other)),
        used,
        at=samples.AT,
        document_id="HT-2026-0007",
    )
    assert again.sha256 != full().sha256
    assert again.data["content_sha256"] != full().data["content_sha256"]
    shown = {one["sha256"] for one in made().data["content"]["withheld"]}
    copied = redaction.redact(again, record.questionnaires_of(again)).data["content"]["withheld"]
    assert not shown & {one["sha256"] for one in copied}


def test_everything_is_recomputed_but_the_digest_of_the_content() -> None:
    found = record.recompute(made())
    assert (found.differing, found.content_matches, found.questionnaires_match) == ((), None, True)


@pytest.mark.first_in_check
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
def test_leaving_out_all_that_can_be_changes_no_result(domain: str) -> None:
    stated = assessment_file.read_file(EXAMPLES / f"{domain}.yaml")
    known = places({"content": content(stated.assessment)}, stated.questionnaires)
    assert len(known) > 60
    marks = tuple(Withheld(path, SECRET, "전부", "ab" * 16) for path in known)
    marked = replace(stated.assessment, withheld=marks)
    frozen = content_sha256(marked)
    decision, signed = marked.decision, marked.sign_off
    assert decision is not None and signed is not None
    marked = replace(
        marked,
        content_sha256=frozen,
        decision=replace(decision, content_sha256=frozen),
        sign_off=replace(signed, content_sha256=frozen),
    )
    whole = record.build(marked, stated.editions, at=AT, document_id="X")
    cut = redaction.redact(whole, stated.questionnaires)
    found = record.recompute(cut)
    assert (found.differing, found.content_matches) == ((), None)
    assert redaction.is_sound(cut, stated.questionnaires)
    assert cut.data["results"] == whole.data["results"]


def test_a_copy_of_a_copy_or_of_what_is_not_marked_is_refused() -> None:
    asked = record.questionnaires_of(full())
    with pytest.raises(RedactionError, match="already"):
        redaction.redact(made(), asked)
    with pytest.raises(RedactionError, match="Nothing"):
        redaction.redact(samples.sealed_record(), asked)


def test_the_same_words_at_an_unmarked_place_are_pointed_out() -> None:
    data = copy.deepcopy(full().data)
    data["content"]["system"]["summary_en"] = "Graded by 인사팀장 and others"
    assert ("answers.hiring.reviewers.1", "content.system.summary_en") in redaction.also_at(
        Record(data), record.questionnaires_of(full())
    )


def test_a_short_name_is_looked_for_without_what_stands_in_brackets() -> None:
    data = copy.deepcopy(full().data)
    data["content"]["operator"]["supervisor_name"] = "차이령 (예시)"
    data["content"]["system"]["summary_en"] = "차이령이 매달 확인합니다."
    mark = {"path": "operator.supervisor_name", "kind": "personal", "reason": "이름", "salt": "00" * 16}
    data["content"]["withheld"] = [mark]
    assert ("operator.supervisor_name", "content.system.summary_en") in redaction.also_at(
        Record(data), record.questionnaires_of(full())
    )


# --- the file ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_withheld_word_is_anywhere_in_the_pdf() -> None:
    """Not on a page, in no stream once it is unpacked, not in attachment, metadata, bookmarks or tags."""
    asked = " ".join(samples.TEXTS.values())  # the questionnaires are attached, and use common words too
    words = [one for one in withheld_words() if one not in asked]
    assert len(words) > 10
    before, after = _everything(samples.printed(full(), ("ko", "en"))), _everything(printed())
    assert [one for one in words if not _holds(before, one)] == []  # the search finds what is there
    assert [one for one in words if _holds(after, one)] == []


@pytest.mark.slow
def test_the_copy_lists_what_is_left_out_and_why() -> None:
    listed = _flat("제외한 값은 전체 기록에 있습니다")
    _, _, part = "".join(_printed(printed())).partition(listed)
    for mark in MARKS:
        assert _flat(mark.reason) in part and ("영업비밀" if mark.kind == SECRET else "개인정보") in part
    assert "증빙자료ev1" in part and "결재자" in part
    assert all(listed not in page for page in _printed(samples.printed(full(), ("ko", "en"))))


@pytest.mark.slow
def test_the_first_page_says_that_it_is_a_copy_and_of_what() -> None:
    reader = PdfFileReader(BytesIO(printed()))
    page = _flat(printed_text(reader.root["/Pages"]["/Kids"][0]))
    assert _flat("일부를 제외한 사본입니다") in page and _flat("Redacted copy: values marked") in page
    assert full().sha256 in page and made().sha256 in page


@pytest.mark.slow
def test_the_sealed_copy_passes_and_is_called_a_copy(tmp_path: Path) -> None:
    found = _verified(pades.seal(printed(), samples.signer(), samples.SEALED_AT), tmp_path)
    assert found.verdict is Verdict.PASSED, [one for one in found.facts if one.state.value in ("bad", "open")]
    assert found.verdict_text.en == "Passed (redacted copy)"
    said = {one.id: one for one in found.facts}
    assert said["redacted"].state.value == "note" and full().sha256 in said["redacted"].text.en
    assert said["results"].state.value == "ok" and "content" not in said
    assert found.to_json()["redacts"] == full().sha256


@pytest.mark.parametrize("trick", ["decides", "value", "salt", "names"])
def test_a_copy_whose_marks_do_not_fit_fails(trick: str) -> None:
    data = copy.deepcopy(made().data)
    marks = data["content"]["withheld"]
    if trick == "decides":
        marks[0]["path"] = "answers.hiring.human_step"
    elif trick == "value":
        data["content"]["answers"]["hiring"]["grading_words"]["answer"] = "something nicer"
    elif trick == "salt":
        marks[0]["salt"] = "00" * 16
    else:
        data["decision"]["content_sha256"] = "00" * 32
    seen = inspection.about_record(Record(data), samples.FOLDER)
    assert not (seen["is_redaction_sound"] and seen["content_matches"] is None)


# --- marking ---------------------------------------------------------------------------------------------------


def mark(office: Office, number: int, *marks: Withheld, by: Any = KIM) -> tuple[Withheld, ...]:
    with office.database.transaction() as session:
        return actions.set_withheld(session, number, marks, by, AT)


def test_a_mark_is_kept_with_a_salt_of_its_own_and_goes_into_the_next_revision(office: Office) -> None:
    number = office.start()
    office.fill(number)
    told, people = Withheld("answers.hiring.told", SECRET, "사업 비밀"), Withheld("decision.by", PERSONAL, "이름")
    first = mark(office, number, told)
    kept = mark(office, number, told, people)
    assert kept[0] == first[0] and len({one.salt for one in kept}) == 2
    assert office.read(number).withheld == kept
    frozen = office.submit(number)
    assert frozen == content_sha256(office.read(number))
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert office.read(number).withheld == kept


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "path", ["answers.hiring.review", "answers.hiring.people", "operator.name", "nothing", "notes.hiring.told"]
)
def test_what_decides_or_is_not_there_cannot_be_marked(office: Office, path: str) -> None:
    number = office.start()
    office.fill(number)
    with pytest.raises(InvalidAnswerError, match="cannot be left out"):
        mark(office, number, Withheld(path, SECRET, "왜냐하면"))
    with pytest.raises(InvalidAnswerError, match="no reason"):
        mark(office, number, Withheld("answers.hiring.told", SECRET, " "))


def test_marks_follow_role_and_status(office: Office) -> None:
    number = office.start()
    office.fill(number)
    one = Withheld("answers.hiring.told", SECRET, "사업 비밀")
    with pytest.raises(NotAllowedError):
        mark(office, number, one, by=LEE)
    office.submit(number)
    with pytest.raises(WrongStatusError):
        mark(office, number, one)


def test_acts_that_are_still_to_come_may_be_marked() -> None:
    known = places({"content": samples.draft_record().data["content"]}, record.questionnaires_of(full()))
    assert all(known[act] == () for act in ACTS)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            '{path: answers.hiring.influence, kind: personal, reason: x, salt: "' + "ab" * 16 + '"}',
            "cannot be left out",
        ),
        ("{path: operator.address, kind: personal, reason: x}", "no salt"),
    ],
)
def test_a_file_says_what_is_wrong_with_a_mark(row: str, words: str) -> None:
    text = (EXAMPLES / "hiring.yaml").read_text("utf-8") + f"\nwithheld:\n  - {row}\n"
    with pytest.raises(InvalidFileError) as error:
        assessment_file.read_text(text, "hiring.yaml", EXAMPLES)
    assert words in str(error.value)


@pytest.mark.slow
def test_a_record_is_taken_out_of_a_pdf_and_of_json() -> None:
    assert attached.read_file(printed()).sha256 == made().sha256
    assert attached.read_file(made().canonical).sha256 == made().sha256


# --- looking into a file -----------------------------------------------------------------------------------------


def _verified(pdf: bytes, folder: Path) -> Any:
    known = samples.known_folder(folder)
    pem = as_pem(certificate_pem(samples.signer())).encode()
    return conclude(inspection.examine(pdf, [pem], known), pdf, at=samples.SEALED_AT)


def _everything(pdf: bytes) -> tuple[str, bytes]:
    """The text of all pages as printed, and every byte of the file with all streams unpacked, object streams too."""
    pages = _pages(PdfFileReader(BytesIO(pdf)).root["/Pages"])
    packed = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    unpacked = [zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"\x78"]
    assert len(unpacked) > len(pages)
    return _flat("".join(printed_text(page) for page in pages)), pdf + b"".join(unpacked)


def _holds(everything: tuple[str, bytes], word: str) -> bool:
    """On a page, or in the bytes in any of the ways in which a PDF writes a text."""
    printed_pages, raw = everything
    wide = word.encode("utf-16-be")
    ways = (word.encode(), wide, wide.hex().encode(), wide.hex().upper().encode())
    return _flat(word) in printed_pages or any(way in raw for way in ways)


def _pages(node: Any) -> list[Any]:
    if node["/Type"] == "/Page":
        return [node]
    return [page for place in range(len(node["/Kids"])) for page in _pages(node["/Kids"][place])]


def _printed(pdf: bytes) -> list[str]:
    pages = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Kids"]
    return [_flat(printed_text(pages[at])) for at in range(len(pages))]


def _flat(text: str) -> str:
    return "".join(text.split())


def test_hashing_is_what_it_says() -> None:
    assert made().sha256 == hashlib.sha256(made().canonical).hexdigest()


def test_who_voted_and_why_may_be_left_out_and_the_decision_still_follows_from_the_votes(tmp_path: Path) -> None:
    used, mark = samples.editions(), Withheld("votes", PERSONAL, "위원 이름", "b8" * 16)
    marked = samples.signed_off(replace(samples.assessment(used), withheld=(mark,)))
    whole = record.build(marked, used, at=samples.AT, document_id="HT-2026-0007")
    copy = redaction.redact(whole, record.questionnaires_of(whole))
    left = json.dumps(copy.data["committee"], ensure_ascii=False)
    for vote in marked.votes:
        assert vote.by.name in json.dumps(whole.data["committee"], ensure_ascii=False)
        assert vote.by.name not in left and vote.reason not in left
    assert samples.REPORTED.owner not in left
    assert [vote["ballot"] for vote in copy.data["committee"]["votes"]] == [vote.ballot for vote in marked.votes]
    assert redaction.is_sound(copy, record.questionnaires_of(whole))
    assert {"ruling", "people"}.isdisjoint(consistency.contradictions(copy.data, samples.known_folder(tmp_path)))
