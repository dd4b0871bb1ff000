"""Sign-in, sign-out and language choice as plain HTML: /enter, /leave, /language/ko|en.

The answer and the work are the same whether a name is unknown, has no password, or has another one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance, passwords
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.model import Actor
from assessments.people import people
from assessments.security_log import Deed, Outcome
from assessments.storage import accounts, database
from pages._frame import cookies, markup, plain, sessions, translation
from pages._server import entering, pools
from pages._server.admission import RefusedError
from pages._server.entering import (
    DEMANDED,
    SECOND,
    caller_of,
    come_in,
    fields_of,
    is_own_form,
    leading_to,
    note,
    page,
    provider_label,
    refused,
    too_many,
)

A_YEAR_SECONDS = 365 * 24 * 3600
_NOWHERE = ("/enter", SECOND, "/leave")
"""What nobody is led to after coming in."""


def enter(request: Request) -> Response:
    """The form; whoever is signed in already is led on."""
    to, token = safe_path(request.query_params.get("to")), cookies.value(request.cookies, cookies.SESSION)
    if sessions.who(token) is not None:
        return RedirectResponse(to, status_code=303)
    if sessions.present(token) is not None:
        return RedirectResponse(leading_to(DEMANDED, to), status_code=303)
    if not people(home()):
        language = translation.language_of(request.cookies)
        return page(request, "server/nobody.html.j2", translation.translate("Nobody may act yet", language))
    return _form(request, to)


def _form(request: Request, to: str, *, problem: str = "", name: str = "", status: int = 200) -> Response:
    action = leading_to("/enter", to)
    title = translation.translate("Sign in", translation.language_of(request.cookies))
    provider = provider_label(translation.language_of(request.cookies))
    return page(
        request,
        "server/enter.html.j2",
        title,
        status=status,
        action=action,
        problem=problem,
        name=name,
        provider=provider,
        provider_action=leading_to("/enter/outside", to),
        passkey_action=leading_to("/enter/passkey", to),
    )


async def entered(request: Request) -> Response:
    """Opens a session for whoever gives a name and its password."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    to = safe_path(request.query_params.get("to"))
    fields = await fields_of(request)
    name, password = entrance.account_name(fields.get("account", "")), fields.get("password", "")
    caller = caller_of(request)
    try:
        async with entering.GUESSES.guess(name, caller.address) as guess:
            claimed = await pools.DOORS.run(_claimed, name)
            right = await pools.HASHES.run(passwords.check, password, claimed.hash)
            old_token = cookies.value(request.cookies, cookies.SESSION)
            admitted = await pools.DOORS.run(_opened, claimed, right, caller, old_token) if right.is_right else None
            guess.is_right = admitted is not None
        known = claimed.actor.id if claimed.actor else ""  # what was entered could be a password
        await note(request, Deed.SIGN_IN, Outcome.DONE if admitted else Outcome.REFUSED, known, reason="password")
    except RefusedError as refusal:
        answer = _form(request, to, problem=too_many(refusal, language), name=name, status=429)
        answer.headers["Retry-After"] = str(refusal.seconds)
        return answer
    except AssessmentError as error:  # full, locked, read-only or damaged: nobody can come in, and this says why
        return plain.sentence(language, error.text[language], 503)
    if admitted is None:
        wrong = translation.translate("Name and password do not go together.", language)
        return _form(request, to, problem=wrong, name=name, status=401)
    return come_in(admitted, to)


def _claimed(name: str) -> entrance.Claimed:
    with database.reading() as session:
        return entrance.claimed(session, name)


def _opened(
    claimed: entrance.Claimed, right: passwords.Comparison, caller: entrance.Caller, old_token: str
) -> entrance.Admitted | None:
    with database.transaction() as session:
        admitted = entrance.come_in(session, claimed, right, caller, datetime.now(UTC))
        if admitted is not None:
            accounts.close_session(session, old_token)
        return admitted


async def second(request: Request) -> Response:
    """The form for the second factor; whoever has not shown the first begins anew."""
    to = safe_path(request.query_params.get("to"))
    actor = await pools.DOORS.run(_awaited, cookies.value(request.cookies, cookies.ATTEMPT))
    return _second_form(request, to) if actor else RedirectResponse(leading_to("/enter", to), status_code=303)


def _second_form(request: Request, to: str, *, problem: str = "", status: int = 200) -> Response:
    title = translation.translate("Second factor", translation.language_of(request.cookies))
    action = leading_to(SECOND, to)
    return page(request, "server/second.html.j2", title, status=status, action=action, problem=problem)


async def second_shown(request: Request) -> Response:
    """Opens a session for whoever gives a code of the app, or a recovery code."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    to, attempt = safe_path(request.query_params.get("to")), cookies.value(request.cookies, cookies.ATTEMPT)
    code, caller = (await fields_of(request)).get("code", ""), caller_of(request)
    try:
        actor = await pools.DOORS.run(_awaited, attempt)
        if actor is None:
            return RedirectResponse(leading_to("/enter", to), status_code=303)
        async with entering.GUESSES.guess(f"second factor of {actor.id}", caller.address) as guess:
            admitted = await pools.DOORS.run(_second_shown, attempt, code, caller)
            guess.is_right = admitted is not None
        outcome = Outcome.DONE if admitted else Outcome.REFUSED
        await note(request, Deed.SIGN_IN, outcome, actor.id, reason="second factor")
        if admitted is not None:
            return come_in(admitted, to)
        if await pools.DOORS.run(_awaited, attempt) is None:  # too many wrong ones
            return RedirectResponse(leading_to("/enter", to), status_code=303)
    except RefusedError as refusal:
        return _second_form(request, to, problem=too_many(refusal, language), status=429)
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    wrong = translation.translate("This code is wrong, or was used already. Wait for the next one.", language)
    return _second_form(request, to, problem=wrong, status=401)


def _awaited(attempt: str) -> Actor | None:
    with database.reading() as session:
        return entrance.awaited(session, attempt, datetime.now(UTC))


def _second_shown(attempt: str, code: str, caller: entrance.Caller) -> entrance.Admitted | None:
    with database.transaction() as session:
        return entrance.show_second(session, attempt, code, caller, datetime.now(UTC))


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
    actor = await pools.GATE.run(sessions.who, cookies.value(request.cookies, cookies.SESSION))
    try:
        await pools.DOORS.run(_close, cookies.value(request.cookies, cookies.SESSION))
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    if actor is not None:
        await note(request, Deed.SIGN_OUT, Outcome.DONE, actor.id)
    answer = RedirectResponse("/enter", status_code=303)
    cookies.drop(answer, cookies.SESSION)
    cookies.drop(answer, cookies.SCREENING, samesite="lax")
    return answer


def choose_language(request: Request) -> Response:
    """Stores the language and redirects to the page the reader came from."""
    came_from = _parts(request.headers.get("referer", ""))
    is_own = came_from.netloc == request.headers.get("host")
    back = came_from.path + ("?" + came_from.query if came_from.query else "") if is_own else "/"
    to = request.query_params.get("to") or back
    answer = RedirectResponse(to if is_inside(to) else "/", status_code=303)
    language = request.path_params["language"]
    if language in translation.LANGUAGES:
        cookies.keep(answer, cookies.LANGUAGE, language, max_age=A_YEAR_SECONDS, samesite="lax")
    return answer


def safe_path(address: str | None) -> str:
    """Where to after coming in: the address if it is a path on this server, otherwise the start page."""
    return address if address and is_inside(address) and _parts(address).path not in _NOWHERE else "/"


def is_inside(address: str) -> bool:
    """Whether it is a path on this server; prevents open redirects."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and not _parts(address).netloc
    return is_path and not any(character in address for character in "\r\n\t\\")


def _parts(address: str) -> SplitResult:
    """Split an address sent by a client; an invalid one belongs to no server."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "[", "", "", "")


def _close(token: str | None) -> None:
    if token:
        with database.transaction() as session:
            accounts.close_session(session, token)


ROUTES = (
    Route("/enter", enter, methods=["GET"]),
    Route("/enter", entered, methods=["POST"]),
    Route(SECOND, second, methods=["GET"]),
    Route(SECOND, second_shown, methods=["POST"]),
    Route("/leave", leave, methods=["GET"]),
    Route("/leave", left, methods=["POST"]),
    Route("/language/{language}", choose_language, methods=["GET"]),
)
