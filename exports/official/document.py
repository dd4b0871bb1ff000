"""An official document as it was frozen: Document, read. A neutral model of words, which each writer puts into its format.

Nothing in it is looked up or derived when it is written, so PDF, Word and HWPX hold the same words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assessments.content.canonical import canonical
from assessments.model import Json

ATTACHMENT = "document.json"
MAX_BYTES = 4 * 2**20
KINDS = ("request", "publication", "notices", "rights")
_Line = Annotated[str, Field(max_length=40_000)]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class NoDocumentError(ValueError):
    """It has not the form of an official document."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Heading(_Part):
    kind: Literal["heading"] = "heading"
    text: _Line
    level: Literal[2, 3] = 2


class Paragraph(_Part):
    kind: Literal["paragraph"] = "paragraph"
    text: _Line
    look: Literal["plain", "quiet", "strong", "right", "quoted"] = "plain"
    """quoted: a text to be pasted elsewhere; right: where a signature stands."""


class Row(_Part):
    """A field with what it holds."""

    name: _Line
    value: _Line
    is_missing: bool = False


class Fields(_Part):
    """Fields of a form, a row each."""

    kind: Literal["fields"] = "fields"
    rows: tuple[Row, ...]


class Table(_Part):
    kind: Literal["table"] = "table"
    head: tuple[_Line, ...]
    rows: tuple[tuple[_Line, ...], ...]


class Items(_Part):
    """A list."""

    kind: Literal["items"] = "items"
    items: tuple[_Line, ...]
    is_numbered: bool = False
    """Each begins with its number, so that no bullet is put before it."""


Block = Annotated[Heading | Paragraph | Fields | Table | Items, Field(discriminator="kind")]


class Frozen(_Part):
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


class Document:
    """A frozen document with its bytes and their digest."""

    def __init__(self, frozen: Frozen) -> None:
        self.frozen = frozen

    @cached_property
    def data(self) -> Json:
        data: Json = self.frozen.model_dump(mode="json")
        return data

    @cached_property
    def canonical(self) -> bytes:
        """RFC 8785: the bytes attached to the PDF."""
        return canonical(self.data)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def made_at(self) -> datetime:
        return self.frozen.made_at.astimezone(UTC)

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
    if len(raw) > MAX_BYTES:
        raise NoDocumentError("it is too large")
    try:
        document = Document(Frozen.model_validate(json.loads(raw)))
        if document.frozen.made_at.tzinfo is None or document.canonical != raw:
            raise NoDocumentError("it is not in canonical form")
    except (ValueError, ValidationError, RecursionError, TypeError) as error:
        raise NoDocumentError(str(error)[:200]) from None
    for block in document.frozen.blocks:
        if isinstance(block, Table) and any(len(row) != len(block.head) for row in block.rows):
            raise NoDocumentError("a row of a table has more or fewer cells than its head")
    return document
