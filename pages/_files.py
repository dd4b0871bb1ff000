"""Checked downloads: evidence, draft and sealed reports, the record, the certificate. Never by a link that outlives the session.

Every answer looks up who asks and what is asked for, anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from assessments import sealed_files
from assessments.errors import AssessmentError, NotFoundError
from assessments.model import Actor
from assessments.storage import database, reader
from assessments.storage.reader import SealedReport
from pages import _language, _plain, _report, _sign_in
from pages._shared import now, whole
from questionnaires.problems import InvalidFileError

if TYPE_CHECKING:
    from exports.record import Record

MOST_IN_BUNDLE = 50
CHUNK = 2**20
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
            return _plain.page(language, f"<p>{_plain.quoted(error.text[language])}</p>", status=404)
        except AssessmentError as error:
            return _plain.page(language, f"<p>{_plain.quoted(error.text[language])}</p>", status=409)
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
    return attachment(found.content(), one.file_name, one.media_type)


@checked
def draft(request: Request, _actor: Actor) -> Response:
    """The report as it stands, in `?language=` ko, en or both; of both, the reader's language leads."""
    from exports import pdf

    choice = request.query_params.get("language", pdf.DEFAULT_LANGUAGE)
    if choice not in pdf.REPORT_LANGUAGES:
        raise NotFoundError(
            f"A report is not written in '{choice[:20]}'. Choose ko, en or both.",
            f"보고서를 '{choice[:20]}' 언어로 만들 수 없습니다. ko, en, both 가운데 고르십시오.",
        )
    number = whole(request.path_params["assessment_id"])
    content = _report.draft(number, pdf.languages(choice, _language.language_of(request.cookies)))
    return attachment(content, _report.draft_name(number), "application/pdf")


@checked
def sealed(request: Request, _actor: Actor) -> Response:
    """The registered file, to the byte; the newest, or that of a revision; full, or `?copy=redacted`."""
    one = _sealed(request)
    return attachment(sealed_files.file_of(one), _report.record_in(one).file_name, "application/pdf")


@checked
def record(request: Request, _actor: Actor) -> Response:
    """The record in canonical JSON: that of a sealed report as it was sealed, else as it stands now."""
    made_from = _record(request)
    return attachment(made_from.canonical, f"{Path(made_from.file_name).stem}.json", "application/json")


@checked
def other(request: Request, _actor: Actor) -> Response:
    """The same record as a workbook or as Markdown, in the reader's language."""
    from exports import outputs

    form = request.path_params["form"]
    if form not in ("xlsx", "markdown"):
        raise NotFoundError(f"A record is not written as '{form}'.", f"기록을 '{form}' 형식으로 쓸 수 없습니다.")
    ending, media_type = outputs.MEDIA_TYPES[form]
    made_from = _record(request)
    content = outputs.written(made_from, form, _language.language_of(request.cookies))
    return attachment(content, f"{Path(made_from.file_name).stem}.{ending}", media_type)


@checked
def bundle(request: Request, _actor: Actor) -> Response:
    """Several reports with their index. All of it is made before the first byte is sent: it is whole or refused."""
    from exports.bundle import packed

    numbers = list(dict.fromkeys(whole(one) for one in request.query_params.get("assessments", "").split(",")))
    if len(numbers) > MOST_IN_BUNDLE:
        raise NotFoundError(
            f"A bundle holds at most {MOST_IN_BUNDLE} reports; {len(numbers)} were asked for. Choose fewer.",
            f"한 번에 {MOST_IN_BUNDLE}건까지 묶을 수 있습니다. {len(numbers)}건을 요청하였습니다. 더 적게 고르십시오.",
        )
    _report.check_there(numbers)
    made = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        for piece in packed((_report.for_bundle(one) for one in numbers), _language.language_of(request.cookies)):
            made.write(piece)
    except BaseException:
        made.close()
        raise
    size = made.tell()
    made.seek(0)
    answer = StreamingResponse(
        iter(lambda: made.read(CHUNK), b""), media_type="application/zip", background=BackgroundTask(made.close)
    )
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = 'attachment; filename="haetae-reports.zip"'
    return answer


@checked
def certificate(request: Request, _actor: Actor) -> Response:
    """The certificate to verify with."""
    return attachment(
        _report.certificate(whole(request.path_params["assessment_id"])), "certificate.pem", "application/x-pem-file"
    )


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file to save under its own name, whatever signs it has."""
    ascii_name = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _sealed(request: Request) -> SealedReport:
    """The one that the address names; of several languages the newest. Raises: NotFoundError."""
    assessment_id, is_copy = whole(request.path_params["assessment_id"]), request.query_params.get("copy") == "redacted"
    revision, which = request.query_params.get("revision", ""), request.query_params.get("file", "")
    with database.reading() as session:
        known = reader.sealed_reports(session, assessment_id)
    for one in known:
        is_meant = which in ("", str(one.id)) and revision in ("", str(one.revision))
        if is_meant and (one.redacts is not None) is is_copy:
            return one
    raise NotFoundError(
        f"Assessment {assessment_id} has no such sealed report. Seal it after the sign-off.",
        f"평가 {assessment_id}번에 해당하는 봉인 보고서가 없습니다. 결재한 뒤 봉인하십시오.",
    )


def _record(request: Request) -> Record:
    """Of the sealed report that the address names, or of the newest revision: as sealed, or as it stands now."""
    number = whole(request.path_params["assessment_id"])
    is_named = {"revision", "copy", "file"} & request.query_params.keys()
    found = _sealed(request) if is_named else _report.newest_sealed(number)
    return _report.record_of(number, now()) if found is None else _report.record_in(found)


ROUTES = (
    Route("/files/evidence/{evidence_id}", evidence),
    Route("/files/bundle.zip", bundle),
    Route("/files/report/{assessment_id}/draft.pdf", draft),
    Route("/files/report/{assessment_id}/sealed.pdf", sealed),
    Route("/files/report/{assessment_id}/record.json", record),
    Route("/files/report/{assessment_id}/certificate.pem", certificate),
    Route("/files/report/{assessment_id}/as/{form}", other),
)
