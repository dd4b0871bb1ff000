"""Reviewers without their names: Pseudonyms."""

from __future__ import annotations

import hashlib
import hmac

_LENGTH = 8


class Pseudonyms:
    """The same name gives the same pseudonym under the same key; without the key no name can be tried out."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("The key for pseudonyms must have 16 bytes at least.")
        self._key = key

    def of(self, name: str) -> str:
        """`R-` and eight characters; empty stays empty."""
        if not name:
            return ""
        return "R-" + hmac.new(self._key, name.encode("utf-8"), hashlib.sha256).hexdigest()[:_LENGTH].upper()
