"""The command line: exit codes, JSON, nothing written on bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.main import app

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "hiring.yaml"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAETAE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_json_has_the_shape_of_the_contract() -> None:
    found = json.loads(run("assess", EXAMPLE, "--json").stdout)
    assert set(found) == {
        "role",
        "determination",
        "claim",
        "risk",
        "coverage",
        "duties",
        "gaps",
        "engine",
        "editions",
        "content_sha256",
    }
    determination = found["determination"]
    assert set(determination) == {"outcome", "contested", "reasons", "grounds", "without_claim"}
    assert set(determination["reasons"][0]) == {"text", "source"} and set(determination["reasons"][0]["text"]) == {
        "ko",
        "en",
    }
    assert set(determination["without_claim"]) == {"outcome", "contested", "reasons", "grounds"}
    assert set(found["risk"]) == {"inherent", "residual", "level", "provisional", "floors", "dimensions"}
    assert len(found["claim"]["parts"]) == 12


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_a_sign_that_no_font_has_is_named_with_its_place(tmp_path: Path) -> None:
    text = 'format: haetae-assessment/1\n"on": 2026-11-20\ndomain: hiring\noperator: {name: "가\ue000"}\nsystem: {name: {en: x}}\n'
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    said = run("assess", tmp_path / "a.yaml", "--out", tmp_path / "out")
    assert said.exit_code == 0 and "U+E000 in operator.name." in said.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("examined_here")
def test_a_stated_decision_is_sealed_and_verifies(tmp_path: Path) -> None:
    assert run("assess", EXAMPLE, "--out", tmp_path / "out").exit_code == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "certificate.pem",
        "record.json",
        "report.pdf",
    ]
    report, certificate = tmp_path / "out" / "report.pdf", tmp_path / "out" / "certificate.pem"
    assert run("verify", report).exit_code == 3
    verified = run("verify", report, "--trust", certificate, "--json")
    assert verified.exit_code == 0 and json.loads(verified.stdout)["verdict"] == "passed"
    assert run("key", "certificate").stdout.strip() == certificate.read_text().strip()
    sealed = bytearray(report.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    report.write_bytes(sealed)
    assert run("verify", report, "--trust", certificate).exit_code == 1


@pytest.mark.slow
@pytest.mark.usefixtures("printed_briefly")
def test_a_file_without_decision_gives_an_unsealed_draft(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(EXAMPLE.read_text("utf-8").split("\ndecision:")[0], "utf-8")
    shutil.copytree(EXAMPLE.parent / "evidence", tmp_path / "evidence")
    assert run("assess", draft, "--out", tmp_path / "out").exit_code == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["record.json", "report.pdf"]
    assert run("verify", tmp_path / "out" / "report.pdf").exit_code == 1


def test_bad_input_writes_nothing_and_names_every_problem(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = EXAMPLE.read_text("utf-8").replace("used_in_hiring: in_hiring", "used_in_hiring: perhaps\n    nothing: 1")
    bad.write_text(text, "utf-8")
    shutil.copytree(EXAMPLE.parent / "evidence", tmp_path / "evidence")
    result = run("assess", bad, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "'perhaps' is no answer" in result.stderr and "asks no such question" in result.stderr
    assert "nothing was written" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("assess", "nowhere.yaml", "--json"), 2),
        (("assess", EXAMPLE), 2),
        (("verify", "nowhere.pdf"), 2),
        (("verify", EXAMPLE), 1),
        (("check",), 0),
        (("check", ROOT / "tests" / "broken_questionnaires" / "dangling_condition.yaml"), 1),
        (("check", "nowhere.yaml"), 2),
        (("template", "hiring"), 0),
        (("template", "cooking"), 2),
        (("sources",), 0),
        (("user", "list"), 0),
        (("user", "add", "kim", "--name", "김하나", "--role", "chair"), 0),
        (("user", "add", "Kim!", "--name", "x", "--role", "chair"), 2),
        (("user", "add", "kim", "--name", "x", "--role", "king"), 2),
        (("nonsense",), 2),
    ],
)
def test_exit_codes_are_those_of_the_contract(words: tuple[str | Path, ...], code: int) -> None:
    assert run(*words).exit_code == code


@pytest.mark.slow
def test_a_person_is_added_once() -> None:
    add = ("user", "add", "kim", "--name", "김하나", "--role", "chair", "--role", "auditor")
    assert run(*add).exit_code == 0
    assert "already somebody" in run(*add).stderr
    assert "kim\t김하나\tauditor, chair" in run("user", "list").stdout


@pytest.mark.slow
def test_sources_say_edition_day_and_lines() -> None:
    told = json.loads(run("sources", "--json").stdout)
    rows = told["sources"]
    assert {"crosswalk.yaml", "enforcement.yaml"} <= {row["file"] for row in rows}
    assert all(row["lines"] for row in rows), "each is used somewhere"
    assert all(row["edition"] and row["read_on"] and row["lines"] for row in rows)
    assert any(row["id"].startswith("det-2.6") for row in rows)
    assert {len(file["sha256"] or file["sha256_begins"]) for file in told["files"]} == {64, 8}
    assert all(one["looked_for_on"] for one in told["open"] if one["kind"] in ("not_found", "draft_only"))
    assert len([one for one in told["open"] if one["kind"] == "not_found"]) == 4
