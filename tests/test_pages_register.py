"""Register, system and review queue as screens: what stands there, and that a choice in the address narrows it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from assessments import actions
from assessments.model import Actor, AISystem, LegalRole, Stage, Upkeep
from tests.office import AT, CHO, KIM, LEE, PARK, Office
from tests.screens import Visitors


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch)


@pytest.mark.slow
def test_the_register_and_a_systems_file_show_what_is_known_of_it(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    visitors.sign_in(KIM)
    with office.database.transaction() as session:
        upkeep = Upkeep(KIM.id, LegalRole.USING_OPERATOR, Stage.IN_USE, date(2026, 3, 1))
        actions.set_upkeep(session, 1, upkeep, KIM, AT)
        actions.register_system(session, 1, AISystem("다른 것"), KIM, AT)
        actions.state_incident(session, 1, AT.date(), "순위가 틀렸다.", KIM, AT)
    html = visitors.open("register").html
    assert all(
        word in html for word in ("서류 도우미", "다른 것", KIM.name, "사용 중", "2026. 3. 1.", "인공지능이용사업자")
    )
    narrowed = visitors.open("register", stage="in_use", incidents="open").html
    assert "다른 것" not in narrowed
    assert "서류 도우미" in narrowed
    assert "서류 도우미" in visitors.open("register", q="서류").html
    html = visitors.open("system", system=1).html
    for word in (
        "순위가 틀렸다.",
        f"assessment={number}",
        KIM.name,
        "시스템 등록",
        "등록대장 항목 변경",
        "없음 → ",
        "미종결",
    ):
        assert word in html.replace("적지 않음 → ", "없음 → "), word
    assert "순위가 틀렸다." not in visitors.open("system", system=2).html


@pytest.mark.slow
@pytest.mark.parametrize(("person", "registers"), [(KIM, True), (CHO, False)])
def test_only_whoever_may_register_a_system_is_told_to(
    office: Office, visitors: Visitors, person: Actor, registers: bool
) -> None:
    visitors.sign_in(person)
    for screen, told in (
        ("home", "시스템을 등록한 뒤"),
        ("portfolio", "시스템을 등록한 뒤"),
        ("register", "하나씩 등록"),
    ):
        assert (told in visitors.open(screen).html) is registers, screen


@pytest.mark.slow
def test_the_queue_shows_what_waits_and_for_whom(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    visitors.sign_in(LEE)
    visitors.sign_in(CHO)
    with office.database.transaction() as session:
        actions.assign_review(session, number, LEE.id, CHO, AT)
    html = visitors.open("queue").html
    assert f"담당 위원: {LEE.name}" in html
    assert "서류 도우미" in visitors.open("queue", reviewer=LEE.id, q="서류").html
    assert "서류 도우미" not in visitors.open("queue", reviewer="-").html
    screen = visitors.open("queue")
    assert screen.field("assign-who") is None  # folded
    visitors.sign_in(PARK)
    assert "심의위원회 대기 · " in visitors.open("queue").html, "whoever takes no step there is told what it waits for"


def test_a_made_home_says_so_on_every_screen(office: Office, visitors: Visitors) -> None:
    office.start()
    visitors.sign_in(KIM)
    words = "지어낸 것입니다"
    assert words not in visitors.open("home").html
    with office.database.transaction() as session:
        session.connection().execute(text("INSERT INTO made_data VALUES (1, 5, '2026-01-01T00:00:00.000000+00:00')"))
    for name in ("home", "register", "portfolio", "law"):
        assert words in visitors.open(name).html, name
