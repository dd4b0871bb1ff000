"""Display names of enums on screens. Terms that reports also use come from the report's list, so that they agree."""

from __future__ import annotations

from assessments.model import Finding, LegalRole, Level, Outcome, Role, Ruling, Stage, Status
from assessments.register_file import columns
from assessments.rules.lifecycle import CAUSES, CHANGES, Cause, ChangeKind
from exports.words.labels import labels
from pages._frame import translation


def word(key: str, language: str) -> str:
    """A fixed term of the report, by its key."""
    return labels()[key][language]


def outcome(value: Outcome | str, language: str) -> str:
    return word(f"outcome_{value}", language)


def level(value: Level | str, language: str) -> str:
    return word(f"level_{value}", language)


def finding(value: Finding | str, language: str) -> str:
    return word(f"finding_{value}", language)


def ruling(value: Ruling | str, language: str) -> str:
    return word(f"ruling_{value}", language)


def status(value: Status | str, language: str) -> str:
    return word(f"status_{value}", language)


def role(value: Role | str, language: str) -> str:
    return translation.translate(_ROLES[Role(value)], language)


def stage(value: Stage | str, language: str) -> str:
    return columns.stage_title(Stage(value))[language]


def legal_role(value: LegalRole | str, language: str) -> str:
    return columns.role_title(LegalRole(value))[language]


def change_kind(value: ChangeKind | str, language: str) -> str:
    return CHANGES[ChangeKind(value)][language]


def cause(value: Cause | str, language: str) -> str:
    return CAUSES[Cause(value)][language]


def _(message: str) -> str:
    """Mark a text for extraction; it is translated where it is shown."""
    return message


_ROLES = {
    Role.PRODUCT_MANAGER: _("product manager"),
    Role.CONTRIBUTOR: _("contributor"),
    Role.COMMITTEE_MEMBER: _("committee member"),
    Role.CHAIR: _("chair"),
    Role.SIGNING_OFFICER: _("signing officer"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}
