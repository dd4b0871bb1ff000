"""Shorter ways through WeasyPrint for what our reports ask of it: taken, left.

The result is the same, byte for byte (a test compares); about a third of the time is saved. Each function here stands in
for the one of that name in WeasyPrint 70 and turns to it wherever a page has more than ours do. With another release of
WeasyPrint the test says what no longer fits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from exports.shortcuts import boxes, styles, text, writing

_WAYS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (*styles.WAYS, *boxes.WAYS, *text.WAYS, *writing.WAYS)
_left: list[tuple[Any, str, Any]] = []


def take() -> None:
    """From now on, in this process."""
    if _left:
        return
    for owner, name, ours in _WAYS:
        theirs = owner.__dict__[name]
        holders = [owner] if isinstance(owner, type) else _importers(name, theirs)
        for holder in holders:
            _left.append((holder, name, theirs))
            setattr(holder, name, ours)


def leave() -> None:
    """WeasyPrint's own ways again, to compare with."""
    while _left:
        setattr(*_left.pop())


def _importers(name: str, theirs: Any) -> list[Any]:
    modules = [module for key, module in sys.modules.items() if key.partition(".")[0] in ("weasyprint", "pydyf")]
    return [module for module in modules if module.__dict__.get(name) is theirs]
