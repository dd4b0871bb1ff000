"""What the disk or the database refused, said in words: explained, damaged, read_only."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assessments.errors import AwayError, NotSavedError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_BY_WORDS = (
    ("database or disk is full", "disk_full"),
    ("database is locked", "busy"),
    ("no such table", "unprepared"),
    ("unable to open", "not_writable"),
    ("readonly database", "not_writable"),
    ("malformed", "damaged"),
    ("not a database", "damaged"),
    ("could not decode to utf-8", "damaged"),
    ("disk i/o error", "disk_error"),
)
_BY_STATE = (
    ("53100", "disk_full"),
    ("53300", "busy"),
    ("55P03", "busy"),
    ("57014", "busy"),
    ("42P01", "unprepared"),
    ("25006", "server_takes_no_writes"),
    ("42501", "not_permitted"),
    ("58030", "disk_error"),
    ("XX001", "damaged"),
    ("XX002", "damaged"),
    ("08", "unreachable"),
    ("57P", "unreachable"),
)
"""How a state of SQL (ISO 9075, and PostgreSQL's own) begins."""
_FOR_A_WHILE = ("busy", "unreachable")
_BY_NUMBER = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EACCES: "not_writable",
    errno.EPERM: "not_writable",
    errno.EROFS: "not_writable",
    errno.EIO: "disk_error",
}


@contextmanager
def explained() -> Iterator[None]:
    """Turns what disk and database report into NotSavedError; anything else passes as it is."""
    try:
        yield
    except PoolTimeoutError as error:
        raise too_busy() from error
    except DBAPIError as error:
        key = _of_database(error)
        if key is None:
            raise
        raise (AwayError if key in _FOR_A_WHILE else NotSavedError)(TEXTS.told(key)) from error
    except OSError as error:
        key = _BY_NUMBER.get(error.errno or 0)
        if key is None:
            raise
        raise NotSavedError(TEXTS.told(key)) from error


def _of_database(error: DBAPIError) -> str | None:
    """None: it is no trouble with the place where things are kept."""
    if state := getattr(error.orig, "sqlstate", None):
        return next((key for beginning, key in _BY_STATE if state.startswith(beginning)), None)
    if isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.Error):
        return "unreachable"  # a server that answers gives a state
    words = str(error.orig).lower()
    return next((key for part, key in _BY_WORDS if part in words), None)


def damaged() -> NotSavedError:
    return NotSavedError(TEXTS.told("damaged"))


def read_only() -> NotSavedError:
    return NotSavedError(TEXTS.told("not_writable"))


def too_busy() -> AwayError:
    return AwayError(TEXTS.told("busy"))
