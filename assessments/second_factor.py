"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand in for one."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import pyotp

ISSUER = "Haetae"
_SPREAD = 1
"""Time steps of 30 seconds by which the clock of the app may go wrong, before and after."""
_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another."""
_LENGTH, _GROUP = 24, 4
"""120 bits: so many that a plain digest keeps them safe."""


def new_secret() -> str:
    """160 bits, in letters and digits as people type them."""
    return pyotp.random_base32()


def address(secret: str, account: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The time step whose code it is. None: it is the code of none, or of one that is not later than `after`."""
    totp, digits = pyotp.TOTP(secret), re.sub(r"\s", "", code)
    now = totp.timecode(at)
    matching = [
        candidate
        for candidate in range(now - _SPREAD, now + _SPREAD + 1)
        if candidate > after and secrets.compare_digest(totp.generate_otp(candidate).encode(), digits.encode())
    ]
    return matching[0] if matching else None


def new_recovery_codes() -> tuple[str, ...]:
    return tuple("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_CODES))


def written(recovery_code: str) -> str:
    """In groups, as people copy them."""
    return "-".join(recovery_code[start : start + _GROUP] for start in range(0, len(recovery_code), _GROUP))


def bare(code: str) -> str:
    """A recovery code as it was made, however it was typed."""
    return re.sub(r"[\s-]", "", code).upper()
