"""What the screens say about the end of the sealing certificate, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessments.home import home
from assessments.model import Actor
from exports.seal import keys
from tests import report_samples as samples
from tests.office import AUD, PARK, Office, open_office
from tests.screens import Visitors


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    return open_office(tmp_path, monkeypatch)


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("days_left", "actor", "screen", "words"),
    [
        (60, PARK, "home", "60일 남음"),
        (-5, PARK, "decide", "더는 봉인할 수 없습니다"),
        pytest.param(200, PARK, "home", None, marks=pytest.mark.slow),
        pytest.param(60, AUD, "home", None, marks=pytest.mark.slow),
        pytest.param(-5, PARK, "home", "더는 봉인할 수 없습니다", marks=pytest.mark.slow),
        pytest.param(60, PARK, "decide", "haetae key", marks=pytest.mark.slow),
    ],
)
def test_whoever_seals_is_warned_of_the_end(
    days_left: int, actor: Actor, screen: str, words: str | None, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.signed_off()
    began, lasts = datetime.now(UTC) - timedelta(days=10), timedelta(days=10 + days_left, hours=1)
    keys.replace(home(), samples.signer(began, lasts))
    shown = Visitors(office, monkeypatch).sign_in(actor).open(screen, assessment=number).html
    assert ("봉인 인증서의 유효기간" in shown) == (words is not None)
    assert words is None or words in shown


@pytest.mark.slow
def test_with_an_ended_certificate_the_seal_is_refused_with_the_remedy(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.signed_off()
    keys.load_or_create(home(), datetime.now(UTC) - timedelta(days=3700))
    screen = Visitors(office, monkeypatch).sign_in(PARK).open("decide", assessment=number)
    assert not screen.has_button(f"seal-{number}-1"), "there is nothing to try before the key is replaced"
    assert "haetae key rotate" in screen.html
