"""An official document as it was frozen: Document, read. A neutral model of words, which each writer puts into its format.

Nothing in it is looked up or derived when it is written, so PDF, Word and HWPX hold the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from exports.record.frozen import FrozenDocument, Part, read_as

ATTACHMENT = "document.json"
KINDS = ("request", "publication", "notices", "rights")
_Line = Annotated[str, Field(max_length=40_000)]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Heading(Part):
    kind: Literal["heading"] = "heading"
    text: _Line
    level: Literal[2, 3] = 2


class Paragraph(Part):
    kind: Literal["paragraph"] = "paragraph"
    text: _Line
    look: Literal["plain", "quiet", "strong", "right", "quoted"] = "plain"
    """quoted: a text to be pasted elsewhere; right: where a signature stands."""


class Row(Part):
    """A field with what it holds."""

    name: _Line
    value: _Line
    is_missing: bool = False


class Fields(Part):
    """Fields of a form, a row each."""

    kind: Literal["fields"] = "fields"
    rows: tuple[Row, ...]


class Table(Part):
    kind: Literal["table"] = "table"
    head: tuple[_Line, ...]
    rows: tuple[tuple[_Line, ...], ...]


class Items(Part):
    """A list."""

    kind: Literal["items"] = "items"
    items: tuple[_Line, ...]
    is_numbered: bool = False
    """Each begins with its number, so that no bullet is put before it."""


Block = Annotated[Heading | Paragraph | Fields | Table | Items, Field(discriminator="kind")]


class Frozen(Part):
    """The shape of what is attached to the file."""

    format: Literal["haetae-official/1"] = "haetae-official/1"
    kind: Literal["request", "publication", "notices", "rights"]
    language: Literal["ko", "en"]
    assessment: int
    """Number in its installation. 0: made from a file."""
    document_id: _Line
    revision: int
    content_sha256: _Sha256
    """Of the assessment's content that it was made from."""
    operator: _Line
    system: _Line
    is_draft: bool
    is_example: bool
    marks: tuple[_Line, ...] = ()
    """On every page."""
    title: _Line
    subtitle: _Line = ""
    foot: _Line
    """What a reader has to know about the document itself."""
    missing: tuple[_Line, ...] = ()
    """Names of what is not filled in."""
    made_at: datetime
    version: _Line
    """Of the program that froze it."""
    blocks: tuple[Block, ...]


class Document(FrozenDocument[Frozen]):
    """A frozen document with its bytes and their digest."""

    @property
    def name(self) -> str:
        """Of its files, without ending."""
        draft = "-draft" if self.frozen.is_draft else ""
        return f"{self.frozen.document_id}-{self.frozen.kind}-{self.frozen.language}{draft}"

    def lines(self) -> Iterator[str]:
        """Every word of it in the order in which it is read, as each writer puts it down."""
        frozen = self.frozen
        yield from frozen.marks
        yield frozen.title
        if frozen.subtitle:
            yield frozen.subtitle
        for block in frozen.blocks:
            match block:
                case Heading() | Paragraph():
                    yield block.text
                case Fields():
                    for row in block.rows:
                        yield from (row.name, row.value)
                case Table():
                    for cells in (block.head, *block.rows):
                        yield from cells
                case Items():
                    yield from block.items
        yield frozen.foot
        yield f"SHA-256 {self.sha256}"


def read(raw: bytes) -> Document:
    """Raises: NoDocumentError where it is none, or not in its canonical form."""
    return read_as(lambda data: Document(Frozen.model_validate(data)), raw)
