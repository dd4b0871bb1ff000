"""Free texts of a whole object, cleaned field by field: cleaned."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from assessments.answers import clean_text

Thing = TypeVar("Thing")


def cleaned(thing: Thing, where: str) -> Thing:
    """The same frozen dataclass with every text in it cleaned, however deep. Raises: InvalidAnswerError."""
    return _cleaned(thing, where)  # type: ignore[no-any-return]


def _cleaned(value: Any, where: str) -> Any:
    if isinstance(value, str):
        return value if type(value) is not str else clean_text(value, where)
    if isinstance(value, tuple):
        return tuple(_cleaned(one, f"{where}.{place + 1}") for place, one in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _cleaned(getattr(value, one.name), f"{where}.{one.name}") for one in fields(value)}
        )
    return value
