"""A committee's vote: who has voted what and what is missing, the form of one's own vote, and its end by the chair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup, escape

from assessments import actions, viewing
from assessments.model import OF_ONE, Actor, Assessment, Ballot, Person, Status, Vote
from assessments.rules import voting
from assessments.rules.voting import Result
from assessments.rules.workflow import Standing
from pages._field import forms
from pages._frame import database, enum_names, markup, pressing, shared
from pages._frame.shared import _, many
from pages._parts import conditions, confirming, findings, gaps, points
from questionnaires.load import Edition

MAX_REASON = 4000
KINDS = {
    Ballot.APPROVE: "good",
    Ballot.APPROVE_WITH_CONDITIONS: "cannot",
    Ballot.REJECT: "bad",
    Ballot.RETURN: "open",
    Ballot.ABSTAIN: "plain",
    Ballot.RECUSED: "plain",
}


def show(assessment: Assessment, pinned: Mapping[str, Edition], actor: Actor) -> None:
    """The votes so far and what the quorum lacks; of a decision who attended, how they voted, and why."""
    standing = Standing.of(assessment)
    if assessment.status.is_editable or not standing.is_voted_on:
        return
    with database.reading() as session:
        members = viewing.committee_at(session, actor, assessment.id or 0)
    settings = assessment.committee or OF_ONE
    counted, word = len(voting.counted(assessment.votes, settings)), findings.word
    facts = [
        f"{word('quorum')}: {settings.quorum}",
        many("{count} vote counted", "{count} votes counted", counted),
        *(() if settings.chair_votes else (word("chair_votes_at_tie"),)),
    ]
    markup.show(markup.h2(word("votes"), "votes") + markup.quiet(" · ".join(facts)))
    if assessment.status is Status.SUBMITTED:
        _missing(assessment, standing, members)
    if assessment.votes:
        closer = assessment.decision.by.id if assessment.decision else ""
        gone = {vote.by.id for vote in assessment.votes} - {member.id for member in members}
        rows = [
            _row(vote, pinned, closer, is_gone=assessment.status is Status.SUBMITTED and vote.by.id in gone)
            for vote in assessment.votes
        ]
        markup.show(markup.table((word("member"), word("ballot"), word("vote_reason"), _("When")), rows))
    with st.expander(_("How the votes decide")):
        markup.show(markup.paragraph(word("vote_rule")))


def _missing(assessment: Assessment, standing: Standing, members: Mapping[Person, bool]) -> None:
    """What the quorum lacks, and who can still vote; of chairs who vote at a tie only nobody waits for a vote."""
    silent = standing.voters | standing.recused | {author.id for author in assessment.authors}
    able = [
        member
        for member, is_chair in members.items()
        if member.id not in silent and (standing.committee.chair_votes or not is_chair)
    ]
    names = _names(able)
    if not standing.missing:
        text = _("The quorum is met. The chair can close the vote.")
        markup.show(markup.notice("good", text, markup.quiet(_("Not voted yet: {names}", names=names) if able else "")))
    elif len(able) < standing.missing:
        text = _(
            "The quorum cannot be met: too few members can vote on this. An administrator can name more, or lower it."
        )
        markup.show(markup.notice("bad", text))
    else:
        text = many("{count} more vote is needed.", "{count} more votes are needed.", standing.missing)
        markup.show(markup.notice("note", text, markup.quiet(_("Not voted yet: {names}", names=names))))


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.name for person in people)


def _row(vote: Vote, pinned: Mapping[str, Edition], closer: str, *, is_gone: bool) -> tuple[str, ...]:
    """is_gone: holds no role in the committee any more, while the vote is still open; what was voted stands."""
    word = findings.word
    role = word("closed_by_chair") if vote.by.id == closer else word("as_chair") if vote.as_chair else ""
    reason = markup.free_text(vote.reason)
    if vote.conditions:
        reason += conditions.listed(vote.conditions)
    if vote.points:
        reason += markup.joined(
            markup.paragraph(f"{gaps.name_of(point.where, pinned) or point.where}: {point.text}")
            for point in vote.points
        )
    who: Markup = escape(f"{vote.by.name} ({role})" if role else vote.by.name)
    if is_gone:
        who += markup.tags(markup.tag(_("No longer in the committee; the vote stands"), "open"))
    return who, markup.tag(word(f"ballot_{vote.ballot}"), KINDS[vote.ballot]), reason, shared.moment(vote.at)


def form(
    assessment: Assessment, pinned: Mapping[str, Edition], actor: Actor, steps: tuple[str, ...], anchor: str
) -> None:
    """One's own vote, which may be changed until the chair closes. anchor: of the heading."""
    if "vote" not in steps:
        return
    word = findings.word
    own = next((vote for vote in assessment.votes if vote.by.id == actor.id), None)
    key = f"vote-{_of(assessment)}"
    markup.show(markup.h2(_("Change your vote") if own else _("Your vote"), anchor))
    with st.form(key, enter_to_submit=False):
        ballots = {ballot.value: word(f"ballot_{ballot}") for ballot in Ballot}
        forms.choice(word("ballot"), ballots, key=f"{key}-ballot", value=own.ballot.value if own else "", required=True)
        reason = own.reason if own else ""
        forms.text(_("Reason"), key=f"{key}-reason", value=reason, kind="long", max_chars=MAX_REASON, required=True)
        conditions.fields(key, assessment, actor, own.conditions if own else ())
        points.fields(key, pinned, own.points if own else ())
        text = _(
            "Your vote on exactly this content stands under your name, in the history and in the report. You can change it "
            "until the chair closes the vote; who is recused stays so."
        )
        markup.show(markup.quiet(text))
        args = (assessment.id, assessment.content_sha256, key)
        pressing.button(_("Cast this vote"), f"{key}-go", _vote, *args, in_form=True, type="primary")


def close_form(assessment: Assessment, actor: Actor, steps: tuple[str, ...], anchor: str) -> None:
    """What the votes come to, and the press by which it becomes so. anchor: of the heading."""
    if "close" not in steps:
        return
    settings = assessment.committee or OF_ONE
    result = voting.result(assessment.votes, settings, actor.id)
    if result is None:
        return
    key = f"close-{_of(assessment)}"
    markup.show(markup.h2(_("Close the vote"), anchor))
    with st.form(key, enter_to_submit=False):
        markup.show(markup.notice("note", _("By these votes: {result}", result=_result(result)), _what_follows(result)))
        if result is Result.APPROVED_WITH_CONDITIONS:
            markup.show(conditions.listed(voting.conditions(assessment.votes, settings, actor.id)))
        label = _("Reason of the committee")
        forms.text(label, key=f"{key}-reason", kind="long", max_chars=MAX_REASON, required=True)
        seen = max(vote.seq for vote in assessment.votes)
        args = (assessment.id, assessment.content_sha256, seen, key)
        pressing.button(_("Close the vote"), f"{key}-go", _close, *args, in_form=True, type="primary")


def _result(result: Result) -> str:
    language = shared.language()
    if result is Result.RETURNED:
        return findings.word("ballot_return")
    return enum_names.ruling(result.value, language)


def _what_follows(result: Result) -> Markup:
    text = _("This cannot be undone. It then waits for the signing officer.")
    if result is Result.RETURNED:
        text = _(
            "It goes back to the author with what the members asked for; these votes do not count for what is submitted next."
        )
    return markup.quiet(text)


def _of(assessment: Assessment) -> str:
    """What is voted on, for keys: what is submitted again is another matter."""
    return f"{assessment.id}-{assessment.revision}-{assessment.submission}"


# --- deeds -----------------------------------------------------------------------------------------------


def _vote(assessment_id: int, seen_sha256: str, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-") or confirming.is_asked_first():
        return
    ballot, reason = Ballot(forms.entered(f"{key}-ballot")), forms.entered(f"{key}-reason")
    with pressing.problems_kept():
        named = conditions.entered(key)
        places = points.entered(key)
        is_unfit = bool(named) or ballot is Ballot.APPROVE_WITH_CONDITIONS
        with forms.refused_at(f"{key}-condition-1-text", where=is_unfit), forms.deed(f"{key}-") as session:
            actions.cast_vote(
                session,
                assessment_id,
                ballot,
                reason,
                seen_sha256,
                actor,
                shared.now(),
                conditions=named,
                points=places,
            )
        pressing.tell(_("Your vote is recorded."))


def _close(assessment_id: int, seen_sha256: str, seen: int, key: str) -> None:
    actor = shared.current_actor()
    if not forms.complete(f"{key}-") or confirming.is_asked_first():
        return
    reason = forms.entered(f"{key}-reason")
    with pressing.problems_kept():
        with forms.deed(f"{key}-") as session:
            status = actions.close_vote(session, assessment_id, reason, seen_sha256, seen, actor, shared.now())
        is_returned = status is Status.RETURNED
        pressing.tell(
            _("The vote is closed: returned to the author.")
            if is_returned
            else _("The vote is closed and the decision recorded. It waits for the sign-off.")
        )
