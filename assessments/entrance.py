"""Coming in: who a name and a password belong to, one-time links, another password. Each a deed in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from assessments import passwords, people
from assessments.errors import AssessmentError, NotFoundError
from assessments.model import FIRST_UNIT, Actor, Role
from assessments.storage import accounts, credentials, history, units
from assessments.storage.tables import LinkPurpose
from questionnaires.legible import legible
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_MOST_NAME = 60


@dataclass(frozen=True)
class Claimed:
    """What is known of the name that somebody gives at the entrance."""

    actor: Actor | None
    """None: there is nobody of that name, or they may not come in."""
    hash: str | None
    """The hash of their password. None: there is none to compare with."""


def claimed(session: Session, name: str) -> Claimed:
    """Whoever is called so; the way is the same where there is nobody."""
    actor = people.acting(session, account_name(name))
    password = credentials.password_hash(session, account_name(name))
    return Claimed(actor, password if actor else None)


def account_name(name: str) -> str:
    """As it is written in the list of people: small letters, no blanks around."""
    return name.strip().casefold()[: _MOST_NAME + 1]


@dataclass(frozen=True)
class Caller:
    """From where somebody comes in."""

    address: str
    browser: str


def come_in(session: Session, seen: Claimed, right: passwords.Comparison, caller: Caller, at: datetime) -> str | None:
    """A token, if the person and the password are still what they were when they were compared. None: nobody comes in."""
    if not right.is_right or seen.actor is None:
        return None
    now = claimed(session, seen.actor.id)
    if now.actor is None or now.hash != seen.hash:
        return None
    if right.renewed:
        credentials.renew_hash(session, now.actor.id, right.renewed)
    return accounts.open_session(session, now.actor.id, at, address=caller.address, browser=caller.browser)


# --- one-time links ------------------------------------------------------------------------------------------


def make_link(session: Session, person_id: str, by: Actor, at: datetime) -> str:
    """The token of a link that sets a password. Raises: NotFoundError if there is nobody of that id."""
    if people.acting(session, person_id) is None:
        raise NotFoundError(TEXTS.told("nobody_of_that_id", id=legible(person_id)))
    has_one = credentials.password_hash(session, person_id) is not None
    purpose = LinkPurpose.RESET if has_one else LinkPurpose.FIRST
    history.add_event(session, "make_link", by, at, values={"person": person_id, "purpose": purpose.value})
    return credentials.make_link(session, person_id, purpose, at)


@dataclass(frozen=True)
class Invitation:
    """A link that can be used, and for whom."""

    token: str
    actor: Actor | None
    """None: whoever opens it becomes the first administrator."""


def start_links(session: Session, at: datetime) -> tuple[Invitation, ...]:
    """A link for everybody who has no password yet, and, where nobody is administrator, one to become it."""
    known = units.actors(session)
    have = credentials.have_passwords(session)
    waiting: list[Actor | None] = [actor for actor in known if actor.id not in have]
    if not any(Role.ADMINISTRATOR in actor.roles for actor in known):
        waiting.append(None)
    return tuple(
        Invitation(credentials.make_link(session, actor.id if actor else "", LinkPurpose.START, at), actor)
        for actor in waiting
    )


def invitation(session: Session, token: str, at: datetime) -> Invitation | None:
    """None: the link opens nothing (any more)."""
    link = credentials.find_link(session, token, at)
    if link is None:
        return None
    if not link.actor_id:
        is_taken = any(Role.ADMINISTRATOR in actor.roles for actor in units.actors(session))
        return None if is_taken else Invitation(token, None)
    actor = people.acting(session, link.actor_id)
    return Invitation(token, actor) if actor else None


def accept(session: Session, token: str, hashed: str, caller: Caller, at: datetime) -> str:
    """Uses a link: the password is set, all sessions of the person end, and a new one is opened. Its token.

    Raises: NotFoundError if the link opens nothing (any more).
    """
    invited = invitation(session, token, at)
    if invited is None or invited.actor is None:
        raise NotFoundError(TEXTS.told("link_over"))
    return _with_new_password(session, invited.actor, hashed, caller, at)


def become_administrator(
    session: Session, token: str, person_id: str, name: str, hashed: str, caller: Caller, at: datetime
) -> str:
    """Uses the link for the first administrator, who is added to the people. The token of their session.

    Raises: NotFoundError if the link opens nothing (any more); AssessmentError if the id or the name cannot be used.
    """
    invited = invitation(session, token, at)
    if invited is None or invited.actor is not None:
        raise NotFoundError(TEXTS.told("link_over"))
    actor = people.add(session, person_id, name, [Role.ADMINISTRATOR], FIRST_UNIT, people.command_line(session), at)
    credentials.drop_links(session, "")
    return _with_new_password(session, actor, hashed, caller, at)


def change_password(session: Session, actor: Actor, token: str, hashed: str, at: datetime) -> str:
    """Another password, set by its owner; other sessions end. The new token of this one."""
    credentials.set_password(session, actor.id, hashed, at)
    accounts.close_sessions_of(session, actor.id, but=token)
    history.add_event(session, "set_password", actor, at)
    return accounts.renew(session, token, at)


def _with_new_password(session: Session, actor: Actor, hashed: str, caller: Caller, at: datetime) -> str:
    credentials.set_password(session, actor.id, hashed, at)
    accounts.close_sessions_of(session, actor.id)
    history.add_event(session, "set_password", actor, at)
    return accounts.open_session(session, actor.id, at, address=caller.address, browser=caller.browser)


def check_new(password: str, actor_id: str, name: str) -> None:
    """Raises: AssessmentError if the password cannot be used by this person."""
    if objection := passwords.judge(password, (actor_id, *name.split())):
        raise AssessmentError(objection)
