"""A record as plain tables, for spreadsheets and Markdown: sheets. One language; what people wrote stays as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.derived import Determination
from exports.record import record
from exports.record.record import Record
from exports.report import charts, crosswalk_section, enforcement_section
from exports.report.answers import AskedQuestion, Passage
from exports.report.evidence_section import ReviewedEvidence
from exports.report.report import Report

Cell = str | int


@dataclass(frozen=True)
class Sheet:
    """One table. name: at most 31 characters, none of []:*?/\\ in it."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(made_from: Record, language: str) -> tuple[Sheet, ...]:
    """Every table that has rows, the summary first. Raises: whatever a malformed record leads to."""
    report = Report(made_from, record.recompute(made_from), (language,))
    return tuple(sheet for sheet in _Tables(report, language).all() if sheet.rows)


class _Tables:
    def __init__(self, report: Report, language: str) -> None:
        self.report, self.language = report, language

    def t(self, key: str) -> str:
        return self.report.t(key)[self.language]

    def all(self) -> Iterator[Sheet]:
        scales = ("scale", "duration", "likelihood")
        yield self._sheet("sheet_summary", ("sheet_what", "sheet_value"), self._summary())
        yield self._sheet("s_determination", ("determination", "sheet_kind", "sheet_text", "source"), self._reasons())
        heads = ("sheet_number", "sheet_id", "question", "answer", "sheet_note")
        yield self._sheet("s_answers", heads, self._answers())
        yield self._sheet("claim", ("sheet_id", "claim", "sheet_finding"), self._claim())
        yield self._sheet("s_risk", ("dimension", "weight", "inherent", "residual"), self._dimensions())
        heads_of_scale = ("second_scale_item", "maximum", "second_scale_inherent", "second_scale_mitigation")
        yield self._sheet("second_scale", (*heads_of_scale, "second_scale_residual"), self._second_scale())
        heads_of_scenarios = ("scenario", "sheet_text", "right", "judged", *scales)
        yield self._sheet("scenario", heads_of_scenarios, self._scenarios())
        heads_of_measures = ("sheet_id", "measure", "kind", "owner", "due", "status", "scenario")
        yield self._sheet("measures", heads_of_measures, self._measures())
        heads_of_evidence = (
            *("sheet_id", "document", "sheet_file", "for_what", "dated", "expires", "sheet_sha256"),
            *("committee_mark", "sheet_because"),
        )
        yield self._sheet("s_evidence", heads_of_evidence, self._evidence())
        heads_of_duties = ("sheet_id", "duty", "force", "status", "duty_until", "responsible", "duty_told", "source")
        yield self._sheet("s_duties", heads_of_duties, self._duties())
        heads_of_walk = (
            *("crosswalk_matter", "crosswalk_framework", "crosswalk_duty", "crosswalk_ref", "status"),
            *("crosswalk_places", "crosswalk_read", "crosswalk_remark"),
        )
        yield self._sheet("sheet_crosswalk", heads_of_walk, self._crosswalk())
        heads_of_enforcement = (
            *("enforcement_breaches", "enforcement_route", "enforcement_steps", "enforcement_number"),
            *("enforcement_stated", "enforcement_lowest", "enforcement_highest", "enforcement_doubt"),
        )
        yield self._sheet("sheet_enforcement", heads_of_enforcement, self._enforcement())
        yield self._sheet("s_gaps", ("sheet_where", "sheet_text", "explanation"), self._gaps())

    def _sheet(self, name: str, heads: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> Sheet:
        return Sheet(self.t(name), tuple(self.t(head) for head in heads), tuple(rows))

    def _summary(self) -> Iterator[tuple[Cell, ...]]:
        report, t = self.report, self.t
        data, a, risk = report.data, report.assessment, report.findings.risk
        if made_of := report.record.redacts:
            yield t("mark_redacted"), made_of
        if report.record.is_draft:
            yield t("status"), t("mark_draft")
        if report.record.is_example:
            yield t("mark_example"), t("example_explained")
        yield t("document_id"), data["document"]["id"]
        yield t("revision"), data["document"]["revision"]
        yield t("issued_at"), report.when(report.record)[self.language]
        yield t("system"), " / ".join(name for name in (a.system.name_ko, a.system.name_en) if name)
        yield t("version"), a.system.version
        yield t("operator"), a.operator.name
        yield t("domain"), report.domain.title[self.language]
        yield t("assessed_on"), a.on.isoformat()
        yield t("determination"), self._outcome(report.with_claim)
        yield t("without_claim"), self._outcome(report.without_claim)
        yield (
            t("risk_level"),
            t(f"level_{risk.level.value}") + (f" ({t('provisional')})" if risk.is_provisional else ""),
        )
        yield t("residual_score"), charts.figure(risk.residual)
        yield t("inherent_score"), charts.figure(risk.inherent)
        if a.authors:
            yield t("authors"), ", ".join(person.name for person in a.authors)
        if a.decision:
            yield t("ruling"), t(f"ruling_{a.decision.ruling}")
            yield t("decision_reason"), a.decision.reason
            for condition in a.decision.conditions:
                yield (
                    t("conditions"),
                    " – ".join(filter(None, (condition.text, report.terms(condition, self.language)))),
                )
            yield t("decided_by"), f"{a.decision.by.name}, {report.when(a.decision)[self.language]}"
        for row in report.votes:
            vote = row.vote
            yield t("votes"), f"{vote.by.name}: {t(f'ballot_{vote.ballot}')} – {vote.reason}"
        if a.sign_off:
            for statement in a.sign_off.statements:
                yield t("statements"), t(f"statement_{statement}")
            yield t("signed_off_by"), f"{a.sign_off.by.name}, {report.when(a.sign_off)[self.language]}"
        if seal := report.record.seal:
            yield t("seal_certificate"), ", ".join(filter(None, (seal.organisation, seal.name)))
            yield t("seal_fingerprint"), seal.fingerprint
            yield t("sheet_note"), t("seal_note")
        yield t("record_sha256"), report.record.sha256
        yield t("content_sha256"), data["content_sha256"]
        for edition in data["questionnaires"]:
            yield f"{t('editions')}: {edition['id']} {edition['version']}", edition["sha256"]

    def _outcome(self, determination: Determination) -> str:
        outcome = self.t(f"outcome_{determination.outcome.value}")
        return f"{outcome} ({self.t('contested')})" if determination.contested else outcome

    def _reasons(self) -> Iterator[tuple[Cell, ...]]:
        both = (("with_claim", self.report.with_claim), ("without_claim", self.report.without_claim))
        for name, determination in both:
            for kind, reasons in (("sheet_because", determination.reasons), ("says_otherwise", determination.grounds)):
                for reason in reasons:
                    source = self.report.cite(reason.source, self.report.domain).source
                    yield self.t(name), self.t(kind), reason.text[self.language], source.title[self.language]

    def _answers(self) -> Iterator[tuple[Cell, ...]]:
        for answered in self.report.answered_questionnaires:
            for question in answered.questions():
                place = f"{answered.questionnaire.id}.{question.question.id}"
                yield (
                    question.number,
                    place,
                    question.question.text[self.language],
                    self._answer(question),
                    question.note,
                )

    def _answer(self, question: AskedQuestion) -> str:
        if question.shown is False:
            return self.t("hidden")
        if not question.is_answered:
            return self.t("open")
        rows = [
            "; ".join(f"{cell.column[self.language]}: {self._passages(cell.passages)}" for cell in row)
            for row in question.rows
        ]
        return "\n".join(rows) if rows else self._passages(question.passages)

    def _passages(self, passages: tuple[Passage, ...]) -> str:
        return "; ".join(passage.label[self.language] if passage.label else passage.written for passage in passages)

    def _claim(self) -> Iterator[tuple[Cell, ...]]:
        for part in self.report.claim_parts:
            yield part.part.id, part.part.title[self.language], self.t(f"finding_{part.finding.finding.value}")

    def _dimensions(self) -> Iterator[tuple[Cell, ...]]:
        for dimension in self.report.score.dimensions:
            yield (
                dimension.title[self.language],
                dimension.weight,
                charts.figure(dimension.inherent),
                charts.figure(dimension.residual),
            )

    def _second_scale(self) -> Iterator[tuple[Cell, ...]]:
        """Item by item, with the sums; whose scale it is stands last, where it is told with every copy of the table."""
        shown = self.report.second_scale
        if shown is None:
            return
        for principle in shown.principles:
            for row in principle.rows:
                yield row.item.title[self.language], row.maximum, row.inherent, row.mitigation, row.residual
            sums = principle.inherent, principle.mitigation, principle.residual
            yield principle.title[self.language], principle.maximum, *sums
        yield self.t("second_scale_total"), shown.maximum, shown.inherent, shown.mitigation, shown.total
        yield self.t("second_scale_band"), "", "", "", shown.band[self.language]
        if shown.is_raised:
            yield self.t("second_scale_by_points"), "", "", "", shown.by_points[self.language]
        for band in shown.bands:
            if band.is_possible:
                for control in band.band.controls:
                    yield f"{self.t('second_scale_controls')}: {control.text[self.language]}", "", "", "", ""
        yield shown.scale.standing[self.language], "", "", "", ""

    def _duties(self) -> Iterator[tuple[Cell, ...]]:
        """Every duty of the rule, those that are not owed with why not."""
        for row in self.report.duty_rows:
            finding, texts = row.finding, (text[self.language] for text in row.texts)
            yield (
                finding.duty,
                row.duty.title[self.language],
                self.t(f"force_{finding.force}"),
                self.t(f"duty_{finding.state}"),
                finding.until.isoformat() if finding.until else "",
                finding.responsible,
                " ".join(texts),
                row.source.source.title[self.language],
            )

    def _scenarios(self) -> Iterator[tuple[Cell, ...]]:
        for scenario in self.report.assessment.scenarios:
            if not scenario.impacts:
                yield scenario.id, scenario.text, "", "", "", "", ""
            for impact in scenario.impacts:
                for judged in self.report.score.judgments(scenario.id, impact.right):
                    scales = tuple(text[self.language] if text else "" for text in judged.labels)
                    yield scenario.id, scenario.text, impact.right, self.t(judged.when), *scales

    def _measures(self) -> Iterator[tuple[Cell, ...]]:
        for measure in self.report.assessment.measures:
            status = self.t("measure_in_place" if measure.is_in_place else "measure_planned")
            due = measure.due.isoformat() if measure.due else ""
            yield (
                measure.id,
                measure.text,
                self.t(f"kind_{measure.kind}"),
                measure.owner,
                due,
                status,
                ", ".join(measure.scenarios),
            )

    def _evidence(self) -> Iterator[tuple[Cell, ...]]:
        for row in self.report.evidence:
            evidence = row.evidence
            days = (
                evidence.on.isoformat() if evidence.on else "",
                evidence.expires_on.isoformat() if evidence.expires_on else "",
            )
            yield (
                evidence.id,
                evidence.title,
                evidence.file_name,
                evidence.part or evidence.question,
                *days,
                evidence.sha256,
                *self._mark(row),
            )

    def _mark(self, row: ReviewedEvidence) -> tuple[str, str]:
        """The committee's assessment of the evidence, by whom, and why."""
        mark = self.t(f"mark_{row.mark}")
        return (f"{mark} · {row.review.by.name}", row.review.reason) if row.review else (mark, "")

    def _gaps(self) -> Iterator[tuple[Cell, ...]]:
        for gap in self.report.findings.gaps:
            yield gap.where, gap.text[self.language], gap.explanation

    def _enforcement(self) -> Iterator[tuple[Cell, ...]]:
        """What the law provides for duties that are not shown to be met: a line for each amount, in won."""
        report, language = self.report, self.language
        for consequence in report.followed:
            remarks = (consequence.breach.note, consequence.breach.doubt.text if consequence.breach.doubt else None)
            remark = " ".join(text[language] for text in remarks if text)
            steps = enforcement_section.steps_text(report, consequence)
            start = (consequence.breach.title[language], consequence.route.title[language], steps)
            for amount in consequence.amounts:
                number = enforcement_section.number_text(report, amount)
                yield *start, number, amount.stated, amount.lowest, amount.highest, remark
            if not consequence.amounts:
                yield *start, "", "", "", "", remark

    def _crosswalk(self) -> Iterator[tuple[Cell, ...]]:
        """One line for each cell; none where coverage is not asked."""
        report, language = self.report, self.language
        for row in report.walk.rows if report.findings.coverage else ():
            for cell in row.cells.values():
                named = dict.fromkeys(crosswalk_section.place_name(report, place) for place in cell.places)
                yield (
                    row.row.title[language],
                    cell.framework.title[language],
                    self.t(f"standing_{cell.framework.standing}"),
                    cell.cell.ref_in(language),
                    crosswalk_section.state_of(report, cell)[language],
                    ", ".join(filter(None, named)),
                    self.t(f"read_{cell.read}"),
                    cell.cell.note[language] if cell.cell.note else "",
                )
