"""From rows to the vocabulary and back; here enums and shapes are checked, for tables do not.

A row is an object of its class or a line with the same columns.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from assessments.content.canonical import read_condition, read_scenario
from assessments.model import (
    AISystem,
    Ballot,
    Committee,
    Decision,
    EditionRef,
    Evidence,
    EvidenceMark,
    EvidenceReview,
    Explanation,
    Json,
    Measure,
    Operator,
    Person,
    Refusal,
    RefusalGoal,
    Response,
    ReturnPoint,
    Ruling,
    Scenario,
    SignOff,
    Statement,
    Vote,
    Withheld,
    WithheldKind,
)
from assessments.storage.remark_tables import EvidenceReviewRow, ExplanationRow
from assessments.storage.tables import (
    EditionRow,
    EvidenceRow,
    MeasureRow,
    OperatorRow,
    ResponseRow,
    RevisionRow,
    ScenarioRow,
    SystemRow,
    WithheldRow,
)
from questionnaires.question_types import from_json
from questionnaires.schema import Question


def _columns(row: Any, of: type[Any]) -> dict[str, Any]:
    """What a row has of a dataclass's fields."""
    return {field.name: getattr(row, field.name) for field in fields(of)}


def operator(row: OperatorRow) -> Operator:
    return Operator(**_columns(row, Operator))


def system(row: SystemRow) -> AISystem:
    return AISystem(**_columns(row, AISystem))


def labelled_system(row: Any) -> AISystem:
    """From a line whose columns of the system begin with `system_`."""
    return AISystem(**{field.name: getattr(row, f"system_{field.name}") for field in fields(AISystem)})


def frozen(system_then: AISystem, operator_then: Operator) -> Json:
    """System and operator as a submitted revision keeps them."""
    return {"system": dict(vars(system_then)), "operator": dict(vars(operator_then))}


def frozen_system(data: Json) -> AISystem:
    return AISystem(**data["system"])


def frozen_operator(data: Json) -> Operator:
    return Operator(**data["operator"])


def edition(row: EditionRow) -> EditionRef:
    return EditionRef(row.questionnaire, row.version, row.sha256)


def response(row: ResponseRow, question: Question | None) -> Response:
    """question None: its edition is not at hand."""
    answer = from_json(question, row.answer)
    return Response(row.question, answer, row.note, Person(row.by_id, row.by_name), row.at, row.lock_version)


def is_taken_back(row: ResponseRow) -> bool:
    return row.answer is None and not row.note


def evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        id=row.id,
        title=row.title,
        file_name=row.file_name,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        part=row.part,
        question=row.question,
        on=row.on_day,
        expires_on=row.expires_on,
        added_by=Person(row.by_id, row.by_name),
        added_at=row.at,
    )


def evidence_review(row: EvidenceReviewRow) -> EvidenceReview:
    return EvidenceReview(row.evidence, EvidenceMark(row.mark), Person(row.by_id, row.by_name), row.at, row.reason)


def explanation(row: ExplanationRow) -> Explanation:
    return Explanation(row.check_id, row.text, Person(row.by_id, row.by_name), row.at)


def scenario(row: ScenarioRow) -> Scenario:
    return read_scenario(_columns(row, Scenario))


def measure(row: MeasureRow) -> Measure:
    return Measure(**{**_columns(row, Measure), "scenarios": tuple(row.scenarios)})


def withheld(row: WithheldRow) -> Withheld:
    return Withheld(row.path, WithheldKind(row.kind), row.reason, row.salt)


def decision(row: RevisionRow) -> Decision | None:
    if row.ruling is None:
        return None
    return Decision(
        Ruling(row.ruling),
        row.decision_reason or "",
        Person(row.decided_by_id or "", row.decided_by_name or "", row.decided_by_position),
        _time(row.decided_at),
        row.decided_sha256 or "",
        tuple(map(read_condition, row.decision_conditions or ())),
    )


def sign_off(row: RevisionRow) -> SignOff | None:
    if row.signed_sha256 is None:
        return None
    return SignOff(
        Person(row.signed_by_id or "", row.signed_by_name or "", row.signed_by_position),
        _time(row.signed_at),
        row.signed_sha256,
        statements=tuple(map(Statement, row.signed_statements or ())),
    )


def refusal(row: RevisionRow) -> Refusal | None:
    if row.refused_to is None:
        return None
    by = Person(row.refused_by_id or "", row.refused_by_name or "")
    return Refusal(by, _time(row.refused_at), row.refusal_reason or "", RefusalGoal(row.refused_to))


def committee(row: Any) -> Committee:
    """Of a row of settings, or of the JSON that a decision keeps of them."""
    columns = row if isinstance(row, dict) else _columns(row, Committee)
    return Committee(columns["quorum"], bool(columns["chair_votes"]))


def vote(row: Any) -> Vote:
    return Vote(
        Person(row.person_id, row.person_name, row.person_position),
        Ballot(row.ballot),
        row.reason,
        row.at,
        row.content_sha256,
        bool(row.as_chair),
        tuple(map(read_condition, row.conditions)),
        tuple(ReturnPoint(**point) for point in row.points),
        row.seq,
    )


def person(person_id: str | None, name: str | None) -> Person | None:
    return None if person_id is None else Person(person_id, name or "")


def _time(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("a decision or sign-off without its time")
    return at
