"""The whole table: every deed and reading × every role × every place where the role may have been given, tried for real.

What is expected stands here as it was decided, written out by role, and is not read from the program.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import text

from assessments import actions, authority, people, rights, roster, viewing
from assessments.errors import NotAllowedError, NotFoundError
from assessments.model import Actor, AISystem, Committee, Demand, Grant, Operator, Role
from assessments.storage import passkey_rows, units
from assessments.storage.database import Session
from assessments.storage.passkey_rows import Passkey
from assessments.storage.recourse import Choice as RequestChoice
from assessments.storage.units import Account
from tests import postgres
from tests.office import AT, Office, open_office
from tests.test_actions import attempts, of_meetings

Deed = Callable[[Session, Actor], object]
PLACES = {"top": 1, "above": 2, "own": 3, "below": 4, "beside": 5, "other": 6}
"""Where a role was given, as seen from the unit in which everything lies: above it, below it, beside it, another top unit's."""
INNER = 7
"""One more unit below the own one."""
HOLDS = ("top", "above", "own")
SHORT = {
    "pm": Role.PRODUCT_MANAGER,
    "co": Role.CONTRIBUTOR,
    "cm": Role.COMMITTEE_MEMBER,
    "ch": Role.CHAIR,
    "so": Role.SIGNING_OFFICER,
    "au": Role.AUDITOR,
    "ad": Role.ADMINISTRATOR,
}
ELSEWHERE = {"all": tuple(Role)} | (
    {name: (role,) for name, role in SHORT.items()} if os.environ.get("HAETAE_TORTURE") else {}
)
"""What somebody is in another top unit besides: everything at once, for no role takes anything away; in the long runs each alone, too."""
ALL = "pm co cm ch so au ad"
STATED = {
    "register_operator": "pm ad",
    "change_operator": "pm ad",
    "move_operator": "ad",
    "register_system": "pm ad",
    "change_system": "pm ad",
    "move_system": "ad",
    "set_upkeep": "pm ad",
    "state_incident": "pm co cm ch so",
    "follow_incident": "pm co cm ch so",
    "state_request": "pm co",
    "give_request": "pm co",
    "extend_request": "pm co",
    "answer_request": "pm co",
    "refuse_request": "pm co",
    "withdraw_request": "pm co",
    "read_request": "pm co cm ch so au",
    "start_assessment": "pm",
    "record_response": "pm co",
    "set_scenarios": "pm co",
    "set_measures": "pm co",
    "explain": "pm co",
    "set_withheld": "pm co",
    "add_evidence": "pm co",
    "name_evidence": "pm co",
    "remove_evidence": "pm co",
    "set_log": "pm co",
    "set_log_triggers": "pm co",
    "remove_log": "pm co",
    "delete_draft": "pm",
    "restore_response": "pm co",
    "give_section": "pm",
    "take_back_section": "pm",
    "finish_section": "pm co",
    "comment": "pm co cm ch so",
    "reply_comment": "pm co cm ch so",
    "correct_comment": "pm co cm ch so",
    "withdraw_comment": "pm co cm ch so",
    "resolve_comment": "pm co cm ch so",
    "reopen_comment": "pm co cm ch so",
    "see_mention": ALL,
    "submit": "pm",
    "assign_review": "cm ch",
    "take_back_review": "cm ch",
    "review_evidence": "cm ch",
    "return_to_author": "cm ch",
    "answer_point": "pm co",
    "record_decision": "cm ch",
    "cast_vote": "cm ch",
    "close_vote": "ch",
    "sign_off": "so",
    "refuse_sign_off": "so",
    "revise": "pm",
    "withdraw": "pm",
    "reassess": "pm",
    "confirm": "pm co",
    "set_reassessment": "pm cm ch",
    "state_change": "pm co cm ch so",
    "follow_up": "pm co",
    "reopen_follow_up": "pm cm ch",
    "watch_log": "pm co",
    "retire": "pm",
    "resume": "pm",
    "archive": "pm ad",
    "unarchive": "pm ad",
    "convene_meeting": "ch",
    "change_meeting": "ch",
    "set_agenda": "ch",
    "set_attendance": "cm ch",
    "take_minutes": "cm ch",
    "close_meeting": "ch",
    "cancel_meeting": "ch",
    "add_addendum": "ch",
    "keep_document": "ch",
    "place_hold": "ch so ad",
    "release_hold": "ch so ad",
    "keep_report": "pm ch so ad",
    "set_request_facts": "pm co",
    "note_request_step": "pm co so",
    "keep_official": "pm ch so ad",
    "erase_values": "ad",
    "read_operator": ALL,
    "read_system": ALL,
    "read_assessment": ALL,
    "read_evidence": ALL,
    "read_history": ALL,
    "read_report": ALL,
    "read_meeting": "cm ch au",
    "add_person": "ad",
    "read_person": "ad",
    "change_person": "ad",
    "invite_person": "ad",
    "end_sessions": "ad",
    "disable_person": "ad",
    "enable_person": "ad",
    "give_role": "ad",
    "take_role": "ad",
    "add_unit": "ad",
    "change_unit": "ad",
    "move_unit": "ad",
    "set_committee": "ad",
    "demand_second_factor": "ad",
}
"""Deed → who does it. Everybody else in the unit is refused; to whoever holds no role there, nothing is there."""
LISTED = {
    "list_assessments": ALL,
    "list_of_system": ALL,
    "list_summary": ALL,
    "list_search": ALL,
    "list_number": ALL,
    "list_systems": ALL,
    "list_counts": ALL,
}
"""What lists, counts and searches show."""
WHOLE_INSTALLATION = {"audit", "erase_other_values", "read_settings"}
"""Needs the role in every top unit, so nobody of this table has it: see below."""


def expected(deed: str, role: str, place: str) -> str:
    sees = place in HOLDS or (role == "au" and place != "other") or (deed == "read_operator" and place == "below")
    if not sees:
        return "not there"
    return "done" if role in (STATED | LISTED)[deed].split() else "refused"


# --- everything in its place ------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return open_office(tmp_path, monkeypatch, furnish)


def furnish(office: Office) -> None:
    """The units and, for each role and place, somebody who has the role there; and a role here with others in another top unit."""
    with office.database.transaction() as session:
        for name, parent in (("위", 1), ("여기", 2), ("아래", 3), ("옆", 2), ("남", None), ("더 아래", 3)):
            units.add_unit(session, name, parent)
        for role, (place, unit) in product(SHORT, PLACES.items()):
            _add(session, f"{role}.{place}", unit, [Grant(SHORT[role], unit)])
        for here, there in product(SHORT, ELSEWHERE):
            grants = [Grant(SHORT[here], PLACES["own"]), *(Grant(role, PLACES["other"]) for role in ELSEWHERE[there])]
            _add(session, f"{here}.here-{there}.there", PLACES["own"], grants)
        _add(session, "nobody", PLACES["own"], [])
        _add(session, "target", PLACES["own"], [Grant(Role.AUDITOR, PLACES["own"])])
        _add(session, "asleep", PLACES["own"], [Grant(Role.AUDITOR, PLACES["own"])])
        units.change_account(session, "asleep", is_active=False)


def _add(session: Session, person_id: str, unit: int, grants: Iterable[Grant]) -> None:
    units.add_account(session, Account(person_id, unit, person_id, "", True, AT, frozenset(grants)))


def tried(office: Office) -> dict[str, Deed]:
    """Every deed and reading on things that all lie in the own unit."""
    deeds = attempts(office)
    with office.database.transaction() as session:
        for table in ("operator", "ai_system"):
            session.connection().execute(text(f"UPDATE {table} SET unit_id = {PLACES['own']}"))
        ask = session.connection().exec_driver_sql
        ((evidence, draft),) = ask(
            "SELECT evidence.id, assessment_id FROM evidence JOIN revision ON revision.id = revision_id LIMIT 1"
        ).all()
        sitting = of_meetings(session, PLACES["own"])
        meeting = ask("SELECT max(id) FROM meeting").scalar_one()
        asked = ask("SELECT min(seq) FROM request").scalar_one()
        begun = ask(f"SELECT seq FROM event WHERE kind = 'start_assessment' AND assessment_id = {draft}").scalar_one()
    own, below = PLACES["own"], PLACES["below"]
    return (
        deeds
        | sitting
        | {
            "read_meeting": lambda s, a: (
                viewing.meeting(s, a, meeting),
                viewing.meeting_events(s, a, meeting),
                _there(entry.id == meeting for entry in viewing.meetings_of(s, a, 9)),
            ),
            "read_request": lambda s, a: (
                viewing.request(s, a, asked),
                _there(entry.number == asked for entry in viewing.requests(s, a, RequestChoice(), AT.date()).entries),
            ),
            "register_operator": lambda s, a: actions.register_operator(s, Operator("새 기관"), a, AT, unit=own),
            "register_system": lambda s, a: actions.register_system(s, 1, AISystem("새 시스템"), a, AT, unit=own),
            "move_operator": lambda s, a: actions.move_operator(s, 1, below, a, AT),
            "move_system": lambda s, a: actions.move_system(s, 1, below, a, AT),
            "erase_values": lambda s, a: actions.erase_values(s, begun, ["domain"], "요청", a, AT),
            "read_operator": lambda s, a: _there(e.operator.id == 1 for e in viewing.register(s, a).entries),
            "read_system": lambda s, a: viewing.system(s, a, 1),
            "read_assessment": lambda s, a: (viewing.assessment(s, a, draft, 1), viewing.open_assessment(s, a, draft)),
            "read_evidence": lambda s, a: viewing.evidence_file(s, a, evidence),
            "read_history": lambda s, a: (
                viewing.events(s, a, draft, 5),
                viewing.event_count(s, a, draft),
                viewing.last_event(s, a, draft, "start_assessment"),
            ),
            "read_report": lambda s, a: viewing.sealed_reports(s, a, draft),
            "list_assessments": lambda s, a: _there(e.id == draft for e in viewing.assessments(s, a).entries),
            "list_of_system": lambda s, a: _there(e.id == 1 for e in viewing.assessments(s, a, system_id=1).entries),
            "list_summary": lambda s, a: _there([viewing.summary(s, a, draft) is not None]),
            "list_search": lambda s, a: _there([viewing.assessments(s, a, viewing.Search("서류")).total]),
            "list_number": lambda s, a: _there([viewing.assessments(s, a, viewing.Search(str(draft))).total]),
            "list_systems": lambda s, a: _there(viewing.of_systems(s, a, [1])),
            "list_counts": lambda s, a: _there(viewing.system_counts(s, a, [1]).values()),
        }
        | _of_people(own, below)
    )


def _of_people(own: int, below: int) -> dict[str, Deed]:
    return {
        "add_person": lambda s, a: actions.add_person(s, "new", "새 사람", [Role.CHAIR], own, a, AT),
        "read_person": lambda s, a: authority.over(s, "target", "read_person", a),
        "change_person": lambda s, a: actions.change_person(s, "target", "바뀐 이름", "", a, AT, position="팀장"),
        "invite_person": lambda s, a: actions.invite_person(s, "target", a, AT),
        "end_sessions": lambda s, a: actions.end_sessions(s, "target", a, AT),
        "disable_person": lambda s, a: actions.disable_person(s, "target", a, AT),
        "enable_person": lambda s, a: actions.enable_person(s, "asleep", a, AT),
        "give_role": lambda s, a: actions.give_role(s, "target", Role.CHAIR, own, a, AT),
        "take_role": lambda s, a: actions.take_role(s, "target", Role.AUDITOR, own, a, AT),
        "add_unit": lambda s, a: actions.add_unit(s, "새 부서", own, a, AT),
        "change_unit": lambda s, a: actions.change_unit(s, own, "바뀐 부서", a, AT),
        "set_committee": lambda s, a: actions.set_committee(s, own, Committee(3), a, AT),
        "move_unit": lambda s, a: actions.move_unit(s, INNER, below, a, AT),
        "demand_second_factor": lambda s, a: (
            passkey_rows.add(s, Passkey(f"of {a.id}", a.id, "key", 0, "", AT, used_at=None)),
            actions.demand_second_factor(s, own, Demand(), a, AT),
        ),
    }


class _ShownNowhereError(NotFoundError):
    def __init__(self) -> None:
        Exception.__init__(self, "not in the list")


def _there(shown: Iterable[object]) -> None:
    if not any(shown):
        raise _ShownNowhereError


class _UndoneError(Exception):
    """Thrown to take a trial back."""


def reach_of(office: Office, person_id: str) -> frozenset[int] | None:
    """As screens state it, so that where the database has walls a trial is made behind them. None: it has none."""
    if not postgres.is_meant():
        return None
    with office.database.reading() as session:
        actor = people.acting(session, person_id)
    return actor.reach if actor else frozenset()


def outcome(office: Office, deed: Deed, person_id: str) -> str:
    """Tried as somebody of the database, and undone again."""
    try:
        with office.database.transaction(reach=reach_of(office, person_id)) as session:
            actor = people.acting(session, person_id)
            assert actor is not None
            deed(session, actor)
            raise _UndoneError
    except _UndoneError:
        return "done"
    except NotAllowedError:
        return "refused"
    except NotFoundError:
        return "not there"


def cells(places: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return product(STATED | LISTED, SHORT, places)


# --- tried ------------------------------------------------------------------------------------------------------


def test_the_table_names_every_right_and_every_role() -> None:
    assert set(STATED) | WHOLE_INSTALLATION == set(rights.RIGHTS)
    assert set(SHORT.values()) == set(Role)


def wrong(office: Office, deeds: dict[str, Deed], tries: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """tries: deed, person, expected outcome, and how the cell is called."""
    return [
        f"{cell}: {came} instead of {wanted}"
        for deed, person_id, wanted, cell in tries
        if (came := outcome(office, deeds[deed], person_id)) != wanted
    ]


@pytest.mark.slow
def test_every_deed_by_every_role_of_every_place_ends_as_stated(office: Office) -> None:
    deeds = tried(office)
    tries = [
        (deed, f"{role}.{place}", expected(deed, role, place), f"{deed}, {role} {place}")
        for deed, role, place in cells(PLACES)
    ]
    assert len(tries) == 108 * 7 * 6
    assert not wrong(office, deeds, tries)
    assert not wrong(office, deeds, [(deed, "nobody", "not there", f"{deed}, nobody") for deed in STATED | LISTED])


@pytest.mark.slow
def test_a_role_in_another_top_unit_adds_nothing_to_the_role_here(office: Office) -> None:
    """Each role here with all seven there, and every deed: only what is held here counts."""
    deeds = tried(office)
    tries = [
        (deed, f"{here}.here-{there}.there", expected(deed, here, "own"), f"{deed}, {here} here, {there} there")
        for deed, here, there in product(STATED | LISTED, SHORT, ELSEWHERE)
    ]
    assert len(tries) == 108 * 7 * len(ELSEWHERE)
    assert not wrong(office, deeds, tries)


@pytest.mark.parametrize("deed", sorted(WHOLE_INSTALLATION))
def test_what_concerns_the_whole_installation_needs_the_role_in_every_top_unit(office: Office, deed: str) -> None:
    number = office.start()
    tops = {1: Grant(Role.ADMINISTRATOR, 1), 6: Grant(Role.ADMINISTRATOR, PLACES["other"])}

    def done(session: Session, actor: Actor) -> None:
        if deed == "erase_other_values":
            actions.erase_values(session, 1, ["operator"], "요청", actor, AT)
        elif not {"audit": viewing.may_audit, "read_settings": viewing.may_read_settings}[deed](session, actor):
            raise _ShownNowhereError

    assert number
    with office.database.transaction() as session:
        _add(session, "everywhere", 1, tops.values())
        _add(session, "first", 1, [tops[1]])
    assert outcome(office, done, "everywhere") == "done"
    assert outcome(office, done, "first") in ("refused", "not there")


@pytest.mark.slow
def test_the_list_of_people_names_those_of_ones_own_units_to_administrators_alone(office: Office) -> None:
    with office.database.reading() as session:
        for role, place in product(SHORT, PLACES):
            actor = people.acting(session, f"{role}.{place}")
            assert actor is not None
            listed = roster.roster(session, actor, AT, "target")
            is_listed = role == "ad" and place in HOLDS
            assert [member.account.id for member in listed.page.entries] == ["target"] * is_listed, (role, place)
            assert bool(listed.units) is (role == "ad"), (role, place)
