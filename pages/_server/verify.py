"""Whether a sealed report can be relied on, as a plain page for everybody, without sign-in and script: /verify.

A browser gets a page, `curl -F file=@report.pdf …/verify` gets JSON. Nothing that is sent is kept. Of the register a
stranger learns only about the very file they hold: whether it is in it, and whether a later revision was sealed. Whoever
is signed in is told what `haetae verify --here` tells.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessments import register
from assessments.home import home
from assessments.model import Json
from pages._frame import cookies, plain, sessions, translation
from pages._server import received, verify_page
from pages._server.admission import Admission, RefusedError, household
from pages._server.pace import Pace, paced
from questionnaires.legible import legible_json

if TYPE_CHECKING:
    from exports.verification.verdict import Verification

MAX_BYTES = 50 * 2**20
MAX_CERTIFICATE_BYTES = 64 * 2**10
SECONDS = 60
"""In which what is sent must have arrived."""
LEAST_SPEED = Pace(bytes_per_second=50_000, grace_seconds=5)
ADMISSION = Admission("12/minute", "60/minute", inside=6, of_one=2, at_once=2)


def ask(request: Request) -> Response:
    """The form."""
    language = translation.language_of(request.cookies)
    return plain.page(language, verify_page.form(language), title=verify_page.title(language))


async def examine(request: Request) -> Response:
    """The facts about the file that was sent, or a sentence why it was not examined."""
    try:
        asker = household(request.client.host if request.client else "")
        ADMISSION.count(asker)
        most, arriving = MAX_BYTES + MAX_CERTIFICATE_BYTES, paced(request, LEAST_SPEED)
        async with received.received(arriving, ("file", "certificate"), most_bytes=most, seconds=SECONDS) as sent:
            with ADMISSION.place(asker):
                contents = {name: await file.read() for name, file in sent.items()}
                return await _answer(request, contents)
    except RefusedError as error:
        status, problem = (503, "busy") if error.is_busy else (429, "too_often")
        return _refusal(request, status, problem, retry_after=error.seconds)
    except received.TooLargeError:
        return _refusal(request, 413, "too_large")
    except received.TooSlowError:
        return _refusal(request, 408, "too_slow")
    except received.UnreadableFormError:
        return _refusal(request, 400, "no_form")
    except Exception:  # whatever a stranger sends, the answer is a sentence with our headers; the trace is logged
        logging.getLogger("haetae").exception("a verification failed")
        return _refusal(request, 500, "broken")


async def _answer(request: Request, sent: dict[str, bytes]) -> Response:
    pdf, certificate = sent.get("file"), sent.get("certificate")
    if pdf is None:
        return _refusal(request, 400, "no_file")
    if len(pdf) > MAX_BYTES or len(certificate or b"") > MAX_CERTIFICATE_BYTES:
        return _refusal(request, 413, "too_large")
    try:
        token = cookies.value(request.cookies, cookies.SESSION)
        verification = await run_in_threadpool(_verified, pdf, certificate, token)
    except ValueError:
        return _refusal(request, 422, "no_certificate")
    if _wants_json(request):
        return _json(verification.to_json())
    language = translation.language_of(request.cookies)
    body = verify_page.result(verification, language, is_given=certificate is not None)
    return plain.page(language, body, title=verify_page.title(language))


def _verified(pdf: bytes, certificate: bytes | None, token: str | None) -> Verification:
    """Verify when its turn comes; few run at a time. Raises: ValueError if the certificate cannot be read."""
    from exports.issuing import ours
    from exports.verification.verify import verify

    actor = sessions.who(token)
    look_up = partial(register.look_up, actor=actor) if actor else register.look_up_for_strangers
    own = ours.read(home())
    trusted = [certificate] if certificate else own.certificates
    stampers = () if certificate else own.stampers  # who sends a certificate trusts that one alone
    with ADMISSION.turns:
        now = datetime.now(UTC)
        verification = verify(pdf, trusted, at=now, register=look_up, stampers=stampers, guarded=own.certificates)
    return ours.judged(verification, own, is_given=certificate is not None)


def _refusal(request: Request, status: int, problem: str, retry_after: int | None = None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    sentences = {
        language: verify_page.problem(problem, language, seconds=retry_after or 0) for language in translation.LANGUAGES
    }
    if _wants_json(request):
        return _json({"error": problem, "text": sentences}, status, headers)
    language = translation.language_of(request.cookies)
    body = verify_page.form(language, sentences[language])
    answer = plain.page(language, body, title=verify_page.title(language), status=status)
    answer.headers.update(headers)
    return answer


def _json(data: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response that is safe to print on a terminal, for clients such as curl."""
    return Response(legible_json(data), status, headers, media_type="application/json")


def _wants_json(request: Request) -> bool:
    """As `?format=` says, else whether the asker takes pages."""
    wanted = request.query_params.get("format")
    return wanted == "json" or (wanted != "html" and "text/html" not in request.headers.get("accept", ""))


ROUTES = (Route("/verify", ask, methods=["GET"]), Route("/verify", examine, methods=["POST"]))
