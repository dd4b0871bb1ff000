"""Somebody else's scale as report and screen show it, ready for the template: View, view. Figures are exact texts of points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.derived import Range, ScaleFloorHit, ScaleLine, ScaleSum, SecondScale
from exports.words import labels
from questionnaires import decimals
from questionnaires.schema import Questionnaire, Scale, ScaleBand, ScaleItem, Text


@dataclass(frozen=True)
class Row:
    """One item. residual: one figure or a range. inherent, mitigation: `–` for what is not stated."""

    item: ScaleItem
    maximum: str
    inherent: str
    mitigation: str
    residual: str


@dataclass(frozen=True)
class Principle:
    title: Text
    maximum: str
    inherent: str
    mitigation: str
    residual: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class BandRow:
    """One band with its bounds, and whether the total can lie in it."""

    band: ScaleBand
    bounds: Text
    is_possible: bool


@dataclass(frozen=True)
class View:
    """What is shown of one rating."""

    questionnaire: Questionnaire
    scale: Scale
    principles: tuple[Principle, ...]
    total: str
    inherent: str
    mitigation: str
    """Of all items, as long as each is stated."""
    maximum: str
    band: Text
    """The band, or the lowest and the highest possible."""
    by_points: Text
    """The same by the points alone."""
    bands: tuple[BandRow, ...]
    floor: ScaleFloorHit | None
    open_items: int

    @property
    def is_raised(self) -> bool:
        """Whether the outcome of the determination changes the band that follows from the points."""
        return self.band != self.by_points

    @property
    def open_words(self) -> Text:
        return labels.labels().text("second_scale_open", count=self.open_items)

    @property
    def floor_label(self) -> str:
        """Label of how the floor stands: it applies, or may once the determination can be made."""
        return "second_scale_floor" if self.floor and self.floor.is_certain else "second_scale_floor_possible"

    @property
    def disputed(self) -> Iterator[ScaleItem]:
        return (item for item in self.scale.items() if item.disputed)


def view(questionnaire: Questionnaire, rated: SecondScale) -> View:
    """Raises: ValueError where the questionnaire declares no scale."""
    scale = questionnaire.scale
    if scale is None:
        raise ValueError(f"{questionnaire.id} {questionnaire.version} declares no scale.")
    order = [band.id for band in scale.bands]
    first, last = (order.index(band) for band in rated.bands)
    return View(
        questionnaire=questionnaire,
        scale=scale,
        principles=tuple(_principle(scale, principle) for principle in rated.sums),
        total=figure(rated.total),
        inherent=_settled([line.inherent for principle in rated.sums for line in principle.lines]),
        mitigation=_settled([line.mitigation for principle in rated.sums for line in principle.lines]),
        maximum=decimals.written(rated.maximum),
        band=_span(scale, rated.bands),
        by_points=_span(scale, rated.by_points),
        bands=tuple(
            BandRow(band, _bounds(scale, place), first <= place <= last) for place, band in enumerate(scale.bands)
        ),
        floor=rated.floor,
        open_items=rated.open_items,
    )


def figure(tenths: Range) -> str:
    """`54`, or `48.5–60` while something is not stated."""
    low, high = (decimals.written(end) for end in tenths)
    return low if low == high else f"{low}–{high}"


def _principle(scale: Scale, principle: ScaleSum) -> Principle:
    declared = next(declared for declared in scale.principles if declared.id == principle.principle)
    rows = tuple(_row(item, line) for item, line in zip(declared.items, principle.lines, strict=True))
    return Principle(
        declared.title,
        decimals.written(principle.maximum),
        _settled([line.inherent for line in principle.lines]),
        _settled([line.mitigation for line in principle.lines]),
        figure(principle.residual),
        rows,
    )


def _row(item: ScaleItem, line: ScaleLine) -> Row:
    inherent, mitigation = _settled([line.inherent]), _settled([line.mitigation])
    return Row(item, decimals.written(line.maximum), inherent, mitigation, figure(line.residual))


def _settled(stated: Sequence[Range]) -> str:
    """The sum; `–` while any of it is not stated."""
    is_open = any(figures.low != figures.high for figures in stated)
    return "–" if is_open else decimals.written(sum(figures.low for figures in stated))


def _span(scale: Scale, bands: tuple[str, str]) -> Text:
    low, high = (scale.band(band).title for band in bands)
    return low if low == high else labels.labels().text("second_scale_from_to", low=low, high=high)


def _bounds(scale: Scale, place: int) -> Text:
    """`25 to less than 50`."""
    low = scale.bands[place].at_least
    if place + 1 == len(scale.bands):
        return labels.labels().text("second_scale_from", low=low)
    return labels.labels().text("second_scale_between", low=low, high=scale.bands[place + 1].at_least)
