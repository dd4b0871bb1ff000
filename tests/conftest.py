"""What holds for every test: it begins with no database in use, whatever ran before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_database_is_left_in_use() -> Iterator[None]:
    """A database that an earlier test damaged or took away would speak in the messages of a later one."""
    yield
    if database := sys.modules.get("assessments.storage.database"):
        database.leave()
