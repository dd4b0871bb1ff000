"""Numbers and days as people write them: whole_number, one_decimal, day.

What is not surely read is refused in words, never cut or guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from questionnaires import decimals
from questionnaires.texts import Told, texts_of

TEXTS = texts_of(__file__)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63", "-"))
_PLAIN = re.compile("[0-9]{1,18}|[0-9]{1,3}(,[0-9]{3}){1,5}")
_DECIMAL = re.compile(r"\+?(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.(?P<tenth>[0-9])0*)?")
_FRACTION = re.compile(r"[+-]?[0-9][0-9,]*\.[0-9]+")
_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\. ?([0-9]{1,2})\. ?([0-9]{1,2})\.?)"
)
_COMPACT = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ([a-z]+)\.?,? ([0-9]{4})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.? ([0-9]{1,2}), ?([0-9]{4})")


class UnreadableError(ValueError):
    """What was written is not surely a number or a day; says what it is and what can be read."""

    def __init__(self, message: Told) -> None:
        self.message = message
        super().__init__(message.text.en)


def whole_number(text: str, units: Sequence[str] = ()) -> int:
    """`120000`, `120,000`, full-width digits, a sign, and Korean words of size between digits, as in reading.yaml.

    units: words that may stand behind it, such as the unit shown beside the field. Raises: UnreadableError.
    """
    stripped = _without_unit(_normalised(text), units)
    sign = -1 if stripped.startswith("-") else 1
    digits = stripped[1:].lstrip() if stripped[:1] in ("+", "-") else stripped
    if _PLAIN.fullmatch(digits):
        return sign * int(digits.replace(",", ""))
    total = _grouped(digits)
    if total is not None and total.denominator == 1:
        return sign * int(total)
    is_fraction = total is not None or _FRACTION.fullmatch(stripped)
    raise UnreadableError(TEXTS.told("number_fraction" if is_fraction else "number_unreadable", text=text.strip()))


def one_decimal(text: str, units: Sequence[str] = ()) -> str:
    """`4.5`, `4.50`, `4`: a number of 0 or more with at most one decimal place, as `decimals` writes it.

    units: as for whole_number. Raises: UnreadableError.
    """
    stripped = _without_unit(_normalised(text), units)
    match = _DECIMAL.fullmatch(stripped)
    if match:
        return decimals.written(int(match["whole"].replace(",", "")) * decimals.TENTHS + int(match["tenth"] or 0))
    is_fraction = not stripped.startswith("-") and _FRACTION.fullmatch(stripped)
    raise UnreadableError(TEXTS.told("decimal_too_fine" if is_fraction else "decimal_unreadable", text=text.strip()))


def day(text: str) -> date:
    """`2026-03-02`, `2026.03.02`, `2026. 3. 2.`, `2026/3/2`, `20260302`, the Korean words, `2 Mar 2026`, `March 2, 2026`.

    Raises: UnreadableError.
    """
    parts = _day_parts(_normalised(text))
    if parts is None:
        raise UnreadableError(TEXTS.told("day_unreadable", text=text.strip()))
    try:
        return date(*parts)
    except ValueError:
        raise UnreadableError(TEXTS.told("day_nonexistent", text=text.strip())) from None


def _without_unit(text: str, units: Sequence[str]) -> str:
    for unit in sorted(map(_normalised, units), key=len, reverse=True):
        text = text.removesuffix(unit).rstrip() if unit else text
    return text


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())


def _grouped(text: str) -> Fraction | None:
    """A number written with group words. None: it is not written so; groups must fall, as in speech."""
    signs = _signs()
    rest, total, ceiling = text, Fraction(0), None
    while rest:
        match = re.match(rf"(?P<before>[^{''.join(signs['groups'])}]*)(?P<group>[{''.join(signs['groups'])}]?) ?", rest)
        if match is None or not match[0]:
            return None
        size = signs["groups"].get(match["group"], 1)
        amount = _below_group(match["before"].strip(), is_last=size == 1)
        if amount is None or (ceiling is not None and size >= ceiling) or amount * size >= (ceiling or 10**18):
            return None
        total, ceiling, rest = total + amount * size, size, rest[match.end() :]
    return total if ceiling is not None else None


def _below_group(text: str, *, is_last: bool) -> Fraction | None:
    """What stands before a group word, or after the last one: digits, or units within the group. None: neither."""
    units = _signs()["units"]
    if re.fullmatch(r"[0-9]+\.[0-9]+", text) and not is_last:
        return Fraction(text)
    if _PLAIN.fullmatch(text):
        return Fraction(int(text.replace(",", "")))
    if not re.fullmatch(rf"(?:[0-9]{{0,3}}(?:\.[0-9]+)?[{''.join(units)}] ?)+[0-9]{{0,3}}", text):
        return None
    total, ceiling = Fraction(0), 10**4
    for amount, unit in re.findall(rf"([0-9]*(?:\.[0-9]+)?)([{''.join(units)}]?) ?", text):
        if not amount and not unit:
            continue
        size = units.get(unit, 1)
        part = (Fraction(amount) if amount else Fraction(1)) * size
        if size >= ceiling or part >= ceiling:
            return None
        total, ceiling = total + part, size
    return total


def _day_parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day. None: they are not all there, or more than they."""
    for pattern in (_ISO, _COMPACT, _korean_day()):
        if match := pattern.fullmatch(text):
            year, month, day_of_month = (int(part) for part in match.groups() if part)
            return year, month, day_of_month
    lowered = text.lower()
    if match := _DAY_FIRST.fullmatch(lowered):
        day_text, month_name, year_text = match.groups()
    elif match := _MONTH_FIRST.fullmatch(lowered):
        month_name, day_text, year_text = match.groups()
    else:
        return None
    number = _month_names().get(month_name)
    return (int(year_text), number, int(day_text)) if number else None


@cache
def _month_names() -> dict[str, int]:
    widths = [
        Locale.parse(name).months["format"][width] for name in ("en", "en_GB") for width in ("wide", "abbreviated")
    ]
    return {name.lower().rstrip("."): number for names in widths for number, name in names.items()}


@cache
def _korean_day() -> re.Pattern[str]:
    word = _signs()["day"]
    return re.compile(rf"([0-9]{{4}}) ?{word['year']} ?([0-9]{{1,2}}) ?{word['month']} ?([0-9]{{1,2}}) ?{word['day']}")


@cache
def _signs() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("reading.yaml").read_text("utf-8"))
    return read
