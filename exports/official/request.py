"""The request of Act Art. 33 as the annexed form has it, with its list of attachments and what they hold: request, missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessments.model import Row as AnswerRow
from exports.official.document import Block, Document, Fields, Heading, Items, Paragraph, Row, Table
from exports.official.material import BOX, TICKED, Material, Origin
from questionnaires.confirmation import Attachment, FormField
from questionnaires.schema import Question, Text


def request(material: Material) -> Document:
    """The form, then its attachments. Every field stands where the form has it, filled in or marked as missing."""
    form = material.form
    kinds = {name: material.say(title) for name, title in form.kinds.items()}
    boxes = " ".join(f"{title}{TICKED if name == material.kind else BOX}" for name, title in kinds.items())
    title = material.say(form.title).format(boxes=boxes)
    blocks = [*_blocks(material)]
    more = material.word("courtesy") if material.language != "ko" else ""
    return material.document("request", title, material.say(form.head), blocks, missing(material), more)


def missing(material: Material) -> tuple[str, ...]:
    """Names of the form's fields that neither the page nor the record fills in."""
    absent = [material.say(field.label) for field in _of_form(material) if _is_missing(material, field)]
    return tuple(absent)


def _of_form(material: Material) -> Iterator[FormField]:
    """Fields of the form itself, in its order, with those of its attachments."""
    for section in ("request", "applicant", "system", "review", "attachments"):
        yield from material.form.of_section(section)


def _is_missing(material: Material, field: FormField) -> bool:
    match field.kind:
        case "areas":
            return not material.areas
        case "result":
            return not material.is_complete
        case "choices":
            return material.is_needed(field) and not material.chosen(field)
    return material.value(field).origin is Origin.MISSING


def _blocks(material: Material) -> Iterator[Block]:
    form = material.form
    if not material.may_request:
        yield Paragraph(text=material.word("not_operator"), look="strong")
    for section in form.sections:
        if section.number:
            yield Heading(text=f"{section.number}. {material.say(section.title)}")
            yield Fields(rows=tuple(_rows(material, section.id)))
    yield Paragraph(text=material.say(form.basis).format(kind=material.say(form.kinds[material.kind])))
    yield Paragraph(text=_requested_on(material), look="right")
    representative = material.value(form.field("representatives")).text
    name = " ".join(filter(None, (material.operator, representative)))
    yield Paragraph(text=material.say(form.signature).format(name=name), look="right")
    yield Paragraph(text=material.say(form.signature_note), look="quiet")
    yield Paragraph(text=material.say(form.addressee), look="strong")
    attachments = next(section for section in form.sections if section.id == "attachments")
    yield Heading(text=material.say(attachments.title))
    titles = enumerate((material.say(attachment.title) for attachment in form.attachments), 1)
    names = tuple(material.word("attachment", number=number, title=title) for number, title in titles)
    yield Items(items=names, is_numbered=True)
    yield Paragraph(text=material.say(form.attachments_note), look="quiet")
    yield Paragraph(text=material.say(form.apart), look="quiet")
    for number, attachment in enumerate(form.attachments, 1):
        title = material.say(attachment.title)
        yield Heading(text=material.word("attachment", number=number, title=title))
        yield from _attachment(material, attachment)
    if absent := missing(material):
        yield Heading(text=material.word("missing_head"))
        yield Items(items=absent)


def _requested_on(material: Material) -> str:
    return material.value(material.form.field("requested_on")).text or material.word("missing")


def _rows(material: Material, section: str) -> Iterator[Row]:
    for field in material.form.of_section(section):
        if field.only_for not in (None, material.kind):
            continue
        match field.kind:
            case "areas":
                titles = {area.id: area.title for area in material.form.areas}
                yield _boxes(material, field, titles, material.areas)
            case "result":
                outcome = (material.outcome.value,) if material.is_complete else ()
                yield _boxes(material, field, material.form.results, outcome)
            case "choices":
                titles = {option.value: option.label for option in field.options}
                yield _boxes(material, field, titles, material.chosen(field))
            case _:
                yield material.row(field)


def _boxes(material: Material, field: FormField, titles: Mapping[str, Text], ticked: tuple[str, ...]) -> Row:
    value, is_missing = material.boxes(titles, ticked), _is_missing(material, field)
    if is_missing:
        value = f"{value}   {material.word('missing')}"
    return Row(name=material.say(field.label), value=value, is_missing=is_missing)


def _attachment(material: Material, attachment: Attachment) -> Iterator[Block]:
    if attachment.fields:
        fields = (material.form.field(name) for name in attachment.fields)
        yield Fields(rows=tuple(material.row(field) for field in fields))
    if attachment.has_training_data:
        yield from training_data(material)


def training_data(material: Material) -> Iterator[Block]:
    """Type, source, size and use of personal information and trade secrets of each set, as the register of the assessment has it."""
    wanted = material.form.training_data
    question = material.question(wanted.questionnaire, wanted.question)
    answers = material.assessment.answers(wanted.questionnaire)
    rows = answers.get(wanted.question)
    if question is None or not isinstance(rows, tuple) or not rows:
        yield Paragraph(text=material.word("training_none"))
    else:
        columns = [column for column in question.questions if column.id in wanted.columns]
        head = tuple(material.say(column.text) for column in columns)
        cells = [tuple(_cell(material, column, row) for column in columns) for row in rows if not isinstance(row, str)]
        yield Table(head=head, rows=tuple(cells))
        yield Paragraph(text=material.say(wanted.note), look="quiet")
    unknown = answers.get(wanted.unknown)
    if isinstance(unknown, str) and unknown:
        yield Paragraph(text=unknown)


def _cell(material: Material, column: Question, row: AnswerRow) -> str:
    value = row.get(column.id)
    if value is None or value == "":
        return material.word("unanswered")
    label = next((option.label for option in column.options if option.value == value), None)
    return material.say(label) if label else str(value)
