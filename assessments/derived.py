"""What follows from an assessment's content: Findings and its parts, as frozen dataclasses.

What every score has many of is a named tuple, which is made in half the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from questionnaires.schema import Proviso
from questionnaires.vocabulary import Finding, Level, Outcome, Text


@dataclass(frozen=True)
class Reason:
    """Why, and by which source."""

    text: Text
    source: str
    """Source id in the questionnaire that says it."""


@dataclass(frozen=True)
class ContestedGround:
    """Another official source that says otherwise."""

    text: Text
    source: str
    is_certain: bool
    """False: an open answer decides whether it applies."""


@dataclass(frozen=True)
class Determination:
    """The outcome, why, and whether another official source contests it."""

    outcome: Outcome
    contested: bool
    reasons: tuple[Reason, ...]
    grounds: tuple[ContestedGround, ...]
    deciding: tuple[str, ...] = ()
    """Where it cannot be determined: visible questions without an answer that the routes still possible look at."""
    is_contradicted: bool = False
    """It cannot be determined because answers contradict each other; the reasons say which."""


@dataclass(frozen=True)
class DeterminationPair:
    """Always shown side by side: with the human-involvement claim and without it."""

    with_claim: Determination
    without_claim: Determination


@dataclass(frozen=True)
class LogContribution:
    """What the decision log says on one part of the claim."""

    part: str
    finding: Finding
    """supported, indeterminate or contradicted."""
    reasons: tuple[Reason, ...] = ()
    """What the figures show, in the open, whichever way it points."""
    missing: tuple[Reason, ...] = ()
    """What would have to change for it to be supported; empty exactly where it is supported."""
    figures: tuple[str, ...] = ()
    """Ids of the figures referred to."""
    since: date | None = None
    """The day from which on the log contradicts the part. None: it does not, or it does all along."""


@dataclass(frozen=True)
class PartFinding:
    """What is found on one part of the claim."""

    part: str
    finding: Finding
    reasons: tuple[Reason, ...] = ()
    """Why it is contradicted, or that it is not applicable."""
    missing: tuple[Reason, ...] = ()
    """What would have to be there for it to be supported."""
    log: LogContribution | None = None
    """What the decision log says. None: no log, or it cannot speak about this part."""


@dataclass(frozen=True)
class ClaimFinding:
    """The human-involvement claim, as weak as its weakest part."""

    whole: Finding
    parts: tuple[PartFinding, ...] = ()


class Range(NamedTuple):
    """A figure's lower and upper end; equal where nothing is open."""

    low: int
    high: int


class PointTrace(NamedTuple):
    """What one scored question contributed, and why."""

    question: str
    dimension: str
    kind: str
    """exposure or control."""
    answer: str
    """As given; empty: open."""
    low: int
    high: int
    """Points at either end; for a control, points in place."""
    maximum: int
    visibility: bool | None
    """True shown, False surely hidden (counts nothing), None possibly hidden."""


class DimensionScore(NamedTuple):
    dimension: str
    inherent: Range
    residual: Range


@dataclass(frozen=True)
class FloorHit:
    """A floor that counts."""

    question: str
    level: Level
    is_certain: bool
    reason: Reason


@dataclass(frozen=True)
class ImpactGrade:
    """The level of one impact, three times."""

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
    """No scenario was judged yet."""
    floors: tuple[FloorHit, ...]
    dimensions: tuple[DimensionScore, ...]
    impacts: tuple[ImpactGrade, ...]
    trace: tuple[PointTrace, ...]
    terms: Mapping[str, Level]
    """What the level is the highest of: overall, worst_dimension, impacts, floors; only those that apply."""


@dataclass(frozen=True)
class RoleEntry:
    """One way to a role that holds or may hold."""

    role: str
    """developer, using_operator or user."""
    is_certain: bool
    """False: an open answer decides."""
    reason: Reason
    grounds: tuple[ContestedGround, ...]
    consequences: tuple[Proviso, ...]
    """What the role owes or inherits here, each with its source."""

    @property
    def contested(self) -> bool:
        return bool(self.grounds)


@dataclass(frozen=True)
class RoleFinding:
    """All entries that hold or may hold, in the questionnaire's order."""

    entries: tuple[RoleEntry, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Those that surely hold."""
        return tuple(dict.fromkeys(entry.role for entry in self.entries if entry.is_certain))

    @property
    def possible(self) -> tuple[str, ...]:
        """Those that only may hold."""
        return tuple(dict.fromkeys(entry.role for entry in self.entries if entry.role not in self.roles))

    @property
    def contested_roles(self) -> tuple[str, ...]:
        """Roles that surely hold, but by contested ways only."""
        plain = {entry.role for entry in self.entries if entry.is_certain and not entry.contested}
        return tuple(role for role in self.roles if role not in plain)


@dataclass(frozen=True)
class CoveredItem:
    """One item of one matrix."""

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
    """Something that is missing, where, and what to do."""

    where: str
    """`questionnaire.question`, `claim.part`, `scenarios`, `operator.field`."""
    text: Text
    is_required: bool
    """True: submission waits for it."""
    is_contradiction: bool = False
    """The answer here and another cannot both hold."""
    check: str = ""
    """`questionnaire.check` of the consistency check that says so; it can be explained. Empty: it cannot."""
    is_severe: bool = False
    """Of a consistency check: resolved or explained before submitting."""
    explanation: str = ""
    """Why both hold, as an author explained it. Empty: nobody did."""


@dataclass(frozen=True)
class WayOutStep:
    """What would turn one part of the claim into supported."""

    part: str
    finding: Finding
    """As it is now: indeterminate or contradicted."""
    to_do: tuple[Reason, ...]
    """Each of them is needed, and together they are enough."""
    whole_then: Finding
    """The claim, if this part alone were supported."""


@dataclass(frozen=True)
class WayOut:
    """What would change the claim, and what the determination would then be."""

    steps: tuple[WayOutStep, ...]
    determination_then: Determination


class SupervisionState(StrEnum):
    """How far one item of the supervision record is."""

    DOCUMENTED = "documented"
    PLANNED = "planned"
    GAP = "gap"
    NOT_OWED = "not_owed"
    """Not in place, and for this role no source says that it must be."""
    OPEN = "open"
    """Not answered, or not known."""
    NOT_ASKED = "not_asked"
    """No question of the pinned editions asks it."""


@dataclass(frozen=True)
class SupervisionItem:
    """One thing that human supervision of a high-impact system needs (Act Art. 34(1)4)."""

    id: str
    title: Text
    state: SupervisionState
    where: str
    """`questionnaire.question` or `operator.field` that says it. Empty: not asked."""
    source: str
    to_do: Text | None = None
    """What is missing. None: it is documented, or nobody asked."""


@dataclass(frozen=True)
class Findings:
    """All that is derived from one revision's content."""

    role: RoleFinding | None
    """None: not asked."""
    determination: DeterminationPair
    claim: ClaimFinding
    risk: RiskScore
    coverage: tuple[CoveredItem, ...]
    """Empty: not asked."""
    gaps: tuple[Gap, ...]
    log: tuple[LogContribution, ...] = ()
    """What the decision log says, part by part, whether or not a claim is made. Empty: no log."""
    supervision: tuple[SupervisionItem, ...] = ()
    """The supervision record of Act Art. 34(1)4: another result than the claim, resting on other answers."""
