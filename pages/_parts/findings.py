"""What follows from the answers, as HTML: the results so far, determination, claim, risk score, tags. All text escaped."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from assessments.derived import (
    ClaimFinding,
    Determination,
    Findings,
    PartFinding,
    Range,
    Reason,
)
from assessments.model import Assessment, Finding, Outcome
from assessments.rules.findings import CLAIM
from pages._frame import labels, markup, shared
from pages._frame.shared import _
from pages._parts import questions
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire

OUTCOME_KINDS = {Outcome.HIGH_IMPACT: "bad", Outcome.NOT_HIGH_IMPACT: "good", Outcome.CANNOT_DETERMINE: "cannot"}
FINDING_KINDS = {
    Finding.SUPPORTED: "good",
    Finding.INDETERMINATE: "cannot",
    Finding.CONTRADICTED: "bad",
    Finding.ABSENT: "plain",
    Finding.NOT_APPLICABLE: "plain",
}


def word(key: str) -> str:
    return labels.word(key, shared.language())


def figure(one: Range) -> str:
    """`62`, or `55–71` while answers are open."""
    return str(one.low) if one.low == one.high else f"{one.low}–{one.high}"


def outcome_tags(one: Determination) -> Markup:
    """The outcome, and whether another official source contests it."""
    first = markup.tag(labels.outcome(one.outcome, shared.language()), OUTCOME_KINDS[one.outcome])
    return first + (markup.tag(_("contested"), "cannot") if one.contested else "")


def finding_tag(one: Finding) -> Markup:
    return markup.tag(labels.finding(one, shared.language()), FINDING_KINDS[one])


def level_tag(found: Findings) -> Markup:
    level = labels.level(found.risk.level, shared.language())
    return markup.tag(level, f"level-{found.risk.level}") + (
        markup.tag(word("provisional"), "plain") if found.risk.is_provisional else ""
    )


def strip(found: Findings, progress: Markup = markup.NOTHING) -> None:
    """The results as they stand now, drawn again with every answer. progress: how far the section has come."""
    cells = [
        (word("determination"), outcome_tags(found.determination.with_claim)),
        (word("without_claim"), outcome_tags(found.determination.without_claim)),
        (word("claim"), finding_tag(found.claim.whole)),
        (word("risk_level"), level_tag(found) + markup.span(figure(found.risk.residual), "h-figure")),
    ]
    if progress:
        cells.append((_("This section"), progress))
    shared.draw("parts/strip.html.j2", cells=cells)


def claim_whole(claim: ClaimFinding) -> None:
    """The finding on the claim as a whole, and what it means."""
    text = word("claim_absent") if claim.whole is Finding.ABSENT else word("claim_intro")
    markup.show(
        markup.card(
            (markup.h3(word("whole")) + markup.tags(finding_tag(claim.whole)) + markup.quiet(text)),
            f"h-{FINDING_KINDS[claim.whole]}-edge",
        )
    )


def claim_part(part_id: str) -> Callable[[Assessment, dict[str, Edition], Findings], None]:
    """Draws the finding on one part below its questions."""

    def drawn(_assessment: Assessment, pinned: dict[str, Edition], found: Findings) -> None:
        one = next((part for part in found.claim.parts if part.part == part_id), None)
        if one is None:
            return
        questionnaire = pinned[CLAIM].questionnaire
        markup.show(
            markup.card(
                (
                    markup.h3(_("Finding on this part"))
                    + markup.tags(finding_tag(one.finding))
                    + _part_reasons(one, questionnaire)
                ),
                f"h-{FINDING_KINDS[one.finding]}-edge",
            )
        )

    return drawn


def claim_table(claim: ClaimFinding, questionnaire: Questionnaire) -> None:
    """All parts with their findings and what is missing."""
    language = shared.language()
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    rows = [
        (titles.get(one.part, one.part), finding_tag(one.finding), _part_reasons(one, questionnaire))
        for one in claim.parts
    ]
    markup.show(markup.table((word("part"), word("finding"), word("missing")), rows))


def _part_reasons(one: PartFinding, questionnaire: Questionnaire) -> Markup:
    sources, language = questionnaire.sources, shared.language()

    def listed(head: str, reasons: tuple[Reason, ...]) -> Markup:
        if not reasons:
            return markup.NOTHING
        rows = (questions.reasoned(reason.text, sources[reason.source], language) for reason in reasons)
        return markup.h4(head) + markup.items(rows, "h-reasons")

    found = listed(word("part_reasons"), one.reasons) + listed(word("missing"), one.missing)
    if one.log and one.log.finding is not Finding.CONTRADICTED:  # what contradicts stands among the reasons already
        found += listed(_("What the decision log says"), one.log.reasons)
    return found or markup.quiet(word("nothing_missing"))
