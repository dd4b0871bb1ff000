"""What the code itself must keep: no number of the law in the rules, files of a readable length."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("questionnaires", "assessments", "exports", "commands", "pages")
ALLOWED = {("figures.py", 100): "percent", ("points.py", 256): "rows remembered for one question"}
"""(file, literal) → why it stands in the rules; anything else belongs into a questionnaire's YAML."""


def test_the_rules_hold_no_number_of_law_weight_or_threshold() -> None:
    found = {
        (file.name, node.value)
        for file in (ROOT / "assessments" / "rules").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) > 3
    }
    assert found == set(ALLOWED), "A new number: move it into YAML, or give its reason here."


def test_no_fraction_is_a_floating_point_number_in_the_rules() -> None:
    for file in (ROOT / "assessments" / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), file.name
            assert not (isinstance(node, ast.Name) and node.id == "float"), file.name


def test_files_stay_readable() -> None:
    long = [
        (str(file.relative_to(ROOT)), length)
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        if (length := len(file.read_text("utf-8").splitlines())) > 400 and "versions" not in file.parts
    ]
    assert not long


def test_nothing_imports_the_server() -> None:
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                names = [node.module] if isinstance(node, ast.ImportFrom) else []
                names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
                assert "app" not in names, file
