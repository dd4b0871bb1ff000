"""The fixed words of reports and verification, in both languages, as data: labels, words."""

from __future__ import annotations

from datetime import date, datetime

from questionnaires import wording
from questionnaires.texts import Texts, texts_of

_NO_BREAK = "\u00a0"


def labels(file: str = "labels.yaml") -> Texts:
    """Key → text."""
    return texts_of(__file__, file)


def day(value: date, language: str) -> str:
    """As everywhere, kept on one line."""
    return wording.day(value, language).replace(" ", _NO_BREAK)


def moment(value: datetime, language: str) -> str:
    """The time in Seoul, to the minute; the day stays on one line."""
    of_day, _, of_clock = wording.moment(value, language).rpartition(" ")
    return f"{of_day.replace(' ', _NO_BREAK)} {of_clock}"


def when(at: datetime | None, on: date | None, language: str) -> str:
    """The time where one is known, else the day as it was stated."""
    if at is not None:
        return moment(at, language)
    return day(on, language) if on is not None else ""
