"""Small writers: each flushes one change into the caller's transaction and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table as CoreTable
from sqlalchemy import bindparam, delete, insert, literal, select, update
from sqlmodel import Session

from assessments.content.canonical import condition_json
from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.errors import StaleAssessmentError
from assessments.model import (
    AISystem,
    Assessment,
    Evidence,
    Measure,
    Operator,
    Person,
    Response,
    Scenario,
    Upkeep,
    Withheld,
)
from assessments.storage import mapping
from assessments.storage.entries import Change
from assessments.storage.life_tables import CarriedRow
from assessments.storage.remark_tables import ExplanationRow
from assessments.storage.searching import folded
from assessments.storage.tables import (
    AssessmentRow,
    AuthorRow,
    EditionRow,
    EvidenceRow,
    LogRow,
    MeasureRow,
    OperatorRow,
    ResponseRow,
    RevisionRow,
    ScenarioRow,
    SealedReportRow,
    SystemRow,
    WithheldRow,
    table_of,
)
from questionnaires.question_types import to_json
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


@dataclass(frozen=True)
class SealedFile:
    """What the register stores about a sealed file."""

    file_sha256: str
    record_sha256: str
    size: int
    redacts: str | None = None
    """Digest of the full record if this is a redacted copy of it."""
    variant: str | None = None
    """`full` or `redacted`, and its languages."""


def add_operator(session: Session, unit_id: int, operator: Operator, by: Person, at: datetime) -> int:
    columns = {
        **asdict(operator),
        "id": None,
        "unit_id": unit_id,
        "folded": _folded_operator(operator),
        "created_at": at,
        "updated_at": at,
        "updated_by": by.name,
    }
    return _added(session, OperatorRow(**columns))


def change_operator(session: Session, operator_id: int, operator: Operator, by: Person, at: datetime) -> None:
    row = session.get_one(OperatorRow, operator_id)
    changed = {**asdict(operator), "folded": _folded_operator(operator), "updated_at": at, "updated_by": by.name}
    row.sqlmodel_update({**changed, "id": operator_id})
    session.flush()


class NewSystem(NamedTuple):
    """Where it lies, and what the register says of it."""

    unit_id: int
    operator_id: int
    system: AISystem
    upkeep: Upkeep
    by: Person


def add_systems(session: Session, systems: Sequence[NewSystem], at: datetime) -> list[int]:
    """Their ids, in their order."""
    rows = [
        {
            **{name: value for name, value in asdict(new.system).items() if name != "id"},
            **asdict(new.upkeep),
            "unit_id": new.unit_id,
            "operator_id": new.operator_id,
            "folded": _folded(new.system),
            "created_at": at,
            "updated_at": at,
            "updated_by": new.by.name,
        }
        for new in systems
    ]
    if not rows:
        return []
    return list(session.connection().execute(_ADD_SYSTEMS, rows).scalars())


_ADD_SYSTEMS = insert(table_of(SystemRow)).returning(table_of(SystemRow).c.id, sort_by_parameter_order=True)


def change_system(session: Session, system_id: int, system: AISystem, by: Person, at: datetime) -> None:
    row = session.get_one(SystemRow, system_id)
    changed = {**asdict(system), "folded": _folded(system), "updated_at": at, "updated_by": by.name}
    row.sqlmodel_update({**changed, "id": system_id})
    session.flush()


def set_upkeep(session: Session, system_id: int, upkeep: Upkeep, by: Person, at: datetime) -> None:
    row = session.get_one(SystemRow, system_id)
    row.sqlmodel_update({**asdict(upkeep), "updated_at": at, "updated_by": by.name})
    session.flush()


def _folded_operator(operator: Operator) -> str:
    return folded(f"{operator.name}\n{operator.registration_number}")


def _folded(system: AISystem) -> str:
    return folded(f"{system.name_ko}\n{system.name_en}")


def add_assessment(session: Session, system_id: int, domain: str, at: datetime) -> int:
    return _added(session, AssessmentRow(system_id=system_id, domain=domain, created_at=at))


def add_revision(session: Session, assessment: Assessment, by: Person, at: datetime) -> None:
    """Adds a revision with its pinned editions and authors, but no content."""
    connection = session.connection()
    columns = {
        "assessment_id": assessment.id,
        "number": assessment.revision,
        "status": assessment.status.value,
        "on_day": assessment.on,
        "lock_version": 0,
        "created_at": at,
        "updated_at": at,
        "updated_by": by.name,
    }
    connection.execute(insert(_REVISIONS), columns)
    revision_id = revision_of(session, assessment).id
    connection.execute(
        insert(table_of(EditionRow)),
        [
            {
                "revision_id": revision_id,
                "position": place,
                "questionnaire": edition.id,
                "version": edition.version,
                "sha256": edition.sha256,
            }
            for place, edition in enumerate(assessment.editions)
        ],
    )
    for place, person in enumerate(assessment.authors):
        _add_author(session, revision_id, place, person)


def copy_content(session: Session, old: Assessment, new: Assessment) -> None:
    """Copies answers, evidence, scenarios, measures and marks row by row into a revision that has none."""
    from_, to = revision_of(session, old).id, revision_of(session, new).id
    for row_class in (
        ResponseRow,
        EvidenceRow,
        ScenarioRow,
        MeasureRow,
        ExplanationRow,
        WithheldRow,
        LogRow,
        CarriedRow,
    ):
        table = table_of(row_class)
        names = [column.name for column in table.columns]
        copied = [literal(to) if name == "revision_id" else table.c[name] for name in names]
        rows = select(*copied).where(table.c.revision_id == from_)
        session.connection().execute(insert(table).from_select(names, rows))


def set_state(session: Session, before: Assessment, after: Assessment, by: Person, at: datetime) -> None:
    """Updates status, frozen content, decision and sign-off of a revision. Raises: StaleAssessmentError."""
    row = revision_of(session, before)
    if row.lock_version != before.lock_version:
        raise StaleAssessmentError(
            TEXTS.told(
                "changed_meanwhile",
                id=before.id,
                revision=before.revision,
                change=Change(row.updated_by, row.updated_at),
            )
        )
    columns = _state(after)
    if before.content_sha256 is not None and before.content_sha256 == after.content_sha256:
        del columns["frozen"]  # stays to the letter, whatever this program would write today
    session.connection().execute(update(_REVISIONS).where(_REVISIONS.c.id == row.id).values(columns))
    touch(session, row.id, by, at)


def add_author(session: Session, assessment: Assessment, person: Person) -> tuple[Person, ...]:
    """Adds an author unless already listed. Returns all authors."""
    if person.id in {author.id for author in assessment.authors}:
        return assessment.authors
    _add_author(session, revision_of(session, assessment).id, len(assessment.authors), person)
    return (*assessment.authors, person)


def set_response(
    session: Session, assessment: Assessment, questionnaire: str, response: Response, by: Person, at: datetime
) -> Response:
    """Stores an answer and returns it with its new lock version. response.lock_version: the version last seen.

    Raises: StaleAssessmentError, naming who has written since and when.
    """
    revision_id = revision_of(session, assessment).id
    which = {"revision_id": revision_id, "questionnaire": questionnaire, "question": response.question}
    connection = session.connection()
    row: Any = connection.execute(_RESPONSE, {f"which_{name}": value for name, value in which.items()}).first()
    current = row.lock_version if row else 0
    seen = {0, current} if row is None or mapping.is_taken_back(row) else {current}
    if response.lock_version not in seen:
        raise _stale(row)
    columns = {
        "answer": to_json(response.answer),
        "note": response.note,
        "by_id": by.id,
        "by_name": by.name,
        "at": at,
        "lock_version": current + 1,
    }
    if row is None:
        connection.execute(insert(_RESPONSES), {**which, **columns})
    else:
        connection.execute(_CHANGE_RESPONSE, {**columns, **{f"which_{name}": value for name, value in which.items()}})
    touch(session, revision_id, by, at)
    return replace(response, by=by, at=at, lock_version=current + 1)


def set_scenarios(
    session: Session, assessment: Assessment, scenarios: Sequence[Scenario], by: Person, at: datetime
) -> None:
    rows = [{**asdict(scenario), "position": place} for place, scenario in enumerate(scenarios)]
    set_rows(session, assessment, table_of(ScenarioRow), rows, by, at)


def set_measures(
    session: Session, assessment: Assessment, measures: Sequence[Measure], by: Person, at: datetime
) -> None:
    rows = [{**asdict(measure), "position": place} for place, measure in enumerate(measures)]
    set_rows(session, assessment, table_of(MeasureRow), rows, by, at)


def set_withheld(session: Session, assessment: Assessment, marks: Sequence[Withheld], by: Person, at: datetime) -> None:
    rows = [
        {
            "path": withheld.path,
            "position": place,
            "kind": withheld.kind.value,
            "reason": withheld.reason,
            "salt": withheld.salt,
        }
        for place, withheld in enumerate(marks)
    ]
    set_rows(session, assessment, table_of(WithheldRow), rows, by, at)


def add_evidence(
    session: Session, assessment: Assessment, evidence: Evidence, stored_name: str, by: Person, at: datetime
) -> None:
    revision_id = revision_of(session, assessment).id
    columns = {
        "revision_id": revision_id,
        "id": evidence.id,
        "position": len(assessment.evidence),
        "title": evidence.title,
        "file_name": evidence.file_name,
        "stored_name": stored_name,
        "sha256": evidence.sha256,
        "size": evidence.size,
        "media_type": evidence.media_type,
        "part": evidence.part,
        "question": evidence.question,
        "on_day": evidence.on,
        "expires_on": evidence.expires_on,
        "by_id": by.id,
        "by_name": by.name,
        "at": at,
    }
    session.connection().execute(insert(_EVIDENCE), columns)
    touch(session, revision_id, by, at)


def remove_evidence(session: Session, assessment: Assessment, evidence_id: str, by: Person, at: datetime) -> str | None:
    """Returns the stored file's name if no revision needs it any more. None: another revision still does."""
    connection = session.connection()
    revision_id = revision_of(session, assessment).id
    this = (_EVIDENCE.c.revision_id == revision_id) & (_EVIDENCE.c.id == evidence_id)
    stored_name: str = connection.execute(select(_EVIDENCE.c.stored_name).where(this)).scalar_one()
    connection.execute(delete(_EVIDENCE).where(this))
    touch(session, revision_id, by, at)
    needed = connection.execute(select(_EVIDENCE.c.id).where(_EVIDENCE.c.stored_name == stored_name).limit(1)).first()
    return None if needed else stored_name


def set_log(session: Session, assessment: Assessment, log: KeptLog | None, by: Person, at: datetime) -> None:
    """Replaces the revision's decision log. log None: removes it."""
    rows: list[dict[str, Any]] = []
    if log is not None:
        who = {"by_id": by.id, "by_name": by.name, "at": at}
        rows = [{"sha256": log.analysis.source.sha256, "kept": kept_log.to_json(log), **who}]
    set_rows(session, assessment, table_of(LogRow), rows, by, at)


def clear_content(session: Session, assessment: Assessment, by: Person, at: datetime) -> None:
    """Removes everything that was written into a draft. Its pinned editions and authors stay, as the history names them."""
    for row_class in (ResponseRow, ScenarioRow, MeasureRow, LogRow, WithheldRow, ExplanationRow, CarriedRow):
        set_rows(session, assessment, table_of(row_class), [], by, at)


def add_sealed_report(
    session: Session,
    assessment: Assessment,
    stored_name: str,
    file: SealedFile,
    by: Person,
    at: datetime,
) -> int:
    """Returns the register entry's id."""
    row = SealedReportRow(
        assessment_id=assessment.id or 0,
        revision=assessment.revision,
        stored_name=stored_name,
        file_sha256=file.file_sha256,
        record_sha256=file.record_sha256,
        size=file.size,
        by_id=by.id,
        by_name=by.name,
        at=at,
        redacts=file.redacts,
        variant=file.variant,
    )
    return _added(session, row)


# --- parts -------------------------------------------------------------------------------------------------


_REVISIONS, _RESPONSES, _EVIDENCE = table_of(RevisionRow), table_of(ResponseRow), table_of(EvidenceRow)
_REVISION = select(_REVISIONS.c.id, _REVISIONS.c.lock_version, _REVISIONS.c.updated_at, _REVISIONS.c.updated_by).where(
    _REVISIONS.c.assessment_id == bindparam("assessment"), _REVISIONS.c.number == bindparam("number")
)
_TOUCH = (
    update(_REVISIONS)
    .where(_REVISIONS.c.id == bindparam("which"))
    .values(lock_version=_REVISIONS.c.lock_version + 1, updated_at=bindparam("now"), updated_by=bindparam("who"))
)
_THIS_RESPONSE = (
    (_RESPONSES.c.revision_id == bindparam("which_revision_id"))
    & (_RESPONSES.c.questionnaire == bindparam("which_questionnaire"))
    & (_RESPONSES.c.question == bindparam("which_question"))
)
_RESPONSE = select(_RESPONSES).where(_THIS_RESPONSE)
_CHANGE_RESPONSE = update(_RESPONSES).where(_THIS_RESPONSE)


def _added(session: Session, row: Any) -> int:
    """Adds a row and returns its id."""
    session.add(row)
    session.flush()
    return int(row.id)


def revision_of(session: Session, assessment: Assessment) -> Any:
    """Id, lock version and last change of the revision."""
    which = {"assessment": assessment.id, "number": assessment.revision}
    return session.connection().execute(_REVISION, which).one()


def touch(session: Session, revision_id: int, by: Person, at: datetime) -> None:
    """Marks the revision as changed at this time."""
    session.connection().execute(_TOUCH, {"which": revision_id, "now": at, "who": by.name})


def _add_author(session: Session, revision_id: int, position: int, person: Person) -> None:
    columns = {
        "revision_id": revision_id,
        "position": position,
        "person_id": person.id,
        "person_name": person.name,
        "person_position": person.position,
    }
    session.connection().execute(insert(table_of(AuthorRow)), columns)


def set_rows(
    session: Session, assessment: Assessment, table: CoreTable, rows: list[dict[str, Any]], by: Person, at: datetime
) -> None:
    """Replaces all rows of the revision."""
    connection = session.connection()
    revision_id = revision_of(session, assessment).id
    connection.execute(delete(table).where(table.c.revision_id == revision_id))
    if rows:
        connection.execute(insert(table), [{**row, "revision_id": revision_id} for row in rows])
    touch(session, revision_id, by, at)


def _state(after: Assessment) -> dict[str, Any]:
    """The columns of a revision that a workflow step can change."""
    decision, signed, refused = after.decision, after.sign_off, after.refusal
    settings = after.committee if decision else None
    return {
        "status": after.status.value,
        "content_sha256": after.content_sha256,
        "frozen": mapping.frozen(after.system, after.operator) if after.content_sha256 else None,
        "submitted_by_id": after.submitted_by.id if after.submitted_by else None,
        "submitted_by_name": after.submitted_by.name if after.submitted_by else None,
        "submitted_at": after.submitted_at,
        "submission": after.submission,
        "origin": after.origin.value if after.origin else None,
        "ruling": decision.ruling.value if decision else None,
        "decision_reason": decision.reason if decision else None,
        "decision_conditions": list(map(condition_json, decision.conditions)) if decision else None,
        "decided_by_id": decision.by.id if decision else None,
        "decided_by_name": decision.by.name if decision else None,
        "decided_by_position": decision.by.position if decision else "",
        "decided_at": decision.at if decision else None,
        "decided_sha256": decision.content_sha256 if decision else None,
        "committee": asdict(settings) if settings else None,
        "signed_by_id": signed.by.id if signed else None,
        "signed_by_name": signed.by.name if signed else None,
        "signed_by_position": signed.by.position if signed else "",
        "signed_at": signed.at if signed else None,
        "signed_sha256": signed.content_sha256 if signed else None,
        "signed_statements": [statement.value for statement in signed.statements] if signed else None,
        "refused_by_id": refused.by.id if refused else None,
        "refused_by_name": refused.by.name if refused else None,
        "refused_at": refused.at if refused else None,
        "refusal_reason": refused.reason if refused else None,
        "refused_to": refused.goal.value if refused else None,
    }


def _stale(row: Any) -> StaleAssessmentError:
    if row is None:
        return StaleAssessmentError(TEXTS.told("answer_gone"))
    return StaleAssessmentError(TEXTS.told("answer_changed", change=Change(row.by_name, row.at)))
