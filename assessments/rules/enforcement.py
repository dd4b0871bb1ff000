"""What the law provides where duties are not met: consequences, range_of, grace_on. The steps in their order and the amounts as stated.

Nothing here forecasts: no probability, no sum over breaches. Amounts are whole won.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessments.rules.exact import PERCENT
from questionnaires.enforcement import Breach, Enforcement, Fine, Grace, Route, Step


@dataclass(frozen=True)
class AmountRange:
    """What the annex states for one breach in its number, and how far it can be cut or raised."""

    number: int
    """1 for the first breach."""
    is_for_every_further: bool
    """Also for every breach after it."""
    stated: int
    lowest: int
    """After the greatest cut."""
    highest: int
    """After the greatest raise, never above the cap."""


@dataclass(frozen=True)
class Consequence:
    """What the law provides for one breach: its route with every step, and the fine at its end."""

    breach: Breach
    duties: tuple[str, ...]
    """Those of the breach that are not met."""
    route: Route
    steps: tuple[Step, ...]
    fine: Fine | None
    """None: the law provides no fine."""
    amounts: tuple[AmountRange, ...]

    @property
    def needs_order(self) -> bool:
        return self.route.id == "order_first"


class GracePhase(StrEnum):
    """Where a day lies in the announced grace period."""

    BEFORE = "before"
    """Before it was announced to begin."""
    AT_LEAST = "at_least"
    """Within the time that it was announced to last at least."""
    UNCERTAIN = "uncertain"
    """After that, with no end announced."""
    OVER = "over"
    """After its announced end."""


def consequences(law: Enforcement, unmet: Collection[str]) -> tuple[Consequence, ...]:
    """For every breach one of whose duties is not met, in the order of the law. unmet: ids of duties."""
    made = []
    for breach in law.breaches:
        duties = tuple(duty for duty in breach.duties if duty in unmet)
        if duties:
            route = law.route(breach.route)
            fine = law.fine(breach.fine) if breach.fine else None
            amounts = amounts_of(law, fine) if fine else ()
            made.append(Consequence(breach, duties, route, tuple(map(law.step, route.steps)), fine, amounts))
    return tuple(made)


def every_breach(law: Enforcement) -> tuple[Consequence, ...]:
    """As if no duty were met: what the law provides as such."""
    return consequences(law, {duty for breach in law.breaches for duty in breach.duties})


def by_route(followed: Iterable[Consequence]) -> tuple[tuple[Consequence, ...], ...]:
    """Those with the same steps and the same fine at their end together, in the order of the first of each."""
    alike: dict[tuple[str, str], list[Consequence]] = {}
    for consequence in followed:
        end = consequence.fine.id if consequence.fine else ""
        alike.setdefault((consequence.route.id, end), []).append(consequence)
    return tuple(map(tuple, alike.values()))


def amounts_of(law: Enforcement, fine: Fine) -> tuple[AmountRange, ...]:
    """For the first breach, the second, …"""
    return tuple(range_of(law, fine, number) for number in range(1, len(fine.amounts) + 1))


def range_of(law: Enforcement, fine: Fine, number: int) -> AmountRange:
    """For the breach of this number; beyond those that the annex lists, as for the last of them.

    Raises: ValueError where the number is below 1.
    """
    if number < 1:
        raise ValueError(f"There is no breach number {number}; the first is 1.")
    stated = fine.amounts[min(number, len(fine.amounts)) - 1]
    return AmountRange(
        number,
        is_for_every_further=number >= len(fine.amounts),
        stated=stated,
        lowest=stated - stated * law.cut.at_most // PERCENT,
        highest=min(fine.cap, stated + stated * law.raised.at_most // PERCENT),
    )


def grace_on(grace: Grace, on: date) -> GracePhase:
    """Where this day (Asia/Seoul) lies."""
    if on < grace.announced_from:
        return GracePhase.BEFORE
    if on <= last_certain_day(grace):
        return GracePhase.AT_LEAST
    return GracePhase.UNCERTAIN if grace.ends_on is None else GracePhase.OVER


def last_certain_day(grace: Grace) -> date:
    """The last day of the period as announced, else of the time that it lasts at least: its first day counts."""
    if grace.ends_on is not None:
        return grace.ends_on
    year = grace.announced_from.year + grace.at_least_years
    try:
        anniversary = grace.announced_from.replace(year=year)
    except ValueError:  # 29 February: the year is over with the last day of that month
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)
