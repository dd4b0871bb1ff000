"""All revisions of an assessment: what became of each, any of them read as it was, any two states side by side.

The other side can be a state of another assessment; then they are compared where their questionnaires meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from assessments import viewing
from assessments.content.changes import compare
from assessments.model import Assessment
from assessments.storage.entries import AssessmentSummary, Submission
from pages._frame import database, enum_names, frame, markup, screens, shared
from pages._frame.shared import _
from pages._parts import comparing, differences, findings, reading, restoring, seal
from pages._parts import lists as _lists
from questionnaires.load import Edition


def _state_links(title: str, side: str, states: dict[str, str], chosen: dict[str, str]) -> None:
    """A row of links to one side of the comparison; the chosen one is said to be it."""
    links = [
        (
            shared.address("revisions", "compared", assessment=number, **{**beside_query, **chosen, side: name}),
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
    results = shared.findings_of(revision)
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


actor = shared.acting()
actor, assessment = shared.open_assessment(actor)
pinned_now = shared.editions_of(assessment)
number = assessment.id or 0
frame.head(assessment, pinned_now)
frame.heading(screens.title_of("revisions", shared.language()))
revisions: tuple[Assessment, ...] = ()
submissions: tuple[Submission, ...] = ()
others: list[AssessmentSummary] = []
with shared.problems_shown(), database.reading() as session:
    revisions = viewing.revisions(session, actor, number)
    submissions = viewing.submissions(session, actor, number)
    system_id = assessment.system.id or 0
    others = [other for other in viewing.assessments(session, actor, system_id=system_id).entries if other.id != number]
beside_query = {"other": st.query_params["other"]} if st.query_params.get("other") else {}
by_number = {revision.revision: revision for revision in revisions}
read_number = shared.whole(st.query_params.get("read", ""))
restoring.show(assessment, pinned_now, actor)
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

    contents = comparing.states(assessment, revisions, submissions)
    beside = comparing.beside(number, actor)
    if len(contents) > 1 or beside is not None or others:
        markup.show(markup.h2(_("Side by side"), id="compared"))
    if beside is not None or others:
        shared.draw(
            "parts/other_assessment.html.j2",
            number=number,
            other=beside.assessment.id if beside else "",
            choices=[(other.id, _lists.name_of(other.system, shared.language())) for other in others],
            alone=shared.address("revisions", "compared", assessment=number),
        )
    foreign = {f"{beside.assessment.id}-{name}": state for name, state in beside.states.items()} if beside else {}
    if len(contents) + len(foreign) > 1:
        states = {**foreign, **contents}
        names = list(states)
        defaults = (list(foreign)[-1] if foreign else names[-2], names[-1])
        chosen = {
            side: st.query_params[side] if st.query_params.get(side) in states else default
            for side, default in zip(("old", "new"), defaults, strict=True)
        }
        labels = {name: label for name, (label, _content) in states.items()}
        if beside is not None:
            for name in labels:
                of = beside.assessment.id if name in foreign else number
                labels[name] = f"{_('Assessment {number}', number=of)} · {labels[name]}"
        _state_links(_("One side") if foreign else _("before"), "old", labels, chosen)
        _state_links(_("Other side") if foreign else _("after"), "new", labels, chosen)
        changes = compare(states[chosen["old"]][1], states[chosen["new"]][1])
        pinned: Mapping[str, Edition] = pinned_now
        if beside is not None and len(foreign.keys() & set(chosen.values())) == 1:
            pinned = {**beside.pinned, **pinned_now}
            changes = comparing.where_they_meet(changes, pinned_now, beside.pinned)
        elif beside is not None and chosen["new"] in foreign:
            pinned = beside.pinned
        restored_at = None
        if chosen["new"] == comparing.NOW and chosen["old"] in contents and restoring.is_possible(assessment, actor):
            restored_at = partial(restoring.of_submission, assessment, chosen["old"])
        sides = (labels[chosen["old"]], labels[chosen["new"]]) if foreign else None
        differences.show(changes, assessment, pinned, restored_at, sides=sides)
