"""Made rows counted inside DuckDB, with processor time and memory: `python -m tests.bench.engines [ROWS]`.

A million rows unless another number is said; `pip install -r requirements-engines.lock` first.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from assessments.decision_log.engines.connecting import place_of
from assessments.decision_log.engines.importing import counted
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics import analysis

ROWS = 1_000_000
REVIEWERS = 400
MAPPING = LogMapping.model_validate(
    {
        "columns": {
            name: name
            for name in ("stage", "shown_at", "decided_at", "reviewer", "ai_output", "decision", "reason", "case")
        },
        "groups": {"sex": "sex", "age_band": "age_band"},
    }
)
_MADE = """
CREATE TABLE decisions AS SELECT
  'C' || lpad(i::VARCHAR, 10, '0') AS "case",
  CASE WHEN i % 4 = 0 THEN 'final' ELSE 'screening' END AS stage,
  decided - to_seconds(30 + (h >> 8) % 600) AS shown_at,
  decided AS decided_at,
  CASE WHEN h % 97 = 0 THEN 'system' ELSE 'Reviewer ' || lpad((i % $people)::VARCHAR, 4, '0') END AS reviewer,
  CASE WHEN (h >> 20) % 100 < 55 THEN 'approve' ELSE 'reject' END AS ai_output,
  CASE WHEN ((h >> 20) % 100 < 55) = ((h >> 30) % 100 >= 12) THEN 'approve' ELSE 'reject' END AS decision,
  CASE WHEN (h >> 40) % 10 = 0 THEN '' ELSE 'F' || ((h >> 44) % 6)::VARCHAR END AS reason,
  CASE WHEN (h >> 50) % 2 = 0 THEN 'F' ELSE 'M' END AS sex,
  (['-29', '30-39', '40-49', '50+'])[1 + ((h >> 52) % 4)::INT] AS age_band
FROM (
  SELECT i, h, TIMESTAMP '2025-01-06 09:00:00' + to_seconds((i // $people) * 61 % 31000000 + h % 30) AS decided
  FROM (SELECT range AS i, hash(range) >> 1 AS h FROM range($rows))
)
"""


def main(rows: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.duckdb"
        with duckdb.connect(str(path), config={"memory_limit": "1GB", "temp_directory": folder}) as connection:
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(_MADE, {"people": REVIEWERS, "rows": rows})
        begun, used = time.monotonic(), time.process_time()
        at = datetime.now(UTC)
        with counted(place_of(f"duckdb:{path}", "decisions"), MAPPING, key=bytes(32), at=at) as (log, counts):
            figures = analysis.analyse(log, analysis.Settings(), counts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        spent = time.process_time() - used
        spent_on = f"{time.monotonic() - begun:.1f} s, processor {spent:.1f} s, peak {peak:,} MiB"
        sys.stdout.write(f"{figures.source.total:,} rows: {spent_on}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
