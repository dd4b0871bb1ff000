"""One wording of days, times, percentages, durations and amounts in each language, wherever they are read.

day, day_text, seoul_day, moment, clock, month, period; percent, share, between, with_interval, points, ratio, chance;
duration, duration_between; won. SEOUL is the clock that they are told by. No other module words one of them by itself.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from questionnaires import days
from questionnaires.days import LOCALES
from questionnaires.texts import joined, texts_of
from questionnaires.vocabulary import Text

TEXTS = texts_of(__file__)
SEOUL = ZoneInfo("Asia/Seoul")
_MONTHS = {"ko": "y. M.", "en": "MMM y"}
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_MINUTE, _HOUR = 60, 3600
_EARLIEST = date(1900, 1, 1)
_HUNDRED = 100
_LEAST_CHANCE = 0.001
_MAN = 10_000
"""Korean counts won by ten thousands."""


def day(on: date, language: str) -> str:
    """`2026. 11. 20.` or `20 Nov 2026`."""
    return days.day(on, language)


def day_text(on: date) -> Text:
    """The same in both languages at once."""
    return Text(ko=day(on, "ko"), en=day(on, "en"))


def seoul_day(at: datetime) -> date:
    """The day in Seoul."""
    return at.astimezone(SEOUL).date()


def seoul_midnight(on: date) -> datetime:
    """The beginning of a day in Seoul. Of days at the beginning of the calendar, which have no time in UTC, that of the year 1900."""
    return datetime.combine(max(on, _EARLIEST), time(), SEOUL)


def moment(at: datetime, language: str) -> str:
    """The time in Seoul, to the minute."""
    return f"{day(seoul_day(at), language)} {format_datetime(at.astimezone(SEOUL), 'HH:mm', locale=LOCALES[language])}"


def clock(at: datetime, language: str) -> str:
    """The time of day in Seoul, to the second."""
    return format_datetime(at.astimezone(SEOUL), "HH:mm:ss", locale=LOCALES[language])


def month(written: str, language: str) -> str:
    """`2026. 3.` or `Mar 2026` of `2026-03`; what is no month stays as it is."""
    if not _MONTH.fullmatch(written):
        return written
    return format_date(date.fromisoformat(f"{written}-01"), _MONTHS[language], locale=LOCALES[language])


def period(first: date | None, last: date | None, language: str) -> str:
    """From a day to a day; empty where either is not known."""
    return f"{day(first, language)} – {day(last, language)}" if first and last else ""


def percent(value: float) -> str:
    """`12.5%` of 12.5: one decimal where it is not nought; two digits that count below 1, and of what lacks to 100.

    So only all is 100%, and only nothing 0%.
    """
    return _in_percent(value) + "%"


def share(part: float) -> str:
    """`12.5%` of 0.125."""
    return percent(_HUNDRED * part)


def between(low: float, high: float) -> str:
    """`10.1–15.2%` of two shares."""
    return f"{_in_percent(_HUNDRED * low)}–{share(high)}"


def with_interval(value: float, low: float, high: float) -> str:
    """`12.5% (10.1–15.2%)` of three shares."""
    return f"{share(value)} ({between(low, high)})"


def points(difference: float, low: float, high: float) -> Text:
    """`+3.1%p (+1.0 – +5.2)` of a difference of two shares and the ends of its interval."""
    value, *ends = (f"{_HUNDRED * part:+.1f}".replace("-", "−") for part in (difference, low, high))
    return TEXTS.text("points", value=value, low=ends[0], high=ends[1])


def ratio(value: float, low: float | None, high: float | None) -> str:
    """`0.78 (0.70–0.86)`; without the interval where there is none."""
    return f"{value:.2f}" + ("" if low is None or high is None else f" ({low:.2f}–{high:.2f})")


def chance(p_value: float) -> str:
    """`p = 0.012`, `p < 0.001`."""
    return f"p < {_LEAST_CHANCE}" if p_value < _LEAST_CHANCE else f"p = {p_value:.2g}"


def duration(seconds: float) -> Text:
    """Seconds below two minutes, then minutes; whole minutes and hours as such. One decimal where it is not nought."""
    unit, value = _in_unit(seconds)
    return TEXTS.text(unit, value=value)


def duration_between(low: float, high: float) -> Text:
    """`4–4.3 min`, `50 s – 2.1 min`."""
    (low_unit, least), (high_unit, most) = _in_unit(low), _in_unit(high)
    if low_unit == high_unit:
        return TEXTS.text(high_unit, value=f"{least}–{most}")
    return joined(duration(low), duration(high), by=" – ")


def _in_unit(seconds: float) -> tuple[str, str]:
    """Name of the unit, and the number."""
    if seconds and seconds % _HOUR == 0:
        return "hours", f"{seconds / _HOUR:g}"
    if seconds >= 2 * _MINUTE or (seconds and seconds % _MINUTE == 0):
        return "minutes", _plain(seconds / _MINUTE)
    return "seconds", _plain(seconds)


def won(amount: int) -> Text:
    """In Korean by ten thousands, in English `KRW 5,000,000`; what is no multiple of ten thousand is written out in Korean too."""
    whole = f"{amount:,}"
    if amount % _MAN:
        return TEXTS.text("won", value=whole)
    return TEXTS.text("won", value=Text(ko=TEXTS["ten_thousands"].ko.format(value=f"{amount // _MAN:,}"), en=whole))


def _in_percent(value: float) -> str:
    rest = _HUNDRED - value
    if 0 < rest < 1 / 2 and _plain(value) == str(_HUNDRED):
        return f"{_HUNDRED - float(f'{rest:.2g}'):.10g}"
    return _plain(value) if value >= 1 or value == 0 else f"{value:.2g}"


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
