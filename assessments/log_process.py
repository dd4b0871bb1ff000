"""Looking into and counting a decision log in a process of its own, with limits of time and memory: look, start.

`python -m assessments.log_process` is the other end: it reads one request from its input and writes its result into the
intake's folder, the share that is done beside it. It stops at the next step once it is asked to, or the folder is gone.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assessments.decision_log.columns import LogMapping
from assessments.decision_log.faults import ImportCancelledError, LogRefusedError
from assessments.decision_log.kept import KeptLog, to_json
from assessments.errors import AssessmentError
from assessments.log_files import MADE_KEY, pseudonym_key
from assessments.log_intake import Intake
from assessments.process_limits import ROOT, environment, restrict

MEMORY_BYTES = 4 * 2**30
"""Address space, of which a million rows really use less than a quarter."""
CPU_SECONDS = 240
WALL_SECONDS = 600
_COUNTING = 0.9
"""Share of the work that is reading; the rest is counting."""


def look(intake: Intake) -> None:
    """Headers, first rows and suggested columns become known. Raises: LogRefusedError."""
    _begin(intake, {"task": "look"}).wait(WALL_SECONDS)
    if not intake.looked():
        raise LogRefusedError(intake.error.en, intake.error.ko)
    intake.clear()


def start(
    intake: Intake,
    mapping: LogMapping,
    *,
    floor_seconds: float | None,
    events: tuple[tuple[date, str], ...] = (),
    at: datetime,
    keep_raw: bool = False,
) -> None:
    """Begins to count; `intake.stage` says how it goes. at: aware; later decisions are bad rows. Raises: LogRefusedError."""
    request = {
        "task": "count",
        "mapping": mapping.model_dump(mode="json"),
        "floor_seconds": floor_seconds,
        "events": [[on.isoformat(), label] for on, label in events],
        "at": at.astimezone(UTC).isoformat(),
        "keep_raw": keep_raw,
        "key": (MADE_KEY if intake.looked().get("is_made") else pseudonym_key()).hex(),
    }
    _begin(intake, request)


def _begin(intake: Intake, request: dict[str, Any]) -> subprocess.Popen[bytes]:
    with intake.lock() as descriptor:
        for name in ("result.json", "error.json", "progress", "cancel", "waiting"):
            (intake.folder / name).unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "assessments.log_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(),
            pass_fds=(descriptor,),
        )
        assert process.stdin is not None
        with process.stdin as pipe:
            pipe.write(json.dumps({**request, "folder": str(intake.folder)}).encode())
    return process


# --- the other end -------------------------------------------------------------------------------------------------


def main() -> int:
    """One request. Any exception becomes a sentence in the intake, never a traceback."""
    restrict(CPU_SECONDS, MEMORY_BYTES)
    logging.lastResort = None
    request = json.loads(sys.stdin.buffer.read())
    intake = Intake(Path(request["folder"]))
    try:
        if request["task"] == "look":
            signal.alarm(WALL_SECONDS)
            _look(intake)
        else:
            with intake.turn():
                signal.alarm(WALL_SECONDS)  # waiting does not count
                _count(intake, request)
    except ImportCancelledError:
        return 0
    except AssessmentError as error:
        _fail(intake, error.text.ko, error.text.en)
    except MemoryError:
        return 1
    except Exception as error:  # a file can be broken in more ways than anybody lists
        kind = type(error).__name__
        _fail(
            intake,
            f"{intake.name} 파일을 읽을 수 없습니다({kind}). 파일을 다시 내보내십시오.",
            f"{intake.name} cannot be read ({kind}). Export the file again.",
        )
    return 0


def _look(intake: Intake) -> None:
    from assessments.decision_log import importing

    found = importing.look(intake.file, intake.name)
    suggested = found.suggestion
    intake.write(
        "look",
        {
            "headers": list(found.headers),
            "rows": [list(row) for row in found.rows],
            "columns": {column.value: header for column, header in suggested.columns.items()},
            "groups": dict(suggested.groups),
            "is_made": found.file.is_made,
            "kind": found.file.kind,
            "size": found.file.size,
        },
    )


def _count(intake: Intake, request: dict[str, Any]) -> None:
    from assessments.decision_log import analysis, importing

    mapping = LogMapping.model_validate(request["mapping"])
    imported = importing.read_log(
        intake.file,
        mapping,
        key=bytes.fromhex(request["key"]),
        at=datetime.fromisoformat(request["at"]),
        name=intake.name,
        progress=lambda share: intake.tell(_COUNTING * share),
        is_cancelled=lambda: intake.is_cancelled,
    )
    events = tuple((date.fromisoformat(on), label) for on, label in request["events"])
    found = analysis.analyse(imported, analysis.Settings(request["floor_seconds"], events))
    if intake.is_cancelled:
        raise ImportCancelledError
    intake.write("result", to_json(KeptLog(found, mapping, is_raw_kept=request["keep_raw"])))
    intake.tell(1.0)


def _fail(intake: Intake, ko: str, en: str) -> None:
    if intake.folder.exists():
        intake.write("error", {"ko": ko, "en": en})


if __name__ == "__main__":
    sys.exit(main())
