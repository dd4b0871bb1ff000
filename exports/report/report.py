"""The report's content, ready for the template: Report. All of it is derived from the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assessments.derived import (
    CoveredItem,
    Range,
    WayOutStep,
)
from assessments.details import rows
from assessments.model import AISystem, Evidence, Operator, Origin
from assessments.rules import crosswalk as crosswalk_rule
from assessments.rules import findings as rules
from assessments.rules.crosswalk import Walk, WalkedRow
from assessments.rules.involvement import counts_on
from exports.record import appearance
from exports.record.original import SealedOriginal
from exports.record.record import Recomputation, Record
from exports.report import (
    charts,
    coverage_section,
    crosswalk_section,
    duties_section,
    enforcement_section,
    evidence_section,
    gaps_section,
    impact_section,
    plan_section,
    role_section,
    route,
    supervision_section,
    votes_section,
    withheld_section,
)
from exports.report.answers import AskedQuestion, AskedSection
from exports.report.cited import Notes, notes_of
from exports.report.crosswalk_section import Head, Line
from exports.report.duties_section import DutyCount, DutyGroupRows, DutyRow
from exports.report.enforcement_section import EnforcementRow
from exports.report.evidence_section import ReviewedEvidence
from exports.report.gaps_section import GapsAt
from exports.report.impact_section import Grid, RiskMap, ScenarioRows
from exports.report.log_section import LogView
from exports.report.overview import Overview
from exports.report.plan_section import PlanRow
from exports.report.reading import Reading
from exports.report.role_section import RoleRow
from exports.report.score import Judgment, Score
from exports.report.second_scale_section import View, view
from exports.report.supervision_section import SupervisionRow
from exports.report.votes_section import VoteRow
from exports.report.withheld_section import WithheldRow
from exports.words.korean import ON_COVER
from questionnaires import named
from questionnaires.crosswalk import crosswalk
from questionnaires.enforcement import Enforcement, enforcement
from questionnaires.law import Law, OpenQuestion, law
from questionnaires.schema import Part, Proviso, Source, Text

_NOTICES_ON_COVER, _LONG = 2, 60
"""Warnings on the first page, and characters of its longest name, up to which the list of contents fits beneath."""


@dataclass(frozen=True)
class Matrix:
    title: Text
    rows: tuple[CoveredItem, ...]


class Report(Reading):
    """Everything the template shows, collected from the sections."""

    def __init__(
        self,
        made_from: Record,
        recomputation: Recomputation,
        languages: tuple[str, ...],
        original: SealedOriginal | None = None,
    ) -> None:
        """original: of which an archive copy is made. None: it is no such copy."""
        super().__init__(made_from, recomputation, languages)
        self.original = original
        self._recomputation = recomputation
        self.appearance = appearance.from_json(made_from.data["document"].get("appearance"))
        self.marks = tuple(key for key, is_so in self._marks() if is_so)
        self.notices = tuple(key for key, is_so in self._notices() if is_so)

    def listing(self, sources: Collection[Source] | None) -> Report:
        """The same report, which lists only these sources. None: all of them."""
        made = Report(self.record, self._recomputation, self.languages, self.original)
        made.only = None if sources is None else frozenset(sources)
        return made

    def _marks(self) -> Iterator[tuple[str, bool]]:
        """Labels of the marks printed on every page."""
        yield "mark_archive", self.original is not None
        yield "mark_redacted", self.record.redacts is not None
        yield "mark_example", self.record.is_example
        yield "mark_draft", self.record.is_draft

    def _notices(self) -> Iterator[tuple[str, bool]]:
        """Labels of the warnings on the first page."""
        yield "archive_explained", self.original is not None
        yield "redacted_explained", self.record.redacts is not None
        yield "draft_copy_explained", self.record.is_draft_copy
        yield "draft_explained", self.record.is_draft and not self.record.is_draft_copy
        yield "example_explained", self.record.is_example
        yield "origin_stated", self.data["decision_origin"] == Origin.STATED

    @cached_property
    def score(self) -> Score:
        return Score(self)

    @cached_property
    def second_scale(self) -> View | None:
        """None: there is none, or nobody began it."""
        rated = self.findings.second_scale
        return view(self.questionnaires[rated.questionnaire], rated) if rated else None

    @cached_property
    def log(self) -> LogView | None:
        """None: no decision log was read."""
        return LogView(self, self.assessment.log) if self.assessment.log else None

    @cached_property
    def overview(self) -> Overview:
        return Overview(self)

    @property
    def editions_line(self) -> str:
        """`Draft edition: Hiring 1.0, …`, in the leading language."""
        named: dict[str, list[str]] = {}
        for questionnaire in self.data["questionnaires"]:
            if questionnaire["id"] not in self.questionnaires:
                continue
            key = "editions_released" if questionnaire["is_released"] else "editions_draft"
            title = self.questionnaires[questionnaire["id"]].title[self.first]
            named.setdefault(self.t(key)[self.first], []).append(f"{title}\u00a0{questionnaire['version']}")
        return "; ".join(f"{kind}: {', '.join(titles)}" for kind, titles in named.items())

    # --- words ---

    @property
    def languages_key(self) -> str:
        """Label of what stands in which language."""
        if self.others:
            return "languages_both"
        return f"languages_{self.first}"

    def figure(self, figures: Range) -> str:
        return charts.figure(figures)

    # --- sources ---

    # --- what the operator wrote, the leading language first ---

    @property
    def system_names(self) -> tuple[str, ...]:
        system = self.assessment.system
        return self._in_order(system.name_ko, system.name_en)

    @property
    def is_cover_crowded(self) -> bool:
        """Whether the first page needs the smaller font size for its content to fit."""
        is_copy = self.record.redacts is not None or self.original is not None
        return is_copy or bool(self.others and (self.appearance.logo or self._longest_on_cover > ON_COVER // 2))

    @property
    def _longest_on_cover(self) -> int:
        """Characters of the longest name, contact or version on the first page; a version counts twice."""
        system, operator = self.assessment.system, self.assessment.operator
        acts = (self.assessment.decision, self.assessment.sign_off)
        people = (operator.supervisor, *self.assessment.authors, *(act.by for act in acts if act))
        named = (*self.system_names, operator.name, operator.supervisor_contact)
        texts = (*named, *(person.with_position for person in people))
        return max(*map(len, texts), 2 * len(system.version))

    @property
    def is_cover_full(self) -> bool:
        """Whether the list of contents has no room on the first page."""
        is_full = self.is_cover_crowded or self._longest_on_cover > _LONG or len(self.notices) > _NOTICES_ON_COVER
        return is_full or bool(self.others or self.appearance.logo)

    @property
    def summaries(self) -> tuple[str, ...]:
        system = self.assessment.system
        texts = self._in_order(system.summary_ko, system.summary_en)
        return texts if self.others else texts[:1]

    @property
    def detail_rows(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """Label and text of each detail of the system and of whoever answers for it, two in a row."""
        name = ("organisation" if self.is_only_user else "operator", self.assessment.operator.name)
        every = (name, *self.details_of(self.assessment.operator), *self.details_of(self.assessment.system))
        return (every[start : start + 2] for start in range(0, len(every), 2))

    def details_of(self, described: Operator | AISystem) -> tuple[tuple[str, str], ...]:
        """Label and text of each detail without a dedicated place in the layout."""
        return rows(described)

    def _in_order(self, ko: str, en: str) -> tuple[str, ...]:
        return tuple(text for text in ((en, ko) if self.first == "en" else (ko, en)) if text)

    # --- sources, told ---

    @cached_property
    def source_notes(self) -> Notes:
        """In the leading language."""
        return notes_of(self.source_groups, self.first)

    # --- determination ---

    @cached_property
    def deciding(self) -> tuple[AskedQuestion, ...]:
        return tuple(self._where_asked(name) for name in self.with_claim.deciding)

    def _where_asked(self, question_id: str) -> AskedQuestion:
        """The question, from the domain or area questionnaire, whose question ids do not overlap."""
        name = self.domain.id if question_id in self.domain.question_ids else rules.AREA
        return self.asked_question(name, question_id)

    @cached_property
    def steps(self) -> tuple[route.Step, ...]:
        questionnaires = (self.questionnaires.get(rules.AREA), self.domain)
        return route.steps(
            self.findings,
            self.assessment,
            [questionnaire for questionnaire in questionnaires if questionnaire is not None],
        )

    @property
    def told_steps(self) -> Iterator[tuple[route.Step, int]]:
        """Step and source number: all of the questionnaire that decides, of another one those that hold."""
        deciding = [step.questionnaire for step in self.steps if step.state in route.LEADING]
        for step in self.steps:
            is_told = step.state != route.NOT_REACHED and (
                step.state != route.NOT_MET or step.questionnaire in deciding
            )
            if is_told:
                yield step, self.cite(step.source, step.questionnaire).number

    @property
    def route_words(self) -> str:
        """Text alternative of the route chart."""
        first = self.first
        states = [
            f"{step.questionnaire.title[first]} {step.index}: {self.t('step_' + step.state)[first]}"
            for step, _ in self.told_steps
        ]
        outcome = self.t(f"outcome_{self.with_claim.outcome}")[first]
        return f"{self.t('route')[first]}. {'; '.join(states)}. {outcome}."

    # --- role and coverage ---

    @cached_property
    def role_rows(self) -> tuple[RoleRow, ...]:
        return role_section.rows(self.findings.role)

    @cached_property
    def duties(self) -> Mapping[tuple[str, ...], tuple[Proviso, ...]]:
        """Set of roles → duties that apply to exactly these roles, each once. Empty where duties are found one by one."""
        return {} if self.findings.duties else role_section.duties(self.role_rows)

    @cached_property
    def duty_groups(self) -> tuple[DutyGroupRows, ...]:
        return tuple(duties_section.groups(self))

    @property
    def duty_rows(self) -> tuple[DutyRow, ...]:
        """Every duty, in the order of the rule; empty where none is pinned."""
        return duties_section.rows(self) if self.findings.duties else ()

    @property
    def duty_doubts(self) -> tuple[Text, ...]:
        return duties_section.doubts(self)

    @property
    def duties_shared(self) -> tuple[Text, ...]:
        return duties_section.shared(self)

    @cached_property
    def duty_counts(self) -> tuple[DutyCount, ...]:
        return duties_section.counts(self)

    @property
    def withheld(self) -> Iterator[WithheldRow]:
        """What is withheld in a redacted copy."""
        return withheld_section.rows(self)

    @property
    def is_only_user(self) -> bool:
        """Whether the organisation definitely has none of the duties of operators."""
        role = self.findings.role
        return role is not None and set(role.roles) == {named.USER} and not role.possible

    def role_names(self, roles: Iterable[str]) -> str:
        return ", ".join(self.t(f"role_{role}")[self.first] for role in roles)

    @cached_property
    def matrices(self) -> tuple[Matrix, ...]:
        questionnaire = self.questionnaires.get(rules.IMPACT)
        return tuple(
            Matrix(
                coverage_matrix.title, tuple(row for row in self.findings.coverage if row.matrix == coverage_matrix.id)
            )
            for coverage_matrix in (questionnaire.coverage if questionnaire else ())
        )

    @cached_property
    def walk(self) -> Walk:
        """The cross-walk to other frameworks."""
        return crosswalk_rule.walk(crosswalk(), self.questionnaires, self.assessment, self.findings)

    @cached_property
    def walk_heads(self) -> tuple[Head, ...]:
        return crosswalk_section.heads(self, self.walk)

    @property
    def walk_lines(self) -> Iterator[Line]:
        return crosswalk_section.lines(self, self.walk)

    def covered_at(self, item: CoveredItem) -> str:
        """Where the report answers an item of a matrix: numbers of answers and of sections."""
        return coverage_section.places(self, item)

    def walk_titles(self, rows: Iterable[WalkedRow]) -> str:
        """Title and article of these rows in the assessment that takes parts over."""
        into = self.walk.crosswalk.reuse.into
        return ", ".join(f"{row.row.title[self.first]} ({row.cells[into].cell.ref_in(self.first)})" for row in rows)

    # --- what the law provides ---

    def other_sources(self) -> Iterator[Source]:
        yield from super().other_sources()
        yield from enforcement_section.cited(self)

    @property
    def enforcement_rows(self) -> Iterator[EnforcementRow]:
        return enforcement_section.rows(self)

    @property
    def enforcement_law(self) -> Enforcement:
        return enforcement()

    @property
    def enforcement_grace(self) -> Text:
        return enforcement_section.grace(self)

    # --- claim ---

    part_of_departures = named.PART_DIVERGENCE
    """The part of the claim that the share of decisions differing from the AI belongs to."""

    @property
    def way_out_steps(self) -> Iterator[tuple[Part, WayOutStep]]:
        """Each unsupported part of the claim, with what would support it."""
        parts = {part.part.id: part.part for part in self.claim_parts}
        for step in self.way_out.steps if self.way_out else ():
            yield parts[step.part], step

    @property
    def is_way_out_same(self) -> bool:
        """Whether the outcome, and whether it is contested, would stay the same."""
        then = self.way_out.determination_then if self.way_out else self.with_claim
        return (then.outcome, then.contested) == (self.with_claim.outcome, self.with_claim.contested)

    @property
    def law(self) -> Law:
        return law()

    @property
    def open_questions(self) -> Mapping[tuple[str, Text, date | None], tuple[OpenQuestion, ...]]:
        """Kind, source and day of the search → the open questions of law that concern this domain."""
        alike: dict[tuple[str, Text, date | None], list[OpenQuestion]] = {}
        for each in law().open:
            if not each.domains or self.domain.id in each.domains:
                alike.setdefault((each.kind, each.source, each.looked_for_on), []).append(each)
        return {key: tuple(questions) for key, questions in alike.items()}

    @cached_property
    def evidence(self) -> tuple[ReviewedEvidence, ...]:
        return evidence_section.rows(self.assessment)

    @cached_property
    def votes(self) -> tuple[VoteRow, ...]:
        return tuple(votes_section.rows(self))

    def is_in_force(self, evidence: Evidence) -> bool:
        return counts_on(evidence, self.record.judged_on or self.assessment.on)

    @property
    def supervision(self) -> Iterator[SupervisionRow]:
        """The supervision duty of Act Art. 34(1)4, independent of the claim."""
        return supervision_section.rows(self)

    # --- the impact assessment ---

    @cached_property
    def form_blocks(self) -> tuple[AskedSection, ...]:
        """Sections of the official form and what the Decree asks beside it."""
        return tuple(impact_section.blocks(self))

    def is_numbered(self, section: AskedSection) -> bool:
        return impact_section.is_numbered(section)

    def grids(self, question: AskedQuestion) -> Iterator[Grid]:
        return impact_section.grids(question)

    @cached_property
    def scenarios(self) -> tuple[ScenarioRows, ...]:
        return tuple(impact_section.scenarios(self))

    def judgments(self, scenario_id: str, right: str) -> tuple[Judgment, ...]:
        return tuple(self.score.judgments(scenario_id, right))

    @cached_property
    def risk_map(self) -> RiskMap | None:
        return impact_section.map_of(self, self.scenarios)

    @cached_property
    def plan_rows(self) -> tuple[PlanRow, ...]:
        return plan_section.rows(self)

    # --- pictures ---

    @cached_property
    def charts(self) -> dict[str, str]:
        """Name → SVG."""
        outcome = self.with_claim.outcome
        drawn = route.chart(
            self.steps,
            outcome,
            self.t(f"outcome_{outcome}")[self.first],
            {step.questionnaire.id: step.questionnaire.title[self.first] for step in self.steps},
            {step.state: self.t(f"step_{step.state}")[self.first] for step in self.steps},
        )
        return {
            "route": drawn,
            "qr": charts.qr(self.qr_text),
            **self.score.charts,
            **(self.log.charts if self.log else {}),
        }

    @property
    def qr_text(self) -> str:
        """Document and digest, to be compared without typing."""
        return f"{self.data['document']['id']} SHA-256 {self.record.sha256}"

    # --- questions ---

    @cached_property
    def improvement(self) -> tuple[AskedQuestion, ...]:
        """Answered questions of the impact questionnaire about follow-up."""
        answered = next(
            (answered for answered in self.answered_questionnaires if answered.questionnaire.id == rules.IMPACT),
            None,
        )
        sections = (
            asked_section
            for asked_section in (answered.sections if answered else ())
            if asked_section.section.id == named.FOLLOW_UP
        )
        return tuple(question for section in sections for question in section.asked_questions if question.is_answered)

    @cached_property
    def gaps(self) -> Mapping[str, tuple[GapsAt, ...]]:
        return gaps_section.by_kind(self)

    def gaps_to_tell(self, kind: str) -> tuple[GapsAt, ...]:
        """Of one kind, those that no other section says."""
        return tuple(place for place in self.gaps[kind] if not place.shown_in)

    def gaps_told(self, kind: str) -> Mapping[int, int]:
        """Number of a section → how many gaps of this kind it says."""
        counted = Counter[str]()
        for place in self.gaps[kind]:
            counted[place.shown_in or "gaps"] += len(place.texts)
        return {self.number_of(section): count for section, count in counted.items()}

    def place(self, where: str) -> tuple[str, Text]:
        """A gap's or a file's place in the reader's words: a number (or nothing) and what stands there."""
        return gaps_section.place(self, where)
