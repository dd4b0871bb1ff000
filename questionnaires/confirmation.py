"""The request under Act Art. 33 as data: the form's fields in its order, attachments, periods. form, Form, FormField."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from questionnaires.condition_schema import Condition
from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Text

FILE = Path(__file__).with_name("confirmation.yaml")
FieldKind = Literal["short", "long", "choice", "choices", "day", "number", "phone", "email", "areas", "result"]


class Choice(Model):
    value: Id
    label: Text


class AnsweredWith(Model):
    """A condition on the answers of one questionnaire; it does not hold where that is not asked."""

    in_: Annotated[Id, Field(alias="in")]
    when: Condition


class Taken(Model):
    """Answers that choose an option of a field, all of which have to hold."""

    facts: Annotated[tuple[AnsweredWith, ...], Field(min_length=1)]
    value: Id


class NoteOf(Model):
    """The author's note on an answer, where the answer is one of these."""

    in_: Annotated[Id, Field(alias="in")]
    question: Id
    options: Annotated[tuple[Id, ...], Field(alias="is", min_length=1)]

    @property
    def place(self) -> str:
        return f"notes.{self.in_}.{self.question}"


class FormField(Model):
    """One field of the form, or of what other documents need beside the record."""

    id: Id
    section: Id
    kind: FieldKind
    label: Text
    hint: Text | None = None
    options: tuple[Choice, ...] = ()
    places: Annotated[tuple[str, ...], Field(alias="from")] = ()
    """Where the record holds it. Empty: nowhere, so it is asked."""
    answers: tuple[Taken, ...] = ()
    """Answers that settle it: of a choice the first that hold, of several choices all. Then nobody is asked, and nothing else counts."""
    notes: tuple[NoteOf, ...] = ()
    """Notes that fill it in, like places."""
    required: bool = False
    """The form is not complete without it."""
    only_for: Id | None = None
    """Kind of request that it belongs to. None: to every kind."""
    is_asked: bool = True
    """False: it follows from the record alone."""


class Section(Model):
    id: Id
    number: str
    """As the form numbers it. Empty: no section of the form itself."""
    title: Text


class Area(Model):
    """A box of the form, and the options of the question on areas that tick it."""

    id: Id
    options: Annotated[tuple[Id, ...], Field(min_length=1)]
    title: Text


class Span(Model):
    """How long a step takes by the Decree."""

    days: Annotated[int, Field(strict=True, ge=1)]
    source: Text
    title: Text


class Periods(Model):
    reply: Span
    extension: Span
    objection: Span
    second_reply: Span


class Attachment(Model):
    title: Text
    fields: tuple[Id, ...] = ()
    has_training_data: bool = False


class TrainingData(Model):
    """The question whose rows are the overview of training data, and the columns of it that the form wants."""

    questionnaire: Id
    question: Id
    unknown: Id
    """Question on what is not known of the data."""
    columns: Annotated[tuple[Id, ...], Field(min_length=1)]
    note: Text


class RegistrationNumbers(Model):
    """How the last digit follows from the others."""

    business: Annotated[tuple[int, ...], Field(min_length=1)]
    corporate: Annotated[tuple[int, ...], Field(min_length=1)]
    source: Text


class Form(Model):
    source: Text
    read_on: date
    url: str
    periods: Periods
    registration_numbers: RegistrationNumbers
    kinds: Mapping[str, Text]
    title: Text
    head: Text
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    results: Mapping[str, Text]
    training_data: TrainingData
    attachments: Annotated[tuple[Attachment, ...], Field(min_length=1)]
    attachments_note: Text
    basis: Text
    signature: Text
    signature_note: Text
    addressee: Text
    apart: Text
    """What this request is not."""

    def field(self, name: str) -> FormField:
        """Raises: KeyError."""
        return next(field for field in self.fields if field.id == name)

    def of_section(self, section: str) -> Iterator[FormField]:
        return (field for field in self.fields if field.section == section)

    @property
    def asked(self) -> tuple[FormField, ...]:
        """Fields that the page asks for, the others follow from the record alone."""
        return tuple(field for field in self.fields if field.is_asked)


@cache
def form() -> Form:
    """Raises: InvalidFileError."""
    return shaped(parse(FILE.read_bytes(), FILE.name), Form)
