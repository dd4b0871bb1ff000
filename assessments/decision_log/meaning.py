"""What the values of a log mean: outcomes under common labels, favourable ones, automatic ones."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.columns import LogMapping, plain, words
from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.labels import as_text
from assessments.decision_log.log import DecisionLog


def common_label(mapping: LogMapping) -> Callable[[str], str]:
    """Raw value of AI output or final decision → label."""
    known = {raw: label for label, raws in mapping.values.items() for raw in raws}
    return lambda value: known.get(value, value)


def by_cutoff(column: Any, mapping: LogMapping) -> tuple[Any, npt.NDArray[np.bool_]]:
    """The AI's numbers as labels, and which values are no numbers."""
    cutoff = mapping.cutoff
    if cutoff is None:
        return column, np.zeros(len(column), np.bool_)
    encoded = as_text(column).dictionary_encode()
    least = Decimal(cutoff.at_least)
    labels: list[str] = []
    for text in encoded.dictionary.to_pylist():
        try:
            number = Decimal(text.strip())
        except InvalidOperation:
            number = Decimal("NaN")
        labels.append("" if number.is_nan() else cutoff.then if number >= least else cutoff.otherwise)
    found = pa.array(labels, pa.string()).take(encoded.indices)
    is_bad = np.asarray(pc.and_(pc.equal(found, ""), pc.not_equal(pc.utf8_trim_whitespace(as_text(column)), "")))
    return found, is_bad


def favourable_codes(outcomes: tuple[str, ...], mapping: LogMapping) -> frozenset[int]:
    """Codes of outcomes that are good for the person: as mapped, else by the usual words if those tell all apart."""
    if mapping.favourable is not None:
        return frozenset(code for code, label in enumerate(outcomes) if label in mapping.favourable)
    known = words()["outcomes"]
    good = frozenset(code for code, label in enumerate(outcomes) if plain(label) in known["favourable"])
    bad = frozenset(code for code, label in enumerate(outcomes) if plain(label) in known["unfavourable"])
    return good if good and len(good | bad) == len(outcomes) else frozenset()


def check_labels(name: str, log: DecisionLog) -> None:
    """Raises: LogRefusedError where AI output and final decision share no label, so that every row would differ."""
    outputs = {log.outcomes[code] for code in np.unique(log.output)}
    decisions = {log.outcomes[code] for code in np.unique(log.decision)}
    if outputs & decisions:
        return
    said, decided = ", ".join(sorted(outputs)[:8]), ", ".join(sorted(decisions)[:8])
    raise LogRefusedError(
        f"{name}: AI output ({said}) and final decision ({decided}) share no value, so nothing can be compared. "
        "Say in the mapping, under `values`, which of them mean the same (or give a cutoff for a number).",
        f"{name}: 인공지능 결과({said})와 최종 결정({decided})에 같은 값이 하나도 없어 비교할 수 없습니다. "
        "대응표의 values에 같은 뜻의 값을 정하십시오(숫자이면 cutoff를 정하십시오).",
    )


def says_yes(mapping: LogMapping) -> Callable[[str], bool]:
    """Of the column `automatic`."""
    if mapping.automatic_values:
        return lambda value: value in mapping.automatic_values
    usual = words()["automatic_values"]
    return lambda value: plain(value) in usual


def is_no_person(mapping: LogMapping) -> Callable[[str], bool]:
    """Of the column `reviewer`."""
    if mapping.automatic_reviewers:
        return lambda value: value in mapping.automatic_reviewers
    usual = words()["automatic_reviewers"]
    return lambda value: bool(value) and plain(value) in usual
