"""Synthetic logs for demonstration and tests, marked as made in every row: Style, make, write."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from assessments.decision_log.reading.streaming import MADE_COMMENT, MADE_PREFIX
from assessments.decision_log.reading.tables import MADE_KEY

Floats = npt.NDArray[np.float64]
_FIRST_DAY = np.datetime64("2026-01-05", "D")
_START_OF_WORK = 9 * 3600
_ATTENTIVE_SHARE_OF_DAYS = 0.6
"""In a drifting log, the share of days before reviewers stop looking."""
_SEXES = ("F", "M")
_AGES = ("-29", "30-39", "40-49", "50+")
_FOLLOWING = ("F1", "F2", "F3", "F4", "F5")
_DEPARTING = ("D1", "D2", "D3", "D4")


class Style(StrEnum):
    """How the reviewers in a made log behave."""

    ATTENTIVE = "attentive"
    RUBBER_STAMP = "rubber-stamp"
    DRIFTING = "drifting"
    UNFAIR = "unfair"


@dataclass(frozen=True)
class _Habit:
    departs: float
    """Share of cases decided against the AI's output; the same for every reviewer."""
    median_seconds: float
    log_sd: float
    no_reason: float
    same_reason: float
    automatic: float


_ATTENTIVE = _Habit(0.12, 330.0, 0.35, 0.0, 0.1, 0.0)
_ASLEEP = _Habit(0.003, 9.0, 0.5, 0.25, 0.9, 0.04)
_CASES_A_DAY = 40


def make(style: Style, reviewers: int, cases: int, seed: int) -> Any:
    """A pyarrow table with one row per decision, in order of time; deterministic for equal arguments."""
    random = np.random.default_rng(seed)
    days = -(-cases // (reviewers * _CASES_A_DAY))
    shape = (days, _CASES_A_DAY, reviewers)
    day = np.broadcast_to(np.arange(days)[:, None, None], shape)
    asleep = {Style.RUBBER_STAMP: day >= 0, Style.DRIFTING: day >= _ATTENTIVE_SHARE_OF_DAYS * days}.get(style, day < 0)

    def habit(name: str) -> Floats:
        return np.asarray(np.where(asleep, getattr(_ASLEEP, name), getattr(_ATTENTIVE, name)))

    seconds = np.maximum(1, habit("median_seconds") * np.exp(habit("log_sd") * random.standard_normal(shape))).round()
    pause = random.integers(5, 90, shape)
    decided = np.cumsum(seconds + pause, axis=1) + _START_OF_WORK + random.integers(0, 900, (days, 1, reviewers))
    weekday = (np.arange(days) // 5) * 7 + np.arange(days) % 5
    decided = decided + weekday[:, None, None] * 86_400.0
    flat = [values.reshape(-1)[:cases] for values in (decided, seconds, np.broadcast_to(np.arange(reviewers), shape))]
    order = np.argsort(flat[0], kind="stable")
    decided, seconds, reviewer = (values[order] for values in flat)
    rates = {
        name: habit(name).reshape(-1)[:cases][order] for name in ("departs", "no_reason", "same_reason", "automatic")
    }
    sex, age = random.integers(0, 2, cases), random.integers(0, 4, cases)
    approved = random.random(cases) < 0.55 + 0.02 * sex
    departs = random.random(cases) < _departing(style, rates["departs"], approved, sex, age)
    automatic = random.random(cases) < rates["automatic"]
    departs &= ~automatic
    return _table(random, decided, seconds, reviewer, approved, departs, automatic, rates, sex, age)


def _departing(style: Style, rate: Floats, approved: npt.NDArray[np.bool_], sex: Any, age: Any) -> Floats:
    """Which rows depart from the AI; in an unfair log women and people over fifty lose approvals the AI gave them."""
    if style is not Style.UNFAIR:
        return rate
    return np.where(approved & ((sex == 0) | (age == len(_AGES) - 1)), 0.28, np.where(approved, 0.03, 0.08))


def _table(
    random: np.random.Generator,
    decided: npt.NDArray[Any],
    seconds: npt.NDArray[Any],
    reviewer: npt.NDArray[np.int64],
    approved: npt.NDArray[np.bool_],
    departs: npt.NDArray[np.bool_],
    automatic: npt.NDArray[np.bool_],
    rates: dict[str, Floats],
    sex: npt.NDArray[np.int64],
    age: npt.NDArray[np.int64],
) -> Any:
    size = len(decided)
    outcomes = np.array(["reject", "approve"])
    end = _FIRST_DAY.astype("M8[s]") + decided.astype("m8[s]")
    names = np.array([f"Reviewer {number + 1:02}" for number in range(int(reviewer.max(initial=0)) + 1)] + ["system"])
    follow = np.array(_FOLLOWING)[random.integers(0, len(_FOLLOWING), size)]
    depart = np.array(_DEPARTING)[random.integers(0, len(_DEPARTING), size)]
    reason = np.where(random.random(size) < rates["same_reason"], "ok", np.where(departs, depart, follow))
    reason = np.where((random.random(size) < rates["no_reason"]) | automatic, "", reason)
    return pa.table(
        {
            "case_id": [f"{MADE_PREFIX}{place + 1:08}" for place in range(size)],
            "stage": np.array(["screening", "final"])[(np.arange(size) % 4 == 0).astype(int)],
            "shown_at": pa.array(end - seconds.astype("m8[s]"), pa.timestamp("s")),
            "decided_at": pa.array(end, pa.timestamp("s")),
            "reviewer": names[np.where(automatic, len(names) - 1, reviewer)],
            "ai_output": outcomes[approved.astype(int)],
            "final_decision": outcomes[(approved ^ departs).astype(int)],
            "reason": reason,
            "sex": np.array(_SEXES)[sex],
            "age_band": np.array(_AGES)[age],
            "automatic": np.where(automatic, "yes", "no"),
        }
    )


def write(table: Any, path: Path, how: str) -> None:
    """Writes CSV, or Parquet if the name ends in .parquet; `how` states the settings it was made with."""
    comment = f"{MADE_COMMENT}: {how}. Fictional; it shows nothing about any organisation."
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table.replace_schema_metadata({MADE_KEY: comment.encode()}), path)
        return
    with path.open("wb") as file:
        file.write(f"# {comment}\n".encode())
        pyarrow.csv.write_csv(table, file)
