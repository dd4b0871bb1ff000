"""What is wrong with a file, said so that the person who wrote it can mend it: Problem, InvalidFileError, ProblemTexts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from questionnaires.texts import Texts


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place of one file."""

    file: str
    line: int
    """1 for the first line; 0 where the whole file is meant."""
    what: str
    """Where in the file and what, as a sentence with its full stop."""
    remedy: str
    """What to do now, as a sentence with its full stop."""
    what_ko: str = field(default="", compare=False)
    """Empty: for authors of questionnaires, who are told in English only."""
    remedy_ko: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str) -> str:
        """Place, what and remedy in one line; what has no Korean is told in English."""
        is_korean = language == "ko" and self.what_ko
        what, remedy = (self.what_ko, self.remedy_ko) if is_korean else (self.what, self.remedy)
        place = COMMON.text("in_line", file=self.file, line=self.line)[language] if self.line else self.file
        return f"{place}: {what} {remedy}"


class InvalidFileError(Exception):
    """A file cannot be used; carries every problem found in it, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProblemTexts(Texts):
    """Kind of problem → what is wrong with a file, and what to do."""

    def problem(self, file: str, line: int, kind: str, /, **values: Any) -> Problem:
        """values: for the places in the texts; one that is a Text is put in by its language."""
        message = self.told(kind, **values)
        if message.remedy is None:
            raise ValueError(f"{self.file.name}, {kind}: a problem needs a remedy.")
        return Problem(file, line, message.what.en, message.remedy.en, message.what.ko, message.remedy.ko)


COMMON = ProblemTexts(Path(__file__).with_name("problems.yaml"))
"""Of every YAML file: how it is written, and the shape of its content."""
