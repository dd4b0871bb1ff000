"""Who decides, signs off or seals has shown who they are in the last ten minutes; nobody else's session does these things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from assessments.model import Ruling, Status
from assessments.storage import accounts, database, identities
from assessments.storage.tables import LoginRow
from tests import doors, providers
from tests.asgi import ask
from tests.doors import PASSWORD
from tests.office import CHO, KIM, PARK, Office
from tests.screens import Visitors
from tests.test_entrance import app, is_in, office, send
from tests.test_outside import attempt_of, sent_to

__all__ = ["app", "office"]


@pytest.fixture
def visitors(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(office, monkeypatch)


def confirmed(minutes_ago: int) -> None:
    """All sessions."""
    with database.transaction() as session:
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        session.execute(update(LoginRow).values(confirmed_at=at))


@pytest.mark.slow
def test_nobody_decides_or_signs_off_without_having_been_asked_lately(office: Office, visitors: Visitors) -> None:
    number = office.start()
    office.submit(number)
    screen = visitors.sign_in(CHO).open("decide", assessment=number)
    key = f"decide-{number}-1"
    screen.enter(f"{key}-ruling", Ruling.APPROVED).type(f"{key}-reason", "근거가 충분합니다.")
    confirmed(11)
    screen.click(f"{key}-go")
    assert "한 번 더 확인합니다" in screen.html
    assert f'href="/confirm?to=%2Fdecide%3Fassessment%3D{number}"' in screen.html
    assert office.read(number).status is Status.SUBMITTED
    confirmed(9)
    screen.enter(f"{key}-ruling", Ruling.APPROVED).type(f"{key}-reason", "근거가 충분합니다.").click(f"{key}-go")
    assert office.read(number).status is Status.DECIDED

    screen = visitors.sign_in(PARK).open("decide", assessment=number)
    confirmed(11)
    screen.state_all(f"sign-{number}-1").click(f"sign-{number}-1-go")
    assert "/confirm?to=" in screen.html and office.read(number).status is Status.DECIDED


@pytest.mark.slow
def test_nothing_is_sealed_without_having_been_asked_lately(office: Office, visitors: Visitors) -> None:
    number = office.signed_off()
    screen = visitors.sign_in(PARK).open("decide", assessment=number)
    confirmed(11)
    screen.click(f"seal-{number}-1")
    assert "/confirm?to=" in screen.html
    assert "봉인하고 등록하였습니다" not in screen.html


# --- being asked ---------------------------------------------------------------------------------------------


def test_the_password_confirms_and_the_session_goes_on_under_another_token(app: Starlette) -> None:
    token = doors.let_in("kim")
    mine = {"haetae_session": token}
    confirmed(60)
    assert "본인 확인" in ask(app, "/confirm?to=/decide", cookies=mine).text
    wrong = send(app, "/confirm?to=/decide", mine, password="wrong")
    assert wrong.status == 422 and is_in(app, token)
    with database.reading() as session:
        login = accounts.find_login(session, token, datetime.now(UTC))
        assert login is not None and datetime.now(UTC) - login.confirmed_at > timedelta(minutes=59)
    right = send(app, "/confirm?to=/decide%3Fassessment%3D7", mine, password=PASSWORD)
    assert right.location == "/decide?assessment=7"
    assert not is_in(app, token) and is_in(app, right.session)
    with database.reading() as session:
        login = accounts.find_login(session, right.session, datetime.now(UTC))
        assert login is not None and datetime.now(UTC) - login.confirmed_at < timedelta(minutes=1)


@pytest.mark.slow
def test_confirming_is_no_way_to_guess_and_leads_nowhere_else(app: Starlette) -> None:
    mine = doors.cookies_of("kim")
    assert send(app, "/confirm?to=//evil.example", mine, password=PASSWORD).location == "/"
    mine = doors.cookies_of("kim")
    texts = [send(app, "/confirm", mine, password=f"guess {n}").text for n in range(12)]
    assert ["너무 여러 번" in text for text in texts] == [False] * 10 + [True] * 2
    assert ask(app, "/confirm", "POST", cookies=mine, origin="http://evil.example").status == 403
    assert send(app, "/confirm", password=PASSWORD).status == 401
    assert send(app, "/confirm/outside").status == 401


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("subject", "auth_time", "is_confirmed"),
    [("s-1", None, True), ("s-1", 0, True), ("s-1", 3600, False), ("s-2", 0, False), ("s-9", 0, False)],
)
def test_the_identity_provider_confirms_for_its_own_person_asked_just_now(
    app: Starlette, subject: str, auth_time: int | None, is_confirmed: bool
) -> None:
    """auth_time: seconds since they showed the provider who they are."""
    from assessments.home import home
    from pages._server import outside

    app.router.routes[:0] = outside.ROUTES
    shown_at = None if auth_time is None else int(datetime.now(UTC).timestamp()) - auth_time
    liar = providers.Liar({"sub": subject, "auth_time": shown_at})
    with providers.lying(liar) as issuer:
        providers.settings(home(), issuer)
        with database.transaction() as session:
            identities.connect(session, "kim", issuer, "s-1", datetime.now(UTC))
            identities.connect(session, "park", issuer, "s-2", datetime.now(UTC))
        mine = doors.cookies_of("kim")
        confirmed(60)
        begun = send(app, "/confirm/outside?to=/decide", mine)
        assert "prompt=login" in sent_to(begun)
        query = f"code=c&state={providers.asked_of(liar, sent_to(begun))}"
        answer = ask(app, f"/enter/outside/return?{query}", cookies=attempt_of(begun))
    assert (answer.status, bool(answer.session)) == ((200, True) if is_confirmed else (403, False))
    assert is_in(app, mine["haetae_session"]) is not is_confirmed
    if is_confirmed:
        assert (
            is_in(app, answer.session)
            and KIM.name in ask(app, "/account", cookies={"haetae_session": answer.session}).text
        )
