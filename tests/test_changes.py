"""What changed: every difference of two contents, and what was submitted each time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessments import actions, viewing
from assessments.content.canonical import content, digest
from assessments.content.changes import ContentChange, Subject, compare
from assessments.errors import AlteredFileError, NotFoundError
from assessments.model import Actor, Assessment, Grant, Measure, Role, Ruling
from assessments.storage import submissions
from tests.office import AT, KIM, LEE, Office
from tests.test_files import assessments

MEASURES = (Measure("m1", "다시 본다"), Measure("m2", "알린다"))


@pytest.mark.slow
@given(assessments(), assessments())
def test_contents_differ_exactly_where_something_is_told(one: Assessment, other: Assessment) -> None:
    mixed = replace(one, measures=other.measures, responses={**one.responses, **other.responses})
    for left, right in ((one, one), (one, other), (one, mixed), (other, mixed)):
        before, after = content(left), content(right)
        changes = compare(before, after)
        assert (not changes) == (digest(before) == digest(after))
        assert all(change.before != change.after for change in changes)
        back = compare(after, before)
        assert {(change.subject, change.where) for change in changes} == {(same.subject, same.where) for same in back}


def test_each_kind_of_change_is_named_with_both_sides(office: Office) -> None:
    number = office.start()
    before = replace(office.read(number), measures=MEASURES)
    assert compare(content(before), content(before)) == ()
    turned = compare(content(before), content(replace(before, measures=MEASURES[::-1])))
    assert turned == (ContentChange(Subject.ORDER, "measures", ["m1", "m2"], ["m2", "m1"]),)
    (gone,) = compare(content(before), content(replace(before, measures=MEASURES[:1])))
    assert (gone.subject, gone.where, gone.after, gone.is_gone) == (Subject.MEASURE, "m2", None, True)
    (new,) = compare(content(replace(before, measures=MEASURES[:1])), content(before))
    assert new.before is None and new.after["text"] == "알린다"
    other = replace(before.operator, name="다른 회사")
    (named,) = compare(content(before), content(replace(before, operator=other)))
    assert (named.subject, named.where, named.before) == (Subject.OPERATOR, "name", before.operator.name)


def _base(office: Office, number: int) -> tuple[int, int] | None:
    with office.database.reading() as session:
        kept = viewing.submitted_before(session, LEE, office.read(number))
        return (kept.revision, kept.round) if kept else None


def _changed(office: Office, number: int) -> list[tuple[Subject, str]]:
    with office.database.reading() as session:
        now = office.read(number)
        kept = viewing.submitted_before(session, LEE, now)
        assert kept is not None
        return [(change.subject, change.where) for change in compare(kept.content, content(now))]


@pytest.mark.slow
def test_what_is_compared_with_is_what_was_submitted_last(office: Office) -> None:
    number = office.start()
    assert _base(office, number) is None
    office.submit(number)
    assert _base(office, number) is None, "the first submission has none before it"
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "3번을 고치십시오.", LEE, AT)
    assert _base(office, number) == (1, 1) and _changed(office, number) == []
    seen = office.read(number).responses["hiring"]["people"].lock_version
    office.answer(number, "hiring.people", 999, seen)
    assert _changed(office, number) == [(Subject.ANSWER, "hiring.people")]
    office.submit(number)
    assert _base(office, number) == (1, 1) and _changed(office, number) == [(Subject.ANSWER, "hiring.people")]
    digest_seen = office.read(number).content_sha256 or ""
    with office.database.transaction() as session:
        actions.record_decision(session, number, Ruling.APPROVED, "충분하다.", (), digest_seen, LEE, AT)
        actions.revise(session, number, KIM, AT)
    assert _base(office, number) == (1, 2) and _changed(office, number) == []
    office.submit(number)
    assert _base(office, number) == (1, 2) and _changed(office, number) == [], (
        "an unchanged revision is said to be unchanged"
    )


@pytest.mark.sqlite
@pytest.mark.slow
def test_a_home_of_before_compares_with_the_revision_before(office: Office) -> None:
    number = office.start()
    office.submit(number)
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
        session.connection().execute(text("DROP TRIGGER submission_frozen_delete"))
        session.connection().execute(text("DELETE FROM submission"))
    assert _base(office, number) == (1, 0) and _changed(office, number) == []


@pytest.mark.sqlite
def test_what_was_submitted_stays_as_it_was_and_is_told_where_it_did_not(office: Office) -> None:
    number = office.start()
    office.submit(number)
    for statement in (
        "UPDATE submission SET content = '{}'",
        "DELETE FROM submission",
        "INSERT OR REPLACE INTO submission SELECT * FROM submission",
    ):
        with pytest.raises(IntegrityError), office.database.transaction() as session:
            session.connection().execute(text(statement))
    with office.database.transaction() as session:
        session.connection().execute(text("DROP TRIGGER submission_no_update"))
        session.connection().execute(text("UPDATE submission SET content = replace(content, '지원자', '응시자')"))
    with pytest.raises(AlteredFileError), office.database.reading() as session:
        submissions.all_of(session, number)


@pytest.mark.slow
def test_a_deleted_draft_takes_what_was_submitted_with_it(office: Office) -> None:
    number = office.start()
    office.submit(number)
    with office.database.transaction() as session:
        actions.return_to_author(session, number, "고치십시오.", LEE, AT)
        actions.delete_draft(session, number, KIM, AT)
        assert session.connection().execute(text("SELECT count(*) FROM submission")).scalar() == 0


def test_what_was_submitted_elsewhere_does_not_exist_for_others(office: Office) -> None:
    number = office.start()
    office.submit(number)
    stranger = Actor("far", "멀리", frozenset({Role.COMMITTEE_MEMBER}), frozenset({Grant(Role.COMMITTEE_MEMBER, 99)}))
    with office.database.reading() as session, pytest.raises(NotFoundError):
        viewing.submissions(session, stranger, number)
