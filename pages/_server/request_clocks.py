"""The clocks of a request under Act Art. 33 in words, for screens and for a committee's documents: told, matter."""

from __future__ import annotations

from datetime import date

from pages._frame.translation import translate as say
from questionnaires import confirmation, wording

_OBJECTION = "objection"


def told(period: str, until: date, language: str) -> tuple[str, str]:
    """Whose turn it is by when, as a sentence; and by which period of the law."""
    day = wording.day(until, language)
    if period == _OBJECTION:
        sentence = say("Re-confirmation can be requested until {day}.", language, day=day)
    else:
        sentence = say("The Ministry replies by {day}.", language, day=day)
    span: confirmation.Span = getattr(confirmation.form().periods, period)
    return sentence, say("{count} days, {source}", language, count=span.days, source=span.source[language])


def matter(which: str, language: str) -> str:
    """Of an item of an agenda, which names the period and its last day."""
    period, day = which.split()
    sentence, basis = told(period, date.fromisoformat(day), language)
    return f"{sentence} ({basis})"
