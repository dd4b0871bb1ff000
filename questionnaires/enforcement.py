"""What the law provides where a duty is not met, as data: enforcement, Enforcement. Amounts, steps and the grace period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Percent, Source, SourceId, Text

FILE = Path(__file__).with_name("enforcement.yaml")
_PER_CENT = 100
Won = Annotated[int, Field(strict=True, ge=1)]


class Fine(Model):
    """One fine of the annex: what it is for, its amounts by the number of breaches, and the cap of the statute."""

    id: Id
    title: Text
    cap: Won
    amounts: Annotated[tuple[Won, ...], Field(min_length=1)]
    """For the first breach, the second, …; the last one for every further too. One alone: the same each time."""
    source: SourceId

    @model_validator(mode="after")
    def _rises_up_to_the_cap(self) -> Fine:
        if list(self.amounts) != sorted(self.amounts) or self.amounts[-1] > self.cap:
            raise ValueError("`amounts` rise from one breach to the next and never exceed `cap`")
        return self


class Adjustment(Model):
    """By how much an amount can be cut or raised at most, on which grounds."""

    at_most: Percent
    """Percent of the amount."""
    grounds: Annotated[tuple[Text, ...], Field(min_length=1)]
    limit: Text
    """Where it ends: what excludes it, or what it never exceeds."""
    source: SourceId


class Step(Model):
    """One step that the law provides."""

    id: Id
    title: Text
    text: Text
    source: SourceId


class Route(Model):
    """The steps that follow each other after a breach of one kind; none: the law provides no fine."""

    id: Literal["fine_at_once", "order_first", "no_fine"]
    title: Text
    text: Text
    steps: tuple[Id, ...] = ()


class Doubt(Model):
    """An official source that says otherwise, or what no text read says."""

    text: Text
    source: SourceId


class Breach(Model):
    """A duty, or several of one article, and what the law provides where it is not met."""

    id: Id
    title: Text
    duties: Annotated[tuple[Id, ...], Field(min_length=1)]
    route: Literal["fine_at_once", "order_first", "no_fine"]
    is_investigated: bool
    """Whether the list of those whose suspected breach is investigated names the article."""
    fine: Id | None = None
    note: Text | None = None
    doubt: Doubt | None = None
    source: SourceId

    @model_validator(mode="after")
    def _is_fined_where_its_route_ends_in_a_fine(self) -> Breach:
        if (self.fine is None) != (self.route == "no_fine"):
            raise ValueError("`fine` names the fine at the end of the route, and stands nowhere else")
        return self


class Elsewhere(Model):
    """Duties whose breach another law or no law sanctions."""

    title: Text
    duties: tuple[Id, ...] = ()
    begins: Id | None = None
    """Every duty whose id begins so."""
    text: Text

    @model_validator(mode="after")
    def _says_of_which(self) -> Elsewhere:
        if bool(self.duties) == (self.begins is not None):
            raise ValueError("names `duties`, or how their ids begin (`begins`)")
        return self

    def is_of(self, duty: str) -> bool:
        return duty in self.duties or (self.begins is not None and duty.startswith(self.begins))


class Grace(Model):
    """The announced period in which fact-finding and fines are suspended."""

    announced_from: date
    at_least_years: Annotated[int, Field(strict=True, ge=1)]
    ends_on: date | None = None
    """Its last day. None: not announced."""
    text: Text
    not_in_law: Text
    exceptions: Annotated[tuple[Text, ...], Field(min_length=1)]
    meanwhile: Text
    source: SourceId


class Enforcement(Model):
    edition: date
    """Day of the newest text that it rests on."""
    read_on: date
    sources: dict[SourceId, Source]
    repeated_within_years: Annotated[int, Field(strict=True, ge=1)]
    """Breaches count together where they lie so near."""
    repeated: Text
    fines: Annotated[tuple[Fine, ...], Field(min_length=1)]
    cut: Adjustment
    raised: Adjustment
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    routes: Annotated[tuple[Route, ...], Field(min_length=3, max_length=3)]
    breaches: Annotated[tuple[Breach, ...], Field(min_length=1)]
    elsewhere: tuple[Elsewhere, ...] = ()
    grace: Grace

    def fine(self, fine: str) -> Fine:
        """Raises: StopIteration where there is none; the file was checked."""
        return next(known for known in self.fines if known.id == fine)

    def route(self, route: str) -> Route:
        return next(known for known in self.routes if known.id == route)

    def step(self, step: str) -> Step:
        return next(known for known in self.steps if known.id == step)

    def breach_of(self, duty: str) -> Breach | None:
        """None: no breach of this law is provided for; `elsewhere` says why."""
        return next((breach for breach in self.breaches if duty in breach.duties), None)

    def elsewhere_of(self, duty: str) -> Elsewhere | None:
        return next((other for other in self.elsewhere if other.is_of(duty)), None)

    @model_validator(mode="after")
    def _holds_together(self) -> Enforcement:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        ids = Counter(
            (kind, thing.id)
            for kind, things in (
                ("fine", self.fines),
                ("step", self.steps),
                ("route", self.routes),
                ("breach", self.breaches),
            )
            for thing in things
        )
        yield from (f"{kind} {name} stands twice" for (kind, name), times in ids.items() if times > 1)
        named = Counter(duty for breach in self.breaches for duty in breach.duties)
        named.update(duty for other in self.elsewhere for duty in other.duties)
        yield from (f"the duty {duty} stands twice" for duty, times in named.items() if times > 1)
        for route in self.routes:
            yield from (f"route {route.id}: no step {step}" for step in route.steps if ("step", step) not in ids)
        for breach in self.breaches:
            if breach.fine is not None and ("fine", breach.fine) not in ids:
                yield f"breach {breach.id}: no fine {breach.fine}"
        for fine in self.fines:
            for adjustment in (self.cut, self.raised):
                if any(amount * adjustment.at_most % _PER_CENT for amount in fine.amounts):
                    yield f"fine {fine.id}: {adjustment.at_most} percent of an amount is no whole number of won"
        cited = set(self._cited())
        yield from (f"the source {name} is not declared" for name in sorted(cited - set(self.sources)))
        yield from (f"the source {name} is used nowhere" for name in sorted(set(self.sources) - cited))
        if any(source.read_on > self.read_on for source in self.sources.values()):
            yield "a source was read after `read_on`"

    def _cited(self) -> Iterator[str]:
        yield from (fine.source for fine in self.fines)
        yield from (step.source for step in self.steps)
        yield from (breach.source for breach in self.breaches)
        yield from (breach.doubt.source for breach in self.breaches if breach.doubt)
        yield from (self.cut.source, self.raised.source, self.grace.source)


@cache
def enforcement() -> Enforcement:
    """Raises: InvalidFileError."""
    return read(FILE.read_bytes())


def read(text: bytes | str) -> Enforcement:
    """Raises: InvalidFileError."""
    return shaped(parse(text, FILE.name), Enforcement)
