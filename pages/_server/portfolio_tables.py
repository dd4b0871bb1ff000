"""What a portfolio comes to as tables of counts, for the screen and for files: made. Each count knows which assessments it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from assessments import editions, viewing
from assessments.model import Finding, Status
from assessments.storage.facets import EFFECTS, LEVELS, MEASURED, NOT_MEASURED, NOT_RATED, UP, Verdict
from assessments.viewing import Cell, Concern, Facets, Quarter
from exports.forms.tables import Figure, Unit, Value
from pages._frame import enum_names, translation
from pages._frame.shared import whole
from questionnaires import load, named, wording
from questionnaires.method_schema import ImpactScales

TEXT_NAMES = (
    *("domain", "verdict", "level", "status", "log", "owner", "decided", "changed"),
    *("inherent", "effect", "impact", "claim", "concern"),
)
"""Of the facets besides the unit, in the address."""
NAMES = ("unit", *TEXT_NAMES)
SINCE = "since"
_BACK = {"month": 30, "quarter": 91, "year": 365}
CLAIMS = (Finding.SUPPORTED, Finding.INDETERMINATE, Finding.CONTRADICTED, Finding.ABSENT)
BY_DOMAIN = ("verdict", "level")
TABLES = (*BY_DOMAIN, "effect", "impact", "claim")
OVER_TIME = {"over-time-verdict": "verdict", "over-time-level": "level"}
"""Table → by which facet each day is counted in it."""
DEPARTURES = "departures"
"""A file of its own: systems and not counts."""
MOST_LOGS = 1_000
"""In that file."""


@dataclass(frozen=True)
class Count:
    """A figure, and what it asks for beyond what is chosen already."""

    number: int
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Counts:
    """A table of counts. The first title of the head is that of the rows."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: tuple[str, ...]
    """Of the columns, without that of the sums where there is one."""
    has_sums: bool = True
    """Whether the last column holds the sum of each row, and the last row that of each column."""

    @property
    def inner(self) -> tuple[Row, ...]:
        """Without the row of sums."""
        return self.rows[:-1] if self.has_sums and len(self.rows) > 1 else self.rows


# --- what was asked for ------------------------------------------------------------------------------------------


def facets_of(query: Mapping[str, str], today: date) -> Facets:
    """As an address says; what names nothing is left out."""
    words = {name: query.get(name, "") for name in TEXT_NAMES}
    chosen = Facets(whole(query.get("unit", "")), **words, since=day_of(query.get(SINCE, ""), today), today=today)
    return chosen.known()


def day_of(word: str, today: date) -> date | None:
    """The day that is compared with: so long ago, or a day such as that of a meeting. None: none is named."""
    if word in _BACK:
        return today - timedelta(days=_BACK[word])
    try:
        return date.fromisoformat(word) if len(word) == len("2026-01-01") else None
    except ValueError:
        return None


# --- titles --------------------------------------------------------------------------------------------------------


def titles(name: str, language: str, today: date) -> dict[str, str]:
    """What a facet can be, with its title; of unit and owner, which are people's own, nothing."""
    say = translation.translate
    if name == "domain":
        newest = {edition.id: edition.questionnaire.title[language] for edition in load.editions(load.FOLDER)}
        return {domain: newest[domain] for domain in editions.domains()}
    if name == "verdict":
        contested = say("Contested", language)
        outcomes = {
            verdict.value: enum_names.outcome(verdict.value, language)
            for verdict in Verdict
            if verdict is not Verdict.CONTESTED
        }
        return {**outcomes, Verdict.CONTESTED.value: contested}
    if name == "level":
        return {level: _level(level, language) for level in LEVELS}
    if name == "inherent":
        return {level: _level(level, language) for level in LEVELS}
    if name == "log":
        return {MEASURED: say("With a decision log", language), NOT_MEASURED: say("Not measured", language)}
    if name == "status":
        return {status.value: enum_names.status(status, language) for status in Status}
    if name == "effect":
        return {effect: _effect(effect, language) for effect in EFFECTS}
    if name == "claim":
        claims = {claim.value: enum_names.finding(claim, language) for claim in CLAIMS}
        return {**claims, NOT_RATED: say("Not rated yet", language)}
    if name == "impact":
        of_scales = scales()
        places = {
            f"{severity}-{likelihood}": place
            for severity in range(len(of_scales.level) if of_scales else 0)
            for likelihood, place in enumerate(_places(severity, language))
        }
        return {**places, NOT_RATED: say("Impacts not rated", language)}
    if name == "concern":
        return {concern.value: concern_title(concern, language) for concern in Concern}
    if name in ("decided", "changed"):
        return {str(quarter): quarter_title(quarter, language) for quarter in _quarters(today)}
    return {}


def quarter_title(quarter: Quarter, language: str) -> str:
    return translation.translate("Q{number} {year}", language, number=quarter.number, year=f"{quarter.year}")


def concern_title(concern: Concern, language: str) -> str:
    say = translation.translate
    return {
        Concern.MOVED: say("Other results than what was signed off", language),
        Concern.VOIDED: say("Approvals that went with a new revision", language),
        Concern.LOG: say("Decision logs beyond their trigger", language),
        Concern.EDITION: say("A newer edition of a questionnaire is in force", language),
        Concern.ACCEPTED: say("Accepted risks", language),
        Concern.CONDITION: say("Open conditions", language),
        Concern.NO_OWNER: say("Systems nobody answers for", language),
        Concern.STILL: say("Begun, and unchanged for long", language),
        Concern.EXPIRED: say("Reassessment due, or evidence no longer valid", language),
        Concern.NO_EVIDENCE: say("Handed in without evidence", language),
        Concern.REFUSED: say("Signature refused, and not signed off since", language),
    }[concern]


def scales() -> ImpactScales | None:
    """Of the newest edition of the questionnaire on impacts. None: this installation has none."""
    if named.IMPACT not in load.ids(load.FOLDER):
        return None
    method = load.newest(named.IMPACT).questionnaire.method
    return method.impacts if method else None


def severity_title(severity: int, language: str) -> str:
    return translation.translate("Severity {step}", language, step=severity + 1)


def _places(severity: int, language: str) -> list[str]:
    of_scales = scales()
    labels = of_scales.likelihood if of_scales else ()
    return [_place(severity + 1, label.label[language], language) for label in labels]


def _place(step: int, likelihood: str, language: str) -> str:
    say = translation.translate
    return say("severity {step}, likelihood {likelihood}", language, step=step, likelihood=likelihood)


def _level(level: str, language: str) -> str:
    not_rated = translation.translate("Not rated yet", language)
    return not_rated if level == NOT_RATED else enum_names.level(level, language)


def _effect(effect: str, language: str) -> str:
    say = translation.translate
    if effect == NOT_RATED:
        return say("Not rated yet", language)
    if effect == UP:
        return say("Higher than before", language)
    if effect == "0":
        return say("No lower", language)
    return translation.translate_many("{count} level lower", "{count} levels lower", int(effect), language)


def _quarters(today: date) -> list[Quarter]:
    """The last eight, the newest first."""
    quarters = [Quarter.of(today)]
    while len(quarters) < 8:
        quarters.append(quarters[-1].before)
    return quarters


# --- tables --------------------------------------------------------------------------------------------------------


def made(name: str, cells: Mapping[Cell, int], impacts: Mapping[str, int], language: str, today: date) -> Counts:
    """One of TABLES."""
    say = translation.translate
    classes = titles(name, language, today)
    if name in BY_DOMAIN:
        domains = titles("domain", language, today)
        of: Callable[[Cell], str] = (
            (lambda cell: cell.verdict.value) if name == "verdict" else (lambda cell: cell.level)
        )
        title = say("What they come to", language) if name == "verdict" else say("Residual risk by domain", language)
        head = (say("Domain", language), *classes.values(), say("All", language))
        counts = _by(cells, lambda cell: cell.domain, of)
        here = {domain for domain, _class in counts}
        rows = {
            domain: domains.get(domain, domain) for domain in [*domains, *sorted(here - {*domains})] if domain in here
        }
        return _summed(name, title, head, ("domain", rows), (name, classes), counts, language)
    if name == "effect":
        counts = _by(cells, lambda cell: cell.before, lambda cell: cell.effect)
        columns = {effect: title for effect, title in classes.items() if any(own == effect for _row, own in counts)}
        inherent = titles("inherent", language, today)
        levels = {level: inherent[level] for level in inherent if any(row == level for row, _effect in counts)}
        head = (say("Before measures", language), *columns.values(), say("All", language))
        title = say("What measures change", language)
        return _summed(name, title, head, ("inherent", levels), (name, columns), counts, language)
    if name == "impact":
        return _matrix(impacts, language)
    counts = _by(cells, lambda cell: cell.claim, lambda cell: MEASURED if cell.has_log else NOT_MEASURED)
    claims = {claim: title for claim, title in classes.items() if any(row == claim for row, _log in counts)}
    logs = titles("log", language, today)
    head = (say("Claim of human involvement", language), *logs.values(), say("All", language))
    title = say("Claims and decision logs", language)
    return _summed(name, title, head, ("claim", claims), ("log", logs), counts, language)


def over_time(name: str, days: Sequence[viewing.CountedDay], language: str, today: date) -> Counts:
    """One of OVER_TIME: a row a day, as it was counted then. A figure asks for today's list beside what changed since that day."""
    facet = OVER_TIME[name]
    classes = titles(facet, language, today)
    rows = []
    for day in days:
        counts = day.verdicts if facet == "verdict" else day.levels
        key = day.on.isoformat()
        cells = tuple(Count(counts[column], {SINCE: key, facet: column}) for column in classes)
        rows.append(Row(key, wording.day(day.on, language), cells))
    say = translation.translate
    title = (
        say("Determinations over time", language) if facet == "verdict" else say("Residual risk over time", language)
    )
    return Counts(name, title, (say("Day", language), *classes.values()), tuple(rows), tuple(classes), has_sums=False)


def change(now: Counts, before: Counts) -> dict[tuple[str, str], int]:
    """Row and column → how much more it is than before, the sums under an empty name."""
    changes: dict[tuple[str, str], int] = {}
    columns = (*now.keys, "")
    earlier = {
        (row.key, key): count.number for row in before.rows for key, count in zip(columns, row.counts, strict=True)
    }
    for row in now.rows:
        for key, count in zip(columns, row.counts, strict=True):
            changes[row.key, key] = count.number - earlier.get((row.key, key), 0)
    return changes


def _by(
    cells: Mapping[Cell, int], row: Callable[[Cell], str], column: Callable[[Cell], str]
) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for cell, count in cells.items():
        counts[row(cell), column(cell)] += count
    return counts


def _summed(
    name: str,
    title: str,
    head: Sequence[str],
    rows: tuple[str, Mapping[str, str]],
    columns: tuple[str, Mapping[str, str]],
    counts: Mapping[tuple[str, str], int],
    language: str,
) -> Counts:
    """rows, columns: the facet, and what it can be with its titles. Sums stand last, a row of them where there are several."""
    of_rows, of_columns = rows[0], columns[0]
    lines = []
    for key, row_title in rows[1].items():
        own = [Count(counts.get((key, column), 0), {of_rows: key, of_columns: column}) for column in columns[1]]
        lines.append(Row(key, row_title, (*own, Count(sum(count.number for count in own), {of_rows: key}))))
    if len(lines) > 1:
        sums = [sum(line.counts[place].number for line in lines) for place in range(len(columns[1]) + 1)]
        own_facets: list[dict[str, str]] = [{of_columns: column} for column in columns[1]]
        whole_row = (*map(Count, sums[:-1], own_facets), Count(sums[-1]))
        lines.append(Row("", translation.translate("All", language), whole_row))
    return Counts(name, title, tuple(head), tuple(lines), tuple(columns[1]))


def _matrix(impacts: Mapping[str, int], language: str) -> Counts:
    """The gravest at the head; a column a likelihood."""
    own = scales()
    rows = []
    likelihoods = own.likelihood if own else ()
    for severity in reversed(range(len(own.level) if own else 0)):
        places = [f"{severity}-{likelihood}" for likelihood in range(len(likelihoods))]
        counts = tuple(Count(impacts.get(place, 0), {"impact": place}) for place in places)
        rows.append(Row(str(severity), severity_title(severity, language), counts))
    say = translation.translate
    head = (
        say("Severity", language),
        *(say("Likelihood: {step}", language, step=label.label[language]) for label in likelihoods),
    )
    title = say("Severity and likelihood of the gravest impact", language)
    return Counts("impact", title, head, tuple(rows), tuple(label.value for label in likelihoods), has_sums=False)


def without_log(cells: Mapping[Cell, int]) -> tuple[int, int]:
    """Of how many that are decided or signed off nobody measured how people decide, and how many these are in all."""
    after = Counter[bool]()
    for cell, count in cells.items():
        if cell.status in (Status.DECIDED, Status.SIGNED_OFF):
            after[cell.has_log] += count
    return after[False], after.total()


def departures(
    measured: Sequence[viewing.Measured], language: str, today: date
) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """Head and rows of what decision logs show of each system, as their picture does; percentages with one decimal."""
    say, domains = translation.translate, titles("domain", language, today)
    share = say("departures from the AI, %", language)
    head = (
        *(say("System", language), say("Assessment", language), say("Domain", language)),
        *(say("Claim of human involvement", language), share),
        *(f"{say('95% interval', language)} {end}" for end in ("≥", "≤")),
        *(say("Cases", language), say("Last day in the log", language)),
    )
    rows = []
    for each in measured:
        names = (each.system.name_ko, each.system.name_en)
        name = next(filter(None, names if language == "ko" else reversed(names)), "")
        claim = enum_names.finding(Finding(each.claim), language) if each.claim else ""
        figures: tuple[Value, ...] = (say("Not measured", language), None, None, None, None)
        if each.log is not None and (rate := each.log.analysis.whole.divergence).n:
            ends = (Figure(round(100 * value, 1), Unit.POINTS) for value in (rate.value, rate.low, rate.high))
            figures = (*ends, rate.n, each.log.analysis.whole.last)
        rows.append((name, each.assessment_id, domains.get(each.domain, each.domain), claim, *figures))
    return head, tuple(rows)


def of_standings(name: str, earlier: viewing.Earlier, language: str, today: date) -> Counts:
    """A table by domain as it was on an earlier day."""
    cells = Counter[Cell]()
    for own in earlier.standings:
        cells[Cell(own.domain, own.verdict, own.level, NOT_RATED, NOT_RATED, own.status, own.has_log)] += own.count
    return made(name, cells, {}, language, today)


def without_empty_columns(table: Counts) -> Counts:
    """A picture has no mark for what does not occur."""
    places = [place for place in range(len(table.keys)) if any(row.counts[place].number for row in table.rows)]
    rows = tuple(replace(row, counts=tuple(row.counts[place] for place in places)) for row in table.inner)
    head = (table.head[0], *(table.head[1 + place] for place in places))
    return replace(table, head=head, rows=rows, keys=tuple(table.keys[place] for place in places), has_sums=False)
