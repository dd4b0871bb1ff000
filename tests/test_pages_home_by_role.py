"""Home shows each role what it looks after: figures as long as their lists, no list twice, nothing of other units, few statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import event

from assessments import actions, roster, security_log, viewing
from assessments.home import home
from assessments.keeping import auditing, backup
from assessments.model import FIRST_UNIT, Actor, Grant, RefusalGoal, Role
from assessments.roster import Account, Only
from assessments.security_log import Outcome
from assessments.storage import units
from assessments.storage.review_queue import Choice
from assessments.viewing import Facets
from exports.record import attached
from pages._frame import shared
from pages._parts import by_role, oversight
from pages._server import portfolio_tables
from questionnaires import wording
from questionnaires.wording import seoul_day
from tests.office import ADA, AT, AUD, CHO, KIM, LEE, PARK, Office, both, open_office
from tests.screens import Screen, Visitors
from tests.test_meetings import DAY, convened, seated

__all__ = ["seated"]
"""A fixture."""
TODAY = seoul_day(AT)
FIGURE = re.compile(r'href="/(portfolio|queue)\?([^"#]*)(?:#list)?"[^>]*>([0-9,]+)<')


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Office:
    return open_office(tmp_path, monkeypatch, _begun if "busy" in request.fixturenames else None)


@pytest.fixture
def busy(office: Office) -> Office:
    """One begun, one submitted, one decided, one refused, one signed off."""
    return office


def _begun(office: Office) -> None:
    office.start()
    office.submit(office.start())
    decided, refused = office.start(), office.start()
    office.decide(decided, office.submit(decided))
    frozen = office.submit(refused)
    office.decide(refused, frozen)
    with office.database.transaction() as session:
        actions.refuse_sign_off(session, refused, "근거가 약하다.", RefusalGoal.NOWHERE, frozen, PARK, AT)
    office.signed_off()


@pytest.fixture
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens count on the day on which everything happened, as `length` does."""
    monkeypatch.setattr(shared, "now", lambda: AT)


def figures(screen: Screen) -> list[tuple[str, str, int]]:
    """Screen, query and number of each that opens a list."""
    return [
        (place, query.replace("&amp;", "&"), int(text.replace(",", "")))
        for place, query, text in FIGURE.findall(screen.html)
    ]


def length(office: Office, actor: Actor, place: str, query: str) -> int:
    """Of the list behind a figure."""
    asked = dict(parse_qsl(query))
    with office.database.reading() as session:
        if place == "portfolio":
            return viewing.assessments(session, actor, facets=portfolio_tables.facets_of(asked, TODAY)).total
        choice = Choice(Facets(status=asked["status"]), asked.get("reviewer", ""))
        return viewing.queue(session, actor, choice).total


@pytest.mark.slow
@pytest.mark.usefixtures("then")
@pytest.mark.parametrize(
    ("actor", "part", "fewest"),
    [(KIM, "평가 진행과 후속 조치", 3), (CHO, "심의위원회", 2), (LEE, "심의위원회", 2), (PARK, "결재와 후속 조치", 2)],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_a_role_sees_its_part_and_every_figure_is_the_length_of_its_list(
    busy: Office, visitors: Visitors, actor: Actor, part: str, fewest: int
) -> None:
    screen = visitors.sign_in(actor).open("home")
    parts = ("평가 진행과 후속 조치", "심의위원회", "결재와 후속 조치")
    assert [title for title in parts if f">{title}<" in screen.html] == [part]
    shown = figures(screen)
    assert len(shown) >= fewest
    for place, query, number in shown:
        assert length(busy, actor, place, query) == number, query


@pytest.mark.slow
def test_of_several_roles_no_list_is_shown_twice(busy: Office, visitors: Visitors) -> None:
    every = both(KIM, both(CHO, PARK))
    shown = figures(visitors.sign_in(Actor("all", "모두", every.roles)).open("home"))
    addresses = [(place, query) for place, query, _number in shown]
    assert len(addresses) == len(set(addresses)) > 4


@pytest.mark.slow
def test_nothing_is_counted_of_units_where_no_role_is_held(busy: Office) -> None:
    elsewhere = Actor("far", "먼 사람", PARK.roles | KIM.roles, frozenset({Grant(Role.SIGNING_OFFICER, 99)}))
    with busy.database.reading() as session:
        made = by_role.read(session, elsewhere, TODAY)
    assert {number for totals in made.totals.values() for number in totals.values()} == {0}


@pytest.mark.slow
def test_the_next_meeting_is_an_entry_and_a_past_one_is_not(seated: Office, visitors: Visitors) -> None:
    assert "소집된 회의 없음" in visitors.sign_in(LEE).open("home").html
    number = convened(seated)
    with seated.database.reading() as session:
        ahead = viewing.next_meeting(session, CHO, DAY)
        assert ahead is not None and ahead.id == number
        assert viewing.next_meeting(session, CHO, DAY.replace(year=DAY.year + 1)) is None
        assert viewing.next_meeting(session, KIM, DAY) is None, "who may not read meetings hears of none"


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """The statements that are run inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.first_in_check
@pytest.mark.parametrize("actor", [KIM, LEE, CHO, PARK, AUD, ADA], ids=lambda actor: actor.id)
@pytest.mark.slow
def test_home_takes_few_statements_for_every_role(busy: Office, visitors: Visitors, actor: Actor) -> None:
    visitors.sign_in(actor).open("home")
    with counted(busy) as statements:
        visitors.open("home")
    assert len(statements) < 70


@pytest.mark.slow
def test_whoever_may_verify_sees_what_is_kept_and_who_came_in(busy: Office, visitors: Visitors) -> None:
    html = visitors.sign_in(AUD).open("home").html
    assert "마지막 이력 검증" in html and "한 적 없음" in html and "홈 폴더에 없음" in html
    assert "최근 7일간 거부 0건" in html
    security_log.note(security_log.Deed.SIGN_IN, Outcome.REFUSED, actor="<b>mal</b>", reason="password")
    with busy.database.reading() as session:
        audit = auditing.audit(session, attached.checkpoint_of)
    made = backup.make(home(), home() / "backups" / "today", "0", attached.checkpoint_of)
    html = visitors.open("home").html
    assert f"{audit.events:,}번 사건까지 이상 없음" in html
    assert wording.moment(made.manifest.at, "ko") in html and "홈 폴더에 없음" not in html
    assert "최근 7일간 거부 1건" in html and "&lt;b&gt;mal&lt;/b&gt;" in html
    assert "온전합니다" in visitors.open("home").click("audit-go").html


def test_old_and_other_entries_are_not_those_of_the_last_days(office: Office) -> None:
    security_log.note(security_log.Deed.SIGN_IN, Outcome.REFUSED)
    security_log.note(security_log.Deed.SIGN_IN, Outcome.DONE, actor="lee")
    security_log.note(security_log.Deed.REQUEST, Outcome.DONE)
    lately = security_log.lately(datetime.now(UTC) - timedelta(days=7))
    assert (len(lately.came_in), len(lately.refused), lately.is_whole) == (1, 1, True)
    later = security_log.lately(datetime.now(UTC) + timedelta(days=1))
    assert (later.came_in, later.refused) == ((), ())


def test_whoever_audits_or_administers_one_of_several_top_units_sees_nothing_of_the_others(office: Office) -> None:
    at = datetime.now(UTC)
    with office.database.transaction() as session:
        units.add_unit(session, "남의 회사", None)
        other = next(unit.id for unit in units.tree(session).units.values() if unit.name == "남의 회사")
        for person, role in (("far", Role.PRODUCT_MANAGER), ("boss", Role.ADMINISTRATOR)):
            grants = frozenset({Grant(role, other)})
            units.add_account(session, Account(person, other, person, "", True, at, grants))
    here = frozenset({Grant(Role.AUDITOR, FIRST_UNIT), Grant(Role.ADMINISTRATOR, FIRST_UNIT)})
    with office.database.reading() as session:
        made = oversight.read(session, Actor("two", "둘", AUD.roles | ADA.roles, here), at)
        assert made.installation is None and made.missing is None
        assert made.people == roster.headcount(session, Actor("two", "둘", ADA.roles, here), at)
        assert made.people[Only.NO_PASSWORD] == 0
        assert viewing.events_kept(session, Actor("two", "둘", AUD.roles, here)) == 0


@pytest.mark.slow
def test_people_who_lack_something_are_counted_and_listed(office: Office, visitors: Visitors) -> None:
    visitors.sign_in(ADA)
    bare = Account("bare", FIRST_UNIT, "역할 없는 이", "", True, AT, frozenset())
    with office.database.transaction() as session:
        units.add_account(session, bare)
    html = visitors.open("home").html
    for only, count in ((Only.NO_ROLE, 1), (Only.NO_PASSWORD, 2), (Only.SIGNED_IN, 1)):
        assert re.search(rf'href="/people\?only={only.value}"[^>]*>{count}<', html), only
        shown = visitors.open("people", only=only.value).html
        assert f"{count}명" in shown and (("역할 없는 이" in shown) is (only is not Only.SIGNED_IN))
    assert "알림 메일 서버" in html
    assert "역할 없는 이" in visitors.open("people", only="nothing").html, "an address may say anything"
