"""Passwords: judge (whether one may be used), hashed, check. Argon2id; what is compared costs the same for everybody.

Length and how easily one is guessed decide, no rule of signs: lists of leaked passwords, words, names, keyboard rows,
repetitions and years are those of zxcvbn.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from questionnaires.texts import Told, texts_of

TEXTS = texts_of(__file__)
FEWEST, MOST = 12, 256
"""Characters of a password."""
_SAFE = 3
"""From here on zxcvbn calls a password safely unguessable, of 0 to 4."""
_LOOKED_AT = 72
"""Characters at the beginning that zxcvbn looks at; it takes long over more."""
_HASHES = PasswordHash((Argon2Hasher(),))
"""Argon2id with 64 MiB, three passes and four lanes."""


def judge(password: str, about: Sequence[str] = ()) -> Told | None:
    """What stands against it. None: it may be used. about: names that it must not be made of, such as the person's own."""
    password = _normal(password)
    if len(password) < FEWEST:
        return TEXTS.told("password_short", fewest=FEWEST)
    if len(password) > MOST:
        return TEXTS.told("password_long", most=MOST)
    known = [*(name.casefold() for name in about if name), "haetae", *_korean_as_typed()]
    if zxcvbn(password[:_LOOKED_AT], user_inputs=known)["score"] < _SAFE:
        return TEXTS.told("password_guessable")
    return None


def hashed(password: str) -> str:
    """What is kept of it; takes a fraction of a second and 64 MiB, as it is meant to."""
    return _HASHES.hash(_normal(password))


@dataclass(frozen=True)
class Comparison:
    """Whether a password is the right one."""

    is_right: bool
    renewed: str | None = None
    """Its hash by the settings of today, where the kept one was made with others."""


def check(password: str, own_hash: str | None) -> Comparison:
    """One hash is made whatever there is to compare with, so that the time says nothing. own_hash: None if there is none."""
    is_right, renewed = _HASHES.verify_and_update(_normal(password)[: MOST + 1], own_hash or _nobodys())
    if own_hash is None or not is_right:
        return Comparison(False)
    return Comparison(True, renewed)


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return _HASHES.hash(secrets.token_urlsafe(32))


@cache
def _korean_as_typed() -> tuple[str, ...]:
    return tuple(yaml.safe_load(Path(__file__).with_suffix(".yaml").read_bytes())["korean_as_typed"])


def _normal(password: str) -> str:
    """The same letters are the same password, however a keyboard puts them together."""
    return unicodedata.normalize("NFC", password)
