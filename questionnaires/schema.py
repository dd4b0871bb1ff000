"""The schema of a questionnaire file as frozen models: Questionnaire and all its parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from questionnaires.area_schema import (
    AreaSaid,
    Disagreement,
    Examined,
    NamedAreas,
    Operators,
    Papers,
    SupervisionLine,
)
from questionnaires.claim_schema import ClaimRules, Contradiction, Need, Part
from questionnaires.condition_schema import (
    ASSESSMENT_DAY,
    Above,
    AllOf,
    Answered,
    AnyOf,
    AtLeast,
    ClaimIs,
    Condition,
    Count,
    CountAtLeast,
    Counted,
    Not,
    ProductAbove,
    QuestionIs,
)
from questionnaires.consistency_schema import ConsistencyCheck
from questionnaires.duty_schema import Duties
from questionnaires.method_schema import (
    Dimension,
    Floor,
    ImpactScales,
    Label,
    LevelBand,
    Method,
    Proportional,
    Residual,
    Threshold,
)
from questionnaires.scale_schema import Scale, ScaleBand, ScaleFloor, ScaleItem, ScalePrinciple
from questionnaires.vocabulary import (
    UNKNOWN,
    Finding,
    Id,
    Level,
    Model,
    Outcome,
    Percent,
    Points,
    QuestionType,
    Source,
    SourceId,
    Text,
    Whole,
)

__all__ = [
    "ASSESSMENT_DAY",
    "UNKNOWN",
    "Above",
    "AllOf",
    "Answered",
    "AnyOf",
    "AreaSaid",
    "AtLeast",
    "Band",
    "ClaimIs",
    "ClaimRules",
    "Condition",
    "ConsistencyCheck",
    "Contradiction",
    "Count",
    "CountAtLeast",
    "Counted",
    "Dimension",
    "Disagreement",
    "Examined",
    "Finding",
    "FindingEntry",
    "Floor",
    "Ground",
    "Id",
    "ImpactScales",
    "Label",
    "Level",
    "LevelBand",
    "Method",
    "Model",
    "NamedAreas",
    "Need",
    "Not",
    "Operators",
    "Option",
    "Outcome",
    "Papers",
    "Part",
    "Percent",
    "Points",
    "ProductAbove",
    "Proportional",
    "Proviso",
    "Question",
    "QuestionIs",
    "QuestionType",
    "Questionnaire",
    "Residual",
    "Route",
    "Scale",
    "ScaleBand",
    "ScaleFloor",
    "ScaleItem",
    "ScalePrinciple",
    "Section",
    "Source",
    "SourceId",
    "SupervisionLine",
    "Text",
    "Threshold",
    "Whole",
]

# --- questions -------------------------------------------------------------------------------------


class Option(Model):
    """One option of a question; `points` only on scored questions and never on `unknown`."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    label: Text
    points: Points | None = None
    state: Literal["in_place", "planned", "none"] | None = None
    """For a control: only `in_place` counts."""


class Band(Model):
    """Points for numbers from `at_least` up to, but not including, the next band."""

    at_least: Whole
    points: Points


class Question(Model):
    """One question; its id is never renamed or reused, the number shown on screen is computed."""

    id: Id
    text: Text
    heading: Text | None = None
    """How a report names it: without what is said to whoever answers. None: as it is asked."""
    why: Text | None = None
    """Why it is asked: the consequences of an answer."""
    type: QuestionType
    required: bool = False
    source: SourceId
    shown_if: Condition | None = None
    if_empty: Text | None = None
    """What to do while it is unanswered; printed as the gap."""
    evidence: Text | None = None
    """Examples of evidence for the answer."""
    options: tuple[Option, ...] = ()
    none_of_these: str | None = None
    """For `choices`: the value that excludes all others."""
    unit: Text | None = None
    minimum: Whole | None = None
    maximum: Whole | None = None
    max: Points | None = None
    """For a scored `choices`: the maximum number of points, whatever is ticked."""
    bands: tuple[Band, ...] = ()
    questions: tuple[Question, ...] = ()
    """For a `group`: the questions in each row."""
    dimension: Id | None = None
    kind: Literal["exposure", "control"] | None = None
    involvement: bool = False
    """Whether the answer is about people's involvement; `denies` is then the option that denies it."""
    denies: str | None = None
    not_about_people: tuple[str, ...] = ()
    """For such a question: options about the system's purpose, which hold whatever people do."""

    @property
    def is_scored(self) -> bool:
        return self.kind is not None

    @cached_property
    def ladder(self) -> dict[str, int]:
        """Option value, or lower bound of a band → points; for a control only options in place count."""
        if not self.options:
            return {str(band.at_least): band.points for band in self.bands}
        return {
            option.value: 0 if self.kind == "control" and option.state in ("planned", "none") else option.points or 0
            for option in self.options
            if option.value != UNKNOWN
        }

    @cached_property
    def maximum_points(self) -> int:
        """The maximum number of points, whether or not the question is shown."""
        return (self.max or 0) if self.type.takes_several else max(self.ladder.values(), default=0)

    @cached_property
    def minimum_points(self) -> int:
        """The minimum number of points an answer can give."""
        return 0 if self.type.takes_several else min(self.ladder.values(), default=0)

    def points_of(self, value: str) -> int:
        """Points of an option, 0 if it has none."""
        return next((option.points or 0 for option in self.options if option.value == value), 0)

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


class Section(Model):
    """Questions answered together on one screen."""

    id: Id
    title: Text
    intro: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


# --- conclusions -----------------------------------------------------------------------------------


class Ground(Model):
    """A ground on which another official source disagrees."""

    when: Condition | None = None
    always: Literal[True] | None = None
    because: Text
    source: SourceId


class Route(Model):
    """One route to an outcome; routes are evaluated in order, and the first that holds decides."""

    when: Condition | Literal["otherwise"]
    outcome: Outcome | Literal["continue"]
    """`continue` (in `area` only): the domain's routes decide."""
    at_least: Literal[Outcome.CANNOT_DETERMINE] | None = None
    """For `continue`: replaces a domain's not_high_impact, because another area is affected too."""
    condition: Text | None = None
    """What must be so for it to hold, as a report names a route that does not. None: `because` says it."""
    because: Text
    source: SourceId
    contested_if: tuple[Ground, ...] = ()


class Proviso(Model):
    """A consideration that the source requires and no answer can settle; printed with every result."""

    text: Text
    source: SourceId


class FindingEntry(Model):
    """Adds to a set of findings; every entry that holds counts."""

    when: Condition
    adds: Id
    because: Text
    source: SourceId
    contested_if: tuple[Ground, ...] = ()
    then: tuple[Proviso, ...] = ()
    """Its consequences: duties owed or inherited, each with its source."""


class Right(Model):
    """A fundamental right that a scenario may touch."""

    id: Id
    title: Text
    source: SourceId
    always: bool = False
    """Whether the guideline requires it to be checked in every assessment."""
    domains: tuple[Id, ...] = ()
    """Domains for which it is offered first."""


class CoverageNeed(Model):
    """One requirement of a coverage item: an answer, or a fact held in the record."""

    when: Condition | None = None
    record: (
        Literal[
            "scenarios",
            "affected_persons",
            "rights_always_checked",
            "impacts_judged",
            "method",
            "measures_prevention",
            "measures_recovery",
            "measures_planned_with_owner_and_day",
        ]
        | None
    ) = None
    missing: Text
    """What to do if it is missing."""
    source: SourceId


class CoverageItem(Model):
    """One item of a matrix; documented if all its needs are met, else a gap."""

    item: Annotated[str, Field(pattern=r"^[0-9a-z]+$")]
    title: Text
    source: SourceId
    needs: Annotated[tuple[CoverageNeed, ...], Field(min_length=1)]


class CoverageMatrix(Model):
    """The items of a legal text that the assessment covers, and what covers them."""

    id: Id
    title: Text
    source: SourceId
    items: Annotated[tuple[CoverageItem, ...], Field(min_length=1)]


class Questionnaire(Model):
    """One edition of one questionnaire."""

    id: Id
    version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$")]
    title: Text
    intro: Text | None = None
    in_force_from: date
    sources: dict[SourceId, Source]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    areas: NamedAreas | None = None
    area: Examined | None = None
    papers: Papers | None = None
    operators: Operators | None = None
    supervision: tuple[SupervisionLine, ...] = ()
    supervised_by: dict[Id, Id] = Field(default_factory=dict)
    consistency: tuple[ConsistencyCheck, ...] = ()
    routes: tuple[Route, ...] = ()
    findings: tuple[FindingEntry, ...] = ()
    claim: ClaimRules | None = None
    provisos: tuple[Proviso, ...] = ()
    rights: tuple[Right, ...] = ()
    coverage: tuple[CoverageMatrix, ...] = ()
    duties: Duties | None = None
    method: Method | None = None
    second_scale: Id | None = None
    """Of a domain: the questionnaire with somebody else's scale, which may be answered beside."""
    scale: Scale | None = None

    def questions(self) -> Iterator[Question]:
        """All questions in order, without the rows of groups."""
        return iter(self._questions)

    @cached_property
    def scored_questions(self) -> tuple[Question, ...]:
        return tuple(question for question in self._questions if question.is_scored)

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        return tuple(question.id for question in self._questions)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, question_id: str) -> Question:
        """Raises: KeyError."""
        for question in self.questions():
            if question.id == question_id:
                return question
        raise KeyError(question_id)


Question.model_rebuild()
