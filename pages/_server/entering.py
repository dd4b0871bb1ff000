"""What the forms around coming in share: their fields, who sends them, and what is said to too many guesses."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assessments import entrance, identity_provider, security_log
from assessments.entrance import Caller
from assessments.errors import AssessmentError
from assessments.home import home
from assessments.security_log import Deed, Outcome
from pages._frame import cookies, markup, plain, translation
from pages._server import arrival, measuring, pools, received
from pages._server.admission import RefusedError
from pages._server.guesses import Guesses
from questionnaires import wording
from questionnaires.problems import InvalidFileError

GUESSES = Guesses()
"""Of passwords and codes, at the entrance and wherever they are asked for again."""


async def fields_of(request: Request, most_bytes: int = received.MAX_FORM_BYTES) -> dict[str, str]:
    """Name → what was entered, of a small form."""
    try:
        sent = (await received.body(request, most_bytes)).decode("utf-8", "replace")
        entered = parse_qs(sent, max_num_fields=received.MAX_FIELDS)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[0] for name, values in entered.items()}


def is_own_form(request: Request) -> bool:
    """Whether the form was sent from one of our own pages: the Origin header names this server (CSRF)."""
    return arrival.is_own_origin(request.scope)


def caller_of(request: Request) -> Caller:
    return Caller(arrival.client(request.scope), request.headers.get("user-agent", ""))


def refused(language: str) -> Response:
    """Of a form that another site sent."""
    text = translation.translate("This form was not sent from a page of Haetae. Open the page again.", language)
    return plain.sentence(language, text, 403)


def too_many(refusal: RefusedError, language: str) -> str:
    """The same sentence whether there is such an account or not."""
    if refusal.is_busy:
        return translation.translate("Many people come in at this moment. Try again in a few seconds.", language)
    whole_minutes = 60 * -(-refusal.seconds // 60)
    return translation.translate(
        "There were too many attempts. Try again in {time}; sessions that are open go on.",
        language,
        time=wording.duration(whole_minutes)[language],
    )


SECOND = "/enter/second"
DEMANDED = "/second"
"""Where whoever is signed in, but has not shown what is demanded, shows or sets up a second factor."""


def come_in(admitted: entrance.Admitted, to: str) -> Response:
    """Leads on: with the cookie of a session that has just been opened, or to where the second factor is shown."""
    if not admitted.session:
        answer = RedirectResponse(leading_to(SECOND, to), status_code=303)
        cookies.keep(answer, cookies.ATTEMPT, admitted.attempt)
        return answer
    answer = RedirectResponse(to, status_code=303)
    cookies.drop(answer, cookies.ATTEMPT)
    cookies.keep(answer, cookies.SESSION, admitted.session)
    return answer


def leading_to(path: str, to: str) -> str:
    """The path of a form that leads on to another one once it is done."""
    return path if to == "/" else f"{path}?to={quote(to, safe='')}"


def provider_label(language: str) -> str:
    """How the organisation's identity provider is called; empty where there is none, or its settings cannot be used."""
    try:
        provider = identity_provider.read(home())
    except (AssessmentError, InvalidFileError) as error:
        logging.getLogger("haetae").error("%s", error)
        return ""
    return provider.label[language] if provider else ""


def page(request: Request, template: str, title: str, *, status: int = 200, **values: object) -> Response:
    """A page of the entrance in the reader's language; `title` is translated already."""
    language = translation.language_of(request.cookies)
    body = markup.render(template, language, title=title, **values)
    return plain.page(language, body, title=title, status=status)


async def note(request: Request, deed: Deed, outcome: Outcome, actor_id: str = "", reason: str = "") -> None:
    """Into the security log."""
    measuring.noted(deed, outcome, reason)
    address = arrival.client(request.scope)
    await pools.LOG.run(lambda: security_log.note(deed, outcome, actor=actor_id, address=address, reason=reason))
