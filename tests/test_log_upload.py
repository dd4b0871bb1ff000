"""Handing in a decision log: from our own pages, by an author of a draft, of the right kind and size; then counted apart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import log_intake, log_process
from assessments.decision_log.columns import LogMapping
from assessments.decision_log.faults import ImportCancelledError, LogRefusedError
from assessments.home import home
from assessments.log_intake import Intake, Stage
from assessments.people import add_person
from pages import _gate, _log_upload, _sign_in
from tests.asgi import HOST, Answer, ask
from tests.logs import HEADER, row
from tests.office import KIM, LEE, Office, open_office

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
    return Starlette(routes=[*_sign_in.ROUTES, *_log_upload.ROUTES], middleware=[Middleware(_gate.Gate)])


def form(content: bytes, name: str = "기록.csv", field: str = "file") -> bytes:
    head = (
        f'--xx\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    return head.encode() + content + b"\r\n--xx--\r\n"


def send(app: Starlette, body: bytes, person: str = "kim", number: str = "1", **headers: str) -> Answer:
    entered = ask(app, "/enter", "POST", body=f"person={person}".encode(), origin=ORIGIN)
    sent = {"origin": ORIGIN, "content_type": "multipart/form-data; boundary=xx"} | headers
    return ask(app, f"/files/log/{number}", "POST", cookies={"haetae_session": entered.session}, body=body, **sent)


def arrived() -> Intake:
    one = log_intake.pending(1, 1)
    assert one is not None
    return one


def finished(intake: Intake) -> Stage:
    until = time.monotonic() + 60
    while intake.is_running and time.monotonic() < until:
        time.sleep(0.05)
    return intake.stage


# --- the route -----------------------------------------------------------------------------------------------------


def test_a_log_that_comes_is_looked_at_and_waits_for_its_columns(app: Starlette) -> None:
    answer = send(app, form(ROWS.encode("cp949")))
    assert (answer.status, answer.location) == (303, "/log?assessment=1")
    one = arrived()
    assert one.name == "기록.csv"
    assert one.stage is Stage.ARRIVED
    assert one.looked()["columns"]["ai_output"] == "ai_output"
    assert len(one.looked()["rows"]) == 20
    assert one.file.stat().st_mode & 0o777 == 0o600
    assert one.folder.stat().st_mode & 0o777 == 0o700


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
    assert list((home() / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    "body", [b"", b"--xx\r\n", form(b"x", field="other"), form(b"a" * 70_000, field="other"), b"junk"]
)
def test_a_form_without_the_file_is_refused(app: Starlette, body: bytes) -> None:
    assert send(app, body).status == 422
    assert log_intake.pending(1, 1) is None


def test_a_file_is_refused_as_soon_as_it_is_too_large(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(app, form(b"x"), content_length="400000000").status == 422
    monkeypatch.setattr(log_intake, "MAX_BYTES", 1_000)
    assert send(app, form(ROWS.encode())).status == 422
    assert list((home() / "incoming").iterdir()) == []


def test_a_name_that_points_elsewhere_stays_a_name(app: Starlette, office: Office) -> None:
    assert send(app, form(ROWS.encode(), name="../../evil.csv")).status == 303
    assert arrived().file.parent == arrived().folder / "raw"
    assert {one.parent for one in home().rglob("*evil*")} == {arrived().folder / "raw"}


@pytest.mark.slow
def test_a_second_file_stands_in_the_place_of_the_first(app: Starlette) -> None:
    send(app, form(ROWS.encode(), name="a.csv"))
    send(app, form(ROWS.encode(), name="b.csv"))
    assert arrived().name == "b.csv"
    assert len(list((home() / "incoming").iterdir())) == 1


# --- counting apart ------------------------------------------------------------------------------------------------


@pytest.fixture
def intake(office: Office) -> Iterator[Intake]:
    with log_intake.arriving(1, 1, "log.csv") as receiver:
        receiver.add(ROWS.encode())
    one = arrived()
    log_process.look(one)
    yield one
    one.drop()


def start(intake: Intake, mapping: LogMapping | None = None) -> None:
    looked = intake.looked()
    mapping = mapping or LogMapping.model_validate({"columns": looked["columns"], "groups": looked["groups"]})
    at = datetime(2026, 11, 22, tzinfo=UTC)
    log_process.start(intake, mapping, floor_seconds=90.0, events=((date(2026, 4, 10), "교육"),), at=at)


def test_the_figures_come_back_without_any_name(intake: Intake) -> None:
    start(intake)
    assert finished(intake) is Stage.DONE
    found = intake.result().analysis
    assert (found.source.name, found.source.used) == ("log.csv", 400)
    assert found.whole.times is not None
    assert found.whole.times.share_below(90.0) is not None
    assert [one.label for one in found.events] == ["교육"]
    assert intake.progress == 1.0
    assert "kim" not in (intake.folder / "result.json").read_text("utf-8")


@pytest.mark.slow
def test_pseudonyms_are_the_installations_own(intake: Intake) -> None:
    start(intake)
    assert finished(intake) is Stage.DONE
    before = [one.name for one in intake.result().analysis.reviewers]
    start(intake)
    assert finished(intake) is Stage.DONE
    assert [one.name for one in intake.result().analysis.reviewers] == before
    (home() / "pseudonym.key").unlink()
    start(intake)
    assert finished(intake) is Stage.DONE
    assert {one.name for one in intake.result().analysis.reviewers}.isdisjoint(before)


@pytest.mark.slow
def test_a_refusal_is_told_as_a_sentence(intake: Intake) -> None:
    start(intake, LogMapping.model_validate({"columns": {"case": "case_id", "ai_output": "reason", "decision": "sex"}}))
    assert finished(intake) is Stage.FAILED
    assert "log.csv" in intake.error.ko
    start(intake)
    assert finished(intake) is Stage.DONE


@pytest.mark.slow
def test_an_import_stops_when_it_is_asked_to(office: Office) -> None:
    with log_intake.arriving(1, 1, "log.csv") as receiver:
        receiver.add(ROWS.encode())
        for place in range(1, 300):
            lines = (row(10_000 * place + case) for case in range(1_000))
            receiver.add(("\n".join(lines) + "\n").encode())
    one = arrived()
    log_process.look(one)
    start(one)
    with pytest.raises(LogRefusedError, match="already"):
        start(one)
    one.cancel()
    assert finished(one) is Stage.ARRIVED
    one.drop()


@pytest.mark.slow
def test_a_third_import_waits_for_its_turn_and_can_be_stopped_meanwhile(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_intake, "LOOK_AGAIN_SECONDS", 0.001)
    others = [Intake(intake.folder.with_name(name)) for name in ("2-1", "3-1")]
    for other in others:
        other.folder.mkdir()
    with others[0].turn():
        with others[1].turn():
            start(intake)
            until = time.monotonic() + 30
            while not intake.is_waiting and time.monotonic() < until:
                time.sleep(0.05)
            assert intake.is_waiting
            assert intake.stage is Stage.RUNNING
            others[0].cancel()
            with pytest.raises(ImportCancelledError), others[0].turn():
                pass
        assert finished(intake) is Stage.DONE
        assert not intake.is_waiting


def test_an_import_that_breaks_its_limits_is_told(intake: Intake) -> None:
    with intake.lock():
        assert intake.stage is Stage.RUNNING
    assert intake.stage is Stage.FAILED  # it ran, and left neither figures nor a reason
    assert "memory" in intake.error.en


def test_what_nobody_came_back_for_goes(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_intake, "LEFT_SECONDS", -5)
    with log_intake.arriving(2, 1, "log.csv") as receiver:
        receiver.add(ROWS.encode())
    assert log_intake.pending(1, 1) is None
