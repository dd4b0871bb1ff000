"""A whole portfolio under another edition says of each assessment what a comparison of it alone says, in whatever process."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.engine import make_url

from assessments import actions, editions, rescoring
from assessments.content.canonical import as_json
from assessments.file import assessment_file
from assessments.home import home
from assessments.model import Assessment, Level, Outcome, Status
from assessments.rescoring import IN_FORCE, OPEN, Run
from assessments.rescoring_process import rescored
from assessments.rules.remembered import Noted, Reading, Remembered
from assessments.rules.rescore import changed_ways, compare, touched
from assessments.storage import database, reader
from assessments.storage import rescoring as stored
from questionnaires import load
from questionnaires.duty_schema import Force
from questionnaires.question_types import to_json
from questionnaires.schema import UNKNOWN, Questionnaire
from tests.large_home import grow
from tests.test_editions import PEOPLE

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
COUNT = 36
AT = datetime(2026, 11, 20, tzinfo=UTC)


def _hiring(old: Questionnaire) -> Questionnaire:
    """Other weights, another floor, an option and a question gone, another question new."""
    assert old.method is not None
    weights = {"autonomy": 30, "fairness": 5}
    dimensions = tuple(
        dimension.model_copy(update={"weight": weights.get(dimension.id, dimension.weight)})
        for dimension in old.method.dimensions
    )
    floors = tuple(floor.model_copy(update={"level": Level.VERY_HIGH}) for floor in old.method.floors[:1])
    method = old.method.model_copy(update={"dimensions": dimensions, "floors": (*floors, *old.method.floors[1:])})
    first, second = old.sections[0], old.sections[-1]
    added = first.questions[0].model_copy(update={"id": "brand_new", "shown_if": None})
    left = second.questions[-1]
    fewer = left.model_copy(update={"options": left.options[1:]})
    sections = (
        first.model_copy(update={"questions": (*first.questions, added)}),
        *old.sections[1:-1],
        second.model_copy(update={"questions": (*second.questions[:-1], fewer)}),
    )
    return _copied(old, method=method, sections=sections)


def _area(old: Questionnaire) -> Questionnaire:
    routes = (
        route.model_copy(update={"outcome": Outcome.CANNOT_DETERMINE}) if route.outcome == "continue" else route
        for route in old.routes
    )
    return _copied(old, routes=tuple(routes))


def _involvement(old: Questionnaire) -> Questionnaire:
    """No part is left, so that a claim is never more than indeterminate."""
    assert old.claim is not None
    return _copied(old, claim=old.claim.model_copy(update={"parts": ()}))


def _copied(old: Questionnaire, **update: object) -> Questionnaire:
    """As if it had been read: nothing that was computed of the old one goes along."""
    return Questionnaire.model_construct(**{**{name: getattr(old, name) for name in type(old).model_fields}, **update})


def _duties(questionnaire: Questionnaire) -> Questionnaire:
    """A notice becomes final: its open question goes, and one item of the guideline is the notice's."""
    rule = questionnaire.duties
    assert rule is not None
    items = tuple(
        duty.model_copy(update={"force": Force.NOTICE}) if duty.id == "g_1_1_5" else duty
        for duty in rule.items
        if duty.id != "duty_notice"
    )
    return questionnaire.model_copy(update={"duties": rule.model_copy(update={"items": items})})


def _other_routes(old: Questionnaire) -> Questionnaire:
    """Every second route comes to another outcome; what none of them reaches is derived once."""
    others = {Outcome.HIGH_IMPACT: Outcome.CANNOT_DETERMINE, Outcome.NOT_HIGH_IMPACT: Outcome.CANNOT_DETERMINE}
    places = range(0, len(old.routes) - 1, 2)
    routes = tuple(
        route.model_copy(update={"outcome": others[Outcome(route.outcome)]})
        if place in places and route.outcome in others
        else route
        for place, route in enumerate(old.routes)
    )
    assert routes != old.routes
    return _copied(old, routes=routes)


def _other_levels(old: Questionnaire) -> Questionnaire:
    """Bands, floors and steps differ; the figures stay."""
    assert old.method is not None
    bands = tuple(
        band.model_copy(update={"up_to": band.up_to - 9 if band.up_to < 100 else 100}) for band in old.method.bands
    )
    update = {"bands": bands, "floors": old.method.floors[1:], "worst_dimension_steps_down": 0}
    return _copied(old, method=old.method.model_copy(update=update))


NEW: dict[str, Callable[[Questionnaire], Questionnaire]] = {
    "hiring": _hiring,
    "credit": _other_routes,
    "hiring, levels": _other_levels,
    "hiring, routes": _other_routes,
    "area": _area,
    "involvement": _involvement,
    "duties": _duties,
}


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Copies of two examples, one of them signed off, too, each with some answers of its own."""
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("portfolio")
        patch.setenv("HAETAE_HOME", str(place / "home"))
        database.configure(f"sqlite:///{home() / 'haetae.db'}")
        database.prepare()
        with database.transaction() as session:
            for name in ("hiring", "credit"):
                stated = assessment_file.read_file(EXAMPLES / f"{name}.yaml")
                draft = replace(stated.assessment, decision=None, sign_off=None)
                actions.load_stated(session, replace(stated, assessment=draft), PEOPLE, AT)
                if name == "hiring":
                    actions.load_stated(session, stated, PEOPLE, AT)
        database.leave()
        grow(home() / "haetae.db", COUNT, with_events=False)
        _vary(home() / "haetae.db")
        yield place
        database.leave()


def _vary(path: Path) -> None:
    """A fifth of the choices otherwise, some unknown."""
    chance = random.Random(3)
    options = {
        (edition.id, question.id): [option.value for option in question.options] + [UNKNOWN]
        for edition in load.editions(load.FOLDER)
        for question in edition.questionnaire.questions()
        if question.type.value == "choice"
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("BEGIN")
        rows = connection.execute("SELECT revision_id, questionnaire, question FROM response").fetchall()
        for revision, questionnaire, question in rows:
            if (questionnaire, question) in options and chance.random() < 0.2:
                connection.execute(
                    "UPDATE response SET answer = ? WHERE revision_id = ? AND questionnaire = ? AND question = ?",
                    (f'"{chance.choice(options[questionnaire, question])}"', revision, questionnaire, question),
                )
        connection.execute("COMMIT")


def _all() -> list[Assessment]:
    with database.reading() as session:
        return [reader.get_assessment(session, number) for number in range(1, COUNT + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("case", [*NEW])
def test_each_assessment_changes_as_a_comparison_of_it_alone_says(portfolio: Path, case: str) -> None:
    name = case.partition(",")[0]
    new = NEW[case](load.newest(name).questionnaire)
    shares: list[float] = []
    with database.reading() as session:
        places = stored.whole_portfolio(session, (*OPEN, *IN_FORCE), None)
        made = rescored(
            lambda some, but: stored.contents(session, some, but),
            places,
            {name: new},
            shares.append,
            lambda number: reader.get_assessment(session, number),
        )
    result = rescoring.joined([made])
    assert shares[-1] == 1.0
    rows = {row.assessment_id: row for row in result.rows}
    asked = [assessment for assessment in _all() if name in {edition.id for edition in assessment.editions}]
    assert result.counted == len(asked) and not result.apart
    for assessment in asked:
        old = editions.questionnaires(assessment)
        change = compare(old, {**old, name: new}, assessment)
        row = rows.get(assessment.id or 0)
        assert (row is not None) is change.is_any, assessment.id
        if row is None:
            continue
        counts = (len(change.new_questions), len(change.dropped_questions), len(change.lost_answers))
        assert (row.new_questions, row.dropped_questions, row.lost_answers) == counts
        assert row.duties == len(change.duties) or (row.duties == 0 and change.outcome[0] != change.outcome[1])
        for derived, compared in (
            (row.outcome, tuple(outcome.value for outcome in change.outcome)),
            (row.contested, change.contested),
            (row.level, tuple(level.value for level in change.level)),
            (row.residual, change.residual),
        ):
            assert derived == compared if derived is not None else compared[0] == compared[1]
    assert result.rows or name == "involvement"
    for counter in (result.levels, result.outcomes):
        assert not counter or counter.total() == len(asked)


# --- what is remembered by what was read -------------------------------------------------------------------------------------


def _mutated(chance: random.Random, old: Questionnaire) -> Questionnaire:
    """Another edition with a few of the changes that an edition can bring."""
    update: dict[str, object] = {}
    if old.routes and chance.random() < 0.7:
        route = chance.choice([route for route in old.routes if route.outcome != "continue"])
        changes = chance.choice(
            ({"outcome": Outcome.CANNOT_DETERMINE}, {"outcome": Outcome.HIGH_IMPACT, "contested_if": ()})
        )
        update["routes"] = tuple(each.model_copy(update=changes) if each is route else each for each in old.routes)
    if old.method is not None:
        floors = tuple(floor.model_copy(update={"level": chance.choice(list(Level))}) for floor in old.method.floors)
        kept = tuple(floor for floor in floors if chance.random() < 0.8)
        update["method"] = old.method.model_copy(
            update={"floors": kept, "worst_dimension_steps_down": chance.randrange(3)}
        )
    if old.claim is not None:
        update["claim"] = old.claim.model_copy(update={"parts": tuple(chance.sample(old.claim.parts, 2))})
    if chance.random() < 0.5:  # a text, which no condition names
        update["sections"] = tuple(
            section.model_copy(
                update={
                    "questions": tuple(
                        each for each in section.questions if each.type.value != "text" or chance.random() < 0.8
                    )
                }
            )
            for section in old.sections
        )
    return _copied(old, **update)


def _varied(chance: random.Random, base: Assessment, asked: dict[str, Questionnaire], number: int) -> Assessment:
    """Some answers otherwise, unknown or gone, numbers half to one and a half, another day."""
    responses = {name: dict(of_questionnaire) for name, of_questionnaire in base.responses.items()}
    places = [(name, question) for name in ("area", "involvement", base.domain) for question in responses.get(name, ())]
    for name, question_id in chance.sample(places, chance.randrange(1, 12)):
        question, response = asked[name].question(question_id), responses[name][question_id]
        values: list[object] = [option.value for option in question.options]
        if chance.random() < 0.1:
            del responses[name][question_id]
        elif question.type.value == "choice":
            responses[name][question_id] = replace(response, answer=chance.choice(values))  # type: ignore[arg-type]
        elif question.type.value == "choices":
            responses[name][question_id] = replace(response, answer=(chance.choice(values),))  # type: ignore[arg-type]
        elif isinstance(response.answer, int):
            half = response.answer // 2
            responses[name][question_id] = replace(response, answer=half + chance.randrange(half * 2 + 1))
    return replace(base, id=number, responses=responses, on=date(2026, 11, chance.randrange(1, 29)), log=None)


def _stored(assessment: Assessment) -> stored.Stored:
    return stored.Stored(
        assessment.id or 0,
        assessment.domain,
        assessment.day_judged(),
        assessment.operator.is_example,
        "\n".join(f"{edition.id} {edition.version} {edition.sha256}" for edition in assessment.editions),
        {
            name: json.dumps(
                {question: json.dumps(to_json(answer)) for question, answer in assessment.answers(name).items()}
            )
            for name in assessment.responses
        },
        json.dumps([as_json(scenario)["impacts"] for scenario in assessment.scenarios]),
        tuple(
            (piece.part, str(piece.on) if piece.on else None, str(piece.expires_on) if piece.expires_on else None)
            for piece in assessment.evidence
            if piece.part
        ),
        "",
    )


@pytest.mark.slow
@pytest.mark.parametrize("domain", ["hiring", "credit", "medical"])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_by_what_was_read_is_what_the_rules_say_of_each(domain: str, seed: int) -> None:
    """Seeded portfolios whose answers differ, under editions that differ at random."""
    chance = random.Random(f"{domain} {seed}")
    base = replace(
        assessment_file.read_file(EXAMPLES / f"{domain}.yaml").assessment, decision=None, sign_off=None, log=None
    )
    old = editions.questionnaires(base)
    replaced = [domain, *(name for name in ("area", "involvement") if chance.random() < 0.5)]
    new = {name: _mutated(chance, old[name]) for name in replaced}
    portfolio = {number: _varied(chance, base, old, number) for number in range(1, 26)}
    made = rescored(
        lambda some, but: (_stored(portfolio[number]) for number in some),
        [stored.Place(number, number) for number in portfolio],
        new,
        lambda share: None,
        portfolio.__getitem__,
    )
    rows = {row.assessment_id: row for row in rescoring.joined([made]).rows}
    assert made["counted"] == len(portfolio) and made["derived"] < 25 * len(portfolio)
    for number, assessment in portfolio.items():
        change = compare(old, {**old, **new}, assessment)
        row = rows.get(number)
        if row is None:
            assert not change.is_any
            continue
        for derived, compared in (
            (row.outcome, tuple(outcome.value for outcome in change.outcome)),
            (row.contested, change.contested),
            (row.level, tuple(level.value for level in change.level)),
            (row.residual, change.residual),
        ):
            assert derived == compared if derived is not None else compared[0] == compared[1]
        assert (row.dropped_questions, row.lost_answers) == (len(change.dropped_questions), len(change.lost_answers))
    assert made["levels"] or made["outcomes"], "nothing was derived at all"


def test_a_rule_that_hangs_on_more_than_it_reads_is_refused() -> None:
    remembered = Remembered[int](2)

    def reading(*questions: str) -> Callable[[Noted], int]:
        def make(noted: Noted) -> int:
            answers = Reading("q", {"a": "1", "b": "2"}, lambda _, text: int(text), noted)
            return sum(answers.get(question, 0) for question in questions)

        return make

    assert remembered.of(None, {"q": {"a": "1", "b": "2"}}, reading("a", "b")) == 3
    assert remembered.of(None, {"q": {"a": "1", "b": "2"}}, reading("b")) == 3, "remembered"
    with pytest.raises(RuntimeError, match="hangs on more"):
        remembered.of(None, {"q": {"a": "7"}}, reading("b"))
    assert [remembered.of(number, {"q": {"a": "1"}}, reading("a")) for number in range(5)] == [1] * 5
    assert remembered.count <= 2 < remembered.made
    answers = Reading("q", {"a": "1"}, lambda _, text: int(text), [])
    assert "a" in answers and "b" not in answers and answers["a"] == 1
    for walk in (list, len, dict):
        with pytest.raises(TypeError, match="single answers"):
            walk(answers)


def test_several_processes_reach_a_database_that_asks_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []

    class Told:
        def __enter__(self) -> Told:
            return self

        def __exit__(self, *_: object) -> None: ...

        def finish(self, payload: bytes, **_: object) -> bytes:
            given.append(json.loads(payload)["database"])
            return b'{"counted": 0, "apart": 0, "levels": [], "outcomes": [], "rows": []}'

    monkeypatch.setattr(rescoring, "OwnProcess", lambda _: Told())
    monkeypatch.setattr(
        database, "current", lambda: SimpleNamespace(url=make_url("postgresql+psycopg://haetae:a%40b@server/haetae"))
    )
    Run()._beside_one_another([("hiring", "1.1")], [stored.Place(1, 1)])
    assert given == ["postgresql+psycopg://haetae:a%40b@server/haetae"]


@pytest.mark.slow
def test_several_processes_say_what_one_says_and_stop_when_they_are_told(
    portfolio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(load.FOLDER, tmp_path / "q", ignore=shutil.ignore_patterns("*.py", "__pycache__", "credit"))
    text = (tmp_path / "q" / "hiring" / "1.0.yaml").read_text("utf-8").replace('version: "1.0"', 'version: "1.1"', 1)
    (tmp_path / "q" / "hiring" / "1.1.yaml").write_text(text.replace("level: high", "level: very_high"), "utf-8")
    beside, stopped, read = Run(), Run(), stored.whole_portfolio
    gone = tuple(stored.Place(number, number) for number in range(10**6, 10**6 + 20_000))
    with monkeypatch.context() as patch:
        patch.setattr(stored, "whole_portfolio", lambda *of: (*read(*of), *gone))  # more than a pipe takes at once
        patch.setattr(rescoring, "AT_ONCE", 0)
        patch.setattr(load, "FOLDER", tmp_path / "q")
        beside.go([("hiring", "1.1")], OPEN, None)
        stopped.stop()
        stopped.go([("hiring", "1.1")], OPEN, None)
    assert stopped.result is None and stopped.is_stopped and not stopped.is_running
    new = load.read_once(text.replace("level: high", "level: very_high"), "hiring/1.1.yaml")
    with database.reading() as session:
        places = stored.whole_portfolio(session, OPEN, None)
        alone = rescoring.joined(
            [
                rescored(
                    lambda some, but: stored.contents(session, some, but),
                    places,
                    {"hiring": new},
                    lambda share: None,
                    lambda number: reader.get_assessment(session, number),
                )
            ]
        )
    assert beside.problem is None and beside.result is not None
    assert (beside.result.rows, beside.result.levels) == (alone.rows, alone.levels) and alone.rows
    assert beside.result.apart > 0, "The credit questionnaire is gone there."


@pytest.mark.slow
def test_only_systems_of_the_units_and_statuses_that_are_asked_for_are_read(portfolio: Path) -> None:
    run = Run()
    run.go([("hiring", "1.0")], OPEN, [])
    assert run.result is not None and run.result.counted == 0 and not run.result.rows
    run = Run()
    run.go([("hiring", "1.0")], [Status.SIGNED_OFF], None)
    signed = [one for one in _all() if one.status is Status.SIGNED_OFF and one.domain == "hiring"]
    assert run.result is not None and run.result.counted == len(signed) > 0 and not run.result.rows


@pytest.mark.slow
def test_an_edition_that_is_not_there_is_a_problem_in_words(portfolio: Path) -> None:
    run = Run()
    run.go([("hiring", "9.9")], OPEN, None)
    assert run.result is None and run.problem is not None and "9.9" in run.problem.en


def test_another_wording_touches_nothing_and_other_points_touch_the_score_alone() -> None:
    questionnaires = {edition.id: edition.questionnaire for edition in load.editions(load.FOLDER)}
    old = {name: questionnaires[name] for name in ("area", "hiring", "impact", "involvement")}
    hiring = old["hiring"]
    worded = hiring.model_copy(update={"title": hiring.title.model_copy(update={"en": "Other"})})
    nothing = touched(old, {**old, "hiring": worded}, "hiring")
    assert not (nothing.claim or nothing.determination or nothing.score or nothing.questions)
    assert hiring.method is not None
    other = hiring.model_copy(update={"method": hiring.method.model_copy(update={"floors": ()})})
    assert changed_ways(hiring, other) == () and changed_ways(hiring, _hiring(hiring)) is None
    assert changed_ways(hiring, _other_routes(hiring))
    points = touched(old, {**old, "hiring": other}, "hiring")
    assert points.score and not (points.claim or points.determination or points.questions)
