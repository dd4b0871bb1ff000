"""A committee's document, its paper or its minutes, as it was frozen: Document, read. Words and figures as printed, in one language.

Nothing in it is looked up or derived when it is printed, so what is edited later does not change it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assessments.content.canonical import canonical
from assessments.model import Json

ATTACHMENT = "committee.json"
MAX_BYTES = 4 * 2**20
_Line = Annotated[str, Field(max_length=20_000)]


class NoDocumentError(ValueError):
    """It has not the form of a committee's document."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Heading(_Part):
    kind: Literal["heading"] = "heading"
    text: _Line
    level: Literal[2, 3] = 2


class Paragraph(_Part):
    kind: Literal["paragraph"] = "paragraph"
    text: _Line
    is_quiet: bool = False
    """A remark or that there is nothing."""


class Facts(_Part):
    """What is known by a name."""

    kind: Literal["facts"] = "facts"
    rows: tuple[tuple[_Line, _Line], ...]


class Table(_Part):
    kind: Literal["table"] = "table"
    head: tuple[_Line, ...]
    rows: tuple[tuple[_Line, ...], ...]
    is_of_figures: bool = False
    """All columns but the first hold figures."""


Block = Annotated[Heading | Paragraph | Facts | Table, Field(discriminator="kind")]


class Frozen(_Part):
    """The shape of what is attached to the file."""

    format: Literal["haetae-committee/1"] = "haetae-committee/1"
    kind: Literal["paper", "minutes"]
    language: Literal["ko", "en"]
    meeting: int
    """Number in its installation."""
    number: int
    """Of its unit's meetings."""
    on: date
    unit: _Line
    title: _Line
    subtitle: _Line = ""
    foot: _Line
    """What a reader has to know about the document itself."""
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
        return f"haetae-{self.frozen.kind}-{self.frozen.meeting}-{self.frozen.on.isoformat()}-{self.frozen.language}"


def read(raw: bytes) -> Document:
    """Raises: NoDocumentError where it is none, or not in its canonical form."""
    if len(raw) > MAX_BYTES:
        raise NoDocumentError("it is too large")
    try:
        data = json.loads(raw)
        document = Document(Frozen.model_validate(data))
        if document.frozen.made_at.tzinfo is None or document.canonical != raw:
            raise NoDocumentError("it is not in canonical form")
    except (ValueError, ValidationError, RecursionError, TypeError) as error:
        raise NoDocumentError(str(error)[:200]) from None
    for block in document.frozen.blocks:
        if isinstance(block, Table) and any(len(row) != len(block.head) for row in block.rows):
            raise NoDocumentError("a row of a table has more or fewer cells than its head")
    return document
