"""Somebody else's scale on screen, beside the tool's own score and never in it: standing, show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from markupsafe import Markup

from assessments.derived import Findings, ScaleFloorHit, SecondScale
from exports.report import second_scale_section
from exports.report.second_scale_section import View
from exports.words import signs
from pages._frame import markup, shared
from pages._parts import findings, questions
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire, Text


def standing(questionnaire: Questionnaire, results: Findings) -> Markup:
    """Above the questions: whose scale it is, and where the total stands; nothing above those of the tool's own."""
    scale = questionnaire.scale
    if scale is None:
        return markup.NOTHING
    word, language = findings.word, shared.language()
    rated = results.second_scale
    if rated is None:
        more = markup.quiet(word("second_scale_none"))
    else:
        shown = second_scale_section.view(questionnaire, rated)
        more = markup.paragraph(f"{word('second_scale_total')}: {shown.total}/{shown.maximum} · {shown.band[language]}")
    return markup.notice("note", scale.standing[language], more)


def show(rated: SecondScale | None, pinned: Mapping[str, Edition], *, stands: bool = True) -> None:
    """The whole of it: items, sums, total, band, the controls that it asks for. Nothing where nobody began it.

    stands: whether whose it is is said here, as it is where `standing` was not drawn above.
    """
    if rated is None:
        return
    questionnaire, word, language = pinned[rated.questionnaire].questionnaire, findings.word, shared.language()
    shown = second_scale_section.view(questionnaire, rated)
    cells = [
        (word("second_scale_band"), markup.span(shown.band[language], "h-big")),
        (word("second_scale_total"), markup.span(f"{shown.total}/{shown.maximum}", "h-big")),
    ]
    if shown.is_raised:
        cells.append((word("second_scale_by_points"), markup.tag(shown.by_points[language], "plain")))
    markup.show(markup.h2(word("s_second_scale"), "second-scale"))
    if stands:
        markup.show(markup.notice("note", shown.scale.standing[language]))
    markup.show(markup.definitions(cells, "h-figures"))
    if shown.floor is not None:
        markup.show(_floor(shown, shown.floor))
    if shown.open_items:
        markup.show(markup.quiet(shown.open_words[language]))
    markup.show(_table(shown))
    markup.show(
        markup.joined(
            markup.quiet(f"{signs.CONTESTED} {item.title[language]}: {_said(item.disputed)}") for item in shown.disputed
        )
    )
    markup.show(markup.h3(word("second_scale_controls")) + markup.joined(_controls(shown)))
    markup.show(markup.folded(word("method"), markup.joined(_method(shown))))


def _said(text: Text | None) -> str:
    return text[shared.language()] if text else ""


def _floor(shown: View, floor: ScaleFloorHit) -> Markup:
    reason = questions.reasoned(floor.reason.text, shown.questionnaire.sources[floor.reason.source], shared.language())
    return markup.card(markup.bold(findings.word(shown.floor_label)) + markup.paragraph(reason))


def _table(shown: View) -> Markup:
    word, language = findings.word, shared.language()
    rows: list[tuple[str, ...]] = []
    for principle in shown.principles:
        for row in principle.rows:
            title = row.item.title[language] + (f" {signs.CONTESTED}" if row.item.disputed else "")
            rows.append((title, row.maximum, row.inherent, row.mitigation, row.residual))
        rows.append(
            (
                markup.bold(principle.title[language]),
                principle.maximum,
                principle.inherent,
                principle.mitigation,
                markup.bold(principle.residual),
            )
        )
    rows.append(
        (
            markup.bold(word("second_scale_total")),
            shown.maximum,
            shown.inherent,
            shown.mitigation,
            markup.bold(shown.total),
        )
    )
    heads = [f"second_scale_{name}" for name in ("item", "inherent", "mitigation", "residual")]
    heads.insert(1, "maximum")
    return markup.table([word(head) for head in heads], rows, kind="h-points")


def _controls(shown: View) -> Iterator[Markup]:
    """Of each band in which the total can lie; a source of several controls in a row is told once, behind the last of them."""
    language, sources = shared.language(), shown.questionnaire.sources
    for row in shown.bands:
        if row.is_possible:
            yield markup.h4(f"{row.band.title[language]} ({row.bounds[language]})")
            for source, controls in groupby(row.band.controls, lambda control: control.source):
                yield markup.items((control.text[language] for control in controls), "h-reasons")
                yield markup.paragraph(questions.source(sources[source], language, briefly=True), "h-quiet")


def _method(shown: View) -> Iterator[Markup]:
    language, sources = shared.language(), shown.questionnaire.sources
    yield markup.paragraph(shown.scale.method[language])
    yield markup.paragraph(questions.source(sources[shown.scale.source], language))
    yield markup.h4(findings.word("second_scale_readings"))
    yield markup.items(
        (questions.reasoned(reading.text, sources[reading.source], language) for reading in shown.scale.readings),
        "h-reasons",
    )
