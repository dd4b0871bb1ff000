"""What would follow if answers, measures or judgments were otherwise, on a copy: nothing of this screen is stored."""

from __future__ import annotations

from assessments.rules.supposing import moved
from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import hinging, supposing
from questionnaires.wording import seoul_day

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
questionnaires = {name: edition.questionnaire for name, edition in pinned.items()}
judged_on = assessment.day_judged(seoul_day(shared.now()))
frame.head(assessment, pinned)
frame.heading(screens.title_of("whatif", shared.language()))
text = _(
    "This is a copy. Nothing that is changed here is stored or enters the history; the changes stand in the address of this "
    "page alone, and whoever opens it sees them only if they may read this assessment."
)
markup.show(markup.notice("note", text))
changes = supposing.in_address(questionnaires, assessment)
moves = moved(questionnaires, assessment, changes, judged_on=judged_on)
supposing.compared(moves, is_changed=bool(changes))
supposing.choose(questionnaires, assessment, changes)
if changes:
    supposing.listed(moves, changes, questionnaires, assessment)
    supposing.trace(moves, questionnaires, assessment)
hinging.way_down(questionnaires, assessment, changes)
markup.show(markup.h2(_("What outcome, claim and level hang on")))
with shared.fold(_("Try every answer"), f"whatif-hinges-{assessment.id}") as is_open:
    if is_open:
        hinging.hinges(questionnaires, assessment, judged_on)
