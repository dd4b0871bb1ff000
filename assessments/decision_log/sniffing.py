"""What kind of file a decision log is, judged by its content: Sniffed, sniff."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assessments.decision_log.faults import LogRefusedError

MAX_BYTES = 300_000_000
_BLOCK = 4 * 1024 * 1024
_HEAD = 1024 * 1024
_DELIMITERS = (",", ";", "\t")
_UTF8_BOM = codecs.BOM_UTF8

Step = Callable[[int], None]
"""Called with the bytes read so far; may raise to stop."""


class Kind(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Sniffed:
    """A file as far as it must be known before its rows are read."""

    kind: Kind
    size: int
    """Bytes."""
    sha256: str
    encoding: str = ""
    """utf-8 or cp949. Empty: no text file."""
    delimiter: str = ""
    """Of a text file."""
    headers: tuple[str, ...] = ()
    """Of a text file; the others know their own."""
    comments: tuple[str, ...] = ()
    """Lines before the header that start with #, without it."""
    body_offset: int = 0
    """Byte at which the first row of a text file starts."""
    body_line: int = 1
    """Line on which it starts; 1 is the first line of the file."""
    lines: int = 0
    """Of a text file, whether or not the last one ends."""


def sniff(path: Path, step: Step = lambda _: None) -> Sniffed:
    """Reads the whole file once, for digest and encoding. Raises: LogRefusedError; OSError."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LogRefusedError(
            f"{path.name} has {size:,} bytes; at most {MAX_BYTES:,} are read. Split it by period, or save it as Parquet.",
            f"{path.name}의 크기가 {size:,}바이트입니다. {MAX_BYTES:,}바이트까지 읽습니다. 기간별로 나누거나 Parquet으로 저장하십시오.",
        )
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if start[:4] == b"PAR1" and end == b"PAR1":
        return Sniffed(Kind.PARQUET, size, _scan(path, step).sha256)
    if start[:4] == b"PK\x03\x04" and _is_workbook(path):
        return Sniffed(Kind.XLSX, size, _scan(path, step).sha256)
    _refuse_known(path, start)
    return _text(path, size, step)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _refuse_known(path: Path, start: bytes) -> None:
    known = {
        b"\xd0\xcf\x11\xe0": ("an old Excel file (.xls)", "옛 엑셀 파일(.xls)"),
        b"PK\x03\x04": ("a packed file (zip)", "압축 파일(zip)"),
        b"PAR1": ("a Parquet file that was cut off", "잘린 Parquet 파일"),
        b"%PDF": ("a PDF file", "PDF 파일"),
        b"\x1f\x8b": ("a packed file (gzip)", "압축 파일(gzip)"),
        b"\xff\xfe": ("a text file in UTF-16", "UTF-16 텍스트 파일"),
        b"\xfe\xff": ("a text file in UTF-16", "UTF-16 텍스트 파일"),
    }
    for magic, (en, ko) in known.items():
        if start.startswith(magic):
            raise LogRefusedError(
                f"{path.name} is {en}; a decision log is read from CSV, Parquet or XLSX. Save it as CSV (UTF-8).",
                f"{path.name}은(는) {ko}입니다. 결정 기록은 CSV, Parquet, XLSX만 읽습니다. CSV(UTF-8)로 저장하십시오.",
            )


@dataclass(frozen=True)
class _Scan:
    sha256: str
    lines: int = 0
    bad_utf8: int | None = None
    """Byte of the first error. None: all of it is UTF-8."""
    bad_cp949: int | None = None
    nul: int | None = None


def _scan(path: Path, step: Step, is_text: bool = False) -> _Scan:
    digest, breaks, position, last = hashlib.sha256(), 0, 0, b""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in (("utf-8", "cp949") if is_text else ())}
    bad: dict[str, int] = {}
    nul: int | None = None
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if is_text:
                breaks += block.count(b"\n")
                if nul is None and (place := block.find(b"\x00")) >= 0:
                    nul = position + place
                if not block.isascii() or any(decoder.getstate()[0] for decoder in decoders.values()):
                    for name in [name for name in decoders if name not in bad]:
                        _decode(name, decoders[name], block, position, bad)
            position, last = position + len(block), block[-1:]
            step(position)
    for name, decoder in decoders.items():
        if name not in bad and decoder.getstate()[0]:
            bad[name] = position
    lines = breaks + (last not in (b"", b"\n"))
    return _Scan(digest.hexdigest(), lines, bad.get("utf-8"), bad.get("cp949"), nul)


def _decode(name: str, decoder: codecs.IncrementalDecoder, block: bytes, position: int, bad: dict[str, int]) -> None:
    held = len(decoder.getstate()[0])
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        bad[name] = position - held + error.start


def _text(path: Path, size: int, step: Step) -> Sniffed:
    scan = _scan(path, step, is_text=True)
    if size == 0:
        raise LogRefusedError(
            f"{path.name} is empty. Export the log again.", f"{path.name}이(가) 비어 있습니다. 다시 내보내십시오."
        )
    if scan.nul is not None:
        raise LogRefusedError(
            f"{path.name} is no text table: byte {scan.nul + 1:,} is zero. Save it as CSV (UTF-8).",
            f"{path.name}은(는) 텍스트 표가 아닙니다({scan.nul + 1:,}번째 바이트가 0). CSV(UTF-8)로 저장하십시오.",
        )
    if scan.bad_utf8 is not None and scan.bad_cp949 is not None:
        line = _line_of(path, max(scan.bad_utf8, scan.bad_cp949))
        raise LogRefusedError(
            f"{path.name}, line {line:,}: this is neither UTF-8 nor CP949. Save the file as CSV (UTF-8).",
            f"{path.name} {line:,}행: UTF-8도 CP949도 아닙니다. CSV(UTF-8)로 저장하십시오.",
        )
    encoding = "utf-8" if scan.bad_utf8 is None else "cp949"
    return _header(path, size, scan, encoding)


def _line_of(path: Path, byte: int) -> int:
    with path.open("rb") as file:
        return file.read(byte).count(b"\n") + 1


def _header(path: Path, size: int, scan: _Scan, encoding: str) -> Sniffed:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    offset = len(_UTF8_BOM) if head.startswith(_UTF8_BOM) else 0
    if b"\n" not in head and b"\r" in head:
        raise LogRefusedError(
            f"{path.name} ends its lines as old Macintosh files do. Save it as CSV (UTF-8).",
            f"{path.name}의 줄바꿈이 옛 매킨토시 방식입니다. CSV(UTF-8)로 저장하십시오.",
        )
    lines = head[offset:].splitlines(keepends=True)
    line, comments = 1, []
    while lines and (lines[0].startswith(b"#") or not lines[0].strip()):
        raw = lines.pop(0)
        if raw.startswith(b"#"):
            comments.append(raw.decode(encoding, "replace").lstrip("#").strip())
        offset, line = offset + len(raw), line + 1
    texts = [raw.decode(encoding, "replace") for raw in lines[:200]]
    delimiter = max(_DELIMITERS, key=lambda sign: len(next(csv.reader(texts, delimiter=sign), [])))
    reader = csv.reader(texts, delimiter=delimiter)
    headers = tuple(name.strip() for name in next(reader, []))
    used = reader.line_num
    return Sniffed(
        Kind.CSV,
        size,
        scan.sha256,
        encoding,
        delimiter,
        headers,
        tuple(comments),
        offset + sum(len(raw) for raw in lines[:used]),
        line + used,
        scan.lines,
    )


def physical_lines(path: Path, sniffed: Sniffed, records: set[int]) -> dict[int, int]:
    """Record (0 is the first after the header) → line on which it starts, where quoted values may hold line breaks."""
    found: dict[int, int] = {}
    last = max(records, default=-1)
    with path.open("rb") as raw:
        raw.seek(sniffed.body_offset)
        text = io.TextIOWrapper(raw, encoding=sniffed.encoding, newline="")
        reader = csv.reader(text, delimiter=sniffed.delimiter)
        start = 0
        for record, _ in enumerate(reader):
            if record in records:
                found[record] = sniffed.body_line + start
            if record >= last:
                break
            start = reader.line_num
    return found
