"""Impact scenarios, the rights they touch, and the measures: what may go wrong for whom, and what is done about it."""

from __future__ import annotations

from assessments.rights import may
from assessments.rules.findings import IMPACT
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import acts, carried, contradictions, discussion, impacts, measures, points, presence, way

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
results = shared.findings_of(assessment)
frame.heading(screens.title_of("impacts", shared.language()))
lead = _("Describe how the system may harm somebody, judge each right it touches, and say what is done about it.")
markup.show(markup.paragraph(lead, "h-lead"))
presence.show(assessment)
acts.returned_because(assessment, actor)
talk = discussion.of(assessment, actor)
asked_for = points.of(assessment, actor)
taken = carried.of(assessment, actor)
editable = assessment.status.is_editable and may(actor, "set_scenarios")
impact = pinned[IMPACT].questionnaire if IMPACT in pinned else None
if impact is None:
    markup.show(markup.notice("note", _("This assessment was begun without the questionnaire on impacts.")))
else:
    markup.show(markup.h2(_("Scenarios")))
    impacts.tables(impact)
    for where in ("scenarios", "measures"):
        contradictions.beside(where, results, assessment, pinned)
        points.beside(where, asked_for, assessment)
        carried.beside(where, taken, assessment, actor)
    if on_list := discussion.beside("scenarios", _("Scenarios"), talk, _("Comment on the scenarios")):
        markup.show(on_list)
    impacts.show(assessment, impact, results, actor, editable=editable)
    markup.show(markup.h2(_("Measures")))
    if on_list := discussion.beside("measures", _("Measures"), talk, _("Comment on the measures")):
        markup.show(on_list)
    measures.show(assessment, actor, editable=editable)
way.onward(assessment, pinned, "impacts")
