"""A record as a PDF: render, Rendering. The layout runs in a process of its own; the same record gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

from assessments import own_process
from assessments.errors import RenderError
from exports.printing.renderings import Renderings
from exports.printing.workers import Printing
from exports.record.record import Record
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
LANGUAGES = ("ko", "en")
REPORT_LANGUAGES = {"ko": ("ko",), "en": ("en",), "both": LANGUAGES}
"""Choice → languages of a report; the first one leads."""
DEFAULT_LANGUAGE = "both"


def languages(choice: str, lead: str) -> tuple[str, ...]:
    """Of a report as chosen; of both languages `lead` is the first. Raises: KeyError where there is no such choice."""
    return tuple(sorted(REPORT_LANGUAGES[choice], key=lambda language: language != lead))


class Rendering:
    """A process that gets ready to print while the record is still being made. A context manager."""

    def __init__(self, process: own_process.OwnProcess | None = None) -> None:
        """process: one that was started for it before."""
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
    """The report of this record, made once for all who ask at about the same time. Raises: RenderError."""
    return _RENDERINGS.of(_payload(record, languages))


def begin(record: Record, languages: Sequence[str] = LANGUAGES) -> Future[bytes]:
    """The same, without waiting for it; it ends in the report or in RenderError, and is never cancelled by one who asked."""
    return _RENDERINGS.begin(_payload(record, languages))


def start() -> None:
    """Gets ready to print before the first report is asked for. Raises: OSError."""
    PRINTING.start()


def stop() -> None:
    """Reports that wait are not made any more."""
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


def _printed(payload: bytes) -> bytes:
    with _explained():
        return PRINTING.print(payload)


PRINTING = Printing()
_RENDERINGS = Renderings(_printed)
"""Of this process: screens and downloads share them."""
