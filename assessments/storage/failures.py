"""What the disk or the database refused, said in words: explained, damaged, read_only."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assessments.errors import NotSavedError
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
        words = str(error.orig).lower()
        key = next((key for part, key in _BY_WORDS if part in words), None)
        if key is None:
            raise
        raise NotSavedError(TEXTS.told(key)) from error
    except OSError as error:
        key = _BY_NUMBER.get(error.errno or 0)
        if key is None:
            raise
        raise NotSavedError(TEXTS.told(key)) from error


def damaged() -> NotSavedError:
    return NotSavedError(TEXTS.told("damaged"))


def read_only() -> NotSavedError:
    return NotSavedError(TEXTS.told("not_writable"))


def too_busy() -> NotSavedError:
    return NotSavedError(TEXTS.told("busy"))
