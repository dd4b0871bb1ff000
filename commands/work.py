"""`haetae work`: does jobs that servers hand over, on this or any other machine; with PostgreSQL and HAETAE_WORKERS=elsewhere."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from assessments import mail
from assessments.errors import AssessmentError
from assessments.home import home
from commands._output import Exit, complain, errors_told, tell
from commands._signer import check_signer
from questionnaires.legible import legible
from questionnaires.texts import Told, texts_of
from questionnaires.wording import duration

TEXTS = texts_of(__file__)


def work(
    kinds: Annotated[
        str, typer.Option("--kinds", envvar="HAETAE_WORK_KINDS", help="Only these kinds of jobs, with commas between.")
    ] = "",
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=64, help="So many jobs at the same time.")
    ] = 2,
    status: Annotated[
        bool, typer.Option("--status", help="Only say how many workers and jobs there are; 1 where none does the work.")
    ] = False,
) -> None:
    """Do jobs that servers hand over until told to stop; what is begun is finished. Several workers share the work."""
    import logging

    if status:
        _tell_status()
        return
    with errors_told():
        from assessments.keeping import starting
        from jobs import asking, elsewhere, places, schema

        os.environ.setdefault(places.VARIABLE, "elsewhere")
        if not places.is_elsewhere():
            raise AssessmentError(TEXTS.told("no_work_here", variable=places.VARIABLE))
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
        for remark in starting.prepare():
            complain(remark.en)
        schema.prepare()
        for handler in logging.getLogger().handlers:
            handler.addFilter(elsewhere.is_news)
        able = _able(kinds)
        tell(f"Haetae does jobs here: {', '.join(able)}; {concurrency} at a time. Stop it with Ctrl+C or SIGTERM.")
        sys.stdout.flush()
        elsewhere.work(able, concurrency, asking.ask)
    tell("Stopped; nothing was left half done.")


def _tell_status() -> None:
    """Exits with 1 where nobody works, or a job waits for long."""
    with errors_told():
        from jobs.standing import LONG_SECONDS, standing

        now = standing()
    tell(f"Workers heard of in the last half a minute: {now.workers}")
    tell(f"Jobs being done: {now.running}; waiting: {now.waiting}, the first for {duration(now.longest_seconds).en}")
    if not now.workers:
        complain("No worker is there. Start haetae work.")
    elif not now.is_well:
        complain(
            f"A job waits for more than {duration(LONG_SECONDS).en}: no worker does its kind, or there are too few."
        )
    raise typer.Exit(Exit.DONE if now.is_well else Exit.BAD)


def _able(stated: str) -> list[str]:
    """Kinds that this worker does. Raises: AssessmentError where one is unknown, or cannot be done here."""
    from exports.seal import keys
    from jobs.kinds import KINDS, Need

    named = [name.strip() for name in stated.split(",") if name.strip()]
    for name in named:
        if name not in KINDS:
            raise AssessmentError(TEXTS.told("kinds_unknown", stated=legible(name)[:60], kinds=", ".join(KINDS)))
    wanted = named or list(KINDS)
    if any(Need.SEAL_KEY in KINDS[name].needs for name in wanted) and keys.file_of(home()) is not None:
        check_signer(home())
    lacking = {
        Need.SEAL_KEY: TEXTS.told("worker_no_key", home=home()) if keys.file_of(home()) is None else None,
        Need.MAIL: TEXTS.told("worker_no_mail") if mail.current() is None else None,
    }
    for need, message in lacking.items():
        left_out = [name for name in wanted if need in KINDS[name].needs] if message else []
        if not left_out or message is None:
            continue
        what = TEXTS.text("worker_cannot", kinds=", ".join(left_out))
        if named or len(left_out) == len(wanted):
            raise AssessmentError(Told(what, message.text))
        complain(Told(what, message.text).text.en)
        wanted = [name for name in wanted if name not in left_out]
    return wanted
