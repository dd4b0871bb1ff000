"""The words that questionnaire files and the rest of the product share: enums, texts, sources, kinds of numbers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

UNKNOWN = "unknown"
"""The option that every choice offers; it satisfies `required` and decides nothing."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
SourceId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]*$", max_length=60)]
Whole = Annotated[int, Field(strict=True)]
Points = Annotated[int, Field(strict=True, ge=0)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class Outcome(StrEnum):
    """The three results of the official form (Decree, annexed form, field 3)."""

    HIGH_IMPACT = "high_impact"
    NOT_HIGH_IMPACT = "not_high_impact"
    CANNOT_DETERMINE = "cannot_determine"


class Level(StrEnum):
    """Risk level of the tool's own method, lowest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"

    @property
    def rank(self) -> int:
        """0 for low, counting upwards."""
        return _LEVELS.index(self)

    def steps_down(self, steps: int) -> Level:
        """The level so many steps lower, never below low."""
        return _LEVELS[max(0, self.rank - steps)]


_LEVELS = tuple(Level)


class Finding(StrEnum):
    """What is found on the human-involvement claim, whole or part; weakest first, then the two that stand apart."""

    CONTRADICTED = "contradicted"
    INDETERMINATE = "indeterminate"
    SUPPORTED = "supported"
    ABSENT = "absent"
    """No claim is made."""
    NOT_APPLICABLE = "not_applicable"
    """Of a part only: left out, with a reason."""


class QuestionType(StrEnum):
    """What an answer looks like."""

    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    GROUP = "group"

    @property
    def takes_several(self) -> bool:
        """Whether more than one option may be ticked."""
        return self is QuestionType.CHOICES


class Model(BaseModel):
    """Frozen; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Model):
    """One text in the two languages of the product."""

    ko: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def __getitem__(self, language: str) -> str:
        """Raises: KeyError for any other language."""
        return {"ko": self.ko, "en": self.en}[language]


class Source(Model):
    """The most official text there is for what is asked or concluded."""

    kind: Literal["act", "decree", "notice", "guideline", "casebook", "standard", "method", "other"]
    """`method`: the tool's own, binding nobody."""
    title: Text
    edition: date
    """Day of the edition that was read."""
    read_on: date
    url: str | None = None
    note: Text | None = None
    """What is doubtful or was not found, if anything."""
