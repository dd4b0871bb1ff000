"""The vocabulary of the field as frozen dataclasses and enums: Assessment and what it is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from assessments.details import Detail
from questionnaires.conditions import Answer, Answers, Row
from questionnaires.schema import Finding, Level, Outcome, Text
from questionnaires.wording import SEOUL

if TYPE_CHECKING:
    from assessments.decision_log.kept_log import KeptLog

__all__ = [  # what questionnaire files use belongs to the vocabulary too
    "Answer",
    "Answers",
    "Finding",
    "Level",
    "Outcome",
    "Row",
    "Text",
]


class Status(StrEnum):
    """Where a revision stands in the workflow."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DECIDED = "decided"
    SIGNED_OFF = "signed_off"
    REFUSED = "refused"
    """The signing officer did not sign: the revision ends; another one can begin."""
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def is_editable(self) -> bool:
        return self in (Status.DRAFT, Status.RETURNED)


class Ruling(StrEnum):
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"


class Ballot(StrEnum):
    """What a member of the committee says to a submitted revision."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    REJECT = "reject"
    RETURN = "return"
    ABSTAIN = "abstain"
    """Takes part, and so counts for the quorum and among those of whom a majority approves, and approves nothing."""
    RECUSED = "recused"
    """Takes no part, for a reason of their own."""


class RefusalGoal(StrEnum):
    """Where a revision goes that the signing officer does not sign."""

    NOWHERE = "nowhere"
    AUTHOR = "author"
    COMMITTEE = "committee"


class Statement(StrEnum):
    """What a signing officer states. Never reworded in substance: another wording is another statement."""

    CONTENT = "content"
    """The content is true and complete."""
    RISKS = "risks"
    """The risks and the contested points are known."""
    MEASURES = "measures"
    """The measures are agreed with their owners and days."""
    REASSESSMENT = "reassessment"
    """The duty to assess anew is accepted."""


class Role(StrEnum):
    """What a person may do in this tool; unrelated to the organisation's legal role."""

    PRODUCT_MANAGER = "product_manager"
    CONTRIBUTOR = "contributor"
    COMMITTEE_MEMBER = "committee_member"
    CHAIR = "chair"
    SIGNING_OFFICER = "signing_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Stage(StrEnum):
    """Where an AI system stands in its life, as the register says."""

    PLANNED = "planned"
    IN_USE = "in_use"
    CHANGED = "changed"
    """In use, and changed so that its assessment is to be looked at again."""
    RETIRED = "retired"


class LegalRole(StrEnum):
    """What the organisation is by law for a system, as the register says; an assessment finds it out from answers."""

    DEVELOPER = "developer"
    USING_OPERATOR = "using_operator"
    BOTH = "developer_and_using_operator"
    USER = "user"


class Origin(StrEnum):
    """Where a decision comes from."""

    RECORDED = "recorded"
    """Made in this tool under the four-eyes rule."""
    STATED = "stated"
    """Asserted in a file given to `haetae assess`."""


@dataclass(frozen=True)
class Person:
    """Who did something, as the record names them."""

    id: str
    name: str
    position: str = field(default="", compare=False)
    """Position and department when it was done; empty: not stated. Says something of the person, not who it is."""

    @property
    def with_position(self) -> str:
        """The name, and behind it the position where one is stated; once where both are left out of a redacted copy."""
        return ", ".join(dict.fromkeys(filter(None, (self.name, self.position))))


FIRST_UNIT = 1
"""The organisation that every database has."""


@dataclass(frozen=True)
class Grant:
    """A role given at a unit; it holds there and in all units below."""

    role: Role
    unit: int


@dataclass(frozen=True)
class Actor:
    """The person performing a deed, with the roles they hold in this tool."""

    id: str
    name: str
    roles: frozenset[Role]
    """Of all their units together; what they may do somewhere follows from `at`."""
    grants: frozenset[Grant] | None = None
    """Where the roles hold. None: in the first organisation."""
    position: str = field(default="", compare=False)
    """Position and department; empty: not stated."""

    @property
    def person(self) -> Person:
        return Person(self.id, self.name, self.position)

    @property
    def held(self) -> frozenset[Grant]:
        """Each role with the unit at which it was given."""
        return frozenset(Grant(role, FIRST_UNIT) for role in self.roles) if self.grants is None else self.grants

    @property
    def reach(self) -> frozenset[int]:
        """The units at which they hold any role; what lies elsewhere does not exist for them."""
        return frozenset(grant.unit for grant in self.held)

    def at(self, path: Collection[int]) -> Actor:
        """The same person with the roles that hold in a unit, and no other. path: the unit and all above it."""
        there = frozenset(grant for grant in self.held if grant.unit in path)
        return replace(self, roles=frozenset(grant.role for grant in there), grants=there)


@dataclass(frozen=True)
class Operator:
    """The organisation that answers for the system (fields of the annexed form, field 1, and Decree Art. 27(1)4)."""

    name: Annotated[str, Detail(("name",), "operator", has_own_place=True)]
    registration_number: Annotated[
        str, Detail(("registration_number",), "registration_number", may_be_withheld=True)
    ] = ""
    address: Annotated[str, Detail(("address",), "address", may_be_withheld=True)] = ""
    representative: Annotated[str, Detail(("representative",), "representative", may_be_withheld=True)] = ""
    supervisor_name: Annotated[str, Detail(("supervisor", "name"), "supervisor", may_be_withheld=True)] = ""
    supervisor_contact: Annotated[str, Detail(("supervisor", "contact"), "contact", may_be_withheld=True)] = ""
    supervisor_position: Annotated[
        str, Detail(("supervisor", "position"), "supervisor_position", may_be_withheld=True, came_later=True)
    ] = ""
    separation: int = 3
    """Minimum number of different people among author, decider and signing officer: 3, or 2 in a small organisation."""
    is_example: bool = False
    id: int | None = None
    """None: not from a database."""

    @property
    def supervisor(self) -> Person:
        """Who manages and supervises, by name and position alone."""
        return Person("", self.supervisor_name, self.supervisor_position)


@dataclass(frozen=True)
class AISystem:
    """The AI system under assessment. An empty text was not given in that language."""

    name_ko: Annotated[str, Detail(("name", "ko"), "system", has_own_place=True)]
    name_en: Annotated[str, Detail(("name", "en"), "system", has_own_place=True)] = ""
    version: Annotated[str, Detail(("version",), "version", may_be_withheld=True, has_own_place=True)] = ""
    summary_ko: Annotated[
        str, Detail(("summary", "ko"), "summary", is_long=True, may_be_withheld=True, has_own_place=True)
    ] = ""
    summary_en: Annotated[
        str, Detail(("summary", "en"), "summary", is_long=True, may_be_withheld=True, has_own_place=True)
    ] = ""
    vendor: Annotated[str, Detail(("vendor",), "vendor", may_be_withheld=True, came_later=True)] = ""
    model: Annotated[str, Detail(("model",), "model", may_be_withheld=True, came_later=True)] = ""
    id: int | None = None
    """None: not from a database."""


@dataclass(frozen=True)
class Upkeep:
    """What the register says of an AI system beside its details. No part of what is assessed: it changes without a new assessment."""

    owner_id: str = ""
    """Account of who answers for it. Empty: nobody."""
    legal_role: LegalRole | None = None
    """None: not stated."""
    stage: Stage | None = None
    """None: not stated."""
    started_on: date | None = None
    """First day of use. None: not stated, or not in use yet."""


@dataclass(frozen=True)
class EditionRef:
    """A questionnaire edition, pinned."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Response:
    """One answer as entered, with the author's note."""

    question: str
    answer: Answer | None
    """None: no answer, only a note."""
    note: str = ""
    by: Person | None = None
    at: datetime | None = None
    lock_version: int = 0


@dataclass(frozen=True)
class Evidence:
    """A file offered as proof, identified by its SHA-256."""

    id: str
    title: str
    file_name: str
    sha256: str
    size: int
    """Bytes."""
    media_type: str
    part: str = ""
    """The part of the human-involvement claim it supports; empty: the assessment as a whole."""
    question: str = ""
    """The `questionnaire.question` it supports; empty: none in particular."""
    on: date | None = None
    """Day of the document. None: not stated."""
    expires_on: date | None = None
    """Last day on which it counts. None: it does not expire."""
    added_by: Person | None = None
    added_at: datetime | None = None


@dataclass(frozen=True)
class Grading:
    """One rating of an impact on the guideline's three scales; an empty scale is not rated and counts at its worst label."""

    scale: str = ""
    duration: str = ""
    likelihood: str = ""


@dataclass(frozen=True)
class Impact:
    """How one scenario affects one fundamental right."""

    right: str
    effect: str = ""
    before: Grading = Grading()
    in_place: Grading | None = None
    """Rating with the existing measures; requires a reason and never exceeds `before`. None: not rated."""
    reason: str = ""
    target: Grading | None = None
    """Rating with the planned measures; for information only. None: not stated."""


@dataclass(frozen=True)
class Scenario:
    """One way in which the system may harm people."""

    id: str
    text: str
    affected_direct: str = ""
    affected_indirect: str = ""
    affected_unintended: str = ""
    impacts: tuple[Impact, ...] = ()


@dataclass(frozen=True)
class Measure:
    """Something that prevents or mitigates harm, or restores what was lost."""

    id: str
    text: str
    owner: str = ""
    due: date | None = None
    """None: no day set."""
    is_in_place: bool = False
    kind: str = "prevention"
    """prevention, mitigation or recovery (Decree Art. 28(1)6)."""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why two answers that a consistency check treats as incompatible are both right here."""

    check: str
    """`questionnaire.check`."""
    text: str
    by: Person | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class ReturnPoint:
    """What the committee asks the author to put right at one place before it decides."""

    where: str
    """`questionnaire.question`, scenarios, measures, evidence or log."""
    text: str


class EvidenceMark(StrEnum):
    """A committee member's verdict on one file, for one item it supports."""

    SUFFICIENT = "sufficient"
    """Examined, and it shows what it is offered for."""
    NOT_SUFFICIENT = "not_sufficient"
    NOT_LOOKED_AT = "not_looked_at"


@dataclass(frozen=True)
class EvidenceReview:
    """The latest mark on one piece of evidence of a submitted revision."""

    evidence: str
    mark: EvidenceMark
    by: Person
    at: datetime
    reason: str = ""
    """Why it is not sufficient."""


class WithheldKind(StrEnum):
    """Why a value is left out of a redacted copy."""

    TRADE_SECRET = "trade_secret"  # noqa: S105 - a word, no secret
    PERSONAL = "personal"


@dataclass(frozen=True)
class Withheld:
    """A value that a redacted copy leaves out."""

    path: str
    """As `withholding.places` names it."""
    kind: WithheldKind
    reason: str
    salt: str = ""
    """Random hexadecimal digits; empty in a redacted copy."""
    sha256: str = ""
    """SHA-256 over salt, path and values; in a redacted copy only."""


@dataclass(frozen=True)
class Condition:
    """What an approval depends on: to be done by whom, and by when."""

    text: str
    owner: str = ""
    """Name of who sees to it. Empty: stated in a file, or decided before owners were asked for."""
    due: date | None = None
    """None: as for the owner."""
    owner_id: str = ""
    """Id of the owner's account. Empty: somebody without one."""


@dataclass(frozen=True)
class Committee:
    """How a committee decides."""

    quorum: int = 1
    """Votes that it takes; at 1 one member decides alone, by one deed."""
    chair_votes: bool = True
    """False: the chair's vote counts at a tie only."""


OF_ONE = Committee()
"""Where nothing else is set."""


EVERYBODY = "everybody"
"""How a demand that names no role is written in the history and on the command line."""


@dataclass(frozen=True)
class Demand:
    """Of whom a unit demands that they sign in with a second factor, there and in all units below it."""

    roles: frozenset[Role] = frozenset()
    """Of whoever holds one of them there; empty: of everybody whom the unit looks after or who holds a role there."""


@dataclass(frozen=True)
class Vote:
    """What one member says to exactly this content."""

    by: Person
    ballot: Ballot
    reason: str
    at: datetime
    content_sha256: str
    as_chair: bool = False
    conditions: tuple[Condition, ...] = ()
    """Of an approval with conditions."""
    points: tuple[ReturnPoint, ...] = ()
    """Of a return."""
    seq: int = 0
    """Its number in the history. 0: not from a database."""


@dataclass(frozen=True)
class Refusal:
    """Why the signing officer did not sign."""

    by: Person
    at: datetime
    reason: str
    goal: RefusalGoal


@dataclass(frozen=True)
class Decision:
    """The committee's ruling, bound to exactly this content."""

    ruling: Ruling
    reason: str
    by: Person
    at: datetime | None
    """None: stated in a file, which gives only the day."""
    content_sha256: str
    conditions: tuple[Condition, ...] = ()
    on: date | None = None
    """The day that a file states. None: recorded here, at a time."""

    @property
    def day(self) -> date | None:
        """The day stated in the file, else the Korean calendar day of `at`."""
        return self.on or (self.at.astimezone(SEOUL).date() if self.at else None)


@dataclass(frozen=True)
class SignOff:
    """The named officer's sign-off of the decision, bound to exactly this content."""

    by: Person
    at: datetime | None
    """None: stated in a file, which gives only the day."""
    content_sha256: str
    on: date | None = None
    """The day that a file states. None: recorded here, at a time."""
    statements: tuple[Statement, ...] = ()
    """Empty: stated in a file, or signed before they were asked for."""


@dataclass(frozen=True)
class Assessment:
    """One complete revision of one assessment."""

    system: AISystem
    operator: Operator
    domain: str
    on: date
    """The calendar day (Asia/Seoul) that determines which editions apply."""
    editions: tuple[EditionRef, ...]
    responses: Mapping[str, Mapping[str, Response]] = field(default_factory=dict)
    """Questionnaire id → question id → response."""
    evidence: tuple[Evidence, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    measures: tuple[Measure, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    """At most one per consistency check."""
    evidence_reviews: tuple[EvidenceReview, ...] = ()
    """The committee's verdicts on the evidence; not part of the content. A file without one was not examined."""
    withheld: tuple[Withheld, ...] = ()
    """What a redacted copy leaves out."""
    authors: tuple[Person, ...] = ()
    """Everyone who wrote into this revision, in the order of their first entry."""
    log: KeptLog | None = None
    """What people decided about the AI's outputs. None: no decision log was imported."""
    status: Status = Status.DRAFT
    revision: int = 1
    content_sha256: str | None = None
    """Frozen at submit. None: still editable."""
    decision: Decision | None = None
    sign_off: SignOff | None = None
    committee: Committee | None = OF_ONE
    """As its unit has it now; of a decision as it was then. None: decided before there were settings, or stated in a file."""
    votes: tuple[Vote, ...] = ()
    """The last vote of each member on the content as it was submitted last, in the order of the votes."""
    submission: int | None = None
    """Number in the history of the deed that submitted it. None: not submitted, or not from a database."""
    refusal: Refusal | None = None
    origin: Origin | None = None
    """None: no decision."""
    submitted_by: Person | None = None
    submitted_at: datetime | None = None
    id: int | None = None
    """None: not from a database."""
    lock_version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def day_judged(self, today: date | None = None) -> date:
        """The day on which evidence must be in force: the day of the decision, else the later of today and `on`."""
        decided = self.decision.day if self.decision else None
        return decided or max(today or self.on, self.on)

    def answers(self, questionnaire_id: str) -> dict[str, Answer]:
        """Question id → answer for one questionnaire; questions without an answer are left out."""
        responses = self.responses.get(questionnaire_id, {})
        return {name: response.answer for name, response in responses.items() if response.answer is not None}


Json = dict[str, Any]
"""A JSON object, ready for canonical serialisation."""
