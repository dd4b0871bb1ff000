"""Coming in by the organisation's identity provider: the browser is sent there, comes back once, and is let in or told why not."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance, identity_provider, outside_entrance
from assessments.errors import AssessmentError, NotAllowedError, NotFoundError
from assessments.home import home
from assessments.identity_provider import Provider
from assessments.outside_entrance import Purpose
from assessments.security_log import Deed, Outcome
from assessments.storage import database
from assessments.storage.accounts import digest_of
from pages._frame import cookies, markup, plain, sessions, translation
from pages._server import links, pools
from pages._server.account import CONFIRM
from pages._server.account import PATH as ACCOUNT
from pages._server.admission import Admission, RefusedError, household
from pages._server.entering import caller_of, is_own_form, note, refused, too_many
from pages._server.sign_in import safe_path

ENTER = "/enter/outside"
RETURN = f"{ENTER}/return"
CONNECT = f"{ACCOUNT}/outside"
BEGUN = Admission("30/15 minutes", "600/minute", inside=32, of_one=8, counted="outside")
"""Ways to the provider that are begun."""


async def entered(request: Request) -> Response:
    """Off to the provider, from the entrance."""
    return await _begun(request, Purpose.ENTER, "", safe_path(request.query_params.get("to")))


async def connected(request: Request) -> Response:
    """Off to the provider, to connect the account of whoever is signed in."""
    token = cookies.value(request.cookies, cookies.SESSION)
    if await pools.GATE.run(sessions.who, token) is None:
        return RedirectResponse(f"/enter?to={ACCOUNT}", status_code=303)
    return await _begun(request, Purpose.CONNECT, digest_of(token), f"{ACCOUNT}?done=connected")


async def confirmed(request: Request) -> Response:
    """Off to the provider, for whoever is signed in to show once more who they are."""
    token = cookies.value(request.cookies, cookies.SESSION)
    if await pools.GATE.run(sessions.present, token) is None:
        return RedirectResponse("/enter", status_code=303)
    return await _begun(request, Purpose.CONFIRM, digest_of(token), safe_path(request.query_params.get("to")))


async def linked(request: Request) -> Response:
    """Off to the provider, with a one-time link, instead of choosing a password."""
    return await _begun(request, Purpose.LINK, digest_of(request.path_params["token"]), "/")


async def _begun(request: Request, purpose: Purpose, digest: str, to: str) -> Response:
    """By a page that goes on by itself: a form may be sent to our own pages only, also where these lead on."""
    language = translation.language_of(request.cookies)
    if not is_own_form(request):
        return refused(language)
    try:
        await BEGUN.counted(household(caller_of(request).address))
        provider = identity_provider.read(home())
        if provider is None:
            return RedirectResponse("/enter", status_code=303)
        begun = await pools.OUTSIDE.run(
            identity_provider.begin, provider, _come_back_to(request), purpose is Purpose.CONFIRM
        )
        attempt = await pools.DOORS.run(_kept, begun, purpose, digest, to)
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    answer = _going_on(language, provider.label[language], begun.url)
    cookies.keep(answer, cookies.OUTSIDE, attempt, samesite="lax")  # strict ones do not come along on the way back
    return answer


async def returned(request: Request) -> Response:
    """Back from the provider, once: what was remembered, what came along and what the provider says must fit."""
    language, caller = translation.language_of(request.cookies), caller_of(request)
    query = request.query_params
    try:
        await BEGUN.counted(household(caller.address))
        memory = await pools.DOORS.run(_taken, cookies.value(request.cookies, cookies.OUTSIDE))
        provider = identity_provider.read(home())
        if memory is None or provider is None:
            return _refusal(
                language, translation.translate("This way of signing in is over. Begin anew.", language), 400
            )
        if not secrets.compare_digest(query.get("state", "").encode(), memory["state"].encode()) or "code" not in query:
            await note(request, Deed.SIGN_IN, Outcome.REFUSED, reason="identity provider refused")
            return _refusal(
                language, translation.translate("The sign-in there was not completed. Begin anew.", language), 400
            )
        identity = await pools.OUTSIDE.run(
            identity_provider.finish,
            provider,
            _come_back_to(request),
            query["code"],
            memory["nonce"],
            memory["verifier"],
        )
        admitted = await pools.DOORS.run(_finished, provider, identity, memory, caller)
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except (NotFoundError, NotAllowedError) as error:
        await note(request, Deed.SIGN_IN, Outcome.REFUSED, reason="identity provider: no account")
        return _refusal(language, error.text[language], 403)
    except AssessmentError as error:
        await note(request, Deed.SIGN_IN, Outcome.FAILED, reason="identity provider")
        return _refusal(language, error.text[language], 503)
    who = await pools.GATE.run(sessions.who, admitted.session) if admitted.session else None
    deed = Deed.SIGN_IN if who else Deed.CREDENTIAL
    await note(request, deed, Outcome.DONE, who.id if who else "", reason="identity provider")
    # a page of our own, for what leads here from another site is followed without the cookie of the session
    answer = _going_on(language, translation.translate("Haetae", language), memory["to"])
    cookies.drop(answer, cookies.OUTSIDE, samesite="lax")
    if admitted.session:
        cookies.keep(answer, cookies.SESSION, admitted.session)
    return answer


def _going_on(language: str, label: str, address: str) -> Response:
    title = translation.translate("On to {label}", language, label=label)
    body = markup.render("server/going_on.html.j2", language, title=title, address=address)
    return plain.page(language, body, title=title, onward=address)


def _refusal(language: str, sentence: str, status: int) -> Response:
    title = translation.translate("Sign in", language)
    body = markup.render("server/not_admitted.html.j2", language, title=title, sentence=sentence)
    answer = plain.page(language, body, title=title, status=status)
    cookies.drop(answer, cookies.OUTSIDE, samesite="lax")
    return answer


def _come_back_to(request: Request) -> str:
    """The address that is registered with the provider; the gate has looked at the name of the host."""
    return f"{'https' if request.url.scheme == 'https' else 'http'}://{request.headers['host']}{RETURN}"


def _kept(begun: identity_provider.Begun, purpose: Purpose, digest: str, to: str) -> str:
    with database.transaction() as session:
        return outside_entrance.begin(session, begun, purpose, digest, to, datetime.now(UTC))


def _taken(attempt: str) -> dict[str, str] | None:
    with database.transaction() as session:
        return outside_entrance.taken(session, attempt, datetime.now(UTC))


def _finished(
    provider: Provider, identity: identity_provider.Identity, memory: dict[str, str], caller: entrance.Caller
) -> entrance.Admitted:
    with database.transaction() as session:
        return outside_entrance.finish(session, provider, identity, memory, caller, datetime.now(UTC))


ROUTES = (
    Route(ENTER, entered, methods=["POST"]),
    Route(RETURN, returned, methods=["GET"]),
    Route(CONNECT, connected, methods=["POST"]),
    Route(f"{CONFIRM}/outside", confirmed, methods=["POST"]),
    Route(links.PREFIX + "{token}/outside", linked, methods=["POST"]),
)
