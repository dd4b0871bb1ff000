"""A committee's document in forms that people go on working with: as_markdown, as_docx. Of the very content that is printed."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from docx import Document as Word
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from exports.committee.document import Document, Facts, Heading, Paragraph, Table
from exports.forms.markdown import escaped

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONTS = {"ko": "Malgun Gothic", "en": "Calibri"}
LOCALES = {"ko": "ko-KR", "en": "en-GB"}


def as_markdown(document: Document) -> bytes:
    """GitHub's Markdown; what people wrote shows as written and does nothing."""
    return ("\n\n".join(_markdown(document)) + "\n").encode()


def _markdown(document: Document) -> Iterator[str]:
    frozen = document.frozen
    yield f"# {escaped(frozen.title)}"
    yield escaped(f"{frozen.unit} · {frozen.subtitle}")
    for block in frozen.blocks:
        match block:
            case Heading():
                yield f"{'#' * block.level} {escaped(block.text)}"
            case Paragraph():
                yield escaped(block.text)
            case Facts():
                yield "\n".join(f"- **{escaped(name)}**: {escaped(value)}" for name, value in block.rows)
            case Table():
                lines = ["| " + " | ".join(map(escaped, row)) + " |" for row in (block.head, *block.rows)]
                lines.insert(1, "|" + " --- |" * len(block.head))
                yield "\n".join(lines)
    yield escaped(frozen.foot)
    yield f"SHA-256 {document.sha256}"


def as_docx(document: Document) -> bytes:
    """With real headings and tables, whose first row is told as their head. Dated as it was frozen."""
    frozen, word = document.frozen, Word()
    normal = word.styles["Normal"]
    normal.font.name = FONTS[frozen.language]
    properties = normal.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["ko"])
    about = word.core_properties
    about.title, about.author, about.language = frozen.title[:255], frozen.unit[:255], LOCALES[frozen.language]
    about.comments = f"SHA-256 {document.sha256}"
    about.created = about.modified = document.made_at.replace(tzinfo=None)
    word.add_heading(legal(frozen.title), level=1)
    word.add_paragraph(legal(f"{frozen.unit} · {frozen.subtitle}"))
    for block in frozen.blocks:
        match block:
            case Heading():
                word.add_heading(legal(block.text), level=block.level)
            case Paragraph():
                word.add_paragraph(legal(block.text))
            case Facts():
                _grid(word, [(name, value) for name, value in block.rows], has_head=False)
            case Table():
                _grid(word, [block.head, *block.rows], has_head=True)
    word.add_paragraph(legal(frozen.foot))
    word.add_paragraph(f"SHA-256 {document.sha256}")
    made = BytesIO()
    word.save(made)
    return made.getvalue()


def _grid(word: WordDocument, rows: list[tuple[str, ...]], *, has_head: bool) -> None:
    if not rows:
        return
    table = word.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        made = table.add_row()
        for place, (cell, text) in enumerate(zip(made.cells, row, strict=True)):
            cell.text = legal(text)
            if (has_head and number == 0) or (not has_head and place == 0):
                for run in cell.paragraphs[0].runs:
                    run.bold = True
        if has_head and number == 0:
            head = made._tr.get_or_add_trPr().makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
            made._tr.get_or_add_trPr().append(head)


def legal(text: str) -> str:
    """Without the control characters that XML has no place for."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)
