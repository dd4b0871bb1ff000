"""A record laid out in a process of its own, for its time and memory: `python -m tests.bench.lay_out RECORD.json`."""

from __future__ import annotations

import sys
from pathlib import Path

from exports.record import record
from tests.bench import examples

if __name__ == "__main__":
    examples.laid_out(record.read(Path(sys.argv[1]).read_bytes()))
