"""Pages that are laid out once a run, whichever test or process asks first: share, anew, layout_of; brief, briefly, whole.

A layout takes seconds of processor time and follows from its HTML, style sheet, files and attachment alone. Where a test
has replaced a part of the layout, nothing is shared. That the same record gives the same bytes is shown by processes of
their own, which know nothing of this.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import weasyprint

from exports.printing import archive, document, lettering, tagging, typesetting
from exports.record.record import Record

_written = document._written
_PARTS = (
    (typesetting, "page"),
    (typesetting, "overhang"),
    (typesetting, "closer"),
    (typesetting, "CLOSER"),
    (typesetting, "finish"),
    (tagging, "take_over"),
    (tagging, "_draw"),
    (tagging, "_tag"),
    (lettering, "complete"),
    (lettering, "further_fonts"),
    (lettering, "undrawable"),
    (lettering, "FURTHER"),
    (archive, "without_groups"),
    (weasyprint, "HTML"),
    (weasyprint.Document, "write_pdf"),
)
_SHIPPED = tuple(getattr(place, name) for place, name in _PARTS)


@dataclass(frozen=True)
class LaidOutPage:
    """What the layout knew of a page and its file does not say."""

    height: float
    headings: tuple[tuple[str, float], ...]
    """Words of each heading, and how far below the top it stands."""
    end: float | None
    """How far below the top the report ends; None: not on this page."""


def share() -> None:
    """From now on in this process, as long as a folder for prints is named."""
    document._written = _shared


@contextmanager
def anew() -> Iterator[None]:
    """What is printed meanwhile is laid out, though it was before: to see that the same comes of it."""
    _ANEW.append(True)
    try:
        yield
    finally:
        _ANEW.pop()


_ANEW: list[bool] = []


@contextmanager
def briefly(*further: str) -> Iterator[None]:
    """A report that is printed meanwhile is its first page. further: classes of parts that it has as well."""
    written, document._written = document._written, partial(brief, further=further) if further else brief
    try:
        yield
    finally:
        document._written = written


@contextmanager
def whole() -> Iterator[None]:
    """A report that is printed meanwhile has all its pages, whatever a test puts in their place: for what others are to share."""
    written, document._written = document._written, _shared
    try:
        yield
    finally:
        document._written = written


def layout_of(made_from: Record, languages: tuple[str, ...]) -> list[LaidOutPage]:
    """The pages of a report as they were laid out last."""
    _LAST.clear()
    document.make(made_from, languages)
    (file,) = _LAST  # nothing stands here where a test has replaced a part of the layout
    told = json.loads(file.with_suffix(".json").read_text("utf-8"))
    return [LaidOutPage(page["height"], tuple(map(tuple, page["headings"])), page["end"]) for page in told]


_LAST: list[Path] = []
"""Where the layouts asked for last are kept."""


def _shared(
    page: str, css: str, files: Mapping[str, bytes], attachment: weasyprint.Attachment | None, identifier: str
) -> bytes:
    folder = os.environ.get("HAETAE_TEST_PRINTS")
    is_shipped = all(getattr(place, name) is part for (place, name), part in zip(_PARTS, _SHIPPED, strict=True))
    if not folder or not is_shipped or _ANEW:
        return _written(page, css, files, attachment, identifier)
    file = Path(folder) / _digest(page, css, files, attachment, identifier)
    with file.with_suffix(".lock").open("w") as lock:
        # until it is closed, also by the end of a process: the others wait for the print
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.is_file():
            with _watched() as pages:
                pdf = _written(page, css, files, attachment, identifier)
            file.with_suffix(".json").write_text(json.dumps([asdict(page) for page in pages]), "utf-8")
            file.with_suffix(".new").write_bytes(pdf)
            file.with_suffix(".new").replace(file)
    _LAST.append(file)
    return file.read_bytes()


def brief(
    page: str,
    css: str,
    files: Mapping[str, bytes],
    attachment: weasyprint.Attachment | None,
    identifier: str,
    further: tuple[str, ...] = (),
) -> bytes:
    """The report's first page, with everything that a file says of itself: for tests of what is done with it, whatever it tells.

    Shared like whole ones.
    """
    root = typesetting.parsed(page)
    (body,) = root.findall("body")
    for part in list(body):
        if (
            not {"marks", "first", *further} & set((part.get("class") or "").split())
            and part.get("id") != typesetting.END
        ):
            body.remove(part)
    for parent in list(body.iter()):
        for contents in parent.findall("nav"):
            parent.remove(contents)  # it leads to pages that are not there
    there = {f"#{element.get('id')}" for element in root.iter()}
    for link in root.iter("a"):
        if link.get("href", "").startswith("#") and link.get("href") not in there:
            del link.attrib["href"]
    return _shared(ElementTree.tostring(root, encoding="unicode", method="xml"), css, files, attachment, identifier)


def _digest(
    page: str, css: str, files: Mapping[str, bytes], attachment: weasyprint.Attachment | None, identifier: str
) -> str:
    """What is attached goes in by its digest, with which the identifier ends."""
    attached = (attachment.name, attachment.description, attachment.created, attachment.modified) if attachment else ()
    fonts = [str(font) for font in lettering.further()]
    named = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return hashlib.sha256(repr((page, css, named, attached, identifier, fonts)).encode()).hexdigest()


@contextmanager
def _watched() -> Iterator[list[LaidOutPage]]:
    """The pages that are written meanwhile."""
    pages: list[LaidOutPage] = []
    write_pdf = weasyprint.Document.write_pdf

    def watched(laid_out: weasyprint.Document, *given: Any, **options: Any) -> Any:
        pages[:] = map(_told, laid_out.pages)
        return write_pdf(laid_out, *given, **options)

    weasyprint.Document.write_pdf = watched
    try:
        yield pages
    finally:
        weasyprint.Document.write_pdf = write_pdf


def _told(page: Any) -> LaidOutPage:
    headings = tuple((label, y) for _, label, (_, y), _ in page.bookmarks)
    return LaidOutPage(
        page.height, headings, page.anchors[typesetting.END][1] if typesetting.END in page.anchors else None
    )
