"""One's own account as plain HTML: /account shows password and sessions; each of its forms is one deed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance, outside_entrance, passwords, second_factor
from assessments.errors import AssessmentError
from assessments.model import Actor, Role
from assessments.security_log import Deed, Outcome
from assessments.storage import accounts, credentials, database, identities, passkey_rows
from assessments.storage.database import Session
from pages._frame import browsers, cookies, enum_names, plain, sessions, translation
from pages._server import entering, pools
from pages._server.admission import RefusedError
from pages._server.entering import (
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
from pages._server.sign_in import safe_path
from questionnaires.wording import moment

PATH = "/account"
CONFIRM = "/confirm"
MOST_BYTES = 32_768
"""Of a form; a passkey that was just made is the longest thing in one."""
SET_UP = f"{PATH}/second/set-up"
T = TypeVar("T")
AccountDeed = Callable[[Request, Actor, dict[str, str]], Coroutine[Any, Any, Response]]


async def shown(request: Request) -> Response:
    """Password and open sessions of whoever is signed in; the gate lets nobody else come here."""
    actor = await pools.GATE.run(sessions.who, _token(request))
    return _signed_out() if actor is None else await shown_page(request, actor)


async def shown_page(
    request: Request, actor: Actor, *, form: str = "", problem: str = "", status: int = 200
) -> Response:
    """form: the one that `problem` stands in; another one tells what was done last."""
    language = translation.language_of(request.cookies)
    own = await pools.DOORS.run(_sessions, actor.id)
    current = await pools.DOORS.run(_login, _token(request))
    has_second, codes_left = await pools.DOORS.run(_second_state, actor)
    is_connected, has_password = await pools.DOORS.run(_outside_state, actor.id)
    listed = [
        {
            "handle": login.handle,
            "browser": browsers.named(login.browser) or translation.translate("An unknown browser", language),
            "is_known": bool(browsers.named(login.browser)),
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
        has_second=has_second,
        passkeys=[
            {"id": passkey.credential_id, "name": passkey.name or "–", "since": moment(passkey.created_at, language)}
            for passkey in await pools.DOORS.run(_passkeys, actor.id)
        ],
        provider=provider_label(language),
        is_connected=is_connected,
        has_password=has_password,
        codes_left=translation.translate_many(
            "{count} recovery code is left.", "{count} recovery codes are left.", codes_left, language
        ),
    )


def account_form(deed: AccountDeed) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """A form of the account: sent from our own page, by somebody who is signed in."""
    return _form_of(sessions.who, deed)


def present_form(deed: AccountDeed) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Like account_form, and also for whoever still has to show the second factor that is demanded of them."""
    return _form_of(sessions.present, deed)


def _form_of(
    who: Callable[[str | None], Actor | None], deed: AccountDeed
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def route(request: Request) -> Response:
        language = translation.language_of(request.cookies)
        if not is_own_form(request):
            return refused(language)
        actor = await pools.GATE.run(who, _token(request))
        if actor is None:
            return _signed_out()
        try:
            return await deed(request, actor, await fields_of(request, MOST_BYTES))
        except AssessmentError as error:
            return plain.sentence(language, error.text[language], 503)

    return route


@account_form
async def password_changed(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Asks for the old password; all other sessions end."""
    language = translation.language_of(request.cookies)
    if (problem := await password_wrong(request, actor, fields.get("old", ""))) is not None:
        return await shown_page(request, actor, form="password", problem=problem, status=422)
    new = fields.get("new", "")
    try:
        entrance.check_new(new, actor.id, actor.name)
    except AssessmentError as error:
        return await shown_page(request, actor, form="password", problem=error.text[language], status=422)
    hashed = await pools.HASHES.run(passwords.hashed, new)
    token = await pools.DOORS.run(_changed, actor, _token(request), hashed)
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "password changed")
    return come_in(entrance.Admitted(token), f"{PATH}?done=password")


async def asked_again(request: Request) -> Response:
    """The form for whoever is about to decide, sign off or seal, or to set up a second factor that is demanded."""
    actor = await pools.GATE.run(sessions.present, _token(request))
    return _signed_out() if actor is None else await _confirm_form(request, actor)


async def _confirm_form(request: Request, actor: Actor, *, problem: str = "", status: int = 200) -> Response:
    language = translation.language_of(request.cookies)
    is_connected, has_password = await pools.DOORS.run(_outside_state, actor.id)
    to = safe_path(request.query_params.get("to"))
    is_lacking = await pools.GATE.run(sessions.who, _token(request)) is None
    return page(
        request,
        "server/confirm.html.j2",
        translation.translate("Confirm that it is you", language),
        status=status,
        actor=actor,
        action=leading_to(CONFIRM, to),
        back="" if is_lacking else to,
        problem=problem,
        has_password=has_password,
        provider=provider_label(language) if is_connected else "",
        provider_action=leading_to(f"{CONFIRM}/outside", to),
    )


@present_form
async def confirmed(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """With the password; the session goes on under another token."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await _confirm_form(request, actor, problem=problem, status=422)
    token = await pools.DOORS.run(_renewed, _token(request))
    await note(request, Deed.SIGN_IN, Outcome.DONE, actor.id, "asked again")
    return come_in(entrance.Admitted(token), safe_path(request.query_params.get("to")))


# --- the second factor -------------------------------------------------------------------------------------------


@account_form
async def second_begun(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Makes a secret for the app, for whoever gives the password."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await shown_page(request, actor, form="second", problem=problem, status=422)
    await pools.DOORS.run(_in_transaction(entrance.begin_second), actor)
    return RedirectResponse(SET_UP, status_code=303)


async def second_setting_up(request: Request) -> Response:
    """The secret as a picture and as text, and a form for a code of it."""
    actor = await pools.GATE.run(sessions.who, _token(request))
    return _signed_out() if actor is None else await set_up_page(request, actor, SET_UP, PATH)


async def set_up_page(
    request: Request, actor: Actor, action: str, back: str, *, problem: str = "", status: int = 200
) -> Response:
    """action: where the code is sent; back: where one gives it up."""
    secret = await pools.DOORS.run(_pending_secret, actor)
    if secret is None:
        return RedirectResponse(back, status_code=303)
    address = second_factor.address(secret, actor.id)
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4)
    title = translation.translate("Set up the second factor", translation.language_of(request.cookies))
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(
        request,
        "server/second_set_up.html.j2",
        title,
        status=status,
        action=action,
        back=back,
        picture=picture,
        address=address,
        secret=groups,
        problem=problem,
    )


@account_form
async def second_confirmed(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """With a code of the app it is in use; the recovery codes are shown this once."""
    return await second_in_use(request, actor, fields.get("code", ""), SET_UP, PATH, PATH)


async def second_in_use(request: Request, actor: Actor, code: str, action: str, back: str, to: str) -> Response:
    """to: where one goes on once the recovery codes are put away."""
    language = translation.language_of(request.cookies)
    try:
        async with entering.GUESSES.guess(f"second factor of {actor.id}", caller_of(request).address) as guess:
            confirmed = await pools.DOORS.run(_confirmed, actor, _token(request), code)
            guess.is_right = confirmed is not None
    except RefusedError as refusal:
        return await set_up_page(request, actor, action, back, problem=too_many(refusal, language), status=429)
    if confirmed is None:
        wrong = translation.translate("This code is wrong. Look whether the clock of the device is right.", language)
        return await set_up_page(request, actor, action, back, problem=wrong, status=422)
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "second factor set up")
    answer = _recovery_codes(request, confirmed.recovery_codes, to)
    cookies.keep(answer, cookies.SESSION, confirmed.session)
    return answer


@account_form
async def codes_made(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """New recovery codes, for whoever gives the password; they are shown this once."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await shown_page(request, actor, form="second", problem=problem, status=422)
    codes = await pools.DOORS.run(_in_transaction(entrance.new_recovery_codes), actor)
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "recovery codes made")
    return _recovery_codes(request, codes)


@account_form
async def second_dropped(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """A password is enough from now on, for whoever gives it."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await shown_page(request, actor, form="second", problem=problem, status=422)
    token = await pools.DOORS.run(_second_dropped, actor, _token(request))
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "second factor dropped")
    return come_in(entrance.Admitted(token), f"{PATH}?done=second_off")


@account_form
async def disconnected(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """The identity provider opens nothing any more, for whoever gives the password."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await shown_page(request, actor, form="outside", problem=problem, status=422)
    await pools.DOORS.run(_in_transaction(outside_entrance.drop), actor)
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "identity provider disconnected")
    return RedirectResponse(f"{PATH}?done=disconnected", status_code=303)


def _recovery_codes(request: Request, codes: tuple[str, ...], to: str = PATH) -> Response:
    title = translation.translate("Recovery codes", translation.language_of(request.cookies))
    written = [second_factor.written(code) for code in codes]
    return page(request, "server/recovery_codes.html.j2", title, codes=written, to=to)


async def password_wrong(request: Request, actor: Actor, password: str) -> str | None:
    """What is wrong with the password that is asked for again. None: it is the right one."""
    language = translation.language_of(request.cookies)
    try:
        async with entering.GUESSES.guess(f"{actor.id}, signed in", caller_of(request).address) as guess:
            claimed = await pools.DOORS.run(_claimed, actor.id)
            guess.is_right = (await pools.HASHES.run(passwords.check, password, claimed.hash)).is_right
    except RefusedError as refusal:
        return too_many(refusal, language)
    if guess.is_right:
        return None
    await note(request, Deed.CREDENTIAL, Outcome.REFUSED, actor.id, "wrong password of now")
    return translation.translate("This is not your password of now.", language)


@account_form
async def session_ended(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Ends one of one's own sessions."""
    await pools.DOORS.run(_ended, actor.id, fields.get("session", ""))
    await note(request, Deed.SESSION_ENDED, Outcome.DONE, actor.id, "by its owner")
    return RedirectResponse(f"{PATH}?done=sessions", status_code=303)


@account_form
async def others_ended(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """Ends all of one's own sessions but this one."""
    await pools.DOORS.run(_others_ended, actor.id, _token(request))
    await note(request, Deed.SESSION_ENDED, Outcome.DONE, actor.id, "all others, by their owner")
    return RedirectResponse(f"{PATH}?done=sessions", status_code=303)


async def back(request: Request) -> Response:
    """A form's address, opened by itself as after a change of the language, leads to where the form is."""
    return RedirectResponse(PATH, status_code=303)


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


def _in_transaction(deed: Callable[[Session, Actor, datetime], T]) -> Callable[[Actor], T]:
    def done(actor: Actor) -> T:
        with database.transaction() as session:
            return deed(session, actor, datetime.now(UTC))

    return done


def _pending_secret(actor: Actor) -> str | None:
    with database.reading() as session:
        return entrance.pending_secret(session, actor, datetime.now(UTC))


def _confirmed(actor: Actor, token: str, code: str) -> entrance.Confirmed | None:
    with database.transaction() as session:
        return entrance.confirm_second(session, actor, token, code, datetime.now(UTC))


def _second_dropped(actor: Actor, token: str) -> str:
    at = datetime.now(UTC)
    with database.transaction() as session:
        entrance.drop_second(session, actor, actor, at)
        return accounts.renew(session, token, at)


def _second_state(actor: Actor) -> tuple[bool, int]:
    with database.reading() as session:
        return entrance.has_second_factor(session, actor), credentials.recovery_codes_left(session, actor.id)


def _passkeys(actor_id: str) -> tuple[passkey_rows.Passkey, ...]:
    with database.reading() as session:
        return passkey_rows.of_account(session, actor_id)


def _outside_state(actor_id: str) -> tuple[bool, bool]:
    """Whether the account is connected, and whether it has a password."""
    with database.reading() as session:
        is_connected = identities.is_connected(session, actor_id)
        return is_connected, credentials.password_hash(session, actor_id) is not None


def _renewed(token: str) -> str:
    with database.transaction() as session:
        return accounts.renew(session, token, datetime.now(UTC))


def _ended(actor_id: str, handle: str) -> None:
    with database.transaction() as session:
        accounts.close_named(session, actor_id, handle)


def _others_ended(actor_id: str, token: str) -> None:
    with database.transaction() as session:
        accounts.close_sessions_of(session, actor_id, but=token)


ROUTES = (
    Route(PATH, shown, methods=["GET"]),
    Route(CONFIRM, asked_again, methods=["GET"]),
    Route(CONFIRM, confirmed, methods=["POST"]),
    Route(f"{PATH}/password", password_changed, methods=["POST"]),
    Route(f"{PATH}/second", second_begun, methods=["POST"]),
    Route(SET_UP, second_setting_up, methods=["GET"]),
    Route(SET_UP, second_confirmed, methods=["POST"]),
    Route(f"{PATH}/outside/off", disconnected, methods=["POST"]),
    Route(f"{PATH}/recovery-codes", codes_made, methods=["POST"]),
    Route(f"{PATH}/second/off", second_dropped, methods=["POST"]),
    Route(f"{PATH}/session", session_ended, methods=["POST"]),
    Route(f"{PATH}/others", others_ended, methods=["POST"]),
    Route(PATH + "/{form:path}", back, methods=["GET"]),
)
