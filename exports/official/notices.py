"""Texts of the notices and labels of Act Art. 31, ready to be pasted, as far as they apply: notices, missing."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.model import Outcome
from exports.official.document import Block, Document, Heading, Items, Paragraph
from exports.official.material import Material
from questionnaires.disclosure import Label, disclosure

_NEEDED = ("generates", "notice_exemption")
GENERATIVE, DEEPFAKE, NONE = "generative", "deepfake", "none"


def notices(material: Material) -> Document:
    words = disclosure().notices
    blocks = [*_blocks(material)]
    return material.document(
        "notices", material.say(words.title), material.say(words.source), blocks, missing(material)
    )


def missing(material: Material) -> tuple[str, ...]:
    """Names of what has to be known first, and what the texts name."""
    needed = [*_NEEDED]
    if _kind_of_ai(material) is not None and material.facts.get("notice_exemption", NONE) == NONE:
        needed += ["notice_ways", "people_contact"]
    return tuple(material.say(material.form.field(name).label) for name in needed if not material.facts.get(name))


def _kind_of_ai(material: Material) -> str | None:
    """Which AI the advance notice speaks of. None: none is owed."""
    may_be = not material.is_complete or material.outcome is not Outcome.NOT_HIGH_IMPACT
    is_generative = material.facts.get("generates") in (GENERATIVE, DEEPFAKE)
    if may_be:
        return "both" if is_generative else "high_impact"
    return "generative" if is_generative else None


def _blocks(material: Material) -> Iterator[Block]:
    words = disclosure().notices
    yield Paragraph(text=material.say(words.intro))
    yield Paragraph(text=material.say(words.only_users), look="quiet")
    absent = missing(material)
    kind, exemption = _kind_of_ai(material), material.facts.get("notice_exemption", NONE)
    if exemption != NONE:
        yield Paragraph(text=material.say(words.exempt[exemption]), look="strong")
    if kind is None and not absent:
        yield Paragraph(text=material.say(words.nothing_owed), look="strong")
    if kind is not None:
        yield from _advance(material, kind)
    generated = material.facts.get("generates")
    if generated in (GENERATIVE, DEEPFAKE):
        yield from _label(material, words.label)
    if generated == DEEPFAKE:
        yield from _label(material, words.deepfake)
    if absent:
        yield Heading(text=material.word("missing_head"))
        yield Items(items=absent)


def _advance(material: Material, kind: str) -> Iterator[Block]:
    words = disclosure().notices
    yield Heading(text=material.say(words.advance))
    if not material.is_complete or material.outcome is Outcome.CANNOT_DETERMINE:
        yield Paragraph(text=material.say(words.undetermined), look="strong")
    yield Paragraph(text=material.say(words.before))
    chosen = material.facts.get("notice_ways", "").split("\n")
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
