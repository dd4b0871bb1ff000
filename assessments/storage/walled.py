"""What belongs to a unit, as data: of each table the column that leads there. WALLED, NOT_WALLED; every table is in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Way(NamedTuple):
    """From a row to its unit."""

    column: str
    to: str = "unit"
    """The table whose row the column names; it has a wall of its own. `unit`: the column names the unit itself."""


_BY_ASSESSMENT = (
    "archived",
    "assigned_review",
    "condition",
    "duty",
    "follow_up",
    "given_section",
    "legal_hold",
    "log_import",
    "material_change",
    "mention",
    "official_document",
    "presence",
    "proof",
    "reassessment_day",
    "reminder",
    "retired",
    "revision",
    "sealed_report",
    "signed_result",
)
_BY_REVISION = (
    "author",
    "carried",
    "decision_log",
    "evidence",
    "evidence_review",
    "explanation",
    "measure",
    "pinned_edition",
    "response",
    "scenario",
    "submission",
    "vote",
    "watched_log",
    "withheld",
)
WALLED: Mapping[str, Way] = {
    "ai_system": Way("unit_id"),
    "operator": Way("unit_id"),
    "meeting": Way("unit_id"),
    "portfolio_day": Way("unit_id"),
    "portfolio_now": Way("unit_id"),
    "impact_now": Way("unit_id"),
    "impact_cell_now": Way("unit_id"),
    "projection": Way("unit_id"),
    "assessment": Way("system_id", "ai_system"),
    "incident": Way("system_id", "ai_system"),
    "request": Way("system_id", "ai_system"),
    "system_event": Way("system_id", "ai_system"),
    "meeting_document": Way("meeting_id", "meeting"),
    "meeting_event": Way("meeting_id", "meeting"),
    "request_event": Way("request", "request"),
    "request_reminder": Way("request", "request"),
    **dict.fromkeys(_BY_ASSESSMENT, Way("assessment_id", "assessment")),
    **dict.fromkeys(_BY_REVISION, Way("revision_id", "revision")),
    "event": Way("assessment_id", "assessment"),
    "event_value": Way("seq", "event"),
}
LINKS = ("system_event", "meeting_event", "request_event")
"""Tables that say of an event without an assessment what it is about."""
_ORGANISATION = "who is who, and where, is asked from everywhere: whose name is given, who may be given a role"
_PERSON = "of one person, and no unit's; asked before anybody is signed in"
NOT_WALLED: Mapping[str, str] = {
    **dict.fromkeys(("unit", "account", "role_grant", "committee", "second_factor_demand"), _ORGANISATION),
    **dict.fromkeys(("password", "passkey", "second_factor", "recovery_code", "outside_identity"), _PERSON),
    **dict.fromkeys(("login_session", "one_time_link", "sign_in_attempt", "done_draft"), _PERSON),
    **dict.fromkeys(("installation", "rate_limit"), "of the servers, and no unit's"),
    "job": "of whoever asked for it, and taken up by workers; what it leads to is looked at again when it is done",
    "made_data": "of the whole installation, shown on every screen",
}
"""Table → why it has none."""
