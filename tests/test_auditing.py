"""`haetae history verify`: each thing that is no longer what was kept is named, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assessments import actions
from assessments.actions import Upload
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.keeping import auditing
from assessments.keeping.audit_findings import Harm, Thing
from assessments.keeping.auditing import Audit
from assessments.model import Condition, Ruling
from assessments.storage import evidence_files, history, writer
from commands.main import app
from tests.office import ADA, AT, AUD, CHO, KIM, PDF, Office, open_office
from tests.screens import Visitors
from tests.test_history import forge


def a_report(office: Office, assessment_id: int) -> None:
    """Something registered as sealed that says, as sealed reports do, where the history stood."""
    with office.database.transaction() as session:
        head = history.checkpoint(session)
        assert head is not None
        content = PDF + json.dumps({"seq": head.seq, "hash": head.hash, "at": head.at.isoformat()}).encode()
        file = writer.SealedFile(hashlib.sha256(content).hexdigest(), "a" * 64, len(content))
        stored = evidence_files.keep(session.info, evidence_files.REPORTS, content, "pdf")
        writer.add_sealed_report(session, office.read(assessment_id), stored, file, KIM.person, AT)
        history.add_event(session, "keep_report", KIM, AT, assessment_id, 1, asdict(file))


def checkpoint_of(report: bytes) -> Mapping[str, Any]:
    said = json.loads(report.removeprefix(PDF))
    assert isinstance(said, dict)
    return said


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch, furnish)


def furnish(made: Office) -> None:
    """One assessment signed off with two pieces of evidence and two sealed reports, and one begun."""
    assessment_id = made.start()
    with made.database.transaction() as session:
        for number in range(2):
            actions.add_evidence(session, assessment_id, Upload("글", "a.pdf", PDF + b"%d" % number), KIM, AT)
    frozen = made.submit(assessment_id)
    made.decide(assessment_id, frozen)
    made.sign(assessment_id, frozen)
    a_report(made, assessment_id)
    made.start()
    a_report(made, assessment_id)


def audited(office: Office) -> Audit:
    with office.database.reading() as session:
        return auditing.audit(session, checkpoint_of)


def found(office: Office) -> set[tuple[Thing, Harm]]:
    return {(one.thing, one.harm) for one in audited(office).findings}


@pytest.mark.slow
def test_what_nobody_touched_is_intact_and_everything_is_compared(office: Office) -> None:
    steps: list[float] = []
    with office.database.reading() as session:
        made = auditing.audit(session, checkpoint_of, steps.append)
    assert made.is_intact, made.findings
    assert (made.evidence, made.reports, made.revisions, made.checkpoints) == (2, 2, 1, 2)
    assert made.events == made.head.seq if made.head else False
    assert steps == sorted(steps) and steps[-1] == 1.0
    assert audited(office).checkpoints == 3, "the one that was verified the first time is compared too"


@pytest.mark.slow
def test_every_step_that_a_revision_can_take_leaves_everything_intact(office: Office) -> None:
    with office.database.transaction() as session:
        revised = actions.revise(session, 1, KIM, AT)
        actions.withdraw(session, 2, "쓰지 않는다.", KIM, AT)
    assert (revised, audited(office).findings) == (2, ())
    returned = office.start()
    office.submit(returned)
    with office.database.transaction() as session:
        actions.return_to_author(session, returned, "다시 쓰십시오.", CHO, AT)
    assert audited(office).findings == ()
    frozen = office.submit(returned)
    office.decide(returned, frozen)
    assert audited(office).findings == ()


def erase_reason(office: Office) -> None:
    with office.database.transaction() as session:
        actions.erase_values(session, 2, ["actor"], "당사자의 요청", ADA, AT)


@pytest.mark.slow
def test_what_was_erased_is_said_and_leaves_everything_intact(office: Office) -> None:
    erase_reason(office)
    made = audited(office)
    assert (made.is_intact, made.erased) == (True, 1)


DATABASE: Mapping[str, tuple[str, set[tuple[Thing, Harm]]]] = {
    "an event altered": ("UPDATE event SET kind = 'x' WHERE seq = 2", {(Thing.EVENT, Harm.ALTERED)}),
    "an event replaced": (
        "INSERT OR REPLACE INTO event SELECT seq, format, 'x', at, assessment_id, revision, digests, previous, hash "
        "FROM event WHERE seq = 2",
        {(Thing.EVENT, Harm.ALTERED)},
    ),
    "a value altered": (
        "UPDATE event_value SET value = '1' WHERE seq = 7 AND name = 'new'",
        {(Thing.VALUE, Harm.ALTERED)},
    ),
    "a value replaced": (
        "INSERT OR REPLACE INTO event_value SELECT seq, name, salt, '1' FROM event_value WHERE seq = 7 AND name = 'new'",
        {(Thing.VALUE, Harm.ALTERED)},
    ),
    "a value removed": ("DELETE FROM event_value WHERE seq = 7 AND name = 'new'", {(Thing.VALUE, Harm.MISSING)}),
    "an event removed": (
        "DELETE FROM event WHERE seq = 7",
        {(Thing.EVENT, Harm.MISSING), (Thing.EVENT, Harm.ALTERED), (Thing.VALUE, Harm.ADDED)},
    ),
    "two events in the other order": (
        "UPDATE event SET seq = CASE seq WHEN 6 THEN 1007 ELSE 1006 END WHERE seq IN (6, 7);"
        "UPDATE event SET seq = seq - 1000 WHERE seq > 1000",
        {
            (Thing.EVENT, Harm.ALTERED),
            (Thing.VALUE, Harm.ADDED),
            (Thing.VALUE, Harm.MISSING),
            (Thing.VALUE, Harm.ALTERED),
        },
    ),
    "an answer altered": (
        "UPDATE response SET answer = '\"no\"' WHERE question = 'review'",
        {(Thing.REVISION, Harm.ALTERED)},
    ),
    "an answer replaced": (
        "INSERT OR REPLACE INTO response SELECT revision_id, questionnaire, question, '\"no\"', note, by_id, by_name, at, "
        "lock_version FROM response WHERE question = 'review'",
        {(Thing.REVISION, Harm.ALTERED)},
    ),
    "the digest of what was submitted altered": (
        "UPDATE revision SET content_sha256 = printf('%064d', 0) WHERE content_sha256 IS NOT NULL",
        {(Thing.REVISION, Harm.ALTERED), (Thing.REVISION, Harm.ADDED)},
    ),
    "a register entry altered": (
        "UPDATE sealed_report SET record_sha256 = printf('%064d', 0) WHERE id = 1",
        {(Thing.REPORT, Harm.ADDED)},
    ),
    "a revision removed": ("DELETE FROM revision WHERE id = 2", {(Thing.REVISION, Harm.CUT_OFF)}),
    "a revision put in": (
        "INSERT INTO revision (id, assessment_id, number, status, on_day, lock_version, created_at, updated_at, updated_by) "
        "SELECT 99, 1, 9, 'draft', on_day, 0, created_at, updated_at, updated_by FROM revision WHERE id = 2",
        {(Thing.STEPS, Harm.ADDED)},
    ),
    "a decision altered": (
        "UPDATE revision SET decision_reason = 'x' WHERE decision_reason IS NOT NULL",
        {(Thing.STEPS, Harm.ALTERED)},
    ),
    "a decider altered": (
        "UPDATE revision SET decided_by_id = 'x' WHERE decided_by_id IS NOT NULL",
        {(Thing.STEPS, Harm.ALTERED)},
    ),
    "a time of sign-off altered": (
        "UPDATE revision SET signed_at = '2020-01-01T00:00:00.000000+00:00' WHERE signed_at IS NOT NULL",
        {(Thing.STEPS, Harm.ALTERED)},
    ),
    "a status altered": (
        "UPDATE revision SET status = 'superseded' WHERE id = 1",
        {(Thing.STEPS, Harm.ALTERED)},
    ),
    "an author removed": ("DELETE FROM author WHERE revision_id = 1", {(Thing.STEPS, Harm.MISSING)}),
    "a register entry removed": ("DELETE FROM sealed_report WHERE id = 1", {(Thing.REPORT, Harm.CUT_OFF)}),
}


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize("case", DATABASE)
@pytest.mark.slow
def test_what_is_altered_removed_moved_or_replaced_in_the_database_is_named(office: Office, case: str) -> None:
    statements, expected = DATABASE[case]
    forge(*statements.split(";"))
    harmed = found(office)
    assert harmed and harmed <= expected, harmed


@pytest.mark.sqlite
def test_evidence_whose_digest_was_altered_with_its_file_is_named(office: Office) -> None:
    file = sorted((home() / "evidence").iterdir())[0]
    file.write_bytes(PDF + b"another")
    digest = hashlib.sha256(PDF + b"another").hexdigest()
    forge(f"UPDATE evidence SET sha256 = '{digest}' WHERE stored_name = '{file.name}'")
    assert {(Thing.EVIDENCE, Harm.ADDED), (Thing.REVISION, Harm.ALTERED)} <= found(office)


@pytest.mark.slow
def test_evidence_that_is_gone_with_its_row_is_named_also_in_a_draft(office: Office) -> None:
    draft = office.start()
    with office.database.transaction() as session:
        kept, removed = (
            actions.add_evidence(session, draft, Upload("글", "a.pdf", PDF + name), KIM, AT) for name in (b"k", b"r")
        )
        actions.remove_evidence(session, draft, removed.id, KIM, AT)
    assert audited(office).is_intact
    forge(f"DELETE FROM evidence WHERE id = '{kept.id}'")
    assert [(one.thing, one.harm, one.which) for one in audited(office).findings] == [
        (Thing.EVIDENCE, Harm.CUT_OFF, kept.id)
    ]


@pytest.mark.slow
def test_a_condition_that_is_altered_in_the_database_is_named(office: Office) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with office.database.transaction() as session:
        conditions = [Condition("하나", "서두리", date(2027, 3, 1)), Condition("둘", "품질팀", date(2027, 4, 1))]
        ruling = Ruling.APPROVED_WITH_CONDITIONS
        actions.record_decision(session, assessment_id, ruling, "조건부", conditions, frozen, CHO, AT)
    assert audited(office).is_intact
    for statement in (
        "UPDATE condition SET due = '2028-03-01' WHERE number = 1",
        "DELETE FROM condition WHERE number = 2",
    ):
        with closing(sqlite3.connect(home() / "haetae.db")) as connection:
            for trigger in ("condition_no_update", "condition_no_delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            connection.execute(statement)
            connection.commit()
        assert [(one.thing, one.which) for one in audited(office).findings] == [(Thing.CONDITION, f"{assessment_id}/1")]


@pytest.mark.slow
def test_one_erased_value_hides_nothing_else(office: Office) -> None:
    draft = office.start()
    with office.database.transaction() as session:
        first, second = (
            actions.add_evidence(session, draft, Upload("글", "a.pdf", PDF + name), KIM, AT) for name in (b"k", b"r")
        )
        head = history.checkpoint(session)
        assert head is not None
        actions.erase_values(session, head.seq - 1, ["evidence"], "당사자의 요청", ADA, AT)
    assert audited(office).is_intact
    forge(f"UPDATE evidence SET sha256 = printf('%064d', 0) WHERE id = '{second.id}'")
    assert (Thing.EVIDENCE, Harm.ADDED) in found(office)
    forge(f"UPDATE evidence SET id = 'ev-other' WHERE id = '{second.id}'")
    assert {(Thing.EVIDENCE, Harm.ADDED), (Thing.EVIDENCE, Harm.CUT_OFF)} <= found(office)
    assert first.id != second.id


@pytest.mark.first_in_check
@pytest.mark.parametrize(("folder", "thing"), [("evidence", Thing.EVIDENCE), ("reports", Thing.REPORT)])
def test_a_file_that_is_altered_missing_or_another_is_named(office: Office, folder: str, thing: Thing) -> None:
    first, second = sorted((home() / folder).iterdir())
    kept = first.read_bytes()
    first.write_bytes(kept + b" ")
    assert found(office) == {(thing, Harm.ALTERED)}
    first.unlink()
    assert found(office) == {(thing, Harm.MISSING)}
    first.write_bytes(second.read_bytes())
    assert found(office) == {(thing, Harm.SWAPPED)}
    first.write_bytes(kept)
    assert found(office) == set()


def test_a_record_beside_its_report_that_is_altered_is_named(office: Office) -> None:
    report = sorted((home() / "reports").iterdir())[0]
    report.with_suffix(".json").write_bytes(b"{}")
    assert found(office) == {(Thing.RECORD, Harm.ALTERED)}


def cut_off(after: int) -> None:
    forge(f"DELETE FROM event_value WHERE seq > {after}", f"DELETE FROM event WHERE seq > {after}")


@pytest.mark.sqlite
def test_an_end_that_was_cut_off_is_found_by_what_a_sealed_report_says(office: Office) -> None:
    audited(office)
    (home() / auditing.VERIFIED).unlink()
    cut_off(9)
    assert (Thing.CHECKPOINT, Harm.CUT_OFF) in found(office)


@pytest.mark.sqlite
def test_an_end_that_was_cut_off_after_the_last_report_is_found_by_what_was_verified_before(office: Office) -> None:
    office.start()
    made = audited(office)
    assert made.head is not None
    cut_off(made.head.seq - 1)
    harmed = audited(office)
    assert [(one.thing, one.harm, one.which) for one in harmed.findings] == [
        (Thing.STEPS, Harm.ADDED, "3/1"),
        (Thing.CHECKPOINT, Harm.CUT_OFF, str(made.head.seq)),
    ]


@pytest.mark.sqlite
def test_before_a_seal_what_is_new_is_verified_and_an_altered_history_is_not_sealed_over(office: Office) -> None:
    with office.database.reading() as session:
        first = auditing.check_history(session)
    office.start()
    with office.database.reading() as session:
        second = auditing.check_history(session)
    assert (second.events, first.events > second.events) == (3, True)
    office.start()
    forge("UPDATE event SET kind = 'x' WHERE seq = (SELECT max(seq) - 1 FROM event)")
    with pytest.raises(AssessmentError, match="Nothing is sealed") as refused, office.database.reading() as session:
        auditing.check_history(session)
    assert "봉인하지 않습니다" in refused.value.text.ko
    assert (home() / auditing.VERIFIED).stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_command_says_what_it_compared_and_where_the_history_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_office(tmp_path, monkeypatch)
    made.submit(made.start())
    said = CliRunner().invoke(app, ["history", "verify"])
    assert (said.exit_code, "Intact" in said.output, "Checkpoint: " in said.output) == (0, True, True), said.output
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        (last,) = connection.execute("SELECT hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    assert last in said.output
    forge("UPDATE event SET kind = 'x' WHERE seq = 4")
    harmed = CliRunner().invoke(app, ["history", "verify"])
    assert (harmed.exit_code, "Event 4: " in harmed.output, "NOT INTACT" in harmed.output) == (1, True, True)
    told = json.loads(CliRunner().invoke(app, ["history", "verify", "--json"]).stdout)
    assert (told["is_intact"], told["findings"][0]["thing"], told["findings"][0]["which"]) == (False, "event", "4")


@pytest.mark.slow
def test_an_auditor_verifies_everything_on_the_history_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = open_office(tmp_path, monkeypatch)
    visitors = Visitors(made, monkeypatch)
    made.submit(made.start())
    assert not visitors.sign_in(KIM).open("history", assessment=1).has_button("audit-go")
    screen = visitors.sign_in(AUD).open("history", assessment=1).click("audit-go")
    assert "Intact: everything is what was kept." in screen.html or "온전합니다" in screen.html
    forge("UPDATE event SET kind = 'x' WHERE seq = 4")
    screen = visitors.sign_in(AUD).open("history", assessment=1).click("audit-go")
    assert "h-bad" in screen.html and " 4: " in screen.html


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("UPDATE submission SET content = replace(content, '지원자', '응시자')", Harm.ALTERED),
        (
            "UPDATE submission SET content_sha256 = replace(content_sha256, substr(content_sha256, 1, 1), 'x')",
            Harm.ADDED,
        ),
        ("UPDATE submission SET round = 2", Harm.ADDED),
        (
            "INSERT INTO submission SELECT revision_id, 2, content, content_sha256, by_id, by_name, at FROM submission",
            Harm.ADDED,
        ),
    ],
)
def test_a_submission_that_is_not_what_was_submitted_is_named(office: Office, statement: str, harm: Harm) -> None:
    assert audited(office).is_intact
    with closing(sqlite3.connect(home() / "haetae.db")) as raw, raw:
        raw.execute("DROP TRIGGER submission_no_update")
        raw.execute(statement)
    assert (Thing.SUBMISSION, harm) in {(found.thing, found.harm) for found in audited(office).findings}
