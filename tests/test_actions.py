"""The deeds: who may do what and when, what each leaves behind, and that nothing is done by half."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assessments import actions, rights
from assessments.content.canonical import content_sha256
from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.statistics.analysis import analyse
from assessments.decision_log.triggers import Triggers
from assessments.deeds import administration
from assessments.deeds.meeting import Sealed
from assessments.deeds.meeting import members as members_at
from assessments.deeds.requesting import SealedDocument
from assessments.errors import (
    AssessmentError,
    EvidenceRefusedError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    QuestionnaireChangedError,
    StaleAssessmentError,
    WrongStatusError,
)
from assessments.home import home
from assessments.keeping import auditing
from assessments.model import (
    FIRST_UNIT,
    Actor,
    AISystem,
    Ballot,
    Committee,
    Condition,
    EvidenceMark,
    Grading,
    Grant,
    Impact,
    Measure,
    Operator,
    Origin,
    Outcome,
    RefusalGoal,
    Response,
    ReturnPoint,
    Role,
    Ruling,
    Scenario,
    Stage,
    Statement,
    Status,
    Upkeep,
    Withheld,
    WithheldKind,
)
from assessments.rules.lifecycle import Cause, ChangeKind
from assessments.rules.meetings import Form, Presence
from assessments.rules.recourse import Answer as RequestAnswer
from assessments.rules.recourse import Stated
from assessments.rules.requesting import StepKind
from assessments.storage import (
    committee,
    event_lines,
    given_sections,
    history,
    lists,
    meetings,
    projection,
    reader,
    review_queue,
    units,
)
from assessments.storage.database import Session
from assessments.storage.entries import Change, EventChoice
from assessments.storage.older_answers import OlderAnswer
from assessments.storage.units import Account
from questionnaires import load
from tests import sealed_reports
from tests.logs import in_memory
from tests.office import ADA, ANSWERS, AT, AUD, CHO, KIM, LEE, PARK, PDF, SEO, Office, after, both

Deed = Callable[[Session, Actor], object]
SCENARIO = Scenario(
    "s1",
    "경력 단절 지원자가 걸러진다.",
    "지원자",
    impacts=(Impact("equality", "탈락", Grading("2", "3", "1"), Grading("1", "1", "1"), "두 사람이 다시 본다."),),
)
MEASURE = Measure("m1", "이의 제기 창구", "인사팀", date(2027, 1, 31), kind="mitigation", scenarios=("s1",))
REQUEST = Stated("pipa_explanation", AT.date(), "R-10", "왜 떨어졌습니까?", "web", "")
MARK = Withheld("answers.hiring.told", WithheldKind.TRADE_SECRET, "사업 비밀")


# --- rights ------------------------------------------------------------------------------------------------


def voted_on(office: Office, assessment_id: int) -> tuple[str, int]:
    """Submitted and voted on, though the settings are those of a committee of one again: the digest, the newest vote."""
    frozen = office.submit(assessment_id)
    for settings in (Committee(2), None):
        with office.database.transaction() as session:
            actions.set_committee(session, 1, settings, ADA, AT)
            if settings:
                actions.cast_vote(session, assessment_id, Ballot.APPROVE, "충분", frozen, LEE, AT)
    return frozen, office.read(assessment_id).votes[-1].seq


def _seated(session: Session, actor: Actor) -> None:
    """The actor has an account, so that something can be assigned to it."""
    if units.find_account(session, actor.id) is None:
        grants = frozenset(Grant(role, FIRST_UNIT) for role in actor.roles)
        units.add_account(session, Account(actor.id, FIRST_UNIT, actor.name, "", True, AT, grants))


def of_meetings(session: Session, unit: int) -> dict[str, Deed]:
    """Every deed on a meeting of this unit's committee, and reading one."""
    grants = frozenset({Grant(Role.COMMITTEE_MEMBER, unit)})
    units.add_account(session, Account(f"sitting-{unit}", unit, "위원", "", True, AT, grants))
    open_, closable, unwanted, over = (
        actions.convene_meeting(session, unit, AT.date(), Form.REMOTE, "", CHO, AT) for _ in range(4)
    )
    present: Mapping[str, tuple[Presence, str]] = {
        person.id: (Presence.REMOTE, "") for person in members_at(session, unit)
    }
    for number in (closable, over):
        actions.set_attendance(session, number, present, "", CHO, AT)
    actions.add_item(session, open_, "안건", CHO, AT)
    seen, end = (meetings.find(session, number).meeting.seen for number in (closable, over))
    actions.close_meeting(session, over, end, CHO, AT)
    paper = Sealed("paper", "ko", {"kind": "paper"}, PDF)
    return {
        "convene_meeting": lambda s, a: actions.convene_meeting(s, unit, AT.date(), Form.IN_PERSON, "본관", a, AT),
        "change_meeting": lambda s, a: actions.change_meeting(s, open_, AT.date(), Form.REMOTE, "화상", a, AT),
        "set_agenda": lambda s, a: (
            actions.add_item(s, open_, "하나 더", a, AT),
            actions.fill_agenda(s, open_, a, AT),
            actions.move_item(s, open_, 1, a, AT, up=False),
            actions.strike_item(s, open_, 1, a, AT, again=False),
        ),
        "set_attendance": lambda s, a: actions.set_attendance(s, open_, present, "간사", a, AT),
        "take_minutes": lambda s, a: actions.take_minutes(s, open_, 1, "말", "결정", a, AT),
        "close_meeting": lambda s, a: actions.close_meeting(s, closable, seen, a, AT),
        "cancel_meeting": lambda s, a: actions.cancel_meeting(s, unwanted, "사정", a, AT),
        "add_addendum": lambda s, a: actions.add_addendum(s, over, "바로잡음", a, AT),
        "keep_document": lambda s, a: actions.keep_document(s, open_, paper, a, AT),
    }


def attempts(office: Office) -> dict[str, Deed]:
    """Every deed, ready to be done by anybody on an assessment in the right status."""
    draft, submitted, returnable, decided, done, unwanted, spoilt, returned = (office.start() for _ in range(8))
    voted, refusable = office.start(), office.start()
    unsigned = office.submit(refusable)
    office.decide(refusable, unsigned)
    closable = office.start()
    (put_to_vote, _), (closing, seen) = voted_on(office, voted), voted_on(office, closable)
    with office.database.transaction() as session:
        proof = actions.add_evidence(session, submitted, actions.Upload("t", "a.pdf", PDF), KIM, AT)
    office.submit(returned)
    with office.database.transaction() as session:
        points = [ReturnPoint("hiring.people", "세어 보십시오.")]
        actions.return_to_author(session, returned, "고치십시오.", LEE, AT, points=points)
    frozen, _, ruled = office.submit(submitted), office.submit(returnable), office.submit(decided)
    office.decide(decided, ruled)
    office.fill(draft)
    finished = office.submit(done)
    office.decide(done, finished)
    office.sign(done, finished)
    retired, archived, begun, ended = (office.signed_off() for _ in range(4))
    planned = [replace(MEASURE, id=name, scenarios=()) for name in ("m1", "m2")]
    running = office.signed_off(*planned)
    with office.database.transaction() as session:
        actions.retire(session, retired, AT.date(), "쓰지 않는다.", KIM, AT)
        actions.retire(session, archived, AT.date(), "쓰지 않는다.", KIM, AT)
        actions.archive(session, archived, "끝났다.", KIM, AT)
        hold = actions.place_hold(session, decided, "소송", CHO, AT)
        actions.reassess(session, begun, "한 해가 지났다.", KIM, AT)
        actions.retire(session, ended, AT.date(), "쓰지 않는다.", KIM, AT)
        shown = actions.Upload("명단", "b.pdf", PDF)
        actions.follow_up(session, running, Cause.MEASURE, "m2", AT.date(), "하였다.", shown, KIM, AT)
    with office.database.transaction() as session:
        incident = actions.state_incident(session, 1, AT.date(), "느려졌다.", KIM, AT)
        asked = [actions.state_request(session, 1, replace(REQUEST, reference=f"R-{n}"), KIM, AT) for n in range(5)]
        evidence = actions.add_evidence(session, draft, actions.Upload("t", "a.pdf", PDF), KIM, AT)
    upload = actions.Upload("명단", "b.pdf", PDF)
    report = sealed_reports.record_of(office, done)
    sealed = sealed_reports.sealed(report)
    made_from = {"assessment": done, "revision": 1, "content_sha256": finished}
    official = SealedDocument("rights", "ko", made_from, PDF)
    response = Response("used", "no", lock_version=1)
    log = KeptLog(analyse(in_memory([True, False])), LogMapping(columns={}))
    with office.database.transaction() as session:
        actions.set_log(session, draft, log, KIM, AT)
        writer = Grant(Role.CONTRIBUTOR, FIRST_UNIT)
        units.add_account(session, Account("writer", FIRST_UNIT, "기록자", "", True, AT, frozenset({writer})))
        written = event_lines.events(
            session, draft, 1, choice=EventChoice(kind="record_response", question="hiring.told")
        )
        (answered,) = written
        talk = actions.comment(session, draft, "assessment", "의견", KIM, AT)
        resolved = actions.comment(session, draft, "assessment", "의견", KIM, AT)
        actions.resolve_comment(session, draft, resolved, KIM, AT)
        actions.give_section(session, draft, "hiring/all", "writer", date(2026, 12, 24), KIM, AT)
        start = event_lines.events(session, draft)[-1].seq
        sitting = of_meetings(session, FIRST_UNIT)
    return sitting | {
        "register_operator": lambda s, a: actions.register_operator(s, Operator("새 기관"), a, AT),
        "change_operator": lambda s, a: actions.change_operator(s, 1, Operator("다른 이름"), a, AT),
        "register_system": lambda s, a: actions.register_system(s, 1, AISystem("새 시스템"), a, AT),
        "change_system": lambda s, a: actions.change_system(s, 1, AISystem("다른 시스템"), a, AT),
        "set_upkeep": lambda s, a: actions.set_upkeep(s, 1, Upkeep(stage=Stage.IN_USE), a, AT),
        "state_incident": lambda s, a: actions.state_incident(s, 1, AT.date(), "멈추었다.", a, AT),
        "follow_incident": lambda s, a: actions.follow_incident(s, incident, "고쳤다.", a, AT, closes=True),
        "state_request": lambda s, a: actions.state_request(s, 1, REQUEST, a, AT),
        "give_request": lambda s, a: actions.give_request(s, asked[0], a.id, a, AT),
        "extend_request": lambda s, a: actions.extend_request(
            s, asked[1], date(2026, 12, 24), AT.date(), "자료를 찾는다.", a, AT
        ),
        "answer_request": lambda s, a: actions.answer_request(
            s, asked[2], RequestAnswer(AT.date(), "explained", "점수표를 보냈다."), a, AT
        ),
        "refuse_request": lambda s, a: actions.refuse_request(
            s, asked[3], AT.date(), "others_harmed", "다른 지원자의 정보", a, AT
        ),
        "withdraw_request": lambda s, a: actions.withdraw_request(s, asked[4], AT.date(), "되돌렸다.", a, AT),
        "assign_review": lambda s, a: (_seated(s, a), actions.assign_review(s, submitted, a.id, a, AT)),
        "take_back_review": lambda s, a: (
            review_queue.put(s, reader.get_assessment(s, submitted), a.id, a.person, AT),
            actions.take_back_review(s, submitted, a, AT),
        ),
        "start_assessment": lambda s, a: actions.start_assessment(s, 1, "hiring", a, AT),
        "record_response": lambda s, a: actions.record_response(s, draft, "hiring", response, a, AT),
        "set_scenarios": lambda s, a: actions.set_scenarios(s, draft, [SCENARIO], a, AT),
        "set_measures": lambda s, a: actions.set_measures(s, draft, [replace(MEASURE, scenarios=())], a, AT),
        "set_withheld": lambda s, a: actions.set_withheld(s, draft, [MARK], a, AT),
        "add_evidence": lambda s, a: actions.add_evidence(s, draft, upload, a, AT),
        "name_evidence": lambda s, a: actions.name_evidence(s, draft, evidence.id, "authority", a, AT),
        "explain": lambda s, a: actions.explain(s, draft, "hiring.exposed_to_nobody", "시험 운영", a, AT),
        "review_evidence": lambda s, a: actions.review_evidence(
            s, submitted, proof.id, EvidenceMark.SUFFICIENT, "", a, AT
        ),
        "remove_evidence": lambda s, a: actions.remove_evidence(s, draft, evidence.id, a, AT),
        "set_log": lambda s, a: actions.set_log(s, draft, log, a, AT),
        "set_log_triggers": lambda s, a: actions.set_log_triggers(s, draft, Triggers(), a, AT),
        "remove_log": lambda s, a: actions.remove_log(s, draft, "x", a, AT),
        "restore_response": lambda s, a: actions.restore_response(
            s, draft, "hiring.told", OlderAnswer(event=answered.seq), 1, a, AT
        ),
        "give_section": lambda s, a: actions.give_section(s, draft, "scenarios", "writer", date(2026, 12, 24), a, AT),
        "take_back_section": lambda s, a: actions.take_back_section(s, draft, "hiring/all", a, AT),
        "finish_section": lambda s, a: (
            given_sections.put(
                s, reader.get_assessment(s, draft), "scenarios", a.person, date(2026, 12, 24), a.person, AT
            ),
            actions.finish_section(s, draft, "scenarios", a, AT),
        ),
        "comment": lambda s, a: actions.comment(s, submitted, "hiring.used", "의견", a, AT),
        "reply_comment": lambda s, a: actions.reply_comment(s, draft, talk, "답글", a, AT),
        "correct_comment": lambda s, a: actions.correct_comment(s, draft, _said_by(s, a, draft), "고침", a, AT),
        "withdraw_comment": lambda s, a: actions.withdraw_comment(s, draft, _said_by(s, a, draft), a, AT),
        "resolve_comment": lambda s, a: actions.resolve_comment(s, draft, talk, a, AT),
        "reopen_comment": lambda s, a: actions.reopen_comment(s, draft, resolved, a, AT),
        "see_mention": lambda s, a: actions.see_mention(s, draft, talk, a, AT),
        "submit": lambda s, a: actions.submit(s, draft, a, AT),
        "return_to_author": lambda s, a: actions.return_to_author(s, returnable, "더 적으십시오.", a, AT),
        "answer_point": lambda s, a: actions.answer_point(s, returned, "hiring.people", "세었습니다.", a, AT),
        "record_decision": lambda s, a: actions.record_decision(
            s, submitted, Ruling.APPROVED, "충분", (), frozen, a, AT
        ),
        "cast_vote": lambda s, a: actions.cast_vote(s, voted, Ballot.REJECT, "부족", put_to_vote, a, AT),
        "close_vote": lambda s, a: actions.close_vote(s, closable, "과반", closing, seen, a, AT),
        "refuse_sign_off": lambda s, a: actions.refuse_sign_off(
            s, refusable, "위험을 모릅니다.", RefusalGoal.COMMITTEE, unsigned, a, AT
        ),
        "set_committee": lambda s, a: actions.set_committee(s, 1, Committee(1, chair_votes=False), a, AT),
        "sign_off": lambda s, a: actions.sign_off(s, decided, ruled, list(Statement), a, AT),
        "withdraw": lambda s, a: actions.withdraw(s, unwanted, "쓰지 않는다.", a, AT),
        "reassess": lambda s, a: actions.reassess(s, running, "한 해가 지났다.", a, AT),
        "confirm": lambda s, a: actions.confirm(s, begun, ["hiring.used"], a, AT),
        "set_reassessment": lambda s, a: actions.set_reassessment(s, running, date(2027, 3, 1), "일찍", a, AT),
        "state_change": lambda s, a: actions.state_change(s, running, ChangeKind.FUNCTION, "새 모형", AT.date(), a, AT),
        "follow_up": lambda s, a: actions.follow_up(
            s, running, Cause.MEASURE, "m1", AT.date(), "하였다.", upload, a, AT
        ),
        "reopen_follow_up": lambda s, a: actions.reopen_follow_up(s, running, Cause.MEASURE, "m2", "다시 열림", a, AT),
        "watch_log": lambda s, a: actions.watch_log(s, running, log, a, AT),
        "retire": lambda s, a: actions.retire(s, running, AT.date(), "쓰지 않는다.", a, AT),
        "resume": lambda s, a: actions.resume(s, retired, "다시 쓴다.", a, AT),
        "archive": lambda s, a: actions.archive(s, ended, "끝났다.", a, AT),
        "unarchive": lambda s, a: actions.unarchive(s, archived, "다시 본다.", a, AT),
        "place_hold": lambda s, a: actions.place_hold(s, running, "소송", a, AT),
        "release_hold": lambda s, a: actions.release_hold(s, decided, hold, "끝났다.", a, AT),
        "delete_draft": lambda s, a: actions.delete_draft(s, spoilt, a, AT),
        "keep_report": lambda s, a: actions.keep_report(s, done, sealed, report.sha256, a, AT, languages=("ko",)),
        "set_request_facts": lambda s, a: actions.set_request_facts(
            s, draft, {"country": "대한민국"}, a, AT, seen=None
        ),
        "note_request_step": lambda s, a: actions.note_request_step(s, draft, StepKind.SENT, AT.date(), a, AT),
        "keep_official": lambda s, a: actions.keep_official(s, done, official, a, AT),
        "revise": lambda s, a: actions.revise(s, done, a, AT),
        "erase_values": lambda s, a: actions.erase_values(s, start, ["domain"], "요청", a, AT),
    }


def _said_by(session: Session, actor: Actor, assessment_id: int) -> int:
    """A comment of theirs, whether they may write one or not."""
    values = {"question": "assessment", "text": "제 의견", "mentions": []}
    return history.add_event(session, "comment", actor, AT, assessment_id, 1, values).seq


NO_DEEDS = ("Imported", "Refused", "TakenOver", "Upload", "load_stated", "take_over")
MADE_OF = {
    **dict.fromkeys(("add_item", "fill_agenda", "move_item", "strike_item"), "set_agenda"),
    "assign_reviews": "assign_review",
    "import_requests": "state_request",
    "import_systems": "register_system",
}
"""Deeds that are others, once or many times → the one whose right they ask for."""


@pytest.mark.slow
def test_every_deed_is_done_by_the_roles_listed_for_it_and_by_nobody_else(office: Office) -> None:
    deeds = attempts(office)
    offered = {MADE_OF.get(name, name) for name in actions.__all__ if name not in NO_DEEDS}
    assert offered - set(vars(administration)) == set(deeds), "a deed without a listed right"
    assert offered - {"add_organisation"} <= set(rights.RIGHTS), "which is nobody's who is signed in"
    for name, deed in deeds.items():
        for role in Role:
            stranger = Actor(f"x-{role}", "낯선 사람", frozenset({role}))
            allowed = role in rights.RIGHTS[name].roles
            assert _is_allowed(office, deed, stranger) == allowed, (name, role)


@pytest.mark.slow
def test_a_deed_that_is_not_listed_is_nobodys(office: Office) -> None:
    everybody = both(KIM, LEE, PARK, ADA, AUD, CHO, SEO)
    assert not rights.may(everybody, "unheard_of")
    with pytest.raises(NotAllowedError):
        rights.check(everybody, "unheard_of")


@pytest.mark.slow
def test_somebody_without_a_role_may_do_nothing(office: Office) -> None:
    nobody = Actor("no", "아무개", frozenset())
    assert not any(_is_allowed(office, deed, nobody) for deed in attempts(office).values())


def _is_allowed(office: Office, deed: Deed, actor: Actor) -> bool:
    """Tried and undone again."""
    try:
        with office.database.transaction() as session:
            deed(session, actor)
            raise _UndoneError
    except _UndoneError:
        return True
    except (NotAllowedError, NotFoundError):
        return False


class _UndoneError(Exception):
    """Thrown to take a trial back."""


# --- four eyes ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_who_wrote_something_cannot_decide_even_in_the_committee(office: Office) -> None:
    assessment_id, author = office.start(), both(SEO, LEE)
    office.answer(assessment_id, "hiring.told", "안내문", by=author)
    frozen = office.submit(assessment_id)
    with pytest.raises(NotAllowedError, match="wrote parts"):
        office.decide(assessment_id, frozen, by=author)
    with pytest.raises(NotAllowedError, match="wrote parts"), office.database.transaction() as session:
        actions.return_to_author(session, assessment_id, "이유", author, AT)


@pytest.mark.slow
def test_who_submits_counts_as_an_author(office: Office) -> None:
    assessment_id = office.start()
    office.fill(assessment_id)
    other = replace(both(KIM, LEE), id="oh", name="오세린")
    with office.database.transaction() as session:
        actions.submit(session, assessment_id, other, AT)
    with pytest.raises(NotAllowedError):
        office.decide(assessment_id, office.read(assessment_id).content_sha256 or "", by=other)


@pytest.mark.slow
def test_with_three_people_apart_the_decider_cannot_sign_off(office: Office) -> None:
    assessment_id, decider = office.start(), both(LEE, PARK)
    frozen = office.submit(assessment_id)
    office.decide(assessment_id, frozen, by=decider)
    with pytest.raises(NotAllowedError, match="three people"):
        office.sign(assessment_id, frozen, by=decider)
    office.sign(assessment_id, frozen)


def test_with_two_people_the_decider_may_sign_off_and_an_author_still_not(office: Office) -> None:
    assessment_id, decider = office.start(Operator("작은 기관", separation=2)), both(LEE, PARK)
    frozen = office.submit(assessment_id)
    office.decide(assessment_id, frozen, by=decider)
    with pytest.raises(NotAllowedError, match="wrote parts"):
        office.sign(assessment_id, frozen, by=both(KIM, PARK))
    office.sign(assessment_id, frozen, by=decider)
    assert office.read(assessment_id).status is Status.SIGNED_OFF


def test_separation_loosened_after_submit_does_not_reach_the_submitted_revision(office: Office) -> None:
    assessment_id, decider = office.start(), both(LEE, PARK)
    frozen = office.submit(assessment_id)
    office.decide(assessment_id, frozen, by=decider)
    with office.database.transaction() as session:
        actions.change_operator(session, 1, Operator("해태 주식회사", separation=2), ADA, AT)
    with pytest.raises(NotAllowedError):
        office.sign(assessment_id, frozen, by=decider)


@pytest.mark.slow
def test_the_author_of_a_copied_text_cannot_decide_on_the_copy(office: Office) -> None:
    assessment_id, author = office.start(), both(SEO, LEE)
    office.answer(assessment_id, "hiring.told", "안내문", by=author)
    office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.revise(session, assessment_id, replace(KIM, id="oh", name="오세린"), AT)
    frozen = office.submit(assessment_id)
    assert [one.id for one in office.read(assessment_id).authors] == ["kim", "seo", "oh"]
    with pytest.raises(NotAllowedError):
        office.decide(assessment_id, frozen, by=author)


# --- answers ------------------------------------------------------------------------------------------------


def test_every_type_of_answer_comes_back_as_it_was_given(office: Office) -> None:
    assessment_id = office.start()
    office.fill(assessment_id)
    assessment = office.read(assessment_id)
    assert {asked: assessment.answers(asked) for asked in ANSWERS} == ANSWERS
    told = assessment.responses["hiring"]["told"]
    assert (told.by, told.at, told.lock_version) == (KIM.person, AT, 1)


def test_the_second_writer_is_told_who_and_when_and_writes_nothing(office: Office) -> None:
    assessment_id = office.start()
    office.answer(assessment_id, "hiring.told", "첫 글")
    office.answer(assessment_id, "hiring.told", "둘째 글", seen=1, by=SEO)
    for seen in (0, 1, 3):
        with pytest.raises(StaleAssessmentError) as refused:
            office.answer(assessment_id, "hiring.told", "늦은 글", seen=seen)
        for text in (refused.value.text.ko, refused.value.text.en):
            assert SEO.name in text
            assert "2026-11-21 12:00:00" in text, "the time in Seoul"
            assert "told" not in text, "no name of a file's"
    assert office.read(assessment_id).answers("hiring")["told"] == "둘째 글"


def test_an_answer_can_be_taken_back_and_given_again(office: Office) -> None:
    assessment_id = office.start()
    office.answer(assessment_id, "hiring.reach", ("mail",))
    kept = office.answer(assessment_id, "hiring.reach", (), seen=1)
    assert (kept.answer, kept.lock_version) == (None, 2)
    assert office.read(assessment_id).responses == {}
    with pytest.raises(StaleAssessmentError):
        office.answer(assessment_id, "hiring.reach", ("web",), seen=1)
    assert office.answer(assessment_id, "hiring.reach", ("web",), seen=0).lock_version == 3


def test_a_note_without_an_answer_is_kept(office: Office) -> None:
    assessment_id = office.start()
    office.answer(assessment_id, "hiring.used", None, note="담당 부서에 확인 중")
    assert office.read(assessment_id).responses["hiring"]["used"].note == "담당 부서에 확인 중"
    assert office.read(assessment_id).answers("hiring") == {}


@pytest.mark.parametrize(
    ("question", "answer"),
    [("hiring.used", "perhaps"), ("hiring.people", -1), ("hiring.nothing", "x"), ("credit.used", "yes")],
)
def test_what_is_no_answer_is_refused(office: Office, question: str, answer: str | int) -> None:
    with pytest.raises(InvalidAnswerError):
        office.answer(office.start(), question, answer)


def test_a_changed_questionnaire_is_refused_with_its_file_and_digests(office: Office) -> None:
    assessment_id = office.start()
    file = load.FOLDER / "hiring" / "1.0.yaml"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(QuestionnaireChangedError, match="was changed after"):
        office.answer(assessment_id, "hiring.used", "yes")
    file.unlink()
    with pytest.raises(QuestionnaireChangedError, match="is missing"):
        office.answer(assessment_id, "hiring.used", "yes")
    assert office.read(assessment_id).answers("hiring") == {}


# --- scenarios and measures ---------------------------------------------------------------------------------


def test_scenarios_and_measures_come_back_as_they_were_given(office: Office) -> None:
    assessment_id = office.start()
    with office.database.transaction() as session:
        actions.set_scenarios(session, assessment_id, [SCENARIO], SEO, AT)
        actions.set_measures(session, assessment_id, [MEASURE], SEO, AT)
    assessment = office.read(assessment_id)
    assert (assessment.scenarios, assessment.measures) == ((SCENARIO,), (MEASURE,))
    assert [one.id for one in assessment.authors] == ["kim", "seo"]


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    assessment_id = office.start()
    with office.database.transaction() as session:
        actions.set_scenarios(session, assessment_id, [SCENARIO], SEO, AT, seen=())
    with pytest.raises(StaleAssessmentError, match=SEO.name), office.database.transaction() as session:
        actions.set_scenarios(session, assessment_id, [], KIM, AT, seen=())
    assert office.read(assessment_id).scenarios == (SCENARIO,)


def test_scenarios_need_ids_of_their_own_and_a_reason_for_a_better_judgment(office: Office) -> None:
    assessment_id = office.start()
    unreasoned = replace(SCENARIO, impacts=(replace(SCENARIO.impacts[0], reason=" "),))
    for wrong in ([SCENARIO, SCENARIO], [unreasoned]):
        with pytest.raises(InvalidAnswerError), office.database.transaction() as session:
            actions.set_scenarios(session, assessment_id, wrong, KIM, AT)
    with pytest.raises(InvalidAnswerError), office.database.transaction() as session:
        actions.set_measures(session, assessment_id, [MEASURE], KIM, AT)


# --- steps ----------------------------------------------------------------------------------------------------


def test_submit_waits_for_required_answers_and_names_them(office: Office) -> None:
    assessment_id = office.start()
    with pytest.raises(IncompleteError, match="without an answer") as refused, office.database.transaction() as session:
        actions.submit(session, assessment_id, KIM, AT)
    asked = load.newest("hiring").questionnaire.question("used").text
    assert asked.ko in refused.value.text.ko and "hiring." not in refused.value.text.ko
    assert office.read(assessment_id).status is Status.DRAFT


def test_a_submitted_revision_is_frozen_with_system_and_operator(office: Office) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.change_operator(session, 1, Operator("새 상호"), ADA, AT)
        actions.change_system(session, 1, AISystem("새 이름"), KIM, AT)
    assessment = office.read(assessment_id)
    assert (assessment.operator.name, assessment.system.name_ko) == ("해태 주식회사", "서류 도우미")
    assert content_sha256(assessment) == frozen
    for deed in (
        lambda s: actions.record_response(s, assessment_id, "hiring", Response("used", "no", lock_version=1), KIM, AT),
        lambda s: actions.set_scenarios(s, assessment_id, [], KIM, AT),
        lambda s: actions.add_evidence(s, assessment_id, actions.Upload("t", "a.pdf", PDF), KIM, AT),
    ):
        with pytest.raises(WrongStatusError), office.database.transaction() as session:
            deed(session)


def test_a_returned_revision_is_editable_and_sees_the_operator_as_it_is_now(office: Office) -> None:
    assessment_id = office.start()
    office.submit(assessment_id)
    with office.database.transaction() as session:
        actions.change_operator(session, 1, Operator("새 상호"), ADA, AT)
        actions.return_to_author(session, assessment_id, "근거를 더 적으십시오.", LEE, AT)
    assessment = office.read(assessment_id)
    assert (assessment.status, assessment.content_sha256) == (Status.RETURNED, None)
    assert assessment.operator.name == "새 상호"
    office.answer(assessment_id, "hiring.told", "더 자세한 안내문", seen=1)


def test_a_decision_names_exactly_the_content_that_was_seen(office: Office) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with pytest.raises(StaleAssessmentError, match=KIM.name):
        office.decide(assessment_id, "0" * 64)
    office.decide(assessment_id, frozen)
    with pytest.raises(StaleAssessmentError, match=LEE.name):
        office.sign(assessment_id, "0" * 64)
    office.sign(assessment_id, frozen)
    assessment = office.read(assessment_id)
    assert assessment.decision is not None
    assert assessment.sign_off is not None
    assert (assessment.decision.by, assessment.sign_off.by) == (LEE.person, PARK.person)
    assert assessment.decision.content_sha256 == assessment.sign_off.content_sha256 == frozen
    assert assessment.origin is Origin.RECORDED


@pytest.mark.sqlite
def test_content_that_was_altered_behind_the_tool_is_not_decided_on(office: Office) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER response_frozen_update")
        connection.exec_driver_sql("UPDATE response SET answer = '\"real\"' WHERE question = 'review'")
        connection.commit()
    with pytest.raises(StaleAssessmentError):
        office.decide(assessment_id, frozen)


def test_conditions_come_back_with_the_decision(office: Office) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    with office.database.transaction() as session:
        conditions = [Condition("석 달 뒤 다시 점검", "서두리", date(2027, 3, 1)), Condition("  ")]
        ruling = Ruling.APPROVED_WITH_CONDITIONS
        actions.record_decision(session, assessment_id, ruling, "조건부", conditions, frozen, CHO, AT)
    decision = office.read(assessment_id).decision
    assert decision is not None
    agreed = (Condition("석 달 뒤 다시 점검", "서두리", date(2027, 3, 1)),)
    assert (decision.ruling, decision.conditions) == (Ruling.APPROVED_WITH_CONDITIONS, agreed)
    with office.database.reading() as session:
        followed = committee.conditions(session, assessment_id)
        assert [(each.revision, each.number, each.condition) for each in followed] == [(1, 1, agreed[0])]


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("다시 점검", "", date(2027, 3, 1)), "no owner or no day"),
        (Condition("다시 점검", "서두리"), "no owner or no day"),
        (Condition("다시 점검", "서두리", date(2026, 11, 20)), "before today"),
        (Condition(" ", "서두리", date(2027, 3, 1)), "not what has to be done"),
        (Condition("다시 점검", "", date(2027, 3, 1), "nobody"), "no person nobody"),
    ],
)
def test_a_condition_has_an_owner_and_a_day_that_is_to_come(office: Office, condition: Condition, words: str) -> None:
    assessment_id = office.start()
    frozen = office.submit(assessment_id)
    ruling = Ruling.APPROVED_WITH_CONDITIONS
    with pytest.raises(AssessmentError, match=words), office.database.transaction() as session:
        actions.record_decision(session, assessment_id, ruling, "조건부", [condition], frozen, CHO, AT)
    assert office.read(assessment_id).status is Status.SUBMITTED


@pytest.mark.slow
def test_a_revision_copies_the_content_and_voids_the_old_approval(office: Office) -> None:
    assessment_id = office.signed_off()
    with office.database.transaction() as session:
        assert actions.revise(session, assessment_id, KIM, after(5)) == 2
    old, new = office.read(assessment_id, 1), office.read(assessment_id)
    assert (old.status, new.status, new.revision) == (Status.SUPERSEDED, Status.DRAFT, 2)
    assert (new.decision, new.sign_off, new.content_sha256) == (None, None, None)
    assert new.responses == old.responses
    assert old.decision is not None
    with office.database.reading() as session:
        void = next(one for one in event_lines.events(session, assessment_id) if one.kind == "void_approval")
    assert (void.revision, void.values["decided_by"], void.values["signed_by"]) == (1, "lee", "park")
    with pytest.raises(WrongStatusError):
        office.sign(assessment_id, old.content_sha256 or "")
    office.answer(assessment_id, "hiring.told", "새 안내문", seen=1)
    assert office.read(assessment_id, 1).answers("hiring")["told"] == ANSWERS["hiring"]["told"]


def test_a_withdrawn_assessment_ends(office: Office) -> None:
    assessment_id = office.start()
    with office.database.transaction() as session:
        actions.withdraw(session, assessment_id, "쓰지 않는다.", KIM, AT)
    with pytest.raises(WrongStatusError):
        office.answer(assessment_id, "hiring.used", "yes")


@pytest.mark.slow
def test_a_draft_nobody_decided_on_is_deleted_with_what_it_holds_and_its_events_stay(office: Office) -> None:
    number = office.start()
    office.fill(number)
    with office.database.transaction() as session:
        evidence = actions.add_evidence(session, number, actions.Upload("지정서", "a.pdf", PDF), KIM, AT)
        actions.name_evidence(session, number, evidence.id, "authority", KIM, AT)
        actions.set_scenarios(session, number, [SCENARIO], KIM, AT)
        stored = reader.evidence_file(session, evidence.id).stored_name
    with office.database.transaction() as session:
        assert auditing.audit(session, lambda _: None, notes=False).is_intact, "a file named for two items, too"
        actions.delete_draft(session, number, KIM, AT)
    gone = office.read(number)
    assert (gone.responses, gone.evidence, gone.scenarios, gone.status) == ({}, (), (), Status.WITHDRAWN)
    assert not (home() / "evidence" / stored).exists()
    with office.database.transaction() as session:
        assert lists.assessments(session).total == 0
        projection.rebuild(session)
        assert lists.assessments(session).total == 0, "not after lists were made anew either"
        told = event_lines.events(session, number)
        assert told[0].kind == "delete_draft" and told[0].values["answers"] == 10
        assert {"start_assessment", "record_response", "set_scenarios"} <= {line.kind for line in told}
        assert auditing.audit(session, lambda _: None, notes=False).is_intact
    assert office.start() == number + 1, "a number is not given again"


@pytest.mark.slow
def test_a_draft_after_a_decision_is_not_deleted(office: Office) -> None:
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.revise(session, number, KIM, AT)
    with pytest.raises(WrongStatusError, match="Withdraw it"), office.database.transaction() as session:
        actions.delete_draft(session, number, KIM, AT)
    assert office.read(number).responses


def test_what_is_not_there_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.read(99)
    with pytest.raises(NotFoundError):
        office.read(office.start(), revision=2)
    with pytest.raises(NotFoundError, match="medical"), office.database.transaction() as session:
        actions.start_assessment(session, 1, "medical", KIM, AT)
    with pytest.raises(NotFoundError), office.database.transaction() as session:
        actions.start_assessment(session, 1, "hiring", KIM, AT.replace(year=2025))


# --- organisations and systems --------------------------------------------------------------------------------


def test_a_second_change_of_an_organisation_is_told_who_changed_it(office: Office) -> None:
    office.start()
    with office.database.reading() as session:
        seen = reader.get_operator(session, 1)
    with office.database.transaction() as session:
        actions.change_operator(session, 1, replace(seen, address="서울"), ADA, AT, seen=seen)
    with pytest.raises(StaleAssessmentError, match=ADA.name), office.database.transaction() as session:
        actions.change_operator(session, 1, replace(seen, address="부산"), KIM, AT, seen=seen)


def test_a_removed_scenario_takes_its_links_along(office: Office) -> None:
    assessment_id = office.start()
    other = replace(SCENARIO, id="s2")
    with office.database.transaction() as session:
        actions.set_scenarios(session, assessment_id, [SCENARIO, other], KIM, AT)
        actions.set_measures(session, assessment_id, [replace(MEASURE, scenarios=("s1", "s2"))], KIM, AT)
        actions.set_scenarios(session, assessment_id, [other], KIM, AT)
    (measure,) = office.read(assessment_id).measures
    assert measure.scenarios == ("s2",)
    with office.database.reading() as session:
        kinds = [one.kind for one in event_lines.events(session, assessment_id, limit=2)]
        assert history.verify(session).is_intact
    assert kinds == ["set_measures", "set_scenarios"], "newest first; the change of the measures is told, too"


def test_texts_are_cleaned_and_a_name_is_needed(office: Office) -> None:
    with office.database.transaction() as session:
        operator_id = actions.register_operator(
            session, Operator(" 해태 ", address="\u1109\u1165\u110b\u116e\u11af"), KIM, AT
        )
        assert reader.get_operator(session, operator_id) == Operator("해태", address="서울", id=operator_id)
    refused = (Operator("a\u202eb"), Operator("해태\x00"), Operator("해태", address="서울\u0007"))
    for wrong, error in ((Operator(" "), IncompleteError), *((one, InvalidAnswerError) for one in refused)):
        with pytest.raises(error), office.database.transaction() as session:
            actions.register_operator(session, wrong, KIM, AT)
    with pytest.raises(IncompleteError), office.database.transaction() as session:
        actions.register_operator(session, Operator("기관", separation=1), KIM, AT)


# --- one deed, one transaction ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_deed_and_its_event_are_there_both_or_neither(office: Office) -> None:
    for name, deed in attempts(office).items():
        actor = _somebody(office, deed)
        before = _counts(office)
        with pytest.raises(ZeroDivisionError):
            _done_and_broken_off(office, deed, actor)
        assert _counts(office) == before, name


@pytest.mark.slow
def test_every_deed_leaves_its_event(office: Office) -> None:
    deeds = attempts(office)
    for deed in deeds.values():
        actor = _somebody(office, deed)
        with office.database.transaction() as session:
            deed(session, actor)
    with office.database.reading() as session:
        kinds = {one.kind for one in event_lines.events(session)}
        assert history.verify(session).is_intact
    told = {*deeds, "void_approval", "submit_again", "add_proof"} - {"close_vote"}
    assert kinds == told, "the end of a vote is told as what it came to"


def _somebody(office: Office, deed: Deed) -> Actor:
    """Who may do it: an author, a member or an officer, none of them in two parts."""
    return next(actor for actor in (both(KIM, ADA), LEE, CHO, PARK) if _is_allowed(office, deed, actor))


def _done_and_broken_off(office: Office, deed: Deed, actor: Actor) -> None:
    with office.database.transaction() as session:
        deed(session, actor)
        raise ZeroDivisionError


def _counts(office: Office) -> tuple[int, ...]:
    with office.database.engine.connect() as connection:
        tables = ("event", "event_value", "operator", "revision", "response", "scenario", "evidence", "sealed_report")
        return tuple(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables)


# --- lists --------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_newest_revision_as_it_was_last_saved(office: Office) -> None:
    assessment_id = office.start()
    with office.database.reading() as session:
        (first,) = lists.assessments(session).entries
    assert (first.outcome, first.status, first.score) == (Outcome.CANNOT_DETERMINE, Status.DRAFT, 50)
    assert first.open_required > 0
    frozen = office.submit(assessment_id)
    office.decide(assessment_id, frozen)
    with office.database.reading() as session:
        (last,) = lists.assessments(session).entries
    assert (last.outcome, last.status, last.score) == (Outcome.HIGH_IMPACT, Status.DECIDED, 0)
    assert (last.open_required, last.authors, last.decided_by) == (0, ("kim",), "lee")
    assert (last.system.name_en, last.operator_name) == ("CV helper", "해태 주식회사")


def test_the_history_tells_who_answered_what_before_and_after(office: Office) -> None:
    assessment_id = office.start()
    office.answer(assessment_id, "hiring.told", "첫 글")
    office.answer(assessment_id, "hiring.told", "둘째 글", seen=1, by=SEO)
    with office.database.reading() as session:
        newest = event_lines.events(session, assessment_id, limit=1)[0]
    assert (newest.kind, newest.by, newest.at) == ("record_response", SEO.person, AT)
    assert newest.values["question"] == "hiring.told"
    assert (newest.values["old"]["answer"], newest.values["new"]["answer"]) == ("첫 글", "둘째 글")


# --- words of system and organisation are decided on too ---------------------------------------------------------


def _reword(office: Office, who: Actor, *, system: bool) -> None:
    with office.database.transaction() as session:
        if system:
            actions.change_system(session, 1, AISystem("서류 도우미", summary_ko="새 설명"), who, AT)
        else:
            actions.change_operator(session, 1, Operator("해태 주식회사", representative="새 대표"), who, AT)


@pytest.mark.first_in_check
@pytest.mark.parametrize("system", [True, False])
@pytest.mark.parametrize("when", ["draft", "submitted then returned", "submitted then revised"])
def test_whoever_changes_the_words_that_a_draft_shows_does_not_decide_on_it(
    office: Office, when: str, system: bool
) -> None:
    chair = both(CHO, ADA)
    number = office.start()
    if when == "draft":
        _reword(office, chair, system=system)
    else:
        office.submit(number)
        _reword(office, chair, system=system)
        with office.database.transaction() as session:
            if when == "submitted then returned":
                actions.return_to_author(session, number, "다시", LEE, AT)
            else:
                actions.revise(session, number, KIM, AT)
    frozen = office.submit(number)
    assert chair.person in office.read(number).authors
    with pytest.raises(NotAllowedError):
        office.decide(number, frozen, by=chair)
    office.decide(number, frozen, by=LEE)


def test_words_changed_before_the_draft_or_while_it_is_frozen_make_nobody_its_author(office: Office) -> None:
    chair = both(CHO, ADA)
    office.start()
    _reword(office, chair, system=True)
    with office.database.transaction() as session:
        later = actions.start_assessment(session, 1, "hiring", KIM, AT)
        actions.change_system(session, 1, reader.get_system(session, 1), chair, AT)
    frozen = office.submit(later)
    _reword(office, chair, system=False)
    office.decide(later, frozen, by=chair)


@pytest.mark.slow
def test_evidence_of_a_day_that_lies_ahead_is_refused(office: Office) -> None:
    number = office.start()
    today, tomorrow = date(2026, 11, 21), date(2026, 11, 22)
    with office.database.transaction() as session:
        kept = actions.add_evidence(
            session, number, actions.Upload("t", "a.pdf", PDF, on=today, expires_on=tomorrow), KIM, AT
        )
        assert kept.on == today
        with pytest.raises(EvidenceRefusedError) as caught:
            actions.add_evidence(session, number, actions.Upload("t", "a.pdf", PDF, on=tomorrow), KIM, AT)
    assert "22 Nov 2026, lies ahead" in caught.value.text.en


def test_who_changed_something_last_is_told_in_the_time_of_seoul() -> None:
    assert str(Change("somebody", datetime(2026, 11, 20, 16, 33, 1, tzinfo=UTC))) == "somebody, 2026-11-21 01:33:01"
