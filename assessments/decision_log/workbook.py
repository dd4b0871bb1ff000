"""Rows of an Excel workbook's first sheet, as text: WorkbookTable."""

from __future__ import annotations

import datetime as dt
import re
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
MAX_CELLS = 6_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
_BLOCK = 1024 * 1024
_ROWS = 65_536
_SHEETS = "xl/worksheets/"
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?(?:row|c)\s[^>]*?\br=["'][A-Z]{0,3}(\d{1,9})["']""")
_COLUMN = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})\d{1,9}["']""")


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
    """Judged in the packed file before anything is unpacked into memory: one far cell makes a sheet of all between."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [one for one in archive.infolist() if one.filename.startswith(_SHEETS)]
            fits = sum(one.file_size for one in archive.infolist()) <= MAX_UNPACKED_BYTES
            fits = fits and all(_fits(archive, one) for one in sheets)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise LogRefusedError(
            f"{path.name} cannot be unpacked ({error}). Save it as CSV (UTF-8).",
            f"{path.name}의 압축을 풀 수 없습니다. CSV(UTF-8)로 저장하십시오.",
        ) from None
    if not fits:
        raise LogRefusedError(
            f"{path.name} holds more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells, which is too much for a workbook. "
            "Save it as CSV (UTF-8).",
            f"{path.name}에 {MAX_ROWS:,}행 또는 {MAX_CELLS:,}칸이 넘게 들어 있어 엑셀 파일로는 읽지 않습니다. "
            "CSV(UTF-8)로 저장하십시오.",
        )


def _fits(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> bool:
    rows = last = columns = read = 0
    tail = b""
    with archive.open(sheet) as packed:
        while block := packed.read(_BLOCK):
            read += len(block)
            joined = tail + block
            cut = joined.rfind(b">") + 1 or len(joined)
            whole, tail = joined[:cut], joined[cut:]
            rows += len(_ROW.findall(whole))
            last = max([last, *(int(number) for number in set(_ROW_NUMBER.findall(whole)))])
            columns = max([columns, *(_column(letters) for letters in set(_COLUMN.findall(whole)))])
            height = max(rows, last)
            if height > MAX_ROWS + 1 or height * columns > MAX_CELLS or read > MAX_UNPACKED_BYTES:
                return False
    return True


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    place = 0
    for sign in letters:
        place = place * 26 + sign - ord("A") + 1
    return place
