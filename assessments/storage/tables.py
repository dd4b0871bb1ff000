"""The tables, as SQLModel classes; what can be held as a constraint is held by the database itself.

`table=True` classes do not validate and know no enums: rows hold plain values, `mapping` turns them
into the vocabulary and back. Times are aware UTC (`UtcTime`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy import Table as CoreTable
from sqlmodel import Field, SQLModel

from assessments.model import LegalRole, Level, Origin, Outcome, RefusalGoal, Ruling, Stage, Status, WithheldKind
from assessments.storage.columns import JsonText, UtcTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST = "first"
    """The first password of somebody who was added."""
    RESET = "reset"
    """A new password instead of one that is lost."""
    START = "start"
    """Printed when the server starts, for whoever has no password yet."""


class Table(SQLModel):
    """What all tables share: one metadata with named constraints, so that migrations can address them."""

    model_config = {"defer_build": True}
    """No row is checked by pydantic, and to be ready for that took a tenth of the time in which a command begins."""
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


def table_of(row_class: type[Table]) -> CoreTable:
    """The table behind a class, for statements without objects: what is read and written with every answer."""
    return cast(CoreTable, vars(row_class)["__table__"])


def _only(rows: str) -> dict[str, Any]:
    """Of an index: the rows that it holds. Its words are those of SQLite, which takes it for no others."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows.lstrip("+").replace("has_log = 1", "has_log"))}


def one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """The column holds one of the enum's values, or NULL where it may."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def digest(column: str) -> CheckConstraint:
    """The column holds a SHA-256 in hexadecimal, or NULL where it may."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_is_sha256")


def of_revision() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["revision_id"], ["revision.id"])


class OperatorRow(Table, table=True):
    """The organisation as it is now; submitted revisions keep a copy of their own."""

    __tablename__ = "operator"
    __table_args__ = (
        CheckConstraint("separation IN (2, 3)", name="separation_known"),
        CheckConstraint("length(name) > 0", name="has_name"),
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        Index("ix_operator_name", "name", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(index=True)
    name: str
    registration_number: str
    address: str
    representative: str
    supervisor_name: str
    supervisor_contact: str
    separation: int
    is_example: bool
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    updated_by: str
    """Name of who changed it last."""
    folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Its name and registration number as searches compare them."""
    supervisor_position: str = Field(default="", sa_column_kwargs={"server_default": ""})


class SystemRow(Table, table=True):
    """The AI system as it is now; submitted revisions keep a copy of their own."""

    __tablename__ = "ai_system"
    __table_args__ = (
        ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        CheckConstraint("length(name_ko) > 0 OR length(name_en) > 0", name="has_name"),
        one_of("legal_role", LegalRole),
        one_of("stage", Stage),
        Index("ix_ai_system_name", "operator_id", "name_ko", "id"),
        Index("ix_ai_system_folded", "folded", "id", "operator_id", "unit_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    operator_id: int = Field(index=True)
    unit_id: int = Field(index=True)
    """Its operator's, or one below."""
    name_ko: str
    name_en: str
    version: str
    summary_ko: str
    summary_en: str
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    updated_by: str
    vendor: str = Field(default="", sa_column_kwargs={"server_default": ""})
    model: str = Field(default="", sa_column_kwargs={"server_default": ""})
    owner_id: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
    """Account of who answers for it. Empty: nobody."""
    legal_role: str | None = None
    stage: str | None = None
    started_on: date | None = None
    folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Its names as searches compare them."""


class AssessmentRow(Table, table=True):
    """What all revisions of one assessment share."""

    __tablename__ = "assessment"
    __table_args__ = (ForeignKeyConstraint(["system_id"], ["ai_system.id"]),)
    id: int | None = Field(default=None, primary_key=True)
    system_id: int = Field(index=True)
    domain: str
    created_at: datetime = Field(sa_type=UtcTime)


class RevisionRow(Table, table=True):
    """One revision: its status, what froze it, and who decided and signed."""

    __tablename__ = "revision"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),
        UniqueConstraint("assessment_id", "number"),
        one_of("status", Status),
        one_of("ruling", Ruling),
        one_of("origin", Origin),
        one_of("refused_to", RefusalGoal),
        digest("content_sha256"),
        digest("decided_sha256"),
        digest("signed_sha256"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        Index("ix_revision_refused", "assessment_id", "number", **_only("status = 'refused'")),
        CheckConstraint("status NOT IN ('draft', 'returned') OR content_sha256 IS NULL", name="editable_is_not_frozen"),
        CheckConstraint("(content_sha256 IS NULL) = (frozen IS NULL)", name="frozen_with_digest"),
        CheckConstraint(
            "status NOT IN ('submitted', 'decided', 'signed_off', 'refused') OR content_sha256 IS NOT NULL",
            name="submitted_is_frozen",
        ),
        CheckConstraint(
            "status NOT IN ('decided', 'signed_off', 'refused') OR ruling IS NOT NULL", name="decided_has_ruling"
        ),
        CheckConstraint("(status = 'refused') = (refused_to IS NOT NULL)", name="refused_says_why"),
        CheckConstraint("status <> 'signed_off' OR signed_sha256 IS NOT NULL", name="signed_off_is_signed"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int
    number: int
    status: str
    on_day: date
    lock_version: int
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)
    updated_by: str
    content_sha256: str | None = None
    frozen: Any = Field(default=None, sa_type=JsonText, nullable=True)
    """System and operator as they were at submit."""
    submitted_by_id: str | None = None
    submitted_by_name: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    submission: int | None = None
    """Number of the event by which it was submitted."""
    origin: str | None = None
    ruling: str | None = None
    decision_reason: str | None = None
    decision_conditions: Any = Field(default=None, sa_type=JsonText, nullable=True)
    decided_by_id: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_sha256: str | None = None
    committee: Any = Field(default=None, sa_type=JsonText, nullable=True)
    """How the committee decided then. NULL: decided before there were settings, or stated in a file."""
    signed_by_id: str | None = None
    signed_by_name: str | None = None
    signed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    signed_sha256: str | None = None
    signed_statements: Any = Field(default=None, sa_type=JsonText, nullable=True)
    refused_by_id: str | None = None
    refused_by_name: str | None = None
    refused_at: datetime | None = Field(default=None, sa_type=UtcTime)
    refusal_reason: str | None = None
    refused_to: str | None = None
    decided_by_position: str = Field(default="", sa_column_kwargs={"server_default": ""})
    signed_by_position: str = Field(default="", sa_column_kwargs={"server_default": ""})


class EditionRow(Table, table=True):
    """A questionnaire edition that the revision pins."""

    __tablename__ = "pinned_edition"
    __table_args__ = (of_revision(), digest("sha256"), Index("ix_pinned_edition_kind", "questionnaire", "version"))
    revision_id: int = Field(primary_key=True)
    questionnaire: str = Field(primary_key=True)
    position: int
    version: str
    sha256: str


class AuthorRow(Table, table=True):
    """Somebody who wrote into the revision, or into one that it was copied from."""

    __tablename__ = "author"
    __table_args__ = (of_revision(),)
    revision_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    position: int
    person_name: str
    person_position: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Position and department of the person; `position` is the place among the authors."""


class SubmissionRow(Table, table=True):
    """The content as it was submitted, each time: a returned revision is changed and submitted again."""

    __tablename__ = "submission"
    __table_args__ = (
        of_revision(),
        digest("content_sha256"),
        CheckConstraint("round >= 1", name="round_counts_from_one"),
    )
    revision_id: int = Field(primary_key=True)
    round: int = Field(primary_key=True)
    content: Any = Field(sa_type=JsonText, nullable=False)
    content_sha256: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class ResponseRow(Table, table=True):
    """One answer; neither answer nor note: taken back, kept so that its lock version goes on counting."""

    __tablename__ = "response"
    __table_args__ = (of_revision(), CheckConstraint("lock_version >= 1", name="lock_version_counts_from_one"))
    revision_id: int = Field(primary_key=True)
    questionnaire: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    answer: Any = Field(default=None, sa_type=JsonText, nullable=True)
    note: str
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)
    lock_version: int


class EvidenceRow(Table, table=True):
    """An evidence file's entry in one revision; several revisions may share the stored file."""

    __tablename__ = "evidence"
    __table_args__ = (
        of_revision(),
        digest("sha256"),
        CheckConstraint("size > 0", name="size_is_positive"),
    )
    revision_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True, index=True)
    position: int
    title: str
    file_name: str
    stored_name: str = Field(index=True)
    sha256: str
    size: int
    media_type: str
    part: str
    question: str
    on_day: date | None = None
    expires_on: date | None = None
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)


class ScenarioRow(Table, table=True):
    """A way in which the system may harm somebody, with its impacts."""

    __tablename__ = "scenario"
    __table_args__ = (of_revision(),)
    revision_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    text: str
    affected_direct: str
    affected_indirect: str
    affected_unintended: str
    impacts: Any = Field(sa_type=JsonText)


class MeasureRow(Table, table=True):
    """What prevents, mitigates or makes good."""

    __tablename__ = "measure"
    __table_args__ = (
        of_revision(),
        CheckConstraint("kind IN ('prevention', 'mitigation', 'recovery')", name="kind_known"),
    )
    revision_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)
    position: int
    text: str
    owner: str
    due: date | None = None
    is_in_place: bool
    kind: str
    scenarios: Any = Field(sa_type=JsonText)


class LogRow(Table, table=True):
    """What a revision keeps of a decision log."""

    __tablename__ = "decision_log"
    __table_args__ = (of_revision(), digest("sha256"))
    revision_id: int = Field(primary_key=True)
    sha256: str
    """Of the file that was read."""
    kept: Any = Field(sa_type=JsonText)
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime, index=True)


class WithheldRow(Table, table=True):
    """A value that a redacted copy leaves out."""

    __tablename__ = "withheld"
    __table_args__ = (of_revision(), one_of("kind", WithheldKind))
    revision_id: int = Field(primary_key=True)
    path: str = Field(primary_key=True)
    position: int
    kind: str
    reason: str
    salt: str


_ASKED = (
    *("contested", "outcome", "open_required", "level", "has_log", "owner_id", "decided_on"),
    *("inherent", "impact", "claim", "evidence", "conditions"),
)
"""What facets ask of results beside unit, domain, status and days, so that an index alone answers."""


class ProjectionRow(Table, table=True):
    """For lists and dashboards: the newest revision's results, derived with each save, never read by a rule."""

    __tablename__ = "projection"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),
        one_of("status", Status),
        one_of("outcome", Outcome),
        one_of("level", Level),
        Index("ix_projection_facets", *("domain", "updated_at", "status", "unit_id", "reassess_on"), *_ASKED),
        Index("ix_projection_recent", *("status", "domain", "updated_at", "unit_id", "reassess_on"), *_ASKED),
        Index("ix_projection_score", "score"),
        Index(
            "ix_projection_changed",
            *("updated_at", "assessment_id", "unit_id", "reassess_on", "domain", "status", *_ASKED, "cell"),
        ),
        Index(
            "ix_projection_conditions",
            *("condition_on", "assessment_id", "unit_id", "domain", "status", "updated_at", "reassess_on", *_ASKED),
            **_only("conditions > 0"),
        ),
        Index("ix_projection_waiting", "status", "updated_at", "assessment_id"),
        Index(
            "ix_projection_queue",
            *("since", "assessment_id", "unit_id"),
            **_only("+status IN ('submitted', 'decided')"),  # which no other index answers
        ),
        Index("ix_projection_cell", "unit_id", "cell", "updated_at"),
        Index(
            "ix_projection_impact",
            *("impact", "domain", "status", "unit_id", "reassess_on", "updated_at", "assessment_id"),
            *(name for name in _ASKED if name != "impact"),
            "cell",
        ),
        Index("ix_projection_pinned", "domain", "pinned", "status", "unit_id"),
        Index("ix_projection_logged", "assessment_id", **_only("has_log = 1")),
        Index("ix_projection_ahead", "ahead_on", **_only("ahead_on IS NOT NULL")),
        Index("ix_projection_came", "came_on", **_only("came_on IS NOT NULL")),
        Index("ix_projection_next", "next_on", **_only("next_on IS NOT NULL")),
        Index("ix_projection_overdue", "overdue_on", **_only("overdue_on IS NOT NULL")),
        Index(
            "ix_projection_decided",
            *("decided_on", "domain", "status", "unit_id", "reassess_on", "updated_at", "assessment_id"),
            *(name for name in _ASKED if name != "decided_on"),
            "cell",
        ),
        Index(
            "ix_projection_owner",
            *("owner_id", "status", "unit_id", "domain", "reassess_on", "updated_at", "assessment_id"),
            *(name for name in _ASKED if name != "owner_id"),
        ),
        Index(
            "ix_projection_again",
            *("reassess_on", "assessment_id", "unit_id", "domain", "status", "updated_at", *_ASKED),
            **_only("reassess_on IS NOT NULL"),
        ),
        Index(
            "ix_projection_unproven",
            *("status", "unit_id", "domain", "updated_at", "assessment_id", "reassess_on", *_ASKED),
            **_only("evidence = 0"),
        ),
        Index(
            "ix_projection_revised",
            *(
                "status",
                "assessment_id",
                "revision",
                "result_at",
                "unit_id",
                "domain",
                "updated_at",
                "reassess_on",
                *_ASKED,
            ),
            **_only("revision > 1"),
        ),
    )
    assessment_id: int = Field(primary_key=True)
    revision: int
    domain: str
    status: str
    outcome: str
    contested: bool
    level: str
    score: int
    """Upper end of the residual range."""
    open_required: int
    """Gaps that submission waits for."""
    engine: int
    updated_at: datetime = Field(sa_type=UtcTime)
    since: datetime = Field(sa_type=UtcTime, sa_column_kwargs={"server_default": ""})
    """Since when it stands at its status: of its submission or its decision; of all others the last change."""
    has_log: bool = Field(sa_column_kwargs={"server_default": false()})
    """Whether the revision keeps a decision log, withdrawn or not."""
    unit_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The system's, kept by a trigger."""
    owner_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Account of who answers for the system. Empty: nobody."""
    cell: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What dashboards group by, kept by a trigger: one word in place of eight columns, which SQLite counts five times faster."""
    inherent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Level before measures. Empty: not derived yet, as the claim."""
    impact: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Severity and likelihood of the gravest impact, such as `3-1`, each from 0. Empty: not every impact is rated, or there is none."""
    claim: str = Field(default="", sa_column_kwargs={"server_default": ""})
    evidence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many files the revision holds."""
    pinned: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Its editions, such as ` area=1.0 hiring=1.1 `."""
    decided_on: date | None = None
    reassess_on: date | None = None
    """Day of reassessment of what was decided and holds. None: nothing does."""
    result_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    """When it came to the present outcome and level."""
    conditions: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many conditions of its approval are open, kept by triggers."""
    condition_on: date | None = None
    """The day of the one of them that is due first. None: none is open."""
    ahead_on: date | None = None
    """The day of reassessment, as long as nobody saw that it has come; else None. Kept by triggers and the turn of the day."""
    came_on: date | None = None
    """The same day once that was seen: of the two each assessment with such a day has one."""
    overdue: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many of its open conditions were seen to be past their day. Kept by triggers and the turn of the day."""
    overdue_on: date | None = None
    """The latest day of these. None: there are none."""
    next_on: date | None = None
    """The earliest day of its other open conditions. None: there are no others."""


class LoginRow(Table, table=True):
    """Somebody who is signed in, known by the digest of an opaque token."""

    __tablename__ = "login_session"
    __table_args__ = (digest("token_sha256"), UniqueConstraint("handle"))
    token_sha256: str = Field(primary_key=True)
    handle: str
    """Names the session in lists; opens nothing."""
    actor_id: str = Field(index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)
    confirmed_at: datetime = Field(sa_type=UtcTime)
    """When the person last showed who they are."""
    address: str
    browser: str
    """As it named itself."""
    screening: Any = Field(default=None, sa_type=JsonText, nullable=True)
    """Answers of a screening, by question, until an assessment is started from them."""
    with_second: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a second factor was shown in it."""


class DoneDraftRow(Table, table=True):
    """What somebody had entered in a field of a form and a deed was done on; its browser may not know of it yet."""

    __tablename__ = "done_draft"
    actor_id: str = Field(primary_key=True)
    nonce: str = Field(primary_key=True)
    """By which the browser names what was entered."""
    field: str
    """Its key."""
    at: datetime = Field(sa_type=UtcTime, index=True)


class PasswordRow(Table, table=True):
    """The hash of somebody's password."""

    __tablename__ = "password"
    actor_id: str = Field(primary_key=True)
    hash: str
    set_at: datetime = Field(sa_type=UtcTime)


class OneTimeLinkRow(Table, table=True):
    """A link that opens once, known by the digest of its token."""

    __tablename__ = "one_time_link"
    __table_args__ = (digest("token_sha256"), one_of("purpose", LinkPurpose))
    token_sha256: str = Field(primary_key=True)
    actor_id: str = Field(index=True)
    """Empty: whoever opens it becomes the first administrator."""
    purpose: str
    created_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime)


class SecondFactorRow(Table, table=True):
    """The secret that somebody's authenticator app counts with."""

    __tablename__ = "second_factor"
    actor_id: str = Field(primary_key=True)
    secret: str
    created_at: datetime = Field(sa_type=UtcTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    """None: it is being set up and not asked for yet."""
    last_step: int = 0
    """Time step of the last code that was taken; none is taken twice."""


class RecoveryCodeRow(Table, table=True):
    """A code that stands in once for the second factor."""

    __tablename__ = "recovery_code"
    __table_args__ = (digest("code_sha256"),)
    code_sha256: str = Field(primary_key=True)
    actor_id: str = Field(index=True)


class OutsideIdentityRow(Table, table=True):
    """Somebody as an identity provider names them."""

    __tablename__ = "outside_identity"
    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    actor_id: str = Field(index=True)
    linked_at: datetime = Field(sa_type=UtcTime)


class PasskeyRow(Table, table=True):
    """The public half of a passkey."""

    __tablename__ = "passkey"
    credential_id: str = Field(primary_key=True)
    actor_id: str = Field(index=True)
    public_key: str
    uses: int
    """As the authenticator counts them; 0 where it does not."""
    name: str
    created_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class AttemptRow(Table, table=True):
    """Coming in, half done: what is to be remembered for some minutes, known by the digest of a token."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (digest("token_sha256"),)
    token_sha256: str = Field(primary_key=True)
    kind: str
    memory: Any = Field(sa_type=JsonText)
    ends_at: datetime = Field(sa_type=UtcTime)


class EventRow(Table, table=True):
    """One line of the append-only history; every column goes into its hash."""

    __tablename__ = "event"
    __table_args__ = (
        digest("previous"),
        digest("hash"),
        CheckConstraint("seq >= 1", name="seq_counts_from_one"),
        Index("ix_event_assessment_id", "assessment_id", "seq"),
        Index("ix_event_kind", "assessment_id", "kind", "seq"),
        Index("ix_event_request_step", "assessment_id", **_only("kind = 'note_request_step'")),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    format: int
    kind: str
    at: datetime = Field(sa_type=UtcTime)
    assessment_id: int | None = None
    revision: int | None = None
    digests: Any = Field(sa_type=JsonText)
    """Name of a value → its salted digest."""
    previous: str
    hash: str


class EventValueRow(Table, table=True):
    """A value of an event, beside the chain so that it can be erased: then value and salt are NULL."""

    __tablename__ = "event_value"
    __table_args__ = (
        ForeignKeyConstraint(["seq"], ["event.seq"]),
        CheckConstraint("(value IS NULL) = (salt IS NULL)", name="erased_whole"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(primary_key=True)
    salt: str | None = None
    value: str | None = None
    """Canonical JSON."""


class SealedReportRow(Table, table=True):
    """The register of sealed reports: which file was sealed, over which record."""

    __tablename__ = "sealed_report"
    __table_args__ = (
        ForeignKeyConstraint(["assessment_id", "revision"], ["revision.assessment_id", "revision.number"]),
        digest("file_sha256"),
        digest("record_sha256"),
        UniqueConstraint("file_sha256"),
        Index("ix_sealed_report_assessment_id", "assessment_id", "revision"),
        Index("uq_sealed_report_variant", "assessment_id", "revision", "variant", unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int
    revision: int
    stored_name: str
    file_sha256: str
    record_sha256: str
    size: int
    by_id: str
    by_name: str
    at: datetime = Field(sa_type=UtcTime)
    redacts: str | None = None
    """Digest of the full record, where this is a redacted copy of it."""
    variant: str | None = None
    """`full` or `redacted`, and its languages. NULL: registered before that was kept."""
