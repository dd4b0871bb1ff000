"""What dashboards count: every figure is the length of the list that it opens, classes part the whole, and nothing shows of other units."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from assessments import actions, people, viewing
from assessments.home import home
from assessments.keeping import daily
from assessments.model import Actor, Finding, Grant, Level, Measure, Outcome, Role, Status
from assessments.rules.lifecycle import Urgency
from assessments.storage import lists, portfolio_days
from assessments.storage import portfolio as counting
from assessments.storage.columns import utc_text
from assessments.storage.concerns import Concern
from assessments.storage.database import Session
from assessments.storage.facets import (
    EFFECTS,
    LEVELS,
    MEASURED,
    NOT_MEASURED,
    NOT_RATED,
    UP,
    Cell,
    Facets,
    Quarter,
    Verdict,
)
from assessments.viewing import AssessmentSummary, Choice, From, RequestChoice, Search, Wanted
from exports.forms import spreadsheet_csv, xlsx
from exports.forms.sheets import Sheet
from pages._parts import portfolio_charts
from pages._server import files, portfolio_tables
from questionnaires import load
from questionnaires.wording import SEOUL, seoul_midnight
from tests.large_home import grow
from tests.office import AT, KIM, LEE, Office, both, open_office
from tests.screens import Screen, Visitors
from tests.test_following import log

EVERYBODY = both(KIM, LEE)
TODAY = date(2026, 11, 20)
COUNT = 120
SHIPPED = load.FOLDER
ARCHIVED = (4, 9, 33, 50)
LOGGED = range(1, COUNT, 4)
"""Assessments that have a decision log."""
CLAIMS = [finding for finding in Finding if finding is not Finding.NOT_APPLICABLE]
IMPACTS = ["", "0-0", "2-3", "4-3"]
QUARTERS = [Quarter(2026, 3), Quarter(2026, 4), Quarter(2027, 1)]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Many assessments of two units, of every outcome, level and status that there is."""
    with pytest.MonkeyPatch.context() as patch:
        office = open_office(tmp_path_factory.mktemp("many"), patch)
        office.start()
        grow(home() / "haetae.db", COUNT)
        with office.database.transaction() as session:
            unit = actions.add_unit(session, "다른 부서", 1, people.command_line(session), AT)
        chance = random.Random(11)
        with closing(sqlite3.connect(home() / "haetae.db")) as connection:
            for number in range(1, COUNT + 1):
                drawn = (
                    chance.choice([outcome.value for outcome in Outcome]),
                    chance.random() < 0.2,
                    chance.choice([level.value for level in Level]),
                    chance.choice([status.value for status in Status]),
                    chance.choice([0, 0, 3]),
                    number in LOGGED,
                    chance.choice(["", *(level.value for level in Level)]),
                    chance.choice([finding.value for finding in CLAIMS]),
                    chance.choice(IMPACTS),
                    chance.choice(["", "kim", "lee"]),
                    chance.choice([None, *(quarter.begins.isoformat() for quarter in QUARTERS)]),
                    utc_text(seoul_midnight(chance.choice(QUARTERS).after.begins) - timedelta(seconds=1)),
                    chance.choice([0, 2]),
                    number,
                )
                columns = (
                    *(
                        "outcome",
                        "contested",
                        "level",
                        "status",
                        "open_required",
                        "has_log",
                        "inherent",
                        "claim",
                        "impact",
                    ),
                    *("owner_id", "decided_on", "updated_at", "evidence"),
                )
                changes = ", ".join(f"{column} = ?" for column in columns)
                connection.execute(f"UPDATE projection SET {changes} WHERE assessment_id = ?", drawn)
            connection.execute("UPDATE ai_system SET unit_id = ? WHERE id % 3 = 0", (unit,))
            shelved = [(number, "끝난 시스템", "kim", "김", utc_text(AT)) for number in ARCHIVED]
            connection.executemany("INSERT INTO archived VALUES (?, ?, ?, ?, ?)", shelved)
            connection.commit()
        yield office


def figure(session: Session, actor: Actor, facets: Facets) -> int:
    shown = viewing.portfolio(session, actor, facets, TODAY, 3)
    assert shown.total == sum(shown.impacts.values()) == sum(standing.count for standing in shown.standings)
    return shown.total


def counted(office: Office, actor: Actor, facets: Facets) -> tuple[int, int]:
    """Of the cube and of the list."""
    with office.database.reading() as session:
        listed = viewing.assessments(session, actor, facets=replace(facets, today=TODAY))
        return figure(session, actor, facets), listed.total


WORDS: dict[str, list[str]] = {
    "domain": ["hiring", "credit"],
    "verdict": list(Verdict),
    "level": list(LEVELS),
    "status": list(Status),
    "log": [MEASURED, NOT_MEASURED],
    "owner": ["kim", "lee"],
    "decided": [str(quarter) for quarter in QUARTERS],
    "changed": [str(quarter) for quarter in QUARTERS],
    "inherent": list(LEVELS),
    "effect": list(EFFECTS),
    "impact": [impact or NOT_RATED for impact in IMPACTS],
    "claim": [str(finding) for finding in CLAIMS],
    "concern": list(Concern),
}
"""Facet → what it can be."""
PARTING = ("inherent", "verdict", "level", "status", "domain", "log", "changed", "effect", "impact", "claim")
"""Facets that leave nobody out."""


@st.composite
def some_facets(draw: st.DrawFn) -> Facets:
    """Few at a time, so that something is left."""
    names = draw(st.lists(st.sampled_from(sorted(WORDS)), max_size=3, unique=True))
    return Facets(draw(st.sampled_from([0, 1, 2])), **{name: str(draw(st.sampled_from(WORDS[name]))) for name in names})


def of_row(row: sqlite3.Row) -> dict[str, str]:
    """What each facet says of an assessment, counted anew from what is stored."""
    rank = [level.value for level in Level].index
    told = row["level"] if not row["open_required"] else NOT_RATED
    steps = rank(row["inherent"]) - rank(told) if row["inherent"] and told != NOT_RATED else None
    since = datetime.fromisoformat(row["updated_at"]).astimezone(SEOUL)
    return {
        "domain": row["domain"],
        "verdict": "contested" if row["contested"] else row["outcome"],
        "level": told,
        "status": row["status"],
        "log": MEASURED if row["has_log"] else NOT_MEASURED,
        "owner": row["owner_id"],
        "decided": str(Quarter.of(date.fromisoformat(row["decided_on"]))) if row["decided_on"] else "",
        "changed": f"{since.year}-Q{(since.month + 2) // 3}",
        "inherent": row["inherent"] if row["inherent"] and told != NOT_RATED else NOT_RATED,
        "effect": NOT_RATED if steps is None else UP if steps < 0 else str(steps),
        "impact": row["impact"] or NOT_RATED,
        "claim": row["claim"],
    }


@pytest.mark.slow
@given(some_facets())
def test_a_figure_is_the_length_of_its_list_and_a_recount_of_it(grown: Office, facets: Facets) -> None:
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(
            "SELECT projection.*, ai_system.unit_id AS lies_in FROM projection JOIN assessment ON assessment.id = assessment_id "
            "JOIN ai_system ON ai_system.id = system_id WHERE assessment_id NOT IN (SELECT assessment_id FROM archived)"
        ).fetchall()
    units = {0: {1, 2}, 1: {1, 2}, 2: {2}}[facets.unit]
    wanted = {name: getattr(facets, name) for name in WORDS if name != "concern" and getattr(facets, name)}
    fitting = [row for row in rows if row["lies_in"] in units and wanted.items() <= of_row(row).items()]
    count, length = counted(grown, EVERYBODY, facets)
    assert count == length
    if not facets.concern:
        assert count == len(fitting)
    elif facets.concern == Concern.NO_EVIDENCE:
        handed_in = (Status.SUBMITTED, Status.DECIDED, Status.SIGNED_OFF)
        assert count == sum(row["status"] in handed_in and not row["evidence"] for row in fitting)
    else:
        assert count <= len(fitting)


@pytest.mark.slow
@given(some_facets(), st.integers(3, 40))
def test_pages_of_few_are_those_along_the_order_of_changes(grown: Office, facets: Facets, size: int) -> None:
    """Forwards to the end, and back again."""
    asked_for = replace(facets, today=TODAY)

    def pages() -> Iterator[tuple[list[int], int, int]]:
        start: From | None = None
        for is_back in (False, True):
            entries: Sequence[AssessmentSummary] = ()
            while True:
                page = viewing.assessments(session, EVERYBODY, facets=asked_for, start=start, limit=size)
                yield [entry.id for entry in page.entries], page.before, page.total
                if not page.entries:
                    break
                entries = page.entries
                start = From(entries[-1].updated_at, entries[-1].id)
                if is_back:
                    start = From(entries[0].updated_at, entries[0].id, is_before=True)
            if start is not None:
                start = replace(start, is_before=True)

    with grown.database.reading() as session:
        of_few = list(pages())
        with pytest.MonkeyPatch.context() as patch:
            for name in ("FEW", "MOST_FETCHED"):
                patch.setattr(lists, name, -1)
            assert list(pages()) == of_few


@pytest.mark.slow
@given(some_facets(), st.sampled_from(PARTING))
def test_classes_part_the_whole(grown: Office, facets: Facets, name: str) -> None:
    whole = replace(facets, **{name: ""})
    with grown.database.reading() as session:
        parts = [figure(session, EVERYBODY, replace(whole, **{name: str(word)})) for word in WORDS[name]]
        assert sum(parts) == figure(session, EVERYBODY, whole)


@pytest.mark.slow
def test_nothing_is_counted_of_units_where_nothing_may_be_read(grown: Office) -> None:
    there = Actor("only", "only", frozenset({Role.COMMITTEE_MEMBER}), frozenset({Grant(Role.COMMITTEE_MEMBER, 2)}))
    nowhere = Actor("none", "none", frozenset({Role.COMMITTEE_MEMBER}), frozenset({Grant(Role.COMMITTEE_MEMBER, 9)}))
    third = COUNT // 3 - sum(number % 3 == 0 for number in ARCHIVED)
    assert counted(grown, there, Facets()) == (third, third)
    assert counted(grown, there, Facets(unit=1)) == (third, third), "a unit above does not open those beside"
    assert counted(grown, nowhere, Facets()) == (0, 0)
    with grown.database.reading() as session:
        cells, impacts = viewing.counted(session, there, Facets(), TODAY)
        assert sum(cells.values()) == sum(impacts.values()) == third, "nor in a file"
        assert viewing.owners(session, nowhere) == {}
        assert not sum(viewing.counted(session, nowhere, Facets(), TODAY)[0].values())
        assert not viewing.neglected(session, nowhere, Facets(), TODAY)
    assert counted(grown, nowhere, Facets(unit=2)) == (0, 0)


def test_an_address_may_say_anything(grown: Office) -> None:
    names = ("verdict", "level", "status", "log", "decided", "changed", "inherent", "effect", "claim", "concern")
    facets = Facets(-4, "nothing", owner="nobody", impact="9", **dict.fromkeys(names, "2026-Q5")).known()
    assert facets == Facets(-4, "nothing", owner="nobody", impact="9")
    assert counted(grown, EVERYBODY, facets) == (0, 0)


@pytest.mark.slow
def test_days_at_either_end_of_the_calendar_are_days(office: Office) -> None:
    """An address may say them; the first has no time in UTC where clocks are ahead of it."""
    for day in (date.min, date.min + timedelta(days=1), date.max):
        with office.database.reading() as session:
            assert not viewing.changed_since(session, EVERYBODY, Facets(), day, TODAY, 3)
            viewing.sample(session, EVERYBODY, day, min(day, date(9999, 12, 30)), "7", 3)
            for concern in Concern:
                facets = Facets(concern=concern.value, since=day, today=day)
                assert not viewing.portfolio(session, EVERYBODY, facets, day, 3).total


def test_what_no_text_can_hold_is_no_word_of_a_search_or_an_address(office: Office) -> None:
    """PostgreSQL refuses to compare with it."""
    assert Search("가\0나 \0").words == ("가", "나")
    assert Facets(domain="\0", owner="a\0", impact="\0").known() == Facets()
    assert Wanted(owner="\0").known() == Wanted()
    with office.database.reading() as session:
        assert not viewing.registered(session, EVERYBODY, Wanted(), Search("가\0")).total
        assert not viewing.requests(session, EVERYBODY, RequestChoice(owner="\0"), TODAY, Search("\0가")).total
        assert not viewing.queue(session, EVERYBODY, Choice(Facets()), Search("가\0")).total
        assert not viewing.waiting_for(session, EVERYBODY, Search("\0가")).total


@pytest.mark.slow
def test_a_revision_that_comes_to_something_else_than_what_was_signed_off_is_told(office: Office) -> None:
    number, other = office.signed_off(), office.signed_off()

    def moved(facets: Facets = Facets()) -> list[int]:  # noqa: B008 - frozen
        with office.database.reading() as session:
            noted = viewing.changed_since(session, EVERYBODY, facets, None, TODAY, 3)
        pages = [each.page for each in noted if each.concern is Concern.MOVED]
        assert all(page.total == len(page.entries) for page in pages)
        return [assessment.id for page in pages for assessment in page.entries]

    assert moved() == []
    for revised in (number, other):
        with office.database.transaction() as session:
            actions.revise(session, revised, KIM, AT)
    assert moved() == [], "the same answers come to the same"
    with sqlite3.connect(home() / "haetae.db") as connection:
        sql = "UPDATE projection SET contested = NOT contested WHERE assessment_id = ?"
        connection.execute(sql, (number,))
        connection.execute(
            "UPDATE projection SET level = 'very_high', open_required = 2 WHERE assessment_id = ?", (other,)
        )
    assert moved() == [number], "no level can be told while answers are missing"
    assert moved(Facets(domain="credit")) == []
    with sqlite3.connect(home() / "haetae.db") as connection:
        connection.execute("UPDATE projection SET open_required = 0 WHERE assessment_id = ?", (other,))
    assert sorted(moved()) == [number, other]
    with office.database.transaction() as session:
        actions.withdraw(session, other, "쓰지 않는다.", KIM, AT)
    assert moved() == [number], "nobody is at work on it"


@pytest.mark.slow
def test_the_decision_log_of_a_draft_counts_as_soon_as_it_is_there(office: Office) -> None:
    number = office.start()

    def measured() -> list[int]:
        with office.database.reading() as session:
            shown = viewing.portfolio(session, EVERYBODY, Facets(log=MEASURED), TODAY, 3)
        assert sum(standing.count for standing in shown.standings) == len(shown.measured)
        return [log.assessment_id for log in shown.measured]

    assert measured() == []
    with office.database.transaction() as session:
        actions.set_log(session, number, log(departs=8), KIM, AT)
    assert measured() == [number]
    with office.database.transaction() as session:
        actions.remove_log(session, number, "틀린 파일", KIM, AT)
    with office.database.reading() as session:
        kept = viewing.portfolio(session, EVERYBODY, Facets(), TODAY, 3)
    assert bool(kept.measured) == any(standing.has_log for standing in kept.standings)


@pytest.mark.sqlite
@pytest.mark.slow
def test_what_waits_has_waited_since_its_submission_whatever_came_since(office: Office) -> None:
    first, second = office.start(), office.start()
    for number in (first, second):
        office.submit(number)
    with sqlite3.connect(home() / "haetae.db") as connection:
        later = utc_text(AT + timedelta(days=3))
        connection.execute("UPDATE projection SET updated_at = ? WHERE assessment_id = ?", (later, first))
    with office.database.reading() as session:
        waiting = viewing.longest_waiting(session, LEE, 5)
        changed = [row.id for row in viewing.assessments(session, LEE).entries]
    assert changed[0] == first, "it was changed last"
    assert [each.assessment.id for each in waiting] == [first, second]
    assert [each.since for each in waiting] == [office.read(number).submitted_at for number in (first, second)]


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "most_named"), [(1, 10_000), (1, -1), (50, 10_000)])
def test_what_is_due_is_due_on_the_day_on_which_it_is_elsewhere(
    office: Office, limit: int, most_named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A measure has time until the end of its day, a reassessment is due on it; counted by the database or by the list."""
    monkeypatch.setattr(counting, "MOST_NAMED", most_named)
    due = date(2027, 3, 1)
    for name in ("m1", "m2"):
        office.signed_off(Measure(name, "다시 듣습니다.", owner="법무팀", due=due))
    number = office.signed_off()
    with office.database.transaction() as session:
        actions.set_reassessment(session, number, due, "한 해", KIM, AT)
    for today, expected in ((due - timedelta(days=1), 0), (due, 1), (due + timedelta(days=1), 3)):
        with office.database.reading() as session:
            shown = viewing.portfolio(session, EVERYBODY, Facets(), today, limit).due
            every = viewing.portfolio(session, EVERYBODY, Facets(), today, 1000).due
            none = viewing.portfolio(session, EVERYBODY, Facets(domain="credit"), today, limit).due
            narrowed = viewing.portfolio(session, EVERYBODY, Facets(domain="hiring"), today, limit).due
        reached = [entry for entry in every.entries if entry.duty.urgency(today, 0) is Urgency.REACHED]
        assert (shown.reached, shown.total) == (len(reached), len(every.entries)) == (expected, every.total)
        assert (none.total, none.reached, none.entries) == (0, 0, ())
        assert (narrowed.reached, narrowed.total, narrowed.entries) == (shown.reached, shown.total, shown.entries)


@pytest.mark.slow
def test_all_that_is_due_can_be_asked_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first are shown; the address of all of it can be sent, and leaves out what is left out."""
    measures = [
        Measure(f"m{place}", "다시 듣습니다.", owner="법무팀", due=date(2027, 3, place)) for place in range(1, 9)
    ]
    number = office.signed_off(*measures)
    visitors = Visitors(office, monkeypatch).sign_in(LEE)
    rows = f'/followup?assessment={number}"'

    def shown(**query: object) -> tuple[int, bool]:
        html = visitors.open("portfolio", **query).html
        return html.count(rows), "due=all" in html

    assert shown() == (6, True)
    assert shown(due="all") == (len(measures) + 1, False), "and its reassessment"
    assert shown(due="all", domain="credit") == (0, False)


# --- earlier days ------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_what_was_counted_on_a_day_stays_as_it_was(office: Office) -> None:
    number, day = office.start(), date(2026, 3, 2)

    def then(on: date, facets: Facets = Facets()) -> dict[str, int]:  # noqa: B008 - frozen
        with office.database.reading() as session:
            earlier = viewing.portfolio_at(session, EVERYBODY, facets, on)
        return {} if earlier is None else {row.status.value: row.count for row in earlier.standings}

    assert then(day) == {}
    with office.database.transaction() as session:
        assert portfolio_days.keep(session, day)
        assert not portfolio_days.keep(session, day), "once a day"
    office.fill(number)
    office.submit(number)
    with office.database.transaction() as session:
        assert portfolio_days.keep(session, day + timedelta(days=1))
    assert then(day) == {"draft": 1} and then(day + timedelta(days=9)) == {"submitted": 1}
    assert then(day - timedelta(days=1)) == {}
    assert then(day, Facets(status="submitted")) == {} and then(day, Facets(domain="hiring", log=NOT_MEASURED)) == {
        "draft": 1
    }
    nowhere = Actor("none", "none", frozenset({Role.COMMITTEE_MEMBER}), frozenset({Grant(Role.COMMITTEE_MEMBER, 9)}))
    with office.database.reading() as session:
        elsewhere = viewing.portfolio_at(session, nowhere, Facets(), day)
    assert elsewhere is not None and elsewhere.standings == ()
    with sqlite3.connect(home() / "haetae.db") as connection:
        for statement in ("UPDATE portfolio_day SET count = 7", "DELETE FROM portfolio_day"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


@pytest.mark.slow
@given(some_facets().filter(portfolio_days.can_tell))
def test_a_day_that_is_counted_is_the_portfolio_of_then(grown: Office, facets: Facets) -> None:
    with grown.database.transaction() as session:
        portfolio_days.keep(session, TODAY)
    with grown.database.reading() as session:
        now = viewing.portfolio(session, EVERYBODY, facets, TODAY, 1).standings
        kept = viewing.portfolio_at(session, EVERYBODY, facets, TODAY)
    assert kept is not None and kept.on == TODAY
    assert Counter(kept.standings) == Counter(now)


@pytest.mark.slow
def test_a_portfolio_over_time_is_each_day_as_it_was_counted(office: Office) -> None:
    """However many days there are: evenly spread ones, the first and the last among them."""
    start, facets = date(2026, 3, 2), Facets()
    for day in range(40):
        if day in (0, 15):
            office.start()
        with office.database.transaction() as session:
            portfolio_days.keep(session, start + timedelta(days=day))
    with office.database.reading() as session:
        days = viewing.portfolio_over_time(session, EVERYBODY, facets, start + timedelta(days=99))
        assert viewing.portfolio_over_time(session, EVERYBODY, facets, start - timedelta(days=1)) == ()
        for day in days:
            then = viewing.portfolio_at(session, EVERYBODY, facets, day.on)
            assert then is not None and then.on == day.on
            for own, counted in (("verdict", day.verdicts), ("level", day.levels)):
                recount: Counter[str] = Counter()
                for standing in then.standings:
                    recount[str(getattr(standing, own))] += standing.count
                assert counted == recount
        nobody = viewing.portfolio_over_time(session, Actor("x", "x", frozenset()), facets, TODAY)
        with pytest.raises(ValueError, match="day by day"):
            viewing.portfolio_over_time(session, EVERYBODY, Facets(impact="3-1"), TODAY)
    assert (days[0].on, days[-1].on) == (start, start + timedelta(days=39))
    assert len(days) == portfolio_days.MOST_DAYS
    totals = [day.verdicts.total() for day in days]
    assert totals == sorted(totals) and (totals[0], totals[-1]) == (1, 2)
    assert not any(day.verdicts or day.levels for day in nobody)
    counts = portfolio_tables.over_time("over-time-verdict", days, "ko", TODAY)
    assert [sum(count.number for count in row.counts) for row in counts.rows] == totals
    assert counts.rows[0].title == "2026. 3. 2."


def test_lines_over_time_differ_in_shape_and_dashes_and_say_their_last_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio_charts, "_", lambda message: message)
    classes = ("high_impact", "not_high_impact", "cannot_determine", "contested")
    days = [date(2026, 3, 2) + timedelta(days=40 * step) for step in range(8)]
    counted = tuple(portfolio_tables.Count(100_000 * place, {"verdict": name}) for place, name in enumerate(classes))
    rows = tuple(portfolio_tables.Row(day.isoformat(), str(day), counted) for day in days)
    counts = portfolio_tables.Counts("over-time-verdict", "t", ("Day", *classes), rows, classes, has_sums=False)
    figure = portfolio_charts.lines_figure(counts)
    looks = {(line.marker.symbol, line.line.dash) for line in figure.data}
    assert len(figure.data) == len(looks) == 3, "a class that never occurs has no line"
    assert [line.text[-1] for line in figure.data] == ["100,000", "200,000", "300,000"]
    assert len(figure.to_json()) < 20_000
    assert len(figure.layout.xaxis.ticktext) <= 4


def test_the_server_counts_a_day_once_and_again_on_the_next(office: Office) -> None:
    office.start()
    assert daily.count_portfolio(AT) and not daily.count_portfolio(AT)
    assert daily.count_portfolio(AT + timedelta(days=1))


# --- the screen ------------------------------------------------------------------------------------------------


@pytest.fixture
def visitors(grown: Office, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    return Visitors(grown, monkeypatch).sign_in(EVERYBODY)


LINK = re.compile(r'<a href="/portfolio\?([^"#]*)#list"[^>]*>([\d,]+)</a>')


def figures(screen: Screen) -> list[tuple[dict[str, str], int]]:
    """What each linked figure asks for, and the figure."""
    from urllib.parse import parse_qsl

    return [
        (dict(parse_qsl(query.replace("&amp;", "&"))), int(text.replace(",", "")))
        for query, text in LINK.findall(screen.html)
    ]


FILTERS = [
    {},
    {"verdict": "contested"},
    {"unit": "2", "status": "submitted"},
    {"changed": "2026-Q4", "owner": "kim"},
    {"concern": "no_owner", "since": "2026-01-05"},
]


@pytest.mark.slow
@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "-".join(filters) or "all")
def test_every_figure_on_the_screen_is_the_length_of_the_list_that_it_opens(
    grown: Office, visitors: Visitors, filters: dict[str, str]
) -> None:
    screen = visitors.open("portfolio", **filters)
    shown = figures(screen)
    assert len(shown) > 8
    for query, figure in shown:
        assert all(query[name] == word for name, word in filters.items() if name != "concern"), "it stays left out"
        facets = portfolio_tables.facets_of(query, TODAY)
        assert counted(grown, EVERYBODY, facets) == (figure, figure), query
    query, figure = next(iter((query, figure) for query, figure in shown if "verdict" in query and "domain" in query))
    assert f'<span class="h-count">{figure}</span>' in visitors.open("portfolio", **query).html


def test_a_table_as_a_file_holds_the_figures_of_the_screen(grown: Office, visitors: Visitors) -> None:
    routes = {route.path: route.endpoint for route in files.ROUTES}
    assert "/files/portfolio/{table}.{ending}" in routes
    query = {"status": "decided"}
    with grown.database.reading() as session:
        cells, impacts = viewing.counted(session, EVERYBODY, portfolio_tables.facets_of(query, TODAY), TODAY)
    for name in portfolio_tables.TABLES:
        for language in ("ko", "en"):
            counts = portfolio_tables.made(name, cells, impacts, language, TODAY)
            rows = [(row.title, *(count.number for count in row.counts)) for row in counts.rows]
            assert all(len(row) == len(counts.head) for row in rows)
            lines = spreadsheet_csv.csv_of(counts.head, rows).decode("utf-8-sig").splitlines()
            assert len(lines) == 1 + len(rows)
            book = xlsx.book_of([Sheet(counts.title, counts.head, tuple(rows))], "Haetae", AT)
            assert book == xlsx.book_of([Sheet(counts.title, counts.head, tuple(rows))], "Haetae", AT)
            sheet = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
            assert [row[1:] for row in sheet[1:]] == [list(row[1:]) for row in rows]


def test_a_long_name_has_room_beside_its_row() -> None:
    """Lines of 12.5 pixels, a third of that between them: with the names of neighbours they would lie over one another."""
    named = ["휴가", "경남 아파트 담보 대출 한도 산정과 승인 보조 시스템 150 (189)"]
    rows = [portfolio_charts.Departures(name, log(departs=3, of=12), {}) for name in named]
    figure = portfolio_charts.departures_figure(rows)
    lines = max(name.count("<br>") + 1 for name in figure.data[0].y)
    around = figure.layout.margin.t + figure.layout.margin.b
    assert lines >= 3 and (figure.layout.height - around) / len(rows) > lines * 12.5 * 4 / 3
    short = portfolio_charts.departures_figure(rows[:1])
    assert short.layout.height < figure.layout.height / 1.4, "and no more than it needs"


@pytest.mark.slow
def test_a_picture_is_small_whatever_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the shipped questionnaires, thirty domains and a million assessments."""
    monkeypatch.setattr(load, "FOLDER", SHIPPED)
    chance = random.Random(3)
    findings = [str(finding) for finding in CLAIMS]
    cells = Counter(
        {
            Cell(
                f"domain{number}",
                verdict,
                level,
                chance.choice(LEVELS),
                chance.choice(findings),
                status,
                number % 2 == 0,
            ): 1_000
            for number in range(30)
            for verdict in Verdict
            for level in LEVELS
            for status in (Status.DRAFT, Status.SIGNED_OFF)
        }
    )
    impacts = {f"{severity}-{likelihood}": 50_000 for severity in range(5) for likelihood in range(4)}
    sizes = []
    for name in ("verdict", "level", "effect"):
        counts = portfolio_tables.made(name, cells, impacts, "ko", TODAY)
        sizes.append(len(portfolio_charts.stacked_figure(counts).to_json()))
    levels = {level: str(level) for level in Level}
    matrix = portfolio_tables.made("impact", cells, impacts, "ko", TODAY)
    assert len(matrix.rows) == 5 and sum(count.number for row in matrix.rows for count in row.counts) == 1_000_000
    monkeypatch.setattr(portfolio_charts, "_", lambda message: message)
    drawn = portfolio_charts.matrix_figure(matrix, levels, "ko")
    marks = zip(drawn.data[0].text, drawn.data[0].marker.size, strict=True)
    assert all(size > 6 * len(text) for text, size in marks), "a figure is as wide as its mark at most"
    sizes.append(len(drawn.to_json()))
    assert sum(sizes) <= 100_000, sizes


@pytest.mark.slow
def test_what_is_left_out_is_said_and_taken_back(visitors: Visitors) -> None:
    screen = visitors.open("portfolio", verdict="contested", level="high")
    assert "이견 있음 · 높음" in screen.html and "모두 보기" in screen.html
    assert "조건에 맞는 평가만" not in visitors.open("portfolio").html
    screen.app.selectbox(key="facet-verdict").select("").run()
    assert "이견 있음 · 높음" not in screen.sound().html
    assert screen.app.query_params.get("level") in ("high", ["high"])
    assert "verdict" not in screen.app.query_params


@pytest.mark.slow
def test_figures_say_how_they_changed(grown: Office, visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = visitors.open("portfolio", since="year").html
    assert "집계한 값이 없습니다" in long_ago and "(+" not in long_ago
    assert "이틀 이상이면" in long_ago and "시간에 따른 판단 결과" not in long_ago
    with grown.database.transaction() as session:
        portfolio_days.keep(session, TODAY - timedelta(days=400))
    with closing(sqlite3.connect(home() / "haetae.db")) as connection:
        connection.execute("UPDATE projection SET outcome = 'high_impact', contested = 0 WHERE assessment_id = 1")
        connection.commit()
    html = visitors.open("portfolio", since="year").html
    assert "집계한 값과의 차이" in html and "(±0)" in html and "since=year" in html
    html = visitors.open("portfolio").html
    assert "(±0)" not in html
    with grown.database.transaction() as session:
        portfolio_days.keep(session, TODAY)
    html = visitors.open("portfolio").html
    assert "이틀 이상이면" not in html and "시간에 따른 판단 결과" in html and "시간에 따른 잔여 위험" in html
    assert "/files/portfolio/over-time-level.csv" in html


@pytest.mark.slow
def test_what_was_not_measured_is_said(visitors: Visitors) -> None:
    html = visitors.open("portfolio").html
    assert "측정하지 않았습니다" in html and "0.0%" not in html
