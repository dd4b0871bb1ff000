"""The fixed words of reports and verification, in both languages, as data: labels, words."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_datetime

from exports.record.record import SEOUL
from questionnaires.texts import Texts, texts_of

_NO_BREAK = "\u00a0"


def labels(file: str = "labels.yaml") -> Texts:
    """Key → text."""
    return texts_of(__file__, file)


def day(value: date, language: str) -> str:
    """`2026. 11. 20.` or `20 Nov 2026`, kept on one line."""
    written = format_date(value, "yyyy. M. d." if language == "ko" else "d MMM yyyy", locale=_locale(language))
    return written.replace(" ", _NO_BREAK)


def moment(value: datetime, language: str) -> str:
    """The time in Seoul, to the minute; the day stays on one line."""
    local = value.astimezone(SEOUL)
    return f"{day(local.date(), language)} {format_datetime(local, 'HH:mm', locale=_locale(language))}"


def when(at: datetime | None, on: date | None, language: str) -> str:
    """The time where one is known, else the day as it was stated."""
    if at is not None:
        return moment(at, language)
    return day(on, language) if on is not None else ""


def _locale(language: str) -> str:
    return "ko_KR" if language == "ko" else "en_GB"
