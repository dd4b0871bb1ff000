"""What a record tells of must fit together, whoever sealed it; and no record makes verification raise."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assessments.content import canonical
from assessments.file import assessment_file
from assessments.model import Json
from exports.record import record
from exports.record import schema as record_schema
from exports.record.record import Record
from exports.verification import about, consistency, inspection, verify
from exports.verification.seal_inspection import Trust
from exports.verification.verdict import Verification
from exports.words.facts import State, Verdict
from pages._server import verify_page
from questionnaires import load
from tests import report_samples as samples
from tests.test_verify import NOW, bad, open_, pem

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "hiring.yaml"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.known_folder(tmp_path_factory.mktemp("known"))


@cache
def seal() -> Json:
    """What the genuine seal shows, and pages that are taken to be right: here the record alone is in question."""
    seen = inspection.examine(samples.sealed(), Trust([pem()]), Path("nowhere"))
    names = set(inspection.about_record(samples.sealed_record(), Path("nowhere")))
    return {name: value for name, value in seen.items() if name not in names}


def look(raw: bytes, folder: Path, **more: Any) -> Verification:
    """Verification of a sealed file with this record in it."""
    try:
        attached = record.read(raw)
    except ValueError:
        return verify.conclude({**seal(), "has_record": False}, raw, at=NOW)
    return verify.conclude({**seal(), **inspection.about_record(attached, folder), **more}, raw, at=NOW)


def changed(change: Callable[[Json], object], plain: Record | None = None) -> bytes:
    data = copy.deepcopy((plain or samples.sealed_record()).data)
    change(data)
    return canonical.canonical(data)


def put(*path: str | int, to: Any) -> Callable[[Json], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


def said(found: Verification, fact: str, language: str = "en") -> list[str]:
    return [one.text[language] for one in found.facts if one.id == fact and one.state is State.BAD]


# --- the steps --------------------------------------------------------------------------------------------------------


def test_the_genuine_record_fits(known: Path) -> None:
    found = look(samples.sealed_record().canonical, known)
    assert found.verdict is Verdict.PASSED
    assert {one.id: one.state for one in found.facts}["steps"] is State.OK


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("decision", to=None), "no decision"),
        (put("decision", "by", to={"id": "p3", "name": "정민호"}), "kept apart"),
        (put("sign_off", "by", to={"id": "p2", "name": "somebody else"}), "kept apart"),
        (put("authors", to=[{"id": "p1", "name": "A"}, {"id": "p2", "name": "B"}]), "kept apart"),
        (put("authors", to=[{"id": "p3", "name": "C"}]), "kept apart"),
        (put("authors", to=[]), "not named"),
        (lambda data: [data[act]["by"].update(id="", name="X") for act in ("decision", "sign_off")], "not named"),
        (lambda data: data.pop("authors"), "not named"),
        (put("authors", to=[{"id": "p1", "name": " "}]), "not named"),
        (put("decision", "by", to={"id": "p2", "name": ""}), "not named"),
        (put("sign_off", "by", to={"id": "p3", "name": "\u3000"}), "not named"),
        (put("decision", "at", to="2026-11-21T00:00:00Z"), "in that order"),
        (put("decision", "at", to="2036-11-21T00:00:00Z"), "in that order"),
        (put("sign_off", "at", to="2026-11-20T04:00:00Z"), "in that order"),
        (put("document", "at", to="2026-11-01T04:00:00Z"), "in that order"),
        (put("document", "status", to="draft"), "status"),
        (put("document", "status", to="decided"), "status"),
        (put("decision_origin", to=None), "status"),
        (put("document", "retention_until", to="2026-12-01"), "for the years that"),
        (put("document", "retention_until", to=None), "for the years that"),
        (put("document", "reassess_on", to="2026-11-20"), "does not lie after an approval"),
        (put("document", "is_example", to=True), "example"),
        (put("decision", "conditions", to=[]), "ruling does not fit"),
        (put("decision", "condition_terms", to=[{"owner": "", "due": None}] * 2), "ruling does not fit"),
        (put("decision", "ruling", to="rejected"), "ruling does not fit"),
        (put("decision", "reason", to=" "), "ruling does not fit"),
        (put("committee", "votes", 1, "ballot", to="reject"), "what a quorum of votes comes to"),
        (put("committee", "quorum", to=5), "what a quorum of votes comes to"),
        (put("committee", "votes", to=[]), "what a quorum of votes comes to"),
        (put("committee", "votes", 1, "closes", to=True), "what a quorum of votes comes to"),
        (put("committee", "votes", 1, "by", to={"id": "p1", "name": "박지우"}), "kept apart"),
        (put("committee", "votes", 1, "by", to={"id": "p3", "name": "정민호"}), "kept apart"),
        (put("committee", "votes", 1, "by", to={"id": "p5", "name": ""}), "not named"),
        (put("engine", to=999), "engines"),
    ],
)
def test_what_does_not_fit_fails_and_is_named(change: Callable[[Json], object], words: str, known: Path) -> None:
    found = look(changed(change), known)
    assert found.verdict is Verdict.FAILED
    assert any(words in one for one in said(found, "steps")), said(found, "steps")
    assert said(found, "steps", "ko")


def test_a_record_of_the_release_before_is_held_to_the_period_that_it_had(known: Path) -> None:
    """Its questionnaires stated no period, and records did not tell which release made them."""

    def older(data: Json) -> None:
        del data["version"]
        for one in data["questionnaires"]:
            one["file"] = re.sub(r"(?m)^operators:.*\n", "", one["file"])

    assert "retention" not in consistency.contradictions(json.loads(changed(older)), known)

    def too_short(data: Json) -> None:
        older(data)
        data["document"]["retention_until"] = "2026-12-01"

    assert "retention" in consistency.contradictions(json.loads(changed(too_short)), known)


def test_two_may_be_one_where_the_organisation_keeps_two_apart(known: Path) -> None:
    def small(data: Json) -> None:
        data["content"]["operator"]["separation"] = 2
        data["sign_off"]["by"] = data["decision"]["by"]

    assert not said(look(changed(small), known), "steps")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_pass_names_whom_it_concerns_and_a_failure_does_not(language: str, known: Path) -> None:
    data = samples.sealed_record().data
    operator, system = data["content"]["operator"]["name"], data["content"]["system"][f"name_{language}"]
    named = (operator, system, "최유나", "정민호", data["decision"]["conditions"][0])
    found = look(samples.sealed_record().canonical, known)
    values = [row.value for row in about.rows(found, language)]
    assert found.verdict is Verdict.PASSED and set(named) <= set(values)
    assert {"ko": "조건부 승인", "en": "Approved with conditions"}[language] in values
    assert samples.signer().fingerprint in values and samples.signer().certificate.subject.rfc4514_string() in values
    failed = look(changed(put("sign_off", "by", to=data["decision"]["by"])), known)
    assert not set(named) & {row.value for row in about.rows(failed, language)}


def test_a_stated_day_counts_as_any_moment_of_it(known: Path) -> None:
    def days(decided: str, signed: str) -> bytes:
        def change(data: Json) -> None:
            data["decision_origin"] = "stated"
            for act, on in (("decision", decided), ("sign_off", signed), ("document", signed)):
                del data[act]["at"]
                data[act]["on"] = on

        return changed(change)

    assert not bad(look(days("2026-11-20", "2026-11-20"), known))
    assert said(look(days("2026-11-20", "2026-11-19"), known), "steps")
    assert bad(look(changed(put("sign_off", "on", to="2026-11-20")), known)) == {"record"}, "a time and a day"


def test_people_of_a_stated_decision_are_told_apart_by_name(known: Path) -> None:
    def stated(name: str) -> Callable[[Json], None]:
        def change(data: Json) -> None:
            data["decision_origin"] = "stated"
            for act in ("decision", "sign_off"):
                data[act]["by"] = {"id": "", "name": "Kim Hana" if act == "decision" else name}

        return change

    assert said(look(changed(stated("ＫＩＭ  hana")), known), "steps")
    assert not said(look(changed(stated("Kim Duri")), known), "steps")


def test_a_seal_before_what_it_tells_of_fails(known: Path) -> None:
    later = record.stamp(samples.SEALED_AT + timedelta(days=3))

    def change(data: Json) -> None:
        data["sign_off"]["at"] = data["document"]["at"] = later

    found = look(changed(change), known)
    assert "sealed_before" in bad(found)
    assert not {"sealed_before"} & bad(look(samples.sealed_record().canonical, known))


@pytest.mark.slow
def test_an_area_cannot_be_left_out_to_change_the_outcome() -> None:
    stated = assessment_file.read_file(EXAMPLE)
    made = record.build(stated.assessment, stated.editions, at=samples.AT + timedelta(days=300), document_id="HT-1")
    assert not inspection.about_record(made, load.FOLDER)["contradictions"]

    def change(data: Json) -> None:
        data["questionnaires"] = [one for one in data["questionnaires"] if one["id"] != "area"]
        data["content"]["editions"] = [one for one in data["content"]["editions"] if one["id"] != "area"]
        data["content"]["answers"].pop("area", None)

    assert (
        "questionnaires"
        in inspection.about_record(Record(json.loads(changed(change, made))), load.FOLDER)["contradictions"]
    )


def test_a_questionnaire_with_the_number_of_our_draft_but_other_content_is_told_apart(tmp_path: Path) -> None:
    folder = samples.known_folder(tmp_path)
    (folder / "released.sha256").unlink()
    plain = samples.sealed_record()

    def honest(data: Json) -> None:
        for one in data["questionnaires"]:
            one["is_released"] = False

    found = look(changed(honest, plain), folder)
    assert (found.verdict, open_(found)) == (Verdict.PASSED, set())
    (folder / "hiring" / "1.0.yaml").write_text(samples.TEXTS["hiring"] + "\n", "utf-8")
    found = look(changed(honest, plain), folder)
    assert found.verdict is Verdict.INDETERMINATE
    assert [one.text.en for one in found.facts if one.state is State.OPEN and "compare the two" in one.text.en]


@pytest.mark.parametrize(
    "where", [(), ("document",), ("content",), ("content", "operator"), ("decision",), ("results",)]
)
def test_a_record_has_no_field_that_records_do_not_have(where: tuple[str, ...], known: Path) -> None:
    assert bad(look(changed(put(*where, "remark", to="the law is met")), known)) == {"record"}


def test_the_note_on_origin_says_no_more_than_the_file_shows(known: Path) -> None:
    for origin in ("recorded", "stated"):
        found = look(changed(put("decision_origin", to=origin)), known)
        (note,) = [one.text for one in found.facts if one.id == "origin"]
        assert note.en.startswith("The file says") and "different people" not in note.en
        assert note.ko.startswith("파일에는")


def test_the_schema_file_and_the_check_agree(known: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = Draft202012Validator(json.loads(record_schema.FILE.read_text("utf-8")))
    for change in (
        put("document", "revision", to=0),
        put("document", "revision", to="1"),
        put("document", "at", to="2026-1-1"),
        put("decision", "ruling", to="perhaps"),
        put("sign_off", to=[]),
        put("remark", to=1),
        put("results", "risk", "level", to="extreme"),
    ):
        raw = changed(change)
        with pytest.raises(ValueError, match="shape of a record"):
            record_schema.check(raw)
        assert not schema.is_valid(json.loads(raw))


# --- nonsense ---------------------------------------------------------------------------------------------------------

NONSENSE: tuple[Any, ...] = (
    None, True, 0, -1, 2**53 - 1, 1.5, "", "x", "\x1b[2J\nPassed", "\u202e" * 300, "0001-01-01T00:00:00Z", "9999-12-31",
    [], [None], {}, {"ko": 1},
)  # fmt: skip
DATES = (
    "0000-01-01", "0001-01-01", "0999-12-31", "1000-01-01", "2026-02-29", "2026-13-01", "2026-11-31", "9999-12-31", "10000-01-01",
    "2026-11-20T24:00:00Z", "2026-11-20T23:59:60Z", "2026-11-20T05:12:09", "2026-11-20T05:12:09+00:00", "2026-11-20t05:12:09z",
    "0001-01-01T00:00:00Z", "0999-06-01T00:00:00Z", "9999-12-31T23:59:59Z", "2999-12-31T23:59:59Z", "2026-11-20 05:12:09Z",
    "20261120", "2026-W47-5", "2026-11-20T05:12:09.5Z", "２０２６-11-20", "2026-11-20\n",
)  # fmt: skip
"""Days and times that no calendar has, that overflow in another time zone, or that are written otherwise."""


def places(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a record; of long lists the first."""
    if here:
        yield here
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*here, name))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*here, 0))


def tell_everything(found: Verification) -> None:
    """Whatever a reader may ask for."""
    json.dumps(found.to_json(), ensure_ascii=False).encode()
    for language in ("ko", "en"):
        assert about.rows(found, language)
        assert verify_page.result(found, language, is_given=False)


@pytest.mark.slow
def test_nonsense_in_any_field_is_a_verdict_and_never_an_exception(known: Path) -> None:
    genuine = samples.sealed_record().data
    count = 0
    for number, path in enumerate(places(genuine)):
        for nonsense in (NONSENSE[(number * 3 + turn) % len(NONSENSE)] for turn in range(3)):
            try:
                raw = changed(put(*path, to=nonsense))
            except ValueError:  # half a character, which no canonical JSON has
                continue
            found = look(raw, known)
            tell_everything(found)
            if path[0] in ("content", "results", "questionnaires") and json.loads(raw) != genuine:
                # words of a result alone are a note here, and fail once its pages are printed anew
                is_only_reworded = path[0] == "results" and found.reworded and not found.differing
                assert found.verdict is Verdict.FAILED or is_only_reworded, (path, nonsense)
            count += 1
        data = copy.deepcopy(genuine)
        inside: Any = data
        for step in path[:-1]:
            inside = inside[step]
        del inside[path[-1]]
        tell_everything(look(canonical.canonical(data), known))
    assert count > 600


@pytest.mark.first_in_check
@pytest.mark.parametrize("text", DATES)
def test_odd_dates_are_a_verdict_and_never_an_exception(text: str, known: Path) -> None:
    for path in (
        ("document", "at"),
        ("sign_off", "at"),
        ("decision", "at"),
        ("document", "retention_until"),
        ("content", "on"),
    ):
        found = look(changed(put(*path, to=text)), known)
        tell_everything(found)
        assert found.verdict is Verdict.FAILED
    for name in ("sealed_at", "signed_off_at"):
        tell_everything(look(samples.sealed_record().canonical, known, **{name: text}))
    for name in ("from", "until"):
        odd = {**seal()["certificate"], name: text}
        tell_everything(look(samples.sealed_record().canonical, known, certificate=odd))


def test_words_that_nothing_is_called_are_not_readable(known: Path) -> None:
    for name in ("outcome", "level", "origin"):
        found = look(samples.sealed_record().canonical, known, **{name: "extreme"})
        assert bad(found) == {"readable"}, name


def test_a_time_before_the_year_1000_is_written_as_it_is_read() -> None:
    early = record.time("0999-01-02T03:04:05Z")
    assert record.stamp(early) == "0999-01-02T03:04:05Z"
