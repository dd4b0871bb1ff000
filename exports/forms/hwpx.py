"""An official document for Hangul (OWPML): as_hwpx. Of the very words that are printed; the same document gives the same bytes.

HWPX is a zip of XML, whose first entry is its type, not compressed, as in EPUB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports.forms.minutes import legal
from exports.official.document import Document, Fields, Heading, Items, Paragraph, Table
from exports.record import record

HWPX = "application/hwp+zip"
TEMPLATES = Path(__file__).parent / "templates" / "hwpx"
_WIDTH, _NAME = 49_324, 13_600
"""Of the column of words and of the names of fields, in HWP units."""
_PREVIEW = 1000
"""Signs of the text that file managers show."""
_BULLET = "• "


@dataclass(frozen=True)
class _Letters:
    height: int
    """In hundredths of a point."""
    font: int
    is_bold: bool = False
    colour: str = "#000000"


@dataclass(frozen=True)
class _Look:
    align: str = "JUSTIFY"
    heading: int = 0
    left: int = 0
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class _Line:
    """A paragraph, with the numbers of its looks."""

    text: str
    letter: int = 0
    look: int = 0
    style: int = 0


@dataclass(frozen=True)
class _Cell:
    text: str
    letter: int
    is_head: bool


@dataclass(frozen=True)
class _Grid:
    rows: tuple[tuple[_Cell, ...], ...]
    widths: tuple[int, ...]
    has_head: bool


_LETTERS = (
    _Letters(1000, 0),
    _Letters(1800, 1, is_bold=True),
    _Letters(1200, 1, is_bold=True),
    _Letters(1050, 1, is_bold=True),
    _Letters(1000, 1, is_bold=True),
    _Letters(850, 0, colour="#404D58"),
    _Letters(1000, 1, is_bold=True, colour="#8C2F14"),
)
"""By number, of which 1 to 3 are of headings."""
_PLAIN, _TITLE, _BOLD, _QUIET, _ABSENT = 0, 1, 4, 5, 6
_LOOKS = (
    _Look(after=200),
    _Look("CENTER", heading=1, before=600, after=300),
    _Look("LEFT", heading=2, before=800, after=300),
    _Look("LEFT", heading=3, before=500, after=200),
    _Look("LEFT"),
    _Look("CENTER", after=400),
    _Look("RIGHT", before=300, after=300),
    _Look("LEFT", left=1000, after=300),
    _Look("LEFT", after=200),
)
"""By number, of which 1 to 3 are of headings and 4 of cells."""
_CENTRED, _RIGHT, _INDENTED, _RAGGED = 5, 6, 7, 8


def as_hwpx(document: Document) -> bytes:
    ids = count(1)
    values = {
        "frozen": document.frozen,
        "sha256": document.sha256,
        "dated": record.stamp(document.made_at),
        "letters": _LETTERS,
        "paragraphs": _LOOKS,
        "parts": tuple(_parts(document)),
        "next_id": lambda: next(ids),
    }

    def written(name: str) -> bytes:
        return _templates().get_template(f"{name}.j2").render(values).strip().encode()

    preview = "\r\n".join(document.lines())[:_PREVIEW]
    files = {
        "version.xml": written("version.xml"),
        "Contents/header.xml": written("header.xml"),
        "Contents/section0.xml": written("section0.xml"),
        "Preview/PrvText.txt": preview.encode("utf-16-le"),
        "settings.xml": written("settings.xml"),
        "META-INF/container.xml": written("container.xml"),
        "Contents/content.hpf": written("content.hpf"),
        "META-INF/manifest.xml": written("manifest.xml"),
    }
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr(_entry(document, "mimetype"), HWPX, ZIP_STORED)
        for name, content in files.items():
            archive.writestr(_entry(document, name), content, ZIP_DEFLATED)
    return made.getvalue()


def _entry(document: Document, name: str) -> ZipInfo:
    made_at = document.made_at
    clock = (made_at.hour, made_at.minute, made_at.second)
    return ZipInfo(name, (max(made_at.year, 1980), made_at.month, made_at.day, *clock))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: legal(value) if isinstance(value, str) and type(value) is str else value,
    )


def _parts(document: Document) -> Iterator[_Line | _Grid]:
    frozen = document.frozen
    if frozen.marks:
        yield _Line(" ".join(frozen.marks), _ABSENT, _RIGHT)
    yield _Line(frozen.title, _TITLE, 1, 1)
    if frozen.subtitle:
        yield _Line(frozen.subtitle, _QUIET, _CENTRED)
    for block in frozen.blocks:
        match block:
            case Heading():
                yield _Line(block.text, block.level, block.level, block.level)
            case Paragraph():
                yield _paragraph(block)
            case Fields():
                yield _fields(block)
            case Table():
                yield _table(block)
            case Items():
                bullet = "" if block.is_numbered else _BULLET
                yield from (_Line(f"{bullet}{item}", _PLAIN, _INDENTED) for item in block.items)
    yield _Line(frozen.foot, _QUIET, _RAGGED)
    yield _Line(f"SHA-256 {document.sha256}", _QUIET, _RAGGED)


def _paragraph(block: Paragraph) -> _Line:
    letter = {"quiet": _QUIET, "strong": _BOLD}.get(block.look, _PLAIN)
    look = {"right": _RIGHT, "quoted": _INDENTED, "quiet": _RAGGED}.get(block.look, 0)
    return _Line(block.text, letter, look)


def _fields(block: Fields) -> _Grid:
    rows = tuple(
        (_Cell(row.name, _BOLD, is_head=True), _Cell(row.value, _ABSENT if row.is_missing else _PLAIN, is_head=False))
        for row in block.rows
    )
    return _Grid(rows, (_NAME, _WIDTH - _NAME), has_head=False)


def _table(block: Table) -> _Grid:
    head = tuple(_Cell(text, _BOLD, is_head=True) for text in block.head)
    rows = tuple(tuple(_Cell(text, _PLAIN, is_head=False) for text in row) for row in block.rows)
    return _Grid((head, *rows), tuple(_widths(block)), has_head=True)


def _widths(block: Table) -> Sequence[int]:
    """By the longest cell of each column, none less than a third of an even share."""
    longest = [max(map(len, column)) for column in zip(block.head, *block.rows, strict=True)]
    least, free = _WIDTH // (3 * len(longest)), _WIDTH - _WIDTH // 3
    widths = [least + free * min(length, 80) // max(1, sum(min(each, 80) for each in longest)) for length in longest]
    widths[-1] += _WIDTH - sum(widths)
    return widths
