"""The human-involvement claim, part by part: its questions, its finding, its evidence."""

from __future__ import annotations

from assessments.rules.findings import CLAIM
from assessments.rules.involvement import is_made
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._log import link, supervision
from pages._parts import (
    acts,
    discussion,
    evidence,
    findings,
    giving,
    points,
    presence,
    question_page,
    recourse,
    sections,
    way,
)

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
edition = pinned[CLAIM]
questionnaires = {name: pinned_edition.questionnaire for name, pinned_edition in pinned.items()}
place = sections.chosen(edition)
if place is None:
    results = shared.findings_of(assessment)
    frame.heading(screens.title_of("involvement", shared.language()))
    intro = edition.questionnaire.intro
    if intro:
        markup.show(markup.paragraph(intro[shared.language()], "h-lead"))
    findings.claim_matters_not(assessment, questionnaires)
    findings.claim_whole(results, markup.h2)
    link.show(assessment, results)
    markup.show(markup.h2(_("Part by part")))
    sections.listed(assessment, edition, results, giving.of(assessment, actor))
    recourse.beside_claim(assessment.id or 0, actor)
    supervision.show(results, pinned)
    markup.show(markup.h2(_("Evidence of the assessment as a whole")))
    points.beside("evidence", points.of(assessment, actor), assessment)
    on_evidence = discussion.beside(
        "evidence", findings.word("s_evidence"), discussion.of(assessment, actor), _("Comment on the evidence")
    )
    if on_evidence:
        markup.show(on_evidence)
    evidence.show(assessment.id or 0, [""], actor)
    first = edition.questionnaire.sections[0].id
    sections.near(way.place_of(assessment, edition, first), _("Answer the questions on the claim") + " →")
else:
    page = way.page_of(edition.questionnaire, place)
    sections.title(edition, page)
    presence.show(assessment, edition)
    acts.returned_because(assessment, actor)
    if page.start == 0:
        findings.claim_matters_not(assessment, questionnaires)
    claimed = is_made(edition.questionnaire, assessment.answers(CLAIM))
    question_page.show(assessment.id or 0, CLAIM, page.start, page.stop - 1, claimed=claimed)
    if claimed and edition.questionnaire.claim:
        on_page = {edition.questionnaire.sections[place].id for place in page}
        parts = [part.id for part in edition.questionnaire.claim.parts if part.id in on_page]
        markup.show(markup.h2(_("Evidence for the parts on this page")))
        evidence.show(assessment.id or 0, parts, actor)
    way.onward(assessment, pinned, f"{CLAIM}.{edition.questionnaire.sections[page.start].id}")
