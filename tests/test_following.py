"""Deeds after a decision: what is due, followed up, changed, watched, held, retired, archived; and that nothing is done by half."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from assessments import actions, people, periods
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading import streaming
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.analysis import analyse
from assessments.decision_log.triggers import Figure, Trigger, Triggers
from assessments.errors import (
    AlreadyDoneError,
    AssessmentError,
    EvidenceRefusedError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    WrongStatusError,
)
from assessments.file import assessment_file
from assessments.home import home
from assessments.keeping import auditing, leftovers, starting
from assessments.model import Condition, Evidence, Measure, RefusalGoal, Ruling, Status
from assessments.rules.carrying import Mark
from assessments.rules.lifecycle import Cause, ChangeKind, Duty
from assessments.storage import carried, event_lines, following, history, reader
from assessments.storage.database import Session
from commands.main import app
from pages._server import reports
from questionnaires import load
from tests.logs import in_memory
from tests.office import ADA, AT, CHO, KIM, LEE, PARK, PDF, SEO, Office, open_credit_office, pdf

PLANNED = Measure("m1", "두 사람이 다시 본다", "인사팀", date(2027, 1, 31))
UPLOAD = actions.Upload("명단", "명단.pdf", PDF)
YEAR_ON = AT + timedelta(days=365)


def duties(office: Office, number: int) -> list[tuple[Cause, str, date]]:
    """As lists have them, which is what follows from all that is stored."""
    with office.database.transaction() as session:
        rows = session.connection().execute(
            text("SELECT cause, which, on_day FROM duty WHERE assessment_id = :number ORDER BY on_day, cause"),
            {"number": number},
        )
        listed = [(Cause(row.cause), row.which, date.fromisoformat(str(row.on_day))) for row in rows]
        derived: tuple[Duty, ...] = following.refresh(session, number)
    assert sorted(listed) == sorted((duty.cause, duty.which, duty.on) for duty in derived)
    return listed


def verified(office: Office) -> None:
    with office.database.reading() as session:
        made = auditing.audit(session, lambda _: None, notes=False)
    assert made.is_intact, made.findings


def kinds(session: Session, number: int) -> list[str]:
    rows = session.connection().execute(
        text("SELECT kind FROM event WHERE assessment_id = :number ORDER BY seq"), {"number": number}
    )
    return list(rows.scalars())


# --- what is due --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_decision_makes_a_day_of_reassessment_and_its_planned_measures_due(office: Office) -> None:
    number = office.signed_off(PLANNED, replace(PLANNED, id="m2", is_in_place=True))
    assert duties(office, number) == [(Cause.MEASURE, "m1", PLANNED.due), (Cause.REASSESSMENT, "", date(2027, 11, 21))]


def test_a_draft_and_a_rejected_assessment_have_nothing_due(office: Office) -> None:
    assert duties(office, office.start()) == []
    rejected = office.start()
    office.decide(rejected, office.submit(rejected), ruling=Ruling.REJECTED)
    assert duties(office, rejected) == []


@pytest.mark.slow
def test_the_day_is_brought_forward_by_the_manager_and_put_off_by_the_committee_alone(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.set_reassessment(session, number, date(2027, 6, 1), "새 모형이 온다.", KIM, AT)
    assert duties(office, number) == [(Cause.REASSESSMENT, "", date(2027, 6, 1))]
    with pytest.raises(NotAllowedError, match="Only the committee"), office.database.transaction() as session:
        actions.set_reassessment(session, number, date(2027, 6, 2), "바쁘다.", KIM, AT)
    with office.database.transaction() as session:
        actions.set_reassessment(session, number, date(2027, 9, 1), "위원회가 정하였다.", LEE, AT)
    assert duties(office, number) == [(Cause.REASSESSMENT, "", date(2027, 9, 1))]
    for on, reason, error in ((date(2026, 11, 21), "x", InvalidAnswerError), (date(2027, 1, 1), " ", IncompleteError)):
        with pytest.raises(error), office.database.transaction() as session:
            actions.set_reassessment(session, number, on, reason, LEE, AT)
    verified(office)


def test_another_interval_holds_for_what_nobody_set_a_day_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(periods.REASSESS, "6")
    assert duties(office, office.signed_off()) == [(Cause.REASSESSMENT, "", date(2027, 5, 21))]


@pytest.mark.slow
def test_a_material_change_calls_for_a_reassessment_until_a_later_revision_is_decided(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        change = actions.state_change(session, number, ChangeKind.FUNCTION, "새 모형", AT.date(), SEO, AT)
    assert (Cause.CHANGE, str(change), AT.date()) in duties(office, number)
    with office.database.transaction() as session:
        actions.reassess(session, number, "모형이 바뀌었다.", KIM, AT)
        later = actions.state_change(session, number, ChangeKind.PEOPLE, "대상이 늘었다.", AT.date(), SEO, AT)
        actions.confirm(session, number, [*carried.marks(session, reader.get_assessment(session, number))], KIM, AT)
    frozen = office.submit(number)
    with office.database.transaction() as session:
        unknown = actions.state_change(session, number, ChangeKind.OTHER, "제출 뒤의 일", AT.date(), SEO, AT)
    office.decide(number, frozen)
    open_changes = {which for cause, which, _on in duties(office, number) if cause is Cause.CHANGE}
    assert open_changes == {str(unknown)}, "what was stated once the revision was frozen is not in it"
    assert later != unknown
    verified(office)


@pytest.mark.parametrize(
    ("words", "on", "error"),
    [(" ", AT.date(), IncompleteError), ("새 모형", AT.date() + timedelta(days=1), InvalidAnswerError)],
)
def test_a_change_says_what_and_has_come(office: Office, words: str, on: date, error: type[AssessmentError]) -> None:
    number = office.signed_off()
    with pytest.raises(error), office.database.transaction() as session:
        actions.state_change(session, number, ChangeKind.FUNCTION, words, on, KIM, AT)


@pytest.mark.slow
def test_expired_evidence_is_due_the_day_after_its_last(office: Office) -> None:
    number = office.start()
    upload = replace(UPLOAD, expires_on=date(2027, 3, 31))
    with office.database.transaction() as session:
        evidence: Evidence = actions.add_evidence(session, number, upload, KIM, AT)
    office.decide(number, office.submit(number))
    assert (Cause.EVIDENCE, evidence.id, date(2027, 3, 31)) in duties(office, number)


# --- followed up --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_measure_is_done_with_evidence_and_may_be_opened_again(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "교육을 마쳤다.", UPLOAD, SEO, AT)
        (proof,) = following.proofs(session, number)
    assert (proof.content(), proof.title, proof.by) == (PDF, "명단", SEO.person)
    assert not any(cause is Cause.MEASURE for cause, _which, _on in duties(office, number))
    verified(office)
    with pytest.raises(AlreadyDoneError), office.database.transaction() as session:
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "또", proof.id, SEO, AT)
    with office.database.transaction() as session:
        actions.reopen_follow_up(session, number, Cause.MEASURE, "m1", "한 사람이 빠졌다.", LEE, AT)
    assert (Cause.MEASURE, "m1", PLANNED.due) in duties(office, number)
    with office.database.transaction() as session:
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "마쳤다.", proof.id, SEO, AT)
    assert not any(cause is Cause.MEASURE for cause, _which, _on in duties(office, number))
    verified(office)


@pytest.mark.slow
def test_what_shows_nothing_is_not_done(office: Office) -> None:
    number, other = office.signed_off(PLANNED), office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.follow_up(session, other, Cause.MEASURE, "m1", AT.date(), "하였다.", UPLOAD, KIM, AT)
        (foreign,) = following.proofs(session, other)
    for which, on, words, shown_by, error in (
        ("m1", AT.date(), "하였다.", "", IncompleteError),
        ("m1", AT.date(), " ", UPLOAD, IncompleteError),
        ("m1", AT.date(), "하였다.", foreign.id, NotFoundError),
        ("m1", AT.date(), "하였다.", actions.Upload("x", "a.pdf", b"no pdf"), EvidenceRefusedError),
        ("m1", AT.date() + timedelta(days=1), "하였다.", UPLOAD, InvalidAnswerError),
        ("m9", AT.date(), "하였다.", UPLOAD, NotFoundError),
    ):
        with pytest.raises(error), office.database.transaction() as session:
            actions.follow_up(session, number, Cause.MEASURE, which, on, words, shown_by, KIM, AT)
    assert (Cause.MEASURE, "m1", PLANNED.due) in duties(office, number)
    assert len(list((home() / "evidence").glob("[!.]*"))) == 1, "files of what was refused are gone"


@pytest.mark.slow
def test_a_proof_is_swept_away_by_nothing_and_missed_by_the_audit(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "하였다.", UPLOAD, KIM, AT)
        assert leftovers.sweep(session) == []
        (proof,) = following.proofs(session, number)
    (home() / "evidence" / proof.stored_name).write_bytes(pdf(b"0 0 m 1 1 l S"))
    with office.database.reading() as session:
        made = auditing.audit(session, lambda _: None, notes=False)
    assert [(one.thing.value, one.harm.value) for one in made.findings] == [("evidence", "altered")]


@pytest.mark.slow
def test_a_condition_is_followed_up_like_a_measure(office: Office) -> None:
    number = office.start()
    frozen = office.submit(number)
    condition = Condition("창구를 연다.", "인사팀", date(2027, 2, 28))
    with office.database.transaction() as session:
        actions.record_decision(
            session, number, Ruling.APPROVED_WITH_CONDITIONS, "조건부로 충분하다.", [condition], frozen, LEE, AT
        )
    ((_cause, which, _on),) = [duty for duty in duties(office, number) if duty[0] is Cause.CONDITION]
    assert (Cause.CONDITION, which, date(2027, 2, 28)) in duties(office, number)
    office.sign(number, frozen)
    with office.database.transaction() as session:
        actions.follow_up(session, number, Cause.CONDITION, which, AT.date(), "열었다.", UPLOAD, SEO, AT)
    assert not any(cause is Cause.CONDITION for cause, _which, _on in duties(office, number))
    verified(office)


# --- later logs ---------------------------------------------------------------------------------------------

MARK = Trigger(figure=Figure.DIVERGENCE_RATE, at_least="5", on=date(2026, 11, 1), reason="우리 기준")


def log(*, departs: int, of: int = 400) -> KeptLog:
    return KeptLog(analyse(in_memory([place < departs for place in range(of)])), LogMapping(columns={}))


@pytest.mark.slow
def test_a_later_log_beyond_the_decided_trigger_calls_for_a_reassessment(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        actions.set_log(session, number, replace(log(departs=80), triggers=Triggers(triggers=(MARK,))), KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    before = office.read(number)
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(departs=80), SEO, YEAR_ON)
    assert not any(cause is Cause.LOG for cause, _which, _on in duties(office, number))
    with office.database.transaction() as session:
        beyond = actions.watch_log(session, number, log(departs=1), SEO, YEAR_ON)
    assert (Cause.LOG, str(beyond), YEAR_ON.date()) in duties(office, number)
    after = office.read(number)
    assert (after.log, after.content_sha256) == (before.log, before.content_sha256), "what was decided is as it was"
    verified(office)
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(departs=80), SEO, YEAR_ON)
    assert not any(cause is Cause.LOG for cause, _which, _on in duties(office, number))


@pytest.mark.slow
def test_without_a_trigger_no_log_lies_beyond_anything(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.watch_log(session, number, log(departs=0), SEO, AT)
    assert not any(cause is Cause.LOG for cause, _which, _on in duties(office, number))


# --- a reassessment -----------------------------------------------------------------------------------------


def confirm_all(office: Office, number: int) -> None:
    with office.database.transaction() as session:
        places = list(carried.marks(session, reader.get_assessment(session, number)))
        actions.confirm(session, number, places, KIM, YEAR_ON)


@pytest.mark.slow
def test_a_reassessment_takes_everything_over_to_be_confirmed_and_what_was_decided_stays_in_force(
    office: Office,
) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        assert actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON) == 2
        marks = carried.marks(session, reader.get_assessment(session, number))
    assert set(marks.values()) == {Mark.TO_CONFIRM}
    assert "measures" in marks and "hiring.told" in marks and "evidence" not in marks
    old, new = office.read(number, 1), office.read(number)
    assert (old.status, new.status) == (Status.SIGNED_OFF, Status.DRAFT)
    assert new.on == date(2027, 11, 21) and new.measures == old.measures
    assert {name: new.answers(name) for name in new.responses} == {name: old.answers(name) for name in old.responses}
    assert duties(office, number), "which is due still"


@pytest.mark.slow
def test_nothing_is_submitted_before_all_that_was_taken_over_is_confirmed_or_changed(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON)
    with pytest.raises(IncompleteError, match="not confirmed yet"):
        office.submit(number)
    told = office.read(number).responses["hiring"]["told"]
    office.answer(number, "hiring.told", "이제 두 번 알린다.", told.lock_version)
    used = office.read(number).responses["hiring"]["used"]
    office.answer(number, "hiring.used", used.answer, used.lock_version)
    with office.database.transaction() as session:
        actions.set_measures(session, number, [replace(PLANNED, is_in_place=True)], KIM, YEAR_ON)
        assert actions.confirm(session, number, ["hiring.people", "hiring.told", "hiring.people"], SEO, YEAR_ON) == 1
        marks = carried.marks(session, reader.get_assessment(session, number))
    assert [marks[where] for where in ("hiring.told", "hiring.used", "hiring.people", "measures", "hiring.since")] == [
        Mark.CHANGED,
        Mark.UNCHANGED,
        Mark.UNCHANGED,
        Mark.CHANGED,
        Mark.TO_CONFIRM,
    ]
    assert SEO.id in {person.id for person in office.read(number).authors}, "who confirms answers for it"
    with pytest.raises(AlreadyDoneError), office.database.transaction() as session:
        actions.confirm(session, number, ["hiring.people", "hiring.unheard"], SEO, YEAR_ON)
    confirm_all(office, number)
    frozen = office.submit(number)
    with pytest.raises(NotAllowedError, match="wrote parts"):
        office.decide(number, frozen, by=replace(LEE, id=SEO.id))
    office.decide(number, frozen)
    assert office.read(number, 1).status is Status.SIGNED_OFF, "until the new one is signed off"
    office.sign(number, frozen)
    assert [office.read(number, revision).status for revision in (1, 2)] == [Status.SUPERSEDED, Status.SIGNED_OFF]
    verified(office)


@pytest.mark.slow
def test_an_answer_given_in_the_reassessment_is_new(office: Office) -> None:
    number = office.start()
    office.fill(number)
    named = office.read(number).responses["involvement"]["named"]
    office.answer(number, "involvement.named", None, named.lock_version)
    with office.database.transaction() as session:
        actions.submit(session, number, KIM, AT)
    frozen = office.read(number).content_sha256 or ""
    office.decide(number, frozen)
    office.sign(number, frozen)
    with office.database.transaction() as session:
        actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON)
    office.answer(number, "involvement.named", "yes")
    with office.database.reading() as session:
        assert carried.marks(session, reader.get_assessment(session, number))["involvement.named"] is Mark.NEW


@pytest.mark.slow
def test_a_reassessment_asks_the_editions_of_its_day_and_leaves_behind_what_they_no_longer_offer(
    office: Office,
) -> None:
    number = office.signed_off()
    file = load.FOLDER / "hiring" / "1.0.yaml"
    newer = file.read_text("utf-8").replace('"version": "1.0"', '"version": "1.1"')
    assert newer.count('"in_force_from"') == 1
    day = newer.split('"in_force_from": "')[1][:10]
    newer = newer.replace(day, "2027-06-01", 1).replace('"mail"', '"post"')
    (file.parent / "1.1.yaml").write_text(newer, "utf-8")
    with office.database.transaction() as session:
        actions.reassess(session, number, "새 판이 나왔다.", KIM, YEAR_ON)
        assert "reassess" in kinds(session, number)
    new = office.read(number)
    assert {edition.id: edition.version for edition in new.editions}["hiring"] == "1.1"
    assert "reach" not in new.responses["hiring"] and "told" in new.responses["hiring"]
    assert office.read(number, 1).answers("hiring")["reach"] == ("mail", "web")


@pytest.mark.slow
def test_a_correction_takes_over_without_asking_and_gives_the_approval_up(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
        marks = carried.marks(session, reader.get_assessment(session, number))
    assert set(marks.values()) == {Mark.UNCHANGED}
    office.submit(number)
    assert office.read(number, 1).status is Status.SUPERSEDED


@pytest.mark.slow
def test_one_revision_is_at_work_at_a_time_and_a_withdrawn_reassessment_may_be_begun_again(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON)
    with pytest.raises(WrongStatusError, match="Finish or withdraw"), office.database.transaction() as session:
        actions.reassess(session, number, "또", KIM, YEAR_ON)
    with office.database.transaction() as session:
        actions.withdraw(session, number, "너무 이르다.", KIM, YEAR_ON)
    assert office.read(number, 1).status is Status.SIGNED_OFF
    assert duties(office, number), "what was decided is in force"
    with office.database.transaction() as session:
        assert actions.reassess(session, number, "이제 때가 되었다.", KIM, YEAR_ON) == 3
    verified(office)


@pytest.mark.slow
def test_a_reassessment_that_the_officer_refuses_leaves_the_old_decision_in_force(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON)
        actions.set_measures(session, number, [], KIM, YEAR_ON)
    confirm_all(office, number)
    frozen = office.submit(number)
    office.decide(number, frozen)
    assert not any(cause is Cause.MEASURE for cause, _which, _on in duties(office, number))
    with office.database.transaction() as session:
        actions.refuse_sign_off(session, number, "근거가 약하다.", RefusalGoal.NOWHERE, frozen, PARK, YEAR_ON)
    assert (Cause.MEASURE, "m1", PLANNED.due) in duties(office, number), "of the first revision"
    assert office.read(number, 1).status is Status.SIGNED_OFF
    with office.database.transaction() as session:
        assert actions.reassess(session, number, "다시 한다.", KIM, YEAR_ON) == 3
    verified(office)


def test_a_draft_is_no_reassessment_and_nothing_follows_from_it(office: Office) -> None:
    number = office.start()
    for deed in (
        lambda s: actions.reassess(s, number, "x", KIM, AT),
        lambda s: actions.set_reassessment(s, number, date(2027, 1, 1), "x", LEE, AT),
        lambda s: actions.state_change(s, number, ChangeKind.OTHER, "x", AT.date(), KIM, AT),
        lambda s: actions.retire(s, number, AT.date(), "x", KIM, AT),
    ):
        with pytest.raises(WrongStatusError), office.database.transaction() as session:
            deed(session)


# --- its end ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_retired_system_has_nothing_due_until_it_is_used_again(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.retire(session, number, AT.date(), "계약이 끝났다.", KIM, AT)
    assert duties(office, number) == []
    assert office.read(number).status is Status.SIGNED_OFF, "what was decided stays"
    verified(office)
    with office.database.transaction() as session:
        actions.resume(session, number, "다시 쓴다.", KIM, AT)
    assert len(duties(office, number)) == 2
    verified(office)


@pytest.mark.slow
def test_only_what_is_at_its_end_is_archived_and_it_is_read_as_before(office: Office) -> None:
    number, draft, unwanted = office.signed_off(), office.start(), office.start()
    for open_number in (number, draft):
        with pytest.raises(WrongStatusError, match="not at its end"), office.database.transaction() as session:
            actions.archive(session, open_number, "치운다.", KIM, AT)
    with office.database.transaction() as session:
        actions.retire(session, number, AT.date(), "계약이 끝났다.", KIM, AT)
        actions.archive(session, number, "치운다.", KIM, AT)
        actions.withdraw(session, unwanted, "쓰지 않는다.", KIM, AT)
        actions.archive(session, unwanted, "치운다.", ADA, AT)
    assert office.read(number).decision is not None
    with pytest.raises(AlreadyDoneError), office.database.transaction() as session:
        actions.archive(session, number, "치운다.", KIM, AT)
    with pytest.raises(WrongStatusError, match="out of the archive"), office.database.transaction() as session:
        actions.resume(session, number, "다시 쓴다.", KIM, AT)
    with office.database.transaction() as session:
        actions.unarchive(session, number, "다시 본다.", KIM, AT)
    verified(office)


# --- held and kept ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_under_a_legal_hold_nothing_is_given_up_until_two_people_have_released_it(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        evidence = actions.add_evidence(session, number, UPLOAD, KIM, AT)
        actions.set_log(session, number, log(departs=3), KIM, AT)
        hold = actions.place_hold(session, number, "노동위원회 사건", CHO, AT)
    given_up = {
        "evidence": lambda s: actions.remove_evidence(s, number, evidence.id, KIM, AT),
        "log": lambda s: actions.remove_log(s, number, "x", KIM, AT),
        "replaced": lambda s: actions.set_log(s, number, log(departs=9, of=900), KIM, AT),
        "draft": lambda s: actions.delete_draft(s, number, KIM, AT),
        "value": lambda s: actions.erase_values(s, 3, ["domain"], "요청", ADA, AT),
        "operator": lambda s: actions.erase_values(s, 1, ["operator"], "요청", ADA, AT),
    }

    def refused() -> set[str]:
        names = set()
        for name, deed in given_up.items():
            try:
                with office.database.transaction() as session:
                    deed(session)
                    raise _UndoneError
            except WrongStatusError as error:
                names |= {name} if "legal hold" in error.text.en else set()
            except _UndoneError:
                pass
        return names

    assert refused() == set(given_up)
    with office.database.transaction() as session:
        assert actions.release_hold(session, number, hold, "사건이 끝났다.", CHO, AT) is False
    assert refused() == set(given_up), "one person releases nothing"
    with pytest.raises(NotAllowedError, match="Two different people"), office.database.transaction() as session:
        actions.release_hold(session, number, hold, "그래도", CHO, AT)
    with pytest.raises(NotAllowedError), office.database.transaction() as session:
        actions.release_hold(session, number, hold, "그래도", KIM, AT)
    with pytest.raises(IncompleteError), office.database.transaction() as session:
        actions.release_hold(session, number, hold, " ", PARK, AT)
    with office.database.transaction() as session:
        assert actions.release_hold(session, number, hold, "확인하였다.", PARK, AT) is True
    assert refused() == set()
    with pytest.raises(AlreadyDoneError), office.database.transaction() as session:
        actions.release_hold(session, number, hold, "또", ADA, AT)
    verified(office)


@pytest.mark.slow
def test_under_a_hold_a_copy_is_worked_on_as_ever_for_nothing_of_the_decided_revision_goes(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        evidence = actions.add_evidence(session, number, UPLOAD, KIM, AT)
        actions.set_log(session, number, log(departs=40), KIM, AT)
    frozen = office.submit(number)
    office.decide(number, frozen)
    office.sign(number, frozen)
    with office.database.transaction() as session:
        actions.place_hold(session, number, "소송", CHO, AT)
        actions.reassess(session, number, "한 해가 지났다.", KIM, YEAR_ON)
        actions.set_log(session, number, log(departs=60), KIM, YEAR_ON)
        actions.remove_evidence(session, number, evidence.id, KIM, YEAR_ON)
        own = actions.add_evidence(session, number, replace(UPLOAD, title="새 명단"), KIM, YEAR_ON)
    with pytest.raises(WrongStatusError, match="legal hold"), office.database.transaction() as session:
        actions.remove_evidence(session, number, own.id, KIM, YEAR_ON)
    with pytest.raises(WrongStatusError, match="legal hold"), office.database.transaction() as session:
        actions.set_log(session, number, log(departs=80), KIM, YEAR_ON)
    with office.database.reading() as session:
        assert reader.evidence_file(session, evidence.id).content() == PDF
    verified(office)


class _UndoneError(Exception):
    """Thrown to take a trial back."""


def test_what_is_held_is_not_archived(office: Office) -> None:
    number = office.start()
    with office.database.transaction() as session:
        actions.withdraw(session, number, "쓰지 않는다.", KIM, AT)
        actions.place_hold(session, number, "조사", PARK, AT)
    with pytest.raises(WrongStatusError, match="legal hold"), office.database.transaction() as session:
        actions.archive(session, number, "치운다.", KIM, AT)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM legal_hold",
        "UPDATE legal_hold SET reason = 'x'",
        "UPDATE legal_hold SET first_by_id = NULL, first_by_name = NULL, first_reason = NULL, first_at = NULL",
        "UPDATE legal_hold SET second_by_id = 'cho', second_by_name = 'x', second_reason = 'x', second_at = first_at",
        "INSERT OR REPLACE INTO legal_hold (id, assessment_id, reason, by_id, by_name, at) "
        "SELECT id, assessment_id, 'x', by_id, by_name, at FROM legal_hold",
        "UPDATE follow_up SET text = 'x'",
        "DELETE FROM proof",
        "UPDATE material_change SET text = 'x'",
        "DELETE FROM watched_log",
        "UPDATE archived SET reason = 'x'",
    ],
)
@pytest.mark.slow
def test_the_database_itself_refuses_to_forget(office: Office, statement: str) -> None:
    number = office.signed_off(PLANNED)
    ended = office.start()
    with office.database.transaction() as session:
        hold = actions.place_hold(session, number, "소송", CHO, AT)
        actions.release_hold(session, number, hold, "끝났다.", CHO, AT)
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "하였다.", UPLOAD, KIM, AT)
        actions.state_change(session, number, ChangeKind.OTHER, "바뀌었다.", AT.date(), KIM, AT)
        actions.watch_log(session, number, log(departs=3), KIM, AT)
        actions.withdraw(session, ended, "쓰지 않는다.", KIM, AT)
        actions.archive(session, ended, "치운다.", KIM, AT)
    with pytest.raises((DBAPIError, AssessmentError)), office.database.transaction() as session:
        session.connection().exec_driver_sql(statement)


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("statements", "harm"),
    [
        (["DROP TRIGGER legal_hold_no_delete", "DELETE FROM legal_hold"], "cut_off"),
        (
            [
                "DROP TRIGGER legal_hold_kept",
                "UPDATE legal_hold SET second_by_id = 'x', second_by_name = 'x', second_reason = 'x', second_at = at, "
                "first_by_id = 'y', first_by_name = 'y', first_reason = 'x', first_at = at",
            ],
            "altered",
        ),
        (["DROP TRIGGER follow_up_no_update", "UPDATE follow_up SET text = 'x'"], "altered"),
        (["DROP TRIGGER reassessment_day_no_update", "UPDATE reassessment_day SET on_day = '2040-01-01'"], "altered"),
        (["DROP TRIGGER watched_log_no_update", "UPDATE watched_log SET kept = '{}'"], "altered"),
        (["DROP TRIGGER material_change_no_delete", "DELETE FROM material_change"], "cut_off"),
        (["DELETE FROM retired"], "cut_off"),
        (["INSERT INTO archived VALUES (1, 'x', 'x', 'x', '2026-01-01')"], "altered"),
    ],
)
@pytest.mark.slow
def test_the_audit_finds_what_was_changed_behind_the_history(office: Office, statements: list[str], harm: str) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        actions.place_hold(session, number, "소송", CHO, AT)
        actions.set_reassessment(session, number, date(2027, 2, 1), "일찍", KIM, AT)
        actions.follow_up(session, number, Cause.MEASURE, "m1", AT.date(), "하였다.", UPLOAD, KIM, AT)
        actions.state_change(session, number, ChangeKind.OTHER, "바뀌었다.", AT.date(), KIM, AT)
        actions.watch_log(session, number, log(departs=3), KIM, AT)
        actions.retire(session, number, AT.date(), "끝났다.", KIM, AT)
    verified(office)
    with office.database.transaction() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    with office.database.reading() as session:
        made = auditing.audit(session, lambda _: None, notes=False)
    assert [(one.thing.value, one.harm.value) for one in made.findings] == [("following", harm)]


@pytest.mark.slow
def test_nothing_of_a_high_impact_assessment_is_erased_before_the_end_of_its_period(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small questionnaires name no period of a statute, so the organisation's own one shows that one binds and one does not."""
    number = office.signed_off()
    begun = 3
    with office.database.reading() as session:
        assert following.keeping(session, number) is not None
        assert history.place_of(session, begun) == number
    monkeypatch.setenv(periods.KEEP, "5")
    monkeypatch.setenv(periods.BASIS, "문서관리규정 제12조")
    early, late = datetime(2031, 11, 20, 3, tzinfo=AT.tzinfo), datetime(2031, 11, 22, 3, tzinfo=AT.tzinfo)
    with pytest.raises(WrongStatusError, match="21 Nov 2031"), office.database.transaction() as session:
        actions.erase_values(session, begun, ["domain"], "요청", ADA, early)
    with office.database.transaction() as session:
        actions.erase_values(session, begun, ["domain"], "요청", ADA, late)


# --- homes of before ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_home_of_a_program_that_knew_no_duties_gets_them_at_its_next_start(office: Office) -> None:
    number = office.signed_off(PLANNED)
    with office.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM duty")
    starting.prepare()
    assert len(duties(office, number)) == 2


@pytest.mark.slow
def test_five_years_bind_an_operator_of_high_impact_ai_by_the_questionnaires_as_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_credit_office(tmp_path, monkeypatch)
    stated = assessment_file.read_file(Path(__file__).parents[1] / "examples" / "hiring.yaml")
    with office.database.transaction() as session:
        number = actions.load_stated(session, stated, [KIM, CHO, PARK], AT)
        keeping = following.keeping(session, number)
        begun = event_lines.events(session, number)[-1].seq
    assert keeping is not None and keeping.is_owed and keeping.years == 5
    assert keeping.until == date(2031, 11, 21)
    with pytest.raises(WrongStatusError, match="21 Nov 2031"), office.database.transaction() as session:
        actions.erase_values(session, begun, ["domain"], "요청", ADA, datetime(2031, 11, 21, 3, tzinfo=UTC))
    with office.database.transaction() as session:
        actions.erase_values(session, begun, ["domain"], "요청", ADA, datetime(2031, 11, 22, 3, tzinfo=UTC))


@pytest.mark.slow
def test_a_report_made_now_has_the_day_of_the_reassessment_as_it_is_now(office: Office) -> None:
    number = office.signed_off()

    def stated() -> object:
        return reports.record_of(number, KIM, AT).data["document"].get("reassess_on")

    assert stated() == "2027-11-21"
    with office.database.transaction() as session:
        actions.set_reassessment(session, number, date(2027, 6, 1), "일찍", KIM, AT)
    assert stated() == "2027-06-01"
    with office.database.transaction() as session:
        actions.retire(session, number, AT.date(), "끝", KIM, AT)
    assert stated() is None


@pytest.mark.slow
def test_a_later_log_is_kept_from_the_command_line_by_whom_it_names(office: Office, tmp_path: Path) -> None:
    number, file = office.signed_off(), tmp_path / "log.csv"
    people.add_person(home(), KIM.id, KIM.name, sorted(KIM.roles))
    people.add_person(home(), LEE.id, LEE.name, sorted(LEE.roles))
    run = CliRunner().invoke
    assert run(app, ["log", "make", "--reviewers", "4", "--cases", "600", "--out", str(file)]).exit_code == 0
    assert run(app, ["log", "import", str(file), "--into", str(number), "--as", KIM.id]).exit_code == 2, (
        "a guess is not kept"
    )
    names = {column.value: header for column, header in streaming.look(file).suggestion.columns.items()}
    (tmp_path / "map.yaml").write_text(json.dumps({"columns": names}), "utf-8")
    tail = ["--map", str(tmp_path / "map.yaml"), "--as"]
    words = ["log", "import", str(file), "--into", str(number), *tail]
    refused = run(app, [*words, LEE.id])
    assert refused.exit_code != 0 and "Kept" not in refused.output, "a member of the committee reads logs in for nobody"
    shown = run(app, [*words, KIM.id])
    assert "Kept beside what was decided" in shown.output, shown.output
    with office.database.reading() as session:
        decided = following.decided(session, number)
        assert decided is not None and len(following.of_assessment(session, decided).logs) == 1
    alone = run(app, ["log", "import", str(file), "--into", str(number)])
    assert alone.exit_code == 2 and "go together" in alone.output
    draft = office.start()
    assert "Kept in the draft" in run(app, ["log", "import", str(file), "--into", str(draft), *tail, KIM.id]).output
    assert office.read(draft).log is not None
    file.write_text("a,b,c\n1,2,3\n")
    assert run(app, [*words, KIM.id]).exit_code != 0
