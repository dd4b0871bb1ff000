"""The record attached to a report that this program made itself: read, SealedContent; attachment.

A stranger's file is taken apart in a process of its own, which `exports.attached` starts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from assessments.errors import RecordFileError
from assessments.model import Json
from questionnaires.texts import texts_of

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

TEXTS = texts_of(__file__)
ATTACHED = "record.json"


@dataclass(frozen=True)
class SealedContent:
    """What a sealed file holds, as far as the register asks."""

    record: bytes
    """The attached record, to the byte."""
    data: Json
    """The same, parsed."""
    language: str
    """That leads on the pages."""
    seals: int

    @property
    def record_sha256(self) -> str:
        return hashlib.sha256(self.record).hexdigest()


def read(pdf: bytes) -> SealedContent:
    """What a report holds that this program made itself; a stranger's file is taken apart in another process.

    Raises: RecordFileError.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # takes a moment, and is needed where something is sealed

    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        record = attachment(reader)
        data = json.loads(record)
        if not isinstance(data, dict):
            raise ValueError("the record is no object")
        return SealedContent(record, data, str(reader.root["/Lang"]), len(reader.embedded_signatures))
    except Exception as error:  # whatever a damaged file leads to
        raise RecordFileError(TEXTS.told("no_record_in_report", error=error)) from None


def attachment(reader: PdfFileReader, name: str = ATTACHED) -> bytes:
    """The one file that is attached. Raises: ValueError where it is not exactly one of this name."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    if len(names) != 2 or names[0] != name:
        raise ValueError("not exactly one attachment")
    embedded = names[1].get_object()["/EF"]["/F"].data
    return bytes(embedded)
