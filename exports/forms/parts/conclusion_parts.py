"""What follows from the answers: role, determination, claim, supervision, duties, enforcement, coverage, gaps."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.derived import Reason
from assessments.rules.gaps import open_conditions
from exports.forms.parts.teller import Teller
from exports.forms.tables import Cell, Column, Figure, Part, Table, Unit, columns
from exports.report import crosswalk_section, enforcement_section, gaps_section

_Rows = Iterator[tuple[Cell, ...]]


def before_claim(teller: Teller) -> Iterator[Part]:
    """Role and determination."""
    label, report = teller.label, teller.report
    roles = Table(
        label("s_role"),
        columns(label("s_role"), label("certain"), label("contested"), *_reasoned(teller)),
        tuple(_roles(teller)),
    )
    yield from teller.part(label("s_role"), roles, sentences=(label("role_intro"),) if report.role else ())
    reasons = Table(
        label("s_determination"),
        columns(label("determination"), label("result"), *_reasoned(teller)),
        tuple(_determinations(teller)),
    )
    deciding = Table(
        label("deciding_questions"),
        columns(label("sheet_number"), label("question")),
        tuple((question.number, teller.text(question.heading)) for question in report.deciding),
    )
    route = Table(
        label("route"),
        columns(label("sheet_number"), label("status"), label("sheet_text"), label("source")),
        tuple(
            (
                f"{teller.text(step.questionnaire.title)} {step.index}",
                label(f"step_{step.state}"),
                teller.text(step.because),
                teller.title_of(step.source, step.questionnaire),
            )
            for step in report.steps
        ),
    )
    provisos = Table(
        label("provisos"),
        columns(label("sheet_text"), label("source")),
        tuple(
            (teller.text(proviso.text), teller.title_of(proviso.source, report.domain))
            for proviso in report.domain.provisos
        ),
    )
    yield from teller.part(
        label("s_determination"),
        reasons,
        deciding,
        route,
        provisos,
        sentences=(
            label("determination_intro"),
            label(report.overview.compared),
            label(report.overview.advice) if report.with_claim.contested else "",
        ),
    )


def claim(teller: Teller) -> Iterator[Part]:
    """The human-involvement claim, and the duty of supervision, which is another thing."""
    label, report = teller.label, teller.report
    parts = Table(
        label("s_claim"),
        columns(teller.key(), label("part"), label("finding"), teller.word("contradicted_from"), label("source")),
        tuple(
            (
                part.part.id,
                teller.text(part.part.title),
                label(f"finding_{part.finding.finding.value}"),
                part.finding.log.since if part.finding.log else None,
                teller.title_of(part.part.source, report.claim),
            )
            for part in report.claim_parts
        ),
    )
    rests_on = Table(
        label("part_rests_on"),
        columns(label("part"), *_reasoned(teller)),
        tuple(_claim_reasons(teller)),
    )
    way = report.way_out
    to_do = Table(
        label("way_out"),
        columns(label("part"), label("finding"), label("missing"), label("source")),
        tuple(
            (
                teller.text(part.title),
                label(f"finding_{step.finding.value}"),
                teller.text(reason.text),
                teller.title_of(reason.source, report.claim),
            )
            for part, step in report.way_out_steps
            for reason in step.to_do
        ),
    )
    whole = label(f"finding_{teller.findings.claim.whole.value}")
    yield from teller.part(
        label("s_claim"),
        teller.facts(
            label("whole"),
            [(label("claim"), whole)]
            + ([(label("way_out_then"), teller.outcome(way.determination_then))] if way else []),
        ),
        parts,
        rests_on,
        to_do,
        sentences=(label("claim_intro" if report.claim_parts else "claim_absent"),),
    )
    supervision = Table(
        label("s_supervision"),
        columns(*(label(key) for key in ("item", "status", "question", "answer", "missing", "source"))),
        tuple(_supervision(teller)),
    )
    yield from teller.part(label("s_supervision"), supervision)


def obligations(teller: Teller) -> Iterator[Part]:
    """Duties with their state, and what the law provides where they are not met."""
    label, report = teller.label, teller.report
    duties = Table(
        label("s_duties"),
        columns(
            teller.key(),
            *(label(key) for key in ("duty", "force", "status", "duty_until", "responsible", "duty_told")),
            *(teller.word(key) for key in ("duty_group", "law_partly", "law_places")),
            label("part_evidence"),
            label("source"),
        ),
        tuple(_duties(teller)),
    )
    counts = Table(
        teller.word("duty_counts"),
        columns(label("status"), teller.word("count")),
        tuple((teller.text(count.label), count.count) for count in report.duty_counts) if report.duty_rows else (),
    )
    yield from teller.part(
        label("s_duties"), counts, duties, sentences=(label("duties_intro"),) if report.duty_rows else ()
    )
    amounts = tuple(
        label(key) for key in ("enforcement_number", "enforcement_stated", "enforcement_lowest", "enforcement_highest")
    )
    enforcement = Table(
        label("sheet_enforcement"),
        columns(
            *(label(key) for key in ("enforcement_breaches", "enforcement_route", "enforcement_steps")),
            *amounts,
            label("enforcement_doubt"),
            label("source"),
        ),
        tuple(_enforcement(teller)),
    )
    yield from teller.part(label("s_enforcement"), enforcement, sentences=_provided(teller) if enforcement.rows else ())


def coverage(teller: Teller) -> Iterator[Part]:
    """What the law asks to be written, beside other frameworks, and what is missing."""
    label = teller.label
    matrix = Table(
        label("s_coverage"),
        columns(
            teller.word("matrix"), *(label(key) for key in ("item", "coverage_asks", "documented", "missing", "source"))
        ),
        tuple(_coverage(teller)),
    )
    walk = Table(
        label("sheet_crosswalk"),
        columns(
            *(label(key) for key in ("crosswalk_matter", "crosswalk_framework", "crosswalk_duty", "crosswalk_ref")),
            *(label(key) for key in ("status", "crosswalk_places", "crosswalk_read", "crosswalk_remark")),
        ),
        tuple(_crosswalk(teller)),
    )
    yield from teller.part(label("s_coverage"), matrix, walk, sentences=(*_covered(teller),) if matrix.rows else ())
    gaps = Table(
        label("s_gaps"),
        columns(
            *(label(key) for key in ("sheet_number", "sheet_where", "sheet_text", "gap_required", "gap_answers")),
            teller.word("severe"),
            label("explanation"),
            Column(teller.word("check"), is_key=True),
            teller.key(),
        ),
        tuple(_gaps(teller)),
    )
    yield from teller.part(label("s_gaps"), gaps, sentences=() if gaps.rows else (label("no_gaps"),))


def _reasoned(teller: Teller) -> tuple[str, ...]:
    return tuple(teller.label(key) for key in ("sheet_kind", "sheet_text", "source"))


def _roles(teller: Teller) -> _Rows:
    report = teller.report
    for row in report.role_rows:
        start = teller.label(f"role_{row.role}"), row.is_certain, row.contested
        for entry in row.entries:
            source = teller.title_of(entry.reason.source, report.role)
            yield *start, teller.label("sheet_because"), teller.text(entry.reason.text), source
            for ground in entry.grounds:
                source = teller.title_of(ground.source, report.role)
                yield *start, teller.label("says_otherwise"), teller.text(ground.text), source
    for roles, owed in report.duties.items():
        for proviso in owed:
            text, source = teller.text(proviso.text), teller.title_of(proviso.source, report.role)
            yield report.role_names(roles), True, None, teller.label("role_consequences"), text, source


def _determinations(teller: Teller) -> _Rows:
    both = (("with_claim", teller.report.with_claim), ("without_claim", teller.report.without_claim))
    for name, determination in both:
        for key, reasons in (("sheet_because", determination.reasons), ("says_otherwise", determination.grounds)):
            for reason in reasons:
                source = teller.title_of(reason.source, teller.report.domain)
                start = teller.label(name), teller.outcome(determination)
                yield *start, teller.label(key), teller.text(reason.text), source


def _claim_reasons(teller: Teller) -> _Rows:
    report = teller.report
    for part in report.claim_parts:
        log = part.finding.log
        kinds: tuple[tuple[str, tuple[Reason, ...]], ...] = (
            ("part_reasons", part.finding.reasons),
            ("missing", part.finding.missing),
            ("log", log.reasons if log else ()),
        )
        for key, reasons in kinds:
            for reason in dict.fromkeys(reasons):
                source = teller.title_of(reason.source, report.claim)
                yield teller.text(part.part.title), teller.label(key), teller.text(reason.text), source
        for evidence in part.evidence:
            yield teller.text(part.part.title), teller.label("part_evidence"), f"{evidence.id} {evidence.title}", None


def _supervision(teller: Teller) -> _Rows:
    for row in teller.report.supervision:
        question = row.question
        yield (
            teller.text(row.item.title),
            teller.text(row.state),
            f"{question.number} {teller.text(question.heading)}" if question else None,
            " · ".join(row.contacts) or (teller.answer(question) if question else None),
            teller.text(row.item.to_do) or None,
            f"[{row.source.number}] {row.source.source.title[teller.language]}" if row.source else None,
        )


def _duties(teller: Teller) -> _Rows:
    """Every duty of the rule, those that are not owed with why not."""
    report, language = teller.report, teller.language
    rule = next((each.duties for each in report.questionnaires.values() if each.duties), None)
    titles = {group.id: group.title for group in rule.groups} if rule else {}
    for row in report.duty_rows:
        finding = row.finding
        partly = [reason.text[language] for reason in finding.partly]
        yield (
            finding.duty,
            row.duty.title[language],
            teller.label(f"force_{finding.force}"),
            teller.label(f"duty_{finding.state}"),
            finding.until,
            finding.responsible or None,
            " ".join(text[language] for text in row.texts) or None,
            teller.text(titles.get(row.duty.group)) or None,
            " ".join(dict.fromkeys(partly)) or None,
            ", ".join(_place(teller, place) for place in finding.places) or None,
            ", ".join(finding.evidence) or None,
            f"[{teller.report.cited(row.source).number}] {row.source.title[language]}",
        )


def _place(teller: Teller, where: str) -> str:
    """A question by its number, anything else in the reader's words."""
    number, title = teller.report.place(where)
    return number or teller.text(title)


def _provided(teller: Teller) -> Iterator[str]:
    """What the section says around its table."""
    label, law = teller.label, teller.report.enforcement_law
    yield label("enforcement_intro")
    yield label("enforcement_unmet")
    yield " ".join(teller.text(text) for text in (law.repeated, law.cut.limit, law.raised.limit))
    yield f"{label('grace')}: {teller.text(teller.report.enforcement_grace)} {teller.text(law.grace.not_in_law)}"
    exceptions = ", ".join(teller.text(exception) for exception in law.grace.exceptions)
    yield f"{label('grace_exceptions')}: {exceptions}. {teller.text(law.grace.meanwhile)}"


def _enforcement(teller: Teller) -> _Rows:
    """What the law provides for duties that are not shown to be met: a line for each amount."""
    report, language = teller.report, teller.language
    sources = report.enforcement_law.sources
    for consequence in report.followed:
        breach = consequence.breach
        remarks = (breach.note, breach.doubt.text if breach.doubt else None)
        remark = " ".join(text[language] for text in remarks if text) or None
        cited = report.cited(sources[breach.source])
        end = remark, f"[{cited.number}] {cited.source.title[language]}"
        steps = enforcement_section.steps_text(report, consequence) or None
        start = breach.title[language], consequence.route.title[language], steps
        for amount in consequence.amounts:
            number = enforcement_section.number_text(report, amount)
            won = (Figure(each, Unit.WON) for each in (amount.stated, amount.lowest, amount.highest))
            yield *start, number, *won, *end
        if not consequence.amounts:
            yield *start, None, None, None, None, *end


def _covered(teller: Teller) -> Iterator[str]:
    label, report = teller.label, teller.report
    walk = report.walk
    yield label("coverage_intro")
    yield label("crosswalk_intro")
    yield teller.text(walk.crosswalk.framework("pipc").note)
    reuse = walk.crosswalk.reuse
    yield (
        f"{teller.text(reuse.text)} {label('reuse_rows')}: {report.walk_titles(walk.reusable)}. "
        f"{label('reuse_apart')}: {report.walk_titles(walk.apart)}. {teller.text(reuse.note)}"
    )
    days = "; ".join(
        f"{report.day(each.on)[teller.language]} {teller.text(each.text)}" for each in walk.crosswalk.dates
    )
    yield f"{label('eu_dates')}: {days}."
    for missing in walk.crosswalk.not_found:
        day = report.day(missing.looked_for_on)[teller.language]
        yield f"{teller.text(missing.text)} ({label('looked_for_on')} {day})"


def _coverage(teller: Teller) -> _Rows:
    for matrix in teller.report.matrices:
        for row in matrix.rows:
            missing = " ".join(teller.text(reason.text) for reason in row.missing) or None
            source = teller.title_of(row.source, teller.report.questionnaires.get("impact"))
            yield teller.text(matrix.title), row.item, teller.text(row.title), row.is_documented, missing, source


def _crosswalk(teller: Teller) -> _Rows:
    """One line for each cell; none where coverage is not asked."""
    report, language = teller.report, teller.language
    for row in report.walk.rows if teller.findings.coverage else ():
        for cell in row.cells.values():
            named = dict.fromkeys(crosswalk_section.place_name(report, place) for place in cell.places)
            yield (
                row.row.title[language],
                cell.framework.title[language],
                teller.label(f"standing_{cell.framework.standing}"),
                cell.cell.ref_in(language),
                crosswalk_section.state_of(report, cell)[language],
                ", ".join(filter(None, named)) or None,
                teller.label(f"read_{cell.read}"),
                teller.text(cell.cell.note) or None,
            )


def _gaps(teller: Teller) -> _Rows:
    """As found, then the conditions that are still to be met."""
    for gap in teller.findings.gaps:
        number, title = gaps_section.place(teller.report, gap.where)
        yield (
            number or None,
            teller.text(title),
            teller.text(gap.text),
            gap.is_required,
            gap.is_contradiction,
            gap.is_severe,
            gap.explanation or None,
            gap.check or None,
            gap.where,
        )
    for condition in open_conditions(teller.assessment):
        yield None, teller.label("gap_conditions"), condition, False, False, False, None, None, "decision"
