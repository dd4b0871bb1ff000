"""`haetae migrate-database`: an installation's data into another database, such as from SQLite to PostgreSQL and back."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from assessments.home import home
from commands import history
from commands._output import Exit, complain, errors_told, tell

if TYPE_CHECKING:
    from assessments.storage.database import Database

_ADDRESS = "sqlite:////folder/haetae.db or postgresql+psycopg://user@server/database"


def migrate_database(
    source: Annotated[str, typer.Argument(metavar="FROM", help=f"Where the data is: {_ADDRESS}.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty database, or that of an interrupted move.")],
) -> None:
    """Copy an installation's data into another database and prove that nothing was lost. Exit: 1 where something differs.

    Nobody can save meanwhile; an interrupted move goes on where it stopped. Evidence, reports and keys stay where they lie.
    """
    with errors_told():
        from assessments.keeping import auditing, moving
        from assessments.storage import database
        from exports.record import attached

        with closing(database.open_database(source)) as here, closing(database.open_database(target)) as there:
            moved = moving.move(here, there, _Progress())
            tell(
                f"Copied: {moved.tables} tables with {moved.rows:,} rows, {moved.copied:,} of them in this run. "
                "Number and digest of the rows are the same in each."
            )
            with there.reading() as session:
                audit = auditing.audit(session, attached.checkpoint_of)
            failed = not_passed(there)
    history.say(audit)
    for name in failed:
        complain(f"This sealed report does not verify as passed: {name}")
    if not audit.is_intact or failed:
        raise typer.Exit(Exit.BAD)
    tell(f"All {audit.reports:,} sealed reports verify as passed.")
    tell("Set HAETAE_DATABASE_URL to the new address and start Haetae again. The old database was not changed.")


class _Progress:
    """A line for each tenth that is done."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, share: float, table: str) -> None:
        if int(share * 10) > self._told:
            self._told = int(share * 10)
            tell(f"{self._told}/10: {table}", to_error=True)


def not_passed(there: Database) -> list[str]:
    """Sealed reports that do not verify with this installation's own certificates and the moved register, by the name of their file.

    What an earlier release printed cannot be printed anew to compare it: that it is the very file which is registered decides.
    """
    from datetime import UTC, datetime

    from assessments.keeping import sealed_files
    from assessments.registration import Registration, Standing
    from assessments.storage import reader
    from exports.issuing import ours
    from exports.verification import verify
    from exports.words.facts import Verdict

    with there.reading() as session:
        reports = reader.every_sealed_report(session)
    own, failed = ours.read(home()), []
    registered = {report.file_sha256 for report in reports}

    def look_up(_pdf: bytes, file_sha256: str, _record_sha256: str | None) -> Registration:
        return Registration(Standing.REGISTERED if file_sha256 in registered else Standing.UNKNOWN)

    for report in reports:
        seen = verify.verify(
            sealed_files.file_of(report),
            own.certificates,
            at=datetime.now(UTC),
            register=look_up,
            stampers=own.stampers,
            is_reprinting=False,
        )
        if seen.verdict is not Verdict.PASSED:
            failed.append(report.stored_name)
    return failed
