"""Statements that take a database back to what an older program left behind: WITHOUT_POSITIONS, WITHOUT_CONDITIONS, WITHOUT_DASHBOARDS."""

from __future__ import annotations

_COUNTED = ("projection_conditions", "duty_counted_insert", "duty_counted_delete", "duty_counted_update")
_TRIGGERS = ("projection_placed", "projection_cell", "projection_unit", "projection_owner", *_COUNTED)
_INDICES = (
    *("ix_projection_cell", "ix_projection_impact", "ix_projection_pinned", "ix_projection_revised"),
    *("ix_pinned_edition_kind", "ix_duty_cause", "ix_projection_changed", "ix_projection_queue", "ix_ai_system_folded"),
    *("ix_projection_again", "ix_projection_decided", "ix_projection_logged", "ix_projection_owner"),
    *("ix_projection_unproven", "ix_projection_cube"),
    *("ix_projection_conditions", "ix_projection_facets", "ix_projection_recent"),
)
_FORMER_INDICES = (
    "CREATE INDEX ix_projection_groups ON projection (domain, level, status, score);"
    "CREATE INDEX ix_projection_recent ON projection (status, domain, updated_at);"
    "CREATE INDEX ix_projection_changed ON projection (updated_at, assessment_id);"
    "CREATE INDEX ix_projection_cube ON projection"
    " (domain, contested, outcome, open_required, level, status, has_log);"
    "CREATE INDEX ix_projection_queue ON projection (since, assessment_id) WHERE status IN ('submitted', 'decided');"
)
_COLUMNS = (
    *("unit_id", "owner_id", "cell", "inherent", "impact", "claim", "evidence", "pinned"),
    *("decided_on", "reassess_on", "result_at", "conditions"),
)
_POSITIONS = (
    *(("account", "position"), ("operator", "supervisor_position"), ("author", "person_position")),
    *(("vote", "person_position"), ("revision", "decided_by_position"), ("revision", "signed_by_position")),
)
_SUMMING = ("projection_sum_insert", "projection_sum_delete", "projection_sum_less", "projection_sum_more")
_AHEAD = ("projection_ahead_insert", "projection_ahead_update")
_IMPACTS = tuple(
    f"projection_impact{table}_{deed}" for table in ("", "_cell") for deed in ("insert", "delete", "less", "more")
)
_OPEN = "(SELECT count(*) FROM duty WHERE duty.assessment_id = projection.assessment_id AND duty.cause = 'condition')"
_WITHOUT_FIGURES = "".join(
    (
        *(f"DROP TRIGGER {name};" for name in (*_SUMMING, "portfolio_now_empty", *_COUNTED, *_AHEAD, *_IMPACTS)),
        "DROP TABLE impact_cell_now; DROP INDEX ix_projection_cell; CREATE INDEX ix_projection_cell ON projection (unit_id, cell);",
        "DROP TABLE impact_now; ALTER TABLE projection DROP COLUMN overdue;",
        *(
            f"DROP INDEX ix_projection_{name};ALTER TABLE projection DROP COLUMN {name}_on;"
            for name in ("next", "overdue")
        ),
        "DROP TABLE portfolio_now; DROP INDEX ix_portfolio_day_results; DROP INDEX ix_event_request_step; DROP INDEX ix_revision_refused;",
        *(
            f"DROP INDEX ix_projection_{name};ALTER TABLE projection DROP COLUMN {name}_on;"
            for name in ("ahead", "came")
        ),
        *(
            f"DROP INDEX ix_projection_{name};"
            for name in ("conditions", "impact", "decided", "again", "owner", "unproven", "revised")
        ),
        "ALTER TABLE projection DROP COLUMN condition_on;",
        *(
            f"CREATE TRIGGER duty_counted_{deed} AFTER {deed} ON duty WHEN {row}.cause = 'condition' BEGIN UPDATE projection"
            f" SET conditions = {_OPEN} WHERE assessment_id = {row}.assessment_id; END;"
            for deed, row in (("insert", "NEW"), ("delete", "OLD"), ("update", "NEW"))
        ),
        "CREATE TRIGGER projection_conditions AFTER INSERT ON projection BEGIN UPDATE projection"
        f" SET conditions = {_OPEN} WHERE assessment_id = NEW.assessment_id; END;",
        "CREATE INDEX ix_projection_cube ON projection"
        " (domain, contested, outcome, open_required, level, status, has_log, unit_id, reassess_on, impact);"
        "CREATE INDEX ix_projection_conditions ON projection (unit_id, domain) WHERE conditions > 0;"
        "CREATE INDEX ix_projection_impact ON projection (unit_id, impact);"
        "CREATE INDEX ix_projection_decided ON projection (decided_on);"
        "CREATE INDEX ix_projection_again ON projection (level, status, reassess_on) WHERE reassess_on IS NOT NULL;"
        "CREATE INDEX ix_projection_owner ON projection (owner_id, status, unit_id);"
        "CREATE INDEX ix_projection_unproven ON projection (status, unit_id) WHERE evidence = 0;"
        "CREATE INDEX ix_projection_revised ON projection (assessment_id, status, revision) WHERE revision > 1;",
    )
)
"""Before sums by unit and cell were kept."""
_WITHOUT_JOBS = "DROP TABLE job;"
_WITHOUT_SERVERS = "DROP TABLE installation; DROP TABLE rate_limit; ALTER TABLE log_import DROP COLUMN machine;"
_WITHOUT_DEMANDS = (
    f"{_WITHOUT_FIGURES}{_WITHOUT_JOBS}{_WITHOUT_SERVERS}"
    "DROP TABLE second_factor_demand; ALTER TABLE login_session DROP COLUMN with_second;"
)
WITHOUT_POSITIONS = (
    _WITHOUT_DEMANDS
    + "DROP TRIGGER revision_decided; DROP TRIGGER revision_signed;"
    + "".join(f"ALTER TABLE {table} DROP COLUMN {column};" for table, column in _POSITIONS)
)
"""Before people had a position, and a second factor could be demanded; it comes before what takes a home back further."""
WITHOUT_CONDITIONS = "".join(
    (
        *(f"DROP TRIGGER {name};" for name in _COUNTED),
        *(f"DROP INDEX ix_projection_{name};" for name in ("conditions", "facets", "recent", "changed")),
        "ALTER TABLE projection DROP COLUMN conditions;",
        "CREATE INDEX ix_projection_groups ON projection (domain, level, status, score);"
        "CREATE INDEX ix_projection_recent ON projection (status, domain, updated_at);"
        "CREATE INDEX ix_projection_changed ON projection (updated_at, assessment_id);",
    )
)
"""Before open conditions were counted beside the results: for a home that had its dashboards already."""
WITHOUT_DASHBOARDS = "".join(
    (
        *(f"DROP TRIGGER {name};" for name in _TRIGGERS),
        *(f"DROP INDEX {name};" for name in _INDICES),
        *(f"ALTER TABLE projection DROP COLUMN {name};" for name in _COLUMNS),
        _FORMER_INDICES,
    )
)
"""Before lists were counted by unit, owner and period from the projection alone."""
