"""The layout: renders a record to HTML and then to PDF. Runs in the process that `pdf.render` starts.

PDF/A-3a by WeasyPrint; the PDF/UA-1 identification, the language of passages and clean links are added here.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import filetype
import weasyprint
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from exports.committee import document as committee
from exports.official import document as official
from exports.printing import archive, lettering, printer, stated, tagging, typesetting
from exports.record import record
from exports.record.appearance import ACCENT
from exports.record.original import SealedOriginal
from exports.record.record import Record
from exports.report.report import Report
from exports.words import korean, labels, signs

TEMPLATES = Path(__file__).resolve().parents[1] / "report" / "templates"
OF_COMMITTEE = Path(__file__).resolve().parents[1] / "committee" / "templates"
OFFICIAL = Path(__file__).resolve().parents[1] / "official" / "templates"
COMPILED = Path(__file__).parent / "__pycache__"
"""Cache of compiled templates, next to the compiled modules; used only where this user may write there."""
OWN = "haetae:"
"""URL scheme of the few resources the layout may fetch, all of them in memory."""
LOGO = f"{OWN}logo"
ATTACHMENT = "record.json"
MARKED = """
@page { @top-right { content: element(marks); vertical-align: bottom; width: 42%; text-align: right; padding-bottom: 5mm; } }
@page :first { @top-right { padding-bottom: 0; padding-top: 8mm; vertical-align: top; } }
"""
"""Added to the style sheet of a report that carries marks such as DRAFT."""


def prepare() -> None:
    """Do the slow work that needs no record: compile the templates, read labels, fonts and style sheets."""
    for name in _templates().list_templates(filter_func=lambda name: name.endswith(".j2")):
        _templates().get_template(name)
    labels.labels()
    _fonts()
    _faces()
    for marks in ("", MARKED):
        _sheet((TEMPLATES / "report.css").read_text("utf-8") + marks)


def task(payload: bytes) -> bytes:
    """payload: one line of settings as JSON, then the canonical bytes of a record or of another document. Returns the PDF."""
    head, _, raw = payload.partition(b"\n")
    settings = json.loads(head)
    if settings.get("is_committee"):
        return make_committee(committee.read(raw))
    if settings.get("is_official"):
        return make_official(official.read(raw))
    if original := settings.get("original"):
        return make_archive(record.read(raw), tuple(settings["languages"]), SealedOriginal(**original))
    return make(record.read(raw), tuple(settings["languages"]))


def make(made_from: Record, languages: tuple[str, ...], by: str | None = None) -> bytes:
    """Render the report as PDF. by: the program it names as its printer, for reprints; otherwise this program.

    Raises: ValueError where the record's results do not follow from its content; FatalURLFetchingError.
    """
    report = _report(made_from, languages)
    return lay_out(html(report, by), report)


def make_archive(
    made_from: Record, languages: tuple[str, ...], original: SealedOriginal, by: str | None = None
) -> bytes:
    """Render the archive copy of a sealed report as PDF/A-1b: its pages and which file it is made of, nothing attached.

    by: as in `make`. Raises: as `make`.
    """
    report = _report(made_from, languages, original)
    look = report.appearance
    css = _css(report) + archive.CSS
    files = {**_fonts(), **_drawn(report), LOGO: archive.opaque(look.logo)}
    return _written(html(report, by), css, files, None, f"urn:haetae:archive:{original.sha256}")


def _report(made_from: Record, languages: tuple[str, ...], original: SealedOriginal | None = None) -> Report:
    recomputation = record.recompute(made_from)
    if recomputation.differing or recomputation.content_matches is False or not recomputation.questionnaires_match:
        raise ValueError("the record's results do not follow from its content")
    return Report(made_from, recomputation, languages, original)


def make_committee(made_from: committee.Document, by: str | None = None) -> bytes:
    """Render a committee's paper or minutes as PDF. by: as in `make`. Raises: FatalURLFetchingError."""
    by = printed_by() if by is None else by
    css = (OF_COMMITTEE / "committee.css").read_text("utf-8")
    keywords = stated.keywords_of_committee(made_from)
    return _of_frozen(made_from, "committee", css, by=by, keywords=keywords, attached_as=committee.ATTACHMENT)


def make_official(made_from: official.Document, by: str | None = None) -> bytes:
    """Render an official document as PDF. by: as in `make`. Raises: FatalURLFetchingError."""
    by = printed_by() if by is None else by
    css = (OFFICIAL / "official.css").read_text("utf-8")
    css += MARKED if made_from.frozen.marks else ""
    keywords = stated.keywords_of_official(made_from)
    return _of_frozen(made_from, "official", css, by=by, keywords=keywords, attached_as=official.ATTACHMENT)


def _of_frozen(
    made_from: committee.Document | official.Document, kind: str, css: str, *, by: str, keywords: str, attached_as: str
) -> bytes:
    """kind: of its template and in its name. css: beside that of reports."""
    page = (
        _templates()
        .get_template(f"{kind}.html.j2")
        .render(
            frozen=made_from.frozen,
            sha256=made_from.sha256,
            dated=record.stamp(made_from.made_at),
            creator=stated.creator(by),
            keywords=keywords,
        )
    )
    css = (TEMPLATES / "report.css").read_text("utf-8") + css
    attachment = _attachment(made_from.canonical, attached_as, made_from.sha256, made_from.made_at)
    return _written(page, css, _fonts(), attachment, f"urn:haetae:{kind}:{made_from.sha256}")


def html(report: Report, by: str | None = None) -> str:
    """The report as one HTML document. User input is always escaped. by: as in `make`.

    It is written twice: which sources the pages refer to is known, and they are numbered, once the pages are written.
    """
    by = printed_by() if by is None else by
    template = _templates().get_template("report.html.j2")
    about = {
        "creator": stated.creator(by),
        "keywords": stated.keywords_of_archive(report.record, report.languages, report.original)
        if report.original
        else stated.keywords(report.record, report.languages, by),
    }
    whole = report.listing(None)
    template.render(report=whole, **about)
    return template.render(report=report.listing(whole.referred_to), **about)


def printed_by() -> str:
    """Identifies this program version and the fonts installed here."""
    own = tuple(lettering.own_folder() / name for name in lettering.OWN)
    return printer.this(own, lettering.further())


_PAGE_MM, _SIGN_MM, _PADDING_MM = 174, 2.0, 4.6
_SHORT, _LONG = 16, 64
"""Widths of cells in Latin letters: up to the first a column takes what it needs, beyond the second none takes more."""


def _shares(block: committee.Table | official.Table) -> list[float]:
    """How wide each column of a table is, per cent: days, figures and names on one line, the rest as long as its cells."""
    heads = [max(map(_width, title.split()), default=0) for title in block.head]
    cells = [max(map(_width, column), default=0) for column in zip(*block.rows, strict=True)]
    widths = [min(max(pair), _LONG) for pair in zip(heads, cells, strict=True)]
    needed = [100 * (width * _SIGN_MM + _PADDING_MM) / _PAGE_MM for width in widths]
    short = sum(share for share, width in zip(needed, widths, strict=True) if width <= _SHORT)
    long = sum(width for width in widths if width > _SHORT)
    if not long or short > 70:
        return [round(100 * share / sum(needed), 2) for share in needed]
    rest = (100 - short) / long
    return [round(share if width <= _SHORT else width * rest, 2) for share, width in zip(needed, widths, strict=True)]


def _width(text: str) -> int:
    """In Latin letters, of which a Korean syllable takes two."""
    return sum(2 if sign > "\u10ff" else 1 for sign in text)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, OF_COMMITTEE, OFFICIAL]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(COMPILED)) if os.access(COMPILED, os.W_OK) else None,
    )
    environment.globals["signs"] = signs
    environment.filters["kept"] = cache(korean.kept_together)
    environment.filters["on_cover"] = korean.on_cover
    environment.filters["language"] = korean.language_of
    environment.filters["shares"] = _shares
    return environment


def lay_out(page: str, report: Report) -> bytes:
    made_from = report.record
    attachment = _attachment(made_from.canonical, ATTACHMENT, made_from.sha256, made_from.file_dated)
    files = {**_fonts(), **_drawn(report), LOGO: report.appearance.logo}
    return _written(page, _css(report), files, attachment, f"urn:haetae:record:{made_from.sha256}")


def _css(report: Report) -> str:
    css = (TEMPLATES / "report.css").read_text("utf-8").replace(ACCENT, report.appearance.accent)
    return css + (MARKED if report.marks else "")


def _drawn(report: Report) -> dict[str, bytes]:
    """The pictures, by address."""
    return {
        f"{OWN}{name}.svg": lettering.in_words(svg).replace(ACCENT, report.appearance.accent).encode()
        for name, svg in report.charts.items()
    }


def _attachment(content: bytes, name: str, sha256: str, dated: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=content,
        name=name,
        description=f"SHA-256 {sha256}",
        created=dated,
        modified=dated,
        relationship="Source",
    )


def _written(
    page: str, css: str, files: Mapping[str, bytes], attachment: weasyprint.Attachment | None, identifier: str
) -> bytes:
    """identifier: of what the file was made from, which ends with its digest. attachment: None in an archive copy."""
    fetcher, sha256 = OwnFiles(files), identifier.rpartition(":")[2]
    with lettering.further_fonts():
        fonts = FontConfiguration()
    options = {
        "attachments": [attachment] if attachment else [],
        "pdf_variant": "pdf/a-3a" if attachment else archive.VARIANT,
        "pdf_identifier": bytes.fromhex(sha256)[:16].hex().encode(),
    }
    tagging.take_over()
    with _no_complaints(fetcher):
        source = typesetting.page(page, fetcher, OWN)

        def laid_out_by(css: str) -> weasyprint.Document:
            faces = weasyprint.CSS(string=_faces(), font_config=fonts, url_fetcher=fetcher, base_url=OWN)
            return source.render(font_config=fonts, stylesheets=[faces, _sheet(css)], **options)

        laid_out = laid_out_by(css)
        for times in typesetting.CLOSER:
            if overhang := typesetting.overhang(laid_out):
                laid_out = laid_out_by(typesetting.closer(css, times * overhang))
        written = {**weasyprint.DEFAULT_OPTIONS, **options}
        pdf = laid_out.write_pdf(finisher=lambda _, made: typesetting.finish(made, identifier), **written)
    return bytes(pdf or b"")


@cache
def _faces() -> str:
    return (TEMPLATES / "fonts.css").read_text("utf-8")


@lru_cache(maxsize=8)
def _sheet(css: str) -> weasyprint.CSS:
    """A style sheet that loads nothing, taken apart once a process: a tenth of a second, which is as much as a page takes."""
    return weasyprint.CSS(string=css, url_fetcher=OwnFiles({}), base_url=OWN)


class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint brings no types
    """Serves only resources held in memory; any other address aborts the layout."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._files = files
        self.refused: list[str] = []
        """Addresses that were refused; WeasyPrint ignores the error for an image inside an image."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        content = self._files.get(url)
        if content is None:
            self.refused.append(url[:80])
            raise FatalURLFetchingError(f"the layout asked for {url[:80]}, which is not part of the report")
        kind = "image/svg+xml" if url.endswith(".svg") else filetype.guess_mime(content) or "font/ttf"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class _Complaints(logging.Handler):
    """Collects what WeasyPrint logs as an error, such as an omitted image, and characters without a font."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.ERROR or message.startswith(".notdef"):
            self.messages.append(message)


@contextmanager
def _no_complaints(fetcher: OwnFiles) -> Iterator[None]:
    """An incomplete report is not accepted. Raises: ValueError with the first complaint."""
    complaints = _Complaints()
    LOGGER.addHandler(complaints)
    try:
        yield
    finally:
        LOGGER.removeHandler(complaints)
    if fetcher.refused or complaints.messages:
        raise ValueError((fetcher.refused + complaints.messages)[0])


@cache
def _fonts() -> dict[str, bytes]:
    return {f"{OWN}{name}": (lettering.own_folder() / name).read_bytes() for name in lettering.OWN}
