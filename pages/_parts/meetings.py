"""A committee's meeting in words: what it is called, what its items are about, what the votes were. Shared by its two screens."""

from __future__ import annotations

from markupsafe import Markup

from assessments.model import Status
from assessments.rules.lifecycle import CAUSES, Cause
from assessments.rules.meetings import Item, Meeting, State, Subject
from assessments.storage.entries import EventLine
from assessments.viewing import MeetingView, Outcome
from pages._frame import enum_names, frame, markup, shared
from pages._frame.shared import _
from pages._parts import findings, votes
from pages._parts import lists as _lists
from pages._server import request_clocks
from questionnaires import wording

KINDS = {State.OPEN: "wait", State.CLOSED: "good", State.CANCELLED: "plain"}
SUBJECTS = {
    Subject.DECISION: "wait",
    Subject.CONDITION: "bad",
    Subject.CHANGE: "cannot",
    Subject.REASSESSMENT: "open",
    Subject.CONFIRMATION: "cannot",
    Subject.OWN: "plain",
}


_SCREENS = {
    Subject.CONDITION: "followup",
    Subject.REASSESSMENT: "followup",
    Subject.CONFIRMATION: "documents",
}
"""Subject → where it is seen to; all others where the assessment stands."""


def title(number: int) -> str:
    return findings.word("meeting_number").format(number=number)


def state_tag(state: State) -> Markup:
    return markup.tag(findings.word(f"meeting_state_{state}"), KINDS[state])


def subject_tag(item: Item) -> Markup:
    return markup.tag(findings.word(f"subject_{item.subject}"), SUBJECTS[item.subject])


def facts(meeting: Meeting) -> list[tuple[str, str]]:
    """Day, form, place and who convened it."""
    word = findings.word
    rows = [
        (word("meeting_day"), wording.day(meeting.on, shared.language())),
        (word("meeting_form"), word(f"meeting_form_{meeting.form}")),
    ]
    if meeting.place:
        rows.append((word("meeting_place"), meeting.place))
    by = meeting.convened_by.name if meeting.convened_by else _("erased")
    rows.append((_("Convened by"), f"{by} · {shared.moment(meeting.convened_at)}"))
    return rows


def name_of(item: Item, view: MeetingView) -> str:
    """Which assessment or, of the chair's own items, which matter it is about."""
    if item.assessment is None:
        return item.text or _("erased")
    summary = view.assessments.get(item.assessment)
    name = _lists.name_of(summary.system, shared.language()) if summary else _("now in another unit")
    return f"{name} ({item.assessment})"


def matter(item: Item, view: MeetingView) -> Markup:
    """With the way to it and, where its kind does not say so, why it is on the agenda."""
    name = name_of(item, view)
    summary = view.assessments.get(item.assessment or 0)
    if summary is None:
        return markup.joined((name,))
    screen = _SCREENS.get(item.subject) or _lists.screen_of(summary)
    link = markup.link(shared.address(screen, assessment=summary.id), name)
    why = _why(item, view)
    return markup.lines((link, markup.aside(why))) if why else link


def _why(item: Item, view: MeetingView) -> str:
    language = shared.language()
    match item.subject:
        case Subject.CONDITION:
            condition = view.conditions.get(item.which)
            if condition is None:
                return ""
            due = wording.day(condition.due, language).replace(" ", "\u00a0") if condition.due else ""
            return " · ".join(part for part in (condition.text, condition.owner, due) if part)
        case Subject.CHANGE:
            return findings.word(f"change_{item.which.split()[0]}")
        case Subject.REASSESSMENT:
            return "" if item.which == Cause.REASSESSMENT else CAUSES[Cause(item.which)][language]
        case Subject.CONFIRMATION:
            return request_clocks.matter(item.which, language)
    return ""


def standing(item: Item, view: MeetingView) -> Markup:
    """How far it is: the votes so far and what came of them, or where the assessment stands now."""
    outcome = view.outcomes.get(item.number)
    if outcome is not None:
        if outcome.decision:
            return markup.tag(*decided(outcome.decision))
        count = len(outcome.votes)
        return markup.aside(shared.many("{count} vote", "{count} votes", count) if count else _("no votes yet"))
    summary = view.assessments.get(item.assessment or 0)
    return frame.status_tag(summary.status) if summary else markup.aside("—")


def decided(line: EventLine) -> tuple[str, str]:
    """What came of the votes, and of which kind its tag is."""
    if line.kind == "return_to_author":
        return enum_names.status(Status.RETURNED, shared.language()), "cannot"
    ruling = str(line.values.get("ruling", ""))
    kind = {"approved": "good", "approved_with_conditions": "cannot", "rejected": "bad"}.get(ruling, "plain")
    return (enum_names.ruling(ruling, shared.language()) if ruling else _("Decided")), kind


def ballots(outcome: Outcome) -> Markup:
    """Votes and reasons as they were cast; nothing where nobody voted."""
    word = findings.word
    if not outcome.votes:
        return markup.empty(_("Nobody has voted on it yet."))
    rows = [
        (
            f"{vote.by.name} ({word('as_chair')})" if vote.as_chair else vote.by.name,
            markup.tag(word(f"ballot_{vote.ballot}"), votes.KINDS[vote.ballot]),
            markup.free_text(vote.reason),
            shared.moment(vote.at),
        )
        for vote in outcome.votes
    ]
    return markup.table((word("member"), word("ballot"), word("vote_reason"), _("When")), rows)
