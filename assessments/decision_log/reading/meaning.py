"""What the values of a log mean: outcomes by a cutoff, favourable ones, automatic ones, lines that are no decisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading.cleaning import Missing
from assessments.decision_log.reading.columns import LogMapping, marks, without_punctuation, words
from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.log import DecisionLog
from assessments.decision_log.reading.numbering import by_value, encoded
from assessments.decision_log.reading.spelling import as_label, key_of

_TWO = 2
_TOKENS = re.compile(r"[^\W\d_]+")
_SCRIPTS = re.compile(r"(?<=[A-Za-z])(?=[\uac00-\ud7a3])|(?<=[\uac00-\ud7a3])(?=[A-Za-z])")
"""Between Latin letters and Hangul."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ALL_OF = re.compile(rf"{marks()['in_all']}[:=]?[\d,.]+{marks()['counted']}?|[\d,]+rows?(?:selected)?\.?")
"""`30 in all`, as Korean writes it, and `30 rows selected.`"""
_TYPE = re.compile(
    r"(?:n?var)?char2?\(\d+(?:byte|char)?\)|(?:number|numeric|decimal|int|float|timestamp|datetime)\(\d+(?:,\d+)?\)"
)
"""A column's type as a database prints it."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_HOLDS_DIGIT = re.compile(r"\d")
_SERIAL = re.compile(r"(?:[-_#/.]|[^\W\d_])\d{3,}$")
"""How an id ends: TOTAL-0001."""
_YEAR = re.compile(r"(?:19|20)\d\d$")


def missing(mapping: LogMapping) -> Missing:
    """As the mapping says, else by the usual words."""
    known = words()
    if mapping.missing is not None:
        return Missing(mapping.missing, {})
    return Missing(known["missing"], known["absent"])


def by_cutoff(column: Any, mapping: LogMapping, missing: Missing) -> tuple[Any, npt.NDArray[np.bool_]]:
    """The AI's numbers as labels, and which values are no numbers; what is missing stays as it is."""
    cutoff = mapping.cutoff
    if cutoff is None:
        return column, np.zeros(len(column), np.bool_)
    coded = encoded(column)
    least = Decimal(cutoff.at_least)
    labels: list[str] = []
    is_bad: list[bool] = []
    for text in coded.dictionary.to_pylist():
        number = _number(text)
        is_missing = missing.is_missing(text)
        is_bad.append(number is None and not is_missing)
        labels.append(text if number is None else cutoff.then if number >= least else cutoff.otherwise)
    labelled = pa.array(labels, pa.string()).take(coded.indices)
    bad = by_value(coded, is_bad, np.bool_)
    return pc.if_else(pa.array(bad), pa.scalar(""), labelled), bad


def _number(text: str) -> Decimal | None:
    """None: it is no number, or no finite one."""
    try:
        key = key_of(text)
        number = Decimal(key.replace(",", "") if _THOUSANDS.fullmatch(key) else key)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True)
class Favour:
    """Which outcomes are good for the person concerned."""

    codes: frozenset[int]
    """Empty: not known, or none."""
    is_guess: bool = False
    unknown: tuple[str, ...] = ()
    """Labels that neither the mapping nor the usual words place."""
    third: tuple[str, ...] = ()
    """Labels that the mapping counts as not favourable."""


def favour(outcomes: tuple[str, ...], mapping: LogMapping) -> Favour:
    """As mapped, else by the usual words if those tell all outcomes apart."""
    third = {key_of(label) for label in mapping.not_favourable}
    neither = tuple(label for label in outcomes if key_of(label) in third)
    if mapping.favourable is not None:
        good = {key_of(label) for label in mapping.favourable}
        return Favour(frozenset(code for code, label in enumerate(outcomes) if key_of(label) in good), third=neither)
    known = words()["outcomes"]
    favourable = frozenset(
        code for code, label in enumerate(outcomes) if without_punctuation(label) in known["favourable"]
    )
    placed = {
        label for label in outcomes if without_punctuation(label) in known["favourable"] + known["unfavourable"]
    } | set(neither)
    unknown = tuple(label for label in outcomes if label not in placed)
    return Favour(frozenset() if unknown else favourable, bool(favourable) and not unknown, unknown, neither)


def in_doubt(log: DecisionLog, mapping: LogMapping) -> tuple[tuple[str, ...], int]:
    """Outcomes that may mean the same as another, and the cases in which only that would make a departure.

    They are those that only the AI or only people use and whose meaning is not known, and the two sides of a case that are of
    one meaning: both good or both bad for the person, ways of one word, or unlike in characters only. A log of two outcomes that
    are not of one meaning leaves no doubt. What the mapping names is not doubted.
    """
    outputs, decisions = ({log.outcomes[code] for code in np.unique(codes)} for codes in (log.output, log.decision))
    named = {*mapping.values, *(mapping.favourable or ()), *mapping.not_favourable}
    if mapping.cutoff:
        named |= {mapping.cutoff.then, mapping.cutoff.otherwise}
    placed = set(map(key_of, named))
    one_sided = {label for label in outputs ^ decisions if key_of(label) not in placed}
    unknown = {label for label in one_sided if _good(label) is None} if len(outputs | decisions) > _TWO else set()
    codes = [code for code, label in enumerate(log.outcomes) if label in unknown]
    departs = log.output != log.decision
    cases = departs & (np.isin(log.output, codes) | np.isin(log.decision, codes))
    doubtful = set(unknown)
    pairs = np.unique(log.output[departs].astype(np.int64) * len(log.outcomes) + log.decision[departs])
    for output, decision in (divmod(int(pair), len(log.outcomes)) for pair in pairs):
        pair = {log.outcomes[output], log.outcomes[decision]}
        to_place = pair & (outputs ^ decisions) or pair
        if set(map(key_of, to_place)) <= placed or not _are_alike(*pair):
            continue
        doubtful |= pair
        cases |= (log.output == output) & (log.decision == decision)
    return tuple(sorted(doubtful)), log.sum(cases)


def _are_alike(left: str, right: str) -> bool:
    """Whether two outcomes may be one: by the usual words, or because only characters tell them apart."""
    if _good(left) is not None and _good(left) == _good(right):
        return True
    keys = {without_punctuation(left), without_punctuation(right)}
    return len(keys) == 1 or any(keys <= set(group) for group in words()["alike"])


def _good(label: str) -> bool | None:
    """By the usual words. None: they do not have it."""
    known = words()["outcomes"]
    return (
        True
        if without_punctuation(label) in known["favourable"]
        else False
        if without_punctuation(label) in known["unfavourable"]
        else None
    )


def undecided(mapping: LogMapping) -> Callable[[str], bool]:
    """Final decisions that are none yet: those that the mapping names, and the usual words for it that it does not name otherwise."""
    named_keys = set(map(key_of, mapping.undecided))
    placed = set(map(key_of, {*mapping.values, *(mapping.favourable or ()), *mapping.not_favourable}))
    usual = words()["undecided"]
    return lambda label: (
        key_of(label) in named_keys or (without_punctuation(label) in usual and key_of(label) not in placed)
    )


def check_labels(name: str, log: DecisionLog) -> None:
    """Raises: LogRefusedError where AI output and final decision share no label, so that every row would differ."""
    outputs = {log.outcomes[code] for code in np.unique(log.output)}
    decisions = {log.outcomes[code] for code in np.unique(log.decision)}
    if outputs & decisions:
        return
    output_labels, decision_labels = ", ".join(sorted(outputs)[:8]), ", ".join(sorted(decisions)[:8])
    raise refused("no_shared_value", name=name, outputs=output_labels, decisions=decision_labels)


def says_yes(mapping: LogMapping) -> Callable[[str], bool | None]:
    """Of the column `automatic`. None: neither yes nor no is known of the value."""
    if mapping.automatic_values:
        yes_keys = {key_of(value) for value in mapping.automatic_values}
        return lambda value: key_of(value) in yes_keys
    yes, no = words()["automatic_values"], words()["automatic_no"]
    return lambda value: (
        True if without_punctuation(value) in yes else False if without_punctuation(value) in no else None
    )


def is_no_person(mapping: LogMapping) -> Callable[[str], bool]:
    """Of the column `reviewer`."""
    people = {key_of(name) for name in mapping.human_reviewers}
    if mapping.automatic_reviewers:
        machine_keys = {key_of(name) for name in mapping.automatic_reviewers}
        return lambda value: key_of(value) in machine_keys - people
    usual = words()["automatic_reviewers"]
    return lambda value: without_punctuation(value) in usual and key_of(value) not in people


def machine_words(mapping: LogMapping) -> Callable[[str], tuple[str, ...]]:
    """Words in a reviewer's name that machines are called by; none where the mapping says who is a person."""
    people = {key_of(name) for name in mapping.human_reviewers}
    known = words()["machines"]
    long = [word for word in known if not word.isascii()]

    def found(name: str) -> tuple[str, ...]:
        if key_of(name) in people:
            return ()
        parts = {part.casefold() for part in _TOKENS.findall(_SCRIPTS.sub(" ", _CAMEL.sub(" ", as_label(name))))}
        held = {word for word in known if word in parts}
        held |= {word for word in long for part in parts if part.startswith(word) or part.endswith(word)}
        return tuple(sorted(held))

    return found


def is_total(mapping: LogMapping) -> Callable[[str], bool]:
    """Whether a cell names a line of totals, with or without a period or a name beside it."""
    is_named = names_total(mapping)
    usual = _total_words(mapping)
    ends = tuple(word for word in usual if len(word) > 1 and not word.isascii())

    def held(text: str) -> bool:
        if is_named(text):
            return True
        if _has_serial(text):
            return False
        return any(part in usual or part.endswith(ends) for part in _parts(text))

    return held


def names_total(mapping: LogMapping) -> Callable[[str], bool]:
    """Whether a cell is the name of a line of totals and nothing else but figures."""
    usual = _total_words(mapping)

    def held(text: str) -> bool:
        if mapping.totals is None and _ALL_OF.fullmatch(key_of(text)):
            return True
        if without_punctuation(text) in usual:
            return True
        return "".join(_parts(text)) in usual and not _has_serial(text)

    return held


def _has_serial(text: str) -> bool:
    """Whether a text ends as an id does, and not with a year."""
    label = as_label(text)
    return bool(_SERIAL.search(label)) and not _YEAR.search(label)


def _total_words(mapping: LogMapping) -> tuple[str, ...]:
    total_words = words()["totals"] if mapping.totals is None else [key_of(word) for word in mapping.totals]
    return tuple(word for word in map(without_punctuation, total_words) if word)


def _parts(text: str) -> list[str]:
    return [part.casefold() for part in _TOKENS.findall(unicodedata.normalize("NFKC", text))]


def is_unit(text: str) -> bool:
    """Whether a cell states a unit or a format instead of a value."""
    key = key_of(text)
    bare = key.strip("()[]<>{}")
    is_bracketed = bool(key) and key[0] in "([<{" and key[-1] in ")]>}"
    return (
        bare in words()["units"]
        or bool(_TYPE.fullmatch(key))
        or (is_bracketed and not _HOLDS_DIGIT.search(bare))
        or bare.startswith(tuple(words()["unit_marks"]))
    )


def is_number(text: str) -> bool:
    """Whether a cell is a number and nothing else."""
    return _number(text) is not None


def is_count(text: str) -> bool:
    """Whether an outcome's cell rather holds a number of rows, or nothing, as in a line of totals."""
    return not key_of(text) or bool(_HOLDS_DIGIT.search(text))
