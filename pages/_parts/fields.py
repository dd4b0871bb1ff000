"""One field for each question type: what the screen draws, what it holds of an answer, how it is read back and shown as text.

A new type of question has its field here: a class, and a line of _FIELDS; a new kind of control is drawn by _field/assets/field.js.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from markupsafe import Markup

from assessments.content.answers import MAX_CHARACTERS, MAX_ROWS, check_answer
from assessments.errors import InvalidAnswerError
from assessments.model import Answer
from pages._field.letter import Raw
from pages._frame import markup
from pages._frame.shared import _
from questionnaires import reading, wording
from questionnaires.schema import UNKNOWN, Question, QuestionType, Text
from questionnaires.texts import Told


class CellsRefusedError(InvalidAnswerError):
    """Some cells of a group cannot be read."""

    def __init__(self, first: Told, cells: Mapping[str, Text]) -> None:
        """cells: `row/column` → what is wrong there."""
        self.cells = cells
        super().__init__(first)


class _Field:
    """Field of a text question; other types override what differs."""

    def spec(self, question: Question, language: str) -> dict[str, Any]:
        return {"kind": "long", "limit": MAX_CHARACTERS}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        return "" if answer is None else str(answer)

    def read(self, question: Question, raw: Raw) -> Any:
        return raw if isinstance(raw, str) and raw.strip() else None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return str(answer)

    def html(self, question: Question, answer: Answer, language: str) -> Markup:
        text = self.text(question, answer, language)
        return markup.free_text(text) if text else markup.NOTHING


class _ChoiceField(_Field):
    def spec(self, question: Question, language: str) -> dict[str, Any]:
        options = [{"value": option.value, "label": option.label[language]} for option in question.options]
        return {"kind": "choice", "options": options}

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return _label(question, str(answer), language)


class _ChoicesField(_ChoiceField):
    """One checkbox per option; "none of these" and "we do not know" stand alone, the last one ticked wins."""

    def spec(self, question: Question, language: str) -> dict[str, Any]:
        values = [option.value for option in question.options]
        alone = [value for value in (question.none_of_these, UNKNOWN) if value in values]
        return super().spec(question, language) | {"kind": "choices", "alone": alone}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        return [str(value) for value in answer] if isinstance(answer, tuple) else []

    def read(self, question: Question, raw: Raw) -> Any:
        return tuple(raw) or None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        chosen = answer if isinstance(answer, tuple) else ()
        return "\n".join(f"· {_label(question, str(value), language)}" for value in chosen)


class _NumberField(_Field):
    def spec(self, question: Question, language: str) -> dict[str, Any]:
        unit = {"unit": question.unit[language]} if question.unit else {}
        return {"kind": "number", "limit": 40, "hint": _("Whole number"), **unit}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        return f"{answer:,}" if isinstance(answer, int) else ""

    def read(self, question: Question, raw: Raw) -> Any:
        units = (question.unit.ko, question.unit.en) if question.unit else ()
        with _unreadable_refused():
            return reading.whole_number(raw, units) if isinstance(raw, str) and raw.strip() else None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return f"{answer:,}" + (f" {question.unit[language]}" if question.unit else "")


class _DecimalField(_NumberField):
    """Up to one decimal place; the answer is the text of the number."""

    def spec(self, question: Question, language: str) -> dict[str, Any]:
        hint = _("Number with at most one decimal place")
        if question.maximum is not None:
            hint = _(
                "From {low} to {high}, with at most one decimal place", low=question.minimum or 0, high=question.maximum
            )
        return super().spec(question, language) | {"hint": hint}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        return answer if isinstance(answer, str) else ""

    def read(self, question: Question, raw: Raw) -> Any:
        units = (question.unit.ko, question.unit.en) if question.unit else ()
        with _unreadable_refused():
            return reading.one_decimal(raw, units) if isinstance(raw, str) and raw.strip() else None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return f"{answer} {question.unit[language]}" if question.unit else str(answer)


class _DayField(_Field):
    def spec(self, question: Question, language: str) -> dict[str, Any]:
        return {"kind": "day", "limit": 40, "hint": _("Day, like 2026-11-20")}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        return answer.isoformat() if isinstance(answer, date) else ""

    def read(self, question: Question, raw: Raw) -> Any:
        return day_of(raw) if isinstance(raw, str) else None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return wording.day(answer, language) if isinstance(answer, date) else str(answer)


class _GroupField(_Field):
    """Repeatable entries, each with the fields of the group's questions."""

    def spec(self, question: Question, language: str) -> dict[str, Any]:
        columns = [
            spec(column, language, shows_label=True) | {"id": column.id, "required": False}
            for column in question.questions
        ]
        return {"kind": "group", "columns": columns, "most": MAX_ROWS}

    def shown(self, question: Question, answer: Answer | None) -> Raw:
        rows = [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, tuple) else []
        return [
            {column.id: shown(column, row[column.id]) for column in question.questions if column.id in row}
            for row in rows
        ]

    def read(self, question: Question, raw: Raw) -> Any:
        rows: list[dict[str, Any]] = []
        cells: dict[str, Text] = {}
        first: InvalidAnswerError | None = None
        for row in (row for row in raw if isinstance(row, Mapping) and any(_is_filled(cell) for cell in row.values())):
            answers: dict[str, Any] = {}
            for column in question.questions:
                try:
                    value = read(column, row.get(column.id) or "")
                    if value is not None:
                        answers[column.id] = check_answer(column, value)
                except InvalidAnswerError as error:
                    cells[f"{len(rows)}/{column.id}"] = error.text
                    first = first or error
            rows.append(answers)
        if first:
            raise CellsRefusedError(Told(first.what, first.remedy), cells)
        return tuple(row for row in rows if row) or None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        rows = answer if isinstance(answer, tuple) else ()
        return "\n".join(_row_text(question, row, language) for row in rows)

    def html(self, question: Question, answer: Answer, language: str) -> Markup:
        rows = answer if isinstance(answer, tuple) else ()
        return markup.joined(markup.definitions(_pairs(question, row, language), "h-values h-entry") for row in rows)


_FIELDS: Mapping[QuestionType, _Field] = {
    QuestionType.CHOICE: _ChoiceField(),
    QuestionType.CHOICES: _ChoicesField(),
    QuestionType.NUMBER: _NumberField(),
    QuestionType.DECIMAL: _DecimalField(),
    QuestionType.TEXT: _Field(),
    QuestionType.DATE: _DayField(),
    QuestionType.GROUP: _GroupField(),
}


def spec(question: Question, language: str, *, shows_label: bool = False) -> dict[str, Any]:
    """How field.js draws it. Its label is heard by screen readers and seen only where shows_label says so."""
    return _FIELDS[question.type].spec(question, language) | {
        "label": question.text[language],
        "hidesLabel": not shows_label,
        "required": question.required,
    }


def shown(question: Question, answer: Answer | None) -> Raw:
    """An answer as its field holds it."""
    return _FIELDS[question.type].shown(question, answer)


def read(question: Question, raw: Raw) -> Any:
    """The answer that a field's words mean, not yet checked. None: it is empty. Raises: InvalidAnswerError."""
    return _FIELDS[question.type].read(question, raw)


def text_of(question: Question, answer: Answer | None, language: str) -> str:
    """An answer as display text; empty if there is none."""
    return "" if answer is None else _FIELDS[question.type].text(question, answer, language)


def html_of(question: Question, answer: Answer | None, language: str) -> Markup:
    """An answer as HTML, with entries as separate lists; empty if there is none."""
    return markup.NOTHING if answer is None else _FIELDS[question.type].html(question, answer, language)


def day_of(text: str | None) -> date | None:
    """Parse the day in a field. None: it is empty. Raises: InvalidAnswerError."""
    with _unreadable_refused():
        return reading.day(text) if text and text.strip() else None


@contextmanager
def _unreadable_refused() -> Iterator[None]:
    try:
        yield
    except reading.UnreadableError as error:
        raise InvalidAnswerError(Told(error.message.what, error.message.remedy)) from None


def _is_filled(cell: object) -> bool:
    return bool(cell.strip() if isinstance(cell, str) else cell)


def _label(question: Question, value: str, language: str) -> str:
    option = question.option(value)
    return option.label[language] if option else value


def _pairs(question: Question, row: Any, language: str) -> list[tuple[str, Markup]]:
    pairs = ((column.text[language], text_of(column, row.get(column.id), language)) for column in question.questions)
    return [(name, markup.free_text(text)) for name, text in pairs if text]


def _row_text(question: Question, row: Any, language: str) -> str:
    cells = (
        f"{column.text[language]}: {text_of(column, row.get(column.id), language)}" for column in question.questions
    )
    return "· " + " / ".join(cells)
