"""Handing in a decision log: from our own pages, by an author of a draft, of the right kind and size; then counted apart."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions, own_process
from assessments.decision_log.intake import counting
from assessments.decision_log.intake import waiting as log_intake
from assessments.decision_log.intake.waiting import Intake, Stage
from assessments.decision_log.kept_log import KeptLog, from_json, to_json
from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.home import home
from assessments.people import add_person
from assessments.storage import log_imports
from pages._server import gate, log_upload, sign_in
from tests import doors
from tests.asgi import HOST, Answer, ask
from tests.logs import HEADER, row
from tests.office import AT, KIM, LEE, Office, open_office

ORIGIN = f"http://{HOST}"
ROWS = (
    "\n".join([HEADER, *(row(case, decision="reject" if case % 9 == 0 else "approve") for case in range(400))]) + "\n"
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    one = open_office(tmp_path, monkeypatch)
    for actor in (KIM, LEE):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    one.start()
    return one


@pytest.fixture
def app(office: Office) -> Starlette:
    return Starlette(routes=[*sign_in.ROUTES, *log_upload.ROUTES], middleware=[Middleware(gate.Gate)])


def form(content: bytes, name: str = "기록.csv", field: str = "file") -> bytes:
    head = (
        f'--xx\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    return head.encode() + content + b"\r\n--xx--\r\n"


def send(app: Starlette, body: bytes, person: str = "kim", number: str = "1", **headers: str) -> Answer:
    sent = {"origin": ORIGIN, "content_type": "multipart/form-data; boundary=xx"} | headers
    return ask(app, f"/files/log/{number}", "POST", cookies=doors.cookies_of(person), body=body, **sent)


def arrived() -> Intake:
    one = log_intake.pending(1, 1)
    assert one is not None
    return one


def left_over() -> list[Path]:
    folder = home() / "incoming"
    return list(folder.iterdir()) if folder.exists() else []


def finished(number: int = 1) -> Intake:
    """What came of it; waits for as long as it is read."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        one = log_intake.pending(number, 1)
        assert one is not None
        if not one.stage.is_running:
            return one
        time.sleep(0.05)
    raise AssertionError("it is still being read")


def reached(stage: Stage, number: int = 1, *, is_waiting: bool = False) -> Intake:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        one = log_intake.pending(number, 1)
        assert one is not None
        if one.stage is stage and one.is_waiting == is_waiting:
            return one
        time.sleep(0.02)
    raise AssertionError(f"it never was {stage}")


# --- the route -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_log_that_comes_is_looked_at_and_waits_for_its_columns(app: Starlette) -> None:
    answer = send(app, form(ROWS.encode("cp949")))
    assert (answer.status, answer.location) == (303, "/log?assessment=1")
    one = arrived()
    assert one.name == "기록.csv"
    assert one.stage is Stage.ARRIVED
    assert one.preview().columns[Column.OUTPUT] == "ai_output"
    assert len(one.preview().rows) == 20
    assert (home() / one.raw).stat().st_mode & 0o777 == 0o600
    assert (home() / one.folder).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("origin", ["", "http://evil.example"])
def test_only_a_form_of_our_own_pages_is_taken(app: Starlette, origin: str) -> None:
    assert send(app, form(ROWS.encode()), origin=origin).status == 403
    assert log_intake.pending(1, 1) is None


def test_strangers_and_people_who_may_not_write_are_refused(app: Starlette, office: Office) -> None:
    assert ask(app, "/files/log/1", "POST", body=form(b"x"), origin=ORIGIN).status == 401
    assert send(app, form(ROWS.encode()), person="lee").status == 409
    assert send(app, form(ROWS.encode()), number="99").status == 404
    office.submit(1)
    assert send(app, form(ROWS.encode())).status == 409
    assert log_intake.pending(1, 1) is None


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50, "어느 것도 아닙니다"),
        (b"a,b,c\n1,2,\0\n", "어느 것도 아닙니다"),
        (b"", "양식에 파일이 없습니다"),
        (b"PK\x03\x04 broken", "XLSX"),
        (b"one line without columns\n", "머리글"),
    ],
)
def test_what_is_no_log_is_refused_and_not_kept(app: Starlette, content: bytes, says: str) -> None:
    answer = send(app, form(content))
    assert answer.status == 422
    assert says in answer.text
    assert log_intake.pending(1, 1) is None
    assert left_over() == []


@pytest.mark.parametrize(
    "body", [b"", b"--xx\r\n", form(b"x", field="other"), form(b"a" * 70_000, field="other"), b"junk"]
)
def test_a_form_without_the_file_is_refused(app: Starlette, body: bytes) -> None:
    assert send(app, body).status == 422
    assert log_intake.pending(1, 1) is None


def test_a_file_is_refused_as_soon_as_it_is_too_large(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(app, form(b"x"), content_length="400000000").status == 413
    monkeypatch.setattr(log_upload, "MAX_BYTES", 1_000)
    monkeypatch.setattr(log_upload, "MAX_AROUND", 1_000)
    assert send(app, form(ROWS.encode())).status == 413  # although nothing was announced
    monkeypatch.setattr(log_upload, "MAX_BYTES", 10_000_000)
    monkeypatch.setattr(log_intake, "MAX_BYTES", 1_000)
    assert send(app, form(ROWS.encode())).status == 422
    assert left_over() == []


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_name_that_points_elsewhere_stays_a_name(app: Starlette, office: Office) -> None:
    assert send(app, form(ROWS.encode(), name="../../evil.csv")).status == 303
    assert arrived().raw == f"{arrived().folder}/raw/evil.csv"
    assert {one.parent for one in home().rglob("*evil*")} == {home() / arrived().folder / "raw"}


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_second_file_stands_in_the_place_of_the_first(app: Starlette) -> None:
    send(app, form(ROWS.encode(), name="a.csv"))
    send(app, form(ROWS.encode(), name="b.csv"))
    assert arrived().name == "b.csv"
    assert len(list((home() / "incoming").iterdir())) == 1


# --- counting apart ------------------------------------------------------------------------------------------------


def handed_in(rows: str = ROWS, number: int = 1) -> Intake:
    one = log_intake.take_in(number, 1, "log.csv", io.BytesIO(rows.encode()))
    counting.look(one)
    return finished(number)


@pytest.fixture
def intake(office: Office) -> Intake:
    return handed_in()


def start(intake: Intake, mapping: LogMapping | None = None) -> None:
    mapping = mapping or intake.preview().as_used()
    at = datetime(2026, 11, 22, tzinfo=UTC)
    counting.start(intake, mapping, floor_seconds=90.0, events=((date(2026, 4, 10), "교육"),), at=at)


def result(office: Office, number: int = 1) -> KeptLog:
    with office.database.reading() as session:
        row = log_imports.find_import(session, number, 1)
        assert row is not None
        return from_json(row.result)


def many_rows() -> str:
    lines = (row(10_000 * place + case) for place in range(1, 300) for case in range(1_000))
    return ROWS + "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_figures_come_back_without_any_name(office: Office, intake: Intake) -> None:
    assert intake.stage is Stage.ARRIVED
    start(intake)
    done = finished()
    assert (done.stage, done.progress) == (Stage.DONE, 1.0)
    found = result(office).analysis
    assert (found.source.name, found.source.used) == ("log.csv", 400)
    assert found.whole.times is not None
    assert found.whole.times.share_below(90.0) is not None
    assert [one.label for one in found.events] == ["교육"]
    assert "kim" not in str(to_json(result(office)))


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_pseudonyms_are_the_installations_own(office: Office, intake: Intake) -> None:
    def names() -> list[str]:
        start(intake)
        assert finished().stage is Stage.DONE
        return [one.name for one in result(office).analysis.reviewers]

    before = names()
    assert names() == before
    (home() / "pseudonym.key").unlink()
    assert set(names()).isdisjoint(before)


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_refusal_is_told_as_a_sentence(intake: Intake) -> None:
    start(intake, LogMapping.model_validate({"columns": {"case": "case_id", "ai_output": "reason", "decision": "sex"}}))
    refused = finished()
    assert refused.stage is Stage.FAILED
    assert refused.error is not None and "log.csv" in refused.error.ko
    start(intake)
    assert finished().stage is Stage.DONE


@pytest.mark.slow
def test_counting_stops_whoever_asks_for_it_and_its_process_ends(office: Office) -> None:
    one, before = (
        handed_in(many_rows()),
        children(),
    )  # whoever printed a report in this process has one that waits for the next
    start(one)
    reached(Stage.COUNTING)
    with pytest.raises(LogRefusedError, match="already"):
        start(one)
    for _ in range(50):
        assert reached(Stage.COUNTING).stage is Stage.COUNTING  # looking never stands in the way of anything
    elsewhere = log_intake.pending(1, 1)
    assert elsewhere is not None
    counting.stop(elsewhere)
    assert finished().stage is Stage.ARRIVED
    wait_for_threads()
    assert children() <= before
    start(one)
    reached(Stage.COUNTING)
    assert log_intake.discard(one)
    wait_for_threads()
    assert log_intake.pending(1, 1) is None
    assert children() <= before
    assert left_over() == []


def wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name == "decision log":
            thread.join(60)
            assert not thread.is_alive()


def children() -> set[str]:
    """Processes that this one started and that run, or were never waited for."""
    started = set(Path(f"/proc/self/task/{threading.main_thread().native_id}/children").read_text().split())
    for task in Path("/proc/self/task").iterdir():
        with suppress(
            FileNotFoundError
        ):  # a thread that has ended since it was listed; its children are the first one's now
            started |= set((task / "children").read_text().split())
    return started


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_third_log_waits_for_its_turn_even_to_be_looked_at(office: Office, intake: Intake) -> None:
    for number in (2, 3):
        assert office.start() == number
        other = log_intake.take_in(number, 1, "log.csv", io.BytesIO(ROWS.encode()))
        with office.database.transaction() as session:
            now = datetime.now(UTC)
            assert log_imports.begin(session, other.number, Stage.COUNTING, f"run {number}", os.getpid(), now)
            assert log_imports.take_turn(session, other.number, f"run {number}", now, counting.AT_ONCE)
    counting.look(intake)
    waiting = reached(Stage.LOOKING, is_waiting=True)
    with pytest.raises(LogRefusedError, match="already"):
        start(waiting)
    with office.database.transaction() as session:
        assert log_imports.end(session, other.number, "run 3", Stage.DONE)
        assert not log_imports.end(session, other.number, "run 3", Stage.FAILED)  # a run ends once
    assert finished().stage is Stage.ARRIVED


def test_turns_go_by_who_asked_first(office: Office) -> None:
    numbers = [office.start() if place else 1 for place in range(4)]
    rows = [log_intake.take_in(number, 1, "log.csv", io.BytesIO(b"a,b")).number for number in numbers]
    now = datetime.now(UTC)
    with office.database.transaction() as session:
        for place, row_number in enumerate(rows):
            asked = now - timedelta(seconds=10 - place)
            assert log_imports.begin(session, row_number, Stage.COUNTING, "run", os.getpid(), asked)
        assert [log_imports.take_turn(session, one, "run", now, 2) for one in reversed(rows)] == [False] * 2 + [
            True
        ] * 2
        assert log_imports.end(session, rows[0], "run", Stage.DONE)
        assert not log_imports.take_turn(session, rows[3], "run", now, 2)
        assert not log_imports.take_turn(session, rows[2], "another run", now, 2)
        assert log_imports.take_turn(session, rows[2], "run", now, 2)


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_a_run_that_is_not_heard_of_holds_no_turn_and_is_told_as_broken_off(office: Office) -> None:
    one = log_intake.take_in(1, 1, "log.csv", io.BytesIO(ROWS.encode()))
    long_ago = datetime.now(UTC) - log_imports.SILENT
    with office.database.transaction() as session:
        assert log_imports.begin(session, one.number, Stage.COUNTING, "run", os.getpid(), long_ago)
    now = log_intake.pending(1, 1)
    assert now is not None and now.stage is Stage.FAILED
    assert now.error is not None and "broken off" in now.error.en
    counting.look(now)
    assert finished().stage is Stage.ARRIVED


def test_the_next_start_marks_what_a_killed_server_was_reading(office: Office) -> None:
    one = log_intake.take_in(1, 1, "log.csv", io.BytesIO(ROWS.encode()))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for owner, broken in ((os.getpid(), 0), (gone.pid, 1)):
        with office.database.transaction() as session:
            row = log_imports.find_import(session, 1, 1)
            assert row is not None
            row.stage, row.run, row.owner, row.seen_at = Stage.COUNTING, "run", owner, datetime.now(UTC)
        assert log_intake.break_off() == broken
    now = log_intake.pending(1, 1)
    assert now is not None and now.stage is Stage.FAILED
    assert now.error is not None and "broken off" in now.error.en
    assert (home() / now.raw).read_bytes() == ROWS.encode()
    assert one.raw == now.raw


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_finished_figures_are_kept_once(office: Office, intake: Intake) -> None:
    start(intake)
    done = finished()

    def keep() -> None:
        with office.database.transaction() as session:
            actions.set_log(session, 1, log_intake.taken(session, done), KIM, AT)

    keep()
    for _ in range(2):
        with pytest.raises(LogRefusedError, match="no longer waiting"):
            keep()
    with office.database.reading() as session:
        kept = session.connection().execute(text("SELECT count(*) FROM event WHERE kind = 'set_log'"))
        assert kept.scalar_one() == 1
    assert log_intake.pending(1, 1) is None


@pytest.mark.slow
def test_an_import_that_breaks_its_limits_is_told(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        own_process.TASKS, "count", own_process.Task("assessments.decision_log.intake.counting_process", 0, 2**30)
    )
    start(intake)
    failed = finished()
    assert failed.stage is Stage.FAILED
    assert failed.error is not None and "memory or time" in failed.error.en


@pytest.mark.slow
@pytest.mark.usefixtures("read_here")
def test_what_nobody_came_back_for_goes(intake: Intake, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_intake, "LEFT", timedelta(0))
    os.utime(home() / intake.folder, (0, 0))
    log_intake.take_in(office.start(), 1, "log.csv", io.BytesIO(ROWS.encode()))
    assert log_intake.pending(1, 1) is None
    assert not (home() / intake.folder).exists()


def bomb(texts: int = 37_000_000) -> io.BytesIO:
    """A workbook of two megabytes; its texts alone unpack to 17 bytes each."""
    strings = b"<si><t>x</t></si>" * 4096
    plain, packed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write_row(0, 0, ["case_id", "ai_output", "decision"])
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            with after.open(part.filename, "w") as written:
                head, end, tail = content.partition(b"</sst>")
                written.write(head)
                for _ in range(texts // 4096 if end else 0):
                    written.write(strings)
                written.write(end + tail)
    packed.seek(0)
    return packed


def resident_bytes(processes: set[str]) -> int:
    whole = 0
    for process in processes:
        with suppress(OSError):  # it has ended meanwhile
            whole += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    return whole


@pytest.mark.slow
def test_workbooks_that_unpack_into_gigabytes_are_refused_within_their_memory_also_at_once(office: Office) -> None:
    content = bomb().getvalue()
    assert len(content) < 2_500_000
    numbers, before = [1, office.start()], children()
    for number in numbers:
        counting.look(log_intake.take_in(number, 1, "log.xlsx", io.BytesIO(content)))
    most = 0
    until = time.monotonic() + 300
    while any(one is None or one.stage.is_running for one in (log_intake.pending(number, 1) for number in numbers)):
        assert time.monotonic() < until
        most = max(most, resident_bytes(children() - before))
        time.sleep(0.1)
    assert 0 < most < 2**30
    for number in numbers:
        refused = finished(number)
        assert refused.stage is Stage.FAILED
        assert refused.error is not None  # which limit comes first depends on how fast the machine is
        assert "too much for a workbook" in refused.error.en or "more memory or time" in refused.error.en


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_a_log_of_any_kind_is_looked_at_within_its_memory(office: Office, kind: str) -> None:
    table = pd.DataFrame([line.split(",") for line in ROWS.splitlines()[1:]], columns=HEADER.split(","))
    content = io.BytesIO()
    table.to_parquet(content) if kind == "parquet" else table.to_excel(content, index=False, engine="xlsxwriter")
    content.seek(0)
    counting.look(log_intake.take_in(1, 1, f"log.{kind}", content))
    assert finished().stage is Stage.ARRIVED
