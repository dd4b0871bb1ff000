"""Whether a value is an answer to its question, and the answer as it is kept: check_answer, clean_text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.errors import InvalidAnswerError
from assessments.model import Answer, Row
from questionnaires.schema import UNKNOWN, Question, QuestionType

MAX_CHARACTERS = 20_000
MAX_NAME = 300
"""Characters of what is printed in one line: names, titles, versions, contacts."""
MAX_ROWS = 200
MAX_WHOLE = 10**15
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Whatever ends a line somewhere; kept as a plain line end."""
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
                raise _refused(question, value, "a text is needed", "글이 필요합니다")
            return clean_text(value, question.id)
        case QuestionType.DATE:
            return _day(question, value)
        case QuestionType.GROUP:
            return _rows(question, value)


def clean_text(text: str, where: str, most: int = MAX_CHARACTERS) -> str:
    """NFC, every line end a plain one.

    Raises: InvalidAnswerError for bidirectional overrides, control characters or too many characters.
    """
    if _BIDI.search(text):
        raise InvalidAnswerError(
            f"{where}: the text holds invisible characters that turn its direction. Type it again without them.",
            f"{where}: 글의 방향을 바꾸는 보이지 않는 문자가 들어 있습니다. 그 문자를 빼고 다시 입력하십시오.",
        )
    text = _LINE_ENDS.sub("\n", text)
    at = next((at for at, sign in enumerate(text) if _is_control(sign)), None)
    if at is not None:
        number, before = f"U+{ord(text[at]):04X}", " ".join(text[max(0, at - 20) : at].split())
        raise InvalidAnswerError(
            f"{where}: the text holds a control character ({number}) after '{before}'. Delete it there, or type the passage again.",
            f"{where}: '{before}' 뒤에 제어 문자({number})가 들어 있습니다. 그 문자를 지우거나 그 부분을 다시 입력하십시오.",
        )
    kept = unicodedata.normalize("NFC", text).strip()
    if len(kept) > most:
        raise InvalidAnswerError(
            f"{where}: the text has {len(kept):,} characters; at most {most:,} fit. Shorten it or attach a file.",
            f"{where}: 글이 {len(kept):,}자입니다. 최대 {most:,}자까지 적을 수 있습니다. 줄이거나 파일로 첨부하십시오.",
        )
    return kept


def _is_control(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs")


def _option(question: Question, value: Any) -> str:
    values = [option.value for option in question.options]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value not in values:
        raise _refused(
            question, value, f"one of {', '.join(values)} is needed", f"다음 중 하나여야 합니다: {', '.join(values)}"
        )
    return str(value)


def _options(question: Question, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _refused(question, value, "a list of options is needed", "선택지 목록이 필요합니다")
    chosen = {_option(question, one) for one in value}
    alone = chosen & {question.none_of_these, UNKNOWN}
    if question.none_of_these in chosen and len(chosen) > 1:
        raise _refused(
            question,
            value,
            f"'{next(iter(alone))}' stands alone, without other options",
            f"'{question.none_of_these}'은(는) 다른 선택지와 함께 고를 수 없습니다",
        )
    return tuple(option.value for option in question.options if option.value in chosen)


def _number(question: Question, value: Any) -> int:
    low = -MAX_WHOLE if question.minimum is None else question.minimum
    high = MAX_WHOLE if question.maximum is None else question.maximum
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused(question, value, "a whole number is needed", "정수가 필요합니다")
    if not low <= value <= high:
        raise _refused(
            question, value, f"a number from {low:,} to {high:,} is needed", f"{low:,}부터 {high:,}까지여야 합니다"
        )
    return value


def _day(question: Question, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise _refused(
            question, value, "a day like 2026-11-20 is needed", "2026-11-20 형식의 날짜가 필요합니다"
        ) from None


def _rows(question: Question, value: Any) -> tuple[Row, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise _refused(question, value, "a list of rows is needed", "행의 목록이 필요합니다")
    if len(value) > MAX_ROWS:
        raise _refused(question, f"{len(value)} rows", f"at most {MAX_ROWS} rows fit", f"최대 {MAX_ROWS}행입니다")
    columns = {column.id: column for column in question.questions}
    rows = []
    for row in value:
        stray = sorted(set(row) - set(columns))
        if stray:
            raise _refused(
                question, ", ".join(stray), f"columns are {', '.join(columns)}", f"열은 {', '.join(columns)}입니다"
            )
        rows.append({name: check_answer(columns[name], row[name]) for name in columns if row.get(name) is not None})
    return tuple(rows)


def _refused(question: Question, value: Any, en: str, ko: str) -> InvalidAnswerError:
    shown = str(value)
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    return InvalidAnswerError(
        f"{question.id}: '{shown}' is no answer; {en}.", f"{question.id}: '{shown}'은(는) 답변이 될 수 없습니다. {ko}."
    )
