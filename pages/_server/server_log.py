"""The server's log: an entry is one line with what was said, and no sign of a stranger's that a terminal obeys.

Done where entries are made, so that it holds for every logger and every handler, those of Streamlit and uvicorn too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from questionnaires.legible import legible_line

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FURTHER = "  | "
"""Begins every further line of an entry, as of a trace, so that none passes for an entry."""
_plain = logging.getLogRecordFactory()


def begin() -> None:
    """Send Haetae's log messages to standard error, with time and level."""
    own = logging.getLogger("haetae")
    own.setLevel(logging.INFO)
    if not own.handlers:
        own.addHandler(logging.StreamHandler())
        own.handlers[0].setFormatter(logging.Formatter(_FORMAT))
    logging.setLogRecordFactory(record)


def record(*arguments: Any, **more: Any) -> logging.LogRecord:
    """An entry whose texts are legible; numbers stay numbers, for a message may count with them."""
    made = _plain(*arguments, **more)
    if isinstance(made.msg, str):
        made.msg = f"\n{_FURTHER}".join(legible_line(line) for line in made.msg.split("\n"))
    elif isinstance(made.msg, Exception):
        made.msg = legible_line(made.msg)
    if isinstance(made.args, Mapping):
        made.args = {name: _legible(value) for name, value in made.args.items()}
    elif made.args:
        made.args = tuple(_legible(value) for value in made.args)
    if made.exc_info and made.exc_info[0] is not None:
        trace = logging.Formatter().formatException(made.exc_info)
        made.exc_text = "\n".join(_FURTHER + legible_line(line) for line in trace.split("\n"))
    return made


def _legible(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else legible_line(value)
