"""One-time links: /link/<token> shows a form for a password, or for the first administrator; only sending it uses the link.

A token stands in the address, which is why no address of a link is written to the log, and pages name no other site.
"""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessments import entrance, passwords
from assessments.errors import AssessmentError, NotFoundError
from assessments.security_log import Deed, Outcome
from assessments.storage import database
from pages._frame import plain, translation
from pages._server import pools
from pages._server.admission import Admission, RefusedError, household
from pages._server.entering import (
    caller_of,
    come_in,
    fields_of,
    is_own_form,
    note,
    page,
    provider_label,
    refused,
    too_many,
)

PREFIX = "/link/"
OPENED = Admission("60/15 minutes", "600/minute", inside=32, of_one=8, counted="links")
"""Links that are tried."""


async def opened(request: Request) -> Response:
    """The form; looking at it uses nothing."""
    return await _form(request)


async def used(request: Request) -> Response:
    """Sets the password, or adds the first administrator, and opens a session."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    fields = await fields_of(request)
    try:
        admitted = await _accepted(request, fields)
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except NotFoundError:
        return _over(request)
    except AssessmentError as error:
        return await _form(request, problem=error.text[language], fields=fields, status=422)
    return come_in(admitted, "/")


async def _form(
    request: Request, *, problem: str = "", fields: dict[str, str] | None = None, status: int = 200
) -> Response:
    language = translation.language_of(request.cookies)
    try:
        await OPENED.counted(household(caller_of(request).address))
        invited = await pools.DOORS.run(_invitation, request.path_params["token"])
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    if invited is None:
        return _over(request)
    say = translation.translate
    title = say("Choose a password", language) if invited.actor else say("The first administrator", language)
    entered = {name: (fields or {}).get(name, "") for name in ("id", "name")}
    return page(
        request,
        "server/link.html.j2",
        title,
        status=status,
        action=PREFIX + invited.token,
        actor=invited.actor,
        fewest=passwords.FEWEST,
        problem=problem,
        entered=entered,
        provider=provider_label(language),
    )


def _over(request: Request) -> Response:
    title = translation.translate("This link opens nothing any more", translation.language_of(request.cookies))
    return page(request, "server/link_over.html.j2", title, status=404)


async def _accepted(request: Request, fields: dict[str, str]) -> entrance.Admitted:
    """Raises: RefusedError, NotFoundError, AssessmentError."""
    caller, token = caller_of(request), request.path_params["token"]
    await OPENED.counted(household(caller.address))
    with OPENED.place(household(caller.address)):
        invited = await pools.DOORS.run(_invitation, token)
        if invited is None:
            raise NotFoundError(entrance.TEXTS.told("link_over"))
        password = fields.get("password", "")
        person_id = invited.actor.id if invited.actor else entrance.account_name(fields.get("id", ""))
        name = invited.actor.name if invited.actor else fields.get("name", "")
        entrance.check_new(password, person_id, name)
        hashed = await pools.HASHES.run(passwords.hashed, password)
        admitted = await pools.DOORS.run(_used, invited, person_id, name, hashed, caller)
        await note(request, Deed.CREDENTIAL, Outcome.DONE, person_id, reason="password set by a link")
        if admitted.session:
            await note(request, Deed.SIGN_IN, Outcome.DONE, person_id, reason="link")
        return admitted


def _invitation(token: str) -> entrance.Invitation | None:
    with database.reading() as session:
        return entrance.invitation(session, token, datetime.now(UTC))


def _used(
    invited: entrance.Invitation, person_id: str, name: str, hashed: str, caller: entrance.Caller
) -> entrance.Admitted:
    at = datetime.now(UTC)
    with database.transaction() as session:
        if invited.actor is None:
            return entrance.become_administrator(session, invited.token, person_id, name, hashed, caller, at)
        return entrance.accept(session, invited.token, hashed, caller, at)


ROUTES = (
    Route(PREFIX + "{token}", opened, methods=["GET"]),
    Route(PREFIX + "{token}", used, methods=["POST"]),
)
