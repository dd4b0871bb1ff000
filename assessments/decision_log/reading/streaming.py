"""Streams a file into a decision log; bad rows are listed and counted, never dropped silently: read_log, look."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assessments.decision_log.reading import chunks, meaning, sniffing, spans, tables
from assessments.decision_log.reading import columns as column_names
from assessments.decision_log.reading.choices import Aside, ColumnReading, How, MissingWord, Reading, Remark
from assessments.decision_log.reading.collecting import Collected, Collector, Place, Places
from assessments.decision_log.reading.columns import (
    COLUMN_TITLES,
    FEW_VALUES,
    NUMBERS,
    REQUIRED,
    Column,
    LogMapping,
    Suggestion,
    similar,
    suggest,
)
from assessments.decision_log.reading.faults import REMEDY, WHAT, Fault, ImportCancelledError, LogRefusedError, refused
from assessments.decision_log.reading.log import ImportedLog, LogFile, RowCount
from assessments.decision_log.reading.numbering import as_text
from assessments.decision_log.reading.preparing import with_ids
from assessments.decision_log.texts import TEXTS
from questionnaires.vocabulary import Text

MADE_PREFIX = "MADE-"
"""Prefix of the case ids in made logs."""
MADE_COMMENT = "made by haetae log make"
FICTIONAL_COMMENT = "Example, fictional"
"""Either of these in a comment line before the headers marks a log as synthetic."""
PREVIEW_ROWS = 20
_EXAMPLES = 5
_CHUNKS_AHEAD = 3
_SCAN_SHARE = 0.2
"""Share of the total work; the rest is reading rows."""

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, at most a few hundred times."""


@dataclass(frozen=True)
class Look:
    """A preview of a file, enough to map its columns on a screen."""

    file: LogFile
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows, as text."""
    suggestion: Suggestion
    reading: Reading
    """What is known before rows are read: encoding, delimiter, sheets, header line, columns."""


@dataclass(frozen=True)
class _Opened:
    """An open file with known columns."""

    sniffed: sniffing.Sniffed
    table: chunks.Table
    suggestion: Suggestion
    mapping: LogMapping
    """The mapping in use."""
    guessed: frozenset[str]
    """Columns and groups inferred from headers, not named in the mapping."""
    dropped: tuple[Remark, ...]
    """Inferred columns that cannot be used."""


def look(path: Path, name: str = "", mapping: LogMapping | None = None, most: int | None = None) -> Look:
    """Headers, first rows and a suggested mapping. most: maximum size in bytes. Raises: LogRefusedError; OSError."""
    name = name or path.name
    sniffed = sniffing.sniff(path, mapping=mapping, most=most)
    table = tables.open_table(path, sniffed, mapping)
    _check_headers(name, table.headers)
    wanted = list(dict.fromkeys(header for header in table.headers if header))
    readable = [header for header in wanted if header not in table.unreadable]
    first = next((chunk for chunk in table.chunks(readable) if chunk.columns), None)
    held = (
        {} if first is None else {header: _texts(first.columns[header].slice(0, PREVIEW_ROWS)) for header in readable}
    )
    height = max(map(len, held.values()), default=0)
    shown = [held.get(header, [""] * height) for header in wanted]
    rows = tuple(zip(*shown, strict=True))
    opened = _opened(sniffed, table, mapping)
    file = _file(name, sniffed, _is_said_made(table.comments))
    return Look(file, tuple(wanted), rows, suggest(wanted), _reading(opened))


def _texts(column: Any) -> list[str]:
    """The cells as text; all empty if one holds a time outside the calendar."""
    try:
        return list(as_text(column).to_pylist())
    except pa.ArrowException:
        return [""] * len(column)


def read_log(
    path: Path,
    mapping: LogMapping | None = None,
    *,
    key: bytes,
    at: datetime,
    name: str = "",
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    most: int | None = None,
) -> ImportedLog:
    """Reads the file's rows into a decision log.

    mapping: None infers one from the headers. key: the organisation's, for the reviewers' pseudonyms, which are the
    same in every import with it. at: aware; a decision after it is a bad row. name: of the file, as shown.
    most: maximum size in bytes; None: unlimited.

    Raises: LogRefusedError where the file as a whole cannot be used; ImportCancelledError; OSError.
    """
    name = name or path.name
    report = _Reporter(progress, is_cancelled, path.stat().st_size)
    sniffed = sniffing.sniff(path, report.scanned, mapping, most)
    table = tables.open_table(path, sniffed, mapping)
    _check_headers(name, table.headers)
    opened = _opened(sniffed, table, mapping)
    mapping = opened.mapping
    _check_mapping(name, opened)
    wanted = list(dict.fromkeys([*mapping.columns.values(), *mapping.groups.values()]))
    first = _first_header(table, sniffed)
    collector = Collector(mapping, key, at, guessed=opened.guessed, epoch=table.epoch, first=first, rows=table.rows)
    try:
        parts = table.chunks(list(dict.fromkeys([*wanted, *filter(None, [first])])), _few(mapping))
        for chunk in _ahead(parts, lambda chunk: with_ids(chunk, mapping.columns[Column.CASE], collector.missing)):
            collector.add(chunk)
            report.read(chunk.share)
    except LogRefusedError:
        _refuse_open_quote(path, sniffed, mapping)
        raise
    spans_lines = sniffed.kind is sniffing.Kind.CSV and sniffed.lines != sniffed.body_line - 1 + _records(collector)
    if spans_lines:
        _refuse_open_quote(path, sniffed, mapping)
    pa.default_memory_pool().release_unused()
    collected = collector.finish(_places(path, sniffed, table))
    if not collected.rows.used:
        raise nothing_usable(name, collected.rows)
    meaning.check_labels(name, collected.log)
    made = collector.is_made or _is_said_made(table.comments)
    used = collected.mapping
    mapped = {**{column.value: header for column, header in used.columns.items()}, **used.groups}
    report.read(1.0)
    return ImportedLog(
        collected.log, _file(name, sniffed, made), collected.rows, mapped, used, _reading(opened, collected)
    )


def _few(mapping: LogMapping) -> list[str]:
    """Headers of the columns with few distinct values."""
    columns = [mapping.columns[column] for column in FEW_VALUES if column in mapping.columns]
    return list(dict.fromkeys([*columns, *mapping.groups.values()]))


def _ahead(
    coming_chunks: Iterator[chunks.Chunk], prepare: Callable[[chunks.Chunk], chunks.Chunk]
) -> Iterator[chunks.Chunk]:
    """The chunks in order; the next ones are read and prepared while one is being checked."""
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as preparer:

        def prepared(coming: Future[chunks.Chunk | None]) -> chunks.Chunk | None:
            chunk = coming.result()
            return None if chunk is None else prepare(chunk)

        def order() -> Future[chunks.Chunk | None]:
            return preparer.submit(prepared, reader.submit(next, coming_chunks, None))

        ordered = deque(order() for _ in range(_CHUNKS_AHEAD))
        while (chunk := ordered.popleft().result()) is not None:
            ordered.append(order())
            yield chunk


def _opened(sniffed: sniffing.Sniffed, table: chunks.Table, mapping: LogMapping | None) -> _Opened:
    """The mapping to use: what was given, else what the headers suggest and the file supports."""
    suggestion = suggest(table.headers)
    log_mapping = mapping or LogMapping()
    if log_mapping.columns:
        return _Opened(sniffed, table, Suggestion({}, {}), log_mapping, frozenset(), ())
    dropped: list[Remark] = []
    columns, groups = dict(suggestion.columns), dict(log_mapping.groups or suggestion.groups)
    for meant, header in [*columns.items(), *(suggestion.groups.items() if not log_mapping.groups else ())]:
        if header in table.unreadable and meant not in REQUIRED:
            values = {"column": str(meant), "header": header, "kind": table.unreadable[header]}
            dropped.append(Remark("guess_unreadable", values))
    unusable = {remark.values["column"] for remark in dropped}
    columns = {column: header for column, header in columns.items() if column not in unusable}
    groups = {group: header for group, header in groups.items() if group not in unusable}
    guessed = {column.value for column in columns} | (set() if log_mapping.groups else set(groups))
    for meant, headers in suggestion.ambiguous.items():
        if meant not in groups or not log_mapping.groups:
            dropped.append(Remark("ambiguous", {"column": meant, "headers": ", ".join(headers)}))
    dropped += _offered(table.headers, columns, groups, {str(remark.values.get("column")) for remark in dropped})
    used = log_mapping.model_copy(update={"columns": columns, "groups": groups})
    return _Opened(sniffed, table, suggestion, used, frozenset(guessed), tuple(dropped))


def _offered(
    headers: Sequence[str], columns: Mapping[Column, str], groups: Mapping[str, str], mentioned: set[str]
) -> list[Remark]:
    """Remarks on unused headers that resemble a missing column."""
    used = {*columns.values(), *groups.values()}
    free = [header for header in headers if header and header not in used]
    known = column_names.words()
    remarks = []
    timed = {Column.SECONDS, Column.MINUTES, Column.SHOWN}
    durations = [header for header in free if column_names.is_duration(header)]
    if durations and not timed & set(columns):
        remarks.append(Remark("unit_unknown", {"headers": ", ".join(durations)}))
    lacking = [
        column.value
        for column in Column
        if column not in columns and column not in (*REQUIRED, *timed, *NUMBERS, Column.LATER)
    ]
    for name in [*lacking, *(group for group in known["groups"] if group not in groups)]:
        likely = similar(free, name) if name not in mentioned else ()
        if likely:
            remarks.append(Remark("similar_columns", {"column": name, "headers": ", ".join(likely[:_EXAMPLES])}))
    return remarks


def _first_header(table: chunks.Table, sniffed: sniffing.Sniffed) -> str:
    """Header of the first column of a text file or workbook, where totals are labelled. Empty: not readable by name."""
    first = table.headers[0]
    return first if sniffed.kind is not sniffing.Kind.PARQUET and table.headers.count(first) == 1 else ""


def _records(collector: Collector) -> int:
    """Number of records read, without trailing blank ones."""
    return max([collector.records, *(record + 1 for record, _, _ in collector.bad)])


def _refuse_open_quote(path: Path, sniffed: sniffing.Sniffed, mapping: LogMapping) -> None:
    if sniffed.kind is sniffing.Kind.CSV:
        output, decision = (sniffed.headers.index(mapping.columns[name]) for name in (Column.OUTPUT, Column.DECISION))
        spans.refuse_open_quote(path, sniffed, (output, decision))


def _reading(opened: _Opened, collected: Collected | None = None) -> Reading:
    """Everything that was decided while reading."""
    sniffed, mapping, suggestion = opened.sniffed, collected.mapping if collected else opened.mapping, opened.suggestion
    meant = {**{column.value: header for column, header in mapping.columns.items()}, **mapping.groups}
    columns = tuple(
        ColumnReading(
            name,
            header,
            How.GUESSED if name in opened.guessed else How.SAID,
            suggestion.known.get(header, "") if name in opened.guessed else "",
            tuple(other for other in suggestion.others.get(name, ()) if other not in meant.values()),
        )
        for name, header in meant.items()
    )
    lists = [Remark("list_values", {"column": name}) for name, header in meant.items() if header in opened.table.lists]
    return Reading(
        encoding=sniffed.encoding,
        delimiter=sniffed.delimiter,
        header_line=sniffed.header_line,
        sheets=opened.table.sheets,
        columns=columns,
        joined=collected.joined if collected else (),
        missing=tuple(MissingWord(*place, cells) for place, cells in sorted(collected.missing.items()))
        if collected
        else (),
        aside=_aside(collected.rows) if collected else (),
        assumed=(*opened.table.remarks, *lists, *(collected.assumed if collected else ())),
        not_computed=(*opened.dropped, *(collected.not_computed if collected else ())),
        asked=collected.asked if collected else (),
        blank_rows=collected.blank_rows if collected else 0,
    )


def _aside(rows: RowCount) -> tuple[Aside, ...]:
    places: dict[Fault, list[str]] = {}
    for bad_row in rows.first_bad:
        places.setdefault(bad_row.fault, []).append(
            f"{bad_row.sheet}!{bad_row.line}" if bad_row.sheet else f"{bad_row.line}"
        )
    return tuple(
        Aside(fault.value, count, tuple(places.get(fault, ())[:_EXAMPLES])) for fault, count in rows.bad.items()
    )


def _is_said_made(comments: Sequence[str]) -> bool:
    return any(mark in comment for comment in comments for mark in (MADE_COMMENT, FICTIONAL_COMMENT))


class _Reporter:
    """Reports progress and stops on request."""

    def __init__(self, progress: Progress | None, is_cancelled: Callable[[], bool], size: int) -> None:
        self.progress, self.is_cancelled, self.size, self.said = progress, is_cancelled, max(1, size), -1.0

    def scanned(self, read: int) -> None:
        self._say(_SCAN_SHARE * read / self.size)

    def read(self, share: float) -> None:
        self._say(_SCAN_SHARE + (1 - _SCAN_SHARE) * share)

    def _say(self, share: float) -> None:
        if self.is_cancelled():
            raise ImportCancelledError
        if self.progress and (share - self.said > 1 / 200 or share >= 1.0 > self.said):
            self.said = share
            self.progress(min(1.0, share))


def _file(name: str, sniffed: sniffing.Sniffed, made: bool) -> LogFile:
    return LogFile(
        name, sniffed.sha256, sniffed.size, sniffed.kind.value, sniffed.encoding, sniffed.delimiter, is_made=made
    )


def _check_headers(name: str, headers: tuple[str, ...]) -> None:
    if len(headers) < len(column_names.REQUIRED):
        raise refused("no_header", name=name)


def _check_mapping(name: str, opened: _Opened) -> None:
    """Raises: LogRefusedError if required columns are unknown or unreadable."""
    table, mapping = opened.table, opened.mapping
    headers = table.headers
    missing = [column for column in REQUIRED if column not in mapping.columns]
    if missing:
        raise _unknown_columns(name, opened, missing)
    mapped = [*mapping.columns.values(), *mapping.groups.values()]
    for header in mapped:
        if headers.count(header) != 1:
            kind = "column_twice" if header in headers else "no_such_column"
            raise refused(kind, name=name, header=header, headers=", ".join(headers[:30]))
        if mapped.count(header) > 1:
            raise refused("mapped_twice", name=name, header=header)
        if header in table.unreadable:
            raise refused("unreadable_column", name=name, header=header, kind=table.unreadable[header])


def _unknown_columns(name: str, opened: _Opened, missing: Sequence[Column]) -> LogRefusedError:
    headers = [header for header in opened.table.headers if header]
    taken = {*opened.mapping.columns.values(), *opened.mapping.groups.values()}
    free = [header for header in headers if header not in taken]
    likely = {header: None for column in missing for header in similar(free, column)}
    lines = [sheet.header_line for sheet in opened.table.sheets if sheet.header_line] or [opened.sniffed.header_line]
    columns = Text(
        ko=", ".join(COLUMN_TITLES[column].ko for column in missing),
        en=", ".join(COLUMN_TITLES[column].en for column in missing),
    )
    candidates = TEXTS.text("candidates", headers=", ".join(likely)) if likely else ""
    shown = ", ".join(headers[:30])
    return refused("columns_unknown", name=name, columns=columns, line=lines[0], headers=shown, candidates=candidates)


def _places(path: Path, sniffed: sniffing.Sniffed, table: chunks.Table) -> Places:
    """Maps record numbers to lines of the file; if quoted values contain line breaks, the file is read again."""

    def places(records: set[int], total: int) -> Mapping[int, Place]:
        if isinstance(table, chunks.SheetTable):
            return {record: Place(*table.place_of(record)) for record in records}
        if sniffed.kind is sniffing.Kind.PARQUET:
            return {record: Place(1 + record) for record in records}
        if sniffed.lines != sniffed.body_line - 1 + total:
            lines = spans.physical_lines(path, sniffed, records)
            return {record: Place(line) for record, line in lines.items()}
        return {record: Place(sniffed.body_line + record) for record in records}

    return places


def nothing_usable(name: str, rows: RowCount, remedies: Mapping[Fault, Text] = REMEDY) -> LogRefusedError:
    """The error for a log without a usable row, with the most frequent reason."""
    why: Text | str = ""
    remedy = TEXTS.text("export_again")
    if rows.bad:
        fault = max(rows.bad, key=lambda kind: rows.bad[kind])
        why, remedy = TEXTS.text("most_often", what=WHAT[fault]), remedies[fault]
    return refused("nothing_usable", name=name, total=f"{rows.total:,}", why=why, remedy=remedy)
