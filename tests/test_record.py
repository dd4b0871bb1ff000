"""Records: whole, canonical, readable by themselves, and recomputed from what they carry."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import rfc8785

from assessments.content import canonical
from assessments.errors import QuestionnaireChangedError
from assessments.model import EvidenceMark, EvidenceReview, Origin, Outcome, Person, SignOff
from exports.printing import document
from exports.record import record
from exports.record.record import Record
from exports.report.report import Report
from exports.words import labels
from tests import report_samples as samples


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ({"나": 1, "가": [True, None, 1.0]}, '{"가":[true,null,1],"나":1}'),
        ({"\uffff": 1, "\U00010000": 2}, '{"\U00010000":2,"\uffff":1}'),
        ('\x00\u2028"/', '"\\u0000\u2028\\"/"'),
    ],
)
def test_canonical_bytes_are_those_of_rfc_8785(data: Any, written: str) -> None:
    assert canonical.canonical(data) == written.encode()


@pytest.mark.parametrize("data", [2**53, float("nan"), "\ud800", {1: 2}, b""])
def test_what_rfc_8785_cannot_write_is_refused(data: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical.canonical(data)


def changed(one: Record, *path: Any, to: Any) -> Record:
    """The record with one value replaced, deep inside."""
    data = json.loads(one.canonical)
    place = data
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return Record(data)


def test_a_record_read_back_is_the_same_record() -> None:
    built = samples.sealed_record()
    again = record.read(built.canonical)
    assert again == built
    assert again.sha256 == built.sha256 == hashlib.sha256(built.canonical).hexdigest()


def test_the_same_assessment_gives_the_same_bytes() -> None:
    assert samples.sealed_record().canonical == samples.sealed_record().canonical


def test_a_record_recomputes_to_its_own_results() -> None:
    found = record.recompute(record.read(samples.sealed_record().canonical))
    assert found.content_matches
    assert found.questionnaires_match
    assert not found.differing
    assert found.is_same_engine
    assert found.findings.determination.with_claim.outcome is Outcome.HIGH_IMPACT


def test_the_recomputed_assessment_is_the_one_that_was_recorded() -> None:
    plain = samples.signed_off(samples.assessment())
    found = record.recompute(samples.sealed_record()).assessment
    assert canonical.content(found) == canonical.content(plain)
    assert (found.decision, found.sign_off, found.origin) == (plain.decision, plain.sign_off, plain.origin)


@pytest.mark.parametrize(
    ("path", "to", "name"),
    [
        (("results", "determination", "outcome"), "not_high_impact", "determination"),
        (("results", "determination", "contested"), False, "determination"),
        (("results", "risk", "level"), "low", "risk"),
        (("results", "risk", "residual", "high"), 3, "risk"),
        (("results", "gaps"), [{"where": "scenarios", "text": {"ko": "없음", "en": "none"}}], "gaps"),
        (("results", "claim"), None, "claim"),
    ],
)
def test_a_result_that_does_not_follow_is_named(path: tuple[Any, ...], to: Any, name: str) -> None:
    assert record.recompute(changed(samples.sealed_record(), *path, to=to)).differing == (name,)


def test_a_changed_answer_no_longer_fits_the_digest_that_was_signed_off() -> None:
    path = ("content", "answers", "hiring", "grades_profiles", "answer")
    assert not record.recompute(changed(samples.sealed_record(), *path, to="no")).content_matches


def test_an_added_key_in_the_content_is_noticed() -> None:
    forged = changed(samples.sealed_record(), "content", "system", "name_en", to="Another system")
    assert not record.recompute(forged).content_matches


def test_another_questionnaire_text_is_not_the_pinned_one() -> None:
    text = samples.TEXTS["hiring"].replace("outcome: high_impact", "outcome: not_high_impact")
    forged = changed(samples.sealed_record(), "questionnaires", 0, "file", to=text)
    found = record.recompute(forged)
    assert not found.questionnaires_match
    assert "determination" in found.differing


def test_a_record_that_is_not_canonical_is_refused() -> None:
    raw = json.dumps(json.loads(samples.sealed_record().canonical), indent=1).encode()
    with pytest.raises(ValueError, match="canonical"):
        record.read(raw)


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="haetae-record/1"):
        record.read(b'{"format":"haetae-record/2"}')


def test_an_edition_that_is_not_the_pinned_one_is_refused() -> None:
    used = samples.editions()
    plain = samples.assessment(used)
    others = samples.editions(hiring=samples.TEXTS["hiring"] + "\n# one more line\n")
    with pytest.raises(QuestionnaireChangedError, match=r"hiring 1\.0"):
        record.build(plain, others, at=samples.AT, document_id="HT-1")


def test_content_that_is_not_what_was_submitted_is_refused() -> None:
    used = samples.editions()
    plain = replace(samples.signed_off(samples.assessment(used)), domain="hiring", scenarios=())
    with pytest.raises(QuestionnaireChangedError, match="digest differs"):
        record.build(plain, used, at=samples.AT, document_id="HT-1")


def test_the_digest_is_not_inside_the_record() -> None:
    built = samples.sealed_record()
    assert built.sha256.encode() not in built.canonical


@pytest.mark.parametrize(
    ("signed_off", "last_day"),
    [
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), date(2031, 11, 20)),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), date(2031, 11, 21)),  # already the 21st in Seoul
        (datetime(2028, 2, 29, 3, 0, tzinfo=UTC), date(2033, 2, 28)),
        (date(2026, 11, 22), date(2031, 11, 22)),
    ],
)
def test_a_record_is_kept_for_five_years_from_the_day_in_seoul(signed_off: date, last_day: date) -> None:
    is_time = isinstance(signed_off, datetime)
    by, at, on = Person("", "x"), signed_off if is_time else None, None if is_time else signed_off
    assert record.retention_until(record.day_of(SignOff(by, at, "", on)), 5) == last_day


def stated_record() -> record.Record:
    """As a file states it: days, no times."""
    used = samples.editions()
    done = samples.signed_off(samples.assessment(used), origin=Origin.STATED)
    assert done.decision and done.sign_off
    days = {"at": None, "on": date(2026, 11, 21)}
    done = replace(done, decision=replace(done.decision, **days), sign_off=replace(done.sign_off, **days))
    return record.build(done, used, on=date(2026, 11, 22), document_id="HT-FILE-1")


def test_a_stated_day_stays_a_day_in_record_and_report() -> None:
    made = stated_record()
    data = made.data
    for part, day in (("decision", "2026-11-21"), ("sign_off", "2026-11-21"), ("document", "2026-11-22")):
        assert data[part]["on"] == day
        assert "at" not in data[part]
    again = record.read(made.canonical)
    view = Report(again, record.recompute(again), ("en",))
    page = document.html(view)
    assert labels.day(date(2026, 11, 21), "en") in page
    clock_times = re.findall(r"\b\d\d:\d\d\b", re.sub(r"<[^>]*>", "", page))
    assert clock_times == [], "nobody gave a time"


@pytest.mark.parametrize("when", [{}, {"at": samples.AT, "on": date(2026, 11, 20)}])
def test_a_record_states_a_time_or_a_day_never_both(when: dict[str, date]) -> None:
    used = samples.editions()
    with pytest.raises(ValueError, match="either a time or a day"):
        record.build(samples.assessment(used), used, document_id="HT-1", **when)


def test_the_authors_are_in_the_record_and_on_the_page() -> None:
    made = samples.sealed_record()
    assert made.data["authors"] == [{"id": "p1", "name": "박지우"}]
    page = document.html(samples.report(("ko", "en")))
    assert page.replace("\u2060", "").count("박지우") == 3, (
        "at the top, in the short answer on who decided, beside the decision"
    )


def test_a_record_from_before_authors_were_kept_is_read() -> None:
    data = {name: value for name, value in samples.sealed_record().data.items() if name != "authors"}
    assert record.recompute(record.Record(data)).assessment.authors == ()


def test_what_the_committee_found_of_the_evidence_is_in_the_record_and_in_the_report() -> None:
    plain = samples.assessment()
    first, *_ = plain.evidence
    mark = EvidenceReview(
        first.id,
        EvidenceMark.NOT_SUFFICIENT,
        Person("lee", "이두리"),
        datetime(2026, 11, 20, tzinfo=UTC),
        "기간이 다르다.",
    )
    again = replace(first, id="ev-again", part="")
    signed = samples.signed_off(replace(plain, evidence=(*plain.evidence, again), evidence_reviews=(mark,)))
    made = record.build(signed, samples.editions(), at=datetime(2026, 11, 21, tzinfo=UTC), document_id="HT-1")
    built = record.read(made.canonical)
    assert record.recompute(built).assessment.evidence_reviews == (mark,)
    assert not record.recompute(built).differing
    shown = document.html(Report(built, record.recompute(built), ("ko",))).replace("\u2060", "")
    for words in ("충분하지 않음", "이두리", "기간이 다르다.", "확인하지 않음", "같은 파일을 쓴 항목 수"):
        assert words in shown, words


def test_a_record_says_on_which_day_evidence_had_to_be_in_force_and_an_older_one_means_its_own_day() -> None:
    built = samples.sealed_record()
    decision = samples.signed_off(samples.assessment()).decision
    assert decision is not None
    assert built.judged_on == decision.day
    older = Record({name: value for name, value in built.data.items() if name != "judged_on"})
    assert older.judged_on is None
    assert record.recompute(record.read(older.canonical)).content_matches


def test_a_draft_has_no_retention_end_and_no_sign_off() -> None:
    draft = samples.draft_record()
    assert draft.is_draft
    assert draft.data["document"]["retention_until"] is None


def test_the_same_questionnaires_are_read_once_and_changed_ones_anew() -> None:
    made = samples.sealed_record()
    first, again = record.questionnaires_of(made), record.questionnaires_of(made)
    assert all(first[name] is again[name] for name in first)
    data = json.loads(made.canonical)
    data["questionnaires"][0]["file"] += "\n"
    changed = record.questionnaires_of(Record(data))
    name = data["questionnaires"][0]["id"]
    assert changed[name] is not first[name] and changed[name] == first[name]
