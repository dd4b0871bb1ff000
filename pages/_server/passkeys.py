"""Passkeys: pages that ask the browser for one by a script, and take what it sends. Only where the site has a name, no number."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments import entrance, passkey_entrance
from assessments.errors import AssessmentError
from assessments.model import Actor
from assessments.passkeys import Site
from assessments.security_log import Deed, Outcome
from assessments.storage import accounts, database
from pages._frame import browsers, cookies, plain, translation
from pages._server import pools
from pages._server.account import PATH as ACCOUNT
from pages._server.account import account_form, password_wrong, shown_page
from pages._server.admission import Admission, RefusedError, household
from pages._server.entering import caller_of, come_in, fields_of, is_own_form, leading_to, note, page, refused, too_many
from pages._server.sign_in import safe_path

ENTER = "/enter/passkey"
MAKE = f"{ACCOUNT}/passkey"
_MOST_BYTES = 32_768
"""Of what a browser sends."""
ASKED = Admission("60/15 minutes", "600/minute", inside=32, of_one=8, counted="passkeys")


def site_of(request: Request) -> Site | None:
    """None: it is asked for by a number, to which no passkey is bound."""
    host = request.headers["host"]
    name = (request.url.hostname or "").lower()
    try:
        ip_address(name)
    except ValueError:
        return Site(name, f"{'https' if request.url.scheme == 'https' else 'http'}://{host}")
    return None


async def asked(request: Request) -> Response:
    """A page whose script lets the browser offer its passkeys."""
    language, site = translation.language_of(request.cookies), site_of(request)
    if not is_own_form(request):
        return refused(language)
    to = safe_path(request.query_params.get("to"))
    if site is None:
        return RedirectResponse(leading_to("/enter", to), status_code=303)
    try:
        await ASKED.counted(household(caller_of(request).address))
        options, attempt = await pools.DOORS.run(_ask, site)
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    title = translation.translate("Sign in with a passkey", language)
    action = leading_to(f"{ENTER}/shown", to)
    answer = page(
        request,
        "server/passkey.html.j2",
        title,
        action=action,
        options=options,
        kind="get",
        back=leading_to("/enter", to),
    )
    cookies.keep(answer, cookies.ATTEMPT, attempt)
    return answer


async def shown(request: Request) -> Response:
    """Opens a session for whoever's authenticator has signed."""
    language, site = translation.language_of(request.cookies), site_of(request)
    if not is_own_form(request):
        return refused(language)
    to = safe_path(request.query_params.get("to"))
    credential = (await fields_of(request, _MOST_BYTES)).get("credential", "")
    attempt = cookies.value(request.cookies, cookies.ATTEMPT)
    try:
        await ASKED.counted(household(caller_of(request).address))
        old_token = cookies.value(request.cookies, cookies.SESSION)
        admitted = None
        if site is not None:
            admitted = await pools.DOORS.run(_shown, site, attempt, credential, caller_of(request), old_token)
    except RefusedError as refusal:
        return plain.sentence(language, too_many(refusal, language), 429)
    except AssessmentError as error:
        return plain.sentence(language, error.text[language], 503)
    await note(request, Deed.SIGN_IN, Outcome.DONE if admitted else Outcome.REFUSED, reason="passkey")
    if admitted is None:
        title = translation.translate("Sign in with a passkey", language)
        sentence = translation.translate(
            "This passkey opens nothing here. Begin anew, or sign in with a password.", language
        )
        return page(request, "server/not_admitted.html.j2", title, status=401, sentence=sentence)
    return come_in(admitted, to)


@account_form
async def asked_to_make(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """A page whose script lets the browser make one, for whoever gives the password."""
    if (problem := await password_wrong(request, actor, fields.get("password", ""))) is not None:
        return await shown_page(request, actor, form="passkey", problem=problem, status=422)
    site = site_of(request)
    if site is None:
        return RedirectResponse(ACCOUNT, status_code=303)
    return await making_page(request, actor, site, f"{MAKE}/made", ACCOUNT)


async def making_page(request: Request, actor: Actor, site: Site, action: str, back: str) -> Response:
    """The page whose script asks for a new passkey. action: where it is sent; back: where one gives it up."""
    options, attempt = await pools.DOORS.run(_ask_to_make, site, actor)
    title = translation.translate("Make a passkey", translation.language_of(request.cookies))
    answer = page(request, "server/passkey.html.j2", title, action=action, options=options, kind="create", back=back)
    cookies.keep(answer, cookies.ATTEMPT, attempt)
    return answer


@account_form
async def made(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    """It opens the account from now on."""
    renewed = await made_of(request, actor, fields.get("credential", ""))
    if renewed is None:
        language = translation.language_of(request.cookies)
        problem = translation.translate("No passkey was made. Try again.", language)
        return await shown_page(request, actor, form="passkey", problem=problem, status=422)
    return come_in(entrance.Admitted(renewed), f"{ACCOUNT}?done=passkey")


async def made_of(request: Request, actor: Actor, credential: str) -> str | None:
    """The new token of the session in which it was made. None: it is not what was asked for."""
    site, attempt = site_of(request), cookies.value(request.cookies, cookies.ATTEMPT)
    token = cookies.value(request.cookies, cookies.SESSION)
    browser = browsers.named(request.headers.get("user-agent", ""))
    renewed = None
    if site is not None:
        renewed = await pools.DOORS.run(_made, site, actor, token, attempt, credential, browser)
    if renewed is not None:
        await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "passkey made")
    return renewed


@account_form
async def dropped(request: Request, actor: Actor, fields: dict[str, str]) -> Response:
    await pools.DOORS.run(_dropped, actor, fields.get("passkey", ""))
    await note(request, Deed.CREDENTIAL, Outcome.DONE, actor.id, "passkey removed")
    return RedirectResponse(f"{ACCOUNT}?done=passkey_off", status_code=303)


def _ask(site: Site) -> tuple[str, str]:
    with database.transaction() as session:
        return passkey_entrance.ask_to_show(session, site, datetime.now(UTC))


def _shown(
    site: Site, attempt: str, credential: str, caller: entrance.Caller, old_token: str
) -> entrance.Admitted | None:
    with database.transaction() as session:
        admitted = passkey_entrance.show(session, site, attempt, credential, caller, datetime.now(UTC))
        if admitted is not None:
            accounts.close_session(session, old_token)
        return admitted


def _ask_to_make(site: Site, actor: Actor) -> tuple[str, str]:
    with database.transaction() as session:
        return passkey_entrance.ask_to_make(session, site, actor, datetime.now(UTC))


def _made(site: Site, actor: Actor, token: str, attempt: str, credential: str, browser: str) -> str | None:
    with database.transaction() as session:
        return passkey_entrance.make(session, site, actor, token, attempt, credential, browser, datetime.now(UTC))


def _dropped(actor: Actor, credential_id: str) -> None:
    with database.transaction() as session:
        passkey_entrance.drop(session, actor, credential_id, datetime.now(UTC))


ROUTES = (
    Route(ENTER, asked, methods=["POST"]),
    Route(f"{ENTER}/shown", shown, methods=["POST"]),
    Route(MAKE, asked_to_make, methods=["POST"]),
    Route(f"{MAKE}/made", made, methods=["POST"]),
    Route(f"{MAKE}/off", dropped, methods=["POST"]),
)
