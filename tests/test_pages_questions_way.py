"""The way through the questions: their pages, what is next, answers given all at once, and answers of earlier assessments."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from assessments import actions
from assessments.model import Actor, Response
from assessments.storage import database, reader
from pages._field.letter import Letter, Words
from pages._frame.database import act_for
from pages._parts import questions, way
from questionnaires import load
from tests.office import AT, KIM, LEE, Office, open_credit_office
from tests.screens import Visitors


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """With two assessments of one system."""
    return open_credit_office(tmp_path, monkeypatch, assessments=2)


def answer(number: int, questionnaire: str, question: str, value: object) -> None:
    with database.transaction() as session:
        response = Response(question, value)  # type: ignore[arg-type]
        actions.record_response(session, number, questionnaire, response, KIM, AT)


@pytest.mark.slow
def test_every_section_stands_on_exactly_one_page() -> None:
    for name in load.ids():
        questionnaire = load.newest(name).questionnaire
        places = [place for page in way.pages(questionnaire) for place in page]
        assert places == list(range(len(questionnaire.sections))), name


@pytest.mark.slow
def test_next_leads_through_every_screen_that_may_ask_something_and_ends_at_review(
    office: Office, visitors: Visitors
) -> None:
    answer(1, "involvement", "relies_on_people", "yes")
    visitors.sign_in(KIM)
    screen = visitors.open("answer", assessment=1, questionnaire="area")
    seen = []
    for _ in range(30):
        onward = screen.html.partition('class="h-onward"')[2]
        _, button, rest = onward.partition('class="h-button" href="')
        if not button:
            break
        address = rest.partition('"')[0].replace("&amp;", "&").partition("#")[0]
        path, _, query = address.strip("/").partition("?")
        seen.append(path)
        screen = visitors.open(path, **dict(pair.split("=") for pair in query.split("&")))
    assert seen.count("answer") == 8, "role, three pages on loans, two on impacts, two on duties, and none twice"
    assert seen[seen.index("impacts") :] == [
        *("impacts", "involvement", "involvement", "involvement", "log"),
        *("answer", "answer", "review"),
    ]


@pytest.mark.slow
def test_no_claim_is_an_answer_and_its_questions_are_not_missing(office: Office, visitors: Visitors) -> None:
    html = visitors.sign_in(KIM).open("assessment", assessment=1).html
    assert "주장하지 않음도 답입니다" in html
    answer(1, "involvement", "relies_on_people", "no")
    html = visitors.open("assessment", assessment=1).html
    assert "주장하지 않음도 답입니다" not in html and "주장하지 않음" in html
    review = visitors.open("review", assessment=1).html
    assert "정당한 권한" not in review.partition("더 보완할")[2].partition("</details>")[0]


@pytest.mark.slow
def test_open_questions_with_the_same_answers_are_answered_at_once_and_no_other(
    office: Office, visitors: Visitors
) -> None:
    answer(1, "credit", "bias_test", "planned")
    screen = visitors.sign_in(KIM).open("answer", assessment=1, questionnaire="credit", section="transparency")
    (key,) = [
        button.key for button in screen.app.button if button.key and button.key.endswith("applicant_notice-in_place")
    ]
    screen.click(key)
    answers = office.read(1).answers("credit")
    assert answers["applicant_notice"] == "in_place" == answers["score_effect"]
    assert answers["bias_test"] == "planned" and "explainability" not in answers
    assert not screen.has_button(key), "nothing of it is open"


def test_yes_and_no_are_never_said_of_several_at_once(visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("answer", assessment=1, questionnaire="credit")
    assert not [button.key for button in screen.app.button if (button.key or "").endswith(("-yes", "-no"))]


@pytest.mark.slow
def test_an_earlier_answer_is_offered_with_its_day_and_taken_only_when_asked(
    office: Office, visitors: Visitors
) -> None:
    answer(1, "credit", "institution", "financial")
    screen = visitors.sign_in(KIM).open("answer", assessment=2, questionnaire="credit")
    assert f"{AT.year}. {AT.month}. " in screen.html and "평가 1번" in screen.html
    assert office.read(2).answers("credit") == {}
    screen.click("earlier-a2-1-credit-institution")
    assert office.read(2).answers("credit") == {"institution": "financial"}
    assert not screen.has_button("earlier-a2-1-credit-institution")
    assert "credit" not in office.read(1).answers("area"), "the earlier one stays as it is"
    assert (
        not visitors.sign_in(LEE)
        .open("answer", assessment=2, questionnaire="credit")
        .has_button("earlier-a2-1-credit-borrowers")
    )


def test_of_a_system_assessed_many_times_the_last_answer_is_read_and_only_where_one_is_asked_for(
    office: Office,
) -> None:
    with database.transaction() as session:
        for _ in range(2):
            actions.start_assessment(session, 1, "credit", KIM, AT)
    for number, value in ((1, "financial"), (2, "non_financial"), (3, "unknown")):
        with database.transaction() as session:
            response = Response("institution", value)
            actions.record_response(session, number, "credit", response, KIM, AT + timedelta(minutes=number))
    answer(1, "credit", "bias_test", "planned")
    with database.transaction() as session:
        actions.withdraw(session, 3, "begun twice", KIM, AT)
    with database.reading() as session:
        draft = reader.get_assessment(session, 4)
        rows = partial(reader.earlier_answers, session, draft, "credit")
        assert {
            name: (said.value, said.assessment_id) for name, said in rows(["institution", "borrowers"]).items()
        } == {"institution": ("non_financial", 2)}
        assert rows([]) == {}
    office.answer(2, "credit.institution", None, seen=1)
    with database.reading() as session:
        assert reader.earlier_answers(session, draft, "credit", ["institution"])["institution"].assessment_id == 1


@pytest.mark.slow
def test_what_somebody_answered_meanwhile_is_not_written_over_by_an_earlier_answer(
    office: Office, visitors: Visitors
) -> None:
    answer(1, "credit", "institution", "financial")
    other = next(
        option.value
        for question in load.newest("credit").questionnaire.questions()
        if question.id == "institution"
        for option in question.options
        if option.value != "financial"
    )
    screen = visitors.sign_in(KIM).open("answer", assessment=2, questionnaire="credit")
    answer(2, "credit", "institution", other)
    screen.click("earlier-a2-1-credit-institution")
    assert office.read(2).answers("credit") == {"institution": other}
    assert "그 답변을 그대로 둡니다" in screen.html


@pytest.mark.slow
def test_saying_that_a_claim_is_made_changes_what_comes_next_at_once(office: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(KIM).open("involvement", assessment=1, section="claim")
    assert "questionnaire=duties" in screen.html.partition('class="h-onward"')[2]
    answer(1, "involvement", "relies_on_people", "yes")
    screen.app.run()
    onward = screen.html.partition('class="h-onward"')[2]
    assert "/involvement?" in onward and "questionnaire=duties" not in onward


def test_words_that_ones_own_saved_words_begin_are_no_conflict_and_those_of_somebody_else_are(office: Office) -> None:
    """A server that died may have saved what was typed up to a moment ago, and nobody was told."""
    question = load.newest("impact").questionnaire.question("purpose")
    place, other = questions.Place(1, 1, "impact"), Actor("park", "박두나", KIM.roles)

    def judged(actor: Actor, text: str, note: str = "") -> str:
        """Of a letter that was begun when nothing was saved yet."""
        act_for(KIM)  # behind the walls of a database server a run sees what its person reaches
        letter = Letter("n", place.token("purpose", actor), Words(text, note), 0, Words(), ())
        return questions.settle(place, question, letter, actor).kind

    assert judged(KIM, "심사를 돕기 위해") == "saved"
    assert judged(KIM, "심사를 돕기 위해 씁니다") == "saved"
    assert office.read(1).answers("impact")["purpose"] == "심사를 돕기 위해 씁니다"
    assert judged(KIM, "다른 목적") == "conflict", "what is not gone on from would be lost"
    assert judged(other, "심사를 돕기 위해 씁니다. 그리고") == "conflict", "another person's words are theirs"
    assert office.read(1).answers("impact")["purpose"] == "심사를 돕기 위해 씁니다"
    act_for(None)
