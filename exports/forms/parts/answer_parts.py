"""Questions with their answers, and the evidence: parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assessments.model import Answer
from exports.forms.parts.teller import Teller
from exports.forms.tables import Cell, Column, Figure, Part, Several, Table, Unit, Value, columns
from exports.report.answers import AskedQuestion
from questionnaires.schema import Question, QuestionType

_Rows = Iterator[tuple[Cell, ...]]


def answers(teller: Teller) -> Iterator[Part]:
    """Every question of every questionnaire, what was not asked with that it was not."""
    label = teller.label
    value = Column(label("answer"), (label("answer"), teller.word("as_value")))
    for answered in teller.report.answered_questionnaires:
        questions = Table(
            f"{answered.letter} {teller.text(answered.questionnaire.title)}",
            columns(
                label("sheet_number"), label("question"), value, label("sheet_note"), label("status"), teller.key()
            ),
            tuple(
                (
                    question.number,
                    teller.text(question.heading),
                    _answer(teller, answered.questionnaire.id, question),
                    question.note or None,
                    _status(teller, question),
                    f"{answered.questionnaire.id}.{question.question.id}",
                )
                for question in answered.questions()
            ),
        )
        yield from teller.part(f"{label('s_answers')}: {questions.title}", questions)
    rows = Table(
        teller.word("answer_rows"),
        columns(label("sheet_number"), teller.word("row"), teller.word("column"), value, teller.key()),
        tuple(_cells(teller)),
        is_for_reckoning=True,
    )
    yield from teller.part(teller.word("answer_rows"), rows)


def evidence(teller: Teller) -> Iterator[Part]:
    label = teller.label
    files = Table(
        label("s_evidence"),
        columns(
            *(label(key) for key in ("sheet_id", "document", "sheet_file", "size")),
            teller.word("media_type"),
            *(label(key) for key in ("for_what", "dated", "expires")),
            teller.word("in_force"),
            *(label(key) for key in ("committee_mark", "who", "when", "sheet_because", "same_file", "sheet_sha256")),
        ),
        tuple(_files(teller)),
    )
    yield from teller.part(
        label("s_evidence"), files, sentences=(label("evidence_intro" if files.rows else "no_evidence_files"),)
    )


def _answer(teller: Teller, questionnaire: str, question: AskedQuestion) -> Cell:
    """In words, with a number, a day or a yes as such beside them. A kept answer that counts nothing stays what it was."""
    words = teller.answer(question)
    if words is None:
        return None
    response = teller.assessment.responses[questionnaire][question.question.id]
    return Several(words, (words, _value(question.question, response.answer)))


def _value(question: Question, answer: Answer | None) -> Value:
    """What a workbook reckons with. None: the answer is words."""
    match question.type:
        case QuestionType.NUMBER if isinstance(answer, int):
            return answer
        case QuestionType.DECIMAL if answer is not None:
            return Figure(float(str(answer)), Unit.POINTS)
        case QuestionType.DATE if isinstance(answer, date):
            return answer
        case QuestionType.CHOICE if answer in ("yes", "no"):
            return answer == "yes"
        case _:
            return None


def _status(teller: Teller, question: AskedQuestion) -> str:
    label = teller.label
    if question.shown is False:
        return f"{label('hidden')} ({label('kept_answer')})" if question.is_answered else label("hidden")
    if not question.is_answered:
        words = label("open") + (f" ({label('required')})" if question.question.required else "")
        return f"{words}, {label('possibly_hidden')}" if question.shown is None else words
    return label("possibly_hidden") if question.shown is None else teller.word("answered")


def _cells(teller: Teller) -> _Rows:
    """The cells of questions that are answered by rows, each in a line of its own."""
    for answered in teller.report.answered_questionnaires:
        for question in answered.questions():
            response = teller.assessment.responses.get(answered.questionnaire.id, {}).get(question.question.id)
            rows = response.answer if response and question.rows else ()
            by_text = {column.text: column for column in question.question.questions}
            for number, (cells, row) in enumerate(zip(question.rows, _rows_of(rows), strict=True), 1):
                for cell in cells:
                    column = by_text[cell.column]
                    words = teller.passages(cell.passages)
                    value = _value(column, row.get(column.id))
                    place = f"{answered.questionnaire.id}.{question.question.id}.{column.id}"
                    yield question.number, number, teller.text(cell.column), Several(words, (words, value)), place


def _rows_of(answer: object) -> list[dict[str, Answer]]:
    return [dict(row) for row in answer if isinstance(row, dict)] if isinstance(answer, tuple) else []


def _files(teller: Teller) -> _Rows:
    report = teller.report
    for row in report.evidence:
        evidence, review = row.evidence, row.review
        yield (
            evidence.id,
            evidence.title,
            evidence.file_name,
            Figure(evidence.size, Unit.BYTES),
            evidence.media_type,
            _purpose(teller, evidence.part, evidence.question),
            evidence.on,
            evidence.expires_on,
            report.is_in_force(evidence),
            teller.label(f"mark_{row.mark}"),
            review.by.name if review else None,
            review.at if review else None,
            review.reason or None if review else None,
            row.same_file,
            evidence.sha256,
        )


def _purpose(teller: Teller, part: str, question: str) -> str:
    """The part of the claim and the question that it supports, else the whole."""
    places = [f"claim.{part}"] if part else []
    places += [question] if question else []
    named = [" ".join(filter(None, (number, teller.text(title)))) for number, title in map(teller.report.place, places)]
    return "; ".join(named) or teller.label("for_whole")
