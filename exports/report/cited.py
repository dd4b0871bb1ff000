"""The sources of a report, numbered and grouped by the text they come from: CitedSource, SourceGroup, grouped, told.

What is noted of several sources of one text is said once, under a letter: GroupNotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from questionnaires.schema import Source
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
_SENTENCES = re.compile(r"(?<=\ub2e4\.)\s+|(?<=[a-z0-9)]\.)\s+(?=[A-Z])")
_OFTEN = 3
"""A sentence noted of so many sources of one text is said once for all of them."""


@dataclass(frozen=True)
class CitedSource:
    """A source with the number by which the report refers to it."""

    number: int
    source: Source


@dataclass(frozen=True)
class SourceGroup:
    """Sources of one text: the same kind, edition, day of reading and address."""

    kind: str
    edition: date
    read_on: date
    url: str
    sources: tuple[CitedSource, ...]


def grouped(sources: Iterable[Source]) -> tuple[SourceGroup, ...]:
    """Each source once, in the order in which its text first occurs; numbers run through all groups from 1."""
    texts: dict[tuple[str, date, date, str], list[Source]] = {}
    for source in dict.fromkeys(sources):
        texts.setdefault((source.kind, source.edition, source.read_on, source.url or ""), []).append(source)
    groups, number = [], 0
    for (kind, edition, read_on, url), group_sources in texts.items():
        cited = tuple(CitedSource(number + index, source) for index, source in enumerate(group_sources, 1))
        number += len(group_sources)
        groups.append(SourceGroup(kind, edition, read_on, url, cited))
    return tuple(groups)


@dataclass(frozen=True)
class GroupNotes:
    """A group in one language. remarks: letter and sentence; notes: source number → what is noted of it alone;
    letters: source number → which remarks concern it."""

    remarks: tuple[tuple[str, str], ...]
    notes: dict[int, str]
    letters: dict[int, str]


def notes_of(group: SourceGroup, language: str) -> GroupNotes:
    """Sentences of at least three sources become remarks, as far as there are letters, in the order they first occur."""
    sentences_of = {
        source.number: _SENTENCES.split(source.source.note[language]) if source.source.note else []
        for source in group.sources
    }
    counted = Counter(sentence for sentences in sentences_of.values() for sentence in dict.fromkeys(sentences))
    often = [sentence for sentence, times in counted.items() if times >= _OFTEN]
    letters = dict(zip(often, TEXTS["letters"][language], strict=False))
    return GroupNotes(
        tuple((letter, sentence) for sentence, letter in letters.items()),
        {
            number: " ".join(sentence for sentence in sentences if sentence not in letters)
            for number, sentences in sentences_of.items()
        },
        {
            number: ", ".join(letters[sentence] for sentence in sentences if sentence in letters)
            for number, sentences in sentences_of.items()
        },
    )
