"""Reviewers without their names: Pseudonyms.

A name is hashed under a salt that comes from the key, then that digest under the key itself. So an engine in which a log lies can
do the first step: it is told the salt and never the key, and gives out digests and no names.
"""

from __future__ import annotations

import hashlib
import hmac

_LENGTH = 8
_FOR_ENGINES = b"salt of names that are hashed where a log lies"


class Pseudonyms:
    """The same name gives the same pseudonym under the same key; without the key no name can be tried out."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("The key for pseudonyms must have 16 bytes at least.")
        self._key = key
        self.salt = hmac.new(key, _FOR_ENGINES, hashlib.sha256).hexdigest()
        """What is put before a name; the key cannot be had from it."""

    def of(self, name: str) -> str:
        """`R-` and eight characters; empty stays empty."""
        if not name:
            return ""
        return self.of_digest(hashlib.sha256((self.salt + name).encode("utf-8")).hexdigest())

    def of_digest(self, digest: str) -> str:
        """The pseudonym of the name that has this digest, in hexadecimal signs, under `salt`."""
        return "R-" + hmac.new(self._key, digest.encode("ascii"), hashlib.sha256).hexdigest()[:_LENGTH].upper()
