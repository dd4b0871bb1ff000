"""Scenarios, risk score, second scale, measures and all that is to be done: parts."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.derived import Range
from exports.forms.parts.teller import Teller, one_or_span, spanned
from exports.forms.tables import Cell, Figure, Part, Table, Unit, columns
from exports.report.second_scale_section import Principle, Row
from questionnaires.schema import ImpactScales

_Rows = Iterator[tuple[Cell, ...]]
_SCALES = ("scale", "duration", "likelihood")


def impacts(teller: Teller) -> Iterator[Part]:
    """Scenarios and what they do to which rights, with the tables that give a level."""
    label = teller.label
    affected = ("affected_direct", "affected_indirect", "affected_unintended")
    scenarios = Table(
        label("s_scenarios"),
        columns(label("scenario"), label("sheet_text"), *(label(key) for key in affected)),
        tuple(
            (each.id, each.text, *(getattr(each, key) or None for key in affected))
            for each in teller.assessment.scenarios
        ),
    )
    judged = Table(
        teller.word("impacts"),
        columns(
            *(label(key) for key in ("scenario", "right", "judged", *_SCALES, "risk_level", "effect", "part_reasons"))
        ),
        tuple(_judgments(teller)),
    )
    method = teller.report.questionnaires.get("impact")
    scales = method.method.impacts if method and method.method and teller.assessment.scenarios else None
    yield from teller.part(
        label("s_scenarios"),
        scenarios,
        judged,
        *(_tables(teller, scales) if scales else ()),
        sentences=(teller.text(scales.about) if scales else "",) if scenarios.rows else (label("no_scenarios"),),
    )


def score(teller: Teller) -> Iterator[Part]:
    """The tool's own score, and somebody else's scale beside it."""
    label, report, risk = teller.label, teller.report, teller.findings.risk
    method = report.domain.method
    whole = teller.facts(
        label("s_risk"),
        [
            (label("risk_level"), label(f"level_{risk.level.value}")),
            (teller.word("inherent_level"), label(f"level_{risk.inherent_level.value}")),
            (label("provisional"), risk.is_provisional),
            (label("residual_score"), one_or_span(risk.residual)),
            (label("inherent_score"), one_or_span(risk.inherent)),
        ],
    )
    bands = Table(
        label("bands"),
        columns(label("risk_level"), teller.word("up_to")),
        tuple((label(f"level_{band.level}"), band.up_to) for band in (method.bands if method else ())),
    )
    terms = Table(
        label("level_terms"),
        columns(label("level_terms"), label("risk_level")),
        tuple((label(f"term_{term}"), label(f"level_{level.value}")) for term, level in risk.terms.items()),
    )
    dimensions = Table(
        label("dimensions"),
        columns(label("dimension"), label("weight"), teller.span(label("inherent")), teller.span(label("residual"))),
        tuple(_dimensions(teller)),
    )
    floors = Table(
        label("floors"),
        columns(
            *(label(key) for key in ("sheet_number", "question", "floor", "certain", "sheet_because", "source")),
        ),
        tuple(_floors(teller)),
    )
    decisive = Table(
        label("decisive"),
        columns(*(label(key) for key in ("sheet_number", "question", "open", "decisive_best", "decisive_worst"))),
        tuple(_decisive(teller)),
    )
    trace = Table(
        label("trace"),
        columns(
            *(label(key) for key in ("sheet_number", "question", "dimension", "kind")),
            teller.span(label("points")),
            label("maximum"),
        ),
        tuple(_trace(teller)),
    )
    summary = teller.text(method.summary) if method else ""
    sentences = (
        label("risk_intro"),
        summary,
        label("level_terms_intro"),
        label("range_note"),
        "" if decisive.rows else label("decisive_none"),
    )
    yield from teller.part(
        label("s_risk"), whole, bands, terms, dimensions, floors, decisive, trace, sentences=sentences
    )
    yield from _second_scale(teller)


def measures(teller: Teller) -> Iterator[Part]:
    """Every measure, and everything that somebody is to do by a day."""
    label = teller.label
    table = Table(
        label("measures"),
        columns(
            *(label(key) for key in ("sheet_id", "measure", "kind", "owner", "due", "measure_in_place", "scenario"))
        ),
        tuple(
            (
                measure.id,
                measure.text,
                label(f"kind_{measure.kind}"),
                measure.owner or None,
                measure.due,
                measure.is_in_place,
                ", ".join(measure.scenarios) or None,
            )
            for measure in teller.assessment.measures
        ),
    )
    to_do = Table(
        teller.word("to_do"),
        columns(label("sheet_kind"), label("sheet_what"), label("owner"), label("due")),
        tuple(_to_do(teller)),
    )
    yield from teller.part(label("s_measures"), table, to_do, sentences=() if table.rows else (label("no_measures"),))


def _judgments(teller: Teller) -> _Rows:
    report, language = teller.report, teller.language
    for scenario in teller.assessment.scenarios:
        for impact in scenario.impacts:
            right = report.name_of(impact.right)[language]
            for judged in report.score.judgments(scenario.id, impact.right):
                steps = tuple(text[language] if text else teller.label("not_judged") for text in judged.labels)
                level = teller.label(f"level_{judged.level}") if judged.level else None
                words = impact.effect or None, impact.reason or None
                yield scenario.id, right, teller.label(judged.when), *steps, level, *words


def _tables(teller: Teller, scales: ImpactScales) -> Iterator[Table]:
    """The steps of each scale from the least to the greatest, and what two of them make together."""
    label, text = teller.label, teller.text
    steps = {key: [text(step.label) for step in getattr(scales, key)] for key in _SCALES}
    yield Table(
        label("scales_and_tables"),
        columns(label("sheet_what"), label("sheet_number"), label("sheet_value")),
        tuple((label(key), number, step) for key in _SCALES for number, step in enumerate(steps[key], 1)),
    )
    yield Table(
        label("severity_table"),
        columns(label("scale"), *(f"{label('duration')}: {step}" for step in steps["duration"])),
        tuple((step, *row) for step, row in zip(steps["scale"], scales.severity, strict=True)),
    )
    yield Table(
        label("level_table"),
        columns(label("severity"), *(f"{label('likelihood')}: {step}" for step in steps["likelihood"])),
        tuple(
            (severity, *(label(f"level_{level.value}") for level in row)) for severity, row in enumerate(scales.level)
        ),
    )


def _dimensions(teller: Teller) -> _Rows:
    rows, risk = teller.report.score.dimensions, teller.findings.risk
    for row in rows:
        yield teller.text(row.title), row.weight, spanned(row.inherent), spanned(row.residual)
    yield teller.label("overall"), sum(row.weight for row in rows), spanned(risk.inherent), spanned(risk.residual)


def _floors(teller: Teller) -> _Rows:
    report = teller.report
    for hit in teller.findings.risk.floors:
        question = report.asked_question(report.domain.id, hit.question)
        yield (
            question.number,
            teller.text(question.heading),
            teller.label(f"level_{hit.level.value}"),
            hit.is_certain,
            teller.text(hit.reason.text),
            teller.title_of(hit.reason.source, report.domain),
        )


def _decisive(teller: Teller) -> _Rows:
    report = teller.report
    for decisive in report.score.decisive:
        question = report.asked_question(report.domain.id, decisive.question)
        levels = (teller.label(f"level_{level.value}") for level in (decisive.best, decisive.worst))
        yield question.number, teller.text(question.heading), decisive.is_open, *levels


def _trace(teller: Teller) -> _Rows:
    """The points of every question that was or may have been asked."""
    report = teller.report
    method = report.domain.method
    titles = {dimension.id: teller.text(dimension.title) for dimension in (method.dimensions if method else ())}
    for row in teller.findings.risk.trace:
        question = report.asked_question(report.domain.id, row.question)
        points = spanned(Range(row.low, row.high)) if row.visibility is not False else None
        start = question.number, teller.text(question.heading), titles.get(row.dimension)
        yield *start, teller.label(f"kind_{row.kind}"), points, row.maximum


def _second_scale(teller: Teller) -> Iterator[Part]:
    """Item by item with the sums; whose scale it is stands before it."""
    label, text, shown = teller.label, teller.text, teller.report.second_scale
    if shown is None:
        return
    heads = ("maximum", "second_scale_inherent", "second_scale_mitigation", "second_scale_residual")
    rows: list[tuple[Cell, ...]] = []
    for principle in shown.principles:
        rows += [(text(principle.title), text(row.item.title), *_points(row)) for row in principle.rows]
        rows.append((text(principle.title), label("second_scale_total"), *_points(principle)))
    total = shown.maximum, shown.inherent, shown.mitigation, shown.total
    rows.append((label("second_scale_total"), None, *map(_number, total)))
    items = Table(
        label("second_scale"),
        columns(label("dimension"), label("second_scale_item"), *(label(key) for key in heads)),
        tuple(rows),
    )
    result = teller.facts(
        label("s_second_scale"),
        [
            (label("second_scale_band"), text(shown.band)),
            (label("second_scale_by_points"), text(shown.by_points)),
            (label(shown.floor_label), text(shown.floor.reason.text) if shown.floor else None),
        ],
    )
    bands = Table(
        label("second_scale_controls"),
        columns(label("second_scale_band"), label("points"), label("possible"), label("second_scale_controls")),
        tuple(
            (text(row.band.title), text(row.bounds), row.is_possible, text(control.text))
            for row in shown.bands
            for control in row.band.controls
        ),
    )
    disputed = (f"{text(item.title)}: {text(item.disputed)}" for item in shown.disputed)
    readings = (f"{label('second_scale_readings')}: {text(variant.text)}" for variant in shown.scale.readings)
    opened = text(shown.open_words) if shown.open_items else ""
    sentences = (text(shown.scale.standing), opened, text(shown.scale.method), *disputed, *readings)
    yield from teller.part(label("s_second_scale"), result, items, bands, sentences=sentences)


def _points(row: Row | Principle) -> tuple[Cell, ...]:
    return tuple(map(_number, (row.maximum, row.inherent, row.mitigation, row.residual)))


def _number(figure: str) -> Cell:
    """Points as a number; a range or what is not stated stays as it is written."""
    try:
        return Figure(float(figure), Unit.POINTS)
    except ValueError:
        return figure


def _to_do(teller: Teller) -> _Rows:
    """Planned measures, duties with a plan, conditions of the approval."""
    label = teller.label
    for measure in teller.assessment.measures:
        if not measure.is_in_place:
            yield label("measure_planned"), f"{measure.id} {measure.text}", measure.owner or None, measure.due
    for row in teller.report.duty_rows:
        finding = row.finding
        if finding.until or finding.responsible:
            yield label("duty"), teller.text(row.duty.title), finding.responsible or None, finding.until
    decision = teller.assessment.decision
    for condition in decision.conditions if decision else ():
        yield label("conditions"), condition.text, condition.owner or None, condition.due
