"""Which assessments a dashboard is about, and what it counts them by: Facets, Cell, Quarter. Conditions on the projection alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, String, and_, case, false, func, literal, not_, or_, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from assessments.model import Finding, Level, Status
from assessments.storage import concerns
from assessments.storage.concerns import Concern, plain
from assessments.storage.expressions import Unindexed
from assessments.storage.searching import comparable
from assessments.storage.tables import ProjectionRow, table_of
from questionnaires.wording import seoul_midnight

_RESULT = table_of(ProjectionRow)


class Verdict(StrEnum):
    """What a determination comes to, each assessment one: a contested outcome counts as contested and nowhere else."""

    HIGH_IMPACT = "high_impact"
    NOT_HIGH_IMPACT = "not_high_impact"
    CANNOT_DETERMINE = "cannot_determine"
    CONTESTED = "contested"


NOT_RATED = "not_rated"
"""In place of a level while required answers are missing, and of an impact that nobody has rated."""
MEASURED, NOT_MEASURED = "measured", "not_measured"
LEVELS = (*(level.value for level in Level), NOT_RATED)
UP = "up"
EFFECTS = (UP, *(str(steps) for steps in range(len(Level))), NOT_RATED)
"""By how many steps measures bring the level down; UP: floors or impacts hold it above what it was before them."""


class Cell(NamedTuple):
    """What an assessment is counted by, as the database keeps it in one word."""

    domain: str
    verdict: Verdict
    level: str
    """One of LEVELS."""
    inherent: str
    """One of LEVELS, missing answers taken at their worst: what is told is `before`."""
    claim: str
    """A finding, or NOT_RATED: not derived yet."""
    status: Status
    has_log: bool

    @staticmethod
    @lru_cache(maxsize=2**14)
    def read(word: str) -> Cell:
        domain, verdict, level, inherent, claim, status, has_log = word.split(" ")
        return Cell(
            domain, Verdict(verdict), level, inherent or NOT_RATED, claim or NOT_RATED, Status(status), has_log == "1"
        )

    @property
    def before(self) -> str:
        """The level before measures, one of LEVELS: rated as soon as the level after them is."""
        return NOT_RATED if self.level == NOT_RATED else self.inherent

    @property
    def effect(self) -> str:
        """One of EFFECTS."""
        if self.before == NOT_RATED:
            return NOT_RATED
        steps = Level(self.inherent).rank - Level(self.level).rank
        return UP if steps < 0 else str(steps)


@dataclass(frozen=True)
class Quarter:
    """Three months of a year in Korea."""

    year: int
    number: int
    """1 to 4."""

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """Of `2026-Q4`. None: it is no quarter."""
        form = re.fullmatch(r"([12][0-9]{3})-Q([1-4])", text)
        return cls(int(form[1]), int(form[2])) if form else None

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begins(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        return Quarter.of(self.begins - timedelta(days=1))


@dataclass(frozen=True)
class Facets:
    """Which assessments are meant. An empty part leaves them all."""

    unit: int = 0
    """With the units below it; 0: all."""
    domain: str = ""
    verdict: str = ""
    level: str = ""
    """One of LEVELS."""
    status: str = ""
    log: str = ""
    """MEASURED: with a decision log; NOT_MEASURED: without one."""
    owner: str = ""
    """Account of who answers for the system."""
    decided: str = ""
    """A quarter, such as `2026-Q4`, in which the newest revision was decided on."""
    changed: str = ""
    """A quarter in which it was changed last."""
    inherent: str = ""
    """Level before measures, one of LEVELS; NOT_RATED while required answers are missing, too."""
    effect: str = ""
    """One of EFFECTS: how far measures bring the level down."""
    impact: str = ""
    """Severity and likelihood of the gravest impact, such as `3-1`; NOT_RATED: not every impact is rated, or there is none."""
    claim: str = ""
    """What is found on the human-involvement claim."""
    concern: str = ""
    since: date | None = None
    """Only what came on this day or later, of a concern that is a change. None: whenever it came."""
    today: date = date.min
    """On which that is asked, for concerns that follow from days."""

    def __bool__(self) -> bool:
        return self != Facets(since=self.since, today=self.today)

    def condition(self, units: Collection[int] | None = None, *, leads: bool = True) -> ColumnElement[bool]:
        """On the projection. units: those that the unit stands for; None: all.

        leads: an index may lead to what is meant, which is good for counting and for finding few. Of many, whoever walks along an
        order finds enough after some steps, and an index would have each looked up and sorted first. Of what is asked the rarest leads.
        """
        if self.concern in concerns.OF_SETTINGS:
            return and_(in_units(units), *self._conditions(leads=leads))
        return _worded(self, None if units is None else frozenset(units), leads)

    @property
    def is_narrow(self) -> bool:
        """Whether an index leads to some few by owner, impact or the day of the decision."""
        return bool(self.owner or self.decided or self.impact)

    @property
    def is_rare(self) -> bool:
        """Whether an index leads to what is meant, past nearly all that there is."""
        often = (Concern.EXPIRED, Concern.EDITION, Concern.ACCEPTED)
        return self.is_narrow or bool(self.concern and self.concern not in often)

    def parts(self, units: Collection[int] | None = None) -> list[ColumnElement[bool]]:
        """The same as conditions of which at most one is true of each, for counting: an index leads to every single one of them."""
        if not self.concern or (self.is_narrow and self.concern not in concerns.RARE):
            return [self.condition(units)]
        others = and_(in_units(units), *replace(self, concern="")._conditions(leads=False))
        return [and_(part, others) for part in concerns.parts(Concern(self.concern), self.today, self.since)]

    def _conditions(self, *, leads: bool) -> list[ColumnElement[bool]]:
        is_led = leads and not self.concern and not self.is_narrow
        return [*self._of_cell(leads=is_led), *self._of_others(leads=leads)]

    def condition_but_cells(self, units: Collection[int] | None = None, *, leads: bool = True) -> ColumnElement[bool]:
        """The same without what a cell says, by which `cells` picks those that are meant."""
        return and_(in_units(units), *self._of_others(leads=leads))

    def condition_on_cells(self, word: ColumnElement[str]) -> ColumnElement[bool]:
        """On a column of cells as the database keeps them, each part of its own."""
        log = {"": "%", MEASURED: "1"}.get(self.log, "0")
        rated = "" if self.inherent == NOT_RATED else self.inherent
        parts = [*(_pattern(part) for part in (self.domain, self.verdict, self.level, rated))]
        parts += [_pattern(self.claim, empty=NOT_RATED), _pattern(self.status), log]
        alike: ColumnElement[bool] = true() if {*parts} == {"%"} else word.like(" ".join(parts), escape="\\")
        if self.inherent:
            alike = and_(alike, _is_rated(word) if rated else not_(_is_rated(word)))
        if self.effect:
            alike = and_(alike, _has_effect(word, self.effect))
        if not self.domain:
            return alike
        # an address may say any, and SQLite takes capital letters for small ones
        return and_(alike, func.substr(word, 1, len(self.domain) + 1) == f"{self.domain} ")

    @property
    def is_of_cells(self) -> bool:
        """Whether cells and units say all of it."""
        return not (self.owner or self.decided or self.changed or self.impact or self.concern)

    def on_impacts(self, sums: ReadOnlyColumnCollection[str, Column[Any]]) -> list[ColumnElement[bool]]:
        """On the columns of sums of impacts, but for units. Raises: ValueError; ask `is_of_impacts`."""
        if not self.is_of_impacts:
            raise ValueError(f"{self} is about more than impacts are counted by.")
        names = ("domain", "verdict", "level", "status")
        wanted = [sums[name] == value for name in names if (value := getattr(self, name))]
        if self.log:
            wanted.append(sums["has_log"] == (self.log == MEASURED))
        if self.impact:
            wanted.append(sums["impact"] == ("" if self.impact == NOT_RATED else self.impact))
        if self.claim:
            wanted.append(sums["claim"] == ("" if self.claim == NOT_RATED else self.claim))
        if self.inherent or self.effect:
            is_open = (sums["level"] == NOT_RATED) | (sums["inherent"] == "")
            levels = [and_(sums["inherent"] == before, sums["level"] == after) for before, after in _pairs(self.effect)]
            if NOT_RATED in (self.inherent, self.effect):
                wanted.append(is_open)
            if self.inherent not in ("", NOT_RATED):
                wanted += [not_(is_open), sums["inherent"] == self.inherent]
            if self.effect not in ("", NOT_RATED):
                wanted.append(or_(false(), *levels))
        return wanted

    @property
    def is_of_impacts(self) -> bool:
        """Whether the sums of impacts say all of it."""
        return not (self.owner or self.decided or self.changed or self.concern)

    @property
    def is_of_short_impacts(self) -> bool:
        """Whether the sums do that know neither level before measures nor claim."""
        return not (self.inherent or self.effect or self.claim)

    @property
    def is_of_all_cells(self) -> bool:
        return not self._of_cell()

    def fits(self, cell: Cell) -> bool:
        return (
            self.domain in ("", cell.domain)
            and self.verdict in ("", cell.verdict)
            and self.level in ("", cell.level)
            and self.status in ("", cell.status)
            and self.log in ("", MEASURED if cell.has_log else NOT_MEASURED)
            and self.inherent in ("", cell.before)
            and (not self.effect or self.effect == cell.effect)
            and self.claim in ("", cell.claim)
        )

    def _of_cell(self, *, leads: bool = True) -> list[ColumnElement[bool]]:
        has_log = _RESULT.c.has_log if leads else plain("has_log")
        equal: Mapping[ColumnElement[Any], str] = {
            _RESULT.c.domain if leads else plain("domain"): self.domain,
            _VERDICT: self.verdict,
            _LEVEL: self.level,
            _INHERENT: self.inherent,
            _RESULT.c.status if leads else plain("status"): self.status,
        }
        wanted = [column == value for column, value in equal.items() if value]
        if self.claim:
            wanted.append(_RESULT.c.claim == ("" if self.claim == NOT_RATED else self.claim))
        if self.log:
            wanted.append(has_log == (self.log == MEASURED))
        if self.effect:
            wanted.append(_effect == self.effect)
        return wanted

    def _of_others(self, *, leads: bool = True) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        is_led = leads and self.concern not in concerns.RARE
        owner, impact = (_RESULT.c.owner_id, _RESULT.c.impact) if is_led else (plain("owner_id"), plain("impact"))
        if self.owner:
            wanted.append(owner.in_([self.owner]))
        if decided := Quarter.read(self.decided):
            decided_on = plain("decided_on") if self.concern in concerns.RARE else _RESULT.c.decided_on
            wanted.append(and_(decided_on >= decided.begins, decided_on < decided.after.begins))
        if changed := Quarter.read(self.changed):
            since, until = (seoul_midnight(quarter.begins) for quarter in (changed, changed.after))
            is_led_elsewhere = self.concern == Concern.NO_EVIDENCE and not self.is_narrow
            changed_at = plain("updated_at") if is_led_elsewhere else _RESULT.c.updated_at
            wanted.append(and_(changed_at >= since, changed_at < until))
        if self.impact:
            wanted.append(impact.in_(["" if self.impact == NOT_RATED else self.impact]))
        if self.concern:
            is_led_by_it = leads and not self.is_narrow
            wanted.append(concerns.condition(Concern(self.concern), self.today, self.since, leads=is_led_by_it))
        return wanted

    def known(self) -> Facets:
        """Without words that name nothing there is, for an address may say anything."""

        def named(word: str, names: Iterable[str]) -> str:
            return word if word in set(names) else ""

        return replace(
            self,
            domain=comparable(self.domain),
            owner=comparable(self.owner),
            impact=comparable(self.impact),
            verdict=named(self.verdict, Verdict),
            level=named(self.level, LEVELS),
            status=named(self.status, Status),
            log=named(self.log, (MEASURED, NOT_MEASURED)),
            decided=str(Quarter.read(self.decided) or ""),
            changed=str(Quarter.read(self.changed) or ""),
            inherent=named(self.inherent, LEVELS),
            effect=named(self.effect, EFFECTS),
            claim=named(self.claim, (*Finding, NOT_RATED)),
            concern=named(self.concern, Concern),
        )


def _is_rated(word: ColumnElement[str]) -> ColumnElement[bool]:
    """A cell tells a level before measures, and answers are missing for none."""
    unanswered = ("%", "%", _pattern(NOT_RATED), *"%%%%")
    underived = (*"%%%", "", *"%%%")
    return not_(or_(*(word.like(" ".join(parts), escape="\\") for parts in (unanswered, underived))))


def _has_effect(word: ColumnElement[str], effect: str) -> ColumnElement[bool]:
    """Of each two levels with that many steps between them."""
    if effect == NOT_RATED:
        return not_(_is_rated(word))
    alike = [(*"%%", _pattern(after), _pattern(before), *"%%%") for before, after in _pairs(effect)]
    return or_(false(), *(word.like(" ".join(parts), escape="\\") for parts in alike))


def _pairs(effect: str) -> list[tuple[Level, Level]]:
    """Levels before and after measures that come to an effect; of none: no level is rated."""
    return [
        (before, after)
        for before in Level
        for after in Level
        if effect == (UP if before.rank < after.rank else str(before.rank - after.rank))
    ]


_PLAIN_UNIT: ColumnElement[int] = Unindexed(_RESULT.c.unit_id)


def _pattern(part: str, empty: str | None = None) -> str:
    """Of one part of a cell, between spaces: none of them holds a space, so that a part matches nothing but a part."""
    if not part:
        return "%"
    return "" if part == empty else re.sub(r"([%_\\])", r"\\\1", part)


def in_units(units: Collection[int] | None, *, by_index: bool = False) -> ColumnElement[bool]:
    """The system lies in one of these. None: wherever it lies.

    by_index: nothing but units and cells is looked at. SQLite would take that index for other conditions as well and then look
    up every row, which costs ten times what reading them all does; the sign before the column keeps it from that.
    """
    if units is None:
        return true()
    column = _RESULT.c.unit_id if by_index else _PLAIN_UNIT
    return column.in_(units)


@lru_cache(maxsize=256)
def _worded(facets: Facets, units: frozenset[int] | None, leads: bool) -> ColumnElement[bool]:
    """A screen asks under the same condition again and again; to put it together takes as long as to ask it."""
    return and_(in_units(units), *facets._conditions(leads=leads))


_VERDICT = case((_RESULT.c.contested, literal(Verdict.CONTESTED.value)), else_=_RESULT.c.outcome)
_LEVEL = case((_RESULT.c.open_required > 0, literal(NOT_RATED)), else_=_RESULT.c.level)


def _rank(column: ColumnElement[str]) -> ColumnElement[int]:
    return case({level.value: level.rank for level in Level}, value=column)


_IS_OPEN = (_RESULT.c.open_required > 0) | (_RESULT.c.inherent == "")
_INHERENT = case((_IS_OPEN, literal(NOT_RATED)), else_=_RESULT.c.inherent)
_STEPS = _rank(_RESULT.c.inherent) - _rank(_RESULT.c.level)
_effect = case((_IS_OPEN, literal(NOT_RATED)), (_STEPS < 0, literal(UP)), else_=_STEPS.cast(String))
