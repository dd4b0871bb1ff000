"""What people concerned by a decision can ask, as data: recourse, RequestKind, due_day, extended_day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Source, SourceId, Text

FILE = Path(__file__).with_name("recourse.yaml")
Days = Annotated[int, Field(strict=True, ge=0)]
_Ids = Annotated[tuple[Id, ...], Field(min_length=1)]


class Period(Model):
    """Until when a request is answered, in days after the day of receipt."""

    days: Annotated[int, Field(strict=True, ge=1)]
    extensions: Days
    """How often it can be extended."""
    extension_days: Days
    """Each time by no more than this."""
    source: SourceId

    @model_validator(mode="after")
    def _extends_by_something(self) -> Period:
        if (self.extensions == 0) != (self.extension_days == 0):
            raise ValueError("`extensions` and `extension_days` are both 0, or neither is")
        return self


class Counting(Model):
    """How days are counted."""

    counts_first_day: bool
    """Whether the day of receipt is the first of them."""
    source: SourceId
    text: Text


class RequestOutcome(Model):
    """What can come of a request."""

    id: Id
    title: Text
    reviews: bool
    """Somebody looked at the decision again: it was kept or changed."""
    always_changes: bool = False


class Named(Model):
    """A channel, or who reviewed."""

    id: Id
    title: Text


class Ground(Model):
    """Why a request may be refused; the reason itself is always put in words beside it."""

    id: Id
    title: Text
    source: SourceId


class RequestKind(Model):
    """One thing that people can ask."""

    id: Id
    title: Text
    source: SourceId
    sources: tuple[SourceId, ...] = ()
    """Further ones."""
    duty: Id | None = None
    """Of the operator, to which it belongs. None: to none."""
    force: Literal["binding", "guideline", "voluntary"]
    domains: tuple[Id, ...] = ()
    """Empty: in all."""
    person: Literal["data_subject", "user", "impacted"]
    """Whom it is owed to."""
    automated: Literal["fully", "any"]
    condition: Text
    period: Period | None = None
    """None: the texts read set no number of days."""
    until: Text | None = None
    """What they say instead."""
    must: Text
    """What is to be done on it."""
    contents: tuple[Text, ...] = ()
    """What the answer holds."""
    outcomes: _Ids
    grounds: _Ids

    @model_validator(mode="after")
    def _has_a_period_or_says_why_not(self) -> RequestKind:
        if (self.period is None) == (self.until is None):
            raise ValueError("has either `period` or, where no number of days is set, `until`")
        return self

    def is_of(self, domains: Iterable[str]) -> bool:
        """Whether it can be asked of a system that is assessed in these domains; of a system of none, any."""
        stated = set(domains)
        return not self.domains or not stated or bool(stated & set(self.domains))


class Recourse(Model):
    as_of: date
    sources: dict[SourceId, Source]
    counting: Counting
    outcomes: Annotated[tuple[RequestOutcome, ...], Field(min_length=1)]
    reviewers: Annotated[tuple[Named, ...], Field(min_length=1)]
    channels: Annotated[tuple[Named, ...], Field(min_length=1)]
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1)]
    kinds: Annotated[tuple[RequestKind, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_only_what_is_there(self) -> Recourse:
        problems: list[str] = []
        lists: dict[str, Iterable[Named | RequestOutcome | Ground | RequestKind]] = {
            "outcomes": self.outcomes,
            "reviewers": self.reviewers,
            "channels": self.channels,
            "grounds": self.grounds,
            "kinds": self.kinds,
        }
        for what, entries in lists.items():
            ids = [entry.id for entry in entries]
            problems += [
                f"{what}: {name} stands twice" for name in sorted({name for name in ids if ids.count(name) > 1})
            ]
        outcomes, grounds = {entry.id for entry in self.outcomes}, {entry.id for entry in self.grounds}
        for kind in self.kinds:
            problems += [f"{kind.id}: no outcome {name}" for name in kind.outcomes if name not in outcomes]
            problems += [f"{kind.id}: no ground {name}" for name in kind.grounds if name not in grounds]
        used = [self.counting.source, *(ground.source for ground in self.grounds)]
        for kind in self.kinds:
            used += [kind.source, *kind.sources, *([kind.period.source] if kind.period else [])]
        problems += [f"no source {name}" for name in sorted(set(used) - self.sources.keys())]
        problems += [f"sources: {name} is used by nothing" for name in sorted(self.sources.keys() - set(used))]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def by_id(self) -> Mapping[str, RequestKind]:
        return {kind.id: kind for kind in self.kinds}

    def outcome(self, name: str) -> RequestOutcome:
        """Raises: KeyError."""
        return {outcome.id: outcome for outcome in self.outcomes}[name]

    def ground(self, name: str) -> Ground:
        """Raises: KeyError."""
        return {ground.id: ground for ground in self.grounds}[name]


@cache
def recourse() -> Recourse:
    """Raises: InvalidFileError."""
    return read(FILE.read_bytes(), FILE.name)


def read(text: bytes | str, name: str) -> Recourse:
    """Raises: InvalidFileError."""
    return shaped(parse(text, name), Recourse)


def due_day(kind: RequestKind, received: date, counting: Counting | None = None) -> date | None:
    """The last day for the answer. None: the texts set none, or the calendar ends before it."""
    if kind.period is None:
        return None
    counting = counting or recourse().counting
    return _later(received, kind.period.days - (1 if counting.counts_first_day else 0))


def extended_day(kind: RequestKind, due: date) -> date | None:
    """The latest day to which this due day can be extended. None: it cannot."""
    if kind.period is None or not kind.period.extensions:
        return None
    return _later(due, kind.period.extension_days)


def _later(day: date, days: int) -> date | None:
    return day + timedelta(days=days) if days <= (date.max - day).days else None
