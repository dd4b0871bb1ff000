"""A document frozen in words and figures, with its bytes and their digest: Part, FrozenDocument, read_as.

Nothing in it is looked up or derived when it is written, so what is edited later does not change it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.content.canonical import canonical
from assessments.model import Json

MAX_BYTES = 4 * 2**20


class NoDocumentError(ValueError):
    """It has not the form of such a document."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(Protocol):
    """What is frozen."""

    @property
    def made_at(self) -> datetime: ...
    def model_dump(self, *, mode: str) -> Json: ...


Frozen = TypeVar("Frozen", bound=Shape)
Read = TypeVar("Read", bound="FrozenDocument[Any]")


class FrozenDocument(Generic[Frozen]):
    """A frozen document with its bytes and their digest."""

    def __init__(self, frozen: Frozen) -> None:
        self.frozen = frozen

    @cached_property
    def data(self) -> Json:
        return self.frozen.model_dump(mode="json")

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


def read_as(make: Callable[[Any], Read], raw: bytes) -> Read:
    """make: the document of parsed JSON. Raises: NoDocumentError where it is none, or not in its canonical form."""
    if len(raw) > MAX_BYTES:
        raise NoDocumentError("it is too large")
    try:
        document = make(json.loads(raw))
        if document.frozen.made_at.tzinfo is None or document.canonical != raw:
            raise NoDocumentError("it is not in canonical form")
    except (ValueError, ValidationError, RecursionError, TypeError) as error:
        raise NoDocumentError(str(error)[:200]) from None
    for block in document.data["blocks"]:
        if block["kind"] == "table" and any(len(row) != len(block["head"]) for row in block["rows"]):
            raise NoDocumentError("a row of a table has more or fewer cells than its head")
    return document
