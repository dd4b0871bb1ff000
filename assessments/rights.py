"""The one table of rights: deed × role × kind of object. What is not listed is refused. RIGHTS, may, check.

A role holds at the unit where it was given and in all units below it; an auditor's in the whole organisation of that unit.
Whose unit is asked follows from the kind of the object; `authority` looks it up. To somebody who holds no role there, the object
does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.errors import NotAllowedError
from assessments.model import Actor, Role
from assessments.rules.workflow import AUTHORS, COMMITTEE, STEPS, role_titles
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_REGISTRARS = frozenset({Role.ADMINISTRATOR, Role.PRODUCT_MANAGER})
_STARTERS = frozenset({Role.PRODUCT_MANAGER})
_SEALERS = frozenset({Role.SIGNING_OFFICER, Role.CHAIR, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_READERS = frozenset(Role)
_COMMENTERS = AUTHORS | COMMITTEE | {Role.SIGNING_OFFICER}
_HOLDERS = frozenset({Role.CHAIR, Role.SIGNING_OFFICER, Role.ADMINISTRATOR})
_CHAIRS = frozenset({Role.CHAIR})
_CLERKS = frozenset({Role.PRODUCT_MANAGER, Role.ADMINISTRATOR})


class Kind(StrEnum):
    """What a deed is done to, or what is read."""

    UNIT = "unit"
    ACCOUNT = "account"
    """Of the unit that looks after it."""
    OPERATOR = "operator"
    SYSTEM = "system"
    """Of its operator's unit or one below."""
    ASSESSMENT = "assessment"
    """Of its system's unit."""
    MEETING = "meeting"
    """Of the unit whose committee meets."""
    REQUEST = "request"
    """Of its system's unit."""
    INSTALLATION = "installation"
    """Of every organisation: the role is needed in each."""


class Besides(StrEnum):
    """What is checked object by object beside the role."""

    STATUS = "status"
    """The revision's status allows it."""
    FOUR_EYES = "four_eyes"
    """The actor neither wrote in the revision nor, where three people are kept apart, decided on it."""
    OWN = "own"
    """It is the actor's own."""
    OWN_TREE = "own_tree"
    """All roles of the account were given in units where the actor administers."""
    LAST_ADMINISTRATOR = "last_administrator"
    """The organisation keeps an administrator."""
    TWO_PEOPLE = "two_people"
    """Another person has done the same before."""
    OWN_SECOND_FACTOR = "own_second_factor"
    """The actor has a second factor, so that whoever demands one is not shut out by it."""
    BOTH_UNITS = "both_units"
    """The role is needed where it comes from and where it goes."""


@dataclass(frozen=True)
class Right:
    """One row of the table."""

    of: Kind
    roles: frozenset[Role]
    besides: tuple[Besides, ...] = ()


def _writing(roles: frozenset[Role] = AUTHORS) -> Right:
    return Right(Kind.ASSESSMENT, roles, (Besides.STATUS,))


def _step(name: str, *besides: Besides) -> Right:
    return Right(Kind.ASSESSMENT, STEPS[name].roles, (Besides.STATUS, *besides))


def _reading(kind: Kind = Kind.ASSESSMENT) -> Right:
    return Right(kind, _READERS)


def _administering(kind: Kind, *besides: Besides) -> Right:
    return Right(kind, _ADMINISTRATORS, besides)


RIGHTS: Mapping[str, Right] = {
    # the register
    "register_operator": Right(Kind.UNIT, _REGISTRARS),
    "change_operator": Right(Kind.OPERATOR, _REGISTRARS),
    "move_operator": _administering(Kind.OPERATOR, Besides.BOTH_UNITS),
    "register_system": Right(Kind.UNIT, _REGISTRARS),
    "change_system": Right(Kind.SYSTEM, _REGISTRARS),
    "move_system": _administering(Kind.SYSTEM, Besides.BOTH_UNITS),
    "set_upkeep": Right(Kind.SYSTEM, _REGISTRARS),
    "state_incident": Right(Kind.SYSTEM, _COMMENTERS),
    "follow_incident": Right(Kind.SYSTEM, _COMMENTERS),
    # requests of people concerned
    "state_request": Right(Kind.SYSTEM, AUTHORS),
    "give_request": Right(Kind.REQUEST, AUTHORS, (Besides.STATUS,)),
    "extend_request": Right(Kind.REQUEST, AUTHORS, (Besides.STATUS,)),
    "answer_request": Right(Kind.REQUEST, AUTHORS, (Besides.STATUS,)),
    "refuse_request": Right(Kind.REQUEST, AUTHORS, (Besides.STATUS,)),
    "withdraw_request": Right(Kind.REQUEST, AUTHORS, (Besides.STATUS,)),
    # drafts
    "start_assessment": Right(Kind.SYSTEM, _STARTERS),
    "record_response": _writing(),
    "set_scenarios": _writing(),
    "set_measures": _writing(),
    "explain": _writing(),
    "set_withheld": _writing(),
    "add_evidence": _writing(),
    "name_evidence": _writing(),
    "remove_evidence": _writing(),
    "set_log": _writing(),
    "set_log_triggers": _writing(),
    "remove_log": _writing(),
    "delete_draft": _writing(STEPS["withdraw"].roles),
    "restore_response": _writing(),
    "give_section": _writing(_STARTERS),
    "take_back_section": _writing(_STARTERS),
    "finish_section": _writing(),  # one's own; who gives sections may do it for others
    # comments
    "comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS,)),
    "reply_comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS,)),
    "correct_comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS, Besides.OWN)),
    "withdraw_comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS, Besides.OWN)),
    "resolve_comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS,)),
    "reopen_comment": Right(Kind.ASSESSMENT, _COMMENTERS, (Besides.STATUS,)),
    "see_mention": _reading(),  # one's own
    # steps
    "submit": _step("submit"),
    "assign_review": Right(
        Kind.ASSESSMENT, COMMITTEE, (Besides.STATUS, Besides.OWN)
    ),  # a chair for all, a member for themselves
    "take_back_review": Right(Kind.ASSESSMENT, COMMITTEE, (Besides.STATUS, Besides.OWN)),
    "review_evidence": _step("decide", Besides.FOUR_EYES),
    "answer_point": _writing(),
    "return_to_author": _step("return_", Besides.FOUR_EYES),
    "record_decision": _step("decide", Besides.FOUR_EYES),
    "cast_vote": _step("vote", Besides.FOUR_EYES),
    "close_vote": _step("close", Besides.FOUR_EYES),
    "sign_off": _step("sign_off", Besides.FOUR_EYES),
    "refuse_sign_off": _step("refuse", Besides.FOUR_EYES),
    "revise": _step("revise"),
    "withdraw": _step("withdraw"),
    "reassess": Right(Kind.ASSESSMENT, STEPS["revise"].roles, (Besides.STATUS,)),
    "confirm": _writing(),
    # meetings of a committee
    "convene_meeting": Right(Kind.UNIT, _CHAIRS),
    "change_meeting": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    "set_agenda": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    "set_attendance": Right(Kind.MEETING, COMMITTEE, (Besides.STATUS,)),
    "take_minutes": Right(Kind.MEETING, COMMITTEE, (Besides.STATUS,)),
    "close_meeting": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    "cancel_meeting": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    "add_addendum": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    "keep_document": Right(Kind.MEETING, _CHAIRS, (Besides.STATUS,)),
    # after the decision
    "set_reassessment": Right(
        Kind.ASSESSMENT, _STARTERS | COMMITTEE, (Besides.STATUS,)
    ),  # put off by the committee only
    "state_change": Right(Kind.ASSESSMENT, AUTHORS | COMMITTEE | {Role.SIGNING_OFFICER}, (Besides.STATUS,)),
    "follow_up": _writing(),
    "reopen_follow_up": Right(Kind.ASSESSMENT, _STARTERS | COMMITTEE, (Besides.STATUS,)),
    "watch_log": _writing(),
    "retire": Right(Kind.ASSESSMENT, _STARTERS, (Besides.STATUS,)),
    "resume": Right(Kind.ASSESSMENT, _STARTERS, (Besides.STATUS,)),
    "archive": Right(Kind.ASSESSMENT, _CLERKS, (Besides.STATUS,)),
    "unarchive": Right(Kind.ASSESSMENT, _CLERKS, (Besides.STATUS,)),
    "place_hold": Right(Kind.ASSESSMENT, _HOLDERS),
    "release_hold": Right(Kind.ASSESSMENT, _HOLDERS, (Besides.TWO_PEOPLE,)),
    "keep_report": Right(Kind.ASSESSMENT, _SEALERS, (Besides.STATUS,)),
    # official documents
    "set_request_facts": Right(Kind.ASSESSMENT, AUTHORS),
    "note_request_step": Right(Kind.ASSESSMENT, AUTHORS | {Role.SIGNING_OFFICER}),
    "keep_official": Right(Kind.ASSESSMENT, _SEALERS, (Besides.STATUS,)),
    # reading
    "read_operator": _reading(Kind.OPERATOR),
    "read_system": _reading(Kind.SYSTEM),
    "read_assessment": _reading(),  # with its answers, the figures of its log and the values marked as withheld
    "read_evidence": _reading(),
    "read_history": _reading(),
    "read_meeting": Right(Kind.MEETING, COMMITTEE | {Role.AUDITOR}),
    "read_request": Right(Kind.REQUEST, _COMMENTERS | {Role.AUDITOR}),  # people's matters are no administrator's
    "read_report": _reading(),  # draft, sealed, redacted, as a record or in another form; official documents
    # the installation
    "audit": Right(Kind.INSTALLATION, frozenset({Role.AUDITOR, Role.ADMINISTRATOR})),
    "erase_values": Right(Kind.ASSESSMENT, _ADMINISTRATORS),
    "erase_other_values": _administering(Kind.INSTALLATION),
    "read_settings": _administering(Kind.INSTALLATION),
    # people and units
    "add_person": _administering(Kind.UNIT),
    "read_person": _administering(Kind.ACCOUNT),
    "change_person": _administering(Kind.ACCOUNT, Besides.OWN_TREE),
    "invite_person": _administering(Kind.ACCOUNT, Besides.OWN_TREE),
    "end_sessions": _administering(Kind.ACCOUNT, Besides.OWN_TREE),
    "disable_person": _administering(Kind.ACCOUNT, Besides.OWN_TREE, Besides.LAST_ADMINISTRATOR),
    "enable_person": _administering(Kind.ACCOUNT, Besides.OWN_TREE),
    "give_role": _administering(Kind.UNIT),
    "take_role": _administering(Kind.UNIT, Besides.LAST_ADMINISTRATOR),
    "add_unit": _administering(Kind.UNIT),
    "change_unit": _administering(Kind.UNIT),
    "set_committee": _administering(Kind.UNIT),
    "move_unit": _administering(Kind.UNIT, Besides.BOTH_UNITS),
    "demand_second_factor": _administering(Kind.UNIT, Besides.OWN_SECOND_FACTOR),
}
"""Deed → whose it is. An organisation, which has no unit above it, is added from the command line only."""


def may(actor: Actor, deed: str) -> bool:
    """Whether one of the actor's roles gives the right; an unlisted deed is nobody's."""
    right = RIGHTS.get(deed)
    return right is not None and bool(actor.roles & right.roles)


def check(actor: Actor, deed: str) -> None:
    """Raises: NotAllowedError."""
    if may(actor, deed):
        return
    right = RIGHTS.get(deed)
    needed = role_titles(right.roles if right else frozenset())
    raise NotAllowedError(TEXTS.told("right_missing", name=actor.name, roles=needed))
