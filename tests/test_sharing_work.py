"""Sections are given to people until a day, found on their first screen, done or taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from assessments import actions, viewing
from assessments.errors import InvalidAnswerError, NotAllowedError, NotFoundError, WrongStatusError
from assessments.home import home
from assessments.model import Actor
from assessments.people import add_person
from assessments.storage.database import Session
from assessments.storage.entries import GivenEntry, GivenSection
from questionnaires.wording import seoul_day
from tests.office import AT, KIM, LEE, SEO, Office

TODAY = seoul_day(AT)
PLACE = "scenarios"


@pytest.fixture
def number(office: Office) -> int:
    for actor in (KIM, SEO, LEE):
        add_person(home(), actor.id, actor.name, sorted(actor.roles))
    return office.start()


def _give(office: Office, number: int, place: str = PLACE, person: str = SEO.id, due: date = TODAY) -> None:
    with office.database.transaction() as session:
        actions.give_section(session, number, place, person, due, KIM, AT)


def _sections(office: Office, number: int) -> tuple[GivenSection, ...]:
    with office.database.reading() as session:
        return viewing.given_sections(session, LEE, office.read(number))


def _list_of(office: Office, who: Actor) -> tuple[GivenEntry, ...]:
    with office.database.reading() as session:
        return viewing.given_to(session, who)


def test_a_section_waits_for_whoever_has_it_the_earliest_first(office: Office, number: int) -> None:
    section = "hiring/all"
    _give(office, number, due=TODAY + timedelta(days=3))
    _give(office, number, section, due=TODAY)
    assert [entry.section.place for entry in _list_of(office, SEO)] == [section, PLACE]
    assert not _list_of(office, KIM)
    (earlier, later) = _sections(office, number)
    assert earlier.is_overdue(TODAY + timedelta(days=1)) and not earlier.is_overdue(TODAY)
    assert (later.person, later.by, later.due) == (SEO.person, KIM.person, TODAY + timedelta(days=3))
    with office.database.transaction() as session:
        actions.finish_section(session, number, section, SEO, AT)
        with pytest.raises(WrongStatusError):
            actions.finish_section(session, number, section, SEO, AT)
        actions.take_back_section(session, number, PLACE, KIM, AT)
    assert not _list_of(office, SEO)
    assert [(done.place, done.done_at) for done in _sections(office, number)] == [(section, AT)]
    _give(office, number, section, KIM.id)
    assert [(again.person, again.done_at) for again in _sections(office, number)] == [(KIM.person, None)]


def test_only_writers_are_given_a_section_by_whoever_leads_and_only_they_finish_it(office: Office, number: int) -> None:
    for place, person, due in (
        (PLACE, LEE.id, TODAY),
        (PLACE, "nobody", TODAY),
        ("hiring/none", SEO.id, TODAY),
        ("hiring.used", SEO.id, TODAY),
        (PLACE, SEO.id, TODAY - timedelta(days=1)),
    ):
        with pytest.raises(InvalidAnswerError):
            _give(office, number, place, person, due)
    _give(office, number, person=KIM.id)
    refused: tuple[tuple[type[Exception], Callable[[Session], object]], ...] = (
        (NotAllowedError, lambda session: actions.give_section(session, number, PLACE, SEO.id, TODAY, SEO, AT)),
        (NotAllowedError, lambda session: actions.take_back_section(session, number, PLACE, SEO, AT)),
        (NotAllowedError, lambda session: actions.finish_section(session, number, PLACE, SEO, AT)),
        (NotAllowedError, lambda session: actions.finish_section(session, number, PLACE, LEE, AT)),
        (NotFoundError, lambda session: actions.finish_section(session, number, "hiring/all", KIM, AT)),
    )
    for error, deed in refused:
        with pytest.raises(error), office.database.transaction() as session:
            deed(session)
    with office.database.transaction() as session:
        actions.give_section(session, number, PLACE, SEO.id, TODAY, KIM, AT)
        actions.finish_section(session, number, PLACE, KIM, AT)


@pytest.mark.slow
def test_what_is_submitted_waits_for_nobody_and_a_new_revision_begins_without(office: Office, number: int) -> None:
    _give(office, number)
    frozen = office.submit(number)
    assert not _list_of(office, SEO) and _sections(office, number)
    with pytest.raises(WrongStatusError):
        _give(office, number)
    office.decide(number, frozen)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    assert not _sections(office, number) and not _list_of(office, SEO)


def test_the_sections_of_a_deleted_draft_wait_for_nobody(office: Office, number: int) -> None:
    _give(office, number)
    with office.database.transaction() as session:
        actions.delete_draft(session, number, KIM, AT)
    assert not _list_of(office, SEO)
