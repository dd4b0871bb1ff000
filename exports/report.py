"""What the report shows, ready for the template: Report. Everything comes from the record and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from assessments.derived import CoveredItem, Determination, Findings, PartFinding, Range, RoleEntry
from assessments.model import Assessment, Evidence, Grading, Json
from assessments.rules import findings as rules
from assessments.rules.involvement import counts_on
from assessments.rules.sensitivity import Decisive, decisive
from exports import answers, charts, labels, record
from exports.answers import Asked, AskedQuestion
from exports.charts import Band, Bar
from exports.record import Recomputation, Record
from questionnaires.schema import Label, Part, Proviso, Questionnaire, Source, Text

_SECTIONS = (
    "system",
    "role",
    "determination",
    "claim",
    "risk",
    "scenarios",
    "coverage",
    "gaps",
    "decision",
    "answers",
    "evidence",
    "sources",
    "verification",
    "not",
)


@dataclass(frozen=True)
class CitedSource:
    """A source with the number by which the report refers to it."""

    number: int
    source: Source


@dataclass(frozen=True)
class ClaimPart:
    part: Part
    finding: PartFinding
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class DimensionRow:
    title: Text
    weight: int
    inherent: Range
    residual: Range


@dataclass(frozen=True)
class RoleRow:
    """One legal role with every way to it and what follows, each text once."""

    role: str
    is_certain: bool
    contested: bool
    entries: tuple[RoleEntry, ...]
    consequences: tuple[Proviso, ...]


@dataclass(frozen=True)
class Matrix:
    title: Text
    rows: tuple[CoveredItem, ...]


@dataclass(frozen=True)
class Judgment:
    """One of the three times an impact is judged. labels: scale, duration, likelihood; None: not judged."""

    when: str
    labels: tuple[Text | None, Text | None, Text | None]
    level: str


class Report:
    """A view of one record; `languages` are those of the labels, the first one leads."""

    def __init__(self, made_from: Record, found: Recomputation, languages: tuple[str, ...]) -> None:
        self.record = made_from
        self.languages = languages
        self.data: Json = made_from.data
        self.assessment: Assessment = found.assessment
        self.findings: Findings = found.findings
        self.questionnaires: Mapping[str, Questionnaire] = found.questionnaires
        self.domain: Questionnaire = found.questionnaires[found.assessment.domain]
        self.claim: Questionnaire | None = found.questionnaires.get(rules.CLAIM)
        self.role: Questionnaire | None = found.questionnaires.get(rules.ROLE)
        self.sections = tuple((name, f"s_{name}") for name in _SECTIONS if self._has(name))
        """Id and label of each section, in order; what was not asked is left out."""

    def _has(self, section: str) -> bool:
        needed = {"role": self.findings.role, "coverage": self.findings.coverage}
        return bool(needed.get(section, True))

    # --- words ---

    def t(self, key: str) -> Text:
        return labels.labels()[key]

    def day(self, value: date | str) -> Text:
        value = date.fromisoformat(value) if isinstance(value, str) else value
        return Text(ko=labels.day(value, "ko"), en=labels.day(value, "en"))

    def moment(self, value: datetime | str) -> Text:
        value = record.time(value) if isinstance(value, str) else value
        return Text(ko=labels.moment(value, "ko"), en=labels.moment(value, "en"))

    def figure(self, figures: Range) -> str:
        return charts.figure(figures)

    # --- sources ---

    @cached_property
    def sources(self) -> tuple[CitedSource, ...]:
        """Every source of the questionnaires, each once, numbered in order."""
        distinct = dict.fromkeys(source for one in self.questionnaires.values() for source in one.sources.values())
        return tuple(CitedSource(number, source) for number, source in enumerate(distinct, 1))

    def cite(self, source_id: str, questionnaire: Questionnaire) -> CitedSource:
        others = (one for one in self.questionnaires.values() if source_id in one.sources)
        asked = questionnaire if source_id in questionnaire.sources else next(others)
        wanted = asked.sources[source_id]
        return next(cited for cited in self.sources if cited.source == wanted)

    # --- determination ---

    @property
    def with_claim(self) -> Determination:
        return self.findings.determination.with_claim

    @property
    def without_claim(self) -> Determination:
        return self.findings.determination.without_claim

    @cached_property
    def deciding(self) -> tuple[AskedQuestion, ...]:
        return tuple(self._where_asked(name) for name in self.with_claim.deciding)

    def _where_asked(self, question_id: str) -> AskedQuestion:
        """Of area or domain: their ids differ."""
        name = self.domain.id if question_id in self.domain.question_ids else rules.AREA
        return self.asked_question(name, question_id)

    # --- role and coverage ---

    @cached_property
    def role_rows(self) -> tuple[RoleRow, ...]:
        found = self.findings.role
        if found is None:
            return ()
        rows = []
        for role in (*found.roles, *found.possible):
            entries = tuple(one for one in found.entries if one.role == role)
            owed = dict.fromkeys(text for one in entries for text in one.consequences)
            is_certain = role in found.roles
            rows.append(RoleRow(role, is_certain, role in found.contested_roles, entries, tuple(owed)))
        return tuple(rows)

    @cached_property
    def matrices(self) -> tuple[Matrix, ...]:
        asked = self.questionnaires.get(rules.IMPACT)
        return tuple(
            Matrix(one.title, tuple(row for row in self.findings.coverage if row.matrix == one.id))
            for one in (asked.coverage if asked else ())
        )

    # --- claim ---

    @cached_property
    def claim_parts(self) -> tuple[ClaimPart, ...]:
        if self.claim is None or self.claim.claim is None:
            return ()
        parts = {part.id: part for part in self.claim.claim.parts}
        return tuple(
            ClaimPart(parts[one.part], one, tuple(e for e in self.assessment.evidence if e.part == one.part))
            for one in self.findings.claim.parts
        )

    def is_in_force(self, evidence: Evidence) -> bool:
        return counts_on(evidence, self.assessment.on)

    # --- risk ---

    @cached_property
    def dimensions(self) -> tuple[DimensionRow, ...]:
        method = self.domain.method
        named = {one.id: one for one in method.dimensions} if method else {}
        return tuple(
            DimensionRow(named[one.dimension].title, named[one.dimension].weight, one.inherent, one.residual)
            for one in self.findings.risk.dimensions
        )

    @cached_property
    def charts(self) -> dict[str, str]:
        """Name → SVG. Only figures in percent can be drawn on the scale to 100."""
        lead = self.languages[0]
        method = self.domain.method
        if method is None or method.unit != "percent":
            return {}
        words = (self.t("inherent")[lead], self.t("residual")[lead])
        bands = [Band(self.t(f"level_{band.level}")[lead], band.up_to) for band in method.bands]
        risk = self.findings.risk
        bars = [Bar(row.title[lead], row.inherent, row.residual) for row in self.dimensions]
        return {
            "overall": charts.overall(Bar("", risk.inherent, risk.residual), bands, words),
            "dimensions": charts.by_dimension(bars, words),
        }

    def chart_words(self, name: str) -> str:
        """What the chart shows, for those who do not see it."""
        risk = self.findings.risk
        rows = (
            [(self.t("overall"), risk.inherent, risk.residual)]
            if name == "overall"
            else [(row.title, row.inherent, row.residual) for row in self.dimensions]
        )
        lead = self.languages[0]
        inherent, residual = self.t("inherent")[lead], self.t("residual")[lead]
        said = "; ".join(
            f"{title[lead]}: {inherent} {charts.figure(before)}, {residual} {charts.figure(after)}"
            for title, before, after in rows
        )
        return f"{self.t('chart_' + name)[lead]}. {said}."

    @cached_property
    def decisive(self) -> tuple[Decisive, ...]:
        scales = rules.scales_of(self.questionnaires)
        return decisive(self.domain, self.assessment.answers(self.domain.id), self.assessment.scenarios, scales)

    # --- scenarios ---

    def judgments(self, scenario_id: str, right: str) -> Iterator[Judgment]:
        scenario = next(one for one in self.assessment.scenarios if one.id == scenario_id)
        impact = next(one for one in scenario.impacts if one.right == right)
        grade = next(
            (one for one in self.findings.risk.impacts if (one.scenario, one.right) == (scenario_id, right)), None
        )
        yield Judgment("before", self._labels(impact.before), grade.before if grade else "")
        if impact.in_place is not None:
            yield Judgment("in_place", self._labels(impact.in_place), grade.in_place if grade else "")
        if impact.target is not None:
            yield Judgment("target", self._labels(impact.target), (grade.target or "") if grade else "")

    def _labels(self, grading: Grading) -> tuple[Text | None, Text | None, Text | None]:
        asked = self.questionnaires.get(rules.IMPACT)
        scales = asked.method.impacts if asked and asked.method else None
        if scales is None:
            return (
                self._guideline("scale", grading),
                self._guideline("duration", grading),
                self._guideline("likelihood", grading),
            )
        return (
            _label(scales.scale, grading.scale),
            _label(scales.duration, grading.duration),
            _label(scales.likelihood, grading.likelihood),
        )

    def _guideline(self, scale: str, grading: Grading) -> Text | None:
        """The guideline's own words where no questionnaire brings the scales; another value as it was written."""
        value = str(getattr(grading, scale))
        return labels.labels().get(f"{scale}_{value}", Text(ko=value, en=value)) if value else None

    # --- questions ---

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        return answers.asked(self.questionnaires, self.assessment)

    def asked_question(self, questionnaire_id: str, question_id: str) -> AskedQuestion:
        for one in self.asked:
            if one.questionnaire.id == questionnaire_id:
                return next(found for found in one.questions() if found.question.id == question_id)
        raise KeyError(f"{questionnaire_id}.{question_id}")

    def place(self, where: str) -> tuple[str, Text]:
        """A gap's or a file's place in the reader's words: a number (or nothing) and what stands there."""
        kind, _, name = where.partition(".")
        if kind == "claim" and self.claim and self.claim.claim:
            title = next((part.title for part in self.claim.claim.parts if part.id == name), None)
            return "", title or self.t("claim")
        if kind in self.questionnaires and name:
            found = self.asked_question(kind, name)
            return found.number, found.question.text
        if kind == "coverage":
            matrix, _, item = name.partition(".")
            found_item = next(one for one in self.findings.coverage if (one.matrix, one.item) == (matrix, item))
            return item, found_item.title
        named = {"operator.supervisor_name": "supervisor", "operator.supervisor_contact": "contact"}
        key = named.get(where, "s_scenarios" if kind == "scenarios" else "s_system")
        return "", self.t(key)


def _label(labels_of_scale: tuple[Label, ...], value: str) -> Text | None:
    return next((one.label for one in labels_of_scale if one.value == value), None)
