"""Rows of an Excel workbook's first sheet, as text: WorkbookTable."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine

from assessments.decision_log.faults import LogRefusedError
from assessments.decision_log.tables import Chunk

MAX_ROWS = 300_000
MAX_UNPACKED_BYTES = 1_500_000_000
_BLOCK = 1024 * 1024
_ROWS = 65_536
_SHEETS = "xl/worksheets/"


class WorkbookTable:
    """Values only: a formula counts as the value that was saved with it, and as empty where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_large(path)
        try:
            sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
            self.rows = sheet.to_python(skip_empty_area=False)
        except Exception as error:  # the library raises a dozen kinds of its own
            raise LogRefusedError(
                f"{path.name} cannot be read as a workbook ({str(error).splitlines()[0][:120]}). Save it as CSV (UTF-8).",
                f"{path.name}을(를) 엑셀 파일로 읽을 수 없습니다. CSV(UTF-8)로 저장하십시오.",
            ) from None
        self.comments: tuple[str, ...] = ()
        self.header_line = 1
        while self.rows and _is_comment(self.rows[0]):
            comment = str(self.rows[0][0]).lstrip("#").strip()
            self.comments += (comment,) if comment else ()
            del self.rows[0]
            self.header_line += 1
        self.headers = tuple(str(cell).strip() for cell in self.rows[0]) if self.rows else ()

    def chunks(self, wanted: Sequence[str]) -> Iterator[Chunk]:
        places = {header: self.headers.index(header) for header in wanted}
        total = len(self.rows) - 1
        for start in range(0, total, _ROWS):
            rows = self.rows[1 + start : 1 + start + _ROWS]
            columns = {
                header: pa.array([_text(row[place]) for row in rows], pa.string()) for header, place in places.items()
            }
            records = np.arange(start, start + len(rows), dtype=np.int64)
            yield Chunk(records, columns, share=(start + len(rows)) / total)


def _is_comment(row: Sequence[Any]) -> bool:
    return not any(str(cell).strip() for cell in row) or str(row[0]).startswith("#")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _refuse_large(path: Path) -> None:
    """Counted in the packed file before anything is unpacked into memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [one for one in archive.infolist() if one.filename.startswith(_SHEETS)]
            unpacked = sum(one.file_size for one in archive.infolist())
            rows = max((_rows(archive, one) for one in sheets), default=0) if unpacked <= MAX_UNPACKED_BYTES else 0
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise LogRefusedError(
            f"{path.name} cannot be unpacked ({error}). Save it as CSV (UTF-8).",
            f"{path.name}의 압축을 풀 수 없습니다. CSV(UTF-8)로 저장하십시오.",
        ) from None
    if unpacked > MAX_UNPACKED_BYTES or rows > MAX_ROWS + 1:
        raise LogRefusedError(
            f"{path.name} holds more than {MAX_ROWS:,} rows, which is too much for a workbook. Save it as CSV (UTF-8).",
            f"{path.name}에 {MAX_ROWS:,}행이 넘게 들어 있어 엑셀 파일로는 읽지 않습니다. CSV(UTF-8)로 저장하십시오.",
        )


def _rows(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> int:
    """Rows of one sheet, counted until there are too many."""
    count, tail, read = 0, b"", 0
    with archive.open(sheet) as packed:
        while (block := packed.read(_BLOCK)) and count <= MAX_ROWS + 1 and read <= MAX_UNPACKED_BYTES:
            read += len(block)
            joined = tail + block
            tail = joined[-4:]
            count += joined.count(b"<row ") + joined.count(b"<row>") - tail.count(b"<row ") - tail.count(b"<row>")
    return count
