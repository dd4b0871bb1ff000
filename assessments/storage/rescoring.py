"""What results follow from, read for many assessments at once: whole_portfolio, contents. Nothing else of them is read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text

from assessments.model import Status
from assessments.storage.database import Session
from assessments.storage.dialects.known import dialect_of
from assessments.storage.expressions import JsonField
from assessments.storage.life_tables import ArchivedRow
from assessments.storage.tables import AssessmentRow, OperatorRow, ProjectionRow, RevisionRow, SystemRow, table_of
from questionnaires.wording import SEOUL

AT_ONCE = 500
_PROJECTION, _REVISION, _ASSESSMENT = table_of(ProjectionRow), table_of(RevisionRow), table_of(AssessmentRow)
_SYSTEM, _OPERATOR = table_of(SystemRow), table_of(OperatorRow)


class Place(NamedTuple):
    """The newest revision of an assessment."""

    revision_id: int
    assessment_id: int


class Stored(NamedTuple):
    """One revision, its parts as they are stored: equal texts are equal contents."""

    assessment_id: int
    domain: str
    judged_on: date
    is_example: bool
    editions: str
    """`id version digest` of each pinned edition, in its order, one a line."""
    answers: dict[str, str]
    """Questionnaire → JSON of its questions, each with its answer as it is stored."""
    scenarios: str
    evidence: tuple[tuple[str, str | None, str | None], ...]
    """Part of the claim, day and last day."""
    log: str


def whole_portfolio(session: Session, statuses: Sequence[Status], units: Collection[int] | None) -> tuple[Place, ...]:
    """Of what is not archived. units: of the systems; None: all there are."""
    query = (
        select(_REVISION.c.id, _PROJECTION.c.assessment_id)
        .join(
            _REVISION,
            (_REVISION.c.assessment_id == _PROJECTION.c.assessment_id) & (_REVISION.c.number == _PROJECTION.c.revision),
        )
        .where(_PROJECTION.c.status.in_([status.value for status in statuses]))
        .where(_PROJECTION.c.assessment_id.not_in(select(table_of(ArchivedRow).c.assessment_id)))
        .order_by(_REVISION.c.id)
    )
    if units is not None:
        query = (
            query.join(_ASSESSMENT, _ASSESSMENT.c.id == _PROJECTION.c.assessment_id)
            .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
            .where(_SYSTEM.c.unit_id.in_(units))
        )
    return tuple(Place(*row) for row in session.connection().execute(query))


_LISTED = "IN (SELECT value FROM json_each(:ids))"
"""Numbers one by one would be sorted into a table of its own for every query."""
_HEADS = (
    select(
        _REVISION.c.id,
        _REVISION.c.assessment_id,
        _ASSESSMENT.c.domain,
        _REVISION.c.on_day,
        _REVISION.c.decided_at,
        _OPERATOR.c.is_example,
        JsonField(_REVISION.c.frozen, "operator", "is_example").label("was_example"),
    )
    .join(_ASSESSMENT, _ASSESSMENT.c.id == _REVISION.c.assessment_id)
    .join(_SYSTEM, _SYSTEM.c.id == _ASSESSMENT.c.system_id)
    .join(_OPERATOR, _OPERATOR.c.id == _SYSTEM.c.operator_id)
    .where(_REVISION.c.id.in_(bindparam("ids", expanding=True)))
)


def contents(session: Session, revision_ids: Sequence[int], but: Collection[str] = ()) -> Iterator[Stored]:
    """Of AT_ONCE revisions at most, in the order of their ids. but: questionnaires whose answers are not read."""
    connection = session.connection()

    worded = dialect_of(connection.engine.url).worded
    ids = json.dumps([*revision_ids])

    def rows(query: str, **more: str) -> Iterator[Any]:
        statement = worded(query.replace("IN :ids", _LISTED))
        return iter(connection.execute(text(statement), {"ids": ids, **more}))

    editions = {
        row[0]: row[1]
        for row in rows(
            "SELECT revision_id, group_concat(line, char(10)) FROM (SELECT revision_id, questionnaire || ' ' || version || ' ' || "
            "sha256 AS line FROM pinned_edition WHERE revision_id IN :ids ORDER BY revision_id, position) AS ordered GROUP BY revision_id"
        )
    }
    answers: dict[int, dict[str, str]] = {}
    for revision_id, questionnaire, line in rows(
        "SELECT revision_id, questionnaire, json_group_object(question, answer) FROM response WHERE revision_id IN :ids "
        "AND answer IS NOT NULL AND questionnaire NOT IN (SELECT value FROM json_each(:but)) GROUP BY revision_id, questionnaire",
        but=json.dumps([*but]),
    ):
        answers.setdefault(revision_id, {})[questionnaire] = line
    scenarios = dict(
        tuple(row)
        for row in rows(
            "SELECT revision_id, '[' || group_concat(impacts, ',') || ']' FROM (SELECT revision_id, impacts FROM scenario "
            "WHERE revision_id IN :ids ORDER BY revision_id, position) AS ordered GROUP BY revision_id"
        )
    )
    evidence = {
        revision_id: tuple((row[1], row[2], row[3]) for row in pieces)
        for revision_id, pieces in groupby(
            rows(
                "SELECT revision_id, part, CAST(on_day AS TEXT), CAST(expires_on AS TEXT) FROM evidence "
                "WHERE revision_id IN :ids AND part <> '' ORDER BY revision_id, part, on_day, expires_on"
            ),
            key=lambda row: int(row[0]),
        )
    }
    logs = dict(tuple(row) for row in rows("SELECT revision_id, kept FROM decision_log WHERE revision_id IN :ids"))
    heads = {row.id: row for row in connection.execute(_HEADS, {"ids": list(revision_ids)})}
    for revision_id in revision_ids:
        if (head := heads.get(revision_id)) is not None:
            yield Stored(
                head.assessment_id,
                head.domain,
                _day(head.decided_at) or head.on_day,
                bool(head.is_example) if head.was_example is None else str(head.was_example) == "1",
                editions.get(revision_id, ""),
                answers.get(revision_id, {}),
                scenarios.get(revision_id, ""),
                evidence.get(revision_id, ()),
                logs.get(revision_id, ""),
            )


def _day(at: datetime | None) -> date | None:
    return at.astimezone(SEOUL).date() if at else None
