"""A decision log in an assessment: part of the content, kept, copied, written and read again; without one nothing changes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assessments import actions
from assessments.content import canonical
from assessments.decision_log import kept_log, making
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.streaming import look
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.triggers import Triggers
from assessments.deeds.from_file import load_stated
from assessments.errors import NotAllowedError, NotFoundError, StaleAssessmentError, WrongStatusError
from assessments.file import assessment_file
from assessments.file.assessment_file import StatedAssessment
from assessments.home import home
from assessments.model import Assessment, Finding
from assessments.rules import findings
from assessments.storage import event_lines
from exports.record import record
from questionnaires.problems import InvalidFileError
from tests import report_samples as samples
from tests.logs import imported, row, written
from tests.office import AT, KIM, LEE, Office

ON = date(2026, 5, 1)
MARKS = Triggers.model_validate(
    {"triggers": [{"figure": "divergence_rate", "at_least": "3", "on": ON, "reason": "우리 기준"}]}
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for style in ("attentive", "rubber-stamp"):
        making.write(making.make(making.Style(style), 12, 4_000, 7), folder / f"{style}.csv", style)
    return folder


def log(made: Path, style: str = "attentive", marks: Triggers = MARKS) -> KeptLog:
    path = made / f"{style}.csv"
    mapping = look(path).suggestion.mapping()
    return KeptLog(analyse(imported(path, mapping), Settings(300.0, ((ON, "교육"),))), mapping, marks)


def set_log(office: Office, assessment_id: int, one: KeptLog) -> None:
    with office.database.transaction() as session:
        actions.set_log(session, assessment_id, one, KIM, AT)


# --- content and record --------------------------------------------------------------------------------------------


def test_without_a_log_content_and_results_have_no_key_of_it() -> None:
    assessment = samples.assessment()
    found = findings.derive({name: one.questionnaire for name, one in samples.editions().items()}, assessment)
    assert "log" not in canonical.content(assessment)
    assert "log" not in canonical.results(found, assessment)


def test_a_log_survives_being_written_to_the_byte(made: Path) -> None:
    one = log(made)
    again = kept_log.from_json(json.loads(canonical.canonical(kept_log.to_json(one))))
    assert again == one
    assert canonical.canonical(kept_log.to_json(again)) == canonical.canonical(kept_log.to_json(one))


@pytest.mark.slow
def test_the_log_is_part_of_what_an_approval_is_bound_to(made: Path) -> None:
    plain = samples.assessment()
    digests = {
        canonical.content_sha256(one)
        for one in (
            plain,
            replace(plain, log=log(made)),
            replace(plain, log=log(made, marks=Triggers())),
            replace(plain, log=log(made, "rubber-stamp")),
        )
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("style", "finding"), [("attentive", Finding.SUPPORTED), ("rubber-stamp", Finding.CONTRADICTED)]
)
@pytest.mark.slow
def test_a_record_carries_the_figures_and_what_they_mean_is_found_anew(
    made: Path, style: str, finding: Finding
) -> None:
    assessment = replace(samples.assessment(is_example=True), log=log(made, style))
    written = record.build(assessment, samples.editions(), at=samples.AT, document_id="d")
    again = record.recompute(record.read(written.canonical))
    assert again.assessment.log == assessment.log
    assert again.content_matches
    assert again.differing == ()
    assert {one.part: one.finding for one in again.findings.log}["divergence"] is finding
    assert (
        next(one for one in written.data["results"]["log"] if one["part"] == "divergence")["finding"] == finding.value
    )


@pytest.mark.slow
def test_a_record_whose_figures_were_changed_is_found_out(made: Path) -> None:
    written = record.build(
        replace(samples.assessment(), log=log(made, "rubber-stamp")),
        samples.editions(),
        at=samples.AT,
        document_id="d",
    )
    forged = json.loads(written.canonical)
    forged["content"]["log"]["analysis"]["whole"]["divergence"] |= {"count": 3_000, "low": 0.7, "high": 0.8}
    again = record.recompute(record.Record(forged))
    assert not again.content_matches
    assert "log" in again.differing


# --- database ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_log_is_kept_read_copied_into_the_next_revision_and_taken_out(office: Office, made: Path) -> None:
    number, one = office.start(), log(made)
    set_log(office, number, one)
    assert office.read(number).log == one
    office.submit(number)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert office.read(number).log == office.read(number, 1).log == one
    with office.database.transaction() as session:
        actions.remove_log(session, number, "다른 기록", KIM, AT)
    assert office.read(number).log is None
    assert office.read(number, 1).log == one
    with pytest.raises(NotFoundError), office.database.transaction() as session:
        actions.remove_log(session, number, "다른 기록", KIM, AT)


@pytest.mark.slow
def test_triggers_are_changed_without_reading_the_log_again_and_outlive_a_new_one(office: Office, made: Path) -> None:
    number = office.start()
    set_log(office, number, log(made, marks=Triggers()))
    with office.database.transaction() as session:
        actions.set_log_triggers(session, number, MARKS, KIM, AT, seen=Triggers())
    with pytest.raises(StaleAssessmentError), office.database.transaction() as session:
        actions.set_log_triggers(session, number, Triggers(), KIM, AT, seen=Triggers())
    set_log(office, number, log(made, "rubber-stamp", Triggers()))
    found = office.read(number).log
    assert found is not None
    assert found.triggers == MARKS
    with office.database.reading() as session:
        assert [line.kind for line in event_lines.events(session, number)][:3] == [
            "set_log",
            "set_log_triggers",
            "set_log",
        ]


@pytest.mark.sqlite
@pytest.mark.slow
def test_only_an_author_of_an_editable_draft_may_change_the_log(office: Office, made: Path) -> None:
    number, one = office.start(), log(made)
    with pytest.raises(NotAllowedError), office.database.transaction() as session:
        actions.set_log(session, number, one, LEE, AT)
    set_log(office, number, one)
    office.submit(number)
    with pytest.raises(WrongStatusError):
        set_log(office, number, one)
    with (
        closing(sqlite3.connect(home() / "haetae.db")) as raw,
        pytest.raises(sqlite3.IntegrityError, match="submitted"),
    ):
        raw.execute("DELETE FROM decision_log")


# --- assessment files ----------------------------------------------------------------------------------------------

HEAD = """\
format: haetae-assessment/1
"on": 2026-11-20
domain: hiring
operator: {name: "회사"}
system: {name: {ko: "체계"}}
answers: {involvement: {relies_on_people: "yes", time_own_minimum: 4}}
"""


def stated(text: str, beside: Path) -> Assessment:
    return assessment_file.read_text(HEAD + text, "a.yaml", beside).assessment


@pytest.mark.slow
def test_a_file_names_a_log_beside_it(made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    text = """\
log:
  file: rubber-stamp.csv
  events: [{on: 2026-06-01, label: "교육"}]
  triggers: [{figure: divergence_rate, at_least: 3, on: 2026-01-05, reason: "우리 기준"}]
"""
    one = stated(text, made)
    assert one.log is not None
    assert one.log.analysis.source.is_made
    assert [event.label for event in one.log.analysis.events] == ["교육"]
    assert one.log.analysis.whole.times is not None
    assert one.log.analysis.whole.times.share_below(240.0) is not None
    found = findings.derive(assessment_file.read_text(HEAD + text, "a.yaml", made).questionnaires, one)
    assert {part.part: part.finding for part in found.claim.parts}["divergence"] is Finding.CONTRADICTED
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "another"))
    assert canonical.content_sha256(stated(text, made)) == canonical.content_sha256(
        one
    )  # a made log is the same anywhere


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("log: {file: absent.csv}", "cannot be read"),
        ("log: {file: ../elsewhere.csv}", "outside the folder"),
        (f"log: {{file: attentive.csv, sha256: {'0' * 64}}}", "not the one stated"),
        ("log: {file: attentive.csv, mapping: {columns: {case: no_such}}}", "no column is known"),
        ("log: {file: attentive.csv, triggers: [{figure: long_runs, at_most: 1, on: 2026-01-05}]}", "reason"),
    ],
)
def test_a_log_that_cannot_be_used_is_named_with_its_line(made: Path, text: str, says: str) -> None:
    with pytest.raises(InvalidFileError, match=says) as caught:
        stated(text, made)
    assert all(one.line >= 7 and one.remedy for one in caught.value.problems)


def test_decisions_after_the_day_of_the_assessment_are_bad_rows(tmp_path: Path) -> None:
    later = {"shown": "2026-11-21 09:00:00", "decided": "2026-11-21 09:05:00"}
    written(tmp_path / "log.csv", [row(1), row(2), row(3, **later)])
    one = stated("log: {file: log.csv}", tmp_path).log
    assert one is not None
    assert one.analysis.source.bad == {"implausible_time": 1}


def test_an_example_with_a_log_is_brought_into_the_database(office: Office, made: Path) -> None:
    given = replace(office.read(office.start()), id=None, log=log(made))
    with office.database.transaction() as session:
        number = load_stated(session, StatedAssessment(given, {}, {}), [KIM], datetime.now(UTC))
    assert office.read(number).log == given.log


@pytest.mark.slow
def test_a_stored_log_is_read_once_while_answers_come_one_by_one(
    office: Office, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same object as long as the same is stored, and what it says is worked out anew once other answers ask for it."""
    number, read, said = office.start(), list[object](), list[object]()
    validate, judge = kept_log.from_json, findings.stored_log.contributions_to_claim
    monkeypatch.setattr(kept_log, "from_json", lambda data: (read.append(data), validate(data))[1])
    monkeypatch.setattr(
        findings.stored_log,
        "contributions_to_claim",
        lambda one, answers, **more: (said.append(answers), judge(one, answers, **more))[1],
    )
    set_log(office, number, log(made))
    office.answer(number, "hiring.told", "안내문")
    read.clear()
    said.clear()
    first = office.read(number)
    office.answer(number, "hiring.told", "다른 안내문", seen=1)
    office.answer(number, "hiring.told", "또 다른 안내문", seen=2)
    assert office.read(number).log is first.log and (read, said) == ([], [])
    office.answer(number, "involvement.named", "no")
    assert said and findings.said_by_log(office.read(number)) == judge(
        log(made), office.read(number).answers("involvement"), is_example=office.read(number).operator.is_example
    )
    set_log(office, number, log(made, "rubber-stamp"))
    after = office.read(number)
    assert read and after.log == log(made, "rubber-stamp")
    assert findings.said_by_log(after) != findings.said_by_log(first)
