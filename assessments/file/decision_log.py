"""A decision log read for an assessment, and the key under which its reviewers are named: read, pseudonym_key.

numpy and pyarrow are loaded only where a log is really read, and the database where a key is made.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assessments.decision_log.kept_log import KeptLog
from assessments.decision_log.triggers import Triggers
from assessments.file.shape import LogShape, MadeLogShape
from assessments.home import home
from questionnaires import named
from questionnaires.wording import SEOUL

FLOOR = named.TIME_FLOOR
"""Question of *involvement*: the organisation's own minimum of review time, in minutes."""
MADE_KEY = b"made by haetae log make: these names are nobody's"
"""Made logs name nobody, so their pseudonyms are the same everywhere, and so is the digest of what holds them."""
PSEUDONYM_KEY = "pseudonym.key"


def read(path: Path, shape: LogShape, *, on: date, answers: Mapping[str, Any]) -> KeptLog:
    """The figures of a log that an assessment file names. on: decisions after this day are bad rows.

    path: of the log; not looked at where the file asks for a made one. Raises: LogRefusedError; OSError.
    """
    from assessments.decision_log.reading import streaming
    from assessments.decision_log.statistics import analysis

    with TemporaryDirectory() as folder:
        used = _made(shape.made, Path(folder)) if shape.made else path
        looked = streaming.look(used, mapping=shape.mapping)
        key = MADE_KEY if looked.file.is_made else pseudonym_key()
        end = datetime.combine(on + timedelta(days=1), time(), SEOUL)
        imported = streaming.read_log(used, shape.mapping, key=key, at=end)
    settings = analysis.Settings(floor_seconds(answers), tuple((event.on, event.label) for event in shape.events))
    return KeptLog(analysis.analyse(imported, settings), imported.mapping, Triggers(triggers=shape.triggers))


def _made(shape: MadeLogShape, folder: Path) -> Path:
    """A made log, the same everywhere, as a file in the folder."""
    from assessments.decision_log import making

    path = folder / f"made-{shape.style}.csv"
    table = making.make(making.Style(shape.style), shape.reviewers, shape.cases, shape.seed)
    making.write(
        table, path, f"style {shape.style}, {shape.reviewers} reviewers, {shape.cases} cases, seed {shape.seed}"
    )
    return path


def floor_seconds(answers: Mapping[str, Any]) -> float | None:
    """As answered in *involvement*. None: no minimum was set."""
    stated = answers.get(FLOOR)
    minutes = stated.get("answer") if isinstance(stated, dict) else stated
    return 60.0 * minutes if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes > 0 else None


def pseudonym_key() -> bytes:
    """The installation's, made at first use; whoever holds it can try names out, so it stays in HAETAE_HOME.

    Raises: AssessmentError where another server of the same database made it already.
    """
    path = home() / PSEUDONYM_KEY
    if not path.exists():
        from assessments.storage import installation

        installation.check(installation.Thing.PSEUDONYM, "")
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(fresh, path)  # whoever comes first; the key is never half written
        fresh.unlink()
    return path.read_bytes()


def settle_pseudonym_key() -> None:
    """Names are the same whichever server counts. Raises: AssessmentError where another one has another key."""
    from assessments.storage import installation

    path = home() / PSEUDONYM_KEY
    present = installation.digest_of(path.read_bytes()) if path.exists() else ""
    installation.settle(installation.Thing.PSEUDONYM, present, lambda: installation.digest_of(pseudonym_key()))
