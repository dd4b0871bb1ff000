"""The public verification: for everybody, as page and as JSON, bounded, keeping nothing, telling nothing about others."""

from __future__ import annotations

import asyncio
import copy
import html
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request

from assessments import actions
from assessments.content.canonical import canonical
from assessments.home import home
from assessments.people import add_person
from assessments.storage import accounts
from exports.printing import document
from exports.seal import keys, pades
from exports.seal import settings as seal_settings
from exports.seal.keys import certificate_pem
from exports.seal.settings import SealSettings
from exports.verification import inspection, reprint, verify
from exports.verification.verdict import Verification
from pages._server import gate, received, trouble, verify_page
from pages._server import verify as _verify
from pages._server.admission import Admission, RefusedError, household
from pages._server.pace import Pace
from questionnaires.legible import is_unseen
from tests import authority, containers, sealed_reports
from tests import report_samples as samples
from tests.asgi import HOST, LOCAL, Answer, ask, scope
from tests.office import AT, KIM, Office, open_office
from tests.tampering import swapped

APP = Starlette(routes=_verify.ROUTES, middleware=[Middleware(gate.Gate)])
ENGLISH = {"haetae_language": "en"}
SETTINGS = "timestamp: {url: 'http://127.0.0.1:9/', certificates: [tsa.pem]}\n"
BOUNDARY = "------------------------haetae"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(_verify, "ADMISSION", Admission("100/minute", "200/minute", inside=6, of_one=6, at_once=2))
    return open_office(tmp_path, monkeypatch)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own takes seconds to start; the tests without this fixture see that it is there."""

    def done(task: str, payload: bytes, **limits: int) -> bytes:
        if task == "reprint":
            return reprint.task(payload)
        assert (task, limits["seconds"], limits["memory_bytes"]) == ("verify", verify.SECONDS, verify.MEMORY_BYTES)
        return inspection.task(payload)

    monkeypatch.setattr(verify.own_process, "in_own_process", done)
    monkeypatch.setattr(document, "make", samples.printed)


def form(**files: bytes) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    )
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def post(
    path: str = "/verify", *, accept: str = "*/*", address: str = "127.0.0.1", session: str = "", **files: bytes
) -> Answer:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return ask(
        APP,
        path,
        "POST",
        body=form(**files),
        cookies={**ENGLISH, "haetae_session": session},
        client=(address, 50000),
        accept=accept,
        content_type=kind,
    )


def facts(answer: Answer) -> dict[str, str]:
    return {one["id"]: one["state"] for one in json.loads(answer.text)["facts"]}


def use_own_certificate() -> None:
    """This installation is the one that sealed the sample."""
    (home() / keys.CERTIFICATE_FILE).write_bytes(certificate_pem(samples.signer()))


# --- page and JSON ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_form_is_there_for_everybody_and_needs_no_script(office: Office, language: str) -> None:
    answer = ask(APP, "/verify", cookies={"haetae_language": language})
    assert answer.status == 200
    assert 'enctype="multipart/form-data"' in answer.text and "<script" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.slow
def test_a_program_gets_json_and_a_browser_a_page_with_the_same_facts(office: Office) -> None:
    pem = certificate_pem(samples.signer())
    seen = json.loads(post(file=samples.sealed(), certificate=pem).text)
    assert seen["file_sha256"] and seen["facts"][0]["id"] == "sealed"
    page = post(accept="text/html,*/*", file=samples.sealed(), certificate=pem)
    assert page.headers["content-type"].startswith("text/html")
    assert all(one["text"]["en"] in html.unescape(page.text) for one in seen["facts"])
    assert post("/verify?format=json", accept="text/html", file=b"x").headers["content-type"] == "application/json"
    assert post("/verify?format=html", file=b"x").headers["content-type"].startswith("text/html")


@pytest.mark.slow
@pytest.mark.parametrize(
    "junk", [b"<script>alert(1)</script>", pytest.param(bytes(range(256)) * 40, marks=pytest.mark.slow)]
)
def test_what_is_no_report_is_failed_in_a_sentence(office: Office, junk: bytes) -> None:
    answer = post(file=junk)
    assert answer.status == 200
    assert json.loads(answer.text)["verdict"] == "failed"
    assert facts(answer) == {"readable": "bad"}


@pytest.mark.parametrize(
    ("files", "status", "problem"),
    [
        ({}, 400, "no_file"),
        ({"certificate": b"x"}, 400, "no_file"),
        ({"file": b"x", "certificate": b"y"}, 422, "no_certificate"),
    ],
)
def test_what_is_missing_or_no_certificate_is_said(
    office: Office, files: dict[str, bytes], status: int, problem: str
) -> None:
    answer = post(**files)
    assert (answer.status, json.loads(answer.text)["error"]) == (status, problem)
    assert set(json.loads(answer.text)["text"]) == {"ko", "en"}
    page = post(accept="text/html", **files)
    assert page.status == status and 'role="alert"' in page.text


def test_a_request_that_is_no_form_is_refused(office: Office) -> None:
    for kind in ("application/pdf", "multipart/form-data", "multipart/form-data; boundary=y"):
        assert ask(APP, "/verify", "POST", body=b"--x\r\nbroken", content_type=kind).status == 400


def test_every_problem_has_its_sentence_in_both_languages() -> None:
    names = ("too_often", "busy", "too_large", "too_slow", "no_form", "no_file", "no_certificate", "broken")
    said = {(name, one): verify_page.problem(name, one, seconds=7) for name in names for one in ("ko", "en")}
    assert len(set(said.values())) == len(said)


def test_an_answer_to_what_nobody_foresaw_carries_the_headers_too() -> None:
    request = Request(scope("http", "/verify", {}, LOCAL, HOST, {}) | {"method": "GET"})
    answer = asyncio.run(trouble.answered(request, RuntimeError("secret")))
    assert answer.status_code == 500 and b"secret" not in answer.body
    assert "content-security-policy" in answer.headers


# --- whose seal, and the register -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_a_seal_of_another_house_is_not_judged_by_our_certificate_or_register(office: Office) -> None:
    seen = facts(post(file=samples.sealed()))
    assert seen["trusted"] == "open"
    assert "register" not in seen and "superseded" not in seen
    assert not (home() / keys.KEY_FILE).exists()  # a stranger's question makes no key


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("same", [(), *((one,) for one in authority.TWINS)], ids=lambda one: " ".join(one) or "all")
def test_a_seal_under_a_twin_of_our_certificate_is_wrong_whichever_is_given(
    office: Office, same: tuple[str, ...]
) -> None:
    use_own_certificate()
    twin = authority.twin(samples.signer().certificate, *same)
    forged = pades.seal(samples.rendered(), twin, samples.SEALED_AT)
    for given in ({}, {"certificate": certificate_pem(twin)}):
        answer = post(file=forged, **given)
        assert json.loads(answer.text)["verdict"] == "failed"
        assert facts(answer)["twin"] == "bad"
    assert "twin" not in facts(post(file=samples.sealed()))


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_our_own_report_is_looked_up_and_a_forged_one_is_not_in_the_register(office: Office) -> None:
    use_own_certificate()
    assert facts(post(file=samples.sealed()))["register"] == "bad"
    number = office.signed_off()
    sealed_reports.registered(office, number, samples.sealed(), "ab" * 32)
    seen = facts(post(file=samples.sealed()))
    assert (seen["trusted"], seen["register"], seen["superseded"]) == ("ok", "ok", "ok")


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_a_revision_that_is_only_begun_is_nobodys_business_and_a_later_report_supersedes(office: Office) -> None:
    use_own_certificate()
    number = office.signed_off()
    sealed_reports.registered(office, number, samples.sealed(), "ab" * 32)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert facts(post(file=samples.sealed()))["superseded"] == "ok"
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    sealed_reports.registered(office, number, samples.rendered(), "cd" * 32)
    answer = post(file=samples.sealed())
    assert facts(answer)["superseded"] == "note"
    said = json.loads(answer.text)
    assert said["is_superseded"] is True
    assert "cd" * 32 not in answer.text and "박도윤" not in answer.text  # neither which, nor by whom


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_whoever_is_signed_in_learns_of_a_begun_revision_and_of_a_changed_copy(office: Office) -> None:
    use_own_certificate()
    number = office.signed_off()
    changed = containers.with_further_certificate(samples.sealed(), authority.root().certificate)
    sealed_reports.registered(office, number, samples.sealed(), samples.sealed_record().sha256)
    add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
        token = accounts.open_session(session, KIM.id, datetime.now(UTC))
    assert facts(post(file=samples.sealed(), session=token))["superseded"] == "note"
    assert facts(post(file=samples.sealed(), session="made-up"))["superseded"] == "ok"
    for session_, standing, superseded in ((token, "container", True), ("", "unknown", False)):
        said = json.loads(post(file=changed, session=session_).text)
        assert (said["verdict"], said["register"], said["is_superseded"]) == ("failed", standing, superseded)


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_seals_of_former_keys_are_known_here(office: Office) -> None:
    former = samples.signer(samples.AT - timedelta(days=1))
    (home() / keys.ARCHIVE).mkdir()
    (home() / keys.ARCHIVE / "former.pem").write_bytes(certificate_pem(former))
    report = pades.seal(samples.rendered(), former, samples.SEALED_AT)
    assert facts(post(file=report))["trusted"] == "ok"


@pytest.mark.slow
@pytest.mark.usefixtures("in_this_process")
def test_a_stamp_under_the_seal_of_another_house_is_not_judged_by_the_servers_that_we_trust(office: Office) -> None:
    ours = authority.issued("Our time stamps", is_authority=True)
    (home() / "tsa.pem").write_bytes(ours.pem)
    (home() / seal_settings.FILE).write_text(SETTINGS)
    use_own_certificate()
    with authority.stamping(certificates=(authority.root().certificate,)) as server:
        settings = SealSettings(server)
        foreign = pades.seal_as_set(samples.rendered(), authority.organisation(), settings, samples.SEALED_AT).pdf
        own = pades.seal_as_set(samples.rendered(), samples.signer(), settings, samples.SEALED_AT).pdf
    assert facts(post(file=foreign))["stamp"] == "note"
    assert facts(post(file=own))["stamp"] == "bad"
    assert facts(post(file=own, certificate=certificate_pem(samples.signer())))["stamp"] == "note"


# --- bounds ----------------------------------------------------------------------------------------------------


def test_more_than_the_limit_is_refused_while_it_comes_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_verify, "MAX_BYTES", 2000)
    monkeypatch.setattr(_verify, "MAX_CERTIFICATE_BYTES", 100)
    for more in ({}, {"content_length": "100"}, {"content_length": "999999999"}):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        answer = ask(APP, "/verify", "POST", body=form(file=b"x" * 5000), content_type=kind, **more)
        assert (answer.status, json.loads(answer.text)["error"]) == (413, "too_large")
        assert "content-security-policy" in answer.headers
    assert post(file=b"x" * 1500, certificate=b"y" * 200).status == 413


def test_a_form_that_does_not_arrive_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_verify, "SECONDS", 0.05)
    sent = [{"type": "http.request", "body": form(file=b"x")[:40], "more_body": True}]

    async def stalled() -> dict[str, object]:
        if not sent:
            await asyncio.sleep(60)
        return sent.pop()

    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = Request(scope("http", "/verify", {}, LOCAL, HOST, headers) | {"method": "POST"}, stalled)
    assert asyncio.run(_verify.examine(request)).status_code == 408


def test_whoever_asks_too_often_is_told_when_to_come_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_verify, "ADMISSION", Admission("2/minute", "3/minute", inside=2, of_one=2, at_once=1))
    assert [post(file=b"").status for _ in range(3)] == [400, 400, 429]
    refused = post(file=b"")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "x-content-type-options" in refused.headers
    assert post(file=b"", address="::1").status == 400  # another address
    assert post(file=b"", address="::ffff:127.0.0.1").status == 429  # overall


def test_addresses_of_one_household_count_together() -> None:
    admission = Admission("1/minute", "9/minute", inside=9, of_one=1, at_once=1)
    admission.count(household("2001:db8:1:2::1"))
    with pytest.raises(RefusedError):
        admission.count(household("2001:db8:1:2:ffff::9"))
    admission.count(household("2001:db8:1:3::1"))
    with admission.place(household("2001:db8:1:2::1")):
        with pytest.raises(RefusedError), admission.place(household("2001:db8:1:2:ffff::9")):
            pass
        with admission.place(household("2001:db8:1:3::1")):
            pass


def test_nobody_takes_more_than_a_few_places_and_gives_them_back() -> None:
    admission = Admission("99/minute", "99/minute", inside=3, of_one=2, at_once=1)
    with admission.place("127.0.0.1"), admission.place("127.0.0.1"):
        with pytest.raises(RefusedError) as refused, admission.place("127.0.0.1"):
            pass
        assert refused.value.is_busy
        with admission.place("::1"), pytest.raises(RefusedError), admission.place("127.0.0.2"):
            pass
    for _ in range(5):
        with admission.place("127.0.0.1"):
            pass


def arriving(*chunks: bytes, pause: float = 0.0, is_whole: bool = False) -> Request:
    """A form whose pieces come in one after the other; where it is not whole, one waits for more in vain."""
    left = list(chunks)

    async def receive() -> dict[str, object]:
        if not left:
            await asyncio.sleep(600)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not is_whole}

    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return Request(scope("http", "/verify", {}, LOCAL, HOST, headers) | {"method": "POST"}, receive)


def test_forms_that_are_long_in_coming_take_no_place_from_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "verify", lambda *_, **__: verify.conclude({}, b"", at=AT))
    monkeypatch.setattr(_verify, "ADMISSION", Admission("99/minute", "99/minute", inside=2, of_one=2, at_once=1))

    async def beside() -> list[int]:
        slow = [asyncio.create_task(_verify.examine(arriving(form(file=b"x")[:60]))) for _ in range(6)]
        await asyncio.sleep(0.1)
        honest = [(await _verify.examine(arriving(form(file=b"x"), is_whole=True))).status_code for _ in range(7)]
        assert not any(one.done() for one in slow)
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return honest

    monkeypatch.setattr(_verify, "LEAST_SPEED", Pace(bytes_per_second=1, grace_seconds=500))
    assert asyncio.run(beside()) == [200] * 7


def test_a_form_below_the_least_speed_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_verify, "LEAST_SPEED", Pace(bytes_per_second=1e9, grace_seconds=0.1))
    trickle = [bytes([one]) for one in form(file=b"x" * 10_000)]
    assert asyncio.run(_verify.examine(arriving(*trickle, pause=0.01))).status_code == 408


def test_what_has_come_in_already_gives_more_time_for_the_rest() -> None:
    pace = Pace(bytes_per_second=50_000, grace_seconds=5)
    assert [pace.seconds(taken) for taken in (0, 50_000, 5_000_000)] == [5, 6, 105]


def test_only_so_many_are_inside_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[str] = []

    class Seen(Admission):
        @contextmanager
        def place(self, address: str) -> Iterator[None]:
            with super().place(address):
                inside.append(address)
                yield

    monkeypatch.setattr(_verify, "ADMISSION", Seen("100/minute", "100/minute", inside=2, of_one=2, at_once=1))
    going, running, most = threading.Event(), [0], [0]

    def slow(*_: object, **__: object) -> Verification:
        running[0] += 1
        most[0] = max(most[0], running[0])
        going.wait(60)
        running[0] -= 1
        return verify.conclude({}, b"", at=AT)

    monkeypatch.setattr(verify, "verify", slow)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(post(file=b"x").status)) for _ in range(2)]
    for one in threads:
        one.start()
    until = time.monotonic() + 60
    while (most[0] == 0 or len(inside) < 2) and time.monotonic() < until:
        time.sleep(0.01)
    refused = post(file=b"x")
    going.set()
    for one in threads:
        one.join(120)
    assert (refused.status, refused.headers["retry-after"]) == (503, "15")
    assert (found, most[0]) == ([200, 200], 1)


# --- nothing is kept ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("breaks", [None, "verify", "read", "limit"])
def test_nothing_that_was_sent_is_left_behind(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str | None
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with office.database.reading():  # which lays the database's own files beside it
        before = set(home().rglob("*"))

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    if breaks == "verify":
        monkeypatch.setattr(verify, "verify", broken)
    if breaks == "read":
        monkeypatch.setattr(received.UploadFile, "read", broken)
    if breaks == "limit":
        monkeypatch.setattr(_verify, "MAX_BYTES", 3 * 2**20)
    answer = post(file=b"%PDF-1.7\nsecret" + b"x" * (4 * 2**20))
    assert answer.status == {None: 200, "limit": 413}.get(breaks, 500)
    assert "content-security-policy" in answer.headers and "disk is full" not in answer.text
    assert list(folder.iterdir()) == []
    log = home() / "security"
    assert {file for file in home().rglob("*") if file != log and log not in file.parents} == before
    assert "secret" not in "".join(file.read_text("utf-8") for file in log.glob("*"))
    assert not [one for one in _open_files() if str(folder) in one]


def _open_files() -> list[str]:
    """What this process holds open, nameless files too."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            found.append(os.readlink(one))
        except OSError:  # closed meanwhile
            continue
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("document", "id"), None),
        (("document", "revision"), None),
        (("sign_off", "at"), "x"),
        (("sign_off", "at"), ["0001-01-01T00:00:00Z"]),
        (("sign_off", "at"), "0001-01-01T00:00:00Z"),
        (("results", "determination", "outcome"), "harmless"),
        (("results", "risk", "level"), 7),
    ],
)
def test_a_record_that_is_none_is_failed_for_programs_and_browsers(
    office: Office, in_this_process: None, path: tuple[str, str], value: object
) -> None:
    data = copy.deepcopy(samples.sealed_record().data)
    inside = data
    for step in path[:-1]:
        inside = inside[step]
    if value is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    hostile = swapped(samples.rendered(), canonical(data))
    answer = post(file=hostile)
    assert (answer.status, json.loads(answer.text)["verdict"]) == (200, "failed")
    page = post("/verify?format=html", file=hostile)
    assert page.status == 200 and "Failed" in page.text


def test_json_for_curl_holds_nothing_that_a_terminal_obeys(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x9b2J\x1b[H\u202ePassed\u2028"
    found = {"is_readable": True, "is_ours": True, "document": {"id": hostile, "revision": 1}}
    monkeypatch.setattr(verify, "verify", lambda *_, **__: verify.conclude(found, b"", at=AT))
    answer = post(file=b"x")
    assert json.loads(answer.text)["document"]["id"] == hostile
    assert not any(is_unseen(character) for character in answer.text)
    page = post("/verify?format=html", file=b"x").text
    assert "&lt;U+202E&gt;Passed" in page
    assert not any(is_unseen(character) for character in page if character != "\n")
