"""All revisions of an assessment: what became of each, any of them read as it was, any two states side by side."""

from __future__ import annotations

import streamlit as st

from assessments import viewing
from assessments.content.canonical import content
from assessments.content.changes import compare
from assessments.model import Assessment, Json
from assessments.storage import database
from assessments.storage.entries import Submission
from pages._frame import enum_names, frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import differences, findings, reading, seal

NOW = "now"


def _state_links(title: str, side: str, states: dict[str, str], chosen: dict[str, str]) -> None:
    """A row of links to one side of the comparison; the chosen one is said to be it."""
    links = [
        (
            shared.address("revisions", "compared", assessment=number, **{**chosen, side: name}),
            label,
            chosen.get(side) == name,
        )
        for name, label in states.items()
    ]
    shared.draw("parts/states.html.j2", title=title, links=links)


def _row(revision: Assessment) -> tuple[str, ...]:
    """Status, decision and sign-off of one revision, with the way to read it."""
    decision, sign_off = revision.decision, revision.sign_off
    ruling = enum_names.ruling(decision.ruling, shared.language()) if decision else ""
    address = shared.address("revisions", assessment=number, read=revision.revision)
    return (
        markup.short(markup.link(address, _("Revision {number}", number=revision.revision))),
        frame.status_tag(revision.status),
        f"{revision.submitted_by.name} · {shared.moment(revision.submitted_at)}" if revision.submitted_by else "–",
        markup.lines((ruling, markup.aside(f"{decision.by.name} · {shared.moment(decision.at)}"))) if decision else "–",
        f"{sign_off.by.name} · {shared.moment(sign_off.at)}" if sign_off else "–",
    )


def _read(revision: Assessment) -> None:
    """One revision as it was, to be read only."""
    pinned = shared.editions_of(revision)
    results = shared.findings_of(revision, pinned)
    markup.show(
        markup.notice(
            "note",
            _("This is revision {number} as it was. Nothing can be changed here.", number=revision.revision),
            markup.link(shared.address("revisions", assessment=number), _("All revisions")),
        )
    )
    markup.show(findings.strip(results))
    seal.decision(revision)
    reading.show(revision, pinned, results, editable=False)


actor = shared.current_actor()
actor, assessment = shared.open_assessment(actor)
pinned_now = shared.editions_of(assessment)
number = assessment.id or 0
frame.head(assessment, pinned_now)
frame.heading(screens.title_of("revisions", shared.language()))
revisions: tuple[Assessment, ...] = ()
submissions: tuple[Submission, ...] = ()
with shared.problems_shown(), database.reading() as session:
    revisions = viewing.revisions(session, actor, number)
    submissions = viewing.submissions(session, actor, number)
by_number = {revision.revision: revision for revision in revisions}
read_number = shared.whole(st.query_params.get("read", ""))
if read_number in by_number:
    _read(by_number[read_number])
else:
    heads = (
        _("Revision"),
        findings.word("status"),
        _("Submitted"),
        findings.word("ruling"),
        findings.word("signed_off_by"),
    )
    markup.show(markup.table(heads, [_row(revision) for revision in reversed(revisions)]))

    contents: dict[str, tuple[str, Json]] = {
        differences.address_of(submission): (differences.named(submission), submission.content)
        for submission in submissions
    }
    submitted_numbers = {submission.revision for submission in submissions}
    for revision in revisions:
        if revision.revision not in submitted_numbers and revision.revision != assessment.revision:
            name = _("Revision {number}", number=revision.revision)
            contents[f"{revision.revision}.0"] = (name, content(revision))
    if assessment.status.is_editable or assessment.revision not in submitted_numbers:
        contents[NOW] = (_("Revision {number}, as it is now", number=assessment.revision), content(assessment))
    if len(contents) > 1:
        names = list(contents)
        chosen = {
            side: st.query_params[side] if st.query_params.get(side) in contents else default
            for side, default in (("old", names[-2]), ("new", names[-1]))
        }
        markup.show(markup.h2(_("Side by side"), id="compared"))
        labels = {name: label for name, (label, _content) in contents.items()}
        _state_links(_("before"), "old", labels, chosen)
        _state_links(_("after"), "new", labels, chosen)
        differences.show(compare(contents[chosen["old"]][1], contents[chosen["new"]][1]), assessment, pinned_now)
