"""What went wrong with a job, as it lies in its row: as_json, raised_again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assessments import errors
from assessments.errors import AssessmentError
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.texts import Told, texts_of
from questionnaires.vocabulary import Text

TEXTS = texts_of(__file__)


def as_json(error: Exception) -> dict[str, Any]:
    """What whoever asked is to be told. Of an error that nobody foresaw only its kind, for it may hold what was read."""
    if isinstance(error, InvalidFileError):
        return {"problems": [asdict(problem) for problem in error.problems]}
    if not isinstance(error, AssessmentError):
        error = AssessmentError(TEXTS.told("job_unforeseen", kind=type(error).__name__))
    remedy = error.remedy and error.remedy.model_dump()
    return {"kind": type(error).__name__, "what": error.what.model_dump(), "remedy": remedy}


def raised_again(stored: Mapping[str, Any] | None) -> Exception:
    """As it was raised where the job was done."""
    if stored is None:
        return AssessmentError(TEXTS.told("job_gone"))
    if "problems" in stored:
        return InvalidFileError(Problem(**problem) for problem in stored["problems"])
    what, remedy = Text(**stored["what"]), Text(**stored["remedy"]) if stored["remedy"] else None
    kind: type[AssessmentError] = getattr(errors, stored["kind"], AssessmentError)
    try:
        return kind(Told(what, remedy))
    except TypeError:  # one that needs more than its message
        return AssessmentError(Told(what, remedy))
