"""Settings for reading a waiting log: stored beside the file, which is read again; and their fields.

What is typed is a draft in the browser until its field is left; then it is kept, and the file is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from pydantic import ValidationError

from assessments.decision_log.intake import counting
from assessments.decision_log.intake.waiting import Intake, ReadingSettings
from assessments.decision_log.reading.choices import ColumnReading
from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.reading.preview_model import LogPreview
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from questionnaires.shape import first

Change = Callable[[LogMapping], dict[str, Any]]
"""What one field changes in the mapping."""
MOST_CHARACTERS = 200
"""Of one word."""


def open_guesses(seen: LogPreview, settings: ReadingSettings) -> tuple[ColumnReading, ...]:
    """Guessed columns whose meaning is not confirmed yet."""
    if settings.mapping.columns:
        guessed = set(settings.guessed or ())
        return tuple(column_reading for column_reading in seen.used_columns if column_reading.meaning in guessed)
    return tuple(column_reading for column_reading in seen.used_columns if column_reading.how.value == "guessed")


def change(intake: Intake, made: Change, named: Sequence[str] = (), fields: Sequence[str] = ()) -> None:
    """Keeps what a field says and reads the file again.

    named: columns and groups that are said with it. fields: keys of the fields that were typed in.
    """
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        settings = intake.settings()
        values = made(settings.mapping)
        try:
            mapping = LogMapping.model_validate({**settings.mapping.model_dump(), **values})
        except ValidationError as error:
            refuse(_("This cannot be set: {why}", why=first(error)[shared.language()]), *fields)
            return
        guessed = settings.guessed
        if "columns" in values:
            before = {column_reading.meaning for column_reading in open_guesses(intake.preview(), settings)}
            guessed = tuple(sorted(before - set(named)))
        if mapping != settings.mapping or guessed != settings.guessed:
            counting.look(intake, replace(settings, mapping=mapping, guessed=guessed))
        for field in fields:
            forms.settled(field)


def refuse(problem: str, *fields: str) -> None:
    """What these fields say cannot be kept; it stays in them."""
    for field in fields:
        forms.refuse_at(field, problem)
    pressing.refuse(problem)


def confirm(intake: Intake) -> None:
    """Confirm the guesses, so that they count as stated."""
    seen = intake.preview()
    guesses = seen.through.guesses if seen.through else None
    mapping = seen.as_used()
    values: dict[str, Any] = {"columns": dict(mapping.columns), "groups": dict(mapping.groups)}
    for name in ("favourable", "automatic_values", "automatic_reviewers"):
        guess = getattr(guesses, name, None)
        if guess is not None:
            values[name] = list(guess)
    change(intake, lambda _mapping: values, [column_reading.meaning for column_reading in seen.used_columns])


def replace_settings(intake: Intake, settings: ReadingSettings) -> None:
    with pressing.problems_kept():
        shared.check_right(intake.assessment_id, "set_log")
        counting.look(intake, settings)


def _fill(key: str, value: Any) -> None:
    """Fill a field before it is drawn; an equal value is left alone, so that no typing is lost."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def refresh(key: str, value: Any) -> None:
    """Refill the field if the stored value has changed since; otherwise keep what is being typed."""
    mark = f"{key}-kept"
    if st.session_state.get(mark, mark) != value or key not in st.session_state:
        st.session_state[mark] = value
        _fill(key, value)


def text(
    key: str, label: str, intake: Intake, value: str, made: Callable[[str], dict[str, Any]], *, max_chars: int
) -> None:
    """One line that says one thing."""

    def keep() -> None:
        change(intake, lambda _mapping: made(forms.entered(key).strip()), fields=(key,))

    forms.text(label, key=key, value=value, max_chars=max_chars, on_left=keep)


def choice(
    key: str, label: str, intake: Intake, name: str, value: str | None, options: dict[str, str], usual: str
) -> None:
    """One of a few; the first leaves it to the reading."""
    refresh(key, value or "")
    st.selectbox(
        label,
        ["", *options],
        format_func=lambda option: options.get(option, usual),
        key=key,
        on_change=pressing.unbroken,
        args=(change, intake, lambda _mapping: {name: st.session_state.get(key) or None}),
    )


def several(
    key: str,
    label: str,
    intake: Intake,
    value: Sequence[str],
    options: Sequence[str],
    made: Callable[[list[str]], dict[str, Any]],
    *,
    hint: str = "",
) -> None:
    """Some of the values that occur, or others that are typed."""

    def keep() -> None:
        change(intake, lambda _mapping: made(forms.several_entered(key)), fields=(key,))

    forms.several_words(label, options, key=key, value=value, hint=hint, max_chars=MOST_CHARACTERS, on_left=keep)


def hint(text: str) -> None:
    markup.show(markup.quiet(text))
