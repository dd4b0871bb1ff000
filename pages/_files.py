"""Checked downloads: evidence, draft and sealed reports, the record, the certificate. Never by a link that outlives the session.

Every answer looks up who asks and what is asked for, anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessments.errors import AssessmentError, NotFoundError
from assessments.model import Actor
from assessments.storage import database, reader
from assessments.storage.reader import SealedReport
from pages import _language, _plain, _report, _sign_in
from pages._shared import now, whole
from questionnaires.problems import InvalidFileError

Answer = Callable[[Request, Actor], Response]


def checked(answer: Answer) -> Callable[[Request], Response]:
    """Answers only somebody who is signed in; what cannot be done is said on a plain page."""

    def route(request: Request) -> Response:
        language = _language.language_of(request.cookies)
        actor = _sign_in.who(request.cookies.get(_sign_in.COOKIE))
        if actor is None:
            return _plain.page(
                language, f"<p>{escape(_language.translate('Sign in first.', language))}</p>", status=401
            )
        try:
            return answer(request, actor)
        except NotFoundError as error:
            return _plain.page(language, f"<p>{escape(error.text[language])}</p>", status=404)
        except AssessmentError as error:
            return _plain.page(language, f"<p>{escape(error.text[language])}</p>", status=409)
        except InvalidFileError as error:
            logging.getLogger("haetae").error("%s", error)
            text = _language.translate("A file of this installation cannot be used.", language)
            return _plain.page(language, f"<p>{escape(text)}</p>", status=500)

    return route


@checked
def evidence(request: Request, _actor: Actor) -> Response:
    """An evidence file as it was attached."""
    with database.reading() as session:
        found = reader.evidence_file(session, request.path_params["evidence_id"])
    one = found.evidence
    return attachment(found.path.read_bytes(), one.file_name, one.media_type)


@checked
def draft(request: Request, _actor: Actor) -> Response:
    """The report as it stands, its labels led by the reader's language."""
    language = _language.language_of(request.cookies)
    number = whole(request.path_params["assessment_id"])
    content = _report.draft(number, now(), ("ko", "en") if language == "ko" else ("en", "ko"))
    return attachment(content, f"haetae-{number}-draft.pdf", "application/pdf")


@checked
def sealed(request: Request, _actor: Actor) -> Response:
    """The registered file, to the byte; the newest, or that of a revision."""
    number = whole(request.path_params["assessment_id"])
    one = _sealed(number, request.query_params.get("revision", ""))
    return attachment(one.path.read_bytes(), f"haetae-{number}-r{one.revision}.pdf", "application/pdf")


@checked
def record(request: Request, _actor: Actor) -> Response:
    """The record as it stands now, in canonical JSON."""
    number = whole(request.path_params["assessment_id"])
    return attachment(_report.record_of(number, now()).canonical, f"haetae-{number}-record.json", "application/json")


@checked
def certificate(_request: Request, _actor: Actor) -> Response:
    """The certificate to verify with."""
    return attachment(_report.certificate(), "certificate.pem", "application/x-pem-file")


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file to save under its own name, whatever signs it has."""
    ascii_name = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _sealed(assessment_id: int, revision: str) -> SealedReport:
    """Raises: NotFoundError."""
    with database.reading() as session:
        known = reader.sealed_reports(session, assessment_id)
    fitting = [one for one in known if not revision or str(one.revision) == revision]
    if not fitting:
        raise NotFoundError(
            f"Assessment {assessment_id} has no such sealed report. Seal it after the sign-off.",
            f"평가 {assessment_id}번에 해당하는 봉인 보고서가 없습니다. 결재한 뒤 봉인하십시오.",
        )
    return fitting[0]


ROUTES = (
    Route("/files/evidence/{evidence_id}", evidence),
    Route("/files/report/{assessment_id}/draft.pdf", draft),
    Route("/files/report/{assessment_id}/sealed.pdf", sealed),
    Route("/files/report/{assessment_id}/record.json", record),
    Route("/files/report/{assessment_id}/certificate.pem", certificate),
)
