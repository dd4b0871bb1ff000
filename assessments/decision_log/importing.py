"""From a file to a decision log, streaming; bad rows are named and counted, never dropped in silence: read_log, look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessments.decision_log import columns as column_names
from assessments.decision_log import meaning, sniffing, tables
from assessments.decision_log.collecting import Collector
from assessments.decision_log.columns import COLUMN_TITLES, Column, LogMapping, Suggestion, suggest
from assessments.decision_log.faults import ImportCancelledError, LogRefusedError
from assessments.decision_log.log import ImportedLog, LogFile

MADE_PREFIX = "MADE-"
"""Case ids of made logs start with it."""
MADE_COMMENT = "made by haetae log make"
FICTIONAL_COMMENT = "Example, fictional"
"""A comment line before the headers with either says that the log is made and nobody's."""
PREVIEW_ROWS = 20
_SCAN_SHARE = 0.2
"""Of the whole work; the rest is reading rows."""

Progress = Callable[[float], None]
"""Called with the share that is done, 0 to 1, some hundred times at most."""


@dataclass(frozen=True)
class Look:
    """A first look at a file: enough to map its columns on a screen."""

    file: LogFile
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows, as text."""
    suggestion: Suggestion


def look(path: Path, name: str = "") -> Look:
    """Headers, first rows and a suggested mapping. Raises: LogRefusedError; OSError."""
    sniffed = sniffing.sniff(path)
    table = tables.open_table(path, sniffed)
    _check_headers(name or path.name, table.headers)
    wanted = list(dict.fromkeys(header for header in table.headers if header))
    first = next(table.chunks(wanted), None)
    shown = [first.columns[header].slice(0, PREVIEW_ROWS).to_pylist() for header in wanted] if first else []
    rows = tuple(tuple("" if value is None else str(value) for value in row) for row in zip(*shown, strict=True))
    made = _is_said_made(table.comments)
    file = _file(name or path.name, sniffed, made)
    return Look(file, tuple(wanted), rows, suggest(wanted))


def read_log(
    path: Path,
    mapping: LogMapping | None = None,
    *,
    key: bytes,
    at: datetime,
    name: str = "",
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportedLog:
    """The file's rows as a decision log.

    mapping: None suggests one from the headers. key: the organisation's, for the reviewers' pseudonyms, which are the
    same in every import with it. at: aware; a decision later than it is a bad row. name: of the file, as shown.

    Raises: LogRefusedError where the file as a whole cannot be used; ImportCancelledError; OSError.
    """
    name = name or path.name
    report = _Reporter(progress, is_cancelled, path.stat().st_size)
    sniffed = sniffing.sniff(path, report.scanned)
    table = tables.open_table(path, sniffed)
    _check_headers(name, table.headers)
    mapping = mapping or suggest(table.headers).mapping()
    _check_mapping(name, table.headers, mapping)
    wanted = list(dict.fromkeys([*mapping.columns.values(), *mapping.groups.values()]))
    collector = Collector(mapping, key, at)
    for chunk in table.chunks(wanted):
        collector.add(chunk)
        report.read(chunk.share)
    log, rows = collector.finish(_lines(path, sniffed, table))
    if not rows.used:
        raise LogRefusedError(
            f"{name} has no usable row among {rows.total:,}. {_most_frequent(rows.bad)}",
            f"{name}에는 {rows.total:,}행 가운데 쓸 수 있는 행이 없습니다. 대응표와 원래 기록을 확인하십시오.",
        )
    meaning.check_labels(name, log)
    made = collector.is_made or _is_said_made(table.comments)
    mapped = {**{column.value: header for column, header in mapping.columns.items()}, **mapping.groups}
    report.read(1.0)
    return ImportedLog(log, _file(name, sniffed, made), rows, mapped)


def _is_said_made(comments: Sequence[str]) -> bool:
    return any(mark in comment for comment in comments for mark in (MADE_COMMENT, FICTIONAL_COMMENT))


class _Reporter:
    """Tells how far it is and stops when asked to."""

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
        raise LogRefusedError(
            f"{name} has no header with at least three columns. The first line must name the columns, "
            "separated by commas, semicolons or tabs.",
            f"{name}에 열이 셋 이상인 머리글이 없습니다. 첫 줄에 열 이름을 쉼표, 쌍반점 또는 탭으로 나누어 적으십시오.",
        )


def _check_mapping(name: str, headers: tuple[str, ...], mapping: LogMapping) -> None:
    missing = [column for column in column_names.REQUIRED if column not in mapping.columns]
    if missing:
        en = ", ".join(COLUMN_TITLES[column].en for column in missing)
        ko = ", ".join(COLUMN_TITLES[column].ko for column in missing)
        shown = ", ".join(headers[:30])
        raise LogRefusedError(
            f"{name}: no column is known for {en}. Name it in a mapping; the file has: {shown}.",
            f"{name}: {ko}에 해당하는 열을 알 수 없습니다. 대응표에서 정하십시오. 파일의 열: {shown}.",
        )
    mapped = [*mapping.columns.values(), *mapping.groups.values()]
    for header in mapped:
        if headers.count(header) != 1:
            en = "is not in the file" if header not in headers else "stands in the header more than once"
            ko = "파일에 없습니다" if header not in headers else "머리글에 두 번 이상 있습니다"
            raise LogRefusedError(
                f"{name}: the column '{header}' {en}. Correct the mapping or the header; the file has: "
                f"{', '.join(headers[:30])}.",
                f"{name}: ‘{header}’ 열이 {ko}. 대응표나 머리글을 고치십시오. 파일의 열: {', '.join(headers[:30])}.",
            )
        if mapped.count(header) > 1:
            raise LogRefusedError(
                f"{name}: the column '{header}' is mapped twice. Map it once.",
                f"{name}: ‘{header}’ 열이 두 번 대응되어 있습니다. 한 번만 대응시키십시오.",
            )


def _lines(path: Path, sniffed: sniffing.Sniffed, table: tables.Table) -> Callable[[set[int], int], dict[int, int]]:
    """How record numbers become lines of the file; where quoted values hold line breaks, the file is read again."""

    def lines(records: set[int], total: int) -> dict[int, int]:
        if sniffed.kind is sniffing.Kind.CSV:
            if sniffed.lines != sniffed.body_line - 1 + total:
                return sniffing.physical_lines(path, sniffed, records)
            return {record: sniffed.body_line + record for record in records}
        first = getattr(table, "header_line", 0) + 1
        return {record: first + record for record in records}

    return lines


def _most_frequent(bad: object) -> str:
    from assessments.decision_log.faults import REMEDY, WHAT, Fault

    counts = dict(bad) if isinstance(bad, dict) else {}
    if not counts:
        return "Export the log again."
    fault = Fault(max(counts, key=lambda one: counts[one]))
    return f"Most often: {WHAT[fault].en}. {REMEDY[fault].en}"


__all__ = ["MADE_COMMENT", "MADE_PREFIX", "Column", "Look", "look", "read_log"]
