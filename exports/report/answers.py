"""Questions and answers as the report prints them: AnsweredQuestionnaire. Labels are bilingual; user input is printed as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessments.model import Answer, Assessment, Response
from exports.words import labels
from questionnaires import conditions
from questionnaires.schema import Question, Questionnaire, QuestionType, Section, Text

_LONG = 500
"""Characters somebody wrote in answer to one question."""
_WIDE, _WIDE_SYLLABLE = 84, 2
"""Latin letters that fill two lines of the column, and how many of them a Korean syllable takes."""


@dataclass(frozen=True)
class Passage:
    """One piece of an answer: a bilingual label, or text as the user wrote it."""

    label: Text | None = None
    written: str = ""


@dataclass(frozen=True)
class Cell:
    """One column of one row of a group."""

    column: Text
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class AskedQuestion:
    number: str
    question: Question
    shown: bool | None
    """False: surely not asked. None: an open answer decides."""
    passages: tuple[Passage, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Of a group."""
    note: str

    @property
    def heading(self) -> Text:
        """How the report names it."""
        return self.question.heading or self.question.text

    @property
    def is_answered(self) -> bool:
        return bool(self.passages or self.rows)

    @property
    def is_wide(self) -> bool:
        """Whether it is too long for a column beside the question."""
        return max(_WIDE_SYLLABLE * len(words_of(self, "ko")), len(words_of(self, "en"))) > _WIDE

    @property
    def is_long(self) -> bool:
        """Whether it is too long to be kept together on one page."""
        characters = sum(len(passage.written) for passage in self.passages) + len(self.note)
        return len(self.rows) > 1 or characters > _LONG


@dataclass(frozen=True)
class AskedSection:
    number: str
    section: Section
    questions: tuple[AskedQuestion, ...]

    @property
    def asked_questions(self) -> tuple[AskedQuestion, ...]:
        return tuple(question for question in self.questions if question.shown is not False)

    @property
    def hidden(self) -> tuple[AskedQuestion, ...]:
        return tuple(question for question in self.questions if question.shown is False)

    @property
    def listed_questions(self) -> tuple[AskedQuestion, ...]:
        """Those answered by lists, which are printed as tables."""
        return tuple(question for question in self.asked_questions if question.rows)

    @property
    def plain_questions(self) -> tuple[AskedQuestion, ...]:
        return tuple(question for question in self.asked_questions if not question.rows)


@dataclass(frozen=True)
class AnsweredQuestionnaire:
    """A questionnaire with its answers; the letter prefixes its question numbers."""

    letter: str
    questionnaire: Questionnaire
    sections: tuple[AskedSection, ...]

    @property
    def hidden(self) -> tuple[AskedQuestion, ...]:
        return tuple(question for section in self.sections for question in section.hidden)

    def questions(self) -> Iterator[AskedQuestion]:
        for section in self.sections:
            yield from section.questions


def words_of(question: AskedQuestion, language: str) -> str:
    """The answer in one line."""
    return ", ".join(passage.label[language] if passage.label else passage.written for passage in question.passages)


def answered_questionnaires(
    questionnaires: Mapping[str, Questionnaire], assessment: Assessment
) -> tuple[AnsweredQuestionnaire, ...]:
    """All questionnaires, in the order of the record."""
    return tuple(
        AnsweredQuestionnaire(letter, questionnaire, tuple(_sections(letter, questionnaire, assessment)))
        for letter, questionnaire in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", questionnaires.values(), strict=False)
    )


def passages(question: Question, answer: Answer) -> tuple[Passage, ...]:
    """The answer to one question; empty for a group, whose rows are printed as a table."""
    match question.type:
        case QuestionType.CHOICE:
            return (_chosen(question, str(answer)),)
        case QuestionType.CHOICES:
            return tuple(_chosen(question, str(value)) for value in answer) if isinstance(answer, tuple) else ()
        case QuestionType.NUMBER:
            return (Passage(_number(question, answer)),)
        case QuestionType.DECIMAL:
            return (Passage(_number(question, answer)),)
        case QuestionType.DATE:
            return (Passage(_day(answer)),) if isinstance(answer, date) else ()
        case QuestionType.TEXT:
            return (Passage(written=str(answer)),)
        case QuestionType.GROUP:
            return ()


def _sections(letter: str, questionnaire: Questionnaire, assessment: Assessment) -> Iterator[AskedSection]:
    visible = conditions.visible(questionnaire, assessment.answers(questionnaire.id))
    responses = assessment.responses.get(questionnaire.id, {})
    for number, section in enumerate(questionnaire.sections, 1):
        questions = tuple(
            _question(f"{letter}{number}.{index}", question, visible[question.id], responses.get(question.id))
            for index, question in enumerate(section.questions, 1)
        )
        yield AskedSection(f"{letter}{number}", section, questions)


def _question(number: str, question: Question, shown: bool | None, response: Response | None) -> AskedQuestion:
    answer = response.answer if response else None
    note = response.note if response else ""
    if answer is None:
        return AskedQuestion(number, question, shown, (), (), note)
    rows = tuple(_rows(question, answer))
    return AskedQuestion(number, question, shown, passages(question, answer), rows, note)


def _rows(question: Question, answer: Answer) -> Iterator[tuple[Cell, ...]]:
    for row in answer if isinstance(answer, tuple) else ():
        if isinstance(row, Mapping):
            yield tuple(
                Cell(column.text, passages(column, row[column.id])) for column in question.questions if column.id in row
            )


def _chosen(question: Question, value: str) -> Passage:
    option = question.option(value)
    return Passage(option.label) if option else Passage(written=value)


def _number(question: Question, answer: Answer) -> Text:
    figure = f"{answer:,}" if isinstance(answer, int) else str(answer)
    unit = question.unit
    return Text(ko=f"{figure}{unit.ko}", en=f"{figure} {unit.en}") if unit else Text(ko=figure, en=figure)


def _day(day: date) -> Text:
    return Text(ko=labels.day(day, "ko"), en=labels.day(day, "en"))


def right_name(questionnaire: Questionnaire | None, right: str) -> Text:
    """The guideline's list has it in both languages; another right stays as it was written."""
    titles = (right.title for right in (questionnaire.rights if questionnaire else ()))
    return next((title for title in titles if right in (title.ko, title.en)), Text(ko=right, en=right))
