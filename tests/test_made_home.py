"""A made portfolio: whole in itself, marked, and never beside what somebody entered."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from assessments import viewing
from assessments.content.canonical import canonical, content_sha256
from assessments.errors import AssessmentError
from assessments.keeping import auditing, made_home, starting
from assessments.model import Actor, Role, Status
from assessments.storage import following, guards, lists, portfolio, reader, signed_results, system_life
from assessments.storage.concerns import Concern
from assessments.storage.facets import MEASURED, Facets, Quarter
from exports.forms import spreadsheet_csv
from exports.forms.tables import Figure
from pages._server import portfolio_tables
from tests.office import AT, Office
from tests.test_portfolio_sums import recounted, stored

COUNT = 300
EVERYBODY = Actor("x", "x", frozenset({Role.AUDITOR}))


@pytest.fixture
def made(office: Office) -> Office:
    made_home.seed(COUNT, today=AT.date())
    return office


@pytest.mark.slow
def test_a_made_home_is_whole(made: Office) -> None:
    with made.database.reading() as session:
        assert not auditing.audit(session, lambda _: None, notes=False).findings
        assert viewing.assessments(session, EVERYBODY).total == COUNT
        assert system_life.made(session) == COUNT
        assert not following.is_unbuilt(session)
        ask = session.connection().execute
        statuses = set(ask(text("SELECT DISTINCT status FROM projection")).scalars())
        years = ask(text("SELECT count(DISTINCT substr(created_at, 1, 4)) FROM assessment")).scalar_one()
        owners, logs, incidents = (
            ask(text(f"SELECT count(*) FROM {what}")).scalar_one()
            for what in ("ai_system WHERE owner_id <> ''", "decision_log", "incident")
        )
        examples = ask(text("SELECT min(is_example) FROM operator")).scalar_one()
    assert {"draft", "submitted", "decided", "signed_off", "withdrawn"} <= statuses
    assert years >= 3
    assert owners > COUNT // 2
    assert logs
    assert incidents
    assert examples
    with made.database.transaction() as session:
        before = session.connection().execute(text("SELECT count(*) FROM signed_result")).scalar_one()
        signed_results.fill(session)  # what a start would derive anew is there already
        assert session.connection().execute(text("SELECT count(*) FROM signed_result")).scalar_one() == before
    with pytest.raises(AssessmentError, match="made data already"):
        made_home.seed(1, today=AT.date())


@pytest.mark.slow
def test_few_are_named_and_many_walked_along_and_both_tell_the_same(
    made: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a dashboard tells hangs neither on how many there are nor on which index leads to them."""
    today = AT.date()
    chosen = {"domain": "credit", "status": Status.SIGNED_OFF.value, "level": "high", "log": MEASURED}
    some = [Facets(unit=3), *(Facets(**{name: value}) for name, value in chosen.items())]
    some += [Facets(decided=str(quarter)) for quarter in (Quarter.of(today), Quarter.of(today).before)]
    some += [replace(facets, concern=concern.value) for concern in Concern for facets in (Facets(), some[1])]

    def told(facets: Facets) -> list[object]:
        with made.database.reading() as session:
            told = viewing.portfolio(session, EVERYBODY, facets, today, 7)
            page = viewing.assessments(session, EVERYBODY, facets=replace(facets, today=today), limit=7)
            assert page.total == told.total
            return [told.measured, told.due, told.conditions, told.accepted, page]

    few = [told(facets) for facets in some]
    monkeypatch.setattr(portfolio, "MOST_NAMED", -1)
    monkeypatch.setattr(lists, "FEW", -1)
    assert [told(facets) for facets in some] == few
    assert sum(1 for each in few if each[-1].total) > len(some) // 3  # type: ignore[attr-defined]


@pytest.mark.slow
def test_departures_are_taken_away_as_a_table_with_their_intervals(made: Office) -> None:
    with made.database.reading() as session:
        logs = viewing.measured(session, EVERYBODY, Facets(), AT.date(), 1_000)
        some = viewing.measured(session, EVERYBODY, Facets(log=MEASURED), AT.date(), 2)
    measured = [each for each in logs if each.log is not None]
    assert measured and some == tuple(measured[:2])
    for language in ("ko", "en"):
        head, rows = portfolio_tables.departures(logs[: len(measured) + 2], language, AT.date())
        assert all(len(row) == len(head) for row in rows)
        for row, each in zip(rows, measured, strict=False):
            rate = each.log.analysis.whole.divergence if each.log else None
            assert rate and row[1] == each.assessment_id and row[7] == rate.n
            value, low, high = (cell.value for cell in row[4:7] if isinstance(cell, Figure))
            assert low <= value <= high
        unmeasured = {"ko": "측정 안 됨", "en": "Not measured"}[language]
        assert [row[4] for row in rows[len(measured) :]] == [unmeasured] * 2, "none is no zero"
        lines = spreadsheet_csv.csv_of(head, rows).decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + len(rows)


@pytest.mark.slow
def test_what_is_written_in_bulk_stands_as_if_it_had_been_written_one_by_one(made: Office) -> None:
    """Digests, words to count by and places are those that deeds and triggers would have given."""
    with made.database.reading() as session:
        ask = session.connection().exec_driver_sql
        submitted = ask("SELECT assessment_id, number FROM revision WHERE content_sha256 IS NOT NULL").all()
        digests = {tuple(row[:2]): row[2] for row in ask("SELECT assessment_id, number, content_sha256 FROM revision")}
        for number, revision in submitted[::7]:
            assessment = reader.get_assessment(session, number, revision)
            assert content_sha256(assessment) == digests[number, revision]
            assert assessment.system.name_ko and assessment.operator.is_example
        stray = ask(
            f"SELECT count(*) FROM projection WHERE cell <> {guards.CELL} OR (unit_id, owner_id) <> (SELECT s.unit_id, s.owner_id"
            " FROM assessment AS a JOIN ai_system AS s ON s.id = a.system_id WHERE a.id = assessment_id)"
        ).scalar_one()
        faults = ask("PRAGMA foreign_key_check").all()
        assert stored(session) == recounted(session)
    assert len(submitted) > COUNT // 2 and not stray and not faults


@pytest.mark.slow
def test_open_conditions_are_counted_whoever_writes(made: Office) -> None:
    """Recounted from the rows after each of many changes, of which no deed is needed."""
    chance = random.Random(4)
    with made.database.transaction() as session:
        ask = session.connection().exec_driver_sql
        numbers = [row[0] for row in ask("SELECT assessment_id FROM projection LIMIT 9")]
        for turn in range(60):
            number, other = chance.choice(numbers), chance.choice(numbers)
            cause = chance.choice(("condition", "condition", "log"))
            ask(
                chance.choice(
                    (
                        f"INSERT OR IGNORE INTO duty VALUES ({number}, '{cause}', '{turn}', 1, '2027-01-01', '', '', '')",
                        f"DELETE FROM duty WHERE assessment_id = {number}",
                        f"UPDATE OR IGNORE duty SET assessment_id = {other} WHERE assessment_id = {number}",
                        f"UPDATE OR IGNORE duty SET cause = 'log' WHERE assessment_id = {number}",
                    )
                )
            )
            wrong = ask(f"SELECT count(*) FROM projection WHERE conditions <> {guards.CONDITIONS}").scalar_one()
            assert not wrong, turn
        assert ask("SELECT count(*) FROM projection WHERE conditions > 0").scalar_one()
        assert stored(session) == recounted(session)


def _schema(office: Office) -> set[tuple[str, ...]]:
    with office.database.reading() as session:
        return {tuple(row) for row in session.connection().exec_driver_sql("SELECT type, name, sql FROM sqlite_master")}


@pytest.mark.slow
def test_what_is_broken_off_leaves_nothing_and_what_is_done_leaves_every_index_and_trigger(office: Office) -> None:
    before = _schema(office)

    def broken_off(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_home.seed(5, today=AT.date(), tell=broken_off)
    assert _schema(office) == before
    with office.database.reading() as session:
        assert system_life.made(session) is None
        assert not session.connection().exec_driver_sql("SELECT count(*) FROM unit WHERE id > 1").scalar_one()
    made_home.seed(5, today=AT.date())
    assert _schema(office) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(st.characters(max_codepoint=127)), of, max_size=3),
)


@given(JSON)
def test_the_short_way_to_canonical_text_gives_the_same(value: object) -> None:
    assert made_home._text(value).encode() == canonical(value)


def test_a_home_in_which_somebody_entered_something_is_not_filled(office: Office) -> None:
    office.start()
    with pytest.raises(AssessmentError, match="Somebody has entered data"):
        made_home.seed(1, today=AT.date())
    with office.database.reading() as session:
        assert system_life.made(session) is None
    starting.prepare()
