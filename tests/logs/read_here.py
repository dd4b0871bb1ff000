"""A log that was handed in, read and counted in this process: read_here. Limits and a sudden end are tested with the real one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assessments.decision_log.intake import counting, counting_process
from assessments.errors import AssessmentError, RefusedError
from assessments.own_process import StoppedError
from questionnaires.texts import Told


class _Here:
    """Stands where `OwnProcess` does, and does the same task in the thread that would wait for it."""

    def __init__(self, task: str) -> None:
        assert task in ("look", "read", "count")

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def finish(self, payload: bytes, *, goes_on: Callable[[float], bool], look_every: float) -> bytes:
        try:
            result = counting_process.task(payload)
        except AssessmentError as error:
            raise RefusedError(Told(error.what, error.remedy)) from None
        if not goes_on(1.0):
            raise StoppedError
        return result


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process takes a second of processor time to load what reads a log; here it is loaded."""
    monkeypatch.setattr(counting, "OwnProcess", _Here)
    monkeypatch.setattr(counting_process, "tell", lambda _share: None)
