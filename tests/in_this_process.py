"""What a process of its own would do, done in this one, which has everything loaded: done, Here.

For tests of what comes of it. That the process is there, its limits and its sudden end are tested with the real one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from assessments.errors import AssessmentError, RefusedError
from assessments.own_process import TASKS, OverLimitError, StoppedError
from questionnaires.texts import Told


def done(task: str, payload: bytes, **_limits: int) -> bytes:
    """Fails as the process would. Raises: RefusedError, OverLimitError."""
    try:
        result: bytes = importlib.import_module(TASKS[task].module).task(payload)
    except AssessmentError as error:
        raise RefusedError(Told(error.what, error.remedy)) from None
    except Exception as error:
        raise OverLimitError(f"{type(error).__name__}: {error}") from None
    return result


class Here:
    """Stands where `OwnProcess` does."""

    def __init__(self, task: str, **_limits: int | None) -> None:
        self._task = task

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def finish(
        self, payload: bytes, *, goes_on: Callable[[float], bool] | None = None, look_every: float = 0.5
    ) -> bytes:
        result = done(self._task, payload)
        if goes_on and not goes_on(1.0):
            raise StoppedError
        return result
