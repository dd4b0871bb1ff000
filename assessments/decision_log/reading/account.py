"""How a log was read, in words for screen, terminal and report: sentences, column_title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessments.decision_log.reading.choices import How, Reading, Remark, SheetState
from assessments.decision_log.reading.columns import COLUMN_TITLES
from assessments.decision_log.texts import TEXTS
from questionnaires.texts import Told, joined
from questionnaires.vocabulary import Text

_TITLES = {column.value: title for column, title in COLUMN_TITLES.items()}
_MOST = 12
"""Names in one sentence."""


class Weight(StrEnum):
    """What a sentence asks of the reader."""

    NOTE = "note"
    """So it was read."""
    BEARS = "bears"
    """It decides figures: it belongs into the report."""
    ASKS = "asks"
    """Somebody has to answer."""


@dataclass(frozen=True)
class Sentence:
    weight: Weight
    told: Told

    @property
    def text(self) -> Text:
        """With what to do where it is wrong: for whoever reads the file in."""
        return self.told.text

    @property
    def what(self) -> Text:
        """That alone: for a document."""
        return self.told.what


def sentences(reading: Reading) -> Iterator[Sentence]:
    """In the order in which the file was read."""
    yield from _place(reading)
    yield from _columns(reading)
    for note in reading.joined:
        written = ", ".join(f"{variant.text} ({variant.count:,})" for variant in note.variants[:_MOST])
        yield _sentence("joined", Weight.BEARS, note.column, label=note.label, written=written)
    by_column: dict[str, list[str]] = {}
    for missing in reading.missing:
        by_column.setdefault(missing.column, []).append(f"{missing.word} ({missing.count:,})")
    for column, words in by_column.items():
        yield _sentence("missing_words", Weight.BEARS, column, words=", ".join(words[:_MOST]))
    for weight, remarks in (
        (Weight.BEARS, reading.assumed),
        (Weight.BEARS, reading.not_computed),
        (Weight.ASKS, reading.asked),
    ):
        absent = [str(remark.values["column"]) for remark in remarks if remark.key == "column_absent"]
        for remark in remarks:
            if remark.key != "column_absent":
                yield Sentence(weight, _told(remark))
        if absent:
            yield Sentence(weight, _absent(absent))
    if reading.blank_rows:
        yield Sentence(Weight.NOTE, TEXTS.told("blank_rows", n=f"{reading.blank_rows:,}"))


def _absent(columns: list[str]) -> Told:
    return TEXTS.told("column_absent", column=joined(*map(column_title, columns), by=", "))


def _told(remark: Remark) -> Told:
    """The sentence of one remark; its column, if it has one, by its title."""
    values = dict(remark.values)
    column = values.pop("column", None)
    if column is None:
        return TEXTS.told(remark.key, **values)
    return TEXTS.told(remark.key, column=column_title(str(column)), **values)


def column_title(meaning: str) -> Text:
    """Of a Column; the name of a group stands for itself."""
    if meaning == "outcome":
        return TEXTS.text("outcome")
    return _TITLES.get(meaning) or Text(ko=meaning, en=meaning)


def _place(reading: Reading) -> Iterator[Sentence]:
    for state, weight in (
        (SheetState.READ, Weight.NOTE),
        (SheetState.NO_TABLE, Weight.BEARS),
        (SheetState.HIDDEN, Weight.BEARS),
        (SheetState.NOT_CHOSEN, Weight.BEARS),
    ):
        sheets = [sheet for sheet in reading.sheets if sheet.state is state]
        if not sheets:
            continue
        names = ", ".join(
            f"{sheet.name} ({sheet.rows:,})" if state is SheetState.READ else sheet.name for sheet in sheets[:_MOST]
        )
        if len(sheets) > _MOST:
            names += f" … (+{len(sheets) - _MOST})"
        yield Sentence(weight, TEXTS.told(f"sheets_{state.value}", names=names))
    lines = {sheet.header_line for sheet in reading.sheets if sheet.header_line} or {reading.header_line}
    if lines != {1}:
        yield Sentence(Weight.NOTE, TEXTS.told("header_line", line=", ".join(str(line) for line in sorted(lines))))


def _columns(reading: Reading) -> Iterator[Sentence]:
    for column in reading.columns:
        if column.how is How.GUESSED:
            yield _sentence("guessed", Weight.NOTE, column.meaning, header=column.header, word=column.word)
        if column.others:
            others = ", ".join(column.others[:_MOST])
            yield _sentence("other_columns", Weight.BEARS, column.meaning, header=column.header, others=others)


def _sentence(key: str, weight: Weight, column: str, **values: str) -> Sentence:
    return Sentence(weight, _told(Remark(key, {"column": column, **values})))
