"""Who may take which step in which status: the whole table, and four eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assessments import rights
from assessments.errors import AssessmentError, IncompleteError, NotAllowedError, WrongStatusError
from assessments.model import (
    Actor,
    AISystem,
    Assessment,
    Condition,
    Decision,
    Operator,
    Person,
    Role,
    Ruling,
    Status,
    Text,
)
from assessments.rules import workflow
from exports.words.labels import labels

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
SHA = "0" * 64
AUTHOR = Person("author", "Author")


def actor(*roles: Role, id: str = "somebody") -> Actor:
    return Actor(id, id, frozenset(roles))


def assessment(status: Status, decider: str = "decider", separation: int = 3) -> Assessment:
    decided = status in (Status.DECIDED, Status.SIGNED_OFF, Status.REFUSED)
    return Assessment(
        AISystem("체계", id=1),
        Operator("회사", separation=separation),
        "hiring",
        date(2026, 11, 20),
        (),
        authors=(AUTHOR,),
        status=status,
        id=7,
        content_sha256=None if status.is_editable else SHA,
        decision=Decision(Ruling.APPROVED, "x", Person(decider, decider), AT, SHA) if decided else None,
    )


MAY = {
    ("submit", Status.DRAFT, Role.PRODUCT_MANAGER),
    ("submit", Status.RETURNED, Role.PRODUCT_MANAGER),
    ("return_", Status.SUBMITTED, Role.COMMITTEE_MEMBER),
    ("return_", Status.SUBMITTED, Role.CHAIR),
    ("decide", Status.SUBMITTED, Role.COMMITTEE_MEMBER),
    ("decide", Status.SUBMITTED, Role.CHAIR),
    ("sign_off", Status.DECIDED, Role.SIGNING_OFFICER),
    ("refuse", Status.DECIDED, Role.SIGNING_OFFICER),
    ("revise", Status.REFUSED, Role.PRODUCT_MANAGER),
    ("revise", Status.SUBMITTED, Role.PRODUCT_MANAGER),
    ("revise", Status.DECIDED, Role.PRODUCT_MANAGER),
    ("revise", Status.SIGNED_OFF, Role.PRODUCT_MANAGER),
    ("withdraw", Status.DRAFT, Role.PRODUCT_MANAGER),
    ("withdraw", Status.SUBMITTED, Role.PRODUCT_MANAGER),
    ("withdraw", Status.RETURNED, Role.PRODUCT_MANAGER),
}


def test_what_is_not_in_the_table_is_refused() -> None:
    """Every step in every state by every role."""
    possible = {
        (step, status, role)
        for status in Status
        for role in Role
        for step in workflow.possible_steps(assessment(status), actor(role))
    }
    assert possible == MAY


@pytest.mark.parametrize("step", ["return_", "decide"])
def test_an_author_never_rules_on_their_own_revision(step: str) -> None:
    with pytest.raises(NotAllowedError, match="wrote parts of revision 1"):
        workflow.check_step(assessment(Status.SUBMITTED), step, actor(*Role, id="author"))


@pytest.mark.parametrize(("separation", "refused"), [(3, True), (2, False)])
def test_the_decider_signs_only_where_two_people_are_enough(separation: int, refused: bool) -> None:
    decided = assessment(Status.DECIDED, decider="chair", separation=separation)
    chair = actor(Role.SIGNING_OFFICER, id="chair")
    if refused:
        with pytest.raises(NotAllowedError, match="decided or voted"):
            workflow.sign_off(decided, chair, AT, ())
    else:
        assert workflow.sign_off(decided, chair, AT, ()).status is Status.SIGNED_OFF


@pytest.mark.parametrize("separation", [2, 3])
def test_an_author_never_signs(separation: int) -> None:
    with pytest.raises(NotAllowedError, match="wrote parts"):
        workflow.sign_off(
            assessment(Status.DECIDED, separation=separation), actor(Role.SIGNING_OFFICER, id="author"), AT, ()
        )


def test_a_submission_waits_for_required_answers_and_names_them() -> None:
    missing = tuple(Text(ko=f"{name}?", en=f"{name}?") for name in "ABCDE")
    with pytest.raises(IncompleteError, match=r"without an answer \(5\): A\? · B\? · C\? · and 2 more"):
        workflow.submit(assessment(Status.DRAFT), actor(Role.PRODUCT_MANAGER), AT, SHA, missing)


def test_decision_and_sign_off_name_the_frozen_content() -> None:
    submitted = workflow.submit(assessment(Status.DRAFT), actor(Role.PRODUCT_MANAGER, id="author"), AT, SHA, ())
    decided = workflow.decide(submitted, actor(Role.CHAIR), AT, Ruling.APPROVED_WITH_CONDITIONS, "이유", ("조건",))
    signed = workflow.sign_off(decided, actor(Role.SIGNING_OFFICER, id="officer"), AT, ())
    assert signed.decision is not None and signed.sign_off is not None
    assert signed.decision.content_sha256 == signed.sign_off.content_sha256 == SHA


@pytest.mark.parametrize(
    ("ruling", "reason", "conditions"),
    [
        (Ruling.APPROVED, "  ", ()),
        (Ruling.APPROVED, "x", (Condition("c"),)),
        (Ruling.APPROVED_WITH_CONDITIONS, "x", ()),
        (Ruling.REJECTED, "", ()),
    ],
)
def test_a_ruling_without_its_reason_or_with_the_wrong_conditions_is_refused(
    ruling: Ruling, reason: str, conditions: tuple[Condition, ...]
) -> None:
    with pytest.raises(IncompleteError):
        workflow.decide(assessment(Status.SUBMITTED), actor(Role.CHAIR), AT, ruling, reason, conditions)


def test_a_revision_begins_without_any_approval() -> None:
    signed = replace(assessment(Status.DECIDED), status=Status.SIGNED_OFF)
    after = workflow.revise(signed, actor(Role.PRODUCT_MANAGER, id="pm"))
    assert (after.revision, after.status, after.decision, after.sign_off, after.content_sha256) == (
        2,
        Status.DRAFT,
        None,
        None,
        None,
    )
    assert [author.id for author in after.authors] == ["author", "pm"]


@pytest.mark.parametrize("status", [status for status in Status if not status.is_editable])
def test_nothing_is_edited_after_submission(status: Status) -> None:
    with pytest.raises(WrongStatusError, match="Start a new revision"):
        workflow.check_may_edit(assessment(status), actor(Role.PRODUCT_MANAGER))


def test_every_refusal_speaks_both_languages() -> None:
    with pytest.raises(AssessmentError) as caught:
        workflow.check_may_edit(assessment(Status.DRAFT), actor(Role.AUDITOR))
    assert "권한이 없습니다" in caught.value.text.ko and "may not" in caught.value.text.en


def test_a_refusal_names_a_status_as_the_screens_do() -> None:
    known = labels()
    for status in Status:
        said = known[f"status_{status.value}"]
        assert (workflow.STATUS_TITLES[status].ko, workflow.STATUS_TITLES[status].en) == (said["ko"], said["en"]), (
            status
        )


def test_who_may_not_is_told_the_roles_by_the_names_of_the_screens() -> None:
    shown = workflow.role_titles(frozenset(Role))
    assert shown.en.split(", ") == [role.value.replace("_", " ") for role in Role]
    with pytest.raises(NotAllowedError) as refused:
        rights.check(Actor("x", "x", frozenset({Role.AUDITOR})), "start_assessment")
    assert (
        str(refused.value) == "x may not do this: one of these roles is needed: product manager. Ask an administrator."
    )
    assert "제품 책임자" in refused.value.text.ko and "_" not in refused.value.text.ko
