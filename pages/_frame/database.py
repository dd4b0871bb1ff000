"""The database as whoever is signed in reaches it: reading, transaction. Nothing outside their units is in it.

Screens and routes know no other way to it (`lint-imports`), but those that let people in and out, and those that verify the
whole installation. Who is signed in the gate says for a request, `shared.current_actor` for a run of a screen; before that
nothing of any unit is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from assessments.model import Actor
from assessments.storage import database
from assessments.storage.database import BUSY_SECONDS, Session, is_damaged

__all__ = ("BUSY_SECONDS", "Session", "act_for", "is_damaged", "reading", "transaction")

_WHO: ContextVar[Actor | None] = ContextVar("haetae_who", default=None)


def act_for(actor: Actor | None) -> None:
    """From here on, in this run or request and all that is awaited from here."""
    _WHO.set(actor)


def _reach(actor: Actor | None) -> frozenset[int]:
    who = actor or _WHO.get() or _of_run()
    return who.reach if who else frozenset()


def _of_run() -> Actor | None:
    """Whom this session was last drawn for: a part of a screen that is drawn anew by itself may be drawn by another thread."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    actor: Actor | None = st.session_state.get("actor")
    return actor


@contextmanager
def reading(actor: Actor | None = None) -> Iterator[Session]:
    """Like `storage.database.reading`. actor: for whom; None: whoever is signed in."""
    with database.reading(_reach(actor)) as session:
        yield session


@contextmanager
def transaction(patience_seconds: float = BUSY_SECONDS, actor: Actor | None = None) -> Iterator[Session]:
    """Like `storage.database.transaction`. actor: as in `reading`."""
    with database.transaction(patience_seconds, _reach(actor)) as session:
        yield session
