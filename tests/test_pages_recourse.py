"""Requests of people concerned as screens: entered, extended, answered; what home, portfolio, a system and a claim say of them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from assessments import actions
from assessments.model import Actor
from assessments.rules.recourse import Answer, State, Stated
from assessments.storage import recourse
from pages._server import files, gate
from questionnaires.wording import seoul_day
from tests import doors
from tests.asgi import ask
from tests.office import ADA, AT, AUD, KIM, LEE, Office
from tests.screens import Visitors

APP = Starlette(routes=[*files.ROUTES], middleware=[Middleware(gate.Gate)])
RECEIVED = date(2026, 11, 2)
ASKED = Stated("pipa_refusal", RECEIVED, "R-1", "사람이 다시 심사해 주십시오.", "web", "")


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    office.start()
    visitors = Visitors(office, monkeypatch)
    for actor in (ADA, AUD, LEE, KIM):
        visitors.sign_in(actor)
    return visitors


def state(office: Office, **changes: object) -> int:
    with office.database.transaction() as session:
        return actions.state_request(session, 1, replace(ASKED, **changes), KIM, AT)  # type: ignore[arg-type]


def read(office: Office, number: int) -> recourse.Request:
    with office.database.reading() as session:
        return recourse.find(session, number)


@pytest.mark.slow
def test_a_request_is_entered_extended_and_answered(office: Office, visitors: Visitors) -> None:
    screen = visitors.open("system", system=1)
    assert "등록된 요구가 없습니다." in screen.html
    screen.unfold("request-new-1-fold")
    today = seoul_day(AT)
    for name, value in {
        "kind": "pipa_refusal",
        "received": today.isoformat(),
        "reference": "R-7",
        "asked": "사람이 다시 심사해 주십시오.",
    }.items():
        screen.enter(f"request-new-1-{name}", value)
    screen.click("request-new-1-go")
    with office.database.reading() as session:
        (entry,) = recourse.everything(session, date(2027, 12, 31), 0)
    number = entry.number
    html = visitors.open("request", request=number).html
    for word in ("R-7", "자동화된 결정의 거부", "개인정보 보호법 제37조의2", "처리 중", "2회에 한하여", KIM.name):
        assert word in html, word
    screen = visitors.open("request", request=number).unfold(f"request-extend-{number}-0-fold")
    assert "앞으로 2회 연장할 수 있습니다" in screen.html
    key = f"request-extend-{number}-0-"
    screen.enter(f"{key}told", today.isoformat()).enter(f"{key}reason", "자료를 더 찾습니다.").click(f"{key}go")
    assert len(read(office, number).extensions) == 1
    html = visitors.open("request", request=number).html
    assert "자료를 더 찾습니다." in html
    assert "연장됨" in html
    key = f"request-answer-{number}-"
    screen = visitors.open("request", request=number).unfold(f"request-answer-{number}-fold")
    screen.enter(f"{key}on", today.isoformat()).enter(f"{key}outcome", "reprocessed").enter(
        f"{key}text", "다시 보았습니다."
    )
    screen.click(f"{key}go")
    assert "결정이 바뀌었는지가 필요합니다" in screen.html
    screen.enter(f"{key}changed", "changed").enter(f"{key}reviewer", "another").enter(f"{key}by", "인사팀장")
    screen.click(f"{key}go")
    request = read(office, number)
    assert request.state is State.ANSWERED
    html = visitors.open("request", request=number).html
    for word in ("다시 보았습니다.", "결정 변경", "인사팀장", "처음 결정한 사람이 아닌 사람"):
        assert word in html, word
    assert not visitors.open("request", request=number).has_button(f"{key}go")


@pytest.mark.slow
def test_an_empty_form_says_beside_each_field_what_is_missing(office: Office, visitors: Visitors) -> None:
    screen = visitors.open("recourse").unfold("request-new-0-fold").click("request-new-0-go")
    for field in ("system", "kind", "reference", "asked"):
        assert screen.problem(f"request-new-0-{field}"), field


@pytest.mark.slow
def test_a_request_is_refused_withdrawn_and_handed_over_on_its_screen(office: Office, visitors: Visitors) -> None:
    first, second = state(office), state(office, reference="R-2")
    today = AT.date().isoformat()
    key = f"request-refuse-{first}-"
    screen = visitors.open("request", request=first).unfold(f"request-refuse-{first}-fold")
    assert "지체 없이 서면" in screen.html
    screen.enter(f"{key}on", today).enter(f"{key}ground", "others_harmed").enter(f"{key}reason", "제3자의 정보")
    screen.click(f"{key}go")
    assert read(office, first).state is State.REFUSED
    key = f"request-withdraw-{second}-"
    screen = visitors.open("request", request=second).unfold(f"request-withdraw-{second}-fold")
    screen.enter(f"{key}on", today).enter(f"{key}reason", "잘못 등록하였습니다.").click(f"{key}go")
    assert read(office, second).state is State.WITHDRAWN


@pytest.mark.slow
def test_the_list_is_narrowed_by_its_address_and_says_what_is_overdue(office: Office, visitors: Visitors) -> None:
    late = state(office, received=date(2026, 1, 5), reference="옛 요구")
    state(office, kind="human_review", reference="자율", received=date(2026, 8, 3))
    gone = state(office, reference="철회한 것")
    with office.database.transaction() as session:
        actions.withdraw_request(session, gone, AT.date(), "x", KIM, AT)
    html = visitors.open("recourse").html
    assert "옛 요구" in html
    assert "자율" in html
    assert "철회한 것" not in html
    assert "기한이 지난 요구가 1건 있습니다." in html
    assert "자율" not in visitors.open("recourse", state="overdue").html
    assert "옛 요구" not in visitors.open("recourse", kind="human_review").html
    assert "철회한 것" in visitors.open("recourse", state="all").html
    quarter = visitors.open("recourse", received="2026-Q3").html
    assert "자율" in quarter
    assert "옛 요구" not in quarter
    assert "옛 요구" in visitors.open("recourse", q="서류").html
    assert "옛 요구" not in visitors.open("recourse", q="없는 말").html
    assert f"request={late}" in visitors.open("home").html


@pytest.mark.slow
def test_many_requests_come_by_the_page(office: Office, visitors: Visitors) -> None:
    numbers = [state(office, reference=f"R-{place}", received=RECEIVED - timedelta(days=place)) for place in range(30)]
    first = visitors.open("recourse").html
    shown = [number for number in numbers if f'request={number}"' in first]
    assert len(shown) == 25
    last = sorted(numbers, key=lambda number: (read(office, number).due or date.max, number))[24]
    second = visitors.open("recourse", **{"from": f"after-0-{last}"}).html
    assert len([number for number in numbers if f'request={number}"' in second]) == 5


@pytest.mark.slow
def test_what_was_changed_after_review_stands_at_the_system_in_the_portfolio_and_beside_the_claim(
    office: Office, visitors: Visitors
) -> None:
    assert "측정되지 않음" in visitors.open("involvement", assessment=1).html
    for place, changed in enumerate((True, False, False)):
        number = state(office, reference=f"R-{place}")
        answer = Answer(AT.date(), "reprocessed", "보냈다.", changed, "another", "팀장")
        with office.database.transaction() as session:
            actions.answer_request(session, number, answer, KIM, AT)
    for screen in (
        visitors.open("system", system=1),
        visitors.open("portfolio"),
        visitors.open("involvement", assessment=1),
        visitors.open("recourse", state="all"),
    ):
        assert "3건 중 1건(33.3%)" in screen.html
        assert "19일" in screen.html


@pytest.mark.slow
def test_who_reads_sees_no_form_and_an_administrator_no_request(office: Office, visitors: Visitors) -> None:
    number = state(office)
    for actor in (LEE, AUD):
        screen = visitors.sign_in(actor).open("request", request=number)
        assert "사람이 다시 심사해 주십시오." in screen.html
        assert not any((button.key or "").startswith("request-") for button in screen.app.button)
        assert screen.field("request-answer-1-text") is None
        assert "요구 등록" not in [expander.label for expander in visitors.open("recourse").app.expander]
    visitors.sign_in(ADA)
    assert "사람이 다시 심사해 주십시오." not in visitors.open("request", request=number).html
    assert "R-1" not in visitors.open("recourse", state="all").html
    assert "당사자의 요구" not in visitors.open("system", system=1).html


def test_english_readers_read_english(office: Office, visitors: Visitors) -> None:
    number = state(office)
    html = visitors.sign_in(KIM, "en").open("request", request=number).html
    for word in ("Refusal of an automated decision", "Personal Information Protection Act, Art. 37-2", "binding"):
        assert word in html, word


# --- files ------------------------------------------------------------------------------------------------------


def test_the_list_as_a_file_holds_every_row_and_no_formula(office: Office, visitors: Visitors) -> None:
    state(office, reference="=1+1")
    state(office, reference="R-2", kind="other")

    def got(actor: Actor, name: str) -> bytes:
        answer = ask(APP, f"/files/{name}", cookies=doors.cookies_of(actor.id) | {"haetae_language": "ko"})
        assert answer.status == (404 if name.endswith("pdf") else 200)
        return answer.body

    def lines(content: bytes) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    rows = lines(got(KIM, "requests.csv?state=all"))
    assert [row["접수번호"] for row in rows] == ["'=1+1", "R-2"]
    assert rows[0]["종류"] == "자동화된 결정의 거부"
    assert rows[0]["기한"] == "2026-12-02"
    assert got(KIM, "requests.xlsx").startswith(b"PK")
    got(KIM, "requests.pdf")
    assert not lines(got(KIM, "requests.csv?state=refused"))
    assert not lines(got(ADA, "requests.csv?state=all"))
