"""What follows a decision: what calls for a reassessment, measures and conditions, later logs, keeping and legal holds, the end."""

from __future__ import annotations

from assessments import viewing
from pages._frame import database, frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import ending, following, holding, presence
from questionnaires.wording import seoul_day

actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned = shared.editions_of(assessment)
today = seoul_day(shared.now())
frame.head(assessment, pinned)
frame.heading(screens.title_of("followup", shared.language()))
presence.show(assessment)
after = None
with shared.problems_shown(), database.reading() as session:
    after = viewing.aftermath(session, actor, assessment.id or 0, today)
if after is not None:
    ending.state(after)
    if after.decided is None:
        markup.show(markup.notice("note", _("Nothing is decided yet. What follows a decision will stand here.")))
    else:
        following.calls(assessment, after, actor, today)
        following.followed_up(after, actor, today)
        following.logs(assessment, after, actor)
    holding.show(assessment, after, actor, today)
    ending.show(assessment, after, actor)
