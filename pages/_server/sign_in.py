"""Sign-in, sign-out and language choice as plain HTML: /enter, /leave, /language/ko|en.

There are no passwords yet: the person at this computer says who they are, and the history records it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments.errors import AssessmentError
from assessments.home import home
from assessments.model import Role
from assessments.people import find_person, people
from assessments.storage import accounts, database
from pages._frame import cookies, enum_names, markup, plain, translation
from pages._server import arrival, pools, received
from questionnaires.problems import InvalidFileError

A_YEAR_SECONDS = 365 * 24 * 3600


def enter(request: Request) -> Response:
    """Lists everybody who may act, with one button per person."""
    language = translation.language_of(request.cookies)
    say = translation.translate
    to = safe_path(request.query_params.get("to"))
    title = say("Who is working?", language)
    try:
        known = people(home())
    except InvalidFileError as error:
        heading = say("The list of people cannot be read", language)
        problems = [problem.sentence(language) for problem in error.problems]
        body = markup.render("server/unreadable_people.html.j2", language, heading=heading, problems=problems)
        return plain.page(language, body, title=heading, status=500)
    if not known:
        return plain.page(language, markup.render("server/nobody.html.j2", language), title=title)
    action = "/enter" if to == "/" else f"/enter?to={quote(to, safe='')}"
    shown = [
        (person, ", ".join(enum_names.role(role, language) for role in Role if role in person.roles))
        for person in known
    ]
    body = markup.render("server/enter.html.j2", language, title=title, action=action, people=shown)
    return plain.page(language, body, title=title)


async def entered(request: Request) -> Response:
    """Opens a session for the chosen person."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    chosen = parse_qs((await received.body(request)).decode("utf-8", "replace")).get("person", [""])[0]
    try:
        token = await pools.DOORS.run(_open, chosen, cookies.value(request.cookies, cookies.SESSION))
    except AssessmentError as error:  # full, locked, read-only or damaged: nobody can come in, and this says why
        return plain.sentence(language, error.text[language], 503)
    if token is None:
        return RedirectResponse("/enter", status_code=303)
    answer = RedirectResponse(safe_path(request.query_params.get("to")), status_code=303)
    cookies.keep(answer, cookies.SESSION, token)
    return answer


def leave(request: Request) -> Response:
    """Asks for confirmation; following a link alone must not end the session."""
    language = translation.language_of(request.cookies)
    title = translation.translate("Sign out", language)
    return plain.page(language, markup.render("server/leave.html.j2", language, title=title), title=title)


async def left(request: Request) -> Response:
    """Ends the session on the server, not only in the browser."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    try:
        await pools.DOORS.run(_close, cookies.value(request.cookies, cookies.SESSION))
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    answer = RedirectResponse("/enter", status_code=303)
    cookies.drop(answer, cookies.SESSION)
    cookies.drop(answer, cookies.SCREENING, samesite="lax")
    return answer


def choose_language(request: Request) -> Response:
    """Stores the language and redirects to the page the reader came from."""
    came_from = _parts(request.headers.get("referer", ""))
    is_own = came_from.netloc == request.headers.get("host")
    back = came_from.path + ("?" + came_from.query if came_from.query else "") if is_own else "/"
    answer = RedirectResponse(safe_path(request.query_params.get("to") or back), status_code=303)
    language = request.path_params["language"]
    if language in translation.LANGUAGES:
        cookies.keep(answer, cookies.LANGUAGE, language, max_age=A_YEAR_SECONDS, samesite="lax")
    return answer


def safe_path(address: str | None) -> str:
    """The address if it is a path on this server, otherwise the start page; prevents open redirects."""
    parts = _parts(address or "/")
    is_inside = (
        address is not None and address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    )
    is_calm = is_inside and not any(character in address for character in "\r\n\t\\")  # type: ignore[operator]
    return address if is_calm and parts.path not in ("/enter", "/leave") else "/"  # type: ignore[return-value]


def is_own_form(request: Request) -> bool:
    """Whether the form was sent from one of our own pages: the Origin header names this server (CSRF)."""
    return arrival.is_own_origin(request.scope)


def _parts(address: str) -> SplitResult:
    """Split an address sent by a client; an invalid one belongs to no server."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "[", "", "", "")


def _open(person_id: str, old_token: str | None) -> str | None:
    """None: there is no such person."""
    try:
        person = find_person(home(), person_id)
    except InvalidFileError:
        return None
    if person is None:
        return None
    with database.transaction() as session:
        if old_token:
            accounts.close_session(session, old_token)
        return accounts.open_session(session, person.id, datetime.now(UTC))


def _close(token: str | None) -> None:
    if token:
        with database.transaction() as session:
            accounts.close_session(session, token)


def refused(language: str) -> Response:
    """Of a form that another site sent."""
    text = translation.translate("This form was not sent from a page of Haetae. Open the page again.", language)
    return plain.sentence(language, text, 403)


ROUTES = (
    Route("/enter", enter, methods=["GET"]),
    Route("/enter", entered, methods=["POST"]),
    Route("/leave", leave, methods=["GET"]),
    Route("/leave", left, methods=["POST"]),
    Route("/language/{language}", choose_language, methods=["GET"]),
)
