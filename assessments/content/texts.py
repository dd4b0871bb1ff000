"""Texts of a whole object, cleaned field by field: cleaned; most_characters."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from assessments.content.answers import MAX_CHARACTERS, MAX_NAME, clean_text
from assessments.details import details
from assessments.model import AISystem, Operator

Thing = TypeVar("Thing")
_DETAILS = (*details(Operator).items(), *details(AISystem).items())
_NAMES = {"title", "file_name", "owner", "right"} | {
    word for name, detail in _DETAILS if not detail.is_long for word in (name, *detail.file)
}


def most_characters(field: str) -> int:
    """How many characters the field takes: name and title stand in headings, and on every page of a report."""
    return MAX_NAME if field.removesuffix("_ko").removesuffix("_en") in _NAMES else MAX_CHARACTERS


def cleaned(thing: Thing, where: str) -> Thing:
    """The same frozen dataclass with every text in it cleaned, however deep. Raises: InvalidAnswerError."""
    return _cleaned(thing, where, "")  # type: ignore[no-any-return]


def _cleaned(value: Any, where: str, field: str) -> Any:
    if isinstance(value, str):
        return value if type(value) is not str else clean_text(value, where, most_characters(field))
    if isinstance(value, tuple):
        return tuple(_cleaned(element, f"{where}.{place + 1}", field) for place, element in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        names = [declared.name for declared in fields(value)]
        return replace(value, **{name: _cleaned(getattr(value, name), f"{where}.{name}", name) for name in names})
    return value
