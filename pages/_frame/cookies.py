"""The cookies of Haetae: their names and what a browser may do with them. value, keep, drop.

Over HTTPS a name begins with `__Host-`: the browser then takes it from this very host only, and only if it is secure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from starlette.responses import Response

from assessments import network

HOST = "__Host-"
SESSION = "haetae_session"
SCREENING = "haetae_screening"
"""Answers of a screening, until an assessment is wanted from them."""
LANGUAGE = "haetae_language"
OUTSIDE = "haetae_outside"
"""On the way to an identity provider and back."""
ATTEMPT = "haetae_attempt"
"""Coming in, half done."""


def name(plain: str) -> str:
    """The name that the browser knows this cookie by."""
    return HOST + plain if network.is_open() else plain


def value(cookies: Mapping[str, str], plain: str) -> str:
    """Empty: there is none."""
    return cookies.get(name(plain), "")


def keep(
    answer: Response,
    plain: str,
    value: str,
    *,
    max_age: int | None = None,
    samesite: Literal["lax", "strict"] = "strict",
) -> None:
    """Set one; without an age it goes with the browser's own session."""
    is_open = network.is_open()
    answer.set_cookie(name(plain), value, max_age=max_age, path="/", secure=is_open, httponly=True, samesite=samesite)


def drop(answer: Response, plain: str, *, samesite: Literal["lax", "strict"] = "strict") -> None:
    is_open = network.is_open()
    answer.delete_cookie(name(plain), path="/", secure=is_open, httponly=True, samesite=samesite)
