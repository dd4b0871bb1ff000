"""The server of `haetae supervise`: one screen over one table. No database, no home folder of an operator, no account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from pages._server import server_log, trouble
from pages._supervision import server


@asynccontextmanager
async def prepared(_: st.App) -> AsyncIterator[None]:
    server_log.begin()
    yield


app = st.App(
    "pages/_supervision/main.py",
    routes=[*server.ROUTES],
    middleware=[server.GATE],
    lifespan=prepared,
    on_script_error=trouble.show_failure,
    exception_handlers={Exception: trouble.answered},
)
