"""What follows from the answers, as HTML: the results so far, determination, claim, risk score, tags. All text escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from assessments.rules import way_out
from assessments.rules.findings import CLAIM
from pages._frame import enum_names, markup, shared
from pages._frame.shared import _
from pages._parts import questions
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
    return enum_names.word(key, shared.language())


def figure(value_range: Range) -> str:
    """`62`, or `55–71` while answers are open."""
    return str(value_range.low) if value_range.low == value_range.high else f"{value_range.low}–{value_range.high}"


def outcome_tags(determination: Determination, *, judged: bool = True) -> Markup:
    """The outcome, and whether another official source contests it. judged: not while required answers are missing."""
    kind = OUTCOME_KINDS[determination.outcome] if judged else "plain"
    first = markup.tag(enum_names.outcome(determination.outcome, shared.language()), kind)
    return first + (markup.tag(_("contested"), "cannot") if determination.contested else "")


def finding_tag(finding: Finding) -> Markup:
    return markup.tag(enum_names.finding(finding, shared.language()), FINDING_KINDS[finding])


def level_tag(findings: Findings) -> Markup:
    level = enum_names.level(findings.risk.level, shared.language())
    if is_open(findings):
        return markup.tag(_("{level} at most, so far", level=level), "plain")
    return markup.tag(level, f"level-{findings.risk.level}") + (
        markup.tag(word("provisional"), "plain") if findings.risk.is_provisional else ""
    )


def is_open(findings: Findings) -> bool:
    """Whether something required is missing, so that nothing is judged for good."""
    return any(gap.is_required for gap in findings.gaps)


def claim_tag(findings: Findings) -> Markup:
    """The finding on the claim; whether one is made at all may not be said yet."""
    is_unsaid = findings.claim.whole is Finding.ABSENT and any(
        gap.is_required and not gap.check and gap.where.startswith(f"{CLAIM}.") for gap in findings.gaps
    )
    return markup.tag(_("not said yet"), "plain") if is_unsaid else finding_tag(findings.claim.whole)


def strip(findings: Findings, progress: Markup = markup.NOTHING) -> Markup:
    """The current results, on a phone folded to one line. progress: that of the page."""
    judged = not is_open(findings)
    outcome = outcome_tags(findings.determination.with_claim, judged=judged)
    level = level_tag(findings) + markup.span(figure(findings.risk.residual), "h-figure")
    cells = [
        (word("determination"), outcome),
        (word("without_claim"), outcome_tags(findings.determination.without_claim, judged=judged)),
        (word("claim"), claim_tag(findings)),
        (word("risk_level"), level),
    ]
    if progress:
        cells.append((_("This page"), progress))
    return shared.render("parts/strip.html.j2", cells=cells, short=outcome + level)


def claim_whole(findings: Findings, heading: Callable[[str], Markup] = markup.h3) -> None:
    """The finding on the claim as a whole, and what it means. heading: of the level that follows on the one above."""
    claim = findings.claim
    text = word("claim_absent") if claim.whole is Finding.ABSENT else word("claim_intro")
    markup.show(
        markup.card(
            (heading(word("whole")) + markup.tags(claim_tag(findings)) + markup.quiet(text)),
            f"h-{FINDING_KINDS[claim.whole]}-edge",
        )
    )


def claim_matters_not(assessment: Assessment, questionnaires: Mapping[str, Questionnaire]) -> None:
    """Says so before anybody answers the questions on the claim, where it changes nothing."""
    if assessment.status.is_editable and way_out.rests_on_claim(questionnaires, assessment) is False:
        text = _("As the other answers stand, the determination is the same with this claim and without it.")
        markup.show(markup.notice("note", text))


def claim_part(part_finding: PartFinding, questionnaire: Questionnaire) -> None:
    """The finding on one part."""
    markup.show(
        markup.card(
            (
                markup.h3(_("Finding on this part"))
                + markup.tags(finding_tag(part_finding.finding))
                + _part_reasons(part_finding, questionnaire)
            ),
            f"h-{FINDING_KINDS[part_finding.finding]}-edge",
        )
    )


def claim_table(claim: ClaimFinding, questionnaire: Questionnaire) -> None:
    """All parts with their findings and what is missing."""
    language = shared.language()
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    rows = [
        (titles.get(part.part, part.part), finding_tag(part.finding), _part_reasons(part, questionnaire))
        for part in claim.parts
    ]
    markup.show(markup.table((word("part"), word("finding"), word("missing")), rows))


def _part_reasons(part: PartFinding, questionnaire: Questionnaire) -> Markup:
    sources, language = questionnaire.sources, shared.language()

    def listed(head: str, reasons: tuple[Reason, ...]) -> Markup:
        if not reasons:
            return markup.NOTHING
        rows = (questions.reasoned(reason.text, sources[reason.source], language) for reason in reasons)
        return markup.h4(head) + markup.items(rows, "h-reasons")

    lists = listed(word("part_reasons"), part.reasons) + listed(word("missing"), part.missing)
    if part.log and part.log.finding is not Finding.CONTRADICTED:  # what contradicts stands among the reasons already
        lists += listed(_("What the decision log says"), part.log.reasons)
    return lists or markup.quiet(word("nothing_missing"))
