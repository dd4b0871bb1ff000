"""Whether this server can do its work at this moment: examine. Each check tries what it tells of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from assessments.errors import AssessmentError
from assessments.home import home
from assessments.storage import attempts, database, file_store, migration

PATIENCE_SECONDS = 5.0
"""How long a write is waited for; a server that cannot write for longer takes no answer either."""
FREE_BYTES = 256 * 2**20
"""Room for all evidence of an assessment."""
_KIND = "readiness"


class Check(StrEnum):
    DATABASE = "database"
    """It can be read, is sound as far as that shows, and its tables are those of this program."""
    WRITING = "writing"
    """It takes a write."""
    EVIDENCE = "evidence"
    """Where evidence lies a file is taken."""
    DISK = "disk"
    """There is room where the home folder lies, and where evidence does as far as that says."""
    WORKERS = "workers"
    """What the server does beside answering is running."""


def examine(workers: Callable[[], bool]) -> Mapping[Check, bool]:
    """Check → whether it holds. workers: whether the server's own are alive."""
    tries: Mapping[Check, Callable[[], bool]] = {
        Check.DATABASE: _reads,
        Check.WRITING: _writes,
        Check.EVIDENCE: _takes_evidence,
        Check.DISK: _has_room,
        Check.WORKERS: workers,
    }
    return {check: _holds(holds) for check, holds in tries.items()}


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except (AssessmentError, OSError):
        return False


def _reads() -> bool:
    with database.reading() as session:
        return migration.is_at_head(session.connection())


def _writes() -> bool:
    """Something is written for good: a lock, and a write that is taken back, are given on a disk that takes nothing."""
    with database.transaction(PATIENCE_SECONDS) as session:
        attempts.begin(session, _KIND, {}, timedelta(0), datetime.now(UTC))
    return True


def _takes_evidence() -> bool:
    file_store.current().check_takes()
    return True


def _has_room() -> bool:
    rooms = (shutil.disk_usage(home()).free, file_store.current().free_bytes)
    return all(free is None or free >= FREE_BYTES for free in rooms)
