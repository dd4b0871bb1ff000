"""What every part of a record's tables needs: Teller, with the report, one language and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from assessments.derived import Determination, Range
from assessments.model import Decision, SignOff
from exports.forms.tables import TEXTS, Cell, Column, Part, Several, Table, Value, columns
from exports.record.record import Record
from exports.report import charts
from exports.report.answers import AskedQuestion, Passage
from exports.report.report import Report
from questionnaires.schema import Questionnaire, Text

__all__ = ["Teller"]


class Teller:
    """One record in one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report, self.language = report, language
        self.assessment = report.assessment
        self.findings = report.findings

    def label(self, key: str) -> str:
        """A word of the report."""
        return self.report.t(key)[self.language]

    def word(self, key: str) -> str:
        """A word that only these tables need."""
        return TEXTS[key][self.language]

    def text(self, text: Text | None) -> str:
        return text[self.language] if text else ""

    def title_of(self, source: str, questionnaire: Questionnaire | None) -> str:
        """Of a source: its number in the list of sources and its title."""
        cited = self.report.cite(source, questionnaire or self.report.domain)
        return f"[{cited.number}] {cited.source.title[self.language]}"

    def outcome(self, determination: Determination) -> str:
        outcome = self.label(f"outcome_{determination.outcome.value}")
        return f"{outcome} ({self.label('contested')})" if determination.contested else outcome

    def span(self, title: str) -> Column:
        """A figure that can be a range: the lowest and the highest that it can be."""
        return Column(title, (f"{title} ({self.word('lowest')})", f"{title} ({self.word('highest')})"))

    def answer(self, question: AskedQuestion) -> str | None:
        """An answer in words, each row of a group in a line. None: there is none."""
        rows = [
            "; ".join(f"{self.text(cell.column)}: {self.passages(cell.passages)}" for cell in row)
            for row in question.rows
        ]
        return "\n".join(rows) or self.passages(question.passages) or None

    def passages(self, passages: Iterable[Passage]) -> str:
        return ", ".join(self.text(passage.label) if passage.label else passage.written for passage in passages)

    def key(self) -> Column:
        """Of names by which programs find what the row is of."""
        return Column(self.label("sheet_id"), is_key=True)

    def when(self, act: Decision | SignOff | Record) -> date | datetime | None:
        return act.at or act.on

    def facts(self, title: str, rows: Iterable[tuple[str, Cell]]) -> Table:
        """Names and values; what has no value is left out."""
        stated = tuple((name, value) for name, value in rows if value not in (None, ""))
        return Table(title, columns(self.label("sheet_what"), self.label("sheet_value")), stated, is_of_facts=True)

    def part(self, title: str, *tables: Table, sentences: Iterable[str] = ()) -> Iterator[Part]:
        """The part, where it says anything: tables without rows are left out."""
        filled = tuple(table for table in tables if table.rows)
        spoken = tuple(sentence for sentence in sentences if sentence)
        if filled or spoken:
            yield Part(title, spoken, filled)


def spanned(figures: Range) -> Several:
    """`52`, or `52–61` where something is open."""
    return Several(charts.figure(figures), (figures.low, figures.high))


def one_or_span(figures: Range) -> Value:
    """Of a fact: a number, or both ends as text."""
    return figures.low if figures.low == figures.high else charts.figure(figures)
