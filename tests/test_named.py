"""The ids that the program reads: declared in one place, and compared with the questionnaires in both directions."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from questionnaires import check, load, named
from questionnaires.checks import across
from questionnaires.named import Reading
from tests import sources

ROOT = Path(__file__).resolve().parents[1]
QUESTIONNAIRES = {one.id: one.questionnaire for one in load.editions()}


@pytest.mark.first_in_check
@pytest.mark.parametrize("one", named.READ, ids=lambda one: f"{one.constant}-{one.of}".rstrip("-"))
def test_renaming_an_id_that_the_program_reads_is_named(one: Reading, tmp_path: Path) -> None:
    if one.kind == "questionnaire":
        rest = [name for name in QUESTIONNAIRES if name != one.id]
        assert [one.id in problem.what for problem in across.missing(rest)] == [True]
        return
    (tmp_path / one.questionnaire).mkdir()
    file = tmp_path / one.questionnaire / "1.0.yaml"
    shutil.copy(load.FOLDER / one.questionnaire / "1.0.yaml", file)
    file.write_text(_renamed(file.read_text("utf-8"), one), "utf-8")
    found = [problem.what for problem in check.check_folder(tmp_path).problems]
    assert any(f"the program reads the {one.kind} '{one.id}'" in what for what in found), found


def _renamed(text: str, one: Reading) -> str:
    """The file with this id, and what refers to it, under another name."""
    if one.kind == "option":
        before, inner = text.split(f"      - id: {one.of}\n", 1)
        return before + f"      - id: {one.of}\n" + inner.replace(f'value: "{one.id}"', 'value: "renamed"', 1)
    if one.kind in ("matrix", "section"):
        return text.replace(f"  - id: {one.id}\n", "  - id: renamed\n", 1)
    new = re.sub(rf"(?<![\w.-]){re.escape(one.id)}(?![\w.-])", "renamed", text)
    assert new != text
    return new


def test_what_is_declared_is_read_and_what_is_no_longer_read_is_named(tmp_path: Path) -> None:
    assert not list(named.unread())
    for folder in named.CODE:
        (tmp_path / folder).mkdir()
    (tmp_path / "pages" / "x.py").write_text("print(named.BYPASS)\n")
    assert {one.constant for one in named.unread(tmp_path)} == {one.constant for one in named.READ} - {"BYPASS"}


def test_every_constant_is_declared_as_read() -> None:
    tree = ast.parse((ROOT / "questionnaires" / "named.py").read_text("utf-8"))
    strings = {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call)
        for target in node.targets
        for name in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(name, ast.Name) and not name.id.startswith("_")
    }
    assert strings - {"CODE"} == {one.constant for one in named.READ}


@pytest.mark.slow
def test_no_other_code_writes_an_id_of_a_question_or_a_source() -> None:
    """Ids of one plain word can be anything; those of several words are a question's or a source's."""
    ids = {
        name for one in QUESTIONNAIRES.values() for name in (*one.question_ids, *one.sources) if re.search("[_-]", name)
    }
    found = {
        (str(file.relative_to(ROOT)), node.value)
        for folder in named.CODE
        for file in (ROOT / folder).rglob("*.py")
        if "storage" not in file.parts  # a table may have a question's name
        for node in sources.nodes(file)
        if isinstance(node, ast.Constant) and node.value in ids
    }
    assert not found
