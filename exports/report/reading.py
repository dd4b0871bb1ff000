"""A record prepared for the sections of the report: Reading. Results, labels, sources and questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from assessments.derived import (
    Determination,
    Findings,
    PartFinding,
    Reason,
    WayOut,
)
from assessments.model import Assessment, Condition, Decision, Evidence, Json, SignOff
from assessments.rules import enforcement as enforcement_rule
from assessments.rules import findings as rules
from assessments.rules import second_scale, way_out
from assessments.rules.enforcement import Consequence
from exports.record import record
from exports.record.record import Recomputation, Record
from exports.report import (
    answers,
)
from exports.report.answers import AnsweredQuestionnaire, AskedQuestion
from exports.report.cited import CitedSource, SourceGroup, grouped
from exports.words import labels
from questionnaires import named, wording
from questionnaires.crosswalk import crosswalk
from questionnaires.enforcement import enforcement
from questionnaires.question_types import of_type
from questionnaires.schema import Part, Questionnaire, Source, Text

_SECTIONS = (
    "impact",
    "determination",
    "claim",
    "duties",
    "risk",
    "second_scale",
    "measures",
    "gaps",
    "decision",
    "answers",
    "evidence",
    "coverage",
    "sources",
    "verification",
)
_ALIKE = 3


@dataclass(frozen=True)
class ClaimPart:
    part: Part
    finding: PartFinding
    evidence: tuple[Evidence, ...]
    statement: AskedQuestion | None
    """What is claimed of it, as written. None: nothing is."""
    figures: tuple[AskedQuestion, ...]
    """Answered questions about it whose answer is a number or a day."""
    to_do: tuple[Reason, ...]
    """What it would take for it to be supported."""


class Reading:
    """A view of one record; `languages` are those of the labels, the first one leads."""

    def __init__(self, made_from: Record, recomputation: Recomputation, languages: tuple[str, ...]) -> None:
        self.record = made_from
        self.only: frozenset[Source] | None = None
        """The sources that are listed. None: all of them."""
        self.referred_to: set[Source] = set()
        """The sources that were looked up by their number so far."""
        self.languages = languages
        self.first, self.others = languages[0], languages[1:]
        self.data: Json = made_from.data
        self.assessment: Assessment = recomputation.assessment
        self.findings: Findings = recomputation.findings
        self.pinned: Mapping[str, Questionnaire] = recomputation.questionnaires
        """All that are attached; `questionnaires` leaves out a second scale that nobody began."""
        self.questionnaires: Mapping[str, Questionnaire] = {
            name: questionnaire
            for name, questionnaire in self.pinned.items()
            if not second_scale.is_left_out(questionnaire, recomputation.assessment)
        }
        self.domain: Questionnaire = recomputation.questionnaires[recomputation.assessment.domain]
        self.claim: Questionnaire | None = recomputation.questionnaires.get(rules.CLAIM)
        self.role: Questionnaire | None = recomputation.questionnaires.get(rules.ROLE)
        self.sections = tuple((name, f"s_{name}") for name in _SECTIONS if self._has(name))
        """Id and label of each section, in order; what was not asked is left out."""

    def _has(self, section: str) -> bool:
        findings = self.findings
        needed: dict[str, object] = {
            "coverage": findings.coverage,
            "duties": findings.duties or self.followed,
            "second_scale": findings.second_scale,
        }
        return bool(needed.get(section, True))

    @cached_property
    def followed(self) -> tuple[Consequence, ...]:
        """What the law provides for each breach one of whose duties is not shown to be performed."""
        unmet = {finding.duty for finding in self.findings.duties if finding.is_unmet}
        return enforcement_rule.consequences(enforcement(), unmet)

    def number_of(self, section: str) -> int:
        """The number of a section; the report must contain it."""
        return 1 + next(at for at, (name, _) in enumerate(self.sections) if name == section)

    def t(self, key: str) -> Text:
        return labels.labels()[key]

    def day(self, value: date | str) -> Text:
        value = date.fromisoformat(value) if isinstance(value, str) else value
        return Text(ko=labels.day(value, "ko"), en=labels.day(value, "en"))

    def terms(self, condition: Condition, language: str) -> str:
        """Who sees to a condition, and by when; empty where neither was agreed."""
        owner = f"{self.t('owner')[language]}: {condition.owner}" if condition.owner else ""
        due = f"{self.t('due')[language]}: {self.day(condition.due)[language]}" if condition.due else ""
        return ", ".join(filter(None, (owner, due)))

    def since(self, value: date) -> str:
        """`from 9 Mar 2026`, in the leading language."""
        return self.t("log_since")[self.first].format(day=self.day(value)[self.first])

    def moment(self, value: datetime | str) -> Text:
        value = record.time(value) if isinstance(value, str) else value
        return Text(ko=labels.moment(value, "ko"), en=labels.moment(value, "en"))

    def when(self, of: Decision | SignOff | Record) -> Text:
        """The time of an act or of the document if known, otherwise the stated day."""
        return Text(ko=labels.when(of.at, of.on, "ko"), en=labels.when(of.at, of.on, "en"))

    @cached_property
    def source_groups(self) -> tuple[SourceGroup, ...]:
        """The places that the pages refer to, each once, numbered; before the pages are known, all that there are."""
        of_questionnaires = (
            source for questionnaire in self.questionnaires.values() for source in questionnaire.sources.values()
        )
        sources = (*of_questionnaires, *self.other_sources())
        return grouped(source for source in sources if self.only is None or source in self.only)

    def other_sources(self) -> Iterator[Source]:
        """Of the cross-walk, where it is printed."""
        if self.findings.coverage:
            yield from crosswalk().sources.values()

    def cited(self, source: Source) -> CitedSource:
        """A source of these with its number; from now on the pages refer to it."""
        self.referred_to.add(source)
        return self._cited[source]

    @cached_property
    def _cited(self) -> dict[Source, CitedSource]:
        return {source: cited for group in self.source_groups for cited in group.sources for source in cited.stated}

    def cite(self, source_id: str, questionnaire: Questionnaire) -> CitedSource:
        others = (questionnaire for questionnaire in self.questionnaires.values() if source_id in questionnaire.sources)
        citing = questionnaire if source_id in questionnaire.sources else next(others)
        return self.cited(citing.sources[source_id])

    @property
    def with_claim(self) -> Determination:
        return self.findings.determination.with_claim

    @property
    def without_claim(self) -> Determination:
        return self.findings.determination.without_claim

    @cached_property
    def way_out(self) -> WayOut | None:
        """What would turn the claim into supported. None: it is, or there is no claim."""
        return way_out.way_out_of(self.findings, self.questionnaires, self.assessment)

    @cached_property
    def claim_parts(self) -> tuple[ClaimPart, ...]:
        if self.claim is None or self.claim.claim is None:
            return ()
        parts = {part.id: part for part in self.claim.claim.parts}
        steps = {step.part: step.to_do for step in (self.way_out.steps if self.way_out else ())}
        return tuple(
            ClaimPart(
                parts[part.part],
                part,
                tuple(e for e in self.assessment.evidence if e.part == part.part),
                self._statement_of(part.part),
                self._figures_of(part.part),
                steps.get(part.part, part.missing),
            )
            for part in self.findings.claim.parts
        )

    @cached_property
    def claim_lacks(self) -> Mapping[Reason, tuple[Part, ...]]:
        """What at least three parts of the claim lack alike → these parts."""
        parts: dict[Reason, list[Part]] = {}
        for claim_part in self.claim_parts:
            for reason in claim_part.to_do:
                parts.setdefault(reason, []).append(claim_part.part)
        return {reason: tuple(lacking) for reason, lacking in parts.items() if len(lacking) >= _ALIKE}

    @property
    def claim_statement(self) -> AskedQuestion | None:
        """The claim as a whole, in the claimant's words. None: this edition does not ask for it."""
        is_asked = self.claim is not None and named.CLAIM_STATEMENT in self.claim.question_ids
        return self.asked_question(rules.CLAIM, named.CLAIM_STATEMENT) if is_asked else None

    @property
    def stated_share(self) -> str:
        """Of the decisions that the claim states, how many differ from the AI: `8% (61/758)`. Empty: not stated."""
        answers = self.assessment.answers(rules.CLAIM)
        decided, differing = answers.get(named.DECISIONS), answers.get(named.DEPARTURES)
        if not isinstance(decided, int) or not isinstance(differing, int) or not decided:
            return ""
        return f"{wording.share(differing / decided)} ({differing:,}/{decided:,})"

    def is_told_in_claim(self, question: AskedQuestion) -> bool:
        """Whether its answer stands with the claim already, as the statement of the claim or of a part."""
        return any(each.statement is question for each in self.claim_parts) or question is self.claim_statement

    def _statement_of(self, part: str) -> AskedQuestion | None:
        """The first question about a part that was answered in words of one's own."""
        texts = (each for each in self._asked_of(part) if of_type(each.question).is_prose and not each.rows)
        return next((each for each in texts if each.is_answered), None)

    def _figures_of(self, part: str) -> tuple[AskedQuestion, ...]:
        return tuple(each for each in self._asked_of(part) if of_type(each.question).is_figure and each.is_answered)

    def _asked_of(self, part: str) -> tuple[AskedQuestion, ...]:
        """The questions about one part of the claim: the section of its name."""
        claim = next(each for each in self.answered_questionnaires if each.questionnaire.id == rules.CLAIM)
        return next((each.asked_questions for each in claim.sections if each.section.id == part), ())

    @cached_property
    def answered_questionnaires(self) -> tuple[AnsweredQuestionnaire, ...]:
        return answers.answered_questionnaires(self.questionnaires, self.assessment)

    @property
    def annexed_questionnaires(self) -> tuple[AnsweredQuestionnaire, ...]:
        """Those whose answers stand in the annex; the others' stand in the body."""
        elsewhere = {answered.questionnaire.id for answered, _ in self.answered_elsewhere}
        return tuple(each for each in self.answered_questionnaires if each.questionnaire.id not in elsewhere)

    @cached_property
    def answered_elsewhere(self) -> tuple[tuple[AnsweredQuestionnaire, tuple[int, ...]], ...]:
        """Questionnaires all of whose answers stand in the body, with the numbers of the sections that show them."""
        rated = self.findings.second_scale
        shown_in: dict[str, tuple[str, ...]] = {rules.IMPACT: ("impact", "measures")}
        if rated is not None:
            shown_in[rated.questionnaire] = ("second_scale",)
        return tuple(
            (each, tuple(self.number_of(section) for section in shown_in[each.questionnaire.id]))
            for each in self.answered_questionnaires
            if each.questionnaire.id in shown_in
        )

    def asked_question(self, questionnaire_id: str, question_id: str) -> AskedQuestion:
        return self._asked_by_id[questionnaire_id, question_id]

    @cached_property
    def _asked_by_id(self) -> dict[tuple[str, str], AskedQuestion]:
        return {
            (answered.questionnaire.id, question.question.id): question
            for answered in self.answered_questionnaires
            for question in answered.questions()
        }

    def name_of(self, right: str) -> Text:
        return answers.right_name(self.questionnaires.get(rules.IMPACT), right)
