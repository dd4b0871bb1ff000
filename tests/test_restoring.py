"""An older answer is put back, from an event or from what was submitted, as a deed of its own."""

from __future__ import annotations

import pytest

from assessments import actions, viewing
from assessments.errors import NotAllowedError, NotFoundError, StaleAssessmentError, WrongStatusError
from assessments.model import Actor
from assessments.storage import event_lines
from assessments.storage.older_answers import OlderAnswer
from tests.office import ADA, ANSWERS, AT, KIM, LEE, SEO, Office

WHERE = "hiring.told"


def _restore(office: Office, number: int, of: OlderAnswer, seen: int, by: Actor = SEO, where: str = WHERE) -> None:
    with office.database.transaction() as session:
        actions.restore_response(session, number, where, of, seen, by, AT)


def _last(office: Office, number: int) -> int:
    with office.database.reading() as session:
        return viewing.events(session, KIM, number, 1)[0].seq


def test_an_answer_is_put_back_from_the_history_with_its_note_and_says_what_it_replaces(office: Office) -> None:
    number = office.start()
    first = office.answer(number, WHERE, "처음 답", note="처음 메모")
    written = _last(office, number)
    second = office.answer(number, WHERE, "나중 답", first.lock_version)
    _restore(office, number, OlderAnswer(event=written), second.lock_version)
    now = office.read(number).responses["hiring"]["told"]
    assert (now.answer, now.note, now.by) == ("처음 답", "처음 메모", SEO.person)
    with office.database.reading() as session:
        line = event_lines.event(session, _last(office, number))
    assert line.kind == "restore_response" and line.values["source"] == {"event": written}
    assert (line.values["old"]["answer"], line.values["new"]["answer"]) == ("나중 답", "처음 답")
    _restore(office, number, OlderAnswer(event=written + 1), now.lock_version)
    assert office.read(number).responses["hiring"]["told"].answer == "나중 답"


@pytest.mark.slow
def test_answers_of_every_type_are_put_back_from_what_was_submitted(office: Office) -> None:
    number = office.start()
    office.submit(number)
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "고치십시오.", LEE, AT)
    for name in ANSWERS["hiring"]:
        seen = office.read(number).responses["hiring"][name].lock_version
        office.answer(number, f"hiring.{name}", None, seen)
        _restore(office, number, OlderAnswer(revision=1, round=1), seen + 1, where=f"hiring.{name}")
    assert {name: answer.answer for name, answer in office.read(number).responses["hiring"].items()} == dict(
        ANSWERS["hiring"]
    )


def test_where_there_was_no_answer_then_it_is_retracted(office: Office) -> None:
    number = office.start()
    office.answer(number, WHERE, "답")
    office.answer(number, WHERE, None, 1)
    retracted = _last(office, number)
    office.answer(number, WHERE, "다시", 2)
    _restore(office, number, OlderAnswer(event=retracted), 3)
    assert "told" not in office.read(number).responses.get("hiring", {})


@pytest.mark.slow
def test_nothing_is_put_back_over_what_its_reader_has_not_seen(office: Office) -> None:
    number = office.start()
    office.answer(number, WHERE, "하나")
    written = _last(office, number)
    office.answer(number, WHERE, "둘", 1)
    with pytest.raises(StaleAssessmentError):
        _restore(office, number, OlderAnswer(event=written), 1)
    with pytest.raises(NotAllowedError):
        _restore(office, number, OlderAnswer(event=written), 2, LEE)
    other = office.start()
    office.answer(other, WHERE, "남의 답")
    foreign = _last(office, other)
    for of in (OlderAnswer(event=foreign), OlderAnswer(event=9999), OlderAnswer(revision=7, round=1)):
        with pytest.raises(NotFoundError):
            _restore(office, number, of, 2)
    with pytest.raises(NotFoundError):
        _restore(office, number, OlderAnswer(event=written), 0, where="hiring.used")
    with office.database.transaction() as session:
        actions.erase_values(session, written, ["new"], "개인정보", ADA, AT)
    with pytest.raises(NotFoundError):
        _restore(office, number, OlderAnswer(event=written), 2)
    office.submit(number)
    with pytest.raises(WrongStatusError):
        _restore(office, number, OlderAnswer(event=written + 1), 2)
    assert office.read(number).responses["hiring"]["told"].answer == "둘"
