"""What people concerned by a decision can ask, of whom and until when, in plain words: rights_sheet, missing.

Binding law is told apart from guidelines, and where there is no right the sheet says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from assessments.model import Finding
from exports.official.document import Block, Document, Heading, Items, Paragraph, Table
from exports.official.material import Material
from questionnaires.disclosure import disclosure
from questionnaires.recourse import Period, RequestKind, recourse

LEFT_OUT = "other"
"""A kind of the register that is no right."""


def rights_sheet(material: Material) -> Document:
    words = disclosure().rights
    blocks = [*_blocks(material)]
    return material.document("rights", material.say(words.title), material.say(words.source), blocks, missing(material))


def missing(material: Material) -> tuple[str, ...]:
    field = material.form.field("people_contact")
    return () if material.facts.get(field.id) else (material.say(field.label),)


def automation(material: Material) -> str:
    """people, automatic or open: whether people decide, as the record shows."""
    domain = disclosure().rights.domains.get(material.assessment.domain)
    answers = material.assessment.answers(material.assessment.domain)
    for sign in domain.automatic_if if domain else ():
        answer = answers.get(sign.question)
        chosen = set(answer) if isinstance(answer, tuple) else {answer}
        if chosen & set(sign.options):
            return "automatic"
    claim = material.findings.claim.whole
    if claim is Finding.SUPPORTED:
        return "people"
    return "automatic" if claim is Finding.CONTRADICTED else "open"


def _blocks(material: Material) -> Iterator[Block]:
    words = disclosure().rights
    domain = words.domains.get(material.assessment.domain, words.anybody)
    role = material.say(domain.role)
    yield Paragraph(text=material.say(words.intro, operator=material.operator, system=material.system, role=role))
    yield Heading(text=material.say(words.whom))
    yield Paragraph(text=material.say(words.whom_text, operator=material.operator))
    contact = material.facts.get("people_contact") or material.word("missing")
    yield Paragraph(text=f"{material.say(words.contact)}: {contact}", look="strong")
    yield Heading(text=material.say(words.automated))
    yield Paragraph(text=material.say(words.automated_states[automation(material)]))
    yield Heading(text=material.say(words.rights_head))
    kinds = [kind for kind in recourse().kinds if kind.id != LEFT_OUT and kind.is_of((material.assessment.domain,))]
    head = tuple(material.say(title) for title in words.row_head)
    for group in ("binding", "others"):
        of_group = [kind for kind in kinds if (kind.force == "binding") is (group == "binding")]
        if of_group:
            yield Heading(text=material.say(words.groups[group]), level=3)
            yield Table(head=head, rows=tuple(_row(material, kind) for kind in of_group))
    yield Paragraph(text=material.say(words.counting), look="quiet")
    yield Heading(text=material.say(words.no_right_head))
    nothing = (*words.no_rights, *domain.no_rights)
    yield Items(items=tuple(material.say(text, role=role) for text in nothing))
    yield Heading(text=material.say(words.further_head))
    yield Items(items=tuple(material.say(text) for text in (*domain.further, *words.further)))


def _row(material: Material, kind: RequestKind) -> tuple[str, ...]:
    words, sources = disclosure().rights, recourse().sources
    plain = words.kinds[kind.id]
    what = material.say(plain.ask)
    if kind.automated == "fully":
        what = f"{what} ({material.say(words.fully)})"
    until = material.say(plain.until) if plain.until else _period(material, kind, kind.period) if kind.period else ""
    source = sources[kind.source]
    force = material.say(words.forces[kind.force])
    basis = force if source.kind == "method" else f"{material.say(source.title)} · {force}"
    return what, until, basis


def _period(material: Material, kind: RequestKind, period: Period) -> str:
    words = disclosure().rights
    if kind.force == "guideline":
        return material.say(words.period_example, days=period.days)
    if not period.extensions:
        return material.say(words.period_plain, days=period.days)
    return material.say(
        words.period, days=period.days, extensions=period.extensions, extension_days=period.extension_days
    )
