"""The mapping of a decision log as fields: whatever a mapping file can say. Each change is kept and the file is read again."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessments.decision_log.intake.waiting import Intake, ReadingSettings
from assessments.decision_log.reading.choices import ColumnReading
from assessments.decision_log.reading.columns import COLUMN_TITLES, REQUIRED, Column, LogMapping, mapping_of
from assessments.decision_log.reading.preview_model import LogPreview
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._log import preview as _log_preview
from pages._log import reading_settings, values
from pages._server import uploading
from questionnaires.problems import InvalidFileError
from questionnaires.vocabulary import Text

MOST_GROUPS = 20


def show(key: str, intake: Intake, seen: LogPreview) -> None:
    """All fields, filled with what was said or guessed."""
    settings = intake.settings()
    mapping = seen.as_used() if seen.headers else settings.mapping
    with st.container():
        _earlier(key, intake, settings)
    with st.container():
        _columns(key, intake, seen, mapping, settings)
    with _fold(_("Where the table stands, and how it is written"), f"{key}-place", is_needed=not seen.headers):
        _place(key, intake, seen, settings.mapping)
    is_needed = bool(seen.hindrance and seen.through) or bool(settings.mapping.values)
    with _fold(_("What the outcomes mean"), f"{key}-outcomes", is_needed=is_needed):
        values.outcomes(key, intake, seen, settings.mapping)
    is_needed = bool(seen.through and seen.through.guesses.machines)
    with _fold(_("Who is a person"), f"{key}-people", is_needed=is_needed):
        values.people(key, intake, seen, settings.mapping)
    with st.expander(_("Labels of groups and stages")):
        values.labels(key, intake, seen, settings.mapping)
    with st.expander(_("Missing values and lines that are no decisions")):
        values.lines_and_words(key, intake, seen, settings.mapping)
    with st.expander(_("The mapping as a file, for the next log")):
        _file(key, intake)


def _earlier(key: str, intake: Intake, settings: ReadingSettings) -> None:
    """Whose mapping was taken over, and the way out of it."""
    if not settings.earlier:
        return
    markup.show(
        markup.notice("note", _("The mapping of the log before ({name}) was taken over.", name=settings.earlier))
    )
    fresh, label = ReadingSettings(), _("Start from the headers instead")
    pressing.button(label, f"{key}-fresh", reading_settings.replace_settings, intake, fresh)


def _fold(label: str, key: str, *, is_needed: bool) -> DeltaGenerator:
    """Open where something in it is to be said or was said, and from then on: it does not close under the hands that say it."""
    was_needed = f"{key}-was-needed"
    st.session_state[was_needed] = is_needed or bool(st.session_state.get(was_needed))
    return st.expander(label, expanded=st.session_state[was_needed])


def _columns(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping, settings: ReadingSettings) -> None:
    language, headers = shared.language(), [header for header in seen.headers if header]
    if not headers:
        return
    guessed = {
        column_reading.meaning: column_reading for column_reading in reading_settings.open_guesses(seen, settings)
    }
    markup.show(
        markup.h3(_("Which column means what"))
        + markup.quiet(
            _("Suggested from the headers; correct what is wrong. Columns that are left out only leave figures out.")
        )
    )
    places = st.columns(2)
    for number, column in enumerate(Column):
        needed = " *" if column in REQUIRED else ""
        field = f"{key}-{column}"
        now = mapping.columns.get(column, "")
        with places[number % 2]:
            reading_settings.refresh(field, now if now in headers else "")
            st.selectbox(
                shared.literal(COLUMN_TITLES[column][language]) + needed,
                ["", *headers],
                format_func=lambda choice: choice or _("none"),
                key=field,
                on_change=pressing.unbroken,
                args=(_name_column, intake, column, field),
            )
            markup.show(markup.paragraph(_why(column.value, now, guessed), "h-quiet h-why-column"))
    groups = [header for header in mapping.groups.values() if header in headers]
    reading_settings.refresh(f"{key}-groups", groups)
    st.multiselect(
        _("Groups to compare (sex, age band, …)"),
        headers,
        key=f"{key}-groups",
        max_selections=MOST_GROUPS,
        on_change=pressing.unbroken,
        args=(_name_groups, intake, f"{key}-groups"),
    )
    for name, header in mapping.groups.items():
        if header not in groups:
            continue
        markup.show(markup.paragraph(f"{header}: {_why(name, header, guessed)}", "h-quiet h-why-column"))
        field = f"{key}-group-{header}"
        forms.text(
            _("Name of the group '{header}' (small Latin letters, digits, _)", header=header),
            key=field,
            value=name,
            max_chars=40,
            on_left=partial(_rename_group, intake, header, field),
        )


def _why(meaning: str, header: str, guessed: dict[str, ColumnReading]) -> str:
    if not header:
        return _("no column")
    if meaning not in guessed:
        return _("said")
    word = guessed[meaning].word
    return _("guessed, for it is the known word '{word}'", word=word) if word else _("guessed")


def _used(intake: Intake) -> LogMapping:
    return intake.preview().as_used()


def _name_column(intake: Intake, column: Column, field: str) -> None:
    used, header = _used(intake), str(st.session_state.get(field) or "")
    columns = {other: name for other, name in used.columns.items() if other is not column}
    if header:
        columns[column] = header
    reading_settings.change(intake, lambda _mapping: {"columns": columns, "groups": dict(used.groups)}, [column.value])


def _name_groups(intake: Intake, field: str) -> None:
    used, seen = _used(intake), intake.preview()
    names = {header: name for name, header in [*seen.groups.items(), *used.groups.items()]}
    groups: dict[str, str] = {}
    for header in st.session_state.get(field) or []:
        place = 1
        while f"group_{place}" in groups or f"group_{place}" in names.values():
            place += 1
        groups[names.get(header, f"group_{place}")] = header
    added = [name for name, header in groups.items() if header not in used.groups.values()]
    reading_settings.change(intake, lambda _mapping: {"columns": dict(used.columns), "groups": groups}, added)


def _rename_group(intake: Intake, header: str, field: str) -> None:
    used, name = _used(intake), forms.entered(field).strip()
    if name in used.groups and used.groups[name] != header:
        reading_settings.refuse(_("There is a group of this name already. Give it another one."), field)
        return
    groups = {name if group == header else before: group for before, group in used.groups.items()}
    reading_settings.change(intake, lambda _mapping: {"columns": dict(used.columns), "groups": groups}, [name], [field])


def _place(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping) -> None:
    by_itself = _("found by itself")
    if seen.place.sheets:
        reading_settings.several(
            f"{key}-sheets",
            _("Sheets to read (empty: all that can be seen and hold a log)"),
            intake,
            mapping.sheets or (),
            seen.place.sheets,
            lambda sheets: {"sheets": sheets or None},
        )
    elif seen.kind != "parquet":
        first, second = st.columns(2)
        with first:
            reading_settings.choice(
                f"{key}-encoding",
                _("Encoding"),
                intake,
                "encoding",
                mapping.encoding,
                _log_preview.ENCODINGS,
                by_itself,
            )
        with second:
            signs = {sign: _log_preview.delimiter(sign) for sign in (",", ";", "\t", "|")}
            reading_settings.choice(
                f"{key}-delimiter", _("Delimiter"), intake, "delimiter", mapping.delimiter, signs, by_itself
            )
    reading_settings.text(
        f"{key}-header-line",
        _("Line that names the columns (empty: found by itself)"),
        intake,
        str(mapping.header_line or ""),
        lambda line: {"header_line": int(line) if line.isdecimal() else line or None},
        max_chars=9,
    )
    orders = {"dmy": _("day first"), "mdy": _("month first")}
    reading_settings.choice(
        f"{key}-order",
        _("Dates such as 02/04/2026"),
        intake,
        "date_order",
        mapping.date_order,
        orders,
        _("there are none"),
    )
    reading_settings.text(
        f"{key}-zone",
        _("Time zone of times without one"),
        intake,
        mapping.time_zone,
        lambda zone: {"time_zone": zone or "Asia/Seoul"},
        max_chars=60,
    )


def _file(key: str, intake: Intake) -> None:
    reading_settings.hint(
        _(
            "The mapping is kept with the figures and taken over for the next log of this system, without names of people. "
            "As a file it also serves `haetae log import --map`."
        )
    )
    shared.draw("log/mapping_file.html.j2", number=intake.assessment_id)
    field = f"{key}-load"
    uploading.uploader(
        _("Use a mapping file (YAML)"),
        type=["yaml", "yml"],
        key=field,
        on_change=pressing.unbroken,
        args=(_load, intake, field),
    )


def _load(intake: Intake, field: str) -> None:
    file = st.session_state.get(field)
    if file is None:
        return
    try:
        mapping = mapping_of(file.getvalue(), file.name)
    except InvalidFileError as error:
        pressing.refuse(tuple(Text(ko=problem.sentence("ko"), en=problem.sentence("en")) for problem in error.problems))
        return
    reading_settings.replace_settings(intake, ReadingSettings(mapping, ()))
