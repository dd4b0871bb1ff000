"""`haetae log make` and `haetae log import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assessments.decision_log.statistics.analysis_model import from_json
from commands.main import app
from tests.logs import row, written

TRIGGERS = 'triggers:\n  - {figure: divergence_rate, at_least: "5", on: 2026-01-02, reason: "분기 점검 기준"}\n'


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["log", *map(str, words)])


def made(folder: Path, style: str, name: str = "log.csv") -> Path:
    words = ("--reviewers", 6, "--cases", 3_000, "--style", style, "--seed", 7, "--out", folder / name)
    assert run("make", *words).exit_code == 0
    return folder / name


def test_a_made_log_is_the_same_every_time_and_marked(tmp_path: Path) -> None:
    one, other = made(tmp_path, "attentive", "a.csv"), made(tmp_path, "attentive", "b.csv")
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(b"# made by haetae log make")
    assert "shows nothing about any operator" in run("import", one).stdout


@pytest.mark.first_in_check
@pytest.mark.parametrize(
    ("style", "code", "says"),
    [
        ("attentive", 0, "divergence: supported."),
        ("rubber-stamp", 1, "divergence: contradicted."),
        ("drifting", 1, "divergence: contradicted since "),
    ],
)
@pytest.mark.slow
def test_a_log_is_held_against_the_triggers(tmp_path: Path, style: str, code: int, says: str) -> None:
    (tmp_path / "t.yaml").write_text(TRIGGERS)
    shown = run("import", made(tmp_path, style), "--triggers", tmp_path / "t.yaml", "--claimed-minutes", 5)
    assert shown.exit_code == code, shown.output
    assert says in shown.stdout
    assert ("A review time of 5 min a case on average is claimed" in shown.stdout) == (code == 1)


def test_the_analysis_is_to_be_had_as_json(tmp_path: Path) -> None:
    shown = run("import", made(tmp_path, "unfair"), "--json", "--event", "2026-01-12", "--floor-minutes", 3)
    assert shown.exit_code == 0
    printed = json.loads(shown.stdout)
    found = from_json(printed["analysis"])
    assert found.source.is_made and found.whole.divergence.n == 3_000 and found.events[0].label == "2026-01-12"
    assert {one["part"] for one in printed["findings"]} == {"time", "divergence"}
    assert "Reviewer 01" not in shown.stdout


@pytest.mark.slow
def test_pseudonyms_stay_the_same_between_imports_and_the_raw_log_is_kept_only_if_asked(tmp_path: Path) -> None:
    log, home = made(tmp_path, "attentive"), tmp_path / "home"
    first, second = run("import", log, "--json").stdout, run("import", log, "--json").stdout
    assert first == second
    assert (home / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    assert not (home / "logs").exists()
    run("import", log, "--keep-raw")
    kept = list((home / "logs").iterdir())
    assert [one.read_bytes() for one in kept] == [log.read_bytes()] and kept[0].stat().st_mode & 0o777 == 0o600


def test_bad_rows_are_shown_with_line_reason_and_remedy(tmp_path: Path) -> None:
    rows = [row(case) for case in range(50)] + ["short", row(60, decided="soon"), row(1)]
    shown = run("import", written(tmp_path / "a.csv", rows)).stdout
    assert "used 50 (94.3%)" in shown
    assert "line 52: it has more or fewer columns than the header" in shown
    assert "line 53: this is no date and time: decided_at" in shown
    assert "line 54: it repeats another row (see line 3)" in shown
    assert "Write it as 2026-04-02 09:35:00." in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "absent.csv"), "absent.csv"),
        (("import", "{plain}", "--map", "absent.yaml"), "absent.yaml"),
        (("import", "{plain}", "--event", "May"), "this is no day"),
        (("import", "{text}"), "no column is known for"),
        (("import", "{plain}", "--triggers", "{broken}"), "needs `at_least`"),
        (("make", "--style", "lazy", "--out", "{plain}"), "There is no style"),
    ],
)
def test_wrong_input_is_answered_with_a_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(TRIGGERS.replace("at_least", "at_most"))
    files = {
        "plain": written(tmp_path / "plain.csv", [row(1)]),
        "text": written(tmp_path / "text.csv", ["1,2,3"], "x,y,z"),
        "broken": broken,
    }
    shown = run(*(word.format(**files) for word in words))
    assert shown.exit_code == 2 and says in shown.output and "Traceback" not in shown.output
