"""Handing in a decision log: POST /files/log/{assessment_id}, streamed to the disk and looked at as it comes.

A plain form, sent from our own pages only. Nothing of it goes through Streamlit, whose limit is lower and whose memory
it would fill.
"""

from __future__ import annotations

from contextlib import ExitStack
from html import escape
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import log_intake, log_process, rights
from assessments.decision_log.faults import LogRefusedError
from assessments.errors import AssessmentError, NotFoundError
from assessments.log_intake import MAX_BYTES, Receiver, no_file, too_large
from assessments.model import Actor, Assessment
from assessments.rules import workflow
from assessments.storage import database, reader
from pages import _language, _plain, _sign_in
from pages._shared import whole

FIELD = "file"
MAX_AROUND = 64 * 1024
"""Bytes that the form itself may need beside the file."""
MAX_HEADER = 4 * 1024


async def handed_in(request: Request) -> Response:
    """Keeps the file until its columns are named; leads back to the screen."""
    language = _language.language_of(request.cookies)
    if not _sign_in.is_own_form(request):
        return _said(
            language,
            _language.translate("This form was not sent from a page of Haetae. Open the page again.", language),
            403,
        )
    actor = await run_in_threadpool(_sign_in.who, request.cookies.get(_sign_in.COOKIE))
    if actor is None:
        return _said(language, _language.translate("Sign in first.", language), 401)
    number = whole(request.path_params["assessment_id"])
    try:
        assessment = await run_in_threadpool(_editable, number, actor)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > MAX_BYTES + MAX_AROUND:
            raise too_large()
        await _receive(request, number, assessment.revision)
        await run_in_threadpool(_look, number, assessment.revision)
    except NotFoundError as error:
        return _said(language, error.text[language], 404, number)
    except AssessmentError as error:
        return _said(language, error.text[language], 422 if isinstance(error, LogRefusedError) else 409, number)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    return RedirectResponse(f"/log?assessment={number}", status_code=303)


async def _receive(request: Request, number: int, revision: int) -> None:
    """Raises: LogRefusedError; ClientDisconnect."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise no_file()
    with ExitStack() as stack:
        form = _Form(number, revision, stack)
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.part_begins,
                "on_header_field": form.header_name,
                "on_header_value": form.header_value,
                "on_header_end": form.header_ends,
                "on_headers_finished": form.headers_end,
                "on_part_data": form.part,
            },
        )
        try:
            async for piece in request.stream():
                await run_in_threadpool(parser.write, piece)
            parser.finalize()
        except FormParserError:
            raise no_file() from None
        if form.receiver is None:
            raise no_file()


class _Form:
    """One form on its way in: only the part named `file` is kept, everything else must be small."""

    def __init__(self, number: int, revision: int, stack: ExitStack) -> None:
        self.receiver: Receiver | None = None
        self._number, self._revision, self._stack = number, revision, stack
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._is_file = False
        self._around = 0

    def part_begins(self) -> None:
        self._headers, self._is_file = {}, False

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name = self._grown(self._name, data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value = self._grown(self._value, data[start:end])

    def header_ends(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def headers_end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") != FIELD.encode() or self.receiver is not None:
            return
        self._is_file = True
        name = unquote(options.get(b"filename", b"").decode("utf-8", "replace"))
        if not name:
            raise no_file()
        self.receiver = self._stack.enter_context(log_intake.arriving(self._number, self._revision, name))

    def part(self, data: bytes, start: int, end: int) -> None:
        if self._is_file and self.receiver is not None:
            self.receiver.add(data[start:end])
            return
        self._around += end - start
        if self._around > MAX_AROUND:
            raise no_file()

    def _grown(self, text: bytes, more: bytes) -> bytes:
        if len(text) + len(more) > MAX_HEADER:
            raise no_file()
        return text + more


def _editable(number: int, actor: Actor) -> Assessment:
    """Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    rights.check(actor, "set_log")
    with database.reading() as session:
        assessment = reader.get_assessment(session, number)
    workflow.check_may_edit(assessment, actor)
    return assessment


def _look(number: int, revision: int) -> None:
    """Raises: LogRefusedError; then the file is gone."""
    intake = log_intake.pending(number, revision)
    if intake is None:
        raise no_file()
    try:
        log_process.look(intake)
    except LogRefusedError:
        intake.drop()
        raise


def _said(language: str, text: str, status: int, number: int | None = None) -> Response:
    back = _language.translate("Back to the decision log", language)
    link = f'<p><a href="/log?assessment={number}">{escape(back)}</a></p>' if number else ""
    return _plain.page(language, f'<p role="alert">{escape(text)}</p>{link}', status=status)


ROUTES = (Route("/files/log/{assessment_id}", handed_in, methods=["POST"]),)
