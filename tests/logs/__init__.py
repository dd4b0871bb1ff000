"""Small decision logs for tests: as files, and in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings

from assessments.decision_log.reading.columns import Column, LogMapping
from assessments.decision_log.reading.log import NO_REASON, DecisionLog, ImportedLog, LogFile, RowCount
from assessments.decision_log.reading.streaming import read_log
from assessments.decision_log.statistics.analysis import Settings, analyse
from assessments.decision_log.statistics.analysis_model import LogAnalysis
from tests.strategies import DRAWS, thorough

several = settings(thorough, max_examples=min(DRAWS, 200))
"""For properties that write and read a file, or analyse a log, in every draw."""
KEY = b"k" * 32
AT = datetime(2026, 11, 22, tzinfo=UTC)
DAY = 86_400_000_000
FIRST = 20_454 * DAY
"""2026-01-01 UTC in microseconds."""
HEADER = "case_id,shown_at,decided_at,reviewer,ai_output,final_decision,reason,sex"


def row(case: int, output: str = "approve", decision: str = "approve", **more: str) -> str:
    """One row of a CSV log under HEADER."""
    cells = {
        "case": f"C{case:05}",
        "shown": f"2026-04-{1 + case % 28:02} 09:00:00",
        "decided": f"2026-04-{1 + case % 28:02} 09:05:00",
        "reviewer": f"kim{case % 3}",
        "output": output,
        "decision": decision,
        "reason": "F1",
        "sex": "FM"[case % 2],
    } | more
    return ",".join(cells.values())


def written(path: Path, rows: Sequence[str], header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join([header, *rows]) + "\n").encode(encoding))
    return path


def imported(path: Path, mapping: LogMapping | None = None, **more: Any) -> ImportedLog:
    return read_log(path, mapping, key=KEY, at=AT, **more)


def analysed(path: Path, mapping: LogMapping | None = None, settings: Settings | None = None) -> LogAnalysis:
    return analyse(imported(path, mapping), settings or Settings())


def in_memory(
    departs: Any, reviewer: Any = None, *, review_ms: Any = None, decided: Any = None, bad: Any = None, **more: Any
) -> ImportedLog:
    """A log of two outcomes: the AI always approves, people depart where told to."""
    size = len(departs)
    codes = np.zeros(size, np.int32) if reviewer is None else np.asarray(reviewer, np.int32)
    times = FIRST + np.arange(size) * 1_200_000_000 if decided is None else np.asarray(decided)
    has = {Column.CASE, Column.OUTPUT, Column.DECISION, Column.DECIDED, Column.SHOWN, Column.REVIEWER}
    columns: dict[str, Any] = {
        "output": np.zeros(size, np.int32),
        "decision": np.asarray(departs).astype(np.int32),
        "outcomes": ("approve", "reject"),
        "favourable": frozenset({0}),
        "reviewer": codes,
        "reviewers": tuple(f"R-{code:08}" for code in range(int(codes.max(initial=0)) + 1)),
        "automatic": np.zeros(size, np.bool_),
        "decided": times,
        "review_ms": np.full(size, 300_000) if review_ms is None else np.asarray(review_ms),
        "reason": np.full(size, NO_REASON, np.int64),
        "stage": np.full(size, -1, np.int32),
        "stages": (),
        "groups": {},
        "group_labels": {},
        "has": frozenset(has),
    } | more
    lost = dict(bad or {})
    rows = RowCount(size + sum(lost.values()), size, lost, ())
    return ImportedLog(DecisionLog(**columns), LogFile("log.csv", "0" * 64, 1, "csv"), rows, {"case": "case_id"})
