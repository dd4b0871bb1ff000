"""What the history tells, held against what the tables hold: compared. Evidence, sealed reports, revisions and their steps.

Files and frozen content are compared with their digests elsewhere; here is found what was put in or taken out together with
its digest, and what nothing but the history tells: who wrote, decided and signed. Values that were erased say nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text

from assessments.content.canonical import condition_json
from assessments.keeping.audit_findings import Finding, Harm, Thing, finding
from assessments.model import Condition, Status
from assessments.storage import event_lines
from assessments.storage.committee_tables import ConditionRow, VoteRow
from assessments.storage.database import Session
from assessments.storage.entries import EventChoice
from assessments.storage.tables import table_of

_CONDITION, _VOTE = table_of(ConditionRow), table_of(VoteRow)
_OF_VOTE = ("ballot", "reason", "content_sha256", "as_chair", "conditions", "points")
_STEPS: Mapping[str, Status] = {
    "start_assessment": Status.DRAFT,
    "revise": Status.DRAFT,
    "reassess": Status.DRAFT,
    "submit": Status.SUBMITTED,
    "return_to_author": Status.RETURNED,
    "record_decision": Status.DECIDED,
    "sign_off": Status.SIGNED_OFF,
    "refuse_sign_off": Status.REFUSED,
    "submit_again": Status.SUBMITTED,
    "void_approval": Status.SUPERSEDED,
    "withdraw": Status.WITHDRAWN,
    "delete_draft": Status.WITHDRAWN,
}
"""Deed → the status of its revision from then on."""
_WRITING = ("record_response", "add_evidence", "remove_evidence", "set_scenarios", "set_measures", "submit", "confirm")
"""Deeds that make an author of whoever does them."""
_JSON = ("decision_conditions", "committee", "signed_statements")
"""Columns that hold JSON."""
_Key = tuple[int, int]
"""Assessment and revision."""


@dataclass
class _Revision:
    """Where the history says that a revision stands. None as a value: erased."""

    status: Status = Status.DRAFT
    columns: dict[str, Any] = field(default_factory=dict)
    """What the table must hold, by column."""


class _Told:
    def __init__(self, session: Session) -> None:
        self.evidence: dict[str, str] = {}
        self.removed: set[str] = set()
        self.reports: dict[str, str] = {}
        self.revisions: dict[_Key, _Revision] = {}
        self.erased: Counter[str] = Counter()
        """Deed → how many of its events no longer say what they were about."""
        wanted = (*_STEPS, "add_evidence", "name_evidence", "remove_evidence", "keep_report")
        for kind, key, at, values in events_of(session, wanted):
            if kind in ("add_evidence", "name_evidence", "remove_evidence"):
                self._evidence(kind, values.get("evidence"))
            elif kind == "keep_report":
                self._report(values)
            else:
                self._step(kind, key, at, values)

    def _evidence(self, kind: str, values: Any) -> None:
        if not isinstance(values, dict):
            self.erased["remove_evidence" if kind == "remove_evidence" else "add_evidence"] += 1
        elif kind in ("add_evidence", "name_evidence"):
            self.evidence[str(values.get("id"))] = str(values.get("sha256"))
        else:
            self.removed.add(str(values.get("id")))

    def _report(self, values: Mapping[str, Any]) -> None:
        if values.get("file_sha256") is None or values.get("record_sha256") is None:
            self.erased["keep_report"] += 1
        else:
            self.reports[str(values["file_sha256"])] = str(values["record_sha256"])

    def _step(self, kind: str, key: _Key, at: str, values: Mapping[str, Any]) -> None:
        revision = self.revisions.setdefault(key, _Revision())
        revision.status = _STEPS[kind]
        actor = values.get("actor") or {}
        who, sha256 = actor.get("id"), values.get("content_sha256")
        if kind == "return_to_author":
            revision.columns = {}
        elif kind == "submit":
            revision.columns = {"content_sha256": sha256, "submitted_by_id": who, "submitted_at": at}
        elif kind == "record_decision":
            revision.columns |= {
                "committee": values.get("committee"),
                "ruling": values.get("ruling"),
                "decision_reason": values.get("reason"),
                "decision_conditions": values.get("conditions"),
                "decided_by_id": who,
                "decided_at": at,
                "decided_sha256": sha256,
            }
        elif kind == "sign_off":
            statements = values.get("statements")
            revision.columns |= {"signed_by_id": who, "signed_at": at, "signed_sha256": sha256}
            revision.columns |= {"signed_statements": statements}
        elif kind == "refuse_sign_off":
            revision.columns |= {
                "refused_by_id": who,
                "refused_at": at,
                "refusal_reason": values.get("reason"),
                "refused_to": values.get("goal"),
            }
        elif kind == "submit_again":
            refused = self.revisions.get((key[0], key[1] - 1), _Revision()).columns
            revision.columns = {"content_sha256": sha256}
            revision.columns |= {name: refused.get(name) for name in ("submitted_by_id", "submitted_at")}


def events_of(session: Session, wanted: Sequence[str]) -> Iterator[tuple[str, _Key, str, dict[str, Any]]]:
    """Each event of these kinds with its values, in order; what was erased is None."""
    kinds = ", ".join(f"'{kind}'" for kind in wanted)
    rows = session.connection().execute(
        text(
            "SELECT event.seq, kind, assessment_id, revision, at, name, value FROM event LEFT JOIN event_value USING (seq) "  # noqa: S608 - fixed names
            f"WHERE kind IN ({kinds}) ORDER BY event.seq"
        )
    )
    last, values = None, {}
    for row in rows:
        if last is not None and row.seq != last.seq:
            yield last.kind, (last.assessment_id, last.revision), last.at, values
            values = {}
        last = row
        if row.name is not None:
            values[row.name] = _json(row.value)
    if last is not None:
        yield last.kind, (last.assessment_id, last.revision), last.at, values


def _json(value: str | None) -> Any:
    try:
        return json.loads(value or "null")
    except ValueError:
        return None


def compared(session: Session, evidence: Sequence[Any], reports: Sequence[Any]) -> Iterator[Finding]:
    """What the tables hold and the history does not tell, and the other way round. evidence, reports: all rows of each."""
    history = _Told(session)
    yield from _evidence(history, evidence)
    yield from _reports(history, reports)
    yield from _revisions(history, session)


def _evidence(history: _Told, rows: Sequence[Any]) -> Iterator[Finding]:
    others = {row.id for row in rows if row.id in history.evidence and history.evidence[row.id] != row.sha256}
    untold = {row.id for row in rows} - history.evidence.keys()
    if len(untold) > history.erased["add_evidence"]:
        others |= untold
    for name in sorted(others):
        yield finding(Thing.EVIDENCE, Harm.ADDED, name)
    gone = history.evidence.keys() - history.removed - {row.id for row in rows}
    if len(gone) > history.erased["remove_evidence"]:
        for name in sorted(gone):
            yield finding(Thing.EVIDENCE, Harm.CUT_OFF, name)


def _reports(history: _Told, rows: Sequence[Any]) -> Iterator[Finding]:
    others = [row for row in rows if history.reports.get(row.file_sha256, row.record_sha256) != row.record_sha256]
    untold = [row for row in rows if row.file_sha256 not in history.reports]
    if len(untold) > history.erased["keep_report"]:
        others += untold
    for row in others:
        yield finding(Thing.REPORT, Harm.ADDED, row.id)
    for sha256 in history.reports.keys() - {row.file_sha256 for row in rows}:
        yield finding(Thing.REPORT, Harm.CUT_OFF, sha256)


def _revisions(history: _Told, session: Session) -> Iterator[Finding]:
    rows = {
        (row.assessment_id, row.number): row
        for row in session.connection().execute(text("SELECT * FROM revision ORDER BY id"))
    }
    for key in sorted(history.revisions.keys() | rows.keys()):
        which, revision, row = f"{key[0]}/{key[1]}", history.revisions.get(key), rows.get(key)
        if row is None:
            yield finding(Thing.REVISION, Harm.CUT_OFF, which)
        elif revision is None:
            yield finding(Thing.STEPS, Harm.ADDED, which)
        else:
            if revision.columns.get("content_sha256") not in (None, row.content_sha256):
                yield finding(Thing.REVISION, Harm.ADDED, which)
            if revision.status != row.status or _differs(revision.columns, row):
                yield finding(Thing.STEPS, Harm.ALTERED, which)
    yield from _votes(session)
    yield from _conditions(session)
    for key in sorted(_lacking_authors(session)):
        yield finding(Thing.STEPS, Harm.MISSING, f"{key[0]}/{key[1]}")


def _differs(columns: Mapping[str, Any], row: Any) -> bool:
    for name, value in columns.items():
        held = getattr(row, name)
        if name in _JSON:
            held = _json(held)
        if value is not None and name != "content_sha256" and value != held:
            return True
    return False


def _votes(session: Session) -> Iterator[Finding]:
    """Each is as it was cast, and none is gone or put in."""
    rows = {row.seq: row for row in session.connection().execute(select(_VOTE))}
    lines = {line.seq: line for line in event_lines.events(session, choice=EventChoice(kind="cast_vote"))}
    for seq in sorted(lines.keys() | rows.keys()):
        row, line = rows.get(seq), lines.get(seq)
        if row is None:
            yield finding(Thing.VOTE, Harm.MISSING, seq)
        elif line is None:
            yield finding(Thing.VOTE, Harm.ADDED, seq)
        else:
            columns = {**{name: line.values.get(name) for name in _OF_VOTE}, "person_id": line.by and line.by.id}
            if any(value not in (None, getattr(row, name)) for name, value in columns.items()):
                yield finding(Thing.VOTE, Harm.ALTERED, seq)


def _conditions(session: Session) -> Iterator[Finding]:
    """Those that are followed up are those that were decided."""
    followed: dict[_Key, list[Condition]] = {}
    for row in session.connection().execute(select(_CONDITION).order_by(_CONDITION.c.number)):
        condition = Condition(row.text, row.owner, row.due, row.owner_id)
        followed.setdefault((row.assessment_id, row.revision), []).append(condition)
    query = text(
        "SELECT assessment_id, number, decision_conditions FROM revision WHERE decision_conditions IS NOT NULL"
    )
    decided: dict[_Key, list[Any]] = {
        (row.assessment_id, row.number): _json(row.decision_conditions) or []
        for row in session.connection().execute(query)
    }
    for key in sorted(followed.keys() | decided.keys()):
        if [condition_json(condition) for condition in followed.get(key, ())] != decided.get(key, []):
            yield finding(Thing.CONDITION, Harm.ALTERED, f"{key[0]}/{key[1]}")


def _lacking_authors(session: Session) -> set[_Key]:
    """Revisions that somebody wrote in who is not among their authors."""
    kinds = ", ".join(f"'{kind}'" for kind in _WRITING)
    wrote = session.connection().execute(
        text(
            "SELECT DISTINCT assessment_id, revision, value FROM event JOIN event_value USING (seq) "  # noqa: S608 - fixed names
            f"WHERE name = 'actor' AND value IS NOT NULL AND kind IN ({kinds})"
        )
    )
    held = session.connection().execute(
        text("SELECT assessment_id, number, person_id FROM author JOIN revision ON revision.id = author.revision_id")
    )
    authors = {(row.assessment_id, row.number, row.person_id) for row in held}
    return {
        (row.assessment_id, row.revision)
        for row in wrote
        if (row.assessment_id, row.revision, (_json(row.value) or {}).get("id")) not in authors
    }
