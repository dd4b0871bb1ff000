"""What is done once a day while the server runs: count_portfolio."""

from __future__ import annotations

from datetime import datetime

from assessments.storage import database, portfolio_days, portfolio_sums
from questionnaires.wording import seoul_day


def count_portfolio(at: datetime) -> bool:
    """Counts how many assessments stand where, for comparing later. False: it was done today. Raises: NotSavedError."""
    today = seoul_day(at)
    with database.reading() as session:  # most looks find it done, and wait for nobody
        if portfolio_days.is_kept(session, today):
            return False
    with database.transaction() as session:
        portfolio_sums.turn(session, today)
        return portfolio_days.keep(session, today)
