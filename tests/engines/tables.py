"""Tables with every kind of row that the reading of a file knows, and both ways to their figures: awkward, by_file, by_engine."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from assessments.decision_log.engines.connecting import place_of
from assessments.decision_log.engines.importing import counted
from assessments.decision_log.reading import streaming
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics import analysis, analysis_model

KEY = b"a key for tests, of no installation"
AT = datetime(2026, 9, 1, tzinfo=UTC)
SETTINGS = analysis.Settings(120.0, ((AT.date() - timedelta(days=140), "교육"),))
MAPPING = LogMapping.model_validate(
    {
        "columns": {
            "case": "case_id",
            "shown_at": "shown_at",
            "decided_at": "decided_at",
            "review_seconds": "seconds",
            "reviewer": "reviewer",
            "ai_output": "ai_output",
            "decision": "final_decision",
            "reason": "reason",
            "stage": "stage",
            "automatic": "automatic",
            "position": "position",
            "later_outcome": "later",
        },
        "groups": {"sex": "sex", "age_band": "age"},
        "names": {"reviewer": {"박영희": ["박 과장", "PARK"]}},
    }
)
_NAMES = (
    "김철수",
    " 김 철수",
    "김철수",
    "이영희",
    "Lee, A.",
    "LEE A",
    "박 과장",
    "park",
    "박영희",
    "system",
    "batch-bot 7",
    "RPA봇",
)
_NAMES += ("", "N/A", "ＫＩＭ", "Kim", "최\u200b민수", "최민수", "정우성", "Han\tSolo")
_OUTCOMES = ("승인", "승인", "승인", "거절", "거절", "보류", " 승인", "승 인", "Approve", "approve")
_REASONS = (
    "",
    "",
    "소득 부족",
    "소득부족",
    "기준 충족",
    "N/A",
    "-",
    "신용 등급…",
    "OK",
    "ok",
    '="코드 7"',
    "없음",
    "줄\n바꿈",
)


def _moment(text: str) -> datetime:
    """Without a zone, as logs write it."""
    return datetime.fromisoformat(text)


def awkward(rows: int, seed: int, *, is_text: bool = False) -> Any:
    """is_text: times and seconds are texts, as some warehouses keep them."""
    chance = random.Random(seed)
    start = _moment("2026-03-02 09:00")
    made: list[dict[str, Any]] = []
    for place in range(rows):
        if made and chance.random() < 0.05:
            again = dict(chance.choice(made))
            if chance.random() < 0.6:
                again |= {"reason": chance.choice(_REASONS), "final_decision": chance.choice(_OUTCOMES)}
            made.append(again)
            continue
        shown = start + timedelta(minutes=place // 3, seconds=chance.choice((0, 0, 30)), days=place // 40)
        output = chance.choice(_OUTCOMES)
        row: dict[str, Any] = {
            "case_id": chance.choice((f"C-{place:05}", f"사건 {place}", f" C-{place:05}e")),
            "shown_at": shown,
            "decided_at": shown + timedelta(seconds=chance.choice((5, 40, 40, 300, 301, 2_000))),
            "seconds": chance.choice((None, 12.5, 60.0, 3.0)),
            "reviewer": chance.choice(_NAMES),
            "ai_output": output,
            "final_decision": output if chance.random() < 0.8 else chance.choice((*_OUTCOMES, "심사중")),
            "reason": chance.choice(_REASONS),
            "stage": chance.choice(("서류", "면접", "")),
            "automatic": chance.choice(("N", "n", "N", "Y", "")),
            "position": chance.choice((None, *range(1, 14))),
            "later": chance.choice(("", "승인", "거절", "미상")),
            "sex": chance.choice(("F", "M", "f ", "")),
            "age": chance.choice(("-29", "30-39", "40+", "N/A")),
        }
        for name, value, share in _FAULTS:
            if chance.random() < share:
                row[name] = value
        made.append(row)
    types = {
        "shown_at": pa.timestamp("us"),
        "decided_at": pa.timestamp("us"),
        "seconds": pa.float64(),
        "position": pa.int64(),
    }
    columns = {name: [row[name] for row in made] for name in made[0]}
    if is_text:
        types = {}
        columns["shown_at"] = [None if value is None else value.isoformat(" ") for value in columns["shown_at"]]
        columns["decided_at"] = [_written(value, chance) for value in columns["decided_at"]]
        columns["seconds"] = ["" if value is None else f"{value:g}" for value in columns["seconds"]]
        columns["position"] = [
            "" if value is None else chance.choice((f"{value}", f"{value}", "셋")) for value in columns["position"]
        ]
    return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})


_FAULTS = (
    ("case_id", "", 0.01),
    ("case_id", "2.02603E+14", 0.005),
    ("case_id", "=1+1", 0.005),
    ("case_id", "합계", 0.005),
    ("ai_output", "NULL", 0.01),
    ("final_decision", "", 0.01),
    ("final_decision", "=A1", 0.005),
    ("decided_at", None, 0.01),
    ("decided_at", _moment("1970-01-01"), 0.005),
    ("decided_at", _moment("2199-01-01"), 0.005),
    ("decided_at", _moment("2026-03-01 08:00"), 0.01),
    ("shown_at", None, 0.05),
    ("seconds", -1.0, 0.01),
    ("seconds", float("nan"), 0.01),
)


def _written(value: datetime | None, chance: random.Random) -> str:
    if value is None:
        return chance.choice(("", "미정"))
    if chance.random() < 0.02:
        return chance.choice(("2026-02-30 10:00:00", "02/04/2026 10:00"))
    return chance.choice((value.isoformat(" "), value.isoformat("T") + "+09:00", value.isoformat(" ") + "Z"))


def by_file(table: Any, folder: Path, mapping: LogMapping = MAPPING) -> dict[str, Any]:
    """As JSON, without what only a file has."""
    path = folder / "log.parquet"
    pyarrow.parquet.write_table(table, path)
    imported = streaming.read_log(path, mapping, key=KEY, at=AT)
    return _comparable(analysis.analyse(imported, SETTINGS))


def by_engine(address: str, name: str, mapping: LogMapping = MAPPING) -> dict[str, Any]:
    with counted(place_of(address, name), mapping, key=KEY, at=AT) as (imported, counts):
        return _comparable(analysis.analyse(imported, SETTINGS, counts))


def _comparable(figures: analysis_model.LogAnalysis) -> dict[str, Any]:
    data = analysis_model.to_json(figures)
    for name in ("name", "sha256", "size", "kind", "origin", "first_bad"):
        data["source"].pop(name, None)
    for aside in data["reading"]["aside"]:
        aside["examples"] = []
    return data
