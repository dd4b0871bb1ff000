"""Looking into and counting a decision log, at the other end of `log_counting`: task. It touches no database."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assessments.decision_log.columns import LogMapping
from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.kept import KeptLog, to_json
from assessments.errors import AssessmentError
from assessments.own_process import tell

_COUNTING = 0.9
"""Share of the work that is reading; the rest is counting."""


def prepare() -> None:
    """Nothing more than the imports."""


def task(payload: bytes) -> bytes:
    """One request as JSON; gives what was found as JSON. Raises: AssessmentError, MemoryError."""
    request = json.loads(payload)
    try:
        found = _look(request) if request["task"] == "look" else _count(request)
    except (AssessmentError, MemoryError, BrokenPipeError):
        raise
    except Exception as error:  # a file can be broken in more ways than anybody lists
        kind, name = type(error).__name__, request["name"]
        raise LogRefusedError(
            f"{name} cannot be read ({kind}). Export the file again.",
            f"{name} 파일을 읽을 수 없습니다({kind}). 파일을 다시 내보내십시오.",
        ) from error
    return json.dumps(found, ensure_ascii=False).encode()


def _look(request: dict[str, Any]) -> dict[str, Any]:
    from assessments.decision_log import importing

    found = importing.look(Path(request["file"]), request["name"])
    suggested = found.suggestion
    return {
        "headers": list(found.headers),
        "rows": [list(row) for row in found.rows],
        "columns": {column.value: header for column, header in suggested.columns.items()},
        "groups": dict(suggested.groups),
        "is_made": found.file.is_made,
        "kind": found.file.kind,
        "size": found.file.size,
    }


def _count(request: dict[str, Any]) -> dict[str, Any]:
    from assessments.decision_log import analysis, importing

    mapping = LogMapping.model_validate(request["mapping"])
    imported = importing.read_log(
        Path(request["file"]),
        mapping,
        key=bytes.fromhex(request["key"]),
        at=datetime.fromisoformat(request["at"]),
        name=request["name"],
        progress=lambda share: tell(_COUNTING * share),
    )
    events = tuple((date.fromisoformat(on), label) for on, label in request["events"])
    found = analysis.analyse(imported, analysis.Settings(request["floor_seconds"], events))
    kept: dict[str, Any] = to_json(KeptLog(found, mapping, is_raw_kept=request["keep_raw"]))
    return kept
