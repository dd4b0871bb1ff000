"""Access-checked downloads: evidence, draft and sealed reports, archive copies, record, certificate. No link outlives the session.

Every answer looks up who asks and what is asked for, anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from inspect import iscoroutinefunction
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from assessments import mail, viewing
from assessments.content.canonical import canonical
from assessments.errors import AssessmentError, NotFoundError
from assessments.keeping import sealed_files
from assessments.model import Actor
from assessments.storage.entries import SealedReport
from assessments.storage.portfolio_days import can_tell
from exports.printing.renderings import AT_ONCE
from pages._frame import cookies, database, plain, sessions, translation
from pages._frame.shared import now, whole
from pages._server import (
    committee_documents,
    official_documents,
    pools,
    portfolio_tables,
    reports,
    request_tables,
)
from pages._server.admission import Admission, RefusedError
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of
from questionnaires.wording import duration, seoul_day

if TYPE_CHECKING:
    from exports.record.record import Record

TEXTS = texts_of(__file__)
MOST_IN_BUNDLE = 50
DAYS_AHEAD = 800
"""A calendar shows what comes up within about two years."""
MOST_DAYS = 2000
"""The earliest; a calendar of more is of no use to anybody."""
CHUNK = 2**20
OF_ONE_PERSON = 6
"""Limit of one person's downloads queued or in progress; a browser requests at most six at a time."""
ADMISSION = Admission("120/minute", "1200/minute", inside=48, of_one=OF_ONE_PERSON)
AtOnce = Callable[[Request, Actor], Response]
Waiting = Callable[[Request, Actor], Coroutine[Any, Any, Response]]
Answer = AtOnce | Waiting


def checked(answer: Answer) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Respond only to signed-in people; report errors on a plain page.

    An answer that is a coroutine waits without a thread; any other is put together in one of the downloads' own.
    """

    async def route(request: Request) -> Response:
        language = translation.language_of(request.cookies)
        try:
            actor = await pools.GATE.run(sessions.who, cookies.value(request.cookies, cookies.SESSION))
            if actor is None:
                return _message_page(translation.translate("Sign in first.", language), language, 401)
            ADMISSION.count(actor.id)
            with ADMISSION.place(actor.id):
                if iscoroutinefunction(answer):
                    return await cast(Waiting, answer)(request, actor)
                return await pools.FILES.run(cast(AtOnce, answer), request, actor)
        except RefusedError as refusal:
            refused = _message_page(
                _refused(refusal, language), language, 503 if refusal.is_busy and not refusal.is_own else 429
            )
            refused.headers["Retry-After"] = str(refusal.seconds)
            return refused
        except NotFoundError as error:
            return _message_page(error.text[language], language, 404)
        except AssessmentError as error:
            return _message_page(error.text[language], language, 409)
        except InvalidFileError as error:
            logging.getLogger("haetae").error("%s", error)
            return _message_page(
                translation.translate("A file of this installation cannot be used.", language), language, 500
            )

    return route


def _message_page(sentence: str, language: str, status: int) -> Response:
    return plain.sentence(language, sentence, status)


def _refused(refusal: RefusedError, language: str) -> str:
    if refusal.is_own:
        return translation.translate(
            "{count} of your downloads are under way already. Wait until one of them has arrived, then try again.",
            language,
            count=OF_ONE_PERSON,
        )
    if refusal.is_busy:
        return translation.translate(
            "Many reports are being prepared right now. Try again in {time}.",
            language,
            time=duration(refusal.seconds)[language],
        )
    return translation.translate(
        "Too many files were asked for in a short time. Try again in {time}.",
        language,
        time=duration(refusal.seconds)[language],
    )


@checked
def evidence(request: Request, actor: Actor) -> Response:
    """An evidence file as it was attached."""
    with database.reading(actor) as session:
        file = viewing.evidence_file(session, actor, request.path_params["evidence_id"])
    attached = file.evidence
    return attachment(file.content(), attached.file_name, attached.media_type)


@checked
def proof(request: Request, actor: Actor) -> Response:
    """A file that was attached after a decision."""
    with database.reading(actor) as session:
        file = viewing.proof(session, actor, request.path_params["proof_id"])
    return attachment(file.content(), file.file_name, file.media_type)


@checked
async def draft(request: Request, actor: Actor) -> Response:
    """The report as it stands, in `?language=` ko, en or both; of both, the reader's language leads."""
    from exports.printing import pdf

    choice = request.query_params.get("language", pdf.DEFAULT_LANGUAGE)
    _check_language(choice, pdf.REPORT_LANGUAGES)
    number = whole(request.path_params["assessment_id"])
    content = await reports.draft(number, actor, pdf.languages(choice, translation.language_of(request.cookies)))
    return attachment(content, await pools.FILES.run(reports.draft_name, number, actor), "application/pdf")


@checked
def sealed(request: Request, actor: Actor) -> Response:
    """The registered file, byte for byte: the newest or that of a revision; full or `?copy=redacted`."""
    sealed_report = _sealed(request, actor)
    return attachment(
        sealed_files.file_of(sealed_report), reports.record_in(sealed_report).file_name, "application/pdf"
    )


@checked
async def archived(request: Request, actor: Actor) -> Response:
    """The archive copy (PDF/A-1b) of the sealed report that the address names, printed anew."""
    sealed_report = await pools.FILES.run(_sealed, request, actor)
    content = await reports.archive_copy(sealed_report)
    name = (await pools.FILES.run(reports.record_in, sealed_report)).file_name
    return attachment(content, f"{Path(name).stem}-archive.pdf", "application/pdf")


@checked
def record(request: Request, actor: Actor) -> Response:
    """The record in canonical JSON: that of a sealed report as it was sealed, else as it stands now."""
    made_from = _record(request, actor)
    return attachment(made_from.canonical, f"{Path(made_from.file_name).stem}.json", "application/json")


@checked
def other(request: Request, actor: Actor) -> Response:
    """The same record as a workbook or as Markdown, in the reader's language."""
    from exports.forms import outputs

    form = request.path_params["form"]
    _check_form(form, ("xlsx", "markdown"))
    ending, media_type = outputs.MEDIA_TYPES[form]
    made_from = _record(request, actor)
    content = outputs.render(made_from, form, translation.language_of(request.cookies))
    return attachment(content, f"{Path(made_from.file_name).stem}.{ending}", media_type)


@checked
async def bundle(request: Request, actor: Actor) -> Response:
    """Several reports with an index. Built completely before the first byte is sent, or refused."""
    numbers = list(dict.fromkeys(whole(part) for part in request.query_params.get("assessments", "").split(",")))
    if len(numbers) > MOST_IN_BUNDLE:
        raise NotFoundError(TEXTS.told("bundle_too_large", most=MOST_IN_BUNDLE, count=len(numbers)))
    await pools.FILES.run(reports.check_there, numbers, actor)
    made = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        await _pack(numbers, actor, made, translation.language_of(request.cookies))
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


async def _pack(numbers: Sequence[int], actor: Actor, into: IO[bytes], language: str) -> None:
    """Add as many reports at a time as are rendered in parallel, to leave threads and memory to others."""
    from exports.forms.bundle import Packing

    packing = Packing(language)
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        for pages, made_from in await asyncio.gather(*(reports.awaited_for_bundle(number, actor) for number in some)):
            into.write(await pools.FILES.run(packing.add, pages, made_from))
    into.write(await pools.FILES.run(packing.end))


@checked
def certificate(request: Request, actor: Actor) -> Response:
    """The certificate for verifying seals of this installation."""
    return attachment(
        reports.certificate(whole(request.path_params["assessment_id"]), actor),
        "certificate.pem",
        "application/x-pem-file",
    )


@checked
def calendar(request: Request, actor: Actor) -> Response:
    """What is due after decisions, meetings convened and requests under way, of all that its reader may read, so many days ahead."""
    from assessments import calendar_file

    language, at = translation.language_of(request.cookies), now()
    with database.reading(actor) as session:
        entries = viewing.calendar(session, actor, seoul_day(at), DAYS_AHEAD, MOST_DAYS).entries
        meetings = viewing.meetings_ahead(session, actor, seoul_day(at), DAYS_AHEAD)
        requests = viewing.requests_under_way(session, actor)
        of_people = viewing.requests_ahead(session, actor, seoul_day(at), DAYS_AHEAD, MOST_DAYS)
    mailbox = mail.current()
    links = mailbox.links if mailbox else ""
    content = calendar_file.calendar_of(entries, language, links, at, meetings, requests, of_people)
    return attachment(content, "haetae.ics", calendar_file.MEDIA_TYPE)


@checked
def portfolio(request: Request, actor: Actor) -> Response:
    """A table of the portfolio as its screen shows it under the same address, as CSV or as a workbook."""
    from exports.forms import spreadsheet_csv, xlsx
    from exports.forms.sheets import Sheet
    from exports.forms.tables import Value

    name, ending = request.path_params["table"], request.path_params["ending"]
    tables = (*portfolio_tables.TABLES, *portfolio_tables.OVER_TIME, portfolio_tables.DEPARTURES)
    _check_form(f"{name}.{ending}", [f"{table}.{form}" for table in tables for form in ("csv", "xlsx")])
    language, at = translation.language_of(request.cookies), now()
    facets = portfolio_tables.facets_of(request.query_params, seoul_day(at))
    rows: tuple[tuple[Value, ...], ...]
    with database.reading(actor) as session:
        if name == portfolio_tables.DEPARTURES:
            measured = viewing.measured(session, actor, facets, seoul_day(at), portfolio_tables.MOST_LOGS)
            head, rows = portfolio_tables.departures(measured, language, seoul_day(at))
            title = head[4]
        else:
            if name in portfolio_tables.OVER_TIME:
                days = viewing.portfolio_over_time(session, actor, facets, seoul_day(at)) if can_tell(facets) else ()
                counts = portfolio_tables.over_time(name, days, language, seoul_day(at))
            else:
                cells, impacts = viewing.counted(session, actor, facets, seoul_day(at))
                counts = portfolio_tables.made(name, cells, impacts, language, seoul_day(at))
            title, head = counts.title, counts.head
            rows = tuple((row.title, *(count.number for count in row.counts)) for row in counts.rows)
    if ending == "csv":
        content, media_type = spreadsheet_csv.csv_of(head, rows), "text/csv; charset=utf-8"
    else:
        from exports.forms.outputs import MEDIA_TYPES

        content = xlsx.book_of([Sheet(title, head, rows)], f"Haetae {title}", at)
        media_type = MEDIA_TYPES["xlsx"][1]
    return attachment(content, f"haetae-{name}-{seoul_day(at)}.{ending}", media_type)


@checked
def register(request: Request, actor: Actor) -> Response:
    """The register of AI systems as a table, narrowed as its screen is."""
    from exports.forms import register as tables

    ending, language = request.path_params["ending"], translation.language_of(request.cookies)
    _check_form(ending, tables.MEDIA_TYPES)
    query = request.query_params
    wanted = viewing.Wanted(
        whole(query.get("unit", "")),
        query.get("stage", ""),
        query.get("role", ""),
        query.get("owner", ""),
        incidents=bool(query.get("incidents")),
    ).known()
    with database.reading(actor) as session:
        rows = list(viewing.register_rows(session, actor, wanted, viewing.Search(query.get("q", "")), language))
    content = tables.as_csv(rows, language) if ending == "csv" else tables.as_workbook(rows, language, now())
    return attachment(content, f"haetae-register.{ending}", tables.MEDIA_TYPES[ending])


@checked
def requests(request: Request, actor: Actor) -> Response:
    """The requests of people concerned as a table, narrowed as their screen is."""
    from exports.forms import requests as tables

    ending, language = request.path_params["ending"], translation.language_of(request.cookies)
    _check_form(ending, tables.MEDIA_TYPES)
    query, today = request.query_params, seoul_day(now())
    choice, search = request_tables.choice_of(query), viewing.Search(query.get("q", ""))
    with database.reading(actor) as session:
        rows = list(request_tables.rows(session, actor, choice, search, today, language))
    content = tables.as_csv(rows, language) if ending == "csv" else tables.as_workbook(rows, language, now())
    return attachment(content, f"haetae-requests.{ending}", tables.MEDIA_TYPES[ending])


@checked
def meeting_minutes(request: Request, actor: Actor) -> Response:
    """The closed minutes of a meeting in `?language=` ko or en, as PDF, DOCX or Markdown."""
    from exports.forms import minutes
    from exports.printing import pdf

    form, language = request.path_params["form"], _language(request)
    _check_form(form, ("pdf", "docx", "md"))
    document = committee_documents.closed_minutes(whole(request.path_params["meeting_id"]), actor, language)
    if form == "pdf":
        return attachment(pdf.render_committee(document), f"{document.name}.pdf", "application/pdf")
    if form == "docx":
        return attachment(minutes.as_docx(document), f"{document.name}.docx", minutes.DOCX)
    return attachment(minutes.as_markdown(document), f"{document.name}.md", "text/markdown; charset=utf-8")


@checked
def meeting_document(request: Request, actor: Actor) -> Response:
    """A sealed paper or sealed minutes, byte for byte, or what was frozen in it."""
    meeting, number = (whole(request.path_params[name]) for name in ("meeting_id", "number"))
    with database.reading(actor) as session:
        document, content, file = viewing.meeting_document(session, actor, meeting, number)
    name = f"haetae-{document.kind}-{meeting}-{number}-{document.language}"
    if request.path_params["form"] == "json":
        return attachment(canonical(content), f"{name}.json", "application/json")
    return attachment(file, f"{name}.pdf", "application/pdf")


@checked
async def official(request: Request, actor: Actor) -> Response:
    """An official document in `?language=` ko or en: as a draft PDF, or as a file for Word or Hangul."""
    number, kind = whole(request.path_params["assessment_id"]), request.path_params["kind"]
    form, language = request.path_params["form"], _language(request)
    if form == "pdf":
        name, content = await official_documents.draft(number, actor, kind, language)
        return attachment(content, f"{name}.pdf", "application/pdf")
    return await pools.FILES.run(_office_file, number, actor, kind, form, language)


def _office_file(number: int, actor: Actor, kind: str, form: str, language: str) -> Response:
    from exports.forms import hwpx, official_docx

    writers = {"docx": (official_docx.as_docx, official_docx.DOCX), "hwpx": (hwpx.as_hwpx, hwpx.HWPX)}
    _check_form(form, official_documents.FORMS)
    document = official_documents.document(number, actor, kind, language, is_final=True)
    write, media_type = writers[form]
    return attachment(write(document), f"{document.name}.{form}", media_type)


@checked
def sealed_official(request: Request, actor: Actor) -> Response:
    """A sealed official document, byte for byte, or what was frozen in it."""
    number, which = (whole(request.path_params[name]) for name in ("assessment_id", "number"))
    with database.reading(actor) as session:
        document, content, file = viewing.official_document(session, actor, number, which)
    name = f"{content['document_id']}-{document.kind}-{document.language}"
    if request.path_params["form"] == "json":
        return attachment(canonical(content), f"{name}.json", "application/json")
    return attachment(file, f"{name}.pdf", "application/pdf")


def _language(request: Request) -> str:
    """As asked for, else the reader's."""
    choice = request.query_params.get("language", translation.language_of(request.cookies))
    _check_language(choice, translation.LANGUAGES)
    return choice


def _check_language(choice: str, choices: Collection[str]) -> None:
    """Raises: NotFoundError, which names those that there are."""
    if choice not in choices:
        raise NotFoundError(TEXTS.told("no_such_language", choice=choice[:20], choices=", ".join(choices)))


def _check_form(form: str, forms: Collection[str]) -> None:
    """Raises: NotFoundError, which names those that there are."""
    if form not in forms:
        raise NotFoundError(TEXTS.told("no_such_form", form=form[:40], forms=", ".join(forms)))


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A download with its own file name, whatever characters it contains."""
    ascii_name = "".join(
        character if character.isascii() and (character.isalnum() or character in "._-") else "_" for character in name
    )
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _sealed(request: Request, actor: Actor) -> SealedReport:
    """The sealed report named by the address; among several languages the newest. Raises: NotFoundError."""
    assessment_id, is_copy = whole(request.path_params["assessment_id"]), request.query_params.get("copy") == "redacted"
    revision, which = request.query_params.get("revision", ""), request.query_params.get("file", "")
    with database.reading(actor) as session:
        known = viewing.sealed_reports(session, actor, assessment_id)
    for sealed_report in known:
        is_meant = which in ("", str(sealed_report.id)) and revision in ("", str(sealed_report.revision))
        if is_meant and (sealed_report.redacts is not None) is is_copy:
            return sealed_report
    raise NotFoundError(TEXTS.told("no_sealed_report", id=assessment_id))


def _record(request: Request, actor: Actor) -> Record:
    """The record of the sealed report named by the address, or of the newest revision: as sealed, or as it is now."""
    number = whole(request.path_params["assessment_id"])
    is_named = {"revision", "copy", "file"} & request.query_params.keys()
    sealed_report = _sealed(request, actor) if is_named else reports.newest_sealed(number, actor)
    return reports.record_of(number, actor, now()) if sealed_report is None else reports.record_in(sealed_report)


ROUTES = (
    Route("/files/evidence/{evidence_id}", evidence),
    Route("/files/proof/{proof_id}", proof),
    Route("/files/calendar.ics", calendar),
    Route("/files/portfolio/{table}.{ending}", portfolio),
    Route("/files/register.{ending}", register),
    Route("/files/requests.{ending}", requests),
    Route("/files/meeting/{meeting_id}/minutes.{form}", meeting_minutes),
    Route("/files/meeting/{meeting_id}/{number}.{form}", meeting_document),
    Route("/files/document/{assessment_id}/sealed/{number}.{form}", sealed_official),
    Route("/files/document/{assessment_id}/{kind}.{form}", official),
    Route("/files/bundle.zip", bundle),
    Route("/files/report/{assessment_id}/draft.pdf", draft),
    Route("/files/report/{assessment_id}/sealed.pdf", sealed),
    Route("/files/report/{assessment_id}/archive.pdf", archived),
    Route("/files/report/{assessment_id}/record.json", record),
    Route("/files/report/{assessment_id}/certificate.pem", certificate),
    Route("/files/report/{assessment_id}/as/{form}", other),
)
