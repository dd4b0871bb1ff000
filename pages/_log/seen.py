"""How a decision log that waits was read, before anything is counted: place, sentences, rows that are set aside, first lines."""

from __future__ import annotations

from html import escape

import streamlit as st

from assessments.decision_log.reading import told
from assessments.decision_log.reading.choices import Aside, Reading, SheetState
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault
from assessments.decision_log.reading.seen import Seen
from assessments.decision_log.reading.told import Weight
from pages._frame import shared
from pages._frame.shared import _

PREVIEWED = 6
CELL_CHARACTERS = 40
ENCODINGS = {"utf-8": "UTF-8", "cp949": "CP949 (EUC-KR)", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE"}


def delimiter(sign: str) -> str:
    """A delimiter as it is called."""
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    return names.get(sign, sign)


def show(seen: Seen) -> None:
    """Everything, in the order in which the file was read."""
    language, reading = shared.language(), seen.reading
    if seen.hindrance:
        where = f'<p class="h-quiet">{escape(_("What it calls a mapping is set in the fields below."))}</p>'
        st.html(shared.notice("bad", seen.hindrance[language], where))
    st.html(f"<h3>{escape(_('How the file was read'))}</h3>")
    if reading is not None:
        st.html(shared.table((_("What"), _("As it was read")), _facts(seen, reading)))
        _sentences(reading)
    _first_rows(seen)
    _first_lines(seen)


def _facts(seen: Seen, reading: Reading) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    if reading.encoding:
        rows.append((_("Encoding"), escape(ENCODINGS.get(reading.encoding, reading.encoding))))
        rows.append((_("Delimiter"), escape(delimiter(reading.delimiter))))
    read = [one for one in reading.sheets if one.state is SheetState.READ]
    if read:
        rows.append((_("Sheets that are read"), escape(", ".join(one.name for one in read))))
    lines = sorted({one.header_line for one in read}) or [reading.header_line]
    if seen.kind != "parquet":
        rows.append((_("Line of the header"), escape(", ".join(map(str, lines)))))
    through = seen.through
    if through and through.reading:
        used = _(
            "{used} of {total} are decisions that can be counted", used=f"{through.used:,}", total=f"{through.total:,}"
        )
        rows.append((_("Rows"), escape(used)))
        rows += [_aside(one) for one in through.reading.aside]
    return rows


def _aside(one: Aside) -> tuple[str, str]:
    """Rows that are set aside, where they stand and what to do."""
    language, fault = shared.language(), Fault(one.fault)
    where = _("{count} rows: line {places}", count=f"{one.count:,}", places=", ".join(one.examples))
    more = " …" if one.count > len(one.examples) else ""
    name = _("Set aside: {why}", why=WHAT[fault][language])
    return escape(name), f'{escape(where)}{more}<br><span class="h-quiet">{escape(REMEDY[fault][language])}</span>'


def _sentences(reading: Reading) -> None:
    """What is asked and what bears on figures stands open; the rest is folded."""
    language = shared.language()
    by_weight: dict[Weight, list[str]] = {weight: [] for weight in Weight}
    for one in told.sentences(reading):
        by_weight[one.weight].append(one.text[language])
    for text in by_weight[Weight.ASKS]:
        st.html(shared.notice("note", text))
    if by_weight[Weight.BEARS]:
        st.html(f"<p><b>{escape(_('What bears on the figures'))}</b></p>{_listed(by_weight[Weight.BEARS])}")
    if by_weight[Weight.NOTE]:
        head = escape(_("What else was found"))
        st.html(f'<details class="h-why"><summary>{head}</summary>{_listed(by_weight[Weight.NOTE])}</details>')


def _listed(texts: list[str]) -> str:
    return '<ul class="h-reasons">' + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _first_rows(seen: Seen) -> None:
    if not seen.headers:
        return
    head = "".join(f'<th scope="col">{escape(_cut(one))}</th>' for one in seen.headers)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_cut(cell))}</td>" for cell in row) + "</tr>" for row in seen.rows[:PREVIEWED]
    )
    name = _("First rows of the file")
    st.html(
        f'<div class="h-scroll" role="region" tabindex="0" aria-label="{escape(name)}"><table class="h-preview">'
        f"<caption>{escape(name)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _first_lines(seen: Seen) -> None:
    """With their numbers, by which the line of the header is named; open where the table was not found."""
    place = seen.place
    if not place.lines:
        return
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td>{escape(line)}</td></tr>' for number, line in enumerate(place.lines, 1)
    )
    name = _("First lines, as they stand in the file")
    if place.sheet:
        name += f" ({place.sheet})"
    is_open = "" if seen.headers and not seen.missing_columns else " open"
    st.html(
        f'<details class="h-why"{is_open}><summary>{escape(name)}</summary><div class="h-scroll" role="region" tabindex="0" '
        f'aria-label="{escape(name)}"><table class="h-preview"><tbody>{rows}</tbody></table></div></details>'
    )


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
