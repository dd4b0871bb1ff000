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
)
from assessments.model import Assessment, Condition, Decision, Evidence, Json, SignOff
from assessments.rules import enforcement as enforcement_rule
from assessments.rules import findings as rules
from assessments.rules import second_scale
from assessments.rules.enforcement import Consequence
from exports.record import record
from exports.record.record import Recomputation, Record
from exports.report import (
    answers,
)
from exports.report.answers import AnsweredQuestionnaire, AskedQuestion
from exports.report.cited import CitedSource, SourceGroup, grouped
from exports.words import labels
from questionnaires.crosswalk import crosswalk
from questionnaires.enforcement import enforcement
from questionnaires.schema import Part, Questionnaire, Source, Text

_SECTIONS = (
    "system",
    "role",
    "determination",
    "claim",
    "supervision",
    "duties",
    "enforcement",
    "scenarios",
    "risk",
    "second_scale",
    "measures",
    "coverage",
    "gaps",
    "decision",
    "answers",
    "evidence",
    "sources",
    "open",
    "verification",
    "not",
)


@dataclass(frozen=True)
class ClaimPart:
    part: Part
    finding: PartFinding
    evidence: tuple[Evidence, ...]


class Reading:
    """A view of one record; `languages` are those of the labels, the first one leads."""

    def __init__(self, made_from: Record, recomputation: Recomputation, languages: tuple[str, ...]) -> None:
        self.record = made_from
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
            "role": findings.role,
            "coverage": findings.coverage,
            "supervision": findings.supervision,
            "duties": findings.duties,
            "enforcement": self.followed,
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
        """Every source of the questionnaires and of what else is printed, each once, numbered."""
        of_questionnaires = (
            source for questionnaire in self.questionnaires.values() for source in questionnaire.sources.values()
        )
        return grouped((*of_questionnaires, *self.other_sources()))

    def other_sources(self) -> Iterator[Source]:
        """Of the cross-walk, where it is printed."""
        if self.findings.coverage:
            yield from crosswalk().sources.values()

    def cited(self, source: Source) -> CitedSource:
        """A source of these with its number."""
        return self._cited[source]

    @cached_property
    def _cited(self) -> dict[Source, CitedSource]:
        return {cited.source: cited for group in self.source_groups for cited in group.sources}

    def cite(self, source_id: str, questionnaire: Questionnaire) -> CitedSource:
        others = (questionnaire for questionnaire in self.questionnaires.values() if source_id in questionnaire.sources)
        citing = questionnaire if source_id in questionnaire.sources else next(others)
        return self._cited[citing.sources[source_id]]

    @property
    def with_claim(self) -> Determination:
        return self.findings.determination.with_claim

    @property
    def without_claim(self) -> Determination:
        return self.findings.determination.without_claim

    @cached_property
    def claim_parts(self) -> tuple[ClaimPart, ...]:
        if self.claim is None or self.claim.claim is None:
            return ()
        parts = {part.id: part for part in self.claim.claim.parts}
        return tuple(
            ClaimPart(parts[part.part], part, tuple(e for e in self.assessment.evidence if e.part == part.part))
            for part in self.findings.claim.parts
        )

    @cached_property
    def answered_questionnaires(self) -> tuple[AnsweredQuestionnaire, ...]:
        return answers.answered_questionnaires(self.questionnaires, self.assessment)

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
