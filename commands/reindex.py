"""`haetae reindex`: derives anew what lists and dashboards show."""

from __future__ import annotations

import typer

from commands._output import Exit, complain, errors_told, tell


def reindex() -> None:
    """Derive outcome, level, score and what is due of every assessment anew. What was decided stays. Exit: 3 where one is left."""
    with errors_told():
        from assessments.keeping import starting
        from assessments.storage import database, following, projection, system_life

        for remark in starting.prepare():
            complain(remark.en)
        with database.reading() as session:
            if system_life.made(session) is not None:
                complain(
                    "This home holds made data: its results were drawn, and no answers are there to derive them from."
                )
                raise typer.Exit(Exit.REFUSED)
        with database.transaction() as session:
            rebuilt = projection.rebuild(session)
            following.rebuild(session)
    tell(f"Derived anew: {rebuilt.assessments:,} assessments.")
    if rebuilt.left:
        complain(
            f"Left as they were: {', '.join(map(str, rebuilt.left))}. Their questionnaires changed or are gone; put the released "
            "files back, then run it again."
        )
        raise typer.Exit(Exit.INDETERMINATE)
