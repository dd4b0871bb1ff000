"""Coming in by a passkey: ask_to_make, make, ask_to_show, show, drop. Each answer fits one question, once, within minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from assessments import passkeys, people
from assessments.entrance import TEXTS, Admitted, Caller, forget_last_second
from assessments.errors import NotAllowedError
from assessments.model import Actor
from assessments.passkeys import Made, Site
from assessments.storage import accounts, attempts, history, passkey_rows
from assessments.storage.passkey_rows import Passkey

_MAKE, _SHOW = "make passkey", "show passkey"
LASTS = timedelta(minutes=5)
_MOST = 10
"""Passkeys of a person."""


def ask_to_make(session: Session, site: Site, actor: Actor, at: datetime) -> tuple[str, str]:
    """What the browser is asked for, and the token of the attempt. Raises: NotAllowedError where there are too many."""
    known = [passkey.credential_id for passkey in passkey_rows.of_account(session, actor.id)]
    if len(known) >= _MOST:
        raise NotAllowedError(TEXTS.told("many_passkeys", most=_MOST))
    question = passkeys.ask_to_make(site, actor, known)
    memory = {"challenge": question.challenge, "actor": actor.id}
    return question.options, attempts.begin(session, _MAKE, memory, LASTS, at)


def make(
    session: Session, site: Site, actor: Actor, token: str, attempt: str, credential: str, browser: str, at: datetime
) -> str | None:
    """The new token of the session in which it was made. None: it is not what was asked for."""
    memory = attempts.memory_of(session, attempt, _MAKE, at)
    attempts.end(session, attempt)
    if memory is None or memory["actor"] != actor.id:
        return None
    made = passkeys.made(site, memory["challenge"], credential)
    if made is None or passkey_rows.find(session, made.credential_id) is not None:
        return None
    passkey_rows.add(
        session, Passkey(made.credential_id, actor.id, made.public_key, made.uses, browser, at, used_at=None)
    )
    accounts.note_second(session, token)
    history.add_event(session, "make_passkey", actor, at)
    return accounts.renew(session, token, at)


def ask_to_show(session: Session, site: Site, at: datetime) -> tuple[str, str]:
    """What the browser is asked for, and the token of the attempt."""
    question = passkeys.ask_to_show(site)
    return question.options, attempts.begin(session, _SHOW, {"challenge": question.challenge}, LASTS, at)


def show(session: Session, site: Site, attempt: str, credential: str, caller: Caller, at: datetime) -> Admitted | None:
    """A session of whoever the passkey belongs to. None: nobody comes in."""
    memory = attempts.memory_of(session, attempt, _SHOW, at)
    attempts.end(session, attempt)
    passkey = passkey_rows.find(session, passkeys.named(credential)) if memory else None
    actor = people.acting(session, passkey.actor_id) if passkey else None
    if memory is None or passkey is None or actor is None:
        return None
    known = Made(passkey.credential_id, passkey.public_key, passkey.uses)
    uses = passkeys.shown(site, memory["challenge"], credential, known)
    if uses is None:
        return None
    passkey_rows.note_use(session, passkey.credential_id, uses, at)
    return Admitted(
        accounts.open_session(
            session, actor.id, at, address=caller.address, browser=caller.browser, with_second=True
        )  # the device has asked for a PIN, or whose it is
    )


def drop(session: Session, actor: Actor, credential_id: str, at: datetime) -> None:
    """It opens nothing any more."""
    if passkey_rows.drop(session, actor.id, credential_id):
        history.add_event(session, "drop_passkey", actor, at)
        forget_last_second(session, actor)
