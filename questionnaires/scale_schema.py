"""What a questionnaire may say of a second scale beside the tool's own score: Scale and its parts. Somebody else's, transcribed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from questionnaires.vocabulary import Id, Model, Outcome, Points, SourceId, Text


class ScaleText(Model):
    """A sentence with its source."""

    text: Text
    source: SourceId


class ScaleItem(Model):
    """One item: its points are the answer to `inherent`, what takes some of them away is the answer to `mitigation`.

    How many points there are at most is the `maximum` of these two questions.
    """

    id: Id
    title: Text
    inherent: Id
    mitigation: Id
    disputed: Text | None = None
    """What another reader of the same table says of this item. None: the readers agree."""


class ScalePrinciple(Model):
    """Items that are summed first; `points` is the sum of their maxima."""

    id: Id
    title: Text
    points: Annotated[int, Field(strict=True, ge=1)]
    items: Annotated[tuple[ScaleItem, ...], Field(min_length=1)]


class ScaleBand(Model):
    """Totals from `at_least` up to, but not including, the next band, and the controls that the band asks for."""

    id: Id
    title: Text
    at_least: Points
    controls: Annotated[tuple[ScaleText, ...], Field(min_length=1)]


class ScaleFloor(Model):
    """With this outcome of the determination the band is never lower, whatever the points."""

    outcome: Outcome
    band: Id
    because: Text
    source: SourceId


class Scale(Model):
    """Residual = inherent - mitigation, item by item; the total is the sum. It never feeds determination or score."""

    standing: Text
    """Whose it is, how it was come by, and what is doubtful."""
    method: Text
    source: SourceId
    total: Annotated[int, Field(strict=True, ge=1)]
    principles: Annotated[tuple[ScalePrinciple, ...], Field(min_length=1)]
    bands: Annotated[tuple[ScaleBand, ...], Field(min_length=1)]
    at_least: tuple[ScaleFloor, ...] = ()
    readings: tuple[ScaleText, ...] = ()
    """Other ways in which the same table is read or reckoned."""
    open: Text
    """What to do for an item of which points or mitigation are not stated."""
    unfounded: Text
    """What to do where points stand without words."""

    def items(self) -> tuple[ScaleItem, ...]:
        return tuple(item for principle in self.principles for item in principle.items)

    def band(self, band_id: str) -> ScaleBand:
        """Raises: StopIteration."""
        return next(band for band in self.bands if band.id == band_id)
