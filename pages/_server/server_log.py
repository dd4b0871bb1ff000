"""The server's log: an entry is one line with what was said, and no sign of a stranger's that a terminal obeys.

Done where entries are made, so that it holds for every logger and every handler, those of Streamlit and uvicorn too. As JSON
(HAETAE_LOG=json) an entry is an object that names request and account by signs that mean nothing elsewhere, and holds no text that
somebody wrote: of a message the words of the program, of a failure its kinds and places.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.types import Scope

from assessments import monitoring
from assessments.errors import AssessmentError
from pages._server import measuring, whose
from questionnaires.legible import legible_line

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FURTHER = "  | "
"""Begins every further line of an entry, as of a trace, so that none passes for an entry."""
_OURS = ("haetae", "uvicorn.error")
"""Loggers whose messages are the words of a program, with what they tell of in their arguments."""
_PLACE = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")
LEFT_OUT = "…"
_REQUESTS = "haetae.requests"
_ANSWERED = "%(method)s %(route)s %(status)d in %(ms)f ms"
_plain = logging.getLogRecordFactory()


def begin() -> None:
    """Send Haetae's log messages to standard error, with time and level."""
    is_json = _is_json()
    own = logging.getLogger("haetae")
    own.setLevel(logging.INFO)
    if not own.handlers:
        own.addHandler(logging.StreamHandler())
    own.handlers[0].setFormatter(logging.Formatter("%(message)s" if is_json else _FORMAT))
    logging.getLogger(_REQUESTS).disabled = not is_json
    logging.setLogRecordFactory(json_record if is_json else record)
    if is_json:
        for logger in (logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))):
            for handler in logger.handlers:
                handler.setFormatter(logging.Formatter("%(message)s"))


def _is_json() -> bool:
    try:
        return monitoring.current().is_json
    except AssessmentError:  # said by whoever starts the server
        return False


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


# --- as JSON -----------------------------------------------------------------------------------------------------


def json_record(*arguments: Any, **more: Any) -> logging.LogRecord:
    """An entry that is a JSON object already, whoever writes it out."""
    made = _plain(*arguments, **more)
    entry: dict[str, object] = {
        "at": datetime.fromtimestamp(made.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "level": made.levelname.lower(),
        "logger": made.name,
        "message": _message(made),
        "place": f"{Path(made.pathname).name}:{made.lineno}",
    }
    if (work := whose.now()) is not None:
        entry["request"] = work.request
        if work.actor:
            entry["actor"] = work.actor
    if made.exc_info and made.exc_info[1] is not None:
        entry["failure"] = _failure(made.exc_info[1])
    if isinstance(made.args, Mapping) and made.name == _REQUESTS:
        entry |= dict(made.args)
    made.msg, made.args, made.exc_info, made.exc_text = json.dumps(entry, ensure_ascii=True), (), None, None
    return made


def _message(made: logging.LogRecord) -> str:
    """The words of the program; numbers stay, every other argument is left out, for nobody can tell a name from a word."""
    if made.name == _REQUESTS:
        return "answered"
    if made.name.partition(".")[0] not in [name.partition(".")[0] for name in _OURS] or not isinstance(made.msg, str):
        return ""
    arguments = made.args if isinstance(made.args, Mapping) else iter(made.args or ())

    def filled(place: re.Match[str]) -> str:
        value = arguments.get(place[1] or "") if isinstance(arguments, Mapping) else next(arguments, None)
        return str(value) if isinstance(value, int | float) else LEFT_OUT

    return legible_line(_PLACE.sub(filled, made.msg) if made.args else made.msg)


def _failure(error: BaseException) -> list[dict[str, object]]:
    """Kinds of failures, the last one first, each with its places in the program, without what they say."""
    failures: list[dict[str, object]] = []
    at: BaseException | None = error
    while at is not None and len(failures) < 5:
        failures.append({"kind": type(at).__name__, "places": _places(at.__traceback__)})
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return failures


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-12:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def answered(scope: Scope, status: int, seconds: float) -> None:
    """A line for each answer, where the log is JSON: the route that took it, never the address that was asked for."""
    method = scope["method"] if scope["method"] in measuring.METHODS else measuring.OTHER
    of_answer = {
        "method": method,
        "route": measuring.route_of(scope),
        "status": status,
        "ms": round(1000 * seconds, 1),
    }
    logging.getLogger(_REQUESTS).info(_ANSWERED, of_answer)
