"""The human-involvement claim, part by part: its questions, its finding, its evidence."""

from __future__ import annotations

from assessments.rules.findings import CLAIM
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._log import link, supervision
from pages._parts import evidence, findings, sections

actor = shared.current_actor()
assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
edition = pinned[CLAIM]
place = sections.chosen(edition)
if place is None:
    results = shared.findings_of(assessment, pinned)
    frame.heading(screens.title_of("involvement", shared.language()))
    intro = edition.questionnaire.intro
    if intro:
        markup.show(markup.paragraph(intro[shared.language()], "h-lead"))
    findings.claim_whole(results.claim)
    link.show(assessment, results)
    markup.show(markup.h2(_("Part by part")))
    sections.listed(assessment, edition, results, is_here=True)
    supervision.show(results, pinned)
    markup.show(markup.h2(_("Evidence of the assessment as a whole")))
    evidence.show(assessment.id or 0, "", actor)
else:
    section = edition.questionnaire.sections[place]
    sections.title(edition, place)
    sections.show(assessment.id or 0, CLAIM, place, actor, findings.claim_part(section.id))
    if edition.questionnaire.claim and section.id in {part.id for part in edition.questionnaire.claim.parts}:
        markup.show(markup.h2(_("Evidence for this part")))
        evidence.show(assessment.id or 0, section.id, actor)
    sections.onward(assessment, pinned, edition, place)
