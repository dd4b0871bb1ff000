"""Which step leads where, and who may take it: advance, possible_steps. Pure: a new Assessment comes out.

Four eyes: the decider wrote nothing in the revision; the signing officer neither wrote nor, where the
organisation separates three people, decided. At least two people are involved; nobody does it all alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assessments.errors import IncompleteError, NotAllowedError, WrongStatusError
from assessments.model import (
    Actor,
    Assessment,
    Condition,
    Decision,
    Origin,
    Role,
    Ruling,
    SignOff,
    Status,
    Text,
)
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
        Step(
            "sign_off",
            TEXTS.text("step_sign_off"),
            frozenset({Status.DECIDED}),
            Status.SIGNED_OFF,
            frozenset({Role.SIGNING_OFFICER}),
        ),
        Step(
            "revise",
            TEXTS.text("step_revise"),
            frozenset({Status.SUBMITTED, Status.DECIDED, Status.SIGNED_OFF}),
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


AWAITED = ("sign_off", "decide", "submit")
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

    @classmethod
    def of(cls, assessment: Assessment) -> Standing:
        return cls(
            assessment.revision,
            assessment.status,
            frozenset(author.id for author in assessment.authors),
            assessment.decision.by.id if assessment.decision else None,
            assessment.operator.separation,
        )


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


def return_to_author(assessment: Assessment, actor: Actor, reason: str) -> Assessment:
    """Makes the revision editable again. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "return_", actor)
    _check_reason(reason)
    return replace(assessment, status=Status.RETURNED, content_sha256=None, submitted_by=None, submitted_at=None)


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


def sign_off(assessment: Assessment, actor: Actor, at: datetime) -> Assessment:
    """Signs off the decision. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "sign_off", actor)
    signed = SignOff(actor.person, at, _frozen(assessment))
    return replace(assessment, status=Status.SIGNED_OFF, sign_off=signed)


def revise(assessment: Assessment, actor: Actor) -> Assessment:
    """The next revision as a draft copy; the approval stays with the old one. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "revise", actor)
    authors = tuple(dict.fromkeys((*assessment.authors, actor.person)))  # the copy holds what they wrote
    return replace(as_draft(assessment, assessment.revision + 1), authors=authors)


def as_draft(assessment: Assessment, revision: int) -> Assessment:
    """The same content as a draft with this number, submitted, decided and signed by nobody."""
    return replace(
        assessment,
        revision=revision,
        status=Status.DRAFT,
        content_sha256=None,
        decision=None,
        sign_off=None,
        origin=None,
        submitted_by=None,
        submitted_at=None,
    )


def withdraw(assessment: Assessment, actor: Actor) -> Assessment:
    """Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "withdraw", actor)
    return replace(assessment, status=Status.WITHDRAWN)


# --- refusals ------------------------------------------------------------------------------------------

Refusal = NotAllowedError | WrongStatusError


def _refusal(standing: Standing, name: str, actor: Actor) -> Refusal | None:
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


def _decider(standing: Standing, actor: Actor) -> Refusal | None:
    if not _is_author(standing, actor):
        return None
    return NotAllowedError(TEXTS.told("author_cannot_decide", name=actor.name, revision=standing.revision))


def _signer(standing: Standing, actor: Actor) -> Refusal | None:
    if _is_author(standing, actor):
        return NotAllowedError(TEXTS.told("author_cannot_sign", name=actor.name, revision=standing.revision))
    if standing.decided_by == actor.id and standing.separation >= THREE_PEOPLE:
        return NotAllowedError(TEXTS.told("decider_cannot_sign", name=actor.name))
    return None


_FOUR_EYES: Mapping[str, Callable[[Standing, Actor], Refusal | None]] = {
    "return_": _decider,
    "decide": _decider,
    "sign_off": _signer,
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
