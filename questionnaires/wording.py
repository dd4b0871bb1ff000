"""One wording of a day, a time, a percentage, a duration and an amount in each language: day, moment, clock, percent, duration, won.

SEOUL is the clock that they are told by.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from questionnaires.texts import texts_of
from questionnaires.vocabulary import Text

TEXTS = texts_of(__file__)
SEOUL = ZoneInfo("Asia/Seoul")
_LOCALES = {"ko": "ko_KR", "en": "en_GB"}
_DAYS = {"ko": "y. M. d.", "en": "d MMM y"}
_MINUTE, _HOUR = 60, 3600
_MAN = 10_000
"""Korean counts won by ten thousands."""


@lru_cache(maxsize=4096)
def day(on: date, language: str) -> str:
    """`2026. 11. 20.` or `20 Nov 2026`."""
    return format_date(on, _DAYS[language], locale=_LOCALES[language])


def day_text(on: date) -> Text:
    """The same in both languages at once."""
    return Text(ko=day(on, "ko"), en=day(on, "en"))


def seoul_day(at: datetime) -> date:
    """The day in Seoul."""
    return at.astimezone(SEOUL).date()


def moment(at: datetime, language: str) -> str:
    """The time in Seoul, to the minute."""
    return f"{day(seoul_day(at), language)} {format_datetime(at.astimezone(SEOUL), 'HH:mm', locale=_LOCALES[language])}"


def clock(at: datetime, language: str) -> str:
    """The time of day in Seoul, to the second."""
    return format_datetime(at.astimezone(SEOUL), "HH:mm:ss", locale=_LOCALES[language])


def percent(value: float) -> str:
    """`12.5%` of 12.5: one decimal where it is not nought; below 1 two digits that count."""
    return (_plain(value) if value >= 1 or value == 0 else f"{value:.2g}") + "%"


def duration(seconds: float) -> Text:
    """Seconds below two minutes, then minutes; whole minutes and hours as such. One decimal where it is not nought."""
    if seconds and seconds % _HOUR == 0:
        return TEXTS.text("hours", value=f"{seconds / _HOUR:g}")
    if seconds >= 2 * _MINUTE or (seconds and seconds % _MINUTE == 0):
        return TEXTS.text("minutes", value=_plain(seconds / _MINUTE))
    return TEXTS.text("seconds", value=_plain(seconds))


def won(amount: int) -> Text:
    """In Korean by ten thousands, in English `KRW 5,000,000`; what is no multiple of ten thousand is written out in Korean too."""
    whole = f"{amount:,}"
    if amount % _MAN:
        return TEXTS.text("won", value=whole)
    return TEXTS.text("won", value=Text(ko=TEXTS["ten_thousands"].ko.format(value=f"{amount // _MAN:,}"), en=whole))


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
