"""How the items of an impact assessment under Decree Art. 28(1) stand beside other frameworks, as data: crosswalk, Crosswalk.

One framework is a duty in Korea; what only others ask is never a gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Source, SourceId, Text

FILE = Path(__file__).with_name("crosswalk.yaml")
QuestionPlace = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class ReadAs(StrEnum):
    """How what a cell says was read."""

    TEXT = "text"
    """In the text itself."""
    SECOND_HAND = "second_hand"
    """As another text quotes or lists it."""
    GENERAL = "general"
    """General knowledge, not looked up."""


class Framework(Model):
    """One column."""

    id: Id
    title: Text
    short: Text
    """As the head of a column."""
    standing: Literal["duty", "test", "recommendation", "other_law", "standard"]
    """`duty`: of an impact assessment in Korea; `test`: of Korean law, on another matter."""
    matrix: Id | None = None
    """Of the duty: the coverage matrix that says what is documented."""
    read: ReadAs
    note: Text
    source: SourceId

    @property
    def is_duty(self) -> bool:
        """Whether something missing here is a gap."""
        return self.standing == "duty"

    @model_validator(mode="after")
    def _names_its_matrix_where_it_is_the_duty(self) -> Framework:
        if (self.matrix is not None) != self.is_duty:
            raise ValueError("`matrix` names the coverage matrix of the duty, and stands nowhere else")
        return self


class Answering(Model):
    """Something of an assessment that can answer a cell."""

    id: Id
    title: Text
    questions: tuple[QuestionPlace, ...] = ()
    """Answered if one of these is."""
    record: (
        Literal[
            "scenarios", "affected_persons", "impacts_judged", "method", "measures", "measures_recovery", "decision"
        ]
        | None
    ) = None
    claim: Id | None = None
    """A part of the human-involvement claim."""
    supervision: Literal[True] | None = None
    """The record of human supervision."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Answering:
        if sum(map(bool, (self.questions, self.record, self.claim, self.supervision))) != 1:
            raise ValueError("is one of `questions`, `record`, `claim` and `supervision`")
        return self


class Cell(Model):
    """What one framework asks on the matter of a row, and what of an assessment answers it."""

    ref: Text | str
    """The article, clause or stage."""
    item: Annotated[str, Field(pattern=r"^[0-9a-z]+$")] | None = None
    """Of the duty: the item of its matrix, which says what is missing."""
    by: tuple[Id, ...] = ()
    """All of these answer it; none: the assessment does not answer it, and `note` says why."""
    only_partly: bool = False
    """Even where all of these are there, part of what is asked stays open; `note` says which."""
    read: ReadAs | None = None
    """None: as the framework says."""
    note: Text | None = None

    def ref_in(self, language: str) -> str:
        return self.ref if isinstance(self.ref, str) else self.ref[language]


class CrosswalkRow(Model):
    """One matter, with the cell of every framework that has it."""

    id: Id
    title: Text
    cells: Annotated[dict[Id, Cell], Field(min_length=1)]


class AppliesFrom(Model):
    """A day from which something of another law applies."""

    id: Id
    on: date
    text: Text
    source: SourceId


class Reuse(Model):
    """Parts of one assessment that another one may take over."""

    from_: Annotated[Id, Field(alias="from")]
    into: Id
    rows: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Whose part of the one may be taken over into the other."""
    apart: tuple[Id, ...]
    """What the other asks and nothing can be taken over for."""
    text: Text
    note: Text
    """What Korean law says of it."""
    source: SourceId


class NotFound(Model):
    """A text that could not be obtained, and what this tool does about it."""

    id: Id
    text: Text
    looked_for_on: date
    source: SourceId


class Crosswalk(Model):
    edition: date
    read_on: date
    sources: dict[SourceId, Source]
    frameworks: Annotated[tuple[Framework, ...], Field(min_length=2)]
    answering: Annotated[tuple[Answering, ...], Field(min_length=1)]
    rows: Annotated[tuple[CrosswalkRow, ...], Field(min_length=1)]
    reuse: Reuse
    dates: tuple[AppliesFrom, ...] = ()
    not_found: tuple[NotFound, ...] = ()

    @property
    def duty(self) -> Framework:
        return next(framework for framework in self.frameworks if framework.is_duty)

    def framework(self, framework: str) -> Framework:
        """Raises: StopIteration where there is none; the file was checked."""
        return next(known for known in self.frameworks if known.id == framework)

    def answering_by(self, answering: str) -> Answering:
        return next(known for known in self.answering if known.id == answering)

    def read_as(self, framework: str, cell: Cell) -> ReadAs:
        return cell.read or self.framework(framework).read

    @model_validator(mode="after")
    def _holds_together(self) -> Crosswalk:
        if problems := list(self._problems()):
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        for kind, things in (
            ("framework", self.frameworks),
            ("answering", self.answering),
            ("row", self.rows),
            ("date", self.dates),
            ("not_found", self.not_found),
        ):
            yield from (f"{kind} {name} stands twice" for name in _twice(thing.id for thing in things))
        if sum(framework.is_duty for framework in self.frameworks) != 1:
            yield "exactly one framework is a duty"
            return
        yield from self._of_rows()
        known = {framework.id for framework in self.frameworks}
        yield from (f"reuse: no framework {end}" for end in (self.reuse.from_, self.reuse.into) if end not in known)
        yield from self._of_reuse()
        cited = {
            self.reuse.source,
            *(framework.source for framework in self.frameworks),
            *(day.source for day in self.dates),
            *(missing.source for missing in self.not_found),
        }
        yield from (f"the source {name} is not declared" for name in sorted(cited - set(self.sources)))
        yield from (f"the source {name} is used nowhere" for name in sorted(set(self.sources) - cited))
        if any(source.read_on > self.read_on for source in self.sources.values()):
            yield "a source was read after `read_on`"

    def _of_reuse(self) -> Iterator[str]:
        cells = {row.id: row.cells for row in self.rows}
        for row in self.reuse.rows:
            if not {self.reuse.from_, self.reuse.into} <= cells.get(row, {}).keys():
                yield f"reuse: row {row} has no cell of {self.reuse.from_} and {self.reuse.into}"
        for row in self.reuse.apart:
            if self.reuse.into not in cells.get(row, {}) or self.reuse.from_ in cells.get(row, {}):
                yield f"reuse: row {row} has a cell of {self.reuse.from_}, or none of {self.reuse.into}"

    def _of_rows(self) -> Iterator[str]:
        known = {framework.id: framework for framework in self.frameworks}
        parts = {answering.id: answering for answering in self.answering}
        for row in self.rows:
            for name, cell in row.cells.items():
                place, framework = f"row {row.id}, {name}", known.get(name)
                if framework is None:
                    yield f"{place}: no such framework"
                    continue
                yield from (f"{place}: no answering {part}" for part in cell.by if part not in parts)
                if (cell.item is not None) != framework.is_duty:
                    yield f"{place}: `item` stands in every cell of the duty, and in no other"
                if framework.is_duty and cell.by:
                    yield f"{place}: the matrix says what answers the duty; leave `by` out"
                if not framework.is_duty and (cell.only_partly or not cell.by) and cell.note is None:
                    yield f"{place}: it is not answered whole, so `note` says why"
                is_claimed = any(parts[part].claim for part in cell.by if part in parts)
                if is_claimed != (framework.standing == "test"):
                    yield f"{place}: parts of the claim answer the test, and nothing else"
        items = [cell.item for row in self.rows for cell in row.cells.values() if cell.item]
        yield from (f"item {item} of the duty stands twice" for item in _twice(items))
        used = {part for row in self.rows for cell in row.cells.values() for part in cell.by}
        yield from (f"answering {part} is used by no cell" for part in sorted(set(parts) - used))
        empty = sorted(set(known) - {name for row in self.rows for name in row.cells})
        yield from (f"framework {name} has no cell" for name in empty)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


@cache
def crosswalk() -> Crosswalk:
    """Raises: InvalidFileError."""
    return read(FILE.read_bytes())


def read(text: bytes | str) -> Crosswalk:
    """Raises: InvalidFileError."""
    return shaped(parse(text, FILE.name), Crosswalk)
