"""What holds for each type of question, once for every other module: of_type, to_json, from_json.

A new type is a word of `QuestionType` and a class here. How its answer is checked stands in `assessments.content.answers`,
how it is printed in `exports.report.answers`, how it is asked on a screen in `pages._parts.fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any, ClassVar

from questionnaires.conditions import Answer, Row
from questionnaires.schema import UNKNOWN, Question, QuestionType

_MAX_SUBSETS = 3
"""Of several options at most so many are tried together."""

Steps = tuple[str | int, ...]
"""The way to a part of an answer's JSON; empty: the answer itself."""


class AnswerType:
    """One type of question; what is written here holds for a text."""

    has_options: ClassVar[bool] = False
    has_rows: ClassVar[bool] = False
    has_bands: ClassVar[bool] = False
    """Points are given by bands of a number."""
    compared_as: ClassVar[type[int] | type[date] | None] = None
    """What conditions compare. None: nothing can be greater."""
    is_prose: ClassVar[bool] = False
    """In the author's own words: no rule reads it, and no part of the claim can rest on it alone."""

    @property
    def is_scored(self) -> bool:
        """Whether points can be given for it."""
        return self.has_options or self.has_bands

    def from_json(self, question: Question, value: Any) -> Answer:
        """The answer that `to_json` wrote; nothing in it is judged. Raises: ValueError where it is none of this type."""
        if isinstance(value, str):
            return value
        raise _no_answer(value)

    def points(self, question: Question, answer: Answer | None, is_open: bool) -> tuple[int, int]:
        """Fewest and most points that this answer, or a completion of it, can give."""
        return 0, 0

    def extremes(self, question: Question) -> tuple[Answer, Answer]:
        """An answer with the fewest and one with the most points, of a question that is scored."""
        ladder = question.ladder
        return min(ladder, key=lambda value: ladder[value]), max(ladder, key=lambda value: ladder[value])

    def telling_answers(self, question: Question, edges: Iterable[int]) -> Iterator[Answer]:
        """Answers that make a difference to some condition. edges: numbers at which one on this question may turn."""
        yield "x"

    def prose(self, question: Question, written: Any) -> Iterator[tuple[str, Steps]]:
        """What of an answer's JSON was written freely: what is added to its path (empty, or `.row`), and where it stands."""
        return iter(())

    def hint(self, question: Question, need: str) -> str:
        """What an assessment file says above the question. need: empty, or that it is required."""
        unit = f" {question.unit.en}" if question.unit else ""
        return f"{question.type}{unit}{need}"


class _Choice(AnswerType):
    """One option's value."""

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
    """The values of some options, in their order."""

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


class _Written(AnswerType):
    """Text as somebody wrote it."""

    is_prose = True

    def prose(self, question: Question, written: Any) -> Iterator[tuple[str, Steps]]:
        yield "", ()


class _Day(AnswerType):
    """A day of the calendar; in JSON as 2026-11-20."""

    compared_as = date

    def from_json(self, question: Question, value: Any) -> Answer:
        match value:
            case str(day) | {"day": str(day)}:  # as it stands in rows and in the history from before 0.3
                return date.fromisoformat(day)
        raise _no_answer(value)


class _Group(AnswerType):
    """Rows of answers, one for each of its questions that was answered."""

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
    QuestionType.TEXT: _Written(),
    QuestionType.DATE: _Day(),
    QuestionType.GROUP: _Group(),
}


def of_type(question: Question) -> AnswerType:
    """What holds for the type of this question."""
    return _TYPES[question.type]


def to_json(answer: Answer | None) -> Any:
    """An answer as plain JSON, the same in records, files, rows and the history. None: no answer."""
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, tuple):
        return [
            value if isinstance(value, str) else {name: to_json(cell) for name, cell in value.items()}
            for value in answer
        ]
    return answer


def from_json(question: Question | None, value: Any) -> Answer | None:
    """What `to_json` wrote of an answer that was checked before it was kept. Raises: ValueError where it is none.

    question None: its edition is not at hand; then a day may stay the text that stands for it.
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
    """Options that decide something."""
    return [option.value for option in question.options if option.value != UNKNOWN]


def _options_of(question: Question, kind: str) -> str:
    return f"{kind}: " + "; ".join(f"{option.value} = {option.label.ko}" for option in question.options)


def _no_answer(value: Any) -> ValueError:
    return ValueError(f"{value!r} is no answer")
