"""A whole portfolio under another edition: Run. In several processes beside one another, with progress and stop; only read.

A small portfolio is done at once. A run belongs to whoever began it: nothing of it is kept, since the next one derives it anew.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assessments.errors import AssessmentError
from assessments.model import Status
from assessments.own_process import OverLimitError, OwnProcess, StoppedError
from assessments.rescoring_process import Row, rescored, tried
from assessments.storage import database, reader, rescoring
from questionnaires import load
from questionnaires.problems import InvalidFileError
from questionnaires.texts import texts_of
from questionnaires.vocabulary import Text

TEXTS = texts_of(__file__)
OPEN = (Status.DRAFT, Status.RETURNED, Status.SUBMITTED)
"""What another edition can still reach: the content is not signed off."""
IN_FORCE = (Status.DECIDED, Status.SIGNED_OFF)
"""What stays as it was signed; another edition counts for the next assessment of the system."""
AT_ONCE = 1_000
"""So many are done in the process that asks."""
MOST_PROCESSES = 4
LOOK_SECONDS = 0.2
UNSEEN_SECONDS = 60
"""A run that nobody has looked at for so long stops: its screen was closed."""


@dataclass(frozen=True)
class Rescored:
    """What another edition comes to."""

    counted: int
    """Assessments that ask the questionnaire."""
    apart: int
    """Left out: their pinned questionnaires are gone or changed."""
    levels: Counter[tuple[str, str]]
    """Level before and after → assessments. Empty: the edition cannot change a level."""
    outcomes: Counter[tuple[str, str]]
    """Outcome before and after, with `+contested` behind it where it is. Empty: the edition cannot change an outcome."""
    rows: tuple[Row, ...]
    """Those whose outcome, level or questions change, by number."""


class Run:
    """One rescore that is under way or done; thread-safe."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._shares: list[float] = []
        self._seen_at: float | None = None
        """When somebody looked last, by the clock of the process. None: whoever began it waits for it."""
        self.result: Rescored | None = None
        """None: not done yet."""
        self.problem: Text | None = None

    @property
    def share(self) -> float:
        """How much of it is done; asking for it counts as a look."""
        if self._seen_at is not None:
            self._seen_at = time.monotonic()
        shares = self._shares
        return sum(shares) / len(shares) if shares else 0.0

    @property
    def is_running(self) -> bool:
        return self.result is None and self.problem is None and not self._stopped.is_set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        self._stopped.set()

    def go(self, named: Sequence[tuple[str, str]], statuses: Sequence[Status], units: Collection[int] | None) -> None:
        """To its end. named: id and version of editions; units: of the systems, None for all. What goes wrong is a problem."""
        try:
            with database.reading() as session:
                places = rescoring.whole_portfolio(session, statuses, units)
                if len(places) <= AT_ONCE:
                    self._shares = [0.0]
                    made = [
                        rescored(
                            lambda some, but: rescoring.contents(session, some, but),
                            places,
                            tried(named),
                            self._heard,
                            lambda assessment_id: reader.get_assessment(session, assessment_id),
                        )
                    ]
                    self.result = joined(made)
                    return
            self._beside_one_another(named, places)
        except StoppedError:
            return
        except (AssessmentError, InvalidFileError) as error:
            self.problem = (
                error.text if isinstance(error, AssessmentError) else TEXTS.text("rescore_file_unusable", error=error)
            )
        except OverLimitError:
            self.problem = TEXTS.text("rescore_over_limit")
        except load.UnknownEditionError as error:
            self.problem = TEXTS.text("rescore_no_edition", error=error)

    def begin(
        self, named: Sequence[tuple[str, str]], statuses: Sequence[Status], units: Collection[int] | None
    ) -> None:
        """The same in a thread of its own, for as long as somebody looks."""
        self._seen_at = time.monotonic()
        threading.Thread(target=self.go, args=(named, statuses, units), name="rescore", daemon=True).start()

    def _heard(self, share: float) -> None:
        self._shares[0] = share
        if not self._goes_on():
            raise StoppedError

    def _goes_on(self) -> bool:
        if self._seen_at is not None and time.monotonic() - self._seen_at > UNSEEN_SECONDS:
            self._stopped.set()
        return not self._stopped.is_set()

    def _beside_one_another(self, named: Sequence[tuple[str, str]], places: Sequence[rescoring.Place]) -> None:
        count = max(1, min(MOST_PROCESSES, len(os.sched_getaffinity(0))))
        size = -(-len(places) // count)
        parts = [places[begin : begin + size] for begin in range(0, len(places), size)]
        self._shares = [0.0] * len(parts)
        path = database.current().url.render_as_string(hide_password=False)
        made: list[dict[str, object] | None] = [None] * len(parts)
        errors: list[Exception] = []

        def work(number: int) -> None:
            def goes_on(share: float) -> bool:
                self._shares[number] = share
                return self._goes_on() and not errors

            request = {"database": path, "folder": str(load.FOLDER), "places": parts[number], "editions": named}
            try:
                with OwnProcess("rescore") as process:
                    made[number] = json.loads(
                        process.finish(json.dumps(request).encode(), goes_on=goes_on, look_every=LOOK_SECONDS)
                    )
            except Exception as error:  # raised again by who waits for this thread
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(parts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise next((error for error in errors if not isinstance(error, StoppedError)), errors[0])
        self.result = joined([part for part in made if part is not None])


def joined(parts: Sequence[dict[str, object]]) -> Rescored:
    """What several processes made of their parts."""
    levels: Counter[tuple[str, str]] = Counter()
    outcomes: Counter[tuple[str, str]] = Counter()
    rows: list[Row] = []
    for part in parts:
        for name, counter in (("levels", levels), ("outcomes", outcomes)):
            for before, after, count in part[name]:  # type: ignore[attr-defined]
                counter[before, after] += count
        rows += [_row(row) for row in part["rows"]]  # type: ignore[attr-defined]
    counted, apart = (sum(int(part[name]) for part in parts) for name in ("counted", "apart"))  # type: ignore[call-overload]
    return Rescored(counted, apart, levels, outcomes, tuple(sorted(rows)))


def _row(row: Sequence[object]) -> Row:
    return Row(*(tuple(value) if isinstance(value, list) else value for value in row))  # type: ignore[arg-type]
