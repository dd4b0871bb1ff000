"""An official document for Word: as_docx. Of the very words that are printed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document as Word
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from exports.forms.minutes import DOCX, FONTS, LOCALES, legal
from exports.official.document import Document, Fields, Heading, Items, Paragraph, Table

__all__ = ["DOCX", "as_docx"]
_LOOKS = {"right": WD_ALIGN_PARAGRAPH.RIGHT}
_SIDE_MM, _NAME_MM, _WIDTH_MM = 18, 48, 174


def as_docx(document: Document) -> bytes:
    """With real headings, lists and tables, whose first row or column is told as their head. Dated as it was frozen."""
    frozen, word = document.frozen, Word()
    _dress(word, document)
    if frozen.marks:
        marks = word.add_paragraph()
        marks.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        marks.add_run(legal(" ".join(frozen.marks))).bold = True
    word.add_heading(legal(frozen.title), level=1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if frozen.subtitle:
        word.add_paragraph(legal(frozen.subtitle)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in frozen.blocks:
        match block:
            case Heading():
                word.add_heading(legal(block.text), level=block.level)
            case Paragraph():
                _paragraph(word, block)
            case Fields():
                _fields(word, block)
            case Table():
                _table(word, block)
            case Items():
                for item in block.items:
                    word.add_paragraph(legal(item), style=None if block.is_numbered else "List Bullet")
    for text in (frozen.foot, f"SHA-256 {document.sha256}"):
        for run in word.add_paragraph(legal(text)).runs:
            run.font.size = Pt(8)
    made = BytesIO()
    word.save(made)
    return made.getvalue()


def _dress(word: WordDocument, document: Document) -> None:
    """Fonts, page and what the file says of itself."""
    frozen = document.frozen
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = FONTS[frozen.language], Pt(10)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["ko"])
    for level in (1, 2, 3):
        style = word.styles[f"Heading {level}"]
        style.font.name = FONTS[frozen.language]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["ko"])
    for section in word.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(_SIDE_MM)
        section.top_margin = section.bottom_margin = Mm(_SIDE_MM)
    about = word.core_properties
    about.title, about.author, about.language = frozen.title[:255], frozen.operator[:255], LOCALES[frozen.language]
    about.comments = f"SHA-256 {document.sha256}"
    about.created = about.modified = document.made_at.replace(tzinfo=None)


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    made = word.add_paragraph(legal(block.text), style="Intense Quote" if block.look == "quoted" else None)
    if block.look in _LOOKS:
        made.alignment = _LOOKS[block.look]
    for run in made.runs:
        run.bold = True if block.look == "strong" else None
        if block.look == "quiet":
            run.font.size = Pt(9)


def _fields(word: WordDocument, block: Fields) -> None:
    table = word.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for row in block.rows:
        name, value = table.add_row().cells
        name.width, value.width = Mm(_NAME_MM), Mm(_WIDTH_MM - _NAME_MM)
        _write(name, row.name, is_bold=True)
        _write(value, row.value, is_bold=row.is_missing)
    word.add_paragraph()


def _table(word: WordDocument, block: Table) -> None:
    table = word.add_table(rows=0, cols=len(block.head), style="Table Grid")
    for number, row in enumerate((block.head, *block.rows)):
        made = table.add_row()
        for cell, text in zip(made.cells, row, strict=True):
            _write(cell, text, is_bold=number == 0)
        if number == 0:
            properties = made._tr.get_or_add_trPr()
            properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    word.add_paragraph()


def _write(cell: Any, text: str, *, is_bold: bool) -> None:
    cell.text = legal(text)
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.bold = True if is_bold else None
