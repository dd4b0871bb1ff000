"""Whether a value is an answer to its question, and the answer as it is kept: check_answer, clean_text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Row
from questionnaires.schema import Question, QuestionType, Text

MAX_CHARACTERS = 20_000
MAX_NAME = 300
"""Characters of what is printed in one line: names, titles, versions, contacts."""
MAX_ROWS = 200
MAX_WHOLE = 10**15
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Whatever ends a line somewhere; kept as a plain line end."""
_QUOTED = 20
"""Characters by which a place in a text is told."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def check_answer(question: Question, value: Any) -> Answer:
    """The answer as it is kept. Raises: InvalidAnswerError, naming the question, the value and what would be right."""
    match question.type:
        case QuestionType.CHOICE:
            return _option(question, value)
        case QuestionType.CHOICES:
            return _options(question, value)
        case QuestionType.NUMBER:
            return _number(question, value)
        case QuestionType.TEXT:
            if not isinstance(value, str):
                remedy = Text(ko="글을 따옴표로 묶어 적으십시오.", en="A text is needed; put it in quotes.")
                raise _refused(question, value, remedy)
            return clean_text(value, question.id)
        case QuestionType.DATE:
            return _day(question, value)
        case QuestionType.GROUP:
            return _rows(question, value)


def clean_text(text: str, where: str, most: int = MAX_CHARACTERS) -> str:
    """NFC, every line end a plain one.

    Raises: InvalidAnswerError for bidirectional overrides, control characters or too many characters.
    """
    turned = _BIDI.search(text)
    if turned:
        raise InvalidAnswerError(
            f"The text holds invisible characters that turn its direction, {_after(text, turned.start()).en}.",
            f"글의 방향을 바꾸는 보이지 않는 문자가 {_after(text, turned.start()).ko} 들어 있습니다.",
            remedy=Text(ko="그 문자를 빼고 다시 입력하십시오.", en="Type it again without them."),
            where=where,
        )
    text = _LINE_ENDS.sub("\n", text)
    at = next((at for at, sign in enumerate(text) if _is_control(sign)), None)
    if at is not None:
        number = f"U+{ord(text[at]):04X}"
        raise InvalidAnswerError(
            f"The text holds a control character ({number}) {_after(text, at).en}.",
            f"제어 문자({number})가 {_after(text, at).ko} 들어 있습니다.",
            remedy=Text(
                ko="그 문자를 지우거나 그 부분을 다시 입력하십시오.",
                en="Delete it there, or type the passage again.",
            ),
            where=where,
        )
    kept = unicodedata.normalize("NFC", text).strip()
    if len(kept) > most:
        start = " ".join(kept[:_QUOTED].split())
        raise InvalidAnswerError(
            f"The text '{start}…' has {len(kept):,} characters; at most {most:,} fit.",
            f"‘{start}…’로 시작하는 글이 {len(kept):,}자입니다. 최대 {most:,}자까지 적을 수 있습니다.",
            remedy=Text(ko="줄이거나 파일로 첨부하십시오.", en="Shorten it or attach a file."),
            where=where,
        )
    return kept


def _after(text: str, at: int) -> Text:
    """Where in a text: by the words before it."""
    before = " ".join(text[max(0, at - _QUOTED) : at].split())
    if not before:
        return Text(ko="맨 앞에", en="at its beginning")
    return Text(ko=f"‘{before}’ 뒤에", en=f"after '{before}'")


def _is_control(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs")


def _option(question: Question, value: Any) -> str:
    values = [option.value for option in question.options]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value not in values:
        raise _refused(
            question,
            value,
            Text(ko=f"{', '.join(values)} 가운데 하나를 적으십시오.", en=f"One of {', '.join(values)} is needed."),
        )
    return str(value)


def _options(question: Question, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _refused(question, value, Text(ko="선택지를 목록으로 적으십시오.", en="A list of options is needed."))
    chosen = {_option(question, one) for one in value}
    if question.none_of_these in chosen and len(chosen) > 1:
        alone = next(option for option in question.options if option.value == question.none_of_these)
        raise _refused(
            question,
            value,
            Text(
                ko=f"‘{alone.label.ko}’ 항목은 다른 선택지와 함께 고를 수 없습니다. 둘 중 하나만 고르십시오.",
                en=f"'{alone.label.en}' stands alone, without other options. Choose one or the other.",
            ),
        )
    return tuple(option.value for option in question.options if option.value in chosen)


def _number(question: Question, value: Any) -> int:
    low = -MAX_WHOLE if question.minimum is None else question.minimum
    high = MAX_WHOLE if question.maximum is None else question.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        remedy = Text(
            ko="정수를 숫자로만 적으십시오. 예: 120000",
            en="A whole number is needed, in digits alone, such as 120000.",
        )
        raise _refused(question, value, remedy)
    if not low <= value <= high:
        remedy = Text(
            ko=f"{low:,}부터 {high:,}까지의 수를 적으십시오.", en=f"A number from {low:,} to {high:,} is needed."
        )
        raise _refused(question, value, remedy)
    return value


def _day(question: Question, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        remedy = Text(ko="2026-11-20 형식으로 날짜를 적으십시오.", en="A day like 2026-11-20 is needed.")
        raise _refused(question, value, remedy) from None


def _rows(question: Question, value: Any) -> tuple[Row, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise _refused(question, value, Text(ko="행을 목록으로 적으십시오.", en="A list of rows is needed."))
    if len(value) > MAX_ROWS:
        remedy = Text(ko=f"{MAX_ROWS}행까지 적을 수 있습니다.", en=f"At most {MAX_ROWS} rows fit.")
        raise _refused(question, f"{len(value)}", remedy)
    columns = {column.id: column for column in question.questions}
    rows = []
    for row in value:
        stray = sorted(set(row) - set(columns))
        if stray:
            names = ", ".join(columns)
            raise _refused(question, ", ".join(stray), Text(ko=f"열은 {names}입니다.", en=f"Columns are {names}."))
        rows.append({name: check_answer(columns[name], row[name]) for name in columns if row.get(name) is not None})
    return tuple(rows)


def _refused(question: Question, value: Any, remedy: Text) -> InvalidAnswerError:
    """The value by the labels of its options, where it is made of them."""
    labels = {option.value: option.label for option in question.options}

    def shown(language: str) -> str:
        parts = value if isinstance(value, list | tuple) else [value]
        text = ", ".join(labels[one][language] if one in labels else str(one) for one in map(str, parts))
        return text if len(text) <= 60 else text[:60] + "…"

    return InvalidAnswerError(
        f"'{shown('en')}' is no answer.", f"‘{shown('ko')}’: 답변이 될 수 없습니다.", remedy=remedy, where=question.id
    )
