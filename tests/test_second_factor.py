"""The second factor: set up with the password, asked for at every sign-in, each code once; recovery codes; lost ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from assessments import entrance, second_factor
from assessments.home import home
from assessments.people import find_person
from assessments.storage import attempts, credentials, database
from commands.main import app as command
from tests import doors
from tests.asgi import Answer, ask
from tests.doors import PASSWORD, cookies_of, enter
from tests.test_entrance import NEW, app, is_in, made_link, office, send

__all__ = ["app", "office"]


def set_up(app: Starlette, cookies: dict[str, str] | None = None) -> tuple[str, tuple[str, ...]]:
    """Of kim: the secret, and the recovery codes."""
    cookies = dict(cookies or cookies_of("kim"))
    assert send(app, "/account/second", cookies, password=PASSWORD).location == "/account/second/set-up"
    page = ask(app, "/account/second/set-up", cookies=cookies).text
    (secret,) = re.findall(r"secret=([A-Z2-7]{32})", page)
    done = send(app, "/account/second/set-up", cookies, code=pyotp.TOTP(secret).now())
    assert done.status == 200
    codes = tuple(re.findall(r"<code>([A-Z2-9-]{29})</code>", done.text))
    assert len(set(codes)) == 10
    return secret, codes


def next_code(secret: str) -> str:
    """Of the step that follows, which a clock that goes a little wrong would show already."""
    return pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=1)


def attempt_of(answer: Answer) -> dict[str, str]:
    return {"haetae_attempt": re.findall(r"haetae_attempt=([\w-]{43})", answer.headers["set-cookie"])[0]}


def test_a_password_alone_opens_nothing_any_more_and_a_code_opens_a_session(app: Starlette) -> None:
    secret, _ = set_up(app)
    first = enter(app, "kim", to="/enter?to=/systems")
    assert (first.status, first.location) == (303, "/enter/second?to=%2Fsystems")
    half = attempt_of(first)
    assert not first.session and not is_in(app, half["haetae_attempt"])
    assert "여섯 자리" in ask(app, "/enter/second?to=/systems", cookies=half).text
    wrong = send(app, "/enter/second", half, code="000000")
    assert wrong.status == 401 and not wrong.session
    shown = send(app, "/enter/second?to=/systems", half, code=next_code(secret))
    assert (shown.status, shown.location) == (303, "/systems")
    assert is_in(app, shown.session)
    assert send(app, "/enter/second", half, code=next_code(secret)).location == "/enter", "the attempt is over"


def test_a_code_is_taken_once(app: Starlette) -> None:
    secret, _ = set_up(app)
    code = next_code(secret)
    one, other = attempt_of(enter(app, "kim")), attempt_of(enter(app, "kim"))
    assert send(app, "/enter/second", one, code=code).session
    assert send(app, "/enter/second", other, code=code).status == 401


def test_the_code_that_set_it_up_opens_nothing_more(app: Starlette) -> None:
    cookies = cookies_of("kim")
    send(app, "/account/second", cookies, password=PASSWORD)
    (secret,) = re.findall(r"secret=([A-Z2-7]{32})", ask(app, "/account/second/set-up", cookies=cookies).text)
    code = pyotp.TOTP(secret).now()
    assert send(app, "/account/second/set-up", cookies, code=code).status == 200
    assert send(app, "/enter/second", attempt_of(enter(app, "kim")), code=code).status == 401


def test_codes_of_steps_around_are_taken_and_others_not() -> None:
    secret, at = second_factor.new_secret(), datetime(2026, 11, 29, 12, 0, 15, tzinfo=UTC)
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    taken = [n for n in range(-4, 5) if second_factor.step(secret, totp.generate_otp(now + n), at, 0) is not None]
    assert taken == [-1, 0, 1]
    assert second_factor.step(secret, f" {totp.generate_otp(now)[:3]} {totp.generate_otp(now)[3:]} ", at, 0) == now
    assert second_factor.step(secret, totp.generate_otp(now), at, now) is None
    for nonsense in ("", "12345", "abcdef", "１２３４５６", "가나다라마바", "1" * 4000):
        assert second_factor.step(secret, nonsense, at, 0) is None


def test_a_recovery_code_stands_in_once_however_it_is_typed(app: Starlette) -> None:
    _, codes = set_up(app)
    typed = codes[3].replace("-", " ").lower()
    assert send(app, "/enter/second", attempt_of(enter(app, "kim")), code=typed).session
    again = attempt_of(enter(app, "kim"))
    assert send(app, "/enter/second", again, code=codes[3]).status == 401
    last = send(app, "/enter/second", again, code=codes[4])
    assert "남은 복구 코드는 8개" in ask(app, "/account", cookies={"haetae_session": last.session}).text


def test_new_recovery_codes_replace_the_old_ones(app: Starlette) -> None:
    _, old = set_up(app)
    cookies = cookies_of("kim")
    assert send(app, "/account/recovery-codes", cookies, password="wrong").status == 422
    made = send(app, "/account/recovery-codes", cookies, password=PASSWORD).text
    new = re.findall(r"<code>([A-Z2-9-]{29})</code>", made)
    assert len(new) == 10 and not set(new) & set(old)
    half = attempt_of(enter(app, "kim"))
    assert send(app, "/enter/second", half, code=old[0]).status == 401
    assert send(app, "/enter/second", half, code=new[0]).session


def test_after_some_wrong_codes_the_password_is_asked_for_again(app: Starlette) -> None:
    secret, _ = set_up(app)
    half = attempt_of(enter(app, "kim"))
    answers = [send(app, "/enter/second", half, code=f"{n:06}") for n in range(5)]
    assert [answer.status for answer in answers] == [401] * 4 + [303]
    assert send(app, "/enter/second", half, code=next_code(secret)).location == "/enter"


@pytest.mark.slow
def test_codes_are_not_guessed_by_beginning_again_and_again(app: Starlette) -> None:
    secret, _ = set_up(app)
    tried = []
    for _ in range(4):
        half = attempt_of(enter(app, "kim"))
        tried += [send(app, "/enter/second", half, code=f"{n:06}").status for n in range(4)]
    assert tried.count(401) == 10 and tried[-1] == 429
    assert send(app, "/enter/second", attempt_of(enter(app, "kim")), code=next_code(secret)).status == 429


def test_an_attempt_ends_in_time_with_another_password_and_with_the_person(app: Starlette) -> None:
    set_up(app)
    half = attempt_of(enter(app, "kim"))["haetae_attempt"]
    at = datetime.now(UTC)
    with database.reading() as session:
        assert entrance.awaited(session, half, at) is not None
        assert entrance.awaited(session, half, at + entrance.SECOND_LASTS + timedelta(seconds=1)) is None
        assert attempts.memory_of(session, half, "another kind", at) is None
    doors.take_away("kim")
    with database.reading() as session:
        assert entrance.awaited(session, half, at) is None


def test_a_new_password_by_a_link_is_no_way_around_the_second_factor(app: Starlette) -> None:
    secret, _ = set_up(app)
    half = attempt_of(enter(app, "kim"))
    used = send(app, f"/link/{made_link('kim')}", password=NEW)
    assert used.location == "/enter/second" and not used.session
    assert send(app, "/enter/second", half, code=next_code(secret)).location == "/enter", "begun with the old password"
    assert send(app, "/enter/second", attempt_of(used), code=next_code(secret)).session


@pytest.mark.slow
def test_setting_up_asks_for_the_password_and_ends_the_sessions_opened_without(app: Starlette) -> None:
    here, elsewhere = cookies_of("kim"), cookies_of("kim")["haetae_session"]
    assert send(app, "/account/second", here, password="wrong").status == 422
    assert ask(app, "/account/second/set-up", cookies=here).location == "/account"
    send(app, "/account/second", here, password=PASSWORD)
    assert send(app, "/account/second/set-up", here, code="123").status == 422
    assert enter(app, "kim").session, "it is not asked for before a code was shown"
    with database.reading() as session:
        kim = find_person(home(), "kim")
        assert kim is not None
        secret = entrance.pending_secret(session, kim, datetime.now(UTC)) or ""
        assert entrance.pending_secret(session, kim, datetime.now(UTC) + timedelta(hours=1)) is None
    done = send(app, "/account/second/set-up", here, code=pyotp.TOTP(secret).now())
    assert [is_in(app, token) for token in (done.session, here["haetae_session"], elsewhere)] == [True, False, False]
    assert secret not in ask(app, "/account", cookies={"haetae_session": done.session}).text
    assert ask(app, "/account/second/set-up", cookies={"haetae_session": done.session}).location == "/account"


@pytest.mark.slow
def test_it_is_switched_off_with_the_password_and_by_command_for_who_lost_it(app: Starlette) -> None:
    set_up(app)
    cookies = cookies_of("kim")
    assert send(app, "/account/second/off", cookies, password="wrong").status == 422
    assert not enter(app, "kim").session
    off = send(app, "/account/second/off", cookies, password=PASSWORD)
    assert off.location == "/account?done=second_off" and not is_in(app, cookies["haetae_session"])
    assert enter(app, "kim").session
    set_up(app, {"haetae_session": off.session})
    output = CliRunner().invoke(command, ["user", "link", "kim", "--second-factor-off"]).output
    assert send(app, output.strip().partition("8501")[2], password=NEW).session
    with database.reading() as session:
        assert credentials.second_factor(session, "kim") is None
        assert credentials.recovery_codes_left(session, "kim") == 0


@pytest.mark.parametrize("path", ["second", "second/set-up", "second/off", "recovery-codes"])
def test_no_other_site_and_nobody_without_a_session_changes_it(app: Starlette, path: str) -> None:
    assert ask(app, f"/account/{path}", "POST", origin="http://evil.example", cookies=cookies_of("kim")).status == 403
    assert send(app, f"/account/{path}", password=PASSWORD).status == 401


def test_its_secret_and_codes_stand_in_no_log_and_no_history(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    secret, codes = set_up(app)
    send(app, "/enter/second", attempt_of(enter(app, "kim")), code=codes[0])
    with database.reading() as session:
        kept = str(session.connection().exec_driver_sql("SELECT value FROM event_value").all())
        kinds = [row[0] for row in session.connection().exec_driver_sql("SELECT kind FROM event ORDER BY seq")]
    log = "".join(file.read_text("utf-8") for file in home().rglob("security.log*"))
    assert kinds[-2:] == ["set_second_factor", "use_recovery_code"] and '"second factor"' in log
    for secret_text in (secret, codes[0], second_factor.bare(codes[0]), PASSWORD):
        assert secret_text not in kept + log + caplog.text
