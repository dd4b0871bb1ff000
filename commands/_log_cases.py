"""What `haetae bench` measures of decision logs: a million rows from file to figures, in a fresh process, and its memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.compute as pc

from assessments.decision_log import analysis, importing, making
from commands._turns import Case

ROOT = Path(__file__).resolve().parents[1]
ROWS = 1_000_000
REVIEWERS = 40
SECONDS = 10
MEGABYTES = 1000
COUNTED = "import sys; from pathlib import Path; from commands._log_cases import counted; sys.stdout.write(str(counted(Path(sys.argv[1]))))"


@contextmanager
def cases() -> Iterator[list[Case]]:
    """The same decisions as CSV, as Parquet, and as a Korean spreadsheet saves them: CP949, 오전 and 오후, a reason each."""
    with TemporaryDirectory() as folder:
        table = making.make(making.Style.ATTENTIVE, REVIEWERS, ROWS, 1)
        files = {
            "CSV": Path(folder, "log.csv"),
            "Parquet": Path(folder, "log.parquet"),
            "CP949 with 오전 and 오후": Path(folder, "log-cp949.csv"),
        }
        for file in (files["CSV"], files["Parquet"]):
            making.write(table, file, "haetae bench")
        _write_korean(table, files["CP949 with 오전 and 오후"])
        peaks: dict[str, float] = {}
        found = []
        for name, file in files.items():
            found.append(
                Case(
                    f"log of a million rows, {name}",
                    "s",
                    partial(_taken, file, name, peaks),
                    limit=SECONDS,
                    turns=1,
                    is_warmed=False,
                )
            )
            found.append(
                Case(
                    f"its peak memory, {name}",
                    "MB",
                    partial(peaks.__getitem__, name),
                    MEGABYTES,
                    turns=1,
                    is_warmed=False,
                )
            )
        yield found


def counted(file: Path) -> float:
    """Reads and counts a log and says the most memory that this process ever had, in MB. Raises: LogRefusedError."""
    log = importing.read_log(file, key=bytes(32), at=datetime.now(UTC))
    analysis.analyse(log, analysis.Settings(None, ()))
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024 / 1_000_000


def _taken(file: Path, name: str, peaks: dict[str, float]) -> float:
    began = time.perf_counter()
    said = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-c", COUNTED, str(file)], stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    peaks[name] = float(said.stdout)
    return time.perf_counter() - began


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
