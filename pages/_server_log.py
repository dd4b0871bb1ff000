"""The server's log: one line an entry, with time and level, and no sign of a stranger's that a terminal obeys."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from questionnaires.legible import legible_line

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Legible(logging.Formatter):
    """Writes what another formatter writes. Further lines, as of a trace, are set in, so that none passes for an entry."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        said = self._inner.format(record)
        message = record.getMessage()
        said = said.replace(message, legible_line(message), 1) if message else said
        first, *more = said.split("\n")
        return "\n".join([legible_line(first), *(f"  | {legible_line(line)}" for line in more)])


def begin() -> None:
    """What Haetae says goes to standard error; the lines of all other loggers are made legible too."""
    own = logging.getLogger("haetae")
    own.setLevel(logging.INFO)
    if not own.handlers:
        own.addHandler(logging.StreamHandler())
        own.handlers[0].setFormatter(logging.Formatter(_FORMAT))
    known = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    make_legible(handler for logger in known for handler in logger.handlers)


def make_legible(handlers: Iterable[logging.Handler]) -> None:
    """A second time it changes nothing."""
    for handler in handlers:
        if not isinstance(handler.formatter, _Legible):
            handler.setFormatter(_Legible(handler.formatter or logging.Formatter()))
