"""Editors at the deeds, five in this process: `python -m tests.editing FIRST WRITES SECONDS NUMBERS…`.

Each answers again and again, as often as WRITES or for SECONDS, whichever takes longer. On standard output: what was acknowledged,
how often somebody was quicker, and every failure, as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assessments import actions
from assessments.errors import StaleAssessmentError
from assessments.model import Actor, Response, Role
from assessments.storage import database, reader

QUESTIONNAIRE, QUESTION = "impact", "purpose"
EDITORS = 5
AROUND = "시민에게 미치는 영향을 살핀다: "


@dataclass
class Told:
    """What came of it."""

    acknowledged: list[tuple[int, int, str]] = field(default_factory=list)
    """Assessment, lock version, text."""
    stale: int = 0
    failures: list[str] = field(default_factory=list)


def edit(editor: int, number: int, writes: int, seconds: float, told: Told) -> None:
    actor = Actor(f"editor{editor}", f"Editor {editor}", frozenset({Role.PRODUCT_MANAGER}))
    end, done = time.monotonic() + seconds, 0
    while done < writes or time.monotonic() < end:
        text = f"{AROUND}{editor}-{done}"
        try:
            with database.reading() as session:
                responses = reader.get_assessment(session, number).responses.get(QUESTIONNAIRE, {})
            seen = responses[QUESTION].lock_version if QUESTION in responses else 0
            with database.transaction() as session:
                response = Response(QUESTION, text, lock_version=seen)
                stored = actions.record_response(session, number, QUESTIONNAIRE, response, actor, datetime.now(UTC))
            told.acknowledged.append((number, stored.lock_version, text))
            done += 1
        except StaleAssessmentError:
            told.stale += 1
        except Exception as error:
            told.failures.append(f"{type(error).__name__}: {error}")
            return


def main(first: int, writes: int, seconds: float, numbers: list[int]) -> None:
    told = Told()
    threads = [
        threading.Thread(target=edit, args=(editor, numbers[editor % len(numbers)], writes, seconds, told))
        for editor in range(first, first + EDITORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(vars(told), sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), [int(number) for number in sys.argv[4:]])
