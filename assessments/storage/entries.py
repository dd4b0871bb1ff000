"""What lists and registers show, as frozen dataclasses: summaries, register entries, lines of the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessments.model import OF_ONE, AISystem, Committee, Evidence, Json, Level, Outcome, Person, Ruling, Status, Vote
from assessments.rules import workflow
from assessments.rules.lifecycle import Duty
from assessments.rules.workflow import Standing
from assessments.storage import evidence_files
from questionnaires.wording import SEOUL


@dataclass(frozen=True)
class SignedRevision:
    """What was decided and signed off on an earlier revision, for lists."""

    revision: int
    ruling: Ruling
    signed_at: datetime
    outcome: Outcome | None
    """None, as the level: its results were not kept, and its questionnaires are no longer at hand."""
    contested: bool
    level: Level | None

    @property
    def is_approved(self) -> bool:
        return self.ruling is not Ruling.REJECTED


@dataclass(frozen=True)
class AssessmentSummary:
    """One assessment in a list, as its newest revision stands; results come from the projection."""

    id: int
    revision: int
    system_id: int
    unit_id: int
    """The system's."""
    system: AISystem
    operator_id: int
    operator_name: str
    is_example: bool
    separation: int
    """How many people the organisation keeps apart: author, decider, signing officer."""
    domain: str
    status: Status
    outcome: Outcome
    contested: bool
    level: Level
    score: int
    """Upper end of the residual range."""
    open_required: int
    """Gaps that submission waits for."""
    engine: int
    authors: tuple[str, ...]
    """Ids of those who wrote into the revision."""
    decided_by: str | None
    """Id of the decider. None: not decided."""
    updated_at: datetime
    committee: Committee = OF_ONE
    """How the committee of its unit decides now."""
    votes: tuple[Vote, ...] = ()
    """Those that stand."""
    signed: SignedRevision | None = None
    """An earlier revision that was signed off and stays what was decided while this one is at work. None: there is none."""

    @property
    def standing(self) -> Standing:
        """What decides which steps are possible."""
        votes = workflow.of_votes(self.votes, self.committee)
        return Standing(self.revision, self.status, frozenset(self.authors), self.decided_by, self.separation, **votes)


@dataclass(frozen=True)
class SystemEntry:
    """A registered AI system with the organisation that answers for it."""

    id: int
    unit_id: int
    operator_id: int
    operator_name: str
    system: AISystem


@dataclass(frozen=True)
class SealedReport:
    """An entry of the register of sealed reports."""

    id: int
    assessment_id: int
    revision: int
    file_sha256: str
    record_sha256: str
    size: int
    by: Person
    at: datetime
    stored_name: str
    redacts: str | None = None
    """Digest of the full record. None: this is the full report."""
    variant: str | None = None
    """Which of a revision's files it is, such as `full ko+en`. None: registered before that was kept."""


@dataclass(frozen=True)
class Submission:
    """The content of a revision as it was submitted once."""

    revision: int
    round: int
    """Counts from 1 in each revision. 0: submitted before each submission was kept; its revision's content."""
    by: Person | None
    at: datetime | None
    content: Json


@dataclass(frozen=True)
class ReturnPointLine:
    """A point of the last return, and what the author did about it."""

    where: str
    text: str
    by: Person | None
    """None: erased."""
    at: datetime
    answer: str = ""
    """Empty: not answered yet."""
    answered_by: Person | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class EvidenceFile:
    """An evidence entry with the assessment it belongs to and its file."""

    evidence: Evidence
    assessment_id: int
    stored_name: str

    def content(self) -> bytes:
        """As it was attached. Raises: NotFoundError where the file is gone, AlteredFileError where it is another."""
        return evidence_files.read(evidence_files.EVIDENCE, self.stored_name, self.evidence.sha256)


@dataclass(frozen=True)
class Proof:
    """A file that was attached after the decision, to show that something was done."""

    id: str
    assessment_id: int
    title: str
    file_name: str
    stored_name: str
    sha256: str
    size: int
    media_type: str
    by: Person
    at: datetime

    def content(self) -> bytes:
        """As it was attached. Raises: NotFoundError where the file is gone, AlteredFileError where it is another."""
        return evidence_files.read(evidence_files.EVIDENCE, self.stored_name, self.sha256)


@dataclass(frozen=True)
class Release:
    """What one of two people said who release a legal hold."""

    by: Person
    reason: str
    at: datetime


@dataclass(frozen=True)
class Hold:
    """A legal hold: nothing of the assessment is given up until two people have released it."""

    id: int
    reason: str
    by: Person
    at: datetime
    first: Release | None
    second: Release | None

    @property
    def stands(self) -> bool:
        return self.second is None


@dataclass(frozen=True)
class DueEntry:
    """Something that is due of a decided assessment."""

    assessment_id: int
    unit_id: int
    system: AISystem
    duty: Duty


@dataclass(frozen=True)
class ReassessmentLine:
    """A day of reassessment as somebody set it."""

    on: date
    reason: str
    by: Person
    at: datetime


@dataclass(frozen=True)
class Archived:
    """That and why an assessment stands in no list unless it is asked for."""

    reason: str
    by: Person
    at: datetime


@dataclass(frozen=True)
class EarlierAnswer:
    """An answer in another assessment of the same system."""

    value: Any
    """As JSON; the question may ask otherwise today."""
    on: date
    """Day of that assessment."""
    assessment_id: int


@dataclass(frozen=True)
class Change:
    """Who changed something last, and when (in Seoul); fit for a text."""

    by: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.by}, {self.at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class EventChoice:
    """Which events of an assessment are asked for; what is empty does not narrow them."""

    person: str = ""
    """Id of who did it."""
    kind: str = ""
    question: str = ""
    """`questionnaire.question`."""
    since: date | None = None
    """Korean calendar day, with it."""
    until: date | None = None

    @property
    def is_all(self) -> bool:
        return self == EventChoice()


@dataclass(frozen=True)
class EventFacets:
    """What the events of an assessment can be narrowed by."""

    people: tuple[Person, ...]
    kinds: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class EventLine:
    """One line of the history, for reading; the chain itself is verified elsewhere."""

    seq: int
    kind: str
    at: datetime
    by: Person | None
    """None: erased."""
    assessment_id: int | None
    revision: int | None
    values: Mapping[str, Any]
    """What is still there, by name, without the actor."""
    erased: tuple[str, ...]
    """Names of values that were erased."""


# --- working together -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommentLine:
    """A comment as it reads now."""

    seq: int
    """Its number, which is that of the event that wrote it."""
    by: Person | None
    """None: erased."""
    at: datetime
    revision: int
    """In which it was written."""
    text: str
    """Empty: erased or withdrawn."""
    mentions: tuple[Person, ...] = ()
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None
    is_erased: bool = False


@dataclass(frozen=True)
class CommentThread:
    """A comment with its replies; open until somebody says that it is resolved."""

    place: str
    comments: tuple[CommentLine, ...]
    """The one that began it first."""
    resolved_by: Person | None = None
    """None: it is open, or who did it is erased."""
    resolved_at: datetime | None = None

    @property
    def seq(self) -> int:
        return self.comments[0].seq

    @property
    def is_open(self) -> bool:
        """One whose every comment was withdrawn waits for nobody."""
        return self.resolved_at is None and any(comment.withdrawn_at is None for comment in self.comments)


@dataclass(frozen=True)
class MentionEntry:
    """Somebody is named in a comment and has not answered or looked at it yet."""

    seq: int
    thread: int
    place: str
    by: Person | None
    at: datetime
    text: str
    assessment_id: int
    system: AISystem
    domain: str


@dataclass(frozen=True)
class GivenSection:
    """A section that somebody is to fill in by a day."""

    place: str
    person: Person
    due: date
    by: Person
    at: datetime
    done_at: datetime | None
    """None: it is still to be done."""

    def is_overdue(self, on: date) -> bool:
        return self.done_at is None and self.due < on


@dataclass(frozen=True)
class GivenEntry:
    """A section given to somebody, for their list."""

    section: GivenSection
    assessment_id: int
    system: AISystem
    domain: str


@dataclass(frozen=True)
class AnswerSeen:
    """An answer that somebody else wrote."""

    question: str
    by: str
    at: datetime


@dataclass(frozen=True)
class WaitingMention:
    """A comment that names somebody who has not looked at it."""

    seq: int
    person_id: str
    at: datetime
    assessment_id: int
    system: AISystem


@dataclass(frozen=True)
class Look:
    """What is otherwise in an assessment than a moment ago."""

    present: tuple[str, ...]
    """Names of the others who have it open."""
    is_note_due: bool
    """One's own presence was noted so long ago that it is to be noted again."""
    answers: tuple[AnswerSeen, ...]
    """Of others since one opened the page, oldest first."""
    last_news: int
    """The newest event that is about comments, or by which somebody else did anything but answer a question; 0: there is none."""
