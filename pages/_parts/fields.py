"""One field for each type of question: draw, fill it with an answer, read its value, say an answer as text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st
from markupsafe import Markup

from assessments.content.answers import MAX_CHARACTERS, MAX_ROWS
from assessments.errors import InvalidAnswerError
from assessments.model import Answer
from pages._frame import markup, shared
from pages._frame.shared import _
from questionnaires import wording
from questionnaires.schema import UNKNOWN, Question, QuestionType
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


Saving = Callable[..., None]
_WHOLE = re.compile("[+-]?([0-9]{1,18}|[0-9]{1,3}(,[0-9]{3}){1,5})")


def draw(
    question: Question, key: str, save: Saving, args: tuple[Any, ...], language: str, *, show_label: bool = False
) -> None:
    """The field; its label is heard by screen readers and seen only where show_label says so. Changes call save(*args)."""
    common: dict[str, Any] = {
        "label_visibility": "visible" if show_label else "collapsed",
        "on_change": save,
        "args": args,
    }
    label = shared.plain(question.text[language]) if show_label else question.text[language]
    unit = f" ({question.unit[language]})" if question.unit else ""
    match question.type:
        case QuestionType.CHOICE:
            texts = {option.value: shared.plain(option.label[language]) for option in question.options}
            st.radio(label, list(texts), index=None, format_func=texts.__getitem__, key=key, **common)
        case QuestionType.CHOICES:
            _boxes(question, key, save, args, language, show_label=show_label)
        case QuestionType.NUMBER:
            common["label_visibility"] = "visible"
            st.text_input((label if show_label else _("Whole number")) + unit, key=key, max_chars=40, **common)
        case QuestionType.TEXT:
            st.text_area(label, key=key, max_chars=MAX_CHARACTERS, height="content", **common)
        case QuestionType.DATE:
            common["label_visibility"] = "visible"
            st.text_input(
                label if show_label else _("Day, like 2026-11-20"),
                key=key,
                placeholder="2026-11-20",
                max_chars=10,
                **common,
            )
        case QuestionType.GROUP:
            _rows(question, key, save, args, language)


def fill(question: Question, key: str, answer: Answer | None) -> None:
    """Puts an answer into the field before it is drawn."""
    match question.type:
        case QuestionType.CHOICES:
            chosen = answer if isinstance(answer, tuple) else ()
            for option in question.options:
                st.session_state[f"{key}-{option.value}"] = option.value in chosen
        case QuestionType.GROUP:
            rows = answer if isinstance(answer, tuple) else ()
            st.session_state[f"{key}-rows"] = list(range(len(rows)))
            for place, row in enumerate(rows):
                for column in question.questions:
                    fill(column, f"{key}-{place}-{column.id}", row.get(column.id) if isinstance(row, Mapping) else None)
        case QuestionType.TEXT | QuestionType.DATE | QuestionType.NUMBER:
            st.session_state[key] = "" if answer is None else str(answer)
        case _:
            st.session_state[key] = answer


def day_of(text: str | None) -> date | None:
    """The day in a field; None where it is empty. Raises: InvalidAnswerError."""
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        raise InvalidAnswerError(TEXTS.told("no_day", text=text)) from None


def is_drawn(question: Question, key: str) -> bool:
    """Whether the field is on this screen already and holds what its reader put there."""
    match question.type:
        case QuestionType.CHOICES:
            return f"{key}-{question.options[0].value}" in st.session_state
        case QuestionType.GROUP:
            first = question.questions[0]
            rows = st.session_state.get(f"{key}-rows")
            return rows is not None and all(is_drawn(first, f"{key}-{place}-{first.id}") for place in rows)
        case _:
            return key in st.session_state


def value(question: Question, key: str) -> Any:
    """What the field holds; None where it is empty."""
    match question.type:
        case QuestionType.CHOICES:
            return tuple(one.value for one in question.options if st.session_state.get(f"{key}-{one.value}")) or None
        case QuestionType.GROUP:
            rows = [
                {
                    column.id: given
                    for column in question.questions
                    if (given := value(column, f"{key}-{place}-{column.id}")) is not None
                }
                for place in st.session_state.get(f"{key}-rows", [])
            ]
            return tuple(row for row in rows if row) or None
        case QuestionType.NUMBER:
            text = str(st.session_state.get(key) or "").strip()
            return number_of(text) if text else None
        case _:
            given = st.session_state.get(key)
            return None if given == "" else given


def number_of(text: str) -> int | str:
    """The whole number that is written, with or without thousands' commas; any other text as it is, to be refused in words."""
    plain = unicodedata.normalize("NFKC", text)
    return int(plain.replace(",", "")) if _WHOLE.fullmatch(plain) else text


def make_exclusive(question: Question, key: str, changed: str) -> None:
    """Of several boxes: "none of these" and "we do not know" stand alone, whichever was ticked last."""
    if question.type is not QuestionType.CHOICES or not changed or not st.session_state.get(f"{key}-{changed}"):
        return
    alone = {question.none_of_these, UNKNOWN}
    for option in question.options:
        if option.value != changed and (changed in alone or option.value in alone):
            st.session_state[f"{key}-{option.value}"] = False


def text_of(question: Question, answer: Answer | None, language: str) -> str:
    """An answer as it is read; empty where there is none."""
    if answer is None:
        return ""
    labels = {option.value: option.label[language] for option in question.options}
    match question.type:
        case QuestionType.CHOICE:
            return labels.get(str(answer), str(answer))
        case QuestionType.CHOICES:
            return (
                "\n".join(f"· {labels.get(str(one), str(one))}" for one in answer) if isinstance(answer, tuple) else ""
            )
        case QuestionType.NUMBER:
            return f"{answer:,}" + (f" {question.unit[language]}" if question.unit else "")
        case QuestionType.DATE:
            return wording.day(answer, language) if isinstance(answer, date) else str(answer)
        case QuestionType.GROUP:
            return "\n".join(_row_text(question, row, language) for row in answer) if isinstance(answer, tuple) else ""
        case _:
            return str(answer)


def html_of(question: Question, answer: Answer | None, language: str) -> Markup:
    """An answer as it is read, entries as lists of their own; empty where there is none."""
    if question.type is not QuestionType.GROUP or not isinstance(answer, tuple):
        text = text_of(question, answer, language)
        return markup.written(text) if text else markup.NOTHING
    return markup.joined(markup.definitions(_pairs(question, row, language), "h-values h-entry") for row in answer)


def _pairs(question: Question, row: Any, language: str) -> list[tuple[str, Markup]]:
    pairs = ((column.text[language], text_of(column, row.get(column.id), language)) for column in question.questions)
    return [(name, markup.written(text)) for name, text in pairs if text]


def _row_text(question: Question, row: Any, language: str) -> str:
    cells = (
        f"{column.text[language]}: {text_of(column, row.get(column.id), language)}" for column in question.questions
    )
    return "· " + " / ".join(cells)


def _boxes(
    question: Question, key: str, save: Saving, args: tuple[Any, ...], language: str, *, show_label: bool
) -> None:
    if show_label:
        markup.show(markup.quiet(question.text[language]))
    with st.container(key=f"{key}-boxes", gap="xsmall"):
        for option in question.options:
            st.checkbox(
                shared.plain(option.label[language]),
                key=f"{key}-{option.value}",
                on_change=save,
                args=(*args, option.value),
            )


def _rows(question: Question, key: str, save: Saving, args: tuple[Any, ...], language: str) -> None:
    rows = st.session_state.get(f"{key}-rows", [])
    for number, place in enumerate(rows, 1):
        with st.container(border=True, key=f"{key}-row{place}"):
            markup.show(markup.quiet(_("Entry {number}", number=number)))
            for column in question.questions:
                draw(column, f"{key}-{place}-{column.id}", save, args, language, show_label=True)
            st.button(
                _("Remove this entry"),
                key=f"{key}-remove{place}",
                type="tertiary",
                on_click=_remove,
                args=(key, place, save, args),
            )
    if len(rows) < MAX_ROWS:
        st.button(_("Add an entry"), key=f"{key}-add", icon=":material/add:", on_click=_add, args=(question, key))


def _add(question: Question, key: str) -> None:
    rows = st.session_state.get(f"{key}-rows", [])
    place = max(rows, default=-1) + 1
    for column in question.questions:
        fill(column, f"{key}-{place}-{column.id}", None)
    st.session_state[f"{key}-rows"] = [*rows, place]


def _remove(key: str, place: int, save: Saving, args: tuple[Any, ...]) -> None:
    st.session_state[f"{key}-rows"] = [one for one in st.session_state.get(f"{key}-rows", []) if one != place]
    save(*args)
