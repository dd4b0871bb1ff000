"""What is wrong with a file, said so that the person who wrote it can mend it: Problem, InvalidFileError."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.what} {self.remedy}"


class InvalidFileError(Exception):
    """A file cannot be used; carries every problem found in it, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
