"""Which kind of database an address names: dialect_of."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import URL

from assessments.errors import AssessmentError
from assessments.storage.dialects.dialect import Dialect
from assessments.storage.dialects.postgresql import PostgreSQL
from assessments.storage.dialects.sqlite import SQLite
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_KNOWN: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (SQLite(), PostgreSQL())}


def dialect_of(url: URL) -> Dialect:
    """Raises: AssessmentError where no database of that kind is known."""
    kind = url.get_backend_name()
    if kind not in _KNOWN:
        raise AssessmentError(TEXTS.told("unknown_database", kind=kind))
    return _KNOWN[kind]
