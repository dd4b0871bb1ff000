"""The questions of one questionnaire, section by section; answers save themselves."""

from __future__ import annotations

from pages._frame import frame, shared
from pages._parts import sections

actor = shared.current_actor()
assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
edition = sections.requested(assessment, pinned)
frame.head(assessment, pinned)
place = sections.chosen(edition) or 0
sections.title(edition, place)
sections.show(assessment.id or 0, edition.id, place, actor)
sections.onward(assessment, pinned, edition, place)
