"""Remarks on a log's rows: assumptions, machine_names, numbered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading import naming
from assessments.decision_log.reading.choices import Joined, Remark
from assessments.decision_log.reading.columns import Column
from assessments.decision_log.reading.gathering import Gathering
from assessments.decision_log.reading.numbering import Named

VALUES_NAMED = 8


def numbered(named: Named) -> Sequence[Joined]:
    """Spellings of reviewers' names, replaced by numbers and in the order of pseudonyms, because names are not stored."""
    if not named.joined or named.joined[0].column != Column.REVIEWER:
        return named.joined
    return tuple(
        Joined(note.column, note.label, tuple(type(v)(f"#{n}", v.count) for n, v in enumerate(note.variants, start=1)))
        for note in sorted(named.joined, key=lambda note: note.label)
    )


def assumptions(into: Gathering) -> Sequence[Remark]:
    remarks = [
        Remark(key, {"column": column, "n": f"{cells:,}"} if key != "list_values" else {"column": column})
        for (key, column), cells in sorted(into.noted.items())
    ]
    remarks += [Remark("duration_type", {"column": name, "unit": unit}) for name, unit in sorted(into.units.items())]
    for labels in {id(labels): labels for labels in into.label_columns().values()}.values():
        if labels.constants:
            remarks.append(Remark("text_constants", {"column": labels.column, "n": f"{labels.constants:,}"}))
        for word, other in labels.kept_absences().items():
            remarks.append(Remark("absent_is_value", {"column": labels.column, "word": word, "other": other}))
    if into.machines and not into.mapping.automatic_reviewers:
        cells = f"{sum(into.machines.values()):,}"
        remarks.append(Remark("no_person_names", {"words": ", ".join(sorted(into.machines)), "n": cells}))
    if into.none_yet:
        named = ", ".join(f"{word} ({rows:,})" for word, rows in sorted(into.none_yet.items()))
        remarks.append(Remark("undecided_words", {"labels": named}))
    yes = sorted(value for meant, value in into.flags if meant)
    no = sorted(value for meant, value in into.flags if not meant)
    if (
        no
        and not into.mapping.automatic_values
        and not (None in {meant for meant, _ in into.flags} and Column.AUTOMATIC in into.guessed)
    ):
        values = {"yes": ", ".join(yes[:VALUES_NAMED]) or "–", "no": ", ".join(no[:VALUES_NAMED])}
        remarks.append(Remark("automatic_values", values))
    return remarks


def _rows(columns: dict[str, npt.NDArray[Any]], chosen: npt.NDArray[np.bool_]) -> int:
    return int(columns["cases"][chosen].sum() if "cases" in columns else chosen.sum())


def machine_names(into: Gathering, columns: dict[str, npt.NDArray[Any]], named: dict[str, Named]) -> Sequence[Remark]:
    """Reviewers whose names look like a machine's, as pseudonyms."""
    if into.mapping.automatic_reviewers:
        return []
    words_by_name: dict[str, tuple[str, ...]] = {}
    for label in into.reviewers.raw_names().values():
        words = into.machine_words(label)
        if words and not into.is_no_person(label):
            words_by_name[into.pseudonym(label)] = words
    names = [name for name in named["reviewer"].labels if name in words_by_name]
    if not names:
        return []
    codes = [named["reviewer"].labels.index(name) for name in names]
    values: dict[str, str | int] = {
        "n": f"{len(names):,}",
        "names": ", ".join(names[:VALUES_NAMED]),
        "words": ", ".join(sorted({word for name in names for word in words_by_name[name]})),
        "cases": f"{_rows(columns, np.isin(columns['reviewer'], codes)):,}",
    }
    return [Remark("machine_names", values)]


def names_alike(into: Gathering, named: dict[str, Named]) -> Sequence[Remark]:
    """Reviewers who may be one person, as pseudonyms; those that a mapping names are told apart."""
    used = set(named["reviewer"].labels)
    people = [
        label
        for label in into.reviewers.raw_names().values()
        if into.pseudonym(label) in used and label not in into.mapping.names.get(Column.REVIEWER, ())
    ]
    alike = naming.alike_people(people)
    if not alike:
        return []
    pairs = sorted(" = ".join(sorted(map(into.pseudonym, names))) for names in alike)
    return [Remark("names_alike", {"n": f"{len(pairs):,}", "names": "; ".join(pairs[:VALUES_NAMED])})]
