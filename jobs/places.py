"""Where jobs are done: is_elsewhere."""

from __future__ import annotations

import os

from assessments.errors import AssessmentError
from assessments.storage import database
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
VARIABLE = "HAETAE_WORKERS"
"""Variable of the environment: `here`, in the server, or `elsewhere`, in `haetae work`."""


def is_elsewhere() -> bool:
    """Whether jobs are done by `haetae work`. Raises: AssessmentError of another value, or without PostgreSQL."""
    stated = os.environ.get(VARIABLE, "").strip() or "here"
    if stated not in ("here", "elsewhere"):
        raise AssessmentError(TEXTS.told("workers_unknown", stated=stated[:40], variable=VARIABLE))
    if stated == "elsewhere" and not database.is_on_server():
        raise AssessmentError(TEXTS.told("workers_need_server", variable=VARIABLE))
    return stated == "elsewhere"
