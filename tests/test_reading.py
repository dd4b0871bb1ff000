"""Numbers and days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import reading, wording

WHOLE = st.integers(-(10**15), 10**15)
DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))


def _in_groups(number: int) -> str:
    """As it is spoken: 1조 2,345만 6."""
    parts, rest = [], abs(number)
    for size, word in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        amount, rest = divmod(rest, size)
        if amount:
            parts.append(f"{amount}{word}")
    return ("-" if number < 0 else "") + (" ".join(parts) or "0")


@given(WHOLE, st.booleans())
def test_a_number_is_read_as_it_is_shown(number: int, is_wide: bool) -> None:
    for text in (
        str(number),
        f"{number:,}",
        f" {number:,} 명",
        _in_groups(number),
        _in_groups(number).replace(" ", ""),
    ):
        wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789,-"}) if is_wide else text
        assert reading.whole_number(wide, ["명", "people"]) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12만", 120_000),
        ("1만 2천", 12_000),
        ("1만2,345", 12_345),
        ("1.5만", 15_000),
        ("3억 5천만", 350_000_000),
        ("2천 5백", 2_500),
        ("−5", -5),
        ("+7", 7),
    ],
)
def test_groups_are_read(text: str, number: int) -> None:
    assert reading.whole_number(text) == number


@pytest.mark.parametrize("text", ["3.7", "3.0", "1.000", "-0.5", "1.23456만"])
def test_a_fraction_is_refused_as_such(text: str) -> None:
    with pytest.raises(reading.UnreadableError) as refusal:
        reading.whole_number(text)
    assert "소수는 적을 수 없습니다" in refusal.value.message.text.ko
    assert text in refusal.value.message.text.en


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1 234",
        "약 100",
        "100~200",
        "만",
        "2만 3만",
        "1만 2만",
        "백이십",
        "1e5",
        "0x10",
        "1" * 30,
        "10만원",
    ],
)
def test_what_is_not_surely_a_number_is_refused(text: str) -> None:
    with pytest.raises(reading.UnreadableError):
        reading.whole_number(text)


@given(st.text(st.sampled_from("0123456789,.+-만억조천백십 약명～１２"), max_size=12))
def test_no_sign_is_ever_dropped(text: str) -> None:
    """Whatever is read has all its digits in the number, unless words of size stand there."""
    try:
        number = reading.whole_number(text)
    except reading.UnreadableError:
        return
    if not any(word in text for word in "만억조천백십"):
        digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
        assert str(abs(number)) == (digits.lstrip("0") or "0")
        assert set(text) <= set("0123456789,+- １２")


@given(DAYS)
@pytest.mark.slow
def test_a_day_is_read_as_it_is_written_anywhere(on: date) -> None:
    y, m, d = on.year, on.month, on.day
    for text in (
        f"{y:04}-{m:02}-{d:02}",
        f"{y:04}.{m:02}.{d:02}",
        f"{y:04}. {m}. {d}.",
        f"{y:04}/{m}/{d}",
        f"{y:04}{m:02}{d:02}",
        f"{y:04}년 {m}월 {d}일",
        f"{y:04}년{m}월{d}일",
        wording.day(on, "ko"),
        wording.day(on, "en"),
    ):
        assert reading.day(text) == on, text


@pytest.mark.parametrize(
    "text", ["2027년 1월 말", "2026-03", "26.3.2", "어제", "", "2026-03-02 10:00", "3월 2일", "2/3/2026"]
)
def test_what_is_no_whole_day_is_refused_and_the_forms_are_named(text: str) -> None:
    with pytest.raises(reading.UnreadableError) as refusal:
        reading.day(text)
    assert "2026년 11월 20일" in refusal.value.message.text.ko


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "20261301", "2026년 2월 29일"])
def test_a_day_that_is_in_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(reading.UnreadableError, match="no such day"):
        reading.day(text)
