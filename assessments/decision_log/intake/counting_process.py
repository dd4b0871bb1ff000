"""Looking into and counting a decision log, at the other end of `log_counting`: task. It touches no database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from assessments.decision_log.kept_log import KeptLog, to_json
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.reading.preview_model import LogPreview, ReadThrough
from assessments.decision_log.texts import TEXTS
from assessments.errors import AssessmentError
from assessments.own_process import tell

if TYPE_CHECKING:
    from assessments.decision_log.reading.streaming import Look

_COUNTING = 0.9
"""Share of the work that is reading; the rest is counting."""


def prepare() -> None:
    """Nothing more than the imports."""


def task(payload: bytes) -> bytes:
    """One request as JSON; gives what was found as JSON. Raises: AssessmentError, MemoryError."""
    request = json.loads(payload)
    try:
        result = _TASKS[request["task"]](request)
    except (AssessmentError, MemoryError, BrokenPipeError):
        raise
    except Exception as error:  # a file can be broken in more ways than anybody lists
        kind, name = type(error).__name__, request["name"]
        raise LogRefusedError(TEXTS.told("unreadable_file", name=name, kind=kind)) from error
    return json.dumps(result, ensure_ascii=False).encode()


def _look(request: dict[str, Any]) -> dict[str, Any]:
    """Headers and first lines. Where the mapping of an earlier log does not fit, as if there were none."""
    from assessments.decision_log.reading import preview, streaming

    path, name = Path(request["file"]), request["name"]
    mapping = LogMapping.model_validate(request["mapping"]) if request.get("mapping") else None
    look, problem = None, None
    try:
        look = streaming.look(path, name, mapping)
    except LogRefusedError as error:
        if not error.is_mendable and mapping is None:
            raise
        problem = error.text
    if mapping is not None and request.get("is_earlier") and not _fits(mapping, look):
        return _look({**request, "mapping": None, "is_earlier": False})
    seen = LogPreview(mapping or LogMapping(), preview.place(path, mapping), problem)
    if look is not None:
        file, suggested = look.file, look.suggestion
        seen = replace(
            seen,
            headers=look.headers,
            rows=look.rows,
            columns=suggested.columns,
            groups=suggested.groups,
            is_made=file.is_made,
            kind=file.kind,
            size=file.size,
            top=look.reading,
        )
    return dict(TypeAdapter(LogPreview).dump_python(seen, mode="json"))


def _fits(mapping: LogMapping, look: Look | None) -> bool:
    named = {*mapping.columns.values(), *mapping.groups.values()}
    return look is not None and named <= set(look.headers)


def _read(request: dict[str, Any]) -> dict[str, Any]:
    """Every row, and nothing counted."""
    from assessments.decision_log.reading import preview

    read_through = preview.read_through(
        Path(request["file"]),
        LogMapping.model_validate(request["mapping"]),
        key=bytes.fromhex(request["key"]),
        at=datetime.fromisoformat(request["at"]),
        name=request["name"],
        progress=tell,
    )
    return dict(TypeAdapter(ReadThrough).dump_python(read_through, mode="json"))


def _count(request: dict[str, Any]) -> dict[str, Any]:
    from assessments.decision_log.reading import streaming
    from assessments.decision_log.statistics import analysis

    mapping = LogMapping.model_validate(request["mapping"])
    imported = streaming.read_log(
        Path(request["file"]),
        mapping,
        key=bytes.fromhex(request["key"]),
        at=datetime.fromisoformat(request["at"]),
        name=request["name"],
        progress=lambda share: tell(_COUNTING * share),
    )
    events = tuple((date.fromisoformat(on), label) for on, label in request["events"])
    log_analysis = analysis.analyse(imported, analysis.Settings(request["floor_seconds"], events))
    log_json: dict[str, Any] = to_json(KeptLog(log_analysis, mapping.without_people(), is_raw_kept=request["keep_raw"]))
    return log_json


_TASKS = {"look": _look, "read": _read, "count": _count}
