"""What follows from an assessment's content: Findings and its parts, as frozen dataclasses.

What occurs many times in a score is a named tuple, which takes half the time to construct.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from questionnaires.duty_schema import Force
from questionnaires.schema import Proviso
from questionnaires.vocabulary import Finding, Level, Outcome, Text


@dataclass(frozen=True)
class Reason:
    """One reason for a result, with its source."""

    text: Text
    source: str
    """Source id in the questionnaire that says it."""


@dataclass(frozen=True)
class ContestedGround:
    """A ground on which another official source disagrees."""

    text: Text
    source: str
    is_certain: bool
    """False: an open answer determines whether it applies."""


@dataclass(frozen=True)
class Determination:
    """The outcome, why, and whether another official source contests it."""

    outcome: Outcome
    contested: bool
    reasons: tuple[Reason, ...]
    grounds: tuple[ContestedGround, ...]
    deciding: tuple[str, ...] = ()
    """If it cannot be determined: visible, unanswered questions that the remaining routes depend on."""
    is_contradicted: bool = False
    """It cannot be determined because answers contradict each other; `reasons` names them."""


@dataclass(frozen=True)
class DeterminationPair:
    """The determination with the human-involvement claim and without it; always shown side by side."""

    with_claim: Determination
    without_claim: Determination


@dataclass(frozen=True)
class LogContribution:
    """What the decision log says on one part of the claim."""

    part: str
    finding: Finding
    """supported, indeterminate or contradicted."""
    reasons: tuple[Reason, ...] = ()
    """What the figures show, whether for the claim or against it."""
    missing: tuple[Reason, ...] = ()
    """What would have to change for the part to be supported; empty if and only if it is supported."""
    figures: tuple[str, ...] = ()
    """Ids of the figures it refers to."""
    since: date | None = None
    """First day from which the log contradicts the part. None: it does not, or has done so throughout."""


@dataclass(frozen=True)
class PartFinding:
    """The finding on one part of the claim."""

    part: str
    finding: Finding
    reasons: tuple[Reason, ...] = ()
    """Why it is contradicted or not applicable."""
    missing: tuple[Reason, ...] = ()
    """What is still missing for it to be supported."""
    log: LogContribution | None = None
    """What the decision log says. None: no log, or it says nothing about this part."""


@dataclass(frozen=True)
class ClaimFinding:
    """The human-involvement claim, as weak as its weakest part."""

    whole: Finding
    parts: tuple[PartFinding, ...] = ()


class Range(NamedTuple):
    """Lower and upper bound of a figure; equal if no answer is open."""

    low: int
    high: int


class PointTrace(NamedTuple):
    """What one scored question contributed, and why."""

    question: str
    dimension: str
    kind: str
    """exposure or control."""
    answer: str
    """The answer as entered; empty: open."""
    low: int
    high: int
    """Lowest and highest possible points; for a control, the points already in place."""
    maximum: int
    visibility: bool | None
    """True shown, False surely hidden (counts nothing), None possibly hidden."""


class DimensionScore(NamedTuple):
    dimension: str
    inherent: Range
    residual: Range


@dataclass(frozen=True)
class FloorHit:
    """A floor that raises the level."""

    question: str
    level: Level
    is_certain: bool
    reason: Reason


@dataclass(frozen=True)
class ImpactGrade:
    """The level of one impact: before measures, with those in place, and as targeted."""

    scenario: str
    right: str
    before: Level
    in_place: Level
    target: Level | None
    """None: no target stated."""


@dataclass(frozen=True)
class RiskScore:
    """The tool's own figure; it never feeds the determination."""

    inherent: Range
    residual: Range
    level: Level
    inherent_level: Level
    """Shown only."""
    is_provisional: bool
    """No scenario has been rated yet."""
    floors: tuple[FloorHit, ...]
    dimensions: tuple[DimensionScore, ...]
    impacts: tuple[ImpactGrade, ...]
    trace: tuple[PointTrace, ...]
    terms: Mapping[str, Level]
    """Inputs whose maximum is the level, of overall, worst_dimension, impacts and floors; only those that apply."""


@dataclass(frozen=True)
class RoleEntry:
    """One ground on which a role applies or may apply."""

    role: str
    """developer, using_operator or user."""
    is_certain: bool
    """False: depends on an open answer."""
    reason: Reason
    grounds: tuple[ContestedGround, ...]
    consequences: tuple[Proviso, ...]
    """What the role owes or inherits here, each with its source."""

    @property
    def contested(self) -> bool:
        return bool(self.grounds)


@dataclass(frozen=True)
class RoleFinding:
    """All entries that apply or may apply, in questionnaire order."""

    entries: tuple[RoleEntry, ...]

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles that certainly apply."""
        return tuple(dict.fromkeys(entry.role for entry in self.entries if entry.is_certain))

    @cached_property
    def possible(self) -> tuple[str, ...]:
        """Roles that may apply, depending on open answers."""
        return tuple(dict.fromkeys(entry.role for entry in self.entries if entry.role not in self.roles))

    @cached_property
    def contested_roles(self) -> tuple[str, ...]:
        """Roles that certainly apply, but only on contested grounds."""
        plain = {entry.role for entry in self.entries if entry.is_certain and not entry.contested}
        return tuple(role for role in self.roles if role not in plain)


@dataclass(frozen=True)
class CoveredItem:
    """One item of a coverage matrix."""

    matrix: str
    item: str
    title: Text
    source: str
    missing: tuple[Reason, ...]
    """What to do to close the gap; empty: documented."""

    @property
    def is_documented(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Gap:
    """Something missing: where, and what to do about it."""

    where: str
    """`questionnaire.question`, `claim.part`, `scenarios`, `operator.field`."""
    text: Text
    is_required: bool
    """True: it blocks submission."""
    is_contradiction: bool = False
    """The answer here contradicts another answer."""
    check: str = ""
    """`questionnaire.check` of the consistency check that raised it, which an author can explain. Empty: not explainable."""
    is_severe: bool = False
    """Raised by a consistency check and to be resolved or explained before submission."""
    explanation: str = ""
    """The author's explanation of why both answers are right. Empty: none."""


@dataclass(frozen=True)
class WayOutStep:
    """What it would take for one part of the claim to be supported."""

    part: str
    finding: Finding
    """The present finding: indeterminate or contradicted."""
    to_do: tuple[Reason, ...]
    """Each is necessary; together they are sufficient."""
    whole_then: Finding
    """The finding on the claim if only this part became supported."""


@dataclass(frozen=True)
class WayOut:
    """What would change the claim, and what the determination would then be."""

    steps: tuple[WayOutStep, ...]
    determination_then: Determination


class SupervisionState(StrEnum):
    """State of one item of the supervision record."""

    DOCUMENTED = "documented"
    PLANNED = "planned"
    GAP = "gap"
    NOT_OWED = "not_owed"
    """Not in place, and no source requires it for this role."""
    OPEN = "open"
    """Not answered, or not known."""
    NOT_ASKED = "not_asked"
    """No question in the pinned editions asks about it."""


@dataclass(frozen=True)
class SupervisionItem:
    """One requirement of human supervision of a high-impact system (Act Art. 34(1)4)."""

    id: str
    title: Text
    state: SupervisionState
    where: str
    """The `questionnaire.question` or `operator.field` that documents it. Empty: not asked."""
    source: str
    to_do: Text | None = None
    """What is missing. None: documented, or not asked."""


class ScaleLine(NamedTuple):
    """One item of a second scale. All figures in tenths of a point; a range while something of it is not stated."""

    item: str
    maximum: int
    inherent: Range
    mitigation: Range
    residual: Range
    is_open: bool
    """Points or mitigation are not stated."""


class ScaleSum(NamedTuple):
    """One principle of a second scale. In tenths of a point."""

    principle: str
    maximum: int
    residual: Range
    lines: tuple[ScaleLine, ...]


@dataclass(frozen=True)
class ScaleFloorHit:
    """The outcome of the determination keeps the band from being lower."""

    band: str
    is_certain: bool
    """False: the outcome cannot be determined, or rests on the human-involvement claim."""
    reason: Reason


@dataclass(frozen=True)
class SecondScale:
    """Somebody else's scale beside the tool's own score. It feeds nothing."""

    questionnaire: str
    sums: tuple[ScaleSum, ...]
    maximum: int
    """In tenths of a point, as is `total`."""
    total: Range
    by_points: tuple[str, str]
    """Bands of the lowest and of the highest total possible, by the points alone; equal where that is settled."""
    bands: tuple[str, str]
    """The same, with what the outcome of the determination asks for at least."""
    floor: ScaleFloorHit | None
    """None: the outcome asks for no band."""

    @property
    def open_items(self) -> int:
        return sum(line.is_open for principle in self.sums for line in principle.lines)


class DutyState(StrEnum):
    """What is found on one duty."""

    DOCUMENTED = "documented"
    GAP = "gap"
    PLANNED = "planned"
    """Not performed yet; a plan is stated, with or without a day."""
    NOT_APPLICABLE = "not_applicable"
    INHERITED = "inherited"
    """Performed by the operator that supplied the system."""
    DEEMED = "deemed_performed"
    """Another law's performance counts as performance."""
    CONTESTED = "contested"
    """Not documented, and whether it is owed is open or contested."""
    OPEN_QUESTION = "open_question"
    """What is owed cannot be said: a text that the law refers to was not found."""


UNMET_DUTIES = frozenset({DutyState.GAP, DutyState.PLANNED, DutyState.CONTESTED})


@dataclass(frozen=True)
class DutyFinding:
    """What is found on one duty, why, and what is to be done."""

    duty: str
    state: DutyState
    force: Force
    source: str
    reasons: tuple[Reason, ...] = ()
    """Why it is as found, where answers alone do not say it: not owed, inherited, deemed performed, contested."""
    missing: tuple[Reason, ...] = ()
    """What to do; empty if nothing is."""
    places: tuple[str, ...] = ()
    """`questionnaire.question` or `operator.field` of what shows it, or would."""
    evidence: tuple[str, ...] = ()
    """Ids of evidence attached to one of these places."""
    until: date | None = None
    """Of a plan: the day by which it is to be performed. None: no day is stated."""
    responsible: str = ""
    """Of a plan: who sees to it."""
    partly: tuple[Reason, ...] = ()
    """How far another law's performance counts, where it does not reach the whole duty."""

    @property
    def is_unmet(self) -> bool:
        """True while somebody has something to do."""
        return self.state in UNMET_DUTIES

    @property
    def is_endeavour(self) -> bool:
        return self.force is Force.ENDEAVOUR


@dataclass(frozen=True)
class Findings:
    """Everything derived from the content of one revision."""

    role: RoleFinding | None
    """None: not asked."""
    determination: DeterminationPair
    claim: ClaimFinding
    risk: RiskScore
    coverage: tuple[CoveredItem, ...]
    """Empty: not asked."""
    gaps: tuple[Gap, ...]
    log: tuple[LogContribution, ...] = ()
    """What the decision log says about each part, whether or not a claim is made. Empty: no log."""
    supervision: tuple[SupervisionItem, ...] = ()
    """The supervision record of Act Art. 34(1)4; independent of the claim and based on other answers."""
    second_scale: SecondScale | None = None
    """None: there is none, or nobody began it."""
    duties: tuple[DutyFinding, ...] = ()
    """In the order of the pinned rule of duties. Empty: it is not pinned."""
