"""What follows from an assessment is derived once for whoever stores it and whoever shows it, and never remembered too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from assessments import actions, derivation, editions
from assessments.errors import QuestionnaireChangedError
from assessments.file import assessment_file
from assessments.model import Response
from assessments.rules.findings import derive
from assessments.storage import projection
from questionnaires import load
from questionnaires.vocabulary import QuestionType
from tests.office import ANSWERS, AT, KIM, Office

SHIPPED = load.FOLDER


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[date | None]:
    """The day of each derivation."""
    days: list[date | None] = []

    def counted(*parts: Any, judged_on: date | None = None) -> Any:
        days.append(judged_on)
        return derive(*parts, judged_on=judged_on)

    monkeypatch.setattr(derivation, "derive", counted)
    return days


def test_what_a_deed_derived_is_what_the_screen_shows(office: Office, judged: list[date | None]) -> None:
    number = office.start()
    judged.clear()
    for seen, answer in enumerate(("yes", "no")):
        with office.database.transaction() as session:
            response = Response("used", answer, lock_version=seen)
            actions.record_response(session, number, "hiring", response, KIM, AT + timedelta(seconds=seen + 0.123456))
        stored = office.read(number)
        shown = derivation.of(stored, AT)
        assert shown == derive(editions.questionnaires(stored), stored, judged_on=stored.day_judged())
    assert len(judged) == 2, "once for each answer"


def test_other_words_are_not_judged_anew(office: Office, judged: list[date | None]) -> None:
    number = office.start()
    question = next(
        f"{name}.{question.id}"
        for name, questionnaire in editions.questionnaires(office.read(number)).items()
        for question in questionnaire.questions()
        if question.type is QuestionType.TEXT
    )
    office.answer(number, question, "앞의 말")
    judged.clear()
    office.answer(number, question, "뒤의 말", seen=1)
    stored = office.read(number)
    shown = derivation.of(stored, AT)
    assert not judged and shown == derive(editions.questionnaires(stored), stored, judged_on=stored.day_judged())
    office.answer(number, question, None, seen=2)
    office.answer(number, question, "다시", seen=3, note="쪽지")
    assert len(judged) == 2, "whether there are words, and a note, is something else"


@pytest.mark.slow
@pytest.mark.parametrize("example", ["hiring", "credit", "medical"])
def test_no_rule_reads_words(example: str) -> None:
    """Nor who answered, and when: upon that they are left out of what results are remembered by."""
    stated = assessment_file.read_file(Path(__file__).parents[1] / "examples" / f"{example}.yaml").assessment
    questionnaires = editions.questionnaires(stated)
    texts = {
        (name, question.id)
        for name, questionnaire in questionnaires.items()
        for question in questionnaire.questions()
        if question.type is QuestionType.TEXT
    }
    responses = {
        name: {
            question: replace(
                response,
                answer="전혀 다른 말" if (name, question) in texts and response.answer is not None else response.answer,
                note="다른 쪽지" if response.note else "",
                by=KIM.person,
                at=AT,
                lock_version=7,
            )
            for question, response in answered.items()
        }
        for name, answered in stated.responses.items()
    }
    other = replace(stated, responses=responses)
    assert sum(name in other.answers(of) for of, name in texts) > 3
    assert derive(questionnaires, other) == derive(questionnaires, stated)


def test_another_content_day_or_file_is_another_result(
    office: Office, judged: list[date | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.start()
    before = office.read(number)
    derivation.of(before, AT)
    judged.clear()
    assert derivation.of(before, AT + timedelta(days=2)) is not None
    assert judged == [before.day_judged(AT.date() + timedelta(days=2))]
    office.answer(number, "hiring.review", str(ANSWERS["hiring"]["review"]))
    assert derivation.of(before, AT) != derivation.of(office.read(number), AT)
    file = next((load.FOLDER / "hiring").glob("*.yaml"))
    file.write_text(file.read_text("utf-8") + "# another digest\n", "utf-8")
    with pytest.raises(QuestionnaireChangedError):
        derivation.of(before, AT)


def test_only_so_many_are_remembered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "MOST", 3)
    monkeypatch.setattr(derivation, "_remembered", {})
    for _ in range(7):
        derivation.of(office.read(office.start()), AT)
        assert len(derivation._remembered) <= 3


@pytest.mark.slow
def test_a_file_with_many_answers_is_derived_when_all_are_stored(
    office: Office, judged: list[date | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "FOLDER", SHIPPED)
    stated = assessment_file.read_file(Path(__file__).parents[1] / "examples" / "hiring.yaml")
    draft = replace(stated.assessment, evidence=(), explanations=(), decision=None, sign_off=None)
    stated = replace(stated, assessment=draft)
    assert sum(map(len, stated.assessment.responses.values())) > 50
    rows = "SELECT * FROM projection"
    with office.database.transaction() as session:
        actions.load_stated(session, stated, [KIM], AT)
        assert len(judged) <= 2, judged
        at_once = session.connection().exec_driver_sql(rows).mappings().all()
        projection.rebuild(session)
        assert session.connection().exec_driver_sql(rows).mappings().all() == at_once
        assert len(at_once) == 1
