"""One's own account as plain HTML: /account shows password and sessions; each of its forms is one deed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance, passwords
from assessments.errors import AssessmentError
from assessments.model import Actor, Role
from assessments.security_log import Deed, Outcome
from assessments.storage import accounts, database
from pages._frame import browsers, cookies, enum_names, plain, sessions, translation
from pages._server import entering, pools
from pages._server.admission import RefusedError
from pages._server.entering import caller_of, come_in, fields_of, is_own_form, note, page, refused, too_many
from questionnaires.wording import moment

PATH = "/account"


async def shown(request: Request) -> Response:
    """Password and open sessions of whoever is signed in; the gate lets nobody else come here."""
    actor = await pools.GATE.run(sessions.who, _token(request))
    return _signed_out() if actor is None else await _page(request, actor)


async def _page(request: Request, actor: Actor, *, form: str = "", problem: str = "", status: int = 200) -> Response:
    """form: the one that `problem` stands in; another one tells what was done last."""
    language = translation.language_of(request.cookies)
    own = await pools.DOORS.run(_sessions, actor.id)
    current = await pools.DOORS.run(_login, _token(request))
    listed = [
        {
            "handle": login.handle,
            "browser": browsers.named(login.browser) or translation.translate("An unknown browser", language),
            "address": login.address,
            "since": moment(login.created_at, language),
            "seen": moment(login.seen_at, language),
            "is_this": current is not None and login.handle == current.handle,
        }
        for login in own
    ]
    return page(
        request,
        "server/account.html.j2",
        translation.translate("My account", language),
        status=status,
        actor=actor,
        roles=", ".join(enum_names.role(role, language) for role in Role if role in actor.roles),
        form=form,
        problem=problem,
        done=request.query_params.get("done", ""),
        sessions=sorted(listed, key=lambda login: not login["is_this"]),
        fewest=passwords.FEWEST,
    )


def _form(
    deed: Callable[[Request, Actor, dict[str, str]], Coroutine[Any, Any, Response]],
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """A form of the account: sent from our own page, by somebody who is signed in."""

    async def route(request: Request) -> Response:
        language = translation.language_of(request.cookies)
        if not is_own_form(request):
            return refused(language)
        actor = await pools.GATE.run(sessions.who, _token(request))
        if actor is None:
            return _signed_out()
        try:
            return await deed(request, actor, await fields_of(request))
        except AssessmentError as error:
            return plain.sentence(language, error.text[language], 503)

    return route


@_form
async def password_changed(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Asks for the old password; all other sessions end."""
    language = translation.language_of(request.cookies)
    try:
        with entering.GUESSES.guess(actor.id, caller_of(request).address) as guess:
            claimed = await pools.DOORS.run(_claimed, actor.id)
            guess.is_right = (await pools.HASHES.run(passwords.check, fields.get("old", ""), claimed.hash)).is_right
    except RefusedError as refusal:
        return await _page(request, actor, form="password", problem=too_many(refusal, language), status=429)
    if not guess.is_right:
        await note(request, Deed.CREDENTIAL, Outcome.REFUSED, actor.id, "wrong password of now")
        wrong = translation.translate("This is not your password of now.", language)
        return await _page(request, actor, form="password", problem=wrong, status=422)
    new = fields.get("new", "")
    try:
        entrance.check_new(new, actor.id, actor.name)
    except AssessmentError as error:
        return await _page(request, actor, form="password", problem=error.text[language], status=422)
    hashed = await pools.HASHES.run(passwords.hashed, new)
    token = await pools.DOORS.run(_changed, actor, _token(request), hashed)
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "password changed")
    return come_in(token, f"{PATH}?done=password")


@_form
async def session_ended(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Ends one of one's own sessions."""
    await pools.DOORS.run(_ended, actor.id, fields.get("session", ""))
    await note(request, Deed.SESSION_ENDED, Outcome.DONE, actor.id, "by its owner")
    return RedirectResponse(f"{PATH}?done=sessions", status_code=303)


@_form
async def others_ended(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Ends all of one's own sessions but this one."""
    await pools.DOORS.run(_others_ended, actor.id, _token(request))
    await note(request, Deed.SESSION_ENDED, Outcome.DONE, actor.id, "all others, by their owner")
    return RedirectResponse(f"{PATH}?done=sessions", status_code=303)


def _token(request: Request) -> str:
    return cookies.value(request.cookies, cookies.SESSION)


def _signed_out() -> Response:
    return RedirectResponse(f"/enter?to={PATH}", status_code=303)


def _claimed(name: str) -> entrance.Claimed:
    with database.reading() as session:
        return entrance.claimed(session, name)


def _sessions(actor_id: str) -> tuple[accounts.Login, ...]:
    with database.reading() as session:
        return accounts.sessions_of(session, actor_id, datetime.now(UTC))


def _login(token: str) -> accounts.Login | None:
    with database.reading() as session:
        return accounts.find_login(session, token, datetime.now(UTC))


def _changed(actor: Actor, token: str, hashed: str) -> str:
    with database.transaction() as session:
        return entrance.change_password(session, actor, token, hashed, datetime.now(UTC))


def _ended(actor_id: str, handle: str) -> None:
    with database.transaction() as session:
        accounts.close_named(session, actor_id, handle)


def _others_ended(actor_id: str, token: str) -> None:
    with database.transaction() as session:
        accounts.close_sessions_of(session, actor_id, but=token)


ROUTES = (
    Route(PATH, shown, methods=["GET"]),
    Route(f"{PATH}/password", password_changed, methods=["POST"]),
    Route(f"{PATH}/session", session_ended, methods=["POST"]),
    Route(f"{PATH}/others", others_ended, methods=["POST"]),
)
