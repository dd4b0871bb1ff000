"""A second factor that is demanded: /second, where whoever came in without one shows theirs, or sets the first one up.

Nothing else is there for them: the gate leads every page here, refuses every other request, and closes their sockets. Setting up
asks for the password again where it was not given just now; whoever has a factor already shows that one, and sets up no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance
from assessments.errors import WrongStatusError
from assessments.model import Actor
from assessments.security_log import Deed, Outcome
from assessments.storage import database, passkey_rows
from pages._frame import cookies, sessions, translation
from pages._server import entering, passkeys, pools
from pages._server.account import CONFIRM, present_form, second_in_use, set_up_page
from pages._server.admission import RefusedError
from pages._server.entering import DEMANDED, caller_of, come_in, leading_to, note, page, too_many
from pages._server.sign_in import safe_path

APP = f"{DEMANDED}/app"
CODE = f"{DEMANDED}/code"
BEGIN = f"{DEMANDED}/begin"
PASSKEY = f"{DEMANDED}/passkey"


@dataclass(frozen=True)
class _Standing:
    """What somebody can show."""

    has_app: bool
    has_passkey: bool

    @property
    def has_any(self) -> bool:
        return self.has_app or self.has_passkey


async def shown(request: Request) -> Response:
    """What is demanded, and the way to it; whoever has shown it already is led on."""
    token, to = cookies.value(request.cookies, cookies.SESSION), safe_path(request.query_params.get("to"))
    actor = await pools.GATE.run(sessions.present, token)
    if actor is None:
        return RedirectResponse(leading_to("/enter", to), status_code=303)
    if await pools.GATE.run(sessions.who, token) is not None:
        return RedirectResponse(to, status_code=303)
    return await _page(request, actor)


async def _page(request: Request, actor: Actor, *, problem: str = "", status: int = 200) -> Response:
    standing = await pools.DOORS.run(_standing, actor)
    if not standing.has_any and not await _is_confirmed(request):
        return _confirm_first(request)
    to = safe_path(request.query_params.get("to"))
    return page(
        request,
        "server/demanded.html.j2",
        translation.translate("Second factor", translation.language_of(request.cookies)),
        status=status,
        actor=actor,
        standing=standing,
        problem=problem,
        code_action=leading_to(CODE, to),
        passkey_action=leading_to(passkeys.ENTER, to),
        begin_action=leading_to(BEGIN, to),
        make_action=leading_to(PASSKEY, to),
    )


@present_form
async def code_shown(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """A code of the app, or a recovery code, of whoever has one."""
    language, to = translation.language_of(request.cookies), safe_path(request.query_params.get("to"))
    token = cookies.value(request.cookies, cookies.SESSION)
    try:
        async with entering.GUESSES.guess(f"second factor of {actor.id}", caller_of(request).address) as guess:
            renewed = await pools.DOORS.run(_code_shown, actor, token, fields.get("code", ""))
            guess.is_right = renewed is not None
    except RefusedError as refusal:
        return await _page(request, actor, problem=too_many(refusal, language), status=429)
    outcome = Outcome.DONE if renewed else Outcome.REFUSED
    await note(request, Deed.SIGN_IN, outcome, actor.id, reason="second factor")
    if renewed is None:
        wrong = translation.translate("This code is wrong, or was used already. Wait for the next one.", language)
        return await _page(request, actor, problem=wrong, status=401)
    return come_in(entrance.Admitted(renewed), to)


@present_form
async def begun(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """A secret for an app, for whoever has no second factor and gave the password just now."""
    if not await _is_confirmed(request):
        return _confirm_first(request)
    try:
        await pools.DOORS.run(_begun, actor)
    except WrongStatusError:  # they have one by now
        return RedirectResponse(_here(request), status_code=303)
    return RedirectResponse(leading_to(APP, safe_path(request.query_params.get("to"))), status_code=303)


async def setting_up(request: Request) -> Response:
    """The secret as a picture and as text, and a form for a code of it."""
    actor = await pools.GATE.run(sessions.present, cookies.value(request.cookies, cookies.SESSION))
    if actor is None:
        return RedirectResponse("/enter", status_code=303)
    to = safe_path(request.query_params.get("to"))
    if not await _is_confirmed(request) or (await pools.DOORS.run(_standing, actor)).has_any:
        return RedirectResponse(_here(request), status_code=303)
    return await set_up_page(request, actor, leading_to(APP, to), _here(request))


@present_form
async def confirmed(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """With a code of the app it is in use, and has been shown."""
    to = safe_path(request.query_params.get("to"))
    if (await pools.DOORS.run(_standing, actor)).has_any:  # they made a passkey meanwhile
        return RedirectResponse(_here(request), status_code=303)
    return await second_in_use(request, actor, fields.get("code", ""), leading_to(APP, to), _here(request), to)


@present_form
async def passkey_asked(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """A page whose script lets the browser make a passkey, for whoever has no second factor and gave the password just now."""
    if not await _is_confirmed(request):
        return _confirm_first(request)
    site = passkeys.site_of(request)
    if site is None or (await pools.DOORS.run(_standing, actor)).has_any:
        return RedirectResponse(_here(request), status_code=303)
    action = leading_to(f"{PASSKEY}/made", safe_path(request.query_params.get("to")))
    return await passkeys.making_page(request, actor, site, action, _here(request))


@present_form
async def passkey_made(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """It was shown by being made."""
    if (await pools.DOORS.run(_standing, actor)).has_any:
        return RedirectResponse(_here(request), status_code=303)
    renewed = await passkeys.made_of(request, actor, fields.get("credential", ""))
    if renewed is None:
        language = translation.language_of(request.cookies)
        problem = translation.translate("No passkey was made. Try again.", language)
        return await _page(request, actor, problem=problem, status=422)
    return come_in(entrance.Admitted(renewed), safe_path(request.query_params.get("to")))


async def back(request: Request) -> Response:
    """A form's address, opened by itself, leads to where the form is."""
    return RedirectResponse(DEMANDED, status_code=303)


def _here(request: Request) -> str:
    return leading_to(DEMANDED, safe_path(request.query_params.get("to")))


def _confirm_first(request: Request) -> Response:
    return RedirectResponse(leading_to(CONFIRM, _here(request)), status_code=303)


async def _is_confirmed(request: Request) -> bool:
    """Whether the password was given, or the identity provider asked, a short while ago."""
    token = cookies.value(request.cookies, cookies.SESSION)
    return await pools.DOORS.run(lambda: sessions.is_confirmed(token, datetime.now(UTC)))


def _standing(actor: Actor) -> _Standing:
    with database.reading() as session:
        return _Standing(entrance.has_second_factor(session, actor), bool(passkey_rows.of_account(session, actor.id)))


def _begun(actor: Actor) -> None:
    with database.transaction() as session:
        entrance.begin_first_second(session, actor, datetime.now(UTC))


def _code_shown(actor: Actor, token: str, code: str) -> str | None:
    with database.transaction() as session:
        return entrance.show_second_in(session, actor, token, code, datetime.now(UTC))


ROUTES = (
    Route(DEMANDED, shown, methods=["GET"]),
    Route(CODE, code_shown, methods=["POST"]),
    Route(BEGIN, begun, methods=["POST"]),
    Route(APP, setting_up, methods=["GET"]),
    Route(APP, confirmed, methods=["POST"]),
    Route(PASSKEY, passkey_asked, methods=["POST"]),
    Route(f"{PASSKEY}/made", passkey_made, methods=["POST"]),
    Route(DEMANDED + "/{form:path}", back, methods=["GET"]),
)
