"""What follows from the answers, as HTML: the results so far, determination, claim, risk score, tags. All text escaped."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

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
from pages._frame import labels, shared
from pages._frame.shared import _, tag
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


def outcome_tags(one: Determination) -> str:
    """HTML: the outcome, and whether another official source contests it."""
    first = tag(labels.outcome(one.outcome, shared.language()), OUTCOME_KINDS[one.outcome])
    return first + (tag(_("contested"), "cannot") if one.contested else "")


def finding_tag(one: Finding) -> str:
    return tag(labels.finding(one, shared.language()), FINDING_KINDS[one])


def level_tag(found: Findings) -> str:
    level = labels.level(found.risk.level, shared.language())
    return tag(level, f"level-{found.risk.level}") + (
        tag(word("provisional"), "plain") if found.risk.is_provisional else ""
    )


def strip(found: Findings, progress: str = "") -> None:
    """The results as they stand now, drawn again with every answer. progress: HTML of how far the section has come."""
    cells = [
        (word("determination"), outcome_tags(found.determination.with_claim)),
        (word("without_claim"), outcome_tags(found.determination.without_claim)),
        (word("claim"), finding_tag(found.claim.whole)),
        (word("risk_level"), level_tag(found) + f'<span class="h-figure">{figure(found.risk.residual)}</span>'),
    ]
    if progress:
        cells.append((_("This section"), progress))
    inner = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in cells)
    st.html(f'<dl class="h-strip" aria-live="polite" aria-label="{escape(_("Results so far"))}">{inner}</dl>')


# --- claim -----------------------------------------------------------------------------------------------


def claim_whole(claim: ClaimFinding) -> None:
    """The finding on the claim as a whole, and what it means."""
    text = word("claim_absent") if claim.whole is Finding.ABSENT else word("claim_intro")
    st.html(
        f'<section class="h-card h-{FINDING_KINDS[claim.whole]}-edge"><h3>{escape(word("whole"))}</h3>'
        f'<p class="h-tags">{finding_tag(claim.whole)}</p><p class="h-quiet">{escape(text)}</p></section>'
    )


def claim_part(part_id: str) -> Callable[[Assessment, dict[str, Edition], Findings], None]:
    """Draws the finding on one part below its questions."""

    def drawn(_assessment: Assessment, pinned: dict[str, Edition], found: Findings) -> None:
        one = next((part for part in found.claim.parts if part.part == part_id), None)
        if one is None:
            return
        questionnaire = pinned[CLAIM].questionnaire
        st.html(
            f'<section class="h-card h-{FINDING_KINDS[one.finding]}-edge"><h3>{escape(_("Finding on this part"))}</h3>'
            f'<p class="h-tags">{finding_tag(one.finding)}</p>{_part_reasons(one, questionnaire)}</section>'
        )

    return drawn


def claim_table(claim: ClaimFinding, questionnaire: Questionnaire) -> None:
    """All parts with their findings and what is missing."""
    language = shared.language()
    titles = {part.id: part.title[language] for part in questionnaire.claim.parts} if questionnaire.claim else {}
    rows = [
        (escape(titles.get(one.part, one.part)), finding_tag(one.finding), _part_reasons(one, questionnaire))
        for one in claim.parts
    ]
    st.html(shared.table((word("part"), word("finding"), word("missing")), rows))


def _part_reasons(one: PartFinding, questionnaire: Questionnaire) -> str:
    def listed(name: str, reasons: tuple[Reason, ...]) -> str:
        sources, language = questionnaire.sources, shared.language()
        rows = "".join(f"<li>{questions.reasoned(one.text, sources[one.source], language)}</li>" for one in reasons)
        return f'<h4>{escape(word(name))}</h4><ul class="h-reasons">{rows}</ul>' if reasons else ""

    found = listed("part_reasons", one.reasons) + listed("missing", one.missing)
    if one.log and one.log.finding is not Finding.CONTRADICTED:  # what contradicts stands among the reasons already
        sources, language = questionnaire.sources, shared.language()
        rows = "".join(f"<li>{questions.reasoned(r.text, sources[r.source], language)}</li>" for r in one.log.reasons)
        found += f'<h4>{escape(_("What the decision log says"))}</h4><ul class="h-reasons">{rows}</ul>' if rows else ""
    return found or f'<p class="h-quiet">{escape(word("nothing_missing"))}</p>'
