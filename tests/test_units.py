"""Units and people as administrators keep them: where a role holds, who may give it, what goes where, and what nobody may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import actions, entrance, people
from assessments.errors import AssessmentError, InvalidAnswerError, NotAllowedError, NotFoundError
from assessments.home import home
from assessments.model import Actor, AISystem, Grant, Operator, Role
from assessments.rights import Kind
from assessments.storage import event_lines, history, lists, units
from commands.main import app
from pages._server import reports
from tests.office import ADA, AT, KIM, Office, open_office
from tests.screens import Visitors

SALES, SHOP, LEGAL, OTHER = 2, 3, 4, 5
"""Units: sales and legal below the first, a shop below sales, and another top unit."""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = open_office(tmp_path, monkeypatch)
    with made.database.transaction() as session:
        runs = people.command_line(session)
        assert actions.add_unit(session, "영업", 1, runs, AT) == SALES
        assert actions.add_unit(session, "매장", SALES, runs, AT) == SHOP
        assert actions.add_unit(session, "법무", 1, runs, AT) == LEGAL
        assert actions.add_organisation(session, "다른 회사", runs, AT) == OTHER
    return made


def acting(person_id: str, *grants: tuple[Role, int]) -> Actor:
    given = frozenset(Grant(role, unit) for role, unit in grants)
    return Actor(person_id, person_id, frozenset(role for role, _ in grants), given)


def added(person_id: str, *grants: tuple[Role, int]) -> Actor:
    """Somebody in the database, looked after by the unit of their first role."""
    first, *more = grants
    people.add_person(home(), person_id, person_id, [first[0]], unit=first[1])
    for role, unit in more:
        done = CliRunner().invoke(app, ["user", "give", person_id, "--role", role, "--unit", str(unit)])
        assert done.exit_code == 0, done.output
    actor = people.find_person(home(), person_id)
    assert actor is not None
    return actor


@pytest.fixture
def refused(office: Office) -> Iterator[None]:
    """Whatever is refused leaves the history as it was."""
    before = last_event(office)
    yield
    assert last_event(office) == before


def last_event(office: Office) -> int:
    with office.database.reading() as session:
        head = history.checkpoint(session)
    return head.seq if head else 0


# --- where a role holds -----------------------------------------------------------------------------------------


def test_a_role_holds_in_its_unit_and_below_and_an_auditors_in_all_of_its_top_unit(office: Office) -> None:
    added("sale", (Role.CHAIR, SALES), (Role.AUDITOR, SHOP))
    with office.database.reading() as session:
        actor, tree = units.find_actor(session, "sale"), units.tree(session)
    assert actor is not None
    held = {unit: sorted(actor.at(tree.path(unit)).roles) for unit in tree.units}
    assert held == {
        1: ["auditor"],
        SALES: ["auditor", "chair"],
        SHOP: ["auditor", "chair"],
        LEGAL: ["auditor"],
        OTHER: [],
    }


def test_an_actor_of_whom_nothing_else_is_said_holds_roles_in_the_first_unit_only(office: Office) -> None:
    with office.database.transaction() as session:
        ours = actions.register_operator(session, Operator("우리"), KIM, AT)
        theirs = actions.register_operator(session, Operator("남"), acting("o", (Role.PRODUCT_MANAGER, OTHER)), AT)
        assert (units.unit_of(session, Kind.OPERATOR, ours), units.unit_of(session, Kind.OPERATOR, theirs)) == (
            1,
            OTHER,
        )
    with pytest.raises(NotFoundError), office.database.transaction() as session:
        actions.change_operator(session, theirs, Operator("바뀐 이름"), KIM, AT)


def test_what_is_registered_goes_where_one_registers_and_whoever_may_in_several_places_says_where(
    office: Office,
) -> None:
    one, several = (
        acting("a", (Role.PRODUCT_MANAGER, SHOP)),
        acting("b", *((Role.PRODUCT_MANAGER, u) for u in (SHOP, LEGAL))),
    )
    with office.database.transaction() as session:
        operator = actions.register_operator(session, Operator("가"), acting("c", (Role.PRODUCT_MANAGER, SALES)), AT)
        system = actions.register_system(session, operator, AISystem("가"), one, AT)
        assert units.unit_of(session, Kind.SYSTEM, system) == SHOP, "the operator is of the unit above"
        system = actions.register_system(session, operator, AISystem("나"), several, AT)
        assert units.unit_of(session, Kind.SYSTEM, system) == SHOP, "the other is no place for this operator"
    with pytest.raises(AssessmentError, match="영업 / 매장"), office.database.transaction() as session:
        actions.register_operator(session, Operator("나"), several, AT)
    with pytest.raises(InvalidAnswerError, match="neither the operator's"), office.database.transaction() as session:
        actions.register_system(session, operator, AISystem("다"), several, AT, unit=LEGAL)


def test_an_example_or_record_never_reuses_what_lies_in_another_unit(office: Office) -> None:
    from assessments.deeds.from_file import register_once

    with office.database.transaction() as session:
        theirs = register_once(session, Operator("같은 이름"), acting("o", (Role.PRODUCT_MANAGER, OTHER)), AT)
        ours = register_once(session, Operator("같은 이름"), KIM, AT)
        assert theirs != ours == register_once(session, Operator("같은 이름"), KIM, AT)


# --- people -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("refused")
def test_nobody_gives_or_takes_a_role_where_they_do_not_administer(office: Office) -> None:
    with office.database.transaction() as session:
        actions.add_person(session, "lee", "이서준", [Role.CHAIR], SALES, people.command_line(session), AT)
        office_clerk = acting("clerk", (Role.ADMINISTRATOR, SHOP), (Role.CHAIR, SALES))
        for unit, error in (
            (SALES, NotAllowedError),
            (1, NotFoundError),
            (LEGAL, NotFoundError),
            (OTHER, NotFoundError),
        ):
            for deed in (actions.give_role, actions.take_role):
                with pytest.raises(error):
                    deed(session, "lee", Role.CHAIR, unit, office_clerk, AT)
        actions.give_role(session, "lee", Role.SIGNING_OFFICER, SHOP, office_clerk, AT)
        session.rollback()


def test_who_also_acts_elsewhere_is_looked_after_by_whoever_administers_both(office: Office) -> None:
    added("lee", (Role.CHAIR, SHOP), (Role.CHAIR, LEGAL))
    narrow, wide = acting("n", (Role.ADMINISTRATOR, SALES)), acting("w", (Role.ADMINISTRATOR, 1))
    with office.database.transaction() as session:
        for deed in (actions.disable_person, actions.enable_person):
            with pytest.raises(NotAllowedError, match="do not administer"):
                deed(session, "lee", narrow, AT)
        with pytest.raises(NotAllowedError):
            actions.change_person(session, "lee", "새 이름", "", narrow, AT)
        actions.disable_person(session, "lee", wide, AT)
        assert units.find_actor(session, "lee") is None
        actions.enable_person(session, "lee", wide, AT)
        actions.change_person(session, "lee", "이 서준", "lee@example.org", wide, AT)
        changed = event_lines.events(session)[0]
        assert changed.values["new"] == {"name": "이 서준", "email": "lee@example.org"}
    assert people.find_person(home(), "lee") is not None


def test_people_of_another_top_unit_do_not_exist_for_its_administrators(office: Office) -> None:
    added("lee", (Role.CHAIR, SHOP))
    stranger = acting("s", (Role.ADMINISTRATOR, OTHER))
    with office.database.transaction() as session:
        told = []
        for person_id in ("lee", "nobody"):
            for deed in (
                lambda: actions.give_role(session, person_id, Role.CHAIR, OTHER, stranger, AT),  # noqa: B023
                lambda: actions.disable_person(session, person_id, stranger, AT),  # noqa: B023
                lambda: actions.change_person(session, person_id, "x", "", stranger, AT),  # noqa: B023
            ):
                with pytest.raises(NotFoundError) as refusal:
                    deed()
                told.append(str(refusal.value).replace(person_id, "-"))
        assert told[:3] == told[3:]


@pytest.mark.parametrize("name", ["", " ", "김\n하나", "a\u202eb", "가" * 201])
def test_a_name_that_cannot_be_printed_as_it_is_is_refused_for_people_and_units(office: Office, name: str) -> None:
    added("lee", (Role.CHAIR, 1))
    with office.database.transaction() as session:
        for deed in (
            lambda: actions.add_person(session, "park", name, [Role.CHAIR], 1, ADA, AT),
            lambda: actions.change_person(session, "lee", name, "", ADA, AT),
            lambda: actions.add_unit(session, name, 1, ADA, AT),
            lambda: actions.change_unit(session, SALES, name, ADA, AT),
        ):
            with pytest.raises(AssessmentError):
                deed()
    for address in ("lee", "a@b@c", "a b@c", "a" * 201 + "@c"):
        with pytest.raises(InvalidAnswerError), office.database.transaction() as session:
            actions.change_person(session, "lee", "이서준", address, ADA, AT)


@pytest.mark.slow
def test_a_top_unit_keeps_its_last_administrator(office: Office) -> None:
    added("ada", (Role.ADMINISTRATOR, 1))
    added("sub", (Role.ADMINISTRATOR, SALES))
    for words in (["take", "ada", "--role", "administrator"], ["disable", "ada"]):
        done = CliRunner().invoke(app, ["user", *words])
        assert (done.exit_code, "last administrator" in done.output) == (4, True), "not from the command line either"
    with pytest.raises(NotAllowedError, match="last administrator"), office.database.transaction() as session:
        actions.take_role(session, "ada", Role.ADMINISTRATOR, 1, ADA, AT)
    added("second", (Role.ADMINISTRATOR, 1))
    assert CliRunner().invoke(app, ["user", "disable", "second"]).exit_code == 0
    assert CliRunner().invoke(app, ["user", "disable", "ada"]).exit_code == 4, "one who is disabled does not count"
    assert CliRunner().invoke(app, ["user", "enable", "second"]).exit_code == 0
    assert CliRunner().invoke(app, ["user", "disable", "ada"]).exit_code == 0
    assert CliRunner().invoke(app, ["user", "disable", "sub"]).exit_code == 0


# --- units ------------------------------------------------------------------------------------------------------


def test_a_unit_is_not_put_below_itself_and_a_top_unit_stays_one(office: Office) -> None:
    with office.database.transaction() as session:
        for unit, parent in ((SALES, SALES), (SALES, SHOP), (1, OTHER)):
            with pytest.raises(InvalidAnswerError):
                actions.move_unit(session, unit, parent, people.command_line(session), AT)
        with pytest.raises(NotAllowedError):
            actions.add_organisation(session, "셋째", ADA, AT)
        with pytest.raises(InvalidAnswerError, match="already"):
            actions.add_unit(session, "영업", 1, ADA, AT)
        actions.move_unit(session, SHOP, LEGAL, ADA, AT)
        assert units.tree(session).path(SHOP) == (SHOP, LEGAL, 1)


@pytest.mark.usefixtures("refused")
def test_nobody_moves_a_unit_out_of_or_into_what_they_do_not_administer(office: Office) -> None:
    with office.database.transaction() as session:
        with pytest.raises(NotAllowedError):
            actions.move_unit(
                session, SHOP, LEGAL, acting("s", (Role.ADMINISTRATOR, SHOP), (Role.ADMINISTRATOR, LEGAL)), AT
            )
        for goal in (LEGAL, OTHER, 1):
            with pytest.raises(NotFoundError):
                actions.move_unit(session, SHOP, goal, acting("s", (Role.ADMINISTRATOR, SALES)), AT)


def test_systems_stay_in_or_below_the_unit_of_their_operator(office: Office) -> None:
    runs = acting("r", (Role.ADMINISTRATOR, 1), (Role.PRODUCT_MANAGER, 1))
    with office.database.transaction() as session:
        operator = actions.register_operator(session, Operator("가"), runs, AT, unit=SALES)
        high = actions.register_system(session, operator, AISystem("가"), runs, AT, unit=SALES)
        low = actions.register_system(session, operator, AISystem("나"), runs, AT, unit=SHOP)
        with pytest.raises(InvalidAnswerError, match="move the operator first"):
            actions.move_system(session, low, LEGAL, runs, AT)
        with pytest.raises(InvalidAnswerError, match="1 AI systems out of"):
            actions.move_unit(session, SHOP, LEGAL, runs, AT)
        actions.move_operator(session, operator, SHOP, runs, AT)
        assert [units.unit_of(session, Kind.SYSTEM, system) for system in (high, low)] == [SHOP, SHOP]
        assert event_lines.events(session)[0].values["systems"] == [high]
        actions.move_operator(session, operator, LEGAL, runs, AT)
        assert [units.unit_of(session, Kind.SYSTEM, system) for system in (high, low)] == [LEGAL, LEGAL]


def test_an_assessment_is_read_where_its_system_was_moved_to_and_no_longer_where_it_was(office: Office) -> None:
    number = office.start()
    sales, legal = acting("s", (Role.CHAIR, SALES)), acting("l", (Role.CHAIR, LEGAL))
    for goal, sees in ((SALES, {"s"}), (LEGAL, {"l"})):
        with office.database.transaction() as session:
            actions.move_operator(session, 1, goal, ADA, AT)
            seen = {a.id for a in (sales, legal) if lists.summary(session, number, lists.Scope.of(session, a))}
            assert seen == sees


# --- commands ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_commands_tell_who_holds_what_where(office: Office) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    assert "매장" in said("unit", "list") and f"{SHOP}\t기본 조직" in said("unit", "list")
    said("user", "add", "lee", "--name", "이서준", "--role", "chair", "--unit", str(SHOP))
    assert "chair in unit 3, auditor in unit 4" in said(
        "user", "give", "lee", "--role", "auditor", "--unit", str(LEGAL)
    )
    assert "auditor in unit 4." in said("user", "take", "lee", "--role", "chair", "--unit", str(SHOP))
    said("user", "disable", "lee")
    assert "disabled" in said("user", "list")
    said("user", "enable", "lee")
    said("user", "change", "lee", "--email", "lee@example.org")
    said("unit", "rename", str(SHOP), "가게")
    said("unit", "move", str(SHOP), "--below", str(LEGAL))
    office.start()
    said("unit", "assign", str(LEGAL), "--operator", "1")
    assert said("unit", "add", "새 부서", "--below", str(SHOP)).startswith("Unit 6 ")
    assert CliRunner().invoke(app, ["unit", "assign", "1"]).exit_code == 2
    assert CliRunner().invoke(app, ["user", "give", "nobody", "--role", "chair"]).exit_code == 2
    with office.database.reading() as session:
        assert history.verify(session).is_intact
        assert event_lines.events(session)[0].by is not None and event_lines.events(session)[0].by.name.startswith(
            "command line of"
        )


# --- screens ----------------------------------------------------------------------------------------------------


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch)


@pytest.mark.slow
def test_whoever_registers_in_several_units_says_in_which_and_others_are_not_asked(
    office: Office, visitors: Visitors
) -> None:
    several = added("wide", (Role.PRODUCT_MANAGER, SALES), (Role.PRODUCT_MANAGER, LEGAL))
    screen = visitors.sign_in(several).open("systems")
    screen.type("operator-new-name", "법무의 사업자").choose_in_form("operator-new-unit", str(LEGAL))
    screen.click("operator-new-go").unfold("register-1-fold")
    assert not screen.field("system-new-1-1-unit"), "below legal there is nothing to choose from"
    screen.type("system-new-1-name_ko", "계약 검토").click("system-new-1-go")
    with office.database.reading() as session:
        assert units.unit_of(session, Kind.OPERATOR, 1) == units.unit_of(session, Kind.SYSTEM, 1) == LEGAL
    narrow = added("narrow", (Role.PRODUCT_MANAGER, SHOP))
    screen = visitors.sign_in(narrow).open("systems")
    assert "법무의 사업자" not in screen.html and not screen.field("operator-new-unit")
    screen.type("operator-new-name", "매장의 사업자").click("operator-new-go")
    with office.database.reading() as session:
        assert units.unit_of(session, Kind.OPERATOR, 2) == SHOP


@pytest.mark.slow
def test_a_report_is_opened_in_the_unit_that_is_chosen_and_reuses_nothing_of_another(
    office: Office, visitors: Visitors
) -> None:
    number = office.signed_off()
    record = reports.record_of(number, KIM, AT).canonical
    several = added("wide", (Role.PRODUCT_MANAGER, SALES), (Role.PRODUCT_MANAGER, LEGAL))
    people.add_person(home(), "owner", "소유자", [Role.PRODUCT_MANAGER])
    with office.database.transaction() as session:
        actions.register_operator(session, Operator("법무의 사업자"), several, AT, unit=LEGAL)
    screen = visitors.sign_in(several).open("systems").unfold("import-fold")
    assert "서류 도우미" not in screen.html
    screen.app.file_uploader(key="import-file").set_value([("record.json", record, "application/json")])
    screen.choose_in_form("import-unit", str(LEGAL)).click("import-go")
    with office.database.reading() as session:
        assert units.unit_of(session, Kind.ASSESSMENT, number + 1) == LEGAL
        assert lists.summary(session, number, lists.Scope.of(session, several)) is None


@pytest.mark.slow
def test_roles_of_another_unit_open_no_button_here(office: Office, visitors: Visitors) -> None:
    """A chair of one unit who contributes to another: there the decision is others', in the list as on the screen."""
    number = office.start()
    office.submit(number)
    with office.database.transaction() as session:
        actions.move_operator(session, 1, SALES, ADA, AT)
    chair, guest = added("chair", (Role.CHAIR, SALES)), added("guest", (Role.CONTRIBUTOR, SALES), (Role.CHAIR, LEGAL))
    decide = f"decide-{number}-1-go"
    assert visitors.sign_in(chair).open("decide", assessment=number).has_button(decide)
    assert not visitors.sign_in(guest).open("decide", assessment=number).has_button(decide)
    with office.database.reading() as session:
        assert [lists.waiting_for(session, actor).total for actor in (chair, guest)] == [1, 0]


def test_an_administrator_of_another_top_unit_does_not_stand_in_the_way_of_the_first(office: Office) -> None:
    """Whoever opens the link that the server prints administers the first unit; it stands open until somebody does."""
    added("theirs", (Role.ADMINISTRATOR, OTHER))
    added("part", (Role.ADMINISTRATOR, SALES))
    with office.database.transaction() as session:
        assert [invited for invited in entrance.start_links(session, AT) if invited.actor is None]
    added("ada", (Role.ADMINISTRATOR, 1))
    with office.database.transaction() as session:
        assert not [invited for invited in entrance.start_links(session, AT) if invited.actor is None]


def test_the_command_that_the_screen_of_units_names_adds_a_top_unit(office: Office, visitors: Visitors) -> None:
    shown = visitors.sign_in(added("ada", (Role.ADMINISTRATOR, 1))).open("units").html
    command = re.search(r"haetae (unit add NAME[^<]*)", shown)
    assert command is not None
    assert CliRunner().invoke(app, command[1].split()).exit_code == 0
    with office.database.reading() as session:
        made = next(unit for unit in units.tree(session).units.values() if unit.name == "NAME")
    assert made.parent is None
