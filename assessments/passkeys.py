"""Passkeys (WebAuthn): what a browser is asked for, and whether what it sends is from that authenticator, for us, and now.

The authenticator has to know its owner (a PIN, a finger, a face), so that a passkey counts for password and second factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from assessments.model import Actor
from assessments.storage.accounts import digest_of

NAME = "Haetae"


@dataclass(frozen=True)
class Site:
    """This installation as browsers know it."""

    host: str
    """Without a port; passkeys are bound to it."""
    origin: str


@dataclass(frozen=True)
class Asked:
    """What the browser is asked for."""

    options: str
    """JSON."""
    challenge: str


@dataclass(frozen=True)
class Made:
    """A passkey as it is kept."""

    credential_id: str
    public_key: str
    uses: int


def ask_to_make(site: Site, actor: Actor, known: Sequence[str]) -> Asked:
    """known: credential ids that the person has already."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_name=actor.id,
        user_display_name=actor.name,
        user_id=bytes.fromhex(digest_of(actor.id)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(name)) for name in known],
    )
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def made(site: Site, challenge: str, credential: str) -> Made | None:
    """None: it is not what was asked for."""
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Made(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
    )


def ask_to_show(site: Site) -> Asked:
    """Of whoever has one for this site; the browser offers them by name."""
    options = generate_authentication_options(rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED)
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def named(credential: str) -> str:
    """The id of the passkey that the browser says it shows; empty where it says nothing of the kind."""
    try:
        return parse_authentication_credential_json(credential).id
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return ""


def shown(site: Site, challenge: str, credential: str, passkey: Made) -> int | None:
    """How often the authenticator says it was used. None: it is not this passkey, not for us, or not now."""
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count
