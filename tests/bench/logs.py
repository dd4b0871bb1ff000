"""Decision logs of a million rows from file to figures, measured with their memory: `python -m tests.bench.logs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyperf

from assessments.decision_log import making
from tests.bench import examples

ROWS = 1_000_000
REVIEWERS = 40
CSV, PARQUET, KOREAN = (f"log of a million rows, {kind}" for kind in ("CSV", "Parquet", "CP949 with 오전 and 오후"))
FILES = {CSV: "log.csv", PARQUET: "log.parquet", KOREAN: "log-cp949.csv"}


def main() -> None:
    """Wall seconds and memory of a fresh process: as CSV, as Parquet, and as a Korean spreadsheet saves the same decisions."""
    runner = pyperf.Runner(processes=2, values=1, warmups=0, loops=1, program_args=("-m", "tests.bench.logs"))
    if not runner.parse_args().worker:
        examples.FOLDER.mkdir(exist_ok=True)
        _write(examples.FOLDER)
    for name, file in FILES.items():
        runner.bench_command(name, [sys.executable, "-m", "tests.bench.read_log", str(examples.FOLDER / file)])


def _write(folder: Path) -> None:
    table = making.make(making.Style.ATTENTIVE, REVIEWERS, ROWS, 1)
    for name in (CSV, PARQUET):
        making.write(table, folder / FILES[name], "make bench")
    _write_korean(table, folder / FILES[KOREAN])


def _write_korean(table: Any, file: Path) -> None:
    names = ["사건번호", "열람시각", "결정시각", "검토자", "추천결과", "최종결정", "사유"]
    with file.open("w", encoding="cp949", newline="") as out:
        out.write(",".join(names) + "\r\n")
        columns = [table["case_id"], _spoken(table["shown_at"]), _spoken(table["decided_at"])]
        columns += [table[name] for name in ("reviewer", "ai_output", "final_decision", "case_id")]
        for row in zip(*(column.to_pylist() for column in columns), strict=True):
            out.write(",".join(row) + "번 신청의 서류를 살펴본 결과 요건에 해당함\r\n")


def _spoken(times: Any) -> Any:
    """`2026-03-01 오후 2:15:09`."""
    hour = np.asarray(pc.hour(times))
    half = np.where(hour < 12, "오전 ", "오후 ")
    on_clock = np.where(hour % 12 == 0, 12, hour % 12).astype(str)
    day, rest = pc.strftime(times, "%Y-%m-%d "), pc.strftime(times, ":%M:%S")
    return pc.binary_join_element_wise(day, half.tolist(), on_clock.tolist(), rest, "")


if __name__ == "__main__":
    main()
