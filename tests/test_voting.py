"""What a committee's votes come to, and that no vote and no approval outlives the content that it is about."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import actions
from assessments.content.canonical import content_sha256
from assessments.errors import AssessmentError, NotAllowedError, StaleAssessmentError, WrongStatusError
from assessments.home import home
from assessments.keeping import auditing
from assessments.keeping.audit_findings import Harm, Thing
from assessments.model import (
    Actor,
    Ballot,
    Committee,
    Condition,
    Measure,
    Operator,
    Person,
    RefusalGoal,
    ReturnPoint,
    Role,
    Ruling,
    Statement,
    Status,
    Vote,
)
from assessments.rules import voting, workflow
from assessments.rules.voting import Result
from assessments.storage import committee, database, event_lines, reader
from assessments.storage.database import Session
from tests.former_home import WITHOUT_DASHBOARDS, WITHOUT_POSITIONS
from tests.office import ADA, AT, CHO, KIM, LEE, PARK, PDF, Office, open_office

NOH = Actor("noh", "노하늘", frozenset({Role.COMMITTEE_MEMBER}))
BAN = Actor("ban", "반가람", frozenset({Role.COMMITTEE_MEMBER}))
DUE = Condition("편향을 다시 시험한다.", "품질팀", date(2027, 3, 1))
CHAIR = "chair"
_LETTERS = {
    "A": Ballot.APPROVE,
    "C": Ballot.APPROVE_WITH_CONDITIONS,
    "R": Ballot.REJECT,
    "B": Ballot.RETURN,
    "N": Ballot.ABSTAIN,
    "-": Ballot.RECUSED,
}


def votes(ballots: str, chair: str = "") -> tuple[Vote, ...]:
    """One letter a member; the chair's after them."""
    return tuple(
        Vote(
            Person(name, name),
            _LETTERS[letter],
            "x",
            AT,
            "0" * 64,
            name == CHAIR,
            (Condition(f"of {name}"),) if letter == "C" else (),
            (ReturnPoint("log", f"of {name}"),) if letter == "B" else (),
            place,
        )
        for place, (name, letter) in enumerate(
            [*((f"m{at}", letter) for at, letter in enumerate(ballots)), *((CHAIR, letter) for letter in chair)]
        )
    )


# --- the rule ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "chair", "chair_votes", "result"),
    [
        ("AAR", "", True, Result.APPROVED),
        ("AAC", "", True, Result.APPROVED),
        ("ACC", "", True, Result.APPROVED_WITH_CONDITIONS),
        ("AACRR", "", True, Result.APPROVED_WITH_CONDITIONS),
        ("ARR", "", True, Result.REJECTED),
        ("ABB", "", True, Result.RETURNED),
        ("A-R", "A", True, Result.APPROVED),
        ("AR", "", True, Result.REJECTED),
        ("AB", "", True, Result.RETURNED),
        ("A", "R", True, Result.REJECTED),
        ("R", "A", True, Result.APPROVED),
        ("R", "C", True, Result.APPROVED_WITH_CONDITIONS),
        ("C", "A", True, Result.APPROVED),
        ("AARB", "", True, Result.RETURNED),
        ("AARB", "R", True, Result.REJECTED),
        ("RB", "A", True, Result.RETURNED),
        ("RR", "A", False, Result.REJECTED),
        ("AR", "A", False, Result.APPROVED),
        ("AR", "R", False, Result.REJECTED),
        ("AR", "-", False, Result.REJECTED),
        ("AR", "C", False, Result.APPROVED_WITH_CONDITIONS),
        ("--", "", True, None),
        ("AAN", "", True, Result.APPROVED),
        ("AN", "", True, Result.RETURNED),
        ("AN", "A", False, Result.APPROVED),
        ("AR", "N", False, Result.REJECTED),
        ("ACN", "", True, Result.APPROVED_WITH_CONDITIONS),
        ("AANNN", "", True, Result.RETURNED),
        ("RNN", "", True, Result.REJECTED),
        ("NN", "", True, Result.RETURNED),
    ],
)
def test_the_majority_of_the_votes_cast_decides_and_at_a_tie_the_chair(
    members: str, chair: str, chair_votes: bool, result: Result | None
) -> None:
    cast = votes(members, chair)
    assert voting.result(cast, Committee(1, chair_votes), CHAIR) == result
    if result is Result.APPROVED_WITH_CONDITIONS:
        assert voting.conditions(cast, Committee(1, chair_votes), CHAIR)


def test_who_is_recused_and_a_chair_who_votes_at_a_tie_only_do_not_count_for_the_quorum() -> None:
    cast = votes("A-R", "A")
    assert voting.missing(cast, Committee(4)) == 1
    assert voting.missing(cast, Committee(4, chair_votes=False)) == 2
    assert voting.missing(votes("AN"), Committee(3)) == 1, "whoever abstains takes part"


def test_points_on_one_place_become_one_and_conditions_that_several_name_are_named_once() -> None:
    cast = tuple(replace(vote, conditions=(DUE,) if vote.conditions else ()) for vote in votes("CCBB"))
    assert voting.conditions(cast, Committee(), CHAIR) == (DUE,)
    assert voting.points(cast, Committee(), CHAIR) == (ReturnPoint("log", "of m2\nof m3"),)


BALLOTS = st.text("ACRBN-", max_size=7)


@given(BALLOTS, st.sampled_from(["", "A", "C", "R", "B", "N", "-"]), st.booleans())
def test_nothing_is_approved_that_less_than_half_of_those_who_count_approve(
    members: str, chair: str, chair_votes: bool
) -> None:
    cast, how = votes(members, chair), Committee(1, chair_votes)
    counted = voting.counted(cast, how)
    approving = sum(vote.ballot in voting.APPROVALS for vote in counted)
    result = voting.result(cast, how, CHAIR)
    if result in (Result.APPROVED, Result.APPROVED_WITH_CONDITIONS):
        assert 2 * approving >= len(counted)
    elif result is not None:
        assert 2 * approving <= len(counted)
    assert (result is None) == (not counted)


@given(BALLOTS, st.randoms(use_true_random=False))
def test_the_order_of_votes_changes_nothing(members: str, random: object) -> None:
    cast = list(votes(members, "A"))
    result = voting.result(cast, Committee(), CHAIR)
    random.shuffle(cast)  # type: ignore[attr-defined]
    assert voting.result(cast, Committee(), CHAIR) == result


@given(BALLOTS, st.integers(0, 6))
def test_one_more_approval_never_turns_an_approval_down(members: str, place: int) -> None:
    approved = (Result.APPROVED, Result.APPROVED_WITH_CONDITIONS)
    if voting.result(votes(members), Committee(), CHAIR) in approved:
        more = members[:place] + "A" + members[place:]
        assert voting.result(votes(more), Committee(), CHAIR) in approved


# --- deeds ------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch, of_three)


def of_three(office: Office) -> None:
    set_committee(office, Committee(3))


def set_committee(office: Office, how: Committee | None) -> None:
    with office.database.transaction() as session:
        actions.set_committee(session, 1, how, ADA, AT)


def cast(
    office: Office,
    number: int,
    by: Actor,
    ballot: Ballot,
    *,
    conditions: Sequence[Condition] = (),
    points: Sequence[ReturnPoint] = (),
    frozen: str = "",
) -> None:
    seen = frozen or office.read(number).content_sha256 or ""
    with office.database.transaction() as session:
        actions.cast_vote(
            session, number, ballot, f"{by.name}의 이유", seen, by, AT, conditions=conditions, points=points
        )


def close(office: Office, number: int, by: Actor = CHO, seen: int | None = None) -> Status:
    assessment = office.read(number)
    newest = max((vote.seq for vote in assessment.votes), default=0)
    with office.database.transaction() as session:
        return actions.close_vote(
            session, number, "표결에 따름", assessment.content_sha256 or "", newest if seen is None else seen, by, AT
        )


@pytest.mark.slow
def test_members_vote_a_chair_closes_and_the_officer_signs(office: Office) -> None:
    number = office.start()
    frozen = office.submit(number)
    with pytest.raises(WrongStatusError, match="nobody decides on it or returns it alone"):
        office.decide(number, frozen)
    cast(office, number, LEE, Ballot.APPROVE_WITH_CONDITIONS, conditions=[DUE])
    cast(office, number, NOH, Ballot.RECUSED)
    cast(office, number, BAN, Ballot.APPROVE)
    with pytest.raises(WrongStatusError, match="1 more needed"):
        close(office, number)
    cast(office, number, CHO, Ballot.APPROVE_WITH_CONDITIONS, conditions=[DUE])
    cast(office, number, BAN, Ballot.REJECT)  # changed
    with pytest.raises(NotAllowedError, match="chair"):
        close(office, number, by=LEE)
    assert close(office, number) is Status.DECIDED
    read = office.read(number)
    assert read.decision is not None and read.committee == Committee(3)
    assert (read.decision.ruling, read.decision.conditions) == (Ruling.APPROVED_WITH_CONDITIONS, (DUE,))
    assert [(vote.by.id, vote.ballot.value) for vote in read.votes] == [
        ("lee", "approve_with_conditions"),
        ("noh", "recused"),
        ("cho", "approve_with_conditions"),
        ("ban", "reject"),
    ]
    with office.database.reading() as session:
        assert [each.condition for each in committee.conditions(session, number)] == [DUE]
    with pytest.raises(NotAllowedError, match="decided or voted"):
        office.sign(number, frozen, by=replace(PARK, id="lee"))
    with pytest.raises(AssessmentError, match="all 4 statements"), office.database.transaction() as session:
        actions.sign_off(session, number, frozen, [Statement.CONTENT], PARK, AT)
    office.sign(number, frozen)
    signed = office.read(number).sign_off
    assert signed is not None and signed.statements == tuple(Statement)
    assert _intact(office)


@pytest.mark.slow
def test_who_is_recused_neither_votes_nor_closes_nor_examines_any_more(office: Office) -> None:
    number = office.start()
    office.submit(number)
    cast(office, number, CHO, Ballot.APPROVE)
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    cast(office, number, CHO, Ballot.RECUSED)
    for again in (Ballot.APPROVE, Ballot.RECUSED):
        with pytest.raises(NotAllowedError, match="recused"):
            cast(office, number, CHO, again)
    with pytest.raises(NotAllowedError, match="recused"):
        close(office, number)
    other = replace(CHO, id="other")
    assert close(office, number, by=other) is Status.DECIDED


def test_an_author_does_not_vote(office: Office) -> None:
    number = office.start()
    office.submit(number)
    with pytest.raises(NotAllowedError, match="wrote parts"):
        cast(office, number, replace(KIM, roles=frozenset(Role)), Ballot.APPROVE)


@pytest.mark.slow
def test_a_chair_does_not_close_on_votes_that_they_have_not_seen(office: Office) -> None:
    number = office.start()
    office.submit(number)
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    seen = office.read(number).votes[-1].seq
    cast(office, number, LEE, Ballot.REJECT)
    with pytest.raises(StaleAssessmentError, match="votes have changed"):
        close(office, number, seen=seen)
    assert close(office, number) is Status.DECIDED


@pytest.mark.slow
def test_a_return_is_voted_on_and_its_votes_do_not_carry_over(office: Office) -> None:
    number = office.start()
    frozen = office.submit(number)
    for member in (LEE, NOH):
        cast(office, number, member, Ballot.RETURN, points=[ReturnPoint("hiring.people", f"{member.name}: 다시")])
    cast(office, number, BAN, Ballot.APPROVE)
    assert close(office, number) is Status.RETURNED
    with office.database.reading() as session:
        points = event_lines.return_points(session, reader.get_assessment(session, number))
    assert [(point.where, point.text) for point in points] == [("hiring.people", "이서준: 다시\n노하늘: 다시")]
    with office.database.transaction() as session:
        actions.answer_point(session, number, "hiring.people", "세었습니다.", KIM, AT)
    assert office.submit(number) == frozen, "nothing was changed"
    assert office.read(number).votes == ()
    with pytest.raises(WrongStatusError, match="3 more needed"):
        close(office, number)
    assert _intact(office)


def test_a_committee_of_one_decides_by_one_deed_and_does_not_vote(office: Office) -> None:
    set_committee(office, None)
    number = office.start(Operator("작은 기관", separation=2))
    frozen = office.submit(number)
    with pytest.raises(WrongStatusError, match="one member decides"):
        cast(office, number, LEE, Ballot.APPROVE)
    office.decide(number, frozen)
    assert office.read(number).committee == Committee(1)


def test_settings_hold_for_the_units_below_that_have_none_of_their_own(office: Office) -> None:
    with office.database.transaction() as session:
        below = actions.add_unit(session, "아래", 1, ADA, AT)
        lowest = actions.add_unit(session, "더 아래", below, ADA, AT)
        actions.set_committee(session, below, Committee(2, chair_votes=False), ADA, AT)
        assert committee.of_unit(session, (lowest, below, 1)) == Committee(2, chair_votes=False)
        assert committee.of_unit(session, (1,)) == Committee(3)
        actions.set_committee(session, below, None, ADA, AT)
        assert committee.of_unit(session, (lowest, below, 1)) == Committee(3)
    with pytest.raises(AssessmentError, match="from 1 to"):
        set_committee(office, Committee(0))


@pytest.mark.first_in_check
@pytest.mark.parametrize("goal", RefusalGoal)
@pytest.mark.slow
def test_a_refused_revision_ends_decided_as_it_was_and_another_begins(office: Office, goal: RefusalGoal) -> None:
    number = office.start()
    frozen = office.submit(number)
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    close(office, number)
    with office.database.transaction() as session:
        actions.refuse_sign_off(session, number, "대책이 합의되지 않았습니다.", goal, frozen, PARK, AT)
    refused, newest = office.read(number, 1), office.read(number)
    assert refused.status is Status.REFUSED and refused.decision is not None and refused.refusal is not None
    assert (refused.refusal.reason, refused.refusal.goal) == ("대책이 합의되지 않았습니다.", goal)
    with pytest.raises(AssessmentError):
        office.sign(number, frozen)
    status = {"nowhere": Status.REFUSED, "author": Status.DRAFT, "committee": Status.SUBMITTED}[goal.value]
    assert (newest.status, newest.revision) == (status, 1 if goal is RefusalGoal.NOWHERE else 2)
    if goal is RefusalGoal.COMMITTEE:
        assert (newest.content_sha256, newest.votes, newest.decision) == (frozen, (), None)
        assert PARK.id not in {author.id for author in newest.authors}
        for member in (LEE, NOH, BAN):
            cast(office, number, member, Ballot.APPROVE)
        close(office, number)
        office.sign(number, frozen)
    if goal is RefusalGoal.NOWHERE:
        with office.database.transaction() as session:
            assert actions.revise(session, number, KIM, AT) == 2
        assert office.read(number, 1).status is Status.REFUSED
    assert _intact(office)


def test_a_refusal_needs_a_reason_and_an_officer_who_took_no_part(office: Office) -> None:
    number = office.start()
    frozen = office.submit(number)
    for member in (LEE, NOH, BAN):
        cast(office, number, member, Ballot.APPROVE)
    close(office, number)
    for reason, by, words in (
        (" ", PARK, "reason is needed"),
        ("x", replace(PARK, id="lee"), "decided or voted"),
        ("x", LEE, "signing officer"),
    ):
        with pytest.raises(AssessmentError, match=words), office.database.transaction() as session:
            actions.refuse_sign_off(session, number, reason, RefusalGoal.AUTHOR, frozen, by, AT)


# --- evidence ---------------------------------------------------------------------------------------------------


def _intact(office: Office) -> bool:
    return not _findings(office)


def _findings(office: Office) -> set[tuple[Thing, Harm]]:
    with office.database.reading() as session:
        return {(one.thing, one.harm) for one in auditing.audit(session, lambda _: None, notes=False).findings}


@pytest.mark.sqlite
@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("statement", "harm"),
    [
        ("UPDATE vote SET ballot = 'approve' WHERE person_id = 'ban'", Harm.ALTERED),
        ("UPDATE vote SET person_id = 'lee' WHERE person_id = 'ban'", Harm.ALTERED),
        ("UPDATE vote SET reason = 'x' WHERE person_id = 'ban'", Harm.ALTERED),
        ("DELETE FROM vote WHERE person_id = 'ban'", Harm.MISSING),
        ("UPDATE vote SET seq = 1 WHERE person_id = 'ban'", Harm.ADDED),
    ],
)
@pytest.mark.slow
def test_a_vote_that_is_altered_deleted_or_put_in_is_named(office: Office, statement: str, harm: Harm) -> None:
    number = office.start()
    office.submit(number)
    cast(office, number, LEE, Ballot.APPROVE)
    cast(office, number, BAN, Ballot.REJECT)
    with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(home() / "haetae.db")) as connection:
        connection.execute(statement)
    assert _intact(office)
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        for trigger in ("vote_no_update", "vote_no_delete"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
        connection.commit()
    assert (Thing.VOTE, harm) in _findings(office)


@pytest.mark.sqlite
def test_the_database_itself_refuses_a_vote_on_other_content(office: Office) -> None:
    number = office.start()
    office.submit(number)
    cast(office, number, LEE, Ballot.APPROVE)
    columns = "revision_id, submission, '{}', 'x', person_name, as_chair, ballot, reason, conditions, points, at, ''"
    for sha256, submission in (("1" * 64, "submission"), ("' || content_sha256 || '", "submission - 1")):
        other = columns.format(sha256).replace("submission", submission, 1)
        with (
            closing(sqlite3.connect(home() / "haetae.db")) as connection,
            pytest.raises(sqlite3.IntegrityError, match="about what is submitted"),
        ):
            connection.execute(f"INSERT INTO vote SELECT 1, {other} FROM vote")


# --- no approval survives a change --------------------------------------------------------------------------------

_Deed = Callable[[Session, int, Actor, str], object]
_PEOPLE = (KIM, LEE, NOH, BAN, CHO, PARK, ADA)


def _vote(ballot: Ballot) -> _Deed:
    conditions = [DUE] if ballot is Ballot.APPROVE_WITH_CONDITIONS else []
    return lambda s, n, a, sha: actions.cast_vote(s, n, ballot, "x", sha, a, AT, conditions=conditions)


def _close(session: Session, number: int, actor: Actor, sha256: str) -> None:
    seen = max((vote.seq for vote in reader.get_assessment(session, number).votes), default=0)
    actions.close_vote(session, number, "x", sha256, seen, actor, AT)


def _answer(session: Session, number: int, actor: Actor, _sha256: str) -> None:
    before = reader.get_assessment(session, number).responses["hiring"]["told"]
    after = replace(before, answer=f"{before.answer}!")
    actions.record_response(session, number, "hiring", after, actor, AT)


def _measured(session: Session, number: int, actor: Actor, _sha256: str) -> None:
    count = len(reader.get_assessment(session, number).measures)
    measures = [Measure(f"m{place}", "다시 본다.") for place in range((count + 1) % 4)]
    actions.set_measures(session, number, measures, actor, AT)


def _refuse(goal: RefusalGoal) -> _Deed:
    return lambda s, n, a, sha: actions.refuse_sign_off(s, n, "x", goal, sha, a, AT)


_DEEDS: tuple[tuple[_Deed, Actor], ...] = (
    *((_vote(ballot), member) for ballot in Ballot for member in (LEE, NOH, BAN)),
    *((_vote(Ballot.APPROVE), member) for member in (LEE, NOH, BAN, CHO) for _ in range(4)),
    *((_refuse(goal), PARK) for goal in RefusalGoal),
    *((_close, CHO) for _ in range(8)),
    (_answer, KIM),
    (_measured, KIM),
    (lambda s, n, a, _sha: actions.reassess(s, n, "x", a, AT), KIM),
    (lambda s, n, a, _sha: actions.add_evidence(s, n, actions.Upload("x", "a.pdf", PDF), a, AT), KIM),
    *((lambda s, n, a, _sha: actions.submit(s, n, a, AT), KIM) for _ in range(8)),
    (lambda s, n, a, _sha: actions.revise(s, n, a, AT), KIM),
    *((lambda s, n, a, sha: actions.sign_off(s, n, sha, list(Statement), a, AT), PARK) for _ in range(3)),
    (lambda s, n, a, sha: actions.record_decision(s, n, Ruling.APPROVED, "x", (), sha, a, AT), LEE),
    (lambda s, n, a, _sha: actions.return_to_author(s, n, "x", a, AT), LEE),
    *((lambda s, n, a, _sha: actions.set_committee(s, 1, Committee(2), a, AT), ADA) for _ in range(2)),
    (lambda s, n, a, _sha: actions.set_committee(s, 1, None, a, AT), ADA),
    (lambda s, n, a, _sha: actions.change_operator(s, 1, Operator("다른 이름", supervisor_name="x"), a, AT), ADA),
)
"""Each with whoever usually does it."""


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_no_vote_and_no_approval_outlives_the_content_that_it_is_about(seed: int) -> None:
    """Seventy deeds a time, mostly by whoever usually does them, now and then by somebody else or on what was seen before."""
    chance, seen = Random(seed), ""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        office = open_office(Path(folder), patch, of_three)
        number = office.start()
        office.fill(number)
        for _ in range(70):
            deed, actor = chance.choice(_DEEDS)
            if chance.random() < 0.1:
                actor = chance.choice(_PEOPLE)
            if chance.random() > 0.1:
                seen = office.read(number).content_sha256 or ""
            with suppress(AssessmentError), office.database.transaction() as session:
                deed(session, number, actor, seen)
            _check(office, number)
        assert _intact(office)


def _check(office: Office, number: int) -> None:
    newest = office.read(number)
    for revision in range(1, newest.revision + 1):
        assessment = office.read(number, revision)
        for vote in assessment.votes:
            assert vote.content_sha256 == assessment.content_sha256 == content_sha256(assessment)
        acts = [act for act in (assessment.decision, assessment.sign_off) if act]
        for act in acts:
            assert act.content_sha256 == assessment.content_sha256 == content_sha256(assessment)
            assert act.by.id not in {author.id for author in assessment.authors}
        if assessment.status.is_editable:
            assert not assessment.votes and not acts
        if assessment.decision and assessment.votes:
            how = assessment.committee
            assert how is not None and not voting.missing(assessment.votes, how)
            result = voting.result(assessment.votes, how, assessment.decision.by.id)
            assert result is not None and result.value == assessment.decision.ruling.value
        if assessment.sign_off:
            assert assessment.decision is not None
            assert assessment.sign_off.by.id not in {assessment.decision.by.id, *(v.by.id for v in assessment.votes)}
    assert workflow.Standing.of(newest).revision == newest.revision


@pytest.mark.slow
def test_a_home_from_before_abstention_keeps_its_votes_and_takes_one(office: Office) -> None:
    number = office.start()
    office.submit(number)
    cast(office, number, LEE, Ballot.APPROVE)
    cast(office, number, NOH, Ballot.RECUSED)
    before = office.read(number).votes
    office.database.close()
    with sqlite3.connect(home() / "haetae.db") as old:
        old.executescript(WITHOUT_POSITIONS)
        (made,) = old.execute("SELECT sql FROM sqlite_master WHERE name = 'vote'").fetchone()
        assert "'abstain', " in made
        old.executescript(
            WITHOUT_DASHBOARDS + "DROP TABLE request_reminder; DROP TABLE request_event; DROP TABLE request;"
            "DROP TABLE official_document; DROP TABLE meeting_document; DROP TABLE meeting_event; DROP TABLE meeting;"
            + "CREATE TEMPORARY TABLE former AS SELECT * FROM vote; DROP TABLE vote;"
            + made.replace("'abstain', ", "")
            + "; INSERT INTO vote SELECT * FROM former; UPDATE alembic_version SET version_num = '0025';"
        )
    database.prepare()
    assert office.read(number).votes == before
    cast(office, number, BAN, Ballot.ABSTAIN)
    assert voting.missing(office.read(number).votes, Committee(3)) == 1
    assert _intact(office)
