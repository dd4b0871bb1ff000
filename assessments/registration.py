"""What a register of sealed files says about one file: Registration; compare. Where the register lies is the caller's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class Standing(StrEnum):
    """Of a file in a register."""

    REGISTERED = "registered"
    """The very file, byte for byte."""
    CONTAINER = "container"
    """What was sealed is registered, but unused bytes in the seal's container are others: a changed copy."""
    OTHER = "other"
    """The record is registered with another file."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Registration:
    """A file's standing, and whether a newer revision took the place of the registered one."""

    standing: Standing
    is_superseded: bool = False


def compare(pdf: bytes, of_same_record: Sequence[bytes]) -> Standing:
    """The standing of a file whose digest is not in the register. of_same_record: the registered files of its record."""
    covered = _covered(pdf)
    if covered is not None and any(_covered(report) == covered for report in of_same_record):
        return Standing.CONTAINER
    return Standing.OTHER if of_same_record else Standing.UNKNOWN


def _covered(pdf: bytes) -> tuple[bytes, bytes] | None:
    """What the last signature covers: the bytes before and after its container."""
    ranges = _RANGE.findall(pdf)
    if not ranges:
        return None
    start, first, second, rest = (int(offset) for offset in ranges[-1])
    if start != 0 or first >= second or second + rest != len(pdf):
        return None
    return pdf[:first], pdf[second:]
