"""What can be shown of a log before it is counted, and which of it is inferred: place, read_through.

It contains reviewers' names as in the file; it is only for the person who uploaded the file and is never stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading import meaning, sniffing, streaming, tables
from assessments.decision_log.reading.choices import Reading
from assessments.decision_log.reading.columns import Column, LogMapping, suggest, words
from assessments.decision_log.reading.faults import LogRefusedError
from assessments.decision_log.reading.numbering import as_text
from assessments.decision_log.reading.preview_model import Guesses, Place, ReadThrough, ValueCount
from assessments.decision_log.reading.spelling import as_label, constant, key_of

MOST_VALUES = 60
"""Most distinct values listed per column."""
MOST_NAMES = 5_000
"""Most reviewers searched for names of machines."""
LINES = 12
_CHARACTERS = 200
_BYTES = 64 * 1024
_BY_VALUE = (Column.OUTPUT, Column.DECISION, Column.REVIEWER, Column.STAGE, Column.AUTOMATIC)
"""Columns whose values a mapping can translate, besides groups."""


def place(path: Path, mapping: LogMapping | None) -> Place:
    """The first lines of a file whose header may be further down."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return Place()
    if start == b"PK\x03\x04":
        return _in_workbook(path, mapping)
    with path.open("rb") as file:
        head = file.read(_BYTES)
    encoding = (mapping.encoding if mapping else None) or _encoding(head)
    return Place(tuple(line[:_CHARACTERS] for line in head.decode(encoding, "replace").splitlines()[:LINES]))


def _encoding(head: bytes) -> str:
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"


def _in_workbook(path: Path, mapping: LogMapping | None) -> Place:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = tuple(book.sheet_names)
        mapped_sheets = [name for name in (mapping.sheets if mapping else None) or () if name in names]
        sheet = mapped_sheets[0] if mapped_sheets else names[0]
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=LINES)
    except Exception:  # the library raises a dozen kinds of its own; what is wrong is said where the rows are read
        return Place()
    lines = (" | ".join(str(cell) for cell in row).rstrip(" |")[:_CHARACTERS] for row in rows)
    return Place(tuple(lines), sheet, names)


def read_through(
    path: Path,
    mapping: LogMapping,
    *,
    key: bytes,
    at: datetime,
    name: str,
    progress: Callable[[float], None] = lambda _: None,
) -> ReadThrough:
    """Reads every row as for counting, without counting. Raises: LogRefusedError; OSError."""
    values = _values(path, mapping, lambda share: progress(share / 2))
    try:
        imported_log = streaming.read_log(
            path, mapping, key=key, at=at, name=name, progress=lambda share: progress((1 + share) / 2)
        )
    except LogRefusedError as error:
        return ReadThrough(_listed(values), problem=error.text)
    outcomes = imported_log.log.outcomes
    return ReadThrough(
        _listed(values),
        imported_log.reading,
        imported_log.rows.total,
        imported_log.rows.used,
        outcomes,
        _guesses(values, imported_log.reading, mapping, outcomes),
    )


def _values(path: Path, mapping: LogMapping, progress: Callable[[float], None]) -> dict[str, Counter[str]]:
    """Column or group → each value, as text, with its number of cells."""
    sniffed = sniffing.sniff(path, mapping=mapping)
    table = tables.open_table(path, sniffed, mapping)
    suggested = suggest(table.headers)
    columns, groups = (mapping.columns, mapping.groups) if mapping.columns else (suggested.columns, suggested.groups)
    meant = {column.value: columns[column] for column in _BY_VALUE if column in columns}
    meant |= mapping.groups or groups
    meant = {
        column: header
        for column, header in meant.items()
        if table.headers.count(header) == 1 and header not in table.unreadable
    }
    counts: dict[str, Counter[str]] = {column: Counter() for column in meant}
    for chunk in table.chunks(list(dict.fromkeys(meant.values()))):
        for column, header in meant.items():
            if header in chunk.columns and len(counts[column]) <= MOST_NAMES:
                counts[column].update(_counted(chunk.columns[header]))
        progress(chunk.share)
    return counts


def _counted(column: Any) -> dict[str, int]:
    try:
        pairs = pc.value_counts(as_text(column)).to_pylist()
    except pa.ArrowException:  # a time that no calendar holds; the reading says so
        return {}
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts[as_label(constant(pair["values"]))] += pair["counts"]
    return counts


def _listed(values: Mapping[str, Counter[str]]) -> dict[str, tuple[ValueCount, ...]]:
    return {
        column: tuple(
            ValueCount(text, count)
            for text, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
        )
        for column, counts in values.items()
    }


def _guesses(
    values: Mapping[str, Counter[str]], reading: Reading, mapping: LogMapping, outcomes: tuple[str, ...]
) -> Guesses:
    assumed = {remark.key for remark in reading.assumed}
    missing = meaning.missing(mapping)
    reviewers, flags = (
        [text for text in values.get(column, ()) if not missing.is_missing(text)]
        for column in (Column.REVIEWER, Column.AUTOMATIC)
    )
    is_no_person, says_yes = meaning.is_no_person(mapping), meaning.says_yes(mapping)
    held, favour = meaning.machine_words(mapping), meaning.favour(outcomes, mapping)
    guesses = Guesses(unknown=favour.unknown)
    if favour.is_guess:
        guesses = replace(guesses, favourable=tuple(outcomes[code] for code in sorted(favour.codes)))
    if "no_person_names" in assumed:
        guesses = replace(guesses, automatic_reviewers=_once(text for text in reviewers if is_no_person(text)))
    if "automatic_values" in assumed:
        yes = _once(text for text in flags if says_yes(text)) or tuple(words()["automatic_values"])
        guesses = replace(guesses, automatic_values=yes)
    if reading.is_asked("machine_names"):
        guesses = replace(guesses, machines=_once(text for text in reviewers if held(text) and not is_no_person(text)))
    return guesses


def _once(texts: Any) -> tuple[str, ...]:
    """The first of each set of spellings that are one label."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(key_of(text), text)
    return tuple(sorted(first.values()))
