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
from pages._field import forms
from pages._frame import markup, pressing, shared
from pages._frame.shared import _
from pages._log import reading_settings

MOST_LABELS = 50
"""Values of one column that have a field each."""
ValuesOf = Callable[[LogMapping], dict[str, list[str]]]
"""Label → the values that count as it."""
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
    _meanings(f"{key}-value", intake, counts, mapping, _values_of, lambda values_of: {"values": values_of})
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
    for column, part, label, value, most in zip(
        st.columns(3),
        ("cut", "then", "otherwise"),
        (_("At least (optional)"), _("then"), _("otherwise")),
        (cut.at_least, cut.then, cut.otherwise) if cut else ("", "", ""),
        (20, 100, 100),
        strict=True,
    ):
        with column:
            forms.text(label, key=f"{key}-{part}", value=value, max_chars=most, on_left=partial(_cut, intake, key))


def mark(key: str) -> tuple[str, str, str]:
    """The three fields of a mark as they were left."""
    at_least, then, otherwise = (forms.entered(field).strip() for field in _mark_fields(key))
    return at_least, then, otherwise


def _mark_fields(key: str) -> tuple[str, ...]:
    return tuple(f"{key}-{part}" for part in ("cut", "then", "otherwise"))


def _cut(intake: Intake, key: str) -> None:
    """A mark is kept once all three are there, and goes once all are empty."""
    at_least, then, otherwise = mark(key)
    if all((at_least, then, otherwise)):
        cutoff = {"at_least": at_least, "then": then, "otherwise": otherwise}
        reading_settings.change(intake, lambda _mapping: {"cutoff": cutoff}, fields=_mark_fields(key))
    elif not any((at_least, then, otherwise)):
        reading_settings.change(intake, lambda _mapping: {"cutoff": None}, fields=_mark_fields(key))


def _meanings(
    key: str,
    intake: Intake,
    counts: dict[str, list[int]],
    mapping: LogMapping,
    values_of: ValuesOf,
    made: Callable[[dict[str, list[str]]], dict[str, Any]],
) -> None:
    """A field for each value, which holds the label that it counts as."""
    label_of = {value: label for label, values in values_of(mapping).items() for value in values}
    ordered = sorted(counts)
    places = st.columns(2)
    for number, value in enumerate(ordered):
        shown = [f"{count:,}" for count in counts[value]]
        if len(shown) > 1:
            label = _(
                "'{value}' (AI output {ai}, final decision {decision}) counts as",
                value=value,
                ai=shown[0],
                decision=shown[1],
            )
        else:
            label = _("'{value}' ({count}) counts as", value=value, count=shown[0])
        with places[number % 2]:
            forms.text(
                label,
                key=f"{key}-{value}",
                value=label_of.get(value, value),
                max_chars=reading_settings.MOST_CHARACTERS,
                on_left=partial(_mean, f"{key}-{value}", intake, value, values_of, made),
            )


def _mean(
    field: str,
    intake: Intake,
    value: str,
    values_of: ValuesOf,
    made: Callable[[dict[str, list[str]]], dict[str, Any]],
) -> None:
    """What is kept of the other values stays as it is kept, whatever the screen showed of them."""
    label = forms.entered(field).strip() or value

    def changed(mapping: LogMapping) -> dict[str, Any]:
        labels = {name: [other for other in listed if other != value] for name, listed in values_of(mapping).items()}
        if label != value:
            labels.setdefault(label, []).append(value)
        return made({name: listed for name, listed in labels.items() if listed})

    reading_settings.change(intake, changed, fields=[field])


def _values_of(mapping: LogMapping) -> dict[str, list[str]]:
    return mapping.values


def _names_of(meaning: str, mapping: LogMapping) -> dict[str, list[str]]:
    return mapping.names.get(meaning, {})


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
    forms.text(
        _("Names that are one person, a line each: name = other name; other name"),
        key=field,
        value="\n".join(f"{label} = {'; '.join(listed)}" for label, listed in names.items()),
        kind="long",
        on_left=partial(_same_people, intake, field),
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
    for line in forms.entered(field).splitlines():
        label, equals, others = line.partition("=")
        listed = [part.strip() for part in others.split(";") if part.strip()]
        if line.strip() and not (equals and label.strip() and listed):
            problem = _("The line '{line}' cannot be read. Write: name = other name; other name", line=line.strip())
            reading_settings.refuse(problem, field)
            return
        if listed:
            names.setdefault(label.strip(), []).extend(listed)
    reading_settings.change(
        intake, lambda mapping: {"names": _with_names(mapping, Column.REVIEWER.value, names)}, fields=[field]
    )


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
            mapping,
            partial(_names_of, meaning),
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
        hint=_("The usual words (NULL, N/A, a dash …) are known. Take a word out and it counts as a value."),
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
