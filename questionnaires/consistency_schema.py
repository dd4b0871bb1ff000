"""What cannot both be true of one assessment: a condition here, and another here, in another questionnaire or in the record."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.condition_schema import Condition
from questionnaires.vocabulary import Id, Model, SourceId, Text


class Severity(StrEnum):
    SEVERE = "severe"
    """Resolved or explained before submitting."""
    NOTICE = "notice"
    """Shown only: there may be a plain reason."""


class RecordedFact(StrEnum):
    """What the assessment holds beside answers."""

    SUPERVISOR_UNNAMED = "supervisor_unnamed"
    """The organisation's data name nobody who supervises."""
    RIGHTS_AFFECTED = "rights_affected"
    """A scenario judges at least one right."""
    MEASURES_PLANNED = "measures_planned"
    """A measure is planned and not in place."""
    LOG_ALL_BY_PEOPLE = "log_all_by_people"
    """The decision log tells automatic cases apart, and has none."""
    LOG_SOME_AUTOMATIC = "log_some_automatic"
    """The decision log has cases that no person decided."""


class Against(Model):
    """The other side: a condition, on this file or the questionnaire named by `in`, or a fact of the record."""

    in_: Annotated[Id | None, Field(alias="in")] = None
    when: Condition | None = None
    record: RecordedFact | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Against:
        if (self.when is None) == (self.record is None) or (self.in_ is not None and self.when is None):
            raise ValueError("names either `when`, with or without `in`, or `record`")
        return self


class ConsistencyCheck(Model):
    """Two conditions that cannot both hold; it speaks only where both surely do."""

    id: Id
    severity: Literal[Severity.SEVERE, Severity.NOTICE]
    here: Condition
    against: Against
    because: Text
    """Names both."""
    source: SourceId
