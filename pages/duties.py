"""The duties of an assessment: what is owed, whether its performance is documented, and what is to be done."""

from __future__ import annotations

from pages._frame import frame, screens, shared
from pages._parts import duties, enforcement
from questionnaires import wording
from questionnaires.enforcement import enforcement as law

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
frame.head(assessment, pinned)
frame.heading(screens.title_of("duties", shared.language()), duties.summary(pinned))
results = shared.findings_of(assessment)
duties.show(results, assessment, pinned)
unmet = [finding.duty for finding in results.duties if finding.is_unmet]
enforcement.show_unmet(law(), unmet, wording.seoul_day(shared.now()))
