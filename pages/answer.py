"""The questions of one questionnaire, section by section; answers save themselves."""

from __future__ import annotations

from pages import _frame, _sections, _shared

actor = _shared.current_actor()
assessment = _shared.open_assessment(actor)
pinned = _shared.editions_of(assessment)
edition = _sections.asked(assessment, pinned)
_frame.head(assessment, pinned)
place = _sections.chosen(edition) or 0
_sections.title(edition, place)
_sections.show(assessment.id or 0, edition.id, place, actor)
_sections.onward(assessment, pinned, edition, place)
