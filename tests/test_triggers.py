"""A trigger says something only if a log can miss it, and only from a day that has come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assessments.decision_log.triggers import Figure, Trigger, Triggers, read_triggers
from assessments.deeds.decision_log import check_triggers
from assessments.errors import InvalidAnswerError
from assessments.file.shape import LogShape
from commands.main import app
from questionnaires.problems import InvalidFileError

TODAY = date(2026, 11, 21)
NOTHING = [
    ("divergence_rate", "at_least", "0"),
    ("median_review_seconds", "at_least", "0.0"),
    ("rows_used", "at_least", "0"),
    ("automatic_share", "at_most", "100"),
    ("empty_reasons", "at_most", "100.0"),
]


def _line(figure: str, side: str, mark: str, on: str = "2026-01-02") -> str:
    return f"triggers: [{{figure: {figure}, {side}: '{mark}', on: {on}, reason: r}}]\n"


@pytest.mark.parametrize(("figure", "side", "mark"), NOTHING)
def test_a_mark_that_no_log_could_miss_is_refused_wherever_it_is_stated(
    tmp_path: Path, figure: str, side: str, mark: str
) -> None:
    path = tmp_path / "triggers.yaml"
    path.write_text(_line(figure, side, mark))
    with pytest.raises(InvalidFileError) as caught:
        read_triggers(path)
    (problem,) = caught.value.problems
    assert "no log could miss" in problem.sentence("en") and "어떤 기록도" in problem.sentence("ko")
    kept = Trigger.model_validate({"figure": figure, side: mark, "on": "2026-01-02", "reason": "r"})
    with pytest.raises(ValueError, match="no log could miss"):
        LogShape(file="a.csv", triggers=(kept,))
    with pytest.raises(InvalidAnswerError, match="No log could miss"):
        check_triggers(Triggers(triggers=(kept,)), TODAY)
    check_triggers(Triggers(triggers=(kept,)), TODAY, former=Triggers(triggers=(kept,)))


@pytest.mark.parametrize(("figure", "mark"), [("divergence_rate", "0.1"), ("most_cases_a_day", "0")])
def test_a_mark_that_a_log_can_miss_is_taken(tmp_path: Path, figure: str, mark: str) -> None:
    path = tmp_path / "triggers.yaml"
    path.write_text(_line(figure, "at_least" if figure == "divergence_rate" else "at_most", mark))
    assert read_triggers(path).triggers[0].figure is Figure(figure)


def test_a_day_ahead_is_refused_on_the_command_line_too(tmp_path: Path) -> None:
    log, triggers = tmp_path / "a.csv", tmp_path / "triggers.yaml"
    log.write_text("case_id,ai_output,final_decision\n1,approve,approve\n2,reject,reject\n")
    triggers.write_text(_line("divergence_rate", "at_least", "5", on="2999-01-01"))
    ended = CliRunner().invoke(app, ["log", "import", str(log), "--triggers", str(triggers)])
    assert ended.exit_code == 2 and "lies ahead" in ended.stderr
