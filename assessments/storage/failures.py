"""What the disk or the database refused, said in words: explained, damaged, read_only."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from assessments.errors import NotSavedError

_FULL = (
    "Nothing was saved: the disk is full. Free some space (backups and reports may be moved away), then save again.",
    "저장되지 않았습니다. 디스크가 가득 찼습니다. 공간을 확보한 뒤(백업과 보고서는 옮겨도 됩니다) 다시 저장하십시오.",
)
_BUSY = (
    "Nothing was saved: the database was busy for 30 seconds. Wait a moment, then save again.",
    "저장되지 않았습니다. 데이터베이스가 30초 동안 사용 중이었습니다. 잠시 뒤 다시 저장하십시오.",
)
_CLOSED = (
    "Nothing was saved: the database cannot be opened for writing. Check that the folder of HAETAE_HOME is there, "
    "belongs to the account that runs Haetae and may be written to.",
    "저장되지 않았습니다. 데이터베이스를 쓰기용으로 열 수 없습니다. HAETAE_HOME 폴더가 있는지, "
    "Haetae를 실행하는 계정에 쓰기 권한이 있는지 확인하십시오.",
)
_DAMAGED = (
    "The database file is damaged or is none of Haetae's. Stop the server, keep the file, restore the newest backup.",
    "데이터베이스 파일이 손상되었거나 Haetae의 파일이 아닙니다. "
    "서버를 멈추고 파일을 보관한 뒤 최신 백업을 복원하십시오.",
)
_UNPREPARED = (
    "The database is not prepared for this program: there was none here yet, or it is older. Run `haetae upgrade`, then try "
    "again; check HAETAE_HOME if yours should lie elsewhere.",
    "데이터베이스가 이 프로그램에 맞게 준비되어 있지 않습니다. 아직 없거나 이전 버전의 것입니다. `haetae upgrade`를 실행한 뒤 다시 "
    "시도하십시오. 다른 곳에 있어야 한다면 HAETAE_HOME을 확인하십시오.",
)
_FAILED = (
    "Nothing was saved: the disk reported an error. Check the disk, then save again; keep the newest backup at hand.",
    "저장되지 않았습니다. 디스크 오류가 발생했습니다. 디스크를 점검한 뒤 다시 저장하고 최신 백업을 준비해 두십시오.",
)
_BY_WORDS = (
    ("database or disk is full", _FULL),
    ("database is locked", _BUSY),
    ("no such table", _UNPREPARED),
    ("unable to open", _CLOSED),
    ("readonly database", _CLOSED),
    ("malformed", _DAMAGED),
    ("not a database", _DAMAGED),
    ("could not decode to utf-8", _DAMAGED),
    ("disk i/o error", _FAILED),
)
_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.EIO: _FAILED,
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
        texts = next((texts for part, texts in _BY_WORDS if part in words), None)
        if texts is None:
            raise
        raise NotSavedError(*texts) from error
    except OSError as error:
        texts = _BY_NUMBER.get(error.errno or 0)
        if texts is None:
            raise
        raise NotSavedError(*texts) from error


def damaged() -> NotSavedError:
    return NotSavedError(*_DAMAGED)


def read_only() -> NotSavedError:
    return NotSavedError(*_CLOSED)


def too_busy() -> NotSavedError:
    return NotSavedError(*_BUSY)
