"""The forms in which a record leaves the house beside the PDF: written, schema."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.errors import RecordFileError
from exports.forms import markdown, xlsx
from exports.record import schema as record_schema
from exports.record.record import Record
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
MEDIA_TYPES: Mapping[str, tuple[str, str]] = {
    "json": ("json", "application/json"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
    "schema": ("schema.json", "application/schema+json"),
}
"""Form → ending of the file's name, media type."""


def render(made_from: Record, form: str, language: str) -> bytes:
    """The record in this form. Raises: RecordFileError where the record makes no sense."""
    try:
        match form:
            case "json":
                return made_from.canonical
            case "xlsx":
                return xlsx.workbook(made_from, language)
            case "markdown":
                return markdown.text(made_from, language).encode()
            case _:
                return schema()
    except Exception as error:  # whatever a hostile record leads to: it is told, and nothing is written
        raise RecordFileError(TEXTS.told("record_unreadable", error=error, kind=type(error).__name__)) from None


def schema() -> bytes:
    """The JSON Schema of every record."""
    return record_schema.FILE.read_bytes()
