"""What a questionnaire says of duties: who owes what, when, what shows it, and what counts as having performed it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from questionnaires.condition_schema import Condition
from questionnaires.vocabulary import Id, Model, Outcome, SourceId, Text

IN_PLACE, PLANNED = "in_place", "planned"
"""Options by which most questions say that something is done, or will be."""


class Force(StrEnum):
    """What kind of text asks for it, strongest first."""

    ACT = "act"
    DECREE = "decree"
    NOTICE = "notice"
    """A ministry's public notice."""
    GUIDELINE = "guideline"
    """A *must* of a guideline, which itself binds nobody."""
    ENDEAVOUR = "endeavour"
    """The text asks to endeavour."""


class DutyRecord(StrEnum):
    """What the assessment holds beside answers."""

    SUPERVISOR = "supervisor"
    """Name and contact of the person who supervises."""
    SUPERVISION = "supervision"
    """No line of the supervision record that this role must keep is missing."""
    REVIEWED = "reviewed"
    """Whether it is high-impact was examined, and no answer that decides it is open."""
    ASSESSED = "assessed"
    """Every item of the Decree's matrix is documented."""
    SCENARIOS = "scenarios"
    """Risk scenarios describe at least one impact, and every impact is judged."""


class Fact(Model):
    """A condition on this file's answers, or on those of the questionnaire named by `in`; false where that is not asked."""

    in_: Annotated[Id | None, Field(alias="in")] = None
    when: Condition


class DutyNeed(Model):
    """What shows that a duty is performed: an answer, a condition or something the record holds."""

    in_: Annotated[Id | None, Field(alias="in")] = None
    """The questionnaire that asks. None: this one. Where it is not asked, the need falls away."""
    question: Id | None = None
    documented_if: tuple[str, ...] = (IN_PLACE,)
    """Options that document it; of several chosen, one suffices. A question without options documents by its answer."""
    planned_if: tuple[str, ...] = (PLANNED,)
    includes: tuple[str, ...] = ()
    """Of `choices`: all of these must be chosen."""
    when: Condition | None = None
    record: DutyRecord | None = None
    unless: tuple[Fact, ...] = ()
    """The need falls away where one of these holds, for another need says the same."""
    missing: Text | None = None
    """What to do where it is not documented. None: what the duty itself says."""

    @model_validator(mode="after")
    def _names_one_thing(self) -> DutyNeed:
        if sum(each is not None for each in (self.question, self.when, self.record)) != 1:
            raise ValueError("names one of `question`, `when` and `record`")
        if self.record is not None and self.in_ is not None:
            raise ValueError("a need of the `record` has no `in`")
        return self


class Because(Model):
    """Facts that all hold, what follows from them, and by which source."""

    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]
    because: Text
    source: SourceId


class Inherited(Because):
    """Performed by the operator that supplied the system, for these roles only."""

    roles: Annotated[tuple[Id, ...], Field(min_length=1)]


class Deemed(Because):
    """Performance of another law that counts as performance of this duty."""

    extent: Text | None = None
    """As far as it reaches, if not the whole duty: the finding then stays as it is, and this is said beside it."""


class Disputed(Because):
    """A ground on which it is contested whether the duty is owed."""


class Duty(Model):
    """One duty of one text."""

    id: Id
    group: Id
    title: Text
    text: Text
    """What is owed, in one or two sentences."""
    source: SourceId
    force: Force
    under: Id | None = None
    """The duty, standing before, that this one details: inherited, this one is too; deemed performed, it is said beside."""
    owed_by: tuple[Id, ...] = ()
    """Roles that owe it. Empty: whoever the facts make owe it."""
    outcomes: tuple[Outcome, ...] = ()
    """Outcomes at which it is owed. Empty: at every one."""
    also_if: tuple[Fact, ...] = ()
    """Owed whatever the outcome if one of these holds."""
    domains: tuple[Id, ...] = ()
    """Domains in which it is owed. Empty: in all."""
    applies_if: tuple[Fact, ...] = ()
    """Owed only if all of these hold; one that is open excuses nobody."""
    applies_text: Text | None = None
    """Said where one of `applies_if` does not hold."""
    exempt_if: tuple[Because, ...] = ()
    inherited_if: tuple[Inherited, ...] = ()
    deemed_if: tuple[Deemed, ...] = ()
    contested_if: tuple[Disputed, ...] = ()
    needs: tuple[DutyNeed, ...] = ()
    """All of them; the worst decides, and all that are not documented are named."""
    to_do: Text
    """What to do while it is not performed."""
    due: Text
    """When it must be performed."""
    evidence: Text
    """Examples of what would show it."""
    from_day: Annotated[date | None, Field(alias="from")] = None
    """First day on which it is owed. None: with the Act's commencement."""
    open_question: Id | None = None
    """The open question of law (law.yaml) that has to be settled first."""
    keep_years: Annotated[int | None, Field(strict=True, ge=1)] = None
    """Years for which something is kept. None: it is not about keeping."""

    @model_validator(mode="after")
    def _can_be_shown(self) -> Duty:
        if bool(self.needs) == (self.open_question is not None):
            raise ValueError("has either `needs` or, where the law is open, `open_question`")
        if bool(self.applies_if) != (self.applies_text is not None):
            raise ValueError("`applies_if` and `applies_text` belong together")
        return self


class DutyGroup(Model):
    """Duties that are shown together."""

    id: Id
    title: Text


class Duties(Model):
    """The rule of duties."""

    summary: Text
    """What the findings say and what they do not."""
    groups: Annotated[tuple[DutyGroup, ...], Field(min_length=1)]
    plans: Id
    """The question of this file whose rows say until when a duty will be performed."""
    plan_duty: Id
    """Its column that names the duty."""
    plan_until: Id
    """Its column with the day."""
    plan_by: Id
    """Its column with who sees to it."""
    items: Annotated[tuple[Duty, ...], Field(min_length=1)]
