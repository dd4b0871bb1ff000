"""Passkeys without a browser: what is refused before any signature is looked at. With one: tests/browser/test_sign_in.py."""

from __future__ import annotations

import json
import re

import pytest
from starlette.applications import Starlette

from pages._server import passkeys
from pages._server.admission import Admission
from tests import doors
from tests.asgi import ask
from tests.doors import PASSWORD, cookies_of
from tests.test_entrance import app as entrance_app
from tests.test_entrance import office, send

__all__ = ["entrance_app", "office"]
NAMED, NUMBER = "localhost:8501", "127.0.0.1:8501"


@pytest.fixture
def app(entrance_app: Starlette, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setattr(passkeys, "ASKED", Admission("999/minute", "999/minute", inside=32, of_one=8))
    entrance_app.router.routes[:0] = passkeys.ROUTES
    return entrance_app


def options(text: str) -> dict[str, object]:
    import html

    parsed: dict[str, object] = json.loads(html.unescape(re.findall(r'data-options="([^"]+)"', text)[0]))
    return parsed


def test_what_is_asked_for_is_bound_to_the_name_and_to_who_knows_the_pin(app: Starlette) -> None:
    answer = send(app, "/enter/passkey")
    asked = options(answer.text)
    assert asked["rpId"] == "localhost" and asked["userVerification"] == "required"
    assert asked["challenge"] != options(send(app, "/enter/passkey").text)["challenge"]
    made = options(send(app, "/account/passkey", cookies_of("kim"), password=PASSWORD).text)
    assert made["rp"] == {"name": "Haetae", "id": "localhost"}
    assert "kim" not in json.dumps(made["user"]["id"])  # type: ignore[index]


def test_by_a_number_there_are_none(app: Starlette) -> None:
    sent = {"origin": f"http://{NUMBER}", "host": NUMBER}
    assert ask(app, "/enter/passkey", "POST", **sent).location == "/enter"
    form = doors.form(password=PASSWORD)
    assert ask(app, "/account/passkey", "POST", cookies=cookies_of("kim"), body=form, **sent).location == "/account"


NO_PASSKEYS = [
    "",
    "{}",
    "null",
    "[",
    '{"id": 7}',
    "x" * 20_000,
    '{"id":"a","rawId":"a","response":{},"type":"public-key"}',
]


@pytest.mark.first_in_check
@pytest.mark.parametrize("credential", NO_PASSKEYS)
def test_what_is_no_passkey_opens_nothing_and_makes_none(app: Starlette, credential: str) -> None:
    attempt = re.findall(r"haetae_attempt=([\w-]{43})", send(app, "/enter/passkey").headers["set-cookie"])[0]
    answer = send(app, "/enter/passkey/shown", {"haetae_attempt": attempt}, credential=credential)
    assert answer.status == 401 and not answer.session
    mine = cookies_of("kim")
    begun = send(app, "/account/passkey", mine, password=PASSWORD)
    attempt = re.findall(r"haetae_attempt=([\w-]{43})", begun.headers["set-cookie"])[0]
    made = send(app, "/account/passkey/made", mine | {"haetae_attempt": attempt}, credential=credential)
    assert made.status == 422 and not made.session


def test_making_one_asks_for_the_password_and_no_other_site_begins_it(app: Starlette) -> None:
    mine = cookies_of("kim")
    assert send(app, "/account/passkey", mine, password="wrong").status == 422
    for path in (
        "/enter/passkey",
        "/enter/passkey/shown",
        "/account/passkey",
        "/account/passkey/made",
        "/account/passkey/off",
    ):
        assert ask(app, path, "POST", cookies=mine, origin="http://evil.example").status == 403
