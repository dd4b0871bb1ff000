"""The administrators' screens: who comes in, what they see of which units, and what each button does."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from assessments import actions, entrance, people, roster
from assessments.home import home
from assessments.model import Actor, Grant, Role
from assessments.rights import Kind
from assessments.storage import accounts, credentials, units
from tests.office import ADA, AT, KIM, LEE, Office
from tests.screens import Visitors

SALES, LEGAL = 2, 3


@pytest.fixture
def two_units(office: Office) -> Office:
    """Kim and Lee are of the first unit; Sol and Rae administer and write in sales, below it."""
    for actor in (ADA, KIM, LEE):
        people.add_person(home(), actor.id, actor.name, sorted(actor.roles))
    with office.database.transaction() as session:
        actions.add_unit(session, "영업", 1, ADA, AT)
        actions.add_unit(session, "법무", 1, ADA, AT)
    people.add_person(home(), "sol", "솔잎", [Role.ADMINISTRATOR], unit=SALES)
    people.add_person(home(), "rae", "래아", [Role.CONTRIBUTOR], unit=SALES)
    return office


def account(office: Office, person_id: str) -> units.Account:
    with office.database.reading() as session:
        known = units.find_account(session, person_id)
    assert known is not None
    return known


@pytest.mark.first_in_check
@pytest.mark.parametrize("screen", ["people", "units", "settings"])
@pytest.mark.slow
def test_whoever_administers_nowhere_sees_nothing_of_it(two_units: Office, visitors: Visitors, screen: str) -> None:
    kim = visitors.sign_in(KIM).open(screen)
    assert "관리자만" in kim.html and "영업" not in kim.html and "HAETAE_" not in kim.html
    assert 'href="/people"' not in kim.html


def test_how_the_server_is_set_is_seen_by_whoever_administers_every_top_unit(
    two_units: Office, visitors: Visitors
) -> None:
    sol = people.find_person(home(), "sol")
    assert sol is not None
    assert "HAETAE_ADDRESS" in visitors.sign_in(ADA).open("settings").html
    below = visitors.sign_in(sol).open("settings").html
    assert "모든 최상위 부서의 관리자만" in below and "HAETAE_" not in below and 'href="/settings"' not in below


@pytest.mark.slow
def test_an_administrator_sees_the_people_of_their_units_alone(two_units: Office, visitors: Visitors) -> None:
    sol = people.find_person(home(), "sol")
    assert sol is not None
    below = visitors.sign_in(sol).open("people")
    assert "래아" in below.html and KIM.name not in below.html
    tree = visitors.sign_in(sol).open("units").html
    assert "영업" in tree and "법무" not in tree
    whole = visitors.sign_in(ADA).open("people")
    assert all(name in whole.html for name in ("래아", KIM.name, "솔잎"))


@pytest.mark.slow
def test_whose_account_another_unit_looks_after_is_shown_with_the_own_roles_alone(
    two_units: Office, visitors: Visitors
) -> None:
    """Their way in, their sessions and their details are not this administrator's, and the deed refuses besides."""
    sol = people.find_person(home(), "sol")
    assert sol is not None
    with two_units.database.transaction() as session:
        actions.give_role(session, "lee", Role.AUDITOR, SALES, ADA, AT)
        accounts.open_session(session, "lee", datetime.now(UTC), address="192.0.2.9")
    screen = visitors.sign_in(sol).open("people").unfold("entry-lee-fold").unfold("person-lee-fold")
    assert "다른 부서 소속" in screen.html and "192.0.2.9" not in screen.html and "심의위원" not in screen.html
    assert not any(screen.has_button(f"{deed}-lee") for deed in ("link", "disable", "sessions"))
    assert screen.field("person-lee-name") is None
    screen.unfold("roles-lee-fold").click(f"take-lee-{SALES}-auditor")
    assert {grant.role for grant in account(two_units, "lee").grants} == {Role.COMMITTEE_MEMBER}


@pytest.mark.slow
def test_somebody_is_added_with_roles_in_a_unit_and_a_link_that_opens(two_units: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(ADA).open("people").unfold("person-add-fold")
    screen.enter("person-new-id", " New.One ").enter("person-new-name", "새사람").enter("person-new-unit", str(SALES))
    screen.enter("person-new-email", "new@example.org").enter("person-new-roles", ["contributor", "auditor"])
    screen.click("person-new-go")
    added = account(two_units, "new.one")
    assert (added.name, added.email, added.unit) == ("새사람", "new@example.org", SALES)
    assert added.grants == {Grant(Role.CONTRIBUTOR, SALES), Grant(Role.AUDITOR, SALES)}
    token = re.search(r"/link/([\w-]{40,})", screen.html)
    assert token
    with two_units.database.reading() as session:
        invited = entrance.invitation(session, token[1], AT)
    assert invited and invited.actor and invited.actor.id == "new.one"


@pytest.mark.slow
def test_a_form_that_lacks_something_says_so_and_adds_nobody(two_units: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(ADA).open("people").unfold("person-add-fold")
    screen.enter("person-new-id", "kim").enter("person-new-name", "두번째").enter("person-new-roles", ["contributor"])
    screen.click("person-new-go")
    assert "kim" in screen.html and account(two_units, "kim").name == KIM.name
    screen.enter("person-new-id", "").click("person-new-go")
    assert screen.problem("person-new-id")


@pytest.mark.slow
def test_roles_are_given_and_taken_and_the_last_administrator_stays(two_units: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(ADA).open("people").unfold("roles-lee-fold")
    screen.enter("role-lee-role", "chair").enter("role-lee-unit", str(LEGAL)).click("give-lee")
    assert Grant(Role.CHAIR, LEGAL) in account(two_units, "lee").grants
    screen.click(f"take-lee-{LEGAL}-chair")
    assert Grant(Role.CHAIR, LEGAL) not in account(two_units, "lee").grants
    screen.unfold("roles-ada-fold").click("take-ada-1-administrator")
    assert Grant(Role.ADMINISTRATOR, 1) in account(two_units, "ada").grants
    assert ADA.name in screen.html and "h-bad" in screen.html


@pytest.mark.slow
def test_disabling_ends_sessions_and_links_at_once(two_units: Office, visitors: Visitors) -> None:
    with two_units.database.transaction() as session:
        token = accounts.open_session(session, "kim", AT)
        link = actions.invite_person(session, "kim", ADA, AT)
    screen = visitors.sign_in(ADA).open("people").unfold("entry-kim-fold")
    screen.click("disable-kim")
    assert not account(two_units, "kim").is_active and "사용 중지됨" in screen.html
    with two_units.database.reading() as session:
        assert accounts.find_login(session, token, AT) is None
        assert credentials.find_link(session, link.token, AT) is None
    screen.click("enable-kim")
    assert account(two_units, "kim").is_active
    with two_units.database.reading() as session:
        assert accounts.find_login(session, token, AT) is None


def test_sessions_of_somebody_are_listed_and_ended(two_units: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(ADA).open("people")
    with two_units.database.transaction() as session:
        token = accounts.open_session(
            session, "kim", datetime.now(UTC), address="192.0.2.7", browser="Firefox/150 Linux"
        )
    screen.unfold("entry-kim-fold")
    assert "192.0.2.7" in screen.html and "Firefox · Linux" in screen.html
    screen.click("sessions-kim")
    with two_units.database.reading() as session:
        assert accounts.find_login(session, token, datetime.now(UTC)) is None


@pytest.mark.slow
def test_units_are_added_renamed_and_moved(two_units: Office, visitors: Visitors) -> None:
    screen = visitors.sign_in(ADA).open("units").unfold(f"unit-below-{SALES}-fold")
    screen.enter(f"unit-below-{SALES}-name", "매장").click(f"unit-below-{SALES}-go")
    screen.unfold(f"unit-name-{LEGAL}-fold").enter(f"unit-name-{LEGAL}-name", "준법").click(f"unit-name-{LEGAL}-go")
    screen.unfold("unit-move-4-fold").enter("unit-move-4-to", str(LEGAL)).click("unit-move-4-go")
    with two_units.database.reading() as session:
        tree = units.tree(session)
    assert tree.names(4)[1:] == ("준법", "매장")
    screen.unfold(f"unit-name-{LEGAL}-fold").enter(f"unit-name-{LEGAL}-name", "영업").click(f"unit-name-{LEGAL}-go")
    assert screen.problem(f"unit-name-{LEGAL}-name")


@pytest.mark.slow
def test_a_system_moves_to_another_unit_and_out_of_sight(two_units: Office, visitors: Visitors) -> None:
    two_units.start()
    system = 1
    key = f"system-move-{system}"
    screen = visitors.sign_in(ADA).open("systems").unfold(f"{key}-fold")
    screen.enter(f"{key}-to", str(SALES)).click(f"{key}-go")
    with two_units.database.reading() as session:
        assert units.path_of(session, Kind.SYSTEM, system) == (SALES, 1)


@pytest.mark.slow
def test_search_and_pages_find_everybody_once(two_units: Office) -> None:
    for number in range(60):
        people.add_person(home(), f"p{number}", f"사람{number}", [Role.CONTRIBUTOR], unit=SALES)
    with two_units.database.reading() as session:
        everybody = [roster.roster(session, ADA, AT, "", start).page for start in (0, 25, 50, 999)]
        assert roster.roster(session, ADA, AT, "사람59").page.total == 1
        assert roster.roster(session, stranger(), AT).page.total == 0
    seen = [member.account.id for page in everybody[:3] for member in page.entries]
    assert len(seen) == len(set(seen)) == everybody[0].total == 65
    assert everybody[3].entries == everybody[2].entries


def stranger() -> Actor:
    return Actor("zed", "zed", frozenset({Role.ADMINISTRATOR}), frozenset({Grant(Role.ADMINISTRATOR, 99)}))
