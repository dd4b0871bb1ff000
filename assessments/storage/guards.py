"""What the database itself refuses, as data: altering or replacing the history and the register, editing what was submitted or decided.

And what it keeps right by itself, whoever writes: where the system of an assessment lies and who answers for it, in the rows of
dashboards, and their sums by unit and cell.

`INSERT OR REPLACE` removes the old row without any trigger on DELETE: what may not be altered may not be put in place
again either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

APPEND_ONLY = (
    "event",
    "sealed_report",
    "reassessment_day",
    "material_change",
    "follow_up",
    "proof",
    "watched_log",
    "condition",
    "vote",
    "portfolio_day",
    "system_event",
    "made_data",
    "meeting_event",
    "meeting_document",
    "request_event",
    "official_document",
)
"""Never altered, removed or replaced."""
CONTENT = (
    "response",
    "evidence",
    "scenario",
    "measure",
    "explanation",
    "withheld",
    "decision_log",
    "pinned_edition",
    "carried",
)
"""Rows of a revision, which are written while it is a draft or returned."""
NOT_REPLACED: Mapping[str, tuple[str, ...]] = {
    "event": ("seq >= NEW.seq",),
    "event_value": ("seq = NEW.seq AND name = NEW.name",),
    "sealed_report": (
        "id = NEW.id",
        "file_sha256 = NEW.file_sha256",
        "assessment_id = NEW.assessment_id AND revision = NEW.revision AND variant = NEW.variant",
    ),
    "vote": ("seq = NEW.seq",),
    "condition": (
        "id = NEW.id",
        "assessment_id = NEW.assessment_id AND revision = NEW.revision AND number = NEW.number",
    ),
    "assessment": ("id = NEW.id",),
    "revision": ("id = NEW.id", "assessment_id = NEW.assessment_id AND number = NEW.number"),
    "author": ("revision_id = NEW.revision_id AND person_id = NEW.person_id",),
    "submission": ("revision_id = NEW.revision_id AND round = NEW.round",),
    "account": ("id = NEW.id",),
    "unit": ("id = NEW.id",),
    "reassessment_day": ("id = NEW.id",),
    "material_change": ("id = NEW.id",),
    "follow_up": ("id = NEW.id",),
    "proof": ("id = NEW.id",),
    "watched_log": ("id = NEW.id",),
    "legal_hold": ("id = NEW.id",),
    "archived": ("assessment_id = NEW.assessment_id",),
    "retired": ("assessment_id = NEW.assessment_id",),
    "incident": ("seq = NEW.seq",),
    "meeting": ("id = NEW.id", "unit_id = NEW.unit_id AND number = NEW.number"),
    "meeting_event": ("meeting_id = NEW.meeting_id AND seq = NEW.seq",),
    "meeting_document": ("seq = NEW.seq",),
    "request": ("seq = NEW.seq",),
    "request_event": ("request = NEW.request AND seq = NEW.seq",),
    "official_document": ("seq = NEW.seq",),
    "made_data": ("id = NEW.id",),
    "portfolio_day": (
        "day = NEW.day AND unit_id = NEW.unit_id AND domain = NEW.domain AND verdict = NEW.verdict AND level = NEW.level"
        " AND status = NEW.status AND has_log = NEW.has_log",
    ),
}
"""Table → what a row that is there already has in common with one that would take its place: each of its keys."""
_IDENTITY = ("id", "assessment_id", "number", "created_at")
_FROZEN = ("content_sha256", "frozen", "on_day", "submitted_by_id", "submitted_by_name", "submitted_at", "submission")
_DECISION = (
    "ruling",
    "decision_reason",
    "decision_conditions",
    "decided_by_id",
    "decided_by_name",
    "decided_by_position",
    "decided_at",
    "decided_sha256",
    "committee",
)
_INCIDENT = ("seq", "system_id", "on_day")
_MEETING = ("id", "unit_id", "number")
_REQUEST = ("seq", "system_id", "kind", "received_on")
_PLACED = ("id", "assessment_id", "reason", "by_id", "by_name", "at")
_FIRST = ("first_by_id", "first_by_name", "first_reason", "first_at")
_SECOND = ("second_by_id", "second_by_name", "second_reason", "second_at")
_SIGN_OFF = (
    "signed_by_id",
    "signed_by_name",
    "signed_by_position",
    "signed_at",
    "signed_sha256",
    "signed_statements",
)
_REFUSAL = ("refused_by_id", "refused_by_name", "refused_at", "refusal_reason", "refused_to")


@dataclass(frozen=True)
class Trigger:
    """What the database does by itself, in words that every dialect understands: `IS NOT` compares NULL as a value.

    moment: such as `BEFORE UPDATE`. when: a condition on OLD and NEW; empty: always. refuses: the sentence with which it
    refuses. does: in place of it, one statement.
    """

    name: str
    moment: str
    table: str
    when: str = ""
    refuses: str = ""
    does: str = ""


def _refusing(name: str, deed: str, table: str, sentence: str, when: str = "") -> Trigger:
    return Trigger(name, f"BEFORE {deed}", table, when, refuses=sentence)


def _never(table: str, deed: str) -> Trigger:
    return _refusing(f"{table}_no_{deed.lower()}", deed, table, f"{table} is append-only")


def _never_replaced(table: str, same: tuple[str, ...]) -> Trigger:
    there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in same)  # noqa: S608 - our own names
    return _refusing(f"{table}_no_replace", "INSERT", table, f"a row of {table} is never replaced", there)


def _only_editable(table: str, deed: str) -> Trigger:
    """Names are this module's own, so nothing can slip into the statement."""
    rows = {"INSERT": "NEW.revision_id", "UPDATE": "OLD.revision_id, NEW.revision_id", "DELETE": "OLD.revision_id"}
    frozen = f"SELECT 1 FROM revision WHERE id IN ({rows[deed]}) AND status NOT IN ('draft', 'returned')"  # noqa: S608
    name = f"{table}_frozen_{deed.lower()}"
    return _refusing(name, deed, table, "a submitted revision is not edited", f"EXISTS ({frozen})")


def _only_submitted(table: str, deed: str) -> Trigger:
    """Written while the committee has the revision: before its decision, and not by authors at work on it."""
    rows = {"INSERT": "NEW.revision_id", "UPDATE": "OLD.revision_id, NEW.revision_id", "DELETE": "OLD.revision_id"}
    others = f"SELECT 1 FROM revision WHERE id IN ({rows[deed]}) AND status <> 'submitted'"  # noqa: S608
    name, sentence = f"{table}_submitted_{deed.lower()}", "evidence is marked between submission and decision"
    return _refusing(name, deed, table, sentence, f"EXISTS ({others})")


def _only_on_what_is_submitted() -> Trigger:
    """A vote is about the very content that waits for the committee."""
    that = (
        "SELECT 1 FROM revision WHERE id = NEW.revision_id AND status = 'submitted' "
        "AND submission = NEW.submission AND content_sha256 = NEW.content_sha256"
    )
    return _refusing("vote_on_submitted", "INSERT", "vote", "a vote is about what is submitted", f"NOT EXISTS ({that})")


def _differs(columns: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns) + ")"


def _revision_kept() -> Iterator[Trigger]:
    """A revision goes forward only; what was submitted changes by being returned, what was decided or signed never."""
    yield _refusing(
        "revision_same", "UPDATE", "revision", "a revision stays what it is a revision of", _differs(_IDENTITY)
    )
    yield _refusing(
        "revision_forward",
        "UPDATE",
        "revision",
        "a revision does not go back",
        "(OLD.status = 'submitted' AND NEW.status = 'draft') OR (OLD.status NOT IN ('draft', 'returned', 'submitted') "
        "AND NEW.status IN ('draft', 'returned', 'submitted')) OR (OLD.status NOT IN ('submitted', 'decided') "
        "AND NEW.status = 'decided') OR (OLD.status NOT IN ('decided', 'signed_off') AND NEW.status = 'signed_off') "
        "OR (OLD.status NOT IN ('decided', 'refused') AND NEW.status = 'refused') "
        "OR (OLD.status = 'refused' AND NEW.status <> 'refused')",
    )
    yield _refusing(
        "revision_frozen",
        "UPDATE",
        "revision",
        "what was submitted is not edited",
        f"OLD.content_sha256 IS NOT NULL AND NOT (OLD.status = 'submitted' AND NEW.status = 'returned') "
        f"AND {_differs(_FROZEN)}",
    )
    yield _refusing(
        "revision_decided",
        "UPDATE",
        "revision",
        "a decision is not edited",
        f"OLD.decided_sha256 IS NOT NULL AND {_differs((*_DECISION, 'origin'))}",
    )
    yield _refusing(
        "revision_signed",
        "UPDATE",
        "revision",
        "a sign-off is not edited",
        f"OLD.signed_sha256 IS NOT NULL AND {_differs(_SIGN_OFF)}",
    )
    yield _refusing(
        "revision_refused",
        "UPDATE",
        "revision",
        "a refusal is not edited",
        f"OLD.refused_to IS NOT NULL AND {_differs(_REFUSAL)}",
    )


def _hold_kept() -> Iterator[Trigger]:
    """A legal hold is placed once; what its first and its second releaser said stands."""
    yield _never("legal_hold", "DELETE")
    yield _refusing(
        "legal_hold_kept",
        "UPDATE",
        "legal_hold",
        "a legal hold is released, never changed",
        f"{_differs(_PLACED)} OR (OLD.first_by_id IS NOT NULL AND {_differs(_FIRST)}) "
        f"OR (OLD.second_by_id IS NOT NULL AND {_differs(_SECOND)})",
    )
    for table in ("archived", "retired"):
        yield _never(table, "UPDATE")
    yield _never("incident", "DELETE")
    yield _refusing(
        "incident_kept", "UPDATE", "incident", "an incident is closed or opened, never changed", _differs(_INCIDENT)
    )


def _meeting_kept() -> Iterator[Trigger]:
    """A meeting that is closed or cancelled stays so; of what is written about it afterwards nothing counts as its minutes."""
    yield _never("meeting", "DELETE")
    yield _refusing(
        "meeting_kept",
        "UPDATE",
        "meeting",
        "closed minutes are never changed",
        f"{_differs(_MEETING)} OR OLD.state <> 'open'",
    )
    over = "SELECT 1 FROM meeting WHERE id = NEW.meeting_id AND state <> 'open'"
    later = "'close_meeting', 'cancel_meeting', 'add_addendum', 'keep_document'"
    yield _refusing(
        "meeting_event_while_open",
        "INSERT",
        "meeting_event",
        "closed minutes are never changed",
        f"EXISTS ({over}) AND (SELECT kind FROM event WHERE seq = NEW.seq) NOT IN ({later})",  # noqa: S608
    )


def _request_kept() -> Iterator[Trigger]:
    """A request stays what was asked, its due day never comes nearer, and what was answered or refused stands."""
    yield _never("request", "DELETE")
    yield _refusing(
        "request_kept",
        "UPDATE",
        "request",
        "a request is extended, handed over or closed, never changed",
        f"{_differs(_REQUEST)} OR OLD.state <> 'open' OR NEW.due_on < OLD.due_on OR NEW.extensions < OLD.extensions",
    )


CELL = (
    "domain || ' ' || CASE WHEN contested THEN 'contested' ELSE outcome END || ' ' || "
    "CASE WHEN open_required > 0 THEN 'not_rated' ELSE level END || ' ' || inherent || ' ' || claim || ' ' || status || ' ' || has_log"
)
"""Of a row of the projection: domain, verdict, level as it is told, level before measures, claim, status, log."""
_IN_CELL = ("domain", "contested", "outcome", "open_required", "level", "inherent", "claim", "status", "has_log")
_OPEN = "FROM duty WHERE duty.assessment_id = projection.assessment_id AND duty.cause = 'condition'"
CONDITIONS = f"(SELECT count(*) {_OPEN})"
"""How many conditions are open of a row of the projection."""
CONDITION_ON = f"(SELECT min(duty.on_day) {_OPEN})"
"""The day of the one that is due first."""


def overdue(day: str) -> str:
    """What is set in the projection so that it says how many conditions are open past their day, as seen on a day in SQL's words."""
    return (
        f"overdue = (SELECT count(*) {_OPEN} AND duty.on_day < {day}), "
        f"overdue_on = (SELECT max(duty.on_day) {_OPEN} AND duty.on_day < {day}), "
        f"next_on = (SELECT min(duty.on_day) {_OPEN} AND duty.on_day >= {day})"
    )


_BORNE = (
    "reassess_on IS NOT NULL AND {row}.status IN ('decided', 'signed_off') AND {row}.level IN ('high', 'very_high')"
)
_LIVE = "('draft', 'returned', 'submitted', 'decided', 'signed_off')"
SUMS: Mapping[str, str] = {
    "number": "1",
    "again": "CASE WHEN {row}.reassess_on IS NOT NULL THEN 1 ELSE 0 END",
    "accepted": f"CASE WHEN {{row}}.{_BORNE} THEN 1 ELSE 0 END",
    "conditional": "CASE WHEN {row}.conditions > 0 THEN 1 ELSE 0 END",
    "conditions": "{row}.conditions",
    "unowned": f"CASE WHEN {{row}}.owner_id = '' AND {{row}}.status IN {_LIVE} THEN 1 ELSE 0 END",
    "unproven": "CASE WHEN {row}.evidence = 0 AND {row}.status IN ('submitted', 'decided', 'signed_off') THEN 1 ELSE 0 END",
}
"""The first of the sums by unit and cell, as migration 0041 makes them: column → what a row of the projection, named in place of
`row`, adds to it."""
EVERY_SUM: Mapping[str, str] = {
    **SUMS,
    "come": "CASE WHEN {row}.came_on IS NOT NULL THEN 1 ELSE 0 END",
    "accepted_come": f"CASE WHEN {{row}}.came_on IS NOT NULL AND {{row}}.{_BORNE} THEN 1 ELSE 0 END",
}
"""With those that migration 0042 adds."""
ALL_SUMS: Mapping[str, str] = {**EVERY_SUM, "overdue": "{row}.overdue"}


def _added_up(sums: Mapping[str, str]) -> str:
    added = ", ".join(f"sum({value.format(row='projection')})" for value in sums.values())
    return (
        f"INSERT INTO portfolio_now (cell, unit_id, {', '.join(sums)}) SELECT cell, unit_id, {added} "  # noqa: S608 - our own names
        "FROM projection WHERE cell <> '' GROUP BY cell, unit_id"
    )


ADDED_UP = _added_up(SUMS)
EVERY_ADDED_UP = _added_up(EVERY_SUM)
ALL_ADDED_UP = _added_up(ALL_SUMS)
"""All of them from nothing."""
_SUMMED_BY = (
    *("unit_id", "cell", "reassess_on", "status", "level", "conditions", "owner_id", "evidence", "came_on"),
    "overdue",
)
IMPACT_KEYS: Mapping[str, str] = {
    "impact": "{row}.impact",
    "unit_id": "{row}.unit_id",
    "domain": "{row}.domain",
    "verdict": "CASE WHEN {row}.contested THEN 'contested' ELSE {row}.outcome END",
    "level": "CASE WHEN {row}.open_required > 0 THEN 'not_rated' ELSE {row}.level END",
    "status": "{row}.status",
    "has_log": "{row}.has_log",
}
"""By what impacts are counted: column → what a row of the projection says of it."""
_IMPACT_BY = ("impact", "unit_id", "domain", "contested", "outcome", "open_required", "level", "status", "has_log")
_BEFORE = ("inherent", "claim")


@dataclass(frozen=True)
class ImpactSums:
    """A table that counts the projection by impact and some of what its rows say."""

    table: str
    triggers: str
    """How the names of its triggers on the projection begin."""
    keys: Mapping[str, str]
    """As `IMPACT_KEYS`."""
    by: tuple[str, ...]
    """Columns of the projection that the keys hang on."""

    @property
    def added_up(self) -> str:
        """All of them from nothing."""
        keys = ", ".join(value.format(row="projection") for value in self.keys.values())
        return (
            f"INSERT INTO {self.table} ({', '.join(self.keys)}, number) SELECT {keys}, count(*) "  # noqa: S608 - our own names
            f"FROM projection GROUP BY {keys}"
        )

    @property
    def on_projection(self) -> tuple[str, ...]:
        """Names of its triggers there."""
        return tuple(f"{self.triggers}_{deed}" for deed in ("insert", "delete", "less", "more"))


IMPACTS = ImpactSums("impact_now", "projection_impact", IMPACT_KEYS, _IMPACT_BY)
IMPACT_CELL_KEYS: Mapping[str, str] = {**IMPACT_KEYS, **{name: f"{{row}}.{name}" for name in _BEFORE}}
IMPACT_CELLS = ImpactSums("impact_cell_now", "projection_impact_cell", IMPACT_CELL_KEYS, (*_IMPACT_BY, *_BEFORE))
"""With the level before measures and the claim, whose lines are more than three times as many."""
IMPACTS_ADDED_UP = IMPACTS.added_up
SUMS_ADDED_UP: Mapping[str, str] = {
    "portfolio_now": ALL_ADDED_UP,
    **{sums.table: sums.added_up for sums in (IMPACTS, IMPACT_CELLS)},
}
"""Every table of sums → how it comes from nothing."""
_SUMMING = ("projection_sum_insert", "projection_sum_delete", "projection_sum_less", "projection_sum_more")
_COUNTED = ("projection_conditions", "duty_counted_insert", "duty_counted_delete", "duty_counted_update")
_AHEAD = ("projection_ahead_insert", "projection_ahead_update")
_LYING = ("projection_placed", "projection_cell", "projection_unit", "projection_owner")
PLACED = (*_LYING, *_COUNTED, *_SUMMING, *_AHEAD, *IMPACTS.on_projection, *IMPACT_CELLS.on_projection)
"""Triggers that keep the columns and the sums which dashboards count by."""
LATER: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(_LYING, ("projection", "cell")),
    **dict.fromkeys(_COUNTED, ("projection", "overdue")),
    **dict.fromkeys(_SUMMING, ("portfolio_now", "overdue")),
    "portfolio_now_empty": ("portfolio_now", "overdue"),
    **{name: (sums.table, "number") for sums in (IMPACTS, IMPACT_CELLS) for name in sums.on_projection},
    **dict.fromkeys(_AHEAD, ("projection", "ahead_on")),
    "revision_decided": ("revision", "decided_by_position"),
    "revision_signed": ("revision", "signed_by_position"),
}
"""Trigger → table and column that a later migration than the one that made the table adds, and without which it fails."""


def _placed() -> Iterator[Trigger]:
    """Rows of the projection lie where their system lies, and are counted as what they say."""
    own = "assessment_id = NEW.assessment_id"
    cell = f"UPDATE projection SET cell = {CELL}"  # noqa: S608 - our own names
    of_system = (
        "FROM assessment JOIN ai_system ON ai_system.id = assessment.system_id WHERE assessment.id = NEW.assessment_id"
    )
    lies = ", ".join(f"{column} = (SELECT ai_system.{column} {of_system})" for column in ("unit_id", "owner_id"))
    yield Trigger("projection_placed", "AFTER INSERT", "projection", does=f"{cell}, {lies} WHERE {own}")
    counted = ", ".join(_IN_CELL)
    yield Trigger("projection_cell", f"AFTER UPDATE OF {counted}", "projection", does=f"{cell} WHERE {own}")
    of_it = "assessment_id IN (SELECT id FROM assessment WHERE system_id = NEW.id)"
    for name, column in (("unit", "unit_id"), ("owner", "owner_id")):
        moved = f"UPDATE projection SET {column} = NEW.{column} WHERE {of_it}"  # noqa: S608
        yield Trigger(f"projection_{name}", f"AFTER UPDATE OF {column}", "ai_system", does=moved)


def _counted() -> Iterator[Trigger]:
    """Open conditions are counted anew whenever one comes or goes; none is overdue until somebody looks (`portfolio_sums.turn`)."""
    open_ones = f"conditions = {CONDITIONS}, condition_on = {CONDITION_ON}"
    not_yet = f"overdue = 0, overdue_on = NULL, next_on = {CONDITION_ON}"
    counted = f"UPDATE projection SET {open_ones}, {not_yet} WHERE assessment_id"  # noqa: S608 - our own names
    yield Trigger("projection_conditions", "AFTER INSERT", "projection", does=f"{counted} = NEW.assessment_id")
    for deed, rows in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
        concerned = " OR ".join(f"{row}.cause = 'condition'" for row in rows)
        numbers = ", ".join(f"{row}.assessment_id" for row in rows)
        name = f"duty_counted_{deed.lower()}"
        yield Trigger(name, f"AFTER {deed}", "duty", concerned, does=f"{counted} IN ({numbers})")


def _ahead() -> Iterator[Trigger]:
    """A day of reassessment lies ahead until somebody looks whether it has come (`portfolio_sums.turn`)."""
    ahead = "UPDATE projection SET ahead_on = NEW.reassess_on, came_on = NULL WHERE assessment_id = NEW.assessment_id"
    yield Trigger("projection_ahead_insert", "AFTER INSERT", "projection", "NEW.reassess_on IS NOT NULL", does=ahead)
    differs = _differs(("reassess_on",))
    yield Trigger("projection_ahead_update", "AFTER UPDATE OF reassess_on", "projection", differs, does=ahead)


def _summed() -> Iterator[Trigger]:
    """Sums by unit and cell follow each row: what it was is taken off, what it is comes to it, in whatever order that happens.

    A row counts from when it has its cell on, which it gets right after it was put in.
    """
    differs = _differs(_SUMMED_BY)
    of = ", ".join(_SUMMED_BY)
    yield Trigger("projection_sum_insert", "AFTER INSERT", "projection", "NEW.cell <> ''", does=_sums("NEW", "+"))
    yield Trigger("projection_sum_delete", "AFTER DELETE", "projection", "OLD.cell <> ''", does=_sums("OLD", "-"))
    for name, row, sign in (("less", "OLD", "-"), ("more", "NEW", "+")):
        when = f"{row}.cell <> '' AND {differs}"
        yield Trigger(f"projection_sum_{name}", f"AFTER UPDATE OF {of}", "projection", when, does=_sums(row, sign))
    own = "unit_id = NEW.unit_id AND cell = NEW.cell"
    nothing = " AND ".join(f"{{row}}{column} = 0" for column in ALL_SUMS)
    gone = f"DELETE FROM portfolio_now WHERE {own} AND {nothing.format(row='')}"  # noqa: S608 - our own names
    yield Trigger("portfolio_now_empty", "AFTER UPDATE", "portfolio_now", nothing.format(row="NEW."), does=gone)


def _sums(row: str, sign: str) -> str:
    columns = ", ".join(ALL_SUMS)
    values = ", ".join(f"{sign}({value.format(row=row)})" for value in ALL_SUMS.values())
    added = ", ".join(f"{column} = portfolio_now.{column} + excluded.{column}" for column in ALL_SUMS)
    return (
        f"INSERT INTO portfolio_now (unit_id, cell, {columns}) VALUES ({row}.unit_id, {row}.cell, {values}) "  # noqa: S608
        f"ON CONFLICT (cell, unit_id) DO UPDATE SET {added}"
    )


def _impacts(sums: ImpactSums) -> Iterator[Trigger]:
    """How many there are of each impact follows each row too, by what the row itself says and by nothing that triggers put there."""
    differs, of = _differs(sums.by), ", ".join(sums.by)
    added, removed, less, more = sums.on_projection
    yield Trigger(added, "AFTER INSERT", "projection", does=_of_impact(sums, "NEW", 1))
    yield Trigger(removed, "AFTER DELETE", "projection", does=_of_impact(sums, "OLD", -1))
    for name, row, number in ((less, "OLD", -1), (more, "NEW", 1)):
        yield Trigger(name, f"AFTER UPDATE OF {of}", "projection", differs, does=_of_impact(sums, row, number))
    own = " AND ".join(f"{column} = NEW.{column}" for column in sums.keys)
    gone = f"DELETE FROM {sums.table} WHERE {own} AND number = 0"  # noqa: S608 - our own names
    yield Trigger(f"{sums.table}_empty", "AFTER UPDATE", sums.table, "NEW.number = 0", does=gone)


def _of_impact(sums: ImpactSums, row: str, number: int) -> str:
    values = ", ".join(value.format(row=row) for value in sums.keys.values())
    return (
        f"INSERT INTO {sums.table} ({', '.join(sums.keys)}, number) VALUES ({values}, {number}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({', '.join(sums.keys)}) DO UPDATE SET number = {sums.table}.number + excluded.number"
    )


def _all() -> Iterator[Trigger]:
    for table in APPEND_ONLY:
        for deed in ("UPDATE", "DELETE"):
            yield _never(table, deed)
    yield _never("event_value", "DELETE")
    yield _refusing(
        "event_value_only_erased",
        "UPDATE",
        "event_value",
        "a value of the history is kept or erased, never changed",
        "NEW.seq <> OLD.seq OR NEW.name <> OLD.name OR NEW.value IS NOT NULL OR NEW.salt IS NOT NULL",
    )
    for table in CONTENT:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            yield _only_editable(table, deed)
    for deed in ("INSERT", "UPDATE", "DELETE"):
        yield _only_submitted("evidence_review", deed)
    yield _only_on_what_is_submitted()
    for table, same in NOT_REPLACED.items():
        yield _never_replaced(table, same)
    for table in ("assessment", "author"):
        for deed in ("UPDATE", "DELETE"):
            yield _never(table, deed)
    yield _only_editable("author", "INSERT")
    yield _never("submission", "UPDATE")
    yield _only_editable("submission", "DELETE")  # with its draft
    for table in ("revision", "account", "unit"):
        yield _never(table, "DELETE")
    yield from _revision_kept()
    yield from _hold_kept()
    yield from _meeting_kept()
    yield from _request_kept()
    yield from _placed()
    yield from _counted()
    yield from _ahead()
    yield from _summed()
    yield from _impacts(IMPACTS)
    yield from _impacts(IMPACT_CELLS)


TRIGGERS: Mapping[str, Trigger] = {trigger.name: trigger for trigger in _all()}
