"""A record as Markdown: text. What people wrote is escaped character by character, so that it shows as written and does nothing."""

from __future__ import annotations

import re

from exports.forms.sheets import Cell, sheets
from exports.record.record import Record

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
"""ASCII punctuation: every one of it may be escaped. Source: CommonMark 0.31, 2.4."""
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def text(made_from: Record, language: str) -> str:
    """GitHub's Markdown: a heading and a table for each sheet."""
    title = f"{made_from.data['document']['id']}, {made_from.data['content']['system']['name_ko']}"
    parts = [f"# Haetae: {escaped(title)}"]
    for sheet in sheets(made_from, language):
        rows = [sheet.head, *sheet.rows]
        lines = ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * len(sheet.head))
        parts.append(f"## {escaped(sheet.name)}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def escaped(cell: Cell) -> str:
    """In one line; a line break becomes the only tag there is, `<br>`."""
    lines = _BREAKS.split(str(cell))
    return "<br>".join(_SIGNS.sub(r"\\\1", " ".join(line.split())) for line in lines)
