"""A record as a PDF: render, Rendering. The layout runs in a process of its own; the same record gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

from assessments import own_process
from assessments.errors import RenderError
from assessments.ready_process import ReadyProcess
from exports.committee.document import Document
from exports.official import document as official
from exports.printing.renderings import Renderings
from exports.record.original import SealedOriginal
from exports.record.record import Record
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
LANGUAGES = ("ko", "en")
REPORT_LANGUAGES = {"ko": ("ko",), "en": ("en",), "both": LANGUAGES}
"""Choice → languages of a report; the first one leads."""
DEFAULT_LANGUAGE = "both"


def languages(choice: str, lead: str) -> tuple[str, ...]:
    """Languages of a report for a choice; for both, `lead` comes first. Raises: KeyError for an unknown choice."""
    return tuple(sorted(REPORT_LANGUAGES[choice], key=lambda language: language != lead))


class Rendering:
    """Context manager around a process that warms up for printing while the record is still being built."""

    def __init__(self, process: own_process.OwnProcess | None = None) -> None:
        """process: a process started for this rendering beforehand."""
        self._process = process or own_process.OwnProcess("render")

    def __enter__(self) -> Rendering:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__()

    def finish(self, record: Record, languages: Sequence[str] = LANGUAGES) -> bytes:
        """The report: PDF/A-3a and PDF/UA-1 in one file, with the record attached as record.json.

        languages: of the report, the first one leads. Raises: RenderError.
        """
        with _explained():
            return self._process.finish(_payload(record, languages))


def render(record: Record, languages: Sequence[str] = LANGUAGES) -> bytes:
    """Render the record as a PDF; simultaneous requests share one rendering. Raises: RenderError."""
    return _RENDERINGS.of(_payload(record, languages))


def begin(record: Record, languages: Sequence[str] = LANGUAGES) -> Future[bytes]:
    """Like `render`, without waiting: resolves to the PDF or RenderError. Callers never cancel the shared rendering."""
    return _RENDERINGS.begin(_payload(record, languages))


def render_archive(record: Record, languages: Sequence[str], original: SealedOriginal) -> bytes:
    """Render the archive copy of a sealed report: PDF/A-1b with nothing attached. Raises: RenderError."""
    return _RENDERINGS.of(_archive_payload(record, languages, original))


def begin_archive(record: Record, languages: Sequence[str], original: SealedOriginal) -> Future[bytes]:
    """Like `render_archive`, without waiting, as `begin` does."""
    return _RENDERINGS.begin(_archive_payload(record, languages, original))


def _archive_payload(record: Record, languages: Sequence[str], original: SealedOriginal) -> bytes:
    settings = {"languages": list(languages), "original": original.to_json()}
    return json.dumps(settings).encode() + b"\n" + record.canonical


def render_committee(document: Document) -> bytes:
    """Render a committee's document as a PDF, with what was frozen attached as committee.json. Raises: RenderError."""
    return _RENDERINGS.of(json.dumps({"is_committee": True}).encode() + b"\n" + document.canonical)


def render_official(document: official.Document) -> bytes:
    """Render an official document as a PDF, with what was frozen attached as document.json. Raises: RenderError."""
    return _RENDERINGS.of(_official_payload(document))


def begin_official(document: official.Document) -> Future[bytes]:
    """Like `render_official`, without waiting, as `begin` does."""
    return _RENDERINGS.begin(_official_payload(document))


def _official_payload(document: official.Document) -> bytes:
    return json.dumps({"is_official": True}).encode() + b"\n" + document.canonical


def start() -> None:
    """Warm up the printing process before the first request. Raises: OSError."""
    PRINTING.start()


def waiting() -> int:
    """Reports that are being made or wait to be."""
    return len(_RENDERINGS)


def stop() -> None:
    """Stop printing; queued reports are dropped."""
    _RENDERINGS.drop_waiting()
    PRINTING.stop()


def _payload(record: Record, languages: Sequence[str]) -> bytes:
    return json.dumps({"languages": list(languages)}).encode() + b"\n" + record.canonical


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except own_process.OverLimitError as error:
        raise RenderError(TEXTS.told("report_not_made", error=error)) from None


def printed_here(payload: bytes) -> bytes:
    """What a printing process of this computer makes of it. Raises: RenderError."""
    with _explained():
        return PRINTING.run(payload)


def print_by(prints: Callable[[bytes], bytes]) -> None:
    """From now on this lays the pages out, such as a worker on another computer."""
    _Prints.by = prints


class _Prints:
    by: Callable[[bytes], bytes] | None = None


def _printed(payload: bytes) -> bytes:
    return (_Prints.by or printed_here)(payload)


PRINTING = ReadyProcess("render")
_RENDERINGS = Renderings(_printed)
"""One per process, shared by screens and downloads."""
