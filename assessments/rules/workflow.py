"""Which step leads where, and who may take it: advance, possible_steps. Pure: a new Assessment comes out.

Four eyes: whoever decides or votes wrote nothing in the revision; the signing officer neither wrote nor, where the
organisation separates three people, decided or voted. At least two people are involved; nobody does it all alone.
In a committee of one a member decides by one deed; in any other members vote and a chair closes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assessments.errors import IncompleteError, NotAllowedError, WrongStatusError
from assessments.model import (
    OF_ONE,
    Actor,
    Assessment,
    Ballot,
    Committee,
    Condition,
    Decision,
    Origin,
    Refusal,
    RefusalGoal,
    Role,
    Ruling,
    SignOff,
    Statement,
    Status,
    Text,
    Vote,
)
from assessments.rules import voting
from questionnaires.texts import joined, texts_of

TEXTS = texts_of(__file__)
AUTHORS = frozenset({Role.PRODUCT_MANAGER, Role.CONTRIBUTOR})
COMMITTEE = frozenset({Role.COMMITTEE_MEMBER, Role.CHAIR})


@dataclass(frozen=True)
class Step:
    """One row of the workflow table."""

    name: str
    label: Text
    from_: frozenset[Status]
    to: Status
    roles: frozenset[Role]


STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step(
            "submit",
            TEXTS.text("step_submit"),
            frozenset({Status.DRAFT, Status.RETURNED}),
            Status.SUBMITTED,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
        Step(
            "return_",
            TEXTS.text("step_return_"),
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            COMMITTEE,
        ),
        Step("decide", TEXTS.text("step_decide"), frozenset({Status.SUBMITTED}), Status.DECIDED, COMMITTEE),
        Step("vote", TEXTS.text("step_vote"), frozenset({Status.SUBMITTED}), Status.SUBMITTED, COMMITTEE),
        Step("close", TEXTS.text("step_close"), frozenset({Status.SUBMITTED}), Status.DECIDED, frozenset({Role.CHAIR})),
        Step(
            "sign_off",
            TEXTS.text("step_sign_off"),
            frozenset({Status.DECIDED}),
            Status.SIGNED_OFF,
            frozenset({Role.SIGNING_OFFICER}),
        ),
        Step(
            "refuse",
            TEXTS.text("step_refuse"),
            frozenset({Status.DECIDED}),
            Status.REFUSED,
            frozenset({Role.SIGNING_OFFICER}),
        ),
        Step(
            "revise",
            TEXTS.text("step_revise"),
            frozenset({Status.SUBMITTED, Status.DECIDED, Status.SIGNED_OFF, Status.REFUSED}),
            Status.DRAFT,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
        Step(
            "withdraw",
            TEXTS.text("step_withdraw"),
            frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED}),
            Status.WITHDRAWN,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
    )
}


AWAITED = ("sign_off", "close", "vote", "decide", "submit")
"""Steps that others are waiting for, most urgent first."""
MOST_NAMED = 3
"""Most questions that a refusal names."""
THREE_PEOPLE = 3
"""From this separation on, nobody may sign off what they decided."""


@dataclass(frozen=True)
class Standing:
    """What determines a revision's possible steps; all that lists know of it."""

    revision: int
    status: Status
    authors: frozenset[str]
    """Ids of its authors."""
    decided_by: str | None
    """Id. None: nobody has decided."""
    separation: int
    committee: Committee = OF_ONE
    voters: frozenset[str] = frozenset()
    """Ids of those whose vote stands."""
    recused: frozenset[str] = frozenset()
    missing: int = 0
    """Votes that the quorum still lacks."""

    @classmethod
    def of(cls, assessment: Assessment) -> Standing:
        return cls(
            assessment.revision,
            assessment.status,
            frozenset(author.id for author in assessment.authors),
            assessment.decision.by.id if assessment.decision else None,
            assessment.operator.separation,
            **of_votes(assessment.votes, assessment.committee or OF_ONE),
        )

    @property
    def is_voted_on(self) -> bool:
        """Members vote and a chair closes; else one member decides alone."""
        return self.committee.quorum > 1 or bool(self.voters or self.recused)


def of_votes(votes: Sequence[Vote], committee: Committee) -> dict[str, Any]:
    """What a standing holds of them."""
    is_recused = {vote.by.id: vote.ballot is Ballot.RECUSED for vote in votes}
    return {
        "committee": committee,
        "voters": frozenset(person for person, recused in is_recused.items() if not recused),
        "recused": frozenset(person for person, recused in is_recused.items() if recused),
        "missing": voting.missing(votes, committee),
    }


STATUS_TITLES: Mapping[Status, Text] = {status: TEXTS.text(f"status_{status}") for status in Status}
"""Names shown on screens and in reports."""


def role_titles(roles: frozenset[Role]) -> Text:
    """The titles of these roles, joined for display; a dash if there are none."""
    named = [TEXTS.text(f"role_{role}") for role in Role if role in roles]
    return joined(*named, by=", ") if named else Text(ko="-", en="-")


def _title(assessment: Assessment | Standing) -> Text:
    return STATUS_TITLES[assessment.status]


def check_may_edit(assessment: Assessment, actor: Actor) -> None:
    """Raises: NotAllowedError, WrongStatusError."""
    if not actor.roles & AUTHORS:
        raise _not_allowed(actor, TEXTS.text("edit"), AUTHORS)
    if not assessment.status.is_editable:
        raise WrongStatusError(TEXTS.told("not_to_be_edited", revision=assessment.revision, status=_title(assessment)))


def check_may_comment(assessment: Assessment) -> None:
    """Raises: WrongStatusError where nothing is to come of it any more."""
    if assessment.status is Status.WITHDRAWN:
        raise WrongStatusError(TEXTS.told("not_to_be_commented", id=assessment.id, status=_title(assessment)))


def possible_steps(assessment: Assessment | Standing, actor: Actor) -> tuple[str, ...]:
    """Steps this actor could take now, except for checks that need the step's own form."""
    standing = assessment if isinstance(assessment, Standing) else Standing.of(assessment)
    return tuple(name for name in STEPS if _refusal(standing, name, actor) is None)


def awaited_steps(assessment: Assessment | Standing, actor: Actor) -> tuple[str, ...]:
    """Steps that others are waiting for this actor to take; whoever has voted may change that, but nobody waits for it."""
    standing = assessment if isinstance(assessment, Standing) else Standing.of(assessment)
    return tuple(
        name
        for name in possible_steps(standing, actor)
        if name in AWAITED and not (name == "vote" and actor.id in standing.voters)
    )


def check_examines(assessment: Assessment, actor: Actor) -> None:
    """The actor is one of those who vote or decide on it. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "vote" if Standing.of(assessment).is_voted_on else "decide", actor)


def check_step(assessment: Assessment, step: str, actor: Actor) -> Step:
    """Raises: NotAllowedError, WrongStatusError."""
    refusal = _refusal(Standing.of(assessment), step, actor)
    if refusal is not None:
        raise refusal
    return STEPS[step]


def submit(
    assessment: Assessment,
    actor: Actor,
    at: datetime,
    content_sha256: str,
    missing: tuple[Text, ...],
    unexplained: tuple[Text, ...] = (),
) -> Assessment:
    """Submits to the committee; the content is frozen.

    missing: required questions without an answer; unexplained: what severe consistency checks say that nobody explained; both
    in the words of the screens.

    Raises: NotAllowedError, WrongStatusError, IncompleteError.
    """
    check_step(assessment, "submit", actor)
    if missing:
        raise IncompleteError(TEXTS.told("unanswered", id=assessment.id, count=len(missing), questions=_first(missing)))
    if unexplained:
        raise IncompleteError(
            TEXTS.told("contradicting", id=assessment.id, count=len(unexplained), questions=_first(unexplained))
        )
    return replace(
        assessment,
        status=Status.SUBMITTED,
        content_sha256=content_sha256,
        submitted_by=actor.person,
        submitted_at=at,
    )


def return_to_author(assessment: Assessment, actor: Actor, reason: str, *, step: str = "return_") -> Assessment:
    """Makes the revision editable again; all votes on it end. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, step, actor)
    _check_reason(reason)
    return replace(
        assessment,
        status=Status.RETURNED,
        content_sha256=None,
        submitted_by=None,
        submitted_at=None,
        submission=None,
        votes=(),
    )


def vote(assessment: Assessment, actor: Actor, vote: Vote) -> Assessment:
    """In the place of an earlier vote of the same person, if there is one.

    Raises: NotAllowedError, WrongStatusError, IncompleteError, StaleAssessmentError.
    """
    check_step(assessment, "vote", actor)
    _check_reason(vote.reason)
    if (vote.ballot is Ballot.APPROVE_WITH_CONDITIONS) != bool(vote.conditions):
        raise IncompleteError(TEXTS.told("conditions_or_none"))
    if vote.points and vote.ballot is not Ballot.RETURN:
        raise IncompleteError(TEXTS.told("points_of_no_return"))
    others = tuple(other for other in assessment.votes if other.by.id != actor.id)
    return replace(assessment, votes=(*others, vote))


def close(assessment: Assessment, actor: Actor, at: datetime, reason: str) -> Assessment:
    """Decided, or returned, as the votes have it. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "close", actor)
    _check_reason(reason)
    settings, frozen = assessment.committee or OF_ONE, _frozen(assessment)
    result = voting.result(assessment.votes, settings, actor.id)
    if result is None or any(vote.content_sha256 != frozen for vote in assessment.votes):
        raise WrongStatusError(TEXTS.told("votes_on_other_content", revision=assessment.revision))
    if result is voting.Result.RETURNED:
        return return_to_author(assessment, actor, reason, step="close")
    agreed = voting.conditions(assessment.votes, settings, actor.id)
    is_conditional = result is voting.Result.APPROVED_WITH_CONDITIONS
    decision = Decision(Ruling(result.value), reason, actor.person, at, frozen, agreed if is_conditional else ())
    return replace(assessment, status=Status.DECIDED, decision=decision, origin=Origin.RECORDED)


def decide(
    assessment: Assessment, actor: Actor, at: datetime, ruling: Ruling, reason: str, conditions: tuple[Condition, ...]
) -> Assessment:
    """Rules on exactly the frozen content. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "decide", actor)
    _check_reason(reason)
    if (ruling is Ruling.APPROVED_WITH_CONDITIONS) != bool(conditions):
        raise IncompleteError(TEXTS.told("conditions_or_none"))
    decision = Decision(ruling, reason, actor.person, at, _frozen(assessment), conditions)
    return replace(assessment, status=Status.DECIDED, decision=decision, origin=Origin.RECORDED)


def sign_off(assessment: Assessment, actor: Actor, at: datetime, statements: Collection[Statement]) -> Assessment:
    """Signs off the decision with these statements. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "sign_off", actor)
    named = tuple(statement for statement in Statement if statement in statements)
    signed = SignOff(actor.person, at, _frozen(assessment), statements=named)
    return replace(assessment, status=Status.SIGNED_OFF, sign_off=signed)


def revise(assessment: Assessment, actor: Actor) -> Assessment:
    """The next revision as a draft copy; the approval stays with the old one. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "revise", actor)
    authors = tuple(dict.fromkeys((*assessment.authors, actor.person)))  # the copy holds what they wrote
    return replace(as_draft(assessment, assessment.revision + 1), authors=authors)


def refuse(assessment: Assessment, actor: Actor, at: datetime, reason: str, goal: RefusalGoal) -> Assessment:
    """The revision ends unsigned, decided as it was. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "refuse", actor)
    _check_reason(reason)
    return replace(assessment, status=Status.REFUSED, refusal=Refusal(actor.person, at, reason, goal))


def follows_refusal(assessment: Assessment) -> Assessment | None:
    """The next revision, for whom the refused one goes to: the author, as a draft, or the committee, unchanged. None: for nobody."""
    goal = assessment.refusal.goal if assessment.refusal else RefusalGoal.NOWHERE
    if goal is RefusalGoal.NOWHERE:
        return None
    after = as_draft(assessment, assessment.revision + 1)
    if goal is RefusalGoal.AUTHOR:
        return after
    return replace(
        after,
        status=Status.SUBMITTED,
        content_sha256=assessment.content_sha256,
        submitted_by=assessment.submitted_by,
        submitted_at=assessment.submitted_at,
    )


def as_draft(assessment: Assessment, revision: int) -> Assessment:
    """The same content as a draft with this number, submitted, decided and signed by nobody."""
    return replace(
        assessment,
        revision=revision,
        status=Status.DRAFT,
        content_sha256=None,
        decision=None,
        sign_off=None,
        refusal=None,
        votes=(),
        submission=None,
        origin=None,
        submitted_by=None,
        submitted_at=None,
    )


def withdraw(assessment: Assessment, actor: Actor) -> Assessment:
    """Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "withdraw", actor)
    return replace(assessment, status=Status.WITHDRAWN)


# --- refusals ------------------------------------------------------------------------------------------

Refused = NotAllowedError | WrongStatusError


def _refusal(standing: Standing, name: str, actor: Actor) -> Refused | None:
    step = STEPS[name]
    if not actor.roles & step.roles:
        return _not_allowed(actor, step.label, step.roles)
    if standing.status not in step.from_:
        return WrongStatusError(
            TEXTS.told("step_not_possible", revision=standing.revision, status=_title(standing), step=step.label)
        )
    check = _FOUR_EYES.get(name)
    return check(standing, actor) if check else None


def _is_author(standing: Standing, actor: Actor) -> bool:
    return actor.id in standing.authors


def _decider(standing: Standing, actor: Actor) -> Refused | None:
    if not _is_author(standing, actor):
        return None
    return NotAllowedError(TEXTS.told("author_cannot_decide", name=actor.name, revision=standing.revision))


def _signer(standing: Standing, actor: Actor) -> Refused | None:
    if _is_author(standing, actor):
        return NotAllowedError(TEXTS.told("author_cannot_sign", name=actor.name, revision=standing.revision))
    if (standing.decided_by == actor.id or actor.id in standing.voters) and standing.separation >= THREE_PEOPLE:
        return NotAllowedError(TEXTS.told("decider_cannot_sign", name=actor.name))
    return None


def _alone(standing: Standing, actor: Actor) -> Refused | None:
    """Of a committee of one."""
    if refusal := _decider(standing, actor):
        return refusal
    if standing.is_voted_on:
        return WrongStatusError(TEXTS.told("committee_votes", revision=standing.revision))
    return None


def _voter(standing: Standing, actor: Actor) -> Refused | None:
    if refusal := _decider(standing, actor):
        return refusal
    if actor.id in standing.recused:
        return NotAllowedError(TEXTS.told("recused", name=actor.name, revision=standing.revision))
    if not standing.is_voted_on:
        return WrongStatusError(TEXTS.told("committee_of_one"))
    return None


def _closer(standing: Standing, actor: Actor) -> Refused | None:
    if refusal := _voter(standing, actor):
        return refusal
    if standing.missing:
        return WrongStatusError(TEXTS.told("no_quorum", missing=standing.missing, quorum=standing.committee.quorum))
    return None


_FOUR_EYES: Mapping[str, Callable[[Standing, Actor], Refused | None]] = {
    "return_": _alone,
    "decide": _alone,
    "vote": _voter,
    "close": _closer,
    "sign_off": _signer,
    "refuse": _signer,
}


def _not_allowed(actor: Actor, label: Text, roles: frozenset[Role]) -> NotAllowedError:
    return NotAllowedError(TEXTS.told("role_missing", name=actor.name, step=label, roles=role_titles(roles)))


def _first(texts: tuple[Text, ...]) -> Text:
    """The first few, and how many more there are: review lists all of them, each with its place."""
    shown = joined(*texts[:MOST_NAMED], by=" · ")
    return TEXTS.text("and_more", shown=shown, count=len(texts) - MOST_NAMED) if len(texts) > MOST_NAMED else shown


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise IncompleteError(TEXTS.told("no_reason"))


def _frozen(assessment: Assessment) -> str:
    if assessment.content_sha256 is None:
        raise WrongStatusError(TEXTS.told("not_frozen", revision=assessment.revision))
    return assessment.content_sha256
