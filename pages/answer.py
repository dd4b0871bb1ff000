"""The questions of one questionnaire, page by page; answers save themselves."""

from __future__ import annotations

from pages._frame import frame, shared
from pages._parts import acts, presence, question_page, sections, way

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
edition = sections.requested(assessment, pinned)
frame.head(assessment, pinned)
page = way.page_of(edition.questionnaire, sections.chosen(edition) or 0)
sections.title(edition, page)
presence.show(assessment, edition)
acts.returned_because(assessment, actor)
question_page.show(assessment.id or 0, edition.id, page.start, page.stop - 1, claimed=False)
way.onward(assessment, pinned, f"{edition.id}.{edition.questionnaire.sections[page.start].id}")
