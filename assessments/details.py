"""Metadata declared with each field of an operator or an AI system: Detail, details.

From it follow the text's maximum length, its place in an assessment file, its labels in reports and on screens, its form
field, and whether it may be withheld. Tables and the schemas of files and records are written out by hand, because
migrations and other programs depend on them line by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from questionnaires.once import once_for_each


@dataclass(frozen=True)
class Detail:
    file: tuple[str, ...]
    """Path in an assessment file, below `operator` or `system`."""
    label: str
    """Key of its words in the report's labels."""
    is_long: bool = False
    """Whether the text may have several lines."""
    may_be_withheld: bool = False
    has_own_place: bool = False
    """Reports and screens show it in a place of its own and not in the row that details get."""
    came_later: bool = False
    """Older records do not have it: while it is empty the content is without it, so that digests stay."""


@once_for_each
def details(of: type[Any]) -> Mapping[str, Detail]:
    """Field name → its Detail, in order of declaration; fields without one are left out."""
    return {
        name: detail
        for name, hint in get_type_hints(of, include_extras=True).items()
        for detail in getattr(hint, "__metadata__", ())
        if isinstance(detail, Detail)
    }


def rows(described: object) -> tuple[tuple[str, str], ...]:
    """Label and text of each detail without a place of its own; an empty text was not given."""
    return tuple(
        (detail.label, getattr(described, name))
        for name, detail in details(type(described)).items()
        if not detail.has_own_place
    )
