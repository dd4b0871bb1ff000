"""Handing in a decision log: POST /files/log/{assessment_id}, spooled to the disk and looked at in its turn; its mapping as a file.

A plain form, sent from our own pages only. Nothing of it goes through Streamlit, whose limit is lower and whose memory
it would fill.
"""

from __future__ import annotations

import asyncio
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import rights, viewing
from assessments.decision_log.intake import counting, waiting
from assessments.decision_log.intake.waiting import MAX_BYTES, Intake, Stage, no_file, too_large
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.errors import AssessmentError, NotFoundError
from assessments.model import Actor, Assessment
from assessments.rules import workflow
from pages._frame import cookies, database, markup, plain, sessions, translation
from pages._frame.shared import whole
from pages._server import entering, files, received
from questionnaires.texts import Told

FIELD = "file"
MAX_AROUND = 64 * 1024
"""Bytes that the form itself may need beside the file."""
SECONDS = 1800
"""In which the file must have arrived."""
LOOK_SECONDS = 20
"""For which the answer waits for the first look; after that the screen shows how it goes."""


async def handed_in(request: Request) -> Response:
    """Keeps the file until its columns are named; leads back to the screen."""
    language = translation.language_of(request.cookies)
    if not entering.is_own_form(request):
        return _refusal_page(
            language,
            translation.translate("This form was not sent from a page of Haetae. Open the page again.", language),
            403,
        )
    actor = await run_in_threadpool(sessions.who, cookies.value(request.cookies, cookies.SESSION))
    if actor is None:
        return _refusal_page(language, translation.translate("Sign in first.", language), 401)
    number = whole(request.path_params["assessment_id"])
    try:
        assessment = await run_in_threadpool(_editable, number, actor)
        intake = await _taken_in(request, number, assessment.revision)
        await _looked_at(intake, await run_in_threadpool(_earlier, assessment))
    except received.TooLargeError:
        return _refusal_page(language, too_large().text[language], 413, number)
    except received.TooSlowError:
        return _refusal_page(
            language,
            translation.translate(
                "The file took too long to arrive. Send it again, or save it as Parquet, which is smaller.", language
            ),
            408,
            number,
        )
    except received.UnreadableFormError:
        return _refusal_page(language, no_file().text[language], 422, number)
    except NotFoundError as error:
        return _refusal_page(language, error.text[language], 404, number)
    except AssessmentError as error:
        return _refusal_page(language, error.text[language], 422 if isinstance(error, LogRefusedError) else 409, number)
    return RedirectResponse(f"/log?assessment={number}", status_code=303)


@files.checked
def mapping(request: Request, actor: Actor) -> Response:
    """The mapping of the log that waits, as a file for the next one."""
    number = whole(request.path_params["assessment_id"])
    assessment = _editable(number, actor)
    intake = waiting.pending(number, assessment.revision)
    if intake is None:
        raise waiting.none_waits()
    seen = intake.preview()
    used = seen.as_used() if seen.headers else intake.settings().mapping
    return files.attachment(used.to_yaml().encode(), "mapping.yaml", "application/yaml")


async def _taken_in(request: Request, number: int, revision: int) -> Intake:
    """Raises: LogRefusedError; TooLargeError, TooSlowError, UnreadableFormError."""
    async with received.received(request, (FIELD,), most_bytes=MAX_BYTES + MAX_AROUND, seconds=SECONDS) as sent:
        file = sent.get(FIELD)
        if file is None or not file.filename:
            raise no_file()
        return await run_in_threadpool(waiting.take_in, number, revision, file.filename, file.file)


def _earlier(assessment: Assessment) -> waiting.ReadingSettings:
    with database.reading() as session:
        return waiting.earlier(session, assessment)


async def _looked_at(intake: Intake, settings: waiting.ReadingSettings) -> None:
    """Raises: LogRefusedError where the first look refuses it; then the file is gone."""
    await run_in_threadpool(counting.look, intake, settings)
    until = time.monotonic() + LOOK_SECONDS
    while time.monotonic() < until:
        now = await run_in_threadpool(waiting.pending, intake.assessment_id, intake.revision)
        if now is None or now.number != intake.number or now.stage not in (Stage.LOOKING, Stage.FAILED):
            return
        if now.error is not None:
            await run_in_threadpool(waiting.discard, now)
            raise LogRefusedError(Told(now.error))
        await asyncio.sleep(0.2)


def _editable(number: int, actor: Actor) -> Assessment:
    """A draft, or a decided one whose later logs are counted. Raises: NotAllowedError, NotFoundError, WrongStatusError."""
    with database.reading(actor) as session:
        there, assessment = viewing.checked(session, actor, number, "set_log")
        is_watched = not assessment.status.is_editable and viewing.is_followed(session, actor, number)
    if is_watched:
        rights.check(there, "watch_log")
    else:
        workflow.check_may_edit(assessment, there)
    return assessment


def _refusal_page(language: str, text: str, status: int, number: int | None = None) -> Response:
    return plain.page(
        language, markup.render("server/refused_log.html.j2", language, text=text, number=number), status=status
    )


ROUTES = (
    Route("/files/log/{assessment_id}", handed_in, methods=["POST"]),
    Route("/files/log/{assessment_id}/mapping.yaml", mapping),
)
