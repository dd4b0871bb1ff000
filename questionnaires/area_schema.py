"""What questionnaires say of the areas of Act Art. 2(4): which are named, which are examined, what contradicts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from questionnaires.condition_schema import Condition
from questionnaires.vocabulary import Id, Model, SourceId, Text


class Disagreement(Model):
    """An answer on the area and one of the domain's questionnaire that cannot both hold."""

    area: Condition
    """On questions of the questionnaire that names the areas."""
    here: Condition
    because: Text
    """Names both answers."""
    source: SourceId


class Examined(Model):
    """Of a domain's questionnaire: which areas it examines, and what would contradict the answers on the area."""

    examines: Annotated[tuple[str, ...], Field(min_length=1)]
    """Options of the question that names the areas."""
    contradicted_if: tuple[Disagreement, ...] = ()


class AreaSaid(Model):
    """A reason with the places {areas} and {questionnaire}."""

    because: Text
    source: SourceId


class NamedAreas(Model):
    """Of the questionnaire that names the areas: by which question, and what is said of those not examined."""

    question: Id
    apart: AreaSaid
    """None of the areas named is one that the domain's questionnaire examines."""
    elsewhere: AreaSaid
    """Some of them are, these are not."""


class Papers(Model):
    """Of the questionnaire that names the areas: which official papers there are, told apart by kind."""

    question: Id
    answers_request: Annotated[tuple[str, ...], Field(min_length=1)]
    """Options that answer a request under Art. 33; no other paper does."""


class Operators(Model):
    """Of the questionnaire on roles: which of them owe the duties of operators and may make the request of Art. 33."""

    roles: Annotated[tuple[Id, ...], Field(min_length=1)]
    keep_years: Annotated[int, Field(strict=True, ge=1)]
    """For how long the grounds of measures are kept as documents."""
    source: SourceId


class SupervisionLine(Model):
    """One line of the supervision record; answered by the operator's own data, a question of this file or the domain's."""

    id: Id
    title: Text
    to_do: Text
    source: SourceId
    must_for: tuple[Id, ...] = ()
    """Roles for which its absence is a gap. Empty: an endeavour or a choice for all."""
    record: Literal["supervisor"] | None = None
    question: Id | None = None
    """None: the domain's questionnaire says which (`supervised_by`)."""
    documented_if: tuple[str, ...] = ()
    """Of a choice without states: answers that document it."""
