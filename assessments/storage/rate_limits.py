"""How often something was tried, counted by all servers of one database together: SharedCounts, for the library `limits`.

One row a key, locked while it is changed. Whoever is over a limit writes nothing, what no longer counts goes, and a key is a
digest: so the table holds at most what was let through in the longest window, and no name. Times are those of the database,
whichever clock a server has.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from assessments.storage import database
from assessments.storage.server_tables import RateLimitRow
from assessments.storage.tables import table_of

_TABLE = table_of(RateLimitRow)
_SWEPT_AT_ONCE = 500


class SharedCounts(Storage, MovingWindowSupport):
    """In the database in use, which several servers may use at once."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return DBAPIError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """False: it would be more than `limit` within `expiry` seconds, and nothing was written."""
        if self.get_moving_window(key, limit, expiry)[1] + amount > limit:
            return False
        return self._added(_digest(key), limit, expiry, amount) is not None

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Since when, by the clock of this server, and how often."""
        with database.reading() as session:
            now, times = _counted(session.connection(), _digest(key), expiry)
        times = times[-limit:]
        return (time.time() - (now - times[0]) if times else time.time()), len(times)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._added(_digest(key), None, expiry, amount) or 0

    def get(self, key: str) -> int:
        with database.reading() as session:
            row = session.connection().execute(_row(_digest(key))).first()
        return len(row.times) if row is not None and row.now < row.ends_at else 0

    def get_expiry(self, key: str) -> float:
        with database.reading() as session:
            row = session.connection().execute(_row(_digest(key))).first()
        return time.time() + (max(0.0, row.ends_at - row.now) if row is not None else 0.0)

    def check(self) -> bool:
        with database.reading() as session:
            session.connection().execute(select(func.count()).select_from(_TABLE)).scalar_one()
        return True

    def clear(self, key: str) -> None:
        with database.aside() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.key == _digest(key)))

    def reset(self) -> int:
        with database.aside() as connection:
            return connection.execute(delete(_TABLE)).rowcount

    def _added(self, key: str, limit: int | None, expiry: int, amount: int) -> int | None:
        """How often it was by now. None: it would be more than `limit`."""
        with database.aside() as connection:
            fresh = (
                insert(_TABLE).values(key=key, times=[], ends_at=0.0).on_conflict_do_nothing().returning(_TABLE.c.key)
            )
            is_new = connection.execute(fresh).first() is not None
            connection.execute(select(_TABLE.c.key).where(_TABLE.c.key == key).with_for_update())
            now, times = _counted(connection, key, expiry)
            is_room = limit is None or len(times) + amount <= limit
            if is_room:
                times += [round(now, 3)] * amount
                changed = update(_TABLE).where(_TABLE.c.key == key)
                connection.execute(changed.values(times=times, ends_at=now + expiry))
        if is_new:
            _sweep()
        return len(times) if is_room else None


def _sweep() -> None:
    """What no longer counts, but for what somebody is just counting on."""
    with database.aside() as connection:
        ended = (
            select(_TABLE.c.key).where(_TABLE.c.ends_at <= _NOW).limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)
        )
        connection.execute(delete(_TABLE).where(_TABLE.c.key.in_(ended)))


def _counted(connection: Connection, key: str, expiry: int) -> tuple[float, list[float]]:
    """The time, and when within `expiry` seconds before it."""
    row = connection.execute(_row(key)).first()
    if row is None:
        return time.time(), []
    return row.now, [at for at in row.times if at > row.now - expiry]


_NOW = func.extract("epoch", func.clock_timestamp())


def _row(key: str) -> Select[Any]:
    return select(_TABLE.c.times, _TABLE.c.ends_at, _NOW.label("now")).where(_TABLE.c.key == key)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
