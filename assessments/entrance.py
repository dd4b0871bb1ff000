"""Coming in: who a name and a password belong to, one-time links, another password. Each a deed in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from assessments import passwords, people, second_factor
from assessments.errors import AssessmentError, NotFoundError, WrongStatusError
from assessments.model import FIRST_UNIT, Actor, Role
from assessments.storage import accounts, attempts, credentials, demands, history, identities, passkey_rows, units
from assessments.storage.tables import LinkPurpose
from questionnaires.legible import legible
from questionnaires.texts import Told, texts_of

TEXTS = texts_of(__file__)
_MOST_NAME = 60
_SECOND = "second"
SECOND_LASTS = timedelta(minutes=5)
"""Between password and second factor."""
_SETTING_UP = timedelta(minutes=30)
_MOST_WRONG = 5
"""Codes after which the password is asked for again."""


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


@dataclass(frozen=True)
class Admitted:
    """How far somebody has come."""

    session: str = ""
    """Token of a session. Empty: the second factor is still to be shown."""
    attempt: str = ""
    """Token by which the rest of the way is found; empty where there is none."""


def come_in(
    session: Session, seen: Claimed, right: passwords.Comparison, caller: Caller, at: datetime
) -> Admitted | None:
    """The first step, if the person and the password are still what they were when they were compared. None: nobody comes in."""
    if not right.is_right or seen.actor is None:
        return None
    now = claimed(session, seen.actor.id)
    if now.actor is None or now.hash != seen.hash:
        return None
    if right.renewed:
        credentials.renew_hash(session, now.actor.id, right.renewed)
    return _admitted(session, now.actor, caller, at)


def _admitted(session: Session, actor: Actor, caller: Caller, at: datetime) -> Admitted:
    """Who has shown a first factor is in, unless there is a second one."""
    if not has_second_factor(session, actor):
        return Admitted(accounts.open_session(session, actor.id, at, address=caller.address, browser=caller.browser))
    memory = {"actor": actor.id, "password": _password_digest(session, actor.id), "wrong": 0}
    return Admitted(attempt=attempts.begin(session, _SECOND, memory, SECOND_LASTS, at))


# --- the second factor -------------------------------------------------------------------------------------------


def has_second_factor(session: Session, actor: Actor) -> bool:
    """Whether one is asked for."""
    factor = credentials.second_factor(session, actor.id)
    return factor is not None and factor.confirmed_at is not None


def awaited(session: Session, attempt: str, at: datetime) -> Actor | None:
    """Who still has to show a second factor. None: nobody by this token; they begin anew."""
    memory = attempts.memory_of(session, attempt, _SECOND, at)
    if memory is None or memory["wrong"] >= _MOST_WRONG:
        return None
    is_current = memory["password"] == _password_digest(session, memory["actor"])
    return people.acting(session, memory["actor"]) if is_current else None


def show_second(session: Session, attempt: str, code: str, caller: Caller, at: datetime) -> Admitted | None:
    """The second step. None: the code is wrong; after some of them one begins anew."""
    actor = awaited(session, attempt, at)
    if actor is None:
        return None
    if not shows_second(session, actor, code, at):
        memory = attempts.memory_of(session, attempt, _SECOND, at) or {}
        attempts.remember(session, attempt, {**memory, "wrong": memory["wrong"] + 1})
        return None
    attempts.end(session, attempt)
    return Admitted(
        accounts.open_session(session, actor.id, at, address=caller.address, browser=caller.browser, with_second=True)
    )


def show_second_in(session: Session, actor: Actor, token: str, code: str, at: datetime) -> str | None:
    """The second step of a session that was opened without: its new token. None: the code is wrong."""
    if not shows_second(session, actor, code, at):
        return None
    accounts.note_second(session, token)
    return accounts.renew(session, token, at)


def shows_second(session: Session, actor: Actor, code: str, at: datetime) -> bool:
    """Whether it is a code of now or a recovery code; it is used up then."""
    factor = credentials.second_factor(session, actor.id)
    if factor is None or factor.confirmed_at is None:
        return False
    step = second_factor.step(factor.secret, code, at, factor.last_step)
    if step is not None:
        credentials.take_step(session, actor.id, step)
        return True
    is_recovery = credentials.use_recovery_code(session, actor.id, second_factor.bare(code))
    if is_recovery:
        history.add_event(session, "use_recovery_code", actor, at)
    return is_recovery


def has_any_second(session: Session, actor: Actor) -> bool:
    """Whether they have what counts as a second factor: an app that is set up, or a passkey."""
    return has_second_factor(session, actor) or bool(passkey_rows.of_account(session, actor.id))


def lacks_second(session: Session, login: accounts.Login) -> bool:
    """Whether nothing but showing, or setting up, a second factor may be done in this session: it is demanded and was not shown."""
    return not login.with_second and demands.is_demanded_of(session, login.actor_id)


def begin_first_second(session: Session, actor: Actor, at: datetime) -> None:
    """Like begin_second, for whoever has shown no more than a password. Raises: WrongStatusError if they have a passkey, too."""
    if has_any_second(session, actor):
        raise WrongStatusError(TEXTS.told("second_factor_in_use"))
    begin_second(session, actor, at)


def begin_second(session: Session, actor: Actor, at: datetime) -> None:
    """A secret to be shown to an app. Raises: WrongStatusError if a second factor is in use."""
    if has_second_factor(session, actor):
        raise WrongStatusError(TEXTS.told("second_factor_in_use"))
    credentials.begin_second_factor(session, actor.id, second_factor.new_secret(), at)


def pending_secret(session: Session, actor: Actor, at: datetime) -> str | None:
    """Of the second factor that is being set up. None: none is."""
    factor = credentials.second_factor(session, actor.id)
    is_pending = factor is not None and factor.confirmed_at is None and at - factor.created_at < _SETTING_UP
    return factor.secret if factor and is_pending else None


@dataclass(frozen=True)
class Confirmed:
    """What follows once a second factor is in use."""

    session: str
    """The new token of the session in which it was confirmed."""
    recovery_codes: tuple[str, ...]
    """Shown once, never again."""


def confirm_second(session: Session, actor: Actor, token: str, code: str, at: datetime) -> Confirmed | None:
    """From now on it is asked for; sessions that were opened without it end. None: the code is wrong."""
    secret = pending_secret(session, actor, at)
    step = second_factor.step(secret, code, at, 0) if secret else None
    if step is None:
        return None
    credentials.confirm_second_factor(session, actor.id, step, at)
    accounts.close_sessions_of(session, actor.id, but=token)
    accounts.note_second(session, token)
    history.add_event(session, "set_second_factor", actor, at)
    return Confirmed(accounts.renew(session, token, at), _new_codes(session, actor))


def new_recovery_codes(session: Session, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Those of before open nothing any more. Raises: WrongStatusError if there is no second factor."""
    if not has_second_factor(session, actor):
        raise WrongStatusError(TEXTS.told("no_second_factor"))
    history.add_event(session, "make_recovery_codes", actor, at)
    return _new_codes(session, actor)


def drop_second(session: Session, actor: Actor, by: Actor, at: datetime) -> None:
    """A password is enough from now on, unless a second factor is demanded: then another one is set up before anything else."""
    if has_second_factor(session, actor):
        history.add_event(session, "drop_second_factor", by, at, values={"person": actor.id})
    credentials.drop_second_factor(session, actor.id)
    if by.id != actor.id:  # of somebody who lost what they came in with
        passkey_rows.drop_all(session, actor.id)
    forget_last_second(session, actor)


def forget_last_second(session: Session, actor: Actor) -> None:
    """Where nothing is left of what they could show, none of their sessions counts as one in which it was shown."""
    if not has_any_second(session, actor):
        accounts.forget_second(session, actor.id)


def _new_codes(session: Session, actor: Actor) -> tuple[str, ...]:
    codes = second_factor.new_recovery_codes()
    credentials.set_recovery_codes(session, actor.id, codes)
    return codes


def _password_digest(session: Session, actor_id: str) -> str:
    """Another one after each change of the password."""
    return accounts.digest_of(credentials.password_hash(session, actor_id) or "")


# --- one-time links ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewLink:
    """A link that was just made; of its token only the digest is kept."""

    token: str
    ends_at: datetime


def make_link(
    session: Session, person_id: str, by: Actor, at: datetime, *, without_second_factor: bool = False
) -> NewLink:
    """A link that sets a password. without_second_factor: theirs is lost, and taken away.

    Raises: NotFoundError if there is nobody of that id.
    """
    actor = people.acting(session, person_id)
    if actor is None:
        raise NotFoundError(TEXTS.told("nobody_of_that_id", id=legible(person_id)))
    has_one = credentials.password_hash(session, person_id) is not None
    purpose = LinkPurpose.RESET if has_one else LinkPurpose.FIRST
    history.add_event(session, "make_link", by, at, values={"person": person_id, "purpose": purpose.value})
    if without_second_factor:
        drop_second(session, actor, by, at)
    return NewLink(credentials.make_link(session, person_id, purpose, at), at + credentials.LIFETIMES[purpose])


@dataclass(frozen=True)
class Invitation:
    """A link that can be used, and for whom."""

    token: str
    actor: Actor | None
    """None: whoever opens it becomes the first administrator."""


def start_links(session: Session, at: datetime) -> tuple[Invitation, ...]:
    """A link for everybody who has no password yet, and, where nobody is administrator, one to become it."""
    known = units.actors(session)
    have = credentials.have_passwords(session) | identities.all_connected(session)
    waiting: list[Actor | None] = [actor for actor in known if actor.id not in have]
    if not any(map(_administers, known)):
        waiting.append(None)
    return tuple(
        Invitation(credentials.make_link(session, actor.id if actor else "", LinkPurpose.START, at), actor)
        for actor in waiting
    )


def invitation(session: Session, token: str, at: datetime) -> Invitation | None:
    """None: the link opens nothing (any more)."""
    return invitation_of(session, credentials.find_link(session, token, at), token)


def invitation_of(session: Session, link: credentials.Link | None, token: str = "") -> Invitation | None:
    """For whom a link is now."""
    if link is None:
        return None
    if not link.actor_id:
        is_taken = any(map(_administers, units.actors(session)))
        return None if is_taken else Invitation(token, None)
    actor = people.acting(session, link.actor_id)
    return Invitation(token, actor) if actor else None


def accept(session: Session, token: str, hashed: str, caller: Caller, at: datetime) -> Admitted:
    """Uses a link: the password is set, all sessions of the person end, and a new one is opened unless there is a second factor.

    Raises: NotFoundError if the link opens nothing (any more).
    """
    invited = invitation(session, token, at)
    if invited is None or invited.actor is None:
        raise NotFoundError(TEXTS.told("link_over"))
    return _with_new_password(session, invited.actor, hashed, caller, at)


def become_administrator(
    session: Session, token: str, person_id: str, name: str, hashed: str, caller: Caller, at: datetime
) -> Admitted:
    """Uses the link for the first administrator, who is added to the people.

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


def _with_new_password(session: Session, actor: Actor, hashed: str, caller: Caller, at: datetime) -> Admitted:
    credentials.set_password(session, actor.id, hashed, at)
    accounts.close_sessions_of(session, actor.id)
    history.add_event(session, "set_password", actor, at)
    return _admitted(session, actor, caller, at)


def _administers(actor: Actor) -> bool:
    """The first organisation: who administers another or only a part of this one does not count."""
    return Role.ADMINISTRATOR in actor.at((FIRST_UNIT,)).roles


def check_new(password: str, actor_id: str, name: str) -> None:
    """Raises: AssessmentError if the password cannot be used by this person."""
    if objection := passwords.judge(password, (actor_id, *name.split())):
        raise AssessmentError(Told(objection.what, objection.remedy))
