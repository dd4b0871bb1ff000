"""How a decision log that waits was read, before anything is counted: place, sentences, rows that are set aside, first lines."""

from __future__ import annotations

from assessments.decision_log.reading import account
from assessments.decision_log.reading.account import Weight
from assessments.decision_log.reading.choices import Aside, Reading, SheetState
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault
from assessments.decision_log.reading.preview_model import LogPreview
from pages._frame import markup, shared
from pages._frame.shared import _

PREVIEWED = 6
CELL_CHARACTERS = 40
ENCODINGS = {"utf-8": "UTF-8", "cp949": "CP949 (EUC-KR)", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE"}


def delimiter(character: str) -> str:
    """A delimiter as it is called."""
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    return names.get(character, character)


def show(seen: LogPreview) -> None:
    """Everything, in the order in which the file was read."""
    language, reading = shared.language(), seen.reading
    if seen.hindrance:
        where = markup.quiet(_("What it calls a mapping is set in the fields below."))
        markup.show(markup.notice("bad", seen.hindrance[language], where))
    markup.show(markup.h3(_("How the file was read")))
    if reading is not None:
        markup.show(markup.table((_("What"), _("As it was read")), _facts(seen, reading)))
        _sentences(reading)
    _first_rows(seen)
    _first_lines(seen)


def _facts(seen: LogPreview, reading: Reading) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    if reading.encoding:
        rows.append((_("Encoding"), ENCODINGS.get(reading.encoding, reading.encoding)))
        rows.append((_("Delimiter"), delimiter(reading.delimiter)))
    read = [sheet for sheet in reading.sheets if sheet.state is SheetState.READ]
    if read:
        rows.append((_("Sheets that are read"), ", ".join(sheet.name for sheet in read)))
    lines = sorted({sheet.header_line for sheet in read}) or [reading.header_line]
    if seen.kind != "parquet":
        rows.append((_("Line of the header"), ", ".join(map(str, lines))))
    through = seen.through
    if through and through.reading:
        used = _(
            "{used} of {total} are decisions that can be counted", used=f"{through.used:,}", total=f"{through.total:,}"
        )
        rows.append((_("Rows"), used))
        rows += [_aside(aside) for aside in through.reading.aside]
    return rows


def _aside(aside: Aside) -> tuple[str, str]:
    """Rows set aside, with their lines and what to do."""
    language, fault = shared.language(), Fault(aside.fault)
    where = _("{count} rows: line {places}", count=f"{aside.count:,}", places=", ".join(aside.examples))
    more = " …" if aside.count > len(aside.examples) else ""
    name = _("Set aside: {why}", why=WHAT[fault][language])
    return name, markup.lines((where + more, markup.aside(REMEDY[fault][language])))


def _sentences(reading: Reading) -> None:
    """Questions and remarks that affect figures are shown; the rest is folded."""
    language = shared.language()
    by_weight: dict[Weight, list[str]] = {weight: [] for weight in Weight}
    for sentence in account.sentences(reading):
        by_weight[sentence.weight].append(sentence.text[language])
    for text in by_weight[Weight.ASKS]:
        markup.show(markup.notice("note", text))
    if by_weight[Weight.BEARS]:
        head = markup.paragraph(markup.bold(_("What bears on the figures")))
        markup.show(head + markup.items(by_weight[Weight.BEARS], "h-reasons"))
    if by_weight[Weight.NOTE]:
        markup.show(markup.folded(_("What else was found"), markup.items(by_weight[Weight.NOTE], "h-reasons")))


def _first_rows(seen: LogPreview) -> None:
    if not seen.headers:
        return
    heads, rows = (
        [_cut(header) for header in seen.headers],
        [[_cut(cell) for cell in row] for row in seen.rows[:PREVIEWED]],
    )
    shared.draw("log/first_rows.html.j2", heads=heads, rows=rows)


def _first_lines(seen: LogPreview) -> None:
    """With their numbers, by which the line of the header is named; open where the table was not found."""
    place = seen.place
    if not place.lines:
        return
    name = _("First lines, as they stand in the file")
    if place.sheet:
        name += f" ({place.sheet})"
    is_open = not seen.headers or bool(seen.missing_columns)
    shared.draw("log/first_lines.html.j2", name=name, lines=place.lines, is_open=is_open)


def _cut(text: str) -> str:
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
