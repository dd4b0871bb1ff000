"""The same over a cluster of Dask: ClusterExaminer. Workers get the bytes of a file, or read it themselves from a shared folder.

On a worker each file is examined in a process of its own with the same limits, and the row that comes back is looked at as one
of a stranger. Workers of another release, or with other questionnaires, are refused: only the same program gives the same rows.
Whoever runs the scheduler is trusted; Dask hands code from one to the other.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from concurrent.futures import Future
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from assessments.errors import AssessmentError
from assessments.own_process import OverLimitError
from assessments.ready_process import ReadyProcess
from exports.collection import files
from exports.collection import row as rows
from exports.collection.columns import Row
from exports.collection.examination import Settings
from exports.collection.run import examine
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
ANSWERING_SECONDS = 20
"""In which the scheduler, and every worker, must have answered for the first time."""
_TRIES = 3
"""Times that a file is given to another worker when one was lost."""
_OVER_LIMIT, _CHANGED = b"over limit", b"changed"


class ClusterExaminer:
    """Raises, when it is made: AssessmentError where there is no cluster, or another release on it."""

    def __init__(self, address: str, settings: Settings, shared: Path | None = None) -> None:
        """address: of the scheduler. shared: the folder, where every worker sees it under this path."""
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise AssessmentError(TEXTS.told("no_cluster_extra")) from None
        self._address, self._shared = legible(address), shared
        self._settings = settings
        self._run = secrets.token_hex(8)
        """In the name of each task, for a cluster takes two tasks of one name for the same, whoever gave them."""
        try:
            self._client: Any = distributed.Client(address, timeout=ANSWERING_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise self._unreachable(error) from None
        try:
            workers: dict[str, int] = self._client.nthreads()
            if not workers:
                raise self._unreachable("0 workers")
            keys = self._client.run(key_there, self._settings, on_error="return")
            others = sorted(worker for worker, key in keys.items() if key != settings.key())
            if others:
                raise AssessmentError(TEXTS.told("cluster_differs", workers=legible(", ".join(others))))
        except BaseException:
            self._client.close()
            raise
        self.places = sum(workers.values())

    def begin(self, path: bytes, pdf: bytes, at: datetime) -> Future[Row]:
        """The row, sometime. Raises there: OverLimitError; AssessmentError where the cluster is lost."""
        place = str(self._shared) if self._shared else ""
        content = path if self._shared else pdf
        digest = hashlib.sha256(pdf).hexdigest()
        waiting: Future[Row] = Future()
        examined = self._client.submit(
            examined_there,
            self._settings,
            place,
            content,
            digest,
            at,
            pure=False,
            retries=_TRIES,
            key=f"haetae-{self._run}-{digest}",
        )
        examined.add_done_callback(lambda done: self._settle(done, waiting))
        return waiting

    def _settle(self, done: Any, waiting: Future[Row]) -> None:
        if not waiting.set_running_or_notify_cancel():
            return
        try:
            raw = done.result()
            if raw in (_OVER_LIMIT, _CHANGED):
                raise OverLimitError(raw.decode())
            waiting.set_result(rows.from_json(json.loads(raw)))
        except (OverLimitError, AssessmentError) as error:
            waiting.set_exception(error)
        except BaseException as error:  # a worker or the scheduler is lost; nothing is known of the file
            waiting.set_exception(self._unreachable(error))

    def stop(self) -> None:
        self._client.close()

    def _unreachable(self, why: object) -> AssessmentError:
        text = legible(why if isinstance(why, str) else f"{type(why).__name__}: {why}")
        return AssessmentError(TEXTS.told("cluster_unreachable", address=self._address, why=text))


# --- on a worker ------------------------------------------------------------------------------------------------------


def key_there(settings: Settings) -> str:
    """What results depend on there: the release, its questionnaires, and what is trusted."""
    return settings.key()


def examined_there(settings: Settings, shared: str, content: bytes, sha256: str, at: datetime) -> bytes:
    """content: the file, or its path below the shared folder. Returns the row as JSON, or why there is none."""
    pdf = files.content(Path(shared), content).pdf if shared else content
    if hashlib.sha256(pdf).hexdigest() != sha256:
        return _CHANGED
    try:
        row = examine(_ready(), settings, settings.to_json(), pdf, at)
    except OverLimitError:
        return _OVER_LIMIT
    return json.dumps(rows.to_json(row), ensure_ascii=False).encode()


@cache
def _ready() -> ReadyProcess:
    """One a worker process, whatever threads it has."""
    return ReadyProcess("examine", is_of_terminal=False)
