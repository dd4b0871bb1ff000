"""What follows after a decision: duties with their days, what calls for a reassessment, until when the record is kept. Pure.

The day is always given, so that the same facts lead to the same duties on the same day, whenever that is asked.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assessments.model import Assessment, Outcome, Person, Ruling, Status, Text
from questionnaires.texts import texts_of


class Cause(StrEnum):
    """Why something is to be done about a decided assessment."""

    REASSESSMENT = "reassessment"
    """Its day of reassessment."""
    CHANGE = "change"
    """A material change of the system was stated."""
    EDITION = "edition"
    """A questionnaire it answers has a newer edition in force."""
    EVIDENCE = "evidence"
    """Evidence no longer counts."""
    MEASURE = "measure"
    """A planned measure is to be in place."""
    CONDITION = "condition"
    """A condition of the approval is to be met."""
    LOG = "log"
    """A later decision log lies beyond the organisation's own trigger."""


class Urgency(StrEnum):
    REACHED = "reached"
    """Its day has come, or has passed."""
    SOON = "soon"
    LATER = "later"


TEXTS = texts_of(__file__)
CAUSES: Mapping[Cause, Text] = {cause: TEXTS.text(f"cause_{cause}") for cause in Cause}
"""Names shown on screens and in messages."""
COUNTS_TO_THE_END = frozenset({Cause.EVIDENCE, Cause.MEASURE, Cause.CONDITION})
"""Overdue on the day after: there is time until the end of the day itself."""
FOLLOWED_UP = frozenset({Cause.MEASURE, Cause.CONDITION})
"""Done by somebody, with evidence; the others end with a new decision."""


class ChangeKind(StrEnum):
    """What a material change is about; the guideline names core functions and the people affected."""

    FUNCTION = "function"
    PEOPLE = "people"
    PURPOSE = "purpose"
    OTHER = "other"


CHANGES: Mapping[ChangeKind, Text] = {kind: TEXTS.text(f"change_{kind}") for kind in ChangeKind}


@dataclass(frozen=True)
class Duty:
    """Something to be done about one decided assessment by a day."""

    cause: Cause
    which: str
    """Id of the measure, condition, piece of evidence, change, log or questionnaire; empty for the reassessment."""
    on: date
    text: str = ""
    """In people's own words; of an edition its version, of a log the figures beyond their triggers."""
    owner: str = ""
    owner_id: str = ""
    """Of the owner's account. Empty: none is known."""

    @property
    def reached_on(self) -> date:
        """The first day on which it is due or overdue."""
        is_last = self.cause in COUNTS_TO_THE_END and self.on < date.max
        return self.on + timedelta(days=1) if is_last else self.on

    def urgency(self, today: date, soon_days: int) -> Urgency:
        if today >= self.reached_on:
            return Urgency.REACHED
        return Urgency.SOON if (self.reached_on - today).days <= soon_days else Urgency.LATER


@dataclass(frozen=True)
class MaterialChange:
    """A change of the system that somebody stated after a decision."""

    id: int
    kind: ChangeKind
    text: str
    on: date
    by: Person
    at: datetime
    answered_after: int
    """A decision on a later revision than this one has taken it into account."""


@dataclass(frozen=True)
class ConditionOfApproval:
    """What the committee made its approval depend on, with who sees to it by when."""

    id: str
    text: str
    owner: str
    due: date | None
    owner_id: str = ""


@dataclass(frozen=True)
class FollowUp:
    """What was said last of a measure or a condition: that it is done, or open again after all."""

    cause: Cause
    which: str
    about: str
    """The text it was said of: another text under the same id is something else."""
    is_done: bool
    on: date
    text: str
    by: Person
    at: datetime
    evidence: str = ""
    """Id of the file that shows it. Empty: it was opened again."""


@dataclass(frozen=True)
class WatchedLog:
    """A decision log that was counted after the decision, held against the triggers of the decided revision."""

    id: int
    revision: int
    file_name: str
    on: date
    """The day on which it was counted."""
    by: Person
    at: datetime
    beyond: tuple[str, ...]
    """Ids of figures wholly beyond their trigger."""


@dataclass(frozen=True)
class Retirement:
    """The system is no longer offered or used."""

    on: date
    reason: str
    by: Person
    at: datetime


@dataclass(frozen=True)
class Following:
    """All that was stored about an assessment after its decision."""

    reassess_on: date | None = None
    """The day that somebody set. None: it follows from the decision."""
    changes: tuple[MaterialChange, ...] = ()
    conditions: tuple[ConditionOfApproval, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    """Oldest first; of one measure or condition the last counts."""
    logs: tuple[WatchedLog, ...] = ()
    """Oldest first; the last counts."""
    retirement: Retirement | None = None
    newest: Status = Status.DRAFT
    """Where the newest revision stands, which may be a later one than the decided."""


@dataclass(frozen=True)
class InForce:
    """The edition of a questionnaire in force on some day."""

    version: str
    since: date


def reassessment_day(decided: Assessment, following: Following, months: int) -> date | None:
    """As somebody set it, else so many months after the decision. None: nothing was decided."""
    if following.reassess_on is not None:
        return following.reassess_on
    day = decided.decision.day if decided.decision else None
    return add_months(day, months) if day else None


def is_alive(decided: Assessment, following: Following) -> bool:
    """Whether duties follow: an approval, of a system that is in use, which was not withdrawn with a later revision."""
    return (
        decided.decision is not None
        and decided.decision.ruling is not Ruling.REJECTED
        and following.retirement is None
        and not (decided.status is Status.SUPERSEDED and following.newest is Status.WITHDRAWN)
    )


def duties(
    decided: Assessment, following: Following, months: int, in_force: Mapping[str, InForce] | None = None
) -> tuple[Duty, ...]:
    """Everything that is open, by day. decided: the newest revision with a decision.

    in_force: questionnaire id → its edition in force today. None: editions are not looked at.
    """
    if not is_alive(decided, following):
        return ()
    open_duties = [*_reassessment(decided, following, months), *_changes(decided, following)]
    open_duties += _editions(decided, in_force or {})
    open_duties += _evidence(decided)
    open_duties += _followed_up(decided, following)
    open_duties += _logs(decided, following)
    return tuple(sorted(open_duties, key=lambda duty: (duty.on, list(Cause).index(duty.cause), duty.which)))


def triggers(of: Iterable[Duty], today: date) -> tuple[Duty, ...]:
    """What calls for a reassessment today, each a reason of its own."""
    return tuple(duty for duty in of if today >= duty.reached_on)


def stage(duty: Duty, today: date, days_before: Iterable[int], days_after: int) -> int | None:
    """Which reminder of a duty is due: so many days before its day, or after it where negative; only the latest. None: none yet."""
    return days_stage(duty.on, today, days_before, days_after)


def days_stage(on: date, today: date, days_before: Iterable[int], days_after: int) -> int | None:
    """The same of any day."""
    left = (on - today).days
    return min((days for days in (*days_before, -days_after) if left <= days), default=None)


def state_of(cause: Cause, which: str, about: str, follow_ups: Iterable[FollowUp]) -> FollowUp | None:
    """What was said last of this measure or condition, as it is worded. None: nothing."""
    said_of_it = [line for line in follow_ups if (line.cause, line.which, line.about) == (cause, which, about)]
    return said_of_it[-1] if said_of_it else None


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- keeping ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keeping:
    """Until when the record is kept."""

    until: date | None
    """The last day. None: no period is stated."""
    years: int | None
    is_owed: bool
    """By an operator of high-impact AI. Otherwise the organisation keeps it of its own accord."""
    is_own: bool
    """The period is the organisation's own, which is longer than what is owed or where nothing is."""
    may_be_owed: bool
    """Whether it is high-impact could not be determined; until it is, nothing is given up."""

    def runs(self, today: date) -> bool:
        return self.until is not None and today <= self.until

    @property
    def binds(self) -> bool:
        """Whether a statute may forbid to give anything up before its end."""
        return self.is_owed or self.may_be_owed


def keeping(
    since: date | None,
    outcome: Outcome,
    is_operator: bool,
    stated_years: int | None,
    own_years: int | None,
    retirement: Retirement | None = None,
) -> Keeping:
    """since: the day of the sign-off. None: there is none, and no period has begun.

    is_operator: the organisation is one of those whose duties the Act speaks of, or may be. stated_years: as the
    questionnaire on roles states. A system that is retired later begins the period anew, since it was used until then.
    """
    is_owed = is_operator and outcome is Outcome.HIGH_IMPACT
    may_be_owed = is_operator and outcome is Outcome.CANNOT_DETERMINE
    statutory = stated_years if is_owed or may_be_owed else None
    years = max((number for number in (statutory, own_years) if number is not None), default=stated_years)
    begins = max(since, retirement.on) if since and retirement else since
    until = add_months(begins, 12 * years) if begins and years else None
    return Keeping(until, years, is_owed, own_years is not None and years == own_years != statutory, may_be_owed)


# --- parts --------------------------------------------------------------------------------------------------


def _reassessment(decided: Assessment, following: Following, months: int) -> list[Duty]:
    day = reassessment_day(decided, following, months)
    return [Duty(Cause.REASSESSMENT, "", day)] if day else []


def _changes(decided: Assessment, following: Following) -> list[Duty]:
    return [
        Duty(Cause.CHANGE, str(change.id), change.on, change.text)
        for change in following.changes
        if decided.revision <= change.answered_after
    ]


def _editions(decided: Assessment, in_force: Mapping[str, InForce]) -> list[Duty]:
    pinned = {edition.id: edition.version for edition in decided.editions}
    return [
        Duty(Cause.EDITION, name, edition.since, edition.version)
        for name, edition in in_force.items()
        if name in pinned and pinned[name] != edition.version
    ]


def _evidence(decided: Assessment) -> list[Duty]:
    """Each file once, however many items it is named for."""
    files: dict[tuple[str, date], Duty] = {}
    for evidence in decided.evidence:
        if evidence.expires_on is not None:
            duty = Duty(Cause.EVIDENCE, evidence.id, evidence.expires_on, evidence.title)
            files.setdefault((evidence.sha256, evidence.expires_on), duty)
    return list(files.values())


def _followed_up(decided: Assessment, following: Following) -> list[Duty]:
    """Measures that are planned and conditions, as far as nobody said that they are done."""
    due = [
        Duty(Cause.MEASURE, measure.id, measure.due, measure.text, measure.owner)
        for measure in decided.measures
        if measure.due is not None and not measure.is_in_place
    ]
    due += [
        Duty(Cause.CONDITION, condition.id, condition.due, condition.text, condition.owner, condition.owner_id)
        for condition in following.conditions
        if condition.due is not None
    ]
    return [duty for duty in due if not _is_done(duty, following.follow_ups)]


def _is_done(duty: Duty, follow_ups: Collection[FollowUp]) -> bool:
    last = state_of(duty.cause, duty.which, duty.text, follow_ups)
    return last is not None and last.is_done


def _logs(decided: Assessment, following: Following) -> list[Duty]:
    counted = [log for log in following.logs if log.revision == decided.revision]
    if not counted or not counted[-1].beyond:
        return []
    return [Duty(Cause.LOG, str(counted[-1].id), counted[-1].on, ", ".join(counted[-1].beyond))]
