"""The behaviour of each question type, defined once for all modules: of_type, to_json, from_json.

A new type is a word of `QuestionType` and a class here. How its answer is checked stands in `assessments.content.answers`,
how it is printed in `exports.report.answers`, how it is asked on a screen in `pages._parts.fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any, ClassVar

from questionnaires import decimals
from questionnaires.conditions import Answer, Row
from questionnaires.schema import UNKNOWN, Question, QuestionType

_MAX_SUBSETS = 3
"""Most options of a `choices` that are tried in combination."""

Steps = tuple[str | int, ...]
"""Path to a part of an answer's JSON; empty: the answer itself."""


class AnswerType:
    """One question type; the defaults here are those of a text."""

    has_options: ClassVar[bool] = False
    has_rows: ClassVar[bool] = False
    has_bands: ClassVar[bool] = False
    """Whether points are given by numeric bands."""
    compared_as: ClassVar[type[int] | type[date] | None] = None
    """Kind of value that conditions compare. None: not comparable."""
    is_decimal: ClassVar[bool] = False
    """Whether it is the text of a number with at most one decimal place."""
    is_prose: ClassVar[bool] = False
    """Whether it is free text: no rule reads it, and no part of the claim can rest on it alone."""

    is_figure: ClassVar[bool] = False
    """Whether its answer is a number or a day, which says something without the question's options."""

    @property
    def is_scored(self) -> bool:
        """Whether it can give points."""
        return self.has_options or self.has_bands

    def from_json(self, question: Question, value: Any) -> Answer:
        """Parses what `to_json` wrote, without validating the answer. Raises: ValueError if it is not of this type."""
        if isinstance(value, str):
            return value
        raise _no_answer(value)

    def points(self, question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
        """Minimum and maximum points of this answer, or of any completion of an open one."""
        return 0, 0

    def extremes(self, question: Question) -> tuple[Answer, Answer]:
        """An answer with the fewest and one with the most points; for scored questions."""
        ladder = question.ladder
        return min(ladder, key=lambda value: ladder[value]), max(ladder, key=lambda value: ladder[value])

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        """Answers that can make a difference to a condition. edges: numbers at which a condition on this question may change."""
        yield "x"

    def prose(self, question: Question, written: Any) -> Iterator[tuple[str, Steps]]:
        """The free-text parts of an answer's JSON: suffix of the path (empty, or `.row`), and location in the JSON."""
        return iter(())

    def hint(self, question: Question, need: str) -> str:
        """The comment above the question in an assessment file. need: empty, or a note that it is required."""
        unit = f" {question.unit.en}" if question.unit else ""
        return f"{question.type}{unit}{need}"


class _Choice(AnswerType):
    """The value of one option."""

    has_options = True

    def points(self, question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
        if is_open:
            return question.minimum_points, question.maximum_points
        sure = question.ladder.get(str(answer), 0)
        return sure, sure

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        yield from _decided(question)

    def hint(self, question: Question, need: str) -> str:
        return _options_of(question, f"one of{need}")


class _Choices(AnswerType):
    """The values of several options, in order."""

    has_options = True

    def from_json(self, question: Question, value: Any) -> Answer:
        if isinstance(value, list) and all(isinstance(chosen, str) for chosen in value):
            return tuple(value)
        raise _no_answer(value)

    def points(self, question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
        chosen = answer if isinstance(answer, tuple) else ()
        sure = min(question.maximum_points, sum([question.ladder.get(str(value), 0) for value in chosen]))
        return sure, question.maximum_points if is_open or UNKNOWN in chosen else sure

    def extremes(self, question: Question) -> tuple[Answer, Answer]:
        ladder = question.ladder
        scored = tuple(value for value, points in ladder.items() if points)
        none = question.none_of_these or next((value for value, points in ladder.items() if not points), "")
        return (none,) if none else (), scored

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        options = _decided(question)
        for size in range(1, min(len(options), _MAX_SUBSETS) + 1):
            yield from (some for some in combinations(options, size) if size == 1 or question.none_of_these not in some)

    def hint(self, question: Question, need: str) -> str:
        return _options_of(question, f"a list of{need}")


class _Number(AnswerType):
    """A whole number."""

    has_bands = True
    is_figure = True
    compared_as = int

    def from_json(self, question: Question, value: Any) -> Answer:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _no_answer(value)

    def points(self, question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
        if is_open:
            return question.minimum_points, question.maximum_points
        for band in reversed(question.bands):
            if isinstance(answer, int) and answer >= band.at_least:
                return band.points, band.points
        return 0, 0

    def extremes(self, question: Question) -> tuple[Answer, Answer]:
        least, most = super().extremes(question)
        return int(str(least)), int(str(most))

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        turning = {*edges, *(band.at_least for band in question.bands)}
        low, high = question.minimum, question.maximum
        for number in sorted({edge - 1 for edge in turning} | turning | {0 if low is None else low}):
            if (low is None or number >= low) and (high is None or number <= high):
                yield number


class _Decimal(AnswerType):
    """A number of 0 or more with at most one decimal place, held as the text of it, so that it is exact everywhere."""

    is_decimal = True
    is_figure = True

    def from_json(self, question: Question, value: Any) -> Answer:
        if isinstance(value, str) and decimals.is_written(value):
            return value
        raise _no_answer(value)

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        yield str(question.minimum or 0)

    def hint(self, question: Question, need: str) -> str:
        unit = f" {question.unit.en}" if question.unit else ""
        bounds = f" {question.minimum or 0} to {question.maximum}" if question.maximum is not None else ""
        return f"{question.type}{bounds}{unit}{need}"


class _Written(AnswerType):
    """Free text."""

    is_prose = True

    def prose(self, question: Question, written: Any) -> Iterator[tuple[str, Steps]]:
        yield "", ()


class _Day(AnswerType):
    """A calendar day; in JSON as 2026-11-20."""

    is_figure = True
    compared_as = date

    def from_json(self, question: Question, value: Any) -> Answer:
        match value:
            case str(day) | {"day": str(day)}:  # as it stands in rows and in the history from before 0.3
                return date.fromisoformat(day)
        raise _no_answer(value)


class _Group(AnswerType):
    """Rows of answers to the group's questions; unanswered ones are left out."""

    has_rows = True
    is_prose = True

    def from_json(self, question: Question, value: Any) -> Answer:
        if not isinstance(value, list) or not all(isinstance(cells, Mapping) for cells in value):
            raise _no_answer(value)
        columns = {column.id: column for column in question.questions}
        if any(name not in columns for cells in value for name in cells):
            raise _no_answer(value)
        return tuple(_row(columns, cells) for cells in value)

    def prose(self, question: Question, written: Any) -> Iterator[tuple[str, Steps]]:
        for place, cells in enumerate(written if isinstance(written, list) else ()):
            for column in question.questions:
                if column.id in cells:
                    for _, steps in of_type(column).prose(column, cells[column.id]):
                        yield f".{place + 1}", (place, column.id, *steps)

    def hint(self, question: Question, need: str) -> str:
        return f"rows{need} of " + ", ".join(column.id for column in question.questions)


_TYPES: Mapping[QuestionType, AnswerType] = {
    QuestionType.CHOICE: _Choice(),
    QuestionType.CHOICES: _Choices(),
    QuestionType.NUMBER: _Number(),
    QuestionType.DECIMAL: _Decimal(),
    QuestionType.TEXT: _Written(),
    QuestionType.DATE: _Day(),
    QuestionType.GROUP: _Group(),
}


def of_type(question: Question) -> AnswerType:
    """The behaviour of this question's type."""
    return _TYPES[question.type]


def to_json(answer: Answer | None) -> Any:
    """An answer as JSON, the same in records, files, database rows and the history. None: no answer."""
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, tuple):
        return [
            value if isinstance(value, str) else {name: to_json(cell) for name, cell in value.items()}
            for value in answer
        ]
    return answer


def from_json(question: Question | None, value: Any) -> Answer | None:
    """Parses what `to_json` wrote for a stored, validated answer. Raises: ValueError if it is not an answer.

    question None: its edition is unavailable; a day may then remain ISO text.
    """
    if value is None:
        return None
    return _by_shape(value) if question is None else of_type(question).from_json(question, value)


def _row(columns: Mapping[str, Question], cells: Mapping[str, Any]) -> Row:
    answers = {name: from_json(columns[name], cell) for name, cell in cells.items()}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _by_shape(value: Any) -> Answer:
    match value:
        case bool():
            raise _no_answer(value)
        case str() | int():
            return value
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case list() if all(isinstance(chosen, str) for chosen in value):
            return tuple(value)
        case list() if all(isinstance(cells, Mapping) for cells in value):
            return tuple({name: _by_shape(cell) for name, cell in cells.items() if cell is not None} for cells in value)
    raise _no_answer(value)


def _decided(question: Question) -> list[str]:
    """The options that decide something, without `unknown`."""
    return [option.value for option in question.options if option.value != UNKNOWN]


def _options_of(question: Question, kind: str) -> str:
    return f"{kind}: " + "; ".join(f"{option.value} = {option.label.ko}" for option in question.options)


def _no_answer(value: Any) -> ValueError:
    return ValueError(f"{value!r} is no answer")
