"""What is wrong with a file, said so that the person who wrote it can mend it: Problem, InvalidFileError, ProblemTexts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


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
        return self.told("en")

    def told(self, language: str) -> str:
        """Place, what and remedy in one line; what has no Korean is told in English."""
        is_korean = language == "ko" and self.what_ko
        what, remedy = (self.what_ko, self.remedy_ko) if is_korean else (self.what, self.remedy)
        place = COMMON.text("in_line", language, file=self.file, line=self.line) if self.line else self.file
        return f"{place}: {what} {remedy}"


class InvalidFileError(Exception):
    """A file cannot be used; carries every problem found in it, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    ko: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.ko if language == "ko" else self.en


class ProblemTexts:
    """Kind of problem → what is wrong and what to do, in both languages, from a YAML file of this program."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __contains__(self, kind: str) -> bool:
        return kind in self._texts

    def problem(self, file: str, line: int, kind: str, /, **values: Any) -> Problem:
        """values: for the places in the texts; one that is a Text is put in by its language."""
        return Problem(
            file,
            line,
            self.text(kind, "en", **values),
            self.text(kind, "en", "remedy", **values),
            self.text(kind, "ko", **values),
            self.text(kind, "ko", "remedy", **values),
        )

    def text(self, kind: str, language: str, part: str = "what", /, **values: Any) -> str:
        said = {name: value[language] if hasattr(value, "ko") else value for name, value in values.items()}
        return str(self._texts[kind][part][language]).format_map(said)

    def remedy(self, kind: str) -> Words:
        """What to do, apart from what is wrong."""
        return Words(self.text(kind, "ko", "remedy"), self.text(kind, "en", "remedy"))

    def words(self, kind: str) -> Words:
        """Fixed words, to be put into other texts."""
        return Words(self.text(kind, "ko"), self.text(kind, "en"))

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        read: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(self.file.read_bytes())
        return read


COMMON = ProblemTexts(Path(__file__).with_name("problems.yaml"))
"""Of every YAML file: how it is written, and the shape of its content."""
