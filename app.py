"""The server: `streamlit run app.py`. Streamlit draws pages/main.py; what comes before it is decided in pages/_server/gate.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.middleware import Middleware

from assessments.decision_log.intake import counting
from assessments.keeping import starting
from exports.printing import pdf
from jobs import logs, places, printing, schema
from pages._server import (
    account,
    daily,
    demanded,
    files,
    gate,
    job_rows,
    links,
    log_upload,
    measuring,
    outside,
    passkeys,
    probes,
    reminders,
    screening,
    server_log,
    shell,
    sign_in,
    tidying,
    trouble,
    uploading,
    verify,
)


@asynccontextmanager
async def prepared(_: st.App) -> AsyncIterator[None]:
    """The database is brought up to this program before anybody is answered."""
    server_log.begin()
    for remark in starting.prepare():
        logging.getLogger("haetae").warning("%s", remark.en)
    schema.prepare()
    is_elsewhere = places.is_elsewhere()
    if is_elsewhere:
        pdf.print_by(printing.print_elsewhere)
    else:
        with suppress(OSError):  # the first report tries again
            pdf.start()
    counting.read_by(logs.hand_over)
    measuring.begin()
    tidying.begin()
    rounds = [job_rows.keep_looking(), tidying.keep_setting_aside()]
    if not is_elsewhere:  # there the workers go by the clock
        rounds += [reminders.keep_sending(), daily.keep_counting()]
    running = [asyncio.create_task(task) for task in rounds]
    probes.LOOKS.tasks = running
    yield
    probes.LOOKS.tasks = ()
    counting.read_by(None)
    for task in running:
        task.cancel()
    pdf.stop()


ROUTES = [
    *probes.ROUTES,
    *sign_in.ROUTES,
    *links.ROUTES,
    *account.ROUTES,
    *demanded.ROUTES,
    *outside.ROUTES,
    *passkeys.ROUTES,
    *screening.ROUTES,
    *verify.ROUTES,
    *files.ROUTES,
    *log_upload.ROUTES,
    *shell.ROUTES,
]
"""Pages and files of our own; the screens come from Streamlit."""
app = st.App(
    "pages/main.py",
    routes=ROUTES,
    middleware=[Middleware(gate.Gate), Middleware(uploading.Guard)],
    lifespan=prepared,
    on_script_error=trouble.show_failure,
    exception_handlers={Exception: trouble.answered},
)
