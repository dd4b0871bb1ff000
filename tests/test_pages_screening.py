"""The two minutes before anything else: no account, the rules' own answer, carried into the assessment."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from pages._frame import cookies
from pages._server import screening
from tests.asgi import HOST, Answer, ask

APP = Starlette(routes=screening.ROUTES)
ENGLISH = {"haetae_language": "en"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path))


def post(answers: dict[str, str], origin: str = f"http://{HOST}") -> Answer:
    return ask(APP, "/screening", "POST", body=urlencode(answers).encode(), cookies=ENGLISH, origin=origin)


BASE = {"ai_system": "yes", "korea_link": "in_korea", "defence": "no"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (BASE | {"areas": "hiring"}, "a questionnaire of its domain decides"),
        (BASE | {"areas": "energy"}, "Cannot determine"),
        (BASE | {"ai_system": "no"}, "Not high-impact"),
        ({}, "Cannot determine"),
    ],
)
def test_what_follows_is_said_with_its_sources(answers: dict[str, str], words: str) -> None:
    page = post(answers).text
    assert words.lower() in page.lower()
    assert "no legal advice" in page


def test_an_open_outcome_names_the_questions_it_hangs_on_and_states_nothing() -> None:
    page = post({}).text.partition('class="result"')[2].partition("</section>")[0]
    assert "Answer these questions too" in page and page.count("<li>") == 4 and "?" in page
    page = post(BASE | {"areas": "energy"}).text
    assert "Answer these questions too" not in page.partition("</section>")[0]


def test_all_questions_stand_on_one_plain_page() -> None:
    page = ask(APP, "/screening", cookies=ENGLISH).text
    assert page.count("<fieldset>") == len(list(screening._edition().questionnaire.questions()))
    assert "<script" not in page


def test_answers_are_carried_in_a_cookie_and_nothing_else_is_taken_from_it() -> None:
    name, _, value = post(BASE | {"areas": "hiring"}).headers["set-cookie"].partition(";")[0].partition("=")
    sent = {name: value.strip('"')}
    assert screening.carried(sent) == BASE | {"areas": ("hiring",)}
    assert screening.carried({}) == {} == screening.carried({cookies.SCREENING: "x!"})
    assert 'value="hiring" checked' in ask(APP, "/screening", cookies=sent).text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9"])
def test_another_site_cannot_plant_answers(origin: str) -> None:
    answer = post(BASE | {"areas": "hiring"}, origin)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "nothing", "x" * 3000])
def test_a_value_that_is_no_option_is_refused_in_a_sentence(value: str) -> None:
    answer = post({"ai_system": value})
    assert answer.status == 422
    assert "is no answer" in answer.text and "<script>alert" not in answer.text
