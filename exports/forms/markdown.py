"""A record as Markdown: text. What people wrote shows as written and does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exports.forms.parts.parts import parts
from exports.forms.tables import Cell, Table, reading
from exports.record.record import Record
from exports.words import labels

_SIGNS = re.compile(
    r"[\\`*<|~$@]"  # code, emphasis, tags, cells, strikethrough, formulas, mentions and addresses
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; between letters it is none
    r"|\[(?=[\[^])|\](?=[(\[:])"  # links, footnotes and what they point to; [12] alone is a text
    r"|&(?=#|\w)"  # references to characters
    r"|#(?=\d)|:(?=[\w+-]+:|//)|(?<=www)\.",  # issues, pictograms and addresses, which GitHub looks for
    re.IGNORECASE,
)
"""ASCII punctuation that would do something where it stands. Source: CommonMark 0.31 and GitHub's extensions of it."""
_AT_START = re.compile(r"^([-+=#>\[]|\d{1,9}(?=[.)]))(?:(?<=\d)([.)]))?")
"""What begins a list, a heading, a quotation, a rule or a definition."""
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def text(made_from: Record, language: str) -> str:
    """GitHub's Markdown: a heading for each part and each table, facts as a list."""
    system, stated = made_from.data["content"]["system"], made_from.data["document"]
    names = (system["name_en"], system["name_ko"]) if language == "en" else (system["name_ko"], system["name_en"])
    title = labels.labels()["title"][language]
    lines = [f"# {escaped(title)}", escaped(f"{next(filter(None, names), '')}, {stated['id']}")]
    for part in parts(made_from, language):
        tables = [table for table in part.tables if not table.is_for_reckoning]
        if not tables and not part.sentences:
            continue
        lines.append(f"## {escaped(part.title)}")
        lines += map(escaped, part.sentences)
        for table in tables:
            if table.title != part.title and not part.title.endswith(table.title):
                lines.append(f"### {escaped(table.title)}")
            lines.append("\n".join(_facts(table, language) if table.is_of_facts else _rows(table, language)))
    return "\n\n".join(lines) + "\n"


def _facts(table: Table, language: str) -> Iterator[str]:
    for name, value in table.rows:
        yield f"- **{_cell(name, language)}**: {_cell(value, language)}"


def _rows(table: Table, language: str) -> Iterator[str]:
    """As a table, without keys and without the columns that are empty in every row."""
    filled = [
        place
        for place, column in enumerate(table.columns)
        if not column.is_key and any(row[place] not in (None, "") for row in table.rows)
    ]
    yield _line([_inside(table.columns[place].title) for place in filled])
    yield _line(["---"] * len(filled))
    for row in table.rows:
        yield _line([_cell(row[place], language) for place in filled])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, language: str) -> str:
    return _inside(reading(cell, language))


def escaped(text: str) -> str:
    """In one line, wherever it stands; a line break becomes the only tag there is, `<br>`. Nothing in it does anything."""
    return _AT_START.sub(_harmless, _inside(text))


def _inside(text: str) -> str:
    """The same where something else begins the line."""
    return "<br>".join(_SIGNS.sub(r"\\\g<0>", " ".join(line.split())) for line in _BREAKS.split(text))


def _harmless(start: re.Match[str]) -> str:
    return f"{start[1]}\\{start[2]}" if start[2] else f"\\{start[0]}"
