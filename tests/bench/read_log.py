"""A decision log read and counted in a process of its own: `python -m tests.bench.read_log FILE`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from assessments.decision_log.reading import streaming
from assessments.decision_log.statistics import analysis

if __name__ == "__main__":
    log = streaming.read_log(Path(sys.argv[1]), key=bytes(32), at=datetime.now(UTC))
    analysis.analyse(log, analysis.Settings(None, ()))
