"""Before submitting: results with and without the claim, gaps, score, all answers, the draft report."""

from __future__ import annotations

from functools import partial

from assessments.content.canonical import content
from assessments.model import Status
from assessments.rights import may
from assessments.rules import workflow
from exports.printing import lettering
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import (
    acts,
    carried,
    conditions,
    contradictions,
    differences,
    discussion,
    gaps,
    points,
    presence,
    reading,
    restoring,
    seal,
    withheld,
)

PASSAGES_SHOWN = 10

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
talk = discussion.of(assessment, actor)
results = shared.findings_of(assessment)
frame.head(assessment, pinned)
frame.heading(screens.title_of("review", shared.language()))
steps = workflow.possible_steps(assessment, actor)
presence.show(assessment)
acts.lead_to(steps)
acts.returned_because(assessment, actor)
points.listed(assessment, pinned, actor)
if assessment.status is Status.RETURNED or (assessment.status.is_editable and assessment.revision > 1):
    can_restore = restoring.is_possible(assessment, actor)
    restored_at = partial(restoring.of_submission, assessment) if can_restore else None
    differences.since_submission(assessment, pinned, actor, restored_at)
conditions.of_revision_before(assessment, actor)
discussion.counted(talk, pinned)
carried.listed(assessment, pinned, carried.of(assessment, actor), actor)
gaps.show(results, assessment, pinned)
contradictions.show(results, assessment, pinned, editable=assessment.status.is_editable and may(actor, "explain"))
reading.show(
    assessment, pinned, results, editable=assessment.status.is_editable and may(actor, "record_response"), talk=talk
)
withheld.show(assessment, pinned, editable=assessment.status.is_editable and may(actor, "set_withheld"))
if passages := lettering.undrawn_passages(content(assessment)):
    lacking = _(
        "No font of the report has these characters. They will stand there by their number; write them otherwise."
    )
    markup.show(markup.notice("note", lacking, markup.items(passages[:PASSAGES_SHOWN])))
markup.show(markup.h2(_("Draft report")))
markup.show(
    markup.paragraph(_("The whole assessment as a PDF, marked as a draft and not sealed. It takes a few seconds."))
)
draft = f"/files/report/{assessment.id}/draft.pdf?language={seal.language_choice(f'draft-{assessment.id}-language')}"
markup.show(
    markup.paragraph(markup.link(draft, _("Download the draft PDF"), "h-button")) + seal.other_forms(assessment)
)
acts.submit(assessment, steps)
