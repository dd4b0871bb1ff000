"""The determination on screen: with and without the claim, the sources that say otherwise, what no answer can compute."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from assessments.derived import ContestedGround, Determination, Findings, Reason
from assessments.model import Assessment, Outcome
from assessments.rules.findings import AREA
from exports.record import advice
from exports.report.overview import compared, head_of_reasons
from pages._frame import markup, shared
from pages._parts import findings, gaps, questions
from pages._parts.findings import word
from questionnaires.load import Edition
from questionnaires.schema import Proviso, Source


def show(results: Findings, assessment: Assessment, pinned: Mapping[str, Edition]) -> None:
    """Both outcomes side by side, each with its reasons and sources."""
    pair, questionnaire = results.determination, pinned[assessment.domain].questionnaire
    sources = sources_of(assessment, pinned)
    markup.show(markup.quiet(word("determination_intro")))
    cards = (
        _card(word(name), determination, assessment, pinned)
        for name, determination in (("with_claim", pair.with_claim), ("without_claim", pair.without_claim))
    )
    markup.show(markup.block(markup.joined(cards), "h-pair"))
    markup.show(markup.paragraph(word(compared(pair.with_claim, pair.without_claim, results.claim.whole))))
    markup.show(markup.quiet(word("side_by_side_intro")))
    if pair.with_claim.contested or pair.without_claim.contested:
        questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
        advised = word(advice.label(results.role, assessment, questionnaires))
        markup.show(markup.paragraph(markup.bold(word("recommendation")) + " " + advised))
    if questionnaire.provisos:
        markup.show(
            (markup.h3(word("provisos")) + markup.quiet(word("provisos_intro")))
            + _listed(questionnaire.provisos, sources)
        )


def sources_of(assessment: Assessment, pinned: Mapping[str, Edition]) -> dict[str, Source]:
    """Source id → source, of all pinned questionnaires; where two share an id, the domain's."""
    sources: dict[str, Source] = {}
    for edition in (*pinned.values(), pinned[assessment.domain]):
        sources |= edition.questionnaire.sources
    return sources


def _card(title: str, determination: Determination, assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    sources = sources_of(assessment, pinned)
    is_open = determination.outcome is Outcome.CANNOT_DETERMINE
    body = markup.h3(title) + markup.tags(findings.outcome_tags(determination))
    if is_open:
        body += _deciding(determination, assessment, pinned)
        head = f"{word(head_of_reasons(determination))} ({len(determination.reasons)})"
        body += markup.folded(head, _listed(determination.reasons, sources), is_open=determination.is_contradicted)
    else:
        contested = word("contested" if determination.contested else "not_contested")
        body += markup.quiet(contested) + markup.h4(word("reasons"))
        body += _listed(determination.reasons, sources)
    if determination.grounds:
        body += markup.h4(word("contested_grounds")) + markup.quiet(word("contested_intro"))
        body += _listed(determination.grounds, sources)
    return markup.card(body, f"h-{findings.OUTCOME_KINDS[determination.outcome]}-edge")


def _deciding(determination: Determination, assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    """The questions whose answers would decide, each leading to its place."""
    rows = []
    for name in determination.deciding:
        asked_in = assessment.domain if name in pinned[assessment.domain].questionnaire.question_ids else AREA
        where = f"{asked_in}.{name}"
        link, text = gaps.place_of(where, assessment, pinned), gaps.name_of(where, pinned)
        rows.append(markup.link(link, text))
    return markup.h4(word("deciding_questions")) + markup.items(rows, "h-reasons") if rows else markup.NOTHING


def _listed(
    reasons: tuple[Reason, ...] | tuple[ContestedGround, ...] | tuple[Proviso, ...], sources: Mapping[str, Source]
) -> Markup:
    language, rows = shared.language(), []
    for reason in reasons:
        is_sure = reason.is_certain if isinstance(reason, ContestedGround) else True
        opened = markup.NOTHING if is_sure else markup.span(word("ground_open"), "h-source")
        rows.append(questions.reasoned(reason.text, sources[reason.source], language) + opened)
    return markup.items(rows, "h-reasons")
