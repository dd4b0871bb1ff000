"""The register of sealed reports: one file of a language, over the record that was signed off, and over no other."""

from __future__ import annotations

import sqlite3
from threading import Barrier, Thread

import pytest

from assessments import actions
from assessments.errors import (
    AssessmentError,
    EvidenceRefusedError,
    RecordFileError,
    WrongStatusError,
)
from assessments.home import home
from assessments.keeping import sealed_files
from assessments.model import Withheld, WithheldKind
from assessments.storage import database, event_lines, reader
from exports.record import record, redaction
from exports.record.record import Record
from tests import report_samples as samples
from tests import sealed_reports
from tests.former_home import WITHOUT_DASHBOARDS, WITHOUT_POSITIONS
from tests.office import AT, CHO, KIM, PARK, PDF, Office
from tests.sealed_reports import keep, record_of, sealed, unsealed


def marked(office: Office) -> tuple[int, Record, Record]:
    """Signed off, with a mark: its record and the redacted copy of it."""
    number = office.start()
    office.fill(number)
    with office.database.transaction() as session:
        mark = Withheld("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")
        actions.set_withheld(session, number, [mark], KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    full = record_of(office, number)
    return number, full, redaction.redact(full, record.questionnaires_of(full))


def changed(made: Record, **data: object) -> Record:
    return Record({**made.data, **data})


def files() -> set[str]:
    return {one.suffix for one in (home() / "reports").glob("*")}


@pytest.mark.slow
def test_a_sealed_report_is_registered_with_its_digest_and_its_record_beside_it(office: Office) -> None:
    number = office.signed_off()
    made = record_of(office, number)
    pdf = sealed(made)
    with office.database.transaction() as session:
        report_id = actions.keep_report(
            session,
            number,
            pdf,
            made.sha256,
            PARK,
            AT,
            languages=("ko",),
            certificate_sha256="c" * 64,
            seal_level="B-T",
        )
    with office.database.reading() as session:
        (report,) = reader.sealed_reports(session, number)
        assert reader.find_sealed(session, report.file_sha256) == report
        assert reader.find_sealed(session, "0" * 64) is None
        event = event_lines.events(session, number, limit=1)[0]
    assert (report.id, report.record_sha256, report.by, report.revision) == (report_id, made.sha256, PARK.person, 1)
    assert sealed_files.file_of(report) == pdf
    assert sealed_files.record_of(report) == made.canonical
    assert files() == {".pdf", ".json"}
    assert event.values == {
        "file_sha256": report.file_sha256,
        "record_sha256": made.sha256,
        "size": len(pdf),
        "variant": "full ko",
        "certificate_sha256": "c" * 64,
        "seal_level": "B-T",
    }


@pytest.mark.slow
def test_what_is_not_the_sealed_record_of_a_signed_off_revision_is_refused(office: Office) -> None:
    draft, done, other = office.start(), office.signed_off(), office.signed_off()
    made, open_one = record_of(office, done), record_of(office, draft)
    stated = changed(made, decision_origin="stated")
    later = changed(made, document={**made.data["document"], "revision": 2})
    cases = [
        (draft, sealed(open_one), open_one.sha256, WrongStatusError),
        (done, b"no pdf", made.sha256, EvidenceRefusedError),
        (done, PDF, made.sha256, RecordFileError),
        (done, unsealed(made), made.sha256, EvidenceRefusedError),
        (done, sealed(made), "0" * 64, EvidenceRefusedError),
        (done, sealed(stated), stated.sha256, EvidenceRefusedError),
        (done, sealed(later), later.sha256, EvidenceRefusedError),
        (done, sealed(open_one), open_one.sha256, EvidenceRefusedError),
        (done, samples.sealed(), samples.sealed_record().sha256, EvidenceRefusedError),
        (done, sealed(made, "en"), made.sha256, EvidenceRefusedError),
    ]
    for number, pdf, digest, error in cases:
        with pytest.raises(error), office.database.transaction() as session:
            actions.keep_report(session, number, pdf, digest, PARK, AT, languages=("ko",))
    with office.database.reading() as session:
        assert not reader.sealed_reports(session, done) and not reader.sealed_reports(session, other)
    assert files() == set(), "nothing is left of what was refused"


@pytest.mark.slow
def test_a_revision_has_one_file_of_a_language_and_all_hold_one_record(office: Office) -> None:
    number = office.signed_off()
    made = record_of(office, number)
    keep(office, number, made)
    again = changed(made, document={**made.data["document"], "at": "2026-11-21T04:00:00Z"})
    for one, language in ((made, "ko"), (again, "ko"), (again, "en")):
        with pytest.raises(WrongStatusError, match="sealed report already: 박도윤"):
            keep(office, number, one, language, by=CHO)
    keep(office, number, made, "en", by=CHO)
    with office.database.reading() as session:
        assert [one.variant for one in reader.sealed_reports(session, number)] == ["full en", "full ko"]


@pytest.mark.slow
def test_beside_a_report_of_an_unknown_language_no_second_is_kept(office: Office) -> None:
    number = office.signed_off()
    made = record_of(office, number)
    sealed_reports.registered(office, number, sealed(made), made.sha256)
    with pytest.raises(WrongStatusError):
        keep(office, number, made, "en")


@pytest.mark.slow
def test_two_who_seal_at_once_leave_one_report(office: Office) -> None:
    number = office.signed_off()
    first = record_of(office, number)
    second = changed(first, document={**first.data["document"], "at": "2026-11-21T03:00:01Z"})
    ready, refused = Barrier(2), []

    def press(made: Record) -> None:
        ready.wait()
        try:
            keep(office, number, made)
        except WrongStatusError as error:
            refused.append(error)

    both = [Thread(target=press, args=(one,)) for one in (first, second)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1
    with office.database.reading() as session:
        assert len(reader.sealed_reports(session, number)) == 1
    assert len(list((home() / "reports").glob("*.pdf"))) == 1


@pytest.mark.slow
def test_a_copy_is_registered_only_beside_the_report_it_was_made_of(office: Office) -> None:
    number, full, copy = marked(office)
    with pytest.raises(EvidenceRefusedError, match="Seal it first"):
        keep(office, number, copy)
    keep(office, number, full)
    keep(office, number, copy)
    with pytest.raises(WrongStatusError):
        keep(office, number, copy)
    foreign = changed(copy, redacts="ab" * 32)
    with pytest.raises(EvidenceRefusedError):
        keep(office, number, foreign, "en")
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    keep(office, number, copy, "en")
    with office.database.reading() as session:
        assert {one.revision for one in reader.sealed_reports(session, number)} == {1}, "of the report it was made of"


@pytest.mark.first_in_check
@pytest.mark.parametrize("ending", ["pdf", "json"])
def test_what_was_altered_is_refused_and_what_is_gone_is_taken_from_the_report(office: Office, ending: str) -> None:
    number = office.signed_off()
    made = record_of(office, number)
    keep(office, number, made)
    with office.database.reading() as session:
        (report,) = reader.sealed_reports(session, number)
    (file,) = (home() / "reports").glob(f"*.{ending}")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?")
    with pytest.raises(AssessmentError, match="backup"):
        (sealed_files.file_of if ending == "pdf" else sealed_files.record_of)(report)
    file.unlink()
    if ending == "json":
        assert sealed_files.record_of(report) == made.canonical
        assert file.read_bytes() == whole


def test_a_record_that_the_register_names_wrongly_is_not_handed_out(office: Office) -> None:
    """An older program registered any digest."""
    number = office.signed_off()
    sealed_reports.registered(office, number, sealed(record_of(office, number)), "ab" * 32)
    with office.database.reading() as session:
        (report,) = reader.sealed_reports(session, number)
    with pytest.raises(AssessmentError, match="not handed out"):
        sealed_files.record_of(report)


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_home_from_before_is_taken_over_with_its_sealed_reports(office: Office) -> None:
    number = office.signed_off()
    made = record_of(office, number)
    sealed_reports.registered(office, number, sealed(made), made.sha256)
    office.database.close()
    with sqlite3.connect(home() / "haetae.db") as old:
        old.executescript(
            WITHOUT_POSITIONS + "DROP INDEX uq_sealed_report_variant; DROP TRIGGER sealed_report_no_replace;"
            "ALTER TABLE sealed_report DROP COLUMN variant; DROP TABLE explanation; DROP TABLE evidence_review;"
            + WITHOUT_DASHBOARDS
            + "DROP INDEX ix_projection_changed; DROP INDEX ix_projection_waiting; DROP INDEX ix_projection_queue;"
            "DROP INDEX ix_operator_name; DROP INDEX ix_ai_system_name;"
            "DROP TABLE role_grant; DROP TABLE account; DROP TABLE unit;"
            "DROP TABLE password; DROP TABLE one_time_link; DROP TABLE second_factor; DROP TABLE recovery_code;"
            "DROP TABLE outside_identity; DROP TABLE passkey; DROP TABLE sign_in_attempt;"
            "DROP TABLE done_draft; DROP TABLE submission; DROP TABLE condition;"
            "DROP TABLE mention; DROP TABLE given_section; DROP TABLE presence; DROP TABLE reminder; DROP INDEX ix_event_kind;"
            "DROP TABLE reassessment_day; DROP TABLE material_change; DROP TABLE follow_up; DROP TABLE proof;"
            "DROP TABLE watched_log; DROP TABLE retired; DROP TABLE archived; DROP TABLE legal_hold;"
            "DROP TABLE carried; DROP TABLE duty; DROP TABLE vote; DROP TABLE committee; DROP TABLE signed_result;"
            "DROP INDEX ix_projection_cube; DROP INDEX ix_decision_log_at; ALTER TABLE projection DROP COLUMN has_log;"
            "DROP TABLE portfolio_day; DROP TABLE incident; DROP TABLE system_event; DROP TABLE assigned_review;"
            "DROP TABLE request_reminder; DROP TABLE request_event; DROP TABLE request;"
            "DROP TABLE official_document; DROP TABLE meeting_document; DROP TABLE meeting_event; DROP TABLE meeting;"
            "DROP TABLE made_data; ALTER TABLE operator DROP COLUMN folded;"
            "ALTER TABLE projection DROP COLUMN since;"
            "ALTER TABLE login_session DROP COLUMN screening;"
            "UPDATE alembic_version SET version_num = '0005';"
        )
    database.prepare()
    with database.reading() as session:
        (report,) = reader.sealed_reports(session, number)
    assert report.variant is None
    assert sealed_files.record_of(report) == made.canonical
