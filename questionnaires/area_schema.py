"""What questionnaires say of the areas of Act Art. 2(4): which are named, which are examined, what contradicts."""

from __future__ import annotations

from typing import Annotated

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
