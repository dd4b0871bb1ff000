"""Validates answers and texts and brings them into stored form: check_answer, clean_text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Answers, Row
from assessments.rules import second_scale
from questionnaires import decimals, reading
from questionnaires.schema import Question, Questionnaire, QuestionType, Text
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MAX_CHARACTERS = 20_000
MAX_NAME = 300
"""Most characters of a text printed on one line: names, titles, versions, contacts."""
MAX_ROWS = 200
MAX_WHOLE = 10**15
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Every kind of line break; stored as a line feed."""
_QUOTED = 20
"""How many characters are quoted to locate a place in a text."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def check_answer(question: Question, value: Any) -> Answer:
    """The answer in stored form. Raises: InvalidAnswerError, naming the question, the value and what is expected."""
    match question.type:
        case QuestionType.CHOICE:
            return _option(question, value)
        case QuestionType.CHOICES:
            return _options(question, value)
        case QuestionType.NUMBER:
            return _number(question, value)
        case QuestionType.DECIMAL:
            return _decimal(question, value)
        case QuestionType.TEXT:
            if not isinstance(value, str):
                raise _refused(question, value, "text_needed")
            return clean_text(value, question.id)
        case QuestionType.DATE:
            return _day(question, value)
        case QuestionType.GROUP:
            return _rows(question, value)


def check_scale(questionnaire: Questionnaire, answers: Answers) -> None:
    """Raises: InvalidAnswerError, the first of scale_errors."""
    for error in scale_errors(questionnaire, answers):
        raise error


def scale_errors(questionnaire: Questionnaire, answers: Answers) -> Iterator[InvalidAnswerError]:
    """Of a second scale: each item of which mitigation takes away more points than there are, where that is answered."""
    for item in second_scale.excessive(questionnaire, answers):
        inherent, mitigation = answers[item.inherent], answers[item.mitigation]
        yield InvalidAnswerError(
            TEXTS.told("mitigation_above", item=item.title, inherent=inherent, mitigation=mitigation),
            where=item.mitigation,
        )


def clean_text(text: str, where: str, most: int = MAX_CHARACTERS) -> str:
    """The text in NFC, stripped, with line feeds as line ends. where: the field, for the error; most: in characters.

    Raises: InvalidAnswerError for bidirectional overrides, control characters or an overlong text.
    """
    turned = _BIDI.search(text)
    if turned:
        raise InvalidAnswerError(TEXTS.told("turning_signs", after=_after(text, turned.start())), where=where)
    text = _LINE_ENDS.sub("\n", text)
    at = next((at for at, character in enumerate(text) if _is_control(character)), None)
    if at is not None:
        number = f"U+{ord(text[at]):04X}"
        raise InvalidAnswerError(TEXTS.told("control_sign", sign=number, after=_after(text, at)), where=where)
    cleaned = unicodedata.normalize("NFC", text).strip()
    if len(cleaned) > most:
        start = " ".join(cleaned[:_QUOTED].split())
        raise InvalidAnswerError(TEXTS.told("text_too_long", start=start, length=len(cleaned), most=most), where=where)
    return cleaned


def _after(text: str, at: int) -> Text:
    """The words before a position, to locate it for the reader."""
    before = " ".join(text[max(0, at - _QUOTED) : at].split())
    if not before:
        return TEXTS.text("at_beginning")
    return TEXTS.text("after", before=before)


def _is_control(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")


def _option(question: Question, value: Any) -> str:
    values = [option.value for option in question.options]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value not in values:
        raise _refused(question, value, "option_needed", options=", ".join(values))
    return str(value)


def _options(question: Question, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _refused(question, value, "options_needed")
    chosen = {_option(question, chosen_value) for chosen_value in value}
    if question.none_of_these in chosen and len(chosen) > 1:
        alone = next(option for option in question.options if option.value == question.none_of_these)
        raise _refused(question, value, "option_alone", option=alone.label)
    return tuple(option.value for option in question.options if option.value in chosen)


def _number(question: Question, value: Any) -> int:
    low = -MAX_WHOLE if question.minimum is None else question.minimum
    high = MAX_WHOLE if question.maximum is None else question.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused(question, value, "whole_needed")
    if not low <= value <= high:
        raise _refused(question, value, "between", low=low, high=high)
    return value


def _decimal(question: Question, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _refused(question, value, "decimal_needed")
    try:
        text = reading.one_decimal(str(value))
    except reading.UnreadableError:
        raise _refused(question, value, "decimal_needed") from None
    low, high = question.minimum or 0, MAX_WHOLE if question.maximum is None else question.maximum
    if not low * decimals.TENTHS <= decimals.tenths(text) <= high * decimals.TENTHS:
        raise _refused(question, value, "between", low=low, high=high)
    return text


def _day(question: Question, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise _refused(question, value, "day_needed") from None


def _rows(question: Question, value: Any) -> tuple[Row, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise _refused(question, value, "rows_needed")
    if len(value) > MAX_ROWS:
        raise _refused(question, f"{len(value)}", "rows_at_most", most=MAX_ROWS)
    columns = {column.id: column for column in question.questions}
    rows = []
    for row in value:
        stray = sorted(set(row) - set(columns))
        if stray:
            names = ", ".join(columns)
            raise _refused(question, ", ".join(stray), "columns_are", columns=names)
        rows.append({name: check_answer(columns[name], row[name]) for name in columns if row.get(name) is not None})
    return tuple(rows)


def _refused(question: Question, value: Any, needed: str, **values: Any) -> InvalidAnswerError:
    """The error for a value, value_text by its option labels where it has any. needed: text key of what is expected."""
    labels = {option.value: option.label for option in question.options}
    parts = list(map(str, value if isinstance(value, list | tuple) else [value]))

    def value_text(language: str) -> str:
        text = ", ".join(labels[part][language] if part in labels else part for part in parts)
        return text if len(text) <= 60 else text[:60] + "…"

    return InvalidAnswerError(
        TEXTS.told(
            "no_answer", value=Text(ko=value_text("ko"), en=value_text("en")), needed=TEXTS.text(needed, **values)
        ),
        where=question.id,
    )
