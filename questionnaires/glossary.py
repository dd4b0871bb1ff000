"""The words of the product, one for a thing, from glossary.yaml: glossary, Term; twins, which finds words that stand for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from questionnaires.shape import shaped
from questionnaires.strict_yaml import parse
from questionnaires.vocabulary import Id, Model, Text

FILE = Path(__file__).with_name("glossary.yaml")
Language = Literal["ko", "en"]


class Twin(Model):
    """What is not written where the term is meant."""

    say: str = Field(min_length=1)
    """A regular expression."""
    but: tuple[str, ...] = ()
    """Regular expressions of what it may be part of: titles of laws, quotations, other senses."""
    only_in: tuple[str, ...] = ()
    """Globs of files from the top of the repository; empty: all."""
    except_in: tuple[str, ...] = ()

    @field_validator("say", "but")
    @classmethod
    def _are_patterns(cls, written: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for pattern in (written,) if isinstance(written, str) else written:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is no regular expression: {error}") from None
        return written

    def found_in(self, text: str, file: str) -> str | None:
        """The first place that is written so, as it stands there; None: there is none, or not in this file."""
        matches = list(re.finditer(self.say, text))
        if not matches or (self.only_in and not any(fnmatch(file, glob) for glob in self.only_in)):
            return None
        if any(fnmatch(file, glob) for glob in self.except_in):
            return None
        allowed = [match.span() for pattern in self.but for match in re.finditer(pattern, text)]
        for match in matches:
            if not any(start <= match.start() and match.end() <= end for start, end in allowed):
                return match.group()
        return None


class Twins(Model):
    """By language."""

    ko: tuple[Twin, ...] = ()
    en: tuple[Twin, ...] = ()


class Term(Model):
    """A thing and its one word in each language."""

    id: Id
    term: Text
    source: Text
    """The article, guideline or edition in which the word stands, or that it is the tool's own."""
    meaning: Text
    not_: Twins = Field(alias="not")


class Glossary(Model):
    """Each term once."""

    terms: tuple[Term, ...]

    @model_validator(mode="after")
    def _terms_are_told_apart(self) -> Glossary:
        for named in (
            [term.id for term in self.terms],
            [term.term.ko for term in self.terms],
            [term.term.en for term in self.terms],
        ):
            twice = sorted({name for name in named if named.count(name) > 1})
            if twice:
                raise ValueError(f"a term stands here a second time: {', '.join(twice)}")
        return self

    def sorted(self, language: str) -> tuple[Term, ...]:
        """By the word in this language."""
        return tuple(sorted(self.terms, key=lambda term: term.term[language].casefold()))


@dataclass(frozen=True)
class FoundTwin:
    """A word of a text that the glossary does not allow."""

    written: str
    term: Term


@cache
def glossary() -> Glossary:
    """Raises: InvalidFileError with every problem of the file."""
    return shaped(parse(FILE.read_bytes(), FILE.name), Glossary)


def twins(text: str, language: Language, file: str) -> Iterator[FoundTwin]:
    """file: its path from the top of the repository."""
    for term in glossary().terms:
        for twin in getattr(term.not_, language):
            if (written := twin.found_in(text, file)) is not None:
                yield FoundTwin(written, term)
