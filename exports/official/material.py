"""What official documents are made of: Material, from an assessment's record and what somebody wrote on its page for documents.

What somebody wrote comes before what the record holds, but for a field that answers settle; what neither holds is missing and is
never made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from assessments.derived import Findings
from assessments.model import Assessment, Outcome, WithheldKind
from assessments.release import version
from assessments.rules import operators
from assessments.rules.agreement import AnsweredQuestionnaire
from exports.official.document import Block, Document, Frozen, Row
from exports.record import record, redaction
from exports.record.record import Record
from exports.record.redaction import MARKERS
from exports.words.labels import day, labels
from questionnaires import conditions, named
from questionnaires.confirmation import AnsweredWith, Form, FormField, form
from questionnaires.schema import Question, Questionnaire, Text
from questionnaires.texts import filled, texts_of

TEXTS = texts_of(__file__)
_NO_BREAK = "\u00a0"
BOX, TICKED = f"[{_NO_BREAK}]", "[√]"


class Origin(StrEnum):
    """Where a value comes from."""

    WRITTEN = "written"
    """On the page for documents."""
    RECORD = "record"
    MISSING = "missing"
    """Needed, and not there."""
    EMPTY = "empty"
    """Not there, and not needed."""


@dataclass(frozen=True)
class Value:
    text: str
    """Empty where it is not there."""
    origin: Origin

    @property
    def is_there(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Material:
    """One revision with its findings, and what was written beside it, in one language."""

    record: Record
    assessment: Assessment
    questionnaires: Mapping[str, Questionnaire]
    findings: Findings
    facts: Mapping[str, str]
    """Id of a field → what somebody wrote there; of several choices one a line."""
    language: str
    number: int
    """Of the assessment in its installation. 0: it comes from a file."""
    at: datetime
    is_final: bool = False
    """It is to be sealed, or to be edited by whoever submits it: of a signed-off record it carries no mark of a draft then."""

    @property
    def form(self) -> Form:
        return form()

    @property
    def kind(self) -> str:
        """Of the request."""
        return self.facts.get("kind") or next(iter(self.form.kinds))

    @property
    def operator(self) -> str:
        return self.facts.get("trade_name") or self.assessment.operator.name

    @property
    def system(self) -> str:
        return self.facts.get("official_name") or self.system_name

    @property
    def system_name(self) -> str:
        names = (self.assessment.system.name_ko, self.assessment.system.name_en)
        return next(filter(None, names if self.language == "ko" else names[::-1]), "")

    @property
    def is_complete(self) -> bool:
        """Whether every required answer is there, so that the outcome is one."""
        return not any(gap.is_required for gap in self.findings.gaps)

    @property
    def outcome(self) -> Outcome:
        return self.findings.determination.with_claim.outcome

    @property
    def may_request(self) -> bool:
        """Of a mere user it is known that the request is not theirs to make."""
        return operators.is_operator(self.findings.role, self.questionnaires)

    def say(self, text: Text, **values: object) -> str:
        return filled(text, **values)[self.language] if values else text[self.language]

    def word(self, key: str, **values: object) -> str:
        return TEXTS.text(key, **values)[self.language]

    def label(self, key: str) -> str:
        return labels()[key][self.language]

    def day(self, on: date) -> str:
        return day(on, self.language)

    # --- fields -------------------------------------------------------------------------------------------------

    def value(self, field: FormField) -> Value:
        """What stands in a field of words."""
        if answered := self.answered(field):
            return Value(self._shown(field, "\n".join(answered)), Origin.RECORD)
        if written := self.facts.get(field.id, ""):
            return Value(self._shown(field, written), Origin.WRITTEN)
        if held := self.held(field):
            return Value(held, Origin.RECORD)
        return Value("", Origin.MISSING if self.is_needed(field) else Origin.EMPTY)

    def answered(self, field: FormField) -> tuple[str, ...]:
        """Options of the field that answers of the record settle. Empty: none does, so that the page asks."""
        values = tuple(taken.value for taken in field.answers if all(self._holds(fact) for fact in taken.facts))
        return values if field.kind == "choices" else values[:1]

    def contradicted(self) -> tuple[FormField, ...]:
        """Fields in which somebody wrote something else than what answers of the record settle; it does not count."""
        return tuple(
            field
            for field in self.form.asked
            if field.id in self.facts
            and (answered := self.answered(field))
            and set(answered) != set(self.facts[field.id].split("\n"))
        )

    def withheld(self, field: FormField) -> frozenset[WithheldKind]:
        """Kinds of what is left out of the field, where nobody wrote in its place."""
        if self.facts.get(field.id):
            return frozenset()
        texts = set(self._held(field))
        return frozenset(kind for kind, marker in MARKERS.items() if marker in texts)

    def held(self, field: FormField) -> str:
        """What the record holds for the field. Empty: nothing."""
        texts = self._held(field)
        return "\n\n".join(dict.fromkeys(text for text in texts if text and text not in MARKERS.values()))

    def is_needed(self, field: FormField) -> bool:
        return field.required and field.only_for in (None, self.kind)

    def row(self, field: FormField, number: str = "") -> Row:
        """number: before the name, as the form numbers it."""
        value, name = self.value(field), self.say(field.label)
        name = f"{number} {name}".strip()
        is_missing = value.origin is Origin.MISSING
        if withheld := self.withheld(field):
            return Row(name=name, value=self.with_left_out(value.text, withheld), is_missing=is_missing)
        if is_missing:
            return Row(name=name, value=self.word("missing"), is_missing=True)
        return Row(name=name, value=value.text or self.word("nothing"))

    def with_left_out(self, text: str, withheld: Collection[WithheldKind]) -> str:
        """The text, and below it what kind of thing is left out there."""
        return "\n\n".join(filter(None, (text, *(self.word(f"left_out_{kind}") for kind in sorted(withheld)))))

    def chosen(self, field: FormField) -> tuple[str, ...]:
        """Values of the boxes that are ticked."""
        if answered := self.answered(field):
            return answered
        if written := self.facts.get(field.id, ""):
            return tuple(written.split("\n"))
        return tuple(option.value for option in field.options if option.value in self._roles) if field.places else ()

    def boxes(self, titles: Mapping[str, Text], ticked: Iterator[str] | tuple[str, ...]) -> str:
        """All boxes of a field, those that apply ticked."""
        ticked_ids = set(ticked)
        return "   ".join(
            f"{TICKED if name in ticked_ids else BOX}{_NO_BREAK}{self.say(title)}" for name, title in titles.items()
        )

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Boxes of the form that the answers on areas tick."""
        answer = self.assessment.answers(named.AREA).get("areas")
        options = set(answer) if isinstance(answer, tuple) else set()
        return tuple(area.id for area in self.form.areas if options & set(area.options))

    # --- made ---------------------------------------------------------------------------------------------------

    def redacted(self) -> Material:
        """The same without what is marked as withheld."""
        if not self.assessment.withheld or self.record.redacts is not None:
            return self
        made = redaction.redact(self.record, self.questionnaires, is_draft=True)
        again = record.recompute(made)
        return replace(self, record=made, assessment=again.assessment, findings=again.findings)

    def document(
        self, kind: str, title: str, subtitle: str, blocks: list[Block], missing: tuple[str, ...], more: str = ""
    ) -> Document:
        """more: put before what the foot says of every document."""
        data = self.record.data
        is_draft = self.record.is_draft or not self.is_final
        marks = [
            self.word(f"mark_{name}")
            for name, holds in (("draft", is_draft), ("example", self.record.is_example))
            if holds
        ]
        made_from = self.word(
            "made_from",
            document=data["document"]["id"],
            revision=data["document"]["revision"],
            sha256=data["content_sha256"],
        )
        foot = " ".join(
            filter(None, (more, made_from, self.word("draft_foot") if is_draft else "", self.word("edited_foot")))
        )
        return Document(
            Frozen.model_validate(
                {
                    "kind": kind,
                    "language": self.language,
                    "assessment": self.number,
                    "document_id": data["document"]["id"],
                    "revision": data["document"]["revision"],
                    "content_sha256": data["content_sha256"],
                    "operator": self.operator,
                    "system": self.system,
                    "is_draft": is_draft,
                    "is_example": self.record.is_example,
                    "marks": marks,
                    "title": title,
                    "subtitle": subtitle,
                    "foot": foot,
                    "missing": missing,
                    "made_at": self.at.replace(microsecond=0),
                    "version": version(),
                    "blocks": [block.model_dump() for block in blocks],
                }
            )
        )

    # --- parts --------------------------------------------------------------------------------------------------

    @property
    def _roles(self) -> tuple[str, ...]:
        return self.findings.role.roles if self.findings.role else ()

    def _shown(self, field: FormField, written: str) -> str:
        if field.kind in ("choice", "choices"):
            titles = {option.value: self.say(option.label) for option in field.options}
            return ", ".join(titles.get(value, value) for value in written.split("\n"))
        if field.kind == "day":
            return self.day(date.fromisoformat(written))
        return written

    def _held(self, field: FormField) -> Iterator[str]:
        """As it stands in the record, with the markers of what is left out."""
        yield from (self._at(place) for place in field.places)
        for note in field.notes:
            if self.assessment.answers(note.in_).get(note.question) in note.options:
                yield self._at(note.place)

    def _holds(self, fact: AnsweredWith) -> bool:
        questionnaire = self.questionnaires.get(fact.in_)
        if questionnaire is None or not set(questionnaire.question_ids) >= set(conditions.questions_named(fact.when)):
            return False
        answered = AnsweredQuestionnaire(questionnaire, self.assessment.answers(fact.in_))
        return conditions.holds(fact.when, answered.visible, answered.answers) is True

    def _at(self, place: str) -> str:
        """What the record holds at a place that the form names."""
        part, _, name = place.partition(".")
        match part:
            case "operator":
                return str(getattr(self.assessment.operator, name))
            case "system":
                return self.system_name if name == "name" else str(getattr(self.assessment.system, name))
            case "answers":
                questionnaire, _, question = name.partition(".")
                answer = self.assessment.answers(questionnaire).get(question)
                return answer if isinstance(answer, str) else ""
            case "notes":
                questionnaire, _, question = name.partition(".")
                response = self.assessment.responses.get(questionnaire, {}).get(question)
                return response.note if response else ""
            case "determination" if name == "reasons":
                return self._grounds()
            case _:
                return ""

    def _grounds(self) -> str:
        """Reasons of the determination, what contests it, and how it comes out without the claim."""
        if not self.is_complete:
            return ""
        pair = self.findings.determination
        lines = [f"• {self.say(reason.text)}" for reason in pair.with_claim.reasons]
        certain = [self.say(ground.text) for ground in pair.with_claim.grounds if ground.is_certain]
        if certain:
            lines.append(f"• {self.word('contested')}. {self.word('contested_by', grounds=' / '.join(certain))}")
        if pair.without_claim.outcome is not pair.with_claim.outcome:
            lines.append(
                "• " + self.word("without_claim", outcome=self.say(self.form.results[pair.without_claim.outcome]))
            )
        return "\n".join(lines)

    def question(self, questionnaire: str, question: str) -> Question | None:
        """None: the assessment has no such questionnaire or question."""
        where = self.questionnaires.get(questionnaire)
        try:
            return where.question(question) if where else None
        except KeyError:
            return None
