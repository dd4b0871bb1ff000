"""The two minutes before anything else, as a plain page without sign-in: do I need this at all? /screening.

The area questionnaire's questions and the rules' own answer. Nothing is stored here; what was answered goes into a
cookie of this browser, and into the assessment that is started from it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assessments import editions
from assessments.content.answers import check_answer
from assessments.errors import InvalidAnswerError
from assessments.model import Answer
from assessments.rules.determination import Asked, Screening, screen
from assessments.rules.findings import AREA
from pages._frame import labels, plain, translation
from pages._server import received
from questionnaires import load
from questionnaires.load import Edition
from questionnaires.schema import Question, QuestionType, Text

COOKIE = "haetae_screening"
A_DAY_SECONDS = 24 * 3600
MAX_COOKIE = 3000


def carried(cookies: Mapping[str, str]) -> dict[str, Answer]:
    """What was answered in the screening; nothing where the cookie is missing or no longer fits the questions."""
    try:
        given = json.loads(base64.urlsafe_b64decode(cookies.get(COOKIE, "").encode()))
        asked = _edition().questionnaire
        return {name: check_answer(asked.question(name), value) for name, value in given.items()}
    except (ValueError, KeyError, AttributeError, InvalidAnswerError):
        return {}


def _edition() -> Edition:
    return load.in_force(AREA, editions.seoul_day(datetime.now(UTC)))


def ask(request: Request) -> Response:
    """The questions, with what this browser answered before."""
    language = translation.language_of(request.cookies)
    return _page(language, carried(request.cookies), None)


async def judge(request: Request) -> Response:
    """The questions again, and above them what follows from the answers."""
    language = translation.language_of(request.cookies)
    form = parse_qs((await received.body(request)).decode("utf-8", "replace"))
    answers = {}
    for question in _edition().questionnaire.questions():
        given = form.get(question.id, [])
        if given:
            try:
                answers[question.id] = check_answer(
                    question, given if question.type is QuestionType.CHOICES else given[0]
                )
            except InvalidAnswerError as error:
                return _page(language, answers, error.text, status=422)
    answer = _page(language, answers, screen(Asked(_edition().questionnaire, answers)))
    kept = base64.urlsafe_b64encode(json.dumps(answers).encode()).decode()
    if len(kept) <= MAX_COOKIE:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, kept, max_age=A_DAY_SECONDS, httponly=True, samesite="lax", path="/", secure=secure)
    return answer


def _page(language: str, answers: Mapping[str, Answer], found: Screening | Text | None, status: int = 200) -> Response:
    say = translation.translate
    edition = _edition()
    title = say("Do I need this at all?", language)
    lead = say("Five questions, two minutes, no account. Nothing is stored on the server.", language)
    draft = (
        "" if edition.is_released else f'<p class="quiet">{escape(say("Draft edition, not released.", language))}</p>'
    )
    result = _result(found, edition, language) if isinstance(found, Screening) else ""
    if isinstance(found, Text):
        result = f'<p role="alert"><strong>{escape(found[language])}</strong></p>'
    fields = "".join(
        _field(question, answers.get(question.id), language) for question in edition.questionnaire.questions()
    )
    button = f'<button class="act">{escape(say("Show what follows", language))}</button>'
    body = f'<h1>{escape(title)}</h1><p class="quiet">{escape(lead)}</p>{draft}{result}'
    body += f'<form method="post" action="/screening" class="screening">{fields}{button}</form>'
    return plain.page(language, body, title=title, status=status)


def _result(found: Screening, edition: Edition, language: str) -> str:
    say, sources = translation.translate, edition.questionnaire.sources
    if found.goes_on:
        heading = say("Yes: a questionnaire of its domain decides whether it is high-impact", language)
    else:
        heading = labels.outcome(found.determination.outcome, language)
        if found.determination.contested:
            heading += f" ({say('contested', language)})"
    if found.determination.deciding:
        asked = [edition.questionnaire.question(name.rpartition(".")[2]) for name in found.determination.deciding]
        lead = say("Answer these questions too; the outcome depends on them:", language)
        rows = "".join(f"<li>{escape(one.text[language])}</li>" for one in asked)
    else:
        lead = ""
        said = [(one.text, one.source) for one in (*found.determination.reasons, *found.determination.grounds)]
        rows = "".join(
            f'<li>{escape(text[language])}<br><span class="quiet">{escape(sources[source].title[language])}</span></li>'
            for text, source in said
        )
    more = say("Start an assessment with these answers", language)
    note = say("This informs; it is no legal advice.", language)
    return (
        f'<section class="result" role="status"><h2>{escape(heading)}</h2><p>{escape(lead)}</p><ul>{rows}</ul>'
        f'<p><a class="act" href="/systems">{escape(more)}</a></p><p class="quiet">{escape(note)}</p></section>'
    )


def _field(question: Question, answer: Answer | None, language: str) -> str:
    kind = "checkbox" if question.type is QuestionType.CHOICES else "radio"
    chosen = answer if isinstance(answer, tuple) else (answer,)
    boxes = "".join(
        f'<label><input type="{kind}" name="{escape(question.id)}" value="{escape(option.value)}"'
        f"{' checked' if option.value in chosen else ''}> {escape(option.label[language])}</label>"
        for option in question.options
    )
    why = f'<p class="quiet">{escape(question.why[language])}</p>' if question.why else ""
    return f"<fieldset><legend>{escape(question.text[language])}</legend>{why}{boxes}</fieldset>"


ROUTES = (Route("/screening", ask, methods=["GET"]), Route("/screening", judge, methods=["POST"]))
