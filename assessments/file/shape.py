"""The shape of an assessment file, before anything in it is judged: FileShape and its parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from assessments.decision_log.reading.columns import LogMapping
from assessments.decision_log.triggers import Trigger, check_can_be_missed, check_named_once
from assessments.model import Ruling

FORMAT = "haetae-assessment/1"


class Shape(BaseModel):
    """A whole number where a text belongs (`version: 3`) is the text that was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class NamedShape(Shape):
    name: Annotated[str, Field(min_length=1)]


class PersonShape(NamedShape):
    position: str = ""
    """Position and department."""


class SupervisorShape(Shape):
    name: str = ""
    contact: str = ""
    position: str = ""


class OperatorShape(NamedShape):
    registration_number: str = ""
    address: str = ""
    representative: str = ""
    supervisor: SupervisorShape = SupervisorShape()
    separation: Literal[2, 3] = 3


class BilingualShape(Shape):
    ko: str = ""
    en: str = ""


class SystemShape(Shape):
    name: BilingualShape
    version: str = ""
    summary: BilingualShape = BilingualShape()
    vendor: str = ""
    model: str = ""


class EvidenceShape(Shape):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    title: str
    file: str | None = None
    file_name: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    size: Annotated[int, Field(strict=True, ge=0)] = 0
    media_type: str = ""
    part: str = ""
    question: str = ""
    items: tuple[str, ...] = Field((), alias="for")
    """Parts and `questionnaire.question`s that the one file is for, instead of `part` and `question`."""
    on: date | None = None
    expires_on: date | None = None

    @model_validator(mode="after")
    def _either(self) -> EvidenceShape:
        if self.items and (self.part or self.question):
            raise PydanticCustomError("evidence_for_and_part", "for stands beside part or question")
        return self

    def named(self, questions: Collection[str], taken: set[str]) -> list[tuple[str, str, str]]:
        """Id, part and question of each item that it is for; the first keeps the id, and more are added to those taken."""
        if not self.items:
            return [(self.id, self.part, self.question)]
        items = []
        for place, item in enumerate(dict.fromkeys(self.items)):
            name, number = self.id, place
            while place and name in taken:
                number += 1
                name = f"{self.id}-{number}"
            taken.add(name)
            items.append((name, "" if item in questions else item, item if item in questions else ""))
        return items


class GradingShape(Shape):
    scale: str = ""
    duration: str = ""
    likelihood: str = ""


class ImpactShape(Shape):
    right: str
    effect: str = ""
    before: GradingShape = GradingShape()
    in_place: GradingShape | None = None
    reason: str = ""
    target: GradingShape | None = None


class AffectedShape(Shape):
    direct: str = ""
    indirect: str = ""
    unintended: str = ""


class ScenarioShape(Shape):
    id: str
    text: str
    affected: AffectedShape = AffectedShape()
    impacts: tuple[ImpactShape, ...] = ()


class MeasureShape(Shape):
    id: str
    text: str
    owner: str = ""
    due: date | None = None
    in_place: Annotated[bool, Field(strict=True)] = False
    kind: Literal["prevention", "mitigation", "recovery"] = "prevention"
    scenarios: tuple[str, ...] = ()


class ExplanationShape(Shape):
    check: str
    text: Annotated[str, Field(min_length=1)]


class WithheldShape(Shape):
    path: str
    kind: Literal["trade_secret", "personal"]
    reason: Annotated[str, Field(min_length=1)]
    salt: str = ""


class SignOffShape(Shape):
    by: PersonShape
    on: date


class ConditionShape(Shape):
    """In words alone, or with who sees to it and by when."""

    text: Annotated[str, Field(min_length=1)]
    owner: str = ""
    due: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, data: Any) -> Any:
        return data if isinstance(data, dict | list) else {"text": data}


class DecisionShape(Shape):
    ruling: Ruling
    reason: Annotated[str, Field(min_length=1)]
    conditions: tuple[ConditionShape, ...] = ()
    by: PersonShape
    on: date
    sign_off: SignOffShape


class LogEventShape(Shape):
    on: date
    label: Annotated[str, Field(min_length=1, max_length=200)]


class MadeLogShape(Shape):
    """What `haetae log make` is told, for an example that brings no file."""

    style: Literal["attentive", "rubber-stamp", "drifting", "unfair"]
    reviewers: Annotated[int, Field(strict=True, ge=1, le=500)]
    cases: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    seed: Annotated[int, Field(strict=True, ge=0)] = 0


class LogShape(Shape):
    """A decision log beside the assessment file, or a made one; its figures become part of the assessment, no file does."""

    file: str = ""
    made: MadeLogShape | None = None
    """In examples only."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    mapping: LogMapping | None = None
    """None: suggested from the headers."""
    events: tuple[LogEventShape, ...] = ()
    triggers: tuple[Trigger, ...] = ()

    @model_validator(mode="after")
    def _has_one_source(self) -> LogShape:
        if bool(self.file) == (self.made is not None):
            message = "a log needs `file`, or in an example `made`, and not both"
            raise PydanticCustomError("log_source", message)
        return self

    @model_validator(mode="after")
    def _names_each_figure_once(self) -> LogShape:
        check_named_once(self.triggers)
        check_can_be_missed(self.triggers)
        return self


class FileShape(Shape):
    format: Literal["haetae-assessment/1"]
    example: Annotated[bool, Field(strict=True)] = False
    on: date
    domain: str
    author: PersonShape | None = None
    """Where there is one."""
    authors: tuple[PersonShape, ...] = ()
    """Everybody who wrote the answers; instead of `author`."""
    operator: OperatorShape
    system: SystemShape
    editions: dict[str, str] = {}
    answers: dict[str, dict[str, Any]] = {}
    evidence: tuple[EvidenceShape, ...] = ()
    scenarios: tuple[ScenarioShape, ...] = ()
    measures: tuple[MeasureShape, ...] = ()
    log: LogShape | None = None
    explanations: tuple[ExplanationShape, ...] = ()
    withheld: tuple[WithheldShape, ...] = ()
    decision: DecisionShape | None = None

    @model_validator(mode="after")
    def _names_its_authors_once(self) -> FileShape:
        if self.author is not None and self.authors:
            message = "write `author` for one person or `authors` for several, not both"
            raise PydanticCustomError("author_or_authors", message)
        return self
