"""Verification: a genuine report passes, anything touched fails, and nothing at all makes it raise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers

from assessments.registration import Registration, Standing, compare
from exports.printing import document
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report
from exports.seal import keys, pades
from exports.seal.keys import Signer
from exports.verification import inspection, verify
from exports.verification.reprint import Pages
from exports.verification.verdict import Verification
from exports.words import korean, labels
from exports.words.facts import State, Verdict
from tests import report_samples as samples
from tests.tampering import (
    REWORDED,
    WEAKENED,
    Careless,
    attachment_swapped,
    comment_appended,
    cut_before_the_seal,
    flipped,
    form_removed,
    newline_appended,
    page_changed,
    resealed,
    swapped,
    title_changed,
    truncated,
)

NOW = samples.SEALED_AT + timedelta(days=1)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier's own questionnaires: all three released."""
    return samples.known_folder(tmp_path_factory.mktemp("known"))


def pem(signer: Signer | None = None) -> bytes:
    return keys.certificate_pem(signer or samples.signer())


def look(
    raw: bytes,
    folder: Path,
    trusted: Sequence[bytes] | None = None,
    at: datetime = NOW,
    *,
    is_reprinting: bool = False,
    **more: Any,
) -> Verification:
    """`verify` without its own processes."""
    try:
        seen = inspection.examine(raw, [pem()] if trusted is None else trusted, folder)
    except Exception:
        seen = {}
    found = verify.conclude(seen, raw, at=at, **more)
    if is_reprinting and found.is_to_be_reprinted:
        found = replace(found, pages=samples.compared(raw, seen))
    return found


def bad(found: Verification) -> set[str]:
    return {one.id for one in found.facts if one.state is State.BAD}


def states(found: Verification, *about: str) -> dict[str, State]:
    return {one.id: one.state for one in found.facts if one.id in about}


def open_(found: Verification) -> set[str]:
    return {one.id for one in found.facts if one.state is State.OPEN}


def forced(raw: bytes, *changes: tuple[str, str]) -> Record:
    """The sample's record with words replaced in its JSON, brought back into canonical form."""
    text = raw.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Record(json.loads(text))


def sealed_with_attachment(attached: bytes) -> bytes:
    """The genuine pages with another attachment, sealed by the organisation's key in the same stroke."""
    return pades.seal(swapped(samples.rendered(), attached), samples.signer(), samples.SEALED_AT)


# --- genuine ----------------------------------------------------------------------------------------------------------


def test_a_genuine_report_passes(known: Path) -> None:
    found = look(samples.sealed(), known)
    assert found.verdict is Verdict.PASSED, [one for one in found.facts if one.state is not State.OK]
    assert found.record_sha256 == samples.sealed_record().sha256
    assert found.outcome == "high_impact"
    assert found.contested


@pytest.mark.slow
def test_a_genuine_report_passes_in_a_process_of_its_own_and_prints_the_same_pages(known: Path) -> None:
    found = verify.verify(samples.sealed(), [pem()], at=NOW, folder=known)
    assert found.verdict is Verdict.PASSED
    assert found.pages is Pages.SAME
    assert states(found, "pages") == {"pages": State.OK}


def test_that_the_pages_were_not_compared_is_always_said(known: Path) -> None:
    found = look(samples.sealed(), known)
    assert states(found, "pages") == {"pages": State.NOTE}
    assert any("not compared" in one.text.en for one in found.facts)


@pytest.mark.slow
def test_without_a_trusted_certificate_nothing_is_settled(known: Path) -> None:
    found = look(samples.sealed(), known, trusted=())
    assert found.verdict is Verdict.INDETERMINATE
    assert open_(found) == {"trusted"}


def test_facts_and_verdict_are_told_in_both_languages(known: Path) -> None:
    told = look(samples.sealed(), known).to_json()
    assert told["verdict"] == "passed"
    assert all(one["text"]["ko"] and one["text"]["en"] and one["id"] for one in told["facts"])
    json.dumps(told)


def test_where_a_decision_comes_from_is_told(known: Path) -> None:
    said = {one.id: one.text.en for one in look(samples.sealed(), known).facts}
    assert "recorded in the tool" in said["origin"]


# --- not sealed -------------------------------------------------------------------------------------------------------


def test_an_unsealed_report_fails_as_not_sealed(known: Path) -> None:
    found = look(samples.rendered(), known)
    assert found.verdict is Verdict.FAILED
    assert bad(found) == {"sealed"}


@pytest.mark.slow
def test_a_draft_fails_even_when_somebody_seals_it(known: Path) -> None:
    found = look(resealed(samples.draft_record(), is_brief=True), known)
    assert found.verdict is Verdict.FAILED
    assert bad(found) == {"signed_off"}


def test_a_pdf_of_somebody_else_is_called_that_and_not_accused(known: Path) -> None:
    plain = PdfFileWriter()
    plain.insert_page(
        PageObject(contents=plain.add_object(generic.StreamObject(stream_data=b"")), media_box=(0, 0, 9, 9))
    )
    out = BytesIO()
    plain.write(out)
    for raw in (out.getvalue(), approved(out.getvalue(), "One")):
        found = look(raw, known)
        assert found.verdict is Verdict.FAILED
        assert [one.id for one in found.facts] == ["ours"]


# --- touched ----------------------------------------------------------------------------------------------------------


def signed_range() -> tuple[int, int]:
    """The gap between the two signed ranges."""
    (seal,) = PdfFileReader(BytesIO(samples.sealed())).embedded_signatures
    return int(seal.byte_range[1]), int(seal.byte_range[2])


@pytest.mark.slow
def test_a_touched_seal_is_found_wherever_its_padding_or_its_case_is_changed(known: Path) -> None:
    raw, (start, end) = samples.sealed(), signed_range()
    assert raw[end - 20 : end - 1] == b"0" * 19
    for position in (end - 2, end - 30, end - 500):
        assert look(flipped(raw, position), known).verdict is Verdict.FAILED
    letter = start + re.search(rb"[a-fA-F]", raw[start:end]).start()  # type: ignore[union-attr]
    assert look(flipped(raw, letter, 0x20), known).verdict is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.parametrize(
    "touch",
    [
        comment_appended,
        newline_appended,
        truncated,
        cut_before_the_seal,
        attachment_swapped,
        title_changed,
        page_changed,
        form_removed,
    ],
)
def test_a_touched_report_fails(touch: Callable[[bytes], bytes], known: Path) -> None:
    touched = touch(samples.sealed())
    assert touched != samples.sealed()
    assert look(touched, known).verdict is Verdict.FAILED


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_report_cut_up_at_random_never_passes(data: st.DataObject, known: Path) -> None:
    raw = samples.sealed()
    start = data.draw(st.integers(0, len(raw) - 1))
    length = data.draw(st.integers(1, 5_000))
    put = data.draw(st.binary(max_size=200))
    mutated = raw[:start] + put + raw[start + length :]
    if mutated != raw:
        assert look(mutated, known).verdict is Verdict.FAILED


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<<"]))
def test_random_bytes_never_pass_and_never_raise(junk: bytes, head: bytes) -> None:
    found = look(head + junk, Path("nowhere"))
    assert found.verdict is Verdict.FAILED
    assert bad(found) & {"readable", "sealed"}


@pytest.mark.slow
def test_random_bytes_end_as_a_fact_in_the_other_process_too(known: Path) -> None:
    found = verify.verify(b"%PDF-1.7\nnothing", [pem()], at=NOW, folder=known)
    assert bad(found) == {"readable"}


def test_a_file_that_is_too_large_is_not_read(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MAX_BYTES", 1_000)
    asked: list[object] = []
    found = verify.verify(samples.sealed(), [pem()], at=NOW, folder=known, register=lambda *given: asked.append(given))
    assert bad(found) == {"size"}
    assert found.to_json()["file_sha256"] is None, "no digest of a part of it is told"
    assert not asked, "nor looked up"


# --- sealed by the organisation itself, but untrue ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_weakened_questionnaire_fails_where_the_number_is_released(known: Path) -> None:
    found = look(resealed(samples.sealed_record(hiring=WEAKENED), is_brief=True), known)
    assert found.outcome == "not_high_impact", "the weakened rule was at work"
    assert found.verdict is Verdict.FAILED
    assert bad(found) == {"questionnaire"}
    said = [one.text.en for one in found.facts if one.id == "questionnaire"]
    assert [("hiring 1.0" in one, "impact 1.0, involvement 1.0" in one) for one in said] == [
        (False, True),
        (True, False),
    ]


@pytest.mark.slow
def test_a_released_edition_with_one_other_word_fails_whoever_sealed_it(known: Path) -> None:
    found = look(resealed(samples.sealed_record(hiring=REWORDED), is_brief=True), known)
    assert (found.verdict, bad(found)) == (Verdict.FAILED, {"questionnaire"})
    told = [fact.text for fact in found.facts if fact.state is State.BAD]
    assert ["hiring 1.0" in text.en and "They were changed" in text.en for text in told] == [True]
    assert ["hiring 1.0" in text.ko and "공개된 뒤에 바뀐 것" in text.ko for text in told] == [True]


@pytest.mark.slow
def test_a_draft_that_a_release_shipped_stays_a_draft_once_its_number_is_released(tmp_path: Path) -> None:
    folder = samples.known_folder(tmp_path)
    (folder / "hiring" / "earlier").mkdir()
    (folder / "hiring" / "earlier" / "1.0-of-0.6.0.yaml").write_text(REWORDED, "utf-8")
    begun = {**samples.editions(), "hiring": samples.edition("hiring", REWORDED, is_released=False)}
    made = samples.record.build(
        samples.signed_off(samples.assessment(begun)), begun, at=samples.AT, document_id="HT-2026-0011"
    )
    found = look(resealed(made, is_brief=True), folder)
    assert (found.verdict, open_(found)) == (Verdict.PASSED, set())
    told = [fact.text.en for fact in found.facts if fact.state is State.NOTE and fact.id == "questionnaire"]
    assert ["hiring 1.0" in text and "draft editions as a former release" in text for text in told] == [True]
    assert bad(look(resealed(samples.sealed_record(hiring=REWORDED), is_brief=True), folder)) == {"questionnaire"}, (
        "it calls itself released"
    )


@pytest.mark.slow
def test_an_unknown_questionnaire_is_never_settled(known: Path) -> None:
    unknown = WEAKENED.replace('version: "1.0"', 'version: "1.1"')
    found = look(resealed(samples.sealed_record(hiring=unknown), is_brief=True), known)
    assert found.verdict is Verdict.INDETERMINATE
    assert open_(found) == {"questionnaire"}
    assert any("hiring 1.1" in one.text.en for one in found.facts)


def test_a_draft_edition_that_calls_itself_released_fails(tmp_path: Path) -> None:
    folder = samples.known_folder(tmp_path)
    (folder / "released.sha256").unlink()
    found = look(samples.sealed(), folder)
    assert bad(found) == {"questionnaire"}
    assert [one.text.en.count(" 1.0") for one in found.facts if "never released" in one.text.en] == [3]


@pytest.mark.slow
def test_another_attachment_under_the_genuine_pages_fails(known: Path) -> None:
    used = samples.editions()
    other = samples.record.build(
        samples.signed_off(samples.assessment(used)), used, at=samples.AT, document_id="HT-2026-0010"
    )
    found = look(sealed_with_attachment(other.canonical), known)
    assert found.verdict is Verdict.FAILED
    assert "stated" in bad(found)


@pytest.mark.slow
def test_an_attachment_that_is_no_record_fails(known: Path) -> None:
    assert bad(look(sealed_with_attachment(b"{}"), known)) == {"record"}


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ((('"outcome":"high_impact"', '"outcome":"not_high_impact"'),), "results"),
        ((('"level":"high","provisional"', '"level":"low","provisional"'),), "results"),
        ((('"answer":"yes"', '"answer":"no"'),), "content"),
        ((('"applicants":{"answer":4200', '"applicants":{"answer":"many"'),), "recomputed"),
        ((('"applicants":{"answer":4200', '"applicants":{"answer":true'),), "record"),
    ],
)
@pytest.mark.slow
def test_an_untrue_record_fails_whoever_sealed_it(changes: tuple[tuple[str, str], ...], fact: str, known: Path) -> None:
    forged = forced(samples.sealed_record().canonical, *changes)
    found = look(sealed_with_attachment(forged.canonical), known)
    assert found.verdict is Verdict.FAILED
    assert fact in bad(found)


@pytest.mark.slow
def test_results_in_other_words_are_noted_and_fail_under_pages_of_this_very_program(known: Path) -> None:
    """Another release may put a result in other words; this one, which printed the pages, knows its own."""
    data = json.loads(samples.sealed_record().canonical)
    data["results"]["determination"]["reasons"][0]["text"]["en"] += " Put otherwise."
    made = Record(data)
    assert (record.recompute(made).differing, record.recompute(made).reworded) == ((), ("determination",))
    found = look(resealed(made), known, is_reprinting=True)
    assert (found.pages, bad(found)) == (Pages.SAME, {"results"})
    elsewhere = replace(found, pages=Pages.FOREIGN)
    assert bad(elsewhere) == set() and open_(elsewhere) == {"pages"}


@pytest.mark.slow
def test_other_results_of_a_newer_engine_are_not_called_false(known: Path) -> None:
    forged = forced(
        samples.sealed_record().canonical, ('"engine":1', '"engine":2'), ('"level":"high","prov', '"level":"low","prov')
    )
    found = look(sealed_with_attachment(forged.canonical), known)
    assert "results" in open_(found)
    assert "results" not in bad(found)


def printed_by(record_: Record, change: Callable[[str], str]) -> bytes:
    """Pages that say something else than the record, sealed by the organisation's key."""
    report = Report(record_, record.recompute(record_), ("ko", "en"))
    return pades.seal(document.lay_out(change(document.html(report)), report), samples.signer(), samples.SEALED_AT)


def say_no(page: str) -> str:
    said = labels.labels()
    for language in ("ko", "en"):
        old, new = said["outcome_high_impact"][language], said["outcome_not_high_impact"][language]
        page = page.replace(korean.kept_together(old), korean.kept_together(new))
    return page


@pytest.mark.slow
def test_a_first_page_with_another_outcome_fails(known: Path) -> None:
    found = look(printed_by(samples.sealed_record(), say_no), known, is_reprinting=True)
    assert bad(found) == {"pages"}


@pytest.mark.slow
def test_pages_that_say_something_else_are_not_what_this_program_prints(known: Path) -> None:
    raw = printed_by(samples.sealed_record(), lambda page: page.replace("4,200", "42"))
    found = verify.verify(raw, [pem()], at=NOW, folder=known)
    assert found.pages is Pages.OTHER
    assert bad(found) == {"pages"}


@pytest.mark.slow
def test_pages_of_another_printer_pass_where_they_are_the_same_and_stay_open_where_not(known: Path) -> None:
    """Another version of the program, or other fonts: the same pages are the same, other ones prove nothing."""
    made, other = samples.sealed_record(), "0.0.9 0123456789abcdef"
    report = Report(made, record.recompute(made), ("ko", "en"))
    same = document.html(report, other)
    for page, pages in ((same, Pages.SAME), (same.replace("4,200", "42"), Pages.FOREIGN)):
        raw = pades.seal(document.lay_out(page, report), samples.signer(), samples.SEALED_AT)
        found = look(raw, known, is_reprinting=True)
        assert found.pages is pages
        assert found.verdict is (Verdict.PASSED if pages is Pages.SAME else Verdict.INDETERMINATE)


@pytest.mark.slow
def test_a_report_from_before_the_printer_was_named_passes(known: Path) -> None:
    made = samples.sealed_record()
    raw = pades.seal(document.make(made, ("en", "ko"), ""), samples.signer(), samples.SEALED_AT)
    assert look(raw, known, is_reprinting=True).verdict is Verdict.PASSED


# --- certificates and dates ---------------------------------------------------------------------------------------------


def test_the_certificate_of_somebody_else_fails(known: Path) -> None:
    other = samples.signer(samples.AT - timedelta(days=2))
    found = look(samples.sealed(), known, trusted=[pem(other)])
    assert bad(found) == {"trusted"}


@pytest.mark.slow
def test_one_fitting_certificate_among_several_is_enough(known: Path) -> None:
    other = samples.signer(samples.AT - timedelta(days=2))
    assert look(samples.sealed(), known, trusted=[pem(other), pem()]).verdict is Verdict.PASSED


@pytest.mark.first_in_check
@pytest.mark.parametrize("start", [timedelta(days=-10), timedelta(days=5)], ids=["expired", "not yet valid"])
@pytest.mark.slow
def test_a_seal_outside_the_certificates_dates_fails(start: timedelta, known: Path) -> None:
    plain = samples.signer(samples.AT + start, timedelta(days=2))
    careless = Careless(plain.key, plain.certificate)
    raw = pades.seal(samples.rendered(), careless, samples.SEALED_AT)
    found = look(raw, known, trusted=[pem(plain)], at=samples.AT + timedelta(days=6))
    assert found.verdict is Verdict.FAILED
    assert "in_date" in bad(found)


def test_a_certificate_that_expired_since_leaves_the_time_unproven(known: Path) -> None:
    found = look(samples.sealed(), known, at=datetime(2040, 1, 1, tzinfo=UTC))
    assert found.verdict is Verdict.INDETERMINATE
    assert open_(found) == {"expired"}


@pytest.mark.slow
def test_a_seal_from_before_the_sign_off_is_doubted(known: Path) -> None:
    early = samples.signer(samples.AT - timedelta(days=30))
    raw = pades.seal(samples.rendered(), early, samples.AT - timedelta(days=20))
    assert open_(look(raw, known, trusted=[pem(early)])) == {"sealed_at"}


def test_a_file_that_is_no_certificate_is_refused(known: Path) -> None:
    with pytest.raises(ValueError, match="no certificate in it"):
        verify.verify(samples.sealed(), [b"no certificate"], at=NOW, folder=known)


# --- other seals --------------------------------------------------------------------------------------------------------


def approved(raw: bytes, name: str, *, certify: bool = False, permission: Any = None) -> bytes:
    about = signers.PdfSignatureMetadata(
        field_name=name,
        certify=certify,
        docmdp_permissions=permission or fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    out = BytesIO()
    signer = pades._AtTime(about, pades._pades_signer(samples.signer()), samples.SEALED_AT)
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(raw)), output=out)
    return out.getvalue()


@pytest.mark.slow
def test_a_plain_signature_is_no_seal(known: Path) -> None:
    assert "certified" in bad(look(approved(samples.rendered(), "Seal"), known))


@pytest.mark.slow
def test_a_seal_that_allows_forms_is_not_ours(known: Path) -> None:
    raw = approved(samples.rendered(), "Seal", certify=True, permission=fields.MDPPerm.FILL_FORMS)
    assert "certified" in bad(look(raw, known))


@pytest.mark.slow
def test_two_signatures_fail(known: Path) -> None:
    raw = approved(approved(samples.rendered(), "One"), "Two")
    assert bad(look(raw, known)) == {"seals"}


# --- the register, and what is missing ------------------------------------------------------------------------------------


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("standing", "verdict"),
    [(one, Verdict.PASSED if one is Standing.REGISTERED else Verdict.FAILED) for one in Standing],
)
def test_the_register_counts_where_it_is_at_hand(standing: Standing, verdict: Verdict, known: Path) -> None:
    asked = []

    def register(pdf: bytes, file_sha256: str, record_sha256: str | None) -> Registration:
        asked.append((pdf, file_sha256, record_sha256))
        return Registration(standing)

    found = look(samples.sealed(), known, register=register)
    assert found.verdict is verdict
    assert asked == [(samples.sealed(), found.file_sha256, samples.sealed_record().sha256)]


def test_a_report_from_the_command_line_is_no_matter_for_the_register(known: Path) -> None:
    seen = inspection.examine(samples.sealed(), [pem()], known) | {"origin": "stated"}
    for standing, verdict in ((Standing.UNKNOWN, Verdict.PASSED), (Standing.CONTAINER, Verdict.FAILED)):
        of_register = Registration(standing)
        found = verify.conclude(seen, samples.sealed(), at=NOW, register=lambda *_, said=of_register: said)
        assert found.verdict is verdict


def test_a_superseded_report_is_told_and_stays_genuine(known: Path) -> None:
    found = look(samples.sealed(), known, register=lambda *_: Registration(Standing.REGISTERED, is_superseded=True))
    assert found.verdict is Verdict.PASSED
    assert any(one.id == "superseded" for one in found.facts)


def test_a_changed_copy_is_told_from_another_file() -> None:
    raw, (_, end) = samples.sealed(), signed_range()
    assert compare(flipped(raw, end - 20), [raw]) is Standing.CONTAINER
    assert compare(flipped(raw, 1_000), [raw]) is Standing.OTHER
    assert compare(raw + b"\n", [raw]) is Standing.OTHER
    assert compare(raw, []) is Standing.UNKNOWN
    assert compare(b"", [raw]) is Standing.OTHER


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "is_readable",
        "seals",
        "is_intact",
        "covers_whole_file",
        "is_unchanged",
        "is_certified",
        "is_trusted",
        "sealed_at",
        "certificate",
        "seal_level",
        "has_stamp",
        "revocation",
        "has_record",
        "is_ours",
        "deviations",
        "is_stated_true",
        "is_recomputed",
        "content_matches",
        "questionnaires_match",
        "is_signed_off",
    ],
)
def test_what_was_not_examined_never_makes_a_report_pass(name: str, known: Path) -> None:
    seen = inspection.examine(samples.sealed(), [pem()], known)
    del seen[name]
    assert verify.conclude(seen, samples.sealed(), at=NOW).verdict is not Verdict.PASSED
