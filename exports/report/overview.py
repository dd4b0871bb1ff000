"""The page that answers the eight questions of whoever receives the report: Overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assessments.derived import Determination, SupervisionState
from assessments.model import EvidenceMark, Finding, Outcome
from assessments.rules import findings as rules
from assessments.rules import operators
from assessments.rules.gaps import open_conditions
from exports.record import advice
from exports.report import gaps_section
from exports.report.answers import words_of
from exports.report.gaps_section import GapsAt, SaidGap
from exports.report.reading import ClaimPart, Reading
from exports.words.korean import in_sentences, on_cover, shortened
from questionnaires import named
from questionnaires.schema import Text
from questionnaires.texts import texts_of
from questionnaires.vocabulary import Level

TEXTS = texts_of(__file__)
_WORST = 2
_LACKING = (SupervisionState.PLANNED, SupervisionState.GAP, SupervisionState.OPEN)
_ABOUT, _WORDS, _SCENARIO, _MEASURE, _GAP = 300, 420, 110, 56, 46
"""Characters of a description, a claim, a scenario, a measure and a gap that are shown here; all stands in its section."""
_NAMED = 4
"""Measures and gaps of a kind that are named."""
_REASON = {1: 800, 2: 460}
"""Languages → characters of the decision's reason and its conditions together, so that all fits one page."""
_LEAST_REASON = 300


@dataclass(frozen=True)
class WorstImpact:
    """A scenario's residual level with the measures in place, and the rights affected at that level."""

    level: str
    rights: Text
    text: str
    affected: str
    """Who is directly affected. Empty: not stated."""


def compared(with_claim: Determination, without_claim: Determination, claim: Finding) -> str:
    """Label for what the claim changes: the outcome, whether it is contested, or neither."""
    if with_claim.outcome != without_claim.outcome:
        return "other_outcome_no_claim" if claim is Finding.ABSENT else "other_outcome"
    return "same_outcome" if with_claim.contested == without_claim.contested else "same_outcome_contested"


def head_of_reasons(determination: Determination) -> str:
    """Heading of the reasons: why this outcome, which answers conflict, or which routes remain possible."""
    if determination.is_contradicted:
        return "contradicting_reasons"
    return "possible_reasons" if determination.outcome is Outcome.CANNOT_DETERMINE else "reasons"


class Overview:
    """Content of the second page, based on the same findings as the sections."""

    def __init__(self, report: Reading) -> None:
        self._report = report

    @property
    def about(self) -> str:
        """The operator's description of the system, in the leading language if available."""
        system = self._report.assessment.system
        summaries = {"ko": system.summary_ko, "en": system.summary_en}
        return shortened(summaries[self._report.first] or system.summary_ko or system.name_ko, _ABOUT)

    @property
    def responsible(self) -> Iterator[tuple[str, str]]:
        """Label and name of whoever answers for the system. Empty: not given."""
        operator = self._report.assessment.operator
        yield "representative", on_cover(operator.representative)
        supervisor = ", ".join(filter(None, (operator.supervisor.with_position, operator.supervisor_contact)))
        yield "supervisor", on_cover(supervisor)

    @property
    def claimed(self) -> str:
        """The claim in the claimant's words. Empty: no claim is made, or it was not put into words."""
        question = self._report.claim_statement
        is_made = self._report.findings.claim.whole is not Finding.ABSENT
        return shortened(question.passages[0].written, _WORDS) if question and question.is_answered and is_made else ""

    @cached_property
    def weak_parts(self) -> tuple[tuple[str, str], ...]:
        """Label of a finding, and the titles of the parts of the claim that are found so, in the leading language.

        With the date where the log contradicts them.
        """
        by_finding: dict[Finding, list[str]] = {Finding.CONTRADICTED: [], Finding.INDETERMINATE: []}
        for part in self._report.claim_parts:
            if part.finding.finding in by_finding:
                by_finding[part.finding.finding].append(self._with_day(part))
        return tuple((f"finding_{finding}", ", ".join(parts)) for finding, parts in by_finding.items() if parts)

    @property
    def figures(self) -> str:
        """The numbers and days on which the claim rests, in the leading language."""
        first = self._report.first
        figures = [
            f"{each.heading[first]} {words_of(each, first)}"
            for part in self._report.claim_parts
            for each in part.figures
        ]
        share = self._report.stated_share
        return " · ".join([*figures, f"{self._report.t('log_divergence')[first]} {share}"] if share else figures)

    @property
    def evidence_seen(self) -> Text | None:
        """How much of the evidence the committee looked at. None: there is no evidence, or no committee has decided."""
        assessment = self._report.assessment
        if not assessment.evidence or not assessment.decision:
            return None
        seen = {
            review.evidence for review in assessment.evidence_reviews if review.mark is not EvidenceMark.NOT_LOOKED_AT
        }
        return TEXTS.text("evidence_seen", count=len(assessment.evidence), seen=len(seen))

    @property
    def vulnerable(self) -> str:
        """Vulnerable groups that may be affected, in the leading language. Empty: none is named."""
        impact = self._report.questionnaires.get(rules.IMPACT)
        if impact is None or named.VULNERABLE not in impact.question_ids:
            return ""
        question = self._report.asked_question(rules.IMPACT, named.VULNERABLE)
        return shortened(words_of(question, self._report.first), _WORDS)

    @property
    def named_measures(self) -> Iterator[str]:
        """The first measures, those in place before those planned."""
        for in_place in (True, False):
            alike = [measure for measure in self._report.assessment.measures if measure.is_in_place is in_place]
            label = self._report.t("measure_in_place" if in_place else "measure_planned")[self._report.first]
            if alike:
                texts = "; ".join(shortened(measure.text.rstrip("."), _MEASURE) for measure in alike[:_NAMED])
                yield f"{label}: {texts}{' …' if len(alike) > _NAMED else ''}"

    @property
    def first_gaps(self) -> Iterator[tuple[str, str]]:
        """Label of a kind of gap with their number, and what the first of them are, in the leading language."""
        first = self._report.first
        for kind, places in gaps_section.by_kind(self._report).items():
            shown = [self._named(place, text) for place in places for text in place.texts]
            shown = list(dict.fromkeys(shown))
            most = _WORDS if kind == "gap_conditions" else _GAP
            names = ", ".join(shortened(text.rstrip("."), most) for text in shown[:_NAMED])
            yield f"{self._report.t(kind)[first]} {len(shown)}", names + (" …" if len(shown) > _NAMED else "")

    def _named(self, place: GapsAt, missing: SaidGap) -> str:
        """By its place, or, where many gaps have the same one, by what is missing there."""
        first = self._report.first
        if place.number:
            return f"{place.number} {place.title[first]}"
        if place.where == "measures":
            return missing.text[first].partition(": ")[2] or missing.text[first]
        return missing.text[first] if place.where == "decision" else place.title[first]

    def _with_day(self, part: ClaimPart) -> str:
        title, log = part.part.title[self._report.first], part.finding.log
        return f"{title} ({self._report.since(log.since)})" if log and log.since else title

    @cached_property
    def worst_impacts(self) -> tuple[WorstImpact, ...]:
        """The scenarios with the most severe impacts, worst first, each with its gravest."""
        rights: dict[tuple[Level, str], list[str]] = {}
        for grade in self._report.findings.risk.impacts:
            rights.setdefault((grade.in_place, grade.scenario), []).append(grade.right)
        scenarios = {scenario.id: scenario for scenario in self._report.assessment.scenarios}
        gravest: dict[str, Level] = {}
        for level, scenario in sorted(rights, key=lambda key: -key[0].rank):
            gravest.setdefault(scenario, level)
        return tuple(
            WorstImpact(
                level.value,
                self._names(rights[level, scenario]),
                shortened(scenarios[scenario].text, _SCENARIO),
                shortened(scenarios[scenario].affected_direct, _GAP),
            )
            for scenario, level in list(gravest.items())[:_WORST]
        )

    @property
    def reasons(self) -> str:
        """Label above the reasons of the determination."""
        return head_of_reasons(self._report.with_claim)

    @property
    def advice(self) -> str:
        """Label of the advice given where sources disagree."""
        report = self._report
        return advice.label(report.findings.role, report.assessment, report.questionnaires)

    @property
    def retention_draft(self) -> Text | None:
        """The retention period, for a report without a sign-off. None: no period is defined."""
        years, text = operators.keep_years(self._report.questionnaires), self._report.t("retention_draft")
        return Text(ko=text.ko.format(years=years), en=text.en.format(years=years)) if years else None

    @property
    def retention_basis(self) -> str:
        """Label of what the period rests on: a duty of operators of high-impact AI, else nobody's."""
        report = self._report
        is_operator = operators.is_operator(report.findings.role, report.questionnaires)
        is_owed = is_operator and report.with_claim.outcome is Outcome.HIGH_IMPACT
        return "retention_owed" if is_owed else "retention_voluntary"

    @property
    def compared(self) -> str:
        """Label of what the claim changes."""
        return compared(self._report.with_claim, self._report.without_claim, self._report.findings.claim.whole)

    def _names(self, rights: list[str]) -> Text:
        names = [self._report.name_of(right) for right in rights]
        return Text(ko=", ".join(text.ko for text in names), en=", ".join(text.en for text in names))

    @cached_property
    def measures(self) -> Text:
        measures = self._report.assessment.measures
        planned = [measure for measure in measures if not measure.is_in_place]
        due = min((measure.due for measure in planned if measure.due), default=None)
        counts = {"in_place": len(measures) - len(planned), "planned": len(planned)}
        if due is None:
            return TEXTS.text("measures", **counts)
        return TEXTS.text("measures_due", day=self._report.day(due), **counts)

    @cached_property
    def gaps(self) -> Text:
        gaps, conditions = self._report.findings.gaps, len(open_conditions(self._report.assessment))
        needed, count = sum(gap.is_required for gap in gaps), len(gaps) + conditions
        if needed:
            return TEXTS.text("gaps_needed", needed=needed, count=count)
        if conditions:
            return TEXTS.text("gaps_conditions", count=count, conditions=conditions)
        return TEXTS.text("gaps_none_blocks", count=count)

    @cached_property
    def unmet(self) -> Text | None:
        """What the supervision record lacks; details have their own section. None: nothing, or no such section."""
        lacking = [item for item in self._report.findings.supervision if item.state in _LACKING]
        if not lacking:
            return None
        place = self._report.number_of("claim")
        return TEXTS.text("unmet_supervision", place=place, count=len(lacking))

    @cached_property
    def level_set_by(self) -> Text:
        """The terms of the score that are as high as the level and thus determine it."""
        risk, t = self._report.findings.risk, self._report.t
        terms = [t(f"term_{term}") for term, value in risk.terms.items() if value == risk.level]
        before = t("level_set_by")
        return Text(
            ko=f"{before.ko}: {', '.join(text.ko for text in terms)}",
            en=f"{before.en}: {', '.join(text.en[0].lower() + text.en[1:] for text in terms)}",
        )

    @property
    def reason(self) -> str:
        """The reason for the decision, cut at whole sentences; empty before a decision."""
        decision = self._report.assessment.decision
        if not decision:
            return ""
        room = _REASON[len(self._report.languages)] - sum(len(condition.text) for condition in decision.conditions)
        return in_sentences(decision.reason, max(room, _LEAST_REASON))

    @property
    def deciders(self) -> str:
        """Authors, decider and signing officer with dates, in the leading language."""
        assessment, first = self._report.assessment, self._report.first
        acts = (("decided_by", assessment.decision), ("signed_off_by", assessment.sign_off))
        authors = "; ".join(person.with_position for person in assessment.authors)
        people = [f"{self._report.t('authors')[first]}: {authors}"] if authors and assessment.decision else []
        return " · ".join(
            [
                *people,
                *(
                    f"{self._report.t(key)[first]}: {act.by.with_position}, {self._report.when(act)[first]}"
                    for key, act in acts
                    if act
                ),
            ]
        )
