"""Jobs: done once, though their worker is killed in the middle, by the worker of the server as by others on PostgreSQL."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from assessments import actions, own_process, people, viewing
from assessments.decision_log.intake import counting, waiting
from assessments.decision_log.reading.columns import LogMapping
from assessments.errors import AssessmentError, AwayError, NotAllowedError, WrongStatusError
from assessments.file.decision_log import pseudonym_key
from assessments.home import home
from assessments.keeping import auditing, sealed_files
from assessments.model import FIRST_UNIT, Committee, Grant, Role
from assessments.own_process import StoppedError
from assessments.rescoring import OPEN, Run
from assessments.storage import database, failures, history, jobs, log_imports, portfolio_days, reader, units
from assessments.storage.jobs import Progress, Request, Stage
from commands.main import app
from exports.printing import pdf
from exports.seal import keys
from exports.verification import verify
from exports.words.facts import Verdict
from jobs import asking, built_in, elsewhere, errors, kinds, logs, rescoring, running, schema
from jobs.kinds import SealOfficial, SealPaper, SealReport
from jobs.printing import print_elsewhere
from jobs.reports import record_of
from jobs.standing import LONG_SECONDS, Standing
from jobs.work import Work
from pages._server import committee_documents, official_documents
from questionnaires import load
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.wording import seoul_day
from tests import in_this_process, mail_server, postgres
from tests.office import ADA, AT, CHO, KIM, LEE, PARK, Office, open_office
from tests.test_meetings import convened
from tests.test_official_documents import facts_written
from tests.workers import Worker, awaited, started

needs_server = [
    pytest.mark.sqlite,
    pytest.mark.slow,
    pytest.mark.skipif(postgres.programs() is None, reason="needs PostgreSQL; on Debian postgresql."),
]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.delenv("HAETAE_WORKERS", raising=False)
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """On PostgreSQL, with a user who owns nothing, jobs are done by `haetae work`."""
    monkeypatch.setenv(postgres.VARIABLE, "postgresql")
    office = open_office(tmp_path, monkeypatch)
    monkeypatch.setenv("HAETAE_WORKERS", "elsewhere")
    with monkeypatch.context() as upgrade:
        upgrade.setenv(database.OWNER, owner_of(office))
        schema.prepare()
    keys.load_or_create(home())
    return office


def owner_of(office: Office) -> str:
    return postgres.address(office.database.url.database or "")


def reports_of(office: Office, number: int) -> list[Any]:
    with office.database.reading() as session:
        return list(reader.sealed_reports(session, number))


def progress_of(number: int) -> Progress:
    with database.reading() as session:
        now = jobs.progress(session, number)
    assert now is not None
    return now


def status() -> tuple[int, int, str]:
    """Exit code, workers, and what is said of the jobs."""
    done = CliRunner().invoke(app, ["work", "--status"])
    workers, of_jobs = done.stdout.splitlines()[:2]
    return done.exit_code, int(workers.rpartition(": ")[2]), of_jobs.partition(": ")[2]


def check_sealed_once(office: Office, number: int) -> None:
    """One report, registered once, that everybody can verify; the history is whole and tells of one."""
    (report,) = reports_of(office, number)
    certificate = keys.certificate_pem(keys.load_or_create(home()))
    with pytest.MonkeyPatch.context() as examined:
        examined.setattr(own_process, "in_own_process", in_this_process.done)
        found = verify.verify(
            sealed_files.file_of(report), [certificate], at=datetime.now(UTC), folder=load.FOLDER, is_reprinting=False
        )
    assert found.verdict is Verdict.PASSED
    with office.database.reading() as session:
        assert history.verify(session).is_intact
        auditing.check_history(session)
        told = session.connection().execute(text("SELECT count(*) FROM event WHERE kind = 'keep_report'")).scalar()
    assert told == 1
    assert len(list((home() / "reports").glob("[!.]*.pdf"))) == 1, "a run that was broken off leaves no file"


# --- one job ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_report_is_sealed_by_the_worker_in_the_server_which_tells_how_far_it_is(office: Office) -> None:
    number, steps = office.signed_off(), list[str]()
    asking.done(SealReport(number, 1, ("ko",)), PARK, heard=lambda now: steps.append(now.step))
    check_sealed_once(office, number)
    assert "pages" in steps, "what takes seconds is told while it goes on"


def test_of_the_same_there_is_one_job_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    monkeypatch.setattr(built_in, "begin", lambda job, _kind: begun.append(job))
    first, again = (asking.ask(SealReport(1, 1, languages), PARK) for languages in (("ko",), ("en",)))
    redacted, other = asking.ask(SealReport(1, 1, ("ko",), True), PARK), asking.ask(SealReport(2, 1, ("ko",)), PARK)
    assert first == again and len({first, redacted, other}) == 3
    assert begun == [first, redacted, other]


def test_whoever_asks_with_another_content_gets_that_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_in, "begin", lambda _job, _kind: None)
    for request in (SealPaper(1, "paper", "ko"), SealOfficial(1, "rights", "ko")):
        first, again, changed = (asking.ask(request, PARK, material) for material in (b"first", b"first", b"changed"))
        assert first == again != changed
        with office.database.reading() as session:
            query = text("SELECT material FROM job WHERE id IN (:first, :changed) ORDER BY id")
            rows = session.connection().execute(query, {"first": first, "changed": changed}).scalars()
            assert [bytes(row) for row in rows] == [b"first", b"changed"]


def test_of_two_contents_of_one_paper_the_later_one_is_kept_last(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_in, "begin", lambda _job, _kind: None)
    paper, at = SealPaper(1, "paper", "ko"), datetime.now(UTC)
    first, changed = (asking.ask(paper, PARK, material) for material in (b"first", b"changed"))
    other = asking.ask(SealPaper(1, "minutes", "ko"), PARK, b"other")
    with pytest.raises(running.HeldError):
        running.run(changed)
    with office.database.transaction() as session:
        assert jobs.take(session, other, "run", "here:1", at), "another paper waits for none of them"
        assert jobs.take(session, first, "run", "here:1", at)
        assert jobs.take(session, changed, "run", "here:2", at) is None
        jobs.end(session, first, "run", Stage.DONE, at)
        assert jobs.take(session, changed, "run", "here:2", at)


def test_a_job_belongs_to_the_run_that_took_it_last(office: Office) -> None:
    """What a run that was given up still does is not kept."""
    at = datetime.now(UTC)
    with office.database.transaction() as session:
        number, _ = jobs.add(session, Request("print", "a", {"sha256": "a"}, None), at)
        assert jobs.take(session, number, "first", "one:1", at)
        assert jobs.take(session, number, "second", "two:2", at + timedelta(seconds=20)) is None, "it is being done"
        assert jobs.take(session, number, "second", "two:2", at + timedelta(minutes=1)), "its worker is gone"
    slow = Work(number, None, None, "first")
    with pytest.raises(StoppedError), slow.ending() as session:
        pytest.fail("nothing is kept by it")
    with pytest.raises(StoppedError):
        slow.tell("pages")
    with pytest.raises(StoppedError):
        slow.end("too late")
    Work(number, None, None, "second").end("in time")
    with office.database.reading() as session:
        assert jobs.outcome(session, number) == ("in time", None)
        assert not jobs.is_open(session, number)


def test_what_a_job_keeps_and_its_end_stand_or_fall_together(office: Office) -> None:
    with office.database.transaction() as session:
        number, _ = jobs.add(session, Request("print", "a", {"sha256": "a"}, None), datetime.now(UTC))
        jobs.take(session, number, "run", "one:1", datetime.now(UTC))
    before = office.database

    def break_off() -> None:
        with Work(number, None, None, "run").ending() as session:
            session.connection().execute(text("UPDATE job SET step = 'kept'"))
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        break_off()
    with before.reading() as session:
        now = jobs.progress(session, number)
    assert now is not None and (now.stage, now.step) == (Stage.RUNNING, "")


def test_a_job_whose_worker_breaks_off_each_time_fails_in_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SILENT", timedelta(0))
    with office.database.transaction() as session:
        number, _ = jobs.add(session, Request("print", "a", {"sha256": "a"}, None), datetime.now(UTC))
        for run in range(kinds.KINDS["print"].most_begun):
            assert jobs.take(session, number, str(run), "gone:1", datetime.now(UTC))
    running.run(number)
    with pytest.raises(AssessmentError, match="begun 3 times"):
        asking.follow(number)


def test_a_job_whose_database_is_away_for_a_while_is_done_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def meet_nobody(_work: Work, _asked_for: object) -> None:
        raise AwayError(failures.TEXTS.told("unreachable"))

    begun: list[int] = []
    monkeypatch.setattr(built_in, "begin", lambda job, _kind: begun.append(job))
    number, most = asking.ask(SealReport(office.signed_off(), 1, ("ko",)), PARK), kinds.KINDS["seal_report"].most_begun
    with monkeypatch.context() as away:
        away.setattr(kinds.Kind, "function", lambda _kind: meet_nobody)
        for _ in range(most - 1):
            running.run(number)
            assert progress_of(number).stage is Stage.WAITING
            assert built_in.take_up() == 1, "at the next look, not when it has been silent for long"
        running.run(number)
    assert begun == [number] * most
    with pytest.raises(AwayError, match="cannot be reached"):
        asking.follow(number)


@pytest.mark.parametrize(
    "error",
    [
        AssessmentError(kinds_text := asking.TEXTS.told("job_stopped")),
        WrongStatusError(kinds_text),
        InvalidFileError([Problem("seal.yaml", 3, "What.", "Remedy.", "무엇.", "조치.")]),
    ],
)
def test_an_error_reaches_whoever_asked_as_it_was_raised(error: Exception) -> None:
    raised = errors.raised_again(json.loads(json.dumps(errors.as_json(error))))
    assert type(raised) is type(error) and str(raised) == str(error)
    if isinstance(error, InvalidFileError):
        assert isinstance(raised, InvalidFileError)
        assert raised.problems[0].sentence("ko") == "seal.yaml 3행: 무엇. 조치."


def test_of_an_error_that_nobody_foresaw_no_content_is_told() -> None:
    told = errors.raised_again(errors.as_json(KeyError("주민등록번호")))
    assert "KeyError" in str(told) and "주민" not in str(told)


def test_whoever_may_no_longer_act_gets_nothing_sealed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are those of the moment at which it is done, not of the moment at which it was asked for."""
    officer = people.add_person(home(), "park", "박도윤", [Role.SIGNING_OFFICER])
    monkeypatch.setattr(built_in, "begin", lambda _number, _kind: None)
    number = asking.ask(SealReport(office.signed_off(), 1, ("ko",)), officer)
    with office.database.transaction() as session:
        session.connection().execute(text("UPDATE account SET is_active = false WHERE id = 'park'"))
    running.run(number)
    with pytest.raises(NotAllowedError):
        asking.follow(number)


def test_a_job_that_a_killed_server_left_behind_is_taken_up_by_the_next_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(built_in, "begin", lambda job, _kind: begun.append(job))
    at = datetime.now(UTC)
    with office.database.transaction() as session:
        left, fresh, held = (
            jobs.add(session, Request("print", about, {"sha256": about}, None), at - age)[0]
            for about, age in (("left", timedelta(hours=1)), ("fresh", timedelta()), ("held", timedelta(hours=1)))
        )
        jobs.take(session, left, "run", "gone:1", at - timedelta(minutes=5))
        jobs.take(session, held, "run", "busy:1", at)
    assert built_in.take_up() == 1 and begun == [left]
    assert fresh not in begun, "whoever asked begins it"


def test_a_job_that_waits_for_its_turn_here_is_not_begun_again_by_every_look(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(built_in, "_TURNS", turns)
    with turns:
        job = asking.ask(SealReport(1, 1, ("ko",)), PARK)
        with office.database.transaction() as session:
            session.connection().execute(
                text("UPDATE job SET asked_at = :at"), {"at": "2026-11-30T00:00:00.000000+00:00"}
            )
        assert (built_in.take_up(), built_in.take_up()) == (0, 0)
        (waiting_here,) = (thread for thread in threading.enumerate() if thread.name == f"jobs {job}")
        with office.database.transaction() as session:
            jobs.stop(session, job, AT)
    waiting_here.join(timeout=60)
    assert not waiting_here.is_alive()


def test_a_worker_does_as_many_jobs_at_the_same_time_as_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(40)
    monkeypatch.setattr(running, "run", lambda _job: together.wait(timeout=10))

    async def work() -> None:
        elsewhere.make_room(40)
        await asyncio.gather(*map(elsewhere._do, range(40)))

    asyncio.run(work())
    assert not together.broken


def test_what_ended_long_ago_goes_and_pages_that_nobody_fetched_before(office: Office) -> None:
    now = datetime.now(UTC)
    with office.database.transaction() as session:
        for about, age in (("day", timedelta(days=2)), ("hour", timedelta(hours=1)), ("now", timedelta())):
            number, _ = jobs.add(session, Request("print", about, {"sha256": about}, None), now - age)
            jobs.take(session, number, "run", "one:1", now - age)
            jobs.end(session, number, "run", Stage.DONE, now - age, made=b"%PDF-")
        assert jobs.is_anything_old(session, now)
        jobs.forget(session, now)
        rows = session.connection().execute(text("SELECT about, made IS NULL AS gone FROM job ORDER BY id")).all()
        assert not jobs.is_anything_old(session, now)
    assert [(row.about, bool(row.gone)) for row in rows] == [("hour", True), ("now", False)]


# --- logs ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def handed_over() -> Iterator[None]:
    """As the server does it, whose jobs live through its end."""
    counting.read_by(logs.hand_over)
    yield
    counting.read_by(None)


def log_of(number: int) -> waiting.Intake:
    log = waiting.pending(number, 1)
    assert log is not None
    return log


def look_into(number: int, rows: int = 40) -> waiting.Intake:
    """A log that was handed in, once it was looked into."""
    lines = (f"{case},{('approve', 'reject')[case % 3 > 0]},approve,r{case % 7}" for case in range(rows))
    content = "\n".join(["case_id,recommendation,decision,reviewer", *lines]).encode()
    counting.look(waiting.take_in(number, 1, "log.csv", io.BytesIO(content)))
    awaited(lambda: not log_of(number).stage.is_running)
    assert log_of(number).error is None
    return log_of(number)


def count(log: waiting.Intake) -> None:
    counting.start(log, log.preview().as_used(), floor_seconds=60.0, at=datetime.now(UTC))


@pytest.mark.slow
@pytest.mark.usefixtures("handed_over")
def test_a_log_that_a_killed_server_was_counting_is_counted_by_the_next_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = look_into(office.start())
    with monkeypatch.context() as killed:
        killed.setattr(built_in, "begin", lambda _number, _kind: None)
        count(log)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with office.database.transaction() as session:
        row = log_imports.find_import(session, log.assessment_id, 1)
        assert row is not None and row.run is not None
        job = jobs.find_open(session, log_imports.READ_LOG, row.run)
        assert job is not None
        log_imports.begin_now(session, row.id or 0, row.run, long_ago)
        assert jobs.take(session, job, "run of a server that is gone", "gone:1", long_ago)
    assert waiting.break_off() == 0
    assert log_of(log.assessment_id).stage is waiting.Stage.COUNTING, "it is not broken off, but goes on soon"
    assert built_in.take_up() == 1
    awaited(lambda: not log_of(log.assessment_id).stage.is_running)
    assert log_of(log.assessment_id).stage is waiting.Stage.DONE
    asking.follow(job)


@pytest.mark.usefixtures("handed_over")
def test_the_key_of_pseudonyms_is_no_part_of_a_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_in, "begin", lambda _number, _kind: None)
    log = waiting.take_in(office.start(), 1, "log.csv", io.BytesIO(b"case_id,recommendation,decision,reviewer\n"))
    counting.start(log, LogMapping(), floor_seconds=None, at=datetime.now(UTC))
    with office.database.reading() as session:
        told = session.connection().execute(text("SELECT arguments FROM job")).scalar_one()
    assert json.loads(told)["request"]["is_made"] is False and pseudonym_key().hex() not in told
    counting.stop(log)
    assert log_of(log.assessment_id).stage is waiting.Stage.ARRIVED


# --- workers elsewhere, on PostgreSQL ---------------------------------------------------------------------------------


def test_jobs_that_wait_are_counted_and_since_when(office: Office) -> None:
    at = datetime.now(UTC)
    with office.database.transaction() as session:
        assert jobs.counted(session) == (0, 0, None)
        for number, minutes in enumerate((1, 9, 5)):
            jobs.add(session, Request("print", f"{number}", {}, None), at - timedelta(minutes=minutes))
        assert jobs.counted(session) == (0, 3, at - timedelta(minutes=9))
        jobs.take(session, 2, "run", "here:1", at)
        assert jobs.counted(session) == (1, 2, at - timedelta(minutes=5))
    assert Standing(1, 5, 2, LONG_SECONDS).is_well
    assert not Standing(1, 5, 2, LONG_SECONDS + 1).is_well and not Standing(0, 0, 0, 0).is_well


@pytest.mark.sqlite
def test_workers_elsewhere_need_postgresql(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_WORKERS", "elsewhere")
    with pytest.raises(AssessmentError, match="needs PostgreSQL"):
        asking.ask(SealReport(1, 1, ("ko",)), PARK)
    monkeypatch.setenv("HAETAE_WORKERS", "somewhere")
    with pytest.raises(AssessmentError, match="Set it to here or elsewhere"):
        schema.prepare()


class TestElsewhere:
    pytestmark = needs_server

    @pytest.mark.usefixtures("handed_over")
    def test_every_kind_is_done_by_a_worker_and_its_progress_is_seen(
        self, shared: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number, meeting, steps = shared.signed_off(), convened(seated_in(shared)), list[tuple[Stage, str]]()
        facts_written(shared, number)
        with shared.database.transaction() as session:
            units.change_account(session, LEE.id, email="lee@example.com")
            actions.comment(session, number, "assessment", "봐 주십시오.", KIM, datetime.now(UTC), mentions=[LEE.id])
        payload = pages_of(shared, number)
        with mail_server.running() as post:
            mailed(monkeypatch, post)
            with started("--concurrency", "3") as worker:
                asking.done(SealReport(number, 1, ("ko",)), PARK, heard=lambda now: steps.append((now.stage, now.step)))
                with pytest.raises(WrongStatusError):
                    asking.done(SealReport(number, 1, ("ko",)), PARK)
                assert committee_documents.keep(meeting, "paper", CHO, "ko") is None
                assert official_documents.keep(number, "rights", KIM, "ko") is None
                assert print_elsewhere(payload) == pdf.printed_here(payload), "the same bytes, wherever it is printed"
                run = rescoring.begin([("hiring", "1.0")], OPEN, None)
                awaited(lambda: not run.is_running)
                assert isinstance(run, rescoring.RunElsewhere)
                assert run.problem is None and run.result == rescored_here()
                look_into(number)
                awaited(lambda: bool(post.messages))
                awaited(lambda: kinds_done() == set(kinds.KINDS))
                told = worker.stop()
        check_sealed_once(shared, number)
        assert (Stage.RUNNING, "pages") in steps
        assert "nothing was left half done" in told
        assert len(post.messages) == 1, "asked for by the worker's start and by its clock, sent once"
        with shared.database.reading() as session:
            assert len(viewing.meeting(session, CHO, meeting).documents) == 1
            assert len(viewing.paperwork(session, KIM, number).documents) == 1
            assert portfolio_days.is_kept(session, seoul_day(datetime.now(UTC)))

    def test_a_worker_waits_for_a_database_that_is_away_and_goes_on(self, shared: Office) -> None:
        name = shared.database.url.database or ""
        assert status() == (1, 0, "0; waiting: 0, the first for 0 s"), "nobody works"
        with started("--kinds", "count_portfolio") as worker:
            awaited(lambda: status()[:2] == (0, 1))
            with postgres.server().asked() as connection:
                connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            told = worker.heard("tried again in 4 seconds")
            with postgres.server().asked() as connection:
                connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
            asking.done(kinds.CountPortfolio(), None)
            told += worker.stop()
        assert "tried again in 2 seconds" in told
        assert "Traceback" not in told and "nothing was left half done" in told, told

    def test_a_worker_killed_while_it_prints_loses_nothing_and_the_next_one_seals_once(self, shared: Office) -> None:
        number = shared.signed_off()
        first = Worker()
        first.ready()
        job = asking.ask(SealReport(number, 1, ("ko", "en")), PARK)
        awaited(lambda: progress_of(job).step == "pages")
        first.kill()
        assert progress_of(job).stage is Stage.RUNNING and not reports_of(shared, number)
        with started():
            asking.follow(job)
        check_sealed_once(shared, number)

    @pytest.mark.usefixtures("handed_over")
    def test_a_worker_killed_while_it_counts_a_log_is_followed_by_another(self, shared: Office) -> None:
        number = shared.start()
        first = Worker()
        first.ready()
        log = look_into(number, rows=200_000)
        count(log)
        awaited(lambda: not log_of(number).is_waiting)
        first.kill()
        assert log_of(number).stage is waiting.Stage.COUNTING
        with started():
            awaited(lambda: not log_of(number).stage.is_running)
        assert log_of(number).stage is waiting.Stage.DONE
        with shared.database.transaction() as session:
            kept = waiting.taken(session, log_of(number))
        assert (kept.analysis.reviewer_count, kept.analysis.automatic.n) == (7, 200_000)

    def test_two_workers_on_one_job_do_it_once(self, shared: Office) -> None:
        number = shared.signed_off()
        job = asking.ask(SealReport(number, 1, ("ko",)), PARK)
        with psycopg.connect(schema.address(), autocommit=True) as connection:  # as if a queue were restored beside it
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock) "
                "SELECT queue_name, task_name, args, 'another' FROM procrastinate_jobs"
            )
        with started("--concurrency", "1") as one, started("--concurrency", "1") as two:
            asking.follow(job)
            awaited(lambda: not entries())
            assert one.process.poll() is None and two.process.poll() is None
        check_sealed_once(shared, number)

    def test_what_stands_in_no_queue_is_put_there_again(self, shared: Office) -> None:
        """As after a backup was restored, or the installation moved here from another database."""
        number = shared.signed_off()
        job = asking.ask(SealReport(number, 1, ("ko",)), PARK)
        with psycopg.connect(schema.address(), autocommit=True) as connection:
            connection.execute("DELETE FROM procrastinate_jobs")
        with shared.database.transaction() as session:
            session.connection().execute(
                text("UPDATE job SET asked_at = :at"), {"at": "2026-11-30T00:00:00.000000+00:00"}
            )
        with started():
            asking.follow(job)
        check_sealed_once(shared, number)

    def test_a_worker_without_the_key_seals_nothing_and_says_so(self, shared: Office, tmp_path: Path) -> None:
        bare = tmp_path / "bare"
        bare.mkdir()
        worker = Worker(home=bare)
        told = worker.ready()
        assert "no sealing key" in told and told.rstrip().endswith("Stop it with Ctrl+C or SIGTERM.")
        assert "seal_report" not in told.splitlines()[-1] and "print" in told.splitlines()[-1]
        worker.stop()
        refused = Worker("--kinds", "seal_report,print", home=bare)
        refusal, _ = refused.process.communicate(timeout=120)
        assert refused.process.returncode != 0 and "no sealing key" in refusal
        assert not (bare / "seal.key").exists(), "a second key is never made by looking"

    def test_the_queue_is_made_by_the_owner_and_used_by_a_user_who_owns_nothing(
        self, shared: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with postgres.server().asked(shared.database.url.database or "") as connection:
            connection.execute(f"DROP SCHEMA {schema.NAME} CASCADE".encode())
        with pytest.raises(AssessmentError, match="haetae upgrade"):
            schema.prepare()
        with monkeypatch.context() as upgrade:
            upgrade.setenv(database.OWNER, owner_of(shared))
            schema.prepare()
        schema.prepare()
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(schema.address()) as connection:
            connection.execute("DROP TABLE procrastinate_jobs CASCADE")
        number = shared.signed_off()
        job = asking.ask(SealReport(number, 1, ("ko",)), PARK)
        with started():
            asking.follow(job)
        check_sealed_once(shared, number)

    def test_a_queue_of_an_earlier_release_is_brought_up(self, shared: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        def made() -> list[Any]:
            with psycopg.connect(schema.address()) as connection:
                functions = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = %s::regnamespace ORDER BY 1, 2"
                columns = (
                    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = %s"
                )
                return [
                    connection.execute(query, [schema.NAME]).fetchall()
                    for query in (functions, f"{columns} ORDER BY 1, 2")
                ]

        monkeypatch.setenv(database.OWNER, owner_of(shared))
        today = made()
        with postgres.server().asked(shared.database.url.database or "") as connection:
            connection.execute(f"DROP SCHEMA {schema.NAME} CASCADE".encode())
            connection.execute(f"CREATE SCHEMA {schema.NAME}".encode())
            connection.execute(f"COMMENT ON SCHEMA {schema.NAME} IS 'procrastinate 0.0.0 -'".encode())
        early = [file for file in schema._files() if file.name < "03.01"]
        assert 0 < len(early) < len(schema._files())
        with monkeypatch.context() as earlier:
            earlier.setattr(schema, "_files", lambda: early)
            earlier.setattr(schema, "_installed", lambda: "3.0.0")
            schema.prepare()
        assert made() != today
        schema.prepare()
        assert made() == today
        monkeypatch.setattr(schema, "_installed", lambda: "3.1.0")
        with pytest.raises(AssessmentError, match="Bring the program here up"):
            schema.prepare()


def seated_in(office: Office) -> Office:
    """A committee with accounts."""
    with office.database.transaction() as session:
        for person in (CHO, LEE):
            grants = frozenset(Grant(role, FIRST_UNIT) for role in person.roles)
            units.add_account(session, units.Account(person.id, FIRST_UNIT, person.name, "", True, AT, grants))
        actions.set_committee(session, FIRST_UNIT, Committee(1), ADA, AT)
    return office


def pages_of(office: Office, number: int) -> bytes:
    """What a draft is printed from."""
    made: list[bytes] = []
    pdf.print_by(lambda payload: made.append(payload) or b"%PDF-")  # type: ignore[func-returns-value]
    try:
        pdf.render(record_of(number, KIM, AT), ("ko",))
    finally:
        pdf.print_by(pdf.printed_here)
    return made[0]


def mailed(monkeypatch: pytest.MonkeyPatch, post: mail_server.Post) -> None:
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(post.port)), ("TLS", "none"), ("FROM", "h@example.com")):
        monkeypatch.setenv(f"HAETAE_SMTP_{name}", value)


def rescored_here() -> Any:
    run = Run()
    run.go([("hiring", "1.0")], OPEN, None)
    return run.result


def kinds_done() -> set[str]:
    with database.reading() as session:
        return set(session.connection().execute(text("SELECT DISTINCT kind FROM job WHERE stage = 'done'")).scalars())


def entries() -> list[Any]:
    with psycopg.connect(schema.address()) as connection:
        return connection.execute("SELECT status FROM procrastinate_jobs WHERE status <> 'failed'").fetchall()
