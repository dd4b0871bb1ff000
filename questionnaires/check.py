"""Whether questionnaire files are sound as a whole: check_folder, check_file. All problems of all files at once.

One module a kind of mistake lies in `checks/`; each gives problems with line, reason and remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from questionnaires import confirmation, load, released
from questionnaires.checks import (
    across,
    beside,
    claim,
    conditions,
    duties,
    ids,
    method,
    reach,
    scale,
    sources,
    texts,
)
from questionnaires.checks.place import Checked
from questionnaires.crosswalk import crosswalk
from questionnaires.disclosure import disclosure
from questionnaires.enforcement import enforcement
from questionnaires.law import law
from questionnaires.load import FOLDER
from questionnaires.problems import InvalidFileError, Problem
from questionnaires.recourse import recourse
from questionnaires.schema import Questionnaire
from questionnaires.shape import shaped
from questionnaires.shipped_texts import misworded
from questionnaires.strict_yaml import parse

_CHECKS = (
    ids.find_problems,
    texts.find_problems,
    sources.find_problems,
    conditions.find_problems,
    method.find_problems,
    claim.find_problems,
    scale.find_problems,
    duties.find_problems,
)


@dataclass(frozen=True)
class CheckReport:
    """What was found in how many files."""

    files: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """What could not be shown either way."""


def check_folder(folder: Path = FOLDER) -> CheckReport:
    """Every edition below the folder, and that released files are untouched; of the shipped ones the words of all texts too."""
    files = sorted(folder.glob("*/*.yaml"))
    report = check_files(files, folder, are_all=folder == FOLDER)
    problems = {*report.problems, *released.find_problems(folder)}
    if folder == FOLDER:
        problems |= set(across.missing([file.parent.name for file in files]))
        try:
            law()
            recourse()
            newest = {name: load.newest(name, folder).questionnaire for name in load.ids(folder)}
            problems |= set(beside.find_problems(crosswalk(), enforcement(), newest))
            confirmation.form()
            disclosure()
            problems |= set(misworded())
        except InvalidFileError as error:
            problems |= set(error.problems)
    return CheckReport(report.files, tuple(sorted(problems)), report.warnings)


def check_files(files: list[Path], folder: Path | None = None, *, are_all: bool = False) -> CheckReport:
    """These files, and what they say of each other. folder: what their names are given below; None: names as they are.

    are_all: there are no others that they could speak of.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    shaped_files: list[Checked] = []
    for file in files:
        name = file.relative_to(folder).as_posix() if folder else str(file)
        try:
            checked = _shaped(file.read_bytes(), name)
        except OSError as error:
            problems.append(
                Problem(name, 0, f"the file cannot be read: {error.strerror}.", "Correct its name or rights.")
            )
            continue
        except InvalidFileError as error:
            problems += error.problems
            continue
        shaped_files.append(checked)
        report = _judged(checked)
        problems += report.problems
        warnings += report.warnings
    problems += across.find_problems(shaped_files, are_all=are_all)
    return CheckReport(len(files), tuple(sorted(set(problems))), tuple(sorted(set(warnings))))


def check_text(text: bytes | str, name: str) -> CheckReport:
    """One file's text. Shape first: without it nothing else can be judged."""
    try:
        checked = _shaped(text, name)
    except InvalidFileError as error:
        return CheckReport(1, error.problems, ())
    return _judged(checked)


def _shaped(text: bytes | str, name: str) -> Checked:
    """Raises: InvalidFileError."""
    parsed = parse(text, name)
    return Checked(parsed, shaped(parsed, Questionnaire))


def _judged(checked: Checked) -> CheckReport:
    problems = [problem for find_problems in _CHECKS for problem in find_problems(checked)]
    warnings: list[Problem] = []
    if not problems:  # searching for assignments needs conditions that are sound
        reached = reach.search(checked)
        problems, warnings = list(reached.problems), list(reached.warnings)
    return CheckReport(1, tuple(problems), tuple(warnings))
