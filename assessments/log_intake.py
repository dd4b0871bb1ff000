"""A decision log that was handed in and waits to be counted: Intake, with what is known of it and how far its import is.

One folder a revision below HAETAE_HOME/incoming, for the owner only. Once the figures are kept, or the import is given
up, the folder goes, and the raw log with it; what nobody came back for goes after a day.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from assessments.decision_log.faults import ImportCancelledError, LogRefusedError
from assessments.decision_log.kept import KeptLog, from_json
from assessments.home import home
from assessments.uploads import clean_file_name
from questionnaires.vocabulary import Text

MAX_BYTES = 300_000_000
AT_ONCE = 2
"""Imports that count at the same time; a million rows take half a gigabyte each. The next one waits."""
LOOK_AGAIN_SECONDS = 0.2
LEFT_SECONDS = 24 * 3600
_STARTS = (b"PAR1", b"PK\x03\x04")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
HEAD_BYTES = 4


class Stage(StrEnum):
    ARRIVED = "arrived"
    """The file is there; its columns are to be named."""
    RUNNING = "running"
    DONE = "done"
    """Its figures are there, to be kept."""
    FAILED = "failed"


@dataclass(frozen=True)
class Intake:
    """The one log of a revision that is being read."""

    folder: Path

    @property
    def name(self) -> str:
        """Of the file, as it was handed in. Empty: nothing is there."""
        return next((one.name for one in (self.folder / "raw").glob("*")), "")

    @property
    def file(self) -> Path:
        """The raw log under its own name, which messages show."""
        return self.folder / "raw" / self.name

    @property
    def stage(self) -> Stage:
        if (self.folder / "result.json").exists():
            return Stage.DONE
        if self.is_running:
            return Stage.RUNNING
        return Stage.FAILED if (self.folder / "error.json").exists() or self._is_broken() else Stage.ARRIVED

    @property
    def progress(self) -> float:
        """0 to 1."""
        with suppress(OSError, ValueError):
            return min(1.0, max(0.0, float((self.folder / "progress").read_text("utf-8"))))
        return 0.0

    @property
    def error(self) -> Text:
        """Why it failed."""
        told = self._json("error")
        if told:
            return Text(ko=str(told["ko"]), en=str(told["en"]))
        return Text(
            ko="가져오기에 허용된 메모리나 시간을 넘었습니다. 기간별로 나누거나 CSV 또는 Parquet으로 저장하십시오.",
            en="The import needed more memory or time than it may use. Split the log by period, or save it as CSV or Parquet.",
        )

    def looked(self) -> dict[str, Any]:
        """Headers, first rows, suggested columns and groups, whether it is made; empty: nobody has looked yet."""
        return self._json("look")

    def result(self) -> KeptLog:
        """The figures. Raises: OSError, ValueError where there are none."""
        return from_json(json.loads((self.folder / "result.json").read_text("utf-8")))

    def write(self, name: str, data: dict[str, Any]) -> None:
        """Whole or not at all."""
        fresh = self.folder / f"{name}.json.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
        fresh.rename(self.folder / f"{name}.json")

    def tell(self, share: float) -> None:
        (self.folder / "progress").write_text(f"{share:.4f}", "utf-8")

    def cancel(self) -> None:
        """Asks the import to stop; it does so at its next step."""
        (self.folder / "cancel").touch(mode=0o600)

    @property
    def is_cancelled(self) -> bool:
        return (self.folder / "cancel").exists() or not self.folder.exists()

    def clear(self) -> None:
        """Takes away what an earlier import left, the file stays."""
        for name in ("result.json", "error.json", "progress", "cancel", "waiting", "running"):
            (self.folder / name).unlink(missing_ok=True)

    def drop(self) -> None:
        """The file and all that is known of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep_raw(self, sha256: str, kind: str) -> Path:
        """Moves the file itself to where raw logs are kept, which hold names: for the owner only."""
        place = home() / "logs"
        place.mkdir(mode=0o700, exist_ok=True)
        target = place / f"{sha256}.{kind}"
        self.file.rename(target)
        target.chmod(0o600)
        return target

    @contextmanager
    def lock(self) -> Iterator[int]:
        """A descriptor that marks the import as running for as long as any process holds it. Raises: LogRefusedError."""
        number = os.open(self.folder / "running", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise LogRefusedError(
                    "This log is being imported already. Wait for it, or stop it first.",
                    "이 기록을 이미 가져오는 중입니다. 끝날 때까지 기다리거나 먼저 중단하십시오.",
                ) from None
            yield number
        finally:
            os.close(number)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until fewer than AT_ONCE imports of this installation count. Raises: ImportCancelledError."""
        waiting = self.folder / "waiting"
        while (number := self._free_place()) is None:
            if self.is_cancelled:
                raise ImportCancelledError
            waiting.touch(mode=0o600)
            time.sleep(LOOK_AGAIN_SECONDS)
        waiting.unlink(missing_ok=True)
        try:
            yield
        finally:
            os.close(number)

    def _free_place(self) -> int | None:
        """A descriptor that holds one of the places for as long as it is open. None: all are taken."""
        for place in range(AT_ONCE):
            number = os.open(self.folder.parent.parent / f"import-{place}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
            with suppress(OSError):
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return number
            os.close(number)
        return None

    @property
    def is_waiting(self) -> bool:
        """For others to be done."""
        return (self.folder / "waiting").exists()

    @property
    def is_running(self) -> bool:
        try:
            number = os.open(self.folder / "running", os.O_WRONLY)
        except OSError:
            return False
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(number)
        return False

    def _is_broken(self) -> bool:
        """It ran, and came to no end of its own."""
        return (self.folder / "running").exists() and not (self.folder / "cancel").exists()

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def pending(assessment_id: int, revision: int) -> Intake | None:
    """None: no log waits for this revision."""
    one = Intake(_root() / f"{assessment_id}-{revision}")
    return one if one.name else None


@contextmanager
def arriving(assessment_id: int, revision: int, name: str) -> Iterator[Receiver]:
    """Takes a file in, piece by piece; it stands in the place of any before once it is whole, else nothing is left.

    Raises: LogRefusedError from `Receiver.add`, and at the end where nothing came.
    """
    _sweep()
    target = Intake(_root() / f"{assessment_id}-{revision}")
    if target.stage is Stage.RUNNING:
        target.cancel()
    fresh = Intake(_root() / f"{assessment_id}-{revision}.{os.urandom(6).hex()}.new")
    kept_name = clean_file_name(name)
    fresh.folder.mkdir(mode=0o700)
    (fresh.folder / "raw").mkdir(mode=0o700)
    try:
        with open(os.open(fresh.folder / "raw" / kept_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            receiver = Receiver(file, kept_name)
            yield receiver
            receiver.check_end()
        target.drop()
        fresh.folder.rename(target.folder)
    finally:
        fresh.drop()


class Receiver:
    """Writes what comes and refuses it as soon as it can be no decision log."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self._file = file
        self._head = b""
        self._size = 0

    def add(self, piece: bytes) -> None:
        """Raises: LogRefusedError."""
        self._size += len(piece)
        if self._size > MAX_BYTES:
            raise too_large()
        if len(self._head) < HEAD_BYTES:
            self._head += piece[:HEAD_BYTES]
        if self._is_text() and b"\0" in piece:
            raise LogRefusedError(
                f"{self.name} is neither a table in text (CSV), nor Parquet, nor an Excel workbook (XLSX). "
                "Export the log as one of them.",
                f"{self.name} 파일은 CSV, Parquet, Excel(XLSX) 가운데 어느 것도 아닙니다. 그중 하나로 내보내십시오.",
            )
        self._file.write(piece)

    def check_end(self) -> None:
        """Raises: LogRefusedError where nothing came."""
        if not self._size:
            raise no_file()

    def _is_text(self) -> bool:
        return not self._head.startswith((*_STARTS, *_UTF16))


def no_file() -> LogRefusedError:
    return LogRefusedError(
        "No file came with the form. Choose a file and send it again.",
        "양식에 파일이 없습니다. 파일을 골라 다시 보내십시오.",
    )


def too_large() -> LogRefusedError:
    most = MAX_BYTES // 1_000_000
    return LogRefusedError(
        f"The file has more than {most} MB. Split it by period, or save it as Parquet.",
        f"파일이 {most} MB를 넘습니다. 기간별로 나누거나 Parquet으로 저장하십시오.",
    )


def _root() -> Path:
    place = home() / "incoming"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def _sweep() -> None:
    """What nobody came back for."""
    for one in _root().iterdir():
        with suppress(OSError):
            if one.stat().st_mtime < time.time() - LEFT_SECONDS and not Intake(one).is_running:
                shutil.rmtree(one, ignore_errors=True)
