"""What is said when something fails in a way nobody foresaw: one sentence to the reader, the trace to the log."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import Response

from assessments.errors import AssessmentError
from assessments.storage import database
from assessments.storage.failures import damaged
from pages._frame import markup, plain, shared, translation
from pages._server import gate, links


def sentence(language: str, error: Exception) -> str:
    """Nothing is called safe where the database is damaged, or says itself what is wrong."""
    if isinstance(error, AssessmentError):
        return error.text[language]
    if database.is_damaged():
        return damaged().text[language]
    return translation.translate(
        "Something went wrong here and was written to the server's log. What was saved before is safe. Reload the page.",
        language,
    )


def show_failure(error: Exception) -> bool:
    """Error handler of screens: show a message, log the traceback. Returns True: no other message is shown."""
    logging.getLogger("haetae").error("a screen failed", exc_info=error)
    markup.show(markup.notice("bad", sentence(shared.language(), error)))
    return True


async def answered(request: Request, error: Exception) -> Response:
    """Error handler of plain pages and downloads: the same message; the server logs the traceback itself."""
    path = (
        links.PREFIX if request.url.path.startswith(links.PREFIX) else request.url.path
    )  # a token is no matter of the log
    logging.getLogger("haetae").error("%s failed: %s", path, type(error).__name__)
    language = translation.language_of(request.cookies)
    answer = plain.page(language, markup.paragraph(sentence(language, error)), status=500)
    # this answer is made outside the gate, which puts them on all others
    gate.protect(answer.headers, request.headers.get("host", "localhost"), request.url.path)
    return answer
