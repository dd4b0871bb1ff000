"""Who may act, and where: units, accounts, and which role an account holds at which unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from assessments.model import Role
from assessments.storage.columns import JsonText, UtcTime
from assessments.storage.tables import Table, one_of


class UnitRow(Table, table=True):
    """A part of an organisation; without a parent it is the organisation itself."""

    __tablename__ = "unit"
    __table_args__ = (
        ForeignKeyConstraint(["parent_id"], ["unit.id"]),
        CheckConstraint("length(name) > 0", name="has_name"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="is_not_its_own_parent"),
    )
    id: int | None = Field(default=None, primary_key=True)
    name: str
    parent_id: int | None = Field(default=None, index=True)


class DemandRow(Table, table=True):
    """A unit that demands a second factor, of everybody or of whoever holds these roles, there and below."""

    __tablename__ = "second_factor_demand"
    __table_args__ = (ForeignKeyConstraint(["unit_id"], ["unit.id"]),)
    unit_id: int = Field(primary_key=True)
    roles: Any = Field(sa_type=JsonText, nullable=False)
    """Empty: of everybody."""


class AccountRow(Table, table=True):
    """Somebody who may act. Never removed, for the history and sealed reports name them by their id."""

    __tablename__ = "account"
    __table_args__ = (
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        CheckConstraint("length(name) > 0", name="has_name"),
    )
    id: str = Field(primary_key=True)
    unit_id: int = Field(index=True)
    """Whose administrators look after the account; it may hold roles elsewhere."""
    name: str
    email: str
    """Empty: none is known."""
    is_active: bool
    created_at: datetime = Field(sa_type=UtcTime)
    position: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Position and department; empty: not stated."""


class GrantRow(Table, table=True):
    """A role that an account holds at a unit and in all units below it."""

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(["account_id"], ["account.id"]),
        ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        one_of("role", Role),
    )
    account_id: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True, index=True)
    role: str = Field(primary_key=True)
