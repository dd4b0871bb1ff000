"""A committee's document, its paper or its minutes, as it was frozen: Document, read. Words and figures as printed, in one language.

Nothing in it is looked up or derived when it is printed, so what is edited later does not change it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from exports.record.frozen import FrozenDocument, Part, read_as

ATTACHMENT = "committee.json"
_Line = Annotated[str, Field(max_length=20_000)]


class Heading(Part):
    kind: Literal["heading"] = "heading"
    text: _Line
    level: Literal[2, 3] = 2


class Paragraph(Part):
    kind: Literal["paragraph"] = "paragraph"
    text: _Line
    is_quiet: bool = False
    """A remark or that there is nothing."""


class Facts(Part):
    """What is known by a name."""

    kind: Literal["facts"] = "facts"
    rows: tuple[tuple[_Line, _Line], ...]


class Table(Part):
    kind: Literal["table"] = "table"
    head: tuple[_Line, ...]
    rows: tuple[tuple[_Line, ...], ...]
    is_of_figures: bool = False
    """All columns but the first hold figures."""


Block = Annotated[Heading | Paragraph | Facts | Table, Field(discriminator="kind")]


class Frozen(Part):
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


class Document(FrozenDocument[Frozen]):
    """A frozen document with its bytes and their digest."""

    @property
    def name(self) -> str:
        """Of its files, without ending."""
        return f"haetae-{self.frozen.kind}-{self.frozen.meeting}-{self.frozen.on.isoformat()}-{self.frozen.language}"


def read(raw: bytes) -> Document:
    """Raises: NoDocumentError where it is none, or not in its canonical form."""
    return read_as(lambda data: Document(Frozen.model_validate(data)), raw)
