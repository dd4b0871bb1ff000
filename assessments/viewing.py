"""The one door through which whoever is signed in reads: each function takes the actor and shows what their roles reach.

What lies in a unit where they hold no role is told like what does not exist: NotFoundError. Lists, counts and searches leave it
out in SQL. Screens and routes know no other way to what is stored (`lint-imports`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from assessments import authority, periods
from assessments.errors import NotFoundError
from assessments.model import Actor, AISystem, Assessment, Committee, Condition, Json, Person, Role, Status
from assessments.register_file import columns
from assessments.rights import RIGHTS, Kind, may
from assessments.rules import lifecycle, requesting, sampling, workflow
from assessments.rules.carrying import Mark
from assessments.rules.lifecycle import Cause, Duty, Following, Keeping
from assessments.rules.meetings import State, Subject
from assessments.rules.recourse import Figures, Request
from assessments.rules.requesting import RequestStanding, Step
from assessments.rules.workflow import COMMITTEE
from assessments.storage import (
    carried,
    comments,
    decided_list,
    due_list,
    event_lines,
    following,
    history,
    lists,
    meetings,
    official,
    older_answers,
    portfolio_days,
    presence,
    reader,
    recourse,
    review_queue,
    system_life,
    system_list,
    system_record,
    units,
)
from assessments.storage import committee as committees
from assessments.storage import given_sections as sections
from assessments.storage import portfolio as counting
from assessments.storage import submissions as submitted
from assessments.storage.concerns import CHANGES, NEGLECTED, Concern
from assessments.storage.database import Session
from assessments.storage.decided_list import DecidedRevision
from assessments.storage.due_list import DueList
from assessments.storage.entries import (
    Archived,
    AssessmentSummary,
    CommentThread,
    EarlierAnswer,
    EventChoice,
    EventFacets,
    EventLine,
    EvidenceFile,
    GivenEntry,
    GivenSection,
    Hold,
    Look,
    MentionEntry,
    Proof,
    ReassessmentLine,
    ReturnPointLine,
    SealedReport,
    Submission,
)
from assessments.storage.facets import Cell, Facets, Quarter
from assessments.storage.history import Checkpoint
from assessments.storage.lists import PER_PAGE, Assessed, From, FromEntry, Page, RegisterEntry, Scope, Waiting
from assessments.storage.meetings import Ahead, MeetingDocument, MeetingEntry, Outcome, Proceedings
from assessments.storage.official import OfficialDocument, RequestFacts, UnderWay
from assessments.storage.older_answers import WRITING, OlderAnswer
from assessments.storage.portfolio import Accepted, AcceptedList, Measured, Standing
from assessments.storage.portfolio_days import CountedDay, Earlier
from assessments.storage.recourse import Choice as RequestChoice
from assessments.storage.recourse import DueRequests, FromRequest, RequestEntry
from assessments.storage.recourse import Order as RequestOrder
from assessments.storage.review_queue import Choice, FromQueue, InQueue
from assessments.storage.searching import Search
from assessments.storage.system_life import Incident, RegisteredSystem
from assessments.storage.system_list import Wanted
from assessments.storage.system_record import ConditionLine, LogLine, MeasureLine
from assessments.storage.units import Tree
from questionnaires import confirmation

_NO_CONDITIONS = tuple(cause for cause in Cause if cause is not Cause.CONDITION)
MOST_CONVENED = 50
"""Meetings that lie ahead."""

__all__ = [
    "CHANGES",
    "NEGLECTED",
    "WRITING",
    "Accepted",
    "AcceptedList",
    "Assessed",
    "Cell",
    "Concern",
    "CountedDay",
    "Earlier",
    "Facets",
    "From",
    "FromEntry",
    "FromRequest",
    "Incident",
    "Measured",
    "MeetingDocument",
    "MeetingEntry",
    "OfficialDocument",
    "OlderAnswer",
    "Outcome",
    "Page",
    "Proceedings",
    "Quarter",
    "RegisterEntry",
    "RegisteredSystem",
    "RequestChoice",
    "RequestEntry",
    "RequestFacts",
    "RequestOrder",
    "Search",
    "Standing",
    "SystemFile",
    "Tree",
    "UnderWay",
    "Waiting",
    "Wanted",
]


# --- one assessment -------------------------------------------------------------------------------------------


class Opened(NamedTuple):
    """An assessment, and whoever reads it with the roles that hold in its unit."""

    actor: Actor
    assessment: Assessment


def open_assessment(session: Session, actor: Actor, assessment_id: int) -> Opened:
    """The newest revision. Raises: NotFoundError."""
    there = authority.over(session, assessment_id, "read_assessment", actor)
    return Opened(there, reader.get_assessment(session, assessment_id))


def assessment(session: Session, actor: Actor, assessment_id: int, revision: int | None = None) -> Assessment:
    """One complete revision; revision None: the newest. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return reader.get_assessment(session, assessment_id, revision)


def checked(session: Session, actor: Actor, assessment_id: int, deed: str) -> Opened:
    """For whoever is about to do this deed. Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, assessment_id, deed, actor)
    return Opened(there, reader.get_assessment(session, assessment_id))


def evidence_file(session: Session, actor: Actor, evidence_id: str) -> EvidenceFile:
    """Raises: NotFoundError."""
    file = reader.evidence_file(session, evidence_id)
    try:
        authority.over(session, file.assessment_id, "read_evidence", actor)
    except NotFoundError:
        raise reader.no_evidence_file(evidence_id) from None
    return file


def submissions(session: Session, actor: Actor, assessment_id: int) -> tuple[Submission, ...]:
    """What was submitted each time, of all revisions, oldest first. Raises: NotFoundError, AlteredFileError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return submitted.all_of(session, assessment_id)


def return_points(session: Session, actor: Actor, of: Assessment) -> tuple[ReturnPointLine, ...]:
    """What the last return of this revision asked for, and what was done about it. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_history", actor)
    return event_lines.return_points(session, of)


class Beside(NamedTuple):
    """What stands beside the questions of an assessment and comes from elsewhere."""

    earlier: Mapping[str, EarlierAnswer]
    """Question → answer of another assessment that can be taken over."""
    points: tuple[ReturnPointLine, ...]
    """Of the last return, while it is at work or waits for the committee again."""
    threads: tuple[CommentThread, ...]
    given: Mapping[str, GivenSection]
    """Place → who has it."""
    marks: Mapping[str, Mark]
    is_reassessment: bool


def beside_questions(
    session: Session, actor: Actor, of: Assessment, questionnaire: str, open_questions: Collection[str]
) -> Beside:
    """All of it at once. open_questions: of this questionnaire, to which the reader can take answers over. Raises: NotFoundError."""
    number = of.id or 0
    authority.over(session, number, "read_assessment", actor)
    has_points = of.status in (Status.RETURNED, Status.SUBMITTED)
    is_later = of.revision > 1
    return Beside(
        reader.earlier_answers(session, of, questionnaire, open_questions),
        return_points(session, actor, of) if has_points else (),
        comments.threads(session, number),
        {section.place: section for section in sections.of_assessment(session, of)},
        carried.marks(session, of) if is_later else {},
        is_later and bool(carried.of_revision(session, of)),
    )


def threads(session: Session, actor: Actor, assessment_id: int) -> tuple[CommentThread, ...]:
    """Its comments, of every revision, in the order in which threads were begun. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return comments.threads(session, assessment_id)


def readers(session: Session, actor: Actor, assessment_id: int) -> tuple[Actor, ...]:
    """Whom a comment can name: told to those who may comment. Raises: NotFoundError, NotAllowedError."""
    authority.over(session, assessment_id, "comment", actor)
    return authority.readers(session, assessment_id)


def writers(session: Session, actor: Actor, assessment_id: int) -> tuple[Actor, ...]:
    """To whom a section can be given: told to those who may give it. Raises: NotFoundError, NotAllowedError."""
    authority.over(session, assessment_id, "give_section", actor)
    return tuple(other for other in authority.readers(session, assessment_id) if may(other, "record_response"))


def given_sections(session: Session, actor: Actor, of: Assessment) -> tuple[GivenSection, ...]:
    """Who has which section of this revision, the one that is due first at the head. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    return sections.of_assessment(session, of)


def look(session: Session, actor: Actor, of: Assessment, questionnaire: str, since: datetime, at: datetime) -> Look:
    """Who else is there now, and what others changed since a time. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    return presence.look(session, of.id or 0, of.revision, questionnaire, actor.id, since, at)


def note_presence(session: Session, actor: Actor, assessment_id: int, at: datetime) -> None:
    """The actor has it open now. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    presence.note(session, assessment_id, actor.id, at)


def event(session: Session, actor: Actor, assessment_id: int, seq: int) -> EventLine:
    """One event of this assessment. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_history", actor)
    if history.place_of(session, seq) != assessment_id:
        raise event_lines.absent(seq)
    return event_lines.event(session, seq)


def older_answer(session: Session, actor: Actor, assessment_id: int, where: str, of: OlderAnswer) -> Json | None:
    """`answer` and `note` as they were. None: there was none. Raises: NotFoundError, AlteredFileError."""
    authority.over(session, assessment_id, "read_history", actor)
    return older_answers.read(session, assessment_id, where, of)


def submitted_before(session: Session, actor: Actor, of: Assessment) -> Submission | None:
    """What was submitted last before the present content. None: nothing was. Raises: NotFoundError, AlteredFileError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    return submitted.before(session, of)


def revisions(session: Session, actor: Actor, assessment_id: int) -> tuple[Assessment, ...]:
    """All of them, oldest first. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return tuple(
        reader.get_assessment(session, assessment_id, number) for number in reader.revisions(session, assessment_id)
    )


def sealed_reports(session: Session, actor: Actor, assessment_id: int) -> tuple[SealedReport, ...]:
    """Of all revisions, newest first. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_report", actor)
    return reader.sealed_reports(session, assessment_id)


def checkpoint(session: Session, actor: Actor, of: Assessment) -> Checkpoint | None:
    """The head of the history, which a record names once its assessment is signed off. None: it is not. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_report", actor)
    return history.checkpoint(session) if of.sign_off else None


def events(
    session: Session,
    actor: Actor,
    assessment_id: int,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
    choice: EventChoice = event_lines.EVERY,
) -> tuple[EventLine, ...]:
    """Of one assessment, newest first. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_history", actor)
    return event_lines.events(session, assessment_id, limit, before=before, after=after, choice=choice)


def event_count(
    session: Session, actor: Actor, assessment_id: int, *, after: int = 0, choice: EventChoice = event_lines.EVERY
) -> int:
    """Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_history", actor)
    return event_lines.event_count(session, assessment_id, after=after, choice=choice)


def event_facets(session: Session, actor: Actor, assessment_id: int) -> EventFacets:
    """What its events can be narrowed by. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_history", actor)
    return event_lines.facets(session, assessment_id)


def last_event(session: Session, actor: Actor, assessment_id: int, kind: str) -> EventLine | None:
    """None: there is none. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_history", actor)
    return event_lines.last_event(session, assessment_id, kind)


def people_at(session: Session, actor: Actor, assessment_id: int) -> tuple[Person, ...]:
    """Everybody who holds a role where the assessment lies, by name. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return units.people_at(session, units.path_of(session, Kind.ASSESSMENT, assessment_id))


def committee_at(session: Session, actor: Actor, assessment_id: int) -> dict[Person, bool]:
    """Members of the committee where the assessment lies, by name → whether they are its chair. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    path = units.path_of(session, Kind.ASSESSMENT, assessment_id)
    chairs = {chair.id for chair in units.people_at(session, path, {Role.CHAIR})}
    return {member: member.id in chairs for member in units.people_at(session, path, COMMITTEE)}


@dataclass(frozen=True)
class Aftermath:
    """All that followed the decision on an assessment, and what stands against giving it up."""

    decided: Assessment | None
    """The newest revision with a decision. None: nothing was decided."""
    followed: Following
    reassess_on: date | None
    set_by: ReassessmentLine | None
    """Who set that day. None: it follows from the decision."""
    duties: tuple[Duty, ...]
    keeping: Keeping | None
    """None: nothing was signed off."""
    holds: tuple[Hold, ...]
    archived: Archived | None
    proofs: tuple[Proof, ...]
    is_ended: bool

    @property
    def is_alive(self) -> bool:
        return self.decided is not None and lifecycle.is_alive(self.decided, self.followed)


def aftermath(session: Session, actor: Actor, assessment_id: int, today: date) -> Aftermath:
    """Raises: NotFoundError, QuestionnaireChangedError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    newest, decided = reader.get_assessment(session, assessment_id), following.decided(session, assessment_id)
    followed = following.of_assessment(session, decided) if decided else Following()
    months = periods.current().reassess_months
    return Aftermath(
        decided,
        followed,
        lifecycle.reassessment_day(decided, followed, months) if decided else None,
        following.reassessment_line(session, decided) if decided else None,
        lifecycle.duties(decided, followed, months, following.in_force(decided.domain, today)) if decided else (),
        following.keeping(session, assessment_id),
        following.holds(session, assessment_id),
        following.archived(session, assessment_id),
        following.proofs(session, assessment_id),
        following.is_ended(session, newest),
    )


def reassess_on(session: Session, actor: Actor, of: Assessment) -> date | None:
    """Day by which what was decided with this revision is assessed again. None: nothing follows from it. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    decided = following.decided(session, of.id or 0)
    if decided is None or decided.revision != of.revision:
        return None
    followed = following.of_assessment(session, decided)
    is_alive = lifecycle.is_alive(decided, followed)
    return lifecycle.reassessment_day(decided, followed, periods.current().reassess_months) if is_alive else None


def duties(session: Session, actor: Actor, assessment_id: int, today: date) -> tuple[Duty, ...]:
    """What is open of an assessment after its decision. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    decided = following.decided(session, assessment_id)
    if decided is None:
        return ()
    followed, months = following.of_assessment(session, decided), periods.current().reassess_months
    return lifecycle.duties(decided, followed, months, following.in_force(decided.domain, today))


def standing_hold(session: Session, actor: Actor, assessment_id: int) -> Hold | None:
    """A legal hold that nobody has released whole. None: there is none. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return following.standing_hold(session, assessment_id)


def is_followed(session: Session, actor: Actor, assessment_id: int) -> bool:
    """Whether an approval stands of a system in use, so that duties follow and later logs are counted. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    decided = following.decided(session, assessment_id)
    return decided is not None and lifecycle.is_alive(decided, following.of_assessment(session, decided))


def marks(session: Session, actor: Actor, of: Assessment) -> Mapping[str, Mark]:
    """How everything in a revision stands to the one it was copied from; empty for the first. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    return carried.marks(session, of)


def is_reassessment(session: Session, actor: Actor, of: Assessment) -> bool:
    """Whether what it took over is to be confirmed. Raises: NotFoundError."""
    authority.over(session, of.id or 0, "read_assessment", actor)
    return bool(carried.of_revision(session, of))


def proof(session: Session, actor: Actor, proof_id: str) -> Proof:
    """A file that was attached after a decision. Raises: NotFoundError."""
    file = following.proof(session, proof_id)
    try:
        if file is None:
            raise reader.no_evidence_file(proof_id)
        authority.over(session, file.assessment_id, "read_evidence", actor)
    except NotFoundError:
        raise reader.no_evidence_file(proof_id) from None
    return file


# --- lists ----------------------------------------------------------------------------------------------------


def assessments(
    session: Session, actor: Actor, search: Search = lists.EVERYTHING, **how: Any
) -> Page[AssessmentSummary]:
    """how: as of `lists.assessments`."""
    return lists.assessments(session, search, scope=Scope.of(session, actor), **how)


def totals(session: Session, actor: Actor, every: Sequence[Facets], today: date) -> tuple[int, ...]:
    """Of each, how many assessments its list holds."""
    return lists.totals(session, Scope.of(session, actor), [replace(facets, today=today) for facets in every])


def archived_count(session: Session, actor: Actor) -> int:
    return lists.archived_count(session, Scope.of(session, actor))


def due_for(session: Session, actor: Actor, today: date, limit: int) -> DueList:
    """What this person has to see to after decisions, as far as it is due or comes up, the earliest first."""
    return due_list.due_for(session, actor, today, periods.current().soon_days, limit)


def calendar(session: Session, actor: Actor, today: date, days: int, limit: int) -> DueList:
    """All that is due or comes up within so many days of the assessments that this person may read."""
    return due_list.readable_by(session, actor, today, days, limit)


@dataclass(frozen=True)
class Portfolio:
    """What somebody may read, counted."""

    cells: Mapping[Cell, int]
    impacts: Mapping[str, int]
    """Severity and likelihood of the gravest impact, such as `3-1`; empty: not rated."""
    measured: tuple[Measured, ...]
    """Decision logs that were handed in last; then what was decided on without one."""
    due: DueList
    """Without conditions."""
    conditions: DueList
    accepted: AcceptedList

    @property
    def standings(self) -> tuple[Standing, ...]:
        return counting.standings(self.cells)

    @property
    def total(self) -> int:
        return sum(self.cells.values())


def portfolio(session: Session, actor: Actor, facets: Facets, today: date, most: int) -> Portfolio:
    """most: so many decision logs, duties and accepted risks."""
    facets = replace(facets, today=today)
    units_meant = lists.units_meant(Scope.of(session, actor), facets)
    meant = counting.meant(session, facets, units_meant)
    return Portfolio(
        counting.cells(session, facets, units_meant),
        counting.impacts(session, facets, units_meant),
        counting.measured(session, meant, most),
        due_list.of(session, meant, today, most, _NO_CONDITIONS),
        due_list.of(session, meant, today, most, [Cause.CONDITION]),
        counting.accepted(session, facets, units_meant, meant, most),
    )


def due(session: Session, actor: Actor, facets: Facets, today: date, most: int) -> DueList:
    """What is due but conditions alone, as of a portfolio."""
    facets = replace(facets, today=today)
    units_meant = lists.units_meant(Scope.of(session, actor), facets)
    return due_list.of(session, counting.meant(session, facets, units_meant), today, most, _NO_CONDITIONS)


def measured(session: Session, actor: Actor, facets: Facets, today: date, most: int) -> tuple[Measured, ...]:
    """Decision logs alone, as of a portfolio."""
    facets = replace(facets, today=today)
    units_meant = lists.units_meant(Scope.of(session, actor), facets)
    return counting.measured(session, counting.meant(session, facets, units_meant), most)


def counted(
    session: Session, actor: Actor, facets: Facets, today: date
) -> tuple[Mapping[Cell, int], Mapping[str, int]]:
    """Cells and impacts alone, as of a portfolio."""
    facets = replace(facets, today=today)
    meant = lists.units_meant(Scope.of(session, actor), facets)
    return counting.cells(session, facets, meant), counting.impacts(session, facets, meant)


def owners(session: Session, actor: Actor) -> Mapping[str, str]:
    """Account → name of everybody who answers for a system whose assessments the actor may read."""
    return counting.owners(session, Scope.of(session, actor).reading("read_assessment"))


@dataclass(frozen=True)
class Noted:
    """Assessments of one concern."""

    concern: Concern
    page: Page[AssessmentSummary]
    """Those that changed last."""


def changed_since(
    session: Session, actor: Actor, facets: Facets, day: date | None, today: date, most: int
) -> tuple[Noted, ...]:
    """What a committee has to know that came on this day or later, each kind with so many; those without any left out.

    day: such as that of its last meeting. None: whatever stands, whenever it came.
    """
    return _noted(session, actor, replace(facets, since=day, today=today), CHANGES, most)


def neglected(session: Session, actor: Actor, facets: Facets, today: date) -> tuple[Noted, ...]:
    """Nobody answers for it, nobody goes on with it, or nothing shows it; only counted."""
    return _noted(session, actor, replace(facets, today=today), NEGLECTED, 0)


def _noted(session: Session, actor: Actor, facets: Facets, concerns: Sequence[Concern], most: int) -> tuple[Noted, ...]:
    scope = Scope.of(session, actor)
    every = [replace(facets, concern=concern.value) for concern in concerns]
    totals = lists.totals(session, scope, every)
    return tuple(
        Noted(concern, lists.assessments(session, scope=scope, facets=narrowed, limit=most, total=total))
        for concern, narrowed, total in zip(concerns, every, totals, strict=True)
        if total
    )


def portfolio_at(session: Session, actor: Actor, facets: Facets, on: date) -> Earlier | None:
    """As it was counted on that day or the last one before. None: nothing was counted by then. Raises: ValueError."""
    return portfolio_days.at(session, facets, lists.units_meant(Scope.of(session, actor), facets), on)


def portfolio_over_time(session: Session, actor: Actor, facets: Facets, until: date) -> tuple[CountedDay, ...]:
    """As it was counted on some days, evenly up to this one, the first at the head. Raises: ValueError."""
    return portfolio_days.over_time(session, facets, lists.units_meant(Scope.of(session, actor), facets), until)


def is_awaited(actor: Actor) -> bool:
    """Whether one of the actor's roles takes steps, so that something can wait for them."""
    return any(actor.roles & workflow.STEPS[name].roles for name in workflow.AWAITED)


def longest_waiting(session: Session, actor: Actor, limit: int) -> tuple[Waiting, ...]:
    return lists.longest_waiting(session, actor, limit)


def queue(
    session: Session,
    actor: Actor,
    choice: Choice,
    search: Search = lists.EVERYTHING,
    *,
    start: FromQueue | None = None,
    limit: int = PER_PAGE,
) -> Page[InQueue]:
    """What waits for the committee or a signature in all units that this person reads."""
    return review_queue.waiting(session, Scope.of(session, actor), choice, search, start=start, limit=limit)


def committee_in(session: Session, actor: Actor, unit_ids: Collection[int]) -> tuple[Person, ...]:
    """Members of the committees of these units, as far as this person reads what lies there, by name."""
    scope = Scope.of(session, actor)
    held = scope.reading("read_assessment")
    paths = [scope.tree.path(unit) for unit in unit_ids if held is None or unit in held]
    people = {person for path in paths for person in units.people_at(session, path, COMMITTEE)}
    return tuple(sorted(people, key=lambda person: (person.name, person.id)))


def assigned_reviewers(session: Session, actor: Actor) -> tuple[Person, ...]:
    """Everybody who is to review something that this person reads, by name."""
    return review_queue.reviewers(session, Scope.of(session, actor))


def begun_by(session: Session, actor: Actor, limit: int) -> tuple[AssessmentSummary, ...]:
    return lists.begun_by(session, actor, limit)


def waiting_for(
    session: Session, actor: Actor, search: Search = lists.EVERYTHING, **how: Any
) -> Page[AssessmentSummary]:
    """how: as of `lists.waiting_for`."""
    return lists.waiting_for(session, actor, search, **how)


def mentions_of(session: Session, actor: Actor, limit: int) -> tuple[MentionEntry, ...]:
    """Comments that name the actor and wait for them, newest first."""
    return comments.mentions_of(session, actor, limit)


def given_to(session: Session, actor: Actor) -> tuple[GivenEntry, ...]:
    """Sections that the actor has still to do, due first at the head."""
    return sections.of_person(session, actor)


def summary(session: Session, actor: Actor, assessment_id: int) -> AssessmentSummary | None:
    """None: there is no such assessment."""
    return lists.summary(session, assessment_id, Scope.of(session, actor))


def register(
    session: Session,
    actor: Actor,
    search: Search = lists.EVERYTHING,
    *,
    operator_id: int | None = None,
    start: FromEntry | None = None,
    limit: int = PER_PAGE,
) -> Page[RegisterEntry]:
    scope = Scope.of(session, actor)
    return lists.register(session, search, scope=scope, operator_id=operator_id, start=start, limit=limit)


def registered(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    search: Search = lists.EVERYTHING,
    **how: Any,
) -> Page[RegisteredSystem]:
    """The register as a list. how: as of `system_list.registered`."""
    return system_list.registered(session, Scope.of(session, actor), wanted, search, **how)


def every_system(
    session: Session, actor: Actor, wanted: Wanted, search: Search = lists.EVERYTHING
) -> Iterator[RegisteredSystem]:
    """All that are meant, by name, some at a time."""
    return system_list.every(session, Scope.of(session, actor), wanted, search)


def register_rows(
    session: Session, actor: Actor, wanted: Wanted, search: Search, language: str
) -> Iterator[Mapping[str, str | int]]:
    """The register as a table holds it: column → cell, in this language."""
    tree = units.tree(session)
    for entry in every_system(session, actor, wanted, search):
        upkeep = entry.upkeep
        details = {name: getattr(entry.system, name) for name in columns.DETAILS}
        yield {
            **details,
            "number": entry.id,
            "operator": entry.operator_name,
            "unit": " / ".join(tree.names(entry.unit_id)),
            "owner": columns.owner_cell(entry.owner) if entry.owner else "",
            "legal_role": columns.role_title(upkeep.legal_role)[language] if upkeep.legal_role else "",
            "stage": columns.stage_title(upkeep.stage)[language] if upkeep.stage else "",
            "started_on": upkeep.started_on.isoformat() if upkeep.started_on else "",
        }


def system_owners(session: Session, actor: Actor) -> tuple[Person, ...]:
    """Everybody who answers for a system that this person reads, by name."""
    return system_list.owners(session, Scope.of(session, actor))


def open_incidents(session: Session, actor: Actor, system_ids: Sequence[int]) -> Mapping[int, int]:
    """System → number of its open incidents, of those that this person reads."""
    held = Scope.of(session, actor).reading("read_system")
    units_of = {system_id: units.path_of(session, Kind.SYSTEM, system_id)[:1] for system_id in system_ids}
    readable = [system_id for system_id, path in units_of.items() if held is None or held & set(path)]
    return system_life.open_incidents(session, readable)


@dataclass(frozen=True)
class SystemFile:
    """All that is known of one AI system."""

    entry: RegisteredSystem
    actor: Actor
    """With the roles that hold in its unit."""
    unit: str
    """From the top unit down."""
    people: tuple[Person, ...]
    """Who could answer for it: everybody who holds a role where it lies."""
    assessments: tuple[AssessmentSummary, ...]
    """Newest change first, the archive too; the first of many."""
    total: int
    reports: tuple[tuple[int, SealedReport], ...]
    """Assessment and sealed report, newest first."""
    logs: tuple[LogLine, ...]
    """Oldest first."""
    measures: tuple[MeasureLine, ...]
    conditions: tuple[ConditionLine, ...]
    incidents: tuple[Incident, ...]
    events: int
    """About the system itself."""


def started_on(session: Session, actor: Actor, system_id: int) -> date | None:
    """The first day of use, before which the Act wants a review. None: not stated. Raises: NotFoundError."""
    authority.over(session, system_id, "read_system", actor)
    return system_life.upkeep(session, system_id).started_on


def system_file(session: Session, actor: Actor, system_id: int) -> SystemFile:
    """Raises: NotFoundError."""
    there = authority.over(session, system_id, "read_system", actor)
    entry = system_list.system(session, system_id)
    if entry is None:
        raise units.absent(Kind.SYSTEM, system_id)
    path = units.path_of(session, Kind.SYSTEM, system_id)
    numbers = system_list.numbers_of(session, system_id)
    shown = lists.summarised(session, numbers[: system_record.MOST], units.tree(session))
    return SystemFile(
        entry,
        there,
        " / ".join(units.tree(session).names(entry.unit_id)),
        units.people_at(session, path),
        shown,
        len(numbers),
        tuple(
            sorted(
                (
                    (number, report)
                    for number in numbers[: system_record.MOST]
                    for report in reader.sealed_reports(session, number)
                ),
                key=lambda line: line[1].at,
                reverse=True,
            )
        ),
        system_record.logs(session, system_id),
        system_record.measures(session, system_id),
        system_record.conditions(session, system_id),
        system_life.incidents(session, system_id),
        system_life.event_count(session, system_id),
    )


def system_events(
    session: Session, actor: Actor, system_id: int, limit: int, before: int | None = None
) -> tuple[EventLine, ...]:
    """About the system itself, newest first. Raises: NotFoundError."""
    authority.over(session, system_id, "read_system", actor)
    return system_life.events(session, system_id, limit, before=before)


def made(session: Session) -> int | None:
    """How many assessments were made up for this home, which everybody may know. None: none were."""
    return system_life.made(session)


def of_systems(session: Session, actor: Actor, system_ids: Sequence[int]) -> Mapping[int, Assessed]:
    return lists.of_systems(session, system_ids, Scope.of(session, actor))


def system_counts(session: Session, actor: Actor, operator_ids: Sequence[int]) -> Mapping[int, int]:
    return lists.system_counts(session, operator_ids, Scope.of(session, actor))


def has_operators(session: Session, actor: Actor) -> bool:
    return lists.has_operators(session, Scope.of(session, actor))


def readable_units(session: Session, actor: Actor) -> frozenset[int] | None:
    """Units whose assessments the actor may read. None: all that there are."""
    return Scope.of(session, actor).reading("read_assessment")


def summaries(session: Session, actor: Actor, numbers: Sequence[int]) -> tuple[AssessmentSummary, ...]:
    """Of these assessments those that the actor may read, newest change first."""
    held = Scope.of(session, actor).reading("read_assessment")
    return tuple(summary for summary in lists.summarised(session, numbers) if held is None or summary.unit_id in held)


def system(session: Session, actor: Actor, system_id: int) -> AISystem:
    """Raises: NotFoundError."""
    authority.over(session, system_id, "read_system", actor)
    return reader.get_system(session, system_id)


def open_draft(session: Session, actor: Actor, system_id: int, domain: str) -> int | None:
    """The newest assessment of this system and domain that is still being written. None: there is none. Raises: NotFoundError."""
    authority.over(session, system_id, "read_system", actor)
    return lists.open_draft(session, system_id, domain)


# --- meetings -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeetingView:
    """A committee's meeting, and what of it its reader may see elsewhere."""

    actor: Actor
    """With the roles that hold in its unit."""
    proceedings: Proceedings
    unit_names: tuple[str, ...]
    """From the top down."""
    committee: Committee
    """How the unit's committee decides now."""
    members: tuple[Person, ...]
    """Of the committee now, by name."""
    assessments: Mapping[int, AssessmentSummary]
    """On the agenda; those that lie elsewhere by now are left out."""
    conditions: Mapping[str, Condition]
    """By the number that items refer to."""
    outcomes: Mapping[int, Outcome]
    """By the number of the item."""
    documents: tuple[MeetingDocument, ...]


def meeting(session: Session, actor: Actor, meeting_id: int) -> MeetingView:
    """Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, meeting_id, "read_meeting", actor)
    proceedings = meetings.find(session, meeting_id)
    tree, scope = units.tree(session), Scope.of(session, actor)
    numbers = {item.assessment for item in proceedings.meeting.items if item.assessment is not None}
    readable = {number: lists.summary(session, number, scope) for number in sorted(numbers)}
    summaries = {number: read for number, read in readable.items() if read is not None}
    conditions = {
        str(agreed.id): agreed.condition
        for item in proceedings.meeting.items
        if item.subject is Subject.CONDITION and item.assessment in summaries
        for agreed in committees.conditions(session, item.assessment or 0)
    }
    outcomes = meetings.outcomes(session, proceedings)
    of_items = {item.number: item.assessment for item in proceedings.meeting.items}
    unit = proceedings.meeting.unit
    return MeetingView(
        there,
        proceedings,
        tree.names(unit),
        tree.committee(unit),
        units.people_at(session, tree.path(unit), COMMITTEE),
        summaries,
        conditions,
        {number: outcome for number, outcome in outcomes.items() if of_items.get(number) in summaries},
        meetings.documents(session, meeting_id),
    )


def meeting_events(session: Session, actor: Actor, meeting_id: int) -> tuple[EventLine, ...]:
    """About the meeting itself, newest first. Raises: NotFoundError, NotAllowedError."""
    authority.over(session, meeting_id, "read_meeting", actor)
    return meetings.events(session, meeting_id)[::-1]


def meeting_document(
    session: Session, actor: Actor, meeting_id: int, number: int
) -> tuple[MeetingDocument, Json, bytes]:
    """A sealed document, what was frozen in it, and its file. Raises: NotFoundError, NotAllowedError."""
    authority.over(session, meeting_id, "read_meeting", actor)
    return meetings.file_of(session, meeting_id, number)


def meetings_of(session: Session, actor: Actor, limit: int) -> tuple[MeetingEntry, ...]:
    """Of the committees whose meetings this person may read, the latest day first."""
    return meetings.of_units(session, authority.possible_units(session, "read_meeting", actor), limit)


def next_meeting(session: Session, actor: Actor, today: date) -> MeetingEntry | None:
    """The first that is convened for today or later, of the committees whose meetings this person may read. None: none is."""
    readable = authority.possible_units(session, "read_meeting", actor)
    convened = meetings.of_units(session, readable, MOST_CONVENED, (State.OPEN,))
    return next((entry for entry in reversed(convened) if entry.on >= today), None)


def meetings_ahead(session: Session, actor: Actor, today: date, days: int) -> tuple[Ahead, ...]:
    """Of today or within so many days, cancelled ones too, of the committees whose meetings this person may read."""
    readable = authority.possible_units(session, "read_meeting", actor)
    return meetings.ahead(session, readable, today, today + timedelta(days=days), MOST_CONVENED)


def last_meeting(session: Session, actor: Actor, unit: int) -> date | None:
    """Day of the last closed meeting of a unit's committee, or of the nearest above it that had any, as far as the actor may read it.

    unit 0: the newest of all that they may read. None: there was none.
    """
    readable = authority.possible_units(session, "read_meeting", actor)
    if not unit:
        return meetings.last_day(session, readable)
    days = (meetings.last_day(session, [above]) for above in units.tree(session).path(unit) if above in readable)
    return next((day for day in days if day is not None), None)


# --- requests of people concerned ----------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestView:
    """A request with what surrounds it."""

    actor: Actor
    """With the roles that hold in its unit."""
    request: Request
    system: RegisteredSystem
    unit_names: tuple[str, ...]
    """From the top down."""
    owners: tuple[Person, ...]
    """Who could see to it, by name."""
    events: tuple[EventLine, ...]
    """Newest first."""


def request(session: Session, actor: Actor, number: int) -> RequestView:
    """Raises: NotFoundError, NotAllowedError."""
    there = authority.over(session, number, "read_request", actor)
    read = recourse.find(session, number)
    system = system_list.system(session, read.system_id)
    if system is None:
        raise units.absent(Kind.SYSTEM, read.system_id)
    return RequestView(
        there,
        read,
        system,
        units.tree(session).names(system.unit_id),
        request_owners(session, system.id),
        recourse.events(session, number)[::-1],
    )


def request_owners(session: Session, system_id: int) -> tuple[Person, ...]:
    """Who could see to requests about a system, by name."""
    return units.people_at(session, units.path_of(session, Kind.SYSTEM, system_id), RIGHTS["answer_request"].roles)


def requests(
    session: Session, actor: Actor, choice: RequestChoice, today: date, search: Search = lists.EVERYTHING, **how: Any
) -> Page[RequestEntry]:
    """Of those that this person reads. how: as of `recourse.listed`."""
    return recourse.listed(session, Scope.of(session, actor), choice, today, search, **how)


def every_request(
    session: Session, actor: Actor, choice: RequestChoice, today: date, search: Search = lists.EVERYTHING
) -> Iterator[Request]:
    """All that are meant of those that this person reads, by due day."""
    return recourse.every(session, Scope.of(session, actor), choice, today, search)


def request_figures(
    session: Session, actor: Actor, choice: RequestChoice, today: date, search: Search = lists.EVERYTHING
) -> Figures:
    """Of those that this person reads."""
    return recourse.figures(session, Scope.of(session, actor), choice, today, search)


def system_of(session: Session, actor: Actor, assessment_id: int) -> int:
    """The system that an assessment is about. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_assessment", actor)
    return system_list.of_assessment(session, assessment_id)


def figures_of_system(session: Session, actor: Actor, system_id: int, today: date) -> Figures | None:
    """Of the requests about one system. None: this person reads no requests there. Raises: NotFoundError."""
    there = authority.standing(session, Kind.SYSTEM, system_id, actor)
    if not may(there, "read_request"):
        return None
    return recourse.figures(session, Scope.of(session, actor), RequestChoice(system=system_id), today)


def requests_of_unit(session: Session, actor: Actor, unit: int, today: date) -> Figures | None:
    """Of a unit and those below it, of those that this person reads; unit 0: of all. None: they read no requests anywhere."""
    if not may(actor, "read_request"):
        return None
    return recourse.figures(session, Scope.of(session, actor), RequestChoice(unit=unit), today)


def may_state_request(session: Session, actor: Actor, system_id: int) -> bool:
    """Raises: NotFoundError."""
    return may(authority.standing(session, Kind.SYSTEM, system_id, actor), "state_request")


def systems_for_requests(session: Session, actor: Actor, limit: int) -> Mapping[int, AISystem]:
    """The first systems about which this person may enter requests, by name."""
    held = Scope.of(session, actor).reading("state_request")
    return {number: AISystem(ko, en) for number, ko, en in system_list.named_in(session, held, limit)}


def requests_ahead(session: Session, actor: Actor, today: date, days: int, limit: int) -> tuple[RequestEntry, ...]:
    """Open requests that this person may read and that are due within so many days, the earliest first."""
    return recourse.readable_by(session, actor, today, days, limit)


def requests_due_for(session: Session, actor: Actor, today: date, limit: int) -> DueRequests:
    """Open requests that this person sees to, as far as they are due or come up, the earliest first."""
    return recourse.due_for(session, actor, today, periods.current().soon_days, limit)


def people_seeing_to_requests(session: Session, actor: Actor) -> tuple[Person, ...]:
    """Everybody who sees to a request that this person reads, by name."""
    return recourse.owners(session, Scope.of(session, actor))


def domains_of(session: Session, actor: Actor, system_id: int) -> tuple[str, ...]:
    """In which the system was assessed, or begun to be. Raises: NotFoundError."""
    authority.over(session, system_id, "read_system", actor)
    return system_list.domains_of(session, system_id)


# --- units ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """Where somebody holds which roles, for screens that show things of several units."""

    tree: Tree
    actor: Actor

    def at(self, unit_id: int) -> Actor:
        """With the roles that hold in this unit."""
        return self.actor.at(self.tree.path(unit_id))

    def may(self, deed: str, unit_id: int) -> bool:
        return may(self.at(unit_id), deed)

    def choice(self, deed: str, below: int | None = None) -> Mapping[int, str]:
        """Units in which something new can be put, with their names from the organisation down; each before those below it."""
        possible = self.tree.where(self.actor, RIGHTS[deed].roles)
        if below is not None:
            possible &= self.tree.below(below)
        return {unit: " / ".join(self.tree.names(unit)) for unit in sorted(possible, key=self.tree.names)}


def places(session: Session, actor: Actor) -> Places:
    return Places(units.tree(session), actor)


def standing(session: Session, actor: Actor, assessment_id: int) -> Actor:
    """With the roles that hold in the assessment's unit. Raises: NotFoundError."""
    return authority.standing(session, Kind.ASSESSMENT, assessment_id, actor)


def may_read_settings(session: Session, actor: Actor) -> bool:
    """Whether the actor may see how the server is set, which tells of every top unit alike."""
    return may(actor, "read_settings") and authority.is_everywhere(session, "read_settings", actor)


def may_audit(session: Session, actor: Actor) -> bool:
    """Whether the actor may verify what is stored, of every organisation."""
    return may(actor, "audit") and authority.is_everywhere(session, "audit", actor)


@dataclass(frozen=True)
class Sample:
    """Of the decisions of a period, drawn so that anybody who reads the same units draws the same again."""

    drawn: tuple[DecidedRevision, ...]
    total: int
    """Decisions that it was drawn from."""


def sample(session: Session, actor: Actor, first: date, last: date, seed: str, size: int) -> Sample:
    """Of what the actor may read."""
    decisions = decided_list.of_period(session, Scope.of(session, actor), first, last)
    return Sample(decided_list.entries(session, sampling.draw(decisions, seed, size)), len(decisions))


def events_kept(session: Session, actor: Actor) -> int:
    """Number of the newest event of the whole history; to whoever may not verify it 0, as where there is none."""
    head = history.checkpoint(session) if may_audit(session, actor) else None
    return head.seq if head else 0


# --- official documents ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paperwork:
    """What lies beside an assessment for its official documents."""

    facts: RequestFacts
    steps: tuple[Step, ...]
    """Of the request of Act Art. 33, as they were entered, oldest first."""
    standing: RequestStanding
    documents: tuple[OfficialDocument, ...]
    """Sealed ones, the newest first."""


def paperwork(session: Session, actor: Actor, assessment_id: int) -> Paperwork:
    """Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_report", actor)
    steps = official.steps(session, assessment_id)
    return Paperwork(
        official.facts(session, assessment_id),
        steps,
        requesting.standing(steps, confirmation.form().periods),
        official.documents(session, assessment_id),
    )


def official_document(
    session: Session, actor: Actor, assessment_id: int, number: int
) -> tuple[OfficialDocument, Json, bytes]:
    """A sealed document, what was frozen in it, and its file. Raises: NotFoundError."""
    authority.over(session, assessment_id, "read_report", actor)
    return official.file_of(session, assessment_id, number)


def requests_under_way(
    session: Session, actor: Actor, facets: Facets | None = None, *, today: date | None = None
) -> tuple[UnderWay, ...]:
    """Requests of Act Art. 33 whose period runs, of the assessments that this person may read, the earliest day first.

    facets: only of those which they leave. today: without those in which nobody can do anything any more, for the day until which
    re-confirmation could be requested has passed; None: with them.
    """
    scope = Scope.of(session, actor)
    held = scope.reading("read_report")
    if facets is not None and (meant := lists.units_meant(scope, facets)) is not None:
        held = frozenset(meant) if held is None else held & frozenset(meant)
    every = official.under_way(session, held, confirmation.form().periods, facets)
    return tuple(each for each in every if today is None or not each.standing.is_over(today))
