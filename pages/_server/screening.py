"""The two minutes before anything else, as a plain page without sign-in: do I need this at all? /screening.

The area questionnaire's questions and the rules' own answer. What was answered stays in a cookie of this browser until
somebody who is signed in wants to start an assessment from it; then it waits in their session (/screening/start).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessments.content.answers import check_answer
from assessments.errors import AssessmentError, InvalidAnswerError
from assessments.model import Answer
from assessments.rules.determination import AnsweredQuestionnaire, Screening, screen
from assessments.rules.findings import AREA
from assessments.storage import accounts, database
from pages._frame import cookies, enum_names, markup, plain, translation
from pages._server import entering, pools, received
from questionnaires import load, wording
from questionnaires.load import Edition
from questionnaires.question_types import to_json
from questionnaires.schema import Question, Text
from questionnaires.wording import seoul_day

A_DAY_SECONDS = 24 * 3600
MAX_COOKIE = 3000


def carried(sent: Mapping[str, str]) -> dict[str, Answer]:
    """Answers of the screening; empty if the cookie is missing or no longer fits the questions."""
    try:
        return checked(json.loads(base64.urlsafe_b64decode(cookies.value(sent, cookies.SCREENING).encode())))
    except ValueError:
        return {}


def checked(values: Mapping[str, object]) -> dict[str, Answer]:
    """The answers; empty if they do not fit the questions of today."""
    if not values:
        return {}
    try:
        questionnaire = _edition().questionnaire
        return {name: check_answer(questionnaire.question(name), value) for name, value in values.items()}
    except (ValueError, KeyError, AttributeError, InvalidAnswerError):
        return {}


def _edition() -> Edition:
    return load.in_force(AREA, seoul_day(datetime.now(UTC)))


def ask(request: Request) -> Response:
    """The questions, with what this browser answered before."""
    language = translation.language_of(request.cookies)
    return _page(language, carried(request.cookies), None)


async def judge(request: Request) -> Response:
    """The questions again, and above them what follows from the answers."""
    language = translation.language_of(request.cookies)
    if not entering.is_own_form(request):
        return entering.refused(language)
    form = parse_qs((await received.body(request)).decode("utf-8", "replace"))
    answers = {}
    for question in _edition().questionnaire.questions():
        values = form.get(question.id, [])
        if values:
            try:
                answers[question.id] = check_answer(question, values if question.type.takes_several else values[0])
            except InvalidAnswerError as error:
                known = tuple(value for value in values if question.option(value))
                answers[question.id] = known if question.type.takes_several else (known or ("",))[0]
                return _page(language, answers, error.text, status=422)
    answer = _page(language, answers, screen(AnsweredQuestionnaire(_edition().questionnaire, answers)))
    cookie = base64.urlsafe_b64encode(json.dumps(answers).encode()).decode()
    if len(cookie) <= MAX_COOKIE:
        cookies.keep(answer, cookies.SCREENING, cookie, max_age=A_DAY_SECONDS, samesite="lax")
    return answer


async def start(request: Request) -> Response:
    """Takes the answers out of the browser and into the session; the gate lets only somebody who is signed in come here."""
    language, answers = translation.language_of(request.cookies), carried(request.cookies)
    if answers:
        try:
            await pools.DOORS.run(_keep, cookies.value(request.cookies, cookies.SESSION), answers)
        except AssessmentError as error:
            return plain.sentence(language, error.text[language], 503)
    answer = RedirectResponse("/systems", status_code=303)
    cookies.drop(answer, cookies.SCREENING, samesite="lax")
    return answer


def _keep(token: str, answers: Mapping[str, Answer]) -> None:
    with database.transaction() as session:
        accounts.set_screening(session, token, {name: to_json(answer) for name, answer in answers.items()})


def _page(language: str, answers: Mapping[str, Answer], result: Screening | Text | None, status: int = 200) -> Response:
    edition = _edition()
    title = translation.translate("Do I need this at all?", language)
    body = markup.render(
        "server/screening.html.j2",
        language,
        title=title,
        edition=edition,
        released=wording.day(edition.released_on, language) if edition.released_on else "",
        problem=result if isinstance(result, Text) else None,
        result=_result(result, edition, language) if isinstance(result, Screening) else "",
        fields=[_field(question, answers.get(question.id), language) for question in edition.questionnaire.questions()],
    )
    return plain.page(language, body, title=title, status=status)


def _result(screening: Screening, edition: Edition, language: str) -> Markup:
    say, sources = translation.translate, edition.questionnaire.sources
    if screening.goes_on:
        heading = say("Yes: a questionnaire of its domain decides whether it is high-impact", language)
    else:
        heading = enum_names.outcome(screening.determination.outcome, language)
        if screening.determination.contested:
            heading += f" ({say('contested', language)})"
    determination, questionnaire = screening.determination, edition.questionnaire
    return markup.render(
        "server/screened.html.j2",
        language,
        heading=heading,
        asked=[questionnaire.question(name.rpartition(".")[2]) for name in determination.deciding],
        reasons=[
            *((reason.text, sources[reason.source]) for reason in determination.reasons),
            *((ground.text, sources[ground.source]) for ground in determination.grounds),
        ],
    )


def _field(question: Question, answer: Answer | None, language: str) -> Markup:
    return markup.render(
        "server/screening_field.html.j2",
        language,
        question=question,
        kind="checkbox" if question.type.takes_several else "radio",
        chosen=answer if isinstance(answer, tuple) else (answer,),
    )


ROUTES = (
    Route("/screening", ask, methods=["GET"]),
    Route("/screening", judge, methods=["POST"]),
    Route("/screening/start", start, methods=["GET"]),
)
