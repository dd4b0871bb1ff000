"""Which step leads where, and who may take it: advance, possible_steps. Pure: a new Assessment comes out.

Four eyes: the decider wrote nothing of the revision; the signing officer neither wrote nor, where the
organisation keeps three people apart, decided. Two is the least; one person never does it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assessments.errors import IncompleteError, NotAllowedError, WrongStatusError
from assessments.model import (
    Actor,
    Assessment,
    Decision,
    Origin,
    Role,
    Ruling,
    SignOff,
    Status,
    Text,
)

AUTHORS = frozenset({Role.PRODUCT_MANAGER, Role.CONTRIBUTOR})
COMMITTEE = frozenset({Role.COMMITTEE_MEMBER, Role.CHAIR})


@dataclass(frozen=True)
class Step:
    """One line of the table."""

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
            Text(ko="제출", en="submit"),
            frozenset({Status.DRAFT, Status.RETURNED}),
            Status.SUBMITTED,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
        Step(
            "return_",
            Text(ko="반려", en="return"),
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            COMMITTEE,
        ),
        Step("decide", Text(ko="결정", en="decide"), frozenset({Status.SUBMITTED}), Status.DECIDED, COMMITTEE),
        Step(
            "sign_off",
            Text(ko="결재", en="sign off"),
            frozenset({Status.DECIDED}),
            Status.SIGNED_OFF,
            frozenset({Role.SIGNING_OFFICER}),
        ),
        Step(
            "revise",
            Text(ko="개정", en="revise"),
            frozenset({Status.SUBMITTED, Status.DECIDED, Status.SIGNED_OFF}),
            Status.DRAFT,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
        Step(
            "withdraw",
            Text(ko="철회", en="withdraw"),
            frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED}),
            Status.WITHDRAWN,
            frozenset({Role.PRODUCT_MANAGER}),
        ),
    )
}


AWAITED = ("sign_off", "decide", "submit")
"""Steps that others wait for, most pressing first."""
THREE_PEOPLE = 3
"""An organisation that keeps so many apart lets nobody sign off what they decided."""


@dataclass(frozen=True)
class Standing:
    """What of a revision decides which steps are possible; lists know no more of it."""

    revision: int
    status: Status
    authors: frozenset[str]
    """Ids of those who wrote into it."""
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


STATUS_TITLES: Mapping[Status, Text] = {
    Status.DRAFT: Text(ko="작성 중", en="Draft"),
    Status.SUBMITTED: Text(ko="제출됨", en="Submitted"),
    Status.RETURNED: Text(ko="반려됨", en="Returned"),
    Status.DECIDED: Text(ko="결정됨", en="Decided"),
    Status.SIGNED_OFF: Text(ko="결재 완료", en="Signed off"),
    Status.SUPERSEDED: Text(ko="새 개정판으로 대체됨", en="Superseded"),
    Status.WITHDRAWN: Text(ko="철회됨", en="Withdrawn"),
}
"""As screens and reports call them."""

_ROLE_TITLES: Mapping[Role, Text] = {
    Role.PRODUCT_MANAGER: Text(ko="제품 책임자", en="product manager"),
    Role.CONTRIBUTOR: Text(ko="작성 참여자", en="contributor"),
    Role.COMMITTEE_MEMBER: Text(ko="심의위원", en="committee member"),
    Role.CHAIR: Text(ko="위원장", en="chair"),
    Role.SIGNING_OFFICER: Text(ko="결재자", en="signing officer"),
    Role.AUDITOR: Text(ko="감사 담당자", en="auditor"),
    Role.ADMINISTRATOR: Text(ko="관리자", en="administrator"),
}


def role_titles(roles: frozenset[Role]) -> Text:
    """These roles in a row, as people are told of them; a dash where nobody has the right."""
    named = [_ROLE_TITLES[role] for role in Role if role in roles]
    return Text(ko=", ".join(one.ko for one in named) or "-", en=", ".join(one.en for one in named) or "-")


def _title(assessment: Assessment | Standing) -> Text:
    return STATUS_TITLES[assessment.status]


def check_may_edit(assessment: Assessment, actor: Actor) -> None:
    """Raises: NotAllowedError, WrongStatusError."""
    if not actor.roles & AUTHORS:
        raise _not_allowed(actor, Text(ko="수정", en="edit"), AUTHORS)
    if not assessment.status.is_editable:
        raise WrongStatusError(
            f"Revision {assessment.revision} is at '{_title(assessment).en}' and cannot be edited. Start a new revision.",
            f"개정 {assessment.revision}판은 현재 상태(‘{_title(assessment).ko}’)에서 수정할 수 없습니다. 새 개정을 시작하십시오.",
        )


def possible_steps(assessment: Assessment | Standing, actor: Actor) -> tuple[str, ...]:
    """Steps that this actor could take now, leaving aside what only the step's own form can tell."""
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
    missing: tuple[str, ...],
    unexplained: tuple[str, ...] = (),
) -> Assessment:
    """Hand over to the committee; the content is frozen.

    missing: required questions without an answer; unexplained: severe consistency checks that nobody explained.

    Raises: NotAllowedError, WrongStatusError, IncompleteError.
    """
    check_step(assessment, "submit", actor)
    if missing:
        shown = ", ".join(missing)
        raise IncompleteError(
            f"Assessment {assessment.id} cannot be submitted: {len(missing)} required questions have no answer "
            f"({shown}). Answer them, then submit again.",
            f"평가 {assessment.id}번은 제출할 수 없습니다. 필수 질문 {len(missing)}개에 답변이 없습니다({shown}). "
            "답변한 뒤 다시 제출하십시오.",
        )
    if unexplained:
        shown = ", ".join(unexplained)
        raise IncompleteError(
            f"Assessment {assessment.id} cannot be submitted: {len(unexplained)} times two answers cannot both hold "
            f"({shown}). Correct one of the two, or explain in review why both hold.",
            f"평가 {assessment.id}번은 제출할 수 없습니다. 함께 성립할 수 없는 답변이 {len(unexplained)}건 있습니다({shown}). "
            "둘 중 하나를 고치거나, 둘 다 맞는 이유를 검토 화면에서 설명하십시오.",
        )
    return replace(
        assessment,
        status=Status.SUBMITTED,
        content_sha256=content_sha256,
        submitted_by=actor.person,
        submitted_at=at,
    )


def return_to_author(assessment: Assessment, actor: Actor, reason: str) -> Assessment:
    """Editable again. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "return_", actor)
    _check_reason(reason)
    return replace(assessment, status=Status.RETURNED, content_sha256=None, submitted_by=None, submitted_at=None)


def decide(
    assessment: Assessment, actor: Actor, at: datetime, ruling: Ruling, reason: str, conditions: tuple[str, ...]
) -> Assessment:
    """Rule on exactly the frozen content. Raises: NotAllowedError, WrongStatusError, IncompleteError."""
    check_step(assessment, "decide", actor)
    _check_reason(reason)
    if (ruling is Ruling.APPROVED_WITH_CONDITIONS) != bool(conditions):
        raise IncompleteError(
            "An approval with conditions names at least one condition, any other ruling none. Correct one of the two.",
            "조건부 승인에는 조건이 하나 이상 있어야 하며, 그 밖의 결정에는 조건을 둘 수 없습니다. 둘 중 하나를 고치십시오.",
        )
    decision = Decision(ruling, reason, actor.person, at, _frozen(assessment), conditions)
    return replace(assessment, status=Status.DECIDED, decision=decision, origin=Origin.RECORDED)


def sign_off(assessment: Assessment, actor: Actor, at: datetime) -> Assessment:
    """Sign under the decision. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "sign_off", actor)
    signed = SignOff(actor.person, at, _frozen(assessment))
    return replace(assessment, status=Status.SIGNED_OFF, sign_off=signed)


def revise(assessment: Assessment, actor: Actor) -> Assessment:
    """The next revision as a draft copy; the approval stays with the old one. Raises: NotAllowedError, WrongStatusError."""
    check_step(assessment, "revise", actor)
    return replace(
        assessment,
        revision=assessment.revision + 1,
        status=Status.DRAFT,
        authors=tuple(dict.fromkeys((*assessment.authors, actor.person))),  # the copy holds what they wrote
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
            f"Revision {standing.revision} is at '{_title(standing).en}'; '{step.label.en}' is not possible now. "
            "Reload the page.",
            f"개정 {standing.revision}판의 현재 상태(‘{_title(standing).ko}’)에서는 할 수 없는 일입니다: {step.label.ko}. "
            "화면을 새로 고치십시오.",
        )
    check = _FOUR_EYES.get(name)
    return check(standing, actor) if check else None


def _is_author(standing: Standing, actor: Actor) -> bool:
    return actor.id in standing.authors


def _decider(standing: Standing, actor: Actor) -> Refusal | None:
    if not _is_author(standing, actor):
        return None
    return NotAllowedError(
        f"{actor.name} wrote parts of revision {standing.revision} and cannot decide on it. Ask another member.",
        f"{actor.name}님은 개정 {standing.revision}판의 작성자이므로 결정할 수 없습니다. 다른 위원에게 요청하십시오.",
    )


def _signer(standing: Standing, actor: Actor) -> Refusal | None:
    if _is_author(standing, actor):
        return NotAllowedError(
            f"{actor.name} wrote parts of revision {standing.revision} and cannot sign it off. Ask another officer.",
            f"{actor.name}님은 개정 {standing.revision}판의 작성자이므로 결재할 수 없습니다. 다른 책임자에게 요청하십시오.",
        )
    if standing.decided_by == actor.id and standing.separation >= THREE_PEOPLE:
        return NotAllowedError(
            f"{actor.name} made the decision and cannot sign it off: this operator keeps three people apart.",
            f"{actor.name}님은 결정한 사람이므로 결재할 수 없습니다. 이 사업자는 작성자·결정자·결재자를 서로 다른 세 사람으로 둡니다.",
        )
    return None


_FOUR_EYES: Mapping[str, Callable[[Standing, Actor], Refusal | None]] = {
    "return_": _decider,
    "decide": _decider,
    "sign_off": _signer,
}


def _not_allowed(actor: Actor, label: Text, roles: frozenset[Role]) -> NotAllowedError:
    needed = role_titles(roles)
    return NotAllowedError(
        f"{actor.name} may not {label.en} this assessment: one of these roles is needed: {needed.en}.",
        f"{actor.name}님은 이 평가에 대해 ‘{label.ko}’ 권한이 없습니다. 필요한 역할: {needed.ko}.",
    )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise IncompleteError(
            "A reason is needed. Write one, then try again.", "사유가 필요합니다. 사유를 적고 다시 시도하십시오."
        )


def _frozen(assessment: Assessment) -> str:
    if assessment.content_sha256 is None:
        raise WrongStatusError(
            f"Revision {assessment.revision} has no frozen content. Submit it first.",
            f"개정 {assessment.revision}판의 내용이 확정되지 않았습니다. 먼저 제출하십시오.",
        )
    return assessment.content_sha256
