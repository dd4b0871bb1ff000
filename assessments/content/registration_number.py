"""Whether a Korean registration number can be right: examined → its digits as officially written, or why not.

A business number has ten digits, of which the last follows from the others. A corporate number has thirteen; its last digit
followed from the others too, but numbers given lately are said to have none, so that is remarked and refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questionnaires.confirmation import form


class NumberFault(StrEnum):
    SIGNS = "signs"
    """It holds something that is neither a digit nor a hyphen."""
    LENGTH = "length"
    BUSINESS_CHECK = "business_check"


@dataclass(frozen=True)
class ExaminedNumber:
    """written: as it is written officially; as it was entered where it has a fault."""

    written: str
    fault: NumberFault | None = None
    is_odd: bool = False
    """A corporate number whose last digit is not what the former rule makes it."""
    digits: int = 0


def examined(number: str) -> ExaminedNumber:
    bare = "".join(number.split()).replace("-", "")
    if not (bare.isascii() and bare.isdecimal()):
        return ExaminedNumber(number, NumberFault.SIGNS)
    if len(bare) == len(form().registration_numbers.business) + 1:
        written = f"{bare[:3]}-{bare[3:5]}-{bare[5:]}"
        is_right = business_check(bare[:-1]) == int(bare[-1])
        return ExaminedNumber(written, None if is_right else NumberFault.BUSINESS_CHECK, digits=len(bare))
    if len(bare) == len(form().registration_numbers.corporate) + 1:
        is_odd = corporate_check(bare[:-1]) != int(bare[-1])
        return ExaminedNumber(f"{bare[:6]}-{bare[6:]}", is_odd=is_odd, digits=len(bare))
    return ExaminedNumber(number, NumberFault.LENGTH, digits=len(bare))


def business_check(nine: str) -> int:
    """The last digit of a business number. The tens of five times the ninth digit count once more."""
    weights = form().registration_numbers.business
    total = sum(int(digit) * weight for digit, weight in zip(nine, weights, strict=True))
    return -(total + int(nine[-1]) * weights[-1] // 10) % 10


def corporate_check(twelve: str) -> int:
    total = sum(
        int(digit) * weight for digit, weight in zip(twelve, form().registration_numbers.corporate, strict=True)
    )
    return -total % 10
