"""Problems in a file, described so that its author can fix them: Problem, InvalidFileError, ProblemTexts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from questionnaires.texts import Texts


@dataclass(frozen=True, order=True)
class Problem:
    """One problem at one place of one file."""

    file: str
    line: int
    """1-based line; 0: the whole file."""
    what: str
    """Where in the file and what is wrong, as a full sentence."""
    remedy: str
    """What to do now, as a full sentence."""
    what_ko: str = field(default="", compare=False)
    """Empty for problems reported to authors of questionnaires, which are in English only."""
    remedy_ko: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """Place, problem and remedy on one line; in English if there is no Korean text."""
        is_korean = language == "ko" and self.what_ko
        what, remedy = (self.what_ko, self.remedy_ko) if is_korean else (self.what, self.remedy)
        place = COMMON.text("in_line", file=self.file, line=self.line)[language] if self.line else self.file
        return f"{place}: {what} {remedy}"


class InvalidFileError(Exception):
    """A file cannot be used; holds all problems found in it, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProblemTexts(Texts):
    """Kind of problem → its texts: what is wrong, and what to do."""

    def problem(self, file: str, line: int, kind: str, /, **values: Any) -> Problem:
        """values: for the placeholders in the texts; a Text is filled in by language."""
        message = self.told(kind, **values)
        if message.remedy is None:
            raise ValueError(f"{self.file.name}, {kind}: a problem needs a remedy.")
        return Problem(file, line, message.what.en, message.remedy.en, message.what.ko, message.remedy.ko)


COMMON = ProblemTexts(Path(__file__).with_name("problems.yaml"))
"""Problems common to all YAML files: syntax and schema."""
