"""The screen on what the law provides: routes apart, amounts as stated, and a day that nobody is sure of said as such."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from questionnaires import wording
from tests.office import KIM, Office, open_credit_office
from tests.screens import Visitors


@pytest.mark.parametrize(
    ("language", "at_once", "first", "amounts"),
    [
        ("ko", "바로 과태료를 부과할 수 있음", "명령이 먼저임", ["1차", "500만 원", "250만 원", "750만 원"]),
        ("en", "Finable at once", "An order comes first", ["no. 1", "KRW 5,000,000", "KRW 2,500,000", "KRW 7,500,000"]),
    ],
)
def test_routes_stand_apart_with_their_amounts(
    office: Office, visitors: Visitors, language: str, at_once: str, first: str, amounts: list[str]
) -> None:
    html = visitors.sign_in(KIM, language).open("enforcement").html
    routes = re.findall(r'<h2 id="(fine_at_once|order_first|no_fine)"[^>]*>(.*?)</h2>', html)
    assert [name for name, _ in routes] == ["fine_at_once", "order_first", "no_fine"]
    assert [title for _, title in routes][:2] == [at_once, first]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]
    assert amounts in rows
    orders = html.partition('id="order_first"')[2].partition('id="no_fine"')[0]
    assert "2,250" not in orders and "22,500,000" not in orders, "the notice's amounts stand with the notice"


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2027-01-21T14:59", "2027. 1. 21. 현재 계도기간입니다. 적어도 2027. 1. 21.까지입니다."),
        ("2027-01-21T15:00", "2027. 1. 22. 현재 계도기간이 계속되는지 확인되지 않습니다."),
        ("2027-01-22T15:00", "2027. 1. 23. 현재 계도기간이 계속되는지 확인되지 않습니다."),
    ],
    ids=["the last minute in Seoul", "the first minute after", "the day after"],
)
def test_the_grace_period_is_told_by_the_day_in_seoul(
    office: Office, visitors: Visitors, moment: str, sentence: str
) -> None:
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        html = visitors.sign_in(KIM).open("enforcement").html
    assert sentence in html
    assert "법령에는 계도기간이 없습니다" in html and "인명사고" in html


def test_every_screen_leads_there_from_its_foot(office: Office, visitors: Visitors) -> None:
    assert 'href="/enforcement"' in visitors.sign_in(KIM).open("law").html


@pytest.mark.parametrize(
    ("amount", "ko", "en"),
    [
        (5_000_000, "500만 원", "KRW 5,000,000"),
        (22_500_000, "2,250만 원", "KRW 22,500,000"),
        (12_345, "12,345원", "KRW 12,345"),
    ],
)
def test_an_amount_is_written_as_readers_write_it(amount: int, ko: str, en: str) -> None:
    assert (wording.won(amount).ko, wording.won(amount).en) == (ko, en)


@pytest.mark.slow
def test_beside_the_duties_stands_what_the_law_provides_for_those_not_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credit = open_credit_office(tmp_path, monkeypatch, assessments=1)
    html = Visitors(credit, monkeypatch).sign_in(KIM).open("duties", assessment=1).html
    section = html.partition('id="enforcement"')[2]
    assert "사전 고지 (법 제31조제1항)" in section and "1차: 500만 원 (250만 원 – 750만 원)" in section
    assert "괄호 안은 최대로 감경한 금액" in section and "체납하고 있으면 감경하지 않습니다" in section
    assert "기재되지 않았다는 것이 위반하였다는 뜻은 아닙니다" in section and 'href="/enforcement"' in section
