"""Which role may do which deed; what is not listed is refused. RIGHTS, check."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.errors import NotAllowedError
from assessments.model import Actor, Role
from assessments.rules.workflow import AUTHORS, COMMITTEE, STEPS, role_titles
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_REGISTRARS = frozenset({Role.ADMINISTRATOR, Role.PRODUCT_MANAGER})
_SEALERS = frozenset({Role.SIGNING_OFFICER, Role.CHAIR, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR})

RIGHTS: Mapping[str, frozenset[Role]] = {
    "register_operator": _REGISTRARS,
    "change_operator": _REGISTRARS,
    "register_system": _REGISTRARS,
    "change_system": _REGISTRARS,
    "start_assessment": frozenset({Role.PRODUCT_MANAGER}),
    "record_response": AUTHORS,
    "set_scenarios": AUTHORS,
    "set_measures": AUTHORS,
    "explain": AUTHORS,
    "set_withheld": AUTHORS,
    "add_evidence": AUTHORS,
    "name_evidence": AUTHORS,
    "review_evidence": COMMITTEE,
    "remove_evidence": AUTHORS,
    "set_log": AUTHORS,
    "set_log_triggers": AUTHORS,
    "remove_log": AUTHORS,
    "submit": STEPS["submit"].roles,
    "return_to_author": STEPS["return_"].roles,
    "record_decision": STEPS["decide"].roles,
    "sign_off": STEPS["sign_off"].roles,
    "revise": STEPS["revise"].roles,
    "withdraw": STEPS["withdraw"].roles,
    "delete_draft": STEPS["withdraw"].roles,
    "keep_report": _SEALERS,
    "erase_values": frozenset({Role.ADMINISTRATOR}),
}
"""Deed → roles that may do it. Four eyes and the status are checked besides, object by object."""


def may(actor: Actor, deed: str) -> bool:
    """Whether one of the actor's roles gives the right; an unlisted deed is nobody's."""
    return bool(actor.roles & RIGHTS.get(deed, frozenset()))


def check(actor: Actor, deed: str) -> None:
    """Raises: NotAllowedError."""
    if may(actor, deed):
        return
    needed = role_titles(RIGHTS.get(deed, frozenset()))
    raise NotAllowedError(TEXTS.told("right_missing", name=actor.name, roles=needed))
