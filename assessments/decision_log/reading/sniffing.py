"""What kind of file a decision log is, judged by its content: Sniffed, sniff; where a text's header and rows lie."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import stat
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assessments.decision_log.reading.columns import REQUIRED, LogMapping, suggest
from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.heading import LOOKED_AT, find_header, is_comment
from assessments.decision_log.texts import TEXTS

MAX_BYTES = 300_000_000
"""Of a file that somebody uploads."""
_BLOCK = 4 * 1024 * 1024
_HEAD = 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 200
"""Lines at the top by which delimiter, header and width are judged."""
_TEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_SEPARATOR = re.compile(r"^[\"']?sep=(.)[\"']?\s*$", re.IGNORECASE)
"""A first line by which spreadsheets are told the delimiter."""
_UTF8_BOM = codecs.BOM_UTF8
_SNIFFED = 64 * 1024
"""Bytes at the start by which text without a mark is known as UTF-16."""
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs", "So"})

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
    """utf-8, cp949, utf-16-le or utf-16-be. Empty: no text file."""
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
    header_line: int = 1
    """Of a text file; 1 is the first line."""
    width: int = 0
    """Columns of a row of a text file, which may be one more than have a name."""
    remarks: tuple[str, ...] = ()
    """What was made of delimiters too many: keys of sentences."""


def sniff(
    path: Path, step: Step = lambda _: None, mapping: LogMapping | None = None, most: int | None = None
) -> Sniffed:
    """Reads the whole file once, for digest and encoding. most: bytes; None: any size.

    Raises: LogRefusedError; OSError.
    """
    size, mode = path.stat().st_size, path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise refused("no_regular_file", name=path.name)
    if most is not None and size > most:
        raise refused("too_many_bytes", name=path.name, size=f"{size:,}", most=f"{most:,}")
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if start[:4] == b"PAR1" and end == b"PAR1":
        return Sniffed(Kind.PARQUET, size, _scan(path, step).sha256)
    if start[:4] == b"PK\x03\x04" and _is_workbook(path):
        return Sniffed(Kind.XLSX, size, _scan(path, step).sha256)
    _refuse_known(path, start)
    return _text(path, size, step, mapping)


def _is_workbook(path: Path) -> bool:
    """By the parts' names, whatever their case and slashes. Raises: LogRefusedError where it is another office file."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except Exception:  # a damaged archive fails in a dozen ways; it is refused as an archive
        return False
    kinds = {
        "word/document.xml": "DOCX",
        "ppt/presentation.xml": "PPTX",
        "content.xml": "ODS",
        "xl/workbook.bin": "XLSB",
    }
    kinds |= {"contents/header.xml": "HWPX"}
    for part, kind in kinds.items():
        if part in names:
            raise refused("other_office", name=path.name, kind=kind)
    return any(name.endswith("workbook.xml") for name in names)


def _refuse_known(path: Path, start: bytes) -> None:
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    text = head[:4096].removeprefix(_UTF8_BOM).lstrip()[:512].lower()
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and "EncryptedPackage".encode("utf-16-le") in head:
        raise refused("password", name=path.name)
    if re.match(rb"<!doctype html|<html|<table|<meta|<head|<body|<style|mime-version:", text):
        raise refused("web_page", name=path.name)
    if text.startswith(b"<?xml") and b"<html" in head[:4096].lower():
        raise refused("web_page", name=path.name)
    if text.startswith((b"<?xml", b"<workbook")):
        raise refused("xml_spreadsheet", name=path.name)
    if re.match(rb'[\[{]\s*["{\[\]}]', text):
        raise refused("json_file", name=path.name)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refused("utf_32", name=path.name)
    kind = next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), None)
    if kind is not None:
        raise refused("no_log_file", name=path.name, kind=TEXTS.text(kind))


_KINDS = {
    b"\xd0\xcf\x11\xe0": "kind_old_excel",
    b"PK\x03\x04": "kind_zip",
    b"PAR1": "kind_cut_parquet",
    b"%PDF": "kind_pdf",
    b"\x1f\x8b": "kind_gzip",
}
"""How a file begins → what it is."""


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


def _utf_16(path: Path) -> str:
    """utf-16-le or utf-16-be, by its mark or because the file's start is text in no other way. Empty: it is neither."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    marks = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    if head[:2] in marks:
        return marks[head[:2]]
    for encoding in marks.values() if b"\x00" in head else ():
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")[:-1]
        if "\n" in text and not any(
            unicodedata.category(character) in _NO_TEXT for character in set(text) - set("\r\n\t")
        ):
            return encoding
    return ""


def _text_in_utf_16(path: Path, size: int, encoding: str, step: Step, mapping: LogMapping | None) -> Sniffed:
    """Raises: LogRefusedError."""
    digest, decoder, breaks, last = hashlib.sha256(), codecs.getincrementaldecoder(encoding)(), 0, ""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            try:
                text = decoder.decode(block, final=file.tell() >= size)
            except UnicodeDecodeError:
                raise refused("utf_16_cut", name=path.name, line=f"{breaks + 1:,}") from None
            breaks, last = breaks + text.count("\n"), text[-1:] or last
            step(file.tell())
    return _header(path, size, _Scan(digest.hexdigest(), breaks + (last not in ("", "\n"))), encoding, mapping)


def _text(path: Path, size: int, step: Step, mapping: LogMapping | None) -> Sniffed:
    if (encoding := _utf_16(path)) and not (mapping and mapping.encoding in ("utf-8", "cp949")):
        return _text_in_utf_16(path, size, encoding, step, mapping)
    scan = _scan(path, step, is_text=True)
    if size == 0:
        raise refused("empty_file", name=path.name)
    if scan.nul is not None:
        raise refused("no_text", name=path.name, byte=f"{scan.nul + 1:,}")
    if scan.bad_utf8 is not None and scan.bad_cp949 is not None:
        line = _line_of(path, max(scan.bad_utf8, scan.bad_cp949))
        raise refused("no_encoding", name=path.name, line=f"{line:,}")
    encoding = "utf-8" if scan.bad_utf8 is None else "cp949"
    if mapping and mapping.encoding:
        encoding = mapping.encoding
        if encoding.startswith("utf-16"):
            raise refused("encoding_said", name=path.name, encoding=encoding, line=1)
        bad = scan.bad_utf8 if encoding == "utf-8" else scan.bad_cp949
        if bad is not None:
            raise refused("encoding_said", name=path.name, encoding=encoding, line=_line_of(path, bad))
    return _header(path, size, scan, encoding, mapping)


def _line_of(path: Path, byte: int) -> int:
    with path.open("rb") as file:
        return file.read(byte).count(b"\n") + 1


@dataclass(frozen=True)
class _Record:
    """One row at the top of a text file."""

    cells: tuple[str, ...]
    start: int
    """Line on which it starts, 0 is the first."""
    end: int
    """Line after it."""


def _header(path: Path, size: int, scan: _Scan, encoding: str, mapping: LogMapping | None) -> Sniffed:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if encoding.startswith("utf-16"):
        head = head[: len(head) // 2 * 2]
        offset = 2 if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
        texts = _TEXT_LINE.findall(head[offset:].decode(encoding, "replace")) or [""]
        sizes = [len(text.encode(encoding, "surrogatepass")) for text in texts]
    else:
        offset = len(_UTF8_BOM) if head.startswith(_UTF8_BOM) else 0
        raws = _LINE.findall(head[offset:]) or [b""]
        texts, sizes = [raw.decode(encoding, "replace") for raw in raws], [len(raw) for raw in raws]
    if len(head) < size and len(texts) > 1:
        texts, sizes = texts[:-1], sizes[:-1]
    if not any("\n" in text for text in texts) and any("\r" in text for text in texts):
        raise refused("old_line_ends", name=path.name)
    separator = _SEPARATOR.match(texts[0])
    after = 1 if separator else 0
    mapped_delimiter = mapping.delimiter if mapping else None
    choices = (mapped_delimiter,) if mapped_delimiter else (separator[1],) if separator else _DELIMITERS
    delimiter, records = max(
        ((character, _records(texts[: _SAMPLE + LOOKED_AT], after, character)) for character in choices),
        key=lambda choice: _fitness(choice[1], mapping),
    )
    header = _chosen(path.name, records, mapping)
    comments = tuple(
        texts[record.start].strip().lstrip("#").strip().rstrip(",;\t|")
        for record in records
        if record.start < header.start and record.cells[0].startswith("#")
    )
    rows = [record.cells for record in records if record.start >= header.end and any(record.cells)]
    names, width, remarks = _width(header.cells, rows)
    return Sniffed(
        Kind.CSV,
        size,
        scan.sha256,
        encoding,
        delimiter,
        names,
        comments,
        offset + sum(sizes[: header.end]),
        1 + header.end,
        scan.lines,
        1 + header.start,
        width,
        remarks,
    )


def _records(texts: list[str], start: int, delimiter: str) -> list[_Record]:
    """Rows at the top, comments and titles among them; a quotation mark that is never closed is read as a character."""
    records: list[_Record] = []
    while start < len(texts):
        is_remark = texts[start].startswith("#")
        reader = csv.reader(texts[start : start + 1] if is_remark else texts[start:], delimiter=delimiter)
        cells = tuple(cell.strip() for cell in next(reader, []))
        if reader.line_num > LOOKED_AT:
            cells = tuple(cell.strip() for cell in texts[start].split(delimiter))
            end = start + 1
        else:
            end = start + max(1, reader.line_num)
        records.append(_Record(cells or ("",), start, end))
        start = end
    return records


def _fitness(records: list[_Record], mapping: LogMapping | None) -> tuple[bool, int]:
    """How well a delimiter parts the header: whether the columns of a log are there, then how many cells there are."""
    place = find_header([record.cells for record in records], mapping)
    if place is None:
        return False, max((len(record.cells) for record in records[:LOOKED_AT]), default=0)
    cells = records[place].cells
    mapped_headers = set(mapping.columns.values()) if mapping else set()
    return (mapped_headers <= set(cells) if mapped_headers else not suggest(cells).missing), len(cells)


def _chosen(name: str, records: list[_Record], mapping: LogMapping | None) -> _Record:
    """The record that is the header."""
    line = mapping.header_line if mapping else None
    if line is not None:
        record = next((record for record in records if record.start < line <= record.end), None)
        if record is None:
            raise refused("header_line_beyond", name=name, line=line)
        return record
    place = find_header([record.cells for record in records], mapping)
    if place is not None:
        return records[place]
    return next((record for record in records if not is_comment(record.cells)), _Record((), 0, len(records)))


def _width(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], int, tuple[str, ...]]:
    """Names, columns of a row, and what was made of one delimiter too many."""
    wider = Counter(len(row) for row in rows if len(row) > len(header) and not any(row[len(header) :]))
    width, often = max(wider.items(), key=lambda width_count: width_count[1], default=(0, 0))
    if 2 * often > len(rows):
        return header, width, ("trailing_delimiter",)
    narrower = sum(len(row) == len(header) - 1 for row in rows)
    if len(header) > len(REQUIRED) and not header[-1] and rows and 2 * narrower > len(rows):
        return header[:-1], len(header) - 1, ("empty_last_header",)
    return header, len(header), ()


csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a cell may be as long as the file: its row is judged, not the cell
