"""What is declared of one field of an operator or an AI system, beside the field itself: Detail, details.

From it follow how long its text may be, where it stands in an assessment file, its words in reports and on screens, its
field in the form, and whether it may be withheld. Tables and the shapes of files and records are written out, for
migrations and other programs rely on each of their lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from questionnaires.once import once_for_each


@dataclass(frozen=True)
class Detail:
    file: tuple[str, ...]
    """Where it stands in an assessment file, below `operator` or `system`."""
    label: str
    """Key of its words in the report's labels."""
    is_long: bool = False
    """A text of many lines; else one that is printed in a line."""
    may_be_withheld: bool = False
    has_own_place: bool = False
    """Reports and screens show it in a place of its own and not in the row that details get."""
    came_later: bool = False
    """Records from before do not know it: while it is empty the content is without it, so that digests stay."""


@once_for_each
def details(of: type[Any]) -> Mapping[str, Detail]:
    """Name of a field → what is declared of it, in their order; fields that are no detail are not in it."""
    return {
        name: detail
        for name, hint in get_type_hints(of, include_extras=True).items()
        for detail in getattr(hint, "__metadata__", ())
        if isinstance(detail, Detail)
    }


def rows(described: object) -> tuple[tuple[str, str], ...]:
    """Label and text of what has no place of its own; empty text: not given."""
    return tuple(
        (detail.label, getattr(described, name))
        for name, detail in details(type(described)).items()
        if not detail.has_own_place
    )
