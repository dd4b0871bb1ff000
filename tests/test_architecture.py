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


REPLACING = {"exports/tagging.py": "PDF/UA asks for tags that WeasyPrint has no setting for"}
"""File → why functions of another program are replaced in it, and private ones used."""
SETTINGS = {("logging", "lastResort")}
"""Attributes of other modules that their documentation offers for setting."""


def _foreign_names(tree: ast.Module) -> dict[str, str]:
    """Name in this module → top module that it comes from, where that is not ours."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[(one.asname or one.name).partition(".")[0]] = one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                names[one.asname or one.name] = node.module.partition(".")[0]
    return {name: origin for name, origin in names.items() if origin not in FOLDERS}


def _insides(tree: ast.Module) -> set[str]:
    """What a module replaces in other programs, or uses of them although its name says private."""
    foreign = _foreign_names(tree)
    found = {
        f"from {node.module} import {one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in FOLDERS
        for one in node.names
        if one.name.startswith("_")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            found.add("setattr")
        if not isinstance(node, ast.Attribute):
            continue
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        is_set = isinstance(node.ctx, ast.Store | ast.Del)
        if node.attr == "__class__" and is_set:
            found.add("__class__ =")
        if not isinstance(root, ast.Name) or root.id not in foreign or (foreign[root.id], node.attr) in SETTINGS:
            continue
        if is_set or (node.attr.startswith("_") and not node.attr.startswith("__")):
            found.add(ast.unparse(node))
    return found


def test_nothing_of_another_program_is_replaced_or_used_from_its_inside() -> None:
    found = {
        str(file.relative_to(ROOT)): insides
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        if (insides := _insides(ast.parse(file.read_text("utf-8"))))
    }
    assert set(found) == set(REPLACING), found


def test_each_function_that_stands_in_for_another_programs_says_why_and_until_when() -> None:
    tree = ast.parse((ROOT / "exports" / "tagging.py").read_text("utf-8"))
    functions = {node.name: ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)}
    replaced = {
        ast.unparse(node.targets[0]): ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and isinstance(node.value, ast.Name)
        if node.value.id in functions
    }
    assert replaced == {"draw.draw_stacking_context": "_draw", "tags._build_box_tree": "_tag"}
    for name in replaced.values():
        assert "Why: " in functions[name] and "Upstream: " in functions[name]
