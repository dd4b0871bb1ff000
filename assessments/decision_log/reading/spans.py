"""Values of a text file that span lines: refuse_open_quote, physical_lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.sniffing import Sniffed


def refuse_open_quote(path: Path, sniffed: Sniffed, places: tuple[int, int]) -> None:
    """Raises: LogRefusedError where a value that spans lines holds what are rows of the log.

    places: of AI output and final decision among the columns. Only for files in which values span lines.
    """
    seen: set[tuple[str, str]] = set()
    for is_second in (False, True):
        for start, end, cells in _spans(path, sniffed):
            if end - start == 1:
                if cells and len(cells) == sniffed.width and len(seen) < 10_000:
                    seen.add((cells[places[0]], cells[places[1]]))
            elif is_second and (cells is None or _holds_rows(cells, sniffed, places, seen)):
                first, last = sniffed.body_line + start, sniffed.body_line + end - 1
                raise refused("open_quote", name=path.name, line=f"{first:,}", last=f"{last:,}")


def _spans(path: Path, sniffed: Sniffed) -> Iterator[tuple[int, int, list[str] | None]]:
    """Lines below the header from and to, and the cells; None: text goes on behind a quotation mark that closes."""
    with path.open("rb") as raw:
        raw.seek(sniffed.body_offset)
        text = io.TextIOWrapper(raw, encoding=sniffed.encoding, errors="replace", newline="")
        reader = csv.reader(text, delimiter=sniffed.delimiter, strict=True)
        while True:
            start = reader.line_num
            try:
                cells = next(reader, None)
            except csv.Error:
                yield start, reader.line_num, None
                continue
            if cells is None:
                return
            yield start, reader.line_num, cells


def _holds_rows(cells: list[str], sniffed: Sniffed, places: tuple[int, int], seen: set[tuple[str, str]]) -> bool:
    """Whether a line inside a value is itself a row of the log, with outcomes that other rows have."""
    for cell in cells:
        for line in cell.splitlines()[1:]:
            parts = line.split(sniffed.delimiter)
            if len(parts) == sniffed.width and (parts[places[0]], parts[places[1]]) in seen:
                return True
    return False


def physical_lines(path: Path, sniffed: Sniffed, records: set[int]) -> dict[int, int]:
    """Record (0 is the first after the header) → line on which it starts, where quoted values may hold line breaks."""
    lines: dict[int, int] = {}
    last = max(records, default=-1)
    with path.open("rb") as raw:
        raw.seek(sniffed.body_offset)
        text = io.TextIOWrapper(raw, encoding=sniffed.encoding, newline="")
        reader = csv.reader(text, delimiter=sniffed.delimiter)
        start = 0
        for record, _ in enumerate(reader):
            if record in records:
                lines[record] = sniffed.body_line + start
            if record >= last:
                break
            start = reader.line_num
    return lines
