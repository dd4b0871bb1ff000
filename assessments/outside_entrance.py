"""Coming in by the organisation's identity provider: begin, finish. An account is connected by its owner, by a link, or by e-mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from assessments import people
from assessments.entrance import TEXTS, Admitted, Caller, invitation_of
from assessments.errors import NotAllowedError, NotFoundError
from assessments.identity_provider import Begun, Identity, Provider
from assessments.model import Actor
from assessments.storage import accounts, attempts, credentials, history, identities

_KIND = "outside"
LASTS = timedelta(minutes=10)
"""At the provider."""


class Purpose(StrEnum):
    """Why somebody goes to the provider."""

    ENTER = "enter"
    CONNECT = "connect"
    """Of an account that is signed in."""
    CONFIRM = "confirm"
    """Of somebody who is signed in and shows once more who they are."""
    LINK = "link"
    """With a one-time link, instead of a password."""


def begin(session: Session, begun: Begun, purpose: Purpose, digest: str, to: str, at: datetime) -> str:
    """The token of the attempt. digest: of the session's or the link's token; empty where one enters."""
    memory = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "purpose": purpose.value,
        "digest": digest,
        "to": to,
    }
    return attempts.begin(session, _KIND, memory, LASTS, at)


def taken(session: Session, attempt: str, at: datetime) -> dict[str, str] | None:
    """What was remembered, this once. None: nothing, or its time is over."""
    memory = attempts.memory_of(session, attempt, _KIND, at)
    attempts.end(session, attempt)
    return memory


def finish(
    session: Session, provider: Provider, identity: Identity, memory: dict[str, str], caller: Caller, at: datetime
) -> Admitted:
    """A session, or none where an account that is signed in was connected.

    Raises: NotFoundError where nobody is connected, or the link or session is over; NotAllowedError where another one is.
    """
    purpose, digest = Purpose(memory["purpose"]), memory["digest"]
    if purpose is Purpose.ENTER:
        actor = _known(session, provider, identity, at)
    elif purpose is Purpose.CONNECT:
        login = accounts.find_login_by(session, digest, at)
        owner = people.acting(session, login.actor_id) if login else None
        if owner is None:
            raise NotFoundError(TEXTS.told("session_over"))
        _connect(session, owner, identity, at)
        return Admitted()
    elif purpose is Purpose.CONFIRM:
        login = accounts.find_login_by(session, digest, at)
        if login is None:
            raise NotFoundError(TEXTS.told("session_over"))
        if identities.account_of(session, identity.issuer, identity.subject) != login.actor_id:
            raise NotAllowedError(TEXTS.told("identity_of_another"))
        if identity.shown_at is not None and at - identity.shown_at > LASTS:
            raise NotAllowedError(TEXTS.told("not_asked_anew"))
        renewed = accounts.renew_by(session, digest, at)
        if identity.with_second:
            accounts.note_second(session, renewed)
        return Admitted(renewed)
    else:
        invited = invitation_of(session, credentials.find_link_by(session, digest, at))
        if invited is None or invited.actor is None:
            raise NotFoundError(TEXTS.told("link_over"))
        actor = invited.actor
        _connect(session, actor, identity, at)
        credentials.drop_links(session, actor.id)
    return Admitted(
        accounts.open_session(
            session,
            actor.id,
            at,
            address=caller.address,
            browser=caller.browser,
            with_second=identity.with_second,
        )
    )


def drop(session: Session, actor: Actor, at: datetime) -> None:
    """Nobody comes in to this account from outside any more. Raises: NotAllowedError if it has no password."""
    if credentials.password_hash(session, actor.id) is None:
        raise NotAllowedError(TEXTS.told("only_way_in"))
    if identities.is_connected(session, actor.id):
        history.add_event(session, "disconnect_identity", actor, at)
    identities.disconnect(session, actor.id)


def _known(session: Session, provider: Provider, identity: Identity, at: datetime) -> Actor:
    account_id = identities.account_of(session, identity.issuer, identity.subject)
    actor = people.acting(session, account_id) if account_id else None
    if account_id is None and provider.is_by_email and identity.email:
        matching = identities.accounts_with_email(session, identity.email)
        actor = people.acting(session, matching[0]) if len(matching) == 1 else None
        if actor is not None and not identities.is_connected(session, actor.id):
            _connect(session, actor, identity, at)
        else:  # the account belongs to another identity of the provider
            actor = None
    if actor is None:
        raise NotFoundError(TEXTS.told("identity_unknown"))
    return actor


def _connect(session: Session, actor: Actor, identity: Identity, at: datetime) -> None:
    account_id = identities.account_of(session, identity.issuer, identity.subject)
    if account_id == actor.id:
        return
    if account_id is not None or identities.is_connected(session, actor.id):
        raise NotAllowedError(TEXTS.told("identity_taken"))
    identities.connect(session, actor.id, identity.issuer, identity.subject, at)
    history.add_event(session, "connect_identity", actor, at, values={"issuer": identity.issuer})
