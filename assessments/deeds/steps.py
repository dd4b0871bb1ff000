"""Deeds that move a revision through the workflow; re-exported by `actions`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from assessments import authority, editions
from assessments.content.answers import clean_text
from assessments.content.canonical import condition_json
from assessments.content.canonical import content_sha256 as digest_of
from assessments.deeds.attachments import remove_evidence
from assessments.deeds.holding import check_not_held
from assessments.derived import Gap
from assessments.errors import (
    IncompleteError,
    InvalidAnswerError,
    NotFoundError,
    StaleAssessmentError,
    WrongStatusError,
)
from assessments.model import Actor, Assessment, Condition, Person, ReturnPoint, Ruling, Statement, Status
from assessments.rights import Kind
from assessments.rules import workflow
from assessments.rules.findings import derive
from assessments.storage import (
    carried,
    comments,
    committee,
    event_lines,
    following,
    given_sections,
    history,
    projection,
    reader,
    signed_results,
    submissions,
    units,
    wording,
    writer,
)
from assessments.storage.database import Session
from questionnaires.schema import Questionnaire, Text
from questionnaires.texts import joined, texts_of
from questionnaires.wording import seoul_day

TEXTS = texts_of(__file__)
PLACES = ("scenarios", "measures", "evidence", "log")
"""What a point of a return can be about besides a question."""


def submit(session: Session, assessment_id: int, actor: Actor, at: datetime) -> None:
    """Freezes the content and submits it to the committee.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, QuestionnaireChangedError.
    """
    actor = authority.over(session, assessment_id, "submit", actor)
    before = reader.get_assessment(session, assessment_id)
    workflow.check_step(before, "submit", actor)
    questionnaires = editions.questionnaires(before)
    findings = derive(questionnaires, before, judged_on=before.day_judged(seoul_day(at)))
    required = [gap for gap in findings.gaps if gap.is_required]
    missing = tuple(_in_words(gap, questionnaires) for gap in required if not gap.check)
    unexplained = tuple({gap.check: gap.text for gap in required if gap.check}.values())
    if before.status is Status.RETURNED:
        _check_answered(session, before, questionnaires)
    _check_confirmed(session, before, questionnaires)
    before = replace(before, authors=writer.add_author(session, before, actor.person))
    after = workflow.submit(before, actor, at, digest_of(before), missing, unexplained)
    submissions.add(session, before, after.content_sha256 or "", actor.person, at)
    event = history.add_event(
        session, "submit", actor, at, assessment_id, before.revision, {"content_sha256": after.content_sha256}
    )
    after = replace(after, submission=event.seq)
    writer.set_state(session, before, after, actor.person, at)
    projection.save(session, after, at, findings)


def return_to_author(
    session: Session,
    assessment_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    points: Sequence[ReturnPoint] = (),
) -> None:
    """Makes it editable again. points: what is to be put right where, each to be answered before it is submitted again.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError.
    """
    actor = authority.over(session, assessment_id, "return_to_author", actor)
    before = reader.get_assessment(session, assessment_id)
    reason = clean_text(reason, "reason")
    after = workflow.return_to_author(before, actor, reason)
    named = checked_points(points, editions.questionnaires(before))
    returned(session, before, after, actor, at, reason, named)


def answer_point(session: Session, assessment_id: int, where: str, text: str, actor: Actor, at: datetime) -> None:
    """Ticks off a point of the last return with what was done about it; a later answer takes the place of an earlier one.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "answer_point", actor)
    assessment = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(assessment, actor)
    if where not in {point.where for point in event_lines.return_points(session, assessment)}:
        raise NotFoundError(TEXTS.told("no_such_point", where=where))
    text = clean_text(text, "reason")
    if not text:
        raise IncompleteError(TEXTS.told("point_without_answer"))
    values = {"question": where, "text": text}
    history.add_event(session, event_lines.ANSWER_POINT, actor, at, assessment_id, assessment.revision, values)


def record_decision(
    session: Session,
    assessment_id: int,
    ruling: Ruling,
    reason: str,
    conditions: Sequence[Condition],
    content_sha256: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Records a ruling on exactly the content the decider saw; each condition has an owner and a day.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, InvalidAnswerError, StaleAssessmentError.
    """
    authority.over(session, assessment_id, "record_decision", actor)
    conditions = owned(session, assessment_id, conditions)
    check_terms(conditions, seoul_day(at))
    record_stated_decision(session, assessment_id, ruling, reason, conditions, content_sha256, actor, at)


def record_stated_decision(
    session: Session,
    assessment_id: int,
    ruling: Ruling,
    reason: str,
    conditions: Sequence[Condition],
    content_sha256: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Records a ruling as a file states it, which names neither owner nor day of a condition.

    Raises: like record_decision.
    """
    actor = authority.over(session, assessment_id, "record_decision", actor)
    before = reader.get_assessment(session, assessment_id)
    reason = clean_text(reason, "reason")
    after = workflow.decide(before, actor, at, Ruling(ruling), reason, cleaned(conditions))
    check_content(session, before, content_sha256)
    decided(session, before, after, actor, at)


def sign_off(
    session: Session,
    assessment_id: int,
    content_sha256: str,
    statements: Collection[Statement],
    actor: Actor,
    at: datetime,
) -> None:
    """Signs off the decision, stating all that there is to state; a revision that was in force until now is superseded by it.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError, StaleAssessmentError.
    """
    authority.over(session, assessment_id, "sign_off", actor)
    if set(statements) != set(Statement):
        raise IncompleteError(TEXTS.told("statements_missing", count=len(Statement)))
    sign_stated_off(session, assessment_id, content_sha256, actor, at, statements=statements)


def sign_stated_off(
    session: Session,
    assessment_id: int,
    content_sha256: str,
    actor: Actor,
    at: datetime,
    *,
    statements: Collection[Statement] = (),
) -> None:
    """Signs off as a file states it, which holds none of the officer's statements. Raises: like sign_off."""
    actor = authority.over(session, assessment_id, "sign_off", actor)
    before = reader.get_assessment(session, assessment_id)
    after = workflow.sign_off(before, actor, at, statements)
    check_content(session, before, content_sha256)
    values = {"statements": [statement.value for statement in after.sign_off.statements]} if after.sign_off else {}
    _step(session, "sign_off", before, after, actor, at, content_sha256=content_sha256, **values)
    for number in reader.revisions(session, assessment_id):
        earlier = reader.get_assessment(session, assessment_id, number)
        if number < before.revision and earlier.status in (Status.DECIDED, Status.SIGNED_OFF):
            _supersede(session, earlier, actor, at)
    signed_results.keep(session, assessment_id)
    following.refresh(session, assessment_id)


def revise(session: Session, assessment_id: int, actor: Actor, at: datetime) -> int:
    """Opens the next revision as a draft copy and returns its number. The old one is superseded, its approval void.

    Authors of the old revision, and whoever has since edited system or organisation, are authors of the copy, so that nobody
    gets to decide on their own text.
    Raises: NotAllowedError, NotFoundError, WrongStatusError.
    """
    actor = authority.over(session, assessment_id, "revise", actor)
    before = reader.get_assessment(session, assessment_id)
    after = workflow.revise(before, actor)
    after = replace(after, authors=_together(before.authors, after.authors, wording.changers(session, before)))
    if before.status is not Status.REFUSED:  # which is how it ended, for good
        _supersede(session, before, actor, at)
    writer.add_revision(session, after, actor.person, at)
    writer.copy_content(session, before, after)
    history.add_event(session, "revise", actor, at, assessment_id, after.revision, {"from": before.revision})
    projection.save(session, reader.get_assessment(session, assessment_id), at)
    following.refresh(session, assessment_id)
    return after.revision


def withdraw(session: Session, assessment_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Ends the revision without a result, and the assessment unless a decided one is in force.

    Raises: NotAllowedError, NotFoundError, WrongStatusError, IncompleteError.
    """
    actor = authority.over(session, assessment_id, "withdraw", actor)
    before = reader.get_assessment(session, assessment_id)
    after = workflow.withdraw(before, actor)
    reason = clean_text(reason, "reason")
    if not reason:
        raise IncompleteError(TEXTS.told("deed_without_reason"))
    _step(session, "withdraw", before, after, actor, at, reason=reason)
    following.refresh(session, assessment_id)


def delete_draft(session: Session, assessment_id: int, actor: Actor, at: datetime) -> None:
    """Removes what a draft holds, files included, and takes it out of every list; nobody may have decided on any revision of it.

    What the history tells of it stays, with this deed as its last event; the number is not given again.

    Raises: NotAllowedError, NotFoundError, WrongStatusError.
    """
    actor = authority.over(session, assessment_id, "delete_draft", actor)
    before = reader.get_assessment(session, assessment_id)
    workflow.check_may_edit(before, actor)
    check_not_held(session, assessment_id)
    if any(
        reader.get_assessment(session, assessment_id, number).decision
        for number in reader.revisions(session, assessment_id)
    ):
        raise WrongStatusError(TEXTS.told("decided_before", id=assessment_id))
    for evidence in before.evidence:
        remove_evidence(session, assessment_id, evidence.id, actor, at)
    writer.clear_content(session, before, actor.person, at)
    submissions.remove(session, before)
    left = reader.get_assessment(session, assessment_id)
    writer.set_state(session, left, workflow.withdraw(left, actor), actor.person, at)
    values = {
        "answers": sum(len(responses) for responses in before.responses.values()),
        "scenarios": len(before.scenarios),
        "measures": len(before.measures),
        "files": len(before.evidence),
        "log": before.log is not None,
    }
    history.add_event(session, "delete_draft", actor, at, assessment_id, before.revision, values)
    comments.drop_mentions(session, assessment_id=assessment_id)
    given_sections.drop(session, assessment_id)
    projection.drop(session, assessment_id)


# --- parts ---------------------------------------------------------------------------------------------------


def _in_words(gap: Gap, questionnaires: Mapping[str, Questionnaire]) -> Text:
    """The question that has no answer; what is missing where it is no question."""
    return _named(gap.where, questionnaires) or gap.text


def _named(where: str, questionnaires: Mapping[str, Questionnaire]) -> Text | None:
    """The question asked there. None: there is none."""
    name, _dot, question_id = where.partition(".")
    questions = questionnaires[name].questions() if name in questionnaires else iter(())
    return next((question.text for question in questions if question.id == question_id), None)


def checked_points(points: Sequence[ReturnPoint], questionnaires: Mapping[str, Questionnaire]) -> list[ReturnPoint]:
    """Raises: InvalidAnswerError, IncompleteError."""
    cleaned: dict[str, ReturnPoint] = {}
    for point in points:
        if not point.where:
            raise IncompleteError(TEXTS.told("point_without_place", text=point.text))
        if point.where not in PLACES and _named(point.where, questionnaires) is None:
            raise InvalidAnswerError(TEXTS.told("no_such_place", where=point.where))
        if point.where in cleaned:
            raise InvalidAnswerError(TEXTS.told("point_twice"))
        text = clean_text(point.text, "reason")
        if not text:
            raise IncompleteError(TEXTS.told("point_without_text"))
        cleaned[point.where] = replace(point, text=text)
    return list(cleaned.values())


def _check_answered(session: Session, assessment: Assessment, questionnaires: Mapping[str, Questionnaire]) -> None:
    """Every point of the return is ticked off. Raises: IncompleteError."""
    still_open = [point for point in event_lines.return_points(session, assessment) if not point.answer]
    if still_open:
        texts = [_named(point.where, questionnaires) or Text(ko=point.text, en=point.text) for point in still_open]
        raise IncompleteError(TEXTS.told("points_open", count=len(texts), places=joined(*texts[:3], by=" · ")))


def cleaned(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Without what is empty."""
    cleaned = (
        replace(
            condition, text=clean_text(condition.text, "conditions"), owner=clean_text(condition.owner, "conditions")
        )
        for condition in conditions
    )
    return tuple(condition for condition in cleaned if condition.text)


def owned(session: Session, assessment_id: int, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """With the names of owners who are known by their account. Raises: NotFoundError of one who holds no role there."""
    names = {
        person.id: person.name
        for person in units.people_at(session, units.path_of(session, Kind.ASSESSMENT, assessment_id))
    }
    for condition in conditions:
        if condition.owner_id and condition.owner_id not in names:
            raise units.absent(Kind.ACCOUNT, condition.owner_id)
    return tuple(replace(condition, owner=names.get(condition.owner_id, condition.owner)) for condition in conditions)


def check_terms(conditions: Sequence[Condition], today: date) -> None:
    """Somebody sees to each by a day that is still to come. Raises: IncompleteError, InvalidAnswerError."""
    for condition in conditions:
        is_empty = not condition.text.strip()
        if is_empty and (condition.owner.strip() or condition.due):
            raise IncompleteError(TEXTS.told("condition_without_text"))
        if is_empty:
            continue
        if not condition.owner.strip() or condition.due is None:
            raise IncompleteError(TEXTS.told("condition_without_terms", text=condition.text))
        if condition.due < today:
            raise InvalidAnswerError(TEXTS.told("condition_due_before", day=condition.due, today=today))


def returned(
    session: Session,
    before: Assessment,
    after: Assessment,
    actor: Actor,
    at: datetime,
    reason: str,
    points: Sequence[ReturnPoint],
    **values: object,
) -> None:
    """Editable again, with what is to be put right where; whoever has since edited system or organisation is an author of it."""
    named = {"points": [asdict(point) for point in points]} if points else {}
    _step(session, "return_to_author", before, after, actor, at, reason=reason, **named, **values)
    for person in wording.changers(session, before):
        after = replace(after, authors=writer.add_author(session, after, person))


def decided(
    session: Session, before: Assessment, after: Assessment, actor: Actor, at: datetime, **values: object
) -> None:
    """The decision with its conditions, one by one for whoever sees to them."""
    decision = after.decision
    if decision is None:
        raise ValueError("no decision was made")
    ruling = {
        "ruling": decision.ruling.value,
        "reason": decision.reason,
        "conditions": [condition_json(condition) for condition in decision.conditions],
        "content_sha256": decision.content_sha256,
    }
    settings = {"committee": asdict(after.committee)} if after.committee else {}
    _step(session, "record_decision", before, after, actor, at, **ruling, **settings, **values)
    committee.add_conditions(session, after)
    following.refresh(session, before.id or 0)


def _step(
    session: Session, deed: str, before: Assessment, after: Assessment, actor: Actor, at: datetime, **values: object
) -> None:
    """Takes a step that changes neither content nor results."""
    writer.set_state(session, before, after, actor.person, at)
    history.add_event(session, deed, actor, at, before.id, before.revision, values)
    projection.set_status(session, after, at)


def _check_confirmed(session: Session, assessment: Assessment, questionnaires: Mapping[str, Questionnaire]) -> None:
    """What a reassessment took over was confirmed or changed. Raises: IncompleteError."""
    waiting = carried.unconfirmed(session, assessment, questionnaires)
    if waiting:
        texts = [_named(where, questionnaires) or TEXTS.text(f"list_{where}") for where in waiting]
        raise IncompleteError(TEXTS.told("unconfirmed", count=len(texts), places=joined(*texts[:3], by=" · ")))


def _supersede(session: Session, before: Assessment, actor: Actor, at: datetime) -> None:
    """A later revision takes its place; its votes and its approval are void from now on."""
    writer.set_state(session, before, replace(before, status=Status.SUPERSEDED), actor.person, at)
    void = {
        "was": before.status.value,
        "decided_by": before.decision.by.id if before.decision else None,
        "signed_by": before.sign_off.by.id if before.sign_off else None,
        "content_sha256": before.content_sha256,
    }
    history.add_event(session, "void_approval", actor, at, before.id, before.revision, void)


def check_content(session: Session, assessment: Assessment, seen_sha256: str) -> None:
    """Checks that the content is what the actor saw and what was frozen. Raises: StaleAssessmentError."""
    frozen = assessment.content_sha256 or ""
    if seen_sha256 != frozen or digest_of(assessment) != frozen:
        change = reader.last_change(session, assessment)
        raise StaleAssessmentError(
            TEXTS.told("content_changed", id=assessment.id, change=change, seen=seen_sha256[:12], now=frozen[:12])
        )


def _together(*people: Sequence[Person]) -> tuple[Person, ...]:
    """The people without repetitions, in order."""
    return tuple({person.id: person for some in people for person in some}.values())
