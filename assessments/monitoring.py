"""How the server is watched from outside, as the environment says: current, log_id.

Without a token there are no metrics; without a word the server's log is text for people.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from assessments.errors import AssessmentError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
TOKEN = "HAETAE_METRICS_TOKEN"  # noqa: S105 - the name of a variable
LOG = "HAETAE_LOG"
FEWEST = 24
"""Characters of the token, so that it cannot be guessed."""
_KINDS = ("text", "json")
_LOG_ID_BYTES = 6


@dataclass(frozen=True)
class Monitoring:
    """What was named."""

    token: str = ""
    """With which metrics are read. Empty: nobody reads them."""
    is_json: bool = False
    """Whether the server's log is one JSON object a line, without personal data."""

    def __repr__(self) -> str:
        return f"Monitoring(has_token={bool(self.token)}, is_json={self.is_json})"

    def admits(self, shown: str) -> bool:
        """Whether it is the token, told in the same time for all."""
        return bool(self.token) and hmac.compare_digest(shown.encode(), self.token.encode())


def current() -> Monitoring:
    """As the environment says now. Raises: AssessmentError."""
    return _read(os.environ.get(TOKEN, "").strip(), os.environ.get(LOG, "").strip().lower())


@lru_cache(8)
def _read(token: str, log: str) -> Monitoring:
    if token and (len(token) < FEWEST or not token.isascii() or not token.isprintable() or " " in token):
        raise AssessmentError(TEXTS.told("metrics_token", name=TOKEN, fewest=FEWEST))
    if log and log not in _KINDS:
        raise AssessmentError(TEXTS.told("no_log_kind", name=LOG, stated=log[:40], kinds=", ".join(_KINDS)))
    return Monitoring(token, log == "json")


def log_id(key: bytes, actor_id: str) -> str:
    """How an account is called in the log: the same each time, and nobody's name without the key of this installation."""
    digest = hmac.new(key, b"server log\0" + actor_id.encode(), hashlib.sha256)
    return f"A-{digest.hexdigest()[: 2 * _LOG_ID_BYTES]}"
