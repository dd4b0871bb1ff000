"""`haetae erase`: takes personal values out of the history for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from commands import _acting
from commands._output import complain, errors_told, tell
from questionnaires.legible import legible


def erase(
    event: Annotated[int, typer.Argument(help="Number of the event, as on the history screen.")],
    names: Annotated[list[str], typer.Argument(help="Names of its values; `haetae history show EVENT` lists them.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the history.")],
    acting: Annotated[str, typer.Option("--as", help="Who erases: an administrator's id.")],
) -> None:
    """Take values out of one event; that they were erased, by whom and why, is an event itself, and the chain still verifies.

    Answers, names of authors and evidence that stand in an assessment are not touched: they are part of what was decided.
    """
    with errors_told():
        from assessments import actions
        from assessments.storage import database, history

        actor = _acting.acting(acting)
        with database.transaction() as session:
            actions.erase_values(session, event, names, reason, actor, datetime.now(UTC))
            head = history.checkpoint(session)
        is_clean = database.current().write_back()
    tell(f"Erased from event {event}: {', '.join(map(legible, names))}. Event {head.seq if head else '-'} says so.")
    if not is_clean:
        complain(
            "Somebody reads the database now, so its log file still holds the values. They go with the next write-back, at "
            "the latest when the server is stopped; to be sure, stop it and run haetae upgrade."
        )
    complain("Backups that were made before still hold the values. Make a new one and remove the old ones.")
