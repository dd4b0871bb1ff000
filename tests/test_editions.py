"""Two dated editions side by side: old assessments keep theirs, and what a new one would change is said."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments import actions, editions
from assessments.errors import QuestionnaireChangedError
from assessments.file import assessment_file
from assessments.model import Actor, Assessment, EditionRef, Level, Outcome, Role
from assessments.rules.rescore import compare
from assessments.rules.sensitivity import decisive
from assessments.storage import database, reader
from commands.main import app
from questionnaires import json_schema, load
from questionnaires.schema import Questionnaire
from tests.office import fresh_database
from tests.strategies import build, choice, scored

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "hiring.yaml"
AMENDED = date(2026, 12, 1)
PEOPLE = [
    Actor("a", "가", frozenset({Role.PRODUCT_MANAGER})),
    Actor("b", "나", frozenset({Role.CHAIR})),
    Actor("c", "다", frozenset({Role.SIGNING_OFFICER})),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped questionnaires and a hiring 1.1, in force later: another outcome, a new question, an option gone."""
    place = tmp_path / "questionnaires"
    shutil.copytree(load.FOLDER, place, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (place / "hiring" / "1.0.yaml").read_text("utf-8")
    text = text.replace('version: "1.0"', 'version: "1.1"', 1)
    text = text.replace("in_force_from: 2026-04-29", f"in_force_from: {AMENDED}", 1)
    new = '      - {id: brand_new, text: {ko: "새로?", en: New?}, type: text, source: tool-method}\n'
    text = text.replace("      - id: used_in_hiring\n", new + "      - id: used_in_hiring\n", 1)
    route = (
        "routes:\n"
        '  - when: {question: profiles, is: ["yes"]}\n'
        "    outcome: not_high_impact\n"
        '    because: {ko: "개정되었다.", en: The law was amended.}\n'
        "    source: tool-method\n"
    )
    text = "".join(route if line.startswith("routes:") else line for line in text.splitlines(keepends=True))
    (place / "hiring" / "1.1.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(load, "FOLDER", place)
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    return place


@pytest.mark.parametrize(
    ("on", "version"),
    [(date(2026, 4, 29), "1.0"), (date(2026, 11, 30), "1.0"), (AMENDED, "1.1"), (date(2030, 1, 1), "1.1")],
)
def test_the_edition_in_force_is_the_latest_not_after_the_day(folder: Path, on: date, version: str) -> None:
    assert load.in_force("hiring", on, folder).version == version


def test_a_day_before_the_first_edition_is_an_error(folder: Path) -> None:
    with pytest.raises(load.UnknownEditionError, match="the first is in force from 2026-04-29"):
        load.in_force("hiring", date(2026, 4, 28), folder)


def test_versions_are_ordered_as_numbers() -> None:
    assert sorted(["1.10", "1.9", "1.2"], key=load.version_key) == ["1.2", "1.9", "1.10"]


@pytest.mark.slow
def test_an_old_assessment_keeps_its_edition_and_a_new_one_gets_the_new(folder: Path) -> None:
    on = {version: date(2026, 11, 20) if version == "1.0" else AMENDED for version in ("1.0", "1.1")}
    found = {version: _pinned(day)["hiring"] for version, day in on.items()}
    assert found == {"1.0": "1.0", "1.1": "1.1"}


def _pinned(on: date) -> dict[str, str]:
    return {one.id: one.version for one in editions.pinned_for("hiring", on)}


@pytest.mark.slow
def test_a_pinned_file_that_changed_is_refused(folder: Path) -> None:
    stated = assessment_file.read_file(EXAMPLE, folder)
    changed = replace(
        stated.assessment, editions=(EditionRef("hiring", "1.0", "0" * 64), *stated.assessment.editions[1:])
    )
    with pytest.raises(QuestionnaireChangedError, match=r"hiring/1\.0\.yaml was changed"):
        editions.for_assessment(changed)


@pytest.mark.slow
def test_what_a_new_edition_would_change_is_said(folder: Path) -> None:
    stated = assessment_file.read_file(EXAMPLE, folder)
    new = {**stated.questionnaires, "hiring": load.edition("hiring", "1.1", folder).questionnaire}
    change = compare(stated.questionnaires, new, stated.assessment)
    assert change.outcome == (Outcome.HIGH_IMPACT, Outcome.NOT_HIGH_IMPACT)
    assert change.contested == (True, False)
    assert change.level[0] is change.level[1]
    assert change.new_questions == ("hiring.brand_new",)
    assert change.reasons == ("The law was amended.",)
    assert not compare(stated.questionnaires, stated.questionnaires, stated.assessment).is_any


@pytest.mark.slow
def test_rescore_lists_open_assessments_only(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "haetae.db").write_bytes(fresh_database())
    database.configure(f"sqlite:///{tmp_path}/haetae.db")
    draft = replace(assessment_file.read_file(EXAMPLE, folder).assessment, decision=None, sign_off=None)
    stated = assessment_file.read_file(EXAMPLE, folder)
    with database.transaction() as session:
        decided = actions.load_stated(session, stated, PEOPLE, datetime(2026, 11, 20, tzinfo=UTC))
        open_ = actions.load_stated(
            session, replace(stated, assessment=draft), PEOPLE, datetime(2026, 11, 20, tzinfo=UTC)
        )
    result = CliRunner().invoke(app, ["rescore", "--questionnaire", "hiring", "--edition", "1.1"])
    assert result.exit_code == 0, result.output
    assert f"Assessment {open_}, revision 1" in result.output and f"Assessment {decided}," not in result.output
    assert "outcome: high_impact → not_high_impact" in result.output
    assert "1 open assessments ask hiring; 1 would change with 1.1." in result.output
    rows = json.loads(
        CliRunner().invoke(app, ["rescore", "--questionnaire", "hiring", "--edition", "1.1", "--json"]).output
    )
    assert rows[0]["new_questions"] == ["hiring.brand_new"]
    with database.reading() as session:
        assert [one.version for one in reader.get_assessment(session, open_).editions] == ["1.0"] * 6
    assert CliRunner().invoke(app, ["rescore", "--questionnaire", "hiring", "--edition", "7.0"]).exit_code == 2


def test_rescore_says_what_to_do_where_the_database_was_never_prepared(tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path}/none.db")
    result = CliRunner().invoke(app, ["rescore", "--questionnaire", "hiring", "--edition", "1.0"])
    assert result.exit_code == 2 and "haetae upgrade" in result.output


def test_an_answer_that_is_no_longer_offered_is_named() -> None:
    old = build([choice("q", ("a", "b")), scored("e", "exposure", (0, 4)), scored("f", "exposure", (0, 4), "d2")])
    new = build([choice("q", ("a",)), scored("e", "exposure", (0, 4)), scored("f", "exposure", (0, 4), "d2")])
    stated = assessment_file.read_file(EXAMPLE).assessment
    answers = {"q": "b", "gone": "x", "e": "p1"}
    responses = {name: replace(_first(stated), question=name, answer=value) for name, value in answers.items()}
    made = replace(stated, domain="made", responses={"made": responses}, evidence=(), scenarios=(), measures=())
    change = compare({"made": old}, {"made": new}, made)
    assert change.lost_answers == ("made.q",) and change.dropped_questions == ("made.gone",)


def _first(assessment: Assessment) -> object:
    return next(iter(assessment.responses["hiring"].values()))


def test_the_answers_that_decide_the_level_are_named() -> None:
    asked = build(
        [scored("e1", "exposure", (0, 4)), scored("e2", "exposure", (0, 1)), scored("e3", "exposure", (0, 4), "d2")]
    )
    found = {one.question: one for one in decisive(asked, {"e1": "p1", "e2": "p0", "e3": "p0"})}
    assert found["e1"].best is Level.LOW and not found["e1"].is_open
    assert "e2" not in found or found["e2"].worst is not Level.LOW


def test_an_open_answer_on_which_the_level_hangs_is_marked() -> None:
    asked = build([scored("e1", "exposure", (0, 4)), scored("e3", "exposure", (0, 4), "d2")])
    assert {one.question: one.is_open for one in decisive(asked, {"e3": "p0"})} == {"e1": True, "e3": False}


def test_the_schema_for_editors_is_the_one_of_the_models() -> None:
    assert json_schema.FILE.read_text("utf-8") == json_schema.text(), "Run: python -m questionnaires.json_schema"


def test_the_readme_explains_every_key() -> None:
    readme = (load.FOLDER / "README.md").read_text("utf-8")
    keys = {field.alias or name for name, field in Questionnaire.model_fields.items()}
    asked = Questionnaire.model_fields["sections"].annotation
    assert asked is not None
    from questionnaires import method_schema, schema

    for model in (schema.Question, schema.Option, schema.Route, schema.Section, schema.Source, method_schema.Method):
        keys |= {field.alias or name for name, field in model.model_fields.items()}
    missing = sorted(
        key for key in keys if f"`{key}" not in readme and f"{key}:" not in readme and f"{key}`" not in readme
    )
    assert not missing
