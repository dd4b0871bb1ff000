"""Texts of the notices and labels of Act Art. 31, ready to be pasted, as far as they apply: notices, missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from assessments.derived import DutyState
from assessments.model import Outcome, Text
from exports.official.document import Block, Document, Heading, Items, Paragraph
from exports.official.material import Material
from questionnaires.disclosure import Label, disclosure

GENERATIVE, DEEPFAKE, NONE = "generative", "deepfake", "none"


def notices(material: Material) -> Document:
    words = disclosure().notices
    blocks = [*_blocks(material)]
    return material.document(
        "notices", material.say(words.title), material.say(words.source), blocks, missing(material)
    )


def missing(material: Material) -> tuple[str, ...]:
    """Names of what has to be known first, and what the texts name."""
    fields = (material.form.field(name) for name in _needed(material))
    return tuple(material.say(field.label) for field in fields if not material.value(field).is_there)


def _needed(material: Material) -> Iterator[str]:
    """Fields that the texts depend on: none for what is not owed."""
    words = disclosure().notices
    unowed = {duty for duty, _title, _reasons in _unowed(material)}
    if not {words.label.duty, words.deepfake.duty} <= unowed:
        yield "generates"
    if not {words.advance_duty, words.label.duty, words.deepfake.duty} <= unowed:
        yield "notice_exemption"
    if words.advance_duty not in unowed and _kind_of_ai(material) is not None and _exemption(material) == NONE:
        yield "notice_ways"
        yield "people_contact"


def _unowed(material: Material) -> Iterator[tuple[str, Text, str]]:
    """Duty, what its text is called, and why the duties of the record say that it is not owed."""
    words = disclosure().notices
    by_duty = {finding.duty: finding for finding in material.findings.duties}
    for duty, title in (
        (words.advance_duty, words.advance),
        (words.label.duty, words.label.title),
        (words.deepfake.duty, words.deepfake.title),
    ):
        finding = by_duty.get(duty)
        if finding is not None and finding.state is DutyState.NOT_APPLICABLE:
            yield duty, title, " ".join(material.say(reason.text) for reason in finding.reasons)


def _chosen(material: Material, name: str) -> tuple[str, ...]:
    return material.chosen(material.form.field(name))


def _exemption(material: Material) -> str:
    return next(iter(_chosen(material, "notice_exemption")), NONE)


def _kind_of_ai(material: Material) -> str | None:
    """Which AI the advance notice speaks of. None: none is owed."""
    may_be = not material.is_complete or material.outcome is not Outcome.NOT_HIGH_IMPACT
    is_generative = bool({GENERATIVE, DEEPFAKE} & set(_chosen(material, "generates")))
    if may_be:
        return "both" if is_generative else "high_impact"
    return "generative" if is_generative else None


def _blocks(material: Material) -> Iterator[Block]:
    words = disclosure().notices
    absent, unowed = missing(material), {duty: (title, reasons) for duty, title, reasons in _unowed(material)}
    kind, exemption = _kind_of_ai(material), _exemption(material)
    texts = tuple(_texts(material, unowed))
    if texts:
        yield Paragraph(text=material.say(words.intro))
        yield Paragraph(text=material.say(words.only_users), look="quiet")
    if unowed:
        yield Heading(text=material.say(words.not_owed_head))
        yield Items(items=tuple(_not_owed(material, title, reasons) for title, reasons in unowed.values()))
    if words.advance_duty not in unowed and exemption != NONE:
        yield Paragraph(text=material.say(words.exempt[exemption]), look="strong")
    elif words.advance_duty not in unowed and kind is None and not absent:
        yield Paragraph(text=material.say(words.nothing_owed), look="strong")
    yield from texts
    if absent:
        yield Heading(text=material.word("missing_head"))
        yield Items(items=absent)


def _texts(material: Material, unowed: Collection[str]) -> Iterator[Block]:
    """What is to be pasted; nothing of what is not owed."""
    words = disclosure().notices
    if _exemption(material) != NONE:
        return
    kind, generated = _kind_of_ai(material), _chosen(material, "generates")
    if kind is not None and words.advance_duty not in unowed:
        yield from _advance(material, kind)
    if {GENERATIVE, DEEPFAKE} & set(generated) and words.label.duty not in unowed:
        yield from _label(material, words.label)
    if DEEPFAKE in generated and words.deepfake.duty not in unowed:
        yield from _label(material, words.deepfake)


def _not_owed(material: Material, title: Text, reasons: str) -> str:
    return material.say(disclosure().notices.not_owed, title=material.say(title), reasons=reasons)


def _advance(material: Material, kind: str) -> Iterator[Block]:
    words = disclosure().notices
    yield Heading(text=material.say(words.advance))
    if not material.is_complete or material.outcome is Outcome.CANNOT_DETERMINE:
        yield Paragraph(text=material.say(words.undetermined), look="strong")
    yield Paragraph(text=material.say(words.before))
    chosen = _chosen(material, "notice_ways")
    contact = material.facts.get("people_contact") or material.word("missing")
    for method in words.methods:
        if method.id in chosen:
            yield Heading(text=material.say(method.title), level=3)
            text = material.say(
                method.text,
                operator=material.operator,
                system=material.system,
                kind=words.kinds_of_ai[kind],
                contact=contact,
            )
            yield Paragraph(text=text, look="quoted")


def _label(material: Material, label: Label) -> Iterator[Block]:
    yield Heading(text=material.say(label.title))
    yield Paragraph(text=material.say(label.text), look="quoted")
    yield Paragraph(text=material.say(label.more), look="quiet")
