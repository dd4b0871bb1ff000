"""What a report states of itself in its metadata, for programs to read: keywords, Stated, read.

The words people wrote stand elsewhere on the page; here are only the tool's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from assessments.model import Json
from exports.committee.document import Document
from exports.official import document as official
from exports.printing import printer
from exports.record.original import SealedOriginal
from exports.record.record import Record

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader  # what prints reads no PDF

MARK = "haetae-record"
CREATOR = "Haetae"
_PREFIX = "haetae-"
_LANGUAGES = ("ko", "en")
_KEYWORDS = "{http://ns.adobe.com/pdf/1.3/}Keywords"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_MOST_BYTES = 2**18


@dataclass(frozen=True)
class Stated:
    """The values stated in the PDF's metadata."""

    values: Json
    """Name → value, such as record, outcome, level; empty where it is no report of ours."""
    printed_by: str
    """As `printer.this` says. Empty: by a program that did not say so yet."""
    leads: str
    """Language of the document."""
    is_consistent: bool
    """Document information and XMP say the same."""

    @property
    def is_ours(self) -> bool:
        return "record" in self.values or self.is_committee or self.is_official

    @property
    def is_archive(self) -> bool:
        """It says that it is the archive copy of a sealed report."""
        return "archive" in self.values

    @property
    def is_committee(self) -> bool:
        """It says that it is a committee's paper or minutes."""
        return "committee" in self.values

    @property
    def is_official(self) -> bool:
        """It says that it is an official document made of a record."""
        return "official" in self.values

    @property
    def languages(self) -> Sequence[Sequence[str]]:
        """Possible languages of the report, the most likely first."""
        named = tuple(self.values.get("languages", "").split())
        if named in _CHOICES:
            return [named]
        return [choice for choice in _CHOICES if choice[0] == self.leads]

    def fits(self, attached: Record) -> bool:
        """Whether it is what the record says."""
        derived = expected(attached)
        stated = {name: value for name, value in self.values.items() if name != "languages"}
        # a program that did not name its printer stated the digest alone
        return self.is_consistent and stated == (derived if self.printed_by else {"record": derived["record"]})

    def fits_committee(self, attached: Document) -> bool:
        """Whether it is what the attached document says."""
        return self.is_consistent and self.values == _of_committee(attached)

    def fits_official(self, attached: official.Document) -> bool:
        """Whether it is what the attached document says."""
        return self.is_consistent and self.values == _of_official(attached)


_CHOICES = (("ko", "en"), ("ko",), ("en", "ko"), ("en",))


def expected(made_from: Record) -> dict[str, str]:
    """The values that a report of this record must state."""
    results = made_from.data["results"]
    determination = results["determination"]
    return {
        "record": made_from.sha256,
        "outcome": determination["outcome"],
        "outcome-without-claim": determination["without_claim"]["outcome"],
        "level": results["risk"]["level"],
        **({"redacts": made_from.redacts} if made_from.redacts else {}),
    }


def keywords(made_from: Record, languages: Sequence[str], printed_by: str) -> str:
    """Keywords for the metadata. printed_by empty: the older form, which did not name the printing program."""
    if not printed_by:
        return f"{MARK} {made_from.sha256}"
    values = {**expected(made_from), "languages": " ".join(languages)}
    return ", ".join(f"{_PREFIX}{name} {value}" for name, value in values.items())


def keywords_of_archive(made_from: Record, languages: Sequence[str], original: SealedOriginal) -> str:
    """Of an archive copy: which sealed file it is made of, and what that states of itself."""
    of = {"archive": original.sha256, "fingerprint": original.fingerprint}
    values = {**of, **expected(made_from), "languages": " ".join(languages)}
    return ", ".join(f"{_PREFIX}{name} {value}" for name, value in values.items())


def keywords_of_committee(made_from: Document) -> str:
    return ", ".join(f"{_PREFIX}{name} {value}" for name, value in _of_committee(made_from).items())


def _of_committee(made_from: Document) -> dict[str, str]:
    frozen = made_from.frozen
    return {"committee": made_from.sha256, "kind": frozen.kind, "languages": frozen.language}


def keywords_of_official(made_from: official.Document) -> str:
    return ", ".join(f"{_PREFIX}{name} {value}" for name, value in _of_official(made_from).items())


def _of_official(made_from: official.Document) -> dict[str, str]:
    frozen = made_from.frozen
    return {"official": made_from.sha256, "kind": frozen.kind, "languages": frozen.language}


def creator(printed_by: str) -> str:
    return f"{CREATOR} {printed_by}".strip()


def read(reader: PdfFileReader) -> Stated:
    """Raises: whatever damaged metadata lead to."""
    about = reader.trailer["/Info"] if "/Info" in reader.trailer else {}  # noqa: SIM401 - a trailer has no `get`
    words = str(about.get("/Keywords", ""))
    made_with = str(about.get("/Creator", ""))
    printed_by = made_with.removeprefix(f"{CREATOR} ")
    is_named = made_with != printed_by and printer.FORM.fullmatch(printed_by) is not None
    values = dict(re.findall(rf"(?:^|, ){_PREFIX}([a-z-]+) ([0-9a-z_ ]+)(?=,|$)", words))
    return Stated(
        values=values,
        printed_by=printed_by if is_named else "",
        leads=str(reader.root.get("/Lang", "")),
        is_consistent=(is_named or made_with == CREATOR) and _is_in_xmp(reader, words, values),
    )


def _is_in_xmp(reader: PdfFileReader, words: str, values: Json) -> bool:
    of = next((name for name in ("committee", "official", "archive") if name in values), "record")
    raw: Any = reader.root["/Metadata"].data if "/Metadata" in reader.root else b""
    if len(raw) > _MOST_BYTES or b"<!" in raw:  # no declaration of types or entities stands in ours
        return False
    try:
        packet = ElementTree.fromstring(raw)  # noqa: S314 - without declarations nothing can be expanded
    except ElementTree.ParseError:
        return False
    named = [element.text for element in packet.iter(_IDENTIFIER)]
    return [element.text for element in packet.iter(_KEYWORDS)] == [words] and named == [
        f"urn:haetae:{of}:{values.get(of, '')}"
    ]
