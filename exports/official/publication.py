"""The public notice of Decree Art. 27(1), without what is marked as a trade secret: publication, missing."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.derived import DutyState
from assessments.model import Outcome, WithheldKind
from exports.official.document import Block, Document, Fields, Heading, Paragraph, Row
from exports.official.material import Material
from questionnaires.disclosure import Item, disclosure


def publication(material: Material) -> Document:
    """Items 1 to 4 as they are published: their main content, and whether each is performed; no measures, no weaknesses."""
    words = disclosure().publication
    blocks = [*_blocks(material.redacted())]
    return material.document(
        "publication", material.say(words.title), material.say(words.source), blocks, missing(material)
    )


def missing(material: Material) -> tuple[str, ...]:
    """Names of the items that nothing is known of."""
    open_material = material.redacted()
    absent = []
    for item in disclosure().publication.items:
        fields = [material.form.field(name) for name in item.fields]
        absent += [material.say(field.label) for field in fields if not open_material.value(field).is_there]
    return tuple(absent)


def _blocks(material: Material) -> Iterator[Block]:
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
    place = material.value(material.form.field("publication_place")).text
    if place:
        yield Paragraph(text=f"{material.say(words.place)}: {place}")
    fields = (material.form.field(name) for item in words.items for name in item.fields)
    if any(WithheldKind.TRADE_SECRET in material.withheld(field) for field in fields):
        yield Paragraph(text=material.say(words.left_out), look="quiet")


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
        value, withheld = material.value(field), material.withheld(field)
        text = material.with_left_out(value.text, withheld) if withheld else value.text or material.word("missing")
        yield Row(name=material.say(field.label), value=text, is_missing=not value.is_there)
