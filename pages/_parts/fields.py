"""One field for each question type: draw it, fill it with an answer, read its value, show an answer as text.

A new type of question has its field here: a class, and a line of _FIELDS.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Drawing:
    """Where and how a field is drawn. Changes call save(*args)."""

    question: Question
    key: str
    save: Saving
    args: tuple[Any, ...]
    language: str
    show_label: bool

    @property
    def label(self) -> str:
        """Label of the field; read by screen readers even if hidden."""
        text = self.question.text[self.language]
        return shared.literal(text) if self.show_label else text

    @property
    def common(self) -> dict[str, Any]:
        """Arguments common to all Streamlit widgets."""
        return self._arguments("visible" if self.show_label else "collapsed")

    @property
    def with_label(self) -> dict[str, Any]:
        """Like `common`, for a field whose label is always visible because it states the format."""
        return self._arguments("visible")

    def _arguments(self, label_visibility: str) -> dict[str, Any]:
        return {"key": self.key, "label_visibility": label_visibility, "on_change": self.save, "args": self.args}


class _Field:
    """Field of a text question; other types override what differs."""

    def draw(self, drawing: _Drawing) -> None:
        st.text_area(drawing.label, max_chars=MAX_CHARACTERS, height="content", **drawing.common)

    def fill(self, question: Question, key: str, answer: Answer | None) -> None:
        st.session_state[key] = "" if answer is None else str(answer)

    def is_drawn(self, question: Question, key: str) -> bool:
        return key in st.session_state

    def value(self, question: Question, key: str) -> Any:
        """None where it is empty."""
        held = st.session_state.get(key)
        return None if held == "" else held

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return str(answer)

    def html(self, question: Question, answer: Answer, language: str) -> Markup:
        text = self.text(question, answer, language)
        return markup.free_text(text) if text else markup.NOTHING


class _ChoiceField(_Field):
    def draw(self, drawing: _Drawing) -> None:
        texts = {option.value: shared.literal(option.label[drawing.language]) for option in drawing.question.options}
        st.radio(drawing.label, list(texts), index=None, format_func=texts.__getitem__, **drawing.common)

    def fill(self, question: Question, key: str, answer: Answer | None) -> None:
        st.session_state[key] = answer

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return _label(question, str(answer), language)


class _ChoicesField(_Field):
    """One checkbox per option."""

    def draw(self, drawing: _Drawing) -> None:
        if drawing.show_label:
            markup.show(markup.quiet(drawing.question.text[drawing.language]))
        with st.container(key=f"{drawing.key}-boxes", gap="xsmall"):
            for option in drawing.question.options:
                st.checkbox(
                    shared.literal(option.label[drawing.language]),
                    key=f"{drawing.key}-{option.value}",
                    on_change=drawing.save,
                    args=(*drawing.args, option.value),
                )

    def fill(self, question: Question, key: str, answer: Answer | None) -> None:
        chosen = answer if isinstance(answer, tuple) else ()
        for option in question.options:
            st.session_state[f"{key}-{option.value}"] = option.value in chosen

    def is_drawn(self, question: Question, key: str) -> bool:
        return f"{key}-{question.options[0].value}" in st.session_state

    def value(self, question: Question, key: str) -> Any:
        ticked = (option.value for option in question.options if st.session_state.get(f"{key}-{option.value}"))
        return tuple(ticked) or None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        chosen = answer if isinstance(answer, tuple) else ()
        return "\n".join(f"· {_label(question, str(value), language)}" for value in chosen)


class _NumberField(_Field):
    """A text field, because Streamlit's number field cannot be cleared."""

    def draw(self, drawing: _Drawing) -> None:
        question = drawing.question
        unit = f" ({question.unit[drawing.language]})" if question.unit else ""
        label = drawing.label if drawing.show_label else _("Whole number")
        st.text_input(label + unit, max_chars=40, **drawing.with_label)

    def value(self, question: Question, key: str) -> Any:
        text = str(st.session_state.get(key) or "").strip()
        return number_of(text) if text else None

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return f"{answer:,}" + (f" {question.unit[language]}" if question.unit else "")


class _DayField(_Field):
    def draw(self, drawing: _Drawing) -> None:
        label = drawing.label if drawing.show_label else _("Day, like 2026-11-20")
        st.text_input(label, placeholder="2026-11-20", max_chars=10, **drawing.with_label)

    def text(self, question: Question, answer: Answer, language: str) -> str:
        return wording.day(answer, language) if isinstance(answer, date) else str(answer)


class _GroupField(_Field):
    """Repeatable entries, each with the fields of the group's questions."""

    def draw(self, drawing: _Drawing) -> None:
        question, key = drawing.question, drawing.key
        rows = st.session_state.get(f"{key}-rows", [])
        for number, place in enumerate(rows, 1):
            with st.container(border=True, key=f"{key}-row{place}"):
                markup.show(markup.quiet(_("Entry {number}", number=number)))
                for column in question.questions:
                    cell = f"{key}-{place}-{column.id}"
                    draw(column, cell, drawing.save, drawing.args, drawing.language, show_label=True)
                st.button(
                    _("Remove this entry"),
                    key=f"{key}-remove{place}",
                    type="tertiary",
                    on_click=_remove,
                    args=(key, place, drawing.save, drawing.args),
                )
        if len(rows) < MAX_ROWS:
            st.button(_("Add an entry"), key=f"{key}-add", icon=":material/add:", on_click=_add, args=(question, key))

    def fill(self, question: Question, key: str, answer: Answer | None) -> None:
        rows = answer if isinstance(answer, tuple) else ()
        st.session_state[f"{key}-rows"] = list(range(len(rows)))
        for place, row in enumerate(rows):
            for column in question.questions:
                fill(column, f"{key}-{place}-{column.id}", row.get(column.id) if isinstance(row, Mapping) else None)

    def is_drawn(self, question: Question, key: str) -> bool:
        first = question.questions[0]
        rows = st.session_state.get(f"{key}-rows")
        return rows is not None and all(is_drawn(first, f"{key}-{place}-{first.id}") for place in rows)

    def value(self, question: Question, key: str) -> Any:
        rows = [
            {
                column.id: cell
                for column in question.questions
                if (cell := value(column, f"{key}-{place}-{column.id}")) is not None
            }
            for place in st.session_state.get(f"{key}-rows", [])
        ]
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
    QuestionType.TEXT: _Field(),
    QuestionType.DATE: _DayField(),
    QuestionType.GROUP: _GroupField(),
}


def draw(
    question: Question, key: str, save: Saving, args: tuple[Any, ...], language: str, *, show_label: bool = False
) -> None:
    """The field; its label is heard by screen readers and seen only where show_label says so. Changes call save(*args)."""
    _FIELDS[question.type].draw(_Drawing(question, key, save, args, language, show_label))


def fill(question: Question, key: str, answer: Answer | None) -> None:
    """Put an answer into the field before it is drawn."""
    _FIELDS[question.type].fill(question, key, answer)


def is_drawn(question: Question, key: str) -> bool:
    """Whether the field is on this screen already and holds what its reader put there."""
    return _FIELDS[question.type].is_drawn(question, key)


def value(question: Question, key: str) -> Any:
    """What the field holds; None where it is empty."""
    return _FIELDS[question.type].value(question, key)


def text_of(question: Question, answer: Answer | None, language: str) -> str:
    """An answer as display text; empty if there is none."""
    return "" if answer is None else _FIELDS[question.type].text(question, answer, language)


def html_of(question: Question, answer: Answer | None, language: str) -> Markup:
    """An answer as HTML, with entries as separate lists; empty if there is none."""
    return markup.NOTHING if answer is None else _FIELDS[question.type].html(question, answer, language)


def day_of(text: str | None) -> date | None:
    """Parse the day in a field. None: it is empty. Raises: InvalidAnswerError."""
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        raise InvalidAnswerError(TEXTS.told("no_day", text=text)) from None


def number_of(text: str) -> int | str:
    """Parse a whole number, with or without thousands separators; other text is returned as is, for validation to reject."""
    normalised = unicodedata.normalize("NFKC", text)
    return int(normalised.replace(",", "")) if _WHOLE.fullmatch(normalised) else text


def make_exclusive(question: Question, key: str, changed: str) -> None:
    """Make "none of these" and "we do not know" exclusive among checkboxes; the last one ticked wins."""
    if not question.type.takes_several or not changed or not st.session_state.get(f"{key}-{changed}"):
        return
    alone = {question.none_of_these, UNKNOWN}
    for option in question.options:
        if option.value != changed and (changed in alone or option.value in alone):
            st.session_state[f"{key}-{option.value}"] = False


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


def _add(question: Question, key: str) -> None:
    rows = st.session_state.get(f"{key}-rows", [])
    place = max(rows, default=-1) + 1
    for column in question.questions:
        fill(column, f"{key}-{place}-{column.id}", None)
    st.session_state[f"{key}-rows"] = [*rows, place]


def _remove(key: str, place: int, save: Saving, args: tuple[Any, ...]) -> None:
    st.session_state[f"{key}-rows"] = [row for row in st.session_state.get(f"{key}-rows", []) if row != place]
    save(*args)
