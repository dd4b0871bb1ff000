"""The public notice of Decree Art. 27(1), without what is marked as a trade secret: publication, missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessments.derived import DutyState
from assessments.model import Measure, Outcome, WithheldKind
from exports.official.document import Block, Document, Fields, Heading, Paragraph, Row, Table
from exports.official.material import Material
from exports.record.redaction import MARKERS
from questionnaires.disclosure import Item, disclosure

RISK = "risk_management"


def publication(material: Material) -> Document:
    """Items 1 to 4 as they are published; what is only planned says so."""
    words = disclosure().publication
    open_material, counted = material.redacted()
    blocks = [*_blocks(open_material, counted)]
    return material.document(
        "publication", material.say(words.title), material.say(words.source), blocks, missing(material)
    )


def missing(material: Material) -> tuple[str, ...]:
    """Names of the items that nothing is known of."""
    open_material, _counted = material.redacted()
    absent = []
    for item in disclosure().publication.items:
        fields = [material.form.field(name) for name in item.fields]
        absent += [material.say(field.label) for field in fields if not open_material.value(field).is_there]
    return tuple(absent)


def _blocks(material: Material, counted: Mapping[WithheldKind, int]) -> Iterator[Block]:
    words = disclosure().publication
    yield Paragraph(text=material.say(words.intro, operator=material.operator, system=material.system))
    if not material.is_complete or material.outcome is Outcome.CANNOT_DETERMINE:
        yield Paragraph(text=material.say(words.undetermined), look="strong")
    elif material.outcome is Outcome.NOT_HIGH_IMPACT:
        yield Paragraph(text=material.say(words.not_owed), look="strong")
    for item in words.items:
        yield Heading(text=f"{item.number}. {material.say(item.title)}")
        yield Fields(rows=tuple(_rows(material, item)))
        yield from _performed(material, item)
        if item.id == RISK and material.assessment.measures:
            yield from _measures(material)
    place = material.value(material.form.field("publication_place")).text
    if place:
        yield Paragraph(text=f"{material.say(words.place)}: {place}")
    for kind, text in ((WithheldKind.TRADE_SECRET, words.left_out), (WithheldKind.PERSONAL, words.personal_left_out)):
        if counted.get(kind):
            yield Paragraph(text=material.say(text, count=counted[kind]), look="quiet")


def _performed(material: Material, item: Item) -> Iterator[Block]:
    """How the duty of the same id stands, where it is not simply documented; items and duties share their ids."""
    words = disclosure().publication
    finding = next((each for each in material.findings.duties if each.duty == item.id), None)
    if finding is None:
        return
    if finding.state is DutyState.INHERITED:
        yield Paragraph(text=material.say(words.item_inherited))
    elif finding.is_unmet and finding.until is not None:
        yield Paragraph(text=material.say(words.item_planned, day=material.day(finding.until)), look="strong")
    elif finding.state is DutyState.PLANNED:
        yield Paragraph(text=material.say(words.item_planned_openly), look="strong")
    elif finding.is_unmet:
        yield Paragraph(text=material.say(words.item_not_shown), look="strong")


def _rows(material: Material, item: Item) -> Iterator[Row]:
    for name in item.fields:
        field = material.form.field(name)
        value = material.value(field)
        is_missing = not value.is_there
        yield Row(name=material.say(field.label), value=value.text or material.word("missing"), is_missing=is_missing)


def _measures(material: Material) -> Iterator[Block]:
    words = disclosure().publication
    yield Heading(text=material.say(words.measures), level=3)
    rows = tuple(
        (_text(material, measure), material.label(f"kind_{measure.kind}"), _state(material, measure))
        for measure in material.assessment.measures
    )
    yield Table(head=tuple(material.say(title) for title in words.measure_head), rows=rows)


def _text(material: Material, measure: Measure) -> str:
    is_left_out = measure.text in MARKERS.values()
    return material.say(disclosure().publication.measure_left_out) if is_left_out else measure.text


def _state(material: Material, measure: Measure) -> str:
    words = disclosure().publication
    if measure.is_in_place:
        return material.say(words.in_place)
    if measure.due is None:
        return material.say(words.planned_openly)
    return material.say(words.planned, day=material.day(measure.due))
