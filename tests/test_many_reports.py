"""Sixty reports in `make test`, ten thousand in `make torture`: those that were changed are found, and memory stays as it was."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from exports.collection import reading
from tests.bench import collection

IS_LONG = bool(os.environ.get("HAETAE_TORTURE"))
COUNT, DISTINCT = (10_000, 300) if IS_LONG else (60, 7)
TAMPERED = 10
MEGABYTES = 1_000_000


@pytest.mark.slow
def test_those_that_were_changed_are_found_among_many(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    changed = collection.fill(folder, COUNT, DISTINCT, TAMPERED)
    took = collection.verified(folder, tmp_path / "out.csv")
    if IS_LONG:
        sys.stdout.write(f"{COUNT / took['seconds']:.1f} reports a second; {took}\n")
    assert took["verdicts"] == {"passed": COUNT - TAMPERED, "failed": TAMPERED} and took["examined"] == COUNT
    read = reading.read(tmp_path / "out.csv")
    assert {row["path"] for row in read.rows if row["verdict"] == "failed"} == changed and len(changed) == TAMPERED
    assert all(row["operator"] is None for row in read.rows if row["verdict"] == "failed")
    assert took["findings"] == {"sealed_twice": DISTINCT}
    assert took["most_bytes"] < 300 * MEGABYTES
    assert took["most_bytes"] < 1.25 * took["halfway_bytes"], (
        "second half, comparison and table take hardly more memory"
    )
