"""Coming in, going out and choosing the language, as plain HTML: /enter, /leave, /language/ko|en.

There are no passwords yet: whoever sits at this computer says who they are, and the history keeps it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments.errors import AssessmentError
from assessments.home import home
from assessments.model import Actor, Role
from assessments.people import find_person, people
from assessments.storage import accounts, database
from pages._frame import labels, plain, sessions, translation
from pages._server import pools, received
from questionnaires.legible import legible_line
from questionnaires.problems import InvalidFileError

A_YEAR_SECONDS = 365 * 24 * 3600


def enter(request: Request) -> Response:
    """Everybody who may act, one button a person."""
    language = translation.language_of(request.cookies)
    say = translation.translate
    to = safe_path(request.query_params.get("to"))
    title = say("Who is working?", language)
    try:
        known = people(home())
    except InvalidFileError as error:
        problems = "".join(f"<li>{escape(legible_line(one.told(language)))}</li>" for one in error.problems)
        heading = say("The list of people cannot be read", language)
        return plain.page(language, f"<h1>{escape(heading)}</h1><ul>{problems}</ul>", title=heading, status=500)
    if not known:
        return plain.page(language, _nobody(language), title=title)
    notice = say(
        "There are no passwords yet. Choose yourself: every deed is kept in the history under this name.", language
    )
    rows = "".join(_button(person, language) for person in known)
    action = "/enter" if to == "/" else f"/enter?to={quote(to, safe='')}"
    form = f'<form method="post" action="{escape(action)}"><ul class="people">{rows}</ul></form>'
    screening = f'<p><a href="/screening">{escape(say("Do I need this at all?", language))}</a></p>'
    verify = f'<p><a href="/verify">{escape(say("Verify a report", language))}</a></p>'
    body = f"<h1>{escape(title)}</h1><p class='quiet'>{escape(notice)}</p>{form}{screening}{verify}"
    return plain.page(language, body, title=title)


async def entered(request: Request) -> Response:
    """Opens a session for the chosen person."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return _refused(language)
    chosen = parse_qs((await received.body(request)).decode("utf-8", "replace")).get("person", [""])[0]
    try:
        token = await pools.DOORS.run(_open, chosen, request.cookies.get(sessions.COOKIE))
    except AssessmentError as error:  # full, locked, read-only or damaged: nobody can come in, and this says why
        return plain.page(language, f"<p>{plain.quoted(error.text[language])}</p>", status=503)
    if token is None:
        return RedirectResponse("/enter", status_code=303)
    answer = RedirectResponse(safe_path(request.query_params.get("to")), status_code=303)
    answer.set_cookie(
        sessions.COOKIE, token, httponly=True, samesite="strict", path="/", secure=request.url.scheme == "https"
    )
    return answer


def leave(request: Request) -> Response:
    """Asks before it ends the session: a link alone must not."""
    language = translation.language_of(request.cookies)
    title = translation.translate("Sign out", language)
    form = f'<form method="post" action="/leave"><button class="act">{escape(title)}</button></form>'
    return plain.page(language, f"<h1>{escape(title)}</h1>{form}", title=title)


async def left(request: Request) -> Response:
    """Ends the session on the server, not only in the browser."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return _refused(language)
    try:
        await pools.DOORS.run(_close, request.cookies.get(sessions.COOKIE))
    except AssessmentError as error:
        return plain.page(language, f"<p>{plain.quoted(error.text[language])}</p>", status=503)
    answer = RedirectResponse("/enter", status_code=303)
    answer.delete_cookie(sessions.COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def choose_language(request: Request) -> Response:
    """Keeps the language and leads back to where the reader was."""
    came_from = _parts(request.headers.get("referer", ""))
    is_own = came_from.netloc == request.headers.get("host")
    back = came_from.path + ("?" + came_from.query if came_from.query else "") if is_own else "/"
    answer = RedirectResponse(safe_path(request.query_params.get("to") or back), status_code=303)
    language = request.path_params["language"]
    if language in translation.LANGUAGES:
        answer.set_cookie(translation.COOKIE, language, max_age=A_YEAR_SECONDS, samesite="lax", path="/")
    return answer


def safe_path(asked: str | None) -> str:
    """A path of this very server; the start page for anything else."""
    parts = _parts(asked or "/")
    is_inside = asked is not None and asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.netloc
    is_calm = is_inside and not any(sign in asked for sign in "\r\n\t\\")  # type: ignore[operator]
    return asked if is_calm and parts.path not in ("/enter", "/leave") else "/"  # type: ignore[return-value]


def is_own_form(request: Request) -> bool:
    """Sent from one of our own pages: the Origin header names this server."""
    origin = request.headers.get("origin", "")
    return bool(origin) and _parts(origin).netloc == request.headers.get("host")


def _parts(address: str) -> SplitResult:
    """Of an address that somebody sends; one that is none belongs to no server."""
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


def _button(person: Actor, language: str) -> str:
    roles = ", ".join(labels.role(role, language) for role in Role if role in person.roles)
    return (
        f'<li><button name="person" value="{escape(person.id)}"><strong>{escape(person.name)}</strong>'
        f'<span class="roles">{escape(roles)}</span></button></li>'
    )


def _nobody(language: str) -> str:
    say = translation.translate
    heading = say("Nobody may act yet", language)
    text = say("Add the first person on the command line, then reload this page:", language)
    command = 'haetae user add minji --name "김민지" --role product_manager'
    return f"<h1>{escape(heading)}</h1><p>{escape(text)}</p><p><code>{escape(command)}</code></p>"


def _refused(language: str) -> Response:
    text = translation.translate("This form was not sent from a page of Haetae. Open the page again.", language)
    return plain.page(language, f"<p>{escape(text)}</p>", status=403)


ROUTES = (
    Route("/enter", enter, methods=["GET"]),
    Route("/enter", entered, methods=["POST"]),
    Route("/leave", leave, methods=["GET"]),
    Route("/leave", left, methods=["POST"]),
    Route("/language/{language}", choose_language, methods=["GET"]),
)
