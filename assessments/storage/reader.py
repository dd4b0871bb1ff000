"""Queries: get_assessment returns a complete frozen Assessment; paged lists are in `lists`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, inspect
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from assessments import editions
from assessments.decision_log import kept_log
from assessments.decision_log.kept_log import KeptLog
from assessments.errors import NotFoundError, QuestionnaireChangedError
from assessments.model import (
    OF_ONE,
    AISystem,
    Assessment,
    Committee,
    EditionRef,
    Operator,
    Origin,
    Person,
    Response,
    Status,
)
from assessments.rights import Kind
from assessments.storage import committee, mapping, units
from assessments.storage.entries import (
    Change,
    EarlierAnswer,
    EvidenceFile,
    SealedReport,
)
from assessments.storage.life_tables import ProofRow
from assessments.storage.remark_tables import EvidenceReviewRow, ExplanationRow
from assessments.storage.tables import (
    AssessmentRow,
    AuthorRow,
    EditionRow,
    EvidenceRow,
    LogRow,
    MeasureRow,
    OperatorRow,
    ProjectionRow,
    ResponseRow,
    RevisionRow,
    ScenarioRow,
    SealedReportRow,
    SystemRow,
    Table,
    WithheldRow,
    table_of,
)
from questionnaires.once import once_for_each
from questionnaires.problems import InvalidFileError
from questionnaires.schema import Question, Questionnaire
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)


def _of_revision(row_class: type[Table], *order: str) -> Select[Any]:
    table = table_of(row_class)
    return (
        core_select(table)
        .where(table.c.revision_id == bindparam("revision"))
        .order_by(*(table.c[column] for column in order))
    )


_CONTENT: Mapping[str, Select[Any]] = {
    "editions": _of_revision(EditionRow, "position"),
    "responses": _of_revision(ResponseRow, "questionnaire", "question"),
    "evidence": _of_revision(EvidenceRow, "position", "at", "id"),
    "scenarios": _of_revision(ScenarioRow, "position"),
    "measures": _of_revision(MeasureRow, "position"),
    "explanations": _of_revision(ExplanationRow, "check_id"),
    "evidence_reviews": _of_revision(EvidenceReviewRow, "evidence"),
    "withheld": _of_revision(WithheldRow, "position"),
    "authors": _of_revision(AuthorRow, "position"),
    "log": _of_revision(LogRow),
}
_REVISIONS, _ASSESSMENTS = table_of(RevisionRow), table_of(AssessmentRow)
_OFTEN_EMPTY: Mapping[str, type[Table]] = {
    "evidence": EvidenceRow,
    "scenarios": ScenarioRow,
    "measures": MeasureRow,
    "explanations": ExplanationRow,
    "evidence_reviews": EvidenceReviewRow,
    "withheld": WithheldRow,
    "log": LogRow,
}
"""Content that many a revision has none of, for which no statement of its own is worth while."""
_NEWEST = (
    core_select(
        _REVISIONS,
        _ASSESSMENTS.c.domain,
        _ASSESSMENTS.c.system_id,
        *(
            exists().where(table_of(row_class).c.revision_id == _REVISIONS.c.id).label(f"has_{name}")
            for name, row_class in _OFTEN_EMPTY.items()
        ),
    )
    .join(_ASSESSMENTS, _ASSESSMENTS.c.id == _REVISIONS.c.assessment_id)
    .where(_REVISIONS.c.assessment_id == bindparam("assessment"))
    .order_by(_REVISIONS.c.number.desc())
    .limit(1)
)
_REVISION = _NEWEST.where(_REVISIONS.c.number == bindparam("number"))
_SYSTEM = core_select(table_of(SystemRow)).where(table_of(SystemRow).c.id == bindparam("id"))
_OPERATOR = core_select(table_of(OperatorRow)).where(table_of(OperatorRow).c.id == bindparam("id"))


_RESPONSES, _OWN = table_of(ResponseRow), table_of(AssessmentRow).alias("own")
_EACH = (
    core_select(
        _RESPONSES.c.question,
        _RESPONSES.c.answer,
        _REVISIONS.c.on_day,
        _REVISIONS.c.assessment_id,
        func.row_number()
        .over(partition_by=_RESPONSES.c.question, order_by=(_RESPONSES.c.at.desc(), _REVISIONS.c.id.desc()))
        .label("age"),
    )
    .join(_REVISIONS, _REVISIONS.c.id == _RESPONSES.c.revision_id)
    .join(_ASSESSMENTS, _ASSESSMENTS.c.id == _REVISIONS.c.assessment_id)
    .where(
        _ASSESSMENTS.c.system_id
        == core_select(_OWN.c.system_id).where(_OWN.c.id == bindparam("which")).scalar_subquery(),
        _ASSESSMENTS.c.id != bindparam("which"),
        _REVISIONS.c.status != Status.WITHDRAWN.value,
        _RESPONSES.c.questionnaire == bindparam("questionnaire"),
        _RESPONSES.c.question.in_(bindparam("questions", expanding=True)),
        _RESPONSES.c.answer.is_not(None),
    )
    .subquery()
)
"""Answers of the other assessments of the same system."""
_EARLIER = core_select(_EACH).where(_EACH.c.age == 1)


def get_assessment(session: Session, assessment_id: int, revision: int | None = None) -> Assessment:
    """One complete revision; revision None: the newest. Raises: NotFoundError."""
    connection = session.connection()
    row: Any
    if revision is None:
        row = connection.execute(_NEWEST, {"assessment": assessment_id}).first()
    else:
        row = connection.execute(_REVISION, {"assessment": assessment_id, "number": revision}).first()
    if row is None:
        raise _absent("assessment", assessment_id if revision is None else f"{assessment_id}/{revision}")
    if row.frozen:
        system, operator = mapping.frozen_system(row.frozen), mapping.frozen_operator(row.frozen)
    else:
        line = _system_row(session, row.system_id)
        system, operator = mapping.system(line), get_operator(session, line.operator_id)
    rows_by_table: dict[str, Sequence[Any]] = {
        name: connection.execute(rows, {"revision": row.id}).all() if getattr(row, f"has_{name}", True) else ()
        for name, rows in _CONTENT.items()
    }
    pinned = tuple(mapping.edition(line) for line in rows_by_table["editions"])
    return Assessment(
        id=assessment_id,
        system=system,
        operator=operator,
        domain=row.domain,
        on=row.on_day,
        editions=pinned,
        responses=_responses(rows_by_table["responses"], pinned),
        evidence=tuple(mapping.evidence(line) for line in rows_by_table["evidence"]),
        scenarios=tuple(mapping.scenario(line) for line in rows_by_table["scenarios"]),
        measures=tuple(mapping.measure(line) for line in rows_by_table["measures"]),
        explanations=tuple(mapping.explanation(line) for line in rows_by_table["explanations"]),
        evidence_reviews=tuple(mapping.evidence_review(line) for line in rows_by_table["evidence_reviews"]),
        withheld=tuple(mapping.withheld(line) for line in rows_by_table["withheld"]),
        authors=tuple(
            Person(line.person_id, line.person_name, line.person_position) for line in rows_by_table["authors"]
        ),
        log=kept_log.stored(assessment_id, rows_by_table["log"][0].kept) if rows_by_table["log"] else None,
        status=Status(row.status),
        revision=row.number,
        content_sha256=row.content_sha256,
        decision=mapping.decision(row),
        sign_off=mapping.sign_off(row),
        committee=_committee(session, row),
        votes=committee.votes(session, row.id, row.submission),
        submission=row.submission,
        refusal=mapping.refusal(row),
        origin=Origin(row.origin) if row.origin else None,
        submitted_by=mapping.person(row.submitted_by_id, row.submitted_by_name),
        submitted_at=row.submitted_at,
        lock_version=row.lock_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _committee(session: Session, row: Any) -> Committee | None:
    """Of a decision as it was then; else of the system's unit."""
    if row.ruling is not None:
        return mapping.committee(row.committee) if row.committee else None
    if row.status != Status.SUBMITTED:
        return OF_ONE  # nobody votes on it now
    return committee.of_unit(session, units.path_of(session, Kind.ASSESSMENT, row.assessment_id))


def _responses(rows: Sequence[Any], pinned: Sequence[EditionRef]) -> dict[str, dict[str, Response]]:
    """If a pinned edition is unreadable, answers are read without their questions; callers that need those raise."""
    try:
        pinned_editions = editions.of_pinned(pinned)
    except (QuestionnaireChangedError, InvalidFileError):
        pinned_editions = {}
    questions = {name: _questions(edition.questionnaire) for name, edition in pinned_editions.items()}
    responses: dict[str, dict[str, Response]] = {}
    for row in rows:
        if not mapping.is_taken_back(row):
            question = questions.get(row.questionnaire, {}).get(row.question)
            responses.setdefault(row.questionnaire, {})[row.question] = mapping.response(row, question)
    return responses


@once_for_each
def _questions(questionnaire: Questionnaire) -> dict[str, Question]:
    """Id → question."""
    return {question.id: question for question in questionnaire.questions()}


def revisions(session: Session, assessment_id: int) -> tuple[int, ...]:
    """Numbers of all revisions, oldest first."""
    query = (
        select(RevisionRow.number).where(RevisionRow.assessment_id == assessment_id).order_by(col(RevisionRow.number))
    )
    return tuple(session.exec(query))


def find_operator(session: Session, operator: Operator, units: Collection[int]) -> int | None:
    """The id of an organisation in one of these units that is equal in every field. None: there is none."""
    return _same(session, OperatorRow, asdict(operator), units)


def find_system(session: Session, operator_id: int, system: AISystem, units: Collection[int]) -> int | None:
    """The id of one of this organisation's systems in one of these units that is equal in every field. None: there is none."""
    return _same(session, SystemRow, {**asdict(system), "operator_id": operator_id}, units)


def has_examples(session: Session) -> bool:
    return session.exec(select(OperatorRow.id).where(col(OperatorRow.is_example)).limit(1)).first() is not None


def newest_log(session: Session, system_id: int) -> KeptLog | None:
    """The decision log of the system's newest assessment that has one. None: none has."""
    query = (
        select(LogRow.kept)
        .join(RevisionRow, col(RevisionRow.id) == LogRow.revision_id)
        .join(
            ProjectionRow,
            (col(ProjectionRow.assessment_id) == RevisionRow.assessment_id)
            & (col(ProjectionRow.revision) == RevisionRow.number),
        )
        .join(AssessmentRow, col(AssessmentRow.id) == ProjectionRow.assessment_id)
        .where(AssessmentRow.system_id == system_id)
        .order_by(col(AssessmentRow.id).desc())
        .limit(1)
    )
    row = session.exec(query).first()
    return None if row is None else kept_log.from_json(row)


def earlier_answers(
    session: Session, assessment: Assessment, questionnaire: str, questions: Collection[str]
) -> Mapping[str, EarlierAnswer]:
    """Of these questions → the last answer in another assessment of the same system; those withdrawn do not count."""
    if not questions:
        return {}
    which = {"which": assessment.id, "questionnaire": questionnaire, "questions": sorted(questions)}
    rows = session.connection().execute(_EARLIER, which)
    return {row.question: EarlierAnswer(row.answer, row.on_day, row.assessment_id) for row in rows}


def get_operator(session: Session, operator_id: int) -> Operator:
    """As it is now. Raises: NotFoundError."""
    return mapping.operator(_operator_row(session, operator_id))


def operator_of(session: Session, system_id: int) -> Operator:
    """The organisation that answers for a system, as it is now. Raises: NotFoundError."""
    return get_operator(session, _system_row(session, system_id).operator_id)


def last_change(session: Session, assessment: Assessment) -> Change:
    """Who last changed a revision, and when."""
    which = {"assessment": assessment.id, "number": assessment.revision}
    row = session.connection().execute(_REVISION, which).one()
    return Change(row.updated_by, row.updated_at)


def last_change_of_operator(session: Session, operator_id: int) -> Change:
    """Who last changed an organisation, and when."""
    row = _operator_row(session, operator_id)
    return Change(row.updated_by, row.updated_at)


def last_change_of_system(session: Session, system_id: int) -> Change:
    """Who last changed an AI system, and when."""
    row = _system_row(session, system_id)
    return Change(row.updated_by, row.updated_at)


def get_system(session: Session, system_id: int) -> AISystem:
    """As it is now. Raises: NotFoundError."""
    return mapping.system(_system_row(session, system_id))


def every_sealed_report(session: Session) -> tuple[SealedReport, ...]:
    """Of all assessments, the first one first."""
    return tuple(_sealed(row) for row in session.exec(select(SealedReportRow).order_by(col(SealedReportRow.id))))


def sealed_reports(session: Session, assessment_id: int) -> tuple[SealedReport, ...]:
    """Sealed reports of all revisions, newest first."""
    query = select(SealedReportRow).where(SealedReportRow.assessment_id == assessment_id)
    return tuple(_sealed(row) for row in session.exec(query.order_by(col(SealedReportRow.id).desc())))


def has_register(session: Session) -> bool:
    """False if this database was never prepared."""
    return bool(inspect(session.connection()).has_table(str(SealedReportRow.__tablename__)))


def has_sealed_reports(session: Session) -> bool:
    return session.exec(select(SealedReportRow.id).limit(1)).first() is not None


def find_sealed(session: Session, file_sha256: str) -> SealedReport | None:
    """The registered report with this digest. None: none is registered here."""
    row = session.exec(select(SealedReportRow).where(SealedReportRow.file_sha256 == file_sha256)).first()
    return _sealed(row) if row else None


def is_replaced(session: Session, report: SealedReport) -> bool:
    """Whether a later revision of the same assessment has been sealed; an unfinished revision does not count."""
    later = select(SealedReportRow.id).where(
        SealedReportRow.assessment_id == report.assessment_id, col(SealedReportRow.revision) > report.revision
    )
    return session.exec(later.limit(1)).first() is not None


def sealed_of_record(session: Session, record_sha256: str) -> tuple[SealedReport, ...]:
    """Registered reports that hold a record, newest first."""
    query = select(SealedReportRow).where(SealedReportRow.record_sha256 == record_sha256)
    return tuple(_sealed(row) for row in session.exec(query.order_by(col(SealedReportRow.id).desc())))


def evidence_file(session: Session, evidence_id: str) -> EvidenceFile:
    """Raises: NotFoundError."""
    query = (
        select(EvidenceRow, RevisionRow.assessment_id)
        .join(RevisionRow, col(RevisionRow.id) == EvidenceRow.revision_id)
        .where(EvidenceRow.id == evidence_id)
        .order_by(col(RevisionRow.number).desc())
    )
    first = session.exec(query).first()
    if first is None:
        raise no_evidence_file(evidence_id)
    row, assessment_id = first
    return EvidenceFile(mapping.evidence(row), assessment_id, row.stored_name)


def is_evidence_elsewhere(session: Session, of: Assessment, evidence_id: str) -> bool:
    """Whether another revision holds the same file."""
    files = table_of(EvidenceRow)
    this = core_select(files.c.stored_name).where(files.c.id == evidence_id).limit(1).scalar_subquery()
    others = (
        core_select(files.c.id)
        .join(_REVISIONS, _REVISIONS.c.id == files.c.revision_id)
        .where(files.c.stored_name == this, _is_other(of))
    )
    return session.connection().execute(others.limit(1)).first() is not None


def is_log_elsewhere(session: Session, of: Assessment) -> bool:
    """Whether another revision holds the same figures of its decision log, to the letter."""
    logs = table_of(LogRow)
    rows = session.connection().execute(
        core_select(logs.c.kept, _REVISIONS.c.number)
        .join(_REVISIONS, _REVISIONS.c.id == logs.c.revision_id)
        .where(_REVISIONS.c.assessment_id == of.id)
    )
    kept_by_number = {row.number: row.kept for row in rows}
    own = kept_by_number.pop(of.revision, None)
    return own in kept_by_number.values()


def _is_other(of: Assessment) -> Any:
    """Of the same assessment another revision, or another assessment altogether."""
    return (_REVISIONS.c.assessment_id != of.id) | (_REVISIONS.c.number != of.revision)


def no_evidence_file(evidence_id: str) -> NotFoundError:
    return _absent("evidence_file", evidence_id)


def evidence_bytes(session: Session, assessment_id: int) -> int:
    """Total size in bytes of an assessment's stored files: evidence over all revisions, and what was attached after a decision."""
    stored = (
        select(EvidenceRow.stored_name, func.max(EvidenceRow.size).label("size"))
        .join(RevisionRow, col(RevisionRow.id) == EvidenceRow.revision_id)
        .where(RevisionRow.assessment_id == assessment_id)
        .group_by(EvidenceRow.stored_name)
        .subquery()
    )
    attached = select(func.coalesce(func.sum(ProofRow.size), 0)).where(ProofRow.assessment_id == assessment_id)
    return (session.scalar(select(func.coalesce(func.sum(stored.c.size), 0))) or 0) + (session.scalar(attached) or 0)


# --- parts -------------------------------------------------------------------------------------------------


def _same(session: Session, row_class: type[Table], values: Mapping[str, Any], units: Collection[int]) -> int | None:
    table = table_of(row_class)
    same = (table.c[name] == value for name, value in values.items() if name != "id")
    return session.execute(
        core_select(table.c.id).where(*same, table.c.unit_id.in_(units)).order_by(table.c.id).limit(1)
    ).scalar()


def _system_row(session: Session, system_id: int) -> Any:
    row = session.connection().execute(_SYSTEM, {"id": system_id}).first()
    if row is None:
        raise _absent("system", system_id)
    return row


def _operator_row(session: Session, operator_id: int) -> Any:
    row = session.connection().execute(_OPERATOR, {"id": operator_id}).first()
    if row is None:
        raise _absent("operator", operator_id)
    return row


def _sealed(row: SealedReportRow) -> SealedReport:
    return SealedReport(
        row.id or 0,
        row.assessment_id,
        row.revision,
        row.file_sha256,
        row.record_sha256,
        row.size,
        Person(row.by_id, row.by_name),
        row.at,
        row.stored_name,
        row.redacts,
        row.variant,
    )


def _absent(kind: str, which: int | str) -> NotFoundError:
    return NotFoundError(TEXTS.told("absent", kind=TEXTS.text(f"absent_{kind}"), which=which))
