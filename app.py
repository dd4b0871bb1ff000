"""The server: `streamlit run app.py`. Streamlit draws pages/main.py; what comes before it is decided in pages/_gate.py."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.middleware import Middleware

from assessments import starting
from exports import pdf
from pages import _files, _gate, _log_upload, _screening, _server_log, _shell, _sign_in, _trouble, _verify


@asynccontextmanager
async def prepared(_: st.App) -> AsyncIterator[None]:
    """The database is brought up to this program before anybody is answered."""
    _server_log.begin()
    for remark in starting.prepare():
        logging.getLogger("haetae").warning("%s", remark.en)
    with suppress(OSError):  # the first report tries again
        pdf.start()
    yield
    pdf.stop()


app = st.App(
    "pages/main.py",
    routes=[
        *_sign_in.ROUTES,
        *_screening.ROUTES,
        *_verify.ROUTES,
        *_files.ROUTES,
        *_log_upload.ROUTES,
        *_shell.ROUTES,
    ],
    middleware=[Middleware(_gate.Gate)],
    lifespan=prepared,
    on_script_error=_trouble.told,
    exception_handlers={Exception: _trouble.answered},
)
