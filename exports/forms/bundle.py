"""Several reports in one ZIP with an index of their digests: packed, Packing. The same reports give the same bytes.

It is written as it is read: no more than one report at a time is in memory.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from exports.forms.spreadsheet_csv import csv_of
from exports.record.record import Record
from exports.words.labels import labels

MIDNIGHT = (1980, 1, 1, 0, 0, 0)
"""Every entry's time: a ZIP knows no earlier one, and none of it is about time."""


@dataclass(frozen=True)
class Packed:
    """One line of the index."""

    file: str
    document: str
    revision: int
    system: str
    operator: str
    outcome: str
    level: str
    kind: str
    """sealed, draft or redacted."""
    file_sha256: str
    record_sha256: str


def packed(reports: Iterable[tuple[bytes, Record]], language: str) -> Iterator[bytes]:
    """The ZIP, piece by piece: each report (PDF and its record) in turn, then index.html and index.csv."""
    packing = Packing(language)
    for pdf, record in reports:
        yield packing.add(pdf, record)
    yield packing.end()


class Packing:
    """Builds a bundle incrementally, for callers that await each report; the returned pieces together are the ZIP."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._written = _Pieces()
        self._archive = zipfile.ZipFile(self._written, "w", zipfile.ZIP_STORED)
        self._lines: list[Packed] = []

    def add(self, pdf: bytes, record: Record) -> bytes:
        """The next piece."""
        line = _line(pdf, record, {line.file for line in self._lines}, self._language)
        self._archive.writestr(_entry(line.file), pdf)
        self._lines.append(line)
        return self._written.take()

    def end(self) -> bytes:
        """The last piece, with the index."""
        self._archive.writestr(_entry("index.html"), _html(self._lines, self._language))
        self._archive.writestr(_entry("index.csv"), _csv(self._lines))
        self._archive.close()
        return self._written.take()


class _Pieces(io.RawIOBase):
    """Collects what was written since the last read; not seekable, so the ZIP is written as a stream."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        self._pieces.append(bytes(piece))  # type: ignore[call-overload]
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, MIDNIGHT)
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


def _line(pdf: bytes, record: Record, taken: set[str], language: str) -> Packed:
    data, texts = record.data, labels()
    document, determination = data["document"], data["results"]["determination"]
    kind = "redacted" if record.redacts else "sealed" if b"/ETSI.CAdES.detached" in pdf else "draft"
    name = re.sub(r"[^A-Za-z0-9._-]", "_", document["id"])[:60].lstrip(".") or "report"
    name += "" if kind == "sealed" else f"-{kind}"
    file = next(numbered for numbered in _numbered(name) if numbered not in taken)
    contested = f" ({texts['contested'][language]})" if determination["contested"] else ""
    return Packed(
        file,
        document["id"],
        document["revision"],
        data["content"]["system"]["name_ko"] or data["content"]["system"]["name_en"],
        data["content"]["operator"]["name"],
        texts[f"outcome_{determination['outcome']}"][language] + contested,
        texts[f"level_{data['results']['risk']['level']}"][language],
        kind,
        hashlib.sha256(pdf).hexdigest(),
        record.sha256,
    )


def _numbered(name: str) -> Iterator[str]:
    yield f"{name}.pdf"
    for number in range(2, 100_000):
        yield f"{name}-{number}.pdf"


def _csv(lines: list[Packed]) -> bytes:
    return csv_of([field.name for field in fields(Packed)], (astuple(line) for line in lines))


def _html(lines: list[Packed], language: str) -> bytes:
    heads = ("document_id", "system", "operator", "determination", "risk_level", "status", "bundle_digests")
    page = _template().render(lines=lines, heads=heads, said=labels(), language=language)
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("bundle.html.j2")
