"""Whole-file checks: every mistake is found, in the right line, with what to do; and what is shipped is sound."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from questionnaires import check, released
from questionnaires.load import FOLDER

BROKEN = Path(__file__).parent / "broken_questionnaires"
FILES = sorted(BROKEN.glob("*.yaml"))
SOUND = [file for file in FILES if file.stem.startswith("sound")]


@pytest.mark.parametrize("file", SOUND, ids=lambda file: file.stem)
def test_a_sound_file_has_no_problem(file: Path) -> None:
    report = check.check_files([file])
    assert not report.problems and not report.warnings


@pytest.mark.parametrize("file", [file for file in FILES if file not in SOUND], ids=lambda file: file.stem)
def test_a_mistake_is_found_where_it_is(file: Path) -> None:
    expected = re.match(r"# expects: (.*)\n", file.read_text("utf-8"))
    assert expected
    report = check.check_files([file])
    assert any(expected.group(1) in problem.what for problem in report.problems), [str(one) for one in report.problems]
    assert all(problem.line and problem.remedy.endswith(".") for problem in report.problems)


@pytest.mark.slow
def test_what_is_shipped_is_sound() -> None:
    report = check.check_folder()
    assert report.files >= 2
    assert not report.problems, "\n".join(str(problem) for problem in report.problems)
    assert not report.warnings, "\n".join(str(warning) for warning in report.warnings)


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    for name in ("weights_do_not_sum", "dangling_condition"):
        (tmp_path / name).mkdir()
        shutil.copy(BROKEN / f"{name}.yaml", tmp_path / name / "1.0.yaml")
    found = {problem.file for problem in check.check_folder(tmp_path).problems}
    assert found == {"weights_do_not_sum/1.0.yaml", "dangling_condition/1.0.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("examines: [hiring]", "examines: [ghost]", "'ghost' is no option of areas in area 1.0"),
        ("areas, is: [hiring]}}\n      here", "ghosts, is: [hiring]}}\n      here", "ghosts in area 1.0 has no hiring"),
    ],
)
@pytest.mark.slow
def test_what_a_domain_says_of_the_area_is_compared_with_it(tmp_path: Path, old: str, new: str, what: str) -> None:
    for name in ("area", "hiring"):
        (tmp_path / name).mkdir()
        shutil.copy(FOLDER / name / "1.0.yaml", tmp_path / name / "1.0.yaml")
    changed = tmp_path / "hiring" / "1.0.yaml"
    text = changed.read_text("utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), "utf-8")
    found = check.check_folder(tmp_path).problems
    assert [what in one.what and one.line > 0 for one in found] == [True]


@pytest.mark.first_in_check
@pytest.mark.parametrize(("old", "new"), [("finance", "hiring"), ("finance", "ghost")])
@pytest.mark.slow
def test_a_second_scale_that_is_none_or_not_there_is_named(tmp_path: Path, old: str, new: str) -> None:
    for name in ("credit", "finance", "hiring"):
        (tmp_path / name).mkdir()
        shutil.copy(FOLDER / name / "1.0.yaml", tmp_path / name / "1.0.yaml")
    changed = tmp_path / "credit" / "1.0.yaml"
    changed.write_text(changed.read_text("utf-8").replace(f"second_scale: {old}", f"second_scale: {new}"), "utf-8")
    report = check.check_files(sorted(tmp_path.glob("*/*.yaml")), tmp_path, are_all=True)
    problems = [problem for problem in report.problems if "second_scale" in problem.what]
    assert [(problem.what, problem.line > 0) for problem in problems] == [
        (f"second_scale: '{new}' is no questionnaire with a scale.", True)
    ]
    assert "finance" in problems[0].remedy


def test_a_released_file_that_was_changed_or_lost_is_named_with_the_line_of_its_release(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    shutil.copy(BROKEN / "sound.yaml", tmp_path / "made" / "1.0.yaml")
    listed = f"# Released editions.\n# 2026-11-30\n{'0' * 64}  made/1.0.yaml\n\n{'0' * 64}  made/0.9.yaml\n"
    (tmp_path / "released.sha256").write_text(listed)
    assert [(problem.line, problem.what) for problem in check.check_folder(tmp_path).problems] == [
        (3, "made/1.0.yaml was changed after its release."),
        (5, "made/0.9.yaml is listed as released but is not there."),
    ]


def test_a_list_of_releases_names_each_file_once_below_a_day(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    file = shutil.copy(BROKEN / "sound.yaml", tmp_path / "made" / "1.0.yaml")
    row = f"{hashlib.sha256(file.read_bytes()).hexdigest()}  made/1.0.yaml\n"
    (tmp_path / "released.sha256").write_text(f"# 2026-02-30\n{row}{row}made/1.1.yaml {'0' * 64}\n")
    assert [(problem.line, problem.what) for problem in check.check_folder(tmp_path).problems] == [
        (1, "'# 2026-02-30' is no day."),
        (3, "made/1.0.yaml has no day of release."),
        (3, "made/1.0.yaml is listed before, in line 2."),
        (4, f"'made/1.1.yaml {'0' * 64}' is no release."),
    ]
    (tmp_path / "released.sha256").write_text(f"# 2026-11-30\n{row}")
    assert not check.check_folder(tmp_path).problems


def test_released_files_are_untouched() -> None:
    assert not list(released.find_problems(FOLDER))
