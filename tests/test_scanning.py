"""The malware scanner, a real clamd with a signature of our own: what it knows is refused, and nothing passes while it is away."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from assessments import actions, scanning, security_log
from assessments.content.uploads import Upload, examine
from assessments.decision_log.intake import waiting
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.errors import EvidenceRefusedError, NotSavedError
from tests.office import AT, KIM, PDF, open_office

CLAMD = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin") or "clamd"
MALWARE = b"This file stands for malware.\n"
LOG = (
    b"case,ai_output,decision\n"
    + b"".join(b"%d,reject,approve\n" % number for number in range(50))
    + b"stands for malware\n"
)
CONFIGURATION = """
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.ctl
LocalSocketMode 600
Foreground yes
LogFile {folder}/clamd.log
StreamMaxLength 1M
OfficialDatabaseOnly no
"""


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Socket of a running clamd that knows two files."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    known = "".join(
        f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}:{len(content)}:Made.For.A.Test\n"
        for content in (MALWARE, LOG)
    )
    (folder / "signatures" / "own.hdb").write_text(known)
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
    process = subprocess.Popen(
        [CLAMD, f"--config-file={folder}/clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while not _is_listening(folder / "clamd.ctl"):
            assert process.poll() is None and time.monotonic() < deadline, (folder / "clamd.log").read_text()
            time.sleep(0.1)
        yield folder / "clamd.ctl"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _is_listening(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe, suppress(OSError):
        probe.connect(str(path))
        return True
    return False


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))
    monkeypatch.setattr(scanning, "_clean", {})


def test_without_a_scanner_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAETAE_CLAMD", raising=False)
    assert scanning.malware_in(MALWARE) == ""


@pytest.mark.slow
def test_what_the_scanner_knows_is_refused_by_name_and_noted(scanner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_CLAMD", str(scanner))
    assert scanning.malware_in(PDF) == ""
    assert examine(Upload("t", "a.pdf", PDF)) == "application/pdf"
    with pytest.raises(EvidenceRefusedError) as refused:
        examine(Upload("t", "memo.txt", MALWARE))
    assert "Made.For.A.Test" in refused.value.text.en and "Made.For.A.Test" in refused.value.text.ko
    (entry,) = security_log.newest(10)
    assert (entry["outcome"], entry["subject"]) == ("refused", "memo.txt")
    assert entry["reason"].startswith("malware: Made.For.A.Test")


@pytest.mark.slow
def test_no_evidence_and_no_log_with_malware_is_kept(
    scanner: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(tmp_path, monkeypatch)
    monkeypatch.setenv("HAETAE_CLAMD", str(scanner))
    number = office.start()
    with pytest.raises(EvidenceRefusedError, match="Made"), office.database.transaction() as session:
        actions.add_evidence(session, number, Upload("t", "memo.txt", MALWARE), KIM, AT)
    with pytest.raises(LogRefusedError, match=r"Made\.For\.A\.Test"):
        waiting.take_in(number, 1, "log.csv", io.BytesIO(LOG))
    assert not [
        file for folder in ("evidence", "incoming") for file in (tmp_path / folder).rglob("*") if file.is_file()
    ]
    assert waiting.take_in(number, 1, "log.csv", io.BytesIO(LOG + b"51,reject,approve\n")).name == "log.csv"


@pytest.mark.slow
def test_what_the_scanner_did_not_look_at_to_the_end_does_not_pass(
    scanner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAETAE_CLAMD", str(scanner))
    with pytest.raises(NotSavedError, match="did not examine"):
        scanning.malware_in(io.BytesIO(bytes(5_000_000)))


def test_while_the_scanner_is_away_nothing_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office(tmp_path, monkeypatch)
    number = office.start()
    for place in (str(tmp_path / "nobody.ctl"), "127.0.0.1:1"):
        monkeypatch.setenv("HAETAE_CLAMD", place)
        with pytest.raises(NotSavedError, match="did not examine") as refused:
            examine(Upload("t", "a.pdf", PDF))
        assert "검사기가 응답하지 않아" in refused.value.text.ko
        with pytest.raises(NotSavedError):
            waiting.take_in(number, 1, "log.csv", io.BytesIO(LOG))
    assert {entry["outcome"] for entry in security_log.newest(10)} == {"failed"}


@pytest.mark.parametrize(
    "answer", [b"", b"stream: OK but not quite\0", b"\xff\xfe", b"stream: x ERROR\0", b"x" * 100_000]
)
def test_an_answer_that_is_none_does_not_pass(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        monkeypatch.setenv("HAETAE_CLAMD", f"127.0.0.1:{listening.getsockname()[1]}")

        def serve() -> None:
            connection, _ = listening.accept()
            with closing(connection), suppress(OSError):
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NotSavedError):
            scanning.malware_in(PDF)
        thread.join(timeout=60)


def test_a_file_that_passed_is_not_asked_about_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def answered(_: object, content: io.BytesIO) -> str:
        asked.append(len(content.read()))
        return "stream: OK"

    monkeypatch.setenv("HAETAE_CLAMD", "127.0.0.1:1")
    monkeypatch.setattr(scanning, "_asked", answered)
    scanning.look([PDF, PDF])
    assert scanning.malware_in(PDF) == ""
    assert len(asked) == 1
    monkeypatch.setattr(scanning, "REMEMBERED_SECONDS", 0.0)
    scanning.malware_in(PDF)
    assert len(asked) == 2
