"""How the human-involvement claim is found: ClaimRules and its parts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from questionnaires.condition_schema import Condition
from questionnaires.vocabulary import Id, Model, SourceId, Text


class Need(Model):
    """One thing that a part of the claim must show before it can be supported."""

    when: Condition
    missing: Text
    """What is missing while `when` does not hold, as an instruction."""
    source: SourceId


class Contradiction(Model):
    """A fact that contradicts a part of the claim."""

    when: Condition
    because: Text
    source: SourceId


class Part(Model):
    """One of the twelve parts of the human-involvement claim; its questions are the section of the same id."""

    id: Id
    title: Text
    source: SourceId
    not_applicable_if: Condition | None = None
    contradicted_if: tuple[Contradiction, ...] = ()
    needs: tuple[Need, ...] = ()
    """All must hold, and evidence must be attached, before the part is supported."""


class ClaimRules(Model):
    """How the human-involvement claim is found: whether it is made at all, and part by part."""

    made_if: Condition
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
