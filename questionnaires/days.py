"""How a day is written in each language: day. All that is told of days comes from here, by wording or filled into a text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date

LOCALES = {"ko": "ko_KR", "en": "en_GB"}
_DAYS = {"ko": "y. M. d.", "en": "d MMM y"}


@lru_cache(maxsize=4096)
def day(on: date, language: str) -> str:
    """`2026. 11. 20.` or `20 Nov 2026`."""
    return format_date(on, _DAYS[language], locale=LOCALES[language])
