"""Fields for what values mean: outcomes, people and machines, labels, missing words, lines that are no decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from assessments.decision_log.intake.waiting import Intake
from assessments.decision_log.reading.columns import COLUMN_TITLES, Column, LogMapping, words
from assessments.decision_log.reading.preview_model import LogPreview, ValueCount
from assessments.decision_log.reading.spelling import key_of
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._log import reading_settings

MOST_LABELS = 50
"""Values of one column that have a field each."""
_COLUMNS = frozenset(column.value for column in Column)


def outcomes(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping) -> None:
    through = seen.through
    values = through.values if through else {}
    output, decision = values.get(Column.OUTPUT, ()), values.get(Column.DECISION, ())
    counts: dict[str, list[int]] = {}
    for place, listed in enumerate((() if mapping.cutoff else output, decision)):
        for seen_value in listed:
            counts.setdefault(seen_value.text, [0, 0])[place] += seen_value.count
    counts.pop("", None)
    if len(counts) > MOST_LABELS:
        reading_settings.hint(
            _(
                "There are too many different values to name them one by one. Choose another column, or give a mark for "
                "a number."
            )
        )
        counts = {}
    if counts:
        reading_settings.hint(
            _("Write the same label for values that mean the same; what is left as it is counts as its own label.")
        )
    _meanings(f"{key}-value", intake, counts, mapping.values, lambda values_of: {"values": values_of})
    labels = through.outcomes if through and through.outcomes else tuple(dict.fromkeys([*counts, *mapping.values]))
    guess = through.guesses.favourable if through else None
    for name, label, chosen in (
        ("favourable", _("Outcomes that are good for the person"), mapping.favourable or guess or ()),
        (
            "not_favourable",
            _("Outcomes that are neither and count as not good (on hold, waiting list)"),
            mapping.not_favourable,
        ),
        ("undecided", _("Final decisions that are none yet; their rows are set aside"), mapping.undecided),
    ):
        reading_settings.several(f"{key}-{name}", label, intake, chosen, labels, partial(_called, name))
    reading_settings.hint(_("Where the AI output is a number, the mark that makes it an outcome:"))
    cut = mapping.cutoff
    for column, name, label, value, most in zip(
        st.columns(3),
        ("cut", "then", "otherwise"),
        (_("At least (optional)"), _("then"), _("otherwise")),
        (cut.at_least, cut.then, cut.otherwise) if cut else ("", "", ""),
        (20, 100, 100),
        strict=True,
    ):
        reading_settings.refresh(f"{key}-{name}", value)
        column.text_input(label, key=f"{key}-{name}", max_chars=most, on_change=_cut, args=(intake, key))


def mark(key: str) -> tuple[str, str, str]:
    """The three fields of a mark as they are typed."""
    at_least, then, otherwise = (
        str(st.session_state.get(f"{key}-{part}") or "").strip() for part in ("cut", "then", "otherwise")
    )
    return at_least, then, otherwise


def _cut(intake: Intake, key: str) -> None:
    """A mark is kept once all three are there, and goes once all are empty."""
    at_least, then, otherwise = mark(key)
    if all((at_least, then, otherwise)):
        reading_settings.change(
            intake, lambda _mapping: {"cutoff": {"at_least": at_least, "then": then, "otherwise": otherwise}}
        )
    elif not any((at_least, then, otherwise)):
        reading_settings.change(intake, lambda _mapping: {"cutoff": None})


def _meanings(
    key: str,
    intake: Intake,
    counts: dict[str, list[int]],
    values_of: dict[str, list[str]],
    made: Callable[[dict[str, list[str]]], dict[str, Any]],
) -> None:
    """A field for each value, which holds the label that it counts as."""
    label_of = {value: label for label, values in values_of.items() for value in values}
    ordered = sorted(counts)
    places = st.columns(2)
    for number, value in enumerate(ordered):
        field = f"{key}-{value}"
        reading_settings.refresh(field, label_of.get(value, value))
        name, shown = shared.literal(value), [f"{count:,}" for count in counts[value]]
        places[number % 2].text_input(
            _(
                "'{value}' (AI output {ai}, final decision {decision}) counts as",
                value=name,
                ai=shown[0],
                decision=shown[1],
            )
            if len(shown) > 1
            else _("'{value}' ({count}) counts as", value=name, count=shown[0]),
            key=field,
            max_chars=200,
            on_change=_mean,
            args=(key, intake, tuple(ordered), values_of, made),
        )


def _mean(
    key: str,
    intake: Intake,
    values: Sequence[str],
    values_of: dict[str, list[str]],
    made: Callable[[dict[str, list[str]]], dict[str, Any]],
) -> None:
    here = set(values)
    labels = {label: [value for value in before if value not in here] for label, before in values_of.items()}
    for value in values:
        label = str(st.session_state.get(f"{key}-{value}") or "").strip() or value
        if label != value:
            labels.setdefault(label, []).append(value)
    reading_settings.change(
        intake, lambda _mapping: made({label: listed for label, listed in labels.items() if listed})
    )


def people(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping) -> None:
    through = seen.through
    values = through.values if through else {}
    reviewers = [seen_value.text for seen_value in values.get(Column.REVIEWER, ()) if seen_value.text]
    flags = [seen_value.text for seen_value in values.get(Column.AUTOMATIC, ()) if seen_value.text]
    guesses = through.guesses if through else None
    machines = guesses.machines if guesses else ()
    if machines:
        text = _("Are these people? {names}", names=", ".join(machines[:MOST_LABELS]))
        markup.show(markup.notice("note", text))
        with st.container(horizontal=True, key=f"{key}-machines"):
            pressing.button(_("They are people"), f"{key}-are-people", _are_people, intake)
            pressing.button(_("They are no people"), f"{key}-are-machines", _are_machines, intake)
    reading_settings.several(
        f"{key}-automatic_reviewers",
        _("Reviewers that are no person (empty: the usual words)"),
        intake,
        mapping.automatic_reviewers or (guesses.automatic_reviewers if guesses else None) or (),
        reviewers,
        lambda values_of: {"automatic_reviewers": values_of},
    )
    reading_settings.several(
        f"{key}-human_reviewers",
        _("Reviewers that are people, whatever their names look like"),
        intake,
        mapping.human_reviewers,
        reviewers,
        lambda values_of: {"human_reviewers": values_of},
    )
    reading_settings.several(
        f"{key}-automatic_values",
        _("Values of the column 'automatic path' that mean yes (empty: the usual words)"),
        intake,
        mapping.automatic_values or (guesses.automatic_values if guesses else None) or (),
        flags,
        lambda values_of: {"automatic_values": values_of},
    )
    field = f"{key}-same"
    names = mapping.names.get(Column.REVIEWER.value, {})
    reading_settings.refresh(field, "\n".join(f"{label} = {'; '.join(listed)}" for label, listed in names.items()))
    st.text_area(
        _("Names that are one person, a line each: name = other name; other name"),
        key=field,
        max_chars=20_000,
        on_change=_same_people,
        args=(intake, field),
    )


def _are_people(intake: Intake) -> None:
    through = intake.preview().through
    machines = through.guesses.machines if through else ()
    reading_settings.change(
        intake, lambda mapping: {"human_reviewers": list(dict.fromkeys([*mapping.human_reviewers, *machines]))}
    )


def _are_machines(intake: Intake) -> None:
    through = intake.preview().through
    guesses = through.guesses if through else None
    machines = guesses.machines if guesses else ()
    usual = (guesses.automatic_reviewers if guesses else None) or ()
    reading_settings.change(
        intake,
        lambda mapping: {
            "automatic_reviewers": list(dict.fromkeys([*(mapping.automatic_reviewers or usual), *machines]))
        },
    )


def _same_people(intake: Intake, field: str) -> None:
    names: dict[str, list[str]] = {}
    for line in str(st.session_state.get(field) or "").splitlines():
        label, equals, others = line.partition("=")
        listed = [part.strip() for part in others.split(";") if part.strip()]
        if line.strip() and not (equals and label.strip() and listed):
            pressing.refuse(
                _("The line '{line}' cannot be read. Write: name = other name; other name", line=line.strip())
            )
            return
        if listed:
            names.setdefault(label.strip(), []).extend(listed)
    reading_settings.change(intake, lambda mapping: {"names": _with_names(mapping, Column.REVIEWER.value, names)})


def _with_names(mapping: LogMapping, column: str, names: dict[str, list[str]]) -> dict[str, Any]:
    others = {other: dict(labels) for other, labels in mapping.names.items() if other != column}
    return {**others, column: names} if names else others


def labels(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping) -> None:
    values = seen.through.values if seen.through else {}
    language, is_empty = shared.language(), True
    for meaning, listed in values.items():
        if meaning in _COLUMNS - {Column.STAGE.value} or len(listed) > MOST_LABELS:
            continue
        is_empty = False
        title = COLUMN_TITLES[Column.STAGE][language] if meaning == Column.STAGE.value else meaning
        markup.show(markup.paragraph(markup.bold(title)))
        _meanings(
            f"{key}-name-{meaning}",
            intake,
            _counted(listed),
            mapping.names.get(meaning, {}),
            partial(_labelled, intake, meaning),
        )
    if is_empty:
        markup.show(markup.empty(_("No column of groups or stages is read, or it has too many values.")))


def _called(name: str, values_of: list[str]) -> dict[str, Any]:
    return {name: values_of}


def _labelled(intake: Intake, meaning: str, values_of: dict[str, list[str]]) -> dict[str, Any]:
    return {"names": _with_names(intake.settings().mapping, meaning, values_of)}


def _counted(listed: Sequence[ValueCount]) -> dict[str, list[int]]:
    return {seen_value.text: [seen_value.count] for seen_value in listed if seen_value.text}


def lines_and_words(key: str, intake: Intake, seen: LogPreview, mapping: LogMapping) -> None:
    reading = seen.reading
    missing_words = list(dict.fromkeys(missing_word.word for missing_word in reading.missing)) if reading else []
    usual = set(words()["missing"])
    base = words()["missing"] if mapping.missing is None else mapping.missing
    listed = list(dict.fromkeys([*missing_words, *(value for value in base if key_of(value) not in usual)]))
    reading_settings.several(
        f"{key}-missing",
        _("Words that stand for a missing value"),
        intake,
        listed,
        [],
        lambda chosen: {"missing": _changed(base, listed, chosen)},
        help=_("The usual words (NULL, N/A, a dash …) are known. Take a word out and it counts as a value."),
    )
    reading_settings.several(
        f"{key}-totals",
        _("Words that mark a line of totals (empty: the usual words)"),
        intake,
        mapping.totals or (),
        [],
        lambda values_of: {"totals": values_of or None},
    )


def _changed(base: Sequence[str], shown: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The words without those that were taken out, and with those that were added."""
    gone = {key_of(value) for value in shown} - {key_of(value) for value in chosen}
    known = {key_of(value) for value in base}
    return [
        *(value for value in base if key_of(value) not in gone),
        *(value for value in chosen if key_of(value) not in known),
    ]
