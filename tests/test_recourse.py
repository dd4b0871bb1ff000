"""Requests of people concerned: from receipt to answer, their due days, who may, what stays in the history and what can be erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from assessments import actions, people, viewing
from assessments.errors import (
    AlreadyDoneError,
    AssessmentError,
    IncompleteError,
    InvalidAnswerError,
    NotAllowedError,
    NotFoundError,
    WrongStatusError,
)
from assessments.home import home
from assessments.keeping import audit_recourse, starting
from assessments.keeping import backup as backups
from assessments.model import FIRST_UNIT, AISystem, Grant, Operator, Role
from assessments.rules.recourse import Answer, Figures, State, Stated, median
from assessments.storage import database, recourse, units
from assessments.storage.lists import Scope
from assessments.storage.recourse import Choice, FromRequest, Order
from assessments.storage.units import Account
from commands.main import app
from questionnaires.recourse import recourse as kinds
from tests.office import ADA, AT, AUD, KIM, LEE, PARK, SEO, Office, open_credit_office
from tests.test_auditing import checkpoint_of

RECEIVED = date(2026, 11, 2)
ASKED = Stated("pipa_explanation", RECEIVED, "R-1", "왜 떨어졌는지 알려 주십시오.", "web", "")
REPROCESSED = Answer(date(2026, 11, 20), "reprocessed", "다시 심사하였습니다.", True, "another", "인사팀장")


@pytest.fixture
def begun(office: Office) -> Office:
    """With a system, a draft about it in hiring, and an account for whoever enters requests."""
    office.start()
    with office.database.transaction() as session:
        grants = frozenset({Grant(Role.PRODUCT_MANAGER, FIRST_UNIT)})
        units.add_account(session, Account(KIM.id, FIRST_UNIT, KIM.name, "", True, AT, grants))
    return office


def state(office: Office, at: datetime = AT, **changes: Any) -> int:
    with office.database.transaction() as session:
        return actions.state_request(session, 1, replace(ASKED, **changes), KIM, at)


def refused(office: Office, error: type[AssessmentError], deed: Any) -> str:
    """What it says."""
    with pytest.raises(error) as caught, office.database.transaction() as session:
        deed(session)
    return str(caught.value)


def read(office: Office, number: int) -> Any:
    with office.database.reading() as session:
        return recourse.find(session, number)


# --- entering ---------------------------------------------------------------------------------------------------


def test_a_request_has_a_due_day_by_its_kind_and_is_open(begun: Office) -> None:
    number = state(begun, decision_on=date(2026, 10, 30), decision="D-7")
    request = read(begun, number)
    assert (request.due, request.first_due) == (date(2026, 12, 2), date(2026, 12, 2))
    assert (request.state, request.owner, request.by) == (State.OPEN, KIM.person, KIM.person)
    assert (request.reference, request.asked, request.channel) == ("R-1", ASKED.asked, "web")
    assert (request.decision_on, request.decision) == (date(2026, 10, 30), "D-7")
    assert not request.is_overdue(date(2026, 12, 2))
    assert request.is_overdue(date(2026, 12, 3))


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("pipa_explanation", date(2026, 12, 2)),
        ("pipa_refusal", date(2026, 12, 2)),
        ("pipa_review", date(2026, 12, 2)),
        ("guideline_explanation", date(2027, 1, 1)),
        ("guideline_objection", None),
        ("hiring_outcome", None),
        ("human_review", None),
        ("other", None),
    ],
)
def test_each_kind_of_hiring_has_its_day_or_none(begun: Office, kind: str, due: date | None) -> None:
    assert read(begun, state(begun, kind=kind)).due == due


@pytest.mark.parametrize("kind", ["credit_explanation", "credit_favourable", "credit_correction"])
def test_kinds_of_credit_are_asked_of_systems_for_credit(
    begun: Office, kind: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = refused(begun, InvalidAnswerError, lambda s: actions.state_request(s, 1, replace(ASKED, kind=kind), KIM, AT))
    assert "areas in which this system is assessed" in told
    office = open_credit_office(tmp_path / "credit", monkeypatch, 1)
    assert read(office, state(office, kind=kind)).due is None


def test_midnight_is_seouls(begun: Office) -> None:
    """16:00 in UTC is the next day there already."""
    at = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert read(begun, state(begun, at, received=date(2026, 11, 21))).due == date(2026, 12, 21)
    early = datetime(2026, 11, 20, 14, 59, tzinfo=UTC)
    told = refused(
        begun,
        InvalidAnswerError,
        lambda s: actions.state_request(s, 1, replace(ASKED, reference="R-2", received=date(2026, 11, 21)), KIM, early),
    )
    assert "lies ahead" in told


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("changes", "error", "because"),
    [
        ({"kind": "whim"}, NotFoundError, "no kind of request 'whim'"),
        ({"channel": "pigeon"}, InvalidAnswerError, "no channel 'pigeon'"),
        ({"received": date(2026, 11, 22)}, InvalidAnswerError, "lies ahead"),
        ({"decision_on": date(2026, 11, 3)}, InvalidAnswerError, "before the decision"),
        ({"reference": "  "}, IncompleteError, "reference is empty"),
        ({"asked": "\n"}, IncompleteError, "not said what is asked"),
        ({"due": date(2026, 12, 24)}, InvalidAnswerError, "follows from the day of receipt"),
        ({"kind": "human_review", "due": date(2026, 11, 1)}, InvalidAnswerError, "before the day of receipt"),
        ({"owner_id": "nobody"}, InvalidAnswerError, "cannot answer requests"),
        ({"owner_id": "reader"}, InvalidAnswerError, "cannot answer requests"),
        ({"reference": "x" * 81}, InvalidAnswerError, "80"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    begun: Office, changes: dict[str, Any], error: type[AssessmentError], because: str
) -> None:
    with begun.database.transaction() as session:
        grants = frozenset({Grant(Role.COMMITTEE_MEMBER, FIRST_UNIT)})
        units.add_account(session, Account("reader", FIRST_UNIT, "위원", "", True, AT, grants))
    stated = replace(ASKED, **changes)
    assert because in refused(begun, error, lambda s: actions.state_request(s, 1, stated, KIM, AT))


def test_the_same_reference_is_entered_once_unless_the_first_was_withdrawn(begun: Office) -> None:
    number = state(begun)
    told = refused(begun, AlreadyDoneError, lambda s: actions.state_request(s, 1, ASKED, KIM, AT))
    assert f"as number {number}" in told
    with begun.database.transaction() as session:
        actions.withdraw_request(session, number, RECEIVED, "잘못 등록하였다.", KIM, AT)
    assert state(begun) != number


def test_an_own_day_counts_where_no_text_sets_one(begun: Office) -> None:
    assert read(begun, state(begun, kind="human_review", due=date(2026, 12, 24))).due == date(2026, 12, 24)


# --- extending --------------------------------------------------------------------------------------------------


def test_thirty_days_and_twice_thirty_more_and_no_more(begun: Office) -> None:
    number = state(begun)
    days = [date(2026, 12, 2), date(2027, 1, 1), date(2027, 1, 31)]
    for before, after in pairwise(days):
        at = datetime(before.year, before.month, before.day, 1, tzinfo=UTC)
        with begun.database.transaction() as session:
            actions.extend_request(session, number, after, before, "자료를 더 찾아야 한다.", KIM, at)
        request = read(begun, number)
        assert (request.due, request.first_due) == (after, days[0])
        assert request.extensions[-1].reason == "자료를 더 찾아야 한다."
    told = refused(
        begun,
        WrongStatusError,
        lambda s: actions.extend_request(s, number, date(2027, 3, 1), date(2027, 1, 30), "또", KIM, at),
    )
    assert "extended 2 times already" in told


@pytest.mark.parametrize(
    ("until", "told_on", "reason", "error", "because"),
    [
        (date(2027, 1, 2), date(2026, 11, 20), "바쁘다.", InvalidAnswerError, "no later than 1 Jan 2027"),
        (date(2026, 12, 2), date(2026, 11, 20), "바쁘다.", InvalidAnswerError, "must come after 2 Dec 2026"),
        (date(2026, 12, 20), date(2026, 11, 20), " ", IncompleteError, "no reason"),
        (date(2026, 12, 20), date(2026, 12, 3), "바쁘다.", InvalidAnswerError, "after the due day"),
        (date(2026, 12, 20), date(2026, 11, 1), "바쁘다.", InvalidAnswerError, "between receipt"),
        (date(2026, 12, 20), date(2026, 12, 9), "바쁘다.", InvalidAnswerError, "between receipt"),
    ],
)
def test_an_extension_is_told_in_time_with_a_reason_and_within_its_bounds(
    begun: Office, until: date, told_on: date, reason: str, error: type[AssessmentError], because: str
) -> None:
    number, late = state(begun), datetime(2026, 12, 8, 1, tzinfo=UTC)
    told = refused(begun, error, lambda s: actions.extend_request(s, number, until, told_on, reason, KIM, late))
    assert because in told
    assert read(begun, number).due == date(2026, 12, 2)


def test_what_the_guideline_only_exemplifies_has_no_extension_and_no_day_none_to_extend(begun: Office) -> None:
    guideline, without = (
        state(begun, kind=kind, reference=kind) for kind in ("guideline_explanation", "guideline_objection")
    )
    for number, because in ((guideline, "No extension is provided"), (without, "no due day")):
        told = refused(
            begun,
            WrongStatusError,
            lambda s, number=number: actions.extend_request(s, number, date(2027, 2, 1), AT.date(), "더", KIM, AT),
        )
        assert because in told
    own = state(begun, kind="other", reference="R-9", due=date(2026, 12, 1))
    with begun.database.transaction() as session:
        actions.extend_request(session, own, date(2027, 6, 1), AT.date(), "협의하였다.", KIM, AT)
    assert read(begun, own).due == date(2027, 6, 1)


# --- closing ----------------------------------------------------------------------------------------------------


def test_a_refused_decision_is_reprocessed_by_a_person_who_is_not_the_first(begun: Office) -> None:
    number = state(begun, kind="pipa_refusal")
    with begun.database.transaction() as session:
        actions.answer_request(session, number, REPROCESSED, KIM, AT)
    request = read(begun, number)
    assert request.state is State.ANSWERED
    assert (request.closing.on, request.closing.outcome, request.closing.changed) == (
        date(2026, 11, 20),
        "reprocessed",
        True,
    )
    assert (request.closing.reviewer, request.closing.reviewed_by) == ("another", "인사팀장")
    assert request.closing.text == "다시 심사하였습니다."
    assert not request.was_late


@pytest.mark.parametrize(
    ("kind", "changes", "error", "because"),
    [
        ("pipa_refusal", {"on": date(2026, 11, 1)}, InvalidAnswerError, "between receipt"),
        ("pipa_refusal", {"on": date(2026, 11, 22)}, InvalidAnswerError, "between receipt"),
        ("pipa_refusal", {"outcome": "explained"}, InvalidAnswerError, "no outcome of"),
        ("pipa_refusal", {"text": ""}, IncompleteError, "what was answered"),
        ("pipa_refusal", {"changed": None}, IncompleteError, "kept or changed|changed"),
        ("pipa_refusal", {"reviewed_by": ""}, IncompleteError, "looked at it again"),
        ("pipa_refusal", {"reviewer": "someone"}, IncompleteError, "looked at it again"),
        ("pipa_explanation", {"outcome": "explained"}, InvalidAnswerError, "no review of the decision"),
    ],
)
def test_an_answer_says_what_its_outcome_needs(
    begun: Office, kind: str, changes: dict[str, Any], error: type[AssessmentError], because: str
) -> None:
    number = state(begun, kind=kind)
    answer = replace(REPROCESSED, **changes)
    told = refused(begun, error, lambda s: actions.answer_request(s, number, answer, KIM, AT))
    assert any(words in told for words in because.split("|"))
    assert read(begun, number).state is State.OPEN


def test_a_decision_that_is_not_applied_counts_as_changed(begun: Office) -> None:
    number = state(begun, kind="pipa_refusal")
    with begun.database.transaction() as session:
        answer = replace(REPROCESSED, outcome="not_applied", changed=None)
        actions.answer_request(session, number, answer, KIM, AT)
    assert read(begun, number).closing.changed is True


@pytest.mark.parametrize(
    ("ground", "reason", "error", "because"),
    [
        ("", "안 됩니다.", IncompleteError, "names no ground"),
        ("credit_repeated", "안 됩니다.", InvalidAnswerError, "no ground on which"),
        ("others_harmed", "", IncompleteError, "no reason"),
    ],
)
def test_a_refusal_names_a_ground_of_its_kind_and_a_reason(
    begun: Office, ground: str, reason: str, error: type[AssessmentError], because: str
) -> None:
    number = state(begun)
    told = refused(begun, error, lambda s: actions.refuse_request(s, number, AT.date(), ground, reason, KIM, AT))
    assert because in told


def test_what_is_closed_stays_closed(begun: Office) -> None:
    number = state(begun)
    with begun.database.transaction() as session:
        actions.refuse_request(session, number, AT.date(), "others_harmed", "제3자의 정보", KIM, AT)
    assert read(begun, number).closing.outcome == "others_harmed"
    explained = Answer(AT.date(), "explained", "답변")
    for deed in (
        lambda s: actions.answer_request(s, number, explained, KIM, AT),
        lambda s: actions.refuse_request(s, number, AT.date(), "others_harmed", "다시", KIM, AT),
        lambda s: actions.withdraw_request(s, number, AT.date(), "다시", KIM, AT),
        lambda s: actions.extend_request(s, number, date(2026, 12, 9), AT.date(), "더", KIM, AT),
        lambda s: actions.give_request(s, number, KIM.id, KIM, AT),
    ):
        assert "closed already" in refused(begun, WrongStatusError, deed)


def test_an_answer_after_the_day_is_taken_and_told_as_late(begun: Office) -> None:
    number, late = state(begun), datetime(2026, 12, 9, 1, tzinfo=UTC)
    with begun.database.transaction() as session:
        actions.answer_request(session, number, Answer(date(2026, 12, 3), "explained", "늦었습니다."), KIM, late)
    assert read(begun, number).was_late


def test_another_person_sees_to_it(begun: Office) -> None:
    with begun.database.transaction() as session:
        grants = frozenset({Grant(Role.CONTRIBUTOR, FIRST_UNIT)})
        units.add_account(session, Account("writer", FIRST_UNIT, "기록자", "", True, AT, grants))
    number = state(begun)
    for _ in range(2):
        with begun.database.transaction() as session:
            actions.give_request(session, number, "writer", KIM, AT)
    assert read(begun, number).owner.id == "writer"
    with begun.database.reading() as session:
        assert [line.kind for line in recourse.events(session, number)] == ["state_request", "give_request"]


# --- who, and what stays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [LEE, PARK, AUD])
def test_who_only_reads_neither_enters_nor_answers(begun: Office, actor: Any) -> None:
    number = state(begun)
    refused(begun, NotAllowedError, lambda s: actions.state_request(s, 1, ASKED, actor, AT))
    refused(begun, NotAllowedError, lambda s: actions.withdraw_request(s, number, AT.date(), "x", actor, AT))
    with begun.database.reading() as session:
        assert viewing.request(session, actor, number).request.reference == "R-1"


def test_administrators_look_after_people_and_not_into_what_applicants_ask(begun: Office) -> None:
    number = state(begun)
    with begun.database.reading() as session:
        with pytest.raises(NotAllowedError):
            viewing.request(session, ADA, number)
        assert viewing.requests(session, ADA, Choice(), AT.date()).total == 0
        assert viewing.figures_of_system(session, ADA, 1, AT.date()) is None


def test_what_is_erased_is_gone_everywhere_and_the_chain_holds(begun: Office) -> None:
    number = state(begun, kind="pipa_refusal", asked="홍길동입니다. 010-0000-0000으로 알려 주십시오.")
    with begun.database.transaction() as session:
        actions.answer_request(session, number, REPROCESSED, KIM, AT)
    with begun.database.reading() as session:
        answered = recourse.events(session, number)[-1].seq
    with begun.database.transaction() as session:
        actions.erase_values(session, number, ["asked", "reference", "decision", "person"], "개인정보", ADA, AT)
        actions.erase_values(session, answered, ["text", "reviewed_by", "actor"], "개인정보", ADA, AT)
    request = read(begun, number)
    assert (request.asked, request.reference, request.closing.text, request.closing.by) == ("", "", "", None)
    assert (request.state, request.closing.changed) == (State.ANSWERED, True)
    with begun.database.reading() as session:
        assert not list(audit_recourse.compared(session))
        (entry,) = viewing.requests(session, KIM, Choice(), AT.date()).entries
        left = session.connection().execute(text("SELECT value FROM event_value")).scalars()
        assert not any("홍길동" in value or "인사팀장" in value for value in left if value)
    assert (entry.asked, entry.reference) == ("", "")


@pytest.mark.sqlite
@pytest.mark.slow
def test_the_command_erases_the_words_from_every_file_and_a_backup_brings_the_rest_back(
    begun: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add_person(home(), "ada", "안다온", [Role.ADMINISTRATOR])
    number = state(begun, asked="홍길동입니다. 왜 떨어졌습니까?")

    def lies_there() -> bool:
        return any("홍길동".encode() in path.read_bytes() for path in home().glob("haetae.db*"))

    assert lies_there()
    told = CliRunner().invoke(app, ["erase", str(number), "asked", "--reason", "당사자의 요청", "--as", "ada"])
    assert (told.exit_code, lies_there()) == (0, False), told.output
    made = backups.make(home(), tmp_path / "backup", "1", checkpoint_of)
    assert made.audit.is_intact
    database.current().close()
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "elsewhere"))
    backups.restore(made.folder, home(), checkpoint_of)
    starting.prepare()
    with database.reading() as session:
        request = recourse.find(session, number)
    assert (request.reference, request.asked, request.due) == ("R-1", "", date(2026, 12, 2))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("damage", "harm"),
    [
        ("UPDATE request SET due_on = '2027-06-01'", "altered"),
        ("UPDATE request SET owner_id = 'x'", "altered"),
        ("UPDATE request SET extensions = 1", "altered"),
        ("DELETE FROM request_event; DELETE FROM request", "missing"),
        ("DELETE FROM request_event", "altered"),
    ],
)
def test_a_request_that_is_not_what_the_history_tells_is_told(begun: Office, damage: str, harm: str) -> None:
    state(begun)
    with begun.database.transaction() as session:
        connection = session.connection()
        for name in ("request_kept", "request_no_delete", "request_event_no_delete"):
            connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in damage.split("; "):
            connection.execute(text(statement))
        assert [finding.harm.value for finding in audit_recourse.compared(session)] == [harm]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM request",
        "UPDATE request SET kind = 'other'",
        "UPDATE request SET due_on = '2026-11-03'",
        "UPDATE request SET state = 'answered'",
        "UPDATE request_event SET seq = 1",
        "INSERT OR REPLACE INTO request SELECT * FROM request",
    ],
)
def test_the_database_itself_refuses_to_rewrite_a_request(begun: Office, damage: str) -> None:
    state(begun)
    with pytest.raises(IntegrityError), begun.database.transaction() as session:
        session.connection().execute(text(damage))


# --- lists and figures ------------------------------------------------------------------------------------------


@pytest.fixture
def many(begun: Office) -> Office:
    """Two systems with requests in every state."""
    with begun.database.transaction() as session:
        operator = actions.register_operator(session, Operator("다른 회사"), KIM, AT)
        other = actions.register_system(session, operator, AISystem("면접 도우미", ""), KIM, AT)
        for place in range(30):
            day = RECEIVED - timedelta(days=place)
            stated = replace(ASKED, reference=f"R-{place}", received=day, kind="pipa_refusal" if place % 3 else "other")
            number = actions.state_request(session, other if place % 2 else 1, stated, SEO if place % 5 else KIM, AT)
            if place % 7 == 0:
                outcome = "reprocessed" if place % 3 == 0 else "not_applied"
                answer = replace(REPROCESSED, outcome=outcome, changed=None if outcome == "not_applied" else False)
                actions.answer_request(session, number, answer, KIM, AT)
            elif place % 11 == 0:
                ground = "others_harmed" if place % 3 else "own_reason"
                actions.refuse_request(session, number, AT.date(), ground, "사유", KIM, AT)
            elif place % 13 == 0:
                actions.withdraw_request(session, number, AT.date(), "사유", KIM, AT)
    return begun


def every(office: Office, choice: Choice, today: date, order: Order = Order.DUE) -> list[int]:
    """All pages after one another, and back again."""
    with office.database.reading() as session:
        scope, start = Scope.of(session, KIM), None
        numbers: list[int] = []
        while page := recourse.listed(session, scope, choice, today, order=order, start=start, limit=7):
            assert page.before == len(numbers)
            numbers += [entry.number for entry in page.entries]
            if page.is_last or not page.entries:
                break
            start = FromRequest(numbers[-1])
        assert page.total == len(numbers)
        if len(numbers) > 7:
            back = recourse.listed(
                session, scope, choice, today, order=order, start=FromRequest(numbers[7], is_before=True), limit=7
            )
            assert [entry.number for entry in back.entries] == numbers[:7]
    return numbers


@pytest.mark.slow
def test_the_list_is_by_due_day_without_a_day_last_and_by_receipt_the_newest_first(many: Office) -> None:
    numbers = every(many, Choice(), AT.date())
    requests = [read(many, number) for number in numbers]
    assert len(numbers) == 30
    dues = [request.due or date.max for request in requests]
    assert dues == sorted(dues)
    received = [read(many, number).received for number in every(many, Choice(), AT.date(), Order.RECEIVED)]
    assert received == sorted(received, reverse=True)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(today=st.dates(date(2026, 10, 1), date(2027, 2, 1)))
def test_states_partition_the_list_and_so_do_kinds_systems_and_days(many: Office, today: date) -> None:
    whole = sorted(every(many, Choice(), today))
    for parts in (
        [Choice(state=state.value) for state in State],
        [Choice(kind=kind.id) for kind in kinds().kinds],
        [Choice(system=number) for number in (1, 2)],
        [Choice(until=today), Choice(since=today + timedelta(days=1))],
    ):
        assert sorted(number for part in parts for number in every(many, part, today)) == whole
    overdue = every(many, Choice(state=recourse.OVERDUE), today)
    assert set(overdue) <= set(every(many, Choice(state="open"), today))
    assert all(read(many, number).is_overdue(today) for number in overdue)
    with many.database.reading() as session:
        figures = recourse.figures(session, Scope.of(session, KIM), Choice(), today)
    assert figures.overdue == len(overdue)


@pytest.mark.slow
def test_the_figures_are_those_of_the_requests_themselves(many: Office) -> None:
    requests = [read(many, number) for number in every(many, Choice(), AT.date())]
    counted = [request for request in requests if request.state is not State.WITHDRAWN]
    days = sorted((request.closing.on - request.received).days for request in counted if request.closing)
    with many.database.reading() as session:
        figures = recourse.figures(session, Scope.of(session, KIM), Choice(), AT.date())
    closings = [request.closing for request in counted if request.closing]
    assert figures == Figures(
        len(counted),
        sum(request.state is State.OPEN for request in counted),
        sum(request.is_overdue(AT.date()) for request in counted),
        sum(request.was_late for request in counted),
        sum(closing.state is State.REFUSED for closing in closings),
        sum(closing.changed is not None for closing in closings),
        sum(closing.changed is True for closing in closings),
        (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2,
    )
    assert 0 < figures.changed < figures.reviewed


def test_of_none_nothing_is_measured() -> None:
    assert (Figures().changed_share, Figures().median_days) == (None, None)
    assert Figures(3, reviewed=2, changed=1).changed_share == Fraction(1, 2)


@given(st.lists(st.integers(0, 400), min_size=1))
def test_the_median_is_that_of_the_values(values: list[int]) -> None:
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    assert median({value: values.count(value) for value in values}) == middle
    assert median({}) is None
