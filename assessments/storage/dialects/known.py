"""Which kind of database an address names: dialect_of."""

from __future__ import annotations

from functools import cache

from sqlalchemy.engine import URL

from assessments.errors import AssessmentError
from assessments.storage.dialects.dialect import Dialect
from assessments.storage.dialects.sqlite import SQLite
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def dialect_of(url: URL) -> Dialect:
    """Raises: AssessmentError where no database of that kind is known."""
    return _named(url.get_backend_name())


@cache
def _named(kind: str) -> Dialect:
    """The driver of a server is loaded where one is used: every command would wait for it."""
    if kind == SQLite.name:
        return SQLite()
    from assessments.storage.dialects.postgresql import PostgreSQL

    if kind == PostgreSQL.name:
        return PostgreSQL()
    raise AssessmentError(TEXTS.told("unknown_database", kind=kind))
